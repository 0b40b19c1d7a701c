"""Operations are found by every name they go by, and lead to the actions AWS checks."""

from __future__ import annotations

import pytest

from bedrock_guard.bedrock.catalogue import find_operation, operations
from bedrock_guard.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("bedrock-runtime:Converse", "bedrock-runtime:Converse"),
        ("bedrock-runtime:converse", "bedrock-runtime:Converse"),
        ("bedrock-runtime.converse_stream", "bedrock-runtime:ConverseStream"),
        ("Bedrock-Runtime:CONVERSE", "bedrock-runtime:Converse"),
        (" converse ", "bedrock-runtime:Converse"),
        ("Converse", "bedrock-runtime:Converse"),
        ("converse_stream", "bedrock-runtime:ConverseStream"),
        ("converse-stream", "bedrock-runtime:ConverseStream"),
        ("InvokeModel", "bedrock-runtime:InvokeModel"),
        ("retrieve", "bedrock-agent-runtime:Retrieve"),
        ("bedrock-agent:ListTagsForResource", "bedrock-agent:ListTagsForResource"),
        ("invoke_model_with_bidirectional_stream", "bedrock-runtime:InvokeModelWithBidirectionalStream"),
    ],
)
def test_an_operation_is_found_by_every_name_it_goes_by(text: str, key: str) -> None:
    """AWS's name, boto3's method, with and without the client, in any case."""
    assert find_operation(text).key == key


@pytest.mark.parametrize(
    ("key", "actions"),
    [
        ("bedrock-runtime:Converse", ["bedrock:InvokeModel"]),
        ("bedrock-runtime:ConverseStream", ["bedrock:InvokeModelWithResponseStream"]),
        ("bedrock-runtime:InvokeModelWithBidirectionalStream", ["bedrock:InvokeModel"]),
        ("bedrock-runtime:StartAsyncInvoke", ["bedrock:InvokeModel"]),
        ("bedrock-agent-runtime:RetrieveAndGenerateStream", ["bedrock:RetrieveAndGenerate"]),
        ("bedrock-agent-runtime:Rerank", ["bedrock:Rerank", "bedrock:InvokeModel"]),
        ("bedrock-runtime:ApplyGuardrail", ["bedrock:ApplyGuardrail"]),
        ("bedrock-agentcore:UpdateBrowserStream", ["bedrock-agentcore:UpdateBrowserStream"]),
        ("bedrock-data-automation:ListTagsForResource", ["bedrock:ListTagsForResource"]),
    ],
)
def test_an_operation_leads_to_the_actions_it_is_authorised_as(key: str, actions: list[str]) -> None:
    """What every call of the operation needs, whatever its parameters."""
    uses = operations()[key].actions

    assert [use.action for use in uses if not use.parameters and not use.advisory] == actions


@pytest.mark.parametrize(
    ("key", "action", "parameter"),
    [
        ("bedrock-runtime:Converse", "bedrock:ApplyGuardrail", "guardrailConfig.guardrailIdentifier"),
        ("bedrock-runtime:InvokeModel", "bedrock:ApplyGuardrail", "guardrailIdentifier"),
        ("bedrock-agent:CreateAgent", "iam:PassRole", "agentResourceRoleArn"),
        ("bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeAgentRuntimeForUser", "runtimeUserId"),
    ],
)
def test_what_only_a_parameter_brings_names_the_parameter(key: str, action: str, parameter: str) -> None:
    """A caller without a guardrail does not need ApplyGuardrail."""
    use = next(use for use in operations()[key].actions if use.action == action)

    assert use.parameters == (parameter,)


def test_a_role_is_passed_to_the_service_that_assumes_it() -> None:
    """PassRole without iam:PassedToService would be judged against the wrong condition."""
    agent = operations()["bedrock-agent:CreateAgent"].actions[1]
    runtime = operations()["bedrock-agentcore-control:CreateAgentRuntime"].actions[1]

    assert agent.context == (("iam:PassedToService", "bedrock.amazonaws.com"),)
    assert runtime.context == (("iam:PassedToService", "bedrock-agentcore.amazonaws.com"),)


def test_a_shared_name_with_the_same_needs_is_taken_from_the_first_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both services need one action: which is meant makes no difference to the check."""
    both = (operations()["bedrock:TagResource"], operations()["bedrock-agent:TagResource"])
    monkeypatch.setattr("bedrock_guard.bedrock.operations._by_name", lambda: {"tagresource": both})

    assert find_operation("tag_resource") == both[0]


def test_a_shared_name_with_different_needs_is_refused_with_the_candidates() -> None:
    """Guessing would check the wrong permission."""
    with pytest.raises(ConfigurationError) as raised:
        find_operation("list_tags_for_resource")

    assert "bedrock:ListTagsForResource" in raised.value.suggestions
    assert "bedrock-agentcore-control:ListTagsForResource" in raised.value.suggestions
    assert all(key in str(raised.value) for key in raised.value.suggestions)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("conversestrem", "bedrock-runtime:ConverseStream"),
        ("bedrock-runtime:Convers", "bedrock-runtime:Converse"),
        ("bedrock:InvokeModel", "bedrock-runtime:InvokeModel"),
        ("bedrock-runtim:Converse", "bedrock-runtime:Converse"),
        ("bedrock-agent:Retreive", "bedrock-agent-runtime:Retrieve"),
        ("s3:Converse", "bedrock-runtime:Converse"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_with_the_nearest(text: str, suggestion: str) -> None:
    """The error names what was written and what may have been meant."""
    with pytest.raises(ConfigurationError) as raised:
        find_operation(text)

    assert suggestion in raised.value.suggestions
    assert text.rpartition(":")[2] in str(raised.value)


@pytest.mark.parametrize("text", ["", ":", "bedrock-runtime:", "x" * 300, "a:b:c", "conv\x1b[31merse"])
def test_nonsense_is_refused_and_shown_without_control_characters(text: str) -> None:
    """What somebody wrote reaches the terminal escaped."""
    with pytest.raises(ConfigurationError) as raised:
        find_operation(text)

    assert str(raised.value).isprintable()
