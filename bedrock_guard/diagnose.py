"""The other use case: an error that was met, explained, from its text alone or with what AWS says now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedrock_guard.advice.denial_remedies import remedies_of
from bedrock_guard.advice.denials import read_denials
from bedrock_guard.advice.diagnosis import Diagnosis

__all__ = ["Diagnosis", "explain"]


def explain(source: Any) -> Diagnosis:
    """The diagnosis of an error, wherever it was seen; the text alone is read, no call is made.

    Args:
        source: A message, log, traceback, JSON document, CloudTrail event or HTTP response as text or bytes; a parsed
            mapping of one; an exception, whose causes and groups are read too; or the response object of an HTTP client
            (with ``status_code`` and ``text`` or ``content``).

    Raises:
        TypeError: Something else.
    """
    reading = read_denials(_readable(source))
    return Diagnosis(denials=reading.denials, remedies=remedies_of(reading.denials), unrecognised=reading.unrecognised)


def _readable(source: Any) -> str | bytes | BaseException | Mapping[str, Any]:
    if isinstance(source, (str, bytes, bytearray, memoryview, BaseException, Mapping)):
        return source if not isinstance(source, (bytearray, memoryview)) else bytes(source)
    status = getattr(source, "status_code", None)
    if isinstance(status, int):
        for name in ("text", "content"):
            body = getattr(source, name, None)
            if isinstance(body, (str, bytes)):
                return {"statusCode": status, "headers": _headers(source), "body": body}
    raise TypeError(
        f"explain() takes a text, bytes, an exception, a mapping or an HTTP response, not {type(source).__name__}"
    )


def _headers(response: Any) -> dict[str, str]:
    headers = getattr(response, "headers", None)
    return {str(k): str(v) for k, v in headers.items()} if isinstance(headers, Mapping) else {}
