"""The published JSON Schema and what reports hold are the same thing, in both directions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import SCHEMA_VERSION, PrincipalType
from tests.render import reports
from tests.render.schemas import closed

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text("utf-8"))


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", reports.EVERY)
def test_every_report_fits_and_holds_nothing_undescribed(name: str) -> None:
    errors = list(Draft202012Validator(closed(SCHEMA)).iter_errors(reports.EVERY[name].to_dict()))
    assert errors == []


def test_closing_the_schema_closes_it() -> None:
    """The test above would notice a member that the schema lacks."""
    data = reports.DENIED.to_dict()
    data["findings"][0]["evidence"]["new"] = 1
    assert list(Draft202012Validator(closed(SCHEMA)).iter_errors(data))
    assert not list(Draft202012Validator(SCHEMA).iter_errors(data))


def test_a_report_that_lacks_a_member_does_not_fit() -> None:
    for name in reports.DENIED.to_dict():
        data = reports.DENIED.to_dict()
        del data[name]
        assert list(Draft202012Validator(SCHEMA).iter_errors(data)), name


def test_the_schema_knows_every_value_of_every_enumeration() -> None:
    definitions = SCHEMA["$defs"]
    assert definitions["layer"]["enum"] == [layer.value for layer in Layer]
    assert definitions["finding"]["properties"]["decision"]["enum"] == [decision.value for decision in Decision]
    assert definitions["principal"]["properties"]["type"]["enum"] == [kind.value for kind in PrincipalType]


def test_the_schema_is_that_of_the_version_reports_are_written_in() -> None:
    assert SCHEMA["$id"].rsplit(":", 1)[-1] == SCHEMA_VERSION.split(".")[0]
