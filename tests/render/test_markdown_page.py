"""A page in a terminal: text fits the width, code stays as it is to be copied, links say where they lead."""

from __future__ import annotations

import re

import pytest

from bedrock_guard.code_pages import page_of
from bedrock_guard.codes import CODES
from bedrock_guard.render.markdown_page import render_page

PAGE = """\
# BG999: a title

> the message, which is
> long

## Why

Some words with `code that stays` and [BG307](BG307.md), and
[Model ids](../models.md#forms) and [AWS](https://example.com/x).

- one
  more
- two

## Example

1. Write `[no](link.md)`:

```json title="policy.json"
{"a": 1,

 "b": 2}
```

~~~sh
$ bedrock-guard check # not a heading
> not a quotation
~~~

| action | on |
| --- | --- |
| `a:B` | `*` |
| `a:Longer` | [BG101](BG101.md) |
"""


def test_a_page_is_laid_out_by_its_parts() -> None:
    assert render_page(PAGE, width=60) == (
        "BG999: a title\n\n"
        "  the message, which is long\n\n"
        "Why\n\n"
        "Some words with `code that stays` and BG307, and Model ids\n"
        "(docs/models.md) and AWS (https://example.com/x).\n\n"
        "- one more\n"
        "- two\n\n"
        "Example\n\n"
        "1. Write `[no](link.md)`:\n\n"
        "policy.json:\n"
        '    {"a": 1,\n'
        "\n"
        '     "b": 2}\n\n'
        "    $ bedrock-guard check # not a heading\n"
        "    > not a quotation\n\n"
        "action      on\n"
        "`a:B`       `*`\n"
        "`a:Longer`  BG101"
    )


def test_code_within_a_sentence_is_not_broken_over_lines() -> None:
    text = render_page("Word " * 9 + "`aws iam get-role --role-name NAME` shows it.", width=60)
    assert text.splitlines()[1] == "`aws iam get-role --role-name NAME` shows it."


@pytest.mark.parametrize("width", [0, 40, 80, 120])
@pytest.mark.parametrize("code", sorted(CODES))
def test_every_page_of_a_code_fits_the_width_outside_of_code_and_loses_no_word(code: str, width: int) -> None:
    page = page_of(code)
    shown = render_page(page, width=width)
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    for line in shown.splitlines():
        one_word = " " not in re.sub("`[^`]*`", "", line).strip()
        assert len(line) <= max(width, 40) or line.startswith("    ") or one_word or "|" in prose, line
    words = re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", prose))
    assert [word for word in words if word not in shown] == []
    for block in re.findall(r"^```.*?\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE):
        assert "\n".join(f"    {line}".rstrip() for line in block.splitlines()) in shown


def test_only_a_terminal_gets_renditions() -> None:
    assert "\x1b" not in render_page(PAGE)
    coloured = render_page(PAGE, colour=True)
    assert "\x1b[1mWhy\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == render_page(PAGE)
