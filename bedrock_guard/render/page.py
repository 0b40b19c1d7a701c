"""How text for a person is laid out: a width, colours, labels, remedies with what is to be pasted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.snippets import statements_text
from bedrock_guard.report import Remedy

__all__ = ["BOLD", "CODE_WIDTH", "GREEN", "NARROWEST", "RED", "YELLOW", "Page", "labelled", "remedy_parts"]

CODE_WIDTH = 7
"""Columns before an action; a code and two spaces."""
NARROWEST = 40
_LABEL = 5

# Select Graphic Rendition parameters (ECMA-48): bold red, bold yellow, bold green, bold, dim.
RED, YELLOW, GREEN, BOLD, _DIM = "1;31", "1;33", "1;32", "1", "2"


@dataclass(frozen=True, slots=True)
class Page:
    """Where lines are laid out: how wide, and whether in colour."""

    width: int
    colour: bool

    def paint(self, text: str, rendition: str) -> str:
        return f"\x1b[{rendition}m{text}\x1b[0m" if self.colour and text else text

    def wrap(self, text: str, indent: int = 0, *, first: str | None = None) -> list[str]:
        """``text`` in lines no wider than the page unless a word is; the first after ``first``."""
        return textwrap.wrap(
            text,
            max(self.width, indent + 20),
            initial_indent=" " * indent if first is None else first,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def labelled(label: str, items: Iterable[str], page: Page, *, whole: bool = False) -> list[str]:
    """The items one below the other after the label; ``whole`` ones are never broken."""
    indent = CODE_WIDTH + _LABEL
    lines = [line for item in items for line in ([" " * indent + item] if whole else page.wrap(item, indent))]
    if lines:
        lines[0] = " " * CODE_WIDTH + page.paint(label, _DIM) + " " * (_LABEL - len(label)) + lines[0][indent:]
    return lines


def remedy_parts(remedies: Sequence[Remedy], page: Page) -> list[list[str]]:
    """What to do, each remedy a part of its own, numbered where there are several."""
    numbered = len(remedies) > 1
    return [_remedy(remedy, f"{number}. " if numbered else "", page) for number, remedy in enumerate(remedies, 1)]


def _remedy(remedy: Remedy, number: str, page: Page) -> list[str]:
    lines = page.wrap(neutral(remedy.text), len(number), first=number)
    if remedy.statements:
        lines += statements_text(remedy.statements, indent="  ").splitlines()
    if remedy.opens:
        lines += page.wrap(neutral(f"This also allows {remedy.opens}"))
    return lines
