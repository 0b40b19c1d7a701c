"""Bedrock's operations: what each is authorised on, and well-formed answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_guard.bedrock.profiles import destinations
from bedrock_guard.testing import Sandbox
from tests.testing.documents import allow

_HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]
_SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
_US = f"us.{_SONNET}"
_GLOBAL = f"global.{_SONNET}"
_ACCOUNT = "123456789012"
_INVOKE = "bedrock:InvokeModel"


def _profile_arn(profile: str, region: str = "us-east-1") -> str:
    return f"arn:aws:bedrock:{region}:{_ACCOUNT}:inference-profile/{profile}"


def _model_arn(region: str, model: str = _SONNET) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model}"


def _message(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Message"])


class TestInferenceProfiles:
    """A call through a profile is authorised on the profile and on the model in each Region behind it."""

    def test_all_of_them_are_asked(self, aws: Sandbox) -> None:
        """The profile first, then the model in each destination of the table."""
        aws.role("app", policies=[allow(_INVOKE)])
        aws.session("app").client("bedrock-runtime").converse(modelId=_US, messages=_HELLO)
        regions = destinations(_US, "us-east-1") or ()
        assert len(regions) == 3
        call = aws.calls.of("Converse")[0]
        assert call.resources == (_profile_arn(_US), *(_model_arn(region) for region in regions))
        assert set(call.actions) == {_INVOKE}
        assert call.decision == "allowed"

    @pytest.mark.parametrize("left_out", range(4))
    def test_each_of_them_is_needed(self, aws: Sandbox, left_out: int) -> None:
        """Whichever is not allowed is the one that the denial names."""
        needed = [_profile_arn(_US), *(_model_arn(region) for region in ("us-east-1", "us-east-2", "us-west-2"))]
        granted = [arn for index, arn in enumerate(needed) if index != left_out]
        aws.role("app", policies=[allow(_INVOKE, resource=granted)])
        client = aws.session("app").client("bedrock-runtime")
        message = _message(lambda: client.converse(modelId=_US, messages=_HELLO))
        assert f"on resource: {needed[left_out]} because" in message

    def test_each_destination_has_its_own_region(self, aws: Sandbox) -> None:
        """aws:RequestedRegion is that of the destination, so a Region lock stops a call at another Region's model."""
        lock = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
        aws.role("app", policies=[allow(_INVOKE, condition=lock)])
        client = aws.session("app").client("bedrock-runtime")
        message = _message(lambda: client.converse(modelId=_US, messages=_HELLO))
        assert f"on resource: {_model_arn('us-east-2')} because" in message

    def test_global_profile(self, aws: Sandbox) -> None:
        """Profile, model in the source Region, and the model without Region as ``unspecified``."""
        aws.role("app", policies=[allow(_INVOKE)])
        aws.session("app").client("bedrock-runtime").converse(modelId=_GLOBAL, messages=_HELLO)
        resources = aws.calls.of("Converse")[0].resources
        assert resources == (_profile_arn(_GLOBAL), _model_arn("us-east-1"), _model_arn(""))
        lock = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
        aws.role("app", policies=[allow(_INVOKE, condition=lock)])
        client = aws.session("app").client("bedrock-runtime")
        message = _message(lambda: client.converse(modelId=_GLOBAL, messages=_HELLO))
        assert f"on resource: {_model_arn('')} because" in message
        both = {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "unspecified"]}}
        aws.role("app", policies=[allow(_INVOKE, condition=both)])
        assert client.converse(modelId=_GLOBAL, messages=_HELLO)["stopReason"] == "end_turn"

    def test_models_behind_a_profile_know_it(self, aws: Sandbox) -> None:
        """bedrock:InferenceProfileArn is set on the models, and not on a direct call of one."""
        through = {"StringLike": {"bedrock:InferenceProfileArn": "arn:aws:bedrock:*:*:inference-profile/us.*"}}
        of_models = allow(_INVOKE, resource="arn:aws:bedrock:*::foundation-model/*", condition=through)
        aws.role("app", policies=[allow(_INVOKE, resource=_profile_arn(_US)), of_models])
        client = aws.session("app").client("bedrock-runtime")
        assert client.converse(modelId=_US, messages=_HELLO)
        message = _message(lambda: client.converse(modelId="amazon.nova-lite-v1:0", messages=_HELLO))
        assert "no identity-based policy" in message

    def test_profile_by_its_arn(self, aws: Sandbox) -> None:
        """An ARN and the id in it are authorised alike."""
        client = aws.session().client("bedrock-runtime")
        client.converse(modelId=_US, messages=_HELLO)
        client.converse(modelId=_profile_arn(_US), messages=_HELLO)
        by_id, by_arn = aws.calls.of("Converse")
        assert by_id.resources == by_arn.resources

    def test_application_profile(self, aws: Sandbox) -> None:
        """It is authorised by its own ARN and those of its models, and can be found out from GetInferenceProfile."""
        models = [_model_arn("us-east-1"), _model_arn("us-west-2")]
        arn = aws.inference_profile("search", models)
        aws.role("app", policies=[allow("bedrock:*")])
        session = aws.session("app")
        session.client("bedrock-runtime").converse(modelId=arn, messages=_HELLO)
        assert aws.calls.of("Converse")[0].resources == (arn, *models)
        found = session.client("bedrock").get_inference_profile(inferenceProfileIdentifier=arn)
        assert [model["modelArn"] for model in found["models"]] == models
        assert found["type"] == "APPLICATION"

    def test_application_profile_made_on_the_wire(self, aws: Sandbox) -> None:
        """CreateInferenceProfile copies a system-defined profile with all its destinations."""
        client = aws.session().client("bedrock")
        made = client.create_inference_profile(inferenceProfileName="copy", modelSource={"copyFrom": _profile_arn(_US)})
        found = client.get_inference_profile(inferenceProfileIdentifier=made["inferenceProfileArn"])
        assert [model["modelArn"].split(":")[3] for model in found["models"]] == ["us-east-1", "us-east-2", "us-west-2"]
        listed = client.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
        assert [profile["inferenceProfileName"] for profile in listed] == ["copy"]
        client.delete_inference_profile(inferenceProfileIdentifier=made["inferenceProfileArn"])
        assert client.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"] == []

    def test_system_profiles_have_their_real_regions(self, aws: Sandbox) -> None:
        """GetInferenceProfile lists the model in each destination of the table, for the Region that asks."""
        european = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
        client = aws.session(region="eu-central-1").client("bedrock")
        found = client.get_inference_profile(inferenceProfileIdentifier=european)
        regions = [model["modelArn"].split(":")[3] for model in found["models"]]
        assert tuple(regions) == destinations(european, "eu-central-1")
        assert found["inferenceProfileArn"] == _profile_arn(european, "eu-central-1")
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.get_inference_profile(inferenceProfileIdentifier=_US)

    def test_listed_by_pages(self, aws: Sandbox) -> None:
        """ListInferenceProfiles follows its tokens to the end, each profile once."""
        client = aws.session().client("bedrock")
        pages = client.get_paginator("list_inference_profiles").paginate(PaginationConfig={"PageSize": 7})
        ids = [profile["inferenceProfileId"] for page in pages for profile in page["inferenceProfileSummaries"]]
        assert len(ids) == len(set(ids)) > 7
        assert _US in ids

    def test_profile_that_cannot_be_called_here(self, aws: Sandbox) -> None:
        """A profile of another geography is an invalid identifier, once the call is authorised."""
        client = aws.session(region="eu-central-1").client("bedrock-runtime")
        assert _message(lambda: client.converse(modelId=_US, messages=_HELLO)) == (
            "The provided model identifier is invalid."
        )


class TestModels:
    """Foundation models by their own ids."""

    def test_model_that_only_a_profile_serves(self, aws: Sandbox) -> None:
        """It cannot be called by its own id, in AWS's words with the typographic apostrophe."""
        client = aws.session().client("bedrock-runtime")
        message = _message(lambda: client.converse(modelId=_SONNET, messages=_HELLO))
        assert message.startswith(f"Invocation of model ID {_SONNET} with on-demand throughput isn’t supported.")

    @pytest.mark.parametrize("model", ["nonsense", "arn:aws:bedrock:us-east-1::nothing/x", "arn:aws:s3:::bucket"])
    def test_no_model(self, aws: Sandbox, model: str) -> None:
        """What is no model id is refused as such."""
        client = aws.session().client("bedrock-runtime")
        assert _message(lambda: client.converse(modelId=model, messages=_HELLO)) == (
            "The provided model identifier is invalid."
        )

    def test_listed(self, aws: Sandbox) -> None:
        """ListFoundationModels can be filtered, and GetFoundationModel shows one of them."""
        client = aws.session().client("bedrock")
        embeddings = client.list_foundation_models(byOutputModality="EMBEDDING")["modelSummaries"]
        assert embeddings
        assert all("embed" in model["modelId"] for model in embeddings)
        amazon = client.list_foundation_models(byProvider="Amazon")["modelSummaries"]
        assert {model["providerName"] for model in amazon} == {"Amazon"}
        details = client.get_foundation_model(modelIdentifier=_SONNET)["modelDetails"]
        assert details["inferenceTypesSupported"] == ["INFERENCE_PROFILE"]
        assert details["modelArn"] == _model_arn("us-east-1")

    def test_availability(self, aws: Sandbox) -> None:
        """GetFoundationModelAvailability tells whether a model is offered in the Region."""
        client = aws.session().client("bedrock")
        assert client.get_foundation_model_availability(modelId=_SONNET)["regionAvailability"] == "AVAILABLE"
        assert client.get_foundation_model_availability(modelId="a.b")["regionAvailability"] == "NOT_AVAILABLE"

    def test_prompt_as_model(self, aws: Sandbox) -> None:
        """A prompt's ARN needs RenderPrompt on the prompt."""
        prompt = f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:prompt/PROMPT1234:1"
        aws.role("app", policies=[allow(_INVOKE)])
        client = aws.session("app").client("bedrock-runtime")
        message = _message(lambda: client.converse(modelId=prompt))
        assert f"bedrock:RenderPrompt on resource: {prompt}" in message


class TestGuardrails:
    """A guardrail in line is authorised by ApplyGuardrail, and its id is a condition key of the call."""

    _ARN = f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:guardrail/abc123"

    def test_needs_apply_guardrail(self, aws: Sandbox) -> None:
        """Converse and InvokeModel with a guardrail need a second permission."""
        aws.role("app", policies=[allow(_INVOKE)])
        client = aws.session("app").client("bedrock-runtime")
        config: Any = {"guardrailIdentifier": "abc123", "guardrailVersion": "1"}
        message = _message(
            lambda: client.converse(modelId="amazon.nova-lite-v1:0", messages=_HELLO, guardrailConfig=config)
        )
        assert f"bedrock:ApplyGuardrail on resource: {self._ARN} because" in message
        message = _message(lambda: client.invoke_model(modelId="amazon.nova-lite-v1:0", body="{}", **config))
        assert f"bedrock:ApplyGuardrail on resource: {self._ARN} because" in message

    @pytest.mark.parametrize(("version", "value"), [("DRAFT", _ARN), ("2", f"{_ARN}:2")], ids=["draft", "numbered"])
    def test_condition_key(self, aws: Sandbox, version: str, value: str) -> None:
        """bedrock:GuardrailIdentifier is the ARN for the draft, and the ARN with the version for a version."""
        mandate = {"StringEquals": {"bedrock:GuardrailIdentifier": value}}
        aws.role("app", policies=[allow(_INVOKE, condition=mandate), allow("bedrock:ApplyGuardrail")])
        client = aws.session("app").client("bedrock-runtime")
        config: Any = {"guardrailIdentifier": self._ARN, "guardrailVersion": version}
        assert client.converse(modelId="amazon.nova-lite-v1:0", messages=_HELLO, guardrailConfig=config)
        assert "bedrock:InvokeModel" in _message(
            lambda: client.converse(modelId="amazon.nova-lite-v1:0", messages=_HELLO)
        )

    def test_made_and_applied(self, aws: Sandbox) -> None:
        """Guardrails can be made, found, listed, applied and deleted."""
        session = aws.session()
        bedrock = session.client("bedrock")
        made = bedrock.create_guardrail(name="g", blockedInputMessaging="no", blockedOutputsMessaging="no")
        assert bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])["name"] == "g"
        assert [g["id"] for g in bedrock.list_guardrails()["guardrails"]] == [made["guardrailId"]]
        applied = session.client("bedrock-runtime").apply_guardrail(
            guardrailIdentifier=made["guardrailId"],
            guardrailVersion="DRAFT",
            source="INPUT",
            content=[{"text": {"text": "Hello"}}],
        )
        assert applied["action"] == "NONE"
        bedrock.delete_guardrail(guardrailIdentifier=made["guardrailArn"])
        with pytest.raises(bedrock.exceptions.ResourceNotFoundException):
            bedrock.get_guardrail(guardrailIdentifier=made["guardrailId"])


class TestOutput:
    """Canned output, in the form of each model."""

    def test_converse(self, aws: Sandbox) -> None:
        """The reply can be chosen, and the usage adds up."""
        aws.model_reply = "Good morning"
        answer = aws.session().client("bedrock-runtime").converse(modelId="amazon.nova-lite-v1:0", messages=_HELLO)
        assert answer["output"]["message"] == {"role": "assistant", "content": [{"text": "Good morning"}]}
        usage = answer["usage"]
        assert usage["inputTokens"] + usage["outputTokens"] == usage["totalTokens"] > 0

    def test_converse_stream(self, aws: Sandbox) -> None:
        """The events come in AWS's order, and their texts are the reply."""
        aws.model_reply = "Good morning"
        client = aws.session().client("bedrock-runtime")
        events = list(client.converse_stream(modelId="amazon.nova-lite-v1:0", messages=_HELLO)["stream"])
        kinds = [next(iter(event)) for event in events]
        assert kinds == [
            "messageStart",
            "contentBlockDelta",
            "contentBlockDelta",
            "contentBlockStop",
            "messageStop",
            "metadata",
        ]
        text = "".join(e["contentBlockDelta"]["delta"]["text"] for e in events if "contentBlockDelta" in e)
        assert text == "Good morning"

    @pytest.mark.parametrize(
        ("model", "body", "path"),
        [
            (
                "anthropic.claude-3-haiku-20240307-v1:0",
                {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 5, "messages": [{"role": "user"}]},
                ("content", 0, "text"),
            ),
            ("amazon.nova-lite-v1:0", {"messages": []}, ("output", "message", "content", 0, "text")),
            ("amazon.titan-text-express-v1", {"inputText": "Hello"}, ("results", 0, "outputText")),
            ("meta.llama3-8b-instruct-v1:0", {"prompt": "Hello"}, ("generation",)),
            ("mistral.mistral-large-2402-v1:0", {"prompt": "Hello"}, ("outputs", 0, "text")),
        ],
    )
    def test_invoke_model(self, aws: Sandbox, model: str, body: dict[str, Any], path: tuple[Any, ...]) -> None:
        """InvokeModel answers in the form of the model."""
        aws.model_reply = "Good morning"
        answer = aws.session().client("bedrock-runtime").invoke_model(modelId=model, body=json.dumps(body))
        found: Any = json.loads(answer["body"].read())
        for step in path:
            found = found[step]
        assert found == "Good morning"
        assert answer["contentType"] == "application/json"

    def test_embedding(self, aws: Sandbox) -> None:
        """An embedding model answers with a vector of the size that was asked for."""
        client = aws.session().client("bedrock-runtime")
        body = json.dumps({"inputText": "Hello", "dimensions": 256})
        answer = json.loads(client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=body)["body"].read())
        assert len(answer["embedding"]) == 256

    def test_invoke_model_stream(self, aws: Sandbox) -> None:
        """Claude's stream begins with message_start, ends with message_stop, and its deltas are the reply."""
        aws.model_reply = "Good morning"
        client = aws.session().client("bedrock-runtime")
        body = json.dumps({"max_tokens": 5, "messages": [{"role": "user", "content": "Hello"}]})
        answer = client.invoke_model_with_response_stream(modelId="anthropic.claude-3-haiku-20240307-v1:0", body=body)
        chunks = [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]
        assert (chunks[0]["type"], chunks[-1]["type"]) == ("message_start", "message_stop")
        assert (
            "".join(c["delta"].get("text", "") for c in chunks if c["type"] == "content_block_delta") == "Good morning"
        )

    def test_count_tokens(self, aws: Sandbox) -> None:
        """CountTokens has its own action, on the foundation model even when a profile is named."""
        aws.role("app", policies=[allow("bedrock:CountTokens", resource=_model_arn("us-east-1"))])
        client = aws.session("app").client("bedrock-runtime")
        if not hasattr(client, "count_tokens"):
            pytest.skip("this botocore has no CountTokens")
        counted = client.count_tokens(modelId=_US, input={"converse": {"messages": _HELLO}})
        assert counted["inputTokens"] > 0


class TestKnowledgeBasesAndAgents:
    """The runtime of knowledge bases and agents."""

    _KB = f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:knowledge-base/KB12345678"

    def test_retrieve(self, aws: Sandbox) -> None:
        """Retrieve is authorised on the knowledge base."""
        aws.role("app", policies=[allow("bedrock:Retrieve", resource=self._KB)])
        client = aws.session("app").client("bedrock-agent-runtime")
        query: Any = {"retrievalQuery": {"text": "Hello"}}
        assert client.retrieve(knowledgeBaseId="KB12345678", **query)["retrievalResults"]
        message = _message(lambda: client.retrieve(knowledgeBaseId="KB00000000", **query))
        assert "knowledge-base/KB00000000 because no identity-based policy" in message

    def test_retrieve_and_generate(self, aws: Sandbox) -> None:
        """RetrieveAndGenerate also needs Retrieve on the knowledge base, and InvokeModel on the generator."""
        client = aws.session().client("bedrock-agent-runtime")
        configuration: Any = {
            "type": "KNOWLEDGE_BASE",
            "knowledgeBaseConfiguration": {"knowledgeBaseId": "KB12345678", "modelArn": _US},
        }
        asked: Any = {"input": {"text": "Hello"}, "retrieveAndGenerateConfiguration": configuration}
        assert client.retrieve_and_generate(**asked)["output"]["text"]
        assert list(client.retrieve_and_generate_stream(**asked)["stream"])
        for call in aws.calls.of("bedrock-agent-runtime"):
            assert call.actions[:2] == ("bedrock:RetrieveAndGenerate", "bedrock:Retrieve")
            assert call.resources[:3] == ("*", self._KB, _profile_arn(_US))

    def test_invoke_agent(self, aws: Sandbox) -> None:
        """InvokeAgent is authorised on the alias, and streams its answer."""
        aws.model_reply = "Good morning"
        client = aws.session().client("bedrock-agent-runtime")
        answer = client.invoke_agent(agentId="AGENT", agentAliasId="ALIAS", sessionId="s1", inputText="Hello")
        assert b"".join(event["chunk"]["bytes"] for event in answer["completion"]) == b"Good morning"
        assert aws.calls[-1].resources == (f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:agent-alias/AGENT/ALIAS",)

    def test_a_role_is_passed(self, aws: Sandbox) -> None:
        """CreateAgent with a role needs iam:PassRole on it, to Bedrock alone; moto makes the agent."""
        role = aws.role("agents")
        to_bedrock = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
        aws.role("app", policies=[allow("bedrock:CreateAgent")])
        client = aws.session("app").client("bedrock-agent")
        create = {"agentName": "a", "agentResourceRoleArn": role}
        assert f"iam:PassRole on resource: {role} because" in _message(lambda: client.create_agent(**create))
        aws.role(
            "app",
            policies=[allow("bedrock:CreateAgent"), allow("iam:PassRole", resource=role, condition=to_bedrock)],
        )
        assert client.create_agent(**create)["agent"]["agentName"] == "a"

    def test_resources_by_their_kind(self, aws: Sandbox) -> None:
        """Other operations are authorised by their own name, on the ARN that their parameters make up."""
        aws.role("app", policies=[])
        session = aws.session("app")
        agents = session.client("bedrock-agent")
        core = session.client("bedrock-agentcore")
        runtime = f"arn:aws:bedrock-agentcore:us-east-1:{_ACCOUNT}:runtime/my_agent-1234567890"
        alias = f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:agent-alias/AGENT12345/ALIAS12345"
        expected = {
            lambda: agents.get_agent_alias(agentId="AGENT12345", agentAliasId="ALIAS12345"): (
                f"bedrock:GetAgentAlias on resource: {alias} because"
            ),
            lambda: agents.get_knowledge_base(knowledgeBaseId="KB12345678"): (
                f"bedrock:GetKnowledgeBase on resource: {self._KB}"
            ),
            lambda: agents.list_agents(): "bedrock:ListAgents because",
            lambda: core.invoke_agent_runtime(agentRuntimeArn=runtime, payload=b"{}"): (
                f"bedrock-agentcore:InvokeAgentRuntime on resource: {runtime}"
            ),
        }
        for call, text in expected.items():
            assert text in _message(call)
