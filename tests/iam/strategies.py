"""Hypothesis strategies for policies and requests.

The vocabulary is small, so that policies and requests meet: a handful of actions, resources and keys. Resources have
no wildcard in the middle of a part of the ARN before the last, where the reference evaluator is not as strict as
AWS; tests/iam/test_wildcard.py has those.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.iam.build import ACCOUNT, Document

ACTIONS = [
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "bedrock:Retrieve",
    "s3:GetObject",
    "iam:PassRole",
]
ACTION_PATTERNS = [
    *ACTIONS,
    "*",
    "bedrock:*",
    "bedrock:Invoke*",
    "BEDROCK:invokemodel",
    "s3:Get?bject",
    "*:Retrieve",
    "s3:*",
]
RESOURCES = [
    "*",
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v1:0",
    "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-v1:0",
    f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/KB12345678",
    "arn:aws:s3:::ml/key",
]
RESOURCE_PATTERNS = [
    *RESOURCES,
    "arn:aws:bedrock:*::foundation-model/*",
    "arn:aws:bedrock:us-*::foundation-model/anthropic.*",
    "arn:aws:bedrock:us-east-1::foundation-model/*.claude-v?:0",
    "arn:aws:bedrock:*:*:*",
    "arn:aws:s3:::${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::${aws:PrincipalTag/team, 'ml'}/key",
    "arn:aws:s3:::ml/k?y",
]

_TEXTS = ["ml", "ML", "search", "m*", ""]
_TEXT_VALUES = [*_TEXTS, "${aws:PrincipalTag/team}", "${aws:username, 'ml'}", "${aws:username}", "*", "m?", "${*}"]
_NUMBERS = ["5", "10", "-1", "10.0", "3600"]
_DATES = ["2026-11-24T12:00:00Z", "2026-11-24T13:00:00+01:00", "2026-01-01", "1795521600"]
_ADDRESSES = ["10.0.0.7", "203.0.113.9", "2001:db8::1"]
_NETWORKS = ["10.0.0.0/8", "203.0.113.0/24", "10.0.0.7", "2001:db8::/32", "0.0.0.0/0"]
_ARNS = [f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:iam::{ACCOUNT}:user/ann", "arn:aws:iam::1:role/a:b"]
_ARN_VALUES = [*_ARNS, f"arn:aws:iam::{ACCOUNT}:*", "arn:aws:iam::*:role/*", "arn:aws:iam::?:role/a*", "arn:aws:iam::*"]
_TEXT_OPERATORS = [
    f"String{name}" for name in ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")
]
_COMPARED = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]

# key, operators, values of policies, values of requests
KEYS: list[tuple[str, list[str], list[Any], list[str]]] = [
    *(
        (key, _TEXT_OPERATORS, _TEXT_VALUES, _TEXTS)
        for key in ("aws:PrincipalTag/team", "aws:ResourceTag/team", "aws:username")
    ),
    ("aws:MultiFactorAuthAge", [f"Numeric{name}" for name in _COMPARED], [*_NUMBERS, 10], [*_NUMBERS, "many"]),
    ("aws:CurrentTime", [f"Date{name}" for name in _COMPARED], _DATES, _DATES),
    ("aws:SecureTransport", ["Bool"], ["true", "false", True], ["true", "TRUE", "false", "yes"]),
    ("aws:SourceIp", ["IpAddress", "NotIpAddress"], _NETWORKS, [*_ADDRESSES, "10.0.0.300"]),
    ("aws:PrincipalArn", ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"], _ARN_VALUES, [*_ARNS, "app"]),
    ("aws:Binary", ["BinaryEquals"], ["QQ==", "Qg=="], ["QQ==", "Qg=="]),
]
MULTIVALUED = "aws:TagKeys"
KEY_NAMES = [*(key for key, *_ in KEYS), MULTIVALUED]


def _one_or_more(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.sampled_from(values), st.lists(st.sampled_from(values), min_size=1, max_size=3, unique_by=str))


@st.composite
def _condition(draw: st.DrawFn) -> tuple[str, str, Any]:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return "Null", draw(st.sampled_from(KEY_NAMES)), draw(st.sampled_from(["true", "false"]))
    if kind <= 2:
        prefix = draw(st.sampled_from(["ForAllValues:", "ForAnyValue:", ""]))
        operator = draw(st.sampled_from(["StringEquals", "StringNotEquals", "StringLike"]))
        return prefix + operator, MULTIVALUED, draw(_one_or_more(["team", "env", "t*"]))
    key, operators, values, _ = draw(st.sampled_from(KEYS))
    suffix = draw(st.sampled_from(["", "IfExists"]))
    return draw(st.sampled_from(operators)) + suffix, key, draw(_one_or_more(values))


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> Document:
    """A statement of an identity policy."""
    made: Document = {"Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    inverted = st.sampled_from(["", "", "", "Not"])
    made[f"{draw(inverted)}Action"] = draw(_one_or_more(ACTION_PATTERNS))
    made[f"{draw(inverted)}Resource"] = draw(_one_or_more(RESOURCE_PATTERNS))
    conditions: dict[str, dict[str, Any]] = {}
    for operator, key, values in draw(st.lists(_condition(), max_size=2)):
        conditions.setdefault(operator, {})[key] = values
    if conditions:
        made["Condition"] = conditions
    return made


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A policy document of either version."""
    version = draw(st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"]))
    return {"Version": version, "Statement": draw(st.lists(statements(), min_size=1, max_size=3))}


@st.composite
def contexts(draw: st.DrawFn, keys: list[str] | None = None) -> dict[str, Any]:
    """Values for some of the keys, or for some of those that are given."""
    values: dict[str, Any] = {}
    for key, _, _, known in KEYS:
        if (keys is None or key in keys) and draw(st.booleans()):
            values[key] = draw(st.sampled_from(known))
    if (keys is None or MULTIVALUED in keys) and draw(st.booleans()):
        values[MULTIVALUED] = draw(st.lists(st.sampled_from(["team", "env", "cost"]), max_size=3, unique=True))
    return values


@st.composite
def layers(draw: st.DrawFn) -> dict[str, Any]:
    """Identity policies, and boundary, SCP levels and session policy where there are any, as documents."""
    return {
        "identity": draw(st.lists(documents(), max_size=2)),
        "boundary": draw(st.none() | documents()),
        "scps": draw(st.lists(st.lists(documents(), min_size=1, max_size=2), max_size=2)),
        "session": draw(st.none() | documents()),
    }


requests = st.tuples(st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
"""An action and a resource."""
