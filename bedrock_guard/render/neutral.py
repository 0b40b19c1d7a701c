"""Text from outside, made safe to print: AWS's messages, session names, Sids and file contents may hold anything."""

from __future__ import annotations

import unicodedata

__all__ = ["neutral"]

# Control, format (bidirectional overrides, zero-width, tags), surrogate, and the two separators that end a line.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

_LIMIT = 2048
"""An ARN has at most as many characters (model of iam:SimulatePrincipalPolicy, botocore 1.44.5)."""


def neutral(text: str, *, limit: int = _LIMIT) -> str:
    r"""One line that moves no cursor, hides nothing and turns no direction: what could is written as ``\x1b``.

    Args:
        text: Anything.
        limit: Characters of ``text`` that are kept; how many were cut is said.
    """
    shown = text[:limit]
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(_escaped(c) if unicodedata.category(c) in _UNSAFE else c for c in shown)
    cut = len(text) - limit
    return shown if cut <= 0 else f"{shown}… ({cut} more characters)"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
