"""What a Bedrock API key says of itself is read; what is secret in it is never kept or shown."""

from __future__ import annotations

import base64
import pickle
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
    assert key.made_by_console
    assert not key.expired(NOW + timedelta(days=40_000))
    assert not read_api_key(long_term("ci@example.com-at-123456789012")).made_by_console


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


@given(st.sampled_from(["", "bedrock-api-key-", "ABSK"]), st.text(max_size=400), st.binary(max_size=300), st.booleans())
def test_no_text_raises_or_comes_back(prefix: str, text: str, body: bytes, encoded: bool) -> None:
    key = read_api_key(prefix + (base64.b64encode(body).decode() if encoded else text))
    assert key.described(NOW)
    if key.kind is KeyKind.UNREADABLE:
        assert (key.user, key.access_key_id, key.account) == (None, None, None)


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
