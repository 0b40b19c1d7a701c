"""Data automation and prompt optimisation: no service role, so the caller's own rights read and write."""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import Makes, ParameterRule

__all__ = ["ON_THE_CALLERS_RIGHTS"]

_BDA = (
    "Bedrock User Guide, s3-bucket-access (read 2026-11-24), and botocore model: data automation has no service role, "
    "so S3 is read and written with the caller's rights"
)
_APO = (
    "Bedrock User Guide, advanced-prompt-optimization-prereqs (read 2026-11-24): uses the permissions of the calling "
    "identity"
)
_RUNTIME = (
    "bedrock-data-automation-runtime:InvokeDataAutomation",
    "bedrock-data-automation-runtime:InvokeDataAutomationAsync",
)
_OPTIMIZATION = ("bedrock-data-automation:InvokeBlueprintOptimizationAsync",)
_INGESTION = ("bedrock-data-automation:InvokeDataAutomationLibraryIngestionJob",)
_PROMPTS = ("bedrock:CreateAdvancedPromptOptimizationJob",)


def _reads(operations: tuple[str, ...], *paths: str, source: str = _BDA) -> ParameterRule:
    return ParameterRule(operations, paths, "s3:GetObject", Makes.S3_OBJECT, source, note="on the object")


def _writes(operations: tuple[str, ...], *paths: str, source: str = _BDA) -> ParameterRule:
    return ParameterRule(
        operations, paths, "s3:PutObject", Makes.S3_PREFIX, source, note="on the objects under the prefix"
    )


ON_THE_CALLERS_RIGHTS: tuple[ParameterRule, ...] = (
    _reads(_RUNTIME, "inputConfiguration.s3Uri"),
    _writes(_RUNTIME, "outputConfiguration.s3Uri"),
    _reads(_OPTIMIZATION, "samples[].assetS3Object.s3Uri", "samples[].groundTruthS3Object.s3Uri"),
    _writes(_OPTIMIZATION, "outputConfiguration.s3Object.s3Uri"),
    _reads(_INGESTION, "inputConfiguration.s3Object.s3Uri"),
    _writes(_INGESTION, "outputConfiguration.s3Uri"),
    _reads(_PROMPTS, "inputConfig.s3Uri", source=_APO),
    _writes(_PROMPTS, "outputConfig.s3Uri", source=_APO),
    *(
        ParameterRule(
            _PROMPTS,
            ("modelConfigurations[].modelId",),
            action,
            Makes.INVOKED_MODEL,
            _APO + "; its table has both, with the streaming one as the current path",
            note="on the models to optimise for",
            # Which of the two a job uses is the service's choice and may change.
            advisory=action == "bedrock:InvokeModel",
        )
        for action in ("bedrock:InvokeModelWithResponseStream", "bedrock:InvokeModel")
    ),
)
