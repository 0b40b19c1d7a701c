"""Which parameters name the resources that an operation itself is authorised on.

For each kind of resource the first line counts whose parameters the request has all. Where no line of an operation
does, the permission is asked on the pattern of the kind.
"""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import NamedResource as Named

__all__ = ["NAMED"]

_ID = "[a-z0-9]{12}"
_JOBS = (
    "advanced-prompt-optimization-job",
    "evaluation-job",
    "model-customization-job",
    "model-import-job",
    "model-invocation-job",
)
_MARKETPLACE = "bedrock-marketplace-model-endpoint"
_VAULT_READERS = (
    "bedrock-agentcore:GetResourceApiKey",
    "bedrock-agentcore:GetResourceOauth2Token",
    "bedrock-agentcore:GetResourcePaymentToken",
    "bedrock-agentcore:CompleteResourceTokenAuth",
)
_DEFAULT_ENDPOINT = (
    "botocore model bedrock-agentcore: without a qualifier the endpoint DEFAULT is called; AgentCore Developer Guide, "
    "resource-based-policies (read 2026-11-24): runtime and endpoint are both authorised"
)

_BEDROCK = (
    Named("agent", ("agentId",)),
    Named("agent-alias", ("agentId", "agentAliasId")),
    Named("knowledge-base", ("knowledgeBaseId",)),
    Named("flow", ("flowIdentifier",)),
    Named("flow-alias", ("flowIdentifier", "flowAliasIdentifier")),
    Named("flow-alias", ("flowIdentifier", "aliasIdentifier")),
    Named("flow-execution", ("flowIdentifier", "flowAliasIdentifier", "executionIdentifier")),
    Named("prompt-version", ("promptIdentifier", "promptVersion"), replaces="prompt", only="[0-9]+"),
    Named("prompt-version", ("promptIdentifier",), replaces="prompt", only=r"arn:.*:prompt/[^:]+:[0-9]+"),
    Named("prompt", ("promptIdentifier",)),
    Named("retrieval-instruction", ("retrievalInstructionId",)),
    Named("session", ("sessionIdentifier",)),
    Named("guardrail", ("guardrailIdentifier",)),
    Named("guardrail-profile", ("crossRegionConfig.guardrailProfileIdentifier",)),
    Named("*", ("automatedReasoningPolicyConfig.policies[]",)),
    Named("*", ("policyArn",)),
    Named("*", ("resourceArn",)),
    Named("*", ("resourceARN",)),
    Named("*", ("promptRouterArn",)),
    *(Named(kind, ("jobIdentifier",), id_form=_ID) for kind in _JOBS),
    *(Named(kind, ("jobIdentifiers[]",), id_form=_ID) for kind in _JOBS[:2]),
    Named("model-copy-job", ("jobArn",)),
    Named("custom-model-deployment", ("customModelDeploymentIdentifier",), id_form=_ID),
    Named("provisioned-model", ("provisionedModelId",), id_form=_ID),
    Named("imported-model", ("modelIdentifier",), id_form=_ID),
    # custom-model/<base model>/<id>: the name alone does not make the ARN.
    Named("custom-model", ("modelIdentifier",), id_form="(?!)"),
    Named("custom-model", ("modelArn",), id_form="(?!)"),
    Named("custom-model", ("sourceModelArn",), id_form="(?!)"),
    Named("async-invoke", ("invocationArn",)),
    Named("async-invoke", ("=*",), operations=("bedrock-runtime:StartAsyncInvoke",)),
    Named(_MARKETPLACE, (), operations=("bedrock:DeleteMarketplaceModelEndpoint",)),
    Named(_MARKETPLACE, (), operations=("bedrock:DeregisterMarketplaceModelEndpoint",)),
    Named(_MARKETPLACE, (), operations=("bedrock:GetMarketplaceModelEndpoint",)),
    Named(_MARKETPLACE, (), operations=("bedrock:RegisterMarketplaceModelEndpoint",)),
    Named(_MARKETPLACE, (), operations=("bedrock:UpdateMarketplaceModelEndpoint",)),
)

_EVALUATORS = "evaluatorModelConfig.bedrockEvaluatorModels[].modelIdentifier"

_MODELS = (
    Named("model", ("modelIdentifier",), operations=("bedrock:GetFoundationModel",)),
    Named(
        "model",
        ("inferenceProfileIdentifier",),
        operations=("bedrock:GetInferenceProfile", "bedrock:DeleteInferenceProfile"),
    ),
    Named("model", ("modelSource.copyFrom",), operations=("bedrock:CreateInferenceProfile",)),
    Named("application-inference-profile", ("=*",), operations=("bedrock:CreateInferenceProfile",)),
    Named("model", ("models[].modelArn",), operations=("bedrock:CreatePromptRouter",)),
    Named("model", ("fallbackModel.modelArn",), operations=("bedrock:CreatePromptRouter",)),
    Named("model", ("baseModelIdentifier",), operations=("bedrock:CreateModelCustomizationJob",)),
    Named("custom-model", ("=*",), operations=("bedrock:CreateModelCustomizationJob",)),
    Named("model", ("modelId",), operations=("bedrock:CreateModelInvocationJob",)),
    Named("model-invocation-job", ("=*",), operations=("bedrock:CreateModelInvocationJob",)),
    Named("model", ("modelId",), operations=("bedrock:CreateProvisionedModelThroughput",)),
    Named("model", ("desiredModelId",), operations=("bedrock:UpdateProvisionedModelThroughput",)),
    Named(
        "model",
        ("modelConfigurations[].modelId",),
        operations=("bedrock:CreateAdvancedPromptOptimizationJob",),
    ),
    *(
        Named("model", (path,), operations=("bedrock:CreateEvaluationJob",))
        for path in (
            "inferenceConfig.models[].bedrockModel.modelIdentifier",
            f"evaluationConfig.automated.{_EVALUATORS}",
            f"evaluationConfig.automated.customMetricConfig.{_EVALUATORS}",
        )
    ),
)

_DATA_AUTOMATION = (
    Named("blueprint", ("blueprintArn",)),
    Named("blueprint", ("blueprint.blueprintArn",)),
    Named("blueprint", ("blueprints[].blueprintArn",)),
    Named("blueprint", ("customOutputConfiguration.blueprints[].blueprintArn",)),
    Named("blueprint", ("customOutputConfiguration.document.fallbackBlueprints[].blueprintArn",)),
    Named("blueprint", ("blueprintFilter.blueprintArn",)),
    Named("blueprint-optimization-invocation", ("invocationArn",)),
    Named("data-automation-invocation-job", ("invocationArn",)),
    Named("data-automation-library", ("libraryArn",)),
    Named("data-automation-library", ("dataAutomationLibraryConfiguration.libraries[].libraryArn",)),
    Named("data-automation-library-ingestion-job", ("jobArn",)),
    Named("data-automation-profile", ("dataAutomationProfileArn",)),
    Named("data-automation-project", ("projectArn",)),
    Named("data-automation-project", ("projectFilter.projectArn",)),
    Named("data-automation-project", ("dataAutomationConfiguration.dataAutomationProjectArn",)),
)

_AGENTCORE = (
    Named("runtime", ("agentRuntimeId",)),
    Named("runtime", ("agentRuntimeArn",)),
    Named("runtime-endpoint", ("agentRuntimeId", "endpointName")),
    Named("runtime-endpoint", ("agentRuntimeArn", "qualifier")),
    Named("runtime-endpoint", ("agentRuntimeArn", "=DEFAULT"), source=_DEFAULT_ENDPOINT),
    Named("harness", ("harnessId",)),
    Named("harness", ("harnessArn",)),
    Named("harness-endpoint", ("harnessId", "endpointName")),
    Named("harness-endpoint", ("harnessArn", "qualifier")),
    Named("harness-endpoint", ("harnessArn", "=DEFAULT"), source=_DEFAULT_ENDPOINT),
    Named("memory", ("memoryId",)),
    Named("gateway", ("gatewayIdentifier",)),
    Named("capacity-provider", ("capacityProviderId",)),
    Named("configuration-bundle", ("bundleId",)),
    Named("consent-portal", ("consentPortalIdentifier",)),
    Named("consent-portal", ("=*",), operations=("bedrock-agentcore-control:CreateConsentPortal",)),
    Named("dataset", ("datasetId",)),
    Named("evaluator", ("evaluatorId",)),
    Named("online-evaluation-config", ("onlineEvaluationConfigId",)),
    Named("batch-evaluate", ("batchEvaluationId",)),
    Named("recommendation", ("recommendationId",)),
    Named("ab-test", ("abTestId",)),
    Named("payment-manager", ("paymentManagerId",)),
    Named("payment-manager", ("paymentManagerArn",)),
    Named("policy-engine", ("policyEngineId",)),
    Named("policy", ("policyEngineId", "policyId")),
    Named("policy-generation", ("policyEngineId", "policyGenerationId")),
    Named("registry", ("registryId",)),
    Named("registry", ("registryIds[]",)),
    Named("registry-record", ("registryId", "recordId")),
    Named("browser-custom", ("browserId",)),
    Named("code-interpreter-custom", ("codeInterpreterId",)),
    Named("browser-profile", ("profileId",)),
    Named("browser-profile", ("profileIdentifier",)),
    Named("browser-profile", ("profileConfiguration.profileIdentifier",)),
    # The tools that AWS runs have ids that begin with aws., as in aws.browser.v1, and the account aws.
    Named("browser", ("browserIdentifier",), only=r"aws\..*|arn:.*"),
    Named("browser-custom", ("browserIdentifier",), only=r"(?!aws\.).*"),
    Named("code-interpreter", ("codeInterpreterIdentifier",), only=r"aws\..*|arn:.*"),
    Named("code-interpreter-custom", ("codeInterpreterIdentifier",), only=r"(?!aws\.).*"),
    Named(
        "web-search",
        (),
        operations=("bedrock-agentcore:InvokeWebSearch",),
        advisory=True,
        source="Service Authorization Reference; the model's example has the account aws in its place",
    ),
)

_DEFAULT_NAMES = (
    "assumed: an account has one token vault and one directory of workload identities, both named default "
    "(the examples of the AgentCore Developer Guide)"
)
_NOT_READ = "the workload identity is in the token of the request, which is not read"

_IDENTITY = (
    Named("token-vault", ("tokenVaultId",)),
    Named("token-vault", ("=default",), source=_DEFAULT_NAMES),
    Named("apikeycredentialprovider", ("=default", "name"), source=_DEFAULT_NAMES),
    Named("apikeycredentialprovider", ("=default", "resourceCredentialProviderName"), source=_DEFAULT_NAMES),
    Named("oauth2credentialprovider", ("=default", "name"), source=_DEFAULT_NAMES),
    Named("oauth2credentialprovider", ("=default", "resourceCredentialProviderName"), source=_DEFAULT_NAMES),
    Named("paymentcredentialprovider", ("=default", "name"), source=_DEFAULT_NAMES),
    Named("paymentcredentialprovider", ("=default", "resourceCredentialProviderName"), source=_DEFAULT_NAMES),
    Named("workload-identity-directory", ("=default",), source=_DEFAULT_NAMES),
    Named("workload-identity", ("=default", "name"), source=_DEFAULT_NAMES),
    Named("workload-identity", ("=default", "workloadName"), source=_DEFAULT_NAMES),
    Named("workload-identity", ("=default", "=*"), operations=_VAULT_READERS, advisory=True, source=_NOT_READ),
)

NAMED: tuple[Named, ...] = (*_BEDROCK, *_MODELS, *_DATA_AUTOMATION, *_AGENTCORE, *_IDENTITY)
"""Every line, in the order in which they are tried."""
