"""What an operation is authorised on, where the request names it by an ARN, deep inside, or under another word."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError

from bedrock_guard.testing import Sandbox
from tests.botocore_version import of_the_catalogue
from tests.testing.documents import allow

pytestmark = of_the_catalogue

_ACCOUNT = "123456789012"
_HERE = f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:"
_NOVA = "amazon.nova-lite-v1:0"
_MODEL = f"arn:aws:bedrock:us-east-1::foundation-model/{_NOVA}"
_ROUTER = f"{_HERE}prompt-router/abcdefghij12"
_POLICY = f"{_HERE}automated-reasoning-policy/abcdefghij12"
_HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]
_TEXTS = {"name": "n", "blockedInputMessaging": "x", "blockedOutputsMessaging": "y"}
_S3 = {"s3Uri": "s3://a-bucket/folder/"}
_INPUTS = [{"nodeName": "in", "nodeOutputName": "document", "content": {"document": "hello"}}]


def _asked(aws: Sandbox, service: str, operation: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    client: Any = aws.session().client(service)  # type: ignore[call-overload]
    with suppress(ClientError):  # not everything is answered once it is authorised
        getattr(client, operation)(**params)
    return list(zip(aws.calls[-1].actions, aws.calls[-1].resources, strict=True))


def _job(model: str) -> dict[str, Any]:
    return {
        "jobName": "j",
        "roleArn": f"arn:aws:iam::{_ACCOUNT}:role/batch",
        "modelId": model,
        "inputDataConfig": {"s3InputDataConfig": _S3},
        "outputDataConfig": {"s3OutputDataConfig": _S3},
    }


def _evaluation(*models: str) -> dict[str, Any]:
    metrics = {"taskType": "General", "dataset": {"name": "Builtin.Bold"}, "metricNames": ["Builtin.Accuracy"]}
    return {
        "jobName": "e",
        "roleArn": f"arn:aws:iam::{_ACCOUNT}:role/evaluation",
        "evaluationConfig": {"automated": {"datasetMetricConfigs": [metrics]}},
        "inferenceConfig": {"models": [{"bedrockModel": {"modelIdentifier": model}} for model in models]},
        "outputDataConfig": _S3,
    }


@pytest.mark.parametrize(
    ("service", "operation", "params", "resources"),
    [
        pytest.param(
            "bedrock",
            "update_guardrail",
            {"guardrailIdentifier": "gr1234567890", **_TEXTS},
            [f"{_HERE}guardrail/gr1234567890"],
            id="the id in the path is that of the kind it is called like",
        ),
        pytest.param(
            "bedrock",
            "update_guardrail",
            {
                "guardrailIdentifier": f"{_HERE}guardrail/gr1234567890",
                **_TEXTS,
                "automatedReasoningPolicyConfig": {"policies": [f"{_POLICY}:1"]},
                "crossRegionConfig": {"guardrailProfileIdentifier": "us.guardrail.v1:0"},
            },
            [
                f"{_HERE}guardrail/gr1234567890",
                f"{_POLICY}:1",
                f"{_HERE}guardrail-profile/us.guardrail.v1:0",
            ],
            id="everything that a guardrail is made of",
        ),
        pytest.param("bedrock", "create_guardrail", _TEXTS, ["*"], id="nothing is named"),
        pytest.param(
            "bedrock",
            "create_guardrail",
            {**_TEXTS, "crossRegionConfig": {"guardrailProfileIdentifier": "us.guardrail.v1:0"}},
            [f"{_HERE}guardrail-profile/us.guardrail.v1:0"],
            id="the profile of a guardrail",
        ),
        pytest.param(
            "bedrock",
            "delete_guardrail",
            {"guardrailIdentifier": f"{_HERE}guardrail/gr1234567890:2"},
            [f"{_HERE}guardrail/gr1234567890"],
            id="a version is no part of a guardrail",
        ),
        pytest.param(
            "bedrock-agent-runtime",
            "invoke_flow",
            {"flowIdentifier": f"{_HERE}flow/FLOW123456", "flowAliasIdentifier": "ALIAS12345", "inputs": _INPUTS},
            [f"{_HERE}flow/FLOW123456/alias/ALIAS12345"],
            id="the alias of a flow by its ARN",
        ),
        pytest.param(
            "bedrock-agent-runtime",
            "start_flow_execution",
            {
                "flowIdentifier": "FLOW123456",
                "flowAliasIdentifier": f"{_HERE}flow/FLOW123456/alias/ALIAS12345",
                "inputs": _INPUTS,
            },
            [f"{_HERE}flow/FLOW123456", f"{_HERE}flow/FLOW123456/alias/ALIAS12345"],
            id="a flow and its alias",
        ),
        pytest.param(
            "bedrock-agent",
            "get_prompt",
            {"promptIdentifier": "PROMPT1234", "promptVersion": "2"},
            [f"{_HERE}prompt/PROMPT1234:2"],
            id="a version in place of the prompt",
        ),
        pytest.param(
            "bedrock-agent",
            "get_prompt",
            {"promptIdentifier": "PROMPT1234"},
            [f"{_HERE}prompt/PROMPT1234"],
            id="a prompt",
        ),
        pytest.param(
            "bedrock",
            "create_prompt_router",
            {
                "promptRouterName": "r",
                "models": [{"modelArn": _MODEL}, {"modelArn": f"{_HERE}inference-profile/us.{_NOVA}"}],
                "routingCriteria": {"responseQualityDifference": 10},
                "fallbackModel": {"modelArn": _MODEL},
            },
            [_MODEL, f"{_HERE}inference-profile/us.{_NOVA}"],
            id="every model of a router, once",
        ),
        pytest.param(
            "bedrock",
            "create_evaluation_job",
            _evaluation(_NOVA, _ROUTER),
            [_ROUTER, _MODEL],
            id="the models that are evaluated",
        ),
        pytest.param(
            "bedrock",
            "create_model_invocation_job",
            _job(f"us.{_NOVA}"),
            [_MODEL, f"{_HERE}model-invocation-job/abcd1234efgh"],
            id="the model behind a profile, where the action takes none",
        ),
        pytest.param(
            "bedrock-runtime",
            "count_tokens",
            {"modelId": f"us.{_NOVA}", "input": {"converse": {"messages": _HELLO}}},
            [_MODEL],
            id="tokens of the model behind a profile",
        ),
        pytest.param(
            "bedrock",
            "update_provisioned_model_throughput",
            {"provisionedModelId": "abcdefghij12", "desiredModelId": _MODEL},
            [f"{_HERE}provisioned-model/abcdefghij12", _MODEL],
            id="a throughput and its new model",
        ),
        pytest.param(
            "bedrock",
            "deregister_marketplace_model_endpoint",
            {"endpointArn": f"arn:aws:sagemaker:us-east-1:{_ACCOUNT}:endpoint/e"},
            [f"{_HERE}marketplace/model-endpoint/all-access"],
            id="the one resource of its kind",
        ),
        pytest.param(
            "bedrock-agent",
            "update_prompt",
            {
                "promptIdentifier": "PROMPT1234",
                "name": "n",
                "variants": [
                    {
                        "name": "v",
                        "templateType": "TEXT",
                        "templateConfiguration": {"text": {"text": "t"}},
                        "modelId": f"{_HERE}prompt/OTHER12345",
                    }
                ],
            },
            [f"{_HERE}prompt/PROMPT1234"],
            id="not what is named inside of it",
        ),
    ],
)
def test_resources(aws: Sandbox, service: str, operation: str, params: dict[str, Any], resources: list[str]) -> None:
    """The resources of the operation's own action are those that the request names, of the kinds of the action."""
    own = f"bedrock:{''.join(word.capitalize() for word in operation.split('_'))}"
    asked = [resource for action, resource in _asked(aws, service, operation, params) if action == own]
    assert sorted(asked) == sorted(resources)


def test_a_knowledge_base_by_its_arn(aws: Sandbox) -> None:
    """RetrieveAndGenerate asks for Retrieve on the knowledge base, not on an ARN within an ARN."""
    base = f"{_HERE}knowledge-base/KB12345678"
    config = {
        "type": "KNOWLEDGE_BASE",
        "knowledgeBaseConfiguration": {"knowledgeBaseId": base, "modelArn": _MODEL},
    }
    params = {"input": {"text": "x"}, "retrieveAndGenerateConfiguration": config}
    assert ("bedrock:Retrieve", base) in _asked(aws, "bedrock-agent-runtime", "retrieve_and_generate", params)


def test_reranked_results(aws: Sandbox) -> None:
    """A vector search that is reranked needs what Rerank needs."""
    reranker = "arn:aws:bedrock:us-east-1::foundation-model/cohere.rerank-v3-5:0"
    model = {"modelConfiguration": {"modelArn": reranker}}
    config = {"type": "BEDROCK_RERANKING_MODEL", "bedrockRerankingConfiguration": model}
    params = {
        "knowledgeBaseId": "KB12345678",
        "retrievalQuery": {"text": "x"},
        "retrievalConfiguration": {"vectorSearchConfiguration": {"rerankingConfiguration": config}},
    }
    assert _asked(aws, "bedrock-agent-runtime", "retrieve", params) == [
        ("bedrock:Retrieve", f"{_HERE}knowledge-base/KB12345678"),
        ("bedrock:Rerank", "*"),
        ("bedrock:InvokeModel", reranker),
    ]


class TestSystemTools:
    """A tool of the model's provider is authorised besides the model, in no Region."""

    _TOOL = f"arn:aws:bedrock::{_ACCOUNT}:system-tool/amazon.nova_grounding"
    _TOOLS: ClassVar[dict[str, Any]] = {"tools": [{"systemTool": {"name": "nova_grounding"}}]}

    def test_converse(self, aws: Sandbox) -> None:
        """Without a grant on the tool the call is denied."""
        aws.role("app", policies=[allow("bedrock:InvokeModel")])
        client = aws.session("app").client("bedrock-runtime")
        with pytest.raises(ClientError) as caught:
            client.converse(modelId=_NOVA, messages=_HELLO, toolConfig=self._TOOLS)
        assert f"bedrock:InvokeTool on resource: {self._TOOL}" in str(caught.value)
        assert client.converse(modelId=_NOVA, messages=_HELLO)["stopReason"]

    def test_invoke_model(self, aws: Sandbox) -> None:
        """The body of a Nova model has tools in the same form."""
        body = json.dumps({"messages": _HELLO, "toolConfig": self._TOOLS})
        asked = _asked(aws, "bedrock-runtime", "invoke_model", {"modelId": _NOVA, "body": body})
        assert asked == [("bedrock:InvokeModel", _MODEL), ("bedrock:InvokeTool", self._TOOL)]

    def test_region(self, aws: Sandbox) -> None:
        """A Region lock that forgets ``unspecified`` denies it."""
        lock = {"StringEquals": {"aws:RequestedRegion": ["us-east-1"]}}
        aws.role("app", policies=[allow("bedrock:*", condition=lock)])
        client = aws.session("app").client("bedrock-runtime")
        with pytest.raises(ClientError, match="system-tool"):
            client.converse(modelId=_NOVA, messages=_HELLO, toolConfig=self._TOOLS)


def test_an_application_profile_by_its_id(aws: Sandbox) -> None:
    """Its id means the same as its ARN, and one that nobody made means nothing."""
    client = aws.session().client("bedrock")
    source = {"copyFrom": f"{_HERE}inference-profile/us.{_NOVA}"}
    made = client.create_inference_profile(inferenceProfileName="p", modelSource=source)
    arn = made["inferenceProfileArn"]
    asked = {}
    for identifier in (arn, arn.rpartition("/")[2]):
        asked[identifier] = _asked(aws, "bedrock-runtime", "converse", {"modelId": identifier, "messages": _HELLO})
    by_arn, by_id = asked.values()
    assert by_id == by_arn
    assert by_id[0] == ("bedrock:InvokeModel", arn)
    assert len(by_id) == 4
    assert not _asked(aws, "bedrock-runtime", "converse", {"modelId": "abcdefghij12", "messages": _HELLO})
