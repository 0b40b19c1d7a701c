"""Mappings and JSON values walked: every string in them is read, with the code, operation and ids that stand beside it.

Shapes met: botocore's ``{"Error": {…}, "ResponseMetadata": {…}}``, CloudTrail's ``{"errorCode": …, "errorMessage": …}``
under ``Records``, ``detail`` or ``CloudTrailEvent``, an HTTP response as ``{"status": …, "headers": …, "body": …}``,
CloudWatch's ``{"events": [{"message": …}]}``, docker's ``{"log": …}``, and the bodies of OpenAI-compatible endpoints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bedrock_guard.advice.denials.surroundings import Surroundings
from bedrock_guard.advice.denials.units import Unit, decoded, units_of_text

__all__ = ["texts_of_tree"]

_DEPTH_LIMIT = 200
_JSON_LIMIT = 8
_PARTS = ("error", "responsemetadata", "httpheaders", "headers", "$metadata", "useridentity", "requestparameters",
          "additionaleventdata")  # fmt: skip
_MESSAGES = frozenset({"message", "errormessage", "error_message", "msg", "detail", "error_description"})
_FIELDS = {
    "errorcode": "error_code",
    "error_code": "error_code",
    "x-amzn-errortype": "error_code",
    "__type": "error_code",
    "eventname": "operation",
    "operation": "operation",
    "operation_name": "operation",
    "eventsource": "service",
    "awsregion": "region",
    "requestid": "request_id",
    "request_id": "request_id",
    "x-amzn-requestid": "request_id",
    "modelid": "model",
    "model_id": "model",
}
_STATUSES = ("status", "statuscode", "status_code", "httpstatuscode")


def texts_of_tree(tree: Any, known: Surroundings) -> Iterator[Unit]:
    """Every mapping and every string of the tree, in order; a mapping comes before what is in it."""
    stack: list[tuple[Any, Surroundings, int, int, bool]] = [(tree, known, 0, 0, False)]
    # The values are kept, so that no other can get the same id.
    seen: dict[int, Any] = {}
    while stack:
        value, here, depth, unpacked, is_message = stack.pop()
        if isinstance(value, (bytes, bytearray, memoryview)):
            value = decoded(value)
        if isinstance(value, str):
            yield from _string(value, here, depth, unpacked, is_message, stack)
        elif isinstance(value, Mapping):
            if depth > _DEPTH_LIMIT or id(value) in seen:
                continue
            seen[id(value)] = value
            entries = _entries(value)
            own = _own(entries).or_else(here)
            yield Unit(tree=dict(entries), known=own)
            beside = any(key.lower() in ("code", "errorcode", "__type", "type") for key, _ in entries)
            for key, child in reversed(entries):
                message = key.lower() in _MESSAGES and (beside or own.error_code is not None)
                stack.append((child, own, depth + 1, unpacked, message))
        elif isinstance(value, (list, tuple, set, frozenset)) and depth <= _DEPTH_LIMIT:
            if id(value) in seen:
                continue
            seen[id(value)] = value
            stack.extend((child, here, depth + 1, unpacked, False) for child in reversed(list(value)))


def _string(
    value: str,
    here: Surroundings,
    depth: int,
    unpacked: int,
    is_message: bool,  # noqa: FBT001  # the stack's own entry, taken apart
    stack: list[tuple[Any, Surroundings, int, int, bool]],
) -> Iterator[Unit]:
    if unpacked < _JSON_LIMIT and value.lstrip()[:1] in ("{", "["):
        parts = list(units_of_text(value))
        if any(part.tree is not None for part in parts):
            for part in reversed(parts):
                child = part.text if part.tree is None else part.tree
                stack.append((child, here, depth + 1, unpacked + 1, is_message and part.tree is None))
            return
    if value:
        yield Unit(text=value, known=here, is_message=is_message)


def _entries(mapping: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    try:
        return [(str(key), value) for key, value in mapping.items()]
    except Exception:  # noqa: BLE001  # a mapping of somebody else may do anything
        return []


def _own(entries: list[tuple[str, Any]]) -> Surroundings:
    """What a mapping says about the error in it, itself or in the parts that belong to it."""
    found: dict[str, Any] = {}
    codes: dict[str, str] = {}
    parts: list[list[tuple[str, Any]]] = [entries]
    while parts:
        part = parts.pop(0)
        for key, value in part:
            lowered = key.lower()
            if isinstance(value, Mapping) and lowered in _PARTS and len(parts) < len(_PARTS):
                nested = _entries(value)
                parts.append(nested)
                if lowered == "useridentity":
                    found.setdefault("caller", _text(dict(nested).get("arn")))
            elif lowered in _STATUSES and found.get("status") is None:
                found["status"] = _status(value)
            elif lowered in ("code", "type") and isinstance(value, str) and _is_code(value):
                codes.setdefault(lowered, _bare(value))
            elif lowered in _FIELDS and isinstance(value, str) and value:
                found.setdefault(_FIELDS[lowered], _bare(value) if _FIELDS[lowered] == "error_code" else value)
            elif lowered == "callwithbearertoken" and value in (True, "true"):
                found["api_key"] = True
    # OpenAI's errors have a kind besides, which may come first and says less.
    for code in (codes[name] for name in ("code", "type") if name in codes):
        found.setdefault("error_code", code)
    return Surroundings(**found)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _status(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 3:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599 else None


def _is_code(value: str) -> bool:
    return len(value) <= 100 and " " not in value and not value.isdigit()


def _bare(value: str) -> str:
    return value.split(":", 1)[0].rsplit("#", 1)[-1].rsplit(".", 1)[-1]
