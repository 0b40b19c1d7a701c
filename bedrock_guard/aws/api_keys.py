"""The Bedrock API key in the environment: whose it is, and what is wrong with it before anything is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE, KEY_CLIENTS, UNKNOWN_HOLDER, ApiKey, KeyKind, read_api_key
from bedrock_guard.errors import PrincipalError
from bedrock_guard.report import Note, Principal

if TYPE_CHECKING:
    import boto3

__all__ = ["KeyInUse", "key_in_use"]

_SKEW = timedelta(minutes=5)
"""What the clock of this machine may be wrong by; AWS allows signed requests the same."""


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key that the app's calls to some clients are made with.

    Attributes:
        key: What it says of itself.
        holder: Whose it is, as :attr:`Requirement.principal` has it; empty where it is the caller's own.
        note: The first line of a report.
    """

    key: ApiKey
    holder: str
    note: Note

    def require_usable(self, region: str, now: datetime) -> None:
        """Refuses a key whose calls cannot succeed, whatever the policies say.

        Source: Bedrock User Guide, api-keys (read 2026-11): a short-term key is valid for at most 12 hours and in the
        Region that it was made in.

        Raises:
            PrincipalError: It is expired, or made for another Region.
        """
        if self.key.expired(now - _SKEW):
            raise PrincipalError(
                f"{self.note.text} Calls with it will be refused.",
                code="BG421",
                remedy=f"Make a new key, or unset {BEARER_VARIABLE} to call with the session's own credentials.",
            )
        if self.key.region is not None and self.key.region != region:
            raise PrincipalError(
                f"{self.note.text} It is valid in {self.key.region} alone, and the app calls {region}.",
                code="BG422",
                remedy=f"Make a key for {region}, or unset {BEARER_VARIABLE} to call with the session's credentials.",
            )


def key_in_use(session: boto3.Session, caller: Principal | None, *, partition: str, now: datetime) -> KeyInUse | None:
    """The key that botocore makes some of the session's calls with; None where there is none.

    A signature version or an order of authentication schemes in the session's default configuration brings SigV4 back
    (measured on botocore 1.44.5; the environment's AWS_AUTH_SCHEME_PREFERENCE does not).

    Args:
        session: The app's.
        caller: Whose credentials the session holds; None where that is not known.
        partition: Of the Region.
        now: The time of the check.
    """
    text = os.environ.get(BEARER_VARIABLE)
    if not text or _prefers_signatures(session):
        return None
    key = read_api_key(text)
    holder = _holder(key, session, caller, partition)
    return KeyInUse(key, holder, Note(*_said(key, holder, caller, now)))


def _prefers_signatures(session: boto3.Session) -> bool:
    config: Any = session._session.get_default_client_config()  # noqa: SLF001 - boto3 has no other way to it
    preference = str(getattr(config, "auth_scheme_preference", None) or "")
    return bool(getattr(config, "signature_version", None)) or preference.strip().lower().startswith("sigv4")


def _holder(key: ApiKey, session: boto3.Session, caller: Principal | None, partition: str) -> str:
    if key.kind is KeyKind.LONG_TERM:
        arn = key.user_arn(partition) or UNKNOWN_HOLDER
        return "" if caller is not None and caller.policy_source_arn == arn else arn
    if key.access_key_id is not None and key.access_key_id == _access_key(session):
        return ""
    return UNKNOWN_HOLDER


def _access_key(session: boto3.Session) -> str | None:
    try:
        credentials = session.get_credentials()
    except Exception:  # noqa: BLE001 - what is wrong with them, the check says
        return None
    return None if credentials is None else str(credentials.access_key)


def _said(key: ApiKey, holder: str, caller: Principal | None, now: datetime) -> tuple[str, str]:
    """Code and text: which clients call with it, what it is, and whether that is somebody else."""
    clients = " and ".join(KEY_CLIENTS)
    text = f"Calls of {clients} authenticate with {BEARER_VARIABLE}: {key.described(now)}."
    if key.kind is KeyKind.UNREADABLE:
        return "BG423", text
    if key.expired(now):
        return "BG421", text
    if holder and caller is not None:
        return (
            "BG420",
            f"{text} It goes before the credentials of {caller.caller_arn}, as whom only other clients call.",
        )
    return "BG420", text
