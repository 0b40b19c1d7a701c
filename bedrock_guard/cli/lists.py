"""``list``: the catalogue, searchable, one entry a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from bedrock_guard.cli.output import colour, emit
from bedrock_guard.render.snippets import safe_json

__all__ = ["list_group"]

_WIDEST_COLUMN = 60


@dataclass(frozen=True)
class _Entry:
    """One line of a list.

    Attributes:
        columns: As shown.
        values: The same facts as plain values and in full, or what makes them.
        hidden: What is searched as well and too long to be shown.
    """

    columns: tuple[str, ...]
    values: dict[str, Any] | Callable[[], dict[str, Any]]
    hidden: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return self.values() if callable(self.values) else self.values

    def matches(self, words: Sequence[str]) -> bool:
        text = " ".join((*self.columns, *self.hidden)).lower()
        return all(word in text for word in words)


@click.group("list", short_help="Search operations, actions, capabilities and codes.")
def list_group() -> None:
    """Search the catalogue: operations, actions, capabilities, codes."""


def _listing(
    name: str,
    entries: Callable[[], Iterable[_Entry]],
    summary: str,
    in_full: Callable[[str], str] | None = None,
) -> None:
    @click.argument("words", nargs=-1, metavar="[FILTER]...")
    @click.option(
        "--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the list."
    )
    def command(*, words: tuple[str, ...], format: str) -> int:  # noqa: A002 - the option's name
        found = [entry for entry in entries() if entry.matches([word.lower() for word in words])]
        named = [entry for entry in found if in_full is not None and entry.columns[0] == " ".join(words).lower()]
        if in_full is not None and named and format == "text":
            emit(in_full(named[0].columns[0]))
            return 0
        found = named or found
        if not found:
            raise click.UsageError(f"no {name} match {' '.join(words)!r}")
        emit(_table(found) if format == "text" else safe_json([entry.to_dict() for entry in found], indent=2))
        return 0

    command.__doc__ = (
        f"{summary}\n\nFILTER words are searched in every column, whatever their case; all must occur. What is too "
        "long for a column is searched too, and shown whole with --format json."
    )
    list_group.command(name)(command)


def _table(entries: Sequence[_Entry]) -> str:
    widths = [
        min(_WIDEST_COLUMN, max(len(entry.columns[i]) for entry in entries)) for i in range(len(entries[0].columns))
    ]
    lines = []
    for entry in entries:
        first, *rest = (text.ljust(width) for text, width in zip(entry.columns, widths, strict=True))
        lines.append("  ".join([f"\x1b[1m{first}\x1b[0m" if colour() else first, *rest]).rstrip())
    return "\n".join(lines)


def _operations() -> Iterable[_Entry]:
    from bedrock_guard.bedrock.catalogue import operations

    for key, operation in operations().items():
        always = [use.action for use in operation.actions if not use.parameters]
        at_times = [use for use in operation.actions if use.parameters]
        paths: dict[str, dict[str, None]] = {}
        for use in at_times:
            paths.setdefault(use.action, {}).update(dict.fromkeys(use.parameters))
        together: dict[str, list[str]] = {}
        for action, found in paths.items():
            together.setdefault(_first_of(list(found)), []).append(action)
        shown = [*always, *(f"[{', '.join(names)} with {path}]" for path, names in together.items())]
        yield _Entry(
            (key, operation.method, " ".join(shown)),
            {
                "operation": key,
                "method": operation.method,
                "actions": always,
                "actions_by_parameter": [
                    {"action": use.action, "parameters": list(use.parameters)} for use in at_times
                ],
            },
            tuple(path for found in paths.values() for path in found),
        )


def _first_of(paths: Sequence[str]) -> str:
    """The first path, without its middle if it is long, and how many more there are."""
    start, *rest = paths[0].split(".")
    first = f"{start}…{rest[-1]}" if len(paths[0]) > _WIDEST_COLUMN and len(rest) > 1 else paths[0]
    return first if len(paths) == 1 else f"{first} and {len(paths) - 1} more"


def _actions() -> Iterable[_Entry]:
    from bedrock_guard.bedrock.catalogue import action_names, find_action

    for name in action_names():
        action = find_action(name)
        kinds = [kind.name for kind in action.resource_kinds]
        yield _Entry(
            (name, action.access_level, ", ".join(kinds) or ("" if action.takes_resources else "*")),
            {
                "action": name,
                "access_level": action.access_level,
                "resource_kinds": [{"name": kind.name, "arn": kind.arn} for kind in action.resource_kinds],
                "takes_resources": action.takes_resources,
                "condition_keys": list(action.condition_keys),
            },
        )


def _capabilities() -> Iterable[_Entry]:
    from bedrock_guard.bedrock.capabilities import capabilities
    from bedrock_guard.cli.capability_view import details

    for name, capability in capabilities().items():
        yield _Entry((name, capability.summary), partial(details, capability))


def _capability_in_full(name: str) -> str:
    from bedrock_guard.bedrock.capabilities import find_capability
    from bedrock_guard.cli.capability_view import text_of

    return text_of(find_capability(name), bold=colour())


def _codes() -> Iterable[_Entry]:
    from bedrock_guard.codes import CODES

    for code, title in CODES.items():
        yield _Entry((code, title), {"code": code, "title": title})


_listing("operations", _operations, "Operations of boto3's Bedrock clients, with the IAM actions they need.")
_listing("actions", _actions, "IAM actions, with their access level and the kinds of resource they are granted on.")
_listing(
    "capabilities",
    _capabilities,
    "Named uses of Bedrock that `check --capability` takes; one in full, with an example policy, by its whole name.",
    _capability_in_full,
)
_listing("codes", _codes, "Codes of findings and errors.")
