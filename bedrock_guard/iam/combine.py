"""The layers' answers put together.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and
reference_policies_evaluation-logic-cross-account.html, read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bedrock_guard.iam.callers import CallerKind, Reach
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.layers import Outcome

__all__ = ["Answers", "Setting", "combine"]

_ALLOWED = Decision.ALLOWED
_IMPLICIT = Decision.IMPLICIT_DENY
_EXPLICIT = Decision.EXPLICIT_DENY


@dataclass(frozen=True, slots=True)
class Setting:
    """What the combination hangs on beside the answers.

    Attributes:
        outsider: Whether the caller is a service, an identity provider or nobody in particular, so that only the
            resource's own policy can allow it anything.
        crosses_accounts: Whether caller and resource are of different accounts.
        resource_must_allow: Whether the resource's own policy has to allow even within the account: that of a role
            to be assumed and that of a KMS key do.
    """

    outsider: bool
    crosses_accounts: bool
    resource_must_allow: bool

    @classmethod
    def of(cls, kind: CallerKind, *, crosses_accounts: bool, resource_must_allow: bool) -> Setting:
        """The setting for a caller of this kind."""
        return cls(kind is CallerKind.OUTSIDER, crosses_accounts, resource_must_allow or crosses_accounts)


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
        decisions = {layer: outcome.best for layer, outcome in outcomes.items()}
        return cls(decisions, own.best_reach if own else Reach.NONE)

    @classmethod
    def worst(cls, outcomes: Mapping[Layer, Outcome]) -> Answers:
        """Every layer at its worst."""
        own = outcomes.get(Layer.RESOURCE) or outcomes.get(Layer.TRUST)
        decisions = {layer: outcome.worst for layer, outcome in outcomes.items()}
        return cls(decisions, own.worst_reach if own else Reach.NONE)

    def replacing(self, layer: Layer, other: Answers) -> Answers:
        """These answers with one layer's taken from ``other``."""
        own = layer in (Layer.RESOURCE, Layer.TRUST)
        return Answers({**self.decisions, layer: other.decisions[layer]}, other.reach if own else self.reach)


def combine(answers: Answers, setting: Setting) -> tuple[Decision, Layer | None]:
    """The decision over all layers, and the layer that denied."""
    decisions = answers.decisions
    for layer, decision in decisions.items():
        if decision is _EXPLICIT:
            return _EXPLICIT, layer
    denier = _outer_denier(decisions) or _inner_denier(answers, setting)
    return (_ALLOWED, None) if denier is None else (_IMPLICIT, denier)


def _outer_denier(decisions: Mapping[Layer, Decision]) -> Layer | None:
    """The first of the layers that nothing makes up for, not even a resource policy that names the caller."""
    return _first_denier(decisions, (Layer.RCP, Layer.SCP, Layer.VPC_ENDPOINT))


def _inner_denier(answers: Answers, setting: Setting) -> Layer | None:
    decisions, reach = answers.decisions, answers.reach
    own = Layer.TRUST if Layer.TRUST in decisions else Layer.RESOURCE
    if setting.outsider:
        return None if reach else own
    if own in decisions and setting.resource_must_allow and not reach:
        return own
    if setting.crosses_accounts:
        # Both accounts have to allow, whomever the resource policy names.
        return _first_denier(decisions, (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION))
    if reach >= Reach.USER:
        return None
    if reach is Reach.LIMITED:
        return _first_denier(decisions, (Layer.BOUNDARY, Layer.SESSION))
    return _first_denier(decisions, (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION))


def _first_denier(decisions: Mapping[Layer, Decision], layers: tuple[Layer, ...]) -> Layer | None:
    for layer in layers:
        if decisions.get(layer, _ALLOWED) is not _ALLOWED:
            return layer
    return None
