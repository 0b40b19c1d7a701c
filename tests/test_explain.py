"""`explain()`: whatever holds an error of AWS, to the same diagnosis."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import bedrock_guard
from bedrock_guard import Denial, DenialKind, Diagnosis
from bedrock_guard.advice.denials.verdict import Ask
from bedrock_guard.iam.decision import Layer
from tests.advice.denial_texts import implicit
from tests.render.schemas import closed

ROOT = Path(__file__).parents[1]
CASES = [json.loads(line) for line in (ROOT / "tests/cases/denials.jsonl").read_text(encoding="utf-8").splitlines()]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/diagnosis.schema.json").read_text("utf-8"))
REPORT_SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/report.schema.json").read_text("utf-8"))

ROLE = "arn:aws:sts::123456789012:assumed-role/app/i-1"
MODEL = "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"
SENTENCE = implicit("bedrock:InvokeModel", MODEL, caller=ROLE)
MISSING = f"An error occurred (AccessDeniedException) when calling the Converse operation: {SENTENCE}"


def fits(data: dict[str, Any]) -> list[Any]:
    registry: Registry[Any] = Registry().with_resource(REPORT_SCHEMA["$id"], Resource.from_contents(REPORT_SCHEMA))
    return list(Draft202012Validator(closed(SCHEMA), registry=registry).iter_errors(data))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_message_comes_to_what_it_says_with_somebody_to_turn_to(case: dict[str, Any]) -> None:
    diagnosis = bedrock_guard.explain(case["input"])
    data = json.loads(json.dumps(diagnosis.to_dict()))
    (denial,) = data["denials"]
    assert {key: denial[key] for key in case["expect"]} == case["expect"]
    assert denial["verdicts"]
    assert data["remedies"], "whatever it is, there is a step to take"
    assert fits(data) == []
    assert Diagnosis.from_dict(data) == diagnosis


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_allow_is_offered_only_where_one_can_help(case: dict[str, Any]) -> None:
    """Never for a Deny, for a layer that is not the reader's own, nor for what is no matter of IAM."""
    expected = case["expect"]
    offered = [s for remedy in bedrock_guard.explain(case["input"]).remedies for s in remedy.statements]
    if not expected["is_iam"] or expected["explicit"] or expected["layer"] not in ("identity", "boundary", "unknown"):
        assert offered == []
        return
    for statement in offered:
        actions = statement["Action"]
        assert actions == [expected["action"]], "and nothing more than what was denied"
        resource = expected["resource"]
        if resource and resource.startswith("arn:"):
            assert statement["Resource"] in ([resource], resource)


def test_the_schema_is_valid_and_knows_every_value_of_every_enumeration() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    properties = SCHEMA["$defs"]["denial"]["properties"]
    assert properties["kind"]["enum"] == [kind.value for kind in DenialKind]
    assert properties["layer"]["enum"] == [*(layer.value for layer in Layer), None]
    assert properties["verdicts"]["items"]["properties"]["ask"]["enum"] == [ask.value for ask in Ask]


def test_a_member_that_the_schema_lacks_would_be_noticed() -> None:
    data = bedrock_guard.explain(MISSING).to_dict()
    data["denials"][0]["new"] = 1
    assert fits(data)


def test_the_text_says_what_to_whom_why_and_what_to_paste() -> None:
    assert str(bedrock_guard.explain(MISSING)) == (ROOT / "tests/cases/diagnosis.txt").read_text("utf-8").rstrip("\n")


def test_several_errors_are_all_told_and_one_that_is_final_makes_the_whole_final() -> None:
    throttled = "An error occurred (ThrottlingException) when calling the Converse operation: Rate exceeded"
    both = bedrock_guard.explain(f"{throttled}\n{MISSING}\n{throttled}\n")
    assert [denial.kind for denial in both.denials] == [DenialKind.THROTTLING, DenialKind.PERMISSION]
    assert not both.retryable
    assert str(both).startswith("2 errors of AWS, 1 denied by IAM's policies; the first: ")
    assert bedrock_guard.explain(throttled).retryable


class _Response:
    """What `requests` and `httpx` answer with, as far as it is read."""

    status_code = 403
    headers = {"x-amzn-ErrorType": "AccessDeniedException", "x-amzn-RequestId": "6f2c1d3e-aaaa-bbbb-cccc-0123456789ab"}  # noqa: RUF012
    text = json.dumps({"message": SENTENCE})


def test_the_same_error_is_the_same_from_every_source() -> None:
    class WrappedError(Exception):
        pass

    outer = WrappedError("the model could not be called")
    outer.__cause__ = RuntimeError(MISSING)
    sources: list[Any] = [
        MISSING,
        MISSING.encode(),
        bytearray(MISSING.encode()),
        memoryview(MISSING.encode()),
        outer,
        SeveralError([outer]),
        {"Error": {"Code": "AccessDeniedException", "Message": SENTENCE}},
        {"errorCode": "AccessDenied", "errorMessage": SENTENCE, "eventName": "X"},
        _Response(),
    ]
    for source in sources:
        (denial,) = bedrock_guard.explain(source).denials
        assert (denial.caller, denial.action, denial.resource, denial.layer, denial.explicit) == (
            ROLE,
            "bedrock:InvokeModel",
            MODEL,
            Layer.IDENTITY,
            False,
        )
    (of_response,) = bedrock_guard.explain(_Response()).denials
    assert (of_response.status, of_response.request_id) == (403, "6f2c1d3e-aaaa-bbbb-cccc-0123456789ab")


class SeveralError(Exception):
    """An exception group, which Python 3.10 does not have."""

    def __init__(self, exceptions: list[BaseException]) -> None:
        super().__init__("several")
        self.exceptions = exceptions


@pytest.mark.parametrize("source", [None, 7, ["a"], object()])
def test_what_cannot_hold_an_error_is_refused_by_name(source: Any) -> None:
    with pytest.raises(TypeError, match=f"not {type(source).__name__}"):
        bedrock_guard.explain(source)


class _ClosedError(Exception):
    """An exception whose response does not let itself be read."""

    @property
    def response(self) -> Any:
        raise KeyError("closed")


def test_an_exception_that_answers_nothing_is_explained_by_its_text() -> None:
    assert bedrock_guard.explain(_ClosedError(SENTENCE)).denials[0].action == "bedrock:InvokeModel"


@given(st.text(st.characters(exclude_categories=()), max_size=400))
@example("")
@example("\x1b]8;;http://x\x07not authorized to perform: \x1b[2J")
@example(f"{MISSING}\x1b[31m\u202e")
def test_no_text_raises_and_nothing_of_it_acts_on_a_terminal(text: str) -> None:
    for source in (text, text.encode("utf-8", "surrogatepass"), RuntimeError(text), {"message": text}):
        diagnosis = bedrock_guard.explain(source)
        shown = str(diagnosis)
        assert all(line == "" or _is_safe(line) for line in shown.split("\n"))
        assert Diagnosis.from_dict(json.loads(json.dumps(diagnosis.to_dict()))) == diagnosis


def _is_safe(line: str) -> bool:
    return all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in line)


def test_a_diagnosis_of_another_release_is_refused_by_its_version() -> None:
    data = bedrock_guard.explain(MISSING).to_dict()
    with pytest.raises(bedrock_guard.ConfigurationError, match=r"schema_version is '2\.0'"):
        Diagnosis.from_dict({**data, "schema_version": "2.0"})
    with pytest.raises(bedrock_guard.ConfigurationError, match="not a complete diagnosis: KeyError: 'remedies'"):
        Diagnosis.from_dict({key: value for key, value in data.items() if key != "remedies"})
    assert isinstance(Diagnosis.from_dict(data).denials[0], Denial)


def test_a_context_key_that_does_not_exist_is_refused_before_anything_is_asked() -> None:
    """No denied request carried it."""
    with pytest.raises(bedrock_guard.ConfigurationError, match="there is no condition key 'bedrock:ModelId'"):
        bedrock_guard.explain(MISSING, live=True, context={"bedrock:ModelId": "amazon.nova-lite-v1:0"})
