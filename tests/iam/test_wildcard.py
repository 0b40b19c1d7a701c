"""``*`` is any text, ``?`` any one character, and no pattern takes long."""

from __future__ import annotations

import pickle

import pytest

from bedrock_guard.iam.resources import compile_resource
from bedrock_guard.iam.wildcard import Wild, compile_tokens, matches, tokens_of


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("**", "anything:at/all", True),
        ("?", "", False),
        ("?", "a", True),
        ("?", "ab", False),
        ("a*", "a", True),
        ("a*", "ba", False),
        ("*a", "ba", True),
        ("a*b*c", "aXbYc", True),
        ("a*b*c", "acb", False),
        ("ab*ab", "ab", False),
        ("ab*ab", "abab", True),
        ("*aba*aba*", "ababa", False),
        ("*aba*aba*", "abaaba", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*?c", "c", False),
        ("*?c", "bc", True),
        ("*a?", "ba", False),
        ("*a??", "ba", False),
        ("a?*", "a", False),
        ("a*?", "ab", True),
        ("*a?b", "aXaYb", True),
        ("us-????-1", "us-east-1", True),
        ("us-????-1", "us-west-1", True),
        ("us-????-1", "us-gov-1", False),
        ("a.c", "abc", False),
        ("a+c", "aac", False),
        ("[ab]", "a", False),
        ("a\n*", "a\nb\n", True),
        ("Ab", "ab", False),
        ("*é?", "café1", True),
    ],
)
def test_fits_the_whole_text(pattern: str, text: str, fits: bool) -> None:
    """Only the two wildcards mean anything, and the whole text has to fit."""
    assert matches(pattern, text) is fits


def test_case_counts_unless_it_is_ignored() -> None:
    """Case is part of the text; ``ignore_case`` takes it away from pattern and text."""
    assert not matches("bedrock:invoke*", "bedrock:InvokeModel")
    assert matches("bedrock:INVOKE*", "Bedrock:InvokeModel", ignore_case=True)


def test_literal_tokens_are_never_wildcards() -> None:
    """A literal that contains ``*`` or ``?``, such as the value of a variable, stands for itself."""
    pattern = compile_tokens(["a*", Wild.STAR, "?b"])
    assert pattern.matches("a*xyz?b")
    assert not pattern.matches("axyz?b")
    assert not pattern.matches("a*xyzcb")


@pytest.mark.parametrize(
    ("pattern", "resource", "fits"),
    [
        ("*", "*", True),
        ("arn:aws:s3:::b/*", "*", False),
        ("arn:aws:bedrock:*::foundation-model/*", "arn:aws:bedrock:us-east-1::foundation-model/x-v1:0", True),
        ("arn:aws:bedrock:us-*-1::foundation-model/*", "arn:aws:bedrock:us-east-1::foundation-model/x", True),
        ("arn:aws:bedrock:us-*-1::foundation-model/*", "arn:aws:bedrock:us-x:y-1::foundation-model/x", False),
        ("arn:aws:bedrock:u*model/x*", "arn:aws:bedrock:us-east-1::foundation-model/x", False),
        ("arn:aws:bedrock:us-east-?::foundation-model/x", "arn:aws:bedrock:us-east-1::foundation-model/x", True),
        ("arn:aws:bedrock:us-east-1?:foundation-model/x", "arn:aws:bedrock:us-east-1::foundation-model/x", False),
        ("arn:aws:bedrock:us-east?1:1:x", "arn:aws:bedrock:us-east:1:1:x", False),
        ("arn:aws:bedrock:us-east?1:1:x", "arn:aws:bedrock:us-east-1:1:x", True),
        ("arn:aws:bedrock:us-east-1::foundation-model/x*0", "arn:aws:bedrock:us-east-1::foundation-model/x-v1:0", True),
        ("arn:aws:bedrock:us-east-1::foundation-model/x?0", "arn:aws:bedrock:us-east-1::foundation-model/x:0", True),
        ("arn:aws:bedrock:us-east-1:*", "arn:aws:bedrock:us-east-1::foundation-model/x-v1:0", True),
        ("arn:aws:bedrock", "arn:aws:bedrock:us-east-1::foundation-model/x-v1:0", True),
        ("arn:aws:bedrock:us-east-1", "arn:aws:bedrock:us-west-2::foundation-model/x", False),
        ("ARN:aws:s3:::b", "arn:aws:s3:::b", False),
    ],
)
def test_wildcards_of_resources_stay_within_their_part_unless_they_end_it(
    pattern: str, resource: str, fits: bool
) -> None:
    """AWS: ``*`` as the last character of a segment reaches past the colon; parts left out at the end are ``*``."""
    assert compile_resource(tokens_of(pattern)).matches(resource) is fits


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*a" * 10_000 + "b", "a" * 100_000, False),
        ("*a?" * 10_000 + "b", "a" * 100_000, False),
        ("a?" * 50_000 + "*", "a" * 100_000, True),
        ("*" * 100_000 + "b", "a" * 100_000, False),
        ("*?" * 10_000, "a" * 10_000, True),
        ("*?" * 10_000, "a" * 9_999, False),
        (
            "*?" + "".join(map(chr, range(0x4E00, 0x4E00 + 5_000))),
            "".join(map(chr, range(0x4E00, 0x4E00 + 5_000))) * 4,
            True,
        ),
    ],
    ids=lambda value: f"{value[:6]}…{len(value)}" if isinstance(value, str) else None,
)
def test_no_pattern_takes_long(pattern: str, text: str, fits: bool) -> None:
    """Patterns on which backtracking would not end in a lifetime are answered."""
    assert matches(pattern, text) is fits


def test_compiled_patterns_can_be_pickled() -> None:
    """Policies travel to worker processes with what was compiled for them."""
    for pattern in ("a", "a*b", "a?b*", "*"):
        again = pickle.loads(pickle.dumps(compile_tokens(tokens_of(pattern))))  # noqa: S301 -- made a line above
        assert again.matches("axb") == matches(pattern, "axb")
