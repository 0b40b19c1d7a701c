"""The remedy follows from the layer: a statement where an Allow helps, an owner to ask where it does not."""

from __future__ import annotations

from dataclasses import replace

from bedrock_guard.advice.guard_policy import guard_policy
from bedrock_guard.advice.remedies import allow_statements, remedies_for
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import (
    Evidence,
    Finding,
    Principal,
    PrincipalType,
    Requirement,
    StatementReference,
)

ROLE = Principal(
    "arn:aws:sts::123456789012:assumed-role/app/x",
    PrincipalType.ROLE_SESSION,
    "123456789012",
    policy_source_arn="arn:aws:iam::123456789012:role/svc/app",
)
EAST = "arn:aws:bedrock:us-east-1::foundation-model/m"
WEST = "arn:aws:bedrock:us-west-2::foundation-model/m"


def finding(
    code: str, layer: Layer | None, decision: Decision = Decision.IMPLICIT_DENY, resource: str = EAST
) -> Finding:
    region = resource.split(":")[3]
    requirement = Requirement("bedrock:InvokeModel", resource, (("aws:RequestedRegion", (region,)),))
    return Finding(requirement, decision, Evidence("simulator"), code, layer, "why")


MISSING = finding("BG101", Layer.IDENTITY)


def test_a_statement_allows_exactly_what_is_missing() -> None:
    """Actions share a statement only when they need the same resources: no pair is granted that was not asked."""
    statements = allow_statements(
        Requirement(*pair)
        for pair in (
            ("b:One", "arn:1"),
            ("b:One", "arn:2"),
            ("b:Two", "arn:1"),
            ("b:Three", "arn:2"),
            ("b:Three", "arn:1"),
            ("b:List", "*"),
        )
    )
    granted = {
        (action, resource)
        for s in statements
        for action in s["Action"]
        for resource in ([s["Resource"]] if isinstance(s["Resource"], str) else s["Resource"])
    }
    assert granted == {
        ("b:One", "arn:1"),
        ("b:One", "arn:2"),
        ("b:Two", "arn:1"),
        ("b:Three", "arn:1"),
        ("b:Three", "arn:2"),
        ("b:List", "*"),
    }
    assert len(statements) == 3


def test_the_right_to_pass_a_role_is_kept_to_the_service_that_gets_it() -> None:
    (statement,) = allow_statements(
        [Requirement("iam:PassRole", "arn:role", (("iam:PassedToService", ("bedrock.amazonaws.com",)),))]
    )
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}


def test_a_missing_allow_is_answered_by_a_statement_for_the_principal() -> None:
    (remedy,) = remedies_for(ROLE, [MISSING])
    assert remedy.statements == ({"Effect": "Allow", "Action": ["bedrock:InvokeModel"], "Resource": [EAST]},)
    assert "role app" in remedy.text
    user = replace(ROLE, type=PrincipalType.USER, policy_source_arn="arn:aws:iam::123456789012:user/ann")
    assert "user ann" in remedies_for(user, [MISSING])[0].text


def test_an_identity_center_role_is_mended_in_its_permission_set() -> None:
    (remedy,) = remedies_for(replace(ROLE, permission_set="Developers"), [MISSING])
    assert "permission set Developers" in remedy.text
    assert "Identity Center" in remedy.owner


def test_an_organizations_denial_has_an_owner_and_no_statement() -> None:
    denied = [finding("BG203", Layer.SCP, Decision.EXPLICIT_DENY, WEST)]
    (remedy,) = remedies_for(ROLE, denied)
    assert remedy.statements == ()
    assert "us-west-2" in remedy.text
    assert "will not help" in remedy.text


def test_what_an_organization_denies_and_no_policy_allows_has_both_remedies() -> None:
    denied = replace(finding("BG203", Layer.SCP), also_denied_by=(Layer.IDENTITY,))
    allow, ask = remedies_for(ROLE, [denied])
    assert allow.statements
    assert not ask.statements


def test_an_explicit_deny_is_never_answered_with_an_allow() -> None:
    denied = replace(
        finding("BG201", Layer.IDENTITY, Decision.EXPLICIT_DENY),
        evidence=Evidence("simulator", (StatementReference("Lock", line=3, column=5),)),
    )
    (remedy,) = remedies_for(ROLE, [denied])
    assert remedy.statements == ()
    assert "Lock at 3:5" in remedy.text


def test_a_boundarys_statement_is_for_the_boundary() -> None:
    allow, explicit = (
        finding("BG202", Layer.BOUNDARY),
        finding("BG202", Layer.BOUNDARY, Decision.EXPLICIT_DENY),
    )
    (remedy,) = remedies_for(ROLE, [allow])
    assert "boundary" in remedy.owner
    assert remedy.statements
    (remedy,) = remedies_for(ROLE, [explicit])
    assert remedy.statements == ()


def test_a_guard_that_may_not_ask_prints_its_own_statement_for_this_role_alone() -> None:
    """While the path is not known both forms of the ARN are named: which one IAM authorises is not documented."""
    pathless = replace(ROLE, policy_source_arn="arn:aws:iam::123456789012:role/app", path_known=False)
    unverified = replace(finding("BG401", None, Decision.UNVERIFIED), layer=None)
    (remedy,) = remedies_for(pathless, [unverified])
    (statement,) = remedy.statements
    assert statement["Resource"] == [
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:role/*/app",
    ]
    assert "iam:SimulatePrincipalPolicy" in statement["Action"]
    assert guard_policy(ROLE)["Statement"][0]["Resource"] == ROLE.policy_source_arn


def test_a_guard_that_a_deny_keeps_from_asking_is_not_told_to_add_an_allow() -> None:
    refused = "User: x is not authorized to perform: iam:SimulatePrincipalPolicy with an explicit deny in a …"
    unverified = replace(
        finding("BG401", None, Decision.UNVERIFIED), layer=None, evidence=Evidence("none", details=(refused,))
    )
    (remedy,) = remedies_for(ROLE, [unverified])
    assert remedy.statements == ()
    assert refused in remedy.text


def test_what_could_not_be_checked_is_not_called_missing() -> None:
    key = replace(
        finding("BG402", None, Decision.UNVERIFIED),
        evidence=Evidence("simulator", unknown_context_keys=("aws:SourceVpce",)),
    )
    (remedy,) = remedies_for(ROLE, [key])
    assert remedy.statements == ()
    assert "aws:SourceVpce" in remedy.text


def test_a_key_that_does_not_exist_is_not_asked_of_whoever_runs_the_check() -> None:
    """No request carries it: it is the policy that is to be mended."""
    hanging = replace(
        finding("BG402", None, Decision.UNVERIFIED),
        evidence=Evidence("offline", unknown_context_keys=("aws:SourceVpce", "bedrock:Region")),
    )
    (remedy,) = remedies_for(ROLE, [hanging])
    assert "--context aws:SourceVpce=…" in remedy.text
    assert "--context bedrock:Region" not in remedy.text
    assert "the key is aws:RequestedRegion" in remedy.text


def test_nothing_to_do_is_no_remedy() -> None:
    assert remedies_for(ROLE, [replace(MISSING, decision=Decision.ALLOWED, code=None)]) == ()
