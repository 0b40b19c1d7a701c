"""What each kind of policy says of a request, by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_guard.iam.callers import Caller, CallerKind, Reach
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.iam.rules import Rule

if TYPE_CHECKING:
    from bedrock_guard.iam.evaluate import Policies

__all__ = ["SEVERITY", "Ask", "Outcome", "ask_layers"]

SEVERITY = {Decision.ALLOWED: 0, Decision.IMPLICIT_DENY: 1, Decision.EXPLICIT_DENY: 2}
"""How far down a decision is; the layers together are as far down as the lowest that counts."""

Found = tuple[Policy, Rule]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as the layers need it: the action in lower case, the caller read."""

    action: str
    resource: str
    context: Context
    caller: Caller


class Outcome:
    """What one layer says, at best and at worst.

    Attributes:
        allows: Allow statements that match.
        denies: Deny statements that match.
        maybe_allows: Allow statements of which nobody knows whether they match.
        maybe_denies: The same of Deny statements.
        best: The decision for the most fortunate values of the unknown keys.
        worst: The decision for the least fortunate ones.
        best_reach: For a resource policy, how far its Allows carry at best.
        worst_reach: The same at worst.
    """

    __slots__ = (
        "allows",
        "best",
        "best_reach",
        "denies",
        "maybe_allows",
        "maybe_denies",
        "worst",
        "worst_reach",
    )

    def __init__(self, policies: Iterable[Policy], ask: Ask, *, principals: bool = False) -> None:
        self.allows: list[Found] = []
        self.denies: list[Found] = []
        self.maybe_allows: list[Found] = []
        self.maybe_denies: list[Found] = []
        self.best_reach = self.worst_reach = Reach.NONE
        action, resource, context = ask.action, ask.resource, ask.context
        for policy in policies:
            for rule in policy.rules.naming(action):
                reach = rule.reach(ask.caller) if principals else Reach.LIMITED
                if not reach:
                    continue
                truth = rule.holds(resource, context)
                if truth is False:
                    continue
                if rule.deny:
                    (self.denies if truth else self.maybe_denies).append((policy, rule))
                    continue
                (self.allows if truth else self.maybe_allows).append((policy, rule))
                self.best_reach = max(self.best_reach, reach)
                if truth:
                    self.worst_reach = max(self.worst_reach, reach)
        self._decide()

    def _decide(self) -> None:
        allowed = Decision.ALLOWED
        if self.denies:
            self.best = self.worst = Decision.EXPLICIT_DENY
            return
        self.best = allowed if self.allows or self.maybe_allows else Decision.IMPLICIT_DENY
        if self.maybe_denies:
            self.worst = Decision.EXPLICIT_DENY
        else:
            self.worst = allowed if self.allows else Decision.IMPLICIT_DENY

    @property
    def decision(self) -> Decision:
        """The layer's own decision; ``unverified`` where it may or may not allow."""
        if self.best is Decision.ALLOWED and self.worst is not Decision.ALLOWED:
            return Decision.UNVERIFIED
        return self.best

    @property
    def is_open(self) -> bool:
        """Whether unknown keys leave the layer more than one answer."""
        return self.best is not self.worst or self.best_reach is not self.worst_reach

    def behind(self, decision: Decision) -> Sequence[Found]:
        """The statements that the layer's own decision rests on."""
        if decision is Decision.EXPLICIT_DENY:
            return self.denies
        if decision is Decision.ALLOWED:
            return self.allows
        return self.open_rules() if decision is Decision.UNVERIFIED else ()

    def open_rules(self) -> list[Found]:
        """The statements that keep the layer from being decided; none that could not change it."""
        if self.denies:
            return []
        settled = bool(self.allows) and self.best_reach is self.worst_reach
        return self.maybe_denies + ([] if settled else self.maybe_allows)


class LevelsOutcome(Outcome):
    """The outcome of service control policies: every level must allow, a Deny at any level denies."""

    __slots__ = ("levels",)

    def __init__(self, levels: Iterable[Iterable[Policy]], ask: Ask) -> None:
        super().__init__((), ask)
        self.levels = [Outcome(level, ask) for level in levels]
        for level in self.levels:
            self.allows += level.allows
            self.denies += level.denies
            self.maybe_allows += level.maybe_allows
            self.maybe_denies += level.maybe_denies
        self.best = max((level.best for level in self.levels), key=SEVERITY.__getitem__)
        self.worst = max((level.worst for level in self.levels), key=SEVERITY.__getitem__)

    def open_rules(self) -> list[Found]:
        if self.denies:
            return []
        return [found for level in self.levels for found in level.open_rules()]


class DenialsOutcome(Outcome):
    """The outcome of policies whose allowing part is always in place: only their Denies count."""

    __slots__ = ()

    def _decide(self) -> None:
        self.maybe_allows = []
        self.best = Decision.EXPLICIT_DENY if self.denies else Decision.ALLOWED
        self.worst = Decision.EXPLICIT_DENY if self.maybe_denies else self.best

    @property
    def is_open(self) -> bool:
        return self.best is not self.worst


def ask_layers(ask: Ask, policies: Policies) -> dict[Layer, Outcome]:
    """The outcome of every layer that applies to the request, in the order in which they are named for a denial."""
    found: dict[Layer, Outcome] = {}
    caller = ask.caller
    if policies.rcps and not caller.service_linked:
        every = [policy for level in policies.rcps for policy in level]
        found[Layer.RCP] = DenialsOutcome(every, ask, principals=True)
    insider = caller.kind is not CallerKind.OUTSIDER
    if policies.scps and insider and not caller.service_linked:
        found[Layer.SCP] = LevelsOutcome(policies.scps, ask)
    if policies.vpc_endpoint is not None:
        found[Layer.VPC_ENDPOINT] = Outcome((policies.vpc_endpoint,), ask, principals=True)
    if policies.resource is not None:
        trust = policies.resource.kind is PolicyKind.TRUST
        found[Layer.TRUST if trust else Layer.RESOURCE] = Outcome((policies.resource,), ask, principals=True)
    if not insider:
        return found
    root = caller.kind is CallerKind.ROOT
    found[Layer.IDENTITY] = (DenialsOutcome if root else Outcome)(policies.identity, ask)
    if policies.boundary is not None and not root:
        found[Layer.BOUNDARY] = Outcome((policies.boundary,), ask)
    if policies.session or caller.kind is CallerKind.FEDERATED_USER:
        found[Layer.SESSION] = Outcome(policies.session or (), ask)
    return found
