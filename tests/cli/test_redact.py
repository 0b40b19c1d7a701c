"""``--redact`` masks what a command prints and writes; its default is a setting of the environment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bedrock_guard.testing import Sandbox, sandbox
from tests.cli.commands import Commands
from tests.render.reports import KNOWLEDGE_BASE
from tests.render.test_redaction import SCHEMA

ACCOUNT = "123456789012"
OWN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["iam:Simulate*", "iam:Get*"], "Resource": "*"}],
}
CHECK = ("check", "--region", "us-east-1", "--action", f"bedrock:Retrieve@{KNOWLEDGE_BASE}")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with sandbox() as running:
        running.role("app", policies=[OWN])
        for name, value in running.environment("app").items():
            monkeypatch.setenv(name, value)
        yield running


def leaks(text: str) -> list[str]:
    return [original for original in (ACCOUNT, "role/app/sandbox", "AROA") if original in text]


@pytest.mark.usefixtures("aws")
def test_check_prints_no_account_and_says_that_it_masks(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*CHECK, "--redact")
    assert ended.code == 1
    assert leaks(ended.out + ended.err) == []
    text = " ".join(ended.out.split())
    assert "Add to a policy of the role app (ACCOUNT-1 in it is masked: put the real value back before use):" in text
    assert "BG505: Masked here: account ids, session names and unique ids of principals." in text


@pytest.mark.usefixtures("aws")
def test_check_as_json_fits_the_schema(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*CHECK, "--redact", "--format", "json")
    assert leaks(ended.out) == []
    report = json.loads(ended.out)
    assert report["principal"]["account"] == "ACCOUNT-1"
    assert list(Draft202012Validator(SCHEMA).iter_errors(report)) == []


@pytest.mark.usefixtures("aws")
def test_a_file_is_masked_too(bedrock_guard: Commands, tmp_path: Path) -> None:
    ended = bedrock_guard(*CHECK, "--redact", "--output", str(tmp_path / "report.txt"))
    assert leaks(ended.out + ended.err + (tmp_path / "report.txt").read_text("utf-8")) == []


@pytest.mark.usefixtures("aws")
def test_the_setting_is_the_default_and_the_option_goes_before_it(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaks(bedrock_guard(*CHECK).out) == [ACCOUNT]
    monkeypatch.setenv("BEDROCK_GUARD_REDACT", "1")
    assert leaks(bedrock_guard(*CHECK).out) == []
    assert leaks(bedrock_guard(*CHECK, "--no-redact").out) == [ACCOUNT]


def test_a_setting_that_is_neither_stops_before_anything_is_printed(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEDROCK_GUARD_REDACT", "ture")
    ended = bedrock_guard(*CHECK)
    assert (ended.code, ended.out) == (2, "")
    assert "BEDROCK_GUARD_REDACT: 'ture'" in ended.err


def test_an_error_of_the_command_is_masked(bedrock_guard: Commands) -> None:
    """What was typed is in it."""
    typed = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/dev@example.com/more"
    arguments = (*CHECK, "--principal-arn", typed)
    assert ACCOUNT in bedrock_guard(*arguments).err
    ended = bedrock_guard(*arguments, "--redact")
    assert ended.code == 2
    assert leaks(ended.err) == []
    assert "dev@" not in ended.err


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("form", ["text", "json"])
def test_whoami_says_what_kind_and_not_who(bedrock_guard: Commands, form: str) -> None:
    assert ACCOUNT in bedrock_guard("whoami", "--format", form).out
    ended = bedrock_guard("whoami", "--redact", "--format", form)
    assert ended.code == 0
    assert leaks(ended.out) == []
    assert "arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1" in ended.out
    assert "BG505" in ended.out


@pytest.mark.parametrize("form", ["text", "json"])
def test_demo_tells_the_same_story_masked(bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Its remedies are carried out as they are: the guard of the demo does not follow the setting."""
    monkeypatch.setenv("BEDROCK_GUARD_REDACT", "1")
    ended = bedrock_guard("demo", "--format", form)
    assert ended.code == 0
    assert leaks(ended.out) == []
    assert "arn:aws:iam::ACCOUNT-1:role/svc/assistant" in ended.out
