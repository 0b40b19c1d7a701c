"""Customer managed keys: what the caller needs on a KMS key that a request names.

Where AWS's page shows only a key policy, or none, the need is advisory: a key policy can grant it without any policy
of the caller.
"""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import Makes, ParameterRule

__all__ = ["KEYS"]

_READ = " (read 2026-11-24)"
_UNDOCUMENTED = "assumed from the pages about other keys of the service; none about this one was found"
_GRANTED = "Decrypt DescribeKey GenerateDataKey CreateGrant"
_USED = "GenerateDataKey Decrypt"
_GUIDE = "Bedrock User Guide, "
_IMPORTED = _GUIDE + "import-model-using-cmk" + _READ + ": a key policy for who imports"
_CUSTOM = (
    "Amazon Nova User Guide, customize-fine-tune-encrypt, and Bedrock User Guide, encryption-custom-job"
    + _READ
    + ": a key policy for who customises"
)
_BDA = _GUIDE + "encryption-bda" + _READ + ": grants are created on the caller's behalf"


def _key(
    service: str,
    operations: str,
    path: str,
    actions: str,
    source: str = _UNDOCUMENTED,
    *,
    identity: bool = False,
    via: str = "",
) -> tuple[ParameterRule, ...]:
    """The lines for one key; ``identity`` where AWS's page has a policy of the caller for it."""
    through = via or ("bedrock-agentcore" if service.startswith("bedrock-agentcore") else "bedrock")
    return tuple(
        ParameterRule(
            tuple(f"{service}:{operation}" for operation in operations.split()),
            (path,),
            f"kms:{action}",
            Makes.KEY,
            source,
            context=(("kms:ViaService", f"{through}.{{region}}.amazonaws.com"),),
            advisory=not identity,
            note="on the key",
        )
        for action in actions.split()
    )


_CONTROL = "bedrock-agentcore-control"
_HARNESS_MEMORY = "managedMemoryConfiguration.encryptionKeyArn"

KEYS: tuple[ParameterRule, ...] = (
    *_key(
        "bedrock",
        "CreateGuardrail UpdateGuardrail",
        "kmsKeyId",
        _GRANTED,
        _GUIDE + "guardrails-permissions-kms" + _READ,
        identity=True,
    ),
    *_key("bedrock", "CreateAutomatedReasoningPolicy", "kmsKeyId", _GRANTED),
    *_key("bedrock", "CreateModelCustomizationJob", "customModelKmsKeyId", _GRANTED, _CUSTOM),
    *_key("bedrock", "CreateModelCopyJob", "modelKmsKeyId", _GRANTED, _CUSTOM),
    *_key("bedrock", "CreateModelImportJob", "importedModelKmsKeyId", _GRANTED, _IMPORTED),
    *_key("bedrock", "CreateCustomModel", "modelKmsKeyArn", _GRANTED, _IMPORTED),
    *_key(
        "bedrock",
        "CreateEvaluationJob",
        "customerEncryptionKeyId",
        "Decrypt GenerateDataKey DescribeKey",
        _GUIDE + "model-evaluation-security-data" + _READ + ": of the role that makes the requests, which other pages "
        "take for the service role",
    ),
    *_key(
        "bedrock",
        "CreateAdvancedPromptOptimizationJob",
        "encryptionKeyArn",
        _USED,
        _GUIDE + "advanced-prompt-optimization-prereqs" + _READ + ": the calling identity's key; the actions are "
        "assumed",
    ),
    *_key(
        "bedrock",
        "CreateMarketplaceModelEndpoint UpdateMarketplaceModelEndpoint",
        "endpointConfig.sageMaker.kmsEncryptionKey",
        "CreateGrant DescribeKey",
        "assumed: as SageMaker needs of who creates an endpoint with a key",
    ),
    *_key(
        "bedrock-agent",
        "CreateFlow UpdateFlow",
        "customerEncryptionKeyArn",
        _USED,
        _GUIDE + "encryption-flows" + _READ,
        identity=True,
    ),
    *_key(
        "bedrock-agent",
        "CreatePrompt UpdatePrompt",
        "customerEncryptionKeyArn",
        _USED,
        _GUIDE + "prompt-management-prereq" + _READ,
        identity=True,
    ),
    *_key(
        "bedrock-agent",
        "CreateAgent UpdateAgent",
        "customerEncryptionKeyArn",
        _USED,
        _GUIDE + "encryption-agents and cmk-agent-resources" + _READ + ": policies of who calls InvokeAgent, and a "
        "key policy for who builds",
    ),
    *_key("bedrock-agent", "CreateRetrievalInstruction", "customerEncryptionKeyArn", _USED),
    *_key(
        "bedrock-agent",
        "CreateKnowledgeBase UpdateKnowledgeBase",
        "knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration.serverSideEncryptionConfiguration.kmsKeyArn",
        _GRANTED,
    ),
    *_key(
        "bedrock-agent-runtime",
        "CreateSession",
        "encryptionKeyArn",
        "Encrypt Decrypt GenerateDataKey DescribeKey",
        _GUIDE + "sessions-encryption" + _READ,
        identity=True,
    ),
    *_key(
        "bedrock-agent-runtime",
        "RetrieveAndGenerate RetrieveAndGenerateStream",
        "sessionConfiguration.kmsKeyArn",
        _USED,
        _GUIDE + "encryption-kb" + _READ + ": encryption of retrieval",
    ),
    *_key(
        "bedrock-agent-runtime",
        "InvokeInlineAgent",
        "customerEncryptionKeyArn",
        _USED,
        _GUIDE + "encryption-agents" + _READ + ", by likeness",
    ),
    *_key(
        "bedrock-agent-runtime",
        "InvokeInlineAgent",
        "collaborators[].customerEncryptionKeyArn",
        _USED,
        _GUIDE + "encryption-agents" + _READ + ", by likeness",
    ),
    *_key(
        "bedrock-data-automation",
        "CreateBlueprint UpdateBlueprint CreateDataAutomationLibrary CreateDataAutomationProject "
        "UpdateDataAutomationProject InvokeBlueprintOptimizationAsync",
        "encryptionConfiguration.kmsKeyId",
        _GRANTED,
        _BDA,
    ),
    *_key(
        "bedrock-data-automation-runtime",
        "InvokeDataAutomation InvokeDataAutomationAsync",
        "encryptionConfiguration.kmsKeyId",
        _GRANTED,
        _BDA,
    ),
    *_key(
        _CONTROL,
        "CreateConfigurationBundle UpdateConfigurationBundle",
        "kmsKeyArn",
        "GenerateDataKey Decrypt DescribeKey",
        "AgentCore Developer Guide, configuration-bundles-encryption" + _READ + ": the caller's credentials are used",
        identity=True,
    ),
    *_key(
        _CONTROL,
        "CreatePolicyEngine",
        "encryptionKeyArn",
        _GRANTED,
        "AgentCore Developer Guide, policy-encryption" + _READ,
    ),
    *_key(
        "bedrock-runtime",
        "StartAsyncInvoke",
        "outputDataConfig.s3OutputDataConfig.kmsKeyId",
        _USED,
        "assumed: S3 encrypts what is written with the caller's rights",
        via="s3",
    ),
    *_key(_CONTROL, "CreateHarness", f"memory.{_HARNESS_MEMORY}", _GRANTED),
    *_key(_CONTROL, "UpdateHarness", f"memory.optionalValue.{_HARNESS_MEMORY}", _GRANTED),
    *_key(_CONTROL, "UpdateAgentInsightStore", "encryptionConfiguration.kmsKeyArn", _GRANTED),
    *_key(_CONTROL, "CreateMemory", "encryptionKeyArn", _GRANTED),
    *_key(_CONTROL, "CreateDataset", "kmsKeyArn", _GRANTED),
    *_key(_CONTROL, "CreateEvaluator UpdateEvaluator", "kmsKeyArn", _GRANTED),
    *_key(_CONTROL, "CreatePaymentManager UpdatePaymentManager", "kmsKeyArn", _GRANTED),
    *_key(_CONTROL, "SetTokenVaultCMK", "kmsConfiguration.kmsKeyArn", _GRANTED),
    *_key("bedrock-agentcore", "StartBatchEvaluation StartRecommendation", "kmsKeyArn", _GRANTED),
)
