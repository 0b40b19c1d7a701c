"""Guarded clients are ordinary boto3 clients; only their AccessDenied errors say more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

import bedrock_guard
from bedrock_guard import clients
from bedrock_guard.testing import sandbox

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


def test_it_says_what_the_call_is_authorised_as_in_a_few_lines(aws: Sandbox) -> None:
    error = denied(bedrock_guard.session(aws.session("denied")))
    added = error.response["Error"]["Message"].splitlines()[1:]
    assert "Converse is authorised as bedrock:InvokeModel" in added[0]
    assert len(added) <= 4
    details: Any = error.response
    assert details["BedrockGuard"]["actions"] == ["bedrock:InvokeModel"]


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
    aws.faults.error("Converse", "ValidationException", "The provided model identifier is invalid.", times=1)
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
    message = denied(session).response["Error"]["Message"]
    assert message.count("bedrock_guard:") == 1


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

    monkeypatch.setattr(clients, "_add_diagnosis", broken)
    error = denied(bedrock_guard.session(aws.session("denied")))
    assert "is not authorized to perform: bedrock:InvokeModel" in str(error)
    details: Any = error.response
    assert details["BedrockGuard"] == {"diagnosis_failed": "RuntimeError"}
