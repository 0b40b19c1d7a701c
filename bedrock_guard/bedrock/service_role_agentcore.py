"""The roles that Bedrock AgentCore is handed."""

from __future__ import annotations

from bedrock_guard.bedrock.service_role_kinds import Handover, Read, RoleKind, RoleNeed, Target, Trust, Unnamed

__all__ = ["AGENTCORE_KINDS"]

_CONTROL = "bedrock-agentcore-control:"
_GUIDE = "AgentCore Developer Guide, "
_READ = " (read 2026-11-24)"
_NOT_READ = "assumed: as of AgentCore's other roles; the page on this one was not read"


def trusts_agentcore(source: str) -> Trust:
    """The trust of AgentCore's roles.

    The guide's policies name every resource of the account in ``aws:SourceArn``; which one is sent is not documented,
    so that a narrower pattern is neither right nor wrong.
    """
    return Trust("bedrock-agentcore.amazonaws.com", "arn:{partition}:bedrock-agentcore:{region}:{account}:*", source)


_RUNTIME = f"{_GUIDE}runtime-permissions{_READ}"
_GATEWAY = f"{_GUIDE}gateway-prerequisites-permissions and policy-permissions{_READ}"
_MEMORY = "managed policy AmazonBedrockAgentCoreMemoryBedrockModelInferenceExecutionRolePolicy (read 2026-11-24)"
_BROWSER = f"{_GUIDE}browser-resource-session-management{_READ}"
_TOOLS = f"{_GUIDE}code-interpreter-resource-session-management{_READ}"


def _both(verb: str, feature: str, parameter: str) -> Handover:
    return Handover(f"{_CONTROL}{verb}{feature}", parameter)


RUNTIME = RoleKind(
    "agentcore-runtime",
    "The execution role of an AgentCore runtime",
    trusts_agentcore(_RUNTIME),
    (_both("Create", "AgentRuntime", "roleArn"), _both("Update", "AgentRuntime", "roleArn")),
    (
        RoleNeed(("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"), Target.REPOSITORY, _RUNTIME, Unnamed.ADVISORY),
        RoleNeed(("ecr:GetAuthorizationToken",), Target.NOTHING, _RUNTIME, named="repositories"),
        RoleNeed(("s3:GetObject",), Target.OBJECTS, _NOT_READ, advisory=True),
        *(
            RoleNeed(
                actions,
                target,
                _RUNTIME + "; an agent runs without its logs (assumed)",
                Unnamed.ADVISORY,
                advisory=True,
            )
            for actions, target in (
                (("logs:CreateLogGroup",), Target.RUNTIME_LOG_GROUP),
                (("logs:CreateLogStream", "logs:PutLogEvents"), Target.RUNTIME_LOG_STREAM),
            )
        ),
        RoleNeed(("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"), Target.MODEL, _RUNTIME),
        RoleNeed(("secretsmanager:GetSecretValue",), Target.SECRET, _NOT_READ, advisory=True),
    ),
    (
        Read("agentRuntimeArtifact.containerConfiguration.containerUri", "repositories"),
        Read(
            "agentRuntimeArtifact.codeConfiguration.code.s3.bucket",
            "buckets",
            "agentRuntimeArtifact.codeConfiguration.code.s3.prefix",
        ),
    ),
)

GATEWAY = RoleKind(
    "agentcore-gateway",
    "The service role of an AgentCore gateway",
    trusts_agentcore(_GATEWAY),
    (_both("Create", "Gateway", "roleArn"), _both("Update", "Gateway", "roleArn")),
    (
        RoleNeed(("lambda:InvokeFunction",), Target.LAMBDA, _GATEWAY),
        RoleNeed(("bedrock-agentcore:GetPolicyEngine",), Target.POLICY_ENGINE, _GATEWAY),
        RoleNeed(
            ("bedrock-agentcore:AuthorizeAction", "bedrock-agentcore:PartiallyAuthorizeActions"),
            Target.POLICY_ENGINE,
            _GATEWAY + "; on the gateway as well, which is not there yet",
        ),
        RoleNeed(("secretsmanager:GetSecretValue",), Target.SECRET, _GATEWAY),
        RoleNeed(("kms:Decrypt", "kms:GenerateDataKey"), Target.RESOURCE_KEY, _NOT_READ, advisory=True),
    ),
    (
        Read("interceptorConfigurations[].interceptor.lambda.arn", "lambdas"),
        Read("policyEngineConfiguration.arn", "policy_engines"),
        Read("kmsKeyArn", "resource_keys"),
        Read("targetConfiguration.mcp.lambda.lambdaArn", "lambdas"),
    ),
    (("lambdas", "The function's own policy must not deny the role; in another account it has to allow it."),),
    (_CONTROL + "CreateGatewayTarget", _CONTROL + "UpdateGatewayTarget"),
)

MEMORY = RoleKind(
    "agentcore-memory",
    "The execution role of an AgentCore memory with its own models",
    trusts_agentcore(_NOT_READ),
    (_both("Create", "Memory", "memoryExecutionRoleArn"), _both("Update", "Memory", "memoryExecutionRoleArn")),
    (
        RoleNeed(("bedrock:InvokeModel",), Target.MODEL, _MEMORY, Unnamed.ADVISORY),
        RoleNeed(("bedrock:InvokeModelWithResponseStream",), Target.MODEL, _MEMORY, advisory=True),
        RoleNeed(("s3:PutObject",), Target.OUTPUT_OBJECTS, _NOT_READ, advisory=True),
    ),
    (
        *(
            Read(f"memoryStrategies[].customMemoryStrategy.configuration.{step}.modelId", "models")
            for step in (
                "semanticOverride.extraction",
                "semanticOverride.consolidation",
                "summaryOverride.consolidation",
                "userPreferenceOverride.extraction",
                "userPreferenceOverride.consolidation",
                "episodicOverride.extraction",
                "episodicOverride.consolidation",
                "episodicOverride.reflection",
            )
        ),
        Read(
            "memoryStrategies[].customMemoryStrategy.configuration.selfManagedConfiguration.invocationConfiguration"
            ".payloadDeliveryBucketName",
            "outputs",
        ),
    ),
)

BROWSER = RoleKind(
    "agentcore-browser",
    "The execution role of an AgentCore browser",
    trusts_agentcore(_BROWSER),
    (_both("Create", "Browser", "executionRoleArn"),),
    (
        RoleNeed(
            ("s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"),
            Target.OUTPUT_OBJECTS,
            _BROWSER + ", session recording",
        ),
        RoleNeed(("secretsmanager:GetSecretValue",), Target.SECRET, _NOT_READ, advisory=True),
        RoleNeed(("s3:GetObject",), Target.OBJECTS, _NOT_READ, advisory=True),
    ),
    (
        Read("recording.s3Location.bucket", "outputs", "recording.s3Location.prefix"),
        Read("enterprisePolicies[].location.s3.bucket", "buckets"),
        Read("certificates[].location.secretsManager.secretArn", "secrets"),
    ),
)

CODE_INTERPRETER = RoleKind(
    "agentcore-code-interpreter",
    "The execution role of an AgentCore code interpreter",
    trusts_agentcore(_TOOLS),
    (_both("Create", "CodeInterpreter", "executionRoleArn"),),
    (
        RoleNeed(("s3:GetObject",), Target.OBJECTS, _TOOLS + ": whatever the code in it does"),
        RoleNeed(("s3:PutObject",), Target.OUTPUT_OBJECTS, _TOOLS + ": whatever the code in it does"),
        RoleNeed(("secretsmanager:GetSecretValue",), Target.SECRET, _NOT_READ, advisory=True),
    ),
    (Read("certificates[].location.secretsManager.secretArn", "secrets"),),
)

HARNESS = RoleKind(
    "agentcore-harness",
    "The execution role of an AgentCore harness",
    trusts_agentcore(_NOT_READ),
    (_both("Create", "Harness", "executionRoleArn"), _both("Update", "Harness", "executionRoleArn")),
    (
        RoleNeed(
            ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"), Target.MODEL, _NOT_READ, advisory=True
        ),
        RoleNeed(("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"), Target.REPOSITORY, _NOT_READ, advisory=True),
        RoleNeed(("lambda:InvokeFunction",), Target.LAMBDA, _NOT_READ, advisory=True),
    ),
    (
        Read("model.bedrockModelConfig.modelId", "models"),
        Read("environmentArtifact.containerConfiguration.containerUri", "repositories"),
        *(
            Read(f"hooks[].{moment}.target.lambda.arn", "lambdas")
            for moment in ("beforeInvocation", "afterInvocation", "beforeToolCall", "afterToolCall")
        ),
    ),
)

ONLINE_EVALUATION = RoleKind(
    "agentcore-evaluation",
    "The execution role of AgentCore's online evaluation",
    trusts_agentcore(_NOT_READ),
    (
        _both("Create", "OnlineEvaluationConfig", "evaluationExecutionRoleArn"),
        _both("Update", "OnlineEvaluationConfig", "evaluationExecutionRoleArn"),
    ),
    (RoleNeed(("bedrock:InvokeModel",), Target.MODEL, _NOT_READ, advisory=True),),
)

AGENTCORE_KINDS = (RUNTIME, GATEWAY, MEMORY, BROWSER, CODE_INTERPRETER, HARNESS, ONLINE_EVALUATION)
"""In the order in which they are listed."""
