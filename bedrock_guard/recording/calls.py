"""The Bedrock calls that a program made: values, added up, and kept in a file from run to run. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bedrock_guard.errors import ConfigurationError

__all__ = ["DeniedOn", "NotedCall", "Notes", "added_up", "dumps", "loads"]

VERSION = "1.0"
"""Of a file of notes; another first number cannot be read."""

DeniedOn = tuple[str, str]
"""The action and the resource that AWS said a call was denied, by an error's message."""


@dataclass(frozen=True, slots=True)
class NotedCall:
    """Calls of one operation that need the same.

    Attributes:
        operation: As ``"bedrock-runtime:Converse"``.
        region: That was called; empty where the client had none.
        parameters: What of them says what the call needs.
        caller: ARN of the role, user or session that called; empty where nothing said it.
        with_key: Whether it was called with a Bedrock API key.
        cut: Whether the parameters could not be noted.
        outcomes: How many ended how: an error's code, empty for success.
        denied: What AWS denied.
    """

    operation: str
    region: str
    parameters: Mapping[str, Any] = field(hash=False)
    caller: str = ""
    with_key: bool = False
    cut: bool = False
    outcomes: Mapping[str, int] = field(default_factory=dict, hash=False)
    denied: frozenset[DeniedOn] = frozenset()

    @property
    def count(self) -> int:
        return sum(self.outcomes.values())

    @property
    def account(self) -> str:
        """The caller's 12 digits; empty where nothing said who that is."""
        return self.caller.split(":", 5)[4] if self.caller.count(":") >= 5 else ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "operation": self.operation,
            "region": self.region,
            "parameters": dict(self.parameters),
            "caller": self.caller or None,
            "with_key": self.with_key,
            "cut": self.cut,
            "outcomes": dict(sorted(self.outcomes.items())),
            "denied": [list(pair) for pair in sorted(self.denied)],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> NotedCall:
        return cls(
            operation=_text(data["operation"]),
            region=_text(data["region"]),
            parameters=_of(dict, data["parameters"]),
            caller=_text(data["caller"] or ""),
            with_key=_of(bool, data["with_key"]),
            cut=_of(bool, data["cut"]),
            outcomes={_text(code): _of(int, count) for code, count in _of(dict, data["outcomes"]).items()},
            denied=frozenset((_text(action), _text(resource)) for action, resource in data["denied"]),
        )


@dataclass(frozen=True, slots=True)
class Notes:
    """What was noted of one or more runs.

    Attributes:
        calls: Each kind of call once.
        lost: Notes that could not be taken.
        pythons: Processes of Python that were seen.
        botocores: Versions of botocore that they loaded.
    """

    calls: tuple[NotedCall, ...] = ()
    lost: int = 0
    pythons: int = 0
    botocores: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        return sum(call.count for call in self.calls)

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(sorted({call.operation for call in self.calls}))

    def __add__(self, other: Notes) -> Notes:
        return Notes(
            added_up((*self.calls, *other.calls)),
            self.lost + other.lost,
            self.pythons + other.pythons,
            self.botocores | other.botocores,
        )


def added_up(calls: Iterable[NotedCall]) -> tuple[NotedCall, ...]:
    """Each kind of call once, with the outcomes of all of them, in a lasting order."""
    outcomes: dict[str, dict[str, int]] = {}
    denied: dict[str, frozenset[DeniedOn]] = {}
    first: dict[str, NotedCall] = {}
    for call in calls:
        kind = json.dumps(
            [call.operation, call.region, call.caller, call.with_key, call.cut, call.parameters], sort_keys=True
        )
        first.setdefault(kind, call)
        denied[kind] = denied.get(kind, frozenset()) | call.denied
        so_far = outcomes.setdefault(kind, {})
        for code, count in call.outcomes.items():
            so_far[code] = so_far.get(code, 0) + count
    return tuple(
        NotedCall(
            operation=call.operation,
            region=call.region,
            parameters=call.parameters,
            caller=call.caller,
            with_key=call.with_key,
            cut=call.cut,
            outcomes=outcomes[kind],
            denied=denied[kind],
        )
        for kind, call in sorted(first.items())
    )


def dumps(notes: Notes) -> str:
    """The notes as the text of a file, the same each time."""
    data = {
        "schema_version": VERSION,
        "kind": "bedrock-guard-recording",
        "lost": notes.lost,
        "calls": [call.to_dict() for call in notes.calls],
    }
    return json.dumps(data, indent=2)


def loads(text: str, where: str) -> Notes:
    """The notes of such a file.

    Args:
        text: Its content.
        where: Its name, for the message.

    Raises:
        ConfigurationError: It is no file of notes.
    """
    try:
        data = json.loads(text)
        if data["kind"] != "bedrock-guard-recording" or data["schema_version"].partition(".")[0] != "1":
            raise _no_notes(where)
        return Notes(added_up(NotedCall.from_dict(one) for one in data["calls"]), _of(int, data["lost"]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise error if isinstance(error, ConfigurationError) else _no_notes(where) from error


def _no_notes(where: str) -> ConfigurationError:
    return ConfigurationError(
        f"{where}: no notes of `record` of the version {VERSION} or one that it can read", code="BG504"
    )


def _text(value: Any) -> str:
    return str(_of(str, value))


def _of(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(value)
    return value
