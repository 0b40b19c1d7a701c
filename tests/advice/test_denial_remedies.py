"""What a denial's text alone is answered with: an Allow that is no wider than the denial, or whom to ask."""

from __future__ import annotations

import pytest

from bedrock_guard.advice.denial_remedies import remedies_of
from bedrock_guard.advice.denials import read_denials
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import Evidence, Finding, Remedy, Requirement, StatementReference
from tests.advice.denial_texts import APP, INVOKE, MODEL, SCP, explicit, implicit


def remedies(text: str) -> tuple[Remedy, ...]:
    return remedies_of(read_denials(text).denials)


def test_a_missing_allow_is_answered_with_exactly_it_for_its_owner() -> None:
    (remedy,) = remedies(implicit(INVOKE, MODEL))
    assert remedy.owner == "whoever edits the policies of role checkout"
    assert remedy.statements == ({"Effect": "Allow", "Action": [INVOKE], "Resource": [MODEL]},)


def test_several_of_one_caller_come_in_one_remedy_and_those_of_another_in_their_own() -> None:
    other = "arn:aws:iam::111122223333:user/ops"
    agent = "arn:aws:bedrock:us-west-2:111122223333:agent-alias/AGENT12345/ALIAS12345"
    text = "\n".join(
        [
            implicit(INVOKE, MODEL),
            implicit("bedrock:InvokeAgent", agent),
            implicit("bedrock:InvokeAgent", agent, caller=other),
        ]
    )
    first, second = remedies(text)
    assert [s["Action"] for s in first.statements] == [["bedrock:InvokeAgent"], [INVOKE]]
    assert second.owner == "whoever edits the policies of user ops"


def test_the_roles_of_identity_center_are_changed_through_their_permission_set() -> None:
    caller = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/dev@example.com"
    (remedy,) = remedies(implicit(INVOKE, MODEL, caller=caller))
    assert remedy.owner == "whoever administers IAM Identity Center"
    assert "permission set Developer" in remedy.text


def test_a_resource_that_is_only_named_becomes_its_arn_in_the_account_of_the_caller() -> None:
    (remedy,) = remedies(implicit("iam:GetRole", "role app"))
    assert remedy.statements[0]["Resource"] == ["arn:aws:iam::111122223333:role/app"]


def test_a_resource_that_is_left_out_becomes_the_pattern_of_its_kind_and_is_said_to_be_wide() -> None:
    (remedy,) = remedies(implicit("bedrock:Retrieve", None))
    (arn,) = remedy.statements[0]["Resource"]
    assert arn == "arn:aws:bedrock:*:111122223333:knowledge-base/*"
    assert "put the ones that the app uses in their place" in remedy.opens


def test_a_resource_that_is_left_out_is_not_guessed_where_the_action_takes_several_kinds() -> None:
    for action in ("s3:GetObject", INVOKE):
        (remedy,) = remedies(implicit(action, None))
        assert remedy.statements == ()
        assert action in remedy.text


def test_an_action_on_no_resource_is_granted_on_the_star_alone() -> None:
    (remedy,) = remedies(implicit("bedrock:ListFoundationModels", None))
    assert remedy.statements[0]["Resource"] == "*"


@pytest.mark.parametrize("resource", ["arn:aws:bedrock:us-west-2:111122223333:", "arn:aws", "the moon"])
def test_a_resource_that_no_policy_could_hold_is_pasted_into_none(resource: str) -> None:
    for remedy in remedies(implicit(INVOKE, resource)):
        assert remedy.statements == ()


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        (explicit(INVOKE, MODEL, f"a service control policy: {SCP}"), "the owner of the organization's policies"),
        (implicit(INVOKE, MODEL, "service control policy"), "the owner of the organization's policies"),
        (explicit(INVOKE, MODEL, "a resource control policy"), "the owner of the organization's policies"),
        (explicit(INVOKE, MODEL, "a permissions boundary"), "whoever owns the permissions boundary"),
        (
            implicit(INVOKE, MODEL, "session policy"),
            "whoever assumes the role and passes the session policy",
        ),
        (implicit(INVOKE, MODEL, "VPC endpoint policy"), "the owner of the VPC endpoint"),
        (explicit(INVOKE, MODEL, "a resource-based policy"), "the owner of the resource"),
        (
            implicit("sts:AssumeRole", "arn:aws:iam::111122223333:role/x", "role trust policy"),
            "the owner of the resource",
        ),
        (explicit(INVOKE, MODEL), "whoever edits the policies of role checkout"),
    ],
)
def test_where_an_allow_does_not_help_the_owner_is_named_and_nothing_is_there_to_paste(text: str, owner: str) -> None:
    found = remedies(text)
    assert found[0].owner == owner
    assert all(remedy.statements == () for remedy in found)


def test_the_policy_that_aws_names_is_named_to_its_owner() -> None:
    (remedy,) = remedies(explicit("bedrock:Retrieve", "*", f"a service control policy: {SCP}"))
    assert SCP in remedy.text


def test_a_boundary_is_told_what_to_add_and_that_an_allow_elsewhere_does_not_do() -> None:
    (remedy,) = remedies(implicit(INVOKE, MODEL, "permissions boundary"))
    assert remedy.statements == ({"Effect": "Allow", "Action": [INVOKE], "Resource": [MODEL]},)
    assert "an Allow in the role's policy alone will not help" in remedy.text


def test_a_denial_that_names_no_policy_offers_an_allow_on_condition() -> None:
    (remedy,) = remedies(f"User: {APP} is not authorized to perform: {INVOKE} on resource: {MODEL}")
    assert remedy.statements
    assert "If no policy of" in remedy.text
    assert "another layer" in remedy.text


def test_nobody_is_told_to_hold_standing_rights_to_buy() -> None:
    """The first subscription is an administrator's, even where IAM's own sentence denies the buying."""
    for action in ("aws-marketplace:Subscribe", "aws-marketplace:ViewSubscriptions"):
        (remedy,) = remedies(implicit(action, None))
        assert remedy.statements == ()
        assert "Do not leave Subscribe with the app" in remedy.text


def test_what_iam_says_now_takes_the_place_of_what_the_message_says() -> None:
    """It knows the statement that decides, and the layers behind."""
    requirement = Requirement(INVOKE, MODEL)
    finding = Finding(
        requirement,
        Decision.EXPLICIT_DENY,
        Evidence("simulator", statements=(StatementReference("limits", sid="NoModels"),)),
        code="BG201",
        layer=Layer.IDENTITY,
        why="denied by a statement of an identity policy",
    )
    denials = read_denials(implicit(INVOKE, MODEL)).denials
    (remedy,) = remedies_of(denials, [finding])
    assert remedy.statements == ()
    assert "limits (NoModels)" in remedy.text


def test_a_caller_that_the_message_does_not_name_is_said_not_to_be_named() -> None:
    _, _, nameless = implicit(INVOKE, MODEL).partition(f"{APP} ")
    found = remedies(nameless)
    assert any("does not name" in remedy.text and remedy.statements for remedy in found)
