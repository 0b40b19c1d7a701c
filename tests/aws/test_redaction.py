"""A guard that redacts: nothing it returns, raises, logs or adds to an error names the account or the session."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, EventStreamError

import bedrock_guard
from bedrock_guard.errors import ConfigurationError, MissingPermissionsError, PrincipalError
from bedrock_guard.testing import sandbox
from bedrock_guard.testing.event_stream import CONTENT_TYPE, exception
from tests.render.reports import KNOWLEDGE_BASE

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

ACCOUNT = "123456789012"
MODEL = "amazon.nova-lite-v1:0"
RETRIEVE = [("bedrock:Retrieve", KNOWLEDGE_BASE)]
MAY_ASK = {"Effect": "Allow", "Action": ["iam:SimulatePrincipalPolicy", "iam:Get*"], "Resource": "*"}


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as running:
        running.role("app", policies=[{"Version": "2012-10-17", "Statement": [MAY_ASK]}])
        running.role("blind")
        yield running


def leaks(text: str) -> list[str]:
    return [original for original in (ACCOUNT, "role/app/sandbox", "role/blind/sandbox", "AROA") if original in text]


def test_without_it_everything_is_named(aws: Sandbox) -> None:
    """What the tests below look for is there to be found."""
    with pytest.raises(MissingPermissionsError) as caught:
        bedrock_guard.Guard(actions=RETRIEVE, session=aws.session("app")).verify()
    assert leaks(json.dumps(caught.value.report.to_dict()) + str(caught.value)) == [ACCOUNT, "role/app/sandbox", "AROA"]


@pytest.mark.parametrize("setting", ["argument", "environment"])
def test_the_error_and_its_report_are_masked(aws: Sandbox, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    if setting == "environment":
        monkeypatch.setenv("BEDROCK_GUARD_REDACT", "1")
    guard = bedrock_guard.Guard(
        actions=RETRIEVE, session=aws.session("app"), redact=True if setting == "argument" else None
    )
    with pytest.raises(MissingPermissionsError) as caught:
        guard.verify()
    error = caught.value
    assert leaks("".join(traceback.format_exception(error))) == []
    assert leaks(json.dumps(error.report.to_dict())) == []
    assert "arn:aws:iam::ACCOUNT-1:role/app" in str(error).splitlines()[0]
    assert error.report.notes[-1].code == "BG505"


def test_the_argument_goes_before_the_environment(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEDROCK_GUARD_REDACT", "yes")
    report = bedrock_guard.Guard(actions=RETRIEVE, session=aws.session("app"), redact=False).check()
    assert report.principal is not None
    assert report.principal.account == ACCOUNT


def test_a_setting_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEDROCK_GUARD_REDACT", "maybe")
    with pytest.raises(ConfigurationError, match="BEDROCK_GUARD_REDACT: 'maybe'"):
        bedrock_guard.Guard(actions=RETRIEVE)


def test_what_the_guard_decides_is_the_same(aws: Sandbox) -> None:
    plain = bedrock_guard.Guard(actions=RETRIEVE, session=aws.session("app"), redact=False).check()
    masked = bedrock_guard.Guard(actions=RETRIEVE, session=aws.session("app"), redact=True).check()
    assert [(f.decision, f.code, f.layer) for f in masked.findings] == [
        (f.decision, f.code, f.layer) for f in plain.findings
    ]


def test_the_values_to_work_with_are_not_masked(aws: Sandbox) -> None:
    guard = bedrock_guard.Guard(actions=RETRIEVE, session=aws.session("app"), redact=True)
    assert guard.principal.account == ACCOUNT
    assert guard.requirements[0].resource == KNOWLEDGE_BASE


def test_a_warning_is_masked(aws: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    bedrock_guard.Guard(actions=RETRIEVE, session=aws.session("blind"), redact=True).verify()
    assert "bedrock_guard.unverified" in caplog.text
    said = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert leaks(said) == []
    assert "ACCOUNT-1" in said


def test_an_error_before_there_is_a_report_is_masked_and_shows_no_cause(aws: Sandbox) -> None:
    aws.faults.error(
        "GetCallerIdentity", "ExpiredToken", f"The token of {ACCOUNT} is expired", http_status=403, times=1
    )
    guard = bedrock_guard.Guard(actions=RETRIEVE, session=aws.session("app"), redact=True)
    with pytest.raises(PrincipalError) as caught:
        guard.check()
    assert leaks("".join(traceback.format_exception(caught.value))) == []


def denied(session: Any) -> ClientError:
    runtime = session.client("bedrock-runtime")
    with pytest.raises(runtime.exceptions.AccessDeniedException) as caught:
        runtime.converse(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "hi"}]}])
    error: ClientError = caught.value
    return error


class TestGuardedClients:
    """AWS's own words are masked too: an app logs the message as a whole."""

    def test_the_message_and_what_is_added_are_masked_alike(self, aws: Sandbox) -> None:
        guard = bedrock_guard.Guard(
            actions=RETRIEVE, operations=["converse"], models=[MODEL], session=aws.session("app"), redact=True
        )
        guard.check()
        error = denied(guard)
        whole: Any = error.response
        assert leaks(str(error)) == []
        assert leaks(json.dumps(whole["BedrockGuard"])) == []
        assert str(error).startswith("An error occurred (AccessDeniedException) when calling the Converse operation")
        assert "arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1" in str(error)
        assert whole["BedrockGuard"]["denials"][0]["caller"] == "arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"
        assert {f["requirement"]["action"] for f in whole["BedrockGuard"]["findings"]} == {"bedrock:InvokeModel"}

    def test_explaining_the_error_afterwards_names_nobody(self, aws: Sandbox) -> None:
        diagnosis = bedrock_guard.explain(denied(bedrock_guard.session(aws.session("app"), redact=True)))
        assert diagnosis.denials[0].action == "bedrock:InvokeModel"
        assert leaks(str(diagnosis)) == []

    def test_the_setting_counts_for_sessions_and_clients(self, aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BEDROCK_GUARD_REDACT", "true")
        assert leaks(str(denied(bedrock_guard.session(aws.session("app"))))) == []
        assert leaks(str(denied(bedrock_guard.session(aws.session("app"), redact=False)))) != []

    def test_an_error_that_has_no_diagnosis_is_masked(self, aws: Sandbox) -> None:
        session = bedrock_guard.session(aws.session("app"), redact=True)
        aws.faults.error("Converse", "ValidationException", f"A conversation of {ACCOUNT} must begin.", times=1)
        with pytest.raises(ClientError, match="A conversation of ACCOUNT-1 must begin") as caught:
            session.client("bedrock-runtime").converse(modelId=MODEL, messages=[])
        assert "BedrockGuard" not in caught.value.response

    def test_a_diagnosis_that_fails_unmasks_nothing(self, aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(*_: object, **__: object) -> None:
            raise RuntimeError("no")

        monkeypatch.setattr("bedrock_guard.diagnose.diagnosis_of", failing)
        error = denied(bedrock_guard.session(aws.session("app"), redact=True))
        whole: Any = error.response
        assert whole["BedrockGuard"] == {"diagnosis_failed": "RuntimeError"}
        assert leaks(str(error)) == []

    def test_a_stream_that_fails_midway_is_masked(self, aws: Sandbox) -> None:
        runtime = bedrock_guard.session(aws.session("app"), redact=True).client("bedrock-runtime")
        runtime.meta.events.register("before-send.bedrock-runtime.ConverseStream", _broken_stream)
        messages: Any = [{"role": "user", "content": [{"text": "hi"}]}]
        stream = runtime.converse_stream(modelId=MODEL, messages=messages)["stream"]
        with pytest.raises(EventStreamError) as caught:
            list(stream)
        assert "The provided model identifier is invalid for ACCOUNT-1." in str(caught.value)
        assert leaks(str(caught.value) + str(caught.value.args)) == []


class _Raw:
    """A response's body."""

    def stream(self) -> Iterator[bytes]:
        yield exception("validationException", f"The provided model identifier is invalid for {ACCOUNT}.")

    def close(self) -> None:
        """Nothing is open."""


def _broken_stream(request: Any, **_: Any) -> AWSResponse:
    return AWSResponse(request.url, 200, HTTPHeaders.from_dict({"content-type": CONTENT_TYPE}), _Raw())
