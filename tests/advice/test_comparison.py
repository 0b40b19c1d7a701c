"""A message held against what IAM says now: only causes that the message leaves room for, and no false comfort."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bedrock_guard.advice.answers import Answered, findings_of, remedies_now
from bedrock_guard.advice.comparison import differences, same_layer, whose_denial, with_named_policy
from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials import format_denial, read_denials
from bedrock_guard.advice.subjects import parties_of, region_told, subject_of
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.principal import Principal, principal_from_arn
from bedrock_guard.report import Evidence, Finding, Requirement, StatementReference

MODEL = "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0"
SESSION = principal_from_arn("arn:aws:sts::123456789012:assumed-role/app/i-1")
USER = principal_from_arn("arn:aws:iam::123456789012:user/dev")
VISIBLE = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP)
UNSEEN = (Layer.SESSION, Layer.RCP, Layer.VPC_ENDPOINT, Layer.RESOURCE)
NAMES = {
    Layer.SESSION: "the session policy",
    Layer.RCP: "a resource control policy",
    Layer.VPC_ENDPOINT: "a VPC endpoint policy",
    Layer.RESOURCE: "a resource-based policy",
}


def denial(layer: Layer = Layer.UNKNOWN, *, explicit: bool | None = None, **more: object) -> Denial:
    known = Denial(
        DenialKind.PERMISSION,
        cause="explicit" if explicit else "implicit",
        code="BG430",
        caller=SESSION.caller_arn,
        action="bedrock:InvokeModel",
        resource=MODEL,
        layer=layer,
        explicit=explicit,
    )
    return replace(known, **more)  # type: ignore[arg-type]


def finding(
    decision: Decision, layer: Layer | None = None, *, evaluator: str = "simulator", resource: str = MODEL
) -> Finding:
    codes = {Layer.IDENTITY: "BG101", Layer.BOUNDARY: "BG202", Layer.SCP: "BG203"}
    code = codes.get(layer) if layer is not None else None
    return Finding(Requirement("bedrock:InvokeModel", resource), decision, Evidence(evaluator), code, layer)


ALLOWED = finding(Decision.ALLOWED)
MISSING = finding(Decision.IMPLICIT_DENY, Layer.IDENTITY)


def said(message: Denial, answer: Finding, asked: Principal = SESSION) -> str:
    notes = differences(message, answer, asked=asked)
    assert {note.code for note in notes} <= {"BG433"}
    return " ".join(note.text for note in notes)


# -- agreement ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", VISIBLE)
@pytest.mark.parametrize("explicit", [True, False])
def test_where_both_say_the_same_nothing_is_said(layer: Layer, explicit: bool) -> None:
    decision = Decision.EXPLICIT_DENY if explicit else Decision.IMPLICIT_DENY
    answer = finding(decision, layer)
    assert same_layer(denial(layer, explicit=explicit), answer)
    assert same_layer(denial(layer), answer)
    assert said(denial(layer, explicit=explicit), answer) == ""
    assert not same_layer(denial(layer, explicit=not explicit), answer)


def test_of_an_answer_that_decides_nothing_nothing_is_concluded() -> None:
    assert said(denial(Layer.IDENTITY, explicit=False), finding(Decision.UNVERIFIED)) == ""


def test_an_advisory_finding_is_no_agreement() -> None:
    advisory = replace(MISSING, requirement=replace(MISSING.requirement, advisory=True))
    assert not same_layer(denial(Layer.IDENTITY, explicit=False), advisory)


# -- allowed now ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", UNSEEN)
def test_a_layer_that_the_simulator_does_not_see_is_the_whole_answer(layer: Layer) -> None:
    text = said(denial(layer, explicit=True), ALLOWED)
    assert f"names {NAMES[layer]}, which IAM's simulator does not see" in text
    assert "nothing is known to be wrong in the policies of arn:aws:iam::123456789012:role/app" in text
    others = [name for other, name in NAMES.items() if other is not layer]
    assert not any(name in text for name in others)
    assert "allowed now" not in text


def test_the_engine_sees_no_scps() -> None:
    """Read policies are those of the account: a yes of theirs says nothing against a message that names an SCP."""
    text = said(denial(Layer.SCP, explicit=True), finding(Decision.ALLOWED, evaluator="offline"))
    assert "a service control policy, which our engine, on the policies as read, does not see" in text


@pytest.mark.parametrize("layer", VISIBLE)
def test_a_layer_that_it_sees_was_changed_or_hangs_on_the_request(layer: Layer) -> None:
    text = said(denial(layer, explicit=True), ALLOWED)
    assert "allowed now" in text
    assert "changed after the denial" in text
    assert "its Deny has a condition" in text
    assert "session policy" not in text


@pytest.mark.parametrize(
    ("message", "asked", "resource", "left", "left_out"),
    [
        (denial(), SESSION, MODEL, ["session policy", "resource control", "endpoint"], ["policy of the resource"]),
        (denial(), USER, MODEL, ["resource control policy", "VPC endpoint"], ["session policy", "service control"]),
        # A resource control policy cannot lack an Allow: RCPFullAWSAccess stays.
        (denial(explicit=False), SESSION, MODEL, ["session policy", "VPC endpoint"], ["resource control policy"]),
        (denial(explicit=True), SESSION, MODEL, ["resource control policy"], []),
        (denial(), SESSION, MODEL.replace("::f", ":210987654321:f"), ["policy of the resource itself"], []),
    ],
)
def test_of_a_message_without_a_layer_only_what_fits_is_left(
    message: Denial, asked: Principal, resource: str, left: list[str], left_out: list[str]
) -> None:
    text = said(message, finding(Decision.ALLOWED, resource=resource), asked)
    assert "does not say by which kind of policy" in text
    assert all(part in text for part in [*left, "a change after the denial"])
    assert not any(part in text for part in left_out)


# -- denied by something else ---------------------------------------------------------------------------------------


def test_behind_a_layer_that_cannot_be_asked_about_both_are_to_be_mended() -> None:
    text = said(denial(Layer.SESSION, explicit=True), MISSING)
    assert "names the session policy, which cannot be asked about" in text
    assert "behind it no identity policy allows it" in text


def test_what_comes_first_would_have_been_named() -> None:
    """A missing Allow of the identity is reached only where the SCPs let the request pass."""
    text = said(denial(Layer.IDENTITY, explicit=False), finding(Decision.EXPLICIT_DENY, Layer.SCP))
    assert "all that is evaluated before it let the request pass then" in text
    assert "aws:SourceVpce" in text
    behind = said(denial(Layer.SCP, explicit=True), MISSING)
    assert "which does not deny it now" in behind
    assert "Behind it no identity policy allows it" in behind


def test_another_how_in_the_same_layer_is_a_change_or_a_condition() -> None:
    text = said(denial(Layer.IDENTITY, explicit=True), MISSING)
    assert "tells of a Deny in an identity policy, and now no identity policy allows it" in text


def test_a_layer_is_supplied_to_a_message_that_names_none() -> None:
    deny = replace(
        finding(Decision.EXPLICIT_DENY, Layer.BOUNDARY),
        evidence=Evidence("simulator", (StatementReference("edge", sid="No"),)),
    )
    assert "asked now, a Deny in the permissions boundary denies it (edge (No))" in said(denial(), deny)


def test_the_policy_that_a_message_names_is_the_statement_that_iam_hides() -> None:
    arn = "arn:aws:organizations::111122223333:policy/o-a/service_control_policy/p-b"
    scp = finding(Decision.EXPLICIT_DENY, Layer.SCP)
    named = with_named_policy(denial(Layer.SCP, explicit=True, policy_arn=arn), scp)
    assert [one.policy for one in named.evidence.statements] == [arn]
    assert with_named_policy(denial(Layer.IDENTITY, explicit=True, policy_arn=arn), scp) is scp
    assert with_named_policy(denial(Layer.SCP, explicit=True, policy_arn=arn), ALLOWED) is ALLOWED


# -- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caller", "same"),
    [
        ("arn:aws:sts::123456789012:assumed-role/app/other-session", True),
        ("arn:aws:iam::123456789012:role/svc/app", True),
        ("arn:aws:sts::123456789012:assumed-role/apps/i-1", False),
        ("arn:aws:sts::210987654321:assumed-role/app/i-1", False),
        ("arn:aws:iam::123456789012:user/app", False),
    ],
)
def test_who_is_the_same_is_a_matter_of_policies_not_of_sessions(caller: str, same: bool) -> None:
    note = whose_denial(denial(), principal_from_arn(caller), asked=SESSION)
    assert (note is None) is same


def test_who_is_not_known_is_not_said_to_be_another() -> None:
    assert whose_denial(denial(), None, asked=SESSION) is None
    assert whose_denial(denial(caller=None), USER, asked=None) is None


def test_the_holder_of_a_key_is_known_by_name_and_account() -> None:
    message = denial(caller="arn:aws:iam::123456789012:user/team/dev")
    holder = "arn:aws:iam::123456789012:user/dev"
    note = whose_denial(message, SESSION, asked=None, holder=holder)
    assert note is not None
    assert "is the holder of the API key" in note.text
    for other in ("", "not an ARN", holder.replace("dev", "ops"), holder.replace("123456789012", "210987654321")):
        note = whose_denial(message, SESSION, asked=None, holder=other)
        assert note is not None
        assert "API key" not in note.text


@pytest.mark.parametrize("asked", ["arn:aws:iam::123456789012:root", "arn:aws:sts::123456789012:federated-user/bob"])
def test_whom_iam_cannot_simulate_it_is_not_said_to_have_been_asked_about(asked: str) -> None:
    principal = principal_from_arn(asked)
    note = whose_denial(denial(caller=asked), SESSION, asked=principal)
    assert note is not None
    assert "IAM was asked" not in note.text
    assert whose_denial(denial(caller=None), principal, asked=principal) is None


def test_a_masked_caller_is_not_said_to_be_another() -> None:
    """It may be the very same: the mask hides it."""
    assert whose_denial(denial(caller="arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"), SESSION, asked=None) is None


# -- what to do -----------------------------------------------------------------------------------------------------


def read(text: str) -> Denial:
    (found,) = read_denials(text).denials
    return found


def message(layer: Layer, *, explicit: bool) -> Denial:
    return read(format_denial(denial(layer, explicit=explicit)))


@pytest.mark.parametrize("layer", VISIBLE)
def test_what_is_allowed_now_is_not_to_be_added(layer: Layer) -> None:
    remedies = remedies_now([Answered(message(layer, explicit=False), ALLOWED, SESSION)])
    assert [remedy.codes for remedy in remedies] == [("BG433",)]
    assert not any(remedy.statements for remedy in remedies)


@pytest.mark.parametrize("layer", UNSEEN)
def test_a_yes_does_not_end_what_it_does_not_see(layer: Layer) -> None:
    one = message(layer, explicit=True)
    assert remedies_now([Answered(one, ALLOWED, SESSION)]) == remedies_now([Answered(one)])


def test_without_an_answer_the_message_is_followed() -> None:
    one = message(Layer.IDENTITY, explicit=False)
    unasked = Answered(one, finding(Decision.UNVERIFIED))
    assert remedies_now([unasked]) == remedies_now([Answered(one)])
    assert remedies_now([unasked])[0].statements


def test_denials_of_two_principals_on_one_resource_keep_their_own_answers() -> None:
    """A finding is told apart by whom it is about: what one is allowed the other may lack."""
    first, second = message(Layer.IDENTITY, explicit=False), message(Layer.IDENTITY, explicit=False)
    other = principal_from_arn("arn:aws:sts::123456789012:assumed-role/batch/x")
    second = replace(second, caller=other.caller_arn)
    answers = [Answered(first, ALLOWED, SESSION), Answered(second, MISSING, other)]
    adding = [remedy for remedy in remedies_now(answers) if remedy.statements]
    assert [remedy.owner for remedy in adding] == ["whoever edits the policies of role batch"]
    shown = findings_of(answers, SESSION)
    assert [one.requirement.principal for one in shown] == ["", "arn:aws:iam::123456789012:role/batch"]


def test_statements_of_one_principal_are_put_together() -> None:
    models = [MODEL, MODEL.replace("lite", "pro")]
    messages = [replace(message(Layer.IDENTITY, explicit=False), resource=model) for model in models]
    answers = [
        Answered(one, replace(MISSING, requirement=Requirement("bedrock:InvokeModel", model)), SESSION)
        for one, model in zip(messages, models, strict=True)
    ]
    (remedy,) = remedies_now(answers)
    assert [statement["Resource"] for statement in remedy.statements] == [models]


# -- what is asked --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "region"),
    [
        (denial(region="eu-west-1"), "eu-west-1"),
        (denial(), "us-west-2"),
        (denial(resource="*"), None),
        (denial(resource="arn:aws:iam::123456789012:role/app"), None),
        (denial(resource="arn:aws:bedrock:*:123456789012:knowledge-base/*"), None),
        (denial(resource="role app"), None),
    ],
)
def test_the_region_is_the_answering_one_or_that_of_the_resource(told: Denial, region: str | None) -> None:
    assert region_told(told) == region


def test_each_request_of_a_party_is_asked_once() -> None:
    subjects = [subject_of(denial(), SESSION, principal_arn=None, region="us-east-1") for _ in range(3)]
    (party,) = parties_of(subjects)
    assert parties_of(subjects)[party] == [
        Requirement("bedrock:InvokeModel", MODEL, (("aws:RequestedRegion", ("us-west-2",)),))
    ]
    assert party.principal is SESSION


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        ("arn:aws:sts::210987654321:assumed-role/app/i-1", "BG408"),
        ("arn:aws-us-gov:sts::123456789012:assumed-role/app/i-1", "BG408"),
        ("bedrock.amazonaws.com", "BG403"),
    ],
)
def test_nobody_else_is_asked_about_in_place_of_whom_iam_cannot_tell_of(caller: str, code: str) -> None:
    one = subject_of(denial(caller=caller), USER, principal_arn=None, region="us-east-1")
    assert one.party is None
    assert parties_of([one]) == {}
    assert one.unasked is not None
    assert (one.unasked.decision, one.unasked.code) == (Decision.UNVERIFIED, code)


MASKED = "arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"


def test_masked_text_is_said_to_be_nothing_to_ask_about() -> None:
    masked = subject_of(denial(caller=MASKED), SESSION, principal_arn=None, region="us-east-1")
    knowledge_base = "arn:aws:bedrock:us-east-1:ACCOUNT-1:knowledge-base/KB12345678"
    asked = SESSION.caller_arn
    place = subject_of(denial(resource=knowledge_base), SESSION, principal_arn=asked, region="us-east-1")
    for one in (masked, place):
        assert one.party is None
        assert one.unasked is not None
        assert one.unasked.code == "BG400"
        assert "the text was masked" in one.unasked.why
    nothing = subject_of(denial(caller=MASKED, resource=None), SESSION, principal_arn=None, region="us-east-1")
    assert nothing.note is not None
    assert "the text was masked" in nothing.note.text


def test_a_masked_caller_can_be_named_by_whoever_asks() -> None:
    """The models of AWS have no account in their ARN, so nothing of the request is hidden."""
    one = subject_of(denial(caller=MASKED), SESSION, principal_arn=SESSION.caller_arn, region="us-east-1")
    assert one.party is not None
    assert one.party.principal is SESSION


@pytest.mark.parametrize("resource", [None, "arn:aws:iam::123456789012:role/app"])
def test_of_a_call_without_signature_no_principal_is_asked_about(resource: str | None) -> None:
    message = denial(Layer.TRUST, action="sts:AssumeRoleWithWebIdentity", caller=None, resource=resource)
    one = subject_of(message, SESSION, principal_arn=None, region="us-east-1")
    assert one.party is None
    said = one.note.text if one.note is not None else one.unasked.why if one.unasked is not None else ""
    assert "the call is not signed" in said


def test_a_masked_authorization_is_no_id_to_ask_aws_about() -> None:
    behind = (
        ". Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/{0} for "
        "complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: {0}"
    )
    sentence = format_denial(denial(Layer.SCP, explicit=True))
    assert read(sentence + behind.format("abc123def456")).authorization_id == "abc123def456"
    assert read(sentence + behind.format("AUTHORIZATION-1")).authorization_id is None
