"""What was learned, in the forms that it is used in: requirements, a configuration, policies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from bedrock_guard.advice.policies import Holder, Narrowing, policy_set_of
from bedrock_guard.configuration import Settings, dumps
from bedrock_guard.policy_set import PolicySet
from bedrock_guard.principal import PrincipalType
from bedrock_guard.recording.learned import Learned, Used

__all__ = ["configuration_of", "policies_of", "requirements_text", "settings_of"]

_T = TypeVar("_T")


def requirements_text(learned: Learned) -> str:
    """One line for each permission: the action, the resource and what it is for."""
    lines = []
    for one in sorted(learned.requirements, key=lambda one: (one.advisory, one.action, one.resource)):
        undocumented = " (not documented as needed)" if one.advisory else ""
        lines.append(f"{one.action} {one.resource}  # {'; '.join(one.reasons)}{undocumented}")
    return "\n".join(lines)


def policies_of(learned: Learned, *, role: str = "", with_advisory: bool = False) -> PolicySet:
    """The policy that allows what was learned and nothing else.

    Args:
        learned: What the calls need.
        role: The role that is to hold it; the one that called by default, where it was one alone.
        with_advisory: Whether what AWS does not document as needed is granted too.
    """
    holder = Holder(role=role or _role(learned), notes=learned.notes)
    return policy_set_of(learned.requirements, holder, Narrowing(with_advisory=with_advisory))


def _role(learned: Learned) -> str:
    """The name of the role that called, where no other principal did."""
    roles = {one.name for one in learned.principals if one.type in (PrincipalType.ROLE, PrincipalType.ROLE_SESSION)}
    others = [one for one in learned.principals if one.name not in roles]
    return roles.pop() if len(roles) == 1 and not others else ""


def settings_of(used: Used, base: Settings | None = None) -> Settings:
    """The configuration of a guard for what was used in one Region.

    Args:
        used: What was used.
        base: A configuration that it joins; what that says stays.
    """
    base = base or Settings()
    return replace(
        base,
        region=base.region or used.region,
        requests=_together(base.requests, used.requests),
        operations=_together(base.operations, used.operations),
        actions=_together(base.actions, used.actions),
    )


def configuration_of(used: Used, base: Settings | None = None) -> str:
    """As :func:`settings_of`, as the text of a ``bedrock-guard.toml``."""
    return dumps(settings_of(used, base)).rstrip("\n")


def _together(before: Iterable[_T] | None, more: Iterable[_T]) -> Any:
    """Both, each entry once; None where there is nothing."""
    found: list[_T] = list(before or ())
    found += (one for one in more if one not in found)
    return tuple(found) or None
