"""A capability in full: as plain values, and as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.cli.capability_example import ACCOUNT, REGION, Example, example_of
from bedrock_guard.render.snippets import safe_json

__all__ = ["details", "text_of"]

_COLUMN = 15


def details(capability: Capability) -> dict[str, Any]:
    """Everything of a capability as plain values, with the example that is worked out of it."""
    example = example_of(capability)
    return {
        "capability": capability.name,
        "summary": capability.summary,
        "includes": list(capability.includes),
        "operations": list(capability.operations),
        "actions": [use.action for use in capability.actions],
        "sources": {use.action: use.source for use in capability.actions},
        "resource_kinds": {name: kind.arn for name, kind in example.resource_kinds.items()},
        "service_roles": list(capability.service_roles),
        "notes": list(capability.notes),
        "example": {
            "account": ACCOUNT,
            "region": REGION,
            "policy": example.policy,
            "service_role_policies": example.role_policies,
            "advisory": sorted({one.action for one in example.requirements if one.advisory}),
        },
    }


def text_of(capability: Capability, *, bold: bool = False) -> str:
    """The capability as lines of text.

    Args:
        capability: What is shown.
        bold: Whether the name is emphasised with an ANSI sequence.
    """
    example = example_of(capability)
    name = f"\x1b[1m{capability.name}\x1b[0m" if bold else capability.name
    parts = ["\n".join([name, f"  {capability.summary}"])]
    parts += [block for block in ("\n".join(_facts(capability, example)), "\n".join(_notes(capability))) if block]
    parts.append(_policy("The caller's policy", example.policy))
    parts += [
        _policy(f"The policy of the service role ({kind})", policy) for kind, policy in example.role_policies.items()
    ]
    return "\n\n".join(parts)


def _facts(capability: Capability, example: Example) -> Iterator[str]:
    yield from _column("includes", capability.includes)
    yield from _column("operations", capability.operations)
    yield from _column("actions", [use.action for use in capability.actions])
    kinds = example.resource_kinds
    width = max(map(len, kinds), default=0)
    yield from _column("resources", [f"{kind.ljust(width)}  {found.arn}" for kind, found in kinds.items()])
    yield from _column("service roles", capability.service_roles)
    unsettled = sorted({one.action for one in example.requirements if one.advisory})
    yield from _column("unsettled", [f"{action}: a denial is a note and no failure" for action in unsettled])


def _column(title: str, lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {(title if number == 0 else '').ljust(_COLUMN)}{line}".rstrip()


def _notes(capability: Capability) -> Iterator[str]:
    yield from (f"  {note}" for note in capability.notes)


def _policy(title: str, policy: dict[str, Any]) -> str:
    return f"  {title}, for account {ACCOUNT} in {REGION}:\n{safe_json(policy, indent=2)}"
