"""The Bedrock API key in the environment: whose it is, and what is wrong with it before anything is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE, KEY_CLIENTS, UNKNOWN_HOLDER, ApiKey, KeyKind, read_api_key
from bedrock_guard.errors import PrincipalError
from bedrock_guard.report import Note, Principal, PrincipalType

if TYPE_CHECKING:
    import boto3


__all__ = ["KeyInUse", "clients_with_key", "key_in_use"]

_SKEW = timedelta(minutes=5)
"""What the clock of this machine may be wrong by; AWS allows signed requests the same."""

_BEARER = "smithy.api#httpBearerAuth"
_SIGNING_NAME = "bedrock"
_CANDIDATES = (
    *KEY_CLIENTS,
    "bedrock-agent",
    "bedrock-agent-runtime",
    "bedrock-data-automation",
    "bedrock-data-automation-runtime",
)
"""Clients whose requests are, or may come to be, signed as the key's service."""


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key that the app's calls to some clients are made with.

    Attributes:
        key: What it says of itself.
        holder: Whose it is, as :attr:`Requirement.principal` has it; empty where it is the caller's own.
        clients: The boto3 clients that call with it.
        note: The first line of a report.
    """

    key: ApiKey
    holder: str
    clients: tuple[str, ...]
    note: Note

    def require_usable(self, region: str, now: datetime) -> None:
        """Refuses a key whose calls cannot succeed, whatever the policies say.

        Source: Bedrock User Guide, api-keys (read 2026-11): a short-term key is valid for at most 12 hours and in the
        Region that it was made in.

        Raises:
            PrincipalError: It is expired or not valid yet, or made for another Region.
        """
        if self.key.begins_after(now + _SKEW):
            raise PrincipalError(
                f"{self.note.text} Calls with it will be refused.",
                code="BG421",
                remedy=f"Correct the clock of the machine that made it and make a new key, or unset {BEARER_VARIABLE}.",
            )
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

    Args:
        session: The app's.
        caller: Whose credentials the session holds; None where that is not known.
        partition: Of the Region.
        now: The time of the check.
    """
    text = os.environ.get(BEARER_VARIABLE)
    clients = clients_with_key(session) if text else ()
    if not text or not clients:
        return None
    key = read_api_key(text)
    holder = _holder(key, session, caller, partition)
    return KeyInUse(key, holder, clients, Note(*_said(key, holder, clients, caller, now)))


def clients_with_key(session: boto3.Session) -> tuple[str, ...]:
    """The Bedrock clients that call with a key while the environment holds one, by the installed botocore's models.

    A signature version, or an order of authentication schemes, in the session's default configuration can bring SigV4
    back; the environment's AWS_AUTH_SCHEME_PREFERENCE cannot. That a single client is given its own configuration is
    not seen from here.

    Source: measured on botocore 1.40.0 and 1.44.5, which do the same.
    """
    config: Any = session._session.get_default_client_config()  # noqa: SLF001 - boto3 has no other way to it
    found = []
    for name in _CANDIDATES:
        try:
            metadata: Any = session._session.get_service_model(name).metadata  # noqa: SLF001 - likewise
        except BotoCoreError:
            continue  # an older botocore than the service
        schemes = metadata.get("auth") or []
        signing_name = metadata.get("signingName") or metadata.get("endpointPrefix")
        if _BEARER in schemes and signing_name == _SIGNING_NAME and not _signs(config, schemes):
            found.append(name)
    return tuple(found)


def _signs(config: Any, schemes: list[str]) -> bool:
    """Whether what is set in code, if anything, comes to something else than a bearer token."""
    version = getattr(config, "signature_version", None)
    if version is not None:
        return bool(version != "bearer")
    preferred = getattr(config, "auth_scheme_preference", None)
    if not preferred:
        return False
    supported = [scheme.partition("#")[2] for scheme in schemes]
    wanted = [scheme.strip() for scheme in str(preferred).split(",")]
    return next((scheme for scheme in (*wanted, *supported) if scheme in supported), "") != "httpBearerAuth"


def _holder(key: ApiKey, session: boto3.Session, caller: Principal | None, partition: str) -> str:
    if key.kind is KeyKind.LONG_TERM:
        arn = key.user_arn(partition)
        if arn is not None and caller is not None and _is_user(caller, key):
            return ""
        return arn or UNKNOWN_HOLDER
    if key.access_key_id is not None and key.access_key_id == _access_key(session):
        return ""
    return UNKNOWN_HOLDER


def _is_user(caller: Principal, key: ApiKey) -> bool:
    # By name and account: a key does not hold the path that the caller's ARN has.
    return caller.type is PrincipalType.USER and (caller.account, caller.name) == (key.account, key.user)


def _access_key(session: boto3.Session) -> str | None:
    try:
        credentials = session.get_credentials()
    except Exception:  # noqa: BLE001 - what is wrong with them, the check says
        return None
    return None if credentials is None else str(credentials.access_key)


def _said(
    key: ApiKey, holder: str, clients: tuple[str, ...], caller: Principal | None, now: datetime
) -> tuple[str, str]:
    """Code and text: which clients call with it, what it is, and whether that is somebody else."""
    text = f"Calls of {' and '.join(clients)} authenticate with {BEARER_VARIABLE}: {key.described(now)}."
    if key.padded:
        text += " White space stands around it in the variable."
    if key.kind is KeyKind.UNREADABLE:
        return "BG423", text
    if key.expired(now) or key.begins_after(now + _SKEW):
        return "BG421", text
    if holder and caller is not None:
        return (
            "BG420",
            f"{text} It goes before the credentials of {caller.caller_arn}, as whom only other clients call.",
        )
    return "BG420", text
