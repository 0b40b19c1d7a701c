"""Amazon Bedrock API keys: what one says of itself without any call, and which calls are made with it. Pure.

While :data:`BEARER_VARIABLE` is set, botocore makes the calls of some clients with that key, whoever the session's
credentials belong to. What a key holds in secret (the long-term secret; the short-term signature and session token) is
read past and never kept.

Source: the source of AWS's aws-bedrock-token-generator-python 1.1.0 for short-term keys; AWS Security Blog, “Securing
Amazon Bedrock API keys” (2025-10-17), for long-term ones; Bedrock User Guide, api-keys; the model of IAM's
CreateServiceSpecificCredential (botocore 1.44.5), by which the public part of a key is the user's name and a suffix,
and its answers as published for two users (2025-10, 2026-03), where that is ``-at-<account>`` (all read 2026-11).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache
from urllib.parse import parse_qsl

from bedrock_guard.bedrock.operations import operations
from bedrock_guard.report import Requirement

__all__ = [
    "BEARER_VARIABLE",
    "KEY_CLIENTS",
    "UNKNOWN_HOLDER",
    "ApiKey",
    "KeyKind",
    "called_with_key",
    "key_requirements",
    "read_api_key",
]

BEARER_VARIABLE = "AWS_BEARER_TOKEN_BEDROCK"
"""While this is set botocore signs with it, and it wins over explicit keys, profiles and roles.

Source: measured on botocore 1.40.0 and 1.44.5: only the clients below send ``Authorization: Bearer``; the models of the
others have no bearer scheme.
"""

KEY_CLIENTS = ("bedrock", "bedrock-runtime")
"""The boto3 clients that call with a key, where nothing in code says otherwise."""

UNKNOWN_HOLDER = f"the principal of the API key in {BEARER_VARIABLE}"
"""In place of an ARN, where the key does not say whose it is."""

_SHORT_TERM = "bedrock-api-key-"
_LONG_TERM = "ABSK"
_LONGEST = 16_384
"""Characters of a key. A presigned URL with a session token is a few thousand; what is longer is not decoded."""

# Something may follow the account: the model speaks of a suffix with "version and creation information".
_OWNER = re.compile(r"(?P<user>[\w+=,.@-]{1,64})-at-(?P<account>\d{12})(?:-[\w+=,.@-]{1,100})?", re.ASCII)
_NUMBERED = re.compile(r".+\+\d+", re.ASCII)
_ACCESS_KEY = re.compile(r"[A-Z0-9]{16,128}")
_REGION = re.compile(r"[a-z]{2,8}(?:-[a-z]+)+-\d+")


class KeyKind(str, Enum):
    """How a key was made."""

    SHORT_TERM = "short-term"
    LONG_TERM = "long-term"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What a key says of itself; nothing of it is secret.

    Attributes:
        kind: Short-term, long-term, or neither that could be read.
        account: 12 digits, of a long-term key.
        user: The name that a long-term key gives: the IAM user's.
        access_key_id: Whose signature a short-term key is.
        region: The Region a short-term key is bound to.
        issued: When a short-term key was made.
        expires: When a short-term key ends by itself; the session that signed it may end sooner.
        has_session_token: Whether a short-term key was made with temporary credentials.
        padded: Whether white space stood around it.
        why: Why it could not be read.
    """

    kind: KeyKind
    account: str | None = None
    user: str | None = None
    access_key_id: str | None = None
    region: str | None = None
    issued: datetime | None = None
    expires: datetime | None = None
    has_session_token: bool = False
    padded: bool = False
    why: str = ""

    def expired(self, now: datetime) -> bool:
        """Whether its own time is over; False for a long-term key, which does not say its end."""
        return self.expires is not None and self.expires <= now

    def begins_after(self, now: datetime) -> bool:
        """Whether it is dated later: made by a machine whose clock is wrong, or not made by AWS's generator."""
        return self.issued is not None and self.issued > now

    def user_arn(self, partition: str) -> str | None:
        """The ARN of the IAM user that a long-term key acts as, without the user's path, which the key does not hold.

        None where the name may be a user's or not: the second key of a user is numbered (``name+1``) by some services
        of IAM (its User Guide has ``thomas+1-at-…``), and a user may also be called so.
        """
        if not self.account or not self.user or _NUMBERED.fullmatch(self.user):
            return None
        return f"arn:{partition}:iam::{self.account}:user/{self.user}"

    def described(self, now: datetime) -> str:
        """``short-term API key, us-east-1, expired 3 h ago``."""
        if self.kind is KeyKind.UNREADABLE:
            return f"an API key that cannot be read ({self.why})"
        parts = [f"{self.kind.value} API key"]
        if self.user:
            parts.append(f"of the user {self.user} in account {self.account}")
        if self.access_key_id:
            parts.append(f"signed with {self.access_key_id}")
        if self.region:
            parts.append(self.region)
        if self.issued is not None and self.begins_after(now):
            parts.append(f"begins in {_span(self.issued - now)}")
        elif self.expires is not None:
            parts.append(_until(self.expires, now))
        return ", ".join(parts)


def read_api_key(text: str) -> ApiKey:
    """What a key says of itself; of one that cannot be read, why not, without any part of it."""
    key = text.strip()
    found = _unreadable("it is too long for a key") if len(key) > _LONGEST else _read(key)
    return replace(found, padded=key != text)


def _read(key: str) -> ApiKey:
    if key.startswith(_SHORT_TERM):
        return _short_term(_decoded(key.removeprefix(_SHORT_TERM)))
    if key.startswith(_LONG_TERM):
        return _long_term(_decoded(key.removeprefix(_LONG_TERM)))
    return _unreadable(f"it begins neither with {_SHORT_TERM} nor with {_LONG_TERM}")


def _short_term(body: str) -> ApiKey:
    """Of ``bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Credential=…``."""
    values = dict(parse_qsl(body.partition("?")[2])) if body.isprintable() else {}
    key_id, _, region, *end = [*values.get("X-Amz-Credential", "").split("/"), "", "", ""]
    issued = _moment(values.get("X-Amz-Date", ""))
    expires = _end(issued, values.get("X-Amz-Expires", ""))
    whole = values.get("Action") == "CallWithBearerToken" and end[:2] == ["bedrock", "aws4_request"]
    if not whole or not _ACCESS_KEY.fullmatch(key_id) or not _REGION.fullmatch(region) or expires is None:
        return _unreadable("what follows its prefix is not the signed request that a short-term key is made of")
    return ApiKey(
        KeyKind.SHORT_TERM,
        access_key_id=key_id,
        region=region,
        issued=issued,
        expires=expires,
        has_session_token="X-Amz-Security-Token" in values,
    )


def _long_term(body: str) -> ApiKey:
    """Of ``<user>-at-<account>:<secret>``."""
    owner, colon, _ = body.partition(":")
    found = _OWNER.fullmatch(owner) if colon else None
    if found is None:
        return _unreadable("what follows its prefix is not a user, an account and a secret")
    return ApiKey(KeyKind.LONG_TERM, account=found["account"], user=found["user"])


def _unreadable(why: str) -> ApiKey:
    return ApiKey(KeyKind.UNREADABLE, why=why)


def _decoded(body: str) -> str:
    """The text behind Base64; empty where it is none. The errors of the decoders are not let out: they quote it."""
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def _end(issued: datetime | None, seconds: str) -> datetime | None:
    if issued is None or not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 6):
        return None
    try:
        return issued + timedelta(seconds=int(seconds))
    except OverflowError:
        return None


def _until(expires: datetime, now: datetime) -> str:
    return f"expired {_span(now - expires)} ago" if expires <= now else f"expires in {_span(expires - now)}"


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    if seconds >= 2 * 86_400:
        return f"{seconds // 86_400} days"
    return f"{seconds // 3_600} h" if seconds >= 2 * 3_600 else f"{seconds // 60} min"


# -- which calls are made with it -----------------------------------------------------------------------------------


def called_with_key(action: str) -> bool:
    """Whether a call authorised as ``action`` is made as the key's principal while :data:`BEARER_VARIABLE` is set."""
    return action in _actions() or action.startswith("bedrock-mantle:")


def key_requirements(key: ApiKey, holder: str, actions: Iterable[str]) -> tuple[Requirement, ...]:
    """What calling with the key takes besides the calls' own actions.

    Args:
        key: The key.
        holder: Who calls with it, as :attr:`Requirement.principal` has it.
        actions: Of the calls that are made with it.

    Source: Bedrock User Guide, api-keys-permissions (read 2026-11): ``bedrock:CallWithBearerToken`` on ``*`` under the
    condition key ``bedrock:BearerTokenType``; AmazonBedrockMantleInferenceAccess has that of bedrock-mantle.
    """
    return tuple(_bearer_requirements(key, holder, {action.partition(":")[0] for action in actions}))


def _bearer_requirements(key: ApiKey, holder: str, namespaces: Iterable[str]) -> Iterator[Requirement]:
    known = {KeyKind.SHORT_TERM: "SHORT_TERM", KeyKind.LONG_TERM: "LONG_TERM"}.get(key.kind)
    reason = (f"calls with the API key in {BEARER_VARIABLE}",)
    for namespace in sorted({"bedrock", "bedrock-mantle"}.intersection(namespaces)):
        context = ((f"{namespace}:BearerTokenType", (known,)),) if known else ()
        yield Requirement(f"{namespace}:CallWithBearerToken", "*", context, reason, principal=holder)


@lru_cache(maxsize=1)
def _actions() -> frozenset[str]:
    return frozenset(
        use.action
        for operation in operations().values()
        if operation.service in KEY_CLIENTS
        for use in operation.actions
    )
