"""``demo``: the story it tells is what happened."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from bedrock_guard.guard import Guard
from bedrock_guard.report import Report
from tests.cli.commands import Commands


@pytest.fixture
def story(bedrock_guard: Commands) -> dict[str, Any]:
    ended = bedrock_guard("demo", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    facts: dict[str, Any] = json.loads(ended.out)
    return facts


def test_before_the_app_lacks_permissions_for_two_different_causes(story: dict[str, Any]) -> None:
    before = Report.from_dict(story["error"]["report"])
    assert story["error"]["type"] == "MissingPermissionsError"
    assert story["error"]["text"].startswith("4 of 6 permissions are missing for arn:aws:iam::")
    assert [(f.code, f.requirement.resource.split(":")[3]) for f in before.denied if ":" in f.requirement.resource] == [
        ("BG101", "us-east-2"),
        ("BG203", "us-west-2"),
    ]
    assert [bool(remedy.statements) for remedy in before.remedies] == [True, False]


def test_after_its_remedies_everything_that_was_asked_is_allowed(story: dict[str, Any]) -> None:
    before, after = Report.from_dict(story["error"]["report"]), Report.from_dict(story["report"])
    assert after.exit_code == 0
    assert len(after.allowed) == len(after.findings) == 6
    assert [f.requirement for f in after.findings] == [f.requirement for f in before.findings]
    assert len(story["done"]) == len(before.remedies)
    assert story["answer"]


def test_the_text_holds_the_error_the_remedy_and_the_answer(bedrock_guard: Commands, story: dict[str, Any]) -> None:
    ended = bedrock_guard("demo")
    assert (ended.code, ended.err) == (0, "")
    assert "MissingPermissionsError: 4 of 6 permissions are missing" in ended.out
    assert "all 6 permissions are allowed" in ended.out
    assert ended.out.rstrip().endswith(story["answer"])
    for statement in story["error"]["report"]["remedies"][0]["statements"]:
        assert all(action in ended.out for action in statement["Action"])


def test_a_story_that_does_not_happen_is_not_told(bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the role allowed everything from the start, the demo would fail instead of pretending."""
    real = Guard.check
    monkeypatch.setattr(Guard, "check", lambda guard: Report(None, "us-east-1", tuple(real(guard).allowed)))
    ended = bedrock_guard("demo")
    assert ended.code == 2
    assert "3. " not in ended.out
    assert "verify() passed" in ended.err


def test_remedies_that_are_not_carried_out_leave_the_error(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check after the fix is a check: without the fix it raises again."""
    monkeypatch.setattr("bedrock_guard.cli.demo._carry_out", lambda *_: "pretended")
    ended = bedrock_guard("demo")
    assert ended.code == 1
    assert ended.err.startswith("error[BG100]: 4 of 6 permissions are missing for arn:aws:iam::")
    assert "all 6 permissions are allowed" not in ended.out


def test_the_developer_s_own_configuration_does_not_reach_it(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An API key or a profile in the shell would make the app somebody else."""
    mine = {
        "AWS_BEARER_TOKEN_BEDROCK": "bedrock-api-key-example",
        "AWS_PROFILE": "missing",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    for name, value in mine.items():
        monkeypatch.setenv(name, value)
    assert bedrock_guard("demo").code == 0
    assert {name: os.environ[name] for name in mine} == mine
