"""What a Bedrock API key says of itself is read; what is secret in it is never kept or shown."""

from __future__ import annotations

import base64
import pickle
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_guard.bedrock.api_keys import (
    UNKNOWN_HOLDER,
    ApiKey,
    KeyKind,
    called_with_key,
    key_requirements,
    read_api_key,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
SECRET = "s3cret/part+of=the-key"
ACCESS_KEY = "ASIAIOSFODNN7EXAMPLE"


def short_term(
    *, key_id: str = ACCESS_KEY, region: str = "us-east-1", date: str = "20261124T000000Z", expires: str = "43200"
) -> str:
    url = (
        "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256"
        f"&X-Amz-Credential={key_id}%2F20261124%2F{region}%2Fbedrock%2Faws4_request&X-Amz-Date={date}"
        f"&X-Amz-Expires={expires}&X-Amz-SignedHeaders=host&X-Amz-Security-Token={SECRET}&X-Amz-Signature={SECRET}"
        "&Version=1"
    )
    return "bedrock-api-key-" + base64.b64encode(url.encode()).decode()


def reworded(old: str, new: str) -> str:
    """A short-term key that is a signed request for something else."""
    body = base64.b64decode(short_term().removeprefix("bedrock-api-key-")).decode()
    assert old in body
    return "bedrock-api-key-" + base64.b64encode(body.replace(old, new).encode()).decode()


def long_term(owner: str = "BedrockAPIKey-ab12-at-123456789012") -> str:
    return "ABSK" + base64.b64encode(f"{owner}:{SECRET}".encode()).decode()


def test_a_short_term_key_says_whose_signature_it_is_where_and_until_when() -> None:
    key = read_api_key(short_term())
    assert key == ApiKey(
        KeyKind.SHORT_TERM,
        access_key_id=ACCESS_KEY,
        region="us-east-1",
        issued=datetime(2026, 11, 24, tzinfo=timezone.utc),
        expires=NOW,
        has_session_token=True,
    )
    assert key.expired(NOW)
    assert not key.expired(NOW - timedelta(seconds=1))
    assert key.described(NOW + timedelta(hours=3)) == (
        f"short-term API key, signed with {ACCESS_KEY}, us-east-1, expired 3 h ago"
    )
    assert key.described(NOW - timedelta(minutes=30)).endswith("expires in 30 min")


def test_a_long_term_key_says_its_user_and_account_and_no_end() -> None:
    key = read_api_key(f"  {long_term()}\n")
    assert (key.kind, key.user, key.account) == (KeyKind.LONG_TERM, "BedrockAPIKey-ab12", "123456789012")
    assert key.user_arn("aws-us-gov") == "arn:aws-us-gov:iam::123456789012:user/BedrockAPIKey-ab12"
    assert not key.expired(NOW + timedelta(days=40_000))
    assert key.padded
    assert not read_api_key(long_term()).padded


@pytest.mark.parametrize(
    ("owner", "user", "account"),
    [
        ("ci@example.com-at-123456789012", "ci@example.com", "123456789012"),
        ("meet-at-111122223333-at-123456789012", "meet-at-111122223333", "123456789012"),
        ("svc-at-123456789012-v1abc", "svc", "123456789012"),
    ],
)
def test_the_name_of_the_user_is_what_stands_before_the_account(owner: str, user: str, account: str) -> None:
    key = read_api_key(long_term(owner))
    assert (key.user, key.account) == (user, account)
    assert key.user_arn("aws") == f"arn:aws:iam::{account}:user/{user}"


def test_a_numbered_name_is_nobodys_for_certain() -> None:
    """``thomas+1`` is the second credential of thomas, or a user of that name: neither is asked about for the other."""
    key = read_api_key(long_term("thomas+1-at-123456789012"))
    assert (key.kind, key.user, key.account) == (KeyKind.LONG_TERM, "thomas+1", "123456789012")
    assert key.user_arn("aws") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AKIAIOSFODNN7EXAMPLE",
        "bedrock-api-key-",
        "bedrock-api-key-example",
        "bedrock-api-key-" + base64.b64encode(b"not a url").decode(),
        short_term(region="nowhere"),
        short_term(key_id="a/b"),
        short_term(date="yesterday"),
        short_term(expires="soon"),
        short_term(date="99991231T235959Z", expires="999999"),
        "bedrock-api-key-" + base64.b64encode(f"[{SECRET}?Action=CallWithBearerToken".encode()).decode(),
        "bedrock-api-key-" + base64.b64encode("℀.example/?Action=CallWithBearerToken".encode()).decode(),
        reworded("Action=CallWithBearerToken", "Action=GetCallerIdentity"),
        reworded("%2Fbedrock%2F", "%2Fsts%2F"),
        "ABSK",
        "ABSK!!!!",
        "ABSK" + base64.b64encode(b"\xff\xfe:secret").decode(),
        "ABSK" + base64.b64encode(b"no-account:secret").decode(),
        long_term("someone-at-12345"),
        "ABSK" + "A" * 100_000,
    ],
)
def test_what_cannot_be_read_is_said_to_be_so_without_any_part_of_it(text: str) -> None:
    key = read_api_key(text)
    assert key.kind is KeyKind.UNREADABLE
    assert key.why
    assert key.user_arn("aws") is None
    assert not key.expired(NOW)
    for part in (text[16:], text[4:]):
        assert not part or part not in repr(key)


@pytest.mark.parametrize("text", [short_term(), long_term()])
def test_nothing_secret_is_kept_in_the_value_or_shown_by_it(text: str) -> None:
    key = read_api_key(text)
    shown = [repr(key), str(key), key.described(NOW), repr(pickle.dumps(key))]
    assert not [one for one in shown if SECRET in one or text[20:60] in one]


_PARTS = st.sampled_from(
    [
        "bedrock.amazonaws.com/",
        "[",
        "]",
        "?",
        "&",
        "%2F",
        "=",
        ":",
        "-at-",
        "123456789012",
        "+1",
        "\x00",
        "é",
        "Action=CallWithBearerToken",
        "X-Amz-Date=",
        "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/bedrock/aws4_request",
        "X-Amz-Date=20261124T000000Z",
        "X-Amz-Expires=",
        "43200",
        "999999",
        "00010101T000000Z",
        "99991231T235959Z",
    ]
)


@given(
    st.sampled_from(["", "bedrock-api-key-", "ABSK"]),
    st.text(max_size=400) | st.lists(_PARTS, max_size=30).map("".join),
    st.booleans(),
)
def test_no_text_raises_and_what_cannot_be_read_leaves_nothing(prefix: str, text: str, encoded: bool) -> None:
    body = base64.b64encode(text.encode("utf-8", "replace")).decode() if encoded else text
    key = read_api_key(prefix + body)
    assert key.described(NOW)
    assert isinstance(key.expired(NOW), bool)
    if key.kind is KeyKind.UNREADABLE:
        assert replace(key, why="", padded=False) == ApiKey(KeyKind.UNREADABLE)
        assert key.why in _REASONS


_REASONS = (
    "it is too long for a key",
    "it begins neither with bedrock-api-key- nor with ABSK",
    "what follows its prefix is not the signed request that a short-term key is made of",
    "what follows its prefix is not a user, an account and a secret",
)


@given(st.text(alphabet="abcXYZ019+/:@ =&%", min_size=12, max_size=40))
def test_no_secret_is_in_what_is_read_from_a_good_key(secret: str) -> None:
    text = "ABSK" + base64.b64encode(f"BedrockAPIKey-ab12-at-123456789012:{secret}".encode()).decode()
    key = read_api_key(text)
    assert key == ApiKey(KeyKind.LONG_TERM, account="123456789012", user="BedrockAPIKey-ab12")
    assert secret not in f"{key!r}{key.described(NOW)}"


def test_a_hostile_key_is_read_in_no_time() -> None:
    for owner in ("-at-" * 4_000, "a" * 8_000 + "-at-", "a-at-123456789012-" * 500, "+1" * 6_000):
        started = time.process_time()
        read_api_key("ABSK" + base64.b64encode(f"{owner}:x".encode()).decode())
        read_api_key("bedrock-api-key-" + base64.b64encode(f"/?{owner}".encode()).decode())
        assert time.process_time() - started < 0.5


def test_calling_with_a_key_takes_an_action_of_its_own_by_its_kind() -> None:
    (one,) = key_requirements(read_api_key(long_term()), "arn:aws:iam::123456789012:user/a", ["bedrock:InvokeModel"])
    assert (one.action, one.resource, one.principal) == (
        "bedrock:CallWithBearerToken",
        "*",
        "arn:aws:iam::123456789012:user/a",
    )
    assert one.context == (("bedrock:BearerTokenType", ("LONG_TERM",)),)
    both = key_requirements(
        read_api_key(short_term()), UNKNOWN_HOLDER, ["bedrock-mantle:CreateInference", "bedrock:InvokeModel"]
    )
    assert [(r.action, dict(r.context)) for r in both] == [
        ("bedrock:CallWithBearerToken", {"bedrock:BearerTokenType": ("SHORT_TERM",)}),
        ("bedrock-mantle:CallWithBearerToken", {"bedrock-mantle:BearerTokenType": ("SHORT_TERM",)}),
    ]
    assert key_requirements(read_api_key(long_term()), "", []) == ()


def test_agents_are_not_called_with_a_key() -> None:
    assert called_with_key("bedrock:InvokeModel")
    assert not called_with_key("bedrock:InvokeAgent")
