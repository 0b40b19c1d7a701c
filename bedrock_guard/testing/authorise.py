"""Whether a call is allowed, and AWS's own sentence where it is not.

Source of the sentences: IAM User Guide, troubleshoot_access-denied (read 2026-11); AWS Security Blog, enhanced access
denied error messages with policy ARNs (2026-01) for the ARN at their end, which only explicit denies have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.evaluate import Evaluation, LayerDecision, Policies, Request, evaluate
from bedrock_guard.iam.policy import Policy
from bedrock_guard.testing.principals import Principal
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError, Protocol

__all__ = ["Authorization", "Evaluated", "Verdict", "authorise"]


@dataclass(frozen=True, slots=True)
class Authorization:
    """One thing that has to be allowed for a call.

    Attributes:
        action: The IAM action.
        resource: An ARN, or ``*`` for an action without resources.
        region: ``aws:RequestedRegion``; the request's own if empty.
        context: Further condition keys.
        shown: How a denial names the resource, where that is not its ARN; only here ``*`` is named too.
        policy: The resource's own policy: a role's trust policy.
        anywhere: Whether the identity's side decides alone although the resource is of another account.
    """

    action: str
    resource: str = "*"
    region: str = ""
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    shown: str = ""
    policy: Policy | None = None
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One authorization and what it came to."""

    request: Request
    policies: Policies
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to all authorizations of a call.

    Attributes:
        decision: ``allowed``, or that of the first one that was denied.
        error: What the caller is told; None if all are allowed.
        evaluated: What was asked until then, in order.
    """

    decision: Decision
    error: AwsError | None = None
    evaluated: tuple[Evaluated, ...] = ()


def authorise(principal: Principal, request: AwsRequest, needed: Sequence[Authorization]) -> Verdict:
    """The verdict on a call; authorizations are asked for in their order, the first denial counts."""
    evaluated: list[Evaluated] = []
    for authorization in needed:
        one = _evaluate(principal, request, authorization)
        if one.evaluation.decision is Decision.ALLOWED and _of_another_account(principal, authorization):
            one = replace(one, evaluation=_not_by_the_owner(one.evaluation))
        evaluated.append(one)
        if one.evaluation.decision is not Decision.ALLOWED:
            error = _denied(principal, request.protocol, authorization, one.evaluation)
            return Verdict(one.evaluation.decision, error, tuple(evaluated))
    return Verdict(Decision.ALLOWED, evaluated=tuple(evaluated))


def _not_by_the_owner(evaluation: Evaluation) -> Evaluation:
    layers = {**evaluation.layers, Layer.RESOURCE: LayerDecision(Decision.IMPLICIT_DENY)}
    return replace(evaluation, decision=Decision.IMPLICIT_DENY, layer=Layer.RESOURCE, layers=layers)


def _evaluate(principal: Principal, request: AwsRequest, authorization: Authorization) -> Evaluated:
    values: dict[str, str | Sequence[str]] = {
        **principal.keys,
        "aws:RequestedRegion": authorization.region or request.region,
        "aws:UserAgent": request.received.headers.get("user-agent", ""),
        **authorization.context,
    }
    account = _account(authorization.resource)
    if account and account != "aws":
        values.setdefault("aws:ResourceAccount", account)
    policies = replace(principal.policies, resource=authorization.policy)
    asked = Request(principal.arn, authorization.action, authorization.resource, Context(values))
    return Evaluated(asked, policies, evaluate(asked, policies))


def _of_another_account(principal: Principal, authorization: Authorization) -> bool:
    """Whether the resource's owner would have to allow it too; nothing here has a policy that does."""
    account = _account(authorization.resource)
    if authorization.anywhere or authorization.policy is not None:
        return False
    return bool(account) and account not in ("aws", principal.account)


def _account(resource: str) -> str:
    parts = resource.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


_WORDS = {
    Layer.IDENTITY: ("identity-based policy", "an identity-based policy"),
    Layer.RESOURCE: ("resource-based policy", "a resource-based policy"),
    Layer.BOUNDARY: ("permissions boundary", "a permissions boundary"),
    Layer.SCP: ("service control policy", "a service control policy"),
    Layer.RCP: ("resource control policy", "a resource control policy"),
    Layer.SESSION: ("session policy", "a sessions policy"),  # sic
    Layer.VPC_ENDPOINT: ("VPC endpoint policy", "a VPC endpoint policy"),
    Layer.TRUST: ("role trust policy", "the role trust policy"),
}


def _denied(principal: Principal, protocol: Protocol, authorization: Authorization, evaluation: Evaluation) -> AwsError:
    layer = evaluation.layer or Layer.IDENTITY
    action = authorization.action
    implicit, explicit = _WORDS[layer]
    if evaluation.decision is Decision.EXPLICIT_DENY:
        clause = f" with an explicit deny in {explicit}{_denying_policy(evaluation, layer)}"
    else:
        clause = f" because no {implicit} allows the {action} action"
    shown = authorization.shown or authorization.resource
    # Services leave the resource out for an action that has none.
    on = "" if shown == "*" and not authorization.shown else f" on resource: {shown}"
    message = f"User: {principal.arn} is not authorized to perform: {action}{on}{clause}"
    code = "AccessDenied" if protocol is Protocol.QUERY else "AccessDeniedException"
    return AwsError(code, message, 400 if protocol is Protocol.JSON else 403)


def _denying_policy(evaluation: Evaluation, layer: Layer) -> str:
    """``": <ARN>"`` of the policy whose statement denied; empty for an inline policy, which has none."""
    decided = evaluation.layers.get(layer)
    names = [match.policy.name for match in decided.matched] if decided is not None else []
    arns = [name for name in names if name.startswith("arn:")]
    return f": {arns[0]}" if arns else ""
