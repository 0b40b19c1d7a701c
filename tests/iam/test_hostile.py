"""Input made to hurt gets an answer or a clear error; nothing recurses, nothing backtracks."""

from __future__ import annotations

import json
import sys

import pytest

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.decision import Decision
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind
from tests.iam.build import decide, statement

_STATEMENT = '{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}'


def _document(statements: str) -> str:
    return f'{{"Version":"2012-10-17","Statement":[{statements}]}}'


REFUSED = {
    "open lists": "[" * 100_000,
    "open objects": '{"a":' * 20_000,
    "closed lists": "[" * 50_000 + "]" * 50_000,
    "truncated": _document(",".join([_STATEMENT] * 1_500))[:-9],
    "commas": "[" + "," * 100_000,
    "values without commas": "[" + "1 " * 50_000 + "]",
    "commas too many": "[" + "[1,]," * 15_000 + "]",
    "a string without an end": '{"Id":"' + "x" * 100_000,
    "backslashes": '{"Id":"' + "\\\\" * 50_000,
    "the same name over and over": "{" + ",".join(['"Version":"2012-10-17"'] * 4_000) + "}",
    "2,000 bad statements": _document(",".join(['{"Effect":1}'] * 2_000)),
    "5,000 unknown elements": _document("{" + ",".join(f'"E{i}":1' for i in range(5_000)) + "}"),
    "a number for a statement": '{"Statement":' + "9" * 100_000 + "}",
    "percent signs": "%" * 100_000,
    "nothing but space": " " * 100_000,
    "a megabyte": _document(",".join([_STATEMENT] * 20_000)),
    "a lone surrogate": _document(_STATEMENT.replace("*", "arn:aws:s3:::\\udfff")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_a_clear_error(name: str) -> None:
    """InvalidPolicyError, whatever the text, with a place in it and a message that can be printed."""
    with pytest.raises(InvalidPolicyError) as caught:
        parse_policy(REFUSED[name], name="hostile", kind=PolicyKind.INPUT)
    assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in caught.value.faults)
    assert len(str(caught.value).encode()) < 100_000


_LONG = "arn:aws:s3:::" + "a" * 2_000

ANSWERED = {
    "2,000 statements": (_document(",".join([_STATEMENT] * 2_000)), Decision.ALLOWED),
    "100 kB of actions": (
        json.dumps({"Statement": statement(action=[f"s3:Get{i}" for i in range(7_000)])}),
        Decision.IMPLICIT_DENY,
    ),
    "10,000 stars": (
        json.dumps({"Statement": statement(resource="arn:aws:s3:::" + "*a" * 10_000)}),
        Decision.IMPLICIT_DENY,
    ),
    "10,000 stars that match": (
        json.dumps({"Statement": statement(resource="arn:aws:s3:::" + "*" * 10_000)}),
        Decision.ALLOWED,
    ),
    "10,000 question marks": (
        json.dumps({"Statement": statement(resource="arn:aws:s3:::" + "*?" * 1_000 + "b" + "*?" * 9_000)}),
        Decision.IMPLICIT_DENY,
    ),
    "10,000 variables": (
        json.dumps({"Version": "2012-10-17", "Statement": statement(resource="arn:aws:s3:::" + "${aws:a}*" * 10_000)}),
        Decision.IMPLICIT_DENY,
    ),
    "variables without an end": (
        json.dumps({"Version": "2012-10-17", "Statement": statement(resource="arn:aws:s3:::" + "${aws:a,'" * 10_000)}),
        Decision.IMPLICIT_DENY,
    ),
    "a number of 100,000 digits": (
        json.dumps({"Statement": statement(Condition={"NumericLessThan": {"aws:n": "9" * 100_000}})}),
        Decision.ALLOWED,
    ),
    "a huge exponent": (
        json.dumps({"Statement": statement(Condition={"NumericLessThan": {"aws:n": "1e999999"}})}),
        Decision.ALLOWED,
    ),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_is_answered(name: str) -> None:
    """Large policies and hostile patterns are valid, and they are decided."""
    text, expected = ANSWERED[name]
    made = parse_policy(text, name="hostile", kind=PolicyKind.INPUT)
    found = decide(made, action="s3:GetObject", resource=_LONG, context={"aws:a": "a", "aws:n": "5"})
    assert found.decision is expected


def test_no_depth_of_nesting_reaches_the_recursion_limit() -> None:
    """The limit of this interpreter is lowered to what is in use; reading must not go deeper."""
    text = "[" * 100_000
    limit = sys.getrecursionlimit()
    depth = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        depth += 1
    sys.setrecursionlimit(depth + 60)
    try:
        with pytest.raises(InvalidPolicyError):
            parse_policy(text, name="deep", kind=PolicyKind.INPUT)
    finally:
        sys.setrecursionlimit(limit)
