"""What a statement means of the resources behind a pattern: all, some, or none; in doubt, some."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_guard.aws.patterns import Named, Reach, named_in, overlap
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Effect
from bedrock_guard.iam.wildcard import matches, tokens_of

BEDROCK = "arn:aws:bedrock:us-east-1:123456789012"
PATTERN = f"{BEDROCK}:knowledge-base/*"
KNOWN = Context({"aws:PrincipalAccount": "123456789012", "aws:SecureTransport": "true"}, unknown=["aws:PrincipalTag/*"])


def named(pattern: str = PATTERN, **statement: Any) -> Named | None:
    complete = {"Effect": "Deny", "Action": "bedrock:Retrieve", **statement}
    if "NotResource" not in complete:
        complete.setdefault("Resource", "*")
    policy = parse_policy(json.dumps({"Version": "2012-10-17", "Statement": [complete]}), name="inline")
    found = named_in([policy], Effect.DENY, action="bedrock:Retrieve", pattern=pattern, context=KNOWN)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("resource", "reach"),
    [
        ("*", Reach.ALL),
        (PATTERN, Reach.ALL),
        ("arn:aws:bedrock:*:*:knowledge-base/*", Reach.ALL),
        ("arn:aws:bedrock:*", Reach.ALL),
        ("arn:aws:bedrock:us-east-1:${aws:PrincipalAccount}:knowledge-base/*", Reach.ALL),
        (f"{BEDROCK}:knowledge-base/KB1", Reach.SOME),
        (f"{BEDROCK}:knowledge-base/?*", Reach.SOME),
        (f"{BEDROCK}:knowledge-base/${{*}}", Reach.SOME),
        (f"{BEDROCK}:knowledge-base/${{aws:PrincipalTag/kb}}", Reach.SOME),
        ("arn:aws:bedrock:*:knowledge-base/KB1", Reach.SOME),
        (f"{BEDROCK}:agent/*", Reach.NONE),
        ("arn:aws:bedrock:*:*:agent/*", Reach.NONE),
        ("arn:aws:bedrock:eu-*:*:knowledge-base/KB1", Reach.NONE),
        ("arn:aws:bedrock:us-east-1:999999999999:knowledge-base/*", Reach.NONE),
        ("arn:aws:s3:::*", Reach.NONE),
    ],
)
def test_a_resource_means_all_some_or_none_of_a_pattern_and_the_rest_is_what_not_resource_means(
    resource: str, reach: Reach
) -> None:
    found = named(Resource=resource)
    assert (found.reach if found else Reach.NONE) is reach
    turned = named(NotResource=resource)
    opposite = {Reach.ALL: Reach.NONE, Reach.SOME: Reach.SOME, Reach.NONE: Reach.ALL}
    assert (turned.reach if turned else Reach.NONE) is opposite[reach]


@pytest.mark.parametrize("resource", ["arn:aws:bedrock:*:prompt/P:3", f"{BEDROCK}:prompt/P:3"])
def test_a_star_that_stands_for_several_parts_of_an_arn_is_not_forgotten(resource: str) -> None:
    """A star at the end of a part reaches past the colon, so the parts of two ARNs need not lie over each other."""
    found = named(f"{BEDROCK}:prompt/*", Resource=resource)
    assert found is not None
    assert found.reach is Reach.SOME


def test_only_what_may_hold_is_named() -> None:
    one = f"{BEDROCK}:knowledge-base/KB1"
    assert named(Resource=one, Condition={"Bool": {"aws:SecureTransport": "false"}}) is None
    assert named(Resource=one, Action="bedrock:RetrieveX") is None
    open_one = named(Resource=[one, f"{BEDROCK}:agent/A"], Condition={"StringEquals": {"aws:PrincipalTag/a": "b"}})
    assert open_one is not None
    assert (open_one.holds, open_one.resources, open_one.certain) == (None, (one,), False)
    spared = named(NotResource=[one, f"{BEDROCK}:agent/A"])
    assert spared is not None
    assert spared.resources == (f"all but {one}",)


PATTERNS = st.text(alphabet="ab*?", max_size=4)
TEXTS = ["".join(letters) for length in range(8) for letters in itertools.product("ab", repeat=length)]


@given(PATTERNS, PATTERNS)
def test_two_patterns_overlap_when_a_text_fits_both(one: str, other: str) -> None:
    """A shortest text that fits both is no longer than the two patterns together."""
    together = any(matches(one, text) and matches(other, text) for text in TEXTS)
    assert overlap(tuple(tokens_of(one)), tuple(tokens_of(other))) is together
