"""ARNs are taken apart into six parts and written again as they were."""

from __future__ import annotations

import pytest

from bedrock_guard.iam.arn import Arn


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::123456789012:role/path/name",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v1:0",
        "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:knowledge-base/KB12345678",
        "arn:aws:s3:::bucket/a:b/c",
    ],
)
def test_writes_what_it_read(text: str) -> None:
    """str() of a parsed ARN is the text again, colons in the resource included."""
    assert str(Arn.parse(text)) == text


def test_names_the_parts() -> None:
    """Region and account may be empty; everything after the fifth colon is the resource."""
    assert Arn.parse("arn:aws:bedrock:us-east-1::foundation-model/x-v1:0") == Arn(
        "aws", "bedrock", "us-east-1", "", "foundation-model/x-v1:0"
    )


@pytest.mark.parametrize(
    "text",
    ["", "*", "arn:aws:s3", "arn:aws:s3::bucket", "urn:aws:s3:::b", "arn::s3:::b", "arn:aws::::b", "arn:aws:s3:::"],
)
def test_refuses_what_is_no_arn(text: str) -> None:
    """The error names the input and the shape that was expected."""
    with pytest.raises(ValueError, match="is not an ARN; expected arn:partition:service") as caught:
        Arn.parse(text)
    assert repr(text) in str(caught.value)
