"""Reads the blocks of a Markdown page, with what the page says about running them.

A page tells the tests how to treat its next block in an HTML comment, which readers do not see:

    <!-- docs: skip REASON -->      not run; the reason is for whoever reads the page's source
    <!-- docs: raises NAME -->      Python that must end in this exception
    <!-- docs: output -->           not code, but what the block before prints, an exception's last line included
    <!-- docs: setup
    aws.role("app", policies=[])    Python, run where it stands and seen by nobody
    -->

A block of any other language with a `title` is a file: it is written before the blocks after it run.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_ROOT = Path(__file__).parents[2]
PAGES = (_ROOT / "README.md", *sorted((_ROOT / "docs").rglob("*.md")))


def name_of(page: Path) -> str:
    """The page as the repository names it, such as ``docs/quickstart.md``."""
    return page.relative_to(_ROOT).as_posix()


class Treatment(str, Enum):
    """What a page asks for a block."""

    RUN = "run"
    SKIP = "skip"
    RAISES = "raises"
    OUTPUT = "output"
    SETUP = "setup"


@dataclass(frozen=True)
class Block:
    """One block of a page: its language, its text without indentation, and the line of the page that text begins on."""

    language: str
    text: str
    line: int
    title: str = ""
    treatment: Treatment = Treatment.RUN
    detail: str = ""


class PageError(ValueError):
    """A page breaks the rules of this module; the message names the page's line."""


_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_COMMENT = re.compile(r"^[ \t]*<!--[ \t]*docs:[ \t]*(?P<word>\w+)(?P<detail>[^\n]*?)(?P<end>-->)?[ \t]*$")
_TITLE = re.compile(r"\btitle=(?P<quote>[\"'])(?P<title>.*?)(?P=quote)")
_NEEDS_DETAIL = (Treatment.SKIP, Treatment.RAISES)


def read_blocks(page: Path) -> list[Block]:
    """The page's fenced blocks and hidden set-ups, in order.

    Raises:
        PageError: A comment names no treatment, lacks its reason, or has no block; a block or comment does not end.
    """
    lines = page.read_text(encoding="utf-8").splitlines()
    blocks: list[Block] = []
    numbered = iter(enumerate(lines, start=1))
    pending: tuple[Treatment, str, int] | None = None
    for number, line in numbered:
        if comment := _COMMENT.match(line):
            if pending:
                break
            treatment, detail = _treatment(page, number, comment)
            if treatment is Treatment.SETUP:
                blocks.append(_setup(page, number, numbered))
            else:
                pending = treatment, detail, number
        elif fence := _FENCE.match(line):
            treatment, detail, _ = pending or (Treatment.RUN, "", 0)
            blocks.append(_fenced(page, number, fence, numbered, treatment, detail))
            pending = None
        elif line.strip() and pending:
            break
    if pending:
        raise PageError(f"{page}:{pending[2]}: no block follows this comment")
    return blocks


def _treatment(page: Path, number: int, comment: re.Match[str]) -> tuple[Treatment, str]:
    word, detail = comment["word"], comment["detail"].strip()
    if word not in {treatment.value for treatment in Treatment} - {Treatment.RUN.value}:
        raise PageError(f"{page}:{number}: unknown treatment {word!r}")
    treatment = Treatment(word)
    if (treatment in _NEEDS_DETAIL) != bool(detail):
        raise PageError(f"{page}:{number}: {word} {'takes nothing' if detail else 'needs to say what'}")
    if (treatment is Treatment.SETUP) == bool(comment["end"]):
        raise PageError(f"{page}:{number}: {word} is a comment of {'several lines' if comment['end'] else 'one line'}")
    return treatment, detail


def _setup(page: Path, start: int, numbered: Iterator[tuple[int, str]]) -> Block:
    text: list[str] = []
    for _, line in numbered:
        if line.strip() == "-->":
            return Block("python", _dedented(text), start + 1, treatment=Treatment.SETUP)
        text.append(line)
    raise PageError(f"{page}:{start}: this comment does not end")


def _fenced(
    page: Path,
    start: int,
    fence: re.Match[str],
    numbered: Iterator[tuple[int, str]],
    treatment: Treatment,
    detail: str,
) -> Block:
    info = fence["info"].strip()
    title = _TITLE.search(info)
    text: list[str] = []
    for _, line in numbered:
        closing = line.strip()
        if len(closing) >= len(fence["fence"]) and set(closing) == {fence["fence"][0]}:
            return Block(
                info.partition(" ")[0], _dedented(text), start + 1, title["title"] if title else "", treatment, detail
            )
        text.append(line)
    raise PageError(f"{page}:{start}: this block does not end")


def _dedented(lines: list[str]) -> str:
    return textwrap.dedent("".join(f"{line}\n" for line in lines))
