"""What a document says arrives in the policy, and positions are those of the text."""

from __future__ import annotations

import json
import pickle
from typing import Any
from urllib.parse import quote

import pytest

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.context import context_keys
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import (
    Condition,
    Effect,
    PolicyKind,
    Position,
    PrincipalEntry,
    Version,
)
from bedrock_guard.iam.write import policy_to_dict, write_policy
from tests.iam.build import ROLE, policy, resource_policy, statement

PRETTY = """{
  "Version": "2012-10-17",
  "Id": "an id",
  "Statement": [
    {
      "Sid": "Models",
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:Get*"],
      "NotResource": "arn:aws:s3:::b",
      "Condition": {
        "StringEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"], "aws:SourceVpce": "vpce-1"},
        "Bool": {"aws:SecureTransport": true},
        "NumericLessThan": {"aws:MultiFactorAuthAge": 3600}
      }
    },
    {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}
  ]
}"""


def test_reads_every_element() -> None:
    """Single values become lists of one; numbers and booleans keep their spelling."""
    made = parse_policy(PRETTY, name="models.json", kind=PolicyKind.INPUT)
    first, second = made.statements
    assert (made.name, made.kind, made.version, made.id) == ("models.json", PolicyKind.INPUT, Version.V2012, "an id")
    assert (first.sid, first.effect, first.index) == ("Models", Effect.ALLOW, 0)
    assert first.actions == ("bedrock:InvokeModel", "bedrock:Get*")
    assert first.resources is None
    assert first.not_resources == ("arn:aws:s3:::b",)
    assert first.conditions == (
        Condition("StringEquals", "aws:RequestedRegion", ("us-east-1", "us-west-2")),
        Condition("StringEquals", "aws:SourceVpce", ("vpce-1",)),
        Condition("Bool", "aws:SecureTransport", ("true",)),
        Condition("NumericLessThan", "aws:MultiFactorAuthAge", ("3600",)),
    )
    assert (second.sid, second.effect, second.index) == (None, Effect.DENY, 1)
    assert (second.actions, second.not_actions) == (None, ("iam:*",))


def test_statements_know_their_place() -> None:
    """The two ends are the statement's own braces, line and column from 1."""
    first, second = parse_policy(PRETTY, name="p", kind=PolicyKind.INPUT).statements
    assert (first.start, first.end) == (Position(5, 5), Position(15, 5))
    assert (second.start, second.end) == (Position(16, 5), Position(16, 61))
    lines = PRETTY.splitlines()
    for place, brace in ((first.start, "{"), (first.end, "}"), (second.start, "{"), (second.end, "}")):
        assert lines[place.line - 1][place.column - 1] == brace


def test_a_document_without_version_is_of_the_older_language() -> None:
    """Source: reference_policies_elements_version.html."""
    assert policy(statement(), version=None).version is Version.V2008


def test_a_single_statement_needs_no_list() -> None:
    """Statement may be an object."""
    made = parse_policy('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}', name="p")
    assert len(made.statements) == 1


@pytest.mark.parametrize("safe", ["", "/:"])
def test_reads_the_encoding_of_iam_as_the_text_itself(safe: str) -> None:
    """A document as IAM's API returns it, URL-encoded, is the same policy with the same positions."""
    plain = parse_policy(PRETTY, name="p", kind=PolicyKind.INPUT)
    assert parse_policy(quote(PRETTY, safe=safe), name="p", kind=PolicyKind.INPUT) == plain


def test_a_plus_sign_is_not_a_space() -> None:
    """IAM encodes after RFC 3986, where a plus sign is itself."""
    text = json.dumps({"Statement": statement(resource="arn:aws:s3:::a+b c")})
    made = parse_policy(quote(text, safe="+"), name="p")
    assert made.statements[0].resources == ("arn:aws:s3:::a+b c",)


def test_principals_keep_their_type() -> None:
    """The bare star is told apart from ``{"AWS": "*"}``, so that it is written again as it was."""
    made = resource_policy(
        statement(Principal="*"),
        statement(Principal={"AWS": [ROLE, "123456789012"], "Service": "bedrock.amazonaws.com"}),
        statement("Deny", NotPrincipal={"AWS": "*"}),
    )
    assert made.statements[0].principals == (PrincipalEntry("*", "*"),)
    assert made.statements[1].principals == (
        PrincipalEntry("AWS", ROLE),
        PrincipalEntry("AWS", "123456789012"),
        PrincipalEntry("Service", "bedrock.amazonaws.com"),
    )
    assert made.statements[2].not_principals == (PrincipalEntry("AWS", "*"),)


def test_writes_a_policy_that_reads_the_same() -> None:
    """write_policy gives back every element, lists where there were single values."""
    made = parse_policy(PRETTY, name="p", kind=PolicyKind.INPUT)
    again = parse_policy(write_policy(made), name="p", kind=PolicyKind.INPUT)
    assert policy_to_dict(again) == policy_to_dict(made)
    assert policy_to_dict(made)["Statement"][0]["Condition"]["Bool"] == {"aws:SecureTransport": ["true"]}


def test_policies_pickle() -> None:
    """A policy travels to another process and decides there."""
    made = parse_policy(PRETTY, name="p", kind=PolicyKind.INPUT)
    again = pickle.loads(pickle.dumps(made))  # noqa: S301 -- made a line above
    assert again == made
    assert len(again.rules.naming("bedrock:invokemodel")) == 2


def test_context_keys_are_listed_as_written_in_order_and_once() -> None:
    """Keys of conditions and of variables count, spellings apart from each other, those of the older language not."""
    first = policy(
        statement(
            resource="arn:aws:s3:::${aws:PrincipalTag/home}/${*}/${aws:username, 'nobody'}",
            Condition={
                "StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}", "AWS:username": "x"},
                "Null": {"aws:SourceVpce": "true"},
            },
        ),
        statement(Condition={"Bool": {"aws:SourceVpce": "true"}}),
    )
    older = policy(
        statement(resource="arn:aws:s3:::${aws:userid}", Condition={"Bool": {"aws:b": "true"}}), version=None
    )
    assert context_keys([first, older]) == (
        "aws:PrincipalTag/home",
        "aws:username",
        "aws:ResourceTag/team",
        "aws:PrincipalTag/team",
        "AWS:username",
        "aws:SourceVpce",
        "aws:b",
    )


def test_one_kind_of_error_for_text_from_a_file_and_from_iam() -> None:
    """The position is the one in the decoded text."""
    text = PRETTY.replace("Allow", "allow")
    for given in (text, quote(text)):
        with pytest.raises(InvalidPolicyError) as caught:
            parse_policy(given, name="p")
        assert [(fault.line, fault.column) for fault in caught.value.faults] == [(7, 17)]


@pytest.mark.parametrize(
    "principal",
    ["*", {"AWS": ["*"]}, {"AWS": [ROLE, "123456789012"], "Service": ["bedrock.amazonaws.com"]}],
)
@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_writes_principals_as_they_were(element: str, principal: Any) -> None:
    """The bare star stays bare, and every principal keeps its type."""
    made = resource_policy(statement(**{element: principal}))
    assert policy_to_dict(made)["Statement"][0][element] == principal
    again = parse_policy(write_policy(made), name="p", kind=PolicyKind.RESOURCE)
    assert policy_to_dict(again) == policy_to_dict(made)
