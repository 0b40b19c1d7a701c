"""Policy variables: replaced in resources and in the values of string and ARN operators."""

from __future__ import annotations

import pytest

from bedrock_guard.iam.decision import Decision
from tests.iam.build import ALLOW_ALL, OBJECT, condition_holds, decide, policy, statement

TAG = {"aws:PrincipalTag/team": "ml"}


@pytest.mark.parametrize(
    ("pattern", "context", "fits"),
    [
        ("arn:aws:s3:::${aws:PrincipalTag/team}/key", {"aws:PrincipalTag/team": "bucket"}, True),
        ("arn:aws:s3:::${AWS:principaltag/TEAM}/*", {"aws:PrincipalTag/team": "bucket"}, True),
        ("arn:aws:s3:::${aws:PrincipalTag/team}*", {"aws:PrincipalTag/team": "buck"}, True),
        ("arn:aws:s3:::${aws:PrincipalTag/team}", {"aws:PrincipalTag/team": "buck*"}, False),
        ("arn:aws:s3:::${aws:username}/*", {}, False),
        ("arn:aws:s3:::${aws:username, 'bucket'}/*", {}, True),
        ("arn:aws:s3:::${aws:username,'bucket'}/*", {}, True),
        ("arn:aws:s3:::${ aws:username , 'bucket' }/*", {}, True),
        ("arn:aws:s3:::${aws:username, 'bucket'}/*", {"aws:username": "other"}, False),
        ("arn:aws:s3:::${aws:username, 'buck*'}", {}, False),
        ("arn:aws:s3:::bucket/${aws:username, ''}key", {}, True),
        ("arn:aws:s3:::${aws:TagKeys}/key", {"aws:TagKeys": ["bucket"]}, False),
        ("arn:aws:s3:::${aws:TagKeys, 'bucket'}/key", {"aws:TagKeys": ["bucket"]}, False),
        ("arn:aws:s3:::bucket/${aws:username", {"aws:username": "key"}, False),
        ("arn:aws:s3:::bucket/${}", {}, False),
        ("arn:${aws:Partition}:s3:::bucket/*", {"aws:Partition": "aws"}, True),
    ],
)
def test_in_resources(pattern: str, context: dict[str, str | list[str]], fits: bool) -> None:
    """The value is literal text; a key without single value and without default matches nothing."""
    found = decide(policy(statement(resource=pattern)), resource=OBJECT, context=context)
    assert (found.decision is Decision.ALLOWED) is fits


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        ("arn:aws:s3:::bucket/${*}", "arn:aws:s3:::bucket/*"),
        ("arn:aws:s3:::bucket/${?}", "arn:aws:s3:::bucket/?"),
        ("arn:aws:s3:::bucket/${$}{aws:username}", "arn:aws:s3:::bucket/${aws:username}"),
    ],
)
def test_escapes_are_the_characters_themselves(pattern: str, resource: str) -> None:
    """Source: reference_policies_variables.html, specifying special characters."""
    made = policy(statement(resource=pattern))
    assert decide(made, resource=resource, context={"aws:username": "x"}).decision is Decision.ALLOWED
    assert (
        decide(made, resource="arn:aws:s3:::bucket/x", context={"aws:username": "x"}).decision is not Decision.ALLOWED
    )


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("StringEquals", "${aws:PrincipalTag/team}", True),
        ("StringEquals", "${aws:PrincipalTag/other, 'ml'}", True),
        ("StringEquals", "${aws:PrincipalTag/other}", False),
        ("StringEquals", ["x", "${aws:PrincipalTag/team}"], True),
        ("StringEqualsIgnoreCase", "${aws:PrincipalTag/upper}", True),
        ("StringNotEquals", "${aws:PrincipalTag/team}", False),
        ("StringLike", "${aws:PrincipalTag/first}*", True),
        ("StringLike", "${aws:PrincipalTag/star}", False),
        ("StringNotLike", "${aws:PrincipalTag/first}*", False),
    ],
)
def test_in_values_of_string_operators(operator: str, value: str | list[str], met: bool) -> None:
    """With or without wildcards around them."""
    context = {
        "aws:ResourceTag/team": "ml",
        "aws:PrincipalTag/team": "ml",
        "aws:PrincipalTag/upper": "ML",
        "aws:PrincipalTag/first": "m",
        "aws:PrincipalTag/star": "m*",
    }
    assert condition_holds(operator, "aws:ResourceTag/team", value, context) is met


def test_in_values_of_arn_operators() -> None:
    """A value may bring colons of its own."""
    arn = "arn:aws:iam::123456789012:role/app"
    context = {"aws:SourceArn": arn, "aws:PrincipalArn": arn, "aws:PrincipalAccount": "123456789012"}
    assert condition_holds("ArnEquals", "aws:SourceArn", "${aws:PrincipalArn}", context)
    assert condition_holds("ArnLike", "aws:SourceArn", "arn:aws:iam::${aws:PrincipalAccount}:role/*", context)
    assert not condition_holds("ArnNotLike", "aws:SourceArn", "arn:aws:iam::${aws:PrincipalAccount}:role/*", context)


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("NumericEquals", "aws:n", "${aws:m}"),
        ("Bool", "aws:b", "${aws:c}"),
        ("IpAddress", "aws:ip", "${aws:jp}"),
        ("BinaryEquals", "aws:x", "${aws:y}"),
    ],
)
def test_other_operators_have_no_variables(operator: str, key: str, value: str) -> None:
    """Source: reference_policies_variables.html, where you can use policy variables."""
    context = {"aws:n": "1", "aws:m": "1", "aws:b": "true", "aws:c": "true"}
    context |= {"aws:ip": "10.0.0.1", "aws:jp": "10.0.0.1", "aws:x": "QQ==", "aws:y": "QQ=="}
    assert not condition_holds(operator, key, value, context)


def test_the_older_language_has_no_variables() -> None:
    """With version 2008-10-17 the text is the text, star and question mark excepted."""
    made = policy(statement(resource="arn:aws:s3:::${aws:username}/*"), version="2008-10-17")
    assert decide(made, resource="arn:aws:s3:::x/k", context={"aws:username": "x"}).decision is Decision.IMPLICIT_DENY
    assert decide(made, resource="arn:aws:s3:::${aws:username}/k").decision is Decision.ALLOWED


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringNotLike"])
def test_a_negation_of_a_variable_without_value_allows_nothing(operator: str) -> None:
    """AWS says only that such a statement may be invalid: an Allow does not match, a Deny does."""
    context = {"aws:ResourceTag/team": "ml"}
    assert not condition_holds(operator, "aws:ResourceTag/team", "${aws:PrincipalTag/team}", context)
    assert condition_holds(operator, "aws:ResourceTag/team", "${aws:PrincipalTag/team}", context, effect="Deny")


def test_not_resource_of_a_variable_without_value_allows_nothing() -> None:
    """As for negated conditions."""
    hidden = "arn:aws:s3:::${aws:username}/*"
    allowing = policy(statement(resource=None, NotResource=hidden))
    denying = policy(statement("Deny", resource=None, NotResource=hidden))
    assert decide(allowing, resource=OBJECT).decision is Decision.IMPLICIT_DENY
    assert decide(denying, ALLOW_ALL, resource=OBJECT).decision is Decision.EXPLICIT_DENY
    assert decide(allowing, resource=OBJECT, context={"aws:username": "x"}).decision is Decision.ALLOWED
