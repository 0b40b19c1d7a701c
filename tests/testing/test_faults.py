"""What a test can make go wrong."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from bedrock_guard.testing import Sandbox

_ONCE: Any = Config(retries={"total_max_attempts": 1})
_HELLO: Any = {"modelId": "amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": [{"text": "Hello"}]}]}


def _error(call: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_throttled_calls_of_iam(aws: Sandbox) -> None:
    """The next calls of an operation are throttled in IAM's words, then it answers again."""
    client = aws.session().client("iam", config=_ONCE)
    aws.faults.throttle("ListRoles", times=2)
    assert client.list_users()
    for _ in range(2):
        assert _error(client.list_roles) == ("Throttling", "Rate exceeded", 400)
    assert client.list_roles()


def test_throttled_calls_of_bedrock(aws: Sandbox) -> None:
    """Bedrock throttles with its own code, which botocore retries by itself."""
    aws.faults.throttle("bedrock-runtime:Converse", times=1)
    client = aws.session().client("bedrock-runtime", config=_ONCE)
    assert _error(lambda: client.converse(**_HELLO)) == ("ThrottlingException", "Rate exceeded", 429)
    aws.faults.throttle("Converse", times=1)
    retrying = aws.session().client("bedrock-runtime", config=Config(retries={"mode": "standard"}))
    assert retrying.converse(**_HELLO)["ResponseMetadata"]["RetryAttempts"] == 1


def test_server_errors(aws: Sandbox) -> None:
    """A service can fail; for all calls to come until it is cleared."""
    aws.faults.server_error("iam", times=None)
    client = aws.session().client("iam", config=_ONCE)
    assert _error(client.list_roles)[::2] == ("ServiceFailure", 500)
    assert _error(client.list_users)[::2] == ("ServiceFailure", 500)
    aws.faults.clear()
    assert client.list_roles()


def test_an_error_of_ones_own(aws: Sandbox) -> None:
    """Bedrock's gates beyond IAM can be played."""
    text = "You don't have access to the model with the specified model ID."
    aws.faults.error("Converse", "AccessDeniedException", text, http_status=403)
    client = aws.session().client("bedrock-runtime")
    with pytest.raises(client.exceptions.AccessDeniedException, match="specified model ID"):
        client.converse(**_HELLO)


def test_latency_and_overlap(aws: Sandbox) -> None:
    """Calls side by side overlap in the record; calls after each other are as many round trips."""
    aws.faults.latency(0.1, "ListRoles")
    client = aws.session().client("iam")
    client.list_users()
    threads = [threading.Thread(target=client.list_roles) for _ in range(3)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.1 <= time.monotonic() - begun < 0.3
    first, second, third = aws.calls.of("iam:ListRoles")
    assert first.overlaps(second)
    assert second.overlaps(third)
    assert not aws.calls.of("ListUsers")[0].overlaps(first)
    assert aws.calls.round_trips() == 2
    aws.faults.latency(0, "ListRoles")
    begun = time.monotonic()
    client.list_roles()
    assert time.monotonic() - begun < 0.1


def test_refused_connections(aws: Sandbox) -> None:
    """While connections are refused nothing listens; afterwards the sandbox is there again, with all it holds."""
    aws.role("app")
    client = aws.session("app").client("sts", config=_ONCE)
    with aws.refusing_connections(), pytest.raises(EndpointConnectionError):
        client.get_caller_identity()
    assert client.get_caller_identity()


def test_what_is_not_there_is_not_retried(aws: Sandbox) -> None:
    """Unknown operations and services get one clean answer in the language of the service, with HTTP 501."""
    session = aws.session()
    calls: list[tuple[Any, str]] = [
        (
            lambda: session.client("iam").list_mfa_device_tags(SerialNumber="arn:aws:iam::123456789012:mfa/x"),
            "NotImplemented",
        ),
        (lambda: session.client("bedrock-agent").prepare_agent(agentId="AGENT12345"), "NotImplementedException"),
        (lambda: session.client("dynamodb").list_tables(), "NotImplementedException"),
        (lambda: session.client("s3").list_buckets(), "NotImplemented"),
    ]
    for call, code in calls:
        aws.calls.clear()
        found, message, status = _error(call)
        assert (found, status) == (code, 501)
        assert "not implemented in the sandbox" in message
        assert len(aws.calls) == 1


def test_the_record_of_a_call(aws: Sandbox) -> None:
    """Who called what, on what, how it was decided and answered."""
    aws.role("app")
    _error(lambda: aws.session("app").client("bedrock-runtime").converse(**_HELLO))
    (call,) = aws.calls
    assert call.name == "bedrock-runtime:Converse"
    assert call.caller == "arn:aws:sts::123456789012:assumed-role/app/sandbox"
    assert call.actions == ("bedrock:InvokeModel",)
    assert call.resources == ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",)
    assert (call.decision, call.http_status, call.error_code) == ("implicitDeny", 403, "AccessDeniedException")
    assert call.started < call.ended
    assert repr(aws.calls) == "CallLog(['bedrock-runtime:Converse'])"
    assert aws.calls[0] is call
    assert aws.calls[:1] == [call]
