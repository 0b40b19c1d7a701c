"""What a denial's text alone is answered with: an Allow that is no wider than the denial, or whom to ask."""

from __future__ import annotations

import pytest

from bedrock_guard.advice.denial_remedies import remedies_of
from bedrock_guard.advice.denials import read_denials, verdicts_for
from bedrock_guard.advice.denied_requests import denied_requirement
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


# -- on what --------------------------------------------------------------------------------------------------------

ONE_OF_THREE = (
    " on this resource because the resource does not exist in this Region, no resource-based policies allow access, or "
    "a resource-based policy explicitly denies access"
)


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
@pytest.mark.parametrize("behind", ["", ".", " (Service: Kms, Status Code: 400, Request ID: none)", "\nnext line"])
def test_a_key_that_kms_does_not_name_is_looked_for_and_not_replaced_by_every_key(action: str, behind: str) -> None:
    """KMS leaves open which of three causes it was: an Allow on all keys of the account ends none of them."""
    text = f"User: {APP} is not authorized to perform: {action}{ONE_OF_THREE}{behind}"
    (denial,) = read_denials(text).denials
    assert (denial.layer, denial.explicit, denial.code) == (Layer.RESOURCE, None, "BG207")
    (remedy,) = remedies_of([denial])
    assert (remedy.owner, remedy.statements) == ("the owner of the resource", ())
    for words in ("no such key in the Region", "its policy does not allow", "its policy has a Deny"):
        assert words in remedy.text


def test_a_message_cut_behind_the_resource_that_it_does_not_name_is_no_grant_either() -> None:
    text = f"User: {APP} is not authorized to perform: kms:Decrypt{ONE_OF_THREE}"
    start = text.index(" because")
    for end in range(start, len(text), 7):
        assert all(remedy.statements == () for remedy in remedies(text[:end])), text[:end]


def test_a_policy_of_a_resource_that_is_not_named_is_asked_of_no_pattern() -> None:
    for policy in ("resource-based policy", "role trust policy"):
        (denial,) = read_denials(implicit("bedrock:Retrieve", None, policy)).denials
        assert denied_requirement(denial) is None


def test_an_allow_on_condition_says_what_else_it_opens() -> None:
    """Whether or not the message names a kind of policy, and the caller."""
    unsaid = f"User: {APP} is not authorized to perform: bedrock:GetGuardrail"
    for text in (
        unsaid,
        implicit("bedrock:GetAgent", "arn:aws:bedrock:us-west-2:111122223333:agent/*", caller="AIDAX"),
    ):
        (remedy,) = remedies(text)
        (resource,) = remedy.statements[0]["Resource"]
        assert resource in remedy.opens


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        (INVOKE, "arn:aws:bedrock:us-west-2::foundation-mo"),
        (INVOKE, "arn:aws:bedrock:us-west-2::foundation-model/"),
        (INVOKE, "arn:aws:bedrock:us-west-2:111122223333:inference"),
        ("bedrock:GetGuardrail", "arn:aws:bedrock:us-west-2:111122223333:guardrail/"),
        ("bedrock:InvokeFlow", "arn:aws:bedrock:us-west-2:111122223333:flow/FLOW123456/alias/"),
        ("kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-west-2:111122223333:sec"),
        ("lambda:InvokeFunction", "arn:aws:lambda:us-west-2:111122223333:function:"),
    ],
)
def test_half_a_name_is_pasted_into_no_policy(action: str, resource: str) -> None:
    for text in (
        f"User: {APP} is not authorized to perform: {action} on resource: {resource}",
        implicit(action, resource),
    ):
        for remedy in remedies(text):
            assert remedy.statements == ()
            assert "ends before its id" in remedy.text
            assert "add it" not in remedy.text


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::corpus/reports/"),
        ("s3:ListBucket", "arn:aws:s3:::corpus"),
        ("execute-api:Invoke", "arn:aws:execute-api:us-west-2:111122223333:abc123/prod/GET/"),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/r"),
        ("bedrock-agentcore:InvokeGateway", "arn:aws:bedrock-agentcore:us-west-2:111122223333:tool/web-search.v1"),
        ("sqs:SendMessage", "arn:aws:sqs:us-west-2:111122223333:q"),
        (INVOKE, "arn:aws:bedrock:us-west-2::foundation-model/*"),
    ],
)
def test_a_name_that_is_whole_is_not_taken_for_half(action: str, resource: str) -> None:
    (remedy,) = remedies(implicit(action, resource))
    assert remedy.statements[0]["Resource"] == [resource]


# -- who ------------------------------------------------------------------------------------------------------------

ROOT = "arn:aws:iam::111122223333:root"
FEDERATED = "arn:aws:sts::111122223333:federated-user/bob"
HOST = "arn:aws:sts::111122223333:assumed-role/aws:ec2-instance/i-0123456789abcdef0"
BARE = f"User: {APP} is not authorized to perform: {INVOKE} on resource: {MODEL}"


@pytest.mark.parametrize(
    ("caller", "owner", "key"),
    [
        (ROOT, "the owner of the organization's policies", "root"),
        (ROOT.replace("111122223333", "ACCOUNT-1"), "the owner of the organization's policies", "root"),
        ("bedrock.amazonaws.com", "the owner of the resource", "service-principal"),
        ("s3.amazonaws.com.cn", "the owner of the resource", "service-principal"),
        ("anonymous", "whoever runs the app", "anonymous"),
        (HOST, "whoever runs the app", "host-identity"),
    ],
)
def test_who_has_no_identity_policies_is_offered_no_allow_and_said_to_have_none(
    caller: str, owner: str, key: str
) -> None:
    for text in (
        BARE.replace(APP, caller),
        implicit(INVOKE, MODEL, caller=caller),
        implicit(INVOKE, MODEL, "permissions boundary", caller=caller),
    ):
        (denial,) = read_denials(text).denials
        found = remedies_of([denial])
        assert all(remedy.statements == () for remedy in found)
        assert not any("does not name" in remedy.text or ": add it" in remedy.text for remedy in found)
        assert verdicts_for(denial)[-1].key == key
        if denial.layer is not Layer.BOUNDARY:
            assert {remedy.owner for remedy in found} == {owner}


def test_an_organizations_policy_is_its_owners_whoever_was_denied() -> None:
    (remedy,) = remedies(explicit(INVOKE, MODEL, "a service control policy", caller=ROOT))
    assert remedy.owner == "the owner of the organization's policies"
    assert "An Allow in the account will not help" in remedy.text


def test_a_federated_user_is_no_role_and_the_policies_of_the_user_behind_it_count() -> None:
    (added,) = remedies(implicit(INVOKE, MODEL, caller=FEDERATED))
    assert added.owner == "whoever edits the policies of the IAM user who made the session bob"
    assert "have the session policy allow it too" in added.text
    (perhaps,) = remedies(BARE.replace(APP, FEDERATED))
    assert "no policy of the IAM user who made the session" in perhaps.text
    assert added.statements == perhaps.statements
    (capped,) = remedies(implicit(INVOKE, MODEL, "permissions boundary", caller=FEDERATED))
    session = remedies(implicit(INVOKE, MODEL, "session policy", caller=FEDERATED))
    assert session[0].owner == "whoever makes the federated session and passes its policy"
    assert "GetFederationToken" in session[0].text
    for remedy in (added, perhaps, capped, *session):
        assert "role" not in f"{remedy.owner} {remedy.text}"


def test_a_caller_that_is_named_but_cannot_be_read_is_called_as_the_message_does() -> None:
    masked = "arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"
    (remedy,) = remedies(implicit(INVOKE, MODEL, caller=masked))
    assert remedy.statements
    assert remedy.text == f"Add to a policy of {masked}:"


@pytest.mark.parametrize(
    "text",
    [
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "WebIdentityErr: x\ncaused by: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\n\t403",
        "Not authorized to perform sts:AssumeRoleWithSAML",
    ],
)
def test_a_call_without_signature_is_denied_by_the_roles_trust_alone(text: str) -> None:
    """A token stands in for credentials, so there is no principal whose policies could be edited."""
    denial = next(denial for denial in read_denials(text).denials if denial.action)
    assert (denial.code, denial.layer) == ("BG208", Layer.TRUST)
    (remedy,) = remedies_of([denial])
    assert (remedy.owner, remedy.statements) == ("whoever owns the role", ())
    assert "no identity policy has a say" in remedy.text


# -- where ----------------------------------------------------------------------------------------------------------

PROFILE = "arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.amazon.nova-lite-v1:0"


@pytest.mark.parametrize("resource", [MODEL, MODEL.replace("us-west-2", ""), PROFILE])
@pytest.mark.parametrize(
    "policy", ["a session policy", "a VPC endpoint policy", "a permissions boundary", "a resource-based policy", None]
)
def test_no_grant_is_named_as_the_end_of_a_deny_and_its_owner_is_the_layers(resource: str, policy: str | None) -> None:
    (denial,) = read_denials(explicit(INVOKE, resource, policy)).denials
    layer, place = verdicts_for(denial)
    assert "granted" not in place.text
    assert place.ask is layer.ask


def test_what_a_layer_does_not_allow_is_to_be_allowed_in_every_region_by_its_owner() -> None:
    (denial,) = read_denials(implicit(INVOKE, MODEL, "session policy")).denials
    layer, place = verdicts_for(denial)
    assert "granted in every destination Region" in place.text
    assert place.ask is layer.ask


LINKED = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForBedrock/x"
ABROAD = "arn:aws:bedrock:us-west-2:999988887777:knowledge-base/KB12345678"
QUARANTINE = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (implicit(INVOKE, MODEL, caller=LINKED), "nobody in the account can add to them"),
        (implicit("iam:PassRole", "arn:aws:iam::999988887777:role/x"), "own account alone"),
        (explicit(INVOKE, MODEL, f"an identity-based policy: {QUARANTINE}"), "replace the key"),
    ],
)
def test_what_no_policy_of_the_account_can_grant_is_answered_with_no_statement(text: str, words: str) -> None:
    found = remedies(text)
    assert all(remedy.statements == () for remedy in found)
    assert any(words in remedy.text for remedy in found)
    assert not any("Narrow that Deny" in remedy.text for remedy in found)


def test_of_a_resource_in_another_account_the_callers_allow_is_called_half() -> None:
    own, other = remedies(implicit("bedrock:Retrieve", ABROAD))
    assert own.statements
    assert other.owner == "the owner of the resource"
    assert "999988887777" in other.text


def test_a_role_that_may_not_be_assumed_is_sent_to_its_trust_policy_too() -> None:
    text = f"User: {APP} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/other"
    (remedy,) = remedies(text)
    assert "trust policy" in remedy.text
