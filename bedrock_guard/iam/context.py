"""The context of a request: which condition keys have which values, and which nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from bedrock_guard.iam.wildcard import Pattern, compile_pattern

if TYPE_CHECKING:
    from bedrock_guard.iam.policy import Policy

__all__ = ["Absent", "Context", "Unknown", "context_keys"]


class Absent(Enum):
    """The request has no such key."""

    ABSENT = "absent"


class Unknown(Enum):
    """Nobody knows whether the request has the key, nor its value."""

    UNKNOWN = "unknown"


_ABSENT = Absent.ABSENT
_UNKNOWN = Unknown.UNKNOWN


class Context:
    """The condition keys of one request.

    Key names are compared without case. A text is a single value, a sequence makes the key multivalued, and an
    empty sequence is a key that is absent for certain. Of two spellings of one key the later wins.

    Attributes:
        values: As given.
        unknown: As given.
    """

    __slots__ = ("_known", "_unknown", "unknown", "values")

    def __init__(self, values: Mapping[str, str | Sequence[str]] | None = None, unknown: Collection[str] = ()) -> None:
        """Args:
        values: What the request has, such as ``{"aws:RequestedRegion": "us-east-1"}``.
        unknown: Patterns of keys of which nobody knows the value, such as ``aws:SourceVpce`` or
            ``aws:PrincipalTag/*``. Keys in ``values`` are known whatever these say; all others are absent.
        """
        self.values: Mapping[str, str | Sequence[str]] = dict(values or {})
        self.unknown = tuple(unknown)
        known: dict[str, str | tuple[str, ...] | Absent | Unknown] = {}
        for key, value in self.values.items():
            if isinstance(value, str):
                known[key.lower()] = value
            else:
                known[key.lower()] = tuple(value) or _ABSENT
        self._known = known
        self._unknown: tuple[Pattern, ...] = tuple(compile_pattern(key.lower()) for key in self.unknown)

    def lookup(self, key: str) -> str | tuple[str, ...] | Absent | Unknown:
        """The value of a key, which must be given in lower case."""
        found = self._known.get(key)
        if found is None:
            if not self._unknown:
                return _ABSENT
            unknown = any(pattern.matches(key) for pattern in self._unknown)
            # Remembered: the same few keys are asked for by every statement.
            found = self._known[key] = _UNKNOWN if unknown else _ABSENT
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Context):
            return NotImplemented
        return self.values == other.values and self.unknown == other.unknown

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Context({dict(self.values)!r}, unknown={self.unknown!r})"


def context_keys(policies: Iterable[Policy]) -> tuple[str, ...]:
    """The keys that the conditions and variables of these policies use, once each, as written, in order.

    Two spellings of one key are two entries, as in the answers of IAM. A version without variables has none.
    """
    return tuple(dict.fromkeys(key for policy in policies for key in policy.rules.context_keys))
