"""The whole check through real HTTP: who is asked about, what IAM answers, and what the guard makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from bedrock_guard import (
    Decision,
    Finding,
    Guard,
    Layer,
    MissingPermissionsError,
    PrincipalError,
    Report,
    UnverifiedPermissionsError,
)
from bedrock_guard.advice.guard_policy import guard_policy
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.testing import sandbox
from tests.aws.statements import allow, deny, document
from tests.botocore_version import of_the_catalogue

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
PROFILE = f"us.{SONNET}"
NOVA = "amazon.nova-lite-v1:0"
NOVA_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
REGIONS = ("us-east-1", "us-east-2", "us-west-2")
SIMULATE = "SimulatePrincipalPolicy"


KNOWS_EXCLUSIONS = "PolicyExclusionList" in (
    botocore.session.Session().get_service_model("iam").operation_model(SIMULATE).input_shape.members  # type: ignore[union-attr]
)
"""Whether the installed botocore can ask without SCPs and boundary; older ones cannot."""


def assert_what_is_behind_is_told(finding: Finding) -> None:
    if KNOWS_EXCLUSIONS:
        assert finding.also_denied_by == (Layer.IDENTITY,)
    else:
        assert any("could not be asked" in detail for detail in finding.evidence.details)


INVOKE = document(allow(["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]))


def own(arn: str) -> dict[str, Any]:
    """The guard's own permissions for the principal of an ARN."""
    return guard_policy(principal_from_arn(arn))


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.reset()
    return running


def role(aws: Sandbox, *policies: Mapping[str, Any], path: str = "/", name: str = "app", **more: Any) -> str:
    arn = f"arn:aws:iam::123456789012:role{path}{name}"
    return aws.role(name, policies=[*policies, own(arn)], path=path, **more)


def guard(aws: Sandbox, name: str = "app", **options: Any) -> Guard:
    declared = {"models": [NOVA], "operations": ["converse"], "session": aws.session(name)}
    return Guard(**{**declared, **options})


def check(aws: Sandbox, **options: Any) -> Report:
    return guard(aws, **options).check()


def only(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


def operations(aws: Sandbox) -> list[str]:
    return [call.operation for call in aws.calls]


# -- who ------------------------------------------------------------------------------------------------------------


def test_a_role_with_a_path_is_found_by_its_full_arn(aws: Sandbox) -> None:
    """STS shows no path, and the permission to simulate is granted on the ARN with it."""
    arn = role(aws, INVOKE, path="/svc/team/")
    report = check(aws)
    assert report.exit_code == 0
    assert report.principal is not None
    assert report.principal.policy_source_arn == arn
    assert report.principal.path_known


def test_without_the_right_to_read_the_role_both_arns_are_in_the_advice(aws: Sandbox) -> None:
    aws.role("app", policies=[INVOKE], path="/svc/")
    report = check(aws)
    assert report.exit_code == 3
    assert {finding.code for finding in report.findings} == {"BG401"}
    (remedy,) = report.remedies
    resources = remedy.statements[0]["Resource"]
    assert resources == ["arn:aws:iam::123456789012:role/app", "arn:aws:iam::123456789012:role/*/app"]
    aws.role("app", policies=[INVOKE, document(*remedy.statements)], path="/svc/")
    assert check(aws).exit_code == 0, "the remedy, pasted as printed, lets the guard ask"


def test_a_condition_on_the_roles_own_arn_is_judged_with_its_path(aws: Sandbox) -> None:
    """Service control policies exempt roles by their path; the ARN that STS shows has none."""
    by_path = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/svc/*"}}
    role(aws, INVOKE, path="/svc/")
    aws.scp(document(deny("bedrock:*", Condition=by_path)))
    assert check(aws).exit_code == 0
    role(aws, INVOKE, path="/other/")
    assert only(check(aws)).code == "BG203"


def test_a_condition_on_the_roles_own_arn_is_not_judged_without_its_path(aws: Sandbox) -> None:
    by_path = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/svc/*"}}
    simulate = allow(["iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy"])
    aws.role("app", policies=[document(allow("bedrock:*", Condition=by_path), simulate)], path="/svc/")
    assert only(check(aws)).evidence.unknown_context_keys == ("aws:PrincipalArn",)
    aws.role("app", policies=[INVOKE, document(deny("bedrock:*", Condition=by_path), simulate)], path="/svc/")
    assert only(check(aws)).decision is Decision.UNVERIFIED


def test_a_namesake_in_the_callers_account_is_not_taken_for_the_principal(aws: Sandbox) -> None:
    """iam:GetRole takes a name, and looks it up in the account of the credentials."""
    role(aws, INVOKE)
    elsewhere = "arn:aws:iam::999988887777:role/app"
    for evaluators in (["simulator"], ["offline"], ["simulator", "offline"]):
        report = Guard(models=[NOVA], session=aws.session(), principal_arn=elsewhere, evaluators=evaluators).check()
        assert report.exit_code == 3


def test_an_identity_center_role_is_mended_in_its_permission_set(aws: Sandbox) -> None:
    name = "AWSReservedSSO_Developers_0123456789abcdef"
    role(aws, path="/aws-reserved/sso.amazonaws.com/", name=name)
    report = check(aws, name=name)
    assert report.principal is not None
    assert report.principal.permission_set == "Developers"
    assert "permission set Developers" in report.remedies[0].text


def test_a_user_has_what_its_groups_have(aws: Sandbox) -> None:
    aws.group("callers", policies=[INVOKE])
    arn = "arn:aws:iam::123456789012:user/team/ann"
    aws.user("ann", policies=[own(arn)], groups=["callers"], path="/team/")
    session = aws.user_session("ann")
    assert Guard(models=[NOVA], session=session).check().exit_code == 0
    assert Guard(actions=["bedrock:ListAgents"], session=session).check().exit_code == 1


def test_a_role_that_nobody_assumed_yet_is_asked_about_by_its_arn(aws: Sandbox) -> None:
    arn = aws.role("later", policies=[], path="/svc/")
    report = Guard(models=[NOVA], session=aws.session(), region="us-east-1", principal_arn=arn).check()
    assert report.exit_code == 1
    assert "GetCallerIdentity" not in operations(aws)
    missing = Guard(models=[NOVA], session=aws.session(), principal_arn=arn.replace("later", "never")).check()
    assert {finding.code for finding in missing.findings} == {"BG408"}


@pytest.mark.parametrize("arn", ["arn:aws:iam::123456789012:root", "arn:aws:sts::123456789012:federated-user/ann"])
def test_who_cannot_be_simulated_is_unverified_and_nothing_is_asked(aws: Sandbox, arn: str) -> None:
    report = Guard(models=[NOVA], session=aws.session(), principal_arn=arn).check()
    assert [finding.code for finding in report.findings] == ["BG403"]
    assert SIMULATE not in operations(aws)


# -- what IAM says ----------------------------------------------------------------------------------------------------


def test_a_profile_is_checked_in_every_region_it_routes_to(aws: Sandbox) -> None:
    """The classic: the role allows the profile and the model at home, and one call in three fails."""
    at_home = [f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{PROFILE}"]
    at_home += [f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}"]
    role(aws, document(allow("bedrock:InvokeModelWithResponseStream", at_home)))
    report = check(aws, models=[PROFILE], operations=["converse_stream"])
    assert {f.requirement.resource for f in report.allowed} == set(at_home)
    assert {f.requirement.resource.split(":")[3] for f in report.denied} == {"us-east-2", "us-west-2"}
    assert {f.code for f in report.denied} == {"BG101"}
    runtime = aws.session("app").client("bedrock-runtime")
    with pytest.raises(runtime.exceptions.AccessDeniedException, match="us-east-2"):
        runtime.converse_stream(modelId=PROFILE, messages=[{"role": "user", "content": [{"text": "hi"}]}])


def test_the_printed_statement_and_nothing_more_makes_the_call_pass(aws: Sandbox) -> None:
    role(aws)
    with pytest.raises(MissingPermissionsError) as caught:
        guard(aws, models=[PROFILE], operations=["converse_stream"]).verify()
    (remedy,) = caught.value.report.remedies
    role(aws, document(*remedy.statements))
    mended = guard(aws, models=[PROFILE], operations=["converse_stream"])
    assert mended.verify().exit_code == 0
    answer = mended.client("bedrock-runtime").converse_stream(
        modelId=PROFILE, messages=[{"role": "user", "content": [{"text": "hi"}]}]
    )
    assert any("contentBlockDelta" in event for event in answer["stream"])


def test_the_boundary_caps_what_the_policies_grant(aws: Sandbox) -> None:
    role(aws, INVOKE, boundary=document(allow(["iam:*", "sts:*", "s3:*"])))
    finding = only(check(aws))
    assert (finding.decision, finding.layer, finding.code) == (Decision.IMPLICIT_DENY, Layer.BOUNDARY, "BG202")
    role(aws, document(allow("s3:*")), boundary=document(allow(["iam:*", "sts:*", "s3:*"])))
    assert_what_is_behind_is_told(only(check(aws)))


def test_a_service_control_policy_that_locks_a_region_is_named_with_the_region(aws: Sandbox) -> None:
    role(aws, INVOKE)
    aws.scp(
        document(deny("bedrock:*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "us-east-2"]}}))
    )
    report = check(aws, models=[PROFILE])
    assert {f.requirement.resource.split(":")[3] for f in report.denied} == {"us-west-2"}
    (denied,) = report.denied
    assert (denied.layer, denied.code, denied.also_denied_by) == (Layer.SCP, "BG203", ())
    (remedy,) = report.remedies
    assert remedy.statements == ()
    assert "us-west-2" in remedy.text


def test_what_is_missing_behind_a_service_control_policy_is_told_at_once(aws: Sandbox) -> None:
    role(aws)
    aws.scp(document(deny("bedrock:InvokeModel")))
    report = check(aws)
    assert_what_is_behind_is_told(only(report))
    with_statements = [bool(remedy.statements) for remedy in report.remedies]
    assert with_statements == ([True, False] if KNOWS_EXCLUSIONS else [False])


def test_an_organization_that_denies_one_resource_does_not_take_the_blame_for_another(aws: Sandbox) -> None:
    titan = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
    role(aws, document(allow("bedrock:InvokeModel", NOVA_ARN)))
    aws.scp(document(deny("bedrock:InvokeModel", NOVA_ARN)))
    report = check(aws, models=[NOVA, "amazon.titan-embed-text-v2:0"])
    codes = {f.requirement.resource: f.code for f in report.findings}
    assert codes == {NOVA_ARN: "BG203", titan: "BG101"}


def test_a_deny_behind_a_service_control_policy_is_not_answered_with_an_allow(aws: Sandbox) -> None:
    role(aws, INVOKE, document(deny("bedrock:InvokeModel")))
    aws.scp(document(deny("bedrock:InvokeModel")))
    report = check(aws)
    assert only(report).also_denied_by == ()
    assert not any(remedy.statements for remedy in report.remedies)
    if KNOWS_EXCLUSIONS:
        assert any("a Deny of policy-2" in detail for detail in only(report).evidence.details)


def test_a_denial_by_an_organization_says_what_it_was_asked_without(aws: Sandbox) -> None:
    """A data perimeter fires when it is not told where requests come from, and IAM never shows its keys."""
    role(aws, INVOKE)
    perimeter = {"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}
    aws.scp(document(deny("bedrock:*", Condition=perimeter)))
    assert any("--context" in detail for detail in only(check(aws)).evidence.details)
    assert check(aws, context={"aws:SourceVpc": "vpc-1"}).exit_code == 0


def test_an_explicit_deny_names_its_policy(aws: Sandbox) -> None:
    role(aws, INVOKE, document(deny("bedrock:*")))
    finding = only(check(aws))
    assert (finding.decision, finding.code) == (Decision.EXPLICIT_DENY, "BG201")
    assert [statement.policy for statement in finding.evidence.statements] == ["policy-2"]


def test_a_region_condition_is_judged_by_the_region_of_each_destination(aws: Sandbox) -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}}
    role(aws, document(allow("bedrock:InvokeModel", Condition=condition)))
    report = check(aws, models=[PROFILE])
    assert {f.requirement.resource.split(":")[3] for f in report.denied} == {"us-east-2"}


def test_models_that_may_only_be_reached_through_a_profile_are_allowed_through_it(aws: Sandbox) -> None:
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{PROFILE}"
    through = {"StringEquals": {"bedrock:InferenceProfileArn": arn}}
    models = f"arn:aws:bedrock:*::foundation-model/{SONNET}"
    role(aws, document(allow("bedrock:InvokeModel", arn), allow("bedrock:InvokeModel", models, Condition=through)))
    assert check(aws, models=[PROFILE]).exit_code == 0
    assert check(aws, models=[SONNET]).exit_code == 1


# -- what nobody knows -------------------------------------------------------------------------------------------------

FROM_ENDPOINT = {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
FROM_ELSEWHERE = {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}


@pytest.mark.parametrize(
    "statements",
    [
        [allow("bedrock:InvokeModel", Condition=FROM_ENDPOINT)],
        [allow("bedrock:InvokeModel"), deny("bedrock:InvokeModel", Condition=FROM_ENDPOINT)],
        [allow("bedrock:InvokeModel"), deny("bedrock:InvokeModel", Condition=FROM_ELSEWHERE)],
    ],
    ids=["an Allow that sleeps without it", "a Deny that sleeps without it", "a Deny that fires without it"],
)
def test_an_answer_that_hangs_on_an_unknown_key_is_neither_yes_nor_no(
    aws: Sandbox, statements: list[dict[str, Any]]
) -> None:
    """The simulator takes the key for absent, and answers yes or no as if that were known."""
    role(aws, document(*statements))
    report = check(aws)
    finding = only(report)
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG402")
    assert finding.evidence.unknown_context_keys == ("aws:SourceVpce",)
    assert report.exit_code == 3
    known = [check(aws, context={"aws:SourceVpce": value}) for value in ("vpce-1a2b3c4d", "vpce-other")]
    assert {report.exit_code for report in known} == {0, 1}, "told the key, the guard knows"


def test_policies_that_can_be_read_tell_whether_the_key_matters(aws: Sandbox) -> None:
    read = document(allow(["iam:Get*", "iam:List*"]))
    elsewhere = document(allow("s3:GetObject", Condition=FROM_ENDPOINT))
    role(aws, INVOKE, elsewhere)
    assert only(check(aws)).decision is Decision.UNVERIFIED
    role(aws, INVOKE, elsewhere, read)
    assert only(check(aws)).decision is Decision.ALLOWED
    role(aws, document(allow("bedrock:InvokeModel", Condition=FROM_ENDPOINT)), read)
    assert only(check(aws)).code == "BG402"


def test_the_tags_of_a_role_are_known_and_those_of_a_session_are_not(aws: Sandbox) -> None:
    """A session may bring tags of its own, which win over the role's and are shown nowhere."""
    by_team = {"StringEquals": {"aws:PrincipalTag/team": "ml"}}
    arn = role(aws, document(allow("bedrock:InvokeModel", Condition=by_team)), tags={"team": "ml"})
    assert Guard(models=[NOVA], session=aws.session(), principal_arn=arn).check().exit_code == 0
    session = check(aws)
    assert only(session).evidence.unknown_context_keys == ("aws:PrincipalTag/team",)
    assert check(aws, context={"aws:PrincipalTag/team": "ml"}).exit_code == 0
    role(aws, document(allow("bedrock:InvokeModel", Condition=by_team)), tags={"team": "search"})
    assert Guard(models=[NOVA], session=aws.session(), principal_arn=arn).check().exit_code == 1


def test_a_tag_whose_key_holds_a_space_is_a_key_like_others(aws: Sandbox) -> None:
    frozen = {"StringEquals": {"aws:PrincipalTag/Cost Center": "x"}}
    role(aws, INVOKE, document(deny("bedrock:*", Condition=frozen)), tags={"Cost Center": "x"})
    assert only(check(aws)).code == "BG402"
    assert only(check(aws, context={"aws:PrincipalTag/Cost Center": "x"})).code == "BG201"


def test_a_guardrail_that_the_policies_demand_is_named_and_not_called_missing(aws: Sandbox) -> None:
    """An Allow without the condition would switch the enforcement off."""
    guardrail = "arn:aws:bedrock:us-east-1:123456789012:guardrail/g1"
    demands = {"StringEquals": {"bedrock:GuardrailIdentifier": guardrail}}
    unless = {"StringNotEquals": {"bedrock:GuardrailIdentifier": guardrail}}
    for policy in (
        document(allow("bedrock:InvokeModel", Condition=demands)),
        document(allow("bedrock:InvokeModel"), deny("bedrock:InvokeModel", Condition=unless)),
    ):
        role(aws, policy)
        report = check(aws)
        assert only(report).evidence.unknown_context_keys == ("bedrock:GuardrailIdentifier",)
        assert not any(remedy.statements for remedy in report.remedies)
        assert check(aws, context={"bedrock:GuardrailIdentifier": guardrail}).exit_code == 0


def test_a_resource_of_another_account_is_not_allowed_by_one_side(aws: Sandbox) -> None:
    role(aws, document(allow("bedrock:*")))
    elsewhere = ("bedrock:Retrieve", "arn:aws:bedrock:us-east-1:999988887777:knowledge-base/KB12345678")
    finding = only(check(aws, models=[], operations=[], actions=[elsewhere]))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG415")


def test_a_deny_on_one_knowledge_base_is_no_grant_of_all(aws: Sandbox) -> None:
    one = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"
    read = document(allow(["iam:Get*", "iam:List*"]))
    role(aws, document(allow("bedrock:*"), deny("bedrock:Retrieve", one)), read)
    finding = only(check(aws, models=[], operations=["retrieve"]))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG407")
    assert one in finding.why
    role(aws, document(allow("bedrock:*")), read, boundary=document(allow("iam:*"), allow("bedrock:Retrieve", one)))
    assert only(check(aws, models=[], operations=["retrieve"])).code == "BG407", "the boundary allows one of them"


def test_a_grant_on_one_knowledge_base_is_not_a_denial_of_all(aws: Sandbox) -> None:
    one = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"
    role(aws, document(allow("bedrock:Retrieve", one)), document(allow(["iam:Get*", "iam:List*"])))
    finding = only(check(aws, models=[], operations=["retrieve"]))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG407")
    assert one in finding.why
    named = check(aws, models=[], operations=[], actions=[("bedrock:Retrieve", one)])
    assert named.exit_code == 0


# -- when IAM cannot be asked ----------------------------------------------------------------------------------------


def test_a_guard_that_may_not_ask_says_so_and_starts_the_app(aws: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    aws.role("app", policies=[INVOKE])
    report = guard(aws).verify()
    assert (report.exit_code, only(report).code) == (3, "BG401")
    assert "bedrock_guard.unverified" in caplog.text
    with pytest.raises(UnverifiedPermissionsError):
        guard(aws, on_unverified="raise").verify()
    caplog.clear()
    guard(aws, on_unverified="ignore").verify()
    assert not caplog.records


def test_policies_that_can_be_read_stand_in_for_a_simulator_that_refuses(aws: Sandbox) -> None:
    read = document(allow(["iam:Get*", "iam:List*"]), deny("iam:SimulatePrincipalPolicy"))
    role(aws, INVOKE, read)
    report = check(aws)
    finding = only(report)
    assert (finding.decision, finding.evidence.evaluator, finding.code) == (Decision.ALLOWED, "offline", "BG413")
    assert any("service control policies" in note.text for note in report.notes)
    only_simulator = check(aws, evaluators=["simulator"])
    assert only(only_simulator).code == "BG401"


def test_passing_throttling_is_waited_out(aws: Sandbox) -> None:
    role(aws, INVOKE)
    aws.faults.throttle(SIMULATE, times=2)
    assert check(aws).exit_code == 0


def test_throttling_to_the_end_is_unverified_within_the_budget(aws: Sandbox) -> None:
    role(aws, INVOKE)
    aws.faults.throttle(SIMULATE, times=None)
    finding = only(check(aws, budget_seconds=1.5))
    assert (finding.decision, finding.code, finding.retryable) == (Decision.UNVERIFIED, "BG405", True)


def test_an_iam_that_does_not_answer_is_unverified_within_the_budget(aws: Sandbox) -> None:
    role(aws, INVOKE)
    aws.faults.latency(3, SIMULATE)
    finding = only(check(aws, budget_seconds=1.0))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG404")


def test_an_sts_that_does_not_answer_is_unverified_and_not_a_failure(aws: Sandbox) -> None:
    role(aws, INVOKE)
    aws.faults.latency(3, "GetCallerIdentity")
    report = guard(aws, budget_seconds=0.7).verify()
    assert report.principal is None
    assert [finding.code for finding in report.findings] == ["BG412"]


def test_expired_credentials_are_an_error_of_their_own(aws: Sandbox) -> None:
    role(aws, INVOKE)
    session = aws.session("app")
    assert aws.expire("app")
    with pytest.raises(PrincipalError) as caught:
        Guard(models=[NOVA], session=session).check()
    assert caught.value.code == "BG411"
    assert "sso login" in caught.value.remedy


def test_expired_credentials_that_ask_about_another_role_are_an_error_too(aws: Sandbox) -> None:
    arn = role(aws, INVOKE)
    session = aws.session("app")
    assert aws.expire("app")
    with pytest.raises(PrincipalError):
        Guard(models=[NOVA], session=session, principal_arn=arn).verify()


def test_who_may_not_ask_about_another_role_is_the_one_to_be_allowed(aws: Sandbox) -> None:
    """The statement belongs into the caller's policy, not into that of the role it asks about."""
    arn = role(aws, INVOKE)
    aws.role("pipeline", policies=[document(allow("s3:*"))])
    report = Guard(models=[NOVA], session=aws.session("pipeline"), principal_arn=arn).check()
    (remedy,) = report.remedies
    assert "assumed-role/pipeline/" in remedy.text
    assert "role app" not in remedy.owner


# -- what it costs -----------------------------------------------------------------------------------------------------


def test_thirty_requirements_are_two_round_trips(aws: Sandbox) -> None:
    """GetCallerIdentity, then GetRole, GetContextKeys, at most three simulations and two reads a model side by side."""
    role(aws, document(allow(["bedrock:*"])))
    models = [NOVA, "amazon.nova-pro-v1:0", "amazon.nova-micro-v1:0", "amazon.titan-embed-text-v2:0"]
    needed = Guard(
        models=models,
        operations=["converse", "converse_stream", "get_foundation_model", "list_foundation_models", "list_agents"],
        actions=[
            *((f"bedrock:{name}", f"arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB{n}")
            for name in ("Retrieve", "GetKnowledgeBase") for n in range(8)),
        ],
        session=aws.session("app"),
    )  # fmt: skip
    aws.calls.clear()
    report = needed.check()
    assert len(report.allowed) == 30
    calls = list(aws.calls)
    names = sorted(call.operation for call in calls)
    assert names.count(SIMULATE) <= 3
    assert [name for name in names if name != SIMULATE] == [
        "GetCallerIdentity",
        "GetContextKeysForPrincipalPolicy",
        *["GetFoundationModel"] * len(models),
        *["GetFoundationModelAvailability"] * len(models),
        "GetRole",
    ]
    first = next(call for call in calls if call.operation == "GetCallerIdentity")
    second = [call for call in calls if call is not first]
    assert all(call.started >= first.ended for call in second)
    assert max(call.started for call in second) < min(call.ended for call in second) + 0.5


def test_a_guard_that_is_asked_nothing_makes_no_call(aws: Sandbox) -> None:
    role(aws, INVOKE)
    session = aws.session("app")
    aws.calls.clear()
    made = Guard(models=[PROFILE], operations=["converse"], session=session)
    made.client("bedrock-runtime")
    assert len(aws.calls) == 0


@of_the_catalogue
@pytest.mark.parametrize("granted", [True, False])
def test_a_tool_that_the_provider_runs_is_needed_besides_the_model(aws: Sandbox, *, granted: bool) -> None:
    """With a grant of the model alone the call is denied for the tool, and so says the check."""
    tool = "arn:aws:bedrock::123456789012:system-tool/amazon.nova_grounding"
    role(aws, document(allow("bedrock:InvokeModel"), *([allow("bedrock:InvokeTool", tool)] if granted else [])))
    call: dict[str, Any] = {
        "modelId": "amazon.nova-lite-v1:0",
        "messages": [{"role": "user", "content": [{"text": "what is new?"}]}],
        "toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]},
    }
    report = check(aws, requests=[("converse", call)])
    finding = next(one for one in report.findings if one.requirement.action == "bedrock:InvokeTool")
    assert finding.requirement.resource == tool
    assert finding.decision is (Decision.ALLOWED if granted else Decision.IMPLICIT_DENY)
    client = aws.session("app", region="us-east-1").client("bedrock-runtime")
    if granted:
        client.converse(**call)
    else:
        with pytest.raises(ClientError, match="InvokeTool"):
            client.converse(**call)


def test_a_lock_on_regions_shuts_web_grounding_out(aws: Sandbox) -> None:
    """It is authorised in the Region "unspecified"."""
    lock = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}})
    role(aws, document(allow(["bedrock:InvokeModel", "bedrock:InvokeTool", "iam:*", "sts:*"]), lock))
    call = {"modelId": "amazon.nova-lite-v1:0", "toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}}
    report = check(aws, requests=[("converse", call)])
    decided = {one.requirement.action: one.decision for one in report.findings}
    assert decided["bedrock:InvokeTool"] is Decision.EXPLICIT_DENY
    assert decided["bedrock:InvokeModel"] is Decision.ALLOWED
