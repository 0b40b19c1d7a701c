"""The offline evaluator: our engine on policies that were read or given. It makes no call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bedrock_guard.aws.batches import Question
from bedrock_guard.aws.context import is_multivalued, unknown_keys
from bedrock_guard.iam.context import Context, context_keys
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.evaluate import Evaluation, Policies, Request, evaluate
from bedrock_guard.iam.policy import Policy
from bedrock_guard.report import Principal, PrincipalType, StatementReference

__all__ = ["Judged", "KnownPolicies", "context_of", "judge_offline"]


@dataclass(frozen=True)
class KnownPolicies:
    """The policies the engine decides by.

    Attributes:
        identity: All identity policies.
        boundary: The permissions boundary.
        scps: Levels, root first, where they were given.
        assumes_full_access: Whether an Allow that no given SCP has was assumed beside them.
        positions: Whether line and column are those of a text its owner has.
    """

    identity: tuple[Policy, ...]
    boundary: Policy | None = None
    scps: tuple[tuple[Policy, ...], ...] = ()
    assumes_full_access: bool = False
    positions: bool = False

    @property
    def levels(self) -> Mapping[Layer, tuple[tuple[Policy, ...], ...]]:
        """The policies of each layer; every one of its levels has to allow."""
        boundary = () if self.boundary is None else ((self.boundary,),)
        return {Layer.IDENTITY: (self.identity,), Layer.BOUNDARY: boundary, Layer.SCP: self.scps}

    @property
    def all(self) -> tuple[Policy, ...]:
        boundary = () if self.boundary is None else (self.boundary,)
        return (*self.identity, *boundary, *(policy for level in self.scps for policy in level))


@dataclass(frozen=True)
class Judged:
    """What the engine says of one question.

    Attributes:
        evaluation: Decision, layers and the keys the answer hangs on.
        statements: The statements that decided.
    """

    evaluation: Evaluation
    statements: tuple[StatementReference, ...]

    @property
    def decision(self) -> Decision:
        return self.evaluation.decision

    @property
    def layer(self) -> Layer | None:
        return self.evaluation.layer

    @property
    def depends_on(self) -> tuple[str, ...]:
        return self.evaluation.depends_on


def judge_offline(question: Question, principal: Principal, policies: KnownPolicies) -> Judged:
    """The engine's answer to one question; three-valued where a condition key is not known."""
    request = Request(
        principal=principal.policy_source_arn or principal.caller_arn,
        action=question.requirement.action,
        resource=question.requirement.resource,
        context=context_of(question, principal, policies),
    )
    evaluation = evaluate(request, Policies(identity=policies.identity, boundary=policies.boundary, scps=policies.scps))
    return Judged(evaluation, _statements(evaluation, positions=policies.positions))


def context_of(question: Question, principal: Principal, policies: KnownPolicies) -> Context:
    """The condition keys of the question as the engine takes them, with those of the policies that nobody knows."""
    values = {**_filled_in(principal), **question.context}
    unknown = unknown_keys(
        context_keys(policies.all),
        requirement=question.requirement,
        supplied=values,
        filled_in=(),
    )
    single = {k: v[0] if len(v) == 1 and not is_multivalued(k) else v for k, v in values.items()}
    return Context(single, unknown=unknown)


def _filled_in(principal: Principal) -> dict[str, tuple[str, ...]]:
    """What the simulator would know by itself and we know too; of mere policy files nothing."""
    if principal.type is PrincipalType.POLICY_FILES:
        return {}
    known: dict[str, tuple[str, ...]] = {"aws:PrincipalAccount": (principal.account,)}
    if principal.path_known:
        known["aws:PrincipalArn"] = (principal.policy_source_arn or principal.caller_arn,)
    if principal.type is PrincipalType.USER:
        known["aws:username"] = (principal.name,)
        known["aws:PrincipalType"] = ("User",)
    elif principal.type in (PrincipalType.ROLE, PrincipalType.ROLE_SESSION):
        known["aws:PrincipalType"] = ("AssumedRole",)
        known["aws:username"] = ()
    return known


def _statements(evaluation: Evaluation, *, positions: bool) -> tuple[StatementReference, ...]:
    layer = evaluation.layer or Layer.IDENTITY
    decided = evaluation.layers.get(layer)
    if decided is None:
        return ()
    return tuple(
        StatementReference(
            policy=match.policy.name,
            policy_type=match.policy.kind.value,
            sid=match.statement.sid,
            line=match.statement.start.line if positions else None,
            column=match.statement.start.column if positions else None,
        )
        for match in decided.matched
    )
