"""The layers' answers put together.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and
reference_policies_evaluation-logic-cross-account.html, read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bedrock_guard.iam.callers import Caller, CallerKind, Reach
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.layers import Outcome

__all__ = ["Answers", "combine"]

_ALLOWED = Decision.ALLOWED
_IMPLICIT = Decision.IMPLICIT_DENY
_EXPLICIT = Decision.EXPLICIT_DENY


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer of every layer.

    Attributes:
        decisions: By layer, in the order in which they are named for a denial.
        reach: How far the resource policy's Allow carries.
    """

    decisions: Mapping[Layer, Decision]
    reach: Reach

    @classmethod
    def best(cls, outcomes: Mapping[Layer, Outcome]) -> Answers:
        """Every layer at its best."""
        own = outcomes.get(Layer.RESOURCE) or outcomes.get(Layer.TRUST)
        return cls({layer: outcome.best for layer, outcome in outcomes.items()}, own.best_reach if own else Reach.NONE)

    @classmethod
    def worst(cls, outcomes: Mapping[Layer, Outcome]) -> Answers:
        """Every layer at its worst."""
        own = outcomes.get(Layer.RESOURCE) or outcomes.get(Layer.TRUST)
        return cls(
            {layer: outcome.worst for layer, outcome in outcomes.items()}, own.worst_reach if own else Reach.NONE
        )

    def replacing(self, layer: Layer, other: Answers) -> Answers:
        """These answers with one layer's taken from ``other``."""
        own = layer in (Layer.RESOURCE, Layer.TRUST)
        return Answers({**self.decisions, layer: other.decisions[layer]}, other.reach if own else self.reach)


def combine(answers: Answers, caller: Caller, *, crosses_accounts: bool) -> tuple[Decision, Layer | None]:
    """The decision over all layers, and the layer that denied."""
    decisions = answers.decisions
    for layer, decision in decisions.items():
        if decision is _EXPLICIT:
            return _EXPLICIT, layer
    # Nothing makes up for these three, not even a resource policy that names the caller.
    for layer in (Layer.RCP, Layer.SCP, Layer.VPC_ENDPOINT):
        if decisions.get(layer, _ALLOWED) is not _ALLOWED:
            return _IMPLICIT, layer
    own = Layer.TRUST if Layer.TRUST in decisions else Layer.RESOURCE
    if caller.kind is CallerKind.OUTSIDER:
        return (_ALLOWED, None) if decisions.get(own) is _ALLOWED else (_IMPLICIT, own)
    if own in decisions:
        # A role is assumed by leave of its trust policy only, as is anything across accounts.
        if (own is Layer.TRUST or crosses_accounts) and answers.reach is Reach.NONE:
            return _IMPLICIT, own
        if not crosses_accounts and answers.reach >= Reach.USER:
            return _ALLOWED, None
    granted_by_resource = own in decisions and not crosses_accounts and answers.reach >= Reach.LIMITED
    if decisions[Layer.IDENTITY] is not _ALLOWED and not granted_by_resource:
        return _IMPLICIT, Layer.IDENTITY
    for layer in (Layer.BOUNDARY, Layer.SESSION):
        if decisions.get(layer, _ALLOWED) is not _ALLOWED:
            return _IMPLICIT, layer
    return _ALLOWED, None
