"""Patterns with ``*`` and ``?``, matched in time that no pattern can blow up.

Three shapes, from common to rare, so that the common ones stay cheap:

    no wildcard        one comparison
    only ``*``         the literals between the stars, each searched once from where the last one ended
    with ``?``         all positions that the pattern read so far can have reached, as the bits of one integer

The last one takes one step of a few machine operations per pattern character, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Protocol

__all__ = ["Pattern", "Token", "Wild", "compile_pattern", "compile_tokens", "matches", "tokens_of"]


class Wild(Enum):
    """A wildcard of a pattern."""

    STAR = "any number of characters"
    ONE = "one character"
    STAR_IN_SEGMENT = "any number of characters, no colon"
    ONE_IN_SEGMENT = "one character, no colon"


Token = str | Wild
"""A part of a pattern: a literal text, or a wildcard."""

_WILD = re.compile(r"([*?])")


class Pattern(Protocol):
    """A compiled pattern."""

    def matches(self, text: str) -> bool:
        """Whether the whole of ``text`` fits."""
        ...


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether the whole of ``text`` fits ``pattern``, where ``*`` is any text and ``?`` any one character."""
    if ignore_case:
        pattern, text = pattern.lower(), text.lower()
    return compile_pattern(pattern).matches(text)


def tokens_of(pattern: str) -> list[Token]:
    """The literals and wildcards of ``pattern``, in order."""
    found: list[Token] = []
    for part in _WILD.split(pattern):
        if part == "*":
            found.append(Wild.STAR)
        elif part == "?":
            found.append(Wild.ONE)
        elif part:
            found.append(part)
    return found


def compile_pattern(pattern: str) -> Pattern:
    """``pattern`` made ready to be matched many times."""
    if "?" in pattern:
        return compile_tokens(tokens_of(pattern))
    return _between_stars(pattern.split("*"))


def compile_tokens(tokens: Iterable[Token]) -> Pattern:
    """A pattern given in parts, for those whose literals may contain ``*`` and ``?`` themselves."""
    tokens = list(tokens)
    if all(isinstance(token, str) or token is Wild.STAR for token in tokens):
        parts = [""]
        for token in tokens:
            if isinstance(token, str):
                parts[-1] += token
            else:
                parts.append("")
        return _between_stars(parts)
    return _Positions(tokens)


def _between_stars(parts: Sequence[str]) -> Pattern:
    if len(parts) == 1:
        return _Exactly(parts[0])
    middle = tuple(part for part in parts[1:-1] if part)
    if not middle and not parts[0] and not parts[-1]:
        return _ANYTHING
    return _Stars(parts[0], middle, parts[-1])


class _Exactly:
    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def matches(self, text: str) -> bool:
        return text == self.text


class Anything:
    """The pattern ``*``."""

    __slots__ = ()

    def matches(self, text: str) -> bool:  # noqa: ARG002 -- the protocol's signature
        return True


_ANYTHING = Anything()


class _Stars:
    """Literals with stars between them.

    Taking the leftmost place for each literal in turn is enough: a later place never leaves more text for the rest.
    """

    __slots__ = ("head", "middle", "shortest", "tail")

    def __init__(self, head: str, middle: tuple[str, ...], tail: str) -> None:
        self.head = head
        self.middle = middle
        self.tail = tail
        self.shortest = len(head) + len(tail)

    def matches(self, text: str) -> bool:
        if len(text) < self.shortest or not text.startswith(self.head) or not text.endswith(self.tail):
            return False
        if not self.middle:
            return True
        at = len(self.head)
        end = len(text) - len(self.tail)
        for part in self.middle:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True


_MASKS_KEPT = 512
"""Masks held at once: each has a bit per character of the text, and a hostile text has many characters."""


class _Positions:
    """A pattern with ``?`` or with wildcards that stop at a colon.

    Bit ``i`` of ``reached`` is set when the tokens read so far can match exactly ``text[:i]``.
    """

    __slots__ = ("shortest", "tokens")

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens = tuple(tokens)
        self.shortest = sum(
            len(token) if isinstance(token, str) else token in (Wild.ONE, Wild.ONE_IN_SEGMENT) for token in self.tokens
        )

    def matches(self, text: str) -> bool:
        if len(text) < self.shortest:
            return False
        masks = _Masks(text)
        whole = (1 << (len(text) + 1)) - 1
        reached = 1
        for token in self.tokens:
            if isinstance(token, str):
                for character in token:
                    reached = (reached & masks[character]) << 1
            elif token is Wild.ONE:
                reached = (reached << 1) & whole
            elif token is Wild.STAR:
                # Everything at or above the lowest position reached.
                reached = whole & ~((reached & -reached) - 1)
            elif token is Wild.ONE_IN_SEGMENT:
                reached = (reached & masks.not_colon) << 1
            else:
                # The addition carries each position through the run of characters it stands before.
                free = masks.not_colon
                reached = ((((reached & free) + free) ^ free) | reached) & whole
            if not reached:
                return False
        return bool(reached >> len(text))


class _Masks:
    """For a character, the integer whose bit ``i`` says whether it is ``text[i]``."""

    __slots__ = ("_made", "_not_colon", "_places", "_size")

    def __init__(self, text: str) -> None:
        places: dict[str, list[int]] = {}
        for place, character in enumerate(text):
            places.setdefault(character, []).append(place)
        self._places = places
        self._size = len(text)
        self._made: dict[str, int] = {}
        self._not_colon: int | None = None

    def __getitem__(self, character: str) -> int:
        mask = self._made.get(character)
        if mask is None:
            if len(self._made) >= _MASKS_KEPT:
                self._made.clear()
            mask = self._made[character] = self._make(character)
        return mask

    def _make(self, character: str) -> int:
        places = self._places.get(character)
        if places is None:
            return 0
        bits = bytearray(self._size // 8 + 1)
        for place in places:
            bits[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(bits, "little")

    @property
    def not_colon(self) -> int:
        if self._not_colon is None:
            self._not_colon = ((1 << self._size) - 1) & ~self[":"]
        return self._not_colon
