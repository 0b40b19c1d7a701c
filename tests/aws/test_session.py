"""Which Region a guard works in, and names that are none."""

from __future__ import annotations

import boto3
import pytest

from bedrock_guard.aws.given import PolicyDocuments
from bedrock_guard.aws.session import region_notes, region_of
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.guard import Guard

ALLOW = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1"])
def test_a_region_that_botocore_lists_is_taken_without_a_word(region: str) -> None:
    session = boto3.Session()
    assert region_of(session, region) == region
    assert region_notes(session, region) == ()


@pytest.mark.parametrize(
    ("region", "near"), [("us-east-1a", ("us-east-1",)), ("eu-west1", ("eu-west-1",)), ("xx-yyyyy-9", ())]
)
def test_a_name_that_no_partition_can_have_is_refused_with_the_nearest(region: str, near: tuple[str, ...]) -> None:
    """An administrator was told that a call in us-east-1a is allowed."""
    with pytest.raises(ConfigurationError, match=region) as raised:
        region_of(boto3.Session(), region)
    assert raised.value.code == "BG503"
    assert raised.value.suggestions == near


def test_a_region_that_is_newer_than_botocore_is_noted_and_checked() -> None:
    guard = Guard(models=["amazon.nova-lite-v1:0"], region="eu-south-9", policies=PolicyDocuments({"admin": ALLOW}))
    report = guard.check()
    assert report.exit_code == 0
    assert [note.code for note in report.notes if "eu-south-9 is not among the Regions" in note.text] == ["BG503"]
