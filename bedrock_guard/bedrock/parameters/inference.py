"""Calls of models, and what goes with them: guardrails, prompts, media and output in S3, condition keys."""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import BODY, ContextRule, Makes, ParameterRule

__all__ = ["CONTEXT", "GUARDRAIL_SOURCE", "INFERENCE"]

_CONVERSE = ("bedrock-runtime:Converse", "bedrock-runtime:ConverseStream")
_INVOKE = ("bedrock-runtime:InvokeModel", "bedrock-runtime:InvokeModelWithResponseStream")

GUARDRAIL_SOURCE = "Bedrock User Guide, inference-prereq and guardrails-permissions-id (read 2026-11)"
_PROFILE_SOURCE = (
    "Bedrock User Guide, guardrail-profiles-permissions (read 2026-11-24): for a guardrail with cross-Region inference"
)
_S3_ACCESS = (
    "Bedrock User Guide, s3-bucket-access (read 2026-11-24): the identity that calls where there is no service role; "
    "that this operation has none is botocore's model"
)
_WITHOUT_GUARDRAIL = (
    "Bedrock User Guide, guardrails-permissions-id (read 2026-11): a Deny on StringNotEquals fires without a guardrail"
)
_WITHOUT_TIER = (
    "Bedrock User Guide, security_iam_id-based-policy-examples-agent, control access to service tiers (read 2026-11): "
    "a Deny of every tier leaves the requests that name none"
)
_KEYS = "Service Authorization Reference: condition keys of the action"


def _model(operation: str, action: str, source: str) -> ParameterRule:
    return ParameterRule((f"bedrock-runtime:{operation}",), ("modelId",), action, Makes.INVOKED_MODEL, source)


def _guardrail(operations: tuple[str, ...], path: str) -> tuple[ParameterRule, ParameterRule]:
    return (
        ParameterRule(
            operations,
            (path,),
            "bedrock:ApplyGuardrail",
            Makes.RESOURCE,
            GUARDRAIL_SOURCE,
            kind="guardrail",
            note="on the guardrail, without a version",
        ),
        ParameterRule(
            operations,
            (path,),
            "bedrock:ApplyGuardrail",
            Makes.ANY_OF_KIND,
            _PROFILE_SOURCE,
            kind="guardrail-profile",
            advisory=True,
            note="on its guardrail profile, where it has cross-Region inference",
        ),
    )


_TOOLS_SOURCE = (
    "Amazon Nova 2 User Guide, web-grounding, “Permissions required for built-in tools” (read 2026-11-24): the tool "
    "amazon.nova_grounding, authorised in no Region"
)
_OTHER_TOOLS_SOURCE = (
    "Service Authorization Reference: bedrock:InvokeTool; Amazon Nova 2 User Guide, troubleshooting (read 2026-11-24): "
    "for the code interpreter as well; neither shows its ARN"
)
_BODY_SOURCE = (
    "Amazon Nova 2 User Guide, using-invoke-api and request-response-schema (read 2026-11-24): the body has Converse's "
    "form and features; "
)


def _system_tools(operations: tuple[str, ...], inside: str = "", source: str = "") -> tuple[ParameterRule, ...]:
    """A tool that the model's provider runs is invoked on the caller's rights, besides the model."""
    path = f"{inside}toolConfig.tools[].systemTool.name"
    return (
        ParameterRule(
            operations,
            (path,),
            "bedrock:InvokeTool",
            Makes.TEMPLATE,
            source + _TOOLS_SOURCE,
            kind="arn:{partition}:bedrock::{account}:system-tool/amazon.nova_grounding",
            context=(("aws:RequestedRegion", "unspecified"),),
            note="on the system tool",
            only="nova_grounding",
        ),
        ParameterRule(
            operations,
            (path,),
            "bedrock:InvokeTool",
            Makes.ANY_OF_KIND,
            source + _OTHER_TOOLS_SOURCE,
            kind="system-tool",
            note="on the system tool",
            only="(?!nova_grounding$).*",
        ),
    )


_MEDIA = tuple(
    f"messages[].content[].{inside}{kind}.source.s3Location.uri"
    for inside in ("", "toolResult.content[].")
    for kind in ("image", "document", "video", *(("audio",) if not inside else ()))
)

_MODEL_READ = "botocore model bedrock-runtime, "

INFERENCE: tuple[ParameterRule, ...] = (
    _model("Converse", "bedrock:InvokeModel", _MODEL_READ + "Converse: “requires permission for”"),
    _model(
        "ConverseStream",
        "bedrock:InvokeModelWithResponseStream",
        _MODEL_READ + "ConverseStream: “requires permission for”",
    ),
    _model("InvokeModel", "bedrock:InvokeModel", _MODEL_READ + "InvokeModel: “requires permission for”"),
    _model(
        "InvokeModelWithResponseStream",
        "bedrock:InvokeModelWithResponseStream",
        _MODEL_READ + "InvokeModelWithResponseStream: “requires permissions to perform”",
    ),
    _model(
        "InvokeModelWithBidirectionalStream",
        "bedrock:InvokeModel",
        "Amazon Bedrock API Reference, InvokeModelWithBidirectionalStream (read 2026-11-24)",
    ),
    _model("StartAsyncInvoke", "bedrock:InvokeModel", _MODEL_READ + "StartAsyncInvoke: “requires permission for”"),
    _model(
        "CountTokens",
        "bedrock:CountTokens",
        "Service Authorization Reference: bedrock:CountTokens takes foundation models alone",
    ),
    *_guardrail(_CONVERSE, "guardrailConfig.guardrailIdentifier"),
    *_guardrail(_INVOKE, "guardrailIdentifier"),
    ParameterRule(
        ("bedrock-runtime:ApplyGuardrail",),
        ("guardrailIdentifier",),
        "bedrock:ApplyGuardrail",
        Makes.ANY_OF_KIND,
        _PROFILE_SOURCE,
        kind="guardrail-profile",
        advisory=True,
        note="on its guardrail profile, where it has cross-Region inference",
    ),
    *_system_tools(_CONVERSE),
    *_system_tools(_INVOKE, BODY, _BODY_SOURCE),
    ParameterRule(
        _CONVERSE,
        _MEDIA,
        "s3:GetObject",
        Makes.S3_OBJECT,
        _S3_ACCESS,
        advisory=True,
        note="on the object",
    ),
    ParameterRule(
        _INVOKE,
        tuple(BODY + path for path in _MEDIA),
        "s3:GetObject",
        Makes.S3_OBJECT,
        _BODY_SOURCE + _S3_ACCESS,
        advisory=True,
        note="on the object",
    ),
    ParameterRule(
        ("bedrock-runtime:CountTokens",),
        tuple(f"input.converse.{path}" for path in _MEDIA),
        "s3:GetObject",
        Makes.S3_OBJECT,
        _S3_ACCESS,
        advisory=True,
        note="on the object",
    ),
    ParameterRule(
        ("bedrock-runtime:StartAsyncInvoke",),
        ("outputDataConfig.s3OutputDataConfig.s3Uri",),
        "s3:PutObject",
        Makes.S3_PREFIX,
        _MODEL_READ + "AsyncInvokeS3OutputDataConfig: the caller's bucket",
        note="on the objects under the output prefix",
    ),
)

CONTEXT: tuple[ContextRule, ...] = (
    ContextRule(
        _CONVERSE,
        "guardrailConfig.guardrailIdentifier",
        "bedrock:GuardrailIdentifier",
        "Bedrock User Guide, guardrails-permissions-id (read 2026-11): the ARN, with the version unless it is DRAFT",
        version="guardrailConfig.guardrailVersion",
        absent=_WITHOUT_GUARDRAIL,
    ),
    ContextRule(
        _INVOKE,
        "guardrailIdentifier",
        "bedrock:GuardrailIdentifier",
        "Bedrock User Guide, guardrails-permissions-id (read 2026-11): the ARN, with the version unless it is DRAFT",
        version="guardrailVersion",
        absent=_WITHOUT_GUARDRAIL,
    ),
    ContextRule(_CONVERSE, "serviceTier.type", "bedrock:ServiceTier", _KEYS, absent=_WITHOUT_TIER),
    ContextRule(_INVOKE, "serviceTier", "bedrock:ServiceTier", _KEYS, absent=_WITHOUT_TIER),
    ContextRule(
        ("bedrock-agent-runtime:InvokeInlineAgent",),
        "agentName",
        "bedrock:InlineAgentName",
        _KEYS,
    ),
)
