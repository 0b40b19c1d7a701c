"""The probe evaluator: what could not be decided otherwise is asked by calls that cost and change nothing.

For a caller that may neither simulate nor read policies, and for principals that cannot be simulated. Which call tells
about which action is the table in :mod:`bedrock_guard.bedrock.probes`. What an answer proves, and no more:

an answer          the action is allowed: on that resource, for this caller, from here, with every policy that there is
access denied      the action is denied, if IAM's own sentence says that this caller may not do this on this resource
any other error    nothing: whether a request is authorised before it is looked at, AWS does not document

A request that is made to be refused (InvokeModel) is therefore never a yes, and neither is a resource that was not
found: a wrong "allowed" lets an app start that will fail, an `unverified` says where it stands.

Only what the caller itself would do is probed, as it would be done from here. A requirement of a service role, in
another account or Region, on a pattern, or with condition keys that a call from here may not carry stays as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.context import ContextValues
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.aws.judgement import LAYER_NAMES
from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE
from bedrock_guard.bedrock.probes import REFUSED, ProbeCall, probe_call
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import Evidence, Finding, Principal, Requirement, StatementReference

if TYPE_CHECKING:
    from bedrock_guard.advice.denial import Denial

__all__ = ["ReadDenials", "probed", "unprobed"]

ReadDenials = Callable[[str], Sequence["Denial"]]
"""Reads a message of AWS into denials."""

_REGION = "aws:requestedregion"
_PROFILE = "bedrock:inferenceprofilearn"


@dataclass(frozen=True)
class _Caller:
    """Who calls, from where.

    Attributes:
        principal: Of the session that the calls are made with.
        region: That they are made in.
        given: Condition keys that the app says its requests carry, and that a call from here may not.
    """

    principal: Principal
    region: str
    given: ContextValues


def unprobed(requirement: Requirement) -> Finding:
    """The finding where the probe is all that may be asked, and has not told."""
    why = "no call that costs and changes nothing has told"
    return Finding(requirement, Decision.UNVERIFIED, Evidence("none"), "BG400", None, why)


def probed(
    calls: AwsCalls,
    principal: Principal,
    findings: Sequence[Finding],
    *,
    context: ContextValues,
    read: ReadDenials,
    share: float = 1.0,
) -> tuple[Finding, ...]:
    """The findings, with those that a probe could decide in place of the `unverified` ones.

    What no probe decided keeps its reason; why one was not made, or what it answered, joins the evidence.

    Args:
        calls: Session, Region and budget.
        principal: The caller, whose credentials the session holds.
        findings: What was found so far.
        context: Condition keys that the app's requests carry.
        read: Reads AWS's message of a denial.
        share: The part of the time left that may be used.
    """
    caller = _Caller(principal, calls.region, context)
    asked: dict[Requirement, ProbeCall] = {}
    told: dict[Requirement, Finding] = {finding.requirement: finding for finding in findings}
    for finding in findings:
        requirement = finding.requirement
        call = probe_call(requirement.action, requirement.resource)
        if finding.decision is not Decision.UNVERIFIED or call is None:
            continue
        obstacle = _obstacle(requirement, caller) or _not_known(calls, call)
        if obstacle is None:
            asked[requirement] = call
        else:
            told[requirement] = _with_detail(finding, f"not probed: {obstacle}")
    if asked:
        for (requirement, call), answer in zip(asked.items(), _answers(calls, asked, share), strict=True):
            _take(told, requirement, call, answer, caller, read)
    return tuple(told[finding.requirement] for finding in findings)


def _obstacle(requirement: Requirement, caller: _Caller) -> str | None:
    """Why a call from here would not be the one that the requirement stands for; None if it would be."""
    if requirement.principal:
        return "a call from here is made by the caller, and this is needed by another principal"
    if os.environ.get(BEARER_VARIABLE):
        return f"a call with the API key in {BEARER_VARIABLE} would answer for the key's principal"
    fields = requirement.resource.split(":", 5)
    region, account = (fields[3], fields[4]) if len(fields) == 6 else ("", "")
    if account not in ("", "aws", caller.principal.account):
        return "the resource is in another account"
    if region not in ("", caller.region):
        return f"the resource is in another Region than {caller.region}"
    carried = {**dict(requirement.context), **caller.given}
    other = [
        key
        for key, values in carried.items()
        if values and not (key.lower() == _REGION and tuple(values) == (caller.region,))
    ]
    if other:
        return f"a call from here need not carry the same {', '.join(sorted(other))}"
    return None


def _not_known(calls: AwsCalls, call: ProbeCall) -> str | None:
    """Why the installed botocore cannot make the call; None if it can."""
    try:
        model = calls.session._session.get_service_model(call.probe.service)  # noqa: SLF001 - boto3 has no other way
    except BotoCoreError:
        model = None
    if model is None or call.probe.operation not in model.operation_names:
        return f"the installed botocore does not know {call.probe.name}"
    return None


def _answers(
    calls: AwsCalls, asked: Mapping[Requirement, ProbeCall], share: float
) -> list[dict[str, Any] | BedrockGuardError]:
    own = calls
    if share < 1:
        own = AwsCalls(calls.session, calls.region, Budget(calls.budget.remaining() * share))
    actions = ", ".join(sorted({requirement.action for requirement in asked}))
    return own.gather([partial(_ask, own, r, call) for r, call in asked.items()], action=actions)


def _ask(calls: AwsCalls, requirement: Requirement, call: ProbeCall) -> dict[str, Any]:
    answer: dict[str, Any] = calls.call(
        call.probe.service,
        call.method,
        action=requirement.action,
        resource=requirement.resource,
        **call.parameters,
    )
    # A stream that is not read must not hold its connection; nothing of an answer is kept.
    for part in answer.values():
        if hasattr(part, "close"):
            part.close()
    return {}


def _take(
    told: dict[Requirement, Finding],
    requirement: Requirement,
    call: ProbeCall,
    answer: dict[str, Any] | BedrockGuardError,
    caller: _Caller,
    read: ReadDenials,
) -> None:
    """Notes what an answer says, of the requirement and of those that its denial names."""
    name = call.probe.name
    if not isinstance(answer, BedrockGuardError):
        detail = f"{name} answered {caller.principal.caller_arn} on this resource"
        told[requirement] = Finding(requirement, Decision.ALLOWED, Evidence("probe", details=(detail,)))
        return
    if not isinstance(answer, AccessDeniedError):
        told[requirement] = _with_detail(told[requirement], _silence(name, call, answer))
        return
    denials = [d for d in read(answer.aws_message) if d.is_iam and d.caller == caller.principal.caller_arn]
    met = False
    for one, finding in list(told.items()):
        denial = next((d for d in denials if _is_about(d, one, requirement)), None)
        if denial is not None and finding.decision is Decision.UNVERIFIED:
            met = met or one is requirement
            told[one] = _denied(one, denial, requirement, name)
    if not met and told[requirement].decision is Decision.UNVERIFIED:
        # Model access, a key of KMS, a destination that is not declared: no denial of this requirement.
        said = f"{name} was refused for another reason: {answer.aws_message}"
        told[requirement] = _with_detail(told[requirement], said)


def _is_about(denial: Denial, requirement: Requirement, asked: Requirement) -> bool:
    """Whether a denial of the call that was made for ``asked`` is a denial of ``requirement``.

    A call through a profile is authorised on the profile and on the model in one destination; the message names which.
    """
    if requirement.principal or (denial.action or "").lower() != requirement.action.lower():
        return False
    if requirement == asked:
        # The message may name what an action without resource types was asked on, or leave the resource out.
        return requirement.resource == "*" or denial.resource in (None, requirement.resource)
    context = {key.lower(): values for key, values in requirement.context if values}
    through = context.pop(_PROFILE, None)
    return denial.resource == requirement.resource and through == (asked.resource,) and set(context) <= {_REGION}


def _denied(requirement: Requirement, denial: Denial, asked: Requirement, name: str) -> Finding:
    layer = denial.layer or Layer.UNKNOWN
    kind = LAYER_NAMES.get(layer, "policy")
    article = "an" if layer is Layer.IDENTITY else "a"
    why = {
        True: f"denied by {article} {kind}",
        False: f"no {'policy' if layer is Layer.IDENTITY else kind} allows it",
        None: "denied, and AWS does not say by which policy",
    }[denial.explicit]
    through = "" if requirement == asked else f" through {asked.resource}"
    detail = f"{name} was called{through}, and AWS's message denies it"
    named = (StatementReference(denial.policy_arn, layer.value),) if denial.policy_arn else ()
    decision = Decision.EXPLICIT_DENY if denial.explicit else Decision.IMPLICIT_DENY
    return Finding(requirement, decision, Evidence("probe", named, details=(detail,)), denial.code, layer, why)


def _silence(name: str, call: ProbeCall, error: BedrockGuardError) -> str:
    """What an answer that decides nothing was, and why it decides nothing."""
    if not isinstance(error, CallError) or error.kind in (FailureKind.THROTTLED, FailureKind.UNREACHABLE):
        return f"probed without an answer: {error}"
    if call.probe.refused:
        return f"probed by {name} with a request that no model can read: {error}. {REFUSED}"
    return f"probed by {name}, which proves nothing unless it answers or is denied: {error}"


def _with_detail(finding: Finding, detail: str) -> Finding:
    return replace(finding, evidence=replace(finding.evidence, details=(*finding.evidence.details, detail)))
