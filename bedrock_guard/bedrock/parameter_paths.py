"""What stands at a path of a request: ``a.b[].c`` is the ``c`` of every entry of the list ``b``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bedrock_guard.bedrock.parameters.rules import BODY
from bedrock_guard.errors import ConfigurationError

__all__ = ["texts_at", "texts_in_body", "unusable", "values_at"]


def values_at(parameters: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Every value at ``path`` with the place it was found, as ``content[2].image``.

    What is not there, None or empty counts as not given.

    Raises:
        ConfigurationError: A value on the way is not the mapping or the list that the path runs through.
    """
    yield from _values(parameters, path.split("."), "")


def texts_at(parameters: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """As :func:`values_at`, for values that are texts or lists of texts.

    Raises:
        ConfigurationError: Also for a value that is no text.
    """
    for place, value in values_at(parameters, path):
        if not isinstance(value, str):
            raise unusable(place, value, "a text")
        yield place, value


def texts_in_body(parameters: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Every text at ``path``, which begins with ``body.``, with the place it was found; nothing is an error.

    Every model has its own form of body, so that what is not of the form of the path says nothing, and a body that is
    no JSON has no place at all. A stream is not read: the app could not send it any more.
    """
    body = parameters.get("body")
    steps = path.removeprefix(BODY).split(".")
    if not isinstance(body, (str, bytes, bytearray)) or not body:
        return
    # A body holds images too: it is parsed only where it has the names of the path.
    names = [step.removesuffix("[]") for step in steps]
    if isinstance(body, str):
        named = all(name in body for name in names)
    else:
        named = all(name.encode() in body for name in names)
    if not named:
        return
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return
    yield from _texts_inside(document, steps, BODY.removesuffix("."))


def _texts_inside(value: Any, steps: list[str], place: str) -> Iterator[tuple[str, str]]:
    if not steps:
        if isinstance(value, str) and value:
            yield place, value
        return
    name = steps[0].removesuffix("[]")
    found = value.get(name) if isinstance(value, Mapping) else None
    if not steps[0].endswith("[]"):
        yield from _texts_inside(found, steps[1:], f"{place}.{name}")
        return
    for position, entry in enumerate(found if isinstance(found, list) else ()):
        yield from _texts_inside(entry, steps[1:], f"{place}.{name}[{position}]")


def unusable(place: str, value: object, expected: str) -> ConfigurationError:
    """The error for a value that is of another type than the parameter; it shows the type alone, as the value may be
    a secret.
    """
    return ConfigurationError(f"{place} is of the type {type(value).__name__}; expected {expected}", code="BG504")


def _values(value: Any, steps: list[str], place: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield place, value
        return
    if not isinstance(value, Mapping):
        raise unusable(place, value, "a mapping")
    name = steps[0].removesuffix("[]")
    inside = f"{place}.{name}" if place else name
    found = value.get(name)
    if found is None or found == "" or (isinstance(found, (Mapping, list, tuple)) and not found):
        return
    if not steps[0].endswith("[]"):
        yield from _values(found, steps[1:], inside)
        return
    if not isinstance(found, (list, tuple)):
        raise unusable(inside, found, "a list")
    for position, entry in enumerate(found):
        if entry is not None and entry != "":
            yield from _values(entry, steps[1:], f"{inside}[{position}]")
