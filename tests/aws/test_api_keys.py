"""With a Bedrock API key in the environment each call is checked for the principal that it is made as."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from bedrock_guard import Decision, Guard, PrincipalError
from bedrock_guard.aws.api_keys import clients_with_key, key_in_use
from bedrock_guard.bedrock.api_keys import KEY_CLIENTS, UNKNOWN_HOLDER
from bedrock_guard.bedrock.operation_rules import NAMESPACES
from bedrock_guard.principal import principal_from_arn
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


def test_a_key_that_is_dated_later_than_now_is_refused_before_anything_is_asked(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bedrock refuses a signature of tomorrow; a clock that is wrong by minutes makes none."""
    aws.role("app", policies=[allow("bedrock:*", *READS)])
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", short_term(date="20990101T000000Z"))
    with pytest.raises(PrincipalError, match=r"begins in \d+ days") as caught:
        guard(aws).check()
    assert caught.value.code == "BG421"
    assert "clock" in caught.value.remedy
    soon = (datetime.now(timezone.utc) + timedelta(minutes=2)).strftime("%Y%m%dT%H%M%SZ")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", short_term(date=soon))
    guard(aws).check()


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


# -- which clients call with it --------------------------------------------------------------------------------------

_READS_NOTHING = {
    "bedrock": "ListFoundationModels",
    "bedrock-agent": "ListAgents",
    "bedrock-agent-runtime": "ListSessions",
    "bedrock-agentcore-control": "ListAgentRuntimes",
    "bedrock-data-automation": "ListBlueprints",
    "bedrock-runtime": "ListAsyncInvokes",
}


class _StopError(Exception):
    """Ends a call before it leaves the machine."""


def app_session(**config: Any) -> boto3.Session:
    inner = botocore.session.Session()
    if config:
        inner.set_default_client_config(Config(**config))
    return boto3.Session("AKIAIOSFODNN7EXAMPLE", SECRET, botocore_session=inner, region_name="us-east-1")


def sends_the_key(made: boto3.Session, service: str) -> bool:
    """Whether botocore puts the key into a request of the client, as the request is just before it is sent."""
    client: Any = made.client(service)  # type: ignore[call-overload]
    sent: list[str] = []

    def stop(request: Any, **_: Any) -> None:
        sent.append(str(request.headers.get("Authorization")))
        raise _StopError

    client.meta.events.register("before-send", stop)
    with pytest.raises(_StopError):
        client._make_api_call(_READS_NOTHING[service], {})
    return "Bearer" in sent[0]


def test_the_clients_that_call_with_a_key_are_those_of_which_botocore_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a newer botocore sends keys to further services, this is where it shows."""
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", long_term())
    made = app_session()
    assert set(_READS_NOTHING) == set(NAMESPACES).difference(("bedrock-agentcore", "bedrock-data-automation-runtime"))
    assert tuple(name for name in _READS_NOTHING if sends_the_key(made, name)) == KEY_CLIENTS
    assert clients_with_key(made) == KEY_CLIENTS


@pytest.mark.parametrize(
    "config",
    [
        {"read_timeout": 3},
        {"signature_version": "v4"},
        {"signature_version": "bearer"},
        {"signature_version": UNSIGNED},
        {"signature_version": "v4", "auth_scheme_preference": "httpBearerAuth"},
        {"auth_scheme_preference": ""},
        {"auth_scheme_preference": "sigv4,httpBearerAuth"},
        {"auth_scheme_preference": "httpBearerAuth,sigv4"},
        {"auth_scheme_preference": "sigv4a,httpBearerAuth"},
        {"auth_scheme_preference": "sigv4a"},
        {"auth_scheme_preference": "unheard-of"},
    ],
    # The repr of UNSIGNED is another in every process.
    ids=lambda config: ",".join(f"{k}={v if isinstance(v, str) else type(v).__name__}" for k, v in config.items()),
)
def test_what_is_set_in_code_counts_as_botocore_counts_it(
    monkeypatch: pytest.MonkeyPatch, config: dict[str, Any]
) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", long_term())
    monkeypatch.setenv("AWS_AUTH_SCHEME_PREFERENCE", "sigv4")
    made = app_session(**config)
    assert clients_with_key(made) == (KEY_CLIENTS if sends_the_key(made, "bedrock-runtime") else ())


# -- whose it is -----------------------------------------------------------------------------------------------------


def found_with(monkeypatch: pytest.MonkeyPatch, key: str, caller: str | None) -> tuple[str, str, str]:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", key)
    principal = None if caller is None else principal_from_arn(caller)
    found = key_in_use(app_session(), principal, partition="aws", now=datetime.now(timezone.utc))
    assert found is not None
    return found.holder, found.note.code, found.note.text


def test_the_caller_whose_own_key_it_is_is_known_by_name_and_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key does not hold the user's path, and a role or another account's user may be called the same."""
    own = "arn:aws:iam::123456789012:user/svc/BedrockAPIKey-ab12"
    assert found_with(monkeypatch, long_term(), own)[0] == ""
    for other in (
        "arn:aws:iam::123456789012:role/BedrockAPIKey-ab12",
        "arn:aws:iam::210987654321:user/BedrockAPIKey-ab12",
        "arn:aws:sts::123456789012:assumed-role/app/BedrockAPIKey-ab12",
        None,
    ):
        assert found_with(monkeypatch, long_term(), other)[0] == USER


def test_nobody_is_asked_about_for_a_numbered_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for caller in (None, "arn:aws:iam::123456789012:user/thomas"):
        assert found_with(monkeypatch, long_term("thomas+1-at-123456789012"), caller)[0] == UNKNOWN_HOLDER


def test_the_note_says_whose_credentials_the_key_goes_before(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = "arn:aws:sts::123456789012:assumed-role/app/i-0abc"
    _, code, text = found_with(monkeypatch, f"{long_term()}\n", caller)
    assert code == "BG420"
    assert text == (
        "Calls of bedrock and bedrock-runtime authenticate with AWS_BEARER_TOKEN_BEDROCK: long-term API key, of the "
        "user BedrockAPIKey-ab12 in account 123456789012. White space stands around it in the variable. It goes "
        f"before the credentials of {caller}, as whom only other clients call."
    )
    assert found_with(monkeypatch, "sk-proj-0123456789", caller)[1] == "BG423"
    assert found_with(monkeypatch, short_term(date="20200101T000000Z"), caller)[1] == "BG421"
    assert found_with(monkeypatch, short_term(date="20990101T000000Z"), caller)[1] == "BG421"
