"""A file, then the environment, then arguments; and a guard made of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard import Guard
from bedrock_guard.configuration import VARIABLES, Settings, from_environment, read_settings
from bedrock_guard.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
MODEL = "amazon.nova-lite-v1:0"
TEXT = f'models = ["{MODEL}"]\nregion = "us-east-1"\nredact = false\nbudget_seconds = 3\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a configuration."""
    (tmp_path / "bedrock-guard.toml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the last guard was made with."""
    made: dict[str, Any] = {}
    real = Guard.__init__

    def init(guard: Guard, **arguments: Any) -> None:
        made.clear()
        made.update(arguments)
        real(guard, **arguments)

    monkeypatch.setattr(Guard, "__init__", init)
    return made


def test_a_variable_replaces_the_file_and_the_rest_stays(folder: Path) -> None:
    settings = read_settings(environment={"BEDROCK_GUARD_REGION": "eu-west-1", "BEDROCK_GUARD_REDACT": "1"})
    assert settings == Settings(models=(MODEL,), region="eu-west-1", redact=True, budget_seconds=3.0)
    assert settings.source == str(folder / "bedrock-guard.toml")


def test_every_key_of_one_value_has_a_variable() -> None:
    values = {
        "region": "us-east-1",
        "principal_arn": "arn:aws:iam::123456789012:role/app",
        "budget_seconds": "2.5",
        "on_unverified": "raise",
        "check_model_access": "no",
        "redact": "Yes",
        "diagnose": "live",
    }
    assert from_environment({VARIABLES[key]: f" {value} " for key, value in values.items()}) == Settings(
        region="us-east-1",
        principal_arn="arn:aws:iam::123456789012:role/app",
        budget_seconds=2.5,
        on_unverified="raise",
        check_model_access=False,
        redact=True,
        diagnose="live",
    )
    assert values.keys() == VARIABLES.keys()


def test_an_empty_variable_says_nothing() -> None:
    assert from_environment(dict.fromkeys(VARIABLES.values(), " ")) == Settings()


def test_variables_that_cannot_be_used_are_all_told() -> None:
    environment = {
        "BEDROCK_GUARD_BUDGET_SECONDS": "soon",
        "BEDROCK_GUARD_REDACT": "maybe",
        "BEDROCK_GUARD_DIAGNOSE": "liv",
        "BEDROCK_GUARD_REGION": "us east",
    }
    with pytest.raises(ConfigurationError) as caught:
        from_environment(environment)
    message = str(caught.value)
    assert message.startswith("4 names or values cannot be used")
    for name, said in [
        ("BUDGET_SECONDS", "'soon'; expected a number of seconds above 0"),
        ("REDACT", "the text 'maybe'; expected true or false"),
        ("DIAGNOSE", "'liv' is none of 'message', 'live'; did you mean live?"),
        ("REGION", "'us east' is not the name of a Region"),
    ]:
        assert f"BEDROCK_GUARD_{name}: {said}" in message


def test_a_file_may_be_named_by_argument_or_variable(folder: Path) -> None:
    other = folder / "other.toml"
    other.write_text('region = "eu-west-1"', encoding="utf-8")
    assert read_settings(other, environment={}).region == "eu-west-1"
    assert read_settings(environment={"BEDROCK_GUARD_CONFIG": "other.toml"}).region == "eu-west-1"
    named = read_settings("bedrock-guard.toml", environment={"BEDROCK_GUARD_CONFIG": "other.toml"})
    assert named.region == "us-east-1", "what the caller names goes before"
    assert read_settings(environment={"BEDROCK_GUARD_CONFIG": ""}).region == "us-east-1"


def test_without_a_search_no_file_is_read_and_the_environment_is(folder: Path) -> None:
    environment = {"BEDROCK_GUARD_CONFIG": "bedrock-guard.toml", "BEDROCK_GUARD_REGION": "eu-west-1"}
    assert read_settings(environment=environment, search=False) == Settings(region="eu-west-1")


def test_a_guard_takes_the_file_and_arguments_replace_it(folder: Path, made: dict[str, Any]) -> None:
    Guard.from_config()
    assert made == {"models": (MODEL,), "region": "us-east-1", "redact": False, "budget_seconds": 3.0}
    Guard.from_config("bedrock-guard.toml", models=["amazon.nova-pro-v1:0"], region=None)
    assert made == {"models": ["amazon.nova-pro-v1:0"], "region": None, "redact": False, "budget_seconds": 3.0}


def test_a_guard_takes_variables_before_the_file_and_arguments_before_both(
    folder: Path, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that says `redact = false` must not undo what an operator set where the app runs."""
    monkeypatch.setenv("BEDROCK_GUARD_REDACT", "1")
    Guard.from_config()
    assert made["redact"] is True
    Guard.from_config(redact=False)
    assert made["redact"] is False


def test_a_guard_without_its_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would check less than the app needs."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="no configuration: neither") as caught:
        Guard.from_config(models=[MODEL])
    assert caught.value.code == "BG506"
    assert "BEDROCK_GUARD_CONFIG" in caught.value.remedy


def test_a_guard_made_without_asking_reads_no_file(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="nothing to check"):
        Guard()


@pytest.mark.parametrize("by", ["argument", "variable"])
def test_what_is_wrong_with_a_file_is_masked_where_that_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """The lines that faults show hold account ids."""
    (folder / "bedrock-guard.toml").write_text(
        'actions = ["bedrock:Retrive@arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"]',
        encoding="utf-8",
    )
    asked: dict[str, Any] = {"redact": True} if by == "argument" else {}
    if by == "variable":
        monkeypatch.setenv("BEDROCK_GUARD_REDACT", "1")
    with pytest.raises(ConfigurationError) as caught:
        Guard.from_config(**asked)
    seen = repr((str(caught.value), vars(caught.value)))
    assert "123456789012" not in seen
    assert "ACCOUNT-1" in seen


def test_a_guard_from_a_file_loads_no_sdk_of_aws(folder: Path) -> None:
    """As any other: boto3 comes with the first question."""
    program = "import sys, bedrock_guard; bedrock_guard.Guard.from_config(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"boto3", "botocore", "click", "rich", "structlog", "tenacity"}
    assert heavy & {name.partition(".")[0] for name in done.stdout.split()} == set()
