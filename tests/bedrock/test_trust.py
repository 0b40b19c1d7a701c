"""Whether a trust policy lets in whom a kind of role has to let in.

For each kind the right policy does, and every way to spoil it is found: by the decision where it matters, and by a note
with the code of the fault.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_guard.bedrock.service_roles import RoleDetails
from bedrock_guard.bedrock.trust import decide_trust
from bedrock_guard.bedrock.trust_lints import lint_trust
from bedrock_guard.iam.decision import Decision, Layer
from tests.bedrock.trusts import (
    ACCOUNT,
    EVERY_KIND,
    HOST,
    OF_ONE_RESOURCE_KIND,
    PROVIDER,
    REGION,
    SERVICES,
    SOURCES,
    SUBJECT,
    asked,
    conditions,
    spoilt,
    statement,
    trust,
)

ALLOWED, IMPLICIT, EXPLICIT, UNVERIFIED = (
    Decision.ALLOWED,
    Decision.IMPLICIT_DENY,
    Decision.EXPLICIT_DENY,
    Decision.UNVERIFIED,
)
WITH_SOURCE = list(SOURCES)
OF_SERVICES = list(SERVICES)
OTHER = "210987654321"


def decided(kind: str, *statements: dict[str, Any], details: RoleDetails | None = None) -> set[Decision]:
    return {decide_trust(trust(*statements), one).decision for one in asked(kind, details)}


def codes(kind: str, *statements: dict[str, Any]) -> set[str]:
    return {note.code for note in lint_trust(trust(*statements), kind, partition="aws", region=REGION, account=ACCOUNT)}


def found(kind: str, *statements: dict[str, Any]) -> tuple[set[Decision], set[str]]:
    return decided(kind, *statements), codes(kind, *statements)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_policy_that_aws_advises_lets_in_and_has_no_fault(kind: str) -> None:
    assert found(kind, statement(kind)) == ({ALLOWED}, set())


@pytest.mark.parametrize("kind", OF_SERVICES)
@pytest.mark.parametrize("service", ["bedrock-runtime.amazonaws.com", "bedrock-agent.amazonaws.com"])
def test_an_endpoint_is_no_service_principal(kind: str, service: str) -> None:
    assert found(kind, spoilt(kind, Principal={"Service": service})) == ({IMPLICIT}, {"BG530"})
    assert codes(kind, statement(kind), spoilt(kind, Principal={"Service": service})) == {"BG530"}


@pytest.mark.parametrize("kind", OF_SERVICES)
def test_another_service_is_not_the_one(kind: str) -> None:
    assert found(kind, spoilt(kind, Principal={"Service": "ecs.amazonaws.com"})) == ({IMPLICIT}, {"BG530"})


def test_a_role_may_trust_more_than_one_service() -> None:
    both = spoilt("agent", Principal={"Service": ["lambda.amazonaws.com", "bedrock.amazonaws.com"]})
    assert found("agent", both) == ({ALLOWED}, set())


@pytest.mark.parametrize("kind", OF_SERVICES)
def test_a_user_or_role_is_no_service(kind: str) -> None:
    root = spoilt(kind, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    assert decided(kind, root) == {IMPLICIT}


@pytest.mark.parametrize("kind", WITH_SOURCE)
def test_another_account_in_source_account(kind: str) -> None:
    assert found(kind, spoilt(kind, Condition=conditions(OTHER, SOURCES[kind]))) == ({IMPLICIT}, {"BG531"})


@pytest.mark.parametrize("kind", WITH_SOURCE)
@pytest.mark.parametrize("account", [OTHER, ""])
def test_another_account_or_none_in_source_arn(kind: str, account: str) -> None:
    source = SOURCES[kind].replace(ACCOUNT, account)
    assert found(kind, spoilt(kind, Condition=conditions(ACCOUNT, source))) == ({IMPLICIT}, {"BG531"})


def test_the_pair_of_accounts_of_the_guides_example_is_at_odds() -> None:
    """Copied from the page on customization roles, it never matches, whichever account is the reader's."""
    policy = trust(spoilt("agent", Condition=conditions(ACCOUNT, SOURCES["agent"].replace(ACCOUNT, OTHER))))
    for account in (ACCOUNT, OTHER):
        (note,) = lint_trust(policy, "agent", partition="aws", region=REGION, account=account)
        assert (note.code, "at odds" in note.text) == ("BG531", True)
        for requirement in asked("agent", account=account):
            assert decide_trust(policy, requirement).decision is IMPLICIT


@pytest.mark.parametrize("kind", WITH_SOURCE)
def test_another_region(kind: str) -> None:
    source = SOURCES[kind].replace(REGION, "us-west-2")
    assert found(kind, spoilt(kind, Condition=conditions(ACCOUNT, source))) == ({IMPLICIT}, {"BG531"})


def test_one_right_value_among_several_is_enough() -> None:
    condition = conditions(ACCOUNT, "")
    condition["ArnLike"]["aws:SourceArn"] = [SOURCES["agent"].replace(REGION, "us-west-2"), SOURCES["agent"]]
    assert found("agent", spoilt("agent", Condition=condition)) == ({ALLOWED}, set())


@pytest.mark.parametrize("kind", OF_ONE_RESOURCE_KIND)
def test_another_kind_of_resource(kind: str) -> None:
    source = SOURCES[kind].rpartition(":")[0] + ":guardrail/*"
    assert found(kind, spoilt(kind, Condition=conditions(ACCOUNT, source))) == ({IMPLICIT}, {"BG532"})


@pytest.mark.parametrize("kind", WITH_SOURCE)
def test_a_resource_of_another_service(kind: str) -> None:
    source = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:*"
    assert found(kind, spoilt(kind, Condition=conditions(ACCOUNT, source))) == ({IMPLICIT}, {"BG532"})


@pytest.mark.parametrize("kind", WITH_SOURCE)
def test_string_equals_has_no_wildcards(kind: str) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": SOURCES[kind]}}
    assert found(kind, spoilt(kind, Condition=condition)) == ({IMPLICIT}, {"BG533"})


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "StringLike"])
def test_these_operators_have_wildcards(operator: str) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, operator: {"aws:SourceArn": SOURCES["agent"]}}
    assert found("agent", spoilt("agent", Condition=condition)) == ({ALLOWED}, set())


def test_an_account_is_no_arn() -> None:
    condition = {"ArnLike": {"aws:SourceArn": ACCOUNT}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert found("agent", spoilt("agent", Condition=condition)) == ({IMPLICIT}, {"BG533"})


def with_key(kind: str, key: str, value: str = "x-1", operator: str = "StringEquals") -> dict[str, Any]:
    condition = {name: dict(keys) for name, keys in statement(kind).get("Condition", {}).items()}
    condition.setdefault(operator, {})[key] = value
    return spoilt(kind, Condition=condition)


@pytest.mark.parametrize("kind", OF_SERVICES)
@pytest.mark.parametrize("key", ["sts:ExternalId", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:SourceVpce"])
def test_a_key_of_which_nothing_is_documented_is_not_decided_and_not_said_to_be_missing(kind: str, key: str) -> None:
    policy = trust(with_key(kind, key))
    for requirement in asked(kind):
        finding = decide_trust(policy, requirement)
        assert (finding.decision, finding.code, finding.evidence.unknown_context_keys) == (UNVERIFIED, "BG402", (key,))
        assert "AWS does not document" in finding.why
    assert codes(kind, with_key(kind, key)) == set()


@pytest.mark.parametrize("kind", OF_SERVICES)
@pytest.mark.parametrize(
    "key",
    ["aws:MultiFactorAuthPresent", "aws:PrincipalOrgID", "aws:PrincipalTag/team", "aws:username", "aws:CalledVia"],
)
def test_a_key_that_a_service_is_documented_not_to_send_keeps_it_out_for_certain(kind: str, key: str) -> None:
    policy = trust(with_key(kind, key))
    for requirement in asked(kind):
        finding = decide_trust(policy, requirement)
        assert (finding.decision, finding.code) == (IMPLICIT, "BG208")
        assert finding.why.endswith(f"({key})")
    assert codes(kind, with_key(kind, key)) == {"BG534"}


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        ("StringEqualsIfExists", "o-1", True),
        ("StringNotEquals", "o-1", True),
        ("Null", "true", True),
        ("Null", "false", False),
        ("ForAnyValue:StringEquals", "o-1", False),
    ],
)
def test_what_a_missing_key_does_depends_on_the_operator(operator: str, value: str, holds: bool) -> None:
    """The decision and the note say the same of it."""
    expected = ({ALLOWED}, set()) if holds else ({IMPLICIT}, {"BG534"})
    assert found("agent", with_key("agent", "aws:PrincipalOrgID", value, operator)) == expected


def test_a_deny_that_a_missing_key_wakes_denies() -> None:
    """A data perimeter without an exception for services keeps them out."""
    condition = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    assert decided("agent", statement("agent"), spoilt("agent", Effect="Deny", Condition=condition)) == {EXPLICIT}


@pytest.mark.parametrize("key", ["sts:ExternalId", "aws:MultiFactorAuthPresent", "aws:PrincipalOrgID"])
def test_a_statement_that_lets_nobody_in_or_perhaps_nobody_is_not_called_too_open(key: str) -> None:
    """BG535 is for statements that let the service in for any account, and not beside what says otherwise."""
    alone = spoilt("agent", Condition={"StringEquals": {key: "x-1"}})
    assert "BG535" not in codes("agent", alone)
    idle = spoilt("agent", Condition={"Bool": {"aws:SecureTransport": "true"}})
    assert found("agent", idle) == ({ALLOWED}, {"BG535"})
    unmet = spoilt("agent", Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}})
    assert found("agent", unmet) == ({ALLOWED}, {"BG535"})


@pytest.mark.parametrize("kind", ["lambda", "ec2"])
@pytest.mark.parametrize("key", ["aws:SourceAccount", "aws:SourceArn"])
def test_what_lambda_and_ec2_send_is_not_documented_and_so_not_decided(kind: str, key: str) -> None:
    value = ACCOUNT if key == "aws:SourceAccount" else f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:app"
    assert found(kind, spoilt(kind, Condition={"StringEquals": {key: value}})) == ({UNVERIFIED}, set())


@pytest.mark.parametrize("kind", [kind for kind in WITH_SOURCE if kind != "eks-pod-identity"])
def test_without_a_guard_against_the_confused_deputy_it_works_and_is_noted(kind: str) -> None:
    assert found(kind, spoilt(kind, Condition=None)) == ({ALLOWED}, {"BG535"})


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_anybody_is_too_many(kind: str) -> None:
    assert "BG535" in codes(kind, spoilt(kind, Principal="*", Condition=None))


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_everybody_but_somebody_is_too_many_whatever_the_conditions(kind: str) -> None:
    """AWS supports NotPrincipal neither with Allow nor in a trust policy: the note says that too."""
    odd = spoilt(kind, Principal=None, NotPrincipal={"AWS": f"arn:aws:iam::{OTHER}:root"})
    policy = trust(odd)
    (note,) = [
        note
        for note in lint_trust(policy, kind, partition="aws", region=REGION, account=ACCOUNT)
        if "NotPrincipal" in note.text
    ]
    assert note.code == "BG535"
    assert note.text.startswith(f"everybody but arn:aws:iam::{OTHER}:root may assume the role")


def test_not_principal_of_the_service_itself_is_named_as_what_keeps_it_out() -> None:
    odd = spoilt("agent", Principal=None, NotPrincipal={"Service": "bedrock.amazonaws.com"})
    (requirement,) = asked("agent")
    assert decide_trust(trust(odd), requirement).decision is IMPLICIT


@pytest.mark.parametrize("kind", OF_SERVICES)
def test_any_service_is_too_many_and_is_no_wrong_service(kind: str) -> None:
    """The decision and the notes agree: the right service is among them, if AWS takes it so, and so are all others."""
    policy = trust(spoilt(kind, Principal={"Service": "*"}))
    for requirement in asked(kind):
        finding = decide_trust(policy, requirement)
        assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG400")
        assert "Service of *" in finding.why
    named = trust(spoilt(kind, Principal={"Service": ["*", SERVICES[kind]]}))
    assert all(decide_trust(named, requirement).decision is ALLOWED for requirement in asked(kind))
    (note,) = lint_trust(policy, kind, partition="aws", region=REGION, account=ACCOUNT)
    assert note.code == "BG535"
    assert note.text.startswith("any AWS service may assume the role: the Service principal is *")
    assert note.text.endswith(f"; name {SERVICES[kind]}")


@pytest.mark.parametrize("kept", ["sts:AssumeRole", "sts:TagSession"])
def test_pod_identity_needs_both_actions(kept: str) -> None:
    policy = spoilt("eks-pod-identity", Action=kept)
    assert found("eks-pod-identity", policy) == ({ALLOWED, IMPLICIT}, {"BG536"})


def test_the_actions_may_stand_in_two_statements() -> None:
    kind = "eks-pod-identity"
    both = (spoilt(kind, Action="sts:AssumeRole"), spoilt(kind, Action="sts:TagSession"))
    assert found(kind, *both) == ({ALLOWED}, set())


def test_pod_identity_has_six_tags_and_no_others() -> None:
    kind, key = "eks-pod-identity", "aws:RequestTag/kubernetes-namespace"
    condition = {"StringEquals": {key: "prod"}}
    assert found(kind, spoilt(kind, Condition=condition)) == ({UNVERIFIED}, set())
    named = RoleDetails(namespace="prod")
    assert decided(kind, spoilt(kind, Condition=condition), details=named) == {ALLOWED}
    assert decided(kind, spoilt(kind, Condition=condition), details=RoleDetails(namespace="dev")) == {IMPLICIT}
    misspelt = {"StringEquals": {"aws:RequestTag/namespace": "prod"}}
    assert found(kind, spoilt(kind, Condition=misspelt)) == ({IMPLICIT}, {"BG534"})


# -- web identities of EKS ------------------------------------------------------------------------------------------


def irsa(**changes: Any) -> dict[str, Any]:
    return spoilt("eks-irsa", **changes)


def claims(**values: str) -> dict[str, Any]:
    return {"StringEquals": {f"{HOST}:{claim}": value for claim, value in values.items()}}


@pytest.mark.parametrize(
    "subject", ["prod/app", "system:serviceaccount:prod", "system:serviceaccounts:prod:app", "app", "prod:app"]
)
def test_a_subject_that_no_pod_has(subject: str) -> None:
    assert found("eks-irsa", irsa(Condition=claims(sub=subject, aud="sts.amazonaws.com"))) == ({IMPLICIT}, {"BG537"})


def test_an_audience_that_no_pod_has() -> None:
    assert found("eks-irsa", irsa(Condition=claims(sub=SUBJECT, aud="sts"))) == ({IMPLICIT}, {"BG537"})


def test_a_provider_has_no_scheme() -> None:
    wrong = irsa(Principal={"Federated": PROVIDER.replace("oidc.eks", "https://oidc.eks")})
    assert found("eks-irsa", wrong) == ({IMPLICIT}, {"BG537"})
    key = {"StringEquals": {f"https://{HOST}:sub": SUBJECT, f"{HOST}:aud": "sts.amazonaws.com"}}
    assert codes("eks-irsa", irsa(Condition=key)) == {"BG537"}


def test_a_provider_of_another_account_and_a_key_of_another_cluster() -> None:
    elsewhere = irsa(Principal={"Federated": PROVIDER.replace(ACCOUNT, OTHER)})
    assert found("eks-irsa", elsewhere) == ({IMPLICIT}, {"BG537"})
    other = HOST.replace("EXAMPLE", "OTHER")
    keys = {"StringEquals": {f"{other}:sub": SUBJECT, f"{HOST}:aud": "sts.amazonaws.com"}}
    assert codes("eks-irsa", irsa(Condition=keys)) == {"BG537"}


def test_string_equals_on_a_subject_has_no_wildcards() -> None:
    wildcard = {"sub": "system:serviceaccount:prod:*", "aud": "sts.amazonaws.com"}
    assert found("eks-irsa", irsa(Condition=claims(**wildcard))) == ({IMPLICIT}, {"BG533"})
    like = {"StringLike": {f"{HOST}:sub": "system:serviceaccount:prod:*"}, **claims(aud="sts.amazonaws.com")}
    assert found("eks-irsa", irsa(Condition=like)) == ({ALLOWED}, set())
    past_the_colon = {"StringLike": {f"{HOST}:sub": "system:serviceaccount:pr*"}, **claims(aud="sts.amazonaws.com")}
    assert found("eks-irsa", irsa(Condition=past_the_colon)) == ({ALLOWED}, set())


def test_without_a_subject_every_pod_may() -> None:
    assert found("eks-irsa", irsa(Condition=claims(aud="sts.amazonaws.com"))) == ({ALLOWED}, {"BG535"})


@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount", "sts:ExternalId", "aws:PrincipalOrgID"])
def test_a_key_that_no_web_identity_carries_keeps_it_out_for_certain(key: str) -> None:
    odd = irsa(Condition={"StringEquals": {**claims(sub=SUBJECT, aud="sts.amazonaws.com")["StringEquals"], key: "x"}})
    assert found("eks-irsa", odd) == ({IMPLICIT}, {"BG537"})


def test_assume_role_is_not_how_a_web_identity_assumes() -> None:
    assert found("eks-irsa", irsa(Action="sts:AssumeRole")) == ({IMPLICIT}, {"BG536"})


def test_a_service_is_no_web_identity() -> None:
    assert found("eks-irsa", statement("eks-pod-identity")) == ({IMPLICIT}, {"BG530"})


def test_another_service_account_is_refused() -> None:
    other = RoleDetails(provider=PROVIDER, namespace="prod", service_account="batch")
    assert decided("eks-irsa", statement("eks-irsa"), details=other) == {IMPLICIT}


def test_without_the_pods_name_the_trust_is_for_some() -> None:
    """The provider is then any of the Region, and the finding says which service account the policy lets in."""
    (requirement,) = asked("eks-irsa", RoleDetails())
    finding = decide_trust(trust(statement("eks-irsa")), requirement)
    assert (finding.decision, finding.code) == (UNVERIFIED, "BG407")
    assert SUBJECT in finding.why


@pytest.mark.parametrize("provider", [PROVIDER, HOST, f"https://{HOST}"])
def test_a_provider_may_be_named_by_arn_or_url(provider: str) -> None:
    details = RoleDetails(provider=provider, namespace="prod", service_account="app")
    assert decided("eks-irsa", statement("eks-irsa"), details=details) == {ALLOWED}


# -- the decision itself --------------------------------------------------------------------------------------------

AGENT = SOURCES["agent"].removesuffix("*")


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("ArnLike", f"{AGENT}*", ALLOWED),
        ("ArnLike", f"arn:aws:bedrock:*:{ACCOUNT}:*", ALLOWED),
        ("ArnLike", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:a*", ALLOWED),
        ("StringLike", "*", ALLOWED),
        ("StringLike", f"arn:aws:bedrock:*{ACCOUNT}:agent/*", ALLOWED),
        ("ArnLike", "arn:aws:bedrock:*:${aws:SourceAccount}:agent/*", ALLOWED),
        ("ArnLike", f"{AGENT}ABC", UNVERIFIED),
        ("ArnLike", f"{AGENT}AB*", UNVERIFIED),
        ("ArnLike", f"arn:aws:bedrock:*:{ACCOUNT}:*/ABC", UNVERIFIED),
        ("StringLike", "*:agent/ABC", UNVERIFIED),
        ("StringNotLike", "*:agent/ABC", UNVERIFIED),
        ("StringEquals", f"{AGENT}ABC", UNVERIFIED),
        ("ArnNotLike", f"{AGENT}ABC", UNVERIFIED),
        ("ArnNotLike", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:flow/*", ALLOWED),
        ("ArnLike", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:flow/*", IMPLICIT),
        ("ArnLike", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:b*", IMPLICIT),
        ("StringEquals", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:flow/ABC", IMPLICIT),
        ("ArnNotLike", f"{AGENT}*", IMPLICIT),
    ],
)
def test_a_trust_for_some_agents_is_neither_for_all_nor_for_none(operator: str, value: str, expected: Decision) -> None:
    assert decided("agent", spoilt("agent", Condition={operator: {"aws:SourceArn": value}})) == {expected}


# Ids of agents have ten letters and digits.
_LETTERS = st.text(alphabet="AB0", min_size=1, max_size=4).map(lambda text: text.ljust(10, "A"))
_WILD = st.text(alphabet="AB0*?", min_size=0, max_size=4)
_RESOURCES = st.one_of(_WILD.map("agent/{}".format), _WILD, _WILD.map("a*/{}".format), st.just("flow/*"))
_ARNS = st.builds(
    "arn:aws:bedrock:{}:{}:{}".format,
    st.sampled_from([REGION, "*", "us-*"]),
    st.sampled_from([ACCOUNT, "*"]),
    _RESOURCES,
)
_CONDITIONS = st.tuples(
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["ArnLike", "ArnNotLike", "StringLike", "StringNotLike", "StringEquals", "StringNotEquals"]),
    st.lists(_ARNS, min_size=1, max_size=2),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_CONDITIONS, min_size=1, max_size=3), st.lists(_LETTERS, min_size=1, max_size=12, unique=True))
def test_what_is_said_of_every_agent_holds_of_each(
    conditions_: list[tuple[str, str, list[str]]], ids: list[str]
) -> None:
    """An answer for a pattern is only given where each single resource gets the same answer."""
    statements = [
        spoilt("agent", Effect=effect, Condition={operator: {"aws:SourceArn": values}})
        for effect, operator, values in conditions_
    ]
    (answer,) = decided("agent", *statements)
    if answer is UNVERIFIED:
        return
    for one in ids:
        (single,) = decided("agent", *statements, details=RoleDetails(source=f"{AGENT}{one}"))
        assert (single is ALLOWED) is (answer is ALLOWED), one


def test_naming_the_resource_settles_it() -> None:
    one = spoilt("agent", Condition={"ArnLike": {"aws:SourceArn": f"{AGENT}ABC"}})
    assert decided("agent", one, details=RoleDetails(source=f"{AGENT}ABC")) == {ALLOWED}
    assert decided("agent", one, details=RoleDetails(source=f"{AGENT}XYZ")) == {IMPLICIT}


def test_two_conditions_that_meet_in_a_value_that_neither_names_are_not_called_a_denial() -> None:
    condition = {"ArnLike": {"aws:SourceArn": f"{AGENT}A*"}, "StringLike": {"aws:SourceArn": "*B"}}
    assert decided("agent", spoilt("agent", Condition=condition)) == {UNVERIFIED}


def test_two_conditions_of_a_deny_that_meet_in_a_value_that_neither_names_are_not_called_an_allow() -> None:
    """Each by itself leaves an agent that the other does not deny; together they deny those between A and B."""
    condition = {"ArnLike": {"aws:SourceArn": f"{AGENT}A*"}, "StringLike": {"aws:SourceArn": f"{AGENT}*B"}}
    deny = spoilt("agent", Effect="Deny", Condition=condition)
    assert decided("agent", statement("agent"), deny) == {UNVERIFIED}
    between = RoleDetails(source=f"{AGENT}AXXXXXXXXB")
    assert decided("agent", statement("agent"), deny, details=between) == {EXPLICIT}


def test_the_principals_own_name_is_among_what_is_known_to_be_sent() -> None:
    named = {"StringEquals": {"aws:PrincipalServiceName": "bedrock.amazonaws.com"}}
    assert decided("agent", spoilt("agent", Condition=named)) == {ALLOWED}
    assert decided("flow", spoilt("agent", Condition=named)) == {ALLOWED}
    assert decided("agentcore-runtime", spoilt("agentcore-runtime", Condition=named)) == {IMPLICIT}
    provided = {"StringEquals": {"aws:FederatedProvider": PROVIDER}}
    assert decided("eks-irsa", irsa(Condition=provided)) == {ALLOWED}
    assert decided("eks-irsa", irsa(Condition={"StringEquals": {"aws:FederatedProvider": "x"}})) == {IMPLICIT}


def test_a_deny_for_one_agent_leaves_the_others() -> None:
    deny = spoilt("agent", Effect="Deny", Condition={"ArnLike": {"aws:SourceArn": f"{AGENT}ABC"}})
    assert decided("agent", statement("agent"), deny) == {UNVERIFIED}
    everything = spoilt("agent", Effect="Deny", Condition=None)
    assert decided("agent", statement("agent"), everything) == {EXPLICIT}


def test_a_deny_that_never_matches_is_noted_and_denies_nothing() -> None:
    condition = {"StringEquals": {"aws:SourceArn": "arn:aws:bedrock:*:*:agent/*"}}
    deny = spoilt("agent", Effect="Deny", Condition=condition)
    policy = trust(statement("agent"), deny)
    (note,) = lint_trust(policy, "agent", partition="aws", region=REGION, account=ACCOUNT)
    assert (note.code, "denies nothing" in note.text) == ("BG533", True)


def test_a_denial_says_what_keeps_the_service_out_and_where_it_stands() -> None:
    (requirement,) = asked("agent")
    finding = decide_trust(trust(spoilt("agent", Principal={"Service": "lambda.amazonaws.com"})), requirement)
    assert (finding.code, finding.layer) == ("BG208", Layer.TRUST)
    assert finding.why == "the role trusts lambda.amazonaws.com and not bedrock.amazonaws.com"
    finding = decide_trust(trust(spoilt("agent", Action="sts:TagSession")), requirement)
    assert finding.why == "the trust policy names bedrock.amazonaws.com, but does not allow it sts:AssumeRole"
    finding = decide_trust(trust(spoilt("agent", Condition=conditions(OTHER, SOURCES["agent"]))), requirement)
    assert finding.why.endswith("(aws:SourceAccount)")
    finding = decide_trust(
        trust(spoilt("agent", Condition=conditions(OTHER, "arn:aws:bedrock:*:*:flow/*"))), requirement
    )
    assert finding.why.endswith("(aws:SourceAccount, aws:SourceArn)")
    deny = spoilt("agent", Effect="Deny", Sid="NotNow", Condition=None)
    finding = decide_trust(trust(statement("agent"), deny), requirement)
    (where,) = finding.evidence.statements
    assert (finding.code, finding.layer, where.sid, where.policy) == (
        "BG208",
        Layer.TRUST,
        "NotNow",
        "trust policy of the-role",
    )


def test_a_note_says_where_the_statement_stands() -> None:
    policy = trust(statement("agent"), spoilt("agent", Sid="Wrong", Condition=conditions(OTHER, SOURCES["agent"])))
    (note,) = lint_trust(policy, "agent", partition="aws", region=REGION, account=ACCOUNT)
    assert note.statement is not None
    assert (note.statement.sid, note.statement.line) == ("Wrong", policy.statements[1].start.line)
    assert note.statement.line is not None
    assert note.statement.line > 1


@pytest.mark.parametrize(("partition", "region"), [("aws-us-gov", "us-gov-west-1"), ("aws-eusc", "eusc-de-east-1")])
def test_another_partition_has_its_own_arns(partition: str, region: str) -> None:
    source = f"arn:{partition}:bedrock:{region}:{ACCOUNT}:agent/*"
    policy = trust(spoilt("agent", Condition=conditions(ACCOUNT, source)))
    assert not lint_trust(policy, "agent", partition=partition, region=region, account=ACCOUNT)
    notes = lint_trust(policy, "agent", partition="aws", region=region, account=ACCOUNT)
    assert [note.code for note in notes] == ["BG531"]
