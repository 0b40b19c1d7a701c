"""From the calls of an app to the roles that it uses, each with what it is used with."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.bedrock.operations import operations
from bedrock_guard.bedrock.service_role_requests import Call, UsedRoles, roles_used
from bedrock_guard.bedrock.service_roles import KINDS, WITHOUT_KIND, RoleDetails, RoleKind, ServiceRole
from bedrock_guard.errors import ConfigurationError
from tests.bedrock.input_shapes import every_input
from tests.botocore_version import of_the_catalogue

ONE = "arn:aws:iam::123456789012:role/one"
TWO = "arn:aws:iam::123456789012:role/svc/two"
NOVA = "amazon.nova-lite-v1:0"
KB = ServiceRole("knowledge-base", ONE, RoleDetails(buckets=("docs",)))


def agent(role: str = ONE, **more: Any) -> Call:
    return "bedrock-agent:CreateAgent", {"agentName": "a", "agentResourceRoleArn": role, **more}


def source(bucket: str) -> Call:
    configuration = {"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{bucket}"}}
    return "bedrock-agent:CreateDataSource", {"name": "s", "dataSourceConfiguration": configuration}


def used(*calls: Call, named: tuple[ServiceRole, ...] = (), handed_over: bool = True) -> UsedRoles:
    return roles_used(named, calls, handed_over=handed_over)


def test_a_call_hands_over_a_role_with_what_it_is_used_with() -> None:
    assert used(agent(foundationModel=NOVA)) == UsedRoles((ServiceRole("agent", ONE, RoleDetails(models=(NOVA,))),))


def test_each_role_has_the_details_of_the_calls_that_hand_it_over_and_no_others() -> None:
    """The second agent does not call the model of the first."""
    roles = used(agent(foundationModel=NOVA), agent(TWO, customerEncryptionKeyArn="k")).roles
    assert {role.arn: role.details for role in roles} == {
        ONE: RoleDetails(models=(NOVA,)),
        TWO: RoleDetails(resource_keys=("k",)),
    }


def test_a_named_role_is_the_one_that_is_handed_over_and_keeps_what_was_said_of_it() -> None:
    named = ServiceRole("agent", ONE, RoleDetails(buckets=("schemas",)))
    (role,) = used(agent(foundationModel=NOVA), named=(named,)).roles
    assert role.details == RoleDetails(models=(NOVA,), buckets=("schemas",))


def test_a_role_that_was_named_for_another_kind_is_of_both() -> None:
    assert {role.kind for role in used(agent(), named=(KB,)).roles} == {"agent", "knowledge-base"}


@pytest.mark.parametrize(
    "call",
    [
        ("bedrock-runtime:Converse", {"modelId": NOVA}),
        ("bedrock-agent-runtime:Retrieve", {"knowledgeBaseId": "KB12345678"}),
        ("bedrock-agent:DisassociateAgentKnowledgeBase", {"knowledgeBaseId": "KB12345678"}),
    ],
)
def test_a_call_that_the_app_makes_itself_says_nothing_about_a_role(call: Call) -> None:
    """Its parameters have the names of those that do: an app that retrieves would be told that its agent must."""
    roles = (ServiceRole("agent", ONE), ServiceRole("batch-inference", TWO))
    assert used(call, named=roles) == UsedRoles(roles)


def test_a_call_about_what_is_there_already_is_about_the_only_role_of_its_kind() -> None:
    (role,) = used(source("more"), source("yet-more"), named=(KB,)).roles
    assert role.details.buckets == ("docs", "arn:aws:s3:::more", "arn:aws:s3:::yet-more")


def test_of_several_roles_of_a_kind_it_is_not_known_which_is_meant() -> None:
    """A permission that only one of them needs is not called missing of the other, and not passed over in silence."""
    roles = (KB, ServiceRole("knowledge-base", TWO))
    found = used(source("more"), named=roles)
    assert found.roles == roles
    (note,) = found.notes
    assert note.code == "BG540"
    assert "CreateDataSource" in note.text


def test_without_iam_the_roles_are_left_out_and_the_notes_say_so() -> None:
    found = used(agent(), handed_over=False)
    assert found.roles == ()
    assert [note.code for note in found.notes] == ["BG540"]
    assert used(agent(), named=(ServiceRole("agent", ONE),), handed_over=False).notes == ()


@pytest.mark.parametrize("handed_over", [True, False])
def test_an_operation_whose_role_has_no_kind_is_noted(*, handed_over: bool) -> None:
    endpoint = {"sageMaker": {"executionRole": TWO, "instanceType": "ml.g5.xlarge", "initialInstanceCount": 1}}
    found = used(("bedrock:CreateMarketplaceModelEndpoint", {"endpointConfig": endpoint}), handed_over=handed_over)
    assert found.roles == ()
    (note,) = found.notes
    assert TWO in note.text
    assert WITHOUT_KIND["bedrock:CreateMarketplaceModelEndpoint"] in note.text


@pytest.mark.parametrize("role", ["arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:user/me", "one"])
def test_what_is_no_role_is_refused(role: str) -> None:
    with pytest.raises(ConfigurationError, match="service role agent"):
        used(agent(role))


@of_the_catalogue
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_kind_reads_is_in_the_calls_that_are_read_for_it(kind: RoleKind) -> None:
    """A path that no such call has would never be read, and an operation that has none of them tells nothing."""
    keys = [one.operation for one in kind.handed_over] + list(kind.later)
    keys = [key for key in keys if key in every_input() and key in operations()]
    paths = {key: {path.removesuffix("[]") for path in every_input()[key]} for key in keys}
    for read in kind.reads:
        assert not keys or any(read.path.removesuffix("[]") in paths[key] for key in keys), read.path
    for key in kind.later:
        assert key not in paths or any(read.path.removesuffix("[]") in paths[key] for read in kind.reads), key
