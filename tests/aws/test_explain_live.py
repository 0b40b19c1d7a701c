"""An error explained with what AWS says of the same request now: denied in the sandbox, caught, and asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest

from bedrock_guard import ConfigurationError, Decision, Diagnosis, Finding, Layer, explain
from bedrock_guard.testing import sandbox
from tests.aws.statements import allow, deny, document

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

NOVA = "amazon.nova-lite-v1:0"
NOVA_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
INVOKE = "bedrock:InvokeModel"
APP = "arn:aws:iam::123456789012:role/app"
KNOWS_EXCLUSIONS = "PolicyExclusionList" in (
    botocore.session.Session().get_service_model("iam").operation_model("SimulatePrincipalPolicy").input_shape.members  # type: ignore[union-attr]
)
"""Whether the installed botocore can ask without SCPs; an older one sees less behind them."""


SEES_ALL = document(allow(["iam:Get*", "iam:List*", "iam:SimulatePrincipalPolicy"]))
"""What it takes to be asked, and read, about oneself."""
SIMULATES = document(allow(["iam:GetRole", "iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy"]))
EVERYTHING = document(allow("*"))


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Iterator[Sandbox]:
    running.reset()
    yield running
    running.faults.clear()


def converse(session: boto3.Session, model: str = NOVA) -> None:
    session.client("bedrock-runtime").converse(modelId=model, messages=[{"role": "user", "content": [{"text": "Hi"}]}])


def caught(call: Callable[..., object], *args: Any, **kwargs: Any) -> Exception:
    with pytest.raises(Exception, match="AccessDenied") as error:
        call(*args, **kwargs)
    return error.value


def denied(session: boto3.Session) -> Exception:
    return caught(converse, session)


def only(diagnosis: Diagnosis) -> Finding:
    (finding,) = diagnosis.findings
    return finding


def texts(diagnosis: Diagnosis, code: str) -> list[str]:
    return [note.text for note in diagnosis.notes if note.code == code]


def live(session: boto3.Session, error: object = None, **options: Any) -> Diagnosis:
    return explain(denied(session) if error is None else error, live=True, session=session, **options)


# -- where message and IAM agree ------------------------------------------------------------------------------------


def test_a_missing_allow_is_confirmed_and_nothing_differs(aws: Sandbox) -> None:
    aws.role("app", policies=[SEES_ALL])
    diagnosis = live(aws.session("app"))
    finding = only(diagnosis)
    assert (finding.decision, finding.layer, finding.code) == (Decision.IMPLICIT_DENY, Layer.IDENTITY, "BG101")
    assert (finding.requirement.action, finding.requirement.resource) == (INVOKE, NOVA_ARN)
    assert finding.evidence.evaluator == "simulator"
    assert "the policies as read say the same" in finding.evidence.details
    assert finding.also_denied_by == ()
    assert diagnosis.notes == ()
    assert diagnosis.live
    assert diagnosis.principal is not None
    assert diagnosis.principal.policy_source_arn == APP
    (remedy,) = diagnosis.remedies
    assert remedy.statements[0]["Action"] == [INVOKE]


def test_a_deny_is_named_with_sid_and_place_and_the_layers_behind_it(aws: Sandbox) -> None:
    """The simulator gives policy and place, the policies as read the Sid; behind it lie boundary and missing Allow."""
    lock = document(*SEES_ALL["Statement"], deny("bedrock:Invoke*", Sid="NoModels"))
    aws.role("app", policies={"lock": lock}, boundary=document(allow("iam:*")))
    finding = only(live(aws.session("app")))
    assert (finding.decision, finding.layer, finding.code) == (Decision.EXPLICIT_DENY, Layer.IDENTITY, "BG201")
    (statement,) = finding.evidence.statements
    assert (statement.policy, statement.sid) == ("lock", "NoModels")
    assert statement.line == 1
    assert set(finding.also_denied_by) == {Layer.BOUNDARY, Layer.IDENTITY}


def test_a_deny_in_front_of_an_allow_has_nothing_behind_it(aws: Sandbox) -> None:
    aws.role("app", policies=[EVERYTHING, document(deny(INVOKE))])
    assert only(live(aws.session("app"))).also_denied_by == ()


def test_every_deny_that_hits_is_named(aws: Sandbox) -> None:
    aws.role("app", policies={"one": document(*EVERYTHING["Statement"], deny(INVOKE)), "two": document(deny(INVOKE))})
    named = {statement.policy for statement in only(live(aws.session("app"))).evidence.statements}
    assert named == {"one", "two"}


def test_a_boundary_that_does_not_allow_shows_the_missing_allow_behind_it(aws: Sandbox) -> None:
    """In a session, a boundary is what AWS names only when the identity policies allow: here they do."""
    aws.role("app", policies=[EVERYTHING], boundary=document(allow("iam:*")))
    finding = only(live(aws.session("app")))
    assert (finding.layer, finding.code) == (Layer.BOUNDARY, "BG202")
    assert finding.also_denied_by == ()
    aws.role("app", policies=[SEES_ALL], boundary=document(allow("iam:*"), deny("bedrock:*", Sid="NoBedrock")))
    finding = only(live(aws.session("app")))
    assert (finding.decision, finding.layer) == (Decision.EXPLICIT_DENY, Layer.BOUNDARY)
    assert [statement.sid for statement in finding.evidence.statements] == ["NoBedrock"]
    assert finding.also_denied_by == (Layer.IDENTITY,)
    assert "without that, the permissions boundary does not allow it" in finding.evidence.details


def test_behind_an_scp_both_boundary_and_identity_are_named(aws: Sandbox) -> None:
    """IAM hides the statements of an SCP, so its ARN is the message's; the layers behind are asked without SCPs."""
    aws.role("app", policies=[SIMULATES], boundary=document(allow("iam:*")))
    arn = aws.scp(document(deny("bedrock:*")), name="lock")
    finding = only(live(aws.session("app"), evaluators=("simulator",)))
    assert (finding.decision, finding.layer, finding.code) == (Decision.EXPLICIT_DENY, Layer.SCP, "BG203")
    assert [str(statement) for statement in finding.evidence.statements] == [arn]
    if KNOWS_EXCLUSIONS:
        assert finding.also_denied_by == (Layer.BOUNDARY, Layer.IDENTITY)


def test_behind_an_scp_a_role_that_may_has_nothing(aws: Sandbox) -> None:
    aws.role("app", policies=[EVERYTHING], boundary=EVERYTHING)
    aws.scp(document(deny("bedrock:*")))
    diagnosis = live(aws.session("app"))
    assert only(diagnosis).also_denied_by == ()
    assert not any(remedy.statements for remedy in diagnosis.remedies)


def test_a_user_is_asked_about_with_the_policies_of_its_groups(aws: Sandbox) -> None:
    aws.group("locked", policies={"lock": document(deny(INVOKE, Sid="OfTheGroup"))})
    aws.user("dev", policies=[EVERYTHING], groups=["locked"])
    finding = only(live(aws.user_session("dev")))
    assert [statement.sid for statement in finding.evidence.statements] == ["OfTheGroup"]


def test_the_denied_model_is_asked_about_in_its_own_region(aws: Sandbox) -> None:
    """A profile is denied at a destination: the question carries that Region, which a lock is about."""
    aws.role("app", policies=[EVERYTHING])
    lock = deny("bedrock:*", Condition={"StringEquals": {"aws:RequestedRegion": "us-west-2"}})
    aws.scp(document(lock))
    session = aws.session("app")
    diagnosis = live(session, caught(converse, session, "us.amazon.nova-lite-v1:0"))
    finding = only(diagnosis)
    assert ":us-west-2:" in finding.requirement.resource
    assert (finding.decision, finding.layer) == (Decision.EXPLICIT_DENY, Layer.SCP)


# -- where they differ ----------------------------------------------------------------------------------------------


def test_a_session_policy_is_what_the_simulator_cannot_see(aws: Sandbox) -> None:
    aws.role("app", policies=[EVERYTHING])
    diagnosis = live(aws.session("app", policy=document(allow("iam:*"))))
    assert only(diagnosis).decision is Decision.ALLOWED
    (text,) = texts(diagnosis, "BG433")
    assert "names the session policy, which IAM's simulator does not see" in text
    assert f"nothing is known to be wrong in the policies of {APP}" in text
    assert not any(remedy.statements for remedy in diagnosis.remedies)
    assert diagnosis.remedies[0].owner == "whoever assumes the role and passes the session policy"


def test_behind_a_session_policy_the_missing_allow_is_told(aws: Sandbox) -> None:
    """An explicit deny of the session is named first, whatever the role's policies say."""
    aws.role("app", policies=[SEES_ALL])
    diagnosis = live(aws.session("app", policy=document(allow("*"), deny("bedrock:*"))))
    assert only(diagnosis).code == "BG101"
    (text,) = texts(diagnosis, "BG433")
    assert "names the session policy, which cannot be asked about; behind it no identity policy allows it" in text
    owners = [remedy.owner for remedy in diagnosis.remedies]
    assert owners[0] == "whoever assumes the role and passes the session policy"
    assert owners[-1] == "whoever edits the policies of role app"


def test_what_was_mended_since_is_not_to_be_mended_again(aws: Sandbox) -> None:
    aws.role("app", policies=[SEES_ALL])
    session = aws.session("app")
    error = denied(session)
    aws.role("app", policies=[EVERYTHING])
    diagnosis = live(session, error)
    assert only(diagnosis).decision is Decision.ALLOWED
    (text,) = texts(diagnosis, "BG433")
    assert "allowed now" in text
    assert "seconds to minutes" in text
    (remedy,) = diagnosis.remedies
    assert (remedy.statements, remedy.codes) == ((), ("BG433",))
    assert remedy.text.startswith("Make the same call again")


def test_another_layer_than_the_messages_keeps_both_remedies(aws: Sandbox) -> None:
    """An SCP that fires by where a request came from sleeps in the simulator, and the missing Allow comes to light."""
    aws.role("app", policies=[SEES_ALL])
    aws.scp(document(deny("bedrock:*", Condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}})))
    session = aws.session("app")
    diagnosis = live(session)
    assert only(diagnosis).code == "BG101"
    (text,) = texts(diagnosis, "BG433")
    assert "names a service control policy, which does not deny it now" in text
    assert "Behind it no identity policy allows it" in text
    owners = {remedy.owner for remedy in diagnosis.remedies}
    assert owners == {"the owner of the organization's policies", "whoever edits the policies of role app"}
    # Told what the request carried, IAM says the same as the message.
    told = live(session, context={"aws:SourceIp": "127.0.0.1"})
    assert only(told).layer is Layer.SCP
    assert texts(told, "BG433") == []


def test_of_a_message_without_a_layer_iam_tells_which_it_is(aws: Sandbox) -> None:
    aws.role("app", policies=[EVERYTHING], boundary=document(allow("iam:*")))
    session = aws.session("app")
    bare = (
        f"User: arn:aws:sts::123456789012:assumed-role/app/sandbox is not authorized to perform: {INVOKE} on {NOVA_ARN}"
    )
    diagnosis = live(session, bare.replace(f" on {NOVA_ARN}", f" on resource: {NOVA_ARN}"))
    assert only(diagnosis).layer is Layer.BOUNDARY
    (text,) = texts(diagnosis, "BG433")
    assert "does not say by which kind of policy; asked now, the permissions boundary does not allow it" in text
    assert [remedy.owner for remedy in diagnosis.remedies] == ["whoever owns the permissions boundary"]


@pytest.mark.parametrize(
    "clause",
    [
        "",
        " because no identity-based policy allows the aws-marketplace:Subscribe action",
        " because no session policy allows the aws-marketplace:Subscribe action",
        " with an explicit deny in a service control policy",
    ],
)
def test_a_right_to_buy_that_is_missing_now_is_offered_to_no_role(aws: Sandbox, clause: str) -> None:
    """Whatever kind of policy denied it, and whatever IAM finds behind: the subscription is an administrator's."""
    aws.role("app", policies=[SEES_ALL])
    message = (
        "User: arn:aws:sts::123456789012:assumed-role/app/sandbox is not authorized to perform: "
        f"aws-marketplace:Subscribe on resource: *{clause}"
    )
    diagnosis = live(aws.session("app"), message)
    assert only(diagnosis).code == "BG101"
    (remedy,) = diagnosis.remedies
    assert (remedy.owner, remedy.statements) == ("an administrator of the account", ())


# -- whom it is about -----------------------------------------------------------------------------------------------


def test_an_administrator_asks_about_the_one_who_was_denied(aws: Sandbox) -> None:
    aws.role("app", path="/svc/")
    error = denied(aws.session("app"))
    diagnosis = live(aws.session(), error)
    assert only(diagnosis).code == "BG101"
    assert diagnosis.principal is not None
    assert diagnosis.principal.policy_source_arn == "arn:aws:iam::123456789012:role/svc/app"
    (text,) = texts(diagnosis, "BG433")
    assert "assumed-role/app/sandbox, and the credentials here are those of" in text
    assert "user/administrator. IAM was asked about arn:aws:sts::123456789012:assumed-role/app/sandbox" in text


def test_another_session_of_the_same_role_is_nobody_else(aws: Sandbox) -> None:
    aws.role("app", policies=[SEES_ALL])
    error = denied(aws.session("app", session_name="worker-1"))
    diagnosis = live(aws.session("app", session_name="laptop"), error)
    assert only(diagnosis).code == "BG101"
    assert texts(diagnosis, "BG433") == []


def test_of_another_account_nobody_is_asked_in_its_place(aws: Sandbox) -> None:
    """The administrator may do everything, and that says nothing of a role elsewhere."""
    message = str(denied_message(aws)).replace("123456789012", "210987654321")
    aws.calls.clear()
    diagnosis = live(aws.session(), message)
    finding = only(diagnosis)
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG408")
    assert "ask with credentials of that account" in finding.why
    assert [call.operation for call in aws.calls] == ["GetCallerIdentity"]
    assert diagnosis.remedies == explain(message).remedies


def denied_message(aws: Sandbox) -> Exception:
    aws.role("app")
    return denied(aws.session("app"))


def test_a_principal_that_was_named_is_asked_about_and_that_is_told(aws: Sandbox) -> None:
    error = denied_message(aws)
    aws.role("other", policies=[EVERYTHING])
    diagnosis = live(aws.session(), error, principal_arn="arn:aws:iam::123456789012:role/other")
    assert only(diagnosis).decision is Decision.ALLOWED
    assert any("IAM was asked about arn:aws:iam::123456789012:role/other" in text for text in texts(diagnosis, "BG433"))


def test_a_message_without_a_caller_is_about_the_caller(aws: Sandbox) -> None:
    aws.role("app", policies=[SEES_ALL])
    message = (
        f"You are not authorized to perform: {INVOKE} on resource: {NOVA_ARN} because no identity-based policy allows "
        f"the {INVOKE} action"
    )
    diagnosis = live(aws.session("app"), message)
    assert only(diagnosis).code == "BG101"
    assert any("does not say who was denied" in text for text in texts(diagnosis, "BG433"))


@pytest.mark.parametrize("kind", ["root", "federated"])
def test_whom_iam_cannot_simulate_is_said_not_to_be(aws: Sandbox, kind: str) -> None:
    aws.scp(document(deny("bedrock:*")))
    if kind == "root":
        error = denied(aws.root_session())
    else:
        aws.user("dev", policies=[EVERYTHING])
        error = denied(aws.federated_session("dev", "guest", policy=EVERYTHING))
    finding = only(live(aws.session(), error))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG403")


def test_a_service_that_was_denied_is_not_asked_about(aws: Sandbox) -> None:
    message = (
        f"User: bedrock.amazonaws.com is not authorized to perform: {INVOKE} on resource: {NOVA_ARN} because no "
        f"identity-based policy allows the {INVOKE} action"
    )
    finding = only(live(aws.session(), message))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG403")
    assert "bedrock.amazonaws.com" in finding.why


def test_an_api_key_in_the_environment_is_told_of(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What shadows a role is the first thing to know; the sandbox's own sessions are told to sign in spite of it."""
    aws.role("app", policies=[EVERYTHING])
    aws.user("key-user", policies=[document(allow("bedrock:CallWithBearerToken"))])
    key = aws.api_keys.long_term("key-user")
    for name, value in aws.environment("app", api_key=key).items():
        monkeypatch.setenv(name, value)
    error = denied(boto3.Session())
    diagnosis = explain(error, live=True)
    assert diagnosis.notes[0].code == "BG420"
    (text,) = texts(diagnosis, "BG433")
    assert "user/key-user is the holder of the API key in the environment" in text
    assert key not in str(diagnosis)


# -- what cannot be asked -------------------------------------------------------------------------------------------


def test_a_message_that_names_no_resource_to_ask_about_is_said_not_to_be_asked(aws: Sandbox) -> None:
    """Of an action that is not known nobody knows what it takes."""
    message = (
        "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: newservice:DoIt because no "
        "identity-based policy allows the newservice:DoIt action"
    )
    diagnosis = live(aws.session(), message)
    assert diagnosis.findings == ()
    assert diagnosis.remedies == explain(message).remedies
    assert texts(diagnosis, "BG400") == [
        "IAM was not asked about newservice:DoIt: the message names no resource that could be asked about."
    ]


def test_a_pattern_in_place_of_a_resource_is_no_certain_answer(aws: Sandbox) -> None:
    """The message leaves the resource out: a grant on one knowledge base is neither a yes nor a no for it."""
    kb = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"
    aws.role("app", policies=[SEES_ALL, document(allow("bedrock:Retrieve", kb))])
    message = (
        "User: arn:aws:sts::123456789012:assumed-role/app/sandbox is not authorized to perform: bedrock:Retrieve "
        "because no identity-based policy allows the bedrock:Retrieve action"
    )
    finding = only(live(aws.session("app"), message))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG407")


def test_what_is_no_matter_of_iam_is_not_asked_about(aws: Sandbox) -> None:
    aws.calls.clear()
    diagnosis = live(
        aws.session(),
        "An error occurred (ThrottlingException) when calling the Converse operation: Too many requests",
    )
    assert not diagnosis.live
    assert list(aws.calls) == []
    assert diagnosis.findings == ()


def test_without_credentials_the_message_alone_answers(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    message = str(denied_message(aws))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    diagnosis = explain(message, live=True)
    assert not diagnosis.live
    assert diagnosis.remedies == explain(message).remedies
    (note,) = diagnosis.notes
    assert note.code == "BG410"
    assert note.text.startswith("AWS was not asked, so this is what the message alone says")


def test_without_any_region_the_message_alone_answers(aws: Sandbox) -> None:
    aws.role("app")
    message = str(caught(aws.session("app").client("bedrock").list_inference_profiles))
    diagnosis = explain(message, live=True, session=boto3.Session())
    (note,) = diagnosis.notes
    assert note.code == "BG503"


def test_expired_credentials_are_one_note(aws: Sandbox) -> None:
    session, error = aws_session_and_error(aws)
    aws.expire("app")
    diagnosis = live(session, error)
    (note,) = diagnosis.notes
    assert note.code == "BG411"
    assert diagnosis.findings == ()
    assert diagnosis.remedies == explain(error).remedies


def aws_session_and_error(aws: Sandbox) -> tuple[boto3.Session, Exception]:
    aws.role("app", policies=[SEES_ALL])
    session = aws.session("app")
    return session, denied(session)


def test_where_sts_fails_the_principal_of_the_message_is_asked_about(aws: Sandbox) -> None:
    session, error = aws_session_and_error(aws)
    aws.faults.error("sts:GetCallerIdentity", "ServiceUnavailable", "Try later.", http_status=503)
    diagnosis = live(session, error)
    assert diagnosis.notes[0].code == "BG412"
    assert only(diagnosis).code == "BG101"


def test_a_simulator_that_refuses_leaves_the_policies(aws: Sandbox) -> None:
    aws.role("app", policies=[document(allow(["iam:Get*", "iam:List*"])), document(deny(INVOKE, Sid="Lock"))])
    finding = only(live(aws.session("app")))
    assert (finding.evidence.evaluator, finding.layer) == ("offline", Layer.IDENTITY)
    assert [statement.sid for statement in finding.evidence.statements] == ["Lock"]
    assert finding.also_denied_by == (Layer.IDENTITY,)


def test_where_all_is_refused_the_message_answers_and_the_right_to_ask_is_named(aws: Sandbox) -> None:
    aws.role("app")
    session = aws.session("app")
    error = denied(session)
    diagnosis = live(session, error)
    assert only(diagnosis).code == "BG401"
    assert diagnosis.remedies[0] == explain(error).remedies[0]
    assert diagnosis.remedies[-1].text.startswith("To have IAM asked about this denial as well")


@pytest.mark.parametrize("fault", ["throttle", "server_error"])
def test_a_fault_in_passing_changes_nothing(aws: Sandbox, fault: str) -> None:
    session, error = aws_session_and_error(aws)
    getattr(aws.faults, fault)("iam:SimulatePrincipalPolicy", 1)
    assert only(live(session, error)).code == "BG101"


def test_no_answer_within_the_budget_is_a_finding_that_says_so(aws: Sandbox) -> None:
    session, error = aws_session_and_error(aws)
    aws.faults.latency(30.0, "iam")
    diagnosis = live(session, error, budget_seconds=1.0)
    finding = only(diagnosis)
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG404")
    assert diagnosis.remedies == explain(error).remedies


def test_nothing_that_listens_is_a_note(aws: Sandbox) -> None:
    session, error = aws_session_and_error(aws)
    with aws.refusing_connections():
        diagnosis = live(session, error, budget_seconds=1.0)
    assert diagnosis.remedies == explain(error).remedies
    assert any(note.code == "BG412" for note in diagnosis.notes)


def test_a_fault_of_the_asking_itself_is_a_note(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    session, error = aws_session_and_error(aws)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret text")

    monkeypatch.setattr("bedrock_guard.aws.principal.resolve_principal", broken)
    diagnosis = live(session, error)
    (note,) = diagnosis.notes
    assert note.code == "BG500"
    assert "secret text" not in note.text


def test_an_interrupt_is_not_swallowed(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    session, error = aws_session_and_error(aws)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bedrock_guard.aws.principal.resolve_principal", interrupted)
    with pytest.raises(KeyboardInterrupt):
        live(session, error)


@pytest.mark.parametrize(
    "options",
    [
        {"region": "us east"},
        {"principal_arn": "app"},
        {"context": {"no key": "x"}},
        {"evaluators": ("oracle",)},
        {"budget_seconds": 0},
    ],
)
def test_an_argument_that_cannot_be_used_is_refused_whether_asked_or_not(options: dict[str, Any]) -> None:
    for asked in (True, False):
        with pytest.raises(ConfigurationError):
            explain("AccessDenied", live=asked, **options)


# -- several at once ------------------------------------------------------------------------------------------------


def test_several_denials_are_asked_about_each_as_its_own_principal(aws: Sandbox) -> None:
    aws.role("app")
    aws.role("batch", policies=[EVERYTHING, document(deny(INVOKE, Sid="NotInBatch"))])
    log = f"{denied(aws.session('app'))}\n{denied(aws.session('app'))}\n{denied(aws.session('batch'))}"
    diagnosis = live(aws.session(), log)
    first, second = diagnosis.findings
    assert (first.code, first.requirement.principal) == ("BG101", "")
    assert (second.code, second.requirement.principal) == ("BG201", "arn:aws:iam::123456789012:role/batch")
    assert [statement.sid for statement in second.evidence.statements] == ["NotInBatch"]
    assert Diagnosis.from_dict(diagnosis.to_dict()) == diagnosis


def test_the_engine_keeps_a_stale_yes_of_the_simulators_from_being_one(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IAM's answer may be older than the policies: a yes that they do not bear out is not certain."""
    session, error = aws_session_and_error(aws)
    from bedrock_guard.aws import simulator
    from bedrock_guard.aws.simulation import Simulated

    def stale(_: object, __: object, batch: Any, *___: object) -> dict[Any, Simulated]:
        return {question: Simulated(Decision.ALLOWED) for question in batch.questions}

    monkeypatch.setattr(simulator.Simulator, "_simulate", stale)
    finding = only(live(session, error))
    assert (finding.decision, finding.code, finding.retryable) == (Decision.UNVERIFIED, "BG406", True)
