"""Settings as text: the same each time, laid out for people, and read back to the same settings."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from bedrock_guard.configuration import Settings, dumps, load, loads
from bedrock_guard.errors import ConfigurationError
from tests.configuration.examples import ALL_SET


def test_every_key_has_its_place() -> None:
    assert dumps(ALL_SET) == dedent("""\
        models = [
            "amazon.nova-lite-v1:0",
            "us.amazon.nova-pro-v1:0",
        ]
        operations = [
            "converse",
            ["retrieve", "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"],
        ]
        capabilities = [
            ["knowledge-bases.query", "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"],
        ]
        actions = [
            "bedrock:ListGuardrails",
            ["bedrock:Retrieve", "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"],
        ]
        service_roles = [
            "lambda=arn:aws:iam::123456789012:role/svc/app",
            "knowledge-base=arn:aws:iam::123456789012:role/svc/app,bucket=docs",
        ]
        region = "us-east-1"
        principal_arn = "arn:aws:iam::123456789012:role/svc/app"
        evaluators = [
            "offline",
            "probe",
        ]
        budget_seconds = 3.0
        on_unverified = "raise"
        check_model_access = false
        redact = true
        diagnose = "live"

        [context]
        "aws:MultiFactorAuthAge" = "60"
        "aws:MultiFactorAuthPresent" = "true"
        "aws:SourceVpce" = "vpce-1"
        "aws:TagKeys" = ["a", "b"]

        [[requests]]
        operation = "converse"

        [requests.parameters]
        modelId = "amazon.nova-lite-v1:0"

        [[requests]]
        operation = "bedrock:ListGuardrails"
        """)
    assert loads(dumps(ALL_SET)) == ALL_SET


def test_the_table_of_a_project_is_read_back_from_there(tmp_path: Any) -> None:
    table = ("tool", "bedrock_guard")
    text = dumps(ALL_SET, table=table)
    assert text.startswith("[tool.bedrock_guard]\nmodels = [\n")
    assert "\n[[tool.bedrock_guard.requests]]\n" in text
    assert loads(text, table=table) == ALL_SET
    project = tmp_path / "pyproject.toml"
    project.write_text(f'[project]\nname = "app"\n\n{text}\n[tool.other]\nmodels = 1\n', encoding="utf-8")
    assert load(project) == ALL_SET


@pytest.mark.parametrize("table", [(), ("tool", "bedrock_guard")])
@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(requests=()),
        Settings(context={}),
        Settings(context={}, requests=(), models=()),
        Settings(requests=(("converse", {"modelId": "amazon.nova-lite-v1:0", "additionalModelRequestFields": {}}),)),
    ],
)
def test_what_is_empty_is_not_lost(settings: Settings, table: tuple[str, ...]) -> None:
    assert loads(dumps(settings, table=table), table=table) == settings


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "parameters.a.b: TOML cannot hold NoneType"),
        (b"x", "parameters.a.b: TOML cannot hold bytes"),
        ([{"c": None}], "parameters.a.b.c: TOML cannot hold NoneType"),
        ("\ud800", "half a character"),
    ],
)
def test_what_toml_cannot_hold_is_named(value: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        dumps(Settings(requests=(("converse", {"a": {"b": value}}),)))
