"""The kinds of service roles: one hand-kept table, each line with its source."""

from __future__ import annotations

from collections.abc import Mapping

from bedrock_guard.bedrock.service_role_agentcore import AGENTCORE_KINDS
from bedrock_guard.bedrock.service_role_jobs import JOB_KINDS
from bedrock_guard.bedrock.service_role_kinds import (
    GUIDE,
    KEY_POLICY,
    NO_CALL,
    READ,
    Handover,
    Read,
    RoleKind,
    RoleNeed,
    Target,
    Trust,
    Unnamed,
    trusts_bedrock,
)
from bedrock_guard.bedrock.service_role_knowledge_bases import KNOWLEDGE_BASE
from bedrock_guard.bedrock.service_role_runtimes import RUNTIME_KINDS

__all__ = ["KINDS", "WITHOUT_KIND"]

_AGENTS = f"{GUIDE}agents-permissions{READ}"
_FLOWS = f"{GUIDE}flows-permissions{READ}"
_LAMBDA_POLICY = (
    "Bedrock calls the Lambda function itself: the function's resource policy has to allow lambda:InvokeFunction to "
    "bedrock.amazonaws.com with the agent's ARN as aws:SourceArn."
)

AGENT = RoleKind(
    "agent",
    "A Bedrock agent",
    trusts_bedrock("agent/*", "agents-permissions"),
    (
        Handover("bedrock-agent:CreateAgent", "agentResourceRoleArn"),
        Handover("bedrock-agent:UpdateAgent", "agentResourceRoleArn"),
    ),
    (
        RoleNeed(("bedrock:InvokeModel",), Target.MODEL, _AGENTS, Unnamed.REQUIRED),
        RoleNeed(("bedrock:InvokeModelWithResponseStream",), Target.ROUTED_MODEL, _AGENTS),
        RoleNeed(("bedrock:GetInferenceProfile",), Target.PROFILE, _AGENTS + NO_CALL, advisory=True),
        RoleNeed(("bedrock:GetFoundationModel",), Target.PROFILE_MODEL, _AGENTS + NO_CALL, advisory=True),
        RoleNeed(("bedrock:GetProvisionedModelThroughput",), Target.PROVISIONED, _AGENTS),
        RoleNeed(("s3:GetObject",), Target.OBJECTS, _AGENTS),
        RoleNeed(("bedrock:Retrieve",), Target.KNOWLEDGE_BASE, _AGENTS),
        RoleNeed(("bedrock:ApplyGuardrail",), Target.GUARDRAIL, _AGENTS),
        RoleNeed(("bedrock:GetAgentAlias", "bedrock:InvokeAgent"), Target.AGENT_ALIAS, _AGENTS),
        RoleNeed(
            ("kms:Decrypt", "kms:GenerateDataKey"),
            Target.RESOURCE_KEY,
            "assumed: as of other features that encrypt with a customer's key",
            advisory=True,
        ),
    ),
    (
        Read("foundationModel", "models"),
        Read("promptOverrideConfiguration.promptConfigurations[].foundationModel", "models"),
        Read("promptOverrideConfiguration.overrideLambda", "lambdas"),
        Read("customOrchestration.executor.lambda", "lambdas"),
        Read("guardrailConfiguration.guardrailIdentifier", "guardrails"),
        Read("customerEncryptionKeyArn", "resource_keys"),
        Read("actionGroupExecutor.lambda", "lambdas"),
        Read("knowledgeBaseId", "knowledge_bases"),
        Read("agentDescriptor.aliasArn", "agents"),
        Read("apiSchema.s3.s3BucketName", "buckets", "apiSchema.s3.s3ObjectKey"),
    ),
    (("lambdas", _LAMBDA_POLICY), ("resource_keys", KEY_POLICY)),
    (
        "bedrock-agent:CreateAgentActionGroup",
        "bedrock-agent:UpdateAgentActionGroup",
        "bedrock-agent:AssociateAgentKnowledgeBase",
        "bedrock-agent:UpdateAgentKnowledgeBase",
        "bedrock-agent:AssociateAgentCollaborator",
        "bedrock-agent:UpdateAgentCollaborator",
    ),
)

FLOW = RoleKind(
    "flow",
    "A flow",
    trusts_bedrock("flow/*", "flows-permissions"),
    (
        Handover("bedrock-agent:CreateFlow", "executionRoleArn"),
        Handover("bedrock-agent:UpdateFlow", "executionRoleArn"),
    ),
    (
        RoleNeed(("bedrock:InvokeModel",), Target.MODEL, _FLOWS, Unnamed.ADVISORY),
        RoleNeed(("bedrock:GetProvisionedModelThroughput",), Target.PROVISIONED, _FLOWS),
        RoleNeed(("bedrock:RenderPrompt",), Target.PROMPT, _FLOWS),
        RoleNeed(("bedrock:Retrieve",), Target.KNOWLEDGE_BASE, _FLOWS),
        RoleNeed(("bedrock:InvokeAgent",), Target.AGENT_ALIAS, _FLOWS),
        RoleNeed(("bedrock:ApplyGuardrail",), Target.GUARDRAIL, _FLOWS),
        RoleNeed(("lambda:InvokeFunction",), Target.LAMBDA, f"{_FLOWS}: by the role itself since 2024-11-22"),
        RoleNeed(("s3:GetObject",), Target.OBJECTS, _FLOWS),
        RoleNeed(("s3:PutObject",), Target.OUTPUT_OBJECTS, _FLOWS),
        RoleNeed(
            ("kms:Decrypt", "kms:GenerateDataKey"),
            Target.RESOURCE_KEY,
            f"{_FLOWS}: kms, the actions not seen",
            advisory=True,
        ),
    ),
    (
        Read("definition.nodes[].configuration.knowledgeBase.knowledgeBaseId", "knowledge_bases"),
        Read("definition.nodes[].configuration.knowledgeBase.modelId", "models"),
        Read("definition.nodes[].configuration.knowledgeBase.guardrailConfiguration.guardrailIdentifier", "guardrails"),
        Read("definition.nodes[].configuration.prompt.sourceConfiguration.resource.promptArn", "prompts"),
        Read("definition.nodes[].configuration.prompt.sourceConfiguration.inline.modelId", "models"),
        Read("definition.nodes[].configuration.prompt.guardrailConfiguration.guardrailIdentifier", "guardrails"),
        Read("definition.nodes[].configuration.lambdaFunction.lambdaArn", "lambdas"),
        Read("definition.nodes[].configuration.retrieval.serviceConfiguration.s3.bucketName", "buckets"),
        Read("definition.nodes[].configuration.storage.serviceConfiguration.s3.bucketName", "outputs"),
        Read("definition.nodes[].configuration.agent.agentAliasArn", "agents"),
        Read("customerEncryptionKeyArn", "resource_keys"),
    ),
    (("resource_keys", KEY_POLICY),),
)

_LOGGING = "assumed: of published roles; the page on invocation logging was not read"

INVOCATION_LOGGING = RoleKind(
    "invocation-logging",
    "Model invocation logging to CloudWatch Logs",
    Trust("bedrock.amazonaws.com", "arn:{partition}:bedrock:{region}:{account}:*", _LOGGING),
    (Handover("bedrock:PutModelInvocationLoggingConfiguration", "loggingConfig.cloudWatchConfig.roleArn"),),
    (
        RoleNeed(
            ("logs:CreateLogStream", "logs:PutLogEvents"),
            Target.LOG_STREAM,
            _LOGGING,
            Unnamed.ADVISORY,
            advisory=True,
        ),
    ),
    (
        Read("loggingConfig.cloudWatchConfig.logGroupName", "log_groups"),
        Read(
            "loggingConfig.cloudWatchConfig.largeDataDeliveryS3Config.bucketName",
            "outputs",
            "loggingConfig.cloudWatchConfig.largeDataDeliveryS3Config.keyPrefix",
        ),
        Read("loggingConfig.s3Config.bucketName", "outputs", "loggingConfig.s3Config.keyPrefix"),
    ),
    (
        (
            "outputs",
            (
                "Logs are written to S3 by Bedrock itself: the bucket's policy has to allow s3:PutObject to "
                "bedrock.amazonaws.com; no role has a say in it, and IAM does not show it."
            ),
        ),
    ),
)

KINDS: Mapping[str, RoleKind] = {
    kind.name: kind
    for kind in (
        AGENT,
        KNOWLEDGE_BASE,
        *JOB_KINDS,
        FLOW,
        INVOCATION_LOGGING,
        *AGENTCORE_KINDS,
        *RUNTIME_KINDS,
    )
}
"""Every kind by name: what Bedrock is handed, what AgentCore is handed, and where apps run."""

WITHOUT_KIND: Mapping[str, str] = {
    "bedrock:CreateMarketplaceModelEndpoint": "the role is SageMaker's; which service assumes it is not documented",
    "bedrock:UpdateMarketplaceModelEndpoint": "as of CreateMarketplaceModelEndpoint",
    "bedrock-agentcore-control:CreatePaymentManager": "no page on its role was read",
    "bedrock-agentcore-control:UpdatePaymentManager": "no page on its role was read",
    "bedrock-agentcore-control:CreateConsentPortal": "no page on its role was read",
    "bedrock-agentcore-control:UpdateConsentPortal": "no page on its role was read",
    "bedrock-agentcore-control:CreateRegistryRecord": "no page on its role was read",
    "bedrock-agentcore-control:UpdateRegistryRecord": "no page on its role was read",
    "bedrock-agentcore-control:CreateCapacityProvider": "no page on its role was read",
    "bedrock-agentcore:CreateABTest": "no page on its role was read",
    "bedrock-agentcore:UpdateABTest": "no page on its role was read",
}
"""Operations that hand a role over whose trust is not documented well enough to judge it, and why."""
