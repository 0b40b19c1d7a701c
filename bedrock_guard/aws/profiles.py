"""Where models may be served: the Regions behind a system-defined profile, the models behind any other routed id."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.bedrock.models import ModelKind, ModelRef
from bedrock_guard.bedrock.profiles import destinations as listed_destinations
from bedrock_guard.bedrock.profiles import table_version
from bedrock_guard.errors import BedrockGuardError
from bedrock_guard.report import Note

__all__ = ["destinations_of"]

_GET_PROFILE = "bedrock:GetInferenceProfile"
_PROFILES = (ModelKind.INFERENCE_PROFILE, ModelKind.APPLICATION_INFERENCE_PROFILE)


_Found = dict[str, "tuple[str, ...] | None"]


def destinations_of(
    calls: AwsCalls, models: Sequence[tuple[str, ModelRef]], *, may_ask: bool = True
) -> tuple[_Found, tuple[Note, ...]]:
    """Destinations of each routed model by the text the app wrote, and notes on how they were found.

    What the shipped table lists is taken from it; what it cannot know (application inference profiles, profiles newer
    than it) is asked of bedrock:GetInferenceProfile, side by side, if it may be. None where neither tells.
    """
    routed = {text: model for text, model in models if model.routed}
    found: _Found = {text: _from_table(model, calls.region) for text, model in routed.items()}
    listed = [text for text, regions in found.items() if regions is not None]
    notes = []
    if listed:
        notes.append(Note("BG301", f"The Regions behind {', '.join(listed)} are those of {table_version()}."))
    to_ask = [t for t, regions in found.items() if may_ask and regions is None and routed[t].kind in _PROFILES]
    answers = calls.gather(
        [partial(_from_service, calls, text) for text in to_ask],
        action=_GET_PROFILE,
    )
    failed = {}
    for text, answer in zip(to_ask, answers, strict=True):
        if isinstance(answer, BedrockGuardError):
            failed[text] = str(answer)
        else:
            found[text] = answer or None
    for text, regions in found.items():
        if regions is None:
            why = failed.get(text, "its id does not say")
            notes.append(Note("BG302", f"What {text} routes to is not known, so that is not checked: {why}"))
    return found, tuple(notes)


def _from_table(model: ModelRef, region: str) -> tuple[str, ...] | None:
    if model.kind is not ModelKind.INFERENCE_PROFILE:
        return None
    return listed_destinations(model.id, model.region or region)


def _from_service(calls: AwsCalls, identifier: str) -> tuple[str, ...]:
    """The model ARNs that GetInferenceProfile lists."""
    answer: dict[str, Any] = calls.call(
        "bedrock",
        "get_inference_profile",
        action=_GET_PROFILE,
        resource=identifier,
        inferenceProfileIdentifier=identifier,
    )
    return tuple(model["modelArn"] for model in answer.get("models", ()) if model.get("modelArn"))
