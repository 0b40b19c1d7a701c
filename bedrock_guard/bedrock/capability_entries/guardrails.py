"""Guardrails: using, managing, sharing, enforcing and encrypting them."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import guide, operations, uses

__all__ = ["ENTRIES"]

_KMS = guide("guardrails-permissions-kms")
_KEY = ("key",)

ENTRIES = (
    Capability(
        "guardrails.apply",
        "Check text against a guardrail, alone or within a call to a model.",
        operations("bedrock-runtime", "ApplyGuardrail"),
    ),
    Capability(
        "guardrails.apply-across-regions",
        "Check text against a guardrail that is served across Regions through a guardrail profile.",
        includes=("guardrails.apply",),
        kinds=(("bedrock:ApplyGuardrail", ("guardrail", "guardrail-profile")),),
        notes=("The guardrail profile is authorised beside the guardrail.",),
    ),
    Capability(
        "guardrails.apply-encrypted",
        "Check text against a guardrail that is encrypted with a key of the account.",
        actions=uses(_KMS, "kms:Decrypt"),
        includes=("guardrails.apply",),
        kinds=(("kms:Decrypt", _KEY),),
        notes=("The key's own policy must allow it as well.",),
    ),
    Capability(
        "guardrails.check",
        "Run single guardrail checks on text without a guardrail of one's own.",
        operations("bedrock-runtime", "InvokeGuardrailChecks"),
    ),
    Capability(
        "guardrails.read",
        "List and read guardrails.",
        operations("bedrock", "GetGuardrail", "ListGuardrails"),
    ),
    Capability(
        "guardrails.manage",
        "Create, read, change, version and delete guardrails.",
        operations(
            "bedrock",
            "CreateGuardrail",
            "CreateGuardrailVersion",
            "DeleteGuardrail",
            "GetGuardrail",
            "ListGuardrails",
            "UpdateGuardrail",
        ),
    ),
    Capability(
        "guardrails.manage-encrypted",
        "Create, read, change, version and delete guardrails that are encrypted with a key of the account.",
        actions=uses(_KMS, "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"),
        includes=("guardrails.manage",),
        kinds=tuple((f"kms:{name}", _KEY) for name in ("Decrypt", "GenerateDataKey", "DescribeKey", "CreateGrant")),
        notes=("The key's own policy must allow it as well.",),
    ),
    Capability(
        "guardrails.enforce",
        "Set, list and remove the guardrails that an account enforces on every call to a model.",
        operations(
            "bedrock",
            "PutEnforcedGuardrailConfiguration",
            "ListEnforcedGuardrailsConfiguration",
            "DeleteEnforcedGuardrailConfiguration",
        ),
        notes=("Whoever calls models then needs guardrails.apply on the enforced guardrail.",),
    ),
    Capability(
        "guardrails.share",
        "Read, set and delete the policies of guardrails, which let other accounts apply them.",
        operations("bedrock", "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"),
        kinds=tuple((f"bedrock:{verb}ResourcePolicy", ("guardrail",)) for verb in ("Get", "Put", "Delete")),
    ),
)
