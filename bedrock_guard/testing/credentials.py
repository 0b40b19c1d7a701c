"""Who holds which access key."""

from __future__ import annotations

import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from enum import Enum

from bedrock_guard.testing.stored import StoredPolicy
from bedrock_guard.testing.wire_errors import AwsError, Protocol

__all__ = ["Credentials", "CredentialStore", "Identity", "IdentityKind"]

_ALPHABET = string.ascii_uppercase + "234567"


class IdentityKind(str, Enum):
    """What kind of principal credentials stand for."""

    USER = "user"
    ROLE_SESSION = "role session"
    FEDERATED_USER = "federated user"
    ROOT = "root user"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request is made by.

    Attributes:
        kind: What it is.
        name: The name of the user or role whose policies count; empty for the root user.
        session_name: Of a role session or a federated user.
        session_policies: Given when the session was made; None if none were.
        tags: Session tags.
        issued: When temporary credentials were issued; None for long-term ones.
    """

    kind: IdentityKind
    name: str = ""
    session_name: str = ""
    session_policies: tuple[StoredPolicy, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    issued: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key; the token is empty for a long-term one."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires: datetime | None = None


@dataclass(slots=True)
class _Held:
    identity: Identity
    credentials: Credentials


class CredentialStore:
    """All keys that the sandbox has issued; those of moto's users are moto's own."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def issue(self, identity: Identity, seconds: int | None) -> Credentials:
        """New credentials: temporary ones for ``seconds``, or long-term ones if it is None."""
        now = datetime.now(timezone.utc)
        temporary = seconds is not None
        if temporary:
            identity = replace(identity, issued=now)
        credentials = Credentials(
            ("ASIA" if temporary else "AKIA") + _random(16),
            secrets.token_urlsafe(30),
            secrets.token_urlsafe(120) if temporary else "",
            now + timedelta(seconds=seconds) if seconds is not None else None,
        )
        with self._lock:
            self._held[credentials.access_key_id] = _Held(identity, credentials)
        return credentials

    def find(self, access_key: str, token: str, protocol: Protocol) -> tuple[Identity, str] | None:
        """Who the key belongs to, and its secret; None if it was not issued here.

        Raises:
            AwsError: The token is not the key's, or its time is over.
        """
        with self._lock:
            held = self._held.get(access_key)
        if held is None:
            return None
        if not secrets.compare_digest(held.credentials.session_token, token):
            raise invalid_token(protocol)
        expires = held.credentials.expires
        if expires is not None and expires <= datetime.now(timezone.utc):
            raise expired_token(protocol)
        return held.identity, held.credentials.secret_access_key

    def expire(self, name: str | None = None) -> int:
        """Ends all temporary credentials, or those of one role or user; how many there were."""
        now = datetime.now(timezone.utc)
        count = 0
        with self._lock:
            for held in self._held.values():
                if held.credentials.expires is not None and name in (None, held.identity.name):
                    held.credentials = replace(held.credentials, expires=now)
                    count += 1
        return count

    def revoke(self, name: str | None = None) -> int:
        """Makes credentials unknown, as if the keys had been deleted; how many there were."""
        with self._lock:
            keys = [key for key, held in self._held.items() if name in (None, held.identity.name)]
            for key in keys:
                del self._held[key]
        return len(keys)


def invalid_token(protocol: Protocol) -> AwsError:
    """What a service says to a key or token that it does not know.

    Source: InvalidClientTokenId of IAM and STS, UnrecognizedClientException of the JSON services: Bedrock User Guide,
    troubleshooting-api-error-codes (read 2026-11), github.com/anthropics/claude-code/issues/2260.
    """
    code = "InvalidClientTokenId" if protocol is Protocol.QUERY else "UnrecognizedClientException"
    return AwsError(code, "The security token included in the request is invalid.", 403)


def expired_token(protocol: Protocol) -> AwsError:
    """What a service says to temporary credentials whose time is over."""
    code = "ExpiredToken" if protocol is Protocol.QUERY else "ExpiredTokenException"
    return AwsError(code, "The security token included in the request is expired", 403)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
