"""What is printed from a denial is read back to it; no input raises or takes more than linear time."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials import Form, format_denial, read_denials, verdicts_for
from bedrock_guard.advice.denials.catalogue import BY_CAUSE, permission_code
from bedrock_guard.advice.denials.units import decoded
from bedrock_guard.iam.decision import Layer

_NAME = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_+=,.@-", min_size=1, max_size=40)
_ACCOUNT = st.from_regex(r"[0-9]{12}", fullmatch=True)
_PARTITION = st.sampled_from(["aws", "aws-us-gov", "aws-cn"])
_REGION = st.sampled_from(["us-east-1", "eu-central-2", "ap-southeast-7", "us-gov-west-1", "cn-northwest-1", ""])
_MODEL = st.from_regex(r"[a-z0-9]{1,9}(\.[a-z0-9-]{1,20}){1,3}(:[0-9]{1,2})?", fullmatch=True)

# Object keys: words with spaces, commas, dots and colons between them. Left out, since nothing tells them from what
# AWS or a log puts behind a resource: line feeds, quotes, backslashes, entities, typography, and an end in punctuation.
_OBJECT = st.lists(
    st.text(alphabet="abcXYZ019()&=+/", min_size=1, max_size=8).filter(lambda word: "&" not in word[:-1]),
    min_size=1,
    max_size=6,
).flatmap(lambda words: st.sampled_from([" ", ", ", ". ", ".", ":", "/"]).map(lambda mark: mark.join(words)))

_CALLERS = st.one_of(
    st.builds("arn:{}:sts::{}:assumed-role/{}/{}".format, _PARTITION, _ACCOUNT, _NAME, _NAME),
    st.builds("arn:{}:iam::{}:user/{}/{}".format, _PARTITION, _ACCOUNT, _NAME, _NAME),
    st.builds("arn:{}:sts::{}:federated-user/{}".format, _PARTITION, _ACCOUNT, _NAME),
    st.builds("arn:{}:iam::{}:root".format, _PARTITION, _ACCOUNT),
    st.just("anonymous"),
)
_ACTIONS = st.from_regex(r"[a-z][a-z0-9-]{0,20}:[A-Z][A-Za-z0-9]{0,40}", fullmatch=True)
_ENDS_WELL = st.from_regex(r"[a-zA-Z0-9]", fullmatch=True)
_RESOURCES = st.one_of(
    st.none(),
    st.just("*"),
    st.builds("arn:{}:bedrock:{}::foundation-model/{}".format, _PARTITION, _REGION, _MODEL),
    st.builds("arn:{}:bedrock:{}:{}:knowledge-base/{}{}".format, _PARTITION, _REGION, _ACCOUNT, _NAME, _ENDS_WELL),
    st.builds("arn:{}:iam::{}:role/{}/{}{}".format, _PARTITION, _ACCOUNT, _NAME, _NAME, _ENDS_WELL),
    st.builds("role {}{}".format, _NAME, _ENDS_WELL),
    st.builds("user {}{}".format, _NAME, _ENDS_WELL),
    st.builds("arn:aws:s3:::{}/{}{}".format, st.just("corpus.eu"), _OBJECT, _ENDS_WELL),
)
_COMMON_WORDS = frozenset(text.cause for text in BY_CAUSE.values() if text.near)
_NAMED = [layer for layer in Layer if layer not in (Layer.UNKNOWN, Layer.MODEL_ACCESS)]


@st.composite
def _permissions(draw: st.DrawFn) -> Denial:
    layer = draw(st.sampled_from([*_NAMED, Layer.UNKNOWN]))
    explicit = draw(st.sampled_from([True, False] if layer is not Layer.UNKNOWN else [True, False, None]))
    policy = draw(st.none() | st.builds("arn:aws:iam::{}:policy/{}/{}{}".format, _ACCOUNT, _NAME, _NAME, _ENDS_WELL))
    number = draw(st.none() | st.from_regex(r"[0-9a-z]{1,40}", fullmatch=True))
    action = draw(_ACTIONS)
    through = Layer.SCP if layer is Layer.VPC_ENDPOINT and explicit and draw(st.booleans()) else None
    return Denial(
        kind=DenialKind.PERMISSION,
        cause={True: "explicit", False: "implicit", None: "unsaid"}[explicit],
        code=permission_code(layer, explicit=explicit),
        caller=draw(_CALLERS),
        action=action,
        resource=draw(_RESOURCES),
        layer=layer,
        through=through,
        explicit=explicit,
        policy_arn=policy if explicit and layer is not Layer.UNKNOWN else None,
        authorization_id=number,
        region=draw(st.sampled_from(["us-east-1", "eu-west-3", "us-gov-east-1"])) if number else None,
        error_code="AccessDeniedException",
        operation="Converse",
        api_key=action.endswith(":CallWithBearerToken"),
    )


@st.composite
def _others(draw: st.DrawFn) -> Denial:
    text = BY_CAUSE[draw(st.sampled_from(sorted(BY_CAUSE)))]
    seconds = text.retry_after_seconds
    if "{minutes}" in text.text:
        seconds = 60 * draw(st.integers(1, 9999))
    return Denial(
        kind=text.kind,
        cause=text.cause,
        code=text.code,
        retryable=text.retryable,
        retry_after_seconds=seconds,
        model=draw(_MODEL) if "{model}" in text.text else None,
        error_code=text.error_code,
        operation="Converse",
    )


class TestForms:
    """A denial survives AWS's words."""

    @given(_permissions() | _others())
    def test_a_denial_is_read_back_from_its_own_message(self, denial: Denial) -> None:
        """In botocore's form nothing is lost."""
        reading = read_denials(format_denial(denial, Form.ERROR))
        assert reading.denials == (denial,)
        assert reading.unrecognised == ""

    @given(_permissions() | _others(), st.sampled_from(["", ".", "\n", " \n2026-11-24T10:00:00Z INFO next\n"]))
    def test_the_message_alone_says_all_but_the_call(self, denial: Denial, behind: str) -> None:
        """Code and operation are not in the message; a full stop or a further line changes nothing."""
        # A common phrase is taken for AWS's only if nothing else stands there.
        message = format_denial(denial) + (behind if denial.cause not in _COMMON_WORDS else "")
        (found,) = read_denials(message).denials
        for name in ("kind", "cause", "code", "caller", "action", "resource", "layer", "through", "explicit"):
            assert getattr(found, name) == getattr(denial, name)
        assert (found.policy_arn, found.authorization_id) == (denial.policy_arn, denial.authorization_id)

    @given(_permissions() | _others())
    def test_json_in_json_changes_nothing(self, denial: Denial) -> None:
        """As deep as logs nest it, as text that is parsed and as text that is not."""
        message = format_denial(denial, Form.ERROR)
        nested = json.dumps({"log": json.dumps({"error": message})})
        for text in (nested, f"prefix {nested}"):
            (found,) = read_denials(text).denials
            assert found == denial

    @given(_permissions() | _others())
    def test_a_dictionary_is_written_and_read(self, denial: Denial) -> None:
        """to_dict() is JSON, from_dict() its inverse, and there is always a verdict and a line to print."""
        assert Denial.from_dict(json.loads(json.dumps(denial.to_dict()))) == denial
        assert verdicts_for(denial)
        assert denial.code in str(denial)


_WORDS = [
    "User:",
    " is ",
    "not authorized to perform",
    ": ",
    "bedrock:InvokeModel",
    " on resource: ",
    "arn:aws:s3:::",
    '"',
    "'",
    "\\",
    "\\n",
    "\n",
    " because no ",
    "identity-based policy",
    " allows the ",
    " with an explicit deny",
    " in a ",
    " service control policy",
    "Go to https://",
    "authorization id: ",
    "(Service: ",
    "{",
    "}",
    "[",
    "]",
    "&amp;",
    "\x1b[31m",
    "An error occurred (",
    ") when calling the ",
    " operation: ",
    "ThrottlingException: ",
    "\u200b",
    "’",
    "…",
    "**",
    "<br>",
    "implicitDeny",
    "HTTP/1.1 403\n",
    "x-amzn-errortype: AccessDenied\n",
    '{"message": "',
    '"}',
    "\r\n",
    "│ ",
    "x" * 50,
]
_SCRAPS = st.lists(st.sampled_from(_WORDS) | st.text(max_size=6), max_size=40).map("".join)


class TestAnyInput:
    """Reading never fails."""

    @given(_SCRAPS)
    @settings(max_examples=300)
    def test_no_text_raises_and_raw_is_from_the_text(self, text: str) -> None:
        """Scraps of AWS's words in any order; what nothing is found in is given back whole."""
        reading = read_denials(text)
        assert reading.denials or reading.unrecognised == text
        json.dumps(reading.to_dict())
        assert all(verdicts_for(denial) for denial in reading.denials)

    @given(st.binary(max_size=200))
    def test_no_bytes_raise(self, data: bytes) -> None:
        """Whatever the encoding, and nothing of them is lost."""
        reading = read_denials(data)
        assert reading.denials or reading.unrecognised == decoded(data)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | _SCRAPS | st.binary(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["message", "Code", "errorCode", "headers", "status", "Error", "x"]), inner
                )
            ),
            max_leaves=12,
        )
    )
    def test_no_tree_raises(self, tree: Any) -> None:
        """Wherever the strings stand, and whatever stands where a string should."""
        read_denials({"root": tree})


_UNITS = [
    " ",
    "\n",
    "\\",
    "\\n",
    '"',
    "\x1b[",
    "\x1b]8;",
    "&amp;",
    "[",
    "[\n",
    "[1,\n",
    '{"a":',
    "{\n",
    "{'a': 1}\n",
    "User: ",
    "is not authorized to perform: ",
    "x is not authorized to perform: a:B on resource: arn:aws:s3:::b, ",
    "because no ",
    " with an explicit deny in a ",
    ". Go to https://x ",
    "An error occurred (X) when calling the Y operation: ",
    "your account is not authorized to access this model. ",
    "Rate exceeded",
    "\u200b",
    "“x” ",
    "\n> ",
    "\na | ",
    "a",
    '{"error":"An error occurred (AccessDenied) when calling the X operation: nope"}\n',
    "model id: ",
    '\\\\n\\"',
    "Action not allowed with tested creds" + " *" * 100,
    "User: x is not authorized to perform: a:B on resource: " + ")" * 3000,
]


def _cpu_seconds(text: str) -> float:
    """What reading takes at best: of this process alone, whatever else the machine does."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        read_denials(text)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: repr(unit)[:30])
def test_time_grows_with_the_length_alone(unit: str) -> None:
    """Four times the text takes about four times the time, whatever is repeated in it; squared it would take 16."""
    small, large = (_cpu_seconds((unit * (size // len(unit) + 1))[:size]) for size in (20_000, 80_000))
    assert large < 9 * small + 0.02


def test_many_different_errors_in_one_line_take_linear_time() -> None:
    """Nothing compares each with each."""
    numbers = list(range(2000))
    random.Random(7).shuffle(numbers)  # noqa: S311  # an order, no secret
    sentences = [
        f"User: a is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/{number} because no "
        "session policy allows the s3:GetObject action. "
        for number in numbers
    ]
    assert len(read_denials("".join(sentences)).denials) == 2000
    assert _cpu_seconds("".join(sentences)) < 9 * _cpu_seconds("".join(sentences[:500])) + 0.05
