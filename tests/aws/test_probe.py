"""The probe evaluator through real HTTP: what may be called, what an answer proves, and what it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import botocore.model
import pytest

from bedrock_guard import Decision, Finding, Guard, Layer, Report
from bedrock_guard.bedrock.probes import ProbeCall, probes
from bedrock_guard.testing import sandbox
from tests.aws.statements import allow, deny, document
from tests.bedrock.probe_samples import ACCOUNT, CALLS, NOVA, NOVA_PROFILE

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

NOVA_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
SONNET_PROFILE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
GUARDRAIL = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/gr1234567890"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.faults.clear()
    running.reset()
    return running


def check(aws: Sandbox, *statements: Mapping[str, Any], **declared: Any) -> Report:
    """The report for a role that holds the statements and may ask IAM nothing."""
    aws.role("app", policies=[document(*statements)] if statements else [])
    options = {"evaluators": ["simulator", "offline", "probe"], "check_model_access": False, **declared}
    aws.calls.clear()
    return Guard(session=aws.session("app"), **options).check()


def the_one(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


def called(aws: Sandbox) -> list[str]:
    """What was called of Bedrock."""
    return [call.name for call in aws.calls if call.service.startswith("bedrock")]


def a_guardrail(aws: Sandbox) -> str:
    made = (
        aws.session()
        .client("bedrock")
        .create_guardrail(name="words", blockedInputMessaging="no", blockedOutputsMessaging="no")
    )
    return str(made["guardrailArn"])


# -- answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "resource"), CALLS)
def test_each_probe_is_denied_to_a_role_that_holds_nothing(aws: Sandbox, call: ProbeCall, resource: str) -> None:
    """The call is authorised as its action and on the resource it was made for, by the sandbox's own reading of it."""
    action = call.probe.action
    report = check(aws, actions=[action if resource == "*" else (action, resource)], evaluators=["probe"])
    finding = the_one(report)
    assert (finding.decision, finding.layer, finding.code) == (Decision.IMPLICIT_DENY, Layer.IDENTITY, "BG101")
    assert finding.evidence.evaluator == "probe"
    assert call.probe.name in finding.evidence.details[0]
    assert called(aws) == [call.probe.name]


@pytest.mark.parametrize(("call", "resource"), CALLS)
def test_each_probe_with_its_own_permission_is_never_denied_and_calls_nothing_else(
    aws: Sandbox, call: ProbeCall, resource: str
) -> None:
    """Allowed where it answered; what is not there, and a request made to be refused, stay open."""
    action = call.probe.action
    report = check(
        aws,
        # A call through a profile reaches a model in some Region; counting tokens and reading reach nothing else.
        allow(action, [resource, "arn:aws:bedrock:*::foundation-model/*"] if "profile/" in resource else resource),
        actions=[action if resource == "*" else (action, resource)],
        evaluators=["probe"],
    )
    finding = the_one(report)
    made = [made for made in aws.calls if made.service.startswith("bedrock")]
    assert {(one.name, one.decision) for one in made} == {(call.probe.name, "allowed")}
    answered = made[-1].http_status < 300
    assert finding.decision is (Decision.ALLOWED if answered else Decision.UNVERIFIED)
    if call.probe.refused and call.probe.operation != "CountTokens":
        assert [one.error_code for one in made] == ["ValidationException"]
    if call.probe.operation in SERVED:
        assert answered


SERVED = ("GetFoundationModel", "ListAgents", "ListFoundationModels", "ListGuardrails", "ListInferenceProfiles")
"""What the sandbox answers although nothing was made in it."""


def test_an_answer_proves_the_permission(aws: Sandbox) -> None:
    arn = a_guardrail(aws)
    finding = the_one(check(aws, allow("bedrock:GetGuardrail", arn), actions=[("bedrock:GetGuardrail", arn)]))
    assert finding.decision is Decision.ALLOWED
    assert finding.evidence.evaluator == "probe"
    assert finding.evidence.details == (
        f"bedrock:GetGuardrail answered arn:aws:sts::{ACCOUNT}:assumed-role/app/sandbox on this resource",
    )
    assert finding.code is None


def test_the_default_evaluators_probe_nothing(aws: Sandbox) -> None:
    arn = a_guardrail(aws)
    aws.role("app", policies=[document(allow("bedrock:*"))])
    aws.calls.clear()
    report = Guard(actions=[("bedrock:GetGuardrail", arn)], session=aws.session("app")).check()
    assert the_one(report).decision is Decision.UNVERIFIED
    assert called(aws) == []


def test_what_was_not_found_is_no_yes(aws: Sandbox) -> None:
    """Whether a service looks for the resource or asks IAM first is documented nowhere."""
    finding = the_one(check(aws, allow("bedrock:GetGuardrail"), actions=[("bedrock:GetGuardrail", GUARDRAIL)]))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG401")
    assert "ResourceNotFoundException" in finding.evidence.details[-1]


@pytest.mark.parametrize("operation", ["InvokeModel", "InvokeModelWithResponseStream"])
def test_a_refused_body_is_no_yes(aws: Sandbox, operation: str) -> None:
    """The role may call the model, and still nothing but its own reason is said: a wrong "allowed" is the worst."""
    report = check(aws, allow(f"bedrock:{operation}"), models=[NOVA], operations=[operation])
    finding = the_one(report)
    assert called(aws) == [f"bedrock-runtime:{operation}"]
    assert aws.calls.of(operation)[0].error_code == "ValidationException"
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG401")
    assert finding.why == "the guard may not call iam:SimulatePrincipalPolicy"
    assert "does not document" in finding.evidence.details[-1]


def test_a_model_that_needs_a_profile_says_nothing_of_permissions(aws: Sandbox) -> None:
    aws.faults.error("InvokeModel", "ValidationException", "The provided model identifier is invalid.")
    finding = the_one(check(aws, models=[NOVA], operations=["InvokeModel"]))
    assert finding.decision is Decision.UNVERIFIED


def test_a_denied_model_is_denied(aws: Sandbox) -> None:
    finding = the_one(check(aws, allow("bedrock:List*"), models=[NOVA], operations=["Converse"]))
    assert (finding.decision, finding.code, finding.layer) == (Decision.IMPLICIT_DENY, "BG101", Layer.IDENTITY)
    assert finding.why == "no policy allows it"
    assert finding.evidence.evaluator == "probe"


def test_a_denial_names_its_layer_and_policy(aws: Sandbox) -> None:
    scp = aws.scp(document(deny("bedrock:GetGuardrail")), name="no-guardrails")
    finding = the_one(check(aws, allow("bedrock:*"), actions=[("bedrock:GetGuardrail", GUARDRAIL)]))
    assert (finding.decision, finding.code, finding.layer) == (Decision.EXPLICIT_DENY, "BG203", Layer.SCP)
    assert finding.why == "denied by a service control policy"
    assert [statement.policy for statement in finding.evidence.statements] == [scp]


def test_a_session_policy_is_seen(aws: Sandbox) -> None:
    """What no simulator shows: the session holds less than its role."""
    aws.role("app", policies=[document(allow("bedrock:*"))])
    session = aws.session("app", policy=document(allow("bedrock:ListAgents")))
    guard = Guard(actions=[("bedrock:GetGuardrail", GUARDRAIL)], session=session, evaluators=["simulator", "probe"])
    finding = the_one(guard.check())
    assert (finding.code, finding.layer) == ("BG205", Layer.SESSION)


# -- profiles -------------------------------------------------------------------------------------------------------


def regions_of(findings: Sequence[Finding]) -> list[str]:
    return sorted(finding.requirement.resource.split(":")[3] for finding in findings)


def test_a_profile_of_another_maker_is_never_called(aws: Sandbox) -> None:
    report = check(
        aws, models=[SONNET_PROFILE], operations=["Converse", "ConverseStream"], actions=["bedrock:ListAgents"]
    )
    assert not [name for name in called(aws) if name.startswith("bedrock-runtime")]
    assert {f.requirement.action for f in report.denied} == {"bedrock:ListAgents"}


def test_a_profile_that_may_be_called_leaves_every_destination_open(aws: Sandbox) -> None:
    report = check(aws, allow(["bedrock:InvokeModel", "bedrock:GetInferenceProfile"]), models=[NOVA_PROFILE])
    assert "bedrock-runtime:InvokeModel" in called(aws)
    assert len(report.findings) > 2
    assert report.unverified == report.findings


def test_a_denied_profile_is_denied_and_its_destinations_stay_open(aws: Sandbox) -> None:
    report = check(aws, allow("bedrock:GetInferenceProfile"), models=[NOVA_PROFILE])
    (denied,) = report.denied
    assert ":inference-profile/" in denied.requirement.resource
    assert len(report.unverified) == len(report.findings) - 1


def test_a_denial_in_a_destination_is_one_of_that_destination_alone(aws: Sandbox) -> None:
    """The message names the model in the Region that the profile routed to; the profile itself is not denied."""
    own = f"arn:aws:bedrock:*:{ACCOUNT}:inference-profile/*"
    report = check(
        aws,
        allow("bedrock:GetInferenceProfile"),
        allow("bedrock:InvokeModel", [own, NOVA_ARN]),
        models=[NOVA_PROFILE],
    )
    (denied,) = report.denied
    said = aws.calls.of("InvokeModel")[0]
    assert ":foundation-model/" in denied.requirement.resource
    assert denied.requirement.resource in said.resources
    assert denied.requirement.resource != NOVA_ARN
    assert "through arn:aws:bedrock:us-east-1:" in denied.evidence.details[0]
    assert len(report.unverified) == len(report.findings) - 1
    profile = next(f for f in report.unverified if ":inference-profile/" in f.requirement.resource)
    assert profile.decision is Decision.UNVERIFIED


def test_a_denial_through_a_profile_is_none_of_the_bare_model(aws: Sandbox) -> None:
    """The same model in the same Region, once by its own id and once through the profile: two requests, two answers."""
    bare_alone = {"Null": {"bedrock:InferenceProfileArn": "true"}}
    report = check(
        aws,
        allow("bedrock:GetInferenceProfile"),
        allow("bedrock:InvokeModel", f"arn:aws:bedrock:*:{ACCOUNT}:inference-profile/*"),
        allow("bedrock:InvokeModel", NOVA_ARN, Condition=bare_alone),
        models=[NOVA, NOVA_PROFILE],
    )
    (denied,) = report.denied
    assert denied.requirement.resource == NOVA_ARN
    assert "bedrock:InferenceProfileArn" in dict(denied.requirement.context)
    assert [f.requirement.context for f in report.unverified if f.requirement.resource == NOVA_ARN] == [
        (("aws:RequestedRegion", ("us-east-1",)),)
    ]


# -- whose permissions, and where ------------------------------------------------------------------------------------


def test_another_principal_is_not_probed(aws: Sandbox) -> None:
    """The session's own rights would be taken for the other's."""
    arn = a_guardrail(aws)
    other = aws.role("other", policies=[document(allow("bedrock:*"))])
    report = check(aws, allow("bedrock:*"), actions=[("bedrock:GetGuardrail", arn)], principal_arn=other)
    assert the_one(report).decision is Decision.UNVERIFIED
    assert called(aws) == []


def test_the_callers_own_arn_given_by_hand_is_not_probed(aws: Sandbox) -> None:
    """The credentials at hand may be a session of that role that holds less."""
    own = aws.role("app")
    report = check(aws, allow("bedrock:*"), actions=["bedrock:ListAgents"], principal_arn=own)
    assert the_one(report).decision is Decision.UNVERIFIED
    assert called(aws) == []


def test_what_a_service_role_needs_is_not_probed(aws: Sandbox) -> None:
    role = aws.role("kb", policies=[document(allow("bedrock:*"))])
    report = check(
        aws,
        allow("bedrock:ListFoundationModels"),
        actions=["bedrock:ListFoundationModels"],
        models=[NOVA],
        service_roles={"lambda": role, "agent": role},
    )
    decided = [f for f in report.findings if f.evidence.evaluator == "probe"]
    assert decided
    assert {f.requirement.principal for f in decided} == {""}
    of_roles = [f for f in report.findings if f.requirement.principal]
    assert of_roles
    assert {f.decision for f in of_roles} == {Decision.UNVERIFIED}


def test_given_policies_are_decided_without_a_call(aws: Sandbox) -> None:
    from bedrock_guard.aws.given import PolicyDocuments

    policies = PolicyDocuments({"app": document(allow("bedrock:GetAgent"))})
    aws.calls.clear()
    report = Guard(
        actions=["bedrock:ListAgents"],
        policies=policies,
        session=aws.session(),
        evaluators=["probe"],
        check_model_access=False,
    ).check()
    assert the_one(report).decision is Decision.IMPLICIT_DENY
    assert list(aws.calls) == []


@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:guardrail/gr1234567890",
        "arn:aws:bedrock:us-east-1:999988887777:guardrail/gr1234567890",
    ],
)
def test_another_region_and_another_account_are_not_probed(aws: Sandbox, resource: str) -> None:
    finding = the_one(check(aws, actions=[("bedrock:GetGuardrail", resource)]))
    assert finding.decision is Decision.UNVERIFIED
    assert finding.evidence.details[-1].startswith("not probed: the resource is in another")
    assert called(aws) == []


@pytest.mark.parametrize("context", [{"aws:SourceVpce": "vpce-1a2b3c4d"}, {"aws:SecureTransport": "false"}])
def test_a_request_with_other_keys_than_a_call_from_here_is_not_probed(
    aws: Sandbox, context: Mapping[str, str]
) -> None:
    arn = a_guardrail(aws)
    report = check(aws, allow("bedrock:*"), actions=[("bedrock:GetGuardrail", arn)], context=context)
    assert the_one(report).decision is Decision.UNVERIFIED
    assert next(iter(context)) in the_one(report).evidence.details[-1]
    assert called(aws) == []


def test_a_model_call_with_a_guardrail_is_not_probed(aws: Sandbox) -> None:
    """A policy may allow the model with that guardrail alone, and the probe carries none."""
    request = {
        "modelId": NOVA,
        "guardrailConfig": {"guardrailIdentifier": "gr1234567890", "guardrailVersion": "1"},
    }
    report = check(aws, requests=[("converse", request)])
    assert {f.decision for f in report.findings} == {Decision.UNVERIFIED}
    assert called(aws) == []


def test_a_key_that_a_request_lacks_is_no_other_call_than_the_probe(aws: Sandbox) -> None:
    check(aws, requests=[("converse", {"modelId": NOVA})])
    assert called(aws) == ["bedrock-runtime:InvokeModel"]


def test_a_call_that_the_installed_botocore_lacks_is_not_made(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.model.ServiceModel, "operation_names", ["GetCallerIdentity"])
    finding = the_one(check(aws, allow("bedrock:*"), actions=["bedrock:ListAgents"]))
    assert finding.decision is Decision.UNVERIFIED
    assert finding.evidence.details[-1] == "not probed: the installed botocore does not know bedrock-agent:ListAgents"
    assert called(aws) == []


def test_nothing_is_probed_while_an_api_key_would_answer(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK would call with the key, which may be another principal's."""
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-not-a-real-one")
    report = check(aws, allow("bedrock:*"), actions=["bedrock:ListAgents", "bedrock:ListFoundationModels"])
    assert {f.decision for f in report.findings} == {Decision.UNVERIFIED}
    assert called(aws) == []


# -- answers that say nothing ---------------------------------------------------------------------------------------


CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/sandbox"


def denial(caller: str = CALLER, action: str = "bedrock:GetGuardrail", resource: str = GUARDRAIL) -> str:
    """IAM's sentence."""
    return (
        f"User: {caller} is not authorized to perform: {action} on resource: {resource} because no identity-based "
        f"policy allows the {action} action"
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "You don't have access to the model with the specified model ID."),
        ("AccessDeniedException", "Your account is not authorized to invoke this API operation."),
        ("AccessDeniedException", denial(caller=f"arn:aws:sts::{ACCOUNT}:assumed-role/other/x")),
        ("AccessDeniedException", denial(action="kms:Decrypt", resource=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234")),
        ("AccessDeniedException", denial(action="bedrock:CallWithBearerToken")),
        ("AccessDeniedException", denial(resource=f"{GUARDRAIL}x")),
        ("ThrottlingException", "Rate exceeded"),
        ("ValidationException", "The guardrail identifier is invalid."),
        ("SomethingNew", "whatever"),
    ],
)
def test_an_error_that_is_no_denial_of_this_by_iam_leaves_it_open(aws: Sandbox, code: str, message: str) -> None:
    aws.faults.error("GetGuardrail", code, message, http_status=403 if code.startswith("Access") else 400)
    finding = the_one(check(aws, allow("bedrock:*"), actions=[("bedrock:GetGuardrail", GUARDRAIL)]))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG401")
    assert message[:40] in finding.evidence.details[-1]


def test_a_denial_without_its_reason_is_a_denial(aws: Sandbox) -> None:
    message = f"User: {CALLER} is not authorized to perform: bedrock:GetGuardrail on resource: {GUARDRAIL}"
    aws.faults.error("GetGuardrail", "AccessDeniedException", message, http_status=403)
    finding = the_one(check(aws, actions=[("bedrock:GetGuardrail", GUARDRAIL)]))
    assert (finding.decision, finding.layer) == (Decision.IMPLICIT_DENY, Layer.UNKNOWN)
    assert finding.code == "BG430"


def test_a_hanging_service_costs_no_more_than_the_budget(aws: Sandbox) -> None:
    aws.faults.latency(3.0, "bedrock")
    report = check(aws, actions=[("bedrock:GetGuardrail", GUARDRAIL), "bedrock:ListAgents"], budget_seconds=1.0)
    open_, denied = report.findings
    assert open_.decision is Decision.UNVERIFIED
    assert "no answer within the budget" in open_.evidence.details[-1]
    assert denied.decision is Decision.IMPLICIT_DENY


# -- the order ------------------------------------------------------------------------------------------------------


def test_what_is_decided_already_is_not_probed(aws: Sandbox) -> None:
    arn = a_guardrail(aws)
    read = ["iam:GetRole", "iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy"]
    report = check(
        aws,
        allow(read),
        allow("bedrock:GetGuardrail"),
        actions=[("bedrock:GetGuardrail", arn), "bedrock:ListAgents"],
    )
    assert [f.evidence.evaluator for f in report.findings] == ["simulator", "simulator"]
    assert called(aws) == []


def test_a_probe_that_is_named_first_goes_first_and_the_rest_is_simulated(aws: Sandbox) -> None:
    arn = a_guardrail(aws)
    read = ["iam:GetRole", "iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy"]
    report = check(
        aws,
        allow(read),
        allow("bedrock:GetGuardrail"),
        actions=[("bedrock:GetGuardrail", arn), "bedrock:CreateGuardrail"],
        evaluators=["probe", "simulator"],
    )
    assert [f.evidence.evaluator for f in report.findings] == ["probe", "simulator"]
    assert len(aws.calls.of("iam:SimulatePrincipalPolicy")) >= 1


def test_what_nobody_decided_keeps_its_first_reason(aws: Sandbox) -> None:
    report = check(
        aws, actions=["bedrock:CreateGuardrail", "bedrock:ListAgents"], evaluators=["simulator", "probe", "offline"]
    )
    open_, denied = report.findings
    assert (open_.code, open_.why) == ("BG401", "the guard may not call iam:SimulatePrincipalPolicy")
    assert denied.evidence.evaluator == "probe"


def test_what_a_probe_was_told_stays_beside_the_reason_of_those_behind_it(aws: Sandbox) -> None:
    finding = the_one(
        check(
            aws,
            allow("bedrock:GetGuardrail"),
            actions=[("bedrock:GetGuardrail", GUARDRAIL)],
            evaluators=["probe", "simulator"],
        )
    )
    assert finding.code == "BG401"
    assert "ResourceNotFoundException" in finding.evidence.details[-1]


def test_a_probe_that_hangs_leaves_time_to_those_behind_it(aws: Sandbox) -> None:
    aws.faults.latency(4.0, "bedrock")
    read = ["iam:GetRole", "iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy"]
    report = check(
        aws,
        allow(read),
        actions=[("bedrock:GetGuardrail", GUARDRAIL)],
        evaluators=["probe", "simulator"],
        budget_seconds=3.0,
    )
    assert (the_one(report).decision, the_one(report).evidence.evaluator) == (Decision.IMPLICIT_DENY, "simulator")


def test_a_federated_user_that_cannot_be_simulated_is_probed(aws: Sandbox) -> None:
    aws.user("tess", policies=[document(allow("bedrock:ListAgents"))])
    session = aws.federated_session("tess", "guest", policy=document(allow("bedrock:*")))
    guard = Guard(
        actions=["bedrock:ListAgents", "bedrock:ListFoundationModels", "bedrock:CreateGuardrail"],
        session=session,
        evaluators=["simulator", "probe"],
    )
    assert [(f.decision, f.code) for f in guard.check().findings] == [
        (Decision.ALLOWED, None),
        (Decision.IMPLICIT_DENY, "BG101"),
        (Decision.UNVERIFIED, "BG403"),
    ]


def test_the_probe_alone_says_of_the_rest_that_nothing_told(aws: Sandbox) -> None:
    report = check(
        aws, allow("bedrock:*"), actions=["bedrock:ListAgents", "bedrock:CreateGuardrail"], evaluators=["probe"]
    )
    allowed, open_ = report.findings
    assert allowed.decision is Decision.ALLOWED
    assert (open_.decision, open_.code) == (Decision.UNVERIFIED, "BG400")
    assert not aws.calls.of("iam")


def test_a_whole_app_is_probed_without_a_call_that_changes_or_costs(aws: Sandbox) -> None:
    """Whatever an app declares, all that reaches Bedrock is a read, or a request to a model that was refused."""
    check(
        aws,
        allow("bedrock:*"),
        allow("bedrock-agentcore:*"),
        models=[NOVA, NOVA_PROFILE, SONNET_PROFILE],
        operations=["Converse", "ConverseStream", "CountTokens", "CreateAgent", "DeleteGuardrail", "StartAsyncInvoke"],
        actions=[
            ("bedrock:ApplyGuardrail", GUARDRAIL),
            ("bedrock:DeleteGuardrail", GUARDRAIL),
            "bedrock:PutUseCaseForModelAccess",
            "bedrock:CreateFoundationModelAgreement",
            "bedrock-agentcore:GetWorkloadAccessToken",
            *(action for action, probe in probes().items() if not probe.kinds),
        ],
    )
    made = [call for call in aws.calls if call.service.startswith("bedrock")]
    assert len(made) > 20
    for call in made:
        if call.operation in ("InvokeModel", "InvokeModelWithResponseStream", "CountTokens"):
            assert call.http_status == 400 or call.operation == "CountTokens"
            assert not any("anthropic" in resource for resource in call.resources)
        else:
            assert re.match("(Get|List)[A-Z]", call.operation), call
