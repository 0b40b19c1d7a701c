"""JSON read into a tree that knows where everything stands, without recursion and past small mistakes.

A trailing or a missing comma is reported and read over; anything else that is not JSON ends the reading.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum

from bedrock_guard.errors import Fault
from bedrock_guard.iam.policy import Position

__all__ = ["MAX_DEPTH", "MAX_FAULTS", "Kind", "Node", "Text", "read_json"]

MAX_DEPTH = 32
"""Levels of nesting that are read; a policy needs seven."""

MAX_FAULTS = 100
"""Faults that are reported of one document; a hostile one has as many as characters."""


class Kind(str, Enum):
    """What a JSON value is; the values read well in messages."""

    OBJECT = "an object"
    ARRAY = "a list"
    STRING = "a string"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    NULL = "null"


@dataclass(eq=False, slots=True)
class Node:
    """One JSON value.

    Attributes:
        kind: What it is.
        start: Offset of its first character.
        end: Offset one past its last character.
        text: A string decoded, a number or literal as spelled; empty for objects and lists.
        members: Of an object, in order, duplicates included.
        items: Of a list.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    members: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)


class Text:
    """A document's text with its lines, and the faults found in it.

    Attributes:
        text: The text.
        faults: In the order found.
        skipped: How many more there were than are kept.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.skipped = 0
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def position(self, offset: int) -> Position:
        """Line and column of an offset; CR, LF and CR LF each end a line, as for IAM."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def fault(self, offset: int, message: str, expected: str = "") -> None:
        """Notes a fault at an offset."""
        if len(self.faults) >= MAX_FAULTS:
            self.skipped += 1
            return
        at = self.position(offset)
        self.faults.append(Fault(message, at.line, at.column, self.line(at.line), expected))


_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\s{}\[\]:,\"]{1,40}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LITERALS = {"true": Kind.BOOLEAN, "false": Kind.BOOLEAN, "null": Kind.NULL}
_SHOWN = 40


class _NotJsonError(Exception):
    """The text ends or goes on in a way that cannot be read over; the fault is noted."""


def read_json(source: Text) -> Node | None:
    """The document, or None when it could not be read to its end; the faults are noted in ``source``."""
    try:
        return _Reader(source).document()
    except _NotJsonError:
        return None


class _Reader:
    def __init__(self, source: Text) -> None:
        self.source = source
        self.text = source.text
        self.at = 0

    def document(self) -> Node:
        root = self._value("a policy document, which begins with {")
        open_nodes = [root] if root.kind in (Kind.OBJECT, Kind.ARRAY) else []
        while open_nodes:
            entered = self._step(open_nodes[-1])
            if entered is None:
                open_nodes.pop()
            elif entered.kind in (Kind.OBJECT, Kind.ARRAY):
                if len(open_nodes) >= MAX_DEPTH:
                    self._stop(entered.start, f"nested deeper than {MAX_DEPTH} levels")
                open_nodes.append(entered)
        self._space()
        if self.at < len(self.text):
            self._stop(self.at, f"{self._here()} after the end of the document", "nothing")
        return root

    def _step(self, node: Node) -> Node | None:
        """Reads the next value of an open object or list; None when it was closed instead."""
        close = "}" if node.kind is Kind.OBJECT else "]"
        first = not node.members and not node.items
        comma = self._comma(node, close)
        if self._peek() == close:
            if comma is not None:
                self.source.fault(comma, f"a comma before the closing {close}", "no comma after the last value")
            self.at += 1
            node.end = self.at
            return None
        if not first and comma is None:
            self.source.fault(self.at, f"{self._here()} without a comma before it", "a comma")
        if node.kind is Kind.ARRAY:
            value = self._value("a value")
            node.items.append(value)
            return value
        key = self._value("a name in double quotes")
        if key.kind is not Kind.STRING:
            self._stop(key.start, f"{key.kind.value} where a name belongs", "a name in double quotes")
        if self._peek() != ":":
            self._stop(self.at, f"{self._here()} after the name {key.text[:_SHOWN]!r}", "a colon")
        self.at += 1
        value = self._value("a value")
        node.members.append((key, value))
        return value

    def _comma(self, node: Node, close: str) -> int | None:
        """Reads the comma before a further value and says where it stands."""
        found = self._peek()
        if not found:
            at = self.source.position(node.start)
            thing = "object" if node.kind is Kind.OBJECT else "list"
            self._stop(self.at, f"the text ends inside the {thing} opened at {at}", close)
        if found != ",":
            return None
        comma = self.at
        if not node.members and not node.items:
            self._stop(comma, "a comma before the first value", "a value")
        self.at += 1
        self._peek()
        return comma

    def _value(self, wanted: str) -> Node:
        found = self._peek()
        start = self.at
        if found == "{" or found == "[":
            self.at += 1
            return Node(Kind.OBJECT if found == "{" else Kind.ARRAY, start, self.at)
        if found == '"':
            return self._string()
        number = _NUMBER.match(self.text, start)
        word = _WORD.match(self.text, start)
        if number and word and number.end() == word.end():
            self.at = number.end()
            return Node(Kind.NUMBER, start, self.at, number.group())
        if word and word.group() in _LITERALS:
            self.at = word.end()
            return Node(_LITERALS[word.group()], start, self.at, word.group())
        if number and number.end() - start > _SHOWN:
            self.at = number.end()
            return Node(Kind.NUMBER, start, self.at, number.group())
        self._stop(start, f"{self._here()} is not JSON", wanted)
        raise AssertionError

    def _string(self) -> Node:
        start = self.at
        found = _STRING.match(self.text, start)
        if found is None:
            self._unfinished_string(start)
            raise AssertionError
        raw = found.group()
        self.at = found.end()
        if "\\" not in raw:
            return Node(Kind.STRING, start, self.at, raw[1:-1])
        try:
            text = json.loads(raw)
        except ValueError as error:
            offset = start + getattr(error, "pos", 0)
            self.source.fault(
                offset, "an escape that JSON does not have", 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX'
            )
            text = raw[1:-1]
        if _SURROGATE.search(text):
            self.source.fault(start, "a string with half of a surrogate pair", "text that can be encoded")
        return Node(Kind.STRING, start, self.at, text)

    def _unfinished_string(self, start: int) -> None:
        stopped = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*').match(self.text, start)
        end = stopped.end() if stopped else start
        if end < len(self.text) and self.text[end] < " ":
            self._stop(
                end, f"a control character (U+{ord(self.text[end]):04X}) inside a string", "an escape such as \\n"
            )
        self._stop(start, "a string without an end", 'a closing "')

    def _peek(self) -> str:
        self._space()
        return self.text[self.at : self.at + 1]

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _here(self) -> str:
        if self.at >= len(self.text):
            return "the end of the text"
        word = _WORD.match(self.text, self.at)
        return repr(word.group() if word else self.text[self.at])

    def _stop(self, offset: int, message: str, expected: str = "") -> None:
        self.source.fault(offset, message, expected)
        raise _NotJsonError
