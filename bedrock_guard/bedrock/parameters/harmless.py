"""Parameters that sound as if they brought a permission of the caller, and why they do not."""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import Harmless

__all__ = ["HARMLESS"]

_MODEL = "botocore's models (1.44.5): what the parameter is"
_CONTROL = "bedrock-agentcore-control:"
_NODES = "bedrock-agent:*Flow*/definition.nodes[].configuration."
_STORES = "bedrock-agent:*KnowledgeBase/storageConfiguration."
_GUIDE = "Bedrock User Guide, "
_TARGET = _CONTROL + "*GatewayTarget/targetConfiguration."

_NO_RESOURCE = (
    Harmless(
        (
            "*/*odelName",
            "*/agentAliasName",
            "*/blueprintName",
            "*/flowExecutionName",
            "*/harnessName",
            "*/modelDeploymentName",
            "*/*.collectionName",
            "bedrock-agent-runtime:*/*.functionResult.function",
            "bedrock-agentcore-control:*/*.credentialParameterName",
        ),
        "a name that the caller gives or looks for: of what is made, of a function of the conversation, of a header",
        _MODEL,
    ),
    Harmless(
        ("*/*lueprintVersion", "*/*flowVersion", "*/*guardrailVersion", "*/harnessVersion"),
        "a version: authorised on what it is a version of, which another parameter names; of a guardrail it is part of "
        "a condition key",
        "Service Authorization Reference: the ARN forms",
    ),
    Harmless(
        ("bedrock:List*/*Equals", "bedrock:List*/*Contains"),
        "a filter of a list: the action takes no resource",
        "Service Authorization Reference",
    ),
    Harmless(
        ("*/*ucketOwner", "*/*ucketOwnerAccountId"),
        "the account that the bucket is expected to belong to: it is compared, and changes no permission",
        _MODEL,
    ),
    Harmless(
        (
            "bedrock:*/buildWorkflowId",
            "*/*sessionId",
            "bedrock-agentcore:*/*SessionId",
            "bedrock-agent-runtime:*AgentMemory/memoryId",
            "bedrock-agent-runtime:InvokeAgent/memoryId",
            "bedrock-agentcore:*/records[].requestIdentifier",
            "bedrock-agent:*VpcConfiguration/vpcConfigurationId",
            "bedrock-agent-runtime:*/invocationIdentifier",
        ),
        "something inside a resource that another parameter names, or of an action that takes none",
        "Service Authorization Reference: there is no such resource kind",
    ),
    Harmless(
        (
            "bedrock:PutEnforcedGuardrailConfiguration/guardrailInferenceConfig.*",
            "bedrock:*MarketplaceModelEndpoint/modelSourceIdentifier",
            "bedrock:DeregisterMarketplaceModelEndpoint/endpointArn",
            "bedrock-agent-runtime:OptimizePrompt/targetModelId",
            "bedrock-agent-runtime:GenerateQuery/*",
            "bedrock-agent-runtime:*Document*/knowledgeBaseId",
            "bedrock:*FoundationModelAgreement*/modelId",
            "bedrock:GetFoundationModelAvailability/modelId",
            "bedrock-agentcore-control:List*/agentRuntimeId",
            "bedrock-agentcore-control:List*/harnessId",
            "bedrock-agentcore:ListBrowserSessions/browserIdentifier",
            "bedrock-data-automation:ListDataAutomationProjects/libraryFilter.libraryArn",
            "bedrock-agentcore:CreateABTest/gatewayArn",
            "bedrock-data-automation:ListBlueprints/blueprintArn",
            "bedrock-data-automation:UpdateDataAutomationProject/dataAutomationLibraryConfiguration.*",
        ),
        "the action takes no resource, or none of this kind: which one it is about makes no difference to policies",
        "Service Authorization Reference",
    ),
    Harmless(
        ("*/additionalModelResponseFieldPaths",),
        "fields of the model's own answer",
        _MODEL,
    ),
    Harmless(
        ("*/*encryptionConfiguration.kmsEncryptionContext",),
        "text that the key is used with: policies may ask for it, and it names no resource",
        _GUIDE + "encryption-bda (read 2026-11-24)",
    ),
    Harmless(
        (
            "bedrock-agent-runtime:AgenticRetrieveStream/*.mantleFoundationModelConfiguration.*.modelArn",
            "bedrock-agent-runtime:InvokeAgent/sourceArn",
            "bedrock-agent-runtime:InvokeInlineAgent/inlineSessionState.returnControlInvocationResults[].*",
            "bedrock-agentcore-control:CreateConsentPortal/sources[].identifier",
            "bedrock-agentcore-control:*/*.stickinessConfiguration.*dentifier",
            "bedrock-agentcore:*/sessionUri",
            "bedrock-agentcore-control:*ConfigurationBundle/createdBy.arn",
            "bedrock-agentcore-control:*GatewayRule/conditions[].matchPrincipals.anyOf[].iamPrincipal.arn",
            "bedrock-agentcore-control:*/*.allowedWorkloadConfiguration.hostingEnvironments[].arn",
            "bedrock-agentcore-control:StartPolicyGeneration/resource.arn",
            "bedrock-agentcore-control:*/*.apiKeyCredentialProvider.credentialPrefix",
            "bedrock-agentcore-control:*PaymentCredentialProvider/*.apiKeyId",
        ),
        "told to the service, compared or written down, and nothing is called on it",
        _MODEL,
    ),
    Harmless(
        (
            "bedrock-agent:*Prompt/variants[].*",
            "bedrock-agent-runtime:PutInvocationStep/payload.contentBlocks[].image.source.s3Location.uri",
            "bedrock-agent-runtime:RetrieveAndGenerate*/*.byteContent.identifier",
            "bedrock:CreateEvaluationJob/*.byteContent.identifier",
            "bedrock:CreateEvaluationJob/*SourceIdentifier",
        ),
        "kept as it is, and used by who uses what is kept",
        _MODEL,
    ),
)

_TOOLS = (
    Harmless(
        (
            "bedrock-runtime:*/*toolConfig.tools[].toolSpec.*",
            "bedrock-runtime:*/*toolConfig.toolChoice.tool.name",
            "bedrock-runtime:*/*.toolUse.*",
            "bedrock-runtime:*/*.toolResult.*",
            "bedrock-runtime:*/*.toolAddition.tool.*",
            "bedrock-runtime:*/*.toolRemoval.tool.*",
            "bedrock-agent:CreateFlow/*.toolSpec.*",
            "bedrock-agent:CreateFlow/*.toolChoice.tool.name",
            "bedrock-agentcore:InvokeHarness/messages[].content[].tool*",
            "*/*llowedTools",
            "*/*.expectedTrajectory.toolNames",
        ),
        "a tool that the app runs itself, what it answered, or one by a name that the configuration declares elsewhere",
        _MODEL,
    ),
    Harmless(
        ("bedrock-runtime:CountTokens/input.converse.toolConfig.tools[].systemTool.name",),
        "its description is counted; nothing is run",
        _MODEL,
    ),
    Harmless(
        (
            _TARGET + "*.connector.*",
            _TARGET + "mcp.apiGateway.stage",
            _TARGET + "mcp.apiGateway.apiGatewayToolConfiguration.*",
            _TARGET + "mcp.*.inlinePayload*",
            _CONTROL + "*RegistryRecord/descriptors.*mcp.*tools.*",
        ),
        "how a target's tools are described and which of them are shown; the gateway calls them with its role",
        _MODEL,
    ),
    Harmless(
        (_CONTROL + "*CredentialProvider/*.jsonKey", _CONTROL + "*CredentialProvider/*SecretConfig.jsonKey"),
        "a part of the secret that the parameter beside it names",
        _MODEL,
    ),
)

_SERVICE_ROLES = (
    Harmless(
        (
            "bedrock:CreateModelCustomizationJob/*s3Uri",
            "bedrock:CreateModelImportJob/*s3Uri",
            "bedrock:CreateModelInvocationJob/*s3Uri",
            "bedrock:CreateModelInvocationJob/outputDataConfig.s3OutputDataConfig.s3EncryptionKeyId",
            "bedrock:CreateEvaluationJob/*s3Uri",
            "bedrock:CreateCustomModel/modelSourceConfig.s3DataSource.s3Uri",
            "bedrock:CreateModelCustomizationJob/*.teacherModelIdentifier",
            "bedrock:CreateModelCustomizationJob/*.lambdaArn",
            "bedrock:CreateEvaluationJob/inferenceConfig.ragConfigs[].*",
            "bedrock:CreateEvaluationJob/*.flowDefinitionArn",
        ),
        "read, written or called by the job's service role, not by who starts the job",
        _GUIDE + "model-customization-iam-role, batch-iam-sr, judge-service-roles and model-import-iam-role "
        "(read 2026-11)",
    ),
    Harmless(
        (
            "bedrock:*/vpcConfig.subnetIds",
            "bedrock:*/vpcConfig.securityGroupIds",
            "bedrock:*MarketplaceModelEndpoint/endpointConfig.sageMaker.vpc.*",
        ),
        "network interfaces are made by the service role, whose permissions are asked of it",
        _GUIDE + "vpc-model-customization, vpc-custom-model-import and batch-vpc (read 2026-11-24)",
    ),
    Harmless(
        (
            "bedrock-agent:*Agent/foundationModel",
            "bedrock-agent:*Agent/guardrailConfiguration.guardrailIdentifier",
            "bedrock-agent:*Agent/promptOverrideConfiguration.*",
            "bedrock-agent:*Agent/customOrchestration.executor.lambda",
            "bedrock-agent:*AgentActionGroup/actionGroupExecutor.lambda",
            "bedrock-agent:*AgentActionGroup/apiSchema.s3.*",
            "bedrock-agent:*AgentCollaborator/agentDescriptor.aliasArn",
            "bedrock-agent-runtime:InvokeAgent/sessionState.*",
        ),
        "used by the agent's role; a function lets Bedrock in by its own policy",
        _GUIDE + "agents-permissions (read 2026-11)",
    ),
    Harmless(
        (
            "bedrock-agent-runtime:InvokeInlineAgent/*.lambda",
            "bedrock-agent-runtime:InvokeInlineAgent/*.overrideLambda",
        ),
        "the function's own policy lets Bedrock call it",
        _GUIDE + "agents-permissions, “resource-based policy” (read 2026-11)",
    ),
    Harmless(
        (
            *(_NODES + part for part in ("agent.*", "knowledgeBase.*", "lambdaFunction.*", "lex.*", "prompt.*")),
            _NODES + "retrieval.serviceConfiguration.s3.bucketName",
            _NODES + "storage.serviceConfiguration.s3.bucketName",
        ),
        "used by the flow's role when it runs",
        _GUIDE + "flows-permissions (read 2026-11)",
    ),
    Harmless(
        (
            "bedrock-agent:*KnowledgeBase/knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration.*",
            "bedrock-agent:*KnowledgeBase/knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration.embeddingModelArn",
            "bedrock-agent:*KnowledgeBase/knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration.supplemental*",
            "bedrock-agent:*KnowledgeBase/knowledgeBaseConfiguration.kendraKnowledgeBaseConfiguration.*",
            "bedrock-agent:*KnowledgeBase/knowledgeBaseConfiguration.sqlKnowledgeBaseConfiguration.*",
            _STORES + "neptuneAnalyticsConfiguration.graphArn",
            _STORES + "opensearchManagedClusterConfiguration.domainArn",
            _STORES + "opensearchServerlessConfiguration.collectionArn",
            _STORES + "rdsConfiguration.*",
            _STORES + "s3VectorsConfiguration.*",
            "bedrock-agent:*DataSource/dataSourceConfiguration.*",
            "bedrock-agent:*DataSource/serverSideEncryptionConfiguration.kmsKeyArn",
            "bedrock-agent:*DataSource/vectorIngestionConfiguration.*",
            "bedrock-agent:*KnowledgeBaseDocuments/document*",
        ),
        "read, written or called by the knowledge base's role",
        _GUIDE + "kb-permissions and encryption-kb (read 2026-11)",
    ),
    Harmless(
        ("bedrock-agent:CreateVpcConfiguration/vpcId", "bedrock-agent:CreateVpcConfiguration/subnetIds"),
        "no page about this operation was found; that the service makes the interfaces is assumed",
        "assumed",
    ),
    Harmless(
        ("bedrock:PutModelInvocationLoggingConfiguration/loggingConfig.cloudWatchConfig.logGroupName",),
        "written with the role that is handed over beside it",
        _GUIDE + "model-invocation-logging (read 2026-11)",
    ),
    Harmless(
        (
            "bedrock:PutModelInvocationLoggingConfiguration/loggingConfig.s3Config.bucketName",
            "bedrock:PutModelInvocationLoggingConfiguration/loggingConfig.cloudWatchConfig.largeDataDelivery*",
        ),
        "written by Bedrock, which the bucket's policy lets in",
        _GUIDE + "model-invocation-logging (read 2026-11)",
    ),
)

_AGENTCORE = (
    Harmless(
        (
            _CONTROL + "*AgentRuntime/agentRuntimeArtifact.containerConfiguration.containerUri",
            _CONTROL + "*AgentRuntime/capacityProviderConfiguration.capacityProviderArn",
            _CONTROL + "*AgentRuntime/filesystemConfigurations[].*",
            _CONTROL + "Create*/filesystemConfigurations[].*",
            _CONTROL + "CreateBrowser/recording.s3Location.bucket",
            "bedrock-agentcore:Start*Session/filesystemConfigurations[].*",
        ),
        "read, written or mounted with the execution role",
        "AgentCore Developer Guide, runtime-permissions (read 2026-11-24)",
    ),
    Harmless(
        (
            _CONTROL + "*Harness/environment*.containerUri",
            _CONTROL + "*Harness/environment.agentCoreRuntimeEnvironment.filesystemConfigurations[].*",
            _CONTROL + "*Harness/hooks[].*",
            _CONTROL + "*Harness/memory.*emoryConfiguration.arn",
            _CONTROL + "*Harness/memory.optionalValue.*emoryConfiguration.arn",
            _CONTROL + "*Harness/model.*",
            _CONTROL + "*Harness/skills[].*",
            _CONTROL + "*Harness/tools[].*",
            "bedrock-agentcore:InvokeHarness/model.*",
            "bedrock-agentcore:InvokeHarness/skills[].*",
            "bedrock-agentcore:InvokeHarness/tools[].*",
        ),
        "used by the harness with its execution role, which “must have permissions for the services the agent needs”",
        "botocore model bedrock-agentcore-control, CreateHarness executionRoleArn",
    ),
    Harmless(
        (
            _CONTROL + "*/networkConfiguration.*.securityGroups",
            _CONTROL + "*Harness/environment.agentCoreRuntimeEnvironment.networkConfiguration.*.securityGroups",
        ),
        "given to interfaces that the service-linked role makes; the subnets beside them bring that role",
        "AgentCore Developer Guide, agentcore-vpc (read 2026-11-24)",
    ),
    Harmless(
        (
            _CONTROL + "*/*rivateEndpoint.*",
            _CONTROL + "*/*privateEndpointOverrides[].*",
        ),
        "made by AgentCore in the VPC for it; no page says that the caller needs more",
        "assumed",
    ),
    Harmless(
        (_CONTROL + "CreateCapacityProvider/computeConfiguration.*",),
        "used by the operator role, which launches and tags the instances",
        "botocore model bedrock-agentcore-control, PermissionsConfiguration",
    ),
    Harmless(
        (
            _CONTROL + "*Gateway/customTransformConfiguration.lambda.arn",
            _CONTROL + "*Gateway/interceptorConfigurations[].*",
            _CONTROL + "*Gateway/policyEngineConfiguration.arn",
            _CONTROL + "*Gateway/kmsKeyArn",
            _CONTROL + "*GatewayRule/actions[].*",
            _TARGET + "http.agentcoreRuntime.arn",
            _TARGET + "inference.*",
            _TARGET + "mcp.lambda.lambdaArn",
            _CONTROL + "*GatewayTarget/credentialProviderConfigurations[].*.providerArn",
        ),
        "used by the gateway with its role, its key included",
        "AgentCore Developer Guide, gateway-encryption (read 2026-11-24); botocore model, CreateGateway roleArn",
    ),
    Harmless(
        (
            _CONTROL + "*Evaluator/evaluatorConfig.*",
            _CONTROL + "*OnlineEvaluationConfig/evaluators[].evaluatorId",
            "bedrock-agentcore:StartBatchEvaluation/evaluators[].evaluatorId",
            "bedrock-agentcore:*ABTest/evaluationConfig.*",
            "bedrock-agentcore:*ABTest/variants[].*",
            "bedrock-agentcore:StartBatchEvaluation/dataSourceConfig.onlineEvaluationConfigSource.*",
            "bedrock-agentcore:StartBatchEvaluation/datasetExecutionConfig.*",
            "bedrock-agentcore:StartDatasetGeneration/source.*",
            "bedrock-agentcore:StartRecommendation/recommendationConfig.*",
        ),
        "read or called while the evaluation runs; no page says that it takes more of the caller",
        "assumed; botocore model, CreateABTest roleArn",
    ),
    Harmless(
        (
            _CONTROL + "*OnlineEvaluationConfig/dataSourceConfig.cloudWatchLogs.*",
            _CONTROL + "*OnlineEvaluationConfig/outputConfig.cloudWatchConfig.*",
        ),
        "read and written with the evaluation's execution role",
        "botocore model bedrock-agentcore-control, CreateOnlineEvaluationConfig evaluationExecutionRoleArn",
    ),
    Harmless(
        (
            "bedrock-agentcore:StartBatchEvaluation/outputConfig.cloudWatchConfig.*",
            "bedrock-agentcore:StartBatchEvaluation/dataSourceConfig.cloudWatchLogs.serviceNames",
            "bedrock-agentcore:StartBatchEvaluation/dataSourceConfig.cloudWatchLogs.filterConfig.*",
        ),
        "the results are written by the service, and names and ids filter what is read: the least policy of AWS's "
        "page has no action for either",
        "AgentCore Developer Guide, batch-evaluations-prereqs (read 2026-11-24)",
    ),
    Harmless(
        (
            _CONTROL + "*Memory/memoryStrategies*",
            _CONTROL + "*Memory/streamDeliveryResources.*",
        ),
        "called and written by the memory's execution role",
        "botocore model bedrock-agentcore-control, CreateMemory memoryExecutionRoleArn",
    ),
    Harmless(
        (
            _CONTROL + "*ConsentPortal/idpConfig.credentialProviderArn",
            _CONTROL + "*PaymentConnector/credentialProviderConfigurations[].*",
            _CONTROL + "*RegistryRecord/*.oauthCredentialProvider.providerArn",
            _CONTROL + "*Oauth2CredentialProvider/*.kmsKeySource.kmsKeyArn",
        ),
        "used later by the service for what is made; no page says that it takes more of the caller",
        "assumed",
    ),
)

HARMLESS: tuple[Harmless, ...] = (*_NO_RESOURCE, *_TOOLS, *_SERVICE_ROLES, *_AGENTCORE)
"""Every group. A parameter that a rule uses is not harmless, whatever pattern it falls under."""
