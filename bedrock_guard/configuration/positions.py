"""Where in a TOML text each key and each value stands, which no parser of Python's tells.

The text has been read by the parser already, so this scanner tells things apart and does not judge them. What it
cannot follow (a syntax newer than it) ends it, and what lies behind gets the position of the nearest table above it.

Source: TOML 1.0.0 and 1.1.0 (toml.io, read 2026-11).
"""

from __future__ import annotations

import contextlib
import re

from bedrock_guard.configuration.toml import NotTomlError, parsed

__all__ = ["KeyPath", "Positions"]

KeyPath = tuple["str | int", ...]
"""Keys and 0-based indexes from the top of the text, such as ``("requests", 0, "operation")``."""

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?""""{0,2}'
    r"|'''.*?''''{0,2}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)


class _Lost(Exception):  # noqa: N818 - it says where the scanner is, and never leaves this module
    """The text goes on in a way that the scanner does not know."""


class Positions:
    """The places of a text's keys and values.

    Args:
        text: TOML that a parser has accepted, with a line feed alone at the end of lines.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._keys: dict[KeyPath, int] = {}
        self._values: dict[KeyPath, int] = {}
        self._tables: dict[KeyPath, int] = {}  # arrays of tables, and how many there are so far
        with contextlib.suppress(_Lost, NotTomlError, RecursionError):
            self._document()

    def of_key(self, path: KeyPath) -> int:
        """The 0-based offset of a key, where it is named first; an element of an array has its value's."""
        return self._nearest(path, self._keys)

    def of_value(self, path: KeyPath) -> int:
        """The 0-based offset of a value; a table under a header has that of its name in the header."""
        return self._nearest(path, self._values)

    def _nearest(self, path: KeyPath, places: dict[KeyPath, int]) -> int:
        for length in range(len(path), 0, -1):
            known = path[:length]
            if known in places or known in self._values:
                return places.get(known, self._values.get(known, 0))
        return 0

    # -- the text, from its beginning to its end ---------------------------------------------------------------------

    def _document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        """Passes ``[a.b]`` or ``[[a.b]]``; the path of the table that it opens."""
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        parts = self._dotted_key()
        path: KeyPath = ()
        for number, (name, offset) in enumerate(parts, start=1):
            path = self._named(path, name, offset)
            if brackets == 2 and number == len(parts):
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                self._values.setdefault(path, offset)
        self._expect("]" * brackets)
        return path

    def _pair(self, table: KeyPath) -> None:
        path = table
        parts = self._dotted_key()
        for name, offset in parts:
            path = self._named(path, name, offset)
        self._expect("=")
        self._skip(_SPACE)
        self._value(path)

    def _named(self, table: KeyPath, name: str, offset: int) -> KeyPath:
        path = (*table, name)
        self._keys.setdefault(path, offset)
        self._values.setdefault(path, offset)
        return path

    def _value(self, path: KeyPath) -> None:
        self._values[path] = self._at
        opening = self._next()
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._take(_STRING if opening in ("'", '"') else _BARE_VALUE)

    def _array(self, path: KeyPath) -> None:
        index = 0
        self._expect("[")
        self._skip(_BLANK)
        while self._next() != "]":
            self._value((*path, index))
            index += 1
            self._comma("]")
        self._expect("]")

    def _inline_table(self, path: KeyPath) -> None:
        self._expect("{")
        self._skip(_BLANK)
        while self._next() != "}":
            self._pair(path)
            self._comma("}")
        self._expect("}")

    def _comma(self, closing: str) -> None:
        """Passes what stands between two elements, or before the end."""
        self._skip(_BLANK)
        if self._next() != closing:
            self._expect(",")
            self._skip(_BLANK)

    def _dotted_key(self) -> list[tuple[str, int]]:
        """The parts of a key, each with its offset."""
        parts = []
        while True:
            self._skip(_SPACE)
            offset = self._at
            quoted = self._next() in ("'", '"')
            part = self._take(_STRING if quoted else _BARE_KEY)
            parts.append((_unquoted(part) if quoted else part, offset))
            self._skip(_SPACE)
            if self._next() != ".":
                return parts
            self._at += 1

    # -- steps -------------------------------------------------------------------------------------------------------

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise _Lost
        self._at = found.end()
        return found[0]

    def _expect(self, mark: str) -> None:
        self._skip(_SPACE)
        if not self._text.startswith(mark, self._at):
            raise _Lost
        self._at += len(mark)


def _unquoted(quoted: str) -> str:
    """The name that a quoted key stands for, its escapes read by the parser itself."""
    return str(parsed(f"name = {quoted}")["name"]) if "\\" in quoted else quoted[1:-1]
