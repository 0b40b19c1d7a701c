"""The foundation models and system-defined profiles that the sandbox lists: a selection of the service's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bedrock_guard.bedrock.profiles import destinations, known_profiles, sources
from bedrock_guard.testing.bedrock_models import ApplicationProfile, BedrockPlace

__all__ = [
    "application_profile",
    "foundation_models",
    "profile_only",
    "profile_summary",
    "system_profile",
    "system_profiles",
]

_ON_DEMAND = (
    "amazon.nova-lite-v1:0",
    "amazon.nova-micro-v1:0",
    "amazon.nova-pro-v1:0",
    "amazon.titan-embed-text-v2:0",
    "amazon.titan-text-express-v1",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-3-sonnet-20240229-v1:0",
    "anthropic.claude-3-5-sonnet-20240620-v1:0",
    "cohere.embed-english-v3",
    "meta.llama3-70b-instruct-v1:0",
    "meta.llama3-8b-instruct-v1:0",
    "mistral.mistral-large-2402-v1:0",
)
"""Models that can be called by their own id. Source: Bedrock User Guide, models-regions (read 2026-11)."""

_PROFILE_ONLY = (
    "amazon.nova-2-lite",
    "amazon.nova-premier",
    "anthropic.claude-3-5-haiku",
    "anthropic.claude-3-5-sonnet-20241022",
    "anthropic.claude-3-7-sonnet",
    "anthropic.claude-haiku-4",
    "anthropic.claude-opus-4",
    "anthropic.claude-sonnet-4",
    "deepseek.r1",
    "meta.llama3-1",
    "meta.llama3-2",
    "meta.llama3-3",
    "meta.llama4",
    "writer.palmyra-x",
)
"""Starts of the ids of models that only an inference profile serves. Source: the same page; in some Regions a few of
them can be called directly, which is left out here."""

_PROVIDERS = {
    "amazon": "Amazon",
    "anthropic": "Anthropic",
    "cohere": "Cohere",
    "deepseek": "DeepSeek",
    "meta": "Meta",
    "mistral": "Mistral AI",
    "stability": "Stability AI",
    "twelvelabs": "TwelveLabs",
    "writer": "Writer",
}


@dataclass(frozen=True, slots=True)
class _Model:
    id: str
    on_demand: bool


def profile_only(model_id: str) -> bool:
    """Whether the model cannot be called by its own id."""
    return model_id.startswith(_PROFILE_ONLY)


def foundation_models(place: BedrockPlace) -> list[dict[str, Any]]:
    """FoundationModelSummaries of a Region."""
    return [_summary(model, place) for model in _models() if _offered(model, place.region)]


def _offered(model: _Model, region: str) -> bool:
    """A model is where it can be called directly, and where one of its profiles can be called or routes to."""
    return model.on_demand or any(region in sources(f"{prefix}.{model.id}") for prefix in _prefixes())


def _summary(model: _Model, place: BedrockPlace) -> dict[str, Any]:
    vendor = model.id.partition(".")[0]
    return {
        "modelArn": place.model(model.id, place.region),
        "modelId": model.id,
        "modelName": model.id.partition(".")[2],
        "providerName": _PROVIDERS.get(vendor, vendor.capitalize()),
        "inputModalities": ["TEXT"],
        "outputModalities": ["EMBEDDING"] if "embed" in model.id else ["TEXT"],
        "responseStreamingSupported": "embed" not in model.id,
        "customizationsSupported": [],
        "inferenceTypesSupported": ["ON_DEMAND"] if model.on_demand else ["INFERENCE_PROFILE"],
        "modelLifecycle": {"status": "ACTIVE"},
    }


def system_profiles(place: BedrockPlace) -> list[dict[str, Any]]:
    """The system-defined profiles that can be called in a Region."""
    here = [profile for profile in known_profiles() if place.region in sources(profile)]
    return [summary for profile in here if (summary := system_profile(profile, place)) is not None]


def system_profile(profile_id: str, place: BedrockPlace) -> dict[str, Any] | None:
    """The system-defined profile, with the models behind it; None if it cannot be called in that Region."""
    if profile_id not in known_profiles() or place.region not in sources(profile_id):
        return None
    regions = destinations(profile_id, place.region)
    if regions is None:
        return None
    geography, _, model_id = profile_id.partition(".")
    # The model behind a global profile that serves anywhere has no Region in its ARN.
    arns = [place.model(model_id, "" if region == "unspecified" else region) for region in regions]
    return profile_summary(
        place.arn(f"inference-profile/{profile_id}"),
        profile_id,
        f"{geography.upper()} {model_id}",
        arns,
        "SYSTEM_DEFINED",
    )


def profile_summary(
    arn: str, id_: str, name: str, models: Sequence[str], type_: str, description: str = ""
) -> dict[str, Any]:
    """An inference profile as GetInferenceProfile and ListInferenceProfiles write it."""
    return {
        "inferenceProfileName": name,
        "description": description or f"Routes requests to {name}.",
        "createdAt": "2025-01-01T00:00:00Z",
        "updatedAt": "2025-01-01T00:00:00Z",
        "inferenceProfileArn": arn,
        "models": [{"modelArn": model} for model in models],
        "inferenceProfileId": id_,
        "status": "ACTIVE",
        "type": type_,
    }


def application_profile(profile: ApplicationProfile) -> dict[str, Any]:
    """An application inference profile in the same form."""
    return profile_summary(profile.arn, profile.id, profile.name, profile.models, "APPLICATION", profile.description)


@cache
def _models() -> tuple[_Model, ...]:
    behind_profiles = {profile.partition(".")[2] for profile in known_profiles()}
    ids = sorted({*_ON_DEMAND, *behind_profiles})
    return tuple(_Model(model_id, not profile_only(model_id)) for model_id in ids)


@cache
def _prefixes() -> tuple[str, ...]:
    return tuple(sorted({profile.partition(".")[0] for profile in known_profiles()}))
