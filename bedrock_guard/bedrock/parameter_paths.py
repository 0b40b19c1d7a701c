"""What stands at a path of a request: ``a.b[].c`` is the ``c`` of every entry of the list ``b``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bedrock_guard.errors import ConfigurationError

__all__ = ["texts_at", "unusable", "values_at"]


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
