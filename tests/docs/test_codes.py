"""Every code has a page, every page a code and an example of it, and the index lists them all.

That the examples print what their pages show is a matter of `tests.docs.test_pages`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from bedrock_guard.codes import CODES
from tests.docs.pages import Block, Treatment, read_blocks
from tests.docs.running import SHELLS, shell_commands

PAGES = Path(__file__).parents[2] / "docs" / "codes"


def test_pages_and_codes_are_the_same() -> None:
    assert {page.stem for page in PAGES.glob("BG*.md")} == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_has_the_codes_own_title_and_is_made_of_the_same_parts(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code]}\n\n> ")
    assert headings(text) == ["## Why", "## How to see it", "## What ends it", "## Example"]
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    assert f"| [{code}]({code}.md) | {CODES[code]} |" in index


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_example_prints_its_code_and_has_the_message_at_the_top_of_the_page(code: str) -> None:
    """A reader who has the message in hand, ours or AWS's, finds the page by it; what the page elides is anything."""
    page = PAGES / f"{code}.md"
    blocks = example_blocks(page)
    printed = in_one_line(text for block in blocks for text in _printed(block))
    assert re.search(rf"\b{code}\b", printed), printed
    explained = in_one_line(block.text for block in blocks if block.language == "text" and block.title)
    message = message_pattern(page.read_text(encoding="utf-8"))
    assert message.search(printed) or message.search(explained), message


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("## ")]


def message_pattern(text: str) -> re.Pattern[str]:
    """What matches the page's message, however its lines are broken."""
    quoted = " ".join(line.lstrip("> ") for line in text.splitlines() if line.startswith(">"))
    return re.compile(".*".join(re.escape(part.strip()) for part in quoted.split("…")))


def example_blocks(page: Path) -> list[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    start = lines.index("## Example") if "## Example" in lines else len(lines)
    return [block for block in read_blocks(page) if block.line > start]


def in_one_line(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).split())


def _printed(block: Block) -> list[str]:
    if block.treatment is Treatment.OUTPUT:
        return [block.text]
    if block.language in SHELLS and block.treatment is Treatment.RUN:
        return [printed or "" for _, _, printed in shell_commands(block)]
    return []
