"""Which service roles an app uses: those that were named, and those that its requests hand over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bedrock_guard.bedrock.parameter_paths import texts_at
from bedrock_guard.bedrock.parameter_rules import Makes, rules_of
from bedrock_guard.bedrock.service_role_details import (
    RoleDetails,
    ServiceRole,
    details_of_request,
    find_role_kind,
    kinds_handed_over,
    require_role_arn,
    values_at,
)
from bedrock_guard.bedrock.service_role_table import WITHOUT_KIND
from bedrock_guard.report import Note

__all__ = ["Call", "UsedRoles", "roles_used"]

Call = tuple[str, Mapping[str, Any]]
"""Key of an operation, such as ``bedrock-agent:CreateAgent``, and the parameters of a call."""


@dataclass(frozen=True, slots=True)
class UsedRoles:
    """The roles, and what is not known of them.

    Attributes:
        roles: Each kind of each role once, with everything that it is said to be used with; the named ones first.
        notes: What could not be brought to a role, or which role cannot be checked.
    """

    roles: tuple[ServiceRole, ...] = ()
    notes: tuple[Note, ...] = ()


def roles_used(named: Sequence[ServiceRole], calls: Sequence[Call], *, handed_over: bool) -> UsedRoles:
    """The roles that were named and those that the calls hand over, with the details that the calls tell.

    What a call names goes to the role that it hands over. A call that hands none over and names more for a role that
    is there already (CreateDataSource the bucket of a knowledge base) is about the only role of the kind; with several
    it is not known about which.

    Args:
        named: The roles that somebody named.
        calls: What the app calls.
        handed_over: Whether the roles of the calls are wanted too; otherwise the notes say that they are not checked.

    Raises:
        ConfigurationError: What is handed over is no role.
    """
    found = {(role.kind, role.arn): role for role in named}
    notes: list[Note] = []
    for operation, parameters in calls:
        notes += _without_kind(operation, parameters)
        for role in _of_call(operation, parameters):
            known = found.get((role.kind, role.arn))
            if known is not None:
                found[role.kind, role.arn] = replace(known, details=known.details.merged(role.details))
            elif handed_over:
                found[role.kind, role.arn] = role
            else:
                notes.append(_unchecked(role.arn, operation, "policies are decided without asking IAM"))
    for role in found.values():
        for operation, parameters in calls:
            if operation not in find_role_kind(role.kind).later:
                continue
            details = details_of_request(role.kind, parameters)
            if sum(kind == role.kind for kind, _ in found) == 1:
                found[role.kind, role.arn] = replace(role, details=found[role.kind, role.arn].details.merged(details))
            elif details != RoleDetails():
                notes.append(_undecided(role.kind, operation))
    return UsedRoles(tuple(found.values()), tuple(dict.fromkeys(notes)))


def _of_call(operation: str, parameters: Mapping[str, Any]) -> Iterator[ServiceRole]:
    for kind, parameter in kinds_handed_over(operation):
        for arn in values_at(parameters, parameter):
            role = ServiceRole(kind.name, arn, details_of_request(kind.name, parameters))
            require_role_arn(role)
            yield role


def _without_kind(operation: str, parameters: Mapping[str, Any]) -> Iterator[Note]:
    why = WITHOUT_KIND.get(operation)
    if why is None:
        return
    for rule in rules_of(operation):
        for path in rule.paths if rule.makes is Makes.ROLE else ():
            for _, arn in texts_at(parameters, path):
                yield _unchecked(arn, operation, why)


def _unchecked(arn: str, operation: str, why: str) -> Note:
    name = operation.partition(":")[2]
    return Note(
        "BG540",
        f"{arn}, which {name} hands over, was not checked itself ({why}): whether it exists, whom it trusts and what "
        "it may do.",
    )


def _undecided(kind: str, operation: str) -> Note:
    name = operation.partition(":")[2]
    return Note(
        "BG540",
        f"{name} names more of what a role of the kind {kind} uses, and there are several: none was asked about it. "
        "Add it to the right one's details, or check each with its own calls.",
    )
