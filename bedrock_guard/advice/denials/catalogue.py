"""The whole catalogue, and the codes of IAM's denials."""

from __future__ import annotations

from types import MappingProxyType

from bedrock_guard.advice.denials.bedrock_texts import BEDROCK_TEXTS
from bedrock_guard.advice.denials.common_texts import COMMON_TEXTS
from bedrock_guard.iam.decision import Layer

__all__ = ["BY_CAUSE", "TEXTS", "UNRECOGNISED", "permission_code"]

TEXTS = (*BEDROCK_TEXTS, *COMMON_TEXTS)
BY_CAUSE = MappingProxyType({text.cause: text for text in TEXTS})

UNRECOGNISED = "BG432"
"""The code of an error that has a known error code and an unknown text."""

_CODES = MappingProxyType(
    {
        Layer.BOUNDARY: "BG202",
        Layer.SCP: "BG203",
        Layer.RCP: "BG204",
        Layer.SESSION: "BG205",
        Layer.VPC_ENDPOINT: "BG206",
        Layer.RESOURCE: "BG207",
        Layer.TRUST: "BG208",
    }
)


def permission_code(layer: Layer, *, explicit: bool | None) -> str:
    """The stable code of a denial by IAM: the one that a check gives to a finding of the same layer."""
    if layer is Layer.IDENTITY:
        return "BG201" if explicit else "BG101"
    return _CODES.get(layer, "BG430")
