"""The policies that the guard writes: exact, named, within IAM's limits, free of what the lints find, and parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import boto3
import pytest

from bedrock_guard import ConfigurationError, Guard
from bedrock_guard.advice.lint import lint_policies
from bedrock_guard.advice.lints.app_use import use_of
from bedrock_guard.advice.policies import Holder, Narrowing, policy_set_of
from bedrock_guard.advice.policy_conditions import asked_conditions
from bedrock_guard.advice.policy_grants import Permission
from bedrock_guard.advice.policy_sizes import size_of
from bedrock_guard.advice.policy_trust import TRUST_KINDS
from bedrock_guard.bedrock.capabilities import capabilities
from bedrock_guard.bedrock.catalogue import operations
from bedrock_guard.bedrock.service_roles import KINDS
from bedrock_guard.bedrock.trust import decide_trust, is_trust
from bedrock_guard.bedrock.trust_lints import lint_trust
from bedrock_guard.iam.decision import Decision
from bedrock_guard.iam.limits import MANAGED_CHARACTERS
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.least_privilege import PolicyOptions
from bedrock_guard.policy_set import PolicySet
from bedrock_guard.report import Requirement
from tests.tasks.catalogue import TASKS

ACCOUNT = "123456789012"
REGION = "us-east-1"
BASE = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base"
NOVA = "amazon.nova-lite-v1:0"
SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
POD = "oidc=oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF,namespace=search,service-account=app"

ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"


@pytest.fixture(autouse=True)
def no_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked for credentials: there are none, and none are needed."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@cache
def session_in(region: str) -> boto3.Session:
    """One for all: what botocore reads for each is most of the time that a guard takes."""
    return boto3.Session(region_name=region)


def guard(**declared: Any) -> Guard:
    region = declared.pop("region", REGION)
    return Guard(region=region, session=session_in(region), **declared)


def sets(options: Mapping[str, Any] | None = None, **declared: Any) -> tuple[PolicySet, ...]:
    return guard(**declared).policies(PolicyOptions(**{"account": ACCOUNT, **(options or {})}))


def only(options: Mapping[str, Any] | None = None, **declared: Any) -> PolicySet:
    (found,) = sets(options, **declared)
    return found


def statements(found: PolicySet) -> list[dict[str, Any]]:
    return [statement for one in found.policies for statement in one.document["Statement"]]


def by_sid(found: PolicySet) -> dict[str, dict[str, Any]]:
    return {statement["Sid"]: statement for statement in statements(found)}


def parsed(found: PolicySet) -> list[Policy]:
    return [parse_policy(json.dumps(one.document), name=one.name, kind=PolicyKind.MANAGED) for one in found.policies]


# -- sound as they are written --------------------------------------------------------------------------------------


def declarations() -> Iterator[tuple[str, dict[str, Any]]]:
    for task in TASKS:
        yield task.name, {"requests": task.requests, "region": task.region}
    for name in capabilities():
        yield name, {"capabilities": [name]}
    for name in operations():
        yield name, {"operations": [name]}
    for kind in KINDS:
        role = f"{kind}=arn:aws:iam::{ACCOUNT}:role/{kind}-role{f',{POD}' if kind == 'eks-irsa' else ''}"
        yield kind, {"operations": ["converse"], "service_roles": [role]}


@pytest.mark.parametrize("wide", [False, True], ids=["least", "with advice, in its Regions"])
def test_nothing_that_is_written_is_refused_or_found_fault_with(wide: bool) -> None:
    """Whatever is declared, alone: every document parses, no lint speaks, names are letters and digits and unique."""
    options = PolicyOptions(account=ACCOUNT, restrict_region=wide, with_advisory=wide)
    for what, declared in declarations():
        region = declared.get("region", REGION)
        partition = "aws-us-gov" if region.startswith("us-gov") else "aws"
        own = guard(**declared, principal_arn=ROLE.replace("arn:aws:", f"arn:{partition}:"))
        for found in own.policies(options):
            policies = parsed(found)
            used = use_of(one for one in own.requirements if _is_held_by(found, one))
            notes = lint_policies(policies, partition=partition, region=region, account=ACCOUNT, app=used)
            assert notes == (), what
            for policy in policies:
                sids = [str(statement.sid) for statement in policy.statements]
                assert len(set(sids)) == len(sids)
                assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{2,63}", sid) for sid in sids), what


def _is_held_by(found: PolicySet, requirement: Requirement) -> bool:
    return requirement.principal.rpartition("/")[2] in (found.role, "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_trust_policy_lets_in_whom_the_kind_needs_and_no_lint_finds_fault_with_it(kind: str) -> None:
    details = f",{POD}" if kind == "eks-irsa" else ""
    role = f"arn:aws:iam::{ACCOUNT}:role/app"
    made = only({"trust": f"{kind}{details}", "role": "app"}, operations=["converse"])
    policy = parse_policy(json.dumps(made.trust), name="trust", kind=PolicyKind.TRUST)
    assert size_of(made.trust or {}) <= 2_048
    assert lint_trust(policy, kind, partition="aws", region=REGION, account=ACCOUNT) == ()
    needed = [
        one
        for one in guard(service_roles=[f"{kind}={role}{details}"], principal_arn=role).requirements
        if is_trust(one)
    ]
    assert needed
    assert {decide_trust(policy, one).decision for one in needed} == {Decision.ALLOWED}
    strangers = [Requirement("sts:AssumeRole", role, (), principal="s3.amazonaws.com")]
    assert {decide_trust(policy, one).decision for one in strangers} == {Decision.IMPLICIT_DENY}


def test_the_kinds_of_trust_are_those_of_service_roles_and_the_short_name_of_ecs() -> None:
    assert set(TRUST_KINDS) == {"ecs", *KINDS}
    assert (
        only({"trust": "ecs"}, operations=["converse"]).trust
        == only({"trust": "ecs-task"}, operations=["converse"]).trust
    )


@pytest.mark.parametrize(
    ("trust", "says"),
    [
        ("eks-irsa", "oidc, namespace, service-account"),
        ("eks-irsa,oidc=oidc.eks.us-east-1.amazonaws.com/id/*,namespace=a,service-account=b", "wildcard"),
        ("lamda", "lambda"),
        ("ec2,cluster=x", "no detail is called"),
    ],
)
def test_a_trust_that_would_let_in_too_many_or_cannot_be_is_refused(trust: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        sets({"trust": trust}, operations=["converse"])
    assert caught.value.code == "BG504"


def test_a_role_that_pods_run_under_is_held_to_the_same() -> None:
    role = f"eks-irsa=arn:aws:iam::{ACCOUNT}:role/app"
    with pytest.raises(ConfigurationError, match="any pod"):
        sets(operations=["converse"], service_roles=[role])


# -- what a statement is -------------------------------------------------------------------------------------------


def test_actions_of_the_same_resources_share_a_statement_and_everything_is_sorted() -> None:
    made = only(models=[f"us.{SONNET}"], operations=["converse_stream", "converse"])
    (statement,) = statements(made)
    assert statement["Action"] == ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    assert statement["Resource"] == sorted(statement["Resource"])
    assert len(statement["Resource"]) == 4
    assert made.policies[0].name == "app-bedrock"


def test_the_order_of_what_is_declared_changes_nothing() -> None:
    names = ["converse", "retrieve", "list_agents", "create_agent"]
    models = [NOVA, f"us.{NOVA}"]
    assert only(operations=names, models=models) == only(operations=names[::-1], models=models[::-1])


def test_a_resource_that_another_entry_covers_is_left_out() -> None:
    made = only(actions=["bedrock:Retrieve", ("bedrock:Retrieve", f"{BASE}/KB12345678")])
    assert statements(made)[0]["Resource"] == [f"{BASE}/*"]


@pytest.mark.parametrize(
    ("other", "covered"),
    [
        (Permission("bedrock:Retrieve", f"{BASE}/KB", region=REGION), True),
        (Permission("bedrock:Retrieve", f"{BASE}/K?", region=REGION), True),
        (Permission("bedrock:Retrieve", f"{BASE}/KB", region="us"), False),
        (Permission("bedrock:Retrieve", f"{BASE}/KB"), False),
        (
            Permission("bedrock:Retrieve", "arn:aws:bedrock:us-west-2:123456789012:knowledge-base/KB", region=REGION),
            False,
        ),
        (Permission("bedrock:Generate", f"{BASE}/KB", region=REGION), False),
    ],
)
def test_a_permission_covers_what_is_narrower_in_everything(other: Permission, covered: bool) -> None:
    assert Permission("bedrock:Retrieve", f"{BASE}/*", region=REGION).covers(other) is covered


def test_names_say_what_the_statements_are_for() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/kb"
    made, _ = sets(
        models=[NOVA],
        operations=["converse", "retrieve", "list_foundation_models", "list_inference_profiles"],
        service_roles={"knowledge-base": role},
    )
    assert list(by_sid(made)) == [
        "InvokeModels",
        "ListFoundationModelsAndListInferenceProfiles",
        "Retrieve",
        "PassKnowledgeBaseRole",
    ]


def test_a_role_that_a_request_hands_over_is_named_by_its_kind() -> None:
    made = sets(requests=next(task.requests for task in TASKS if task.name == "create an agent with its role"))[0]
    assert "PassAgentRole" in by_sid(made)


def test_roles_of_several_kinds_are_passed_to_their_service() -> None:
    roles = {"knowledge-base": f"arn:aws:iam::{ACCOUNT}:role/kb", "agent": f"arn:aws:iam::{ACCOUNT}:role/agents"}
    statement = by_sid(sets(operations=["converse"], service_roles=roles)[0])["PassRolesToBedrock"]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
    assert statement["Resource"] == sorted(roles.values())


def test_a_name_does_not_change_when_something_else_is_declared_too() -> None:
    few = by_sid(only(models=[NOVA], operations=["converse", "retrieve"]))
    more = by_sid(only(models=[NOVA], operations=["converse", "retrieve", "list_agents", "invoke_agent"]))
    assert {sid: more[sid] for sid in few} == few


# -- sizes ----------------------------------------------------------------------------------------------------------


def bases(count: int) -> list[Requirement]:
    arn = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB"
    return [Requirement("bedrock:Retrieve", f"{arn}{number:08}") for number in range(count)]


def pairs(found: PolicySet) -> list[tuple[str, str]]:
    return [
        (action, resource)
        for statement in statements(found)
        for action in statement["Action"]
        for resource in statement["Resource"]
    ]


def test_a_statement_that_fits_into_no_document_is_split_by_its_resources() -> None:
    needed = bases(300)
    made = policy_set_of(needed, Holder("app"), Narrowing())
    assert [one.name for one in made.policies] == [f"app-bedrock{'' if n == 1 else f'-{n}'}" for n in range(1, 5)]
    assert all(size_of(one.document) <= MANAGED_CHARACTERS for one in made.policies)
    assert sorted(pairs(made)) == sorted((one.action, one.resource) for one in needed)
    sids = [statement["Sid"] for statement in statements(made)]
    assert len(set(sids)) == len(sids)
    assert made.notes[0].startswith("Split into 4 managed policies")
    assert len(parsed(made)) == 4


def test_documents_are_filled_before_another_is_begun() -> None:
    made = policy_set_of(bases(300), Holder(), Narrowing())
    sizes = [size_of(one.document) for one in made.policies]
    smallest = min(size_of({"Version": "2012-10-17", "Statement": [one]}) for one in statements(made))
    assert all(size + smallest > MANAGED_CHARACTERS for size in sizes[:-1])


def test_more_managed_policies_than_a_role_takes_are_said() -> None:
    made = policy_set_of(bases(1_000), Holder(), Narrowing())
    assert len(made.policies) > 10
    assert any("10 managed policies" in note for note in made.notes)


def test_a_condition_that_fits_into_no_policy_is_refused() -> None:
    asked = asked_conditions({"aws:PrincipalTag/team": [f"team-{number:04}" for number in range(600)]}, {})
    with pytest.raises(ConfigurationError, match="6,144 characters"):
        policy_set_of(bases(1), Holder(), Narrowing(asked=asked))


# -- Regions and conditions -----------------------------------------------------------------------------------------


def test_the_regions_are_those_of_the_profiles_and_unspecified_only_where_a_global_one_needs_it() -> None:
    made = only({"restrict_region": True}, models=[f"us.{SONNET}"], operations=["converse", "retrieve"])
    regions = {sid: one["Condition"]["StringEquals"]["aws:RequestedRegion"] for sid, one in by_sid(made).items()}
    assert regions == {"InvokeModels": ["us-east-1", "us-east-2", "us-west-2"], "Retrieve": "us-east-1"}
    made = only({"restrict_region": True}, models=[f"global.{SONNET}"])
    (statement,) = statements(made)
    assert statement["Condition"]["StringEquals"]["aws:RequestedRegion"] == ["unspecified", "us-east-1"]


def test_a_request_that_is_not_made_to_bedrock_is_limited_to_no_region() -> None:
    task = next(task for task in TASKS if task.name == "create a knowledge base on OpenSearch Serverless")
    made = sets({"restrict_region": True}, requests=task.requests)[0]
    assert by_sid(made)["PassKnowledgeBaseRole"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}
    }
    assert any(note.startswith("Not limited to a Region: iam:PassRole") for note in made.notes)


def test_a_condition_is_put_where_the_request_carries_the_key() -> None:
    profile = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{NOVA}"
    made = only(
        {"conditions": {"bedrock:InferenceProfileArn": profile, "aws:SourceVpce": "vpce-1a2b3c4d"}},
        models=[f"us.{NOVA}"],
        operations=["converse", "list_agents"],
    )
    found = by_sid(made)
    assert found["InvokeModelsThroughProfiles"]["Condition"] == {
        "ArnLike": {"bedrock:InferenceProfileArn": profile},
        "StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"},
    }
    assert found["InvokeModels"]["Resource"] == [profile]
    assert (
        found["InvokeModels"]["Condition"]
        == found["ListAgents"]["Condition"]
        == {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
    )
    assert any(note.startswith("Not limited by bedrock:InferenceProfileArn") for note in made.notes)


def test_what_a_service_calls_in_the_apps_name_does_not_come_from_the_apps_network() -> None:
    task = next(task for task in TASKS if task.name == "call a Marketplace model's endpoint")
    made = by_sid(only({"conditions": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, requests=task.requests))
    assert "Condition" in made["InvokeModels"]
    assert "Condition" not in made["SageMakerInvokeEndpoint"]


@pytest.mark.parametrize(
    ("key", "value", "operator"),
    [
        ("aws:SourceIp", "203.0.113.0/24", "IpAddress"),
        ("aws:SecureTransport", True, "Bool"),
        ("aws:PrincipalArn", "arn:aws:iam::123456789012:role/app", "ArnLike"),
        ("aws:PrincipalTag/team", "search", "StringEquals"),
        ("aws:PrincipalTag/team", "search-*", "StringLike"),
        ("aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*", "ForAnyValue:StringLike"),
        ("bedrock:GuardrailIdentifier", "arn:aws:bedrock:us-east-1:123456789012:guardrail/gr1:1", "StringEquals"),
    ],
)
def test_the_operator_fits_the_key(key: str, value: str | bool, operator: str) -> None:
    (condition,) = asked_conditions({key: value}, {}).conditions
    assert (condition.operator, condition.key) == (operator, key)


@pytest.mark.parametrize(
    ("conditions", "says"),
    [
        ({"s3:prefix": "docs/"}, "no request of this app carries it"),
        ({"aws:CalledVia": "athena.amazonaws.com"}, "no request of this app carries it"),
        ({"bedrock:ModelId": "x"}, "there is no condition key"),
        ({"aws:RequestedRegion": "eu-west-1"}, "carries 'us-east-1', and would be denied"),
        ({"aws:CurrentTime": "2027-01-01T00:00:00Z"}, "DateLessThan:aws:CurrentTime"),
        ({"DateLesThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}, "no condition operator"),
        ({"DateLessThan": {"aws:CurrentTime": "tomorrow"}}, "'tomorrow' is no date"),
        ({"aws:SourceIp": "10.0.0.0/99"}, "nothing that it could compare with"),
        ({"aws:SecureTransport": "maybe"}, "nothing that it could compare with"),
        ({"aws:SourceVpce": []}, "at least one text"),
        ({"aws:SourceVpce": "vpce-2"}, "carries 'vpce-1', and would be denied"),
    ],
)
def test_a_condition_that_would_allow_nothing_is_refused(conditions: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(says)) as caught:
        sets({"conditions": conditions}, models=[NOVA], context={"aws:SourceVpce": "vpce-1"})
    assert caught.value.code == "BG504"


def test_the_region_is_restricted_in_one_way() -> None:
    with pytest.raises(ConfigurationError, match="leave out one of them"):
        sets({"restrict_region": True, "conditions": {"aws:RequestedRegion": REGION}}, models=[NOVA])


def test_an_operator_may_be_named() -> None:
    made = only({"conditions": {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}}, models=[NOVA])
    assert statements(made)[0]["Condition"] == {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}


# -- what is not certain --------------------------------------------------------------------------------------------


def test_models_of_unknown_region_are_allowed_through_the_profile_alone() -> None:
    profile = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abcdefghijkl"
    made = only({"restrict_region": True}, models=[profile])
    statement = by_sid(made)["InvokeModelsThroughProfiles"]
    assert statement["Resource"] == ["arn:aws:bedrock:*::foundation-model/*"]
    assert statement["Condition"] == {"ArnLike": {"bedrock:InferenceProfileArn": profile}}
    assert by_sid(made)["InvokeModels"]["Resource"] == [profile]
    assert any(f"What {profile} routes to is not known" in note for note in made.notes)


def test_what_is_not_documented_as_needed_is_left_out_and_said() -> None:
    role = f"agent=arn:aws:iam::{ACCOUNT}:role/agents,model=us.{NOVA}"
    least = sets(operations=["converse"], models=[NOVA], service_roles=[role])[1]
    more = sets({"with_advisory": True}, operations=["converse"], models=[NOVA], service_roles=[role])[1]
    extra = set(pairs(more)) - set(pairs(least))
    assert {action for action, _ in extra} == {"bedrock:GetInferenceProfile", "bedrock:GetFoundationModel"}
    assert any("with_advisory" in note and "bedrock:GetInferenceProfile" in note for note in least.notes)
    assert not any("with_advisory" in note for note in more.notes)


def test_a_wildcard_that_was_asked_for_is_pointed_out() -> None:
    made = only(operations=["retrieve"])
    assert made.notes == (
        (
            f"Opens every resource that matches arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/*: name those that "
            "the app uses to have them in its place."
        ),
    )


# -- whose they are -------------------------------------------------------------------------------------------------


def test_each_service_role_has_policies_of_its_own_after_the_apps() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/svc/kb"
    app, knowledge = sets(
        {"role": "app"}, operations=["retrieve"], service_roles=[f"knowledge-base={role},model={NOVA},bucket=docs"]
    )
    assert (app.role, knowledge.role) == ("app", "kb")
    assert app.trust is None
    assert (knowledge.trust or {})["Statement"][0]["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert {"PassKnowledgeBaseRole", "Retrieve"} == set(by_sid(app))
    assert {action.partition(":")[0] for action, _ in pairs(knowledge)} == {"bedrock", "s3"}
    assert knowledge.policies[0].name == "kb-bedrock"
    assert any("path /svc/" in note for note in knowledge.notes)


def test_a_role_that_the_app_runs_under_is_the_apps_own_with_its_trust() -> None:
    found = only(operations=["converse"], models=[NOVA], service_roles={"lambda": f"arn:aws:iam::{ACCOUNT}:role/fn"})
    assert found.role == "fn"
    assert (found.trust or {})["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert list(by_sid(found)) == ["InvokeModels"]


def test_the_conditions_of_the_app_are_not_those_of_a_service() -> None:
    role = f"agent=arn:aws:iam::{ACCOUNT}:role/agents,model={NOVA}"
    asked = {"conditions": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
    app, agent = sets(asked, operations=["converse"], models=[NOVA], service_roles=[role])
    assert all("aws:SourceVpce" in json.dumps(one) for one in statements(app))
    assert "aws:SourceVpce" not in json.dumps(statements(agent))


def test_a_role_without_a_usable_name_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="not the name of a role"):
        sets({"role": "svc/app"}, models=[NOVA])


# -- the account ----------------------------------------------------------------------------------------------------


def test_without_credentials_an_account_is_needed_only_where_a_policy_names_it() -> None:
    assert len(statements(guard(models=[NOVA]).policy())) == 1
    with pytest.raises(ConfigurationError, match="--account") as caught:
        guard(models=[f"us.{NOVA}"]).policy()
    assert caught.value.code == "BG504"


def test_the_account_is_that_of_the_principal_and_its_role_is_named() -> None:
    made = guard(models=[f"us.{NOVA}"], principal_arn="arn:aws:iam::210987654321:role/svc/app").policy()
    assert made.role == "app"
    assert "arn:aws:bedrock:us-east-1:210987654321:inference-profile/us.amazon.nova-lite-v1:0" in json.dumps(
        statements(made)
    )


def test_the_account_of_zeros_is_one_like_any_other() -> None:
    """It is that of some emulators."""
    made = only({"account": "000000000000"}, models=[f"us.{NOVA}"])
    assert "arn:aws:bedrock:us-east-1:000000000000:inference-profile" in json.dumps(statements(made))


def test_an_account_that_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="12 digits"):
        sets({"account": "1234"}, models=[NOVA])


# -- the guard's own ------------------------------------------------------------------------------------------------

OWN = f"arn:aws:iam::{ACCOUNT}:role/svc/app"


def own(**options: Any) -> set[str]:
    made = guard(principal_arn=OWN, **options).policy(for_guard=True)
    assert made.role == "app"
    assert made.policies[0].name == "app-bedrock-guard"
    return {action for action, _ in pairs(made)}


def test_each_mode_of_the_guard_takes_its_own_permissions_and_no_others() -> None:
    ask = {"iam:GetContextKeysForPrincipalPolicy", "iam:GetRole", "iam:SimulatePrincipalPolicy"}
    read = {
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
    }
    bare: dict[str, Any] = {"actions": ["bedrock:ListAgents"]}
    assert own(**bare, evaluators=["simulator"]) == ask
    assert own(**bare, evaluators=["offline"]) == read
    assert own(**bare) == ask | read
    assert own(**bare, evaluators=["simulator"], diagnose="live") == {*ask, "iam:GetRequestAuthorizationDetails"}
    models = {"bedrock:GetFoundationModel", "bedrock:GetFoundationModelAvailability", "bedrock:GetInferenceProfile"}
    assert own(models=[f"us.{NOVA}"], evaluators=["simulator"]) == ask | models
    assert own(models=[f"us.{NOVA}"], evaluators=["simulator"], check_model_access=False) == {
        *ask,
        "bedrock:GetInferenceProfile",
    }


def test_the_guard_asks_about_service_roles_too_and_about_nobody_else() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/kb"
    made = guard(principal_arn=OWN, operations=["retrieve"], service_roles={"knowledge-base": role}).policy(
        for_guard=True
    )
    asked = [one["Resource"] for one in statements(made) if "iam:SimulatePrincipalPolicy" in one["Action"]]
    # A role knows its own path only when it has asked for it.
    assert asked == [sorted([OWN, f"arn:aws:iam::{ACCOUNT}:role/app", role])]


def test_a_user_reads_its_own_policies_and_those_of_its_groups() -> None:
    user = f"arn:aws:iam::{ACCOUNT}:user/kay"
    made = guard(principal_arn=user, actions=["bedrock:ListAgents"]).policy(for_guard=True)
    assert (made.role, made.policies[0].name) == ("", "kay-bedrock-guard")
    assert {"iam:GetUser", "iam:ListGroupsForUser", "iam:GetGroupPolicy"} <= {action for action, _ in pairs(made)}
    assert "iam:GetRole" not in {action for action, _ in pairs(made)}


def test_a_permission_set_is_where_its_role_is_edited() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"
    made = guard(principal_arn=role, actions=["bedrock:ListAgents"]).policy(for_guard=True)
    assert any("permission set Dev" in note for note in made.notes)


def test_the_guard_needs_to_know_whom_it_asks_about() -> None:
    with pytest.raises(ConfigurationError, match="principal_arn"):
        sets({"for_guard": True}, models=[NOVA])
    made = only({"for_guard": True, "role": "app"}, models=[NOVA])
    assert made.notes[0].startswith("The path of the role app is not known")
