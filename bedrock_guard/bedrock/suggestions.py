"""The error for a name that does not exist, with the nearest names that do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from bedrock_guard.errors import ConfigurationError

__all__ = ["nearest", "no_such_name"]


def nearest(name: str, known: Mapping[str, str] | Iterable[str], *, count: int = 3, cutoff: float = 0.6) -> list[str]:
    """The keys of ``known`` that read most like ``name``, best first; a mapping gives its values instead."""
    found = difflib.get_close_matches(name, known, n=count, cutoff=cutoff)
    return [known[key] for key in found] if isinstance(known, Mapping) else found


def no_such_name(message: str, suggestions: Iterable[str]) -> ConfigurationError:
    """The error to raise: ``message``, then “did you mean …?” where there are suggestions."""
    unique = tuple(dict.fromkeys(suggestions))
    hint = f"; did you mean {' or '.join(unique)}?" if unique else ""
    return ConfigurationError(message + hint, suggestions=unique)
