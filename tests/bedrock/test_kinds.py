"""Which resource kind an ARN is, and ARNs that an action is never granted on."""

from __future__ import annotations

import pytest

from bedrock_guard.bedrock.catalogue import (
    action_matches_kind,
    find_action,
    require_kind,
    resource_kind_of,
)
from bedrock_guard.bedrock.kinds import kinds_of
from bedrock_guard.errors import ConfigurationError

HERE = "arn:aws:bedrock:us-east-1:123456789012"


@pytest.mark.parametrize(
    ("action", "arn", "kind"),
    [
        (
            "bedrock:InvokeModel",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
            "foundation-model",
        ),
        ("bedrock:InvokeModel", "arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0", "foundation-model"),
        ("bedrock:InvokeModel", f"{HERE}:inference-profile/us.amazon.nova-lite-v1:0", "inference-profile"),
        ("bedrock:InvokeModel", f"{HERE}:inference-profile/*", "inference-profile"),
        ("bedrock:InvokeModel", f"{HERE}:default-prompt-router/anthropic.claude:1", "default-prompt-router"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::async-invoke/*", "async-invoke"),
        (
            "bedrock:InvokeModel",
            f"{HERE}:marketplace/model-endpoint/all-access",
            "bedrock-marketplace-model-endpoint",
        ),
        ("bedrock:InvokeModel", "arn:aws:bedrock::123456789012:system-tool/x", "system-tool"),
        ("bedrock:GetCustomModel", f"{HERE}:custom-model/amazon.titan-text-lite-v1:0:4k/abcdefghijkl", "custom-model"),
        ("bedrock:RenderPrompt", f"{HERE}:prompt/PROMPT1234", "prompt"),
        ("bedrock:RenderPrompt", f"{HERE}:prompt/PROMPT1234:1", "prompt-version"),
        ("bedrock:InvokeFlow", f"{HERE}:flow/FLOW/alias/ALIAS", "flow-alias"),
        ("bedrock:GetFlow", f"{HERE}:flow/FLOW", "flow"),
        ("bedrock:InvokeAgent", f"{HERE}:agent-alias/AGENT/ALIAS", "agent-alias"),
        (
            "bedrock-agentcore:InvokeWebSearch",
            "arn:aws:bedrock-agentcore:us-east-1:aws:tool/web-search.v1",
            "web-search",
        ),
        ("s3:GetObject", "arn:aws:s3:::bucket/some/key*", "object"),
        ("s3:ListBucket", "arn:aws:s3:::bucket", "bucket"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/path/name", "role"),
        ("lex:RecognizeUtterance", "arn:aws:lex:us-east-1:123456789012:bot-alias/B/A", "bot alias"),
    ],
)
def test_an_arn_is_of_the_kind_whose_form_it_has(action: str, arn: str, kind: str) -> None:
    """The closest form wins where several fit."""
    found = resource_kind_of(find_action(action), arn)

    assert found is not None
    assert found.name == kind
    require_kind(find_action(action), arn)


@pytest.mark.parametrize(
    ("action", "arn", "said"),
    [
        ("bedrock:InvokeModel", f"{HERE}:guardrail/g", "which is of the kind guardrail"),
        ("bedrock:InvokeFlow", f"{HERE}:flow/FLOW", "which is of the kind flow"),
        ("bedrock:GetFlow", f"{HERE}:flow/FLOW/alias/ALIAS", "which is of the kind flow-alias"),
        ("bedrock:InvokeAgent", f"{HERE}:agent/AGENT", "which is of the kind agent"),
        ("bedrock:InvokeModel", f"{HERE}:foundation-model/x", "the account field of a model ARN is empty"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1:foundation-model/x", "the account field is missing"),
        (
            "bedrock:InvokeModel",
            "arn:aws:bedrock:us-east-1:foundation-model/amazon.x-v1:0",
            "the account field is missing",
        ),
        ("bedrock:ApplyGuardrail", f"{HERE}:guardrail/g:1", "a version is no part of a guardrail's resource ARN"),
        ("bedrock:CountTokens", f"{HERE}:inference-profile/us.x", "which is of the kind inference-profile"),
        ("bedrock:ListAgents", f"{HERE}:agent/a", "not granted on single resources"),
        ("bedrock:InvokeModel", "*", "takes * literally"),
        ("s3:GetObject", "arn:aws:s3:::bucket", "which is of the kind bucket"),
        ("s3:ListBucket", "arn:aws:s3:::bucket/key", "which is of the kind object"),
        ("iam:PassRole", "arn:aws:iam::123456789012:user/u", "it takes arn:${Partition}:iam::${Account}:role/"),
    ],
)
def test_an_arn_that_the_action_is_never_granted_on_is_refused(action: str, arn: str, said: str) -> None:
    """The simulator would answer implicitDeny even to an administrator."""
    assert not action_matches_kind(find_action(action), arn)
    with pytest.raises(ConfigurationError) as raised:
        require_kind(find_action(action), arn)

    assert said in str(raised.value)
    assert action in str(raised.value)


def test_an_action_whose_kinds_are_not_known_is_not_refused() -> None:
    """What the catalogue does not know it does not judge."""
    action = find_action("dynamodb:GetItem")

    assert action_matches_kind(action, "arn:aws:dynamodb:us-east-1:123456789012:table/t")
    assert resource_kind_of(action, "arn:aws:dynamodb:us-east-1:123456789012:table/t") is None


def test_an_action_without_resources_takes_the_star_alone() -> None:
    """It is only ever authorised on *."""
    assert action_matches_kind(find_action("bedrock:ListAgents"), "*")


@pytest.mark.parametrize(
    ("action", "pattern"),
    [
        ("bedrock:Retrieve", "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/*"),
        ("bedrock:CountTokens", "arn:aws:bedrock:us-east-1::foundation-model/*"),
        ("bedrock:InvokeAgent", "arn:aws:bedrock:us-east-1:123456789012:agent-alias/*/*"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/*"),
    ],
)
def test_a_kind_gives_the_pattern_of_all_its_resources(action: str, pattern: str) -> None:
    """What a policy for every resource of the kind would name; it is of that kind itself."""
    kind = find_action(action).resource_kinds[0]

    made = kind.pattern(region="us-east-1", account="123456789012")

    assert made == pattern
    assert resource_kind_of(find_action(action), made) == kind


@pytest.mark.parametrize("namespace", ["bedrock", "bedrock-agentcore", "bedrock-mantle"])
def test_every_kind_recognises_its_own_pattern_as_itself(namespace: str) -> None:
    """No two kinds of a namespace have forms that swallow each other."""
    from bedrock_guard.bedrock.kinds import kind_of_arn, kinds_of

    for kind in kinds_of(namespace):
        found = kind_of_arn(kind.pattern(region="us-east-1", account="123456789012"), kinds_of(namespace))
        assert found == kind


@pytest.mark.parametrize(
    ("kind", "arn", "ids"),
    [
        ("flow-alias", f"{HERE}:flow/FLOW/alias/ALIAS", ("FLOW", "ALIAS")),
        ("prompt-version", f"{HERE}:prompt/PROMPT1234:1", ("PROMPT1234", "1")),
        ("flow", f"{HERE}:flow/FLOW", ("FLOW",)),
        ("flow", f"{HERE}:flow/FLOW/alias/ALIAS", ()),
        ("flow", "flow/FLOW", ()),
    ],
)
def test_the_ids_in_an_arn_are_those_of_its_variables(kind: str, arn: str, ids: tuple[str, ...]) -> None:
    (found,) = [one for one in kinds_of("bedrock") if one.name == kind]
    assert found.ids(arn) == ids
