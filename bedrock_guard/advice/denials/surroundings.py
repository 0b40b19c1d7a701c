"""What stands around an error in a text: error code, operation, status, request id, Region, model."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from bedrock_guard.advice.denials.common_texts import CAUSE_OF_CODE
from bedrock_guard.advice.denials.normal import Normal

__all__ = ["ErrorNamed", "Surroundings", "around", "errors_named"]

_NAMES = "|".join(
    # An event stream writes them with a small letter first.
    f"[{code[0]}{code[0].lower()}]{code[1:]}"
    for code in sorted(CAUSE_OF_CODE, key=len, reverse=True)
    if len(code) > 8 and code[0].isupper()
)
_ENVELOPE = re.compile(
    r"An error occurred \((?P<code>[\w.:/#-]{1,100})\) when calling the (?P<operation>\w{1,100}) operation"
)
_NAMED = re.compile(rf"(?<![A-Za-z])(?:{_NAMES})(?![A-Za-z])")
_STATED = re.compile(r"\s?(?:\(reached max retries: \d{1,9}\))?['\"]?\)?\s?(?::|-(?= ?[\"'{]))(?!https?:)\s?(?=\S)")
_SOURCE_LINE = re.compile(r"(?:except|raise|class|import|isinstance|catch)\b[^\n]{0,120}\Z")
_TAIL = re.compile(
    r"\(Service: (?P<service>[\w ]{1,60}?)[;,] Status Code: (?P<status>\d{3})"
    r"[;,] (?:Error Code: \w{1,100}; )?Request ID: (?P<request_id>[\w-]{1,100})"
)
_GO = re.compile(
    r"operation error (?P<service>[A-Za-z ]{3,60}): (?P<operation>\w{1,80}), https response error "
    r"StatusCode: (?P<status>\d{3}), RequestID: (?P<request_id>[\w-]{0,100})"
)
_REQUEST_ID = re.compile(
    r"(?:request ?id|x-amzn-requestid|x-amzn-request-id)[\"']?\s?[:=>]\s?(?:some\()?[\"']?"
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_STATUS = re.compile(r"http/[\d.]{1,3} (\d{3})|\bstatus ?code[\"']?\s?[:=]\s?(\d{3})\b")
_HOST = re.compile(r"\bbedrock[a-z-]{0,40}\.([a-z]{2,4}(?:-[a-z]{1,12}){1,3}-\d)\.(?:amazonaws|api\.aws)")
_MODEL = re.compile(
    r"(?:/model/|\bmodel[ _]?id[\"']?\s?[:=]\s?[\"']?|invocation of model id )"
    r"((?:arn:[\w-]{1,32}:|[a-z0-9-]{1,20}\.)[\w.:/%-]{1,300})"
)
_API_KEY = (
    "aws_bearer_token_bedrock",
    '"callwithbearertoken": true',
    "callwithbearertoken=true",
    "authorization: bearer",
)

_BEFORE = 1500
_BEHIND = 800
_LEAST = 12
"""Fewer characters than that hold no error code and no id."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of an error besides its text; None for what is not said."""

    error_code: str | None = None
    operation: str | None = None
    service: str | None = None
    status: int | None = None
    request_id: str | None = None
    region: str | None = None
    model: str | None = None
    caller: str | None = None
    nested: bool = False
    api_key: bool = False

    def or_else(self, other: Surroundings) -> Surroundings:
        """These, filled up with what ``other`` says."""
        values: dict[str, Any] = {f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)}
        return Surroundings(**values)


@dataclass(frozen=True, slots=True)
class ErrorNamed:
    """An error that the text states by its code: where its code and its own text begin."""

    start: int
    message: int
    code: str
    operation: str | None = None


def errors_named(normal: Normal) -> list[ErrorNamed]:
    """Every error that is stated by code, in order; mentions in source lines are left out."""
    found: list[ErrorNamed] = []
    for match in re.finditer(rf"{_ENVELOPE.pattern}|{_NAMED.pattern}", normal.text):
        stated = _STATED.match(normal.text, match.end())
        if stated is None:
            continue
        line = normal.text[max(normal.text.rfind("\n", 0, match.start()) + 1, match.start() - 160) : match.start()]
        if _SOURCE_LINE.search(line):
            continue
        found.append(ErrorNamed(match.start(), stated.end(), match["code"] or match[0], match["operation"]))
    return found


def around(normal: Normal, start: int, end: int, *, floor: int, ceiling: int) -> Surroundings:
    """What stands around the error at ``text[start:end]``, no farther than the errors before and behind it."""
    low, high = max(floor, start - _BEFORE), min(ceiling, end + _BEHIND)
    if start - low + high - end < _LEAST:
        return Surroundings()
    text, lower = normal.text, normal.lower
    envelope = _last(_ENVELOPE, text, low, start)
    go = _last(_GO, text, low, start)
    tails = list(_TAIL.finditer(text, start, high))
    # Behind it on its own line only: the next line may be the next error's.
    line_end = text.find("\n", end, high)
    named = _last(_NAMED, text, low, start) or _NAMED.search(text, start, high if line_end < 0 else line_end)
    code = envelope["code"] if envelope else named[0] if named else None
    tail = tails[0] if tails else go
    status = _last(_STATUS, lower, low, start) or _STATUS.search(lower, start, high)
    answered = tail["status"] if tail else (status[1] or status[2]) if status else None
    request = _REQUEST_ID.search(lower, start, high) or _last(_REQUEST_ID, lower, low, start)
    host = _last(_HOST, lower, low, start) or _HOST.search(lower, start, high)
    model = _MODEL.search(lower, start, end) or _last(_MODEL, lower, low, start) or _MODEL.search(lower, end, high)
    return Surroundings(
        error_code=_code(code),
        operation=envelope["operation"] if envelope else go["operation"] if go else None,
        service=tail["service"].strip() if tail else None,
        status=int(answered) if answered else None,
        request_id=(tail["request_id"] if tail else request[1] if request else None) or None,
        region=host[1] if host else None,
        model=_model(text, model),
        nested=len(tails) > 1,
        api_key=any(lower.find(word, low, high) >= 0 for word in _API_KEY),
    )


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    last = None
    for match in pattern.finditer(text, start, end):
        last = match
    return last


def _code(code: str | None) -> str | None:
    return code.split(":", 1)[0].rsplit("#", 1)[-1] or None if code else None


def _model(text: str, match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    model = text[match.start(1) : match.end(1)].rstrip(".,:")
    return (model.split("/", 1)[0] if match[0].startswith("/model/") else model).replace("%3A", ":").replace("%3a", ":")
