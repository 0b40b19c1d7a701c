"""Who makes a request, and which Principal elements mean them.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
reference_policies_elements_notprincipal.html and reference_policies_evaluation-logic_policy-eval-denyallow.html,
read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from bedrock_guard.iam.arn import Arn

if TYPE_CHECKING:
    from bedrock_guard.iam.policy import PrincipalEntry

__all__ = ["Caller", "CallerKind", "Reach", "reach_of", "read_caller", "spares"]


class CallerKind(Enum):
    """What kind of principal makes the request."""

    USER = "user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED_USER = "federated user"
    ROOT = "root user"
    OUTSIDER = "no principal of an account"


class Reach(IntEnum):
    """How far an Allow of a resource policy carries within the account, by how it names the caller."""

    NONE = 0
    ACCOUNT = 1
    """It names the account, which still has to pass the right on by an identity policy."""
    LIMITED = 2
    """It names the caller's role or everybody: boundary and session policy still limit it."""
    USER = 3
    """It names the user: no implicit deny of the boundary limits it."""
    SESSION = 4
    """It names the session itself: no implicit deny of boundary or session policy limits it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal of a request.

    Attributes:
        text: As given.
        kind: What it is.
        account: Its account; empty for a service, an identity provider and the anonymous caller.
        partition: Its partition; empty likewise.
        role: The name of its role without path; empty if it is not of a role.
        service_linked: Whether the role is a service-linked one, which no SCP and no RCP touches.
    """

    text: str
    kind: CallerKind
    account: str = ""
    partition: str = ""
    role: str = ""
    service_linked: bool = False


@lru_cache(maxsize=256)
def read_caller(principal: str) -> Caller:
    """The caller that a principal ARN, a service name, an identity provider or ``*`` (anonymous) stands for."""
    try:
        arn = Arn.parse(principal)
    except ValueError:
        return Caller(principal, CallerKind.OUTSIDER)
    type_, _, rest = arn.resource.partition("/")
    if arn.service == "sts" and type_ == "assumed-role":
        role = rest.partition("/")[0]
        return Caller(principal, CallerKind.SESSION, arn.account, arn.partition, role)
    if arn.service == "sts" and type_ == "federated-user":
        return Caller(principal, CallerKind.FEDERATED_USER, arn.account, arn.partition)
    if arn.service != "iam" or type_ in ("saml-provider", "oidc-provider"):
        return Caller(principal, CallerKind.OUTSIDER)
    if type_ == "role":
        linked = rest.startswith("aws-service-role/")
        return Caller(principal, CallerKind.ROLE, arn.account, arn.partition, rest.rpartition("/")[2], linked)
    kind = CallerKind.ROOT if arn.resource == "root" else CallerKind.USER
    return Caller(principal, kind, arn.account, arn.partition)


def reach_of(entries: Sequence[PrincipalEntry], caller: Caller) -> Reach:
    """How far the best of the entries of a Principal element means the caller."""
    return max((_reach(entry, caller) for entry in entries), default=Reach.NONE)


def _reach(entry: PrincipalEntry, caller: Caller) -> Reach:
    if entry.value == "*" and entry.type in ("*", "AWS"):
        return Reach.LIMITED
    if caller.kind is CallerKind.OUTSIDER:
        same = entry.value == caller.text or (entry.type == "Service" and entry.value == "*")
        return Reach.SESSION if same and entry.type in ("Service", "Federated") else Reach.NONE
    if entry.type != "AWS":
        return Reach.NONE
    if entry.value == caller.text:
        return _BY_NAME[caller.kind]
    if _is_account(entry.value, caller):
        return Reach.ACCOUNT
    return Reach.LIMITED if _is_role_of(entry.value, caller) else Reach.NONE


_BY_NAME = {
    CallerKind.USER: Reach.USER,
    CallerKind.ROLE: Reach.LIMITED,
    CallerKind.SESSION: Reach.SESSION,
    CallerKind.FEDERATED_USER: Reach.SESSION,
    CallerKind.ROOT: Reach.USER,
}


def _is_account(value: str, caller: Caller) -> bool:
    return value == caller.account or value == f"arn:{caller.partition}:iam::{caller.account}:root"


def _is_role_of(value: str, caller: Caller) -> bool:
    """Whether ``value`` is the ARN of the caller's role; a session's ARN lacks the role's path."""
    if not caller.role or caller.kind is not CallerKind.SESSION:
        return False
    start = f"arn:{caller.partition}:iam::{caller.account}:role/"
    return value.startswith(start) and value.rpartition("/")[2] == caller.role


def spares(entries: Sequence[PrincipalEntry], caller: Caller, *, deny: bool) -> bool:
    """Whether a NotPrincipal element leaves the caller alone.

    A request is made by several principals at once: the account, the role and the session. A Deny spares the
    caller only if all of them are listed. An Allow, which AWS advises against, is taken to spare it if any is.
    """
    if caller.kind is CallerKind.OUTSIDER or any(e.value == "*" and e.type in ("*", "AWS") for e in entries):
        return reach_of(entries, caller) is not Reach.NONE
    listed = [_lists_account(entries, caller)]
    values = [entry.value for entry in entries if entry.type == "AWS"]
    if caller.kind is not CallerKind.ROOT:
        listed.append(caller.text in values)
    if caller.kind is CallerKind.SESSION:
        listed.append(any(_is_role_of(value, caller) for value in values))
    if caller.kind is CallerKind.ROLE:
        start = f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.role}/"
        listed.append(any(value.startswith(start) for value in values))
    return all(listed) if deny else any(listed)


def _lists_account(entries: Sequence[PrincipalEntry], caller: Caller) -> bool:
    return any(entry.type == "AWS" and _is_account(entry.value, caller) for entry in entries)
