"""The diagnosis that a guarded client put into an exception already."""

from __future__ import annotations

from collections.abc import Mapping

from bedrock_guard.advice.denials.exceptions import attribute_of, chain_of
from bedrock_guard.advice.diagnosis import Diagnosis
from bedrock_guard.errors import ConfigurationError

__all__ = ["attached_diagnosis"]


def attached_diagnosis(error: BaseException) -> Diagnosis | None:
    """The first one in the exception's chain; it knows the call, which the message alone does not."""
    for each in chain_of(error):
        response = attribute_of(each, "response")
        attached = response.get("BedrockGuard") if isinstance(response, dict) else None
        if isinstance(attached, Mapping):
            try:
                return Diagnosis.from_dict(attached)
            except ConfigurationError:  # of another release, or one that failed
                continue
    return None
