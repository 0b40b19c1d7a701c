"""Every code has a page, every page a code, and the index lists them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedrock_guard.codes import CODES

PAGES = Path(__file__).parents[2] / "docs" / "codes"


def test_pages_and_codes_are_the_same() -> None:
    assert {page.stem for page in PAGES.glob("BG*.md")} == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_has_the_codes_own_title_and_says_why_how_to_see_it_and_what_ends_it(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code]}\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Why",
        "## How to see it",
        "## What ends it",
    ]
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    assert f"| [{code}]({code}.md) | {CODES[code]} |" in index
