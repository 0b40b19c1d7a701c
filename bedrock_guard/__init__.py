"""Finds out at startup whether an app holds every permission it needs on Amazon Bedrock.

    import bedrock_guard

    guard = bedrock_guard.Guard(
        models=["us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
        operations=["bedrock-runtime:ConverseStream"],
    )
    guard.verify()  # raises MissingPermissionsError, listing everything at once
    runtime = guard.client("bedrock-runtime")

Importing this package makes no call, logs nothing and loads neither boto3 nor structlog.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedrock_guard.advice.denial import Denial, DenialKind
    from bedrock_guard.advice.diagnosis import Diagnosis
    from bedrock_guard.aws.given import PolicyDocuments
    from bedrock_guard.clients import client, session
    from bedrock_guard.diagnose import explain
    from bedrock_guard.errors import (
        AccessDeniedError,
        BedrockGuardError,
        ConfigurationError,
        InvalidPolicyError,
        MissingPermissionsError,
        PrincipalError,
        UnverifiedPermissionsError,
    )
    from bedrock_guard.guard import Guard
    from bedrock_guard.iam.decision import Decision, Layer
    from bedrock_guard.least_privilege import PolicyOptions
    from bedrock_guard.policy_set import NamedPolicy, PolicySet
    from bedrock_guard.principal import Principal
    from bedrock_guard.report import Evidence, Finding, Remedy, Report, Requirement

__all__ = [
    "AccessDeniedError",
    "BedrockGuardError",
    "ConfigurationError",
    "Decision",
    "Denial",
    "DenialKind",
    "Diagnosis",
    "Evidence",
    "Finding",
    "Guard",
    "InvalidPolicyError",
    "Layer",
    "MissingPermissionsError",
    "NamedPolicy",
    "PolicyDocuments",
    "PolicyOptions",
    "PolicySet",
    "Principal",
    "PrincipalError",
    "Remedy",
    "Report",
    "Requirement",
    "UnverifiedPermissionsError",
    "client",
    "explain",
    "session",
]

__version__ = "0.1.0"

_HOMES = {
    "bedrock_guard.advice.denial": ("Denial", "DenialKind"),
    "bedrock_guard.advice.diagnosis": ("Diagnosis",),
    "bedrock_guard.aws.given": ("PolicyDocuments",),
    "bedrock_guard.clients": ("client", "session"),
    "bedrock_guard.diagnose": ("explain",),
    "bedrock_guard.errors": (
        "AccessDeniedError",
        "BedrockGuardError",
        "ConfigurationError",
        "InvalidPolicyError",
        "MissingPermissionsError",
        "PrincipalError",
        "UnverifiedPermissionsError",
    ),
    "bedrock_guard.guard": ("Guard",),
    "bedrock_guard.iam.decision": ("Decision", "Layer"),
    "bedrock_guard.least_privilege": ("PolicyOptions",),
    "bedrock_guard.policy_set": ("NamedPolicy", "PolicySet"),
    "bedrock_guard.principal": ("Principal",),
    "bedrock_guard.report": ("Evidence", "Finding", "Remedy", "Report", "Requirement"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
