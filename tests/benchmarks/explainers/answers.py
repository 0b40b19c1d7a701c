"""What a peer answered, kept as data: one file for each peer beside this module, with its version and the day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).with_name("answers")
"""Where the recordings are."""


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        asked: What the peer was given: the message's text, or its events as JSON.
        exit: The exit code.
        text: What it printed for a person, without colours.
        data: The same as data, where the peer offers that.
    """

    asked: str
    exit: int
    text: str
    data: Any = None


@dataclass(frozen=True)
class Recording:
    """All that one version of a peer answered on one day, by the messages' names."""

    peer: str
    version: str
    date: str
    answers: Mapping[str, Answer]

    def write(self, directory: Path) -> None:
        """Writes the file that :func:`read_recording` reads."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (directory / f"{self.peer}.json").write_text(f"{text}\n", encoding="utf-8")


def read_recording(peer: str, directory: Path = ANSWERS) -> Recording:
    """The peer's recorded answers."""
    data = json.loads((directory / f"{peer}.json").read_text(encoding="utf-8"))
    answers = {name: Answer(**answer) for name, answer in data["answers"].items()}
    return Recording(data["peer"], data["version"], data["date"], answers)
