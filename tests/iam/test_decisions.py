"""1,500 decisions of an independent evaluator, on AWS's managed policies and on random ones, agree layer by layer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bedrock_guard.iam.evaluate import evaluate
from bedrock_guard.iam.write import policy_to_dict
from tests.iam.decisions import CASES, Case, managed, managed_names, read_cases


def _answer(case: Case) -> dict[str, str]:
    found = evaluate(case.request, case.policies)
    return {"decision": found.decision.value} | {k.value: v.decision.value for k, v in found.layers.items()}


def test_every_recorded_decision_agrees_over_all_and_by_layer() -> None:
    """None is wrongly allowed, none wrongly denied, and no layer answers that was not there."""
    cases = list(read_cases())
    assert len(cases) == 1_500
    assert {case.id: _answer(case) for case in cases} == {case.id: case.expect for case in cases}


@pytest.mark.parametrize("name", managed_names())
def test_the_policies_of_aws_are_read_in_full(name: str) -> None:
    """A managed policy has no faults, and writing it gives back what was read."""
    made = managed(name)
    raw = json.loads((CASES / "aws-managed" / f"{name}.json").read_text("utf-8"))["document"]
    statements = raw["Statement"] if isinstance(raw["Statement"], list) else [raw["Statement"]]
    assert policy_to_dict(made)["Statement"] == [_with_lists(statement) for statement in statements]


def _with_lists(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement as write_policy has it: a list wherever one value may stand for a list."""
    listed = {name: _list(value) for name, value in statement.items() if "Action" in name or "Resource" in name}
    conditions = {
        operator: {key: _list(values) for key, values in keys.items()}
        for operator, keys in statement.get("Condition", {}).items()
    }
    return {**statement, **listed, **({"Condition": conditions} if conditions else {})}


def _list(value: Any) -> list[str]:
    return [_text(item) for item in (value if isinstance(value, list) else [value])]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
