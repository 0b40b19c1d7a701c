"""Every condition operator, as AWS documents it and, where recorded, as the real service answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bedrock_guard.iam.operators import OPERATORS, find_operator
from tests.iam.build import condition_holds, decide, policy, statement

Values = Mapping[str, str | Sequence[str]]

# operator, values of the policy, value of the request, whether the condition is met
COMPARISONS: list[tuple[str, Any, str, bool]] = [
    ("StringEquals", "ml", "ml", True),
    ("StringEquals", "ml", "ML", False),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringEquals", "m*", "ml", False),
    ("StringEquals", "m*", "m*", True),
    ("StringEquals", "", "", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", ["a", "b"], "c", True),
    ("StringEqualsIgnoreCase", "Ml", "mL", True),
    ("StringEqualsIgnoreCase", "m*", "ml", False),
    ("StringNotEqualsIgnoreCase", "Ml", "mL", False),
    ("StringNotEqualsIgnoreCase", "Ml", "x", True),
    ("StringLike", "us-*", "us-east-1", True),
    ("StringLike", "us-*", "US-east-1", False),
    ("StringLike", ["eu-*", "*-1"], "us-east-1", True),
    ("StringLike", "us-????-1", "us-west-1", True),
    ("StringNotLike", "us-*", "us-east-1", False),
    ("StringNotLike", "us-*", "eu-west-1", True),
    ("NumericEquals", "5", "5.0", True),
    ("NumericEquals", 5, "5", True),
    ("NumericEquals", "5", "five", False),
    ("NumericEquals", "0.1", "1e-1", True),
    ("NumericEquals", "NaN", "NaN", False),
    ("NumericEquals", "1_0", "10", False),
    ("NumericNotEquals", "5", "6", True),
    ("NumericNotEquals", "5", "5", False),
    ("NumericLessThan", "10", "9", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThan", "10", "-100", True),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "10", "9", False),
    ("NumericGreaterThan", ["100", "10"], "11", True),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericGreaterThanEquals", "10", "9.999", False),
    ("DateEquals", "2026-11-24T12:00:00Z", "2026-11-24T13:00:00+01:00", True),
    ("DateEquals", "2026-11-24T12:00:00Z", "1795521600", True),
    ("DateEquals", "2026-11-24", "2026-11-24T00:00:00Z", True),
    ("DateEquals", "2026", "2026-01-01T00:00:00.000Z", True),
    ("DateEquals", "2026-11", "2026-11-01", True),
    ("DateEquals", "2026-11-24T12:00Z", "2026-11-24T12:00:00Z", True),
    ("DateEquals", "2026-11-24T12:00:00.25Z", "2026-11-24T12:00:00.250Z", True),
    ("DateEquals", "2026-11-24T12:00:00Z", "yesterday", False),
    ("DateNotEquals", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z", False),
    ("DateNotEquals", "2026-11-24T12:00:00Z", "2026-11-24T12:00:01Z", True),
    ("DateLessThan", "2026-11-24T12:00:00Z", "2026-11-24T11:59:59Z", True),
    ("DateLessThan", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z", False),
    ("DateLessThan", "2026-11-24T12:00:00-08:00", "2026-11-24T19:00:00Z", True),
    ("DateLessThanEquals", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z", True),
    ("DateGreaterThan", "1700000000", "2026-11-24T12:00:00Z", True),
    ("DateGreaterThan", "0001-01-01T00:00:00+14:00", "2026-11-24T12:00:00Z", True),
    ("DateGreaterThan", "9999-12-31T23:59:59-14:00", "2026-11-24T12:00:00Z", False),
    ("DateGreaterThanEquals", "2026-11-24T12:00:00Z", "2026-11-24T11:59:59.999Z", False),
    ("DateGreaterThanEquals", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z", True),
    ("DateLessThanEquals", "2026-11-24T12:00:00Z", "2026-11-24T12:00:01Z", False),
    ("NumericLessThanEquals", "10", "10.5", False),
    ("Bool", "true", "true", True),
    ("Bool", "true", "TRUE", True),
    ("Bool", True, "true", True),
    ("Bool", "False", "false", True),
    ("Bool", "true", "false", False),
    ("Bool", "true", "yes", False),
    ("Bool", "true", "1", False),
    ("Bool", "yes", "yes", False),
    ("Bool", ["true", "false"], "false", True),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ6", False),
    ("BinaryEquals", "!", "!", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.9", True),
    ("IpAddress", "203.0.113.0/24", "203.0.114.9", False),
    ("IpAddress", "203.0.113.77/24", "203.0.113.9", True),
    ("IpAddress", "203.0.113.9", "203.0.113.9", True),
    ("IpAddress", "203.0.113.9", "203.0.113.10", False),
    ("IpAddress", ["192.168.0.0/16", "10.0.0.7"], "10.0.0.7", True),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    ("IpAddress", "0.0.0.0/0", "::1", False),
    ("IpAddress", "::/96", "0.0.0.1", False),
    ("IpAddress", "::/0", "2001:db8::1", True),
    ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678:0::1", True),
    ("IpAddress", "2001:db8:1234:5678::/64", "2001:db8:1234:5679::1", False),
    ("IpAddress", "10.0.0.0/8", "10.0.0.300", False),
    ("IpAddress", "not an address", "10.0.0.1", False),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", False),
    ("NotIpAddress", "203.0.113.0/24", "10.0.0.1", True),
    ("NotIpAddress", "203.0.113.0/24", "2001:db8::1", True),
    ("ArnEquals", "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:role/a/b", True),
    ("ArnLike", "arn:aws:iam::123456789012:role/app", "arn:aws:iam::123456789012:role/app", True),
    ("ArnLike", "arn:aws:iam::123456789012:role/app", "arn:aws:iam::123456789012:role/App", False),
    ("ArnEquals", "arn:aws:iam::123456789012:role/app", "arn:aws:iam::123456789012:role/App", False),
    (
        "ArnLike",
        "arn:aws:bedrock:*:*:inference-profile/us.*",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.x:0",
        True,
    ),
    (
        "ArnLike",
        "arn:aws:bedrock:*:inference-profile/us.x",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.x",
        False,
    ),
    ("ArnLike", "arn:aws:iam::*", "arn:aws:iam::1:role/a", False),
    ("ArnLike", "*", "arn:aws:iam::1:role/a", False),
    ("ArnLike", "arn:aws:iam::?:role/a", "arn:aws:iam::1:role/a", True),
    ("ArnLike", "arn:aws:iam::?:role/a", "arn:aws:iam:::role/a", False),
    ("ArnLike", "arn:*:*:*:*:*", "not-an-arn", False),
    ("ArnNotEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a", False),
    ("ArnNotEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:user/a", True),
    ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::2:role/a", True),
    ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a", False),
]


@pytest.mark.parametrize(("operator", "values", "value", "met"), COMPARISONS)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_compares(operator: str, values: Any, value: str, met: bool, effect: str) -> None:
    """One value of the request against those of the policy; any of them is enough, or none for a Not operator."""
    assert condition_holds(operator, "aws:k", values, {"aws:k": value}, effect=effect) is met


def test_the_tables_cover_every_operator() -> None:
    """No operator is left without a case that is met and one that is not."""
    for met in (True, False):
        covered = {operator for operator, _, _, expected in COMPARISONS if expected is met}
        assert set(OPERATORS) - covered == {"Null"}


@pytest.mark.parametrize("suffix", ["", "IfExists"])
@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"Null"}))
def test_a_key_that_is_absent(operator: str, suffix: str) -> None:
    """Not met; met by a Not operator, with IfExists and with ForAllValues, never with ForAnyValue."""
    value = "2026-01-01" if operator.startswith("Date") else "1"
    negated = "Not" in operator
    for prefix, met in (("", negated or bool(suffix)), ("ForAllValues:", True), ("ForAnyValue:", False)):
        assert condition_holds(f"{prefix}{operator}{suffix}", "aws:k", value, {}) is met
        assert condition_holds(f"{prefix}{operator}{suffix}", "aws:k", value, {"aws:k": []}) is met


def test_if_exists_compares_when_the_key_is_there() -> None:
    """IfExists changes nothing for a key that the request has."""
    assert condition_holds("StringEqualsIfExists", "aws:k", "a", {"aws:k": "a"})
    assert not condition_holds("StringEqualsIfExists", "aws:k", "a", {"aws:k": "b"})


@pytest.mark.parametrize(
    ("values", "context", "met"),
    [
        ("true", {}, True),
        ("true", {"aws:k": "x"}, False),
        ("false", {}, False),
        ("false", {"aws:k": "x"}, True),
        (True, {}, True),
        ("TRUE", {}, True),
        (["true", "false"], {"aws:k": "x"}, True),
        ("true", {"aws:k": []}, True),
        ("false", {"aws:k": ["a", "b"]}, True),
        ("false", {"aws:k": ""}, True),
    ],
)
def test_null_asks_whether_the_key_is_absent(values: Any, context: Values, met: bool) -> None:
    """True means absent, false means present; a list without values is absent."""
    assert condition_holds("Null", "aws:k", values, context) is met


@pytest.mark.parametrize(
    ("operator", "context", "met"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "x"], False),
        ("ForAllValues:StringEquals", "a", True),
        ("ForAllValues:StringEquals", "x", False),
        ("ForAllValues:StringEquals", [""], True),
        ("ForAllValues:StringEquals", "", True),
        ("ForAllValues:StringNotEquals", ["x", "y"], True),
        ("ForAllValues:StringNotEquals", ["x", "a"], False),
        ("ForAnyValue:StringEquals", ["x", "b"], True),
        ("ForAnyValue:StringEquals", ["x", "y"], False),
        ("ForAnyValue:StringEquals", "b", True),
        ("ForAnyValue:StringNotEquals", ["a", "x"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], False),
    ],
)
def test_set_operators(operator: str, context: str | list[str], met: bool) -> None:
    """Source: reference_policies_condition-single-vs-multi-valued-context-keys.html; an empty text is no value."""
    assert condition_holds(operator, "aws:k", ["a", "b"], {"aws:k": context}) is met


@pytest.mark.parametrize(
    ("operator", "context", "denies"),
    [
        ("StringEquals", ["a", "b"], True),
        ("StringEquals", ["a", "x"], True),
        ("StringEquals", ["x", "y"], False),
        ("StringEquals", ["a"], True),
        ("StringNotEquals", ["x", "y"], True),
        ("StringNotEquals", ["a", "x"], True),
        ("StringNotEquals", ["a", "b"], True),
    ],
)
def test_a_multivalued_key_without_a_set_operator_allows_nothing(
    operator: str, context: list[str], denies: bool
) -> None:
    """Source: captures of the service in github.com/radkawar/stackd, docs/iam-evaluation.md (read 2026-11-24): such an
    operator never matches. A Deny stays on the safe side: any value is enough, and for a negated operator the key is.
    """
    assert condition_holds(operator, "aws:k", ["a", "b"], {"aws:k": context}) is False
    assert condition_holds(operator, "aws:k", ["a", "b"], {"aws:k": context}, effect="Deny") is denies


def test_an_ipv6_network_with_host_bits_matches_nothing() -> None:
    """Source: the same captures; an IPv4 one is taken for its network."""
    assert condition_holds("IpAddress", "aws:k", ["2001:db8::/64"], {"aws:k": "2001:db8::7"}) is True
    assert condition_holds("IpAddress", "aws:k", ["2001:db8::5/64"], {"aws:k": "2001:db8::5"}) is False
    assert condition_holds("IpAddress", "aws:k", ["10.0.0.5/24"], {"aws:k": "10.0.0.7"}) is True


@pytest.mark.parametrize(
    ("operator", "value", "unreadable"),
    [
        ("NotIpAddress", "10.0.0.0/8", "10.0.0.300"),
        ("NumericNotEquals", "5", "five"),
        ("DateNotEquals", "2026-01-01", "tomorrow"),
        ("ArnNotLike", "arn:aws:iam::1:role/*", "role"),
    ],
)
def test_a_value_of_the_wrong_type_allows_nothing(operator: str, value: str, unreadable: str) -> None:
    """What cannot be read is not called different by an Allow; a Deny applies to it."""
    assert not condition_holds(operator, "aws:k", value, {"aws:k": unreadable})
    assert condition_holds(operator, "aws:k", value, {"aws:k": unreadable}, effect="Deny")


def test_key_names_have_no_case() -> None:
    """Source: reference_policies_elements_condition.html."""
    assert condition_holds("StringEquals", "AWS:principaltag/Team", "ml", {"aws:PrincipalTag/team": "ml"})


def test_all_operators_and_all_keys_have_to_be_met() -> None:
    """Several operators and several keys of one operator are joined by and."""
    made = policy(
        statement(Condition={"StringEquals": {"aws:a": "1", "aws:b": "1"}, "Bool": {"aws:c": "true"}}),
    )
    whole = {"aws:a": "1", "aws:b": "1", "aws:c": "true"}
    assert decide(made, context=whole).decision.value == "allowed"
    for key in whole:
        assert decide(made, context={**whole, key: "0"}).decision.value == "implicitDeny"


@pytest.mark.parametrize("name", ["StringEqual", "", "IfExists", "NullIfExists", "ForAllValues:", "ForSomeValues:Bool"])
def test_there_are_no_other_operators(name: str) -> None:
    """Null takes no IfExists, and there are two set operators."""
    assert find_operator(name) is None
