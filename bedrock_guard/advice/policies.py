"""The least-privilege policy for what an app needs: statements, names, documents within IAM's limits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedrock_guard.advice.policy_conditions import AskedConditions, carries
from bedrock_guard.advice.policy_grants import Permission, grants_of, permissions_of
from bedrock_guard.advice.policy_sids import sids_of
from bedrock_guard.advice.policy_sizes import MOST_MANAGED_POLICIES, ROLE_TRUST_CHARACTERS, documents_of, size_of
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.policy_set import NamedPolicy, PolicySet
from bedrock_guard.report import Requirement

__all__ = ["Holder", "Narrowing", "checked_role_name", "policy_set_of"]

_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is to hold the policies.

    Attributes:
        role: The role's name; empty where it is not known.
        trust: Its trust policy, where it is known what runs as the role.
        notes: What is to be known of it besides.
        user: The user's name, where it is none's role.
    """

    role: str = ""
    trust: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    user: str = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the statements are narrowed by beyond the resources.

    Attributes:
        only_in: The Region that the app calls, where requests are to be restricted to the Regions they are made in.
        asked: Conditions that were asked for.
        with_advisory: Whether what AWS does not document as needed is granted too.
        role_kinds: ARN of a role that is handed over, to its kind: for the names of statements.
        tell_patterns: Whether a note lists the resources that stand for many.
    """

    only_in: str | None = None
    asked: AskedConditions = field(default_factory=AskedConditions)
    with_advisory: bool = False
    role_kinds: Mapping[str, str] = field(default_factory=dict)
    tell_patterns: bool = True


def checked_role_name(name: str) -> str:
    """The name, if a role can have it.

    Raises:
        ConfigurationError: It is not a role's name.
    """
    if name and not _ROLE_NAME.fullmatch(name):
        raise ConfigurationError(
            f"role: {name!r} is not the name of a role: 1 to 64 letters, digits or any of +=,.@_-, without its path",
            code="BG504",
        )
    return name


def policy_set_of(requirements: Sequence[Requirement], holder: Holder, narrowing: Narrowing) -> PolicySet:
    """The policies that allow the requirements and nothing else.

    Args:
        requirements: Of one principal.
        holder: Who is to hold them.
        narrowing: Conditions and what is left out.

    Raises:
        ConfigurationError: Something that was asked for would deny what is needed.
    """
    granted = [one for one in requirements if narrowing.with_advisory or not one.advisory]
    if granted:
        narrowing.asked.require_usable(granted)
    permissions = permissions_of(granted, narrowing.asked, only_in=narrowing.only_in)
    documents = documents_of(grants_of(permissions), lambda parts: sids_of(parts, narrowing.role_kinds))
    policies = tuple(
        NamedPolicy(_policy_name(holder.role or holder.user, number), document)
        for number, document in enumerate(documents, start=1)
    )
    notes = (
        *_of_size(documents, holder.trust),
        *(_of_patterns(permissions) if narrowing.tell_patterns else ()),
        *_of_advisory(requirements, permissions, narrowing),
        *_of_conditions(granted, permissions, narrowing),
        *holder.notes,
    )
    return PolicySet(holder.role, policies, holder.trust, tuple(dict.fromkeys(notes)))


def _policy_name(holder: str, number: int) -> str:
    base = f"{holder or 'app'}-bedrock"
    return base if number == 1 else f"{base}-{number}"


def _of_size(documents: Sequence[Mapping[str, Any]], trust: Mapping[str, Any] | None) -> Iterator[str]:
    if len(documents) > 1:
        yield (
            f"Split into {len(documents)} managed policies, each within IAM's limit of 6,144 characters: all of them "
            "are needed."
        )
    if len(documents) > MOST_MANAGED_POLICIES:
        yield (
            f"A role takes {MOST_MANAGED_POLICIES} managed policies unless the account's quota was raised: ask for a "
            "higher one, or name fewer resources."
        )
    if trust is not None and size_of(trust) > ROLE_TRUST_CHARACTERS:
        yield (
            f"The trust policy has {size_of(trust):,} characters, and IAM takes {ROLE_TRUST_CHARACTERS:,} unless the "
            "account's quota was raised."
        )


def _of_patterns(permissions: Sequence[Permission]) -> Iterator[str]:
    wide = dict.fromkeys(one.resource for one in permissions if re.search(r"[*?]", one.resource[1:]))
    if wide:
        yield (
            f"Opens every resource that matches {_listed(list(wide))}: name those that the app uses to have them in "
            "its place."
        )


def _of_advisory(
    requirements: Sequence[Requirement], permissions: Sequence[Permission], narrowing: Narrowing
) -> Iterator[str]:
    if narrowing.with_advisory:
        return
    granted = {(one.action, one.resource) for one in permissions}
    left = dict.fromkeys(
        f"{one.action} on {one.resource}"
        for one in requirements
        if one.advisory and (one.action, one.resource) not in granted
    )
    if left:
        yield (
            f"Left out, since AWS does not document that it is needed: {_listed(list(left))}. with_advisory "
            "(--with-advisory) puts it in."
        )


def _of_conditions(
    requirements: Sequence[Requirement], permissions: Sequence[Permission], narrowing: Narrowing
) -> Iterator[str]:
    for condition in narrowing.asked.conditions:
        without = dict.fromkeys(
            f"{one.action} on {one.resource}" for one in requirements if not carries(one, condition.key)
        )
        if without:
            yield f"Not limited by {condition.key}, which their requests do not carry: {_listed(list(without))}."
    if narrowing.only_in is not None:
        anywhere = sorted({one.action for one in permissions if one.region is None})
        if anywhere:
            yield (
                f"Not limited to a Region: {_listed(anywhere)}. What other services are called in, and where a model "
                "of unknown Region is served, is not said by what the app declares."
            )


def _listed(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
