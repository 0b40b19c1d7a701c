"""Sources taken apart into texts: JSON and its strings, JSON lines, CloudTrail events, HTTP responses, exceptions."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bedrock_guard.advice.denials.normal import normalise
from bedrock_guard.advice.denials.surroundings import Surroundings, around

__all__ = ["Unit", "decoded", "units_of_text"]

_CANDIDATE = re.compile(
    r"(?m)^[ \t]{0,64}(?:[\w./-]{1,64}[ \t]{1,64}\|[ \t])?"
    r"(?:\d{4}-\d\d-\d\d[T ][\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)?[ \t](?:std(?:out|err)[ \t][FP][ \t])?)?"
    r"(?=\{|\[\s{0,99}[\[{\"])"
)
_HEAD = re.compile(r"(?im)^[<\s]{0,3}(?:HTTP/[\d.]{1,3} \d{3}|x-amzn-\w{1,40}:)|AWS HTTP error")
_HEAD_LIMIT = 1500
_WASTE_LIMIT = 3
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Unit:
    """A text or a tree to read, with what is known of it.

    Attributes:
        text: The text; empty where ``tree`` is given.
        tree: A parsed JSON value or a mapping.
        known: What is known of it from where it was found.
        is_message: Whether the text is the message of an error, and no more than that.
    """

    text: str = ""
    tree: Any = None
    known: Surroundings = field(default_factory=Surroundings)
    is_message: bool = False


def decoded(source: bytes | bytearray | memoryview) -> str:
    """Bytes as text: UTF-16 by its byte order mark, UTF-8 otherwise; what is neither is replaced, never refused."""
    raw = bytes(source)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")


def units_of_text(text: str) -> Iterator[Unit]:
    """The JSON values of the text as trees, and what stands between them as texts."""
    pending = 0
    for value, start, end in _values(text):
        before = text[pending:start]
        if before.strip():
            yield Unit(text=before)
        yield Unit(tree=value, known=_head(before))
        pending = end
    if text[pending:].strip():
        yield Unit(text=text[pending:])


def _values(text: str) -> Iterator[tuple[Any, int, int]]:
    """Every JSON value that has its lines to itself, with where it starts and ends."""
    budget = _WASTE_LIMIT * len(text)
    match = _CANDIDATE.search(text)
    while match is not None and budget >= 0:
        start = match.end()
        stop, value, cost = _value_at(text, start)
        if stop and not text[stop : _line_end(text, stop)].strip(" \t\r,]│"):
            yield value, start, stop
            cost = 0
        budget -= cost
        match = _CANDIDATE.search(text, stop if stop and not cost else start + 1)


def _value_at(text: str, start: int) -> tuple[int, Any, int]:
    """Where the value that starts here ends (0 if there is none), the value, and what it cost to find out."""
    line_end = _line_end(text, start)
    line = text[start:line_end]
    try:
        value, size = _DECODER.raw_decode(line)
    except json.JSONDecodeError as error:
        if error.pos < len(line.rstrip()) and not error.msg.startswith("Unterminated"):
            return 0, None, error.pos
    except (ValueError, RecursionError):
        return 0, None, len(line)
    else:
        return start + size, value, size
    try:
        value, stop = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        # The error itself counts the lines from the start of the text.
        return 0, None, error.pos - start + error.pos // 16
    except (ValueError, RecursionError):
        # How far it had got is not told.
        return 0, None, len(text) - start
    return stop, value, stop - start


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return end if end >= 0 else len(text)


def _head(text: str) -> Surroundings:
    """What the head of an HTTP response says of the body behind it."""
    head = text[-_HEAD_LIMIT:]
    if not _HEAD.search(head):
        return Surroundings()
    normal = normalise(head)
    return around(normal, len(normal.text), len(normal.text), floor=0, ceiling=len(normal.text))
