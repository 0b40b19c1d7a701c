"""The simulator answers as the real one answered on 2026-09-11, call by call, over HTTP.

Each line of ``aws_simulator.jsonl`` is a call and the answer of the real service, recorded by the public project
radkawar/stackd. The state of the account adds up from line to line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.testing import Sandbox, sandbox
from tests.testing.wire import Answer, call

_RECORDINGS = Path(__file__).parent.parent / "cases" / "aws_simulator.jsonl"

_READ_ONLY = "moto ships another version of ReadOnlyAccess: its statement stands elsewhere in the text"

DIFFERENT: dict[str, str] = {
    "principal_extra_aws_exclude_baseline": _READ_ONLY,
    "principal_extra_aws_boundary_exclude_baseline": _READ_ONLY,
    "principal_extra_aws_boundary_exclude_boundary": _READ_ONLY,
}
"""Recordings that the sandbox answers otherwise, and why. One that agrees after all fails the test."""


@dataclass(frozen=True)
class Replay:
    """Every recording with the sandbox's answer to it."""

    recordings: Mapping[str, dict[str, Any]]
    answers: Mapping[str, Answer]


@pytest.fixture(scope="module")
def replay() -> Replay:
    with sandbox() as aws:
        # The recorded account belonged to an organization that allowed everything.
        aws.organization()
        recordings, answers = {}, {}
        marker = ""
        for line in _RECORDINGS.read_text(encoding="utf-8").splitlines():
            recording = json.loads(line)
            for step in recording.get("before", ()):
                done = _call(aws, step["op"], step["in"])
                assert done.code == "Success", f"{step}: {done.message}"
            params = dict(recording["in"])
            if params.get("Marker") == "<opaque-marker>":
                params["Marker"] = marker
            answer = _call(aws, recording["op"], params)
            if recording["case"] == "pagination_first":
                marker = answer.result["Marker"]
            recordings[recording["case"]], answers[recording["case"]] = recording, answer
    return Replay(recordings, answers)


def _call(aws: Sandbox, operation: str, params: Mapping[str, Any]) -> Answer:
    return call(aws.session(), aws.endpoint_url, "iam", operation, params)


def _cases() -> list[str]:
    return [json.loads(line)["case"] for line in _RECORDINGS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", _cases())
def test_answers_as_the_real_service_did(replay: Replay, case: str) -> None:
    """Code, HTTP status, text, every decision, statement, position, missing key and detail are those recorded."""
    recording, answer = replay.recordings[case], replay.answers[case]
    expected = _recorded(recording)
    actual = _answered(answer)
    if case in DIFFERENT:
        assert actual != expected, f"{case} agrees with the recording: take it off the list"
        assert _without_places(actual) == _without_places(expected), f"{case}: {DIFFERENT[case]}, and nothing else"
        return
    assert actual == expected


def test_every_listed_difference_is_a_recording() -> None:
    """The list of differences names recordings and nothing else."""
    assert set(DIFFERENT) <= set(_cases())


def test_all_recordings_are_replayed() -> None:
    """None of the 240 is lost."""
    assert len(set(_cases())) == 240


def _recorded(recording: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": recording["code"],
        "http": recording["http"],
        "message": recording.get("message", ""),
        "truncated": recording.get("trunc", False),
        "results": [_recorded_result(result) for result in recording.get("out", ())],
    }


def _recorded_result(result: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "action": result.get("a"),
        "resource": result["r"],
        "decision": result["d"],
        "matched": sorted(map(tuple, result.get("m", ()))),
        "missing": sorted(result.get("miss", ())),
        "organization": result.get("org"),
        "boundary": result.get("pb"),
        "details": result.get("det", {}),
        "resources": [_recorded_result(inner) for inner in result.get("res", ())],
    }


def _answered(answer: Answer) -> dict[str, Any]:
    return {
        "code": answer.code,
        "http": answer.status,
        "message": answer.message,
        "truncated": answer.result.get("IsTruncated") == "true",
        "results": [_answered_result(result) for result in answer.result.get("EvaluationResults") or ()],
    }


def _answered_result(result: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "action": result.get("EvalActionName"),
        "resource": result["EvalResourceName"],
        "decision": result.get("EvalDecision") or result.get("EvalResourceDecision"),
        "matched": sorted(_statement(statement) for statement in result.get("MatchedStatements") or ()),
        "missing": sorted(result.get("MissingContextValues") or ()),
        "organization": _bool(result.get("OrganizationsDecisionDetail"), "AllowedByOrganizations"),
        "boundary": _bool(result.get("PermissionsBoundaryDecisionDetail"), "AllowedByPermissionsBoundary"),
        "details": result.get("EvalDecisionDetails", {}),
        "resources": [_answered_result(inner) for inner in result.get("ResourceSpecificResults") or ()],
    }


def _statement(statement: Mapping[str, Any]) -> tuple[Any, ...]:
    start, end = statement["StartPosition"], statement["EndPosition"]
    places = (start["Line"], start["Column"], end["Line"], end["Column"])
    return (statement["SourcePolicyId"], statement["SourcePolicyType"], *map(int, places))


def _without_places(answer: Any) -> Any:
    """The answer with statements reduced to the policies they are of."""
    if isinstance(answer, dict):
        return {key: _without_places(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [_without_places(value) for value in answer]
    return answer[:2] if isinstance(answer, tuple) else answer


def _bool(detail: Mapping[str, str] | None, name: str) -> bool | None:
    return None if detail is None else detail[name] == "true"
