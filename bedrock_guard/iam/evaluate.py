"""Whether a request is allowed, by all policies that apply to it, in the order of AWS's documentation.

Every layer is asked, so that each has its own decision; together they can only ever move the answer down. A key
that nobody knows leaves two answers, the best and the worst there could be: where they differ in whether the
request is allowed, the answer is ``unverified`` and names the keys it hangs on.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
reference_policies_evaluation-logic-cross-account.html and access_policies_boundaries.html, read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bedrock_guard.iam.callers import Caller, read_caller
from bedrock_guard.iam.combine import Answers, Setting, combine
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.layers import Ask, Outcome, ask_layers
from bedrock_guard.iam.policy import Policy, PolicyKind, Statement

__all__ = ["Evaluation", "LayerDecision", "Match", "Policies", "Request", "evaluate"]


@dataclass(frozen=True, slots=True)
class Request:
    """One question.

    Attributes:
        principal: ARN of a user, role, role session, federated user or root user; a service such as
            ``bedrock.amazonaws.com`` or an identity provider where it assumes a role; ``*`` for nobody in particular.
        action: Such as ``bedrock:InvokeModel``; case does not count.
        resource: An ARN, or ``*`` for an action that has no resource.
        context: The condition keys.
        resource_account: Owner of the resource where the ARN does not say it (S3).
    """

    principal: str
    action: str
    resource: str
    context: Context
    resource_account: str | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything that applies to a request.

    Attributes:
        identity: Identity policies of the principal and its groups.
        boundary: The permissions boundary; None if there is none.
        scps: Service control policies by level, root first; each level must allow. Empty outside an organization.
        rcps: Resource control policies of the resource's account by level. AWS's RCPFullAWSAccess, which cannot be
            detached, need not be among them: only their denials count.
        session: Session policies; None or empty if the session has none.
        resource: The resource's own policy, or a role's trust policy when it is to be assumed. None leaves the
            resource's side out, as IAM's simulator does.
        vpc_endpoint: The policy of the VPC endpoint the request comes through.
    """

    identity: Sequence[Policy] = ()
    boundary: Policy | None = None
    scps: Sequence[Sequence[Policy]] = ()
    rcps: Sequence[Sequence[Policy]] = ()
    session: Sequence[Policy] | None = None
    resource: Policy | None = None
    vpc_endpoint: Policy | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that decided, and its policy."""

    policy: Policy
    statement: Statement


@dataclass(frozen=True, slots=True)
class LayerDecision:
    """What one layer says.

    Attributes:
        decision: Its answer by itself.
        matched: The statements behind it: the Denies of an explicit deny, the Allows of an allow, and of an
            ``unverified`` one those of which nobody knows whether they match.
    """

    decision: Decision
    matched: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer.

    Attributes:
        decision: Over all layers.
        layer: Which layer denied; None if none did. With ``unverified``, the one that would deny at worst.
        layers: Every layer that applied.
        depends_on: The unknown keys that the answer hangs on, as policies write them; empty unless ``unverified``.
        best: The answer for the most fortunate values of all unknown keys.
        worst: The answer for the least fortunate ones.
    """

    decision: Decision
    layer: Layer | None
    layers: Mapping[Layer, LayerDecision]
    depends_on: tuple[str, ...] = ()
    best: Decision = field(default=Decision.IMPLICIT_DENY)
    worst: Decision = field(default=Decision.IMPLICIT_DENY)


def evaluate(request: Request, policies: Policies) -> Evaluation:
    """The decision on a request, with the layer and the statements behind it."""
    caller = read_caller(request.principal)
    ask = Ask(request.action.lower(), request.resource, request.context, caller)
    outcomes = ask_layers(ask, policies)
    setting = _setting(request, policies, caller)
    worst, worst_layer = combine(Answers.worst(outcomes), setting)
    layers = {layer: _layer_decision(outcome) for layer, outcome in outcomes.items()}
    if not any(outcome.is_open for outcome in outcomes.values()):
        return Evaluation(worst, worst_layer, layers, (), worst, worst)
    best, best_layer = combine(Answers.best(outcomes), setting)
    if best is worst:
        return Evaluation(best, best_layer, layers, (), best, worst)
    if best is not Decision.ALLOWED:
        # Denied whatever the keys are; only how is open.
        return Evaluation(best, best_layer, layers, (), best, worst)
    return Evaluation(Decision.UNVERIFIED, worst_layer, layers, _depends_on(ask, outcomes, setting), best, worst)


def _setting(request: Request, policies: Policies, caller: Caller) -> Setting:
    parts = request.resource.split(":", 5)
    of_arn = parts[4] if len(parts) == 6 else ""
    account = of_arn if request.resource_account is None else request.resource_account
    own = policies.resource
    # Source: reference_policies_evaluation-logic_policy-eval-denyallow.html on trust and key policies.
    must_allow = own is not None and (own.kind is PolicyKind.TRUST or parts[2:3] == ["kms"])
    return Setting.of(
        caller.kind,
        crosses_accounts=bool(account and caller.account) and account != caller.account,
        resource_must_allow=must_allow,
    )


def _layer_decision(outcome: Outcome) -> LayerDecision:
    decision = outcome.decision
    return LayerDecision(decision, tuple(Match(policy, rule.statement) for policy, rule in outcome.behind(decision)))


def _depends_on(ask: Ask, outcomes: Mapping[Layer, Outcome], setting: Setting) -> tuple[str, ...]:
    """The unknown keys of the layers that tip the answer; a layer is left out if the others settle it."""
    best, worst = Answers.best(outcomes), Answers.worst(outcomes)
    at_best, at_worst = combine(best, setting)[0], combine(worst, setting)[0]
    open_layers = [layer for layer, outcome in outcomes.items() if outcome.is_open]
    tipping = [
        layer
        for layer in open_layers
        if combine(best.replacing(layer, worst), setting)[0] is not at_best
        or combine(worst.replacing(layer, best), setting)[0] is not at_worst
    ]
    found: dict[str, str] = {}
    for layer in tipping or open_layers:
        for _, rule in outcomes[layer].open_rules():
            for key in rule.unknown_keys(ask.resource, ask.context):
                found.setdefault(key.lower(), key)
    return tuple(found.values())
