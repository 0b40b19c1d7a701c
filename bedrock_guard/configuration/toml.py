"""TOML texts to values, with the place where a text is not TOML."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Any

__all__ = ["NotTomlError", "parsed"]

# Python's own parser is tomli under another name. Imported by name: each Python has one of the two, and so has each
# type checker's idea of a Python.
_parser = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


class NotTomlError(ValueError):
    """A text that is not TOML.

    Attributes:
        message: What is wrong, in the parser's words.
        line: 1-based.
        column: 1-based.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


def parsed(text: str) -> dict[str, Any]:
    """What ``text`` says.

    Args:
        text: With a line feed alone at the end of lines.

    Raises:
        NotTomlError: It is not TOML, or holds what Python cannot (a number of thousands of digits).
    """
    try:
        found: dict[str, Any] = _parser.loads(text)
    except ValueError as error:
        message = str(error)
        place = _PLACE.search(message)
        if place is None:
            raise NotTomlError(message, 1, 1) from error
        message = message[: place.start()]
        if place["line"] is None:
            raise NotTomlError(f"{message}, where the text ends", *_end(text)) from error
        raise NotTomlError(message, int(place["line"]), int(place["column"])) from error
    except RecursionError as error:
        raise NotTomlError("brackets without end", 1, 1) from error
    return found


def _end(text: str) -> tuple[int, int]:
    """Line and column behind the last character that is no white space, where what is missing should stand."""
    text = text.rstrip()
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
