"""With a Bedrock API key in the environment each call is checked for the principal that it is made as."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bedrock_guard import Decision, Guard, PrincipalError
from bedrock_guard.render.text import render_line
from bedrock_guard.testing import Sandbox, sandbox
from tests.bedrock.test_api_keys import SECRET, long_term, short_term

NOVA = "amazon.nova-lite-v1:0"
ALIAS = "arn:aws:bedrock:us-east-1:123456789012:agent-alias/AGENT12345/ALIAS12345"
USER = "arn:aws:iam::123456789012:user/BedrockAPIKey-ab12"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.reset()
    running.faults.clear()
    return running


def allow(*actions: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


def session(aws: Sandbox, config: Config | None = None) -> boto3.Session:
    """A session of the role app that would call with a key, as one of an app does."""
    made = aws.session("app")
    made._session.set_default_client_config(config or Config(proxies={}))
    return made


def guard(aws: Sandbox, **options: Any) -> Guard:
    options.setdefault("session", session(aws))
    return Guard(models=[NOVA], actions=[("bedrock:InvokeAgent", ALIAS)], check_model_access=False, **options)


def answers(found: Guard) -> dict[tuple[str, str], Decision]:
    report = found.check()
    return {(f.requirement.action, f.requirement.principal): f.decision for f in report.findings}


def lasting() -> str:
    return short_term(date=datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ"))


PREFERENCE: dict[str, Any] = {"auth_scheme_preference": "sigv4,httpBearerAuth"}
READS = ("iam:SimulatePrincipalPolicy", "iam:Get*", "iam:List*")


def test_the_user_of_a_long_term_key_is_asked_about_and_the_role_about_the_rest(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[allow("bedrock:InvokeModel", "bedrock:InvokeAgent", *READS)])
    aws.user("BedrockAPIKey-ab12", policies=[allow("bedrock:CallWithBearerToken")])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", long_term())
    assert answers(guard(aws)) == {
        ("bedrock:InvokeModel", USER): Decision.IMPLICIT_DENY,
        ("bedrock:InvokeAgent", ""): Decision.ALLOWED,
        ("bedrock:CallWithBearerToken", USER): Decision.ALLOWED,
    }
    aws.user("BedrockAPIKey-ab12", policies=[allow("bedrock:InvokeModel")])
    assert answers(guard(aws)) == {
        ("bedrock:InvokeModel", USER): Decision.ALLOWED,
        ("bedrock:InvokeAgent", ""): Decision.ALLOWED,
        ("bedrock:CallWithBearerToken", USER): Decision.IMPLICIT_DENY,
    }


def test_the_key_is_the_first_line_of_text_and_log_and_its_secret_is_nowhere(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[allow("bedrock:*", *READS)])
    aws.user("BedrockAPIKey-ab12", policies=[allow("bedrock:ListAgents")])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", long_term())
    report = guard(aws).check()
    text = str(report)
    assert text.startswith("BG420: Calls of bedrock and bedrock-runtime authenticate with")
    assert "BedrockAPIKey-ab12" in text.split("permissions")[0]
    assert render_line(report).startswith("BG420: ")
    shown = text + json.dumps(report.to_dict()) + render_line(report)
    assert SECRET not in shown
    assert long_term()[10:40] not in shown
    (remedy,) = [one for one in report.remedies if one.statements]
    assert "user BedrockAPIKey-ab12" in remedy.text, "what is missing belongs into the user's policy"


def test_a_short_term_key_of_the_sessions_own_credentials_is_the_sessions_principal(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[allow("bedrock:InvokeModel", "bedrock:InvokeAgent", *READS)])
    own = session(aws)
    credentials = own.get_credentials()
    assert credentials is not None
    date = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", short_term(key_id=credentials.access_key, date=date))
    assert answers(guard(aws, session=own)) == {
        ("bedrock:InvokeModel", ""): Decision.ALLOWED,
        ("bedrock:InvokeAgent", ""): Decision.ALLOWED,
        ("bedrock:CallWithBearerToken", ""): Decision.IMPLICIT_DENY,
    }


@pytest.mark.parametrize("key", [lasting(), "bedrock-api-key-example"])
def test_calls_with_a_key_of_nobody_known_are_unverified(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    aws.role("app", policies=[allow("bedrock:*", *READS)])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", key)
    report = guard(aws).check()
    by_action = {f.requirement.action: (f.decision, f.code) for f in report.findings}
    assert by_action == {
        "bedrock:InvokeModel": (Decision.UNVERIFIED, "BG403"),
        "bedrock:CallWithBearerToken": (Decision.UNVERIFIED, "BG403"),
        "bedrock:InvokeAgent": (Decision.ALLOWED, None),
    }


def test_a_key_that_cannot_work_is_refused_before_anything_is_asked_of_iam(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[allow("bedrock:*", *READS)])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", short_term(date="20200101T000000Z"))
    with pytest.raises(PrincipalError, match=r"expired \d+ days ago") as caught:
        guard(aws).check()
    assert caught.value.code == "BG421"
    assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.remedy}"
    date = (datetime.now(timezone.utc) - timedelta(minutes=1)).strftime("%Y%m%dT%H%M%SZ")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", short_term(region="eu-west-1", date=date))
    with pytest.raises(PrincipalError, match="valid in eu-west-1 alone, and the app calls us-east-1") as caught:
        guard(aws).check()
    assert caught.value.code == "BG422"


def test_a_key_matters_to_no_app_that_only_calls_agents(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.role("app", policies=[allow("bedrock:*", *READS)])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", short_term(date="20200101T000000Z"))
    report = Guard(actions=[("bedrock:InvokeAgent", ALIAS)], session=session(aws)).check()
    assert report.exit_code == 0
    assert not [note for note in report.notes if note.code.startswith("BG42")]


def test_generating_from_a_knowledge_base_calls_the_model_as_the_role(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """bedrock-agent-runtime knows no keys: the same action is the role's there and the key's in bedrock-runtime."""
    aws.role("app", policies=[allow("bedrock:*", *READS)])
    aws.user("BedrockAPIKey-ab12", policies=[allow("bedrock:*")])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", long_term())
    report = Guard(
        models=[NOVA],
        operations=["retrieve_and_generate", "converse"],
        session=session(aws),
        check_model_access=False,
    ).check()
    holders = {f.requirement.principal for f in report.findings if f.requirement.action == "bedrock:InvokeModel"}
    assert holders == {"", USER}


@pytest.mark.parametrize("config", [Config(signature_version="v4"), Config(**PREFERENCE)])
def test_a_session_that_signs_does_not_use_the_key(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch, config: Config
) -> None:
    aws.role("app", policies=[allow("bedrock:*", *READS)])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", long_term())
    found = answers(guard(aws, session=session(aws, config)))
    assert set(found) == {("bedrock:InvokeModel", ""), ("bedrock:InvokeAgent", "")}


def test_another_principal_that_is_asked_about_has_no_key(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = aws.role("app", policies=[allow("bedrock:*", *READS)])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", long_term())
    assert {principal for _, principal in answers(guard(aws, principal_arn=arn))} == {""}
