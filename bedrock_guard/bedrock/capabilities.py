"""Capabilities: what an app does with Bedrock, in a word, and the operations and actions that it takes.

Names are ``area.verb``. A capability is one entry of :data:`_CAPABILITIES`; adding one takes its operations,
the actions that no operation brings, and the AWS page behind anything that is not the operations' own names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from bedrock_guard.bedrock.operation_rules import ActionUse
from bedrock_guard.bedrock.suggestions import nearest, no_such_name

__all__ = ["Capability", "capabilities", "find_capability"]


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing an app does with Bedrock.

    Attributes:
        name: ``"area.verb"``, such as ``"knowledge-bases.query"``.
        summary: One sentence: what the app can then do.
        operations: The operations it calls, as ``"service:Operation"``.
        actions: The actions it needs besides those of the operations.
        source: Where ``actions`` are from; empty when there are none.
    """

    name: str
    summary: str
    operations: tuple[str, ...] = ()
    actions: tuple[ActionUse, ...] = ()
    source: str = ""


def capabilities() -> Mapping[str, Capability]:
    """Every capability by its name, in order of the names."""
    return _by_name()


def find_capability(text: str) -> Capability:
    """The capability that ``text`` names; case, and underscores for dashes, do not matter.

    Raises:
        ConfigurationError: No such capability; with the nearest names.
    """
    name = text.strip().lower().replace("_", "-")
    found = _by_name().get(name)
    if found is not None:
        return found
    area = name.partition(".")[0]
    same_area = [known for known in _by_name() if known.partition(".")[0] == area]
    raise no_such_name(f"there is no capability {text.strip()!r}", nearest(name, _by_name().keys()) or same_area)


_HANDED_OVER = (
    "IAM User Guide, “Grant a user permissions to pass a role to an AWS service” (read 2026-11), and the "
    "role parameter in botocore's model of the operation"
)


def _pass_role(note: str, service: str = "bedrock.amazonaws.com") -> tuple[ActionUse, ...]:
    return (
        ActionUse(
            "iam:PassRole",
            source=_HANDED_OVER,
            note=note,
            context=(("iam:PassedToService", service),),
        ),
    )


def _operations(service: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{service}:{name}" for name in names)


_CAPABILITIES = (
    Capability(
        "models.invoke",
        "Call models with InvokeModel.",
        _operations("bedrock-runtime", "InvokeModel"),
    ),
    Capability(
        "models.converse",
        "Call models with Converse.",
        _operations("bedrock-runtime", "Converse"),
    ),
    Capability(
        "models.stream",
        "Call models and read answers as they are made: ConverseStream, InvokeModelWithResponseStream.",
        _operations("bedrock-runtime", "ConverseStream", "InvokeModelWithResponseStream"),
    ),
    Capability(
        "models.speak",
        "Hold a spoken conversation with a model over a bidirectional stream.",
        _operations("bedrock-runtime", "InvokeModelWithBidirectionalStream"),
    ),
    Capability(
        "models.count-tokens",
        "Count the tokens of a request before it is sent.",
        _operations("bedrock-runtime", "CountTokens"),
    ),
    Capability(
        "models.rerank",
        "Rank documents by their relevance to a query with a reranking model.",
        _operations("bedrock-agent-runtime", "Rerank"),
    ),
    Capability(
        "models.list",
        "List the foundation models and inference profiles of a Region.",
        _operations("bedrock", "ListFoundationModels", "ListInferenceProfiles"),
    ),
    Capability(
        "models.describe",
        "Read what a foundation model or inference profile is, and whether the account may use the model.",
        _operations("bedrock", "GetFoundationModel", "GetFoundationModelAvailability", "GetInferenceProfile"),
    ),
    Capability(
        "models.subscribe",
        "Subscribe the account to third-party models, which their first call does by itself.",
        actions=(
            ActionUse("aws-marketplace:Subscribe", source="Bedrock User Guide, model-access (read 2026-09-26)"),
            ActionUse("aws-marketplace:Unsubscribe", source="Bedrock User Guide, model-access (read 2026-09-26)"),
            ActionUse(
                "aws-marketplace:ViewSubscriptions",
                source="Bedrock User Guide, model-access (read 2026-09-26)",
            ),
        ),
        source="Bedrock User Guide, model-access (read 2026-09-26)",
    ),
    Capability(
        "async-invoke.run",
        "Start asynchronous calls to models (video, long audio) and follow them.",
        _operations("bedrock-runtime", "StartAsyncInvoke", "GetAsyncInvoke", "ListAsyncInvokes"),
    ),
    Capability(
        "guardrails.apply",
        "Check text against a guardrail, alone or within a call to a model.",
        _operations("bedrock-runtime", "ApplyGuardrail"),
    ),
    Capability(
        "guardrails.manage",
        "Create, read, change, version and delete guardrails.",
        _operations(
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
        "knowledge-bases.query",
        "Search a knowledge base.",
        _operations("bedrock-agent-runtime", "Retrieve"),
    ),
    Capability(
        "knowledge-bases.generate",
        "Search a knowledge base and let a model answer from what was found.",
        _operations("bedrock-agent-runtime", "RetrieveAndGenerate"),
        (
            ActionUse(
                "bedrock:Retrieve",
                source="Bedrock User Guide, knowledge-base-prereq-permissions-general (read 2026-11)",
                note="on the knowledge base",
            ),
        ),
        "Bedrock User Guide, knowledge-base-prereq-permissions-general (read 2026-11)",
    ),
    Capability(
        "knowledge-bases.ingest",
        "Start the ingestion of a knowledge base's data sources and follow it.",
        _operations("bedrock-agent", "StartIngestionJob", "GetIngestionJob", "ListIngestionJobs"),
    ),
    Capability(
        "agents.invoke",
        "Call an agent through one of its aliases.",
        _operations("bedrock-agent-runtime", "InvokeAgent"),
    ),
    Capability(
        "agents.invoke-inline",
        "Call an agent that is defined in the request.",
        _operations("bedrock-agent-runtime", "InvokeInlineAgent"),
    ),
    Capability(
        "flows.invoke",
        "Run a flow through one of its aliases.",
        _operations("bedrock-agent-runtime", "InvokeFlow"),
    ),
    Capability(
        "prompts.render",
        "Use a prompt of Prompt management as the model of a call.",
        actions=(
            ActionUse(
                "bedrock:RenderPrompt",
                source="Bedrock User Guide, inference-prereq (read 2026-11-24)",
                note="on the prompt or its version",
            ),
        ),
        source="Bedrock User Guide, inference-prereq (read 2026-11-24)",
    ),
    Capability(
        "batch-inference.run",
        "Start, follow and stop batch inference jobs, with a service role that reads and writes their data.",
        _operations(
            "bedrock",
            "CreateModelInvocationJob",
            "GetModelInvocationJob",
            "ListModelInvocationJobs",
            "StopModelInvocationJob",
        ),
        _pass_role("on the service role of the job"),
        _HANDED_OVER,
    ),
    Capability(
        "model-customization.run",
        "Start, follow and stop the fine-tuning or distillation of a model, with a service role.",
        _operations(
            "bedrock",
            "CreateModelCustomizationJob",
            "GetModelCustomizationJob",
            "ListModelCustomizationJobs",
            "StopModelCustomizationJob",
        ),
        _pass_role("on the service role of the job"),
        _HANDED_OVER,
    ),
    Capability(
        "model-import.run",
        "Import a model from S3 and follow the job, with a service role that reads it.",
        _operations("bedrock", "CreateModelImportJob", "GetModelImportJob", "ListModelImportJobs"),
        _pass_role("on the service role of the job"),
        _HANDED_OVER,
    ),
    Capability(
        "evaluation.run",
        "Start, follow and stop evaluation jobs, with a service role.",
        _operations("bedrock", "CreateEvaluationJob", "GetEvaluationJob", "ListEvaluationJobs", "StopEvaluationJob"),
        _pass_role("on the service role of the job"),
        _HANDED_OVER,
    ),
    Capability(
        "provisioned-throughput.manage",
        "Buy, read, change and give up provisioned throughput.",
        _operations(
            "bedrock",
            "CreateProvisionedModelThroughput",
            "DeleteProvisionedModelThroughput",
            "GetProvisionedModelThroughput",
            "ListProvisionedModelThroughputs",
            "UpdateProvisionedModelThroughput",
        ),
    ),
    Capability(
        "sessions.use",
        "Keep the state of a conversation in Bedrock sessions.",
        _operations(
            "bedrock-agent-runtime",
            "CreateSession",
            "GetSession",
            "EndSession",
            "CreateInvocation",
            "ListInvocations",
            "PutInvocationStep",
            "GetInvocationStep",
            "ListInvocationSteps",
        ),
    ),
    Capability(
        "data-automation.run",
        "Process documents, images, audio and video with data automation and follow the jobs.",
        _operations("bedrock-data-automation-runtime", "InvokeDataAutomationAsync", "GetDataAutomationStatus"),
    ),
    Capability(
        "agentcore-runtime.invoke",
        "Call an agent that is hosted in AgentCore Runtime.",
        _operations("bedrock-agentcore", "InvokeAgentRuntime"),
    ),
    Capability(
        "mantle.infer",
        "Call models at the OpenAI- and Anthropic-compatible endpoint bedrock-mantle.",
        actions=(
            ActionUse(
                "bedrock-mantle:CreateInference",
                source="Bedrock User Guide, inference (read 2026-11-24)",
                note="on the project, default where none is named",
            ),
        ),
        source="Bedrock User Guide, inference (read 2026-11-24)",
    ),
)


@cache
def _by_name() -> Mapping[str, Capability]:
    ordered = sorted(_CAPABILITIES, key=lambda capability: capability.name)
    return MappingProxyType({capability.name: capability for capability in ordered})
