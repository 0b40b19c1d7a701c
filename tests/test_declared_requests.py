"""What a declared call says of Regions, and of models that a service will call."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.errors import ConfigurationError
from bedrock_guard.requirements import Declaration, Where

HERE = Where("aws", "us-east-1", "123456789012")
NOVA = "amazon.nova-lite-v1:0"
ELSEWHERE = "arn:aws:bedrock:eu-west-1:123456789012"


def notes(operation: str, **parameters: Any) -> list[str]:
    return [note.text for note in Declaration.of(requests=[(operation, parameters)]).notes(HERE)]


@pytest.mark.parametrize(
    ("operation", "parameters", "place"),
    [
        ("invoke_model", {"modelId": NOVA, "guardrailIdentifier": f"{ELSEWHERE}:guardrail/gr1"}, "guardrailIdentifier"),
        (
            "create_prompt",
            {"name": "p", "customerEncryptionKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/k"},
            "customerEncryptionKeyArn",
        ),
        ("retrieve", {"knowledgeBaseId": f"{ELSEWHERE}:knowledge-base/KB12345678"}, "knowledgeBaseId"),
        (
            "invoke_flow",
            {"flowIdentifier": "FLOW123456", "flowAliasIdentifier": f"{ELSEWHERE}:flow/FLOW123456/alias/ALIAS12345"},
            "flowAliasIdentifier",
        ),
        ("converse", {"modelId": f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"}, ""),
        ("converse", {"modelId": NOVA, "messages": [{"role": "user", "content": [{"text": "arn: what is it"}]}]}, ""),
        ("create_agent", {"agentResourceRoleArn": "arn:aws:iam::123456789012:role/agents"}, ""),
        ("create_model_copy_job", {"sourceModelArn": f"{ELSEWHERE}:custom-model/{NOVA}/abcdefabcdef"}, ""),
    ],
)
def test_what_is_in_another_region_than_the_call_is_noted(
    operation: str, parameters: dict[str, Any], place: str
) -> None:
    """Most resources are found in their own Region alone; a copy is made from one Region to another."""
    found = [text for text in notes(operation, **parameters) if "the call is made in us-east-1" in text]
    assert len(found) == bool(place)
    assert all(f": {place} is in eu-west-1" in text for text in found)


def test_a_guardrail_of_another_region_is_said_to_be_of_no_use() -> None:
    (text,) = notes("converse", modelId=NOVA, guardrailConfig={"guardrailIdentifier": f"{ELSEWHERE}:guardrail/gr1"})
    assert "does not exist" in text


@pytest.mark.parametrize(
    ("operation", "parameters", "named"),
    [
        ("create_agent", {"foundationModel": "xyz"}, "CreateAgent: foundationModel: model 'xyz'"),
        ("create_model_invocation_job", {"modelId": "nova"}, "CreateModelInvocationJob: model 'nova'"),
        ("create_prompt", {"variants": [{"name": "a", "modelId": "Nova"}]}, r"variants\[0\].modelId"),
    ],
)
def test_a_model_that_a_service_will_call_is_refused_where_it_is_none(
    operation: str, parameters: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=named) as raised:
        Declaration.of(requests=[(operation, parameters)])
    assert raised.value.code == "BG504"


def test_a_model_of_another_region_is_refused_whoever_calls_it() -> None:
    declared = Declaration.of(
        requests=[("create_agent", {"foundationModel": f"arn:aws:bedrock:eu-west-1::foundation-model/{NOVA}"})]
    )
    with pytest.raises(ConfigurationError, match="is in the Region eu-west-1"):
        declared.requirements(HERE, {})


def test_models_that_a_service_will_call_are_asked_about_and_not_required_of_the_caller() -> None:
    """Whether Bedrock serves them is a question of the model; the permission to call them is another principal's."""
    declared = Declaration.of(
        requests=[
            ("create_agent", {"foundationModel": "us.anthropic.claude-sonnet-4-5-20250929-v1:0"}),
            ("create_model_invocation_job", {"modelId": "eu.amazon.nova-lite-v1:0"}),
            ("create_model_invocation_job", {"modelId": NOVA}),
            ("converse", {"modelId": NOVA}),
        ]
    )
    texts = {text for text, _ in declared.all_models(HERE)}
    assert texts == {"us.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu.amazon.nova-lite-v1:0", NOVA}
    in_use = declared.models_in_use(HERE)
    assert in_use.called == {NOVA}
    assert in_use.in_batches == {"eu.amazon.nova-lite-v1:0"}, "what is also called is called on demand"
    invoked = {r.resource for r in declared.requirements(HERE, {}) if r.action == "bedrock:InvokeModel"}
    assert invoked == {f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"}
