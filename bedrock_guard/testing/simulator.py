"""The simulator: decisions on hypothetical requests, put together as IAM's simulator puts them together.

It differs from the evaluation of real requests: within an account a resource policy that names the account is as good
as one that names the caller, and no implicit deny of the boundary limits it; a denial by a service control policy
hides everything else; keys count as missing unless the request itself brings them.

Source: answers of the real service recorded 2026-09-11 (github.com/radkawar/stackd); botocore's model of iam.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bedrock_guard.iam.arn import Arn
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.evaluate import LayerDecision, Match, Policies, Request, evaluate
from bedrock_guard.iam.policy import Policy
from bedrock_guard.testing.simulator_input import SimulationInput, invalid_input
from bedrock_guard.testing.simulator_resources import ActionFacts, action_facts

__all__ = ["ActionResult", "Outcome", "Simulation", "check_actions", "simulate"]

_SEVERITY = {Decision.ALLOWED: 0, Decision.IMPLICIT_DENY: 1, Decision.EXPLICIT_DENY: 2}


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everything a simulation is about.

    Attributes:
        asked: The request.
        identity: Identity policies.
        boundary: The boundary that counts.
        levels: Service control policies; None outside an organization or where they are left out.
        caller: ARN of the simulated caller; empty if there is none.
        account: The account of whoever asks.
        keys: Condition keys that the simulator fills in.
    """

    asked: SimulationInput
    identity: tuple[Policy, ...]
    boundary: Policy | None
    levels: tuple[tuple[Policy, ...], ...] | None
    caller: str
    account: str
    keys: Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer for one action on one resource, or for one action over all of them.

    Attributes:
        resource: EvalResourceName; None if it is left out.
        matched: With the source type of each.
        missing: MissingContextValues.
        by_organization: AllowedByOrganizations; None outside an organization.
        by_boundary: AllowedByPermissionsBoundary; None without one.
        details: EvalDecisionDetails; empty within an account.
    """

    resource: str | None
    decision: Decision
    matched: tuple[tuple[Match, str], ...] = ()
    missing: tuple[str, ...] = ()
    by_organization: bool | None = None
    by_boundary: bool | None = None
    details: Mapping[str, Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """One EvaluationResult: the whole, and one outcome per resource if resources were asked for."""

    action: str
    whole: Outcome
    by_resource: tuple[Outcome, ...]


_IDENTITY, _RESOURCE, _BOUNDARY = "IAM Policy", "Resource Policy", "Permissions Boundary Policy"


def check_actions(asked: SimulationInput, operation: str) -> None:
    """Refuses actions that cannot be simulated together, or not with these parameters.

    Raises:
        AwsError: ``InvalidInput``.
    """
    if not asked.resources:
        return
    facts = [action_facts(action) for action in dict.fromkeys(asked.actions)]
    known = [fact.name for fact in facts if fact.recognised]
    unknown = [fact.name for fact in facts if not fact.recognised]
    if known and unknown:
        raise invalid_input(
            f"Invalid Input Actions: [{','.join(known)}] and [{','.join(unknown)}] "
            "require different authorization information."
        )
    unsupported = [fact.name for fact in facts if asked.handling and asked.handling not in fact.scenarios]
    if unsupported:
        raise invalid_input(
            "Invalid input resource handling options. Action does not support resource handling options: "
            f"{','.join(unsupported)}. Please refer to the documentation for more details: "
            f"https://docs.aws.amazon.com/IAM/latest/APIReference/API_{operation}.html"
        )


def simulate(simulation: Simulation, action: str) -> ActionResult:
    """The result for one action over all resources."""
    facts = action_facts(action)
    resources = simulation.asked.resources
    if not resources:
        outcome = _outcome(simulation, facts, "*")
        shown = facts.aggregate_name(0, "*", simulation.account)
        return ActionResult(action, _renamed(outcome, shown), ())
    outcomes = tuple(_outcome(simulation, facts, resource) for resource in resources)
    shown = facts.aggregate_name(len(resources), resources[0], simulation.account)
    return ActionResult(action, _aggregate(outcomes, shown), outcomes)


def _renamed(outcome: Outcome, resource: str | None) -> Outcome:
    return Outcome(
        resource,
        outcome.decision,
        outcome.matched,
        outcome.missing,
        outcome.by_organization,
        outcome.by_boundary,
        outcome.details,
    )


def _outcome(simulation: Simulation, facts: ActionFacts, resource: str) -> Outcome:
    layers = _layers(simulation, facts.name, resource)
    organization = layers.get(Layer.SCP)
    in_organization = simulation.levels is not None
    if organization is not None and organization.decision is not Decision.ALLOWED:
        return Outcome(resource, organization.decision, by_organization=False)
    boundary = layers.get(Layer.BOUNDARY)
    by_boundary = None if boundary is None else boundary.decision is Decision.ALLOWED
    fits = resource == "*" or facts.fits(resource)
    decision = _decision(simulation, layers, resource) if fits else Decision.IMPLICIT_DENY
    return Outcome(
        resource,
        decision,
        _matched(layers, decision),
        _missing(simulation) if decision is Decision.IMPLICIT_DENY else (),
        True if in_organization else None,
        by_boundary,
        _details(layers) if _crosses_accounts(simulation, resource) else {},
    )


def _layers(simulation: Simulation, action: str, resource: str) -> Mapping[Layer, LayerDecision]:
    caller = simulation.caller or f"arn:aws:iam::{simulation.account}:user/simulated"
    policies = Policies(
        identity=simulation.identity,
        boundary=simulation.boundary,
        scps=simulation.levels or (),
        resource=simulation.asked.resource_policy,
    )
    context = Context({**simulation.keys, **simulation.asked.context})
    return evaluate(Request(caller, action, resource, context), policies).layers


def _decision(simulation: Simulation, layers: Mapping[Layer, LayerDecision], resource: str) -> Decision:
    decisions = {layer: layers[layer].decision for layer in layers if layer is not Layer.SCP}
    if Decision.EXPLICIT_DENY in decisions.values():
        return Decision.EXPLICIT_DENY
    by_resource = decisions.get(Layer.RESOURCE)
    within = decisions[Layer.IDENTITY] is Decision.ALLOWED and (
        decisions.get(Layer.BOUNDARY, Decision.ALLOWED) is Decision.ALLOWED
    )
    if _crosses_accounts(simulation, resource):
        allowed = within and by_resource is Decision.ALLOWED
    else:
        allowed = within or by_resource is Decision.ALLOWED
    return Decision.ALLOWED if allowed else Decision.IMPLICIT_DENY


def _crosses_accounts(simulation: Simulation, resource: str) -> bool:
    """Whether caller and resource are of different accounts; only a resource policy makes it matter."""
    if simulation.asked.resource_policy is None or not simulation.caller:
        return False
    own = Arn.parse(simulation.caller).account
    of_resource = resource.split(":", 5)[4] if resource.count(":") >= 5 else ""
    return (of_resource or simulation.asked.owner or own) != own


def _matched(layers: Mapping[Layer, LayerDecision], decision: Decision) -> tuple[tuple[Match, str], ...]:
    """The statements behind a decision: the Denies of all layers, or the Allows; those of a boundary are not shown."""
    if decision is Decision.IMPLICIT_DENY:
        return ()
    shown = [(Layer.RESOURCE, _RESOURCE), (Layer.IDENTITY, _IDENTITY)]
    if decision is Decision.EXPLICIT_DENY:
        shown.insert(0, (Layer.BOUNDARY, _BOUNDARY))
    found = []
    for layer, source_type in shown:
        told = layers.get(layer)
        if told is not None and told.decision is decision:
            found += [(match, source_type) for match in told.matched]
    return tuple(found)


def _missing(simulation: Simulation) -> tuple[str, ...]:
    """Every key of every document but service control policies that the request does not bring, needed or not."""
    given = {key.lower() for key in simulation.asked.context}
    policies = [*simulation.identity, simulation.boundary, simulation.asked.resource_policy]
    keys = [key for policy in policies if policy is not None for key in policy.rules.context_keys]
    return tuple(dict.fromkeys(key for key in keys if key.lower() not in given))


def _details(layers: Mapping[Layer, LayerDecision]) -> Mapping[str, Decision]:
    names = {Layer.BOUNDARY: _BOUNDARY, Layer.IDENTITY: _IDENTITY, Layer.RESOURCE: _RESOURCE}
    return {name: layers[layer].decision for layer, name in names.items() if layer in layers}


def _aggregate(outcomes: Sequence[Outcome], shown: str | None) -> Outcome:
    decision = _worst(outcome.decision for outcome in outcomes)
    matched = dict.fromkeys(pair for outcome in outcomes for pair in outcome.matched)
    missing = dict.fromkeys(key for outcome in outcomes for key in outcome.missing)
    names = dict.fromkeys(name for outcome in outcomes for name in outcome.details)
    return Outcome(
        shown,
        decision,
        tuple(matched),
        tuple(missing) if decision is Decision.IMPLICIT_DENY else (),
        _all(outcome.by_organization for outcome in outcomes),
        _all(outcome.by_boundary for outcome in outcomes),
        {name: _worst(o.details[name] for o in outcomes if name in o.details) for name in names},
    )


def _worst(decisions: Iterable[Decision]) -> Decision:
    return max(decisions, key=_SEVERITY.__getitem__)


def _all(answers: Iterable[bool | None]) -> bool | None:
    given = [answer for answer in answers if answer is not None]
    return all(given) if given else None
