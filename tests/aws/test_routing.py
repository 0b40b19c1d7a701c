"""Where profiles, routers and prompts route to: who is asked, who is believed, and how often."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bedrock_guard import Guard
from bedrock_guard.advice.guard_policy import guard_policy
from bedrock_guard.aws import model_questions
from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.model_questions import ModelQuestions, Question, forget_answers
from bedrock_guard.aws.routing import destinations_of
from bedrock_guard.bedrock.models import Destinations, authorised_resources, parse_model
from bedrock_guard.bedrock.profiles import destinations, table_version
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.report import Note
from bedrock_guard.testing import sandbox
from tests.aws.statements import allow, document

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "amazon.nova-lite-v1:0"
ACCOUNT = "123456789012"
HERE = f"arn:aws:bedrock:us-east-1:{ACCOUNT}"
GET = "GetInferenceProfile"


def model_arn(region: str, model: str = SONNET) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model}"


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


def asked_in(session: boto3.Session, *, region: str = "us-east-1", account: str = "", seconds: float = 10) -> Any:
    return ModelQuestions(AwsCalls(session, region, Budget(seconds)), account=account)


def found_in(
    session: boto3.Session, *texts: str, region: str = "us-east-1", account: str = "", may_ask: bool = True
) -> tuple[dict[str, Destinations | None], tuple[Note, ...]]:
    asked = asked_in(session, region=region, account=account)
    return destinations_of(asked, [(text, parse_model(text)) for text in texts], may_ask=may_ask)


def operations(aws: Sandbox) -> list[str]:
    return [call.operation for call in aws.calls]


def prompt_of(session: boto3.Session, model: str) -> str:
    variant: Any = {
        "name": "v",
        "templateType": "TEXT",
        "templateConfiguration": {"text": {"text": "hi"}},
        "modelId": model,
    }
    made = session.client("bedrock-agent").create_prompt(name="p", defaultVariant="v", variants=[variant])
    return str(made["arn"])


def codes(notes: Sequence[Note]) -> list[str]:
    return [note.code for note in notes]


@dataclass
class Told:
    """Bedrock's control plane with the answers of a test in place of those of a session."""

    answers: Mapping[str, Mapping[str, Any]]
    region: str = "us-east-1"

    def __post_init__(self) -> None:
        self.rounds: list[list[str]] = []

    def ask(self, questions: Sequence[Question]) -> list[Any]:
        self.rounds.append([question.resource for question in questions])
        return [self.answers.get(question.resource, {"models": []}) for question in questions]


def told(answers: Mapping[str, Mapping[str, Any]], *texts: str) -> tuple[Told, Any, tuple[Note, ...]]:
    bedrock = Told(answers)
    asked: Any = bedrock
    found, notes = destinations_of(asked, [(text, parse_model(text)) for text in texts])
    return bedrock, found, notes


def profile_answer(*regions: str, model: str = SONNET) -> dict[str, Any]:
    return {"models": [{"modelArn": model_arn(region, model)} for region in regions]}


# -- who is asked, and who is believed ------------------------------------------------------------------------------


def test_the_service_is_asked_although_the_table_knows_the_profile(aws: Sandbox) -> None:
    """The note says who told, and no table is named."""
    found, notes = found_in(aws.session(), f"us.{SONNET}")

    assert found[f"us.{SONNET}"] == tuple(map(model_arn, ("us-east-1", "us-east-2", "us-west-2")))
    assert operations(aws) == [GET]
    assert codes(notes) == ["BG314"]
    assert table_version() not in notes[0].text


def test_the_service_is_believed_where_the_table_says_otherwise() -> None:
    """A Region that AWS added after the table was read, and one that it took away."""
    _, found, notes = told({f"us.{SONNET}": profile_answer("us-east-1", "us-west-1")}, f"us.{SONNET}")

    assert found[f"us.{SONNET}"] == (model_arn("us-east-1"), model_arn("us-west-1"))
    assert codes(notes) == ["BG314"]


def test_without_the_right_to_ask_the_table_tells_and_the_note_says_why(aws: Sandbox) -> None:
    aws.role("app", policies=[document(allow("bedrock:InvokeModel"))])

    found, notes = found_in(aws.session("app"), f"us.{SONNET}")

    assert found[f"us.{SONNET}"] == ("us-east-1", "us-east-2", "us-west-2")
    (note,) = notes
    assert note.code == "BG301"
    assert table_version() in note.text
    assert (
        "the guard may not call bedrock:GetInferenceProfile. To let it ask, allow whoever runs the check" in note.text
    )
    assert note.text.endswith(
        f" bedrock:GetInferenceProfile on arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{SONNET}."
    )


def test_what_was_refused_of_several_is_allowed_in_one_sentence(aws: Sandbox) -> None:
    """One of them is in no table: its note asks for itself."""
    aws.role("app", policies=[document(allow("bedrock:InvokeModel"))])
    app = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/app123456789"

    _, notes = found_in(aws.session("app"), f"us.{SONNET}", "us.amazon.nova-lite-v1:0", app)

    by_table, unknown = sorted(notes, key=lambda note: note.code)
    assert (by_table.code, unknown.code) == ("BG301", "BG302")
    assert by_table.text.count("To let it ask") == 1
    assert by_table.text.count("inference-profile/us.") == 2
    assert unknown.text.endswith(f"allow whoever runs the check bedrock:GetInferenceProfile on {app}.")


@pytest.mark.parametrize(
    "answer",
    [
        {"models": []},
        {},
        {"models": [{}, {"modelArn": ""}, {"modelArn": "us-east-1"}, {"modelArn": f"{HERE}:inference-profile/us.x.y"}]},
    ],
    ids=["empty", "nothing", "odd"],
)
def test_an_answer_that_names_no_model_is_no_answer(answer: Mapping[str, Any]) -> None:
    """The table is the better source then: a profile without destinations would need nothing but itself."""
    _, found, notes = told({f"us.{SONNET}": answer}, f"us.{SONNET}")

    assert found[f"us.{SONNET}"] == ("us-east-1", "us-east-2", "us-west-2")
    assert codes(notes) == ["BG301"]
    assert "names no model" in notes[0].text


def test_a_fault_of_the_service_leaves_the_table(aws: Sandbox) -> None:
    aws.faults.error(GET, "ServiceQuotaExceededException", "not now")

    found, notes = found_in(aws.session(), f"eu.{SONNET}", region="eu-west-1")

    assert found[f"eu.{SONNET}"] == destinations(f"eu.{SONNET}", "eu-west-1")
    assert codes(notes) == ["BG301"]
    assert "not now" in notes[0].text


def test_what_neither_the_service_nor_the_table_knows_is_not_known(aws: Sandbox) -> None:
    """Nothing is guessed of a profile that is newer than the table."""
    aws.role("app", policies=[])

    found, notes = found_in(aws.session("app"), "us.amazon.nova-999-v1:0", f"{HERE}:imported-model/abcdefghijkl")

    assert found == {"us.amazon.nova-999-v1:0": None}
    assert codes(notes) == ["BG302"]


def test_nothing_is_asked_where_nothing_may_be(aws: Sandbox) -> None:
    """A check of policy files needs no credentials and makes no call."""
    found, notes = found_in(aws.session(), f"us.{SONNET}", f"{HERE}:prompt/PROMPT1234", may_ask=False)

    assert operations(aws) == []
    assert found == {f"us.{SONNET}": ("us-east-1", "us-east-2", "us-west-2"), f"{HERE}:prompt/PROMPT1234": None}
    assert codes(notes) == ["BG301", "BG302"]
    assert "not asked in this check" in notes[0].text


def test_a_global_profile_is_authorised_on_three_arns_whatever_the_service_says(aws: Sandbox) -> None:
    """It is asked whether it is there; no note is needed on what every such profile needs."""
    found, notes = found_in(aws.session(), f"global.{SONNET}")

    assert (found, notes) == ({}, ())
    assert operations(aws) == [GET]


def test_an_application_profile_is_what_the_service_says(aws: Sandbox) -> None:
    """By its ARN and by its bare id; a model without a Region is a global destination."""
    arn = aws.inference_profile("app", [model_arn("us-east-1"), model_arn("")])
    id_ = arn.rpartition("/")[2]

    found, notes = found_in(aws.session(), arn, id_)

    assert found[arn] == found[id_] == (model_arn("us-east-1"), model_arn(""))
    assert codes(notes) == ["BG314"]


# -- routers and prompts --------------------------------------------------------------------------------------------


def test_a_router_routes_to_the_models_behind_its_targets() -> None:
    """A target that is a profile is asked about in turn; both in the context of the router, and none settled."""
    router = f"{HERE}:default-prompt-router/anthropic.claude:1"
    profile = f"{HERE}:inference-profile/us.{SONNET}"
    answers = {
        router: {
            "models": [{"modelArn": model_arn("us-east-1", NOVA)}, {"modelArn": profile}],
            "fallbackModel": {"modelArn": model_arn("us-east-1", NOVA)},
        },
        profile: profile_answer("us-east-1", "us-west-2"),
    }

    bedrock, found, notes = told(answers, router)

    assert bedrock.rounds == [[router], [profile]]
    assert codes(notes) == ["BG314"]
    resources = authorised_resources(
        parse_model(router), partition="aws", region="us-east-1", account=ACCOUNT, destinations=found[router]
    )
    assert [(one.arn, one.context.get("bedrock:InferenceProfileArn"), one.advisory) for one in resources] == [
        (router, None, False),
        (model_arn("us-east-1", NOVA), None, True),
        (profile, None, True),
        (model_arn("us-east-1"), profile, True),
        (model_arn("us-west-2"), profile, True),
    ]
    assert {one.context.get("bedrock:PromptRouterArn") for one in resources[1:]} == {router}


def test_the_targets_of_a_router_are_known_as_far_as_they_are() -> None:
    """One target that neither the service nor the table knows does not hide the other."""
    router = f"{HERE}:prompt-router/abc"
    new = f"{HERE}:inference-profile/us.amazon.nova-999-v1:0"
    answers = {router: {"models": [{"modelArn": new}], "fallbackModel": {"modelArn": model_arn("us-east-1", NOVA)}}}

    _, found, notes = told(answers, router)

    assert [one.arn for one in found[router]] == [model_arn("us-east-1", NOVA)]
    assert codes(notes) == ["BG314", "BG302", "BG302"]


def test_a_prompt_is_called_with_the_model_of_its_default_variant() -> None:
    """With the profile in each of its Regions; the version is asked for as its own parameter."""
    prompt = f"{HERE}:prompt/PROMPT1234:2"
    variants = [{"name": "old", "modelId": NOVA}, {"name": "new", "modelId": f"us.{SONNET}"}]
    answers = {prompt: {"variants": variants, "defaultVariant": "new"}}

    bedrock, found, _ = told({**answers, f"us.{SONNET}": profile_answer("us-east-1")}, prompt)

    assert bedrock.rounds == [[prompt], [f"us.{SONNET}"]]
    assert [(one.arn, one.advisory) for one in found[prompt]] == [
        (f"{HERE}:inference-profile/us.{SONNET}", False),
        (model_arn("us-east-1"), False),
    ]


@pytest.mark.parametrize(
    "variant",
    [{"name": "v"}, {"name": "v", "modelId": "us.amazon.nova-999-v1:0"}, {"name": "v", "modelId": "no id"}],
    ids=["an agent's", "of a new profile", "odd"],
)
def test_a_prompt_whose_model_is_not_known_whole_is_not_known(variant: Mapping[str, str]) -> None:
    """Its model is needed for certain: the check says that it was not checked."""
    prompt = f"{HERE}:prompt/PROMPT1234"

    _, found, notes = told({prompt: {"variants": [variant], "defaultVariant": "v"}}, prompt)

    assert found[prompt] is None
    assert "BG302" in codes(notes)


def test_a_router_and_a_prompt_are_read_from_the_service(aws: Sandbox) -> None:
    """Through boto3, with the parameters that it takes."""
    session = aws.session()
    router = session.client("bedrock").create_prompt_router(
        promptRouterName="r",
        models=[{"modelArn": f"{HERE}:inference-profile/us.{NOVA}"}],
        routingCriteria={"responseQualityDifference": 0.1},
        fallbackModel={"modelArn": model_arn("us-east-1", NOVA)},
    )["promptRouterArn"]
    prompt = prompt_of(session, NOVA)

    found, _ = found_in(session, router, f"{prompt}:1")

    behind: Any = found
    assert [one.arn for one in behind[f"{prompt}:1"]] == [model_arn("us-east-1", NOVA)]
    assert model_arn("us-west-2", NOVA) in [one.arn for one in behind[router]]


def test_the_denied_model_of_a_prompt_is_found_before_the_call_that_fails(aws: Sandbox) -> None:
    session = aws.session()
    prompt = prompt_of(session, NOVA)
    aws.role(
        "app",
        policies=[
            document(allow(["bedrock:RenderPrompt", "bedrock:GetPrompt"])),
            guard_policy(principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/app")),
        ],
    )
    app = aws.session("app")

    report = Guard(models=[prompt], operations=["converse"], session=app).check()

    assert [finding.requirement.resource for finding in report.denied] == [model_arn("us-east-1", NOVA)]
    with pytest.raises(ClientError, match=f"foundation-model/{NOVA}"):
        app.client("bedrock-runtime").converse(modelId=prompt)


# -- asked once, side by side, within the time ----------------------------------------------------------------------


def test_a_second_check_does_not_ask_again(aws: Sandbox) -> None:
    session = aws.session()

    for _ in range(2):
        found_in(session, f"us.{SONNET}", account=ACCOUNT)

    assert operations(aws) == [GET]


@pytest.mark.parametrize(
    ("account", "region"),
    [("999999999999", "us-east-1"), (ACCOUNT, "us-east-2")],
    ids=["another account", "another Region"],
)
def test_what_one_account_was_told_in_one_region_is_its_own(aws: Sandbox, account: str, region: str) -> None:
    """An application profile's bare id, or a profile, means something else there."""
    session = aws.session()
    found_in(session, f"us.{SONNET}", account=ACCOUNT)

    found_in(session, f"us.{SONNET}", account=account, region=region)

    assert operations(aws) == [GET, GET]


def test_nothing_is_kept_while_the_account_is_not_known(aws: Sandbox) -> None:
    session = aws.session()

    for _ in range(2):
        found_in(session, f"us.{SONNET}")

    assert operations(aws) == [GET, GET]


def test_what_one_session_was_told_is_its_own(aws: Sandbox) -> None:
    """Two sessions are two sets of credentials, and one of them may not ask at all."""
    aws.role("app", policies=[])
    found_in(aws.session(), f"us.{SONNET}", account=ACCOUNT)

    _, notes = found_in(aws.session("app"), f"us.{SONNET}", account=ACCOUNT)

    assert codes(notes) == ["BG301"]


def test_with_an_api_key_nothing_is_kept(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bedrock is then asked as the key's principal, who may be of another account than the session."""
    session = aws.session()
    found_in(session, f"us.{SONNET}", account=ACCOUNT)
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-of-another-account")

    for _ in range(2):
        found_in(session, f"us.{SONNET}", account=ACCOUNT)

    assert operations(aws) == [GET] * 3


def test_a_refusal_is_asked_again_in_the_next_check(aws: Sandbox) -> None:
    """The permission may have been given since."""
    aws.role("app", policies=[])
    session = aws.session("app")
    found_in(session, f"us.{SONNET}", account=ACCOUNT)
    aws.role("app", policies=[document(allow("bedrock:GetInferenceProfile"))])
    session = aws.session("app")

    _, notes = found_in(session, f"us.{SONNET}", account=ACCOUNT)

    assert codes(notes) == ["BG314"]


def test_answers_are_kept_for_some_minutes_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(model_questions, "_KEPT_ANSWERS", 2)
    kept = model_questions._Kept(lambda: now[0])
    keys = [(ACCOUNT, "us-east-1", Question("bedrock", "get", "bedrock:Get", name)) for name in "abc"]
    for key in keys:
        kept.put(key, {"of": key[2].resource})

    assert [kept.get(key) for key in keys] == [None, {"of": "b"}, {"of": "c"}]
    now[0] = model_questions._KEPT_SECONDS + 1
    assert kept.get(keys[2]) is None


def test_a_prompt_is_asked_about_in_every_check(aws: Sandbox) -> None:
    """Its draft can change from one check to the next."""
    session = aws.session()
    prompt = prompt_of(session, NOVA)

    for _ in range(2):
        found_in(session, prompt, account=ACCOUNT)

    assert operations(aws) == ["CreatePrompt", "GetPrompt", "GetPrompt"]


def test_many_models_are_asked_about_side_by_side(aws: Sandbox) -> None:
    """Eight answers of 0.3 seconds each take no 2.4."""
    aws.faults.latency(0.3, GET)
    profiles = [f"{geography}.{SONNET}" for geography in ("us", "global")]
    profiles += [aws.inference_profile(f"p{i}", [model_arn("us-east-1")]) for i in range(6)]
    session = aws.session()
    session.client("bedrock")  # making the first client of a session reads the service's model

    started = time.monotonic()
    found_in(session, *profiles)

    assert time.monotonic() - started < 1.2
    assert operations(aws) == [GET] * 8


def test_one_thing_named_twice_is_asked_about_once(aws: Sandbox) -> None:
    found_in(aws.session(), f"us.{SONNET}", f"us.{SONNET}")

    assert operations(aws) == [GET]


def test_a_service_that_hangs_leaves_the_time_for_the_permissions(aws: Sandbox) -> None:
    """In a VPC with an endpoint for bedrock-runtime alone, the control plane does not answer: the table has to do."""
    aws.faults.latency(30, GET)
    asked = asked_in(aws.session(), seconds=4)

    started = time.monotonic()
    found, notes = destinations_of(asked, [(f"us.{SONNET}", parse_model(f"us.{SONNET}"))])
    again = asked.ask([Question("bedrock", "get_foundation_model", "bedrock:GetFoundationModel")])

    assert time.monotonic() - started < 2.5
    assert found[f"us.{SONNET}"] == ("us-east-1", "us-east-2", "us-west-2")
    assert "no answer within" in notes[0].text
    assert "GetInferenceProfile: no answer" in str(again[0]), "what does not answer is not asked again"


def test_threads_share_what_is_kept(aws: Sandbox) -> None:
    """Checks in several threads at once neither fail nor mix."""
    session = aws.session()
    session.client("bedrock")
    results: list[Any] = []

    def run() -> None:
        results.append(found_in(session, f"us.{SONNET}", account=ACCOUNT)[0][f"us.{SONNET}"])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [tuple(map(model_arn, ("us-east-1", "us-east-2", "us-west-2")))] * 4


def test_a_guard_that_checks_twice_asks_once(aws: Sandbox) -> None:
    """Who calls is asked each time, and what may have changed; where a profile routes to is not."""
    own = guard_policy(principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/app"))
    aws.role("app", policies=[document(allow(["bedrock:InvokeModel", "bedrock:GetInferenceProfile"])), own])
    guard = Guard(models=[f"us.{SONNET}"], session=aws.session("app"))

    reports = [guard.check() for _ in range(2)]

    assert [report.exit_code for report in reports] == [0, 0]
    assert operations(aws).count(GET) == 1
    assert operations(aws).count("GetCallerIdentity") == 2


def test_a_prompt_that_names_a_router_that_names_a_profile_asks_twice_in_turn_and_no_more() -> None:
    """The profile is read from the table then."""
    prompt, router = f"{HERE}:prompt/PROMPT1234", f"{HERE}:prompt-router/abc"
    profile = f"{HERE}:inference-profile/us.{SONNET}"
    answers = {
        prompt: {"variants": [{"name": "v", "modelId": router}]},
        router: {"models": [{"modelArn": profile}]},
    }

    bedrock, found, notes = told(answers, prompt)

    assert bedrock.rounds == [[prompt], [router]]
    assert [one.arn for one in found[prompt] if ":foundation-model/" in one.arn] == [
        model_arn(region) for region in ("us-east-1", "us-east-2", "us-west-2")
    ]
    assert codes(notes) == ["BG314", "BG301"]
