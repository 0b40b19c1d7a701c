"""What AWS would refuse is refused, all of it at once, in the manner of a compiler."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.json_tree import MAX_DEPTH, MAX_FAULTS
from bedrock_guard.iam.limits import (
    INLINE_CHARACTERS,
    INPUT_CHARACTERS,
    MANAGED_CHARACTERS,
    RCP_CHARACTERS,
    SCP_CHARACTERS,
    TRUST_CHARACTERS,
    VPC_ENDPOINT_CHARACTERS,
)
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind
from tests.iam.build import statement


def faults(text: str, kind: PolicyKind = PolicyKind.INPUT) -> list[str]:
    """The faults of a document as ``line:column: message; expected …``."""
    with pytest.raises(InvalidPolicyError) as caught:
        parse_policy(text, name="policy.json", kind=kind)
    return [str(fault).splitlines()[0] for fault in caught.value.faults]


def of(kind: PolicyKind = PolicyKind.INPUT, **elements: Any) -> list[str]:
    """The faults of a document with one statement, whose elements are replaced, or left out by None."""
    made = statement(**{"Effect" if name == "effect" else name: value for name, value in elements.items()})
    return faults(json.dumps({"Version": "2012-10-17", "Statement": [made]}), kind)


MANY = """{
  "Version": "2012-10-18",
  "Statement": [
    {
      "Effect": "allow",
      "Action": ["bedrock:InvokeModel", "InvokeModel"],
      "Resource": "anthropic.claude",
      "Condition": {"StringEqual": {"aws:RequestedRegion": null}}
    },
    {
      "Sid": "has space",
      "Actions": "*",
      "Resource": []
    }
  ]
}"""


def test_every_fault_is_reported_at_once() -> None:
    """Each with line, column and what was expected, in the order of the text."""
    assert faults(MANY) == [
        "2:14: Version is '2012-10-18'; expected 2012-10-17 or 2008-10-17",
        "5:17: Effect is 'allow'; expected Allow or Deny, with this case",
        "6:41: the action 'InvokeModel' has no service; expected service:Action or *",
        "7:19: the resource 'anthropic.claude' is not an ARN; expected an ARN or *",
        "8:21: there is no condition operator 'StringEqual'; expected 'StringEquals'",
        "8:60: the value of 'aws:RequestedRegion' is null; expected a string, a number, true, false or a list of them",
        "10:5: the statement has no Effect; expected Allow or Deny",
        "10:5: the statement has no Action; expected Action or NotAction",
        "11:14: the Sid 'has space'; expected letters and digits only",
        "12:7: a statement has no element 'Actions'; expected 'Action'",
        "13:19: Resource is an empty list; expected at least one value",
    ]


def test_each_fault_shows_its_line_and_a_caret() -> None:
    """The message is what a compiler would print."""
    with pytest.raises(InvalidPolicyError) as caught:
        parse_policy(MANY, name="policy.json")
    assert caught.value.policy == "policy.json"
    assert (
        "policy.json:6:41: the action 'InvokeModel' has no service; expected service:Action or *\n"
        '  6 |       "Action": ["bedrock:InvokeModel", "InvokeModel"],\n'
        "    |                                         ^"
    ) in str(caught.value)


JSON_FAULTS = [
    ("", "1:1: the end of the text is not JSON; expected a policy document, which begins with {"),
    ("This is not json", "1:1: 'This' is not JSON; expected a policy document, which begins with {"),
    ("{", "1:2: the text ends inside the object opened at 1:1; expected }"),
    ('{"Statement": [', "1:16: the text ends inside the list opened at 1:15; expected ]"),
    ('{"Version"', "1:11: the end of the text after the name 'Version'; expected a colon"),
    ('{"Version":', "1:12: the end of the text is not JSON; expected a value"),
    ('{"Version": "2012', '1:13: a string without an end; expected a closing "'),
    ('{"Version": "20\n12"}', "1:16: a control character (U+000A) inside a string; expected an escape such as \\n"),
    ("{'Version': 1}", "1:2: \"'Version'\" is not JSON; expected a name in double quotes"),
    ('{1: "a"}', "1:2: a number where a name belongs; expected a name in double quotes"),
    ('{"a": 01}', "1:7: '01' is not JSON; expected a value"),
    ('{"a": NaN}', "1:7: 'NaN' is not JSON; expected a value"),
    ('{"a": True}', "1:7: 'True' is not JSON; expected a value"),
    ('{"a": "\\x"}', None),
    ("{} {}", "1:4: '{' after the end of the document; expected nothing"),
    ("// a comment\n{}", "1:1: '//' is not JSON; expected a policy document, which begins with {"),
    ("[" * 200, f"1:{MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels"),
]


@pytest.mark.parametrize(("text", "expected"), JSON_FAULTS)
def test_text_that_is_no_json_is_refused_where_it_stops_being_json(text: str, expected: str | None) -> None:
    """Line and column are those of the first character that cannot be read."""
    found = faults(text)
    if expected is None:
        assert any("an escape that JSON does not have" in fault for fault in found)
    else:
        assert found == [expected]


def test_small_mistakes_with_commas_do_not_hide_the_others() -> None:
    """A comma too many or too few is read over, and the rest is checked."""
    text = '{"Version": "2012-10-17" "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "x",},]}'
    assert faults(text) == [
        "1:26: '\"' without a comma before it; expected a comma",
        "1:87: the resource 'x' is not an ARN; expected an ARN or *",
        "1:90: a comma before the closing }; expected no comma after the last value",
        "1:92: a comma before the closing ]; expected no comma after the last value",
    ]


DOCUMENT_FAULTS: list[tuple[str, str]] = [
    ("[]", "the document is a list; expected an object"),
    ('"a"', "the document is a string; expected an object"),
    ('{"Version": "2012-10-17"}', "the document has no Statement"),
    ('{"Statement": []}', "Statement is an empty list; expected at least one statement"),
    ('{"Statement": ["afd"]}', "a statement is a string; expected an object"),
    ('{"Version": 20121017, "Statement": {}}', "Version is a number; expected a string"),
    ('{"Id": ["x"], "Statement": {}}', "Id is a list; expected a string"),
    ('{"Extra field": 1, "Statement": {}}', "a policy document has no element 'Extra field'"),
    ('{"statement": {}, "Statement": {}}', "a policy document has no element 'statement'; expected 'Statement'"),
    ('{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": {}}', "Version is given twice"),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENT_FAULTS)
def test_documents_that_iam_refuses(text: str, expected: str) -> None:
    """Missing, unknown, repeated and mistyped elements of the document."""
    assert any(expected in fault for fault in faults(text)), faults(text)


STATEMENT_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"effect": "invalid"}, "Effect is 'invalid'"),
    ({"effect": 1}, "Effect is a number; expected a string"),
    ({"Extra": "x"}, "a statement has no element 'Extra'"),
    ({"Sid": 1}, "Sid is a number"),
    ({"action": None}, "the statement has no Action"),
    ({"action": []}, "Action is an empty list"),
    ({"action": {}}, "Action is an object; expected a string or a list of strings"),
    ({"action": [[]]}, "Action is a list; expected a string or a list of strings"),
    ({"action": [None]}, "Action is null"),
    ({"action": ""}, "the action '' has no service"),
    ({"action": "invalid"}, "the action 'invalid' has no service; expected service:Action or *"),
    ({"action": "a a:ListBucket"}, "the service 'a a' of the action"),
    ({"action": "s*:ListBucket"}, "the service 's*' of the action"),
    ({"action": "s3:List:Bucket"}, "has more than one colon"),
    ({"action": "s3:"}, "the action 's3:' has no name"),
    ({"action": "a:B", "NotAction": "a:C"}, "the statement has both Action and NotAction"),
    ({"resource": None}, "the statement has no Resource"),
    ({"resource": []}, "Resource is an empty list"),
    ({"resource": ""}, "the resource '' is not an ARN"),
    ({"resource": {"a": "b"}}, "Resource is an object"),
    ({"resource": ["*", {}]}, "Resource is an object"),
    ({"resource": "invalid resource"}, "the resource 'invalid resource' is not an ARN; expected an ARN or *"),
    ({"resource": "a:b:c:d:e:f"}, "is not an ARN"),
    ({"resource": "arn:error:s3:::b"}, "has no valid partition ('error')"),
    ({"resource": "arn:aws"}, "has no service, which must be written out"),
    ({"resource": "arn:aws:*:us-east-1:1:x"}, "has no service, which must be written out"),
    ({"resource": "arn:aws:s3::bucket"}, "has too few parts"),
    ({"resource": "arn:aws:iam:::bucket"}, "has no type of IAM resource such as role/"),
    ({"resource": "arn:aws:iam:us-east-1:1:role/x"}, "has a Region, which IAM has not"),
    ({"NotResource": "*"}, "the statement has both Resource and NotResource"),
    ({"Principal": "*"}, "an input policy has no Principal"),
    ({"NotPrincipal": {"AWS": "*"}}, "an input policy has no NotPrincipal"),
    ({"Condition": []}, "Condition is a list; expected an object"),
    ({"Condition": "a"}, "Condition is a string"),
    ({"Condition": {"a": "b"}}, "the operator 'a' is a string; expected an object"),
    ({"Condition": {"a": {"b": "c"}}}, "there is no condition operator 'a'; expected an operator such as StringEquals"),
    ({"Condition": {"ForAllValue:StringEquals": {"b": "c"}}}, "expected ForAllValues: or ForAnyValue: in front"),
    ({"Condition": {"NullIfExists": {"b": "true"}}}, "expected 'Null', which takes no IfExists"),
    ({"Condition": {"StringEqualsIfExist": {"b": "c"}}}, "expected 'StringEquals"),
    ({"Condition": {"StringEquals": {"k": {"a": "b"}}}}, "the value of 'k' is an object"),
    ({"Condition": {"StringEquals": {"k": ["a", ["b"]]}}}, "the value of 'k' is a list"),
    ({"Condition": {"DateGreaterThan": {"k": "b"}}}, "'b' is no date; expected such as 2026-11-24T12:00:00Z"),
    ({"Condition": {"DateGreaterThan": {"k": "2026-13-01"}}}, "'2026-13-01' is no date"),
    ({"Condition": {"DateLessThanIfExists": {"k": ["2026-01-01", "x"]}}}, "'x' is no date"),
]


@pytest.mark.parametrize(
    ("elements", "expected"), STATEMENT_FAULTS, ids=[json.dumps(case[0]) for case in STATEMENT_FAULTS]
)
def test_statements_that_iam_refuses(elements: dict[str, Any], expected: str) -> None:
    """Each element alone: type, shape and vocabulary."""
    found = of(**elements)
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Condition": {"Bool": {"a": "true"}, "Bool": {"b": "true"}}', "the operator 'Bool' is given twice"),
        (
            '"Condition": {"Bool": {"a": "true", "a": "false"}}',
            "the key 'a' is given twice; expected one, with a list of",
        ),
        ('"Effect": "Deny"', "Effect is given twice; expected one Effect"),
    ],
)
def test_a_name_given_twice_is_refused(text: str, expected: str) -> None:
    """JSON readers keep one of two and nobody knows which."""
    found = faults(f'{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", {text}}}}}')
    assert len(found) == 1
    assert expected in found[0]


def test_sids_are_unique_within_a_policy() -> None:
    """An empty Sid is no Sid."""
    text = json.dumps({"Statement": [statement(Sid="A"), statement(Sid="A"), statement(Sid=""), statement(Sid="")]})
    found = faults(text)
    assert len(found) == 1
    assert "the Sid 'A' is used twice" in found[0]


KIND_FAULTS: list[tuple[PolicyKind, dict[str, Any], str]] = [
    (PolicyKind.RESOURCE, {}, "the statement has no Principal; expected Principal or NotPrincipal"),
    (PolicyKind.VPC_ENDPOINT, {}, "the statement has no Principal"),
    (PolicyKind.RCP, {}, "the statement has no Principal"),
    (PolicyKind.RESOURCE, {"Principal": "arn:aws:iam::1:root"}, "Principal is 'arn:aws:iam::1:root'; expected * or"),
    (PolicyKind.RESOURCE, {"Principal": []}, "Principal is a list"),
    (PolicyKind.RESOURCE, {"Principal": {}}, "Principal is empty"),
    (PolicyKind.RESOURCE, {"Principal": {"Aws": "*"}}, "Principal has no element 'Aws'; expected 'AWS'"),
    (PolicyKind.RESOURCE, {"Principal": {"AWS": []}}, "Principal AWS is an empty list"),
    (PolicyKind.RESOURCE, {"Principal": {"AWS": "arn:aws:iam::1:role/*"}}, "has a wildcard"),
    (PolicyKind.RESOURCE, {"Principal": "*", "NotPrincipal": {"AWS": "1"}}, "both Principal and NotPrincipal"),
    (PolicyKind.SCP, {"Principal": "*"}, "an scp policy has no Principal"),
    (PolicyKind.TRUST, {"Principal": "*", "action": "sts:AssumeRole"}, "a trust policy has no Resource"),
    (PolicyKind.TRUST, {"Principal": "*", "action": "s3:GetObject", "resource": None}, "expected an action of sts"),
    (PolicyKind.TRUST, {"Principal": "*", "resource": None}, "expected an action of sts"),
]


@pytest.mark.parametrize(("kind", "elements", "expected"), KIND_FAULTS)
def test_what_a_policy_may_contain_hangs_on_where_it_stands(
    kind: PolicyKind, elements: dict[str, Any], expected: str
) -> None:
    """Principals belong to the policies of resources, resources to all but trust policies."""
    found = of(kind, **elements)
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("elements", "kind"),
    [
        ({"Condition": {"a": {}}}, PolicyKind.INPUT),
        ({"Condition": {}}, PolicyKind.INPUT),
        ({"Condition": {"stringequals": {"a": "b"}}}, PolicyKind.INPUT),
        ({"Condition": {"StringEquals": {"a": []}}}, PolicyKind.INPUT),
        (
            {"Condition": {"DateEquals": {"a": ["2026", "1700000000", 1700000000, "2026-11-24T12:00:00.5+01:00"]}}},
            PolicyKind.INPUT,
        ),
        ({"Sid": ""}, PolicyKind.INPUT),
        ({"action": "*:*"}, PolicyKind.INPUT),
        ({"resource": "arn:aws:s3"}, PolicyKind.INPUT),
        ({"resource": "arn:*:s3:::b"}, PolicyKind.INPUT),
        ({"resource": "arn:aws-iso-b:s3:::b"}, PolicyKind.INPUT),
        ({"resource": "arn:aws:s3:::${aws:PrincipalTag/a:b, 'x:y'}"}, PolicyKind.INPUT),
        ({"resource": "arn:aws:iam::${aws:PrincipalAccount}:role/${aws:username}"}, PolicyKind.INPUT),
        ({"resource": "arn:aws:*:us-east-1:1:x"}, PolicyKind.SCP),
        ({"Principal": "*", "resource": None}, PolicyKind.RESOURCE),
        ({"Principal": {"CanonicalUser": "abc", "Federated": "cognito-identity.amazonaws.com"}}, PolicyKind.RESOURCE),
        ({"Principal": "*", "Sid": "with space"}, PolicyKind.RESOURCE),
        (
            {"Principal": {"AWS": "1"}, "resource": None, "action": ["sts:AssumeRole", "sts:TagSession"]},
            PolicyKind.TRUST,
        ),
    ],
)
def test_what_aws_accepts_is_accepted(elements: dict[str, Any], kind: PolicyKind) -> None:
    """Unusual documents that exist in accounts must be readable."""
    parse_policy(json.dumps({"Version": "2012-10-17", "Statement": statement(**elements)}), name="p", kind=kind)


@pytest.mark.parametrize(
    ("kind", "limit", "elements"),
    [
        (PolicyKind.INLINE, INLINE_CHARACTERS, {}),
        (PolicyKind.MANAGED, MANAGED_CHARACTERS, {}),
        (PolicyKind.SESSION, INPUT_CHARACTERS, {}),
        (PolicyKind.BOUNDARY, INPUT_CHARACTERS, {}),
        (PolicyKind.SCP, SCP_CHARACTERS, {}),
        (PolicyKind.RCP, RCP_CHARACTERS, {"Principal": "*"}),
        (PolicyKind.TRUST, TRUST_CHARACTERS, {"Principal": "*", "resource": None, "action": "sts:AssumeRole"}),
        (PolicyKind.VPC_ENDPOINT, VPC_ENDPOINT_CHARACTERS, {"Principal": "*"}),
        (PolicyKind.INPUT, INPUT_CHARACTERS, {}),
        (PolicyKind.AWS_MANAGED, INPUT_CHARACTERS, {}),
    ],
)
def test_a_policy_over_the_size_limit_is_refused(kind: PolicyKind, limit: int, elements: dict[str, Any]) -> None:
    """The fault names the size and the limit; one character less is read."""
    bare = json.dumps({"Id": "", "Statement": statement(**elements)}, separators=(",", ":"))
    fits = bare.replace('"Id":""', f'"Id":"{"x" * (limit - len(bare))}"')
    parse_policy(fits, name="p", kind=kind)
    found = faults(fits.replace('"Id":"', '"Id":"x'), kind)
    assert len(found) == 1
    assert f"{limit + 1:,} characters; expected at most {limit:,} characters for " in found[0]


def test_white_space_does_not_count_where_iam_does_not_count_it() -> None:
    """IAM leaves white space out of the size of managed and inline policies."""
    text = json.dumps({"Statement": statement()})
    parse_policy(" " * INLINE_CHARACTERS + text, name="p", kind=PolicyKind.INLINE)
    assert faults(" " * INPUT_CHARACTERS + text, PolicyKind.INPUT)


@pytest.mark.parametrize(
    ("kind", "character", "expected"),
    [
        (PolicyKind.INLINE, "\U0001f600", "1:9: the character U+1F600; expected characters up to U+00FF"),
        (PolicyKind.INLINE, "\ufeff", "1:9: the character U+FEFF; expected characters up to U+00FF"),
        (PolicyKind.SCP, "\ud800", "1:9: the character U+D800; expected text that can be encoded"),
        (
            PolicyKind.INLINE,
            "\\ud800",
            "1:8: a string with half of a surrogate pair; expected text that can be encoded",
        ),
    ],
)
def test_characters_that_the_api_does_not_take_are_refused(kind: PolicyKind, character: str, expected: str) -> None:
    """IAM's own API takes the characters up to U+00FF, and nothing takes half a surrogate pair."""
    text = json.dumps({"Statement": statement()}).replace("{", f'{{"Id": "{character}", ', 1)
    assert expected in faults(text, kind)


def test_a_byte_order_mark_is_named() -> None:
    """What some editors put in front of a file is not shown by others."""
    assert faults("\ufeff{}") == ["1:1: a byte order mark at the start of the text; expected plain UTF-8"]


def test_the_faults_of_a_hostile_document_are_counted_not_listed() -> None:
    """Beyond a limit only their number is reported."""
    found = faults(json.dumps({"Statement": [{"Effect": 1, "Action": "*", "Resource": "*"}] * (MAX_FAULTS + 7)}))
    assert len(found) == MAX_FAULTS + 1
    assert found[-1].endswith("7 further faults are not shown")
