"""The API key in the environment for ``whoami``: what it says of itself, whose calls are made with it, and its faults.

Nothing of the key itself is kept or shown.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE, UNKNOWN_HOLDER, ApiKey, KeyKind, read_api_key
from bedrock_guard.errors import PrincipalError
from bedrock_guard.report import Principal

if TYPE_CHECKING:
    import boto3

__all__ = ["KeyView", "view_of_key"]

_UNREADABLE_REMEDY = f"Copy the key anew, without quotation marks around it, or unset {BEARER_VARIABLE}."


@dataclass(frozen=True)
class KeyView:
    """What there is to say of the key.

    Attributes:
        key: What it says of itself.
        now: When it was looked at.
        acts_as: The ARN of whom it calls as; empty where it does not say.
        used_by: The Bedrock clients that call with it.
        signing: The Bedrock clients that sign with the session's credentials all the same.
        code: ``BG420`` …; empty where nothing calls with it.
        text: What a report begins with.
        remedy: What ends its fault; empty where it has none.
    """

    key: ApiKey
    now: datetime
    acts_as: str
    used_by: tuple[str, ...]
    signing: tuple[str, ...]
    code: str
    text: str
    remedy: str

    @property
    def line(self) -> str:
        """What comes before everything else."""
        text = f"{self.code}: {self.text}" if self.code else self.text
        return f"{text} {self.remedy}".strip()

    def facts(self) -> list[tuple[str, str]]:
        """Label and value; an empty value is not shown."""
        key = self.key
        unreadable = key.kind is KeyKind.UNREADABLE
        return [
            ("kind", f"cannot be read: {key.why}" if unreadable else key.kind.value),
            ("account", key.account or ""),
            ("user", key.user or ""),
            ("signed with", self._signed_with()),
            ("acts as", self.acts_as or ("" if unreadable else "what signed it, whose ARN it does not hold")),
            ("Region", key.region or ("any (assumed)" if key.kind is KeyKind.LONG_TERM else "")),
            ("made", _date(key.issued)),
            ("ends", self._end()),
            ("used by", ", ".join(self.used_by) or "no client of this botocore"),
            ("not used by", f"{', '.join((*self.signing, 'iam, sts …'))}: signed with the session's credentials"),
        ]

    def values(self) -> dict[str, Any]:
        """The same for JSON."""
        key = self.key
        return {
            "kind": key.kind.value,
            "account": key.account,
            "user": key.user,
            "access_key_id": key.access_key_id,
            "has_session_token": key.has_session_token,
            "acts_as": self.acts_as or None,
            "region": key.region,
            "issued": None if key.issued is None else _iso(key.issued),
            "expires": None if key.expires is None else _iso(key.expires),
            "seconds_left": None if key.expires is None else int((key.expires - self.now).total_seconds()),
            "used_by": list(self.used_by),
            "not_used_by": list(self.signing),
            "code": self.code or None,
            "message": self.text,
            "remedy": self.remedy,
        }

    def _signed_with(self) -> str:
        if self.key.access_key_id is None:
            return ""
        kind = "temporary" if self.key.has_session_token else "long-term"
        return f"{self.key.access_key_id} ({kind} credentials)"

    def _end(self) -> str:
        if self.key.kind is KeyKind.LONG_TERM:
            return "when it was set to, which the key does not say"
        if self.key.expires is None:
            return ""
        left = self.key.expires - self.now
        if self.key.issued is not None and self.key.begins_after(self.now + timedelta(minutes=5)):
            return f"{_date(self.key.expires)}, from {_date(self.key.issued)} on"
        if self.key.expired(self.now):
            return f"{_date(self.key.expires)} (over for {_span(-left)})"
        sooner = "; sooner if its session does" if self.key.has_session_token else ""
        return f"{_date(self.key.expires)} ({_span(left)} left{sooner})"


def view_of_key(session: boto3.Session, caller: Principal | None, region: str, now: datetime) -> KeyView | None:
    """The key in the environment; None where there is none.

    Args:
        session: Whose clients may call with it.
        caller: Whom the session's credentials belong to; None where that is not known.
        region: That the app calls.
        now: The time.
    """
    from bedrock_guard.aws.api_keys import key_in_use
    from bedrock_guard.aws.session import partition_of_region

    text = os.environ.get(BEARER_VARIABLE)
    if not text:
        return None
    key = read_api_key(text)
    bedrock = [name for name in session.get_available_services() if name.startswith("bedrock")]
    used = key_in_use(session, caller, partition=partition_of_region(session, region), now=now)
    if used is None:
        unused = f"{BEARER_VARIABLE} holds {key.described(now)}, and no client of this botocore calls with it."
        return KeyView(key, now, "", (), tuple(bedrock), "", unused, "")
    signing = tuple(name for name in bedrock if name not in used.clients)
    holder = "" if used.holder == UNKNOWN_HOLDER else used.holder or (caller.caller_arn if caller else "")
    code, said, remedy = used.note.code, used.note.text, ""
    try:
        used.require_usable(region, now)
    except PrincipalError as error:
        code, said, remedy = error.code, str(error), error.remedy
    if key.kind is KeyKind.UNREADABLE:
        remedy = _UNREADABLE_REMEDY
    return KeyView(key, now, holder, used.clients, signing, code, said, remedy)


def _date(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
