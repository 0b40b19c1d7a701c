"""The page of a code, as the documentation has it and as an installed package carries it."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

from bedrock_guard.bedrock.suggestions import nearest, no_such_name
from bedrock_guard.codes import CODES

__all__ = ["page_of"]

_CHECKOUT_PAGES = Path(__file__).parents[1] / "docs" / "codes"

# What a page tells the tests of its examples, which no reader sees.
_COMMENT = re.compile(r"^<!--.*?-->\n\n?", re.DOTALL | re.MULTILINE)


def page_of(code: str) -> str:
    """The page as Markdown: the message, why it comes, how to see it, what ends it, and an example.

    Args:
        code: Such as ``BG203``, in any case.

    Raises:
        ConfigurationError: There is no such code (BG501); its suggestions are the nearest ones.
    """
    name = code.strip().upper()
    if name not in CODES:
        raise no_such_name(f"there is no code {code!r} (`bedrock-guard list codes` has all)", _nearest(name))
    return _COMMENT.sub("", _text(f"{name}.md"))


def _nearest(name: str) -> list[str]:
    """The codes that read most like it, of its own hundred where there is one."""
    return nearest(name, [code for code in CODES if code[:3] == name[:3]] or list(CODES))


def _text(file: str) -> str:
    # The wheel holds the pages beside this module; a checkout, and an editable install of it, where they are written.
    # Not importlib.resources, as elsewhere in the package: it costs more to import than all else here.
    try:
        content = pkgutil.get_data("bedrock_guard", f"data/codes/{file}")
    except OSError:
        content = None
    return (_CHECKOUT_PAGES / file).read_text(encoding="utf-8") if content is None else content.decode("utf-8")
