"""The context entries of a simulation: condition keys whose values have to fit their types.

Source: answers of the real service recorded 2026-09-11 (github.com/radkawar/stackd).
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Sequence
from typing import Any

from bedrock_guard.iam.comparisons import read_date
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["read_context_entries"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_context_entries(given: Any) -> dict[str, str | Sequence[str]]:
    """The values by key as written; a text for a scalar type, a list for a list type.

    Raises:
        AwsError: ``InvalidInput``: a value does not fit its type, or a key is given twice in whatever case.
    """
    found: dict[str, str | Sequence[str]] = {}
    seen: set[str] = set()
    for entry in given if isinstance(given, list) else ():
        fields = entry if isinstance(entry, dict) else {}
        key, type_ = str(fields.get("ContextKeyName", "")), str(fields.get("ContextKeyType", "stringList"))
        values = fields.get("ContextKeyValues")
        texts = [str(value) for value in values] if isinstance(values, list) else []
        if key.lower() in seen:
            raise AwsError("InvalidInput", f"Duplicate context key: {key}.")
        seen.add(key.lower())
        found[key] = _typed(key, type_, texts)
    return found


def _typed(key: str, type_: str, values: list[str]) -> str | list[str]:
    scalar = type_.removesuffix("List")
    if scalar == type_ and len(values) != 1:
        raise AwsError("InvalidInput", f"Context key {type_} expected a single value, but received {len(values)}.")
    test = _TESTS.get(scalar)
    if test is not None:
        fits, expected = test
        for value in values:
            if not fits(value):
                raise AwsError("InvalidInput", f"Invalid context value for key {key}: expected {expected}.")
    return values[0] if scalar == type_ else values


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    return read_date(text) is not None


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_binary(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return False
    return True


_TESTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "numeric": (_is_number, "numeric format"),
    "date": (_is_date, "DateTime format"),
    "ip": (_is_ip, "IP address"),
    "binary": (_is_binary, "base-64 encoded binary format"),
}
"""A boolean may be any text: what is neither true nor false matches neither."""
