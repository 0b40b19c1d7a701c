"""Model access: what Bedrock says of a model apart from IAM, what blocks, what only may, and what was not told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.model_access import model_access
from bedrock_guard.aws.model_questions import ModelQuestions, forget_answers
from bedrock_guard.aws.routing import destinations_of
from bedrock_guard.bedrock.models import ModelsInUse, parse_model
from bedrock_guard.bedrock.profiles import table_version
from bedrock_guard.report import AccessState, ModelAccess, Note
from bedrock_guard.testing import sandbox

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "amazon.nova-lite-v1:0"
COHERE = "cohere.embed-english-v3"
HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"
INVOKE = "bedrock:InvokeModel"
STREAM = "bedrock:InvokeModelWithResponseStream"
READS = {
    "GetFoundationModel",
    "GetFoundationModelAvailability",
    "GetInferenceProfile",
    "GetUseCaseForModelAccess",
    "ListInferenceProfiles",
}
NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)

USABLE, WARNING, BLOCKED, UNVERIFIED = (
    AccessState.USABLE,
    AccessState.WARNING,
    AccessState.BLOCKED,
    AccessState.UNVERIFIED,
)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Iterator[Sandbox]:
    running.reset()
    forget_answers()
    yield running
    forget_answers()


def access(
    session: boto3.Session,
    *texts: str,
    region: str = "us-east-1",
    partition: str = "aws",
    actions: Collection[str] = (INVOKE,),
    in_use: ModelsInUse | None = None,
    may_ask: bool = True,
) -> tuple[tuple[ModelAccess, ...], tuple[Note, ...]]:
    asked = ModelQuestions(AwsCalls(session, region, Budget(10)))
    models = [(text, parse_model(text)) for text in texts]
    found, _ = destinations_of(asked, models, may_ask=may_ask)
    return model_access(
        asked, models, found, partition=partition, actions=actions, in_use=in_use, may_ask=may_ask, now=NOW
    )


def only(aws: Sandbox, text: str, **more: Any) -> ModelAccess:
    (entry,), notes = access(aws.session(), text, **more)
    assert notes == ()
    return entry


def role(aws: Sandbox, *actions: str) -> boto3.Session:
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": list(actions), "Resource": "*"}}
    aws.role("app", policies=[policy] if actions else [])
    return aws.session("app")


def called(aws: Sandbox) -> list[str]:
    return [call.operation for call in aws.calls]


def converse(aws: Sandbox, model: str, region: str = "us-east-1") -> str:
    """The code of the error that a call of the model ends in."""
    client = aws.session(region=region).client("bedrock-runtime")
    with pytest.raises(ClientError) as raised:
        client.converse(modelId=model, messages=[{"role": "user", "content": [{"text": "hello"}]}])
    return str(raised.value.response["Error"]["Message"])


# -- served by itself, through a profile, in this Region -------------------------------------------------------------


def test_a_model_with_nothing_against_it_is_usable(aws: Sandbox) -> None:
    entry = only(aws, NOVA)

    assert (entry.model, entry.region, entry.state, entry.code, entry.why) == (NOVA, "us-east-1", USABLE, None, "")
    assert entry.source == "bedrock:GetFoundationModel, bedrock:GetFoundationModelAvailability"


@pytest.mark.parametrize("text", [SONNET, f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}"])
def test_a_bare_id_that_only_a_profile_serves_is_said_before_the_call_that_fails(aws: Sandbox, text: str) -> None:
    """With the profiles that fit the Region, those of a geography first."""
    entry = only(aws, text)

    assert (entry.state, entry.code) == (BLOCKED, "BG303")
    assert f"in us-east-1 write us.{SONNET} or global.{SONNET} (bedrock:ListInferenceProfiles)" in entry.why
    assert "on-demand throughput" in converse(aws, text)


def test_the_profiles_of_another_region_are_other_ones(aws: Sandbox) -> None:
    assert f"write eu.{SONNET} or global.{SONNET}" in only(aws, SONNET, region="eu-west-1").why


def test_where_the_profiles_may_not_be_listed_the_table_names_them(aws: Sandbox) -> None:
    session = role(aws, "bedrock:GetFoundationModel*", "bedrock:GetUseCaseForModelAccess")

    (entry,), _ = access(session, SONNET)

    assert (entry.state, entry.code) == (BLOCKED, "BG303")
    assert f"write us.{SONNET} or global.{SONNET} ({table_version()})" in entry.why


def test_a_model_for_provisioned_throughput_is_not_sent_to_a_profile(aws: Sandbox) -> None:
    aws.models.set(NOVA, inference_types=["PROVISIONED"])

    entry = only(aws, NOVA)

    assert (entry.state, entry.code) == (BLOCKED, "BG303")
    assert "Provisioned Throughput" in entry.why


def test_a_model_whose_kinds_of_throughput_are_not_told_is_not_blocked(aws: Sandbox) -> None:
    """An empty list says nothing."""
    aws.models.set(SONNET, inference_types=[])

    assert only(aws, SONNET).state is USABLE


@pytest.mark.parametrize("types", [["INFERENCE_PROFILE"], ["PROVISIONED"]])
def test_what_a_job_alone_is_given_is_warned_of_and_not_blocked(aws: Sandbox, types: list[str]) -> None:
    """Which models a batch takes by their own id is documented per model, and no answer of the service says it."""
    aws.models.set(NOVA, inference_types=types)
    in_batches = ModelsInUse(frozenset(), frozenset({NOVA}))

    assert only(aws, NOVA).state is BLOCKED
    entry = only(aws, NOVA, in_use=in_batches)
    assert (entry.state, entry.code) == (WARNING, "BG303")


def test_without_the_right_to_ask_the_table_is_a_hint_and_no_verdict(aws: Sandbox) -> None:
    """The table lists profiles of models that can be called by their own id as well."""
    (entry,), _ = access(role(aws), SONNET)

    assert (entry.state, entry.code, entry.source) == (UNVERIFIED, "BG313", "shipped table")
    assert "was not told" in entry.why
    assert f"us.{SONNET} or global.{SONNET}" in entry.why


def test_a_profile_of_another_geography_is_said_before_the_call_that_fails(aws: Sandbox) -> None:
    entry = only(aws, f"eu.{SONNET}")

    assert (entry.state, entry.code, entry.source) == (BLOCKED, "BG304", "bedrock:GetInferenceProfile")
    assert f"us.{SONNET}" in entry.why
    assert "invalid" in converse(aws, f"eu.{SONNET}")


def test_a_profile_of_another_geography_is_a_warning_where_only_the_table_says_so(aws: Sandbox) -> None:
    """A table can be older than a profile's newest Region."""
    (entry,), _ = access(role(aws), f"eu.{SONNET}")

    assert (entry.state, entry.code, entry.source) == (WARNING, "BG304", "shipped table")


def test_a_profile_that_is_newer_than_the_table_is_not_called_wrong(aws: Sandbox) -> None:
    (entry,), _ = access(role(aws), "us.amazon.nova-999-v1:0")

    assert (entry.state, entry.code) == (UNVERIFIED, "BG313")


def test_a_model_that_the_region_does_not_offer_is_blocked(aws: Sandbox) -> None:
    """By the availability; the id alone is worth a warning, since the service says no more than that it is invalid."""
    entries, _ = access(aws.session(), "amazon.nova-999-v1:0")

    assert [(entry.state, entry.code) for entry in entries] == [(WARNING, "BG305"), (BLOCKED, "BG305")]


def test_a_model_that_is_not_found_is_blocked(aws: Sandbox) -> None:
    aws.faults.error("GetFoundationModel", "ResourceNotFoundException", "no such model", http_status=404)

    assert only(aws, NOVA).state is BLOCKED


def test_a_profile_is_not_held_to_the_region_of_its_model(aws: Sandbox) -> None:
    """A profile can be called where its model is not offered: us-gov-east-1."""
    aws.models.set(SONNET, in_region=False)

    assert only(aws, f"us.{SONNET}").state is USABLE


# -- lifecycle, streaming --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected", "code", "said"),
    [
        ({"legacy": True}, WARNING, "BG309", "legacy"),
        ({"legacy": True, "end_of_life": datetime(2027, 1, 31, tzinfo=timezone.utc)}, WARNING, "BG309", "2027-01-31"),
        ({"legacy": True, "end_of_life": datetime(2026, 11, 23, tzinfo=timezone.utc)}, BLOCKED, "BG310", "2026-11-23"),
        ({"end_of_life": datetime(2026, 11, 24, tzinfo=timezone.utc)}, BLOCKED, "BG310", "2026-11-24"),
        ({"end_of_life": datetime(2027, 11, 24, tzinfo=timezone.utc)}, USABLE, None, ""),
    ],
)
@pytest.mark.parametrize("text", [NOVA, f"us.{NOVA}"])
def test_a_legacy_model_is_a_warning_and_its_end_blocks(
    aws: Sandbox, text: str, state: Mapping[str, Any], expected: AccessState, code: str | None, said: str
) -> None:
    """Of the model behind a profile as well."""
    lifecycle = aws.session().client("bedrock").meta.service_model.shape_for("FoundationModelLifecycle")
    if "end_of_life" in state and "endOfLifeTime" not in getattr(lifecycle, "members", {}):
        pytest.skip("this botocore does not read the end of a model's life")
    aws.models.set(NOVA, **state)

    entry = only(aws, text)

    assert (entry.state, entry.code) == (expected, code)
    assert said in entry.why


@pytest.mark.parametrize(
    ("actions", "expected"),
    [((STREAM,), BLOCKED), ((INVOKE, STREAM), WARNING), ((INVOKE,), USABLE), ((), USABLE)],
)
def test_a_model_that_does_not_stream_blocks_an_app_that_only_streams(
    aws: Sandbox, actions: tuple[str, ...], expected: AccessState
) -> None:
    """Where the app also calls models whole, which of them it streams is not known."""
    aws.models.set(NOVA, streaming=False)

    assert only(aws, NOVA, actions=actions).state is expected


def test_a_model_that_a_service_calls_need_not_stream_because_the_app_does(aws: Sandbox) -> None:
    aws.models.set(NOVA, streaming=False)

    assert only(aws, NOVA, actions=[STREAM]).code == "BG311"
    assert only(aws, NOVA, actions=[STREAM], in_use=ModelsInUse(frozenset())).state is USABLE


def test_an_embedding_model_is_not_expected_to_stream(aws: Sandbox) -> None:
    assert only(aws, COHERE, actions=(INVOKE, STREAM)).state is USABLE


# -- agreement, entitlement, form ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected", "code"),
    [
        ({"agreement": "NOT_AVAILABLE"}, WARNING, "BG307"),
        ({"agreement": "PENDING"}, WARNING, "BG307"),
        ({"agreement": "ERROR", "agreement_error": "INVALID_PAYMENT_INSTRUMENT"}, BLOCKED, "BG307"),
        ({"authorized": False}, WARNING, "BG306"),
        ({"entitled": False}, WARNING, "BG312"),
        ({"in_region": False}, BLOCKED, "BG305"),
    ],
)
def test_what_fails_every_call_blocks_and_what_may_pass_is_a_warning(
    aws: Sandbox, state: Mapping[str, Any], expected: AccessState, code: str
) -> None:
    """The first call makes a missing agreement; a failed one stays failed."""
    aws.models.set(COHERE, **state)

    entry = only(aws, COHERE)

    assert (entry.state, entry.code, entry.source) == (expected, code, "bedrock:GetFoundationModelAvailability")
    assert str(state.get("agreement_error", "")) in entry.why


def test_a_missing_agreement_is_told_with_what_the_first_call_needs(aws: Sandbox) -> None:
    aws.models.set(COHERE, agreement="NOT_AVAILABLE")

    why = only(aws, COHERE).why

    assert "aws-marketplace:Subscribe" in why
    assert "an administrator" in why


@pytest.mark.parametrize("model", [NOVA, "meta.llama3-8b-instruct-v1:0", "mistral.mistral-large-2402-v1:0"])
def test_a_model_that_is_not_sold_in_the_marketplace_needs_no_agreement(aws: Sandbox, model: str) -> None:
    aws.models.set(model, agreement="NOT_AVAILABLE")

    assert only(aws, model).state is USABLE


def test_access_is_requested_by_hand_in_govcloud(aws: Sandbox) -> None:
    aws.models.set(NOVA, entitled=False)

    assert only(aws, NOVA, partition="aws-us-gov").state is BLOCKED


def test_the_use_case_form_is_asked_for_where_the_agreement_is_missing(aws: Sandbox) -> None:
    """A warning: the management account of an organization may have filled it in."""
    aws.models.set(HAIKU, agreement="NOT_AVAILABLE")

    entries, _ = access(aws.session(), HAIKU)

    assert [(entry.state, entry.code) for entry in entries] == [(WARNING, "BG307"), (WARNING, "BG308")]
    aws.session().client("bedrock").put_use_case_for_model_access(formData=b"{}")
    assert [entry.code for entry in access(aws.session(), HAIKU)[0]] == ["BG307"]


def test_a_model_with_an_agreement_does_not_need_the_form_again(aws: Sandbox) -> None:
    assert only(aws, HAIKU).state is USABLE


def test_the_form_is_anthropics_alone(aws: Sandbox) -> None:
    aws.models.set(COHERE, agreement="NOT_AVAILABLE")

    assert only(aws, COHERE).code == "BG307"
    assert "GetUseCaseForModelAccess" not in called(aws)


# -- what may not be asked, and how much is asked --------------------------------------------------------------------


def test_without_permission_the_state_is_unverified_and_said_so_once(aws: Sandbox) -> None:
    """It never denies, and never blocks."""
    entries, notes = access(role(aws), COHERE, HAIKU)

    assert [(entry.state, entry.code) for entry in entries] == [(UNVERIFIED, "BG313"), (UNVERIFIED, "BG313")]
    (note,) = notes
    assert note.code == "BG313"
    _, to_allow = note.text.split("To let it ask, allow whoever runs the check ")
    models = "arn:aws:bedrock:us-east-1::foundation-model"
    assert to_allow == (
        f"bedrock:GetFoundationModel on {models}/{COHERE}, {models}/{HAIKU}, "
        "bedrock:GetFoundationModelAvailability on *, bedrock:GetUseCaseForModelAccess on *."
    )


def test_one_answer_of_two_is_used_and_the_other_said_to_be_missing(aws: Sandbox) -> None:
    session = role(aws, "bedrock:GetFoundationModel")
    (entry,), notes = access(session, COHERE)
    assert (entry.state, entry.why) == (UNVERIFIED, "bedrock:GetFoundationModelAvailability gave no answer")
    assert len(notes) == 1

    aws.models.set(COHERE, legacy=True)
    (entry,), _ = access(session, COHERE)
    assert (entry.state, entry.code) == (WARNING, "BG309")


def test_a_fault_of_the_service_is_no_fault_of_the_model(aws: Sandbox) -> None:
    aws.faults.error("GetFoundationModelAvailability", "SomethingElse", "not now", http_status=418)

    (entry,), notes = access(aws.session(), COHERE)

    assert entry.state is UNVERIFIED
    assert "not now" in notes[0].text


def test_nothing_is_asked_where_nothing_may_be(aws: Sandbox) -> None:
    """The tables still speak: a profile of another geography, a bare id with profiles."""
    entries, notes = access(aws.session(), f"eu.{SONNET}", SONNET, NOVA, COHERE, may_ask=False)

    assert called(aws) == []
    assert notes == ()
    assert [(entry.state, entry.code) for entry in entries] == [
        (WARNING, "BG304"),
        (UNVERIFIED, "BG313"),
        (UNVERIFIED, "BG313"),
        (UNVERIFIED, "BG313"),
    ]


def test_a_model_is_asked_about_once_however_often_it_is_named(aws: Sandbox) -> None:
    """By its own id, through a profile, through an application profile; and the form once for the account."""
    app = aws.inference_profile("app", [f"arn:aws:bedrock:us-east-1::foundation-model/{HAIKU}"])

    entries, _ = access(aws.session(), HAIKU, f"us.{HAIKU}", app)

    assert [entry.model for entry in entries] == [HAIKU, f"us.{HAIKU}", app]
    assert sorted(called(aws)) == [
        "GetFoundationModel",
        "GetFoundationModelAvailability",
        "GetInferenceProfile",
        "GetInferenceProfile",
        "GetUseCaseForModelAccess",
    ]


def test_the_models_behind_an_application_profile_are_checked(aws: Sandbox) -> None:
    """Each by name where there are several."""
    app = aws.inference_profile("app", [f"arn:aws:bedrock:us-east-1::foundation-model/{m}" for m in (NOVA, COHERE)])
    aws.models.set(COHERE, legacy=True)

    entry = only(aws, app)

    assert (entry.model, entry.code) == (app, "BG309")
    assert entry.why.startswith(f"{COHERE}: ")


def test_a_model_whose_maker_is_not_known_has_no_entry(aws: Sandbox) -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl"

    assert access(aws.session(), arn) == ((), ())


def test_nothing_but_reads_is_called_whatever_is_wrong(aws: Sandbox) -> None:
    """No call that could start a subscription: no model is invoked, no agreement made, no form put."""
    for model in (SONNET, COHERE, HAIKU):
        aws.models.set(model, agreement="NOT_AVAILABLE", legacy=True, entitled=False)

    access(aws.session(), SONNET, COHERE, HAIKU, f"eu.{SONNET}", f"us.{SONNET}", "amazon.nova-999-v1:0")

    assert set(called(aws)) == READS
