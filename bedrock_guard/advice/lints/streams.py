"""One of the two actions that a model is called with, without the other.

Source: botocore's model of bedrock-runtime 1.44.5: Converse asks for bedrock:InvokeModel, ConverseStream for
bedrock:InvokeModelWithResponseStream, and to deny a model both are to be denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bedrock_guard.advice.lints.reading import GRANTING, Reading, listed, shown
from bedrock_guard.advice.lints.resource_kinds import possible_kinds
from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.iam.resources import compile_resource
from bedrock_guard.iam.wildcard import Pattern, tokens_of
from bedrock_guard.report import Note

__all__ = ["lint_streams"]

_WHOLE = "bedrock:invokemodel"
_STREAM = "bedrock:invokemodelwithresponsestream"
_NO_STREAM = re.compile(
    r"/(us-gov|[a-z]{2,6})?\.?(amazon\.(titan-(embed|image)|nova-(canvas|reel|2-multimodal-embed)|rerank)|cohere\.(embed|rerank)"
    r"|stability\.|twelvelabs\.marengo|luma\.)"
)
"""Models of embeddings, images, videos and ranks, which do not stream, also behind an inference profile.

Source: Bedrock User Guide, models-supported, column “Streaming” (read 2026-11-24).
"""

_MOST_PATTERNS = 64
"""Entries with wildcards that others are held against; where there are more, nothing is said."""


def lint_streams(readings: Sequence[Reading]) -> Iterator[Note]:
    """BG518: a statement about one of the two actions where no statement is about the other."""
    granting = [one for one in readings if one.allows and one.policy.kind in GRANTING]
    denying = [one for one in readings if not one.allows]
    for group in (granting, denying):
        for action, other in ((_WHOLE, _STREAM), (_STREAM, _WHOLE)):
            covered = _Covered(one for one in group if other in one.actions)
            for reading in group:
                if action in reading.actions and other not in reading.actions and not _needless(reading, other):
                    left = _left(reading, other, covered)
                    if left:
                        yield reading.note("BG518", _text(reading, action, left))


class _Covered:
    """The resources that statements about one action name."""

    def __init__(self, readings: Iterator[Reading]) -> None:
        self.everything = False
        self._texts: set[str] = set()
        for reading in readings:
            if reading.statement.resources is None or "*" in reading.statement.resources:
                self.everything = True
            self._texts.update(reading.statement.resources or ())
        wild = [text for text in sorted(self._texts) if "*" in text or "?" in text]
        self._unclear = len(wild) > _MOST_PATTERNS
        self._patterns: list[Pattern] = [compile_resource(tokens_of(text)) for text in wild[:_MOST_PATTERNS]]

    def holds(self, entry: str) -> bool:
        if self.everything or self._unclear or entry in self._texts:
            return True
        return any(pattern.matches(entry) for pattern in self._patterns)


def _needless(reading: Reading, other: str) -> bool:
    """Whether the other action need not be granted, because the app makes no call that is authorised as it."""
    return reading.allows and reading.app is not None and other not in reading.app.actions


def _left(reading: Reading, other: str, covered: _Covered) -> list[str]:
    """The entries of a statement on which the other action is not granted or denied, though it could be."""
    if covered.everything:
        return []
    entries = reading.statement.resources
    if entries is None or "*" in entries:
        return ["*"] if not covered.holds("*") else []
    kinds = {("bedrock", kind.name) for kind in find_action(other).resource_kinds}
    return [
        entry
        for entry in dict.fromkeys(entries)
        if kinds & possible_kinds((entry,)) and not _NO_STREAM.search(entry) and not covered.holds(entry)
    ]


def _text(reading: Reading, action: str, left: Sequence[str]) -> str:
    on = "" if "*" in left else f" on {listed((shown(one) for one in left), most=2)}"
    if not reading.allows:
        streams, not_said = (
            ("ConverseStream and InvokeModelWithResponseStream", "InvokeModelWithResponseStream")
            if action == _WHOLE
            else ("Converse and InvokeModel", "InvokeModel")
        )
        said = find_action(action).name
        return (
            f"denying {said} alone does not block the model{on}: {streams} are authorised as bedrock:{not_said}, which "
            "is not denied there; deny both"
        )
    if action == _WHOLE:
        return (
            f"bedrock:InvokeModel is granted without bedrock:InvokeModelWithResponseStream{on}: ConverseStream and "
            "InvokeModelWithResponseStream will be denied; if the app streams, grant both"
        )
    return (
        f"bedrock:InvokeModelWithResponseStream is granted without bedrock:InvokeModel{on}: Converse and InvokeModel "
        "will be denied; if the app calls without streaming too, grant both"
    )
