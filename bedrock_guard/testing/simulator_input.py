"""What SimulatePrincipalPolicy and SimulateCustomPolicy are asked, checked as IAM checks it.

Source of rules and texts, unless a function says otherwise: answers of the real service recorded 2026-09-11
(github.com/radkawar/stackd); the limits are those of botocore's model of iam (read 2026-11).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.arn import Arn
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.testing.constraints import Constraints
from bedrock_guard.testing.context_entries import read_context_entries
from bedrock_guard.testing.exclusions import Exclusions, read_exclusions
from bedrock_guard.testing.wire_errors import AwsError

__all__ = [
    "SimulationInput",
    "check_context_keys_input",
    "invalid_input",
    "marker_for",
    "read_input_policies",
    "read_simulation",
]

_DOCUMENT = {
    "min": 1,
    "max": 131_072,
    "pattern": "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
}
_PAGE = 100
_ENTITY = re.compile(r"(user|group|role)/.+", re.DOTALL)
_MARKER = "simulation-offset:"


@dataclass(frozen=True, slots=True)
class SimulationInput:
    """A simulation to run.

    Attributes:
        actions: As asked, in order, repeated as they are.
        resources: ARNs, in order, repeated as they are; empty if none or only ``*`` was asked for.
        policies: ``PolicyInputList``.
        boundary: ``PermissionsBoundaryPolicyInputList``.
        resource_policy: ``ResourcePolicy``.
        owner: Account of ``ResourceOwner``; empty if it is not given.
        caller: ``CallerArn``; empty if it is not given.
        context: The entries, by key as written.
        exclusions: ``PolicyExclusionList``.
        levels: ``OrderedOrganizationPolicyInputList``.
        offset: Where the page starts, counted in actions.
        page: Actions on a page.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    resource_policy: Policy | None = None
    owner: str = ""
    caller: str = ""
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    exclusions: Exclusions = field(default_factory=Exclusions)
    levels: tuple[tuple[Policy, ...], ...] = ()
    handling: str = ""
    offset: int = 0
    page: int = _PAGE


def invalid_input(message: str) -> AwsError:
    """IAM's ``InvalidInput``."""
    return AwsError("InvalidInput", message, 400)


def read_simulation(params: Mapping[str, Any], *, of_principal: bool) -> SimulationInput:
    """The simulation that a request asks for.

    Args:
        params: Its parameters, nested.
        of_principal: Whether it is SimulatePrincipalPolicy.

    Raises:
        AwsError: ``ValidationError`` or ``InvalidInput``, with IAM's text.
    """
    _check_constraints(params, of_principal=of_principal)
    actions = _texts(params, "ActionNames")
    for action in actions:
        if ":" not in action:
            raise invalid_input("The action is invalid since it is missing names")
    given = _texts(params, "ResourceArns")
    caller, owner = _text(params, "CallerArn"), _text(params, "ResourceOwner")
    resource_policy = _resource_policy(params, given, caller, of_principal=of_principal)
    if caller and not _is_entity(caller):
        raise invalid_input("Invalid caller - Caller must be an IAM user, role or group in this context.")
    resources = _resources(given)
    boundaries = read_input_policies(params, "PermissionsBoundaryPolicyInputList", PolicyKind.BOUNDARY)
    if len(boundaries) > 1:
        raise invalid_input("The list of Permissions Boundary policies cannot exceed 1 items.")
    return SimulationInput(
        actions=actions,
        resources=resources,
        policies=read_input_policies(params, "PolicyInputList", PolicyKind.INPUT),
        boundary=boundaries[0] if boundaries else None,
        resource_policy=resource_policy,
        owner=_owner(owner),
        caller=caller,
        context=read_context_entries(params.get("ContextEntries")),
        exclusions=read_exclusions(params.get("PolicyExclusionList")),
        levels=_levels(params.get("OrderedOrganizationPolicyInputList")),
        handling=_text(params, "ResourceHandlingOption"),
        offset=_offset(_text(params, "Marker")),
        page=int(_text(params, "MaxItems") or _PAGE),
    )


def check_context_keys_input(params: Mapping[str, Any], *, of_principal: bool) -> None:
    """Refuses a GetContextKeys request without what it is about.

    Raises:
        AwsError: ``ValidationError``.
    """
    checks = Constraints()
    if of_principal:
        checks.text("policySourceArn", params.get("PolicySourceArn"), minimum=20, maximum=2048, required=True)
    checks.texts("policyInputList", params.get("PolicyInputList"), **_bounds(), required=not of_principal)
    checks.raise_all()


def _check_constraints(params: Mapping[str, Any], *, of_principal: bool) -> None:
    checks = Constraints()
    if of_principal:
        checks.text("policySourceArn", params.get("PolicySourceArn"), minimum=20, maximum=2048, required=True)
    checks.texts("actionNames", params.get("ActionNames"), minimum=3, maximum=128, required=True)
    checks.texts("resourceArns", params.get("ResourceArns"), minimum=1, maximum=2048)
    for name in ("PolicyInputList", "PermissionsBoundaryPolicyInputList"):
        required = name == "PolicyInputList" and not of_principal
        checks.texts(name[0].lower() + name[1:], params.get(name), **_bounds(), required=required)
    checks.text("resourcePolicy", params.get("ResourcePolicy"), **_bounds())
    checks.text("resourceOwner", params.get("ResourceOwner"), minimum=1, maximum=2048)
    checks.text("callerArn", params.get("CallerArn"), minimum=1, maximum=2048)
    checks.text("resourceHandlingOption", params.get("ResourceHandlingOption"), minimum=1, maximum=64)
    checks.number("maxItems", params.get("MaxItems"), minimum=1, maximum=1000)
    checks.text("marker", params.get("Marker"), minimum=1, maximum=320)
    checks.context_entries(params.get("ContextEntries"))
    checks.exclusions(params.get("PolicyExclusionList"))
    checks.length("orderedOrganizationPolicyInputList", params.get("OrderedOrganizationPolicyInputList"), maximum=7)
    checks.raise_all()


def _bounds() -> dict[str, Any]:
    return {"minimum": _DOCUMENT["min"], "maximum": _DOCUMENT["max"], "pattern": _DOCUMENT["pattern"]}


def _text(params: Mapping[str, Any], name: str) -> str:
    value = params.get(name)
    return value if isinstance(value, str) else ""


def _texts(params: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = params.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def read_input_policies(params: Mapping[str, Any], name: str, kind: PolicyKind) -> tuple[Policy, ...]:
    """The documents of a list parameter, named as the simulator names them: ``PolicyInputList.1``.

    Raises:
        AwsError: ``InvalidInput``: one of them is not a policy.
    """
    words = "Policy input list" if name == "PolicyInputList" else "Permissions boundary policy input list"
    found = []
    for number, document in enumerate(_texts(params, name), 1):
        found.append(_parsed(document, f"{name}.{number}", kind, f"{words} item {number} has invalid content"))
    return tuple(found)


def _parsed(document: str, name: str, kind: PolicyKind, refusal: str) -> Policy:
    try:
        return parse_policy(document, name=name, kind=kind)
    except InvalidPolicyError as invalid:
        raise invalid_input(refusal) from invalid


def _resources(given: Sequence[str]) -> tuple[str, ...]:
    if list(given) in ([], ["*"]):
        return ()
    for resource in given:
        _check_arn(resource)
    return tuple(given)


def _check_arn(text: str) -> None:
    try:
        Arn.parse(text)
    except ValueError as error:
        raise invalid_input(f"ResourceNames are not in a valid ARN format: {text}.") from error


def _resource_policy(
    params: Mapping[str, Any], given: Sequence[str], caller: str, *, of_principal: bool
) -> Policy | None:
    document = _text(params, "ResourcePolicy")
    if not document:
        return None
    if not caller and not of_principal:
        raise invalid_input("Invalid caller - Caller cannot be null or empty.")
    if list(given) in ([], ["*"]):
        raise invalid_input("Invalid Entity Arn: * does not clearly define entity type and name.")
    policy = _parsed(document, "ResourcePolicy", PolicyKind.RESOURCE, "Resource policy has invalid content")
    for statement in policy:
        for resource in (*(statement.resources or ()), *(statement.not_resources or ())):
            _check_arn(resource)
    return policy


def _is_entity(text: str) -> bool:
    try:
        arn = Arn.parse(text)
    except ValueError:
        return False
    return arn.service == "iam" and _ENTITY.fullmatch(arn.resource) is not None


def _owner(text: str) -> str:
    if not text:
        return ""
    try:
        arn = Arn.parse(text)
    except ValueError:
        arn = None
    if arn is None or arn.service != "iam" or not arn.account:
        raise invalid_input(f"'{text}' is not a valid as a Resource Owner.")
    return arn.account


def _levels(given: Any) -> tuple[tuple[Policy, ...], ...]:
    levels = []
    for number, level in enumerate(given if isinstance(given, list) else (), 1):
        documents = _texts(level, "ServiceControlPolicyInputList") if isinstance(level, dict) else ()
        if not documents:
            raise invalid_input(
                f"Organization policy at index {number} must contain at least one service control policy"
            )
        refusal = f"Organization policy at index {number} has invalid content"
        levels.append(tuple(_parsed(document, "SCP", PolicyKind.SCP, refusal) for document in documents))
    return tuple(levels)


def marker_for(offset: int) -> str:
    """The marker of the page that starts at that action; opaque to callers."""
    return base64.urlsafe_b64encode(f"{_MARKER}{offset}".encode()).decode()


def _offset(marker: str) -> int:
    """A marker is nothing but an offset: the service takes it with whatever other parameters the next call has."""
    if not marker:
        return 0
    try:
        text = base64.urlsafe_b64decode(marker.encode()).decode()
        prefix, number = text[: len(_MARKER)], text[len(_MARKER) :]
        if prefix != _MARKER or not number.isascii() or not number.isdigit():
            raise ValueError(marker)
        return int(number)
    except (ValueError, binascii.Error) as error:
        raise invalid_input("Invalid marker for pagination.") from error
