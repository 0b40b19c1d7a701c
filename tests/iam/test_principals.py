"""Whom a Principal or NotPrincipal element means, and how far an Allow that names them carries."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.policy import PolicyKind
from tests.iam.build import (
    ACCOUNT,
    ALLOW_ALL,
    ALLOW_NOTHING,
    DENY_ALL,
    OBJECT,
    ROLE,
    ROOT,
    SESSION,
    USER,
    decide,
    policy,
    resource_policy,
    statement,
    trust_policy,
)

OTHER = "999999999999"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/ann"
SERVICE = "bedrock.amazonaws.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"

# caller, principal element, whether it means the caller at all
MEANINGS: list[tuple[str, Any, bool]] = [
    (USER, "*", True),
    (USER, {"AWS": "*"}, True),
    (USER, {"AWS": USER}, True),
    (USER, {"AWS": USER.upper()}, False),
    (USER, {"AWS": ACCOUNT}, True),
    (USER, {"AWS": ROOT}, True),
    (USER, {"AWS": [OTHER, ROLE]}, False),
    (USER, {"Service": SERVICE}, False),
    (USER, {"Federated": USER}, False),
    (USER, {"CanonicalUser": "*"}, False),
    (ROLE, {"AWS": ROLE}, True),
    (ROLE, {"AWS": SESSION}, False),
    (SESSION, {"AWS": SESSION}, True),
    (SESSION, {"AWS": ROLE}, True),
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"}, True),
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other/path/app"}, True),
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app2"}, False),
    (SESSION, {"AWS": f"arn:aws:iam::{OTHER}:role/app"}, False),
    (SESSION, {"AWS": f"arn:aws-cn:iam::{ACCOUNT}:role/app"}, False),
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/app"}, False),
    (SESSION, {"AWS": SESSION + "2"}, False),
    (FEDERATED, {"AWS": FEDERATED}, True),
    (FEDERATED, {"AWS": USER}, False),
    (ROOT, {"AWS": ROOT}, True),
    (ROOT, {"AWS": ACCOUNT}, True),
    (ROOT, {"AWS": USER}, False),
    (SERVICE, {"Service": SERVICE}, True),
    (SERVICE, {"Service": ["lambda.amazonaws.com", SERVICE]}, True),
    (SERVICE, {"Service": "lambda.amazonaws.com"}, False),
    (SERVICE, {"AWS": SERVICE}, False),
    (SERVICE, "*", True),
    (PROVIDER, {"Federated": PROVIDER}, True),
    (PROVIDER, {"AWS": PROVIDER}, False),
    ("*", "*", True),
    ("*", {"AWS": "*"}, True),
    ("*", {"AWS": ACCOUNT}, False),
]


@pytest.mark.parametrize(("caller", "principal", "meant"), MEANINGS)
def test_principal_means_the_caller(caller: str, principal: Any, meant: bool) -> None:
    """Seen by a Deny beside an Allow for everybody."""
    own = resource_policy(statement("Deny", Principal=principal), statement(Principal="*"))
    found = decide(ALLOW_ALL, principal=caller, action="s3:GetObject", resource=OBJECT, own=own)
    if caller == FEDERATED and not meant:
        # A federated user without session policies has no rights but those given to it by name.
        assert (found.decision, found.layer) == (Decision.IMPLICIT_DENY, Layer.SESSION)
    else:
        assert found.decision is (Decision.EXPLICIT_DENY if meant else Decision.ALLOWED)


# caller, principal element of an Allow, then the decision: without identity policy; with a boundary that does not
# allow it; with a session policy that does not
REACHES: list[tuple[str, Any, bool, bool, bool]] = [
    (USER, {"AWS": USER}, True, True, True),
    (USER, {"AWS": "*"}, True, False, False),
    (USER, "*", True, False, False),
    (USER, {"AWS": ROOT}, False, False, False),
    (USER, {"AWS": ACCOUNT}, False, False, False),
    (USER, {"AWS": ROLE}, False, False, False),
    (ROLE, {"AWS": ROLE}, True, False, False),
    (ROLE, {"AWS": ROOT}, False, False, False),
    (SESSION, {"AWS": ROLE}, True, False, False),
    (SESSION, {"AWS": SESSION}, True, True, True),
    (SESSION, {"AWS": [ROLE, SESSION]}, True, True, True),
    (SESSION, "*", True, False, False),
    (SESSION, {"AWS": ACCOUNT}, False, False, False),
]


@pytest.mark.parametrize(("caller", "principal", "alone", "past_boundary", "past_session"), REACHES)
def test_how_far_an_allow_within_the_account_carries(
    caller: str, principal: Any, alone: bool, past_boundary: bool, past_session: bool
) -> None:
    """By user or session ARN past the implicit denies of boundary and session policy, by account not by itself.

    Source: reference_policies_evaluation-logic_policy-eval-denyallow.html; that naming the account gives nothing by
    itself was measured in repost.aws/questions/QUYteYH4PUQoGXxqVdsZyDCA.
    """
    own = resource_policy(statement(Principal=principal))

    def allowed(**layers: Any) -> bool:
        found = decide(principal=caller, action="s3:GetObject", resource=OBJECT, own=own, **layers)
        return found.decision is Decision.ALLOWED

    assert allowed() is alone
    assert allowed(boundary=ALLOW_NOTHING) is past_boundary
    assert allowed(session=[ALLOW_NOTHING]) is past_session
    assert not allowed(boundary=DENY_ALL)
    assert not allowed(session=[DENY_ALL])
    assert not allowed(scps=[[ALLOW_NOTHING]])
    assert decide(ALLOW_ALL, principal=caller, own=own, resource=OBJECT).decision is Decision.ALLOWED


@pytest.mark.parametrize("principal", [{"AWS": ROOT}, {"AWS": ACCOUNT}, {"AWS": ROLE}, {"AWS": SESSION}, "*"])
def test_across_accounts_both_sides_have_to_allow(principal: Any) -> None:
    """Whomever the resource policy names, the caller's own account has to allow too, its boundary included."""
    own = resource_policy(statement(Principal=principal))

    def ask(*identity: Any, own: Any = own, **layers: Any) -> tuple[Decision, Layer | None]:
        found = decide(
            *identity,
            principal=SESSION,
            action="s3:GetObject",
            resource=OBJECT,
            resource_account=OTHER,
            own=own,
            **layers,
        )
        return found.decision, found.layer

    assert ask(ALLOW_ALL) == (Decision.ALLOWED, None)
    assert ask() == (Decision.IMPLICIT_DENY, Layer.IDENTITY)
    assert ask(ALLOW_ALL, boundary=ALLOW_NOTHING) == (Decision.IMPLICIT_DENY, Layer.BOUNDARY)
    assert ask(ALLOW_ALL, session=[ALLOW_NOTHING]) == (Decision.IMPLICIT_DENY, Layer.SESSION)
    nobody = resource_policy(statement(Principal={"AWS": OTHER}))
    assert ask(ALLOW_ALL, own=nobody) == (Decision.IMPLICIT_DENY, Layer.RESOURCE)


def test_the_account_in_the_arn_says_whose_resource_it_is() -> None:
    """``resource_account`` is for ARNs that do not say it."""
    arn = f"arn:aws:bedrock:us-east-1:{OTHER}:knowledge-base/KB12345678"
    nobody = resource_policy(statement(Principal={"AWS": OTHER}))
    assert decide(ALLOW_ALL, resource=arn, own=nobody).layer is Layer.RESOURCE
    assert decide(ALLOW_ALL, resource=arn.replace(OTHER, ACCOUNT), own=nobody).decision is Decision.ALLOWED
    assert decide(ALLOW_ALL, resource=arn).decision is Decision.ALLOWED


ROLE_OF_MANY = f"arn:aws:iam::{ACCOUNT}:role/app"
SPARED: list[tuple[str, list[str], bool]] = [
    (USER, [USER, ROOT], True),
    (USER, [USER, ACCOUNT], True),
    (USER, [USER], False),
    (USER, [ROOT], False),
    (USER, ["*"], True),
    (SESSION, [SESSION, ROLE_OF_MANY, ROOT], True),
    (SESSION, [SESSION, ROOT], False),
    (SESSION, [ROLE_OF_MANY, ROOT], False),
    (SESSION, [SESSION, ROLE_OF_MANY], False),
    (ROLE, [ROLE, SESSION, ROOT], True),
    (ROLE, [ROLE, ROOT], False),
    (ROOT, [ROOT], True),
    (ROOT, [USER], False),
]


@pytest.mark.parametrize(("caller", "listed", "spared"), SPARED)
def test_a_deny_spares_only_callers_listed_with_account_and_role(caller: str, listed: list[str], spared: bool) -> None:
    """A request is made by account, role and session at once: reference_policies_elements_notprincipal.html."""
    own = resource_policy(statement("Deny", NotPrincipal={"AWS": listed}))
    found = decide(ALLOW_ALL, principal=caller, action="s3:GetObject", resource=OBJECT, own=own)
    assert found.decision is (Decision.ALLOWED if spared else Decision.EXPLICIT_DENY)


def test_an_allow_for_all_but_some_leaves_out_everybody_who_is_any_of_them() -> None:
    """AWS advises against NotPrincipal with Allow; it gives as little as it can be read to give."""
    for listed, allowed in ((USER, False), (ROOT, False), (ROLE, True)):
        own = resource_policy(statement(NotPrincipal={"AWS": listed}))
        found = decide(principal=USER, action="s3:GetObject", resource=OBJECT, own=own)
        assert (found.decision is Decision.ALLOWED) is allowed


def test_services_are_spared_by_name() -> None:
    """A service is one principal only."""
    for listed, decision in ((SERVICE, Decision.ALLOWED), ("lambda.amazonaws.com", Decision.EXPLICIT_DENY)):
        own = resource_policy(statement("Deny", NotPrincipal={"Service": listed}), statement(Principal="*"))
        assert decide(principal=SERVICE, resource=OBJECT, own=own).decision is decision


@pytest.mark.parametrize(
    ("caller", "principal", "identity", "decision", "layer"),
    [
        (SERVICE, {"Service": SERVICE}, False, Decision.ALLOWED, None),
        (SERVICE, {"Service": "lambda.amazonaws.com"}, True, Decision.IMPLICIT_DENY, Layer.TRUST),
        (PROVIDER, {"Federated": PROVIDER}, False, Decision.ALLOWED, None),
        (USER, {"AWS": USER}, False, Decision.ALLOWED, None),
        (USER, {"AWS": ROOT}, True, Decision.ALLOWED, None),
        (USER, {"AWS": ROOT}, False, Decision.IMPLICIT_DENY, Layer.IDENTITY),
        (USER, {"AWS": ROLE}, True, Decision.IMPLICIT_DENY, Layer.TRUST),
    ],
)
def test_a_role_is_assumed_by_leave_of_its_trust_policy(
    caller: str, principal: Any, identity: bool, decision: Decision, layer: Layer | None
) -> None:
    """Unlike other resource policies a trust policy has to allow, even within the account."""
    found = decide(
        *([ALLOW_ALL] if identity else []),
        principal=caller,
        action="sts:AssumeRole",
        resource=f"arn:aws:iam::{ACCOUNT}:role/target",
        own=trust_policy(principal),
    )
    assert (found.decision, found.layer) == (decision, layer)
    assert Layer.TRUST in found.layers
    assert Layer.RESOURCE not in found.layers


def test_conditions_of_a_trust_policy_count() -> None:
    """Such as aws:SourceAccount of a service role."""
    own = trust_policy({"Service": SERVICE}, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})
    target = f"arn:aws:iam::{ACCOUNT}:role/target"
    ask: dict[str, Any] = {"principal": SERVICE, "action": "sts:AssumeRole", "resource": target, "own": own}
    assert decide(**ask, context={"aws:SourceAccount": ACCOUNT}).decision is Decision.ALLOWED
    assert decide(**ask, context={"aws:SourceAccount": OTHER}).decision is Decision.IMPLICIT_DENY


def test_the_policy_of_a_key_has_to_allow() -> None:
    """A KMS key's policy is the other that an identity policy does not make up for."""
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
    closed = resource_policy(statement(Principal={"AWS": USER}))
    found = decide(ALLOW_ALL, action="kms:Decrypt", resource=key, own=closed)
    assert (found.decision, found.layer) == (Decision.IMPLICIT_DENY, Layer.RESOURCE)
    opened = resource_policy(statement(Principal={"AWS": ROOT}))
    assert decide(ALLOW_ALL, action="kms:Decrypt", resource=key, own=opened).decision is Decision.ALLOWED
    assert decide(action="kms:Decrypt", resource=key, own=opened).layer is Layer.IDENTITY


def test_root_needs_no_policy_but_is_denied_as_others_are() -> None:
    """Source: reference_policies_evaluation-logic_policy-eval-denyallow.html."""
    assert decide(principal=ROOT).decision is Decision.ALLOWED
    assert decide(principal=ROOT, boundary=ALLOW_NOTHING).decision is Decision.ALLOWED
    assert decide(principal=ROOT, scps=[[ALLOW_NOTHING]]).layer is Layer.SCP
    own = resource_policy(statement("Deny", Principal="*"))
    assert decide(principal=ROOT, action="s3:GetObject", resource=OBJECT, own=own).decision is Decision.EXPLICIT_DENY


def test_organization_policies_leave_service_linked_roles_alone() -> None:
    """Source: organizations/latest/userguide/orgs_manage_policies_scps.html and …_rcps.html."""
    linked = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/bedrock.amazonaws.com/AWSServiceRoleForBedrock"
    deny = policy(statement("Deny", Principal="*"), kind=PolicyKind.RCP)
    assert decide(ALLOW_ALL, principal=linked, scps=[[DENY_ALL]], rcps=[[deny]]).decision is Decision.ALLOWED
    assert decide(ALLOW_ALL, principal=ROLE, scps=[[DENY_ALL]], rcps=[[deny]]).decision is Decision.EXPLICIT_DENY


def test_a_federated_user_has_what_session_policies_and_its_own_name_give() -> None:
    """Source: IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html."""
    ask: dict[str, Any] = {"principal": FEDERATED, "action": "s3:GetObject", "resource": OBJECT}
    assert decide(ALLOW_ALL, **ask).layer is Layer.SESSION
    assert decide(ALLOW_ALL, **ask, session=[ALLOW_ALL]).decision is Decision.ALLOWED
    named = resource_policy(statement(Principal={"AWS": FEDERATED}))
    assert decide(**ask, own=named).decision is Decision.ALLOWED
