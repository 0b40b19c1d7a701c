"""What a text of the catalogue is: the words to find, and what an error that holds them is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedrock_guard.advice.denial import DenialKind

__all__ = ["KnownText", "retry_after_seconds"]


@dataclass(frozen=True, slots=True)
class KnownText:
    """One text of AWS that is not IAM's sentence.

    Attributes:
        cause: Its name, stable.
        kind: What it is about.
        code: The stable code.
        text: As AWS writes it; ``{minutes}`` and ``{model}`` stand for what changes.
        needles: Any of these finds it: lower case, plain quotes, single spaces.
        source: Where the text was read.
        retryable: Whether waiting alone can end it.
        retry_after_seconds: The waiting time AWS documents where the text itself names none.
        near: Where a needle is a common phrase, one of these has to stand within 300 characters of it.
        yields_to: Causes whose texts hold this one's words too, or explain it better; it is not said beside them.
        error_code: With what code it comes.
    """

    cause: str
    kind: DenialKind
    code: str
    text: str
    needles: tuple[str, ...]
    source: str
    retryable: bool = False
    retry_after_seconds: int | None = None
    near: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    error_code: str = "AccessDeniedException"


_WINDOW = re.compile(r"try again (?:in|after) (?:up to )?(\d{1,5}) (second|minute|hour|day)s?\b")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def retry_after_seconds(lower: str, start: int, end: int) -> int | None:
    """The waiting time that the text between the positions names; the number differs from copy to copy."""
    match = _WINDOW.search(lower, start, end)
    return int(match[1]) * _SECONDS[match[2]] if match else None
