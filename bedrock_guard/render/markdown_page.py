"""A page of the documentation as a terminal shows it: its text in the terminal's width, its code as it is."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

__all__ = ["render_page"]

_NARROWEST = 40
_BOLD, _DIM = "1", "2"

_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_TITLE = re.compile(r'\btitle="(?P<title>[^"]*)"')
_HEADING = re.compile(r"^#{1,6} (?P<text>.*)$")
_ITEM = re.compile(r"^(?P<mark>[-*]|\d+\.) +(?P<text>.*)$")
_CODE_SPAN = re.compile(r"`[^`]+`")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^()\s]+)\)")
_TABLE_RULE = re.compile(r"^\|[\s:|-]+\|$")

# textwrap breaks at spaces of ASCII alone, so what is written with these is kept on one line.
_KEPT_SPACE = "\xa0"


def render_page(markdown: str, *, width: int = 80, colour: bool = False) -> str:
    """The page as lines of text without a final line end.

    It reads the Markdown that the pages of codes are written in: headings, paragraphs, lists, quotations, tables,
    fenced code and links. Code is indented and never broken, since it is there to be copied.

    Args:
        markdown: The page.
        width: Columns to fit; at least 40 are taken.
        colour: Whether headings are marked with ANSI renditions; only for a terminal.
    """
    page = max(width, _NARROWEST)
    return "\n\n".join("\n".join(_block(block, page, colour=colour)) for block in _blocks(markdown.splitlines()))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """The page's blocks, which empty lines part outside of code."""
    block: list[str] = []
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if fence:
            block.append(line)
            if line.strip() == fence:
                yield block
                block, fence = [], ""
        elif opening or not line.strip() or _HEADING.match(line):
            if block:
                yield block
            block = []
            if opening:
                block, fence = [line], opening["fence"]
            elif line.strip():
                yield [line]
        else:
            block.append(line)
    if block:
        yield block


def _block(lines: Sequence[str], width: int, *, colour: bool) -> Iterator[str]:
    first = lines[0]
    if fence := _FENCE.match(first):
        title = _TITLE.search(fence["info"])
        if title:
            yield _painted(f"{title['title']}:", _DIM, colour=colour)
        yield from (f"    {line}".rstrip() for line in lines[1:-1])
    elif heading := _HEADING.match(first):
        yield from (_painted(line, _BOLD, colour=colour) for line in _wrapped(heading["text"], width))
    elif first.startswith("|"):
        yield from _table(lines)
    elif first.startswith(">"):
        yield from _wrapped(" ".join(line.lstrip("> ") for line in lines), width, first="  ", rest="  ")
    elif _ITEM.match(first):
        yield from _list(lines, width)
    else:
        yield from _wrapped(" ".join(lines), width)


def _list(lines: Sequence[str], width: int) -> Iterator[str]:
    items: list[tuple[str, str]] = []
    for line in lines:
        if item := _ITEM.match(line):
            items.append((f"{item['mark']} ", item["text"]))
        else:
            mark, text = items[-1]
            items[-1] = (mark, f"{text} {line.strip()}")
    for mark, text in items:
        yield from _wrapped(text, width, first=mark, rest=" " * len(mark))


def _table(lines: Sequence[str]) -> Iterator[str]:
    rows = [
        [_plain(cell.strip()) for cell in line.strip().strip("|").split("|")]
        for line in lines
        if not _TABLE_RULE.match(line.strip())
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip()


def _wrapped(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    kept = _CODE_SPAN.sub(lambda code: _kept(code[0], width), _plain(text))
    lines = textwrap.wrap(
        kept, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_KEPT_SPACE, " ") for line in lines]


def _kept(code: str, width: int) -> str:
    """Code of one line stays on one line."""
    return code.replace(" ", _KEPT_SPACE) if len(code) <= width else code


def _plain(text: str) -> str:
    """The text with its links written out: a page of a code by its code, any other page by its file or address."""
    parts: list[str] = []
    end = 0
    for code in _CODE_SPAN.finditer(text):
        parts += [_LINK.sub(_link, text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, _LINK.sub(_link, text[end:])])


def _link(link: re.Match[str]) -> str:
    text, target = link["text"], link["target"].partition("#")[0]
    if target in ("", f"{text}.md"):
        return text
    return f"{text} ({target if ':' in target else target.replace('../', 'docs/', 1)})"


def _painted(text: str, rendition: str, *, colour: bool) -> str:
    return f"\x1b[{rendition}m{text}\x1b[0m" if colour else text
