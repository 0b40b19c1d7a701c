"""A denial of IAM's as the request that was denied: what to ask a simulator, and what to allow."""

from __future__ import annotations

import re

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials.resource_text import is_whole
from bedrock_guard.bedrock.actions import Action, find_action
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.arn import Arn
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.principal import Principal, principal_from_arn
from bedrock_guard.report import Evidence, Finding, Requirement, StatementReference

__all__ = ["buys", "denied_finding", "denied_principal", "denied_requirement"]

_NAMED = re.compile(r"(role|user|group|policy|instance profile) ([\w+=,.@/-]{1,512})", re.ASCII)


def buys(denial: Denial) -> bool:
    """Whether the denied request is one of AWS Marketplace's: no app holds these rights, an administrator does.

    Source: the Bedrock User Guide, model-access.html (read 2026-11): the first subscription serves the whole account.
    """
    return (denial.action or "").lower().startswith("aws-marketplace:")


def denied_principal(denial: Denial) -> Principal | None:
    """Whom IAM denied, where the message says it and it is the ARN of a principal."""
    if denial.caller is None:
        return None
    try:
        return principal_from_arn(denial.caller)
    except ConfigurationError:
        return None


def denied_requirement(denial: Denial) -> Requirement | None:
    """The request that was denied; None where the message does not name an action, or no resource to ask about.

    A resource that the message leaves out becomes the pattern of the kind that the action takes, if it takes one only.
    """
    if denial.kind is not DenialKind.PERMISSION or denial.action is None:
        return None
    action = _known(denial.action)
    resource = _resource(denial, action)
    if resource is None:
        return None
    called = f"{denial.operation}, as the message says" if denial.operation else "the request in the message"
    return Requirement(
        action=denial.action if action is None else action.name,
        resource=resource,
        context=_context(resource),
        reasons=(called,),
    )


def denied_finding(denial: Denial, requirement: Requirement) -> Finding:
    """What the message itself says of the request, as a finding that rests on nothing else."""
    decision = Decision.EXPLICIT_DENY if denial.explicit else Decision.IMPLICIT_DENY
    policies = (StatementReference(denial.policy_arn),) if denial.policy_arn else ()
    return Finding(
        requirement,
        decision,
        Evidence("none", statements=policies, details=("read from the error message",)),
        code=denial.code,
        layer=Layer.UNKNOWN if denial.layer is None else denial.layer,
        why="denied, as the error message says",
    )


def _known(name: str) -> Action | None:
    try:
        return find_action(name)
    except ConfigurationError:
        return None


def _resource(denial: Denial, action: Action | None) -> str | None:
    text = denial.resource
    if text == "*" or (not text and action is not None and not action.takes_resources):
        return "*"
    caller = denied_principal(denial)
    if text and text.startswith("arn:"):
        return text if _is_arn(text) else None
    named = _NAMED.fullmatch(text or "")
    if named is not None:
        return None if caller is None else _of_iam(named[1], named[2], caller)
    if denial.layer in (Layer.RESOURCE, Layer.TRUST):
        return None  # the policy of one resource denied, and it is not told of which
    if not text and action is not None and len(action.resource_kinds) == 1 and caller is not None:
        region = denial.region or "*"
        return action.resource_kinds[0].pattern(partition=caller.partition, region=region, account=caller.account)
    return None


def _is_arn(text: str) -> bool:
    try:
        return bool(Arn.parse(text).resource) and is_whole(text)
    except ValueError:
        return False


def _of_iam(kind: str, name: str, caller: Principal) -> str:
    return f"arn:{caller.partition}:iam::{caller.account}:{kind.replace(' ', '-')}/{name}"


def _context(resource: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The Region that the model's own authorization carries: a profile is routed, and each destination asked.

    Source: the Bedrock User Guide, global-cross-region-inference.html (read 2026-11): ``unspecified`` where the ARN of
    the model has no Region.
    """
    if ":foundation-model/" not in resource:
        return ()
    region = Arn.parse(resource).region
    return (("aws:RequestedRegion", (region or "unspecified",)),)
