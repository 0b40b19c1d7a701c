"""Tags given at creation: the permission to tag what is made, and the keys that policies see."""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import Makes, ParameterRule

__all__ = ["TAGS", "TAG_KEYS", "TAG_PATHS"]

TAG_PATHS = ("tags", "jobTags", "customModelTags", "importedModelTags", "modelTags", "targetModelTags")
"""Parameters with tags, as a list of keys and values or as a map; the policies see them as aws:RequestTag."""

TAG_KEYS = ("tagKeys",)
"""Parameters with keys alone."""

_SAID = (
    "Bedrock User Guide, guardrails-permissions (read 2026-11-24): “If you pass tags when creating a guardrail, you "
    "must also include the bedrock:TagResource permission”"
)
_BY_LIKENESS = "assumed, as guardrails-permissions says it of guardrails (read 2026-11-24)"


def _tags(service: str, operation: str, kind: str, path: str = "tags", *, source: str = _BY_LIKENESS) -> ParameterRule:
    namespace = "bedrock-agentcore" if service.startswith("bedrock-agentcore") else "bedrock"
    return ParameterRule(
        (f"{service}:{operation}",),
        (path,),
        f"{namespace}:TagResource",
        Makes.ANY_OF_KIND,
        source,
        kind=kind,
        advisory=source is not _SAID,
        note="on what is made",
    )


_BEDROCK = {
    "CreateAdvancedPromptOptimizationJob": "advanced-prompt-optimization-job",
    "CreateAutomatedReasoningPolicy": "automated-reasoning-policy",
    "CreateAutomatedReasoningPolicyVersion": "automated-reasoning-policy-version",
    "CreateCustomModelDeployment": "custom-model-deployment",
    "CreateInferenceProfile": "application-inference-profile",
    "CreateModelInvocationJob": "model-invocation-job",
    "CreatePromptRouter": "prompt-router",
    "CreateProvisionedModelThroughput": "provisioned-model",
}
_AGENTS = {
    "CreateAgent": "agent",
    "CreateAgentAlias": "agent-alias",
    "CreateFlow": "flow",
    "CreateFlowAlias": "flow-alias",
    "CreateKnowledgeBase": "knowledge-base",
    "CreatePrompt": "prompt",
    "CreatePromptVersion": "prompt-version",
    "CreateRetrievalInstruction": "retrieval-instruction",
}
_DATA_AUTOMATION = {
    "CreateBlueprint": "blueprint",
    "CreateDataAutomationLibrary": "data-automation-library",
    "CreateDataAutomationProject": "data-automation-project",
    "InvokeBlueprintOptimizationAsync": "blueprint-optimization-invocation",
    "InvokeDataAutomationLibraryIngestionJob": "data-automation-library-ingestion-job",
}
_AGENTCORE = {
    "CreateAgentRuntime": "runtime",
    "CreateAgentRuntimeEndpoint": "runtime-endpoint",
    "CreateApiKeyCredentialProvider": "apikeycredentialprovider",
    "CreateBrowser": "browser-custom",
    "CreateBrowserProfile": "browser-profile",
    "CreateCapacityProvider": "capacity-provider",
    "CreateCodeInterpreter": "code-interpreter-custom",
    "CreateEvaluator": "evaluator",
    "CreateGateway": "gateway",
    "CreateHarness": "harness",
    "CreateMemory": "memory",
    "CreateOauth2CredentialProvider": "oauth2credentialprovider",
    "CreateOnlineEvaluationConfig": "online-evaluation-config",
    "CreatePaymentCredentialProvider": "paymentcredentialprovider",
    "CreatePaymentManager": "payment-manager",
    "CreatePolicyEngine": "policy-engine",
    "CreateWorkloadIdentity": "workload-identity",
}

TAGS: tuple[ParameterRule, ...] = (
    _tags("bedrock", "CreateGuardrail", "guardrail", source=_SAID),
    *(_tags("bedrock", operation, kind) for operation, kind in _BEDROCK.items()),
    *(
        _tags("bedrock", operation, kind, path)
        for operation, kind, path in (
            ("CreateCustomModel", "custom-model", "modelTags"),
            ("CreateEvaluationJob", "evaluation-job", "jobTags"),
            ("CreateModelCopyJob", "custom-model", "targetModelTags"),
            ("CreateModelCustomizationJob", "model-customization-job", "jobTags"),
            ("CreateModelCustomizationJob", "custom-model", "customModelTags"),
            ("CreateModelImportJob", "model-import-job", "jobTags"),
            ("CreateModelImportJob", "imported-model", "importedModelTags"),
        )
    ),
    *(_tags("bedrock-agent", operation, kind) for operation, kind in _AGENTS.items()),
    _tags("bedrock-agent-runtime", "CreateSession", "session"),
    _tags("bedrock-runtime", "StartAsyncInvoke", "async-invoke"),
    *(_tags("bedrock-data-automation", operation, kind) for operation, kind in _DATA_AUTOMATION.items()),
    _tags("bedrock-data-automation-runtime", "InvokeDataAutomationAsync", "data-automation-invocation-job"),
    *(_tags("bedrock-agentcore-control", operation, kind) for operation, kind in _AGENTCORE.items()),
)
