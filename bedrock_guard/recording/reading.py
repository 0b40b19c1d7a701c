"""From the lines that the recorder left to the calls that were made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bedrock_guard.advice.denials import read_denials
from bedrock_guard.recording.calls import DeniedOn, NotedCall, Notes, added_up

__all__ = ["read_folder"]

BEARER = "bearer"
"""In place of a digest: the call was made with an API key."""


def read_folder(folder: Path) -> Notes:
    """What all processes of a run noted.

    Args:
        folder: Where the recorder wrote; a line that is not whole, as of a process that was killed, counts as lost.
    """
    whose: dict[str, str] = {}
    processes = [_read_process(_lines(file), whose) for file in sorted(folder.glob("*.jsonl"))]
    # Who has an access key may be known from another process than the one that called with it.
    callers = whose | {who: denied for one in processes for who, denied in one.denied_as.items() if who not in whose}
    return Notes(
        calls=added_up(call for one in processes for call in one.calls(callers)),
        lost=sum(one.lost + one.of_unknown_calls for one in processes),
        pythons=sum(one.pythons for one in processes),
        botocores=frozenset(version for one in processes for version in one.botocores),
    )


@dataclass
class _Process:
    """What stands in one file."""

    noted: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    made: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)
    denied_as: dict[str, str] = field(default_factory=dict)
    botocores: set[str] = field(default_factory=set)
    pythons: int = 0
    lost: int = 0

    @property
    def of_unknown_calls(self) -> int:
        """Calls of which the line that says what they are could not be written."""
        return sum(count for made, count in self.made.items() if made[0] not in self.noted)

    def calls(self, callers: Mapping[str, str]) -> Iterator[NotedCall]:
        """One for each that was made, and one for each kind that was sent and never answered."""
        answered = set()
        for (number, who, outcome, message), count in self.made.items():
            if number in self.noted:
                answered.add(number)
                denied, caller = _denied(message)
                yield _call(
                    self.noted[number],
                    outcomes={outcome: count},
                    caller=callers.get(who) or caller,
                    with_key=who == BEARER,
                    denied=denied,
                )
        for number in sorted(self.noted.keys() - answered):
            yield _call(self.noted[number], outcomes={"no answer": 1})


def _call(noted: Mapping[str, Any], **more: Any) -> NotedCall:
    return NotedCall(
        operation=noted["operation"],
        region=noted["region"],
        parameters=noted["parameters"],
        cut=bool(noted.get("cut")),
        **more,
    )


def _read_process(lines: Iterable[Mapping[str, Any] | None], whose: dict[str, str]) -> _Process:
    found = _Process()
    for line in lines:
        if line is None:
            found.lost += 1
        elif "id" in line:
            found.noted[line["id"]] = line
        elif "call" in line:
            who, message = line.get("who", ""), line.get("denied", "")
            found.made[line["call"], who, line["outcome"], message] += 1
            caller = _denied(message)[1]
            if caller and who not in ("", BEARER):
                found.denied_as[who] = caller
        elif "arn" in line:
            whose[line["who"]] = line["arn"]
        else:
            found.lost += line.get("lost", 0)
            found.pythons += "python" in line
            found.botocores |= {line["botocore"]} if "botocore" in line else set()
    return found


def _lines(file: Path) -> Iterator[Mapping[str, Any] | None]:
    with file.open(encoding="utf-8", errors="replace") as text:
        for line in text:
            try:
                read = json.loads(line)
            except ValueError:
                read = None
            yield read if isinstance(read, dict) else None


@lru_cache(maxsize=256)
def _denied(message: str) -> tuple[frozenset[DeniedOn], str]:
    """What AWS says that it denied, and whom."""
    if not message:
        return frozenset(), ""
    denials = [one for one in read_denials(message).denials if not one.nested]
    pairs = frozenset((one.action, one.resource or "*") for one in denials if one.action)
    callers = [one.caller for one in denials if one.caller and one.caller.startswith("arn:")]
    return pairs, callers[0] if callers else ""
