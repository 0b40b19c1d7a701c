"""``whoami``: the principal and what can be checked about it, also where AWS does not answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

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


def test_an_api_key_beside_the_credentials_is_pointed_out(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls to Bedrock are signed with it, whoever STS says the caller is."""
    aws.role("app", policies=[OWN])
    become(monkeypatch, {**aws.environment("app"), "AWS_BEARER_TOKEN_BEDROCK": "bedrock-api-key-SECRET"})
    ended = bedrock_guard("whoami")
    assert "AWS_BEARER_TOKEN_BEDROCK is set" in ended.out
    assert "SECRET" not in ended.out
