"""What the guard says of an app that calls with a Bedrock API key, beside what happens when the app then calls.

Everything is as it is outside a test: the environment holds credentials and a key, boto3 makes its own session from it,
and both the guard and the app use that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest

from bedrock_guard import Decision, Guard, PrincipalError
from bedrock_guard.advice.denial import DenialKind
from bedrock_guard.advice.denials import read_denials
from bedrock_guard.testing import Sandbox, sandbox

NOVA = "amazon.nova-lite-v1:0"
MODEL = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
ROLE = "arn:aws:sts::123456789012:assumed-role/app/sandbox"
USER = "arn:aws:iam::123456789012:user/kay"
REFUSED = "Authentication failed: Please make sure your API Key is valid."
READS = ("iam:SimulatePrincipalPolicy", "iam:Get*", "iam:List*")
EVERYTHING = ("bedrock:*", *READS)
BOTH = ("bedrock:InvokeModel", "bedrock:CallWithBearerToken")


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.reset()
    return running


def allow(*actions: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


def live_with(aws: Sandbox, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """The environment of the role app, which holds what the guard needs, and of a key."""
    for name, value in aws.environment("app", api_key=key).items():
        monkeypatch.setenv(name, value)


def guard() -> Guard:
    return Guard(models=[NOVA], check_model_access=False)


def call() -> str:
    """What a call of the app comes to: how the model stopped, or the refusal."""
    client = boto3.Session().client("bedrock-runtime")
    message: Any = {"role": "user", "content": [{"text": "Hello"}]}
    try:
        return str(client.converse(modelId=NOVA, messages=[message])["stopReason"])
    except client.exceptions.AccessDeniedException as refused:
        return str(refused.response["Error"]["Message"])


def denied() -> dict[str, str]:
    """Action and principal of what the guard says is denied; every finding is the simulator's answer."""
    report = guard().check()
    assert {finding.evidence.evaluator for finding in report.findings} == {"simulator"}
    assert all(finding.code == "BG101" for finding in report.denied)
    return {finding.requirement.action: finding.requirement.principal for finding in report.denied}


# -- keys that work ---------------------------------------------------------------------------------------------------


def test_a_long_term_key_of_a_user_who_may_works_and_the_guard_says_so(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[allow(*READS)])
    aws.user("kay", policies=[allow(*BOTH)])
    live_with(aws, monkeypatch, aws.api_keys.long_term("kay"))
    report = guard().check()
    assert {(f.requirement.action, f.decision) for f in report.findings} == {(a, Decision.ALLOWED) for a in BOTH}
    assert {finding.requirement.principal for finding in report.findings} == {USER}
    assert call() == "end_turn"
    assert aws.calls[-1].caller == USER


def test_a_key_that_iam_made_on_the_wire_works_too(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.role("app", policies=[allow("iam:CreateServiceSpecificCredential")])
    aws.user("kay", policies=[allow(*BOTH)])
    made = (
        aws.session("app")
        .client("iam")
        .create_service_specific_credential(UserName="kay", ServiceName="bedrock.amazonaws.com", CredentialAgeDays=1)[
            "ServiceSpecificCredential"
        ]
    )
    live_with(aws, monkeypatch, made["ServiceCredentialSecret"])
    assert call() == "end_turn"


def test_a_short_term_key_of_the_session_itself_is_checked_as_the_session(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key names the access key that signed it, which is the session's own."""
    aws.role("app", policies=[allow(*BOTH, *READS)])
    environment = aws.environment("app", api_key="")
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment["AWS_SESSION_TOKEN"],
        region_name="us-east-1",
    )
    for name, value in {**environment, "AWS_BEARER_TOKEN_BEDROCK": aws.api_keys.short_term(session)}.items():
        monkeypatch.setenv(name, value)
    report = guard().check()
    assert {(f.requirement.action, f.decision) for f in report.findings} == {(a, Decision.ALLOWED) for a in BOTH}
    assert {finding.requirement.principal for finding in report.findings} == {""}
    assert call() == "end_turn"
    assert aws.calls[-1].caller == ROLE


# -- keys whose principal may not -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", BOTH)
def test_what_the_keys_user_lacks_is_foretold_and_is_what_the_call_then_says(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    (held,) = set(BOTH) - {lacking}
    aws.role("app", policies=[allow(*READS)])
    aws.user("kay", policies=[allow(held)])
    live_with(aws, monkeypatch, aws.api_keys.long_term("kay"))
    assert denied() == {lacking: USER}
    shown = {"bedrock:CallWithBearerToken": "*", "bedrock:InvokeModel": MODEL}[lacking]
    assert call() == (
        f"User: {USER} is not authorized to perform: {lacking} on resource: {shown} because no identity-based policy "
        f"allows the {lacking} action"
    )


def test_an_scp_that_denies_long_term_keys_is_foretold(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.role("app", policies=[allow(*READS)])
    aws.user("kay", policies=[allow(*BOTH)])
    aws.scp(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny",
                    "Action": "bedrock:CallWithBearerToken",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"bedrock:BearerTokenType": "LONG_TERM"}},
                }
            ],
        }
    )
    live_with(aws, monkeypatch, aws.api_keys.long_term("kay"))
    (finding,) = guard().check().denied
    assert (finding.requirement.action, finding.decision) == ("bedrock:CallWithBearerToken", Decision.EXPLICIT_DENY)
    assert "with an explicit deny in a service control policy" in call()


def test_a_key_that_shadows_a_role_is_the_first_line_and_denies_what_the_role_may(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role holds everything and the key's user nothing: without the key the same app would work."""
    aws.role("app", policies=[allow(*EVERYTHING)])
    aws.user("kay")
    key = aws.api_keys.long_term("kay")
    live_with(aws, monkeypatch, key)
    assert denied() == dict.fromkeys(BOTH, USER)
    text = " ".join(str(guard().check()).split())
    assert text.startswith("BG420: Calls of bedrock and bedrock-runtime authenticate with AWS_BEARER_TOKEN_BEDROCK: ")
    assert "AWS_BEARER_TOKEN_BEDROCK: long-term API key, of the user kay in account 123456789012." in text
    assert f"It goes before the credentials of {ROLE}, as whom only other clients call." in text
    assert key not in text
    assert "is not authorized to perform: bedrock:CallWithBearerToken on resource: *" in call()

    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK")
    assert denied() == {}
    assert call() == "end_turn"
    assert aws.calls[-1].caller == ROLE


# -- keys that nobody takes -----------------------------------------------------------------------------------------


def stale(aws: Sandbox) -> str:
    return aws.api_keys.short_term(aws.session("app"), made=datetime.now(timezone.utc) - timedelta(hours=15))


def foreign(aws: Sandbox) -> str:
    return aws.api_keys.short_term(aws.session("app"), region="eu-west-1")


@pytest.mark.parametrize(
    ("key", "code", "said"),
    [
        pytest.param(stale, "BG421", "short-term API key, signed with .*, us-east-1, expired 3 h ago", id="expired"),
        pytest.param(foreign, "BG422", "valid in eu-west-1 alone, and the app calls us-east-1", id="another-region"),
    ],
)
def test_a_stale_or_foreign_key_is_an_error_before_any_call(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch, key: Any, code: str, said: str
) -> None:
    """The guard asks STS alone; the app's call is refused in words that say neither."""
    aws.role("app", policies=[allow(*EVERYTHING)])
    live_with(aws, monkeypatch, key(aws))
    with pytest.raises(PrincipalError, match=said) as refused:
        guard().check()
    assert refused.value.code == code
    assert {asked.service for asked in aws.calls} == {"sts"}
    assert call() == REFUSED


@pytest.mark.parametrize("key", [stale, foreign])
def test_with_a_key_that_cannot_work_not_even_a_profile_is_asked_about(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch, key: Any
) -> None:
    aws.role("app", policies=[allow(*EVERYTHING)])
    live_with(aws, monkeypatch, key(aws))
    with pytest.raises(PrincipalError):
        Guard(models=["us.amazon.nova-lite-v1:0"], session=boto3.Session()).check()
    assert {asked.service for asked in aws.calls} == {"sts"}


def test_the_keys_own_region_is_where_it_works(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.role("app", policies=[allow(*EVERYTHING)])
    live_with(aws, monkeypatch, foreign(aws))
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.https_endpoint_url("eu-west-1"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    guard().check()
    assert call() == "end_turn"


@pytest.mark.parametrize(
    ("key", "refusal"),
    [
        ("sk-proj-not-a-real-key", "Invalid API Key format: Must start with pre-defined prefix"),
        ("bedrock-api-key-bm90LWEta2V5", REFUSED),
    ],
)
def test_a_key_that_cannot_be_read_is_said_first_and_its_calls_are_unverified(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch, key: str, refusal: str
) -> None:
    aws.role("app", policies=[allow(*EVERYTHING)])
    live_with(aws, monkeypatch, key)
    report = guard().check()
    assert str(report).startswith("BG423: Calls of bedrock and bedrock-runtime authenticate with")
    assert {finding.decision for finding in report.findings} == {Decision.UNVERIFIED}
    assert key not in str(report)
    assert call() == refusal


@pytest.mark.parametrize("key", [stale, foreign, lambda aws: "sk-proj-not-a-real-key"])
def test_what_the_refusals_say_is_known_as_being_about_the_key(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch, key: Any
) -> None:
    aws.role("app", policies=[allow(*EVERYTHING)])
    live_with(aws, monkeypatch, key(aws))
    (denial,) = read_denials(call()).denials
    assert denial.kind is DenialKind.API_KEY
