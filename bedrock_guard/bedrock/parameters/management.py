"""What building things takes from the caller besides the operation's own action: AgentCore, third-party stores,
SageMaker.
"""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import Makes, ParameterRule

__all__ = ["MANAGEMENT"]

_CONTROL = "bedrock-agentcore-control:"
_NETWORK = "network.bedrock-agentcore.amazonaws.com"
_NETWORK_ROLE = (
    f"arn:{{partition}}:iam::{{account}}:role/aws-service-role/{_NETWORK}/AWSServiceRoleForBedrockAgentCoreNetwork"
)
_ASSUMED_S3 = "assumed: the file is read while the request is made, and no page says with whose rights"
_FROM_SECRETS = "assumed: the secret is checked while the request is made, and no page says with whose rights"
_THIRD_PARTY = (
    "Service Authorization Reference: AssociateThirdPartyKnowledgeBase and its key for the secret's ARN; the Bedrock "
    "User Guide shows it for service roles (agents-permissions, read 2026-11)"
)


def _control(*names: str) -> tuple[str, ...]:
    return tuple(_CONTROL + name for name in names)


def _network(operations: tuple[str, ...], path: str) -> ParameterRule:
    return ParameterRule(
        operations,
        (path,),
        "iam:CreateServiceLinkedRole",
        Makes.TEMPLATE,
        "AgentCore Developer Guide, agentcore-vpc and service-linked-roles (read 2026-11-24): network interfaces are "
        "made by a service-linked role, which the first VPC configuration of an account creates",
        kind=_NETWORK_ROLE,
        context=(("iam:AWSServiceName", _NETWORK),),
        advisory=True,
        note="the first time in an account",
    )


def _reads(operations: tuple[str, ...], *paths: str, parts: bool = False) -> ParameterRule:
    makes = Makes.S3_PARTS if parts else Makes.S3_OBJECT
    return ParameterRule(operations, paths, "s3:GetObject", makes, _ASSUMED_S3, advisory=True, note="on the object")


def _secret(operations: tuple[str, ...], *paths: str) -> ParameterRule:
    return ParameterRule(
        operations,
        paths,
        "secretsmanager:GetSecretValue",
        Makes.SECRET,
        _FROM_SECRETS,
        advisory=True,
        note="on the secret",
    )


_GATEWAY_TARGETS = _control("CreateGatewayTarget", "UpdateGatewayTarget")
_RUNTIMES = _control("CreateAgentRuntime", "UpdateAgentRuntime")
_VENDORS = (
    "customOauth2ProviderConfig",
    "googleOauth2ProviderConfig",
    "githubOauth2ProviderConfig",
    "slackOauth2ProviderConfig",
    "salesforceOauth2ProviderConfig",
    "microsoftOauth2ProviderConfig",
    "atlassianOauth2ProviderConfig",
    "linkedinOauth2ProviderConfig",
    "includedOauth2ProviderConfig",
)
_CERTIFICATES = "customJWTAuthorizer.certificateConfigurations[]."
_AUTHORIZED = (
    *_RUNTIMES,
    *_control(
        "CreateGateway",
        "UpdateGateway",
        "CreateHarness",
        "CreatePaymentManager",
        "UpdatePaymentManager",
        "CreateRegistry",
    ),
)
_AUTHORIZED_LATER = _control("UpdateHarness", "UpdateRegistry")
_OAUTH = _control("CreateOauth2CredentialProvider", "UpdateOauth2CredentialProvider")
_KEPT_SECRETS = (
    *(("Oauth2", f"oauth2ProviderConfigInput.{vendor}.clientSecret") for vendor in _VENDORS),
    ("ApiKey", "apiKey"),
    ("Payment", "providerConfigurationInput.coinbaseCdpConfiguration.apiKeySecret"),
    ("Payment", "providerConfigurationInput.coinbaseCdpConfiguration.walletSecret"),
    ("Payment", "providerConfigurationInput.stripePrivyConfiguration.appSecret"),
)


def _kept(verb: str, action: str) -> tuple[ParameterRule, ...]:
    """A secret that the request holds is kept in Secrets Manager of the account."""
    return tuple(
        ParameterRule(
            _control(f"{verb}{provider}CredentialProvider"),
            (path,),
            action,
            Makes.TEMPLATE,
            "managed policy BedrockAgentCoreFullAccess, which grants it on these secrets; that this operation uses it "
            "on the caller's rights is assumed",
            kind="arn:{partition}:secretsmanager:{region}:{account}:secret:bedrock-agentcore-identity!*",
            advisory=True,
            note="on the secret that AgentCore keeps",
        )
        for provider, path in _KEPT_SECRETS
    )


_AGENTCORE: tuple[ParameterRule, ...] = (
    ParameterRule(
        ("bedrock-agentcore:InvokeAgentRuntime",),
        ("runtimeUserId",),
        "bedrock-agentcore:InvokeAgentRuntimeForUser",
        Makes.OWN,
        "botocore model bedrock-agentcore, InvokeAgentRuntime: “permissions to both actions”",
        note="on the runtime",
    ),
    ParameterRule(
        ("bedrock-agentcore:StartBrowserSession",),
        ("proxyConfiguration.proxies[].externalProxy.credentials.basicAuth.secretArn",),
        "secretsmanager:GetSecretValue",
        Makes.SECRET,
        "botocore model bedrock-agentcore, BasicAuth: “the caller must have”",
        note="on the secret",
    ),
    _network(_RUNTIMES, "networkConfiguration.networkModeConfig.subnets"),
    _network(_control("CreateBrowser", "CreateCodeInterpreter"), "networkConfiguration.vpcConfig.subnets"),
    _network(
        _control("CreateHarness", "UpdateHarness"),
        "environment.agentCoreRuntimeEnvironment.networkConfiguration.networkModeConfig.subnets",
    ),
    _reads(_RUNTIMES, "agentRuntimeArtifact.codeConfiguration.code.s3", parts=True),
    _reads(_control("CreateBrowser"), "enterprisePolicies[].location.s3", parts=True),
    _reads(
        ("bedrock-agentcore:StartBrowserSession",),
        "extensions[].location.s3",
        "enterprisePolicies[].location.s3",
        parts=True,
    ),
    _reads(_control("CreateDataset", "AddDatasetExamples"), "source.s3Source.s3Uri"),
    _reads(
        _GATEWAY_TARGETS,
        "targetConfiguration.mcp.openApiSchema.s3.uri",
        "targetConfiguration.mcp.smithyModel.s3.uri",
        "targetConfiguration.mcp.lambda.toolSchema.s3.uri",
        "targetConfiguration.mcp.mcpServer.mcpToolSchema.s3.uri",
        "targetConfiguration.http.agentcoreRuntime.schema.source.s3.uri",
        "targetConfiguration.http.passthrough.schema.source.s3.uri",
        "certificateConfigurations[].s3.uri",
    ),
    _reads(_AUTHORIZED, f"authorizerConfiguration.{_CERTIFICATES}s3.uri"),
    _reads(_AUTHORIZED_LATER, f"authorizerConfiguration.optionalValue.{_CERTIFICATES}s3.uri"),
    _reads(_OAUTH, "oauth2ProviderConfigInput.customOauth2ProviderConfig.certificateConfigurations[].s3.uri"),
    _secret(_AUTHORIZED, f"authorizerConfiguration.{_CERTIFICATES}secretsManager.secretArn"),
    _secret(_AUTHORIZED_LATER, f"authorizerConfiguration.optionalValue.{_CERTIFICATES}secretsManager.secretArn"),
    _secret(
        _OAUTH,
        "oauth2ProviderConfigInput.customOauth2ProviderConfig.certificateConfigurations[].secretsManager.secretArn",
    ),
    _secret(
        _control("CreatePaymentCredentialProvider", "UpdatePaymentCredentialProvider"),
        "providerConfigurationInput.coinbaseCdpConfiguration.apiKeySecretConfig.secretId",
        "providerConfigurationInput.coinbaseCdpConfiguration.walletSecretConfig.secretId",
        "providerConfigurationInput.stripePrivyConfiguration.appSecretConfig.secretId",
        "providerConfigurationInput.stripePrivyConfiguration.authorizationPrivateKeyConfig.secretId",
    ),
    *_kept("Create", "secretsmanager:CreateSecret"),
    *_kept("Update", "secretsmanager:PutSecretValue"),
    _secret(_GATEWAY_TARGETS, "certificateConfigurations[].secretsManager.secretArn"),
    _secret(
        (
            "bedrock-agentcore:StartBrowserSession",
            "bedrock-agentcore:StartCodeInterpreterSession",
            *_control("CreateBrowser", "CreateCodeInterpreter"),
        ),
        "certificates[].location.secretsManager.secretArn",
    ),
    _secret(
        _control("CreateApiKeyCredentialProvider", "UpdateApiKeyCredentialProvider"), "apiKeySecretConfig.secretId"
    ),
    _secret(
        _OAUTH,
        *(f"oauth2ProviderConfigInput.{vendor}.clientSecretConfig.secretId" for vendor in _VENDORS),
    ),
)

_BATCH_EVALUATION = (
    "AgentCore Developer Guide, batch-evaluations-prereqs (read 2026-11-24): it runs under the caller's credentials, "
    "and these are the least that it takes"
)
_LOGS = "dataSourceConfig.cloudWatchLogs."

_RUN_BY_THE_CALLER: tuple[ParameterRule, ...] = (
    *(
        ParameterRule(
            ("bedrock-agentcore:StartBatchEvaluation",),
            (_LOGS + parameter,),
            f"logs:{action}",
            Makes.NAME,
            _BATCH_EVALUATION,
            # Policies name a group with :* at its end, and a grant without it does not cover the request
            # (CloudWatch Logs User Guide, iam-access-control-overview-cwl; assumed known, not re-read).
            kind=f"arn:{{partition}}:logs:{{region}}:{{account}}:log-group:{{name}}{rest}",
            note="on the log groups of the agent",
        )
        for action, end in (
            ("FilterLogEvents", ":*"),
            ("GetLogEvents", ":log-stream:*"),
            ("GetQueryResults", ":*"),
            ("StartQuery", ":*"),
        )
        for parameter, rest in (("logGroupNames[]", end), ("logGroupNamePrefixes[]", f"*{end}"))
    ),
    ParameterRule(
        _GATEWAY_TARGETS,
        ("targetConfiguration.mcp.apiGateway.restApiId",),
        "apigateway:GET",
        Makes.NAME,
        "AgentCore Developer Guide, gateway-target-api-gateway (read 2026-11-24): GetExport is called on the caller's "
        "behalf while the target is made; with whose rights is not said",
        kind="arn:{partition}:apigateway:{region}::/restapis/{name}/stages/*/exports/*",
        advisory=True,
        note="on the export of the API",
    ),
)

_STORES = ("pineconeConfiguration", "redisEnterpriseCloudConfiguration", "mongoDbAtlasConfiguration")
MANAGEMENT: tuple[ParameterRule, ...] = (
    *_AGENTCORE,
    *_RUN_BY_THE_CALLER,
    ParameterRule(
        ("bedrock-agent:CreateKnowledgeBase", "bedrock-agent:UpdateKnowledgeBase"),
        tuple(f"storageConfiguration.{store}.credentialsSecretArn" for store in _STORES),
        "bedrock:AssociateThirdPartyKnowledgeBase",
        Makes.NOTHING,
        _THIRD_PARTY,
        advisory=True,
        note="for a store of another vendor",
    ),
    ParameterRule(
        ("bedrock:CreateCustomModel",),
        ("customModelDataSource.modelPackageArnDataSource.modelPackageArn",),
        "sagemaker:DescribeModelPackage",
        Makes.ARN,
        "botocore model bedrock, ModelPackageArnDataSource: “you must have the sagemaker:DescribeModelPackage and "
        "sagemaker:AccessModelPackageData permissions”; the reference has no action of the second name",
        note="on the model package",
    ),
    *(
        ParameterRule(
            (f"bedrock:{operation}",),
            (path,),
            action,
            Makes.ARN,
            "managed policy AmazonBedrockMarketplaceAccess (read 2026-11); which of its actions this operation uses "
            "is assumed",
            advisory=True,
            note="on the SageMaker endpoint",
        )
        for operation, path, action in (
            ("RegisterMarketplaceModelEndpoint", "endpointIdentifier", "sagemaker:DescribeEndpoint"),
            ("GetMarketplaceModelEndpoint", "endpointArn", "sagemaker:DescribeEndpoint"),
            ("UpdateMarketplaceModelEndpoint", "endpointArn", "sagemaker:UpdateEndpoint"),
            ("DeleteMarketplaceModelEndpoint", "endpointArn", "sagemaker:DeleteEndpoint"),
        )
    ),
)
