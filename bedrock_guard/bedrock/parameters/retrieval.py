"""Knowledge bases, rerankers and inline agents: what a call of bedrock-agent-runtime uses on the caller's rights."""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.inference import GUARDRAIL_SOURCE
from bedrock_guard.bedrock.parameters.rules import Makes, ParameterRule

__all__ = ["RETRIEVAL"]

_RAG = ("bedrock-agent-runtime:RetrieveAndGenerate", "bedrock-agent-runtime:RetrieveAndGenerateStream")
_RETRIEVE = ("bedrock-agent-runtime:Retrieve",)
_AGENTIC = ("bedrock-agent-runtime:AgenticRetrieveStream",)
_INLINE = ("bedrock-agent-runtime:InvokeInlineAgent",)
_RERANK = "Bedrock User Guide, rerank-prereq (read 2026-11-24)"
_BY_LIKENESS = "assumed: no page says whose rights are used; without a service role it can only be the caller's"
_REPORTED = "reported by users; AWS's guide only says to request access to the model"
_S3_ACCESS = (
    "Bedrock User Guide, s3-bucket-access (read 2026-11-24): the identity that calls where there is no service role"
)

_KB = "retrieveAndGenerateConfiguration.knowledgeBaseConfiguration."
_EXTERNAL = "retrieveAndGenerateConfiguration.externalSourcesConfiguration."
_VECTOR = "vectorSearchConfiguration."
_MANAGED = "managedSearchConfiguration."
_RERANKING = "rerankingConfiguration"
_RERANKER = f"{_RERANKING}.bedrockRerankingConfiguration.modelConfiguration.modelArn"
_MODELS_OF_AGENTIC = "agenticRetrieveConfiguration.foundationModelConfiguration"
_IMPLICIT = "implicitFilterConfiguration.modelArn"


def _both(path: str) -> tuple[str, str]:
    """The parameter of an inline agent, and that of the agents that it works with."""
    return path, f"collaborators[].{path}"


_AGENT_MODELS = (
    "collaborators[].foundationModel",
    *_both("promptOverrideConfiguration.promptConfigurations[].foundationModel"),
)


def _invokes(
    operations: tuple[str, ...],
    *paths: str,
    source: str,
    note: str,
    advisory: bool = False,
    declared: bool = False,
) -> ParameterRule:
    return ParameterRule(
        operations,
        paths,
        "bedrock:InvokeModel",
        Makes.INVOKED_MODEL,
        source,
        note=note,
        advisory=advisory,
        declared=declared,
    )


def _on(
    operations: tuple[str, ...],
    *paths: str,
    action: str,
    kind: str,
    source: str,
    advisory: bool = True,
    note: str = "",
) -> ParameterRule:
    return ParameterRule(operations, paths, action, Makes.RESOURCE, source, kind=kind, advisory=advisory, note=note)


def _rerank(operations: tuple[str, ...], *paths: str, source: str = _RERANK, advisory: bool = False) -> ParameterRule:
    return ParameterRule(operations, paths, "bedrock:Rerank", Makes.NOTHING, source, advisory=advisory)


RETRIEVAL: tuple[ParameterRule, ...] = (
    _on(
        _RAG,
        _KB + "knowledgeBaseId",
        action="bedrock:Retrieve",
        kind="knowledge-base",
        source="Bedrock User Guide, knowledge-base-prereq-permissions-general and kb-permissions (read 2026-11): "
        "the example policies for querying grant both",
        advisory=False,
        note="on the knowledge base; not for EXTERNAL_SOURCES",
    ),
    _invokes(
        _RAG,
        _KB + "modelArn",
        _EXTERNAL + "modelArn",
        source=_RERANK + ": its table of user permissions has the models that generate the response",
        note="on the generating model",
        declared=True,
    ),
    _rerank(_RAG, f"{_KB}retrievalConfiguration.{_VECTOR}{_RERANKING}"),
    _rerank(
        _RAG, f"{_KB}retrievalConfiguration.{_MANAGED}{_RERANKING}", source=_RERANK + ", by likeness", advisory=True
    ),
    _invokes(
        _RAG,
        f"{_KB}retrievalConfiguration.{_VECTOR}{_RERANKER}",
        f"{_KB}retrievalConfiguration.{_MANAGED}{_RERANKER}",
        source=_RERANK,
        note="on the reranking model",
    ),
    _invokes(
        _RAG,
        f"{_KB}retrievalConfiguration.{_VECTOR}{_IMPLICIT}",
        source=_BY_LIKENESS,
        note="on the model that writes the filter",
        advisory=True,
    ),
    _on(
        _RAG,
        _KB + "generationConfiguration.guardrailConfiguration.guardrailId",
        _EXTERNAL + "generationConfiguration.guardrailConfiguration.guardrailId",
        action="bedrock:ApplyGuardrail",
        kind="guardrail",
        source=GUARDRAIL_SOURCE + ", by likeness",
    ),
    ParameterRule(
        _RAG,
        (_EXTERNAL + "sources[].s3Location.uri",),
        "s3:GetObject",
        Makes.S3_OBJECT,
        _S3_ACCESS,
        advisory=True,
        note="on the object",
    ),
    ParameterRule(
        ("bedrock-agent-runtime:Rerank",),
        ("rerankingConfiguration.bedrockRerankingConfiguration.modelConfiguration.modelArn",),
        "bedrock:InvokeModel",
        Makes.INVOKED_MODEL,
        _RERANK + ": both are needed",
        note="on the reranking model",
        always=True,
    ),
    _rerank(_RETRIEVE, f"retrievalConfiguration.{_VECTOR}{_RERANKING}"),
    _rerank(
        _RETRIEVE, f"retrievalConfiguration.{_MANAGED}{_RERANKING}", source=_RERANK + ", by likeness", advisory=True
    ),
    _invokes(
        _RETRIEVE,
        f"retrievalConfiguration.{_VECTOR}{_RERANKER}",
        f"retrievalConfiguration.{_MANAGED}{_RERANKER}",
        source=_RERANK,
        note="on the reranking model",
    ),
    _invokes(
        _RETRIEVE,
        f"retrievalConfiguration.{_VECTOR}{_IMPLICIT}",
        source=_BY_LIKENESS,
        note="on the model that writes the filter",
        advisory=True,
    ),
    _on(
        _RETRIEVE,
        "guardrailConfiguration.guardrailId",
        action="bedrock:ApplyGuardrail",
        kind="guardrail",
        source=GUARDRAIL_SOURCE + ", by likeness",
    ),
    _on(
        _AGENTIC,
        "retrievers[].configuration.knowledgeBase.knowledgeBaseId",
        action="bedrock:Retrieve",
        kind="knowledge-base",
        source=_BY_LIKENESS,
    ),
    _on(
        _AGENTIC,
        "memoryConfiguration.memoryId",
        action="bedrock-agentcore:RetrieveMemoryRecords",
        kind="memory",
        source=_BY_LIKENESS,
        note="on the memory",
    ),
    _on(
        _AGENTIC,
        "policyConfiguration.bedrockGuardrailConfiguration.guardrailId",
        action="bedrock:ApplyGuardrail",
        kind="guardrail",
        source=_BY_LIKENESS,
    ),
    _invokes(
        _AGENTIC,
        f"{_MODELS_OF_AGENTIC}.bedrockFoundationModelConfiguration.modelConfiguration.modelArn",
        "agenticRetrieveConfiguration." + _RERANKER,
        source=_BY_LIKENESS,
        note="on the models named",
        advisory=True,
    ),
    ParameterRule(
        _AGENTIC,
        (f"{_MODELS_OF_AGENTIC}.mantleFoundationModelConfiguration.modelConfiguration.projectId",),
        "bedrock-mantle:CreateInference",
        Makes.ANY_OF_KIND,
        _BY_LIKENESS,
        kind="project",
        advisory=True,
        note="on the project",
    ),
    ParameterRule(
        _INLINE,
        ("foundationModel",),
        "bedrock:InvokeModel",
        Makes.INVOKED_MODEL,
        _REPORTED,
        note="on the agent's model",
        advisory=True,
        always=True,
    ),
    _invokes(
        _INLINE, *_AGENT_MODELS, source=_REPORTED, note="on the models of prompts and collaborators", advisory=True
    ),
    ParameterRule(
        _INLINE,
        ("foundationModel", *_AGENT_MODELS),
        "bedrock:InvokeModelWithResponseStream",
        Makes.INVOKED_MODEL,
        "botocore model bedrock-agent-runtime, InvokeInlineAgent streamingConfigurations: “you need permissions”; "
        "whose is not said",
        note="on the agent's models, when it streams",
        advisory=True,
        when="streamingConfigurations.streamFinalResponse",
    ),
    _invokes(
        _INLINE,
        *_both(f"knowledgeBases[].retrievalConfiguration.{_VECTOR}{_RERANKER}"),
        *_both(f"knowledgeBases[].retrievalConfiguration.{_MANAGED}{_RERANKER}"),
        *_both(f"knowledgeBases[].retrievalConfiguration.{_VECTOR}{_IMPLICIT}"),
        source=_BY_LIKENESS,
        note="on the model that reranks or writes the filter",
        advisory=True,
    ),
    _rerank(
        _INLINE,
        *_both(f"knowledgeBases[].retrievalConfiguration.{_VECTOR}{_RERANKING}"),
        *_both(f"knowledgeBases[].retrievalConfiguration.{_MANAGED}{_RERANKING}"),
        source=_BY_LIKENESS,
        advisory=True,
    ),
    _on(
        _INLINE,
        *_both("knowledgeBases[].knowledgeBaseId"),
        action="bedrock:Retrieve",
        kind="knowledge-base",
        source=_BY_LIKENESS,
    ),
    _on(
        _INLINE,
        *_both("guardrailConfiguration.guardrailIdentifier"),
        action="bedrock:ApplyGuardrail",
        kind="guardrail",
        source=_BY_LIKENESS,
    ),
    _on(
        _INLINE,
        *_both("collaboratorConfigurations[].agentAliasArn"),
        action="bedrock:InvokeAgent",
        kind="agent-alias",
        source=_BY_LIKENESS,
    ),
    ParameterRule(
        _INLINE,
        _both("actionGroups[].apiSchema.s3"),
        "s3:GetObject",
        Makes.S3_PARTS,
        _S3_ACCESS,
        advisory=True,
        note="on the schema",
    ),
    ParameterRule(
        _INLINE,
        ("inlineSessionState.files[].source.s3Location.uri",),
        "s3:GetObject",
        Makes.S3_OBJECT,
        _S3_ACCESS,
        advisory=True,
        note="on the file",
    ),
)
