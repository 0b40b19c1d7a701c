"""Text as people paste it, made plain enough to be matched, with the way back to the original kept.

Escapes of JSON and Python, HTML entities, colours of terminals, typographic quotes and dashes, boxes, quoting marks and
the prefixes of docker, Kubernetes and CloudWatch all become what AWS wrote. One pass, linear in the text.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["Normal", "normalise"]

_COLOUR = (
    r"(?:\x1b|\\+(?:x1[bB]|u001[bB]|033|e)|\^\[)\[[0-9;?]{0,40}[A-Za-z]"
    r"|\x1b\]8;[^\x1b\x07]{0,2000}(?:\x1b\\|\x07)"
)
_UNSEEN = rf"[\u200b-\u200d\u2060\ufeff\u00ad]|{_COLOUR}"
_UNIT = rf"(?:[\s│┃║]|\\+(?:[nrt]|u00[aA]0|xa0)|&nbsp;|&\#160;|{_UNSEEN})"
_PREFIX = (
    r"(?:[|>]{1,9}[ \t]{1,9}|[\w./-]{1,64}[ \t]{1,64}\|[ \t]|E[ \t]{2,9})?"
    r"(?:\d{4}-\d\d-\d\d[T ][\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)?[ \t](?:std(?:out|err)[ \t][FP][ \t])?)?"
)
_TOKEN = re.compile(
    # Every alternative that starts with a run of one character also takes the whole run, so none is scanned twice.
    rf"(?P<space>(?:{_UNIT}{_UNIT}+|(?! ){_UNIT}))(?P<prefix>{_PREFIX})"
    r"|(?P<entity>&(?:amp;){0,9}(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)"
    r"|(?P<escape>\\+(?:u\{?(?P<unicode>[0-9a-fA-F]{4})\}?|x(?P<byte>[0-9a-fA-F]{2})|(?P<char>[\"'/_*.:`-])|))"
    r"|(?P<mojibake>â€(?:™|˜|œ|\x9d|“|”))"
    r"|(?P<quote>[‘’‚‛′ʼ＇“”„‟″＂‐‑‒–—−：`])"
    r"|(?P<mark>\*\*(?=[A-Za-z])|(?<=[A-Za-z])\*\*(?=[\s:.,)]|\Z)|</?(?:b|strong|code|em|i|pre|p|span|br) ?/?>)"
)
_PLAIN = {
    **dict.fromkeys("‘’‚‛′ʼ＇", "'"),
    **dict.fromkeys("“”„‟″＂", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
    "：": ":",
    "`": "",
}
_LOWER: dict[int, int | str] = {**{code: code + 32 for code in range(ord("A"), ord("Z") + 1)}, ord("\n"): " "}
_ENDS_LINE = re.compile(r"[\n\r\x85\u2028\u2029]|\\[nr]")
_LINE_LIMIT = 4000
_INVISIBLE = re.compile(_UNSEEN)


@dataclass(frozen=True, slots=True)
class Normal:
    """A text made plain.

    Attributes:
        original: As given.
        text: Plain: a run of white space is one space, or one line feed where it ended a line.
        lower: ``text`` in lower case and with spaces for line feeds; positions are the same.
    """

    original: str
    text: str
    lower: str
    _plain_at: tuple[int, ...]
    _original_at: tuple[int, ...]

    def origin(self, position: int) -> int:
        """Where the character at ``position`` of :attr:`text` came from in the original."""
        index = bisect_right(self._plain_at, position) - 1
        if index < 0:
            return position
        return min(self._original_at[index] + position - self._plain_at[index], len(self.original))

    def lines_around(self, start: int, end: int, *, floor: int, ceiling: int) -> str:
        """The lines of the original that hold ``text[start:end]``, no farther than floor, ceiling and a limit."""
        first, last = self.origin(start), self.origin(end)
        low = max(self.origin(floor) if floor else 0, first - _LINE_LIMIT)
        high = min(self.origin(ceiling) if ceiling < len(self.text) else len(self.original), last + _LINE_LIMIT)
        line_end = self.original.find("\n", last, max(high, last))
        return self.original[
            max(low, self.original.rfind("\n", low, first) + 1) : line_end if line_end >= 0 else max(high, last)
        ].strip("\r\n")


def normalise(original: str) -> Normal:
    """The text made plain."""
    pieces: list[str] = []
    plain_at: list[int] = []
    original_at: list[int] = []
    done = length = 0
    for match in _TOKEN.finditer(original):
        piece = _replaced(match)
        start, end = match.span()
        pieces += (original[done:start], piece)
        length += start - done + len(piece)
        done = end
        plain_at.append(length)
        original_at.append(end)
    pieces.append(original[done:])
    text = "".join(pieces)
    return Normal(original, text, text.translate(_LOWER), tuple(plain_at), tuple(original_at))


def _replaced(match: re.Match[str]) -> str:
    whole = match[0]
    if match["space"] is not None:
        return _space(match["space"]) + match["prefix"] * (not _ENDS_LINE.search(match["space"]))
    if match["entity"] is not None:
        return _character(html.unescape("&" + whole.replace("amp;", "")[1:]))
    if match["escape"] is not None:
        number = match["unicode"] or match["byte"]
        return _character(chr(int(number, 16)) if number else match["char"] or whole)
    if match["mojibake"] is not None:
        return "'" if whole[2] in "™˜" else '"'
    if match["quote"] is not None:
        return _PLAIN[whole]
    return " " if "br" in whole else ""


def _space(run: str) -> str:
    if _ENDS_LINE.search(run):
        return "\n"
    return " " if _INVISIBLE.sub("", run) else ""


def _character(character: str) -> str:
    if character.isspace():
        return " "
    return _PLAIN.get(character, character)
