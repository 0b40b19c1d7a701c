"""What an app declares becomes each action on each resource once, and a wrong name is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.bedrock.models import authorised_resources, parse_model
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Requirement
from bedrock_guard.requirements import Declaration, Where

HERE = Where("aws", "us-east-1", "123456789012")
SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
DESTINATIONS = {f"us.{SONNET}": ("us-east-1", "us-east-2", "us-west-2")}


def required(where: Where = HERE, **declared: list[str] | list[tuple[str, str]]) -> tuple[Requirement, ...]:
    return Declaration.of(**declared).requirements(where, DESTINATIONS)  # type: ignore[arg-type]


def pairs(requirements: tuple[Requirement, ...]) -> set[tuple[str, str]]:
    return {(r.action, r.resource) for r in requirements}


def test_a_stream_through_a_profile_needs_the_profile_and_the_model_in_every_region_it_routes_to() -> None:
    found = required(models=[f"us.{SONNET}"], operations=["converse_stream"])
    profile = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{SONNET}"
    stream = "bedrock:InvokeModelWithResponseStream"
    assert pairs(found) == {(stream, profile)} | {
        (stream, f"arn:aws:bedrock:{region}::foundation-model/{SONNET}") for region in DESTINATIONS[f"us.{SONNET}"]
    }
    by_resource = {r.resource: dict(r.context) for r in found}
    west = by_resource[f"arn:aws:bedrock:us-west-2::foundation-model/{SONNET}"]
    assert west["aws:RequestedRegion"] == ("us-west-2",), "each is authorised with its own Region"
    assert west["bedrock:InferenceProfileArn"] == (profile,)
    assert "bedrock:InferenceProfileArn" not in by_resource[profile]


def test_a_global_profile_is_also_authorised_without_a_region() -> None:
    found = required(models=[f"global.{SONNET}"], operations=["converse"])
    contexts = {r.resource: dict(r.context)["aws:RequestedRegion"] for r in found}
    assert contexts == {
        f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.{SONNET}": ("us-east-1",),
        f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}": ("us-east-1",),
        f"arn:aws:bedrock:::foundation-model/{SONNET}": ("unspecified",),
    }


def test_converse_and_invoke_model_need_the_same_once_with_both_reasons() -> None:
    found = required(models=["amazon.nova-lite-v1:0"], operations=["bedrock-runtime:Converse", "invoke_model"])
    (requirement,) = found
    assert requirement.action == "bedrock:InvokeModel"
    assert [reason.split(" ")[0] for reason in requirement.reasons] == ["Converse", "InvokeModel"]


def test_models_alone_are_taken_to_be_invoked() -> None:
    assert {r.action for r in required(models=["amazon.nova-lite-v1:0"])} == {"bedrock:InvokeModel"}
    both = required(models=["amazon.nova-lite-v1:0"], operations=["list_foundation_models"])
    assert {r.action for r in both} == {"bedrock:InvokeModel", "bedrock:ListFoundationModels"}


def test_counting_tokens_is_asked_about_the_model_in_the_apps_own_region() -> None:
    """CountTokens takes no profile ARN, and nothing routes it."""
    found = required(models=[f"us.{SONNET}"], operations=["count_tokens"])
    assert pairs(found) == {("bedrock:CountTokens", f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}")}


def test_an_asynchronous_call_is_authorised_on_the_model_and_on_the_invocation() -> None:
    found = required(models=["amazon.nova-reel-v1:0"], operations=["start_async_invoke"])
    assert pairs(found) == {
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-reel-v1:0"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1:123456789012:async-invoke/*"),
    }


def test_an_action_without_resource_types_is_needed_on_nothing_but_a_star() -> None:
    (requirement,) = required(operations=["list_foundation_models"])
    assert (requirement.resource, requirement.is_pattern) == ("*", False)


def test_an_unnamed_resource_stands_for_its_kind_in_this_account_and_region() -> None:
    (requirement,) = required(Where("aws-us-gov", "us-gov-west-1", "123456789012"), operations=["retrieve"])
    assert requirement.resource == "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:knowledge-base/*"
    assert requirement.is_pattern


@pytest.mark.parametrize(
    ("operation", "resource"),
    [
        ("bedrock:UpdateGuardrail", "guardrail/*"),
        ("bedrock-runtime:ApplyGuardrail", "guardrail/*"),
        ("bedrock-agent-runtime:InvokeAgent", "agent-alias/*/*"),
        ("bedrock-agent-runtime:GetFlowExecution", "flow/*/alias/*/execution/*"),
    ],
)
def test_an_action_of_several_kinds_is_asked_about_what_its_name_is_about(operation: str, resource: str) -> None:
    (requirement,) = required(operations=[operation])
    assert requirement.resource == f"arn:aws:bedrock:us-east-1:123456789012:{resource}"


@pytest.mark.parametrize("operation", ["bedrock:CreateGuardrail", "bedrock:TagResource"])
def test_an_action_whose_name_says_no_kind_is_asked_about_all_resources(operation: str) -> None:
    assert [r.resource for r in required(operations=[operation])] == ["*"]


def test_an_operation_that_takes_a_role_needs_the_right_to_pass_one() -> None:
    found = required(operations=["bedrock-agent:CreateKnowledgeBase"])
    passing = next(r for r in found if r.action == "iam:PassRole")
    assert passing.resource == "arn:aws:iam::123456789012:role/*"
    assert dict(passing.context)["iam:PassedToService"] == ("bedrock.amazonaws.com",)
    assert not passing.advisory


@pytest.mark.parametrize("operation", ["bedrock:GetInferenceProfile", "bedrock-runtime:CountTokens"])
def test_a_declared_need_never_vanishes_because_no_model_meets_it(operation: str) -> None:
    models = ["arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc"]
    if operation == "bedrock:GetInferenceProfile":
        models = ["amazon.nova-lite-v1:0"]
    (requirement,) = required(models=models, operations=[operation])
    assert requirement.is_pattern


def test_a_named_resource_is_asked_about_in_the_region_that_is_called() -> None:
    """aws:RequestedRegion is the Region of the endpoint, whatever the ARN says; that they differ is said."""
    arn = "arn:aws:bedrock:eu-west-1:123456789012:knowledge-base/KB12345678"
    declared = Declaration.of(actions=[("bedrock:Retrieve", arn)])
    (requirement,) = declared.requirements(HERE, {})
    assert (requirement.resource, dict(requirement.context)["aws:RequestedRegion"]) == (arn, ("us-east-1",))
    (note,) = declared.notes(HERE)
    assert arn in note.text
    assert "region='eu-west-1'" in note.text
    assert declared.notes(Where("aws", "eu-west-1", "123456789012")) == ()


@pytest.mark.parametrize(("region", "requested"), [("us-west-2", "us-west-2"), ("", "unspecified")])
def test_a_model_that_is_named_in_another_region_is_where_a_profile_routes_to(region: str, requested: str) -> None:
    arn = f"arn:aws:bedrock:{region}::foundation-model/{SONNET}"
    declared = Declaration.of(actions=[("bedrock:InvokeModel", arn)])
    (requirement,) = declared.requirements(HERE, {})
    assert dict(requirement.context)["aws:RequestedRegion"] == (requested,)
    assert declared.notes(HERE) == ()


def test_a_call_that_names_a_resource_of_another_region_is_made_in_its_own() -> None:
    source = "arn:aws:bedrock:us-west-2:123456789012:custom-model/amazon.nova-lite-v1:0:300k/abcdefabcdef"
    parameters = {"sourceModelArn": source, "targetModelName": "copy"}
    declared = Declaration.of(requests=[("create_model_copy_job", parameters)])
    found = {r.resource: dict(r.context).get("aws:RequestedRegion") for r in declared.requirements(HERE, {})}
    assert found[source] == ("us-east-1",)
    assert declared.notes(HERE) == ()


def test_an_action_is_spelt_as_aws_spells_it_whatever_the_app_wrote() -> None:
    """The simulator echoes the spelling it was given; reports and policies have one."""
    assert required(actions=["BEDROCK:listfoundationmodels"])[0].action == "bedrock:ListFoundationModels"


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"actions": ["bedrock:Converse"]}, "bedrock:InvokeModel"),
        ({"actions": ["bedrock-runtime:InvokeModel"]}, "bedrock:InvokeModel"),
        ({"actions": ["bedrock:InvokeModell"]}, "bedrock:InvokeModel"),
        ({"actions": ["s3:GetObjct"]}, "s3:GetObject"),
        ({"actions": ["bedrock:Invoke*"]}, "wildcard"),
        ({"operations": ["convers"]}, "bedrock-runtime:Converse"),
        ({"operations": ["bedrock:Converse"]}, "bedrock-runtime:Converse"),
        ({"capabilities": ["knowledge-base.query"]}, "knowledge-bases.query"),
        ({"models": ["bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0"]}, "us.anthropic"),
        ({"actions": [("bedrock:ListFoundationModels", "arn:aws:bedrock:us-east-1::foundation-model/x")]}, "name it"),
        ({"actions": [("bedrock:Retrieve", "arn:aws:bedrock:us-east-1:123456789012:agent/A")]}, "knowledge-base"),
        ({"actions": [("bedrock:Retrieve", "*")]}, "name the ARN"),
        ({"operations": "converse"}, "expected a list"),
        ({"actions": [("a:B",)]}, "pair"),
        ({"models": [""]}, "models"),
        ({}, "nothing to check"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_would_be_right(declared: dict[str, list[str]], said: str) -> None:
    """IAM refuses none of these: it denies an invented action to a careful role and allows it to an administrator."""
    with pytest.raises(ConfigurationError) as caught:
        Declaration.of(**declared)  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Declaration.of(actions=["bedrock:Converse"], operations=["convers"], capabilities=["agnets.invoke"])
    for name in ("bedrock:Converse", "convers", "agnets.invoke"):
        assert name in str(caught.value)
    assert caught.value.suggestions


def test_models_behind_an_id_that_says_nothing_are_named_as_not_known() -> None:
    """Without its destinations a profile's answer is not the whole answer, and must not pass for it."""
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"
    declaration = Declaration.of(models=[arn], operations=["converse"])
    (unknown,) = declaration.unresolved(HERE, {arn: None})
    assert (unknown.action, unknown.is_pattern) == ("bedrock:InvokeModel", True)
    assert declaration.unresolved(HERE, {arn: ("arn:aws:bedrock:us-east-1::foundation-model/x",)}) == ()


def test_a_partition_that_is_not_the_callers_is_refused() -> None:
    declaration = Declaration.of(models=["arn:aws:bedrock:us-gov-west-1::foundation-model/amazon.nova-lite-v1:0"])
    with pytest.raises(ConfigurationError, match="partition"):
        declaration.requirements(Where("aws-us-gov", "us-gov-west-1", "123456789012"), {})


def test_a_model_of_another_region_is_refused() -> None:
    declaration = Declaration.of(models=["arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"])
    with pytest.raises(ConfigurationError, match="eu-west-1"):
        declaration.requirements(HERE, {})


# -- whole calls -------------------------------------------------------------------------------------------------------


HAIKU = "anthropic.claude-3-5-haiku-20241022-v1:0"
OWN = "arn:aws:bedrock:us-east-1:123456789012:"
KINDS = {
    "foundation-model": HAIKU,
    "inference-profile": f"us.{SONNET}",
    "global profile": f"global.{SONNET}",
    "application-inference-profile": f"{OWN}application-inference-profile/abcd1234efgh",
    "provisioned-model": f"{OWN}provisioned-model/abcd1234efgh",
    "custom-model-deployment": f"{OWN}custom-model-deployment/abcd1234efgh",
    "imported-model": f"{OWN}imported-model/abcd1234efgh",
    "prompt-router": f"{OWN}prompt-router/abcd1234efgh",
    "default-prompt-router": f"{OWN}default-prompt-router/anthropic.claude:1",
    "prompt": f"{OWN}prompt/PROMPT1234:1",
    "marketplace endpoint": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/mine",
}
CALLS = ("converse", "converse_stream", "invoke_model", "invoke_model_with_response_stream", "start_async_invoke")


def of_call(operation: str, model: str) -> tuple[Requirement, ...]:
    return Declaration.of(requests=[(operation, {"modelId": model})]).requirements(HERE, DESTINATIONS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", [*CALLS, "count_tokens"])
def test_no_kind_of_model_makes_a_call_that_needs_nothing(kind: str, operation: str) -> None:
    """Nothing to ask would be taken for all allowed."""
    assert [one for one in of_call(operation, KINDS[kind]) if not one.advisory]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", CALLS)
def test_a_call_is_asked_on_everything_that_its_model_is_authorised_on(kind: str, operation: str) -> None:
    model = KINDS[kind]
    resources = authorised_resources(
        parse_model(model), partition="aws", region="us-east-1", account="123456789012",
        destinations=DESTINATIONS.get(model),
    )  # fmt: skip
    assert {resource.arn for resource in resources} <= {one.resource for one in of_call(operation, model)}


def test_tokens_of_a_profile_are_counted_on_its_model_in_the_apps_own_region() -> None:
    assert pairs(of_call("count_tokens", f"us.{SONNET}")) == {
        ("bedrock:CountTokens", f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}")
    }
    unknown = of_call("count_tokens", KINDS["provisioned-model"])
    assert pairs(unknown) == {("bedrock:CountTokens", "arn:aws:bedrock:us-east-1::foundation-model/*")}


def test_everything_that_is_wrong_with_requests_is_said_at_once() -> None:
    """Names, types and values, of every request; what can be read of a faulty request is read all the same."""
    wrong = {"modelId": "", "guardrailConfig": {"guardrailId": "g"}, "messages": {}}
    role = {"agentResourceRoleArn": "app", "foundationModel": None}
    with pytest.raises(ConfigurationError) as raised:
        Declaration.of(requests=[("converse", wrong), ("create_agent", role), ("convers", {})])
    said = str(raised.value)
    assert raised.value.code == "BG504"
    for part in (
        "modelId is empty",
        "'guardrailId'",
        "messages is of",
        "foundationModel is None",
        "'app'",
        "'convers'",
    ):
        assert part in said
    assert "guardrailIdentifier" in raised.value.suggestions


@pytest.mark.parametrize(
    "declared",
    [{"models": [f"{SONNET} "]}, {"requests": [("converse", {"modelId": f" {SONNET}"})]}],
    ids=["models", "requests"],
)
def test_white_space_around_a_model_is_what_the_app_would_send_and_refused(declared: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="white space around it") as raised:
        Declaration.of(**declared)
    assert raised.value.suggestions == (SONNET,)


def test_a_thousand_faults_of_one_request_are_told_as_a_few_and_a_number() -> None:
    content = [{"txt": "x"}] * 1000
    with pytest.raises(ConfigurationError, match="and 980 more such faults"):
        Declaration.of(requests=[("converse", {"messages": [{"role": "user", "content": content}]})])


def test_a_parameter_that_only_the_installed_botocore_knows_is_noted() -> None:
    """The app can send it; what it needs is for a newer catalogue to say."""
    parameters = {"modelId": "amazon.nova-lite-v1:0", "hologram": {"a": 1}}
    declared = Declaration.of(requests=[("converse", parameters)], is_newer=lambda _, path: path == "hologram")
    (note,) = declared.notes(HERE)
    assert "hologram needs is not known" in note.text
    assert [r.action for r in declared.requirements(HERE, {})] == ["bedrock:InvokeModel"]
    with pytest.raises(ConfigurationError, match="hologram"):
        Declaration.of(requests=[("converse", parameters)])
