"""Which parameter of a call a message is about, by the path or the value that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bedrock_guard.configuration.positions import KeyPath

__all__ = ["place_in"]

_MISNAMED = re.compile(r"(?P<parent>\S+) has no parameter '(?P<name>[^']+)'")
_OPERATION = re.compile(r"[A-Za-z0-9]+: ")


def place_in(parameters: Mapping[str, Any], message: str) -> tuple[KeyPath, bool]:
    """The path from the parameters to the one that ``message`` is about, and whether its name is what is wrong.

    The path is empty where the message names none of them.

    Args:
        parameters: Of a call, as the parser gives them.
        message: Such as ``"Converse: guardrailConfig.guardrailVersion is of the type int; expected a text"``.
    """
    every = list(_places(parameters, (), ""))
    misnamed = _MISNAMED.search(message)
    if misnamed is not None:
        wanted = {misnamed["name"], f"{misnamed['parent']}.{misnamed['name']}"}
        return next((path for path, written, _ in every if written in wanted), ()), True
    about = message[start.end() :] if (start := _OPERATION.match(message)) else message
    found = [
        path
        for path, written, value in every
        if about.startswith((f"{written} ", f"{written}:")) or _quoted(value, message)
    ]
    return max(found, key=len, default=()), False


def _places(value: Any, path: KeyPath, written: str) -> Iterator[tuple[KeyPath, str, Any]]:
    """Each parameter with its path as keys, its path as messages write it, and its value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _place(inner, (*path, key), f"{written}.{key}" if written else key)
            yield (*path, key), f"{written}[{key!r}]", inner  # how a key is written that is a name of the caller's
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _place(inner, (*path, index), f"{written}[{index}]")


def _place(value: Any, path: KeyPath, written: str) -> Iterator[tuple[KeyPath, str, Any]]:
    yield path, written, value
    yield from _places(value, path, written)


def _quoted(value: Any, message: str) -> bool:
    return isinstance(value, str) and repr(value) in message
