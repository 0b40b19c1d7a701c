"""Common tasks on Bedrock, each the calls that a developer would make for it: data, for the proof and for the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ACCOUNT", "TASKS", "Call", "Task"]

ACCOUNT = "123456789012"
"""AWS's own example account, and the sandbox's."""

_SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
_NOVA = "amazon.nova-lite-v1:0"
_TITAN = "amazon.titan-embed-text-v2:0"
_HELLO = [{"role": "user", "content": [{"text": "hello"}]}]
_GUARDRAIL = "gr1234567890"
_BASE = "KB12345678"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of boto3."""

    client: str
    method: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """What a developer wants to do.

    Attributes:
        name: As they would say it.
        calls: How it is done.
        region: Where.
    """

    name: str
    calls: tuple[Call, ...]
    region: str = "us-east-1"

    @property
    def requests(self) -> list[tuple[str, dict[str, Any]]]:
        """The calls as a guard takes them."""
        return [(f"{call.client}:{call.method}", dict(call.parameters)) for call in self.calls]


def _role(name: str, partition: str = "aws") -> str:
    return f"arn:{partition}:iam::{ACCOUNT}:role/{name}"


def _key(region: str = "us-east-1") -> str:
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def _converse(model: str, method: str = "converse", **more: Any) -> Call:
    return Call("bedrock-runtime", method, {"modelId": model, "messages": _HELLO, **more})


def _invoke(model: str, body: Mapping[str, Any], method: str = "invoke_model", **more: Any) -> Call:
    return Call("bedrock-runtime", method, {"modelId": model, "body": json.dumps(body), **more})


def _s3(uri: str) -> dict[str, Any]:
    return {"s3Uri": uri}


TASKS: tuple[Task, ...] = (
    Task("converse with Nova", (_converse(_NOVA),)),
    Task(
        "stream Claude through the US profile with a guardrail",
        (
            _converse(
                f"us.{_SONNET}",
                "converse_stream",
                guardrailConfig={"guardrailIdentifier": _GUARDRAIL, "guardrailVersion": "1"},
            ),
        ),
    ),
    Task("converse with Nova through the EU profile", (_converse(f"eu.{_NOVA}"),), "eu-west-1"),
    Task("converse with Claude through the global profile", (_converse(f"global.{_SONNET}"),)),
    Task("invoke Claude with a body of its own", (_invoke(f"us.{_SONNET}", {"messages": [], "max_tokens": 1}),)),
    Task(
        "stream a body of Nova's own",
        (_invoke(_NOVA, {"messages": []}, "invoke_model_with_response_stream"),),
        "us-east-1",
    ),
    Task("embed text with Titan", (_invoke(_TITAN, {"inputText": "hello"}),), "eu-central-1"),
    Task(
        "generate an image with Nova Canvas",
        (_invoke("amazon.nova-canvas-v1:0", {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a cat"}}),),
    ),
    Task(
        "count the tokens of a request",
        (
            Call(
                "bedrock-runtime",
                "count_tokens",
                {"modelId": "anthropic.claude-3-5-haiku-20241022-v1:0", "input": {"converse": {"messages": _HELLO}}},
            ),
        ),
        "us-west-2",
    ),
    Task(
        "make a video with Nova Reel into S3",
        (
            Call(
                "bedrock-runtime",
                "start_async_invoke",
                {
                    "modelId": "amazon.nova-reel-v1:0",
                    "modelInput": {"taskType": "TEXT_VIDEO"},
                    "outputDataConfig": {"s3OutputDataConfig": _s3("s3://amzn-s3-demo-bucket/videos/")},
                },
            ),
            Call(
                "bedrock-runtime",
                "get_async_invoke",
                {"invocationArn": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:async-invoke/abcd1234efgh"},
            ),
        ),
    ),
    Task(
        "check text against a guardrail",
        (
            Call(
                "bedrock-runtime",
                "apply_guardrail",
                {
                    "guardrailIdentifier": _GUARDRAIL,
                    "guardrailVersion": "DRAFT",
                    "source": "INPUT",
                    "content": [{"text": {"text": "hello"}}],
                },
            ),
        ),
    ),
    Task(
        "create a guardrail with tags",
        (
            Call(
                "bedrock",
                "create_guardrail",
                {
                    "name": "no-secrets",
                    "blockedInputMessaging": "no",
                    "blockedOutputsMessaging": "no",
                    "wordPolicyConfig": {"wordsConfig": [{"text": "secret"}]},
                    "tags": [{"key": "team", "value": "search"}],
                },
            ),
        ),
    ),
    Task(
        "create a guardrail with a key of one's own",
        (
            Call(
                "bedrock",
                "create_guardrail",
                {
                    "name": "sealed",
                    "blockedInputMessaging": "no",
                    "blockedOutputsMessaging": "no",
                    "wordPolicyConfig": {"wordsConfig": [{"text": "secret"}]},
                    "kmsKeyId": _key(),
                },
            ),
        ),
    ),
    Task(
        "search a knowledge base",
        (
            Call(
                "bedrock-agent-runtime",
                "retrieve",
                {"knowledgeBaseId": _BASE, "retrievalQuery": {"text": "hello"}},
            ),
        ),
    ),
    Task(
        "query a knowledge base and generate with Nova",
        (
            Call(
                "bedrock-agent-runtime",
                "retrieve_and_generate",
                {
                    "input": {"text": "hello"},
                    "retrieveAndGenerateConfiguration": {
                        "type": "KNOWLEDGE_BASE",
                        "knowledgeBaseConfiguration": {
                            "knowledgeBaseId": _BASE,
                            "modelArn": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{_NOVA}",
                        },
                    },
                },
            ),
        ),
    ),
    Task(
        "chat with a document",
        (
            Call(
                "bedrock-agent-runtime",
                "retrieve_and_generate",
                {
                    "input": {"text": "hello"},
                    "retrieveAndGenerateConfiguration": {
                        "type": "EXTERNAL_SOURCES",
                        "externalSourcesConfiguration": {
                            "modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{_NOVA}",
                            "sources": [
                                {
                                    "sourceType": "BYTE_CONTENT",
                                    "byteContent": {"identifier": "a", "contentType": "text/plain", "data": b"hello"},
                                }
                            ],
                        },
                    },
                },
            ),
        ),
    ),
    Task(
        "rerank documents",
        (
            Call(
                "bedrock-agent-runtime",
                "rerank",
                {
                    "queries": [{"type": "TEXT", "textQuery": {"text": "hello"}}],
                    "sources": [
                        {
                            "type": "INLINE",
                            "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": "hello there"}},
                        }
                    ],
                    "rerankingConfiguration": {
                        "type": "BEDROCK_RERANKING_MODEL",
                        "bedrockRerankingConfiguration": {
                            "modelConfiguration": {
                                "modelArn": "arn:aws:bedrock:us-west-2::foundation-model/amazon.rerank-v1:0"
                            }
                        },
                    },
                },
            ),
        ),
        "us-west-2",
    ),
    Task(
        "invoke an agent alias",
        (
            Call(
                "bedrock-agent-runtime",
                "invoke_agent",
                {"agentId": "AGENT12345", "agentAliasId": "ALIAS12345", "sessionId": "s-1", "inputText": "hello"},
            ),
        ),
    ),
    Task(
        "create an agent with its role",
        (
            Call(
                "bedrock-agent",
                "create_agent",
                {"agentName": "helper", "agentResourceRoleArn": _role("agents"), "foundationModel": _NOVA},
            ),
        ),
    ),
    Task("prepare an agent", (Call("bedrock-agent", "prepare_agent", {"agentId": "AGENT12345"}),)),
    Task(
        "create a knowledge base on OpenSearch Serverless",
        (
            Call(
                "bedrock-agent",
                "create_knowledge_base",
                {
                    "name": "docs",
                    "roleArn": _role("knowledge"),
                    "knowledgeBaseConfiguration": {
                        "type": "VECTOR",
                        "vectorKnowledgeBaseConfiguration": {
                            "embeddingModelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{_TITAN}"
                        },
                    },
                    "storageConfiguration": {
                        "type": "OPENSEARCH_SERVERLESS",
                        "opensearchServerlessConfiguration": {
                            "collectionArn": f"arn:aws:aoss:us-east-1:{ACCOUNT}:collection/abcdefghij1234567890",
                            "vectorIndexName": "docs",
                            "fieldMapping": {"vectorField": "v", "textField": "t", "metadataField": "m"},
                        },
                    },
                },
            ),
        ),
    ),
    Task(
        "ingest a data source",
        (Call("bedrock-agent", "start_ingestion_job", {"knowledgeBaseId": _BASE, "dataSourceId": "DS12345678"}),),
    ),
    Task(
        "run a flow",
        (
            Call(
                "bedrock-agent-runtime",
                "invoke_flow",
                {
                    "flowIdentifier": "FLOW123456",
                    "flowAliasIdentifier": "ALIAS12345",
                    "inputs": [{"nodeName": "in", "nodeOutputName": "document", "content": {"document": "hello"}}],
                },
            ),
        ),
    ),
    Task(
        "create a flow with its role",
        (Call("bedrock-agent", "create_flow", {"name": "f", "executionRoleArn": _role("flows")}),),
    ),
    Task(
        "create a prompt with a key of one's own",
        (Call("bedrock-agent", "create_prompt", {"name": "p", "customerEncryptionKeyArn": _key()}),),
    ),
    Task(
        "batch inference in eu-west-1",
        (
            Call(
                "bedrock",
                "create_model_invocation_job",
                {
                    "jobName": "nightly",
                    "roleArn": _role("batch"),
                    "modelId": _NOVA,
                    "inputDataConfig": {"s3InputDataConfig": _s3("s3://amzn-s3-demo-bucket/in/")},
                    "outputDataConfig": {"s3OutputDataConfig": _s3("s3://amzn-s3-demo-bucket/out/")},
                },
            ),
            Call("bedrock", "list_model_invocation_jobs"),
        ),
        "eu-west-1",
    ),
    Task(
        "fine-tune from S3",
        (
            Call(
                "bedrock",
                "create_model_customization_job",
                {
                    "jobName": "tune",
                    "customModelName": "mine",
                    "roleArn": _role("tuning"),
                    "baseModelIdentifier": "amazon.nova-micro-v1:0",
                    "trainingDataConfig": _s3("s3://amzn-s3-demo-bucket/train.jsonl"),
                    "outputDataConfig": _s3("s3://amzn-s3-demo-bucket/tuned/"),
                },
            ),
        ),
    ),
    Task(
        "import a model from S3",
        (
            Call(
                "bedrock",
                "create_model_import_job",
                {
                    "jobName": "import",
                    "importedModelName": "mine",
                    "roleArn": _role("importing"),
                    "modelDataSource": {"s3DataSource": _s3("s3://amzn-s3-demo-bucket/weights/")},
                },
            ),
        ),
    ),
    Task(
        "call an imported model",
        (_invoke(f"arn:aws:bedrock:us-east-1:{ACCOUNT}:imported-model/abcd1234efgh", {"prompt": "hello"}),),
    ),
    Task(
        "call provisioned throughput",
        (_converse(f"arn:aws:bedrock:us-east-1:{ACCOUNT}:provisioned-model/abcd1234efgh"),),
    ),
    Task(
        "call a custom model's deployment",
        (_converse(f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model-deployment/abcd1234efgh"),),
    ),
    Task(
        "buy provisioned throughput",
        (
            Call(
                "bedrock",
                "create_provisioned_model_throughput",
                {"modelUnits": 1, "provisionedModelName": "mine", "modelId": _NOVA},
            ),
        ),
    ),
    Task(
        "call a Marketplace model's endpoint",
        (_converse(f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/marketplace-model"),),
    ),
    Task(
        "turn on invocation logging",
        (
            Call(
                "bedrock",
                "put_model_invocation_logging_configuration",
                {
                    "loggingConfig": {
                        "cloudWatchConfig": {"logGroupName": "bedrock", "roleArn": _role("logging")},
                        "textDataDeliveryEnabled": True,
                    }
                },
            ),
        ),
    ),
    Task(
        "list models and profiles",
        (Call("bedrock", "list_foundation_models"), Call("bedrock", "list_inference_profiles")),
    ),
    Task(
        "keep a conversation in a session",
        (
            Call("bedrock-agent-runtime", "create_session", {"encryptionKeyArn": _key()}),
            Call("bedrock-agent-runtime", "get_session", {"sessionIdentifier": "12345678-1234-1234-1234-123456789012"}),
        ),
    ),
    Task(
        "call an agent in AgentCore Runtime for a user",
        (
            Call(
                "bedrock-agentcore",
                "invoke_agent_runtime",
                {
                    "agentRuntimeArn": f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}:runtime/helper-abcdefghij",
                    "runtimeUserId": "someone",
                    "payload": b"{}",
                },
            ),
        ),
    ),
    Task("converse with Claude in GovCloud", (_converse(f"us-gov.{_SONNET}"),), "us-gov-west-1"),
)
