"""A pattern with parts missing is read both ways where matching denies, and the narrow way where it allows."""

from __future__ import annotations

import json

import pytest

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision
from bedrock_guard.iam.evaluate import Policies, Request, evaluate
from bedrock_guard.iam.parse import parse_policy

MODEL = "arn:aws:bedrock:us-east-1::foundation-model/x"
ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def decide(*statements: dict[str, str]) -> Decision:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    request = Request("arn:aws:iam::123456789012:role/app", "bedrock:InvokeModel", MODEL, Context({}))
    return evaluate(request, Policies(identity=[parse_policy(text, name="p")])).decision


@pytest.mark.parametrize("short", ["arn:aws:bedrock:*:foundation-model/x", "arn:aws:bedrock:us-*:foundation-model/*"])
def test_a_star_at_the_end_of_a_part_may_stand_for_the_missing_parts_of_a_deny(short: str) -> None:
    """Source: IAM User Guide, reference_policies_elements_resource: such a star reaches past the colon."""
    assert decide(ALLOW_ALL, {"Effect": "Deny", "Action": "*", "Resource": short}) is Decision.EXPLICIT_DENY
    assert decide({"Effect": "Allow", "Action": "*", "NotResource": short}) is Decision.IMPLICIT_DENY
