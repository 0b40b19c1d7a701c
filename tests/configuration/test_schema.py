"""The schema for editors knows every key, and takes and refuses what the reader does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft7Validator

from bedrock_guard.arguments import DEFAULT_EVALUATORS, EVALUATORS, Diagnose, OnUnverified
from bedrock_guard.configuration import KEYS, dumps
from bedrock_guard.configuration.toml import parsed
from tests.configuration.examples import ALL_SET, EVERY_KEY, FAULTS

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs/bedrock-guard.schema.json").read_text("utf-8"))

# What takes a catalogue to refuse, or two keys together.
BEYOND_A_SCHEMA = (
    "no model!",
    '" amazon',
    '"convers"',
    "knowledge-bases.qery",
    "bedrock:Converse",
    '"kb"',
    "bedrock:Retrieve@",
    "us east",
    "lamda",
    'lambda = "x"',
    '"vpce"',
    "aws:SourceVpcee",
    "AWS:tagkeys",
    "eu-west-1",
    "modelID",
    "x y",
    "guardrailIdentifier = 5",
    '"b c" = 1',
    "0xf",
    "inf",
    '[" "]',
)


def test_it_is_valid_and_has_the_readers_keys_values_and_defaults() -> None:
    Draft7Validator.check_schema(SCHEMA)
    properties = SCHEMA["properties"]
    assert tuple(sorted(properties)) == tuple(sorted(KEYS))
    assert properties["evaluators"]["items"]["enum"] == list(EVALUATORS)
    assert properties["evaluators"]["default"] == list(DEFAULT_EVALUATORS)
    assert properties["on_unverified"]["enum"] == list(get_args(OnUnverified))
    assert properties["diagnose"]["enum"] == list(get_args(Diagnose))
    assert all(one["description"] for one in properties.values())


@pytest.mark.parametrize("text", [EVERY_KEY, dumps(ALL_SET), ""])
def test_it_takes_what_the_reader_takes(text: str) -> None:
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(parsed(text))] == []


@pytest.mark.parametrize("text", [text for text, _, _ in FAULTS], ids=[text[:40] for text, _, _ in FAULTS])
def test_it_refuses_what_the_reader_refuses_by_form(text: str) -> None:
    valid = Draft7Validator(SCHEMA).is_valid(parsed(text))
    assert valid is any(part in text for part in BEYOND_A_SCHEMA)
