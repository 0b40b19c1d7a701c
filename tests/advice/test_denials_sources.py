"""Exceptions, mappings, logs with several errors: each error once, and what is not known is said not to be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bedrock_guard.advice.denial import DenialKind
from bedrock_guard.advice.denials import read_denials
from tests.advice.denial_texts import APP, MODEL, SCP, explicit, implicit

FIRST = implicit("bedrock:InvokeModel", MODEL)
SECOND = explicit("bedrock:Retrieve", "*", f"a service control policy: {SCP}")
DENIED = "AccessDeniedException"
ENVELOPE = "An error occurred (AccessDeniedException) when calling the Converse operation: "


class ClientError(Exception):
    """As botocore makes it."""

    def __init__(self, message: str, code: str = "AccessDeniedException", operation: str = "Converse") -> None:
        super().__init__(f"An error occurred ({code}) when calling the {operation} operation: {message}")
        self.operation_name = operation
        self.response = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {
                "RequestId": "3f6d0d4e-98a5-4b3f-a6f5-0d4f1d6b7f11",
                "HTTPStatusCode": 403,
                "HTTPHeaders": {"x-amzn-errortype": f"{code}:http://internal.amazon.com/coral/com.amazon.bedrock/"},
            },
        }


def test_a_client_error_is_read_from_its_response() -> None:
    """Code, operation, status and request id come with it."""
    denial = read_denials(ClientError(FIRST)).denials[0]
    assert (denial.action, denial.error_code, denial.operation) == (
        "bedrock:InvokeModel",
        "AccessDeniedException",
        "Converse",
    )
    assert (denial.status, denial.request_id) == (403, "3f6d0d4e-98a5-4b3f-a6f5-0d4f1d6b7f11")
    assert denial.raw == FIRST


def test_the_chain_of_an_exception_is_read_once() -> None:
    """A framework's error repeats the words of its cause: still one denial, with the cause's code."""
    wrapped = ValueError(f"Error raised by bedrock service: {FIRST}")
    wrapped.__cause__ = ClientError(FIRST)
    reading = read_denials(wrapped)
    assert len(reading.denials) == 1
    assert reading.denials[0].error_code == "AccessDeniedException"
    assert reading.unrecognised == ""


def test_contexts_groups_arguments_and_notes_are_read() -> None:
    """Wherever Python keeps another exception."""
    failed = RuntimeError("agent failed")
    failed.__context__ = ClientError(FIRST)
    assert [d.action for d in read_denials(failed).denials] == ["bedrock:InvokeModel"]

    class Group(Exception):  # noqa: N818  # stands for ExceptionGroup, which Python 3.10 lacks
        exceptions = (ClientError(FIRST), RuntimeError("x"), ClientError(SECOND))

    assert [d.action for d in read_denials(Group("many")).denials] == ["bedrock:InvokeModel", "bedrock:Retrieve"]
    assert len(read_denials(RuntimeError("wrapped", ClientError(SECOND))).denials) == 1
    noted = RuntimeError("failed")
    noted.__notes__ = [FIRST]  # type: ignore[attr-defined]  # add_note() came with Python 3.11
    assert len(read_denials(noted).denials) == 1


def test_a_context_that_was_suppressed_is_left_alone() -> None:
    """``raise … from None`` says that the two have nothing to do with each other."""
    error = RuntimeError("something else")
    error.__context__ = ClientError(FIRST)
    error.__suppress_context__ = True
    reading = read_denials(error)
    assert reading.denials == ()
    assert reading.unrecognised == "RuntimeError: something else"


def test_an_exception_that_answers_nothing_does_no_harm() -> None:
    """Properties and __str__ that raise, loops of causes, mappings that fail."""

    class Broken(Mapping[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise OSError

        def __iter__(self) -> Iterator[str]:
            raise OSError

        def __len__(self) -> int:
            return 1

        def __str__(self) -> str:
            raise OSError

    class Hostile(Exception):  # noqa: N818
        response = Broken()

        @property
        def body(self) -> Any:
            raise OSError

        def __str__(self) -> str:
            raise OSError

    error = Hostile()
    error.__cause__ = error
    assert read_denials(error).denials == ()
    assert read_denials(Broken()).denials == ()
    loop: dict[str, Any] = {"message": FIRST}
    loop["self"] = [loop]
    assert len(read_denials(loop).denials) == 1


@pytest.mark.parametrize(
    "response",
    [
        {"status": 403, "headers": {"X-Amzn-ErrorType": f"{DENIED}:http://x/"}, "body": json.dumps({"message": FIRST})},
        {"statusCode": "403", "headers": {"x-amzn-errortype": DENIED}, "body": {"Message": FIRST}},
        {"status_code": 403, "headers": {"x-amzn-ErrorType": DENIED}, "body": b'{"message": "%b"}' % FIRST.encode()},
        ClientError(FIRST).response,
    ],
    ids=["text", "mapping", "bytes", "botocore"],
)  # fmt: skip
def test_an_http_response_is_read(response: dict[str, Any]) -> None:
    """As a mapping of status, headers and body, with the body as text, mapping or bytes."""
    denial = read_denials(response).denials[0]
    assert (denial.action, denial.status, denial.error_code) == ("bedrock:InvokeModel", 403, "AccessDeniedException")


def test_cloudtrail_events_are_read_each_with_its_own_call() -> None:
    """Records, the string inside lookup-events, the caller, the Region and the use of an API key."""

    def event(name: str, message: str | None) -> dict[str, Any]:
        return {
            "eventName": name,
            "eventSource": "bedrock.amazonaws.com",
            "awsRegion": "eu-west-1",
            "errorCode": "AccessDenied",
            "errorMessage": message,
            "requestID": f"req-{name}",
            "userIdentity": {"type": "AssumedRole", "arn": APP},
            "additionalEventData": {"callWithBearerToken": True},
        }

    records = {
        "Records": [event("InvokeModel", FIRST), {"eventName": "ok"}, event("Retrieve", SECOND), event("Rerank", None)]
    }
    looked_up = {"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(each)} for each in records["Records"]]}
    for source in (records, json.dumps(records, indent=2), json.dumps(looked_up)):
        denials = read_denials(source).denials
        assert [(d.kind.value, d.operation, d.region, d.request_id) for d in denials] == [
            ("permission", "InvokeModel", "eu-west-1", "req-InvokeModel"),
            ("permission", "Retrieve", "eu-west-1", "req-Retrieve"),
            ("other", "Rerank", "eu-west-1", "req-Rerank"),
        ]
        assert all(d.api_key for d in denials)
        assert denials[2].caller == APP
        assert denials[2].is_iam is None


def test_several_errors_are_all_found_once_each() -> None:
    """Repeats with other request ids are the same; a log that was cut repeats, shorter, what another line says."""
    cut = f"ERROR User: {APP} is not authorized to perform: bedrock:InvokeModel on resource: "
    throttled = "An error occurred (ThrottlingException) when calling the Converse operation (reached max retries: 4): "
    log = "\n".join(
        [
            f"2026-11-24T10:00:00Z ERROR {ENVELOPE}{FIRST}",
            "2026-11-24T10:00:01Z INFO retrying",
            f"2026-11-24T10:00:02Z ERROR {ENVELOPE}{FIRST}",
            json.dumps({"level": "error", "error": SECOND}),
            f"2026-11-24T10:00:03Z {cut}{MODEL}",
            f"2026-11-24T10:00:03Z {cut}arn:aws:b…",
            f"2026-11-24T10:00:04Z WARN {throttled}Too many requests, please wait before trying again.",
            "2026-11-24T10:00:05Z WARN ThrottlingException: Rate exceeded",
            f"2026-11-24T10:00:06Z ERROR {ENVELOPE}The security token included in the request is invalid.",
        ]
    )  # fmt: skip
    denials = read_denials(log).denials
    assert [(d.kind.value, d.action) for d in denials] == [
        ("permission", "bedrock:InvokeModel"),
        ("permission", "bedrock:Retrieve"),
        ("throttling", None),
        ("credentials", None),
    ]
    assert denials[0].raw == log.split("\n")[0]


def test_two_sentences_in_one_line_are_two() -> None:
    """Neither takes the other's resource, clause or policy."""
    text = f"first: User: {APP} is not authorized to perform: bedrock:InvokeModel on resource: {MODEL}; then: {SECOND}"
    first, second = read_denials(text).denials
    assert (first.resource, first.layer and first.layer.value, first.explicit) == (MODEL, "unknown", None)
    assert (second.resource, second.policy_arn) == ("*", SCP)


def test_a_clause_of_the_next_line_is_not_taken_for_ones_own() -> None:
    """A log line that is not the sentence's continuation ends it."""
    text = (
        f"ERROR User: {APP} is not authorized to perform: bedrock:InvokeModel on resource: {MODEL}\n"
        "INFO skipped the next model because no identity-based policy allows the bedrock:X action\n"
    )
    denial = read_denials(text).denials[0]
    assert denial.resource == MODEL
    assert denial.explicit is None


@pytest.mark.parametrize(
    "source", ["", "   \n", "hello", b"\xff\xfe", b"\x00\xff" * 9, {}, "Error: it broke", "[1, 2]"]
)
def test_what_holds_no_error_is_given_back(source: Any) -> None:
    """No denial, and the text as it came."""
    reading = read_denials(source)
    assert reading.denials == ()
    if isinstance(source, str):
        assert reading.unrecognised == source


def test_an_unknown_text_with_a_known_code_is_said_not_to_be_recognised() -> None:
    """AccessDenied with words of its own may be IAM or not; another code is not; both are kept word by word."""
    text = f"{ENVELOPE}The moon is in the wrong house."
    reading = read_denials(text)
    denial = reading.denials[0]
    assert (denial.kind, denial.cause, denial.code, denial.is_iam) == (DenialKind.OTHER, "unrecognised", "BG432", None)
    assert reading.unrecognised == text
    other = read_denials("An error occurred (ValidationException) when calling the Converse operation: max_tokens: 1")
    assert other.denials[0].is_iam is False
    assert "max_tokens: 1" in other.unrecognised
    bare = read_denials("An error occurred (403) when calling the HeadObject operation: Forbidden")
    assert (bare.denials[0].kind, bare.denials[0].is_iam) == (DenialKind.OTHER, None)


def test_a_mention_in_source_code_is_no_error() -> None:
    """Tracebacks show the lines of the program."""
    text = (
        "Traceback (most recent call last):\n"
        '  File "app.py", line 3, in <module>\n'
        "    except client.exceptions.AccessDeniedException: log(1)\n"
        f"botocore.errorfactory.AccessDeniedException: {ENVELOPE}{FIRST}\n"
    )
    reading = read_denials(text)
    assert [d.action for d in reading.denials] == ["bedrock:InvokeModel"]
    assert reading.unrecognised == ""


def test_a_code_without_words_is_kept() -> None:
    """Headers alone, or an empty body."""
    response = {"status": 403, "headers": {"x-amzn-errortype": "AccessDeniedException"}, "body": ""}
    denial = read_denials(response).denials[0]
    assert (denial.kind, denial.error_code, denial.status) == (DenialKind.OTHER, "AccessDeniedException", 403)
    expired = read_denials({"Error": {"Code": "ExpiredTokenException", "Message": ""}}).denials[0]
    assert expired.kind is DenialKind.CREDENTIALS


def test_an_answer_of_the_simulator_is_no_denied_call() -> None:
    """It is marked as foretold, with the keys that were missing and the layer that the answer rules out."""
    answer = {
        "EvaluationResults": [
            {"EvalActionName": "bedrock:InvokeModel", "EvalResourceName": "*", "EvalDecision": "allowed"},
            {
                "EvalActionName": "bedrock:Retrieve",
                "EvalResourceName": "*",
                "EvalDecision": "implicitDeny",
                "MissingContextValues": ["aws:RequestedRegion"],
                "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
            },
        ]
    }
    for source in (answer, json.dumps(answer)):
        (denial,) = read_denials(source).denials
        assert denial.simulated
        assert denial.missing_context == ("aws:RequestedRegion",)
        assert (denial.layer and denial.layer.value, denial.code) == ("boundary", "BG402")
