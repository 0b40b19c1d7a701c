"""What AWS recorded of a request that it denied: asked of iam-toolbox by the id in the message.

    {"requestContext": {"aws:SourceIp": "192.0.2.1", ...},        # of the whole request
     "evaluations": [{"action", "resource", "context", "evaluatedEffect",
                      "checks": [{"checkType", "evaluatedEffect", "targetArn",
                                  "matchedPolicies": [{"uri", "matchedStatements": [{"sid", "evaluatedEffect"}]}]}]}],
     "policies": [{"uri", "type", "inline", "attachedTo": [{"arn"}]}], "nextToken"}

It sees what the simulator cannot: session policies, resource control policies, VPC endpoint policies. An answer can be
had for a day, in the Region of the denial, by principals of the same account or organization.

Source: botocore's model of iam-toolbox (1.44.5); IAM User Guide, troubleshoot_access-denied-authorization-id (read
2026-11).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bedrock_guard.authorization import Authorization, AuthorizationCheck
from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import Note, StatementReference

__all__ = ["Recorded", "recorded_authorization", "unread"]

_SERVICE = "iam-toolbox"
_ACTION = "iam:GetRequestAuthorizationDetails"
_CODE = "BG434"

_PAUSES = (0.5, 1.0, 1.5, 2.0)
"""Seconds between attempts: details are recorded after the denial. In the one public report of it the third attempt had
an answer; how long it takes at most is documented nowhere (assumed)."""

_MOST_PAGES = 50

_EFFECTS = {
    "ALLOW": Decision.ALLOWED,
    "IMPLICIT_DENY": Decision.IMPLICIT_DENY,
    "EXPLICIT_DENY": Decision.EXPLICIT_DENY,
}
_OF_CHECK = {
    "SERVICE_CONTROL_POLICY": Layer.SCP,
    "RESOURCE_CONTROL_POLICY": Layer.RCP,
    "VPC_ENDPOINT": Layer.VPC_ENDPOINT,
    "RESOURCE": Layer.RESOURCE,
    "PRINCIPAL": Layer.IDENTITY,
    "PERMISSIONS_BOUNDARY": Layer.BOUNDARY,
    "SESSION": Layer.SESSION,
}
_OF_POLICY = {
    "IDENTITY_BASED_POLICY": Layer.IDENTITY,
    "RESOURCE_BASED_POLICY": Layer.RESOURCE,
    "PERMISSIONS_BOUNDARY": Layer.BOUNDARY,
    "SESSION_POLICY": Layer.SESSION,
    "SERVICE_CONTROL_POLICY": Layer.SCP,
    "RESOURCE_CONTROL_POLICY": Layer.RCP,
    "VPC_ENDPOINT_POLICY": Layer.VPC_ENDPOINT,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was found under one id.

    Attributes:
        authorizations: AWS's evaluations, in its order.
        notes: Why there are none, or not all.
    """

    authorizations: tuple[Authorization, ...] = ()
    notes: tuple[Note, ...] = ()


def recorded_authorization(calls: AwsCalls, authorization_id: str, *, region: str) -> Recorded:
    """AWS's evaluations under an id; what stands in the way is a note, nothing is raised for it.

    Args:
        calls: Session and budget.
        authorization_id: As the message has it.
        region: Where the request was denied; AWS knows the id nowhere else.
    """
    if _SERVICE not in calls.session.get_available_services():
        return _none(
            f"AWS's own evaluation of the request was not asked for: the installed botocore does not know {_SERVICE}. "
            f"Upgrade boto3, or open the link in the message"
        )
    there = calls.in_region(region)
    found: list[Authorization] = []
    token: str | None = None
    for _ in range(_MOST_PAGES):
        try:
            page = _page(there, authorization_id, token)
        except BedrockGuardError as error:
            return replace(unread(error, authorization_id, region), authorizations=tuple(found))
        found.extend(_evaluations(authorization_id, page))
        token, before = page.get("nextToken"), token
        if not token or token == before:
            return Recorded(tuple(found))
    return Recorded(tuple(found), (Note(_CODE, f"Of AWS's own evaluation the first {len(found)} parts are shown."),))


def _page(calls: AwsCalls, authorization_id: str, token: str | None) -> Mapping[str, Any]:
    """One page; the first is waited for, since AWS records it after the denial.

    Raises:
        BedrockGuardError: There is none.
    """
    more = {} if token is None else {"nextToken": token}
    pauses = iter(_PAUSES if token is None else ())
    while True:
        try:
            page: Mapping[str, Any] = calls.call(
                _SERVICE,
                "get_request_authorization_details",
                action=_ACTION,
                authorizationId=authorization_id,
                **more,
            )
            return page
        except CallError as error:
            pause = next(pauses, None) if error.kind is FailureKind.NOT_FOUND else None
            if pause is None or not calls.wait(pause):
                raise


def _none(text: str) -> Recorded:
    return Recorded(notes=(Note(_CODE, f"{text}."),))


def unread(error: BedrockGuardError, authorization_id: str, region: str) -> Recorded:
    """Nothing found, and why, with what can be done about it."""
    about = f"AWS's own evaluation of the request ({authorization_id})"
    if isinstance(error, AccessDeniedError):
        return _none(
            f"{about} may not be read by these credentials: allow {_ACTION}, or open the link in the message as "
            "someone who may"
        )
    if isinstance(error, CallError) and error.kind is FailureKind.NOT_FOUND:
        return _none(
            f"{about} is not known in {region}. AWS records it shortly after the denial and keeps it for a day, in the "
            "Region of the denial, for principals of the same account or organization: ask again in a minute, or as "
            "one of them"
        )
    return _none(f"{about} was not read: {error}")


# -- the answer, read -----------------------------------------------------------------------------------------------


def _evaluations(authorization_id: str, page: Mapping[str, Any]) -> Iterator[Authorization]:
    whole = _context(page.get("requestContext"))
    policies = {str(one.get("uri", "")): one for one in _mappings(page.get("policies"))}
    for one in _mappings(page.get("evaluations")):
        context = {**whole, **_context(one.get("context"))}
        yield Authorization(
            authorization_id=authorization_id,
            action=str(one.get("action", "")),
            resource=str(one.get("resource", "")),
            # What is not in the documented list is not a yes.
            decision=_EFFECTS.get(str(one.get("evaluatedEffect")), Decision.UNVERIFIED),
            context=tuple(sorted(context.items())),
            checks=tuple(_checks(one, policies)),
        )


def _checks(evaluation: Mapping[str, Any], policies: Mapping[str, Mapping[str, Any]]) -> Iterator[AuthorizationCheck]:
    checks = evaluation.get("checks")
    if checks is None:
        # Before 2026-11-13 AWS gave, and an older botocore still reads, the matched policies alone.
        yield from _of_matched(_mappings(evaluation.get("matchedPolicies")), policies)
        return
    for check in _mappings(checks):
        effect = str(check.get("evaluatedEffect", ""))
        target = check.get("targetArn")
        yield AuthorizationCheck(
            layer=_OF_CHECK.get(str(check.get("checkType")), Layer.UNKNOWN),
            effect=effect,
            target=str(target) if target else None,
            statements=tuple(_statements(_mappings(check.get("matchedPolicies")), policies, effect)),
        )


def _of_matched(
    matched: Sequence[Mapping[str, Any]], policies: Mapping[str, Mapping[str, Any]]
) -> Iterator[AuthorizationCheck]:
    by_layer: dict[Layer, list[Mapping[str, Any]]] = {}
    for one in matched:
        kind = str(policies.get(str(one.get("uri", "")), {}).get("type"))
        by_layer.setdefault(_OF_POLICY.get(kind, Layer.UNKNOWN), []).append(one)
    for layer, ones in by_layer.items():
        effects = {s.get("evaluatedEffect") for one in ones for s in _mappings(one.get("matchedStatements"))}
        effect = "EXPLICIT_DENY" if "DENY" in effects else "ALLOW"
        yield AuthorizationCheck(layer, effect, None, tuple(_statements(ones, policies, effect)))


def _statements(
    matched: Sequence[Mapping[str, Any]], policies: Mapping[str, Mapping[str, Any]], effect: str
) -> Iterator[StatementReference]:
    """The statements that matched; behind a Deny its own alone, since an Allow beside it decided nothing."""
    for one in matched:
        uri = str(one.get("uri", ""))
        policy = policies.get(uri, {})
        for statement in _mappings(one.get("matchedStatements")):
            if effect == "EXPLICIT_DENY" and statement.get("evaluatedEffect") != "DENY":
                continue
            sid = statement.get("sid")
            yield StatementReference(_name(uri, policy), str(policy.get("type", "")), str(sid) if sid else None)


def _name(uri: str, policy: Mapping[str, Any]) -> str:
    """The policy's ARN; an inline policy has none, and its URI tells a person nothing."""
    if not policy.get("inline"):
        return uri
    holders = [str(one["arn"]) for one in _mappings(policy.get("attachedTo")) if one.get("arn")]
    return f"an inline policy of {', '.join(holders)}" if holders else "an inline policy"


def _context(given: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, Mapping):
        return {}
    return {str(key): tuple(_texts(value)) for key, value in given.items()}


def _texts(value: Any) -> Iterator[str]:
    """A context value is any JSON: a list is several values, an object is kept as its text."""
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, Mapping):
        yield json.dumps(value, sort_keys=True, default=str)
    elif value is not None:
        yield str(value)


def _mappings(given: Any) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, (list, tuple)) else []
