"""A report is written as JSON and read back whole; what is no report is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import (
    Evidence,
    Finding,
    Note,
    Principal,
    PrincipalType,
    Remedy,
    Report,
    Requirement,
    StatementReference,
    as_advice,
    merge_duplicates,
)

NEED = Requirement("bedrock:InvokeModel", "arn:aws:x", (("aws:RequestedRegion", ("us-east-1",)),), ("Converse",))
FULL = Report(
    principal=Principal(
        "arn:aws:sts::123456789012:assumed-role/app/x",
        PrincipalType.ROLE_SESSION,
        "123456789012",
        policy_source_arn="arn:aws:iam::123456789012:role/app",
        user_id="AROAX:x",
    ),
    region="us-east-1",
    findings=(
        Finding(
            NEED,
            Decision.EXPLICIT_DENY,
            Evidence("simulator", (StatementReference("p", "inline", "S", 1, 2),), ("aws:SourceVpce",), ("detail",)),
            "BG203",
            Layer.SCP,
            "denied",
            retryable=True,
            also_denied_by=(Layer.IDENTITY,),
        ),
    ),
    notes=(Note("BG301", "from the table"),),
    remedies=(Remedy("owner", "text", ({"Effect": "Allow"},), ("BG203",), "opens"),),
    checked_at="2026-11-24T10:00:00Z",
    catalogue="botocore 1.44.5",
)


def finding(decision: Decision, *, advisory: bool = False) -> Finding:
    return Finding(Requirement("a:B", "*", advisory=advisory), decision, Evidence("simulator"))


def test_nothing_is_lost_on_the_way_through_json() -> None:
    assert Report.from_dict(json.loads(json.dumps(FULL.to_dict()))) == FULL
    empty = Report(principal=None, region="us-east-1", findings=())
    assert Report.from_dict(json.loads(json.dumps(empty.to_dict()))) == empty


@pytest.mark.parametrize("data", [{}, [], None, {"schema_version": "2.0"}, {"schema_version": "1.0"}, "report"])
def test_what_is_no_report_is_refused(data: object) -> None:
    with pytest.raises(ConfigurationError):
        Report.from_dict(data)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decisions", "exit_code"),
    [
        ([Decision.ALLOWED], 0),
        ([Decision.ALLOWED, Decision.UNVERIFIED], 3),
        ([Decision.UNVERIFIED, Decision.IMPLICIT_DENY], 1),
        ([Decision.EXPLICIT_DENY], 1),
    ],
)
def test_denied_goes_before_could_not_check_and_both_before_allowed(decisions: list[Decision], exit_code: int) -> None:
    report = Report(principal=None, region="x", findings=tuple(map(finding, decisions)))
    assert report.exit_code == exit_code


def test_advice_alone_fails_nothing() -> None:
    advice = (finding(Decision.IMPLICIT_DENY, advisory=True), finding(Decision.UNVERIFIED, advisory=True))
    assert Report(principal=None, region="x", findings=advice).exit_code == 0


@pytest.mark.parametrize("decision", [Decision.IMPLICIT_DENY, Decision.EXPLICIT_DENY])
def test_a_denial_that_is_advice_has_the_code_for_it_and_keeps_what_denies(decision: Decision) -> None:
    denied = replace(finding(decision, advisory=True), code="BG203", layer=Layer.SCP, why="denied by a policy")
    assert as_advice(denied) == replace(denied, code="BG414")
    needed = replace(denied, requirement=replace(denied.requirement, advisory=False))
    assert as_advice(needed) is needed
    unknown = replace(finding(Decision.UNVERIFIED, advisory=True), code="BG401")
    assert as_advice(unknown) is unknown


def test_duplicates_keep_all_reasons_and_certainty_wins_over_advice() -> None:
    merged = merge_duplicates(
        [
            Requirement("a:B", "*", reasons=("one",), advisory=True),
            Requirement("a:C", "*", reasons=("other",)),
            Requirement("a:B", "*", reasons=("two", "one")),
        ]
    )
    assert [(r.action, r.reasons, r.advisory) for r in merged] == [
        ("a:B", ("one", "two"), False),
        ("a:C", ("other",), False),
    ]
