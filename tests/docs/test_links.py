"""Links between pages work on a code host as well as in the built docs, which alone mkdocs checks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, name_of

_CODE = re.compile(r"^[ \t]*(`{3,}|~{3,}).*?^[ \t]*\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?P<target>[^()\s]+)\)")


def local_targets(text: str) -> list[str]:
    """The files that a page's links name, without their anchors; links within the page and to elsewhere left out."""
    targets = (match["target"].partition("#")[0] for match in _LINK.finditer(_CODE.sub("", text)))
    return [target for target in targets if target and ":" not in target]


@pytest.mark.parametrize("page", [*PAGES, PAGES[0].with_name("CONTRIBUTING.md")], ids=name_of)
def test_files_that_a_page_links_to_exist(page: Path) -> None:
    targets = local_targets(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_links_in_code_and_to_elsewhere_are_no_files() -> None:
    text = """[a](one.md) [b](two.md#part) [c](#part) [d](https://example.com/x.md) `[e](code.md)`
```text
[f](block.md)
```
[g](three.md)
"""
    assert local_targets(text) == ["one.md", "two.md", "three.md"]
