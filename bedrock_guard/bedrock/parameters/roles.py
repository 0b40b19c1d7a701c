"""Roles that a caller hands over: iam:PassRole on each, with the service that will assume it."""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import Makes, ParameterRule

__all__ = ["ROLES"]

_CORE = "bedrock-agentcore.amazonaws.com"


def _pass_role(
    *operations: str, parameter: str, service: str = "bedrock.amazonaws.com", advisory: bool = False
) -> ParameterRule:
    return ParameterRule(
        operations,
        (parameter,),
        "iam:PassRole",
        Makes.ROLE,
        "IAM User Guide, “Grant a user permissions to pass a role to an AWS service”: any API "
        "that takes the ARN of a role that the service will assume; the parameter is in botocore's model",
        context=(("iam:PassedToService", service),),
        advisory=advisory,
        note="on the role handed over",
    )


def _control(*names: str) -> tuple[str, ...]:
    return tuple(f"bedrock-agentcore-control:{name}" for name in names)


_REGISTRY = (
    "fromUrl.credentialProviderConfigurations[].credentialProvider.iamCredentialProvider.roleArn"  # long by AWS's names
)

ROLES: tuple[ParameterRule, ...] = (
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
    _pass_role("bedrock:PutModelInvocationLoggingConfiguration", parameter="loggingConfig.cloudWatchConfig.roleArn"),
    _pass_role(
        "bedrock:CreateMarketplaceModelEndpoint",
        "bedrock:UpdateMarketplaceModelEndpoint",
        parameter="endpointConfig.sageMaker.executionRole",
        # AmazonBedrockFullAccess names both services for these roles; which one is checked is not said.
        service="sagemaker.amazonaws.com",
        advisory=True,
    ),
    _pass_role(
        *_control(
            "CreateAgentRuntime",
            "UpdateAgentRuntime",
            "CreateGateway",
            "UpdateGateway",
            "CreatePaymentManager",
            "UpdatePaymentManager",
        ),
        "bedrock-agentcore:CreateABTest",
        "bedrock-agentcore:UpdateABTest",
        parameter="roleArn",
        service=_CORE,
    ),
    _pass_role(
        *_control(
            "CreateBrowser",
            "CreateCodeInterpreter",
            "CreateConsentPortal",
            "UpdateConsentPortal",
            "CreateHarness",
            "UpdateHarness",
        ),
        parameter="executionRoleArn",
        service=_CORE,
    ),
    _pass_role(*_control("CreateMemory", "UpdateMemory"), parameter="memoryExecutionRoleArn", service=_CORE),
    _pass_role(
        *_control("CreateOnlineEvaluationConfig", "UpdateOnlineEvaluationConfig"),
        parameter="evaluationExecutionRoleArn",
        service=_CORE,
    ),
    _pass_role(
        *_control("CreateRegistryRecord"),
        parameter=f"synchronizationConfiguration.{_REGISTRY}",
        service=_CORE,
        advisory=True,
    ),
    _pass_role(
        *_control("UpdateRegistryRecord"),
        parameter=f"synchronizationConfiguration.optionalValue.{_REGISTRY}",
        service=_CORE,
        advisory=True,
    ),
    _pass_role(
        *_control("CreateCapacityProvider"),
        parameter="permissionsConfiguration.capacityProviderOperatorRoleArn",
        service=_CORE,
    ),
)
