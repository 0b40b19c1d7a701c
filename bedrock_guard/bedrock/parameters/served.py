"""Which parameters name a model that a service calls later, on another principal's rights.

The caller needs nothing for the model itself. That Bedrock serves it, in this Region and by this id, is a condition of
what is made all the same.

Source: botocore's models (1.44.5): the inputs of the operations.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["IN_BATCHES", "SERVED"]

_RERANKER = "rerankingConfiguration.bedrockRerankingConfiguration.modelConfiguration.modelArn"
_VECTOR = "vectorSearchConfiguration"
_RAG = "inferenceConfig.ragConfigs[].knowledgeBaseConfig"
_GENERATING = f"{_RAG}.retrieveAndGenerateConfig.knowledgeBaseConfiguration"
_EVALUATORS = "evaluatorModelConfig.bedrockEvaluatorModels[].modelIdentifier"
_SESSION = "sessionState.knowledgeBaseConfigurations[].retrievalConfiguration"
_MEMORY = "memoryStrategies[].customMemoryStrategy.configuration"

_AGENT = ("foundationModel", "promptOverrideConfiguration.promptConfigurations[].foundationModel")
_KNOWLEDGE_BASE = (
    "knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration.embeddingModelArn",
    "knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration.embeddingModelArn",
)
_DATA_SOURCE = (
    "vectorIngestionConfiguration.parsingConfiguration.bedrockFoundationModelConfiguration.modelArn",
    "vectorIngestionConfiguration.contextEnrichmentConfiguration.bedrockFoundationModelConfiguration.modelArn",
)
_FLOW = (
    "definition.nodes[].configuration.prompt.sourceConfiguration.inline.modelId",
    "definition.nodes[].configuration.knowledgeBase.modelId",
    f"definition.nodes[].configuration.knowledgeBase.{_RERANKER}",
)
_EVALUATOR = (
    "evaluatorConfig.llmAsAJudge.modelConfig.bedrockEvaluatorModelConfig.modelId",
    "evaluatorConfig.derived.modelConfig.bedrockEvaluatorModelConfig.modelId",
)
_HARNESS = ("model.bedrockModelConfig.modelId",)

SERVED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("bedrock-agent:CreateAgent", "bedrock-agent:UpdateAgent"), _AGENT),
    **dict.fromkeys(("bedrock-agent:CreateKnowledgeBase", "bedrock-agent:UpdateKnowledgeBase"), _KNOWLEDGE_BASE),
    **dict.fromkeys(("bedrock-agent:CreateDataSource", "bedrock-agent:UpdateDataSource"), _DATA_SOURCE),
    **dict.fromkeys(
        ("bedrock-agent:CreateFlow", "bedrock-agent:UpdateFlow", "bedrock-agent:ValidateFlowDefinition"), _FLOW
    ),
    **dict.fromkeys(("bedrock-agent:CreatePrompt", "bedrock-agent:UpdatePrompt"), ("variants[].modelId",)),
    "bedrock-agent-runtime:InvokeAgent": (
        f"{_SESSION}.{_VECTOR}.{_RERANKER}",
        f"{_SESSION}.managedSearchConfiguration.{_RERANKER}",
        f"{_SESSION}.{_VECTOR}.implicitFilterConfiguration.modelArn",
    ),
    "bedrock:CreateEvaluationJob": (
        "inferenceConfig.models[].bedrockModel.modelIdentifier",
        f"evaluationConfig.automated.{_EVALUATORS}",
        f"evaluationConfig.automated.customMetricConfig.{_EVALUATORS}",
        f"{_GENERATING}.modelArn",
        f"{_GENERATING}.retrievalConfiguration.{_VECTOR}.{_RERANKER}",
        f"{_GENERATING}.retrievalConfiguration.{_VECTOR}.implicitFilterConfiguration.modelArn",
        f"{_RAG}.retrieveAndGenerateConfig.externalSourcesConfiguration.modelArn",
        f"{_RAG}.retrieveConfig.knowledgeBaseRetrievalConfiguration.{_VECTOR}.{_RERANKER}",
        f"{_RAG}.retrieveConfig.knowledgeBaseRetrievalConfiguration.{_VECTOR}.implicitFilterConfiguration.modelArn",
    ),
    "bedrock:CreatePromptRouter": ("models[].modelArn", "fallbackModel.modelArn"),
    "bedrock:CreateModelInvocationJob": ("modelId",),
    **dict.fromkeys(
        ("bedrock-agentcore-control:CreateEvaluator", "bedrock-agentcore-control:UpdateEvaluator"), _EVALUATOR
    ),
    **dict.fromkeys(
        (
            "bedrock-agentcore:InvokeHarness",
            "bedrock-agentcore-control:CreateHarness",
            "bedrock-agentcore-control:UpdateHarness",
        ),
        _HARNESS,
    ),
    "bedrock-agentcore-control:CreateMemory": (
        f"{_MEMORY}.semanticOverride.extraction.modelId",
        f"{_MEMORY}.semanticOverride.consolidation.modelId",
        f"{_MEMORY}.summaryOverride.consolidation.modelId",
        f"{_MEMORY}.userPreferenceOverride.extraction.modelId",
        f"{_MEMORY}.userPreferenceOverride.consolidation.modelId",
        f"{_MEMORY}.episodicOverride.extraction.modelId",
        f"{_MEMORY}.episodicOverride.consolidation.modelId",
        f"{_MEMORY}.episodicOverride.reflection.modelId",
    ),
}
"""Key of the operation to the parameters; what names a model that the call itself invokes is in the other tables."""

IN_BATCHES = frozenset({"bedrock:CreateModelInvocationJob"})
"""Operations whose model is not called on demand: whether a job takes it by its own id is documented per model.

Source: Bedrock User Guide, batch-inference-supported (as known in 2026-11; assumed for what it does not list).
"""
