"""A request held against the model of its operation: names, types and what is empty, in nested members too. Pure.

boto3 refuses such a call when the app makes it. Here all that is wrong with it is said before, and nothing is concluded
from a parameter that no call can have. What is left out is no fault: a request may be given in part.

Source: botocore's models, by their constraints as botocore.validate (1.44.5) checks them; beside those an identifier
that is empty, and the version of a guardrail, which AWS refuses by the pattern of the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.operations import Operation
from bedrock_guard.bedrock.suggestions import nearest
from bedrock_guard.errors import ConfigurationError

__all__ = ["IsNewer", "ShapedRequest", "shaped_request"]

IsNewer = Callable[[Operation, str], bool]
"""Whether the installed botocore knows a parameter that the catalogue lacks, by its path: ``toolConfig.tools[].x``."""

_DEEPEST = 60
"""Levels of a request; the filters of a knowledge base hold one another, and nobody writes so many."""

_VERSIONS = {".v": re.compile(r"|[1-9][0-9]{0,7}|DRAFT"), ".v0": re.compile(r"[0-9]{1,8}|DRAFT")}

_ARN = re.compile(r"arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+")

_GONE = object()
"""In place of a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class ShapedRequest:
    """A request, as far as its operation takes it.

    Attributes:
        parameters: Without what is named in the faults, and without what is newer.
        faults: Everything that the operation does not take.
        newer: Places of parameters that are not in the catalogue and that the installed botocore knows.
        arns: Each ARN that is named, with its place; what stands in documents is not looked at.
    """

    parameters: Mapping[str, Any]
    faults: tuple[ConfigurationError, ...]
    newer: tuple[str, ...]
    arns: tuple[tuple[str, str], ...]


def shaped_request(
    operation: Operation, parameters: Mapping[str, Any], *, is_newer: IsNewer | None = None
) -> ShapedRequest:
    """The request ``parameters`` of ``operation``, with all that is wrong with it.

    Args:
        operation: The operation.
        parameters: As boto3 takes them; some may be missing.
        is_newer: Asked about names that the catalogue lacks; without it they are faults.
    """
    reading = _Reading(operation, tables.inputs()["shapes"][operation.service], is_newer)
    kept: Mapping[str, Any] = {}
    try:
        kept = reading.structure(f"@{operation.name}", parameters, _Place("", "", 0))
    except _TooDeepError as error:
        reading.fault(f"{error} is nested too deeply for a request")
    return ShapedRequest(kept, tuple(reading.faults), tuple(reading.newer), tuple(reading.arns))


class _TooDeepError(Exception):
    """A value that holds itself may hold itself twice: nothing more of it is read."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the request: as it reads (``tools[2].name``), as a path (``tools[].name``), and how deep."""

    text: str
    path: str
    depth: int

    def member(self, name: str) -> _Place:
        dot = "." if self.text else ""
        return _Place(f"{self.text}{dot}{name}", f"{self.path}{dot}{name}", self.depth + 1)

    def entry(self, position: int) -> _Place:
        return _Place(f"{self.text}[{position}]", f"{self.path}[]", self.depth + 1)

    def value(self, key: str) -> _Place:
        return _Place(f"{self.text}[{key!r}]", f"{self.path}{{}}", self.depth + 1)


@dataclass(frozen=True, slots=True)
class _Reading:
    operation: Operation
    shapes: Mapping[str, str]
    is_newer: IsNewer | None
    faults: list[ConfigurationError] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    arns: list[tuple[str, str]] = field(default_factory=list)

    def structure(self, name: str, given: Mapping[Any, Any], place: _Place) -> dict[str, Any]:
        """The members that can be used; the others are faults."""
        written = self.shapes[name]
        members = _members(written)
        kept: dict[str, Any] = {}
        for key, value in given.items():
            if key in members:
                found = self.value(members[key], value, place.member(key))
                if found is not _GONE:
                    kept[key] = found
            elif isinstance(key, str) and self.is_newer and self.is_newer(self.operation, place.member(key).path):
                self.newer.append(place.member(key).text)
            else:
                self.unknown(key, members, place)
        named = [key for key in given if key in members]
        if written.startswith("|") and len(named) > 1:
            self.fault(f"{place.text} takes one of its members, and {' and '.join(named)} are given")
        return kept

    def value(self, held: str, value: Any, place: _Place) -> Any:
        """What is usable of a value, for what stands there by the model."""
        if value is None and held != ".d":
            return self.fault(f"{place.text} is None, which boto3 does not send: leave it out, or give it")
        if place.depth > _DEEPEST:
            raise _TooDeepError(place.text.partition(".")[0])
        if held.startswith("."):
            return self.plain(held, value, place)
        written = self.shapes[held]
        if written.startswith("["):
            return self.entries(written, value, place)
        if not isinstance(value, Mapping):
            return self.wrong_type(value, "a mapping", place)
        if written.startswith("{"):
            return {
                key: found
                for key, one in value.items()
                if (found := self.value(written[1:], one, place.value(str(key)))) is not _GONE
            }
        return self.structure(held, value, place)

    def entries(self, written: str, value: Any, place: _Place) -> Any:
        least, held = _least(written[1:])
        if not isinstance(value, (list, tuple)):
            return self.wrong_type(value, "a list", place)
        if len(value) < least:
            return self.fault(f"{place.text} has {len(value)} entries; expected at least {least}")
        found = [self.value(held, one, place.entry(position)) for position, one in enumerate(value)]
        return [None if one is _GONE else one for one in found]

    def plain(self, held: str, value: Any, place: _Place) -> Any:
        expected, types = _PLAIN[held[:2]]
        if not isinstance(value, types) and not (held == ".x" and hasattr(value, "read")):
            return self.wrong_type(value, expected, place)
        if held == ".t" and isinstance(value, str) and not any(map(str.isdigit, value)):
            return self.fault(f"{place.text} is a text that tells no time")
        if held[:2] == ".s" and len(value) < int(held[2:] or 0):
            if not value:
                return self.fault(f"{place.text} is empty")
            return self.fault(f"{place.text} has {len(value)} characters; expected at least {held[2:]}")
        if held[:2] == ".i" and value < int(held[2:] or value):
            return self.fault(f"{place.text} is {value}; expected at least {held[2:]}")
        if held in _VERSIONS and not _VERSIONS[held].fullmatch(value):
            return self.fault(f"{place.text}: {value!r} is no version of a guardrail; expected a number, or DRAFT")
        if held[:2] == ".s" and _ARN.fullmatch(value):
            self.arns.append((place.text, value))
        return value

    def unknown(self, name: Any, members: Mapping[str, str], place: _Place) -> None:
        close = tuple(self.close(name, members)) if isinstance(name, str) else ()
        hint = f"; did you mean {close[0]}?" if close else f"; it takes {', '.join(sorted(members)) or 'none'}"
        where = f": {place.text}" if place.text else ""
        message = f"{self.operation.name}{where} has no parameter {name!r}{hint}"
        self.faults.append(ConfigurationError(message, suggestions=close, code="BG504"))

    def close(self, name: str, members: Mapping[str, str]) -> Iterator[str]:
        folded = _fold(name)
        for member, held in members.items():
            inside = _members(self.shapes[held]) if not held.startswith(".") else {}
            yield from (f"{member}.{one}" for one in inside if _fold(one) == folded)
        by_fold = {_fold(member): member for member in sorted(members)}
        yield from (right for one, right in by_fold.items() if one.startswith(folded) or folded.startswith(one))
        yield from nearest(folded, by_fold, count=1)

    def wrong_type(self, value: Any, expected: str, place: _Place) -> object:
        # The type alone: the value may be a secret.
        return self.fault(f"{place.text} is of the type {type(value).__name__}; expected {expected}")

    def fault(self, message: str) -> object:
        self.faults.append(ConfigurationError(f"{self.operation.name}: {message}", code="BG504"))
        return _GONE


_NUMBERS = (int, float, Decimal)
_PLAIN: Mapping[str, tuple[str, tuple[type, ...]]] = {
    ".s": ("a text", (str,)),
    ".v": ("a text", (str,)),
    ".i": ("an integer", (int,)),
    ".f": ("a number", _NUMBERS),
    ".b": ("True or False", (bool,)),
    ".x": ("bytes", (bytes, bytearray, str)),
    ".t": ("a time", (datetime, str, *_NUMBERS)),
    ".d": ("what JSON can hold", (str, *_NUMBERS, list, tuple, dict, type(None))),
}


@lru_cache(maxsize=256)
def _members(written: str) -> Mapping[str, str]:
    """Name to what it holds; nothing for a list or a map."""
    if written.startswith(("[", "{")):
        return {}
    pairs = (one.partition(":") for one in written.removeprefix("|").split())
    return {name: held for name, _, held in pairs}


def _least(written: str) -> tuple[int, str]:
    """The fewest entries, and what each is."""
    held = written.lstrip("0123456789")
    return int(written[: len(written) - len(held)] or 0), held


def _fold(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
