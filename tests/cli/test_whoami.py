"""``whoami``: the principal and what can be checked about it, also where AWS does not answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest

from bedrock_guard.testing import Sandbox, sandbox
from tests.cli.commands import Commands

OWN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["iam:Simulate*", "iam:GetRole", "iam:GetContext*"], "Resource": "*"}],
}


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox() as running:
        yield running


def become(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_a_role_with_a_path_is_named_as_the_session_and_as_what_iam_is_asked_about(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = aws.role("app", path="/svc/", policies=[OWN])
    become(monkeypatch, aws.environment("app"))
    ended = bedrock_guard("whoami")
    assert (ended.code, ended.err) == (0, "")
    first, *facts = ended.out.splitlines()
    assert first == "arn:aws:sts::123456789012:assumed-role/app/sandbox"
    known = {line[2:17].strip(): line[18:] for line in facts}
    assert known == {
        "kind": "role session",
        "account": "123456789012 (partition aws)",
        "asked about as": arn,
        "credentials": "environment variables (AWS_ACCESS_KEY_ID …)",
        "Region": "us-east-1",
        "can be checked": "yes, by IAM's policy simulator",
    }


def test_json_holds_the_same_and_nothing_else_is_on_standard_output(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = aws.role("app", path="/svc/", policies=[OWN])
    environment = aws.environment("app")
    become(monkeypatch, environment)
    ended = bedrock_guard("whoami", "--format", "json")
    data: dict[str, Any] = json.loads(ended.out)
    assert data["principal"]["policy_source_arn"] == arn
    assert data["credential_source"] == "env"
    assert data["simulator"] == {"answers": True, "why_not": ""}
    assert data["error"] is None
    for secret in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        assert environment[secret] not in ended.out


def test_a_role_that_may_not_be_asked_about_gets_the_statement_to_add(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app")
    become(monkeypatch, aws.environment("app"))
    ended = bedrock_guard("whoami")
    assert ended.code == 0
    assert "can be checked  no: the guard may not call iam:SimulatePrincipalPolicy" in ended.out
    assert '"Sid": "BedrockGuardSelfCheck"' in ended.out


def test_the_root_user_is_known_and_cannot_be_checked(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = aws.root_session().get_credentials()
    assert credentials is not None
    become(
        monkeypatch,
        {
            "AWS_ACCESS_KEY_ID": str(credentials.access_key),
            "AWS_SECRET_ACCESS_KEY": str(credentials.secret_key),
            "AWS_ENDPOINT_URL": aws.endpoint_url,
            "AWS_REGION": "us-east-1",
        },
    )
    ended = bedrock_guard("whoami", "--region", "us-east-1")
    assert ended.code == 0
    assert "root user of the account" in ended.out
    assert "can be checked  no: the caller is the account's root user" in ended.out


def test_credentials_that_sts_refuses_are_3_with_the_reason_and_where_they_are_from(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[OWN])
    become(monkeypatch, aws.environment("app"))
    aws.expire("app")
    text, data = bedrock_guard("whoami"), bedrock_guard("whoami", "--format", "json")
    for ended in (text, data):
        assert (ended.code, ended.err) == (3, "")
        assert "the credentials were refused by STS" in ended.out
        assert "aws sso login" in ended.out
    assert json.loads(data.out)["error"]["code"] == "BG411"
    assert json.loads(data.out)["credential_source"] == "env"


def test_no_credentials_are_3(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("whoami", "--region", "us-east-1")
    assert ended.code == 3
    assert ended.out.startswith("the caller could not be identified\n")
    assert "credentials     none" in ended.out


# -- the API key in the environment -----------------------------------------------------------------------------------


def hours_ago(hours: float) -> datetime:
    return datetime.now(timezone.utc) - timedelta(hours=hours)


def facts_of_key(out: str) -> dict[str, str]:
    """The lines under the second heading, by label."""
    _, *lines = out.partition("\nthe API key in AWS_BEARER_TOKEN_BEDROCK\n")
    assert lines[0], out
    return {line[2:17].strip(): line[18:] for line in lines[1].splitlines()}


def with_key(aws: Sandbox, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    aws.role("app", policies=[OWN])
    become(monkeypatch, aws.environment("app", api_key=key))


def test_without_a_key_nothing_is_said_of_one(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[OWN])
    become(monkeypatch, aws.environment("app"))
    assert "API key" not in bedrock_guard("whoami").out
    data = json.loads(bedrock_guard("whoami", "--format", "json").out)
    assert (data["api_key_in_environment"], data["api_key"]) == (False, None)


def test_a_long_term_key_comes_first_and_says_whose_it_is(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.user("kay")
    key = aws.api_keys.long_term("kay")
    with_key(aws, monkeypatch, key)
    ended = bedrock_guard("whoami")
    assert (ended.code, ended.err) == (0, "")
    first, second, *_ = ended.out.splitlines()
    assert first == (
        "BG420: Calls of bedrock and bedrock-runtime authenticate with AWS_BEARER_TOKEN_BEDROCK: long-term API key, of "
        f"the user kay in account 123456789012. It goes before the credentials of {second}, as whom only other clients "
        "call."
    )
    assert second == "arn:aws:sts::123456789012:assumed-role/app/sandbox"
    assert "can be checked  yes, by IAM's policy simulator" in ended.out
    facts = facts_of_key(ended.out)
    signing = facts.pop("not used by")
    assert facts == {
        "kind": "long-term",
        "account": "123456789012",
        "user": "kay",
        "acts as": "arn:aws:iam::123456789012:user/kay",
        "Region": "any (assumed)",
        "ends": "when it was set to, which the key does not say",
        "used by": "bedrock, bedrock-runtime",
    }
    assert signing.startswith("bedrock-agent, bedrock-agent-runtime, ")
    assert signing.endswith("iam, sts …: signed with the session's credentials")
    assert key not in ended.out
    assert key.removeprefix("ABSK") not in ended.out


def test_a_short_term_key_says_who_signed_it_where_and_how_long_it_lasts(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("other")
    session = aws.session("other")
    key = aws.api_keys.short_term(session, made=hours_ago(2.02))
    with_key(aws, monkeypatch, key)
    ended = bedrock_guard("whoami")
    facts = facts_of_key(ended.out)
    credentials = session.get_credentials()
    assert credentials is not None
    assert facts["signed with"] == f"{credentials.access_key} (temporary credentials)"
    assert facts["acts as"] == "what signed it, whose ARN it does not hold"
    assert facts["Region"] == "us-east-1"
    assert facts["ends"].endswith("UTC (9 h 58 min left; sooner if its session does)")
    assert "BG420" in ended.out.splitlines()[0]


@pytest.mark.parametrize(
    ("made", "code", "said", "left"),
    [
        ({"made": 15.01}, "BG421", "expired 3 h ago. Calls with it will be refused.", "over for 3 h 0 min"),
        (
            {"region": "eu-west-1"},
            "BG422",
            "valid in eu-west-1 alone, and the app calls us-east-1.",
            "11 h 59 min left",
        ),
    ],
)
def test_a_key_whose_calls_will_be_refused_is_said_to_be_so(
    bedrock_guard: Commands,
    aws: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    made: dict[str, Any],
    code: str,
    said: str,
    left: str,
) -> None:
    """The caller is known all the same: who calls STS and IAM is not a matter of the key."""
    aws.role("other")
    options = {**made, "made": hours_ago(made.get("made", 0.01))}
    with_key(aws, monkeypatch, aws.api_keys.short_term(aws.session("other"), **options))
    text, data = bedrock_guard("whoami"), json.loads(bedrock_guard("whoami", "--format", "json").out)
    assert text.code == 0
    first, second, *_ = text.out.splitlines()
    assert first.startswith(f"{code}: ")
    assert said in first
    assert "unset AWS_BEARER_TOKEN_BEDROCK" in first
    assert second == "arn:aws:sts::123456789012:assumed-role/app/sandbox"
    assert left in facts_of_key(text.out)["ends"]
    assert data["api_key"]["code"] == code
    assert said in data["api_key"]["message"]
    assert data["error"] is None


def test_a_key_that_the_session_itself_signed_acts_as_the_session(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("app", policies=[OWN])
    variables = aws.environment("app", api_key="")
    session = boto3.Session(
        variables["AWS_ACCESS_KEY_ID"],
        variables["AWS_SECRET_ACCESS_KEY"],
        variables["AWS_SESSION_TOKEN"],
        region_name="us-east-1",
    )
    become(monkeypatch, {**variables, "AWS_BEARER_TOKEN_BEDROCK": aws.api_keys.short_term(session)})
    out = bedrock_guard("whoami").out
    assert facts_of_key(out)["acts as"] == "arn:aws:sts::123456789012:assumed-role/app/sandbox"


def test_json_holds_what_the_key_says_and_nothing_of_the_key(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.role("other")
    session = aws.session("other")
    credentials = session.get_credentials()
    assert credentials is not None
    key = aws.api_keys.short_term(session, seconds=3600)
    with_key(aws, monkeypatch, key)
    ended = bedrock_guard("whoami", "--format", "json")
    data = json.loads(ended.out)["api_key"]
    assert 3500 < data.pop("seconds_left") <= 3600
    issued, expires = (datetime.strptime(data.pop(name), "%Y-%m-%dT%H:%M:%S%z") for name in ("issued", "expires"))
    assert expires - issued == timedelta(hours=1)
    assert "bedrock-agent-runtime" in data.pop("not_used_by")
    assert data.pop("message").startswith("Calls of bedrock and bedrock-runtime authenticate with")
    assert data == {
        "kind": "short-term",
        "account": None,
        "user": None,
        "access_key_id": credentials.access_key,
        "has_session_token": True,
        "acts_as": None,
        "region": "us-east-1",
        "used_by": ["bedrock", "bedrock-runtime"],
        "code": "BG420",
        "remedy": "",
    }
    for secret in (key, str(credentials.token), str(credentials.secret_key)):
        assert secret not in ended.out


def test_a_key_that_cannot_be_read_is_told_why_without_any_part_of_it(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_key(aws, monkeypatch, "sk-SECRET-of-somebody-else")
    text, data = bedrock_guard("whoami"), bedrock_guard("whoami", "--format", "json")
    assert text.out.startswith("BG423: ")
    assert facts_of_key(text.out)["kind"] == ("cannot be read: it begins neither with bedrock-api-key- nor with ABSK")
    assert json.loads(data.out)["api_key"]["code"] == "BG423"
    for out in (text.out, data.out):
        assert "SECRET" not in out


def test_a_key_alone_is_read_though_nobody_can_be_asked_about(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STS and IAM take no API keys: the caller stays unknown, and the key still says whose it is."""
    aws.user("kay")
    variables = aws.environment(api_key=aws.api_keys.long_term("kay"))
    become(monkeypatch, {name: value for name, value in variables.items() if "ACCESS_KEY" not in name})
    ended = bedrock_guard("whoami")
    assert (ended.code, ended.err) == (3, "")
    assert "the caller could not be identified" in ended.out
    assert "An Amazon Bedrock API key alone is not enough" in ended.out
    assert facts_of_key(ended.out)["acts as"] == "arn:aws:iam::123456789012:user/kay"


def test_a_key_that_no_client_of_this_botocore_uses_is_said_to_be_idle(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a botocore from before there were API keys."""
    monkeypatch.setattr("bedrock_guard.aws.api_keys.clients_with_key", lambda session: ())
    aws.user("kay")
    with_key(aws, monkeypatch, aws.api_keys.long_term("kay"))
    ended = bedrock_guard("whoami")
    assert "no client of this botocore calls with it" in ended.out.splitlines()[0]
    facts = facts_of_key(ended.out)
    assert facts["used by"] == "no client of this botocore"
    assert facts["not used by"].startswith("bedrock, bedrock-agent, ")
    assert json.loads(bedrock_guard("whoami", "--format", "json").out)["api_key"]["code"] is None
