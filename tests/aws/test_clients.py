"""Guarded clients are ordinary boto3 clients; only their AccessDenied errors say more."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.eventstream import EventStream
from botocore.exceptions import ClientError, EventStreamError

import bedrock_guard
from bedrock_guard import Diagnosis, clients
from bedrock_guard.testing import sandbox
from bedrock_guard.testing.event_stream import CONTENT_TYPE, event, exception

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

NOVA = "amazon.nova-lite-v1:0"
MESSAGES: Any = [{"role": "user", "content": [{"text": "hi"}]}]
ALLOW_NOTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as running:
        running.role("denied", policies=[ALLOW_NOTHING])
        running.role("allowed", policies=[ALLOW])
        yield running


def converse(runtime: Any) -> Any:
    return runtime.converse(modelId=NOVA, messages=MESSAGES)


def denied(session: boto3.Session) -> ClientError:
    runtime = session.client("bedrock-runtime")
    with pytest.raises(runtime.exceptions.AccessDeniedException) as caught:
        converse(runtime)
    error: ClientError = caught.value
    return error


def test_a_denial_keeps_its_class_and_code_and_aws_own_text(aws: Sandbox) -> None:
    plain = denied(aws.session("denied"))
    explained = denied(bedrock_guard.session(aws.session("denied")))
    assert type(explained).__name__ == type(plain).__name__ == "AccessDeniedException"
    assert explained.response["Error"]["Code"] == plain.response["Error"]["Code"]
    assert explained.response["Error"]["Message"].startswith(plain.response["Error"]["Message"])
    assert "BedrockGuard" not in plain.response


def test_it_says_in_a_few_lines_what_was_denied_and_whom_to_ask(aws: Sandbox) -> None:
    error = denied(bedrock_guard.session(aws.session("denied")))
    first, *others = error.response["Error"]["Message"].splitlines()[1:]
    assert first.startswith(
        "bedrock_guard: BG101 No identity policy of the caller allows bedrock:InvokeModel on arn:aws:"
    )
    assert first.endswith("Who can end it: whoever edits the policies of the denied principal.")
    assert others == [
        "bedrock_guard: Trying again does not help until that is changed. More: bedrock_guard.explain(error)"
    ]
    assert whole(error)["actions"] == ["bedrock:InvokeModel"]


def test_a_denial_whose_text_is_new_says_what_the_call_is_authorised_as(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"))
    aws.faults.error("Converse", "AccessDeniedException", "No way in today.", http_status=403, times=1)
    with pytest.raises(ClientError) as caught:
        converse(session.client("bedrock-runtime"))
    assert added(caught.value)[0] == "bedrock_guard: Converse is authorised as bedrock:InvokeModel."
    assert whole(caught.value)["unrecognised"]


def test_it_tells_what_the_last_check_found(aws: Sandbox) -> None:
    guard = bedrock_guard.Guard(actions=["bedrock:ListAgents"], models=[NOVA], session=aws.session("denied"))
    guard.check()
    runtime = guard.client("bedrock-runtime")
    with pytest.raises(ClientError) as caught:
        converse(runtime)
    details: Any = caught.value.response
    findings = details["BedrockGuard"]["findings"]
    assert [f["requirement"]["action"] for f in findings] == ["bedrock:InvokeModel"], "ListAgents is no part of it"
    assert findings[0]["code"] in caught.value.response["Error"]["Message"]


def test_other_errors_and_answers_are_left_alone(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"))
    assert "BedrockGuard" not in converse(session.client("bedrock-runtime"))
    aws.faults.error("Converse", "ValidationException", "A conversation must start with a user message.", times=1)
    with pytest.raises(ClientError) as caught:
        converse(session.client("bedrock-runtime"))
    assert "BedrockGuard" not in caught.value.response
    assert "bedrock_guard" not in caught.value.response["Error"]["Message"]


def test_a_denial_of_another_service_is_left_alone(aws: Sandbox) -> None:
    iam = bedrock_guard.session(aws.session("denied")).client("iam")
    with pytest.raises(ClientError) as caught:
        iam.get_role(RoleName="denied")
    assert "BedrockGuard" not in caught.value.response


def test_every_client_that_a_framework_makes_of_the_session_is_guarded_once(aws: Sandbox) -> None:
    session = aws.session("denied")
    guard = bedrock_guard.Guard(models=[NOVA], session=session)
    assert guard.session() is guard.session() is session
    bedrock_guard.session(session)
    assert len(added(denied(session))) == 2


def test_no_call_to_aws_is_made_on_the_error_path(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("denied"))
    runtime = session.client("bedrock-runtime")
    before = len(aws.calls)
    with pytest.raises(ClientError):
        converse(runtime)
    assert len(aws.calls) == before + 1


def test_a_diagnosis_that_fails_hides_nothing(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(clients._Explainer, "_diagnosis", broken)
    error = denied(bedrock_guard.session(aws.session("denied")))
    assert "is not authorized to perform: bedrock:InvokeModel" in str(error)
    details: Any = error.response
    assert details["BedrockGuard"] == {"diagnosis_failed": "RuntimeError"}


# -- what is said ---------------------------------------------------------------------------------------------------


def added(error: ClientError) -> list[str]:
    """The lines that the guard added to a message."""
    return [line for line in error.response["Error"]["Message"].splitlines() if line.startswith("bedrock_guard: ")]


def whole(error: ClientError) -> dict[str, Any]:
    response: Any = error.response
    found: dict[str, Any] = response["BedrockGuard"]
    return found


def test_the_whole_diagnosis_is_in_the_response_and_explain_gives_it_back(aws: Sandbox) -> None:
    error = denied(bedrock_guard.session(aws.session("denied")))
    diagnosis = bedrock_guard.explain(error)
    (denial,) = diagnosis.denials
    assert (denial.action, denial.layer, denial.explicit) == (
        "bedrock:InvokeModel",
        bedrock_guard.Layer.IDENTITY,
        False,
    )
    assert (denial.operation, denial.region) == ("Converse", "us-east-1"), "which the message alone does not say"
    assert diagnosis == Diagnosis.from_dict(whole(error))
    assert diagnosis.remedies[0].statements[0]["Action"] == ["bedrock:InvokeModel"]


def test_what_was_added_is_read_by_nobody_as_a_second_error(aws: Sandbox) -> None:
    """A log holds the message with our lines in it; explaining that log finds the one error of AWS."""
    error = denied(bedrock_guard.session(aws.session("denied")))
    for source in (
        str(error),
        f"Traceback …\nbotocore.errorfactory.AccessDeniedException: {error}\n",
        str(error.response),
    ):
        (denial,) = bedrock_guard.explain(source).denials
        assert (denial.action, denial.resource) == (
            "bedrock:InvokeModel",
            f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
        )


FORM_MISSING = (
    "Model use case details have not been submitted for this account. Fill out the Anthropic use case details form "
    "before using the model. If you have already filled out the form, try again in 15 minutes."
)
SUBSCRIBING = (
    "Your account is not authorized to access this model. Your AWS Marketplace subscription for this model is still "
    "being processed"
)
NESTED = (
    "You don't have access to the model with the specified model ID. (Service: BedrockRuntime, Status Code: 403, "
    "Request ID: 6f2c1d3e-aaaa-bbbb-cccc-0123456789ab) (Service: BedrockAgentRuntime, Status Code: 400)"
)


@pytest.mark.parametrize(
    ("code", "status", "message", "kind", "retryable", "named"),
    [
        (
            "ResourceNotFoundException",
            404,
            FORM_MISSING,
            "use-case-form",
            False,
            900,
        ),
        (
            "AccessDeniedException",
            403,
            SUBSCRIBING,
            "marketplace",
            True,
            900,
        ),
        (
            "ValidationException",
            400,
            NESTED,
            "model-access",
            False,
            None,
        ),
    ],
)
def test_an_error_says_whether_trying_again_can_help_and_after_how_long(
    aws: Sandbox, code: str, status: int, message: str, kind: str, retryable: bool, named: int | None
) -> None:
    """An agent's loop stops at once on what is final, whatever code and status AWS gives it."""
    session = bedrock_guard.session(aws.session("allowed"))
    aws.faults.error("Converse", code, message, http_status=status, times=1)
    with pytest.raises(ClientError) as caught:
        converse(session.client("bedrock-runtime"))
    found = whole(caught.value)
    assert found["denials"][0]["kind"] == kind
    assert (found["retryable"], found["retry_after_seconds"]) == (retryable, named)
    assert caught.value.response["Error"]["Code"] == code
    last = added(caught.value)[-1]
    assert ("may help" in last) is retryable
    assert len(added(caught.value)) <= 4


def test_throttling_is_said_to_be_worth_another_try_and_its_message_is_left_alone(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"))
    aws.faults.throttle("Converse", times=None)
    try:
        with pytest.raises(ClientError) as caught:
            session.client("bedrock-runtime", config=Config(retries={"total_max_attempts": 1})).converse(
                modelId=NOVA, messages=MESSAGES
            )
    finally:
        aws.faults.clear()
    assert whole(caught.value)["retryable"] is True
    assert caught.value.response["Error"]["Message"] == "Rate exceeded"


# -- event streams --------------------------------------------------------------------------------------------------


class _Raw:
    """A response's body that arrives in two pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.closed = False

    def stream(self) -> Iterator[bytes]:
        yield from self.pieces

    def close(self) -> None:
        self.closed = True


def _streaming(session: boto3.Session, raw: _Raw) -> Any:
    """A client whose ConverseStream is answered with these bytes."""

    def answer(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, HTTPHeaders.from_dict({"content-type": CONTENT_TYPE}), raw)

    runtime = session.client("bedrock-runtime")
    runtime.meta.events.register("before-send.bedrock-runtime.ConverseStream", answer)
    return runtime


HALF = event("messageStart", {"role": "assistant"})


def test_a_stream_that_fails_midway_explains_itself_after_what_came_before(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"))
    raw = _Raw(HALF, exception("validationException", "The provided model identifier is invalid."))
    stream = _streaming(session, raw).converse_stream(modelId=NOVA, messages=MESSAGES)["stream"]
    assert isinstance(stream, EventStream)
    received = iter(stream)
    assert next(received) == {"messageStart": {"role": "assistant"}}
    with pytest.raises(EventStreamError) as caught:
        next(received)
    found = whole(caught.value)
    assert (found["denials"][0]["code"], found["denials"][0]["operation"]) == ("BG321", "ConverseStream")
    assert found["retryable"] is False
    assert str(caught.value).splitlines()[-1] == added(caught.value)[-1]
    assert "The provided model identifier is invalid." in str(caught.value)
    stream.close()
    assert raw.closed


def test_a_stream_that_fails_with_what_nobody_knows_is_left_alone(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"))
    raw = _Raw(HALF, exception("validationException", "The model could not finish this sentence."))
    stream = _streaming(session, raw).converse_stream(modelId=NOVA, messages=MESSAGES)["stream"]
    with pytest.raises(EventStreamError) as caught:
        list(stream)
    assert "bedrock_guard" not in str(caught.value)
    assert "BedrockGuard" not in caught.value.response


def test_a_stream_that_ends_well_gives_what_it_gives_without_the_guard(aws: Sandbox) -> None:
    plain, guarded = aws.session("allowed"), bedrock_guard.session(aws.session("allowed"))
    answers = [
        list(session.client("bedrock-runtime").converse_stream(modelId=NOVA, messages=MESSAGES)["stream"])
        for session in (plain, guarded)
    ]
    assert [list(one) for one in answers[0]] == [list(one) for one in answers[1]]
    assert len(answers[0]) > 2


# -- live -----------------------------------------------------------------------------------------------------------

SIMULATE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy", "iam:GetRole"],
            "Resource": "*",
        }
    ],
}


def test_live_asks_iam_about_the_denied_request_when_it_happens_and_once_for_a_loop(aws: Sandbox) -> None:
    aws.role("asks", policies=[SIMULATE])
    session = bedrock_guard.session(aws.session("asks"), diagnose="live")
    first = denied(session)
    (finding,) = bedrock_guard.explain(first).findings
    assert (finding.requirement.action, finding.code, finding.evidence.evaluator) == (
        "bedrock:InvokeModel",
        "BG101",
        "simulator",
    )
    assert whole(first)["live"] is True
    before = len(aws.calls)
    denied(session)
    assert [call.operation for call in aws.calls[before:]] == ["Converse"], "the answer stands for a while"


def test_live_makes_no_call_on_success_nor_where_it_is_not_a_matter_of_iam(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"), diagnose="live")
    runtime = session.client("bedrock-runtime")
    before = len(aws.calls)
    converse(runtime)
    aws.faults.error("Converse", "ValidationException", "The provided model identifier is invalid.", times=1)
    with pytest.raises(ClientError):
        converse(runtime)
    assert [call.operation for call in aws.calls[before:]] == ["Converse", "Converse"]


def test_live_that_may_not_ask_still_says_what_the_message_says(aws: Sandbox) -> None:
    error = denied(bedrock_guard.session(aws.session("denied"), diagnose="live"))
    found = bedrock_guard.explain(error)
    assert found.denials[0].code == "BG101"
    assert found.remedies[0].statements
    assert all(finding.unverified for finding in found.findings)


def test_another_word_for_diagnose_is_refused_with_the_right_ones(aws: Sandbox) -> None:
    wrong: Any = "alive"
    with pytest.raises(bedrock_guard.ConfigurationError, match="diagnose: 'alive'; expected one of 'message', 'live'"):
        bedrock_guard.session(aws.session("denied"), diagnose=wrong)
    with pytest.raises(bedrock_guard.ConfigurationError, match="diagnose: 'alive'"):
        bedrock_guard.Guard(models=[NOVA], diagnose=wrong)


# -- what else may go wrong -----------------------------------------------------------------------------------------


def test_a_redacting_session_masks_the_modelled_message_too(aws: Sandbox) -> None:
    """The members of the error's shape stand beside ``Error``."""
    error = denied(bedrock_guard.session(aws.session("denied"), redact=True))
    response: Any = dict(error.response)
    response.pop("ResponseMetadata")
    assert "message" in {key.lower() for key in response}
    assert aws.account not in repr(response)
    assert "assumed-role/denied/sandbox" not in repr(response)


def test_a_fault_of_a_stream_that_passes_says_so(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"))
    raw = _Raw(HALF, exception("internalServerException", "The system encountered an unexpected error."))
    stream = _streaming(session, raw).converse_stream(modelId=NOVA, messages=MESSAGES)["stream"]
    with pytest.raises(EventStreamError) as caught:
        list(stream)
    assert whole(caught.value)["retryable"] is True


def test_a_stream_that_is_iterated_over_asynchronously_is_left_as_it_is(aws: Sandbox) -> None:
    """aioboto3's session is one of boto3, and its streams are no iterators."""

    class Asynchronous(EventStream):  # type: ignore[type-arg]
        def __init__(self) -> None:
            pass

        def __aiter__(self) -> Any:
            return self

    session = bedrock_guard.session(aws.session("allowed"))
    runtime = session.client("bedrock-runtime")
    stream = Asynchronous()
    parsed = {"stream": stream}
    model = runtime.meta.service_model.operation_model("ConverseStream")
    answer = AWSResponse("http://127.0.0.1", 200, HTTPHeaders.from_dict({}), _Raw())
    runtime.meta.events.emit(
        "after-call.bedrock-runtime.ConverseStream", http_response=answer, parsed=parsed, model=model, context={}
    )
    assert parsed["stream"] is stream


def test_a_guarded_stream_can_be_copied(aws: Sandbox) -> None:
    session = bedrock_guard.session(aws.session("allowed"))
    raw = _Raw(HALF)
    stream = _streaming(session, raw).converse_stream(modelId=NOVA, messages=MESSAGES)["stream"]
    assert list(copy.copy(stream)) == [{"messageStart": {"role": "assistant"}}]
