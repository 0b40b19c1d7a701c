"""One budget bounds every call, one policy retries, and every failure becomes an error of ours."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from botocore import exceptions as boto

from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.failures import CallError, FailureKind, failure_from
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError, PrincipalError


def refused(code: str, message: str = "no", status: int = 400, operation: str = "GetRole") -> boto.ClientError:
    return boto.ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        operation,
    )


class Client:
    """Answers with what it was given, in order; an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls = 0

    def get_role(self, **_: Any) -> Any:
        self.calls += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Session:
    def __init__(self, client: Client) -> None:
        self._client = client

    def client(self, *_: Any, **__: Any) -> Client:
        return self._client


def calls_of(client: Client, *, seconds: float = 30, sleeps: list[float] | None = None) -> AwsCalls:
    slept = sleeps if sleeps is not None else []
    return AwsCalls(Session(client), "us-east-1", Budget(seconds), sleep=slept.append)  # type: ignore[arg-type]


def get_role(calls: AwsCalls) -> Any:
    return calls.call("iam", "get_role", action="iam:GetRole", RoleName="x")


@pytest.mark.parametrize(
    "passing",
    [
        refused("Throttling", "Rate exceeded"),
        refused("ServiceUnavailable", status=503),
        boto.ConnectTimeoutError(endpoint_url="https://x"),
        boto.EndpointConnectionError(endpoint_url="https://x"),
        boto.ReadTimeoutError(endpoint_url="https://x"),
        boto.ConnectionClosedError(endpoint_url="https://x"),
    ],
)
def test_throttling_and_faults_of_the_network_are_tried_again(passing: Exception) -> None:
    client, sleeps = Client(passing, {"Role": {}}), list[float]()
    assert get_role(calls_of(client, sleeps=sleeps)) == {"Role": {}}
    assert len(sleeps) == 1


@pytest.mark.parametrize(
    ("error", "expected", "code"),
    [
        (refused("AccessDenied", status=403), AccessDeniedError, "BG401"),
        (refused("AccessDeniedException", status=403), AccessDeniedError, "BG401"),
        (refused("ExpiredToken", status=403), PrincipalError, "BG411"),
        (refused("InvalidClientTokenId", status=403), PrincipalError, "BG411"),
        (refused("NoSuchEntity", status=404), CallError, "BG408"),
        (refused("InvalidInput"), CallError, "BG406"),
        (refused("PolicyEvaluation", status=500), CallError, "BG406"),
        (refused("SomethingNew", status=418), CallError, "BG406"),
        (boto.NoCredentialsError(), PrincipalError, "BG410"),
        (boto.PartialCredentialsError(provider="env", cred_var="x"), PrincipalError, "BG410"),
        (boto.ProfileNotFound(profile="x"), PrincipalError, "BG410"),
        (boto.UnauthorizedSSOTokenError(), PrincipalError, "BG410"),
        (boto.NoRegionError(), CallError, "BG503"),
        (refused("AccessDenied", status=403, operation="AssumeRole"), PrincipalError, "BG410"),
    ],
    ids=lambda v: getattr(v, "__name__", None) or (v if isinstance(v, str) else type(v).__name__),
)
def test_what_trying_again_cannot_help_is_asked_once(
    error: Exception, expected: type[BedrockGuardError], code: str
) -> None:
    client = Client(error)
    with pytest.raises(expected) as caught:
        get_role(calls_of(client))
    assert caught.value.code == code
    assert client.calls == 1
    assert caught.value.__cause__ is error


def test_throttling_to_the_end_is_an_error_that_says_so() -> None:
    client = Client(*[refused("Throttling", "Rate exceeded") for _ in range(20)])
    with pytest.raises(CallError) as caught:
        get_role(calls_of(client))
    assert caught.value.kind is FailureKind.THROTTLED
    assert caught.value.retryable
    assert 2 <= client.calls <= 8


def test_no_attempt_is_made_when_the_time_is_over() -> None:
    client = Client({"Role": {}})
    with pytest.raises(CallError, match="budget"):
        get_role(calls_of(client, seconds=0))
    assert client.calls == 0


def test_a_call_that_never_answers_is_left_behind_when_the_budget_ends() -> None:
    """A DNS look-up that hangs obeys no socket timeout; the other answers are kept, falsy ones too."""
    never = threading.Event()
    calls = calls_of(Client(), seconds=0.3)
    started = time.monotonic()
    tasks: list[Callable[[], Any]] = [list, lambda: never.wait(60), lambda: 1 / 0]
    empty, hung, failed = calls.gather(tasks, action="iam:GetRole")
    never.set()
    assert time.monotonic() - started < 10
    assert empty == []
    assert isinstance(hung, CallError)
    assert hung.kind is FailureKind.UNREACHABLE
    assert isinstance(failed, CallError)
    assert failed.kind is FailureKind.OTHER


def test_the_output_of_a_credential_process_does_not_reach_the_message() -> None:
    error = boto.CredentialRetrievalError(provider="custom-process", error_msg="password=hunter2")
    text = str(failure_from(error, action="sts:GetCallerIdentity", resource="*"))
    assert "hunter2" not in text
    assert "custom-process" in text


def test_the_output_of_a_credential_process_does_not_reach_a_traceback() -> None:
    """An exception is printed with those it came from."""
    client = Client(boto.CredentialRetrievalError(provider="custom-process", error_msg="password=hunter2"))
    with pytest.raises(PrincipalError) as caught:
        get_role(calls_of(client))
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_what_aws_quotes_of_a_request_with_a_wrong_signature_is_not_repeated() -> None:
    quoted = refused("SignatureDoesNotMatch", "The Canonical String … x-amz-security-token:hunter2", status=403)
    assert "hunter2" not in str(failure_from(quoted, action="sts:GetCallerIdentity", resource="*"))
