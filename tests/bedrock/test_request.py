"""One call in, exactly what its caller needs out."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from bedrock_guard.bedrock.catalogue import find_action, find_operation, operations
from bedrock_guard.bedrock.request import RequestNeed, RequestNeeds, read_request
from bedrock_guard.bedrock.request_resources import LISTS_OF_ALL
from bedrock_guard.errors import ConfigurationError
from tests.bedrock.input_shapes import every_input, input_of
from tests.botocore_version import of_the_catalogue

ACCOUNT = "123456789012"
HERE = f"us-east-1:{ACCOUNT}"
BEDROCK = f"arn:aws:bedrock:{HERE}:"
CORE = f"arn:aws:bedrock-agentcore:{HERE}:"
KEY = f"arn:aws:kms:{HERE}:key/11111111-2222-3333-4444-555555555555"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/bedrock"
NOVA = "amazon.nova-lite-v1:0"
SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
GUARDRAIL = f"{BEDROCK}guardrail/gr1234567890"
PROFILES = f"{BEDROCK}guardrail-profile/*"
TOOLS = {
    "tools": [
        {"toolSpec": {"name": "weather", "inputSchema": {"json": {}}}},
        {"systemTool": {"name": "nova_grounding"}},
        {"systemTool": {"name": "nova_code_interpreter"}},
    ]
}
GROUNDING = f"bedrock:InvokeTool arn:aws:bedrock::{ACCOUNT}:system-tool/amazon.nova_grounding"
ANY_TOOL = f"bedrock:InvokeTool arn:aws:bedrock::{ACCOUNT}:system-tool/*"
MODELS = "arn:aws:bedrock:us-east-1::foundation-model/"
NETWORK_ROLE = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/network.bedrock-agentcore.amazonaws.com/"
    "AWSServiceRoleForBedrockAgentCoreNetwork"
)


def read(operation: str, partition: str = "aws", region: str = "us-east-1", **parameters: Any) -> RequestNeeds:
    """What the call needs."""
    return read_request(find_operation(operation), parameters, partition=partition, region=region, account=ACCOUNT)


def asked(operation: str, **parameters: Any) -> list[str]:
    """Each need as ``action resource``, with ``?`` before what is advisory; models after ``>``."""
    found = read(operation, **parameters)
    needs = [f"{'?' if need.advisory else ''}{need.action} {need.resource}" for need in found.needs]
    return needs + [f"{'?' if use.advisory else ''}>{use.action} {use.text}" for use in found.models]


CALLS: Mapping[str, tuple[str, dict[str, Any], list[str]]] = {
    "a plain conversation": ("converse", {"modelId": NOVA}, [f">bedrock:InvokeModel {NOVA}"]),
    "a streamed conversation through a profile": (
        "converse_stream",
        {"modelId": SONNET, "messages": [{"role": "user", "content": [{"text": "hello"}]}]},
        [f">bedrock:InvokeModelWithResponseStream {SONNET}"],
    ),
    "a conversation with a guardrail": (
        "converse",
        {"modelId": NOVA, "guardrailConfig": {"guardrailIdentifier": "gr1234567890", "guardrailVersion": "1"}},
        [
            f"bedrock:ApplyGuardrail {GUARDRAIL}",
            f"?bedrock:ApplyGuardrail {PROFILES}",
            f">bedrock:InvokeModel {NOVA}",
        ],
    ),
    "a conversation about a video in S3": (
        "converse",
        {
            "modelId": NOVA,
            "messages": [
                {"role": "user", "content": [{"text": "what is this?"}]},
                {
                    "role": "user",
                    "content": [{"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://media/a/v.mp4"}}}}],
                },
            ],
        },
        ["?s3:GetObject arn:aws:s3:::media/a/v.mp4", f">bedrock:InvokeModel {NOVA}"],
    ),
    "a conversation with tools of the model's provider and one of the app": (
        "converse",
        {"modelId": NOVA, "toolConfig": TOOLS},
        [GROUNDING, ANY_TOOL, f">bedrock:InvokeModel {NOVA}"],
    ),
    "a streamed conversation with them": (
        "converse_stream",
        {"modelId": NOVA, "toolConfig": TOOLS},
        [GROUNDING, ANY_TOOL, f">bedrock:InvokeModelWithResponseStream {NOVA}"],
    ),
    "an invocation with them in its body": (
        "invoke_model",
        {"modelId": NOVA, "body": json.dumps({"messages": [], "toolConfig": TOOLS})},
        [GROUNDING, ANY_TOOL, f">bedrock:InvokeModel {NOVA}"],
    ),
    "a streamed invocation with a video in its body": (
        "invoke_model_with_response_stream",
        {
            "modelId": NOVA,
            "body": json.dumps(
                {"messages": [{"content": [{"video": {"source": {"s3Location": {"uri": "s3://media/v.mp4"}}}}]}]}
            ).encode(),
        },
        ["?s3:GetObject arn:aws:s3:::media/v.mp4", f">bedrock:InvokeModelWithResponseStream {NOVA}"],
    ),
    "tools that are counted and not run": (
        "count_tokens",
        {"modelId": NOVA, "input": {"converse": {"toolConfig": TOOLS}}},
        [f">bedrock:CountTokens {NOVA}"],
    ),
    "an evaluation of what an agent logged": (
        "start_batch_evaluation",
        {
            "batchEvaluationName": "nightly",
            "dataSourceConfig": {
                "cloudWatchLogs": {
                    "serviceNames": ["agent"],
                    "logGroupNames": ["/agents/a"],
                    "logGroupNamePrefixes": ["/agents/b"],
                }
            },
        },
        [
            "bedrock-agentcore:StartBatchEvaluation *",
            f"logs:FilterLogEvents arn:aws:logs:{HERE}:log-group:/agents/a:*",
            f"logs:FilterLogEvents arn:aws:logs:{HERE}:log-group:/agents/b*:*",
            f"logs:GetLogEvents arn:aws:logs:{HERE}:log-group:/agents/a:log-stream:*",
            f"logs:GetLogEvents arn:aws:logs:{HERE}:log-group:/agents/b*:log-stream:*",
            f"logs:GetQueryResults arn:aws:logs:{HERE}:log-group:/agents/a:*",
            f"logs:GetQueryResults arn:aws:logs:{HERE}:log-group:/agents/b*:*",
            f"logs:StartQuery arn:aws:logs:{HERE}:log-group:/agents/a:*",
            f"logs:StartQuery arn:aws:logs:{HERE}:log-group:/agents/b*:*",
        ],
    ),
    "a stage of an API behind a gateway": (
        "create_gateway_target",
        {
            "gatewayIdentifier": "shop-0123456789",
            "name": "orders",
            "targetConfiguration": {"mcp": {"apiGateway": {"restApiId": "a1b2c3", "stage": "prod"}}},
        },
        [
            f"bedrock-agentcore:CreateGatewayTarget {CORE}gateway/shop-0123456789",
            "?apigateway:GET arn:aws:apigateway:us-east-1::/restapis/a1b2c3/stages/*/exports/*",
        ],
    ),
    "a guardrail that is not given": (
        "converse",
        {"modelId": NOVA, "guardrailConfig": None, "messages": [], "serviceTier": {}},
        [f">bedrock:InvokeModel {NOVA}"],
    ),
    "an invocation with a guardrail's ARN": (
        "invoke_model",
        {"modelId": NOVA, "guardrailIdentifier": GUARDRAIL, "guardrailVersion": "DRAFT", "body": b"{}"},
        [
            f"bedrock:ApplyGuardrail {GUARDRAIL}",
            f"?bedrock:ApplyGuardrail {PROFILES}",
            f">bedrock:InvokeModel {NOVA}",
        ],
    ),
    "an invocation without a model": (
        "invoke_model",
        {},
        ["bedrock:InvokeModel arn:aws:bedrock:us-east-1::foundation-model/*"],
    ),
    "a count of tokens": ("count_tokens", {"modelId": NOVA, "input": {}}, [f">bedrock:CountTokens {NOVA}"]),
    "a guardrail on its own": (
        "apply_guardrail",
        {"guardrailIdentifier": f"{GUARDRAIL}:3", "guardrailVersion": "3", "source": "INPUT", "content": []},
        [f"bedrock:ApplyGuardrail {GUARDRAIL}", f"?bedrock:ApplyGuardrail {PROFILES}"],
    ),
    "a video made in the background": (
        "start_async_invoke",
        {
            "modelId": "amazon.nova-reel-v1:0",
            "modelInput": {},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://videos/out/"}},
        },
        [
            f"bedrock:InvokeModel {BEDROCK}async-invoke/*",
            "s3:PutObject arn:aws:s3:::videos/out/*",
            ">bedrock:InvokeModel amazon.nova-reel-v1:0",
        ],
    ),
    "its progress": (
        "get_async_invoke",
        {"invocationArn": f"{BEDROCK}async-invoke/abcdef123456"},
        [f"bedrock:GetAsyncInvoke {BEDROCK}async-invoke/abcdef123456"],
    ),
    "an agent": (
        "invoke_agent",
        {"agentId": "AGENT12345", "agentAliasId": "ALIAS12345", "sessionId": "s", "inputText": "x"},
        [f"bedrock:InvokeAgent {BEDROCK}agent-alias/AGENT12345/ALIAS12345"],
    ),
    "an agent whose session names models": (
        "invoke_agent",
        {
            "agentId": "AGENT12345",
            "agentAliasId": "ALIAS12345",
            "sessionId": "s",
            "sessionState": {"knowledgeBaseConfigurations": [{"knowledgeBaseId": "KB12345678"}]},
        },
        [f"bedrock:InvokeAgent {BEDROCK}agent-alias/AGENT12345/ALIAS12345"],
    ),
    "a flow by its ARN": (
        "invoke_flow",
        {"flowIdentifier": f"{BEDROCK}flow/FLOW123456", "flowAliasIdentifier": "ALIAS12345", "inputs": []},
        [f"bedrock:InvokeFlow {BEDROCK}flow/FLOW123456/alias/ALIAS12345"],
    ),
    "a flow by its alias's ARN": (
        "invoke_flow",
        {
            "flowIdentifier": "FLOW123456",
            "flowAliasIdentifier": f"{BEDROCK}flow/FLOW123456/alias/ALIAS12345",
            "inputs": [],
        },
        [f"bedrock:InvokeFlow {BEDROCK}flow/FLOW123456/alias/ALIAS12345"],
    ),
    "the end of a flow's execution": (
        "stop_flow_execution",
        {"flowIdentifier": "FLOW123456", "flowAliasIdentifier": "ALIAS12345", "executionIdentifier": "e-1"},
        [
            f"bedrock:StopFlowExecution {BEDROCK}flow/FLOW123456",
            f"bedrock:StopFlowExecution {BEDROCK}flow/FLOW123456/alias/ALIAS12345",
            f"bedrock:StopFlowExecution {BEDROCK}flow/FLOW123456/alias/ALIAS12345/execution/e-1",
        ],
    ),
    "a retrieval": (
        "retrieve",
        {"knowledgeBaseId": "KB12345678", "retrievalQuery": {"text": "x"}},
        [f"bedrock:Retrieve {BEDROCK}knowledge-base/KB12345678"],
    ),
    "a retrieval with a reranker, a filter and a guardrail": (
        "retrieve",
        {
            "knowledgeBaseId": "KB12345678",
            "retrievalQuery": {"text": "x"},
            "retrievalConfiguration": {
                "vectorSearchConfiguration": {
                    "implicitFilterConfiguration": {"modelArn": SONNET, "metadataAttributes": []},
                    "rerankingConfiguration": {
                        "type": "BEDROCK_RERANKING_MODEL",
                        "bedrockRerankingConfiguration": {
                            "modelConfiguration": {
                                "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/cohere.rerank-v3-5:0"
                            }
                        },
                    },
                }
            },
            "guardrailConfiguration": {"guardrailId": "gr1234567890", "guardrailVersion": "1"},
        },
        [
            f"bedrock:Retrieve {BEDROCK}knowledge-base/KB12345678",
            "bedrock:Rerank *",
            f"?bedrock:ApplyGuardrail {GUARDRAIL}",
            ">bedrock:InvokeModel arn:aws:bedrock:us-east-1::foundation-model/cohere.rerank-v3-5:0",
            f"?>bedrock:InvokeModel {SONNET}",
        ],
    ),
    "an answer from a knowledge base": (
        "retrieve_and_generate",
        {
            "input": {"text": "x"},
            "retrieveAndGenerateConfiguration": {
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {"knowledgeBaseId": "KB12345678", "modelArn": NOVA},
            },
        },
        [
            "bedrock:RetrieveAndGenerate *",
            f"bedrock:Retrieve {BEDROCK}knowledge-base/KB12345678",
            f">bedrock:InvokeModel {NOVA}",
        ],
    ),
    "an answer from a file, which needs no Retrieve": (
        "retrieve_and_generate_stream",
        {
            "input": {"text": "x"},
            "retrieveAndGenerateConfiguration": {
                "type": "EXTERNAL_SOURCES",
                "externalSourcesConfiguration": {
                    "modelArn": NOVA,
                    "sources": [{"sourceType": "S3", "s3Location": {"uri": "s3://docs/a.pdf"}}],
                },
            },
        },
        ["bedrock:RetrieveAndGenerate *", "?s3:GetObject arn:aws:s3:::docs/a.pdf", f">bedrock:InvokeModel {NOVA}"],
    ),
    "a reranking": (
        "rerank",
        {
            "rerankingConfiguration": {
                "bedrockRerankingConfiguration": {"modelConfiguration": {"modelArn": "cohere.rerank-v3-5:0"}}
            }
        },
        ["bedrock:Rerank *", ">bedrock:InvokeModel cohere.rerank-v3-5:0"],
    ),
    "an inline agent": (
        "invoke_inline_agent",
        {
            "foundationModel": NOVA,
            "sessionId": "s",
            "knowledgeBases": [{"knowledgeBaseId": "KB12345678", "description": "x"}],
            "guardrailConfiguration": {"guardrailIdentifier": GUARDRAIL, "guardrailVersion": "1"},
            "collaboratorConfigurations": [{"agentAliasArn": f"{BEDROCK}agent-alias/A/AL"}],
            "actionGroups": [
                {
                    "actionGroupName": "a",
                    "actionGroupExecutor": {"lambda": f"arn:aws:lambda:{HERE}:function:f"},
                    "apiSchema": {"s3": {"s3BucketName": "schemas", "s3ObjectKey": "api.json"}},
                }
            ],
        },
        [
            "bedrock:InvokeInlineAgent *",
            f"?bedrock:Retrieve {BEDROCK}knowledge-base/KB12345678",
            f"?bedrock:ApplyGuardrail {GUARDRAIL}",
            f"?bedrock:InvokeAgent {BEDROCK}agent-alias/A/AL",
            "?s3:GetObject arn:aws:s3:::schemas/api.json",
            f"?>bedrock:InvokeModel {NOVA}",
        ],
    ),
    "an inline agent that streams": (
        "invoke_inline_agent",
        {
            "foundationModel": NOVA,
            "sessionId": "s",
            "streamingConfigurations": {"streamFinalResponse": True},
        },
        [
            "bedrock:InvokeInlineAgent *",
            f"?>bedrock:InvokeModel {NOVA}",
            f"?>bedrock:InvokeModelWithResponseStream {NOVA}",
        ],
    ),
    "a session with a key": (
        "create_session",
        {"encryptionKeyArn": KEY},
        [
            "bedrock:CreateSession *",
            *(f"kms:{action} {KEY}" for action in ("Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey")),
        ],
    ),
    "a step of a session": (
        "list_invocation_steps",
        {"sessionIdentifier": "s-1", "invocationIdentifier": "i-1"},
        [f"bedrock:ListInvocationSteps {BEDROCK}session/s-1"],
    ),
    "a prompt's draft": (
        "get_prompt",
        {"promptIdentifier": "PROMPT1234"},
        [f"bedrock:GetPrompt {BEDROCK}prompt/PROMPT1234"],
    ),
    "a prompt's version": (
        "get_prompt",
        {"promptIdentifier": "PROMPT1234", "promptVersion": "3"},
        [f"bedrock:GetPrompt {BEDROCK}prompt/PROMPT1234:3"],
    ),
    "a prompt's version in its ARN": (
        "get_prompt",
        {"promptIdentifier": f"{BEDROCK}prompt/PROMPT1234:3"},
        [f"bedrock:GetPrompt {BEDROCK}prompt/PROMPT1234:3"],
    ),
    "all prompts": ("list_prompts", {}, ["bedrock:ListPrompts *"]),
    "a new agent": (
        "create_agent",
        {"agentName": "a", "agentResourceRoleArn": ROLE, "foundationModel": NOVA, "customerEncryptionKeyArn": KEY},
        [
            "bedrock:CreateAgent *",
            f"iam:PassRole {ROLE}",
            f"?kms:GenerateDataKey {KEY}",
            f"?kms:Decrypt {KEY}",
        ],
    ),
    "an agent's knowledge base": (
        "associate_agent_knowledge_base",
        {"agentId": "A", "agentVersion": "DRAFT", "knowledgeBaseId": "KB", "description": "x"},
        [
            f"bedrock:AssociateAgentKnowledgeBase {BEDROCK}agent/A",
            f"bedrock:AssociateAgentKnowledgeBase {BEDROCK}knowledge-base/KB",
        ],
    ),
    "a new flow with a key": (
        "create_flow",
        {"name": "f", "executionRoleArn": ROLE, "customerEncryptionKeyArn": KEY},
        [
            "bedrock:CreateFlow *",
            f"iam:PassRole {ROLE}",
            f"kms:GenerateDataKey {KEY}",
            f"kms:Decrypt {KEY}",
        ],
    ),
    "a new knowledge base on another vendor's store": (
        "create_knowledge_base",
        {
            "name": "k",
            "roleArn": ROLE,
            "knowledgeBaseConfiguration": {
                "type": "VECTOR",
                "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": "arn:aws:bedrock:us-east-1::x/y"},
            },
            "storageConfiguration": {
                "type": "PINECONE",
                "pineconeConfiguration": {"credentialsSecretArn": f"arn:aws:secretsmanager:{HERE}:secret:p-abcdef"},
            },
        },
        [
            "bedrock:CreateKnowledgeBase *",
            f"iam:PassRole {ROLE}",
            "?bedrock:AssociateThirdPartyKnowledgeBase *",
        ],
    ),
    "a new data source": (
        "create_data_source",
        {
            "knowledgeBaseId": "KB12345678",
            "name": "d",
            "dataSourceConfiguration": {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::docs"}},
        },
        [f"bedrock:CreateDataSource {BEDROCK}knowledge-base/KB12345678"],
    ),
    "a batch": (
        "create_model_invocation_job",
        {
            "jobName": "j",
            "roleArn": ROLE,
            "modelId": NOVA,
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://in/"}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://out/", "s3EncryptionKeyId": KEY}},
            "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]},
        },
        [
            f"bedrock:CreateModelInvocationJob arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
            f"bedrock:CreateModelInvocationJob {BEDROCK}model-invocation-job/*",
            f"iam:PassRole {ROLE}",
        ],
    ),
    "a batch through a profile, whose own kind the reference lacks": (
        "create_model_invocation_job",
        {"jobName": "j", "roleArn": ROLE, "modelId": SONNET},
        [
            f"?bedrock:CreateModelInvocationJob {MODELS}{SONNET.partition('.')[2]}",
            f"bedrock:CreateModelInvocationJob {BEDROCK}model-invocation-job/*",
            f"iam:PassRole {ROLE}",
        ],
    ),
    "the batch's end": (
        "stop_model_invocation_job",
        {"jobIdentifier": "abcdef123456"},
        [f"bedrock:StopModelInvocationJob {BEDROCK}model-invocation-job/abcdef123456"],
    ),
    "a fine-tuning": (
        "create_model_customization_job",
        {
            "jobName": "j",
            "customModelName": "m",
            "roleArn": ROLE,
            "baseModelIdentifier": f"{NOVA}:300k",
            "trainingDataConfig": {"s3Uri": "s3://train/x.jsonl"},
            "outputDataConfig": {"s3Uri": "s3://out/"},
        },
        [
            f"bedrock:CreateModelCustomizationJob arn:aws:bedrock:us-east-1::foundation-model/{NOVA}:300k",
            f"bedrock:CreateModelCustomizationJob {BEDROCK}custom-model/*",
            f"iam:PassRole {ROLE}",
        ],
    ),
    "an import with a key": (
        "create_model_import_job",
        {"jobName": "j", "importedModelName": "m", "roleArn": ROLE, "importedModelKmsKeyId": KEY},
        [
            "bedrock:CreateModelImportJob *",
            f"iam:PassRole {ROLE}",
            *(f"?kms:{action} {KEY}" for action in ("Decrypt", "DescribeKey", "GenerateDataKey", "CreateGrant")),
        ],
    ),
    "throughput for a custom model": (
        "create_provisioned_model_throughput",
        {
            "modelUnits": 1,
            "provisionedModelName": "p",
            "modelId": f"{BEDROCK}custom-model/{NOVA}:300k/abcdef123456",
        },
        [f"bedrock:CreateProvisionedModelThroughput {BEDROCK}custom-model/{NOVA}:300k/abcdef123456"],
    ),
    "a deployment": (
        "create_custom_model_deployment",
        {"modelDeploymentName": "d", "modelArn": f"{BEDROCK}custom-model/{NOVA}/abcdef123456"},
        [f"bedrock:CreateCustomModelDeployment {BEDROCK}custom-model/{NOVA}/abcdef123456"],
    ),
    "a custom model by its name": (
        "get_custom_model",
        {"modelIdentifier": "support-tuned"},
        [f"bedrock:GetCustomModel {BEDROCK}custom-model/*"],
    ),
    "a profile of one's own": (
        "create_inference_profile",
        {
            "inferenceProfileName": "p",
            "modelSource": {"copyFrom": f"{BEDROCK}inference-profile/{SONNET}"},
        },
        [
            f"bedrock:CreateInferenceProfile {BEDROCK}inference-profile/{SONNET}",
            f"bedrock:CreateInferenceProfile {BEDROCK}application-inference-profile/*",
        ],
    ),
    "where a profile routes to": (
        "get_inference_profile",
        {"inferenceProfileIdentifier": SONNET},
        [f"bedrock:GetInferenceProfile {BEDROCK}inference-profile/{SONNET}"],
    ),
    "where a profile of one's own routes to": (
        "get_inference_profile",
        {"inferenceProfileIdentifier": "abcdef123456"},
        [f"bedrock:GetInferenceProfile {BEDROCK}application-inference-profile/abcdef123456"],
    ),
    "a router": (
        "create_prompt_router",
        {
            "promptRouterName": "r",
            "models": [{"modelArn": f"{BEDROCK}inference-profile/{SONNET}"}],
            "fallbackModel": {"modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"},
            "routingCriteria": {"responseQualityDifference": 0.5},
        },
        [
            f"bedrock:CreatePromptRouter {BEDROCK}inference-profile/{SONNET}",
            f"bedrock:CreatePromptRouter arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
        ],
    ),
    "an evaluation": (
        "create_evaluation_job",
        {
            "jobName": "j",
            "roleArn": ROLE,
            "evaluationConfig": {"automated": {"datasetMetricConfigs": []}},
            "inferenceConfig": {"models": [{"bedrockModel": {"modelIdentifier": NOVA}}]},
            "outputDataConfig": {"s3Uri": "s3://out/"},
        },
        [
            f"bedrock:CreateEvaluationJob arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
            f"iam:PassRole {ROLE}",
        ],
    ),
    "a guardrail with a key by alias, other Regions and tags": (
        "create_guardrail",
        {
            "name": "g",
            "kmsKeyId": "alias/guardrails",
            "crossRegionConfig": {"guardrailProfileIdentifier": "us.guardrail.v1:0"},
            "tags": [{"key": "team", "value": "support"}],
        },
        [
            f"bedrock:CreateGuardrail {BEDROCK}guardrail-profile/us.guardrail.v1:0",
            *(
                f"kms:{action} arn:aws:kms:{HERE}:key/*"
                for action in ("Decrypt", "DescribeKey", "GenerateDataKey", "CreateGrant")
            ),
            f"bedrock:TagResource {BEDROCK}guardrail/*",
        ],
    ),
    "tags on a guardrail": (
        "bedrock:tag_resource",
        {"resourceARN": GUARDRAIL, "tags": [{"key": "team", "value": "support"}]},
        [f"bedrock:TagResource {GUARDRAIL}"],
    ),
    "an optimisation of prompts on the caller's rights": (
        "create_advanced_prompt_optimization_job",
        {
            "jobName": "j",
            "inputConfig": {"s3Uri": "s3://prompts/in.jsonl"},
            "outputConfig": {"s3Uri": "s3://prompts/out"},
            "modelConfigurations": [{"modelId": NOVA}],
        },
        [
            f"bedrock:CreateAdvancedPromptOptimizationJob arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
            "s3:GetObject arn:aws:s3:::prompts/in.jsonl",
            "s3:PutObject arn:aws:s3:::prompts/out/*",
            f">bedrock:InvokeModelWithResponseStream {NOVA}",
            f"?>bedrock:InvokeModel {NOVA}",
        ],
    ),
    "data automation": (
        "invoke_data_automation_async",
        {
            "inputConfiguration": {"s3Uri": "s3://docs/in.pdf"},
            "outputConfiguration": {"s3Uri": "s3://docs"},
            "dataAutomationProfileArn": f"{BEDROCK}data-automation-profile/us.data-automation-v1",
            "dataAutomationConfiguration": {"dataAutomationProjectArn": f"{BEDROCK}data-automation-project/p1"},
            "blueprints": [{"blueprintArn": f"{BEDROCK}blueprint/b1"}, {"blueprintArn": f"{BEDROCK}blueprint/b2"}],
        },
        [
            f"bedrock:InvokeDataAutomationAsync {BEDROCK}blueprint/b1",
            f"bedrock:InvokeDataAutomationAsync {BEDROCK}blueprint/b2",
            f"bedrock:InvokeDataAutomationAsync {BEDROCK}data-automation-profile/us.data-automation-v1",
            f"bedrock:InvokeDataAutomationAsync {BEDROCK}data-automation-project/p1",
            "s3:GetObject arn:aws:s3:::docs/in.pdf",
            "s3:PutObject arn:aws:s3:::docs/*",
        ],
    ),
    "an AgentCore runtime for a user": (
        "invoke_agent_runtime",
        {"agentRuntimeArn": f"{CORE}runtime/r-1", "qualifier": "prod", "runtimeUserId": "u", "payload": b"{}"},
        [
            f"bedrock-agentcore:InvokeAgentRuntime {CORE}runtime/r-1",
            f"bedrock-agentcore:InvokeAgentRuntime {CORE}runtime/r-1/runtime-endpoint/prod",
            f"bedrock-agentcore:InvokeAgentRuntimeForUser {CORE}runtime/r-1",
            f"bedrock-agentcore:InvokeAgentRuntimeForUser {CORE}runtime/r-1/runtime-endpoint/prod",
        ],
    ),
    "an AgentCore runtime's own endpoint": (
        "invoke_agent_runtime",
        {"agentRuntimeArn": f"{CORE}runtime/r-1", "payload": b"{}"},
        [
            f"bedrock-agentcore:InvokeAgentRuntime {CORE}runtime/r-1",
            f"bedrock-agentcore:InvokeAgentRuntime {CORE}runtime/r-1/runtime-endpoint/DEFAULT",
        ],
    ),
    "a new runtime in a VPC": (
        "create_agent_runtime",
        {
            "agentRuntimeName": "r",
            "roleArn": ROLE,
            "agentRuntimeArtifact": {"codeConfiguration": {"code": {"s3": {"bucket": "code", "prefix": "a.zip"}}}},
            "networkConfiguration": {
                "networkMode": "VPC",
                "networkModeConfig": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]},
            },
        },
        [
            "bedrock-agentcore:CreateAgentRuntime *",
            f"iam:PassRole {ROLE}",
            f"?iam:CreateServiceLinkedRole {NETWORK_ROLE}",
            "?s3:GetObject arn:aws:s3:::code/a.zip",
        ],
    ),
    "events of a memory": (
        "bedrock-agentcore:create_event",
        {"memoryId": "m-1", "actorId": "a", "sessionId": "s", "payload": []},
        [f"bedrock-agentcore:CreateEvent {CORE}memory/m-1"],
    ),
    "AWS's own browser, behind a proxy with a secret": (
        "start_browser_session",
        {
            "browserIdentifier": "aws.browser.v1",
            "proxyConfiguration": {
                "proxies": [{"externalProxy": {"credentials": {"basicAuth": {"secretArn": "proxy-login"}}}}]
            },
        },
        [
            "bedrock-agentcore:StartBrowserSession arn:aws:bedrock-agentcore:us-east-1:aws:browser/aws.browser.v1",
            f"secretsmanager:GetSecretValue arn:aws:secretsmanager:{HERE}:secret:proxy-login-*",
        ],
    ),
    "a browser of one's own": (
        "start_browser_session",
        {"browserIdentifier": "mine-abcdef"},
        [f"bedrock-agentcore:StartBrowserSession {CORE}browser-custom/mine-abcdef"],
    ),
    "a key for another API": (
        "get_resource_api_key",
        {"workloadIdentityToken": "t", "resourceCredentialProviderName": "weather"},
        [
            f"bedrock-agentcore:GetResourceApiKey {CORE}token-vault/default",
            f"bedrock-agentcore:GetResourceApiKey {CORE}token-vault/default/apikeycredentialprovider/weather",
            f"bedrock-agentcore:GetResourceApiKey {CORE}workload-identity-directory/default",
            f"?bedrock-agentcore:GetResourceApiKey {CORE}workload-identity-directory/default/workload-identity/*",
        ],
    ),
    "a policy of a gateway, with the action that AWS's pages do not name": (
        "create_policy",
        {"name": "p", "policyEngineId": "pe-1", "definition": {}},
        [
            f"bedrock-agentcore:CreatePolicy {CORE}policy-engine/pe-1",
            f"?bedrock-agentcore:ManageResourceScopedPolicy {CORE}gateway/*",
        ],
    ),
    "an operation that the reference lacks": (
        "bedrock-agent:GetVpcConfiguration",
        {"knowledgeBaseId": "KB12345678", "vpcConfigurationId": "v"},
        [f"?bedrock:GetVpcConfiguration {BEDROCK}knowledge-base/KB12345678"],
    ),
    "an action without resources": ("list_foundation_models", {}, ["bedrock:ListFoundationModels *"]),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_needs_exactly_this(name: str) -> None:
    """Nothing less, which would be a wrong “allowed”, and nothing more, which would be a wrong “denied”."""
    operation, parameters, expected = CALLS[name]

    assert asked(operation, **parameters) == expected


@of_the_catalogue
def test_every_list_of_all_is_asked_about_all_and_no_other_list() -> None:
    """A grant on all of a kind may not do there, and AWS does not say: an answer on it would be no sure yes."""
    found = set()
    for key, operation in operations().items():
        shape = input_of(key) if key in every_input() else None
        action = find_action(operation.actions[0].action)
        named = [need for need in read(key).needs if need.action == action.name and not need.resource.endswith("*")]
        free = shape is not None and not shape.required_members
        if key.partition(":")[2].startswith("List") and free and action.takes_resources and not named:
            found.add(action.name)
            assert f"{action.name} *" in asked(key)
    assert found == LISTS_OF_ALL


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("get_prompt", {"promptIdentifier": "arn:aws:lambda:us-east-1:123456789012:function:f"}),
        ("bedrock-agentcore:InvokeAgentRuntime", {"agentRuntimeArn": ROLE, "payload": b""}),
    ],
)
def test_the_arn_of_another_service_is_refused_and_made_into_no_other(
    operation: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError):
        read(operation, **parameters)


@pytest.mark.parametrize(
    ("identifier", "version", "key"),
    [
        ("gr1234567890", "DRAFT", GUARDRAIL),
        ("gr1234567890", "2", f"{GUARDRAIL}:2"),
        (GUARDRAIL, "DRAFT", GUARDRAIL),
        (GUARDRAIL, "2", f"{GUARDRAIL}:2"),
        (f"{GUARDRAIL}:2", None, f"{GUARDRAIL}:2"),
        (GUARDRAIL, None, GUARDRAIL),
    ],
)
@pytest.mark.parametrize("operation", ["converse", "converse_stream", "invoke_model"])
def test_policies_see_the_guardrail_with_its_number(
    operation: str, identifier: str, version: str | None, key: str
) -> None:
    """The resource has no version and the condition key has one, unless it is the draft."""
    given: dict[str, Any] = {"guardrailIdentifier": identifier, "guardrailVersion": version}
    found = read(operation, modelId=NOVA, **({"guardrailConfig": given} if "converse" in operation else given))

    assert dict(found.models[0].context)["bedrock:GuardrailIdentifier"] == (key,)
    assert found.needs[0].resource == GUARDRAIL
    assert found.needs[0].context == ()


def test_policies_see_service_tier_agent_name_and_tags() -> None:
    """Condition keys that the request decides, where the action has them."""
    converse = read("converse", modelId=NOVA, serviceTier={"type": "priority"})
    invoke = read("invoke_model", modelId=NOVA, serviceTier="flex")
    inline = read("invoke_inline_agent", foundationModel=NOVA, agentName="helper", sessionId="s")
    tagged = read("bedrock-agent:tag_resource", resourceArn=f"{BEDROCK}agent/A", tags={"b": "2", "a": "1"})
    untagged = read("bedrock-agent:untag_resource", resourceArn=f"{BEDROCK}agent/A", tagKeys=["b", "a"])

    assert dict(converse.models[0].context)["bedrock:ServiceTier"] == ("priority",)
    assert dict(invoke.models[0].context)["bedrock:ServiceTier"] == ("flex",)
    assert inline.needs[0].context == (("bedrock:InlineAgentName", ("helper",)),)
    assert tagged.needs[0].context == (
        ("aws:RequestTag/a", ("1",)),
        ("aws:RequestTag/b", ("2",)),
        ("aws:TagKeys", ("a", "b")),
    )
    assert untagged.needs[0].context == (("aws:TagKeys", ("a", "b")),)


@pytest.mark.parametrize("operation", ["converse", "converse_stream", "invoke_model"])
def test_a_key_whose_parameter_is_not_there_is_absent_where_aws_says_so(operation: str) -> None:
    """Policies that ask for a guardrail work by its absence, so that it has to be known."""
    context = dict(read(operation, modelId=NOVA).models[0].context)
    assert context["bedrock:GuardrailIdentifier"] == context["bedrock:ServiceTier"] == ()
    inline = read("invoke_inline_agent", foundationModel=NOVA, sessionId="s")
    assert "bedrock:InlineAgentName" not in dict(inline.needs[0].context), "the service may have a name of its own"


def test_a_request_without_tags_says_that_it_has_none() -> None:
    create = read("create_guardrail", name="g", blockedInputMessaging="x", blockedOutputsMessaging="y")
    assert dict(create.needs[0].context) == {"aws:TagKeys": ()}


def test_tags_of_what_is_made_are_seen_by_both_authorizations() -> None:
    """A policy that asks for a tag decides both the creation and the tagging."""
    found = read("create_guardrail", name="g", tags=[{"key": "team", "value": "support"}])

    assert [(need.action, need.advisory) for need in found.needs] == [
        ("bedrock:CreateGuardrail", False),
        ("bedrock:TagResource", False),
    ]
    assert {need.context for need in found.needs} == {
        (("aws:RequestTag/team", ("support",)), ("aws:TagKeys", ("team",)))
    }


def test_a_role_and_a_key_are_used_for_a_service() -> None:
    """PassRole without iam:PassedToService, or a key without kms:ViaService, would be judged by the wrong condition."""
    found = {
        need.action: dict(need.context)
        for need in read("create_flow", name="f", executionRoleArn=ROLE, customerEncryptionKeyArn=KEY).needs
    }

    assert found["iam:PassRole"] == {"iam:PassedToService": ("bedrock.amazonaws.com",)}
    assert found["kms:Decrypt"] == {"kms:ViaService": ("bedrock.us-east-1.amazonaws.com",)}
    harness = read("create_harness", harnessName="h", executionRoleArn=ROLE)
    assert harness.needs[-1].context == (("iam:PassedToService", ("bedrock-agentcore.amazonaws.com",)),)


@pytest.mark.parametrize(("partition", "region"), [("aws-us-gov", "us-gov-west-1"), ("aws-cn", "cn-north-1")])
def test_arns_are_of_the_callers_partition(partition: str, region: str) -> None:
    """An ARN that begins with arn:aws is nothing in GovCloud or China."""
    found = [
        *read(
            "converse",
            partition,
            region,
            modelId=NOVA,
            guardrailConfig={"guardrailIdentifier": "gr1"},
            messages=[{"content": [{"image": {"source": {"s3Location": {"uri": "s3://b/k"}}}}]}],
        ).needs,
        *read("create_guardrail", partition, region, name="g", kmsKeyId="alias/x").needs,
        *read("create_provisioned_model_throughput", partition, region, modelId=NOVA).needs,
    ]

    arns = [need.resource for need in found if need.resource != "*"]
    assert len(arns) > 6
    assert all(arn.startswith(f"arn:{partition}:") for arn in arns)
    assert all(arn.split(":")[3] in ("", region) for arn in arns)


def test_an_arn_of_another_partition_is_refused_once_the_caller_is_known() -> None:
    """Nothing is reached across partitions; before the caller is known, the partition is a guess."""
    foreign = f"arn:aws-us-gov:bedrock:us-gov-west-1:{ACCOUNT}:knowledge-base/KB12345678"
    operation = find_operation("retrieve")

    unknown = read_request(operation, {"knowledgeBaseId": foreign}, partition="aws", region="us-east-1", account="*")
    assert unknown.needs[0].resource == foreign
    with pytest.raises(ConfigurationError, match="in the partition 'aws-us-gov', the caller in 'aws'"):
        read("retrieve", knowledgeBaseId=foreign)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("invoke_flow", {"flowIdentifier": "FLOW123456", "flowAliasIdentifier": f"{BEDROCK}flow/OTHER/alias/ALIAS"}),
        (
            "invoke_flow",
            {"flowIdentifier": f"{BEDROCK}flow/FLOW123456", "flowAliasIdentifier": f"{BEDROCK}flow/OTHER/alias/ALIAS"},
        ),
        ("get_flow_alias", {"flowIdentifier": "FLOW123456", "aliasIdentifier": f"{BEDROCK}flow/OTHER/alias/ALIAS"}),
    ],
)
def test_an_alias_of_another_flow_than_the_one_that_is_named_is_refused(
    operation: str, parameters: dict[str, Any]
) -> None:
    """One of the two is wrong, and a permission on either would not be the call's."""
    with pytest.raises(ConfigurationError, match="belongs to 'OTHER'") as raised:
        read(operation, **parameters)
    assert raised.value.code == "BG504"


def test_an_alias_of_the_flow_that_is_named_by_its_arn_is_taken() -> None:
    alias = f"{BEDROCK}flow/FLOW123456/alias/ALIAS"
    (need,) = read("invoke_flow", flowIdentifier=f"{BEDROCK}flow/FLOW123456", flowAliasIdentifier=alias).needs
    assert need.resource == alias


def test_an_account_that_is_not_known_yet_is_a_star() -> None:
    """What a guard that has not asked who calls shows."""
    found = read_request(
        find_operation("retrieve"), {"knowledgeBaseId": "KB"}, partition="aws", region="us-east-1", account="*"
    )

    assert found.needs[0].resource == "arn:aws:bedrock:us-east-1:*:knowledge-base/KB"


@pytest.mark.parametrize(
    ("uri", "objects"),
    [
        ("s3://bucket", "bucket/*"),
        ("s3://bucket/", "bucket/*"),
        ("s3://bucket/a", "bucket/a/*"),
        ("s3://bucket/a/b/", "bucket/a/b/*"),
    ],
)
def test_output_goes_below_a_prefix(uri: str, objects: str) -> None:
    """With and without the slash at the end; a bucket alone is all of it."""
    found = read("start_async_invoke", modelId=NOVA, outputDataConfig={"s3OutputDataConfig": {"s3Uri": uri}})

    assert found.needs[1] == RequestNeed(
        "s3:PutObject",
        f"arn:aws:s3:::{objects}",
        (),
        "outputDataConfig.s3OutputDataConfig.s3Uri",
        source=found.needs[1].source,
    )


def test_the_same_need_is_asked_once() -> None:
    """Two nodes with one knowledge base, two messages with one picture."""
    picture = {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/k.png"}}}}
    found = read("converse", modelId=NOVA, messages=[{"content": [picture]}, {"content": [picture, picture]}])

    assert [need.why for need in found.needs] == ["messages[0].content[0].image.source.s3Location.uri"]


def test_a_model_says_how_it_is_used() -> None:
    """What the caller of the reader needs to find the destinations."""
    converse = read("converse", modelId=SONNET).models[0]
    count = read("count_tokens", modelId=SONNET).models[0]

    assert (converse.text, converse.action, converse.why) == (SONNET, "bedrock:InvokeModel", "modelId")
    assert count.action == "bedrock:CountTokens"


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        ("converse", {"modelID": NOVA}, "Converse has no parameter 'modelID'; did you mean modelId?"),
        ("converse", {"model_id": NOVA}, "did you mean modelId?"),
        ("retrieve", {"knowledgeBase": "KB"}, "did you mean knowledgeBaseId?"),
        ("list_agents", {"qwertyuiop": 1}, "it takes maxResults, nextToken"),
        ("converse", {"modelId": 5}, "Converse: modelId is of the type int; expected a text"),
        ("converse", {"modelId": NOVA, "guardrailConfig": "gr1"}, "guardrailConfig is of the type str; expected a map"),
        ("converse", {"modelId": NOVA, "messages": {"a": 1}}, "messages is of the type dict; expected a list"),
        ("retrieve", {"knowledgeBaseId": "a/b"}, "knowledgeBaseId: 'a/b' is no id of the kind knowledge-base"),
        ("retrieve", {"knowledgeBaseId": "a b"}, "is no id of the kind knowledge-base"),
        ("retrieve", {"knowledgeBaseId": f"{BEDROCK}agent/A"}, "which is of the kind agent"),
        ("invoke_agent", {"agentId": "A", "agentAliasId": f"{BEDROCK}agent/A"}, "which is of the kind agent"),
        ("bedrock:tag_resource", {"resourceARN": "gr1", "tags": []}, "resourceARN: 'gr1' is no ARN"),
        ("create_agent", {"agentName": "a", "agentResourceRoleArn": "my-role"}, "'my-role' is no ARN of a role"),
        ("create_guardrail", {"name": "g", "kmsKeyId": "my key"}, "'my key' is no KMS key"),
        ("create_guardrail", {"name": "g", "tags": ["x"]}, "tags[0] is of the type str"),
        ("create_guardrail", {"name": "g", "tags": [{"key": 1}]}, "a tag has a key and a value that are texts"),
        (
            "start_async_invoke",
            {"modelId": NOVA, "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "https://b.s3.amazonaws.com/k"}}},
            "is no S3 URI, such as s3://bucket/prefix/",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(operation: str, parameters: dict[str, Any], message: str) -> None:
    """The error names the operation, the parameter and the nearest right name, before AWS is called."""
    with pytest.raises(ConfigurationError) as raised:
        read(operation, **parameters)

    assert raised.value.code == "BG504"
    assert message in str(raised.value)
    assert find_operation(operation).name in str(raised.value)
    assert str(raised.value).isprintable()


def test_a_secret_never_reaches_the_error() -> None:
    """What is of the wrong type is not shown: it may be the secret itself."""
    with pytest.raises(ConfigurationError) as raised:
        read("create_api_key_credential_provider", name="n", apiKeySecretConfig="hunter2-hunter2")

    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(("name", "need"), [("nova_grounding", GROUNDING), ("nova_code_interpreter", ANY_TOOL)])
def test_each_tool_is_asked_about_on_its_own(name: str, need: str) -> None:
    """The ARN of web grounding is documented; of another tool it is not, and no policy has to name it so."""
    tools = {"tools": [{"systemTool": {"name": name}}]}

    assert asked("converse", modelId=NOVA, toolConfig=tools) == [need, f">bedrock:InvokeModel {NOVA}"]


def test_web_grounding_is_authorised_in_no_region() -> None:
    """AWS sends “unspecified”, so that a lock on Regions shuts it out; of other tools that is not documented."""
    needs = read("converse", modelId=NOVA, toolConfig=TOOLS).needs

    assert [need.context for need in needs] == [(("aws:RequestedRegion", ("unspecified",)),), ()]
    assert needs[0].why == "toolConfig.tools[1].systemTool.name"


@pytest.mark.parametrize(
    "body",
    [
        b"toolConfig tools systemTool name",
        json.dumps(["toolConfig", "tools", "systemTool", "name"]),
        json.dumps({"toolConfig": "tools", "systemTool": "name"}),
        json.dumps({"toolConfig": {"tools": {"systemTool": {"name": "nova_grounding"}}}}),
        json.dumps({"toolConfig": {"tools": ["systemTool", {"systemTool": {"name": 7}}, {"systemTool": None}]}}),
        b'{"toolConfig": {"tools": [{"systemTool": {"name": "\xff"}}]}}',
        "[" * 100_000 + "toolConfig tools systemTool name",
        io.BytesIO(b'{"toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}}'),
        7,
    ],
    ids=["no-json", "list", "texts", "mapping-for-list", "other-entries", "no-utf-8", "deep", "stream", "number"],
)
def test_a_body_of_another_form_brings_nothing_and_is_no_error(body: Any) -> None:
    """Every model has a form of its own; a stream can be read once, and that is for the app to do."""
    assert asked("invoke_model", modelId=NOVA, body=body) == [f">bedrock:InvokeModel {NOVA}"]
    if isinstance(body, io.BytesIO):
        assert body.tell() == 0


@pytest.mark.parametrize("name", ["/agents/*", "/agents/a b", "", 7, None])
def test_a_name_that_becomes_part_of_an_arn_has_no_wildcard(name: Any) -> None:
    """A wildcard in the resource would ask about other groups than the call reads."""
    source = {"cloudWatchLogs": {"serviceNames": ["agent"], "logGroupNames": [name]}}
    if not name:
        assert len(asked("start_batch_evaluation", batchEvaluationName="x", dataSourceConfig=source)) == 1
        return
    with pytest.raises(ConfigurationError, match=r"logGroupNames\[0\]"):
        asked("start_batch_evaluation", batchEvaluationName="x", dataSourceConfig=source)
