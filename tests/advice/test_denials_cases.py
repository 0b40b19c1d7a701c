"""Every message of tests/cases/denials.jsonl, in every form there, is read as given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials import read_denials, verdicts_for

_CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "denials.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", _CASES, ids=[case["id"] for case in _CASES])
def test_a_message_is_read_as_given(case: dict[str, Any]) -> None:
    """One denial, with every expected field, in text and in bytes; nothing is left over, and it survives JSON."""
    reading = read_denials(case["input"])
    assert len(reading.denials) == 1
    assert reading.unrecognised == ""
    denial = reading.denials[0]
    written = json.loads(json.dumps(denial.to_dict()))
    assert {key: written[key] for key in case["expect"]} == case["expect"]
    assert Denial.from_dict(written) == denial
    assert (
        denial.raw in case["input"] or denial.raw in json.dumps(case["input"]) or denial.raw in _strings(case["input"])
    )
    assert read_denials(case["input"].encode()) == reading
    assert verdicts_for(denial)


def _strings(text: str) -> list[str]:
    """The strings of a JSON document, of which each is a text of its own."""
    try:
        return [value for value in json.loads(text).values() if isinstance(value, str)]
    except ValueError:
        return [value for value in json.loads(text[text.index("{") :]).values() if isinstance(value, str)]
