"""Calling models: inference, embeddings, images, tokens, reranking, tools, asynchronous calls, and finding models."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import guide, operations, permission_only, uses

__all__ = ["ENTRIES"]

_RESPONSES = guide("inference")

ENTRIES = (
    Capability("models.invoke", "Call models with InvokeModel.", operations("bedrock-runtime", "InvokeModel")),
    Capability(
        "models.converse",
        "Call models with Converse.",
        operations("bedrock-runtime", "Converse"),
        notes=("Converse has no IAM action of its own: it is authorised as bedrock:InvokeModel.",),
    ),
    Capability(
        "models.stream",
        "Call models and read answers as they are made: ConverseStream, InvokeModelWithResponseStream.",
        operations("bedrock-runtime", "ConverseStream", "InvokeModelWithResponseStream"),
    ),
    Capability(
        "models.speak",
        "Hold a spoken conversation with a model over a bidirectional stream.",
        operations("bedrock-runtime", "InvokeModelWithBidirectionalStream"),
        models=("amazon.nova-sonic-v1:0",),
    ),
    Capability(
        "models.embed",
        "Turn text and images into embeddings.",
        operations("bedrock-runtime", "InvokeModel"),
        models=("amazon.titan-embed-text-v2:0",),
    ),
    Capability(
        "models.generate-images",
        "Make images from text.",
        operations("bedrock-runtime", "InvokeModel"),
        models=("amazon.nova-canvas-v1:0",),
    ),
    Capability(
        "models.count-tokens",
        "Count the tokens of a request before it is sent.",
        operations("bedrock-runtime", "CountTokens"),
        notes=("It is an action of its own, on foundation models alone: it does not come with bedrock:InvokeModel.",),
    ),
    Capability(
        "models.rerank",
        "Rank documents by their relevance to a query with a reranking model.",
        operations("bedrock-agent-runtime", "Rerank"),
        models=("amazon.rerank-v1:0",),
    ),
    Capability(
        "models.use-system-tools",
        "Let a called model use the tools that Bedrock runs itself, such as web search.",
        actions=permission_only("bedrock", "InvokeTool"),
    ),
    Capability(
        "models.list",
        "List the foundation models and inference profiles of a Region.",
        operations("bedrock", "ListFoundationModels", "ListInferenceProfiles"),
    ),
    Capability(
        "models.describe",
        "Read what a foundation model or inference profile is, and whether the account may use the model.",
        operations("bedrock", "GetFoundationModel", "GetFoundationModelAvailability", "GetInferenceProfile"),
    ),
    Capability(
        "stored-responses.use",
        "Read, cancel and delete stored answers of stateful calls at the OpenAI-compatible paths of bedrock-runtime.",
        actions=uses(_RESPONSES, "bedrock:GetInvoke", "bedrock:CancelInvoke", "bedrock:DeleteInvoke"),
    ),
    Capability(
        "async-invoke.run",
        "Start asynchronous calls to models (video, long audio) and follow them.",
        operations("bedrock-runtime", "StartAsyncInvoke", "GetAsyncInvoke", "ListAsyncInvokes"),
        uses(
            "botocore model bedrock-runtime, AsyncInvokeS3OutputDataConfig: the output goes to the caller's bucket",
            "s3:PutObject",
            note="on the objects under the output prefix",
        ),
        kinds=(("s3:PutObject", ("object",)),),
        models=("amazon.nova-reel-v1:0",),
    ),
    Capability(
        "inference-profiles.manage",
        "Create, read, list and delete application inference profiles.",
        operations(
            "bedrock",
            "CreateInferenceProfile",
            "DeleteInferenceProfile",
            "GetInferenceProfile",
            "ListInferenceProfiles",
        ),
        # Source: Bedrock User Guide, inference-profiles-prereq (read 2026-11-24): its policy grants creation on what is
        # copied from and on application-inference-profile.
        kinds=(
            ("bedrock:CreateInferenceProfile", ("application-inference-profile", "foundation-model")),
            ("bedrock:GetInferenceProfile", ("application-inference-profile",)),
        ),
        notes=("Copying from a profile that routes across Regions is inference-profiles.manage-across-regions.",),
    ),
    Capability(
        "inference-profiles.manage-across-regions",
        "Create, read, list and delete application inference profiles that are copied from an inference profile.",
        includes=("inference-profiles.manage",),
        kinds=(
            (
                "bedrock:CreateInferenceProfile",
                ("application-inference-profile", "foundation-model", "inference-profile"),
            ),
            ("bedrock:GetInferenceProfile", ("application-inference-profile", "inference-profile")),
        ),
    ),
    Capability(
        "prompt-routers.manage",
        "Create, read, list and delete prompt routers.",
        operations("bedrock", "CreatePromptRouter", "DeletePromptRouter", "GetPromptRouter", "ListPromptRouters"),
        kinds=(
            # Source: the reference has all three; a router's models and fallback are profiles or models.
            ("bedrock:CreatePromptRouter", ("foundation-model", "inference-profile")),
        ),
    ),
)
