"""Capabilities by name: what an app does with Bedrock, in a word, and the operations and actions that it takes.

Names are ``area.verb``. The entries are data, one file an area, in :mod:`bedrock_guard.bedrock.capability_entries`;
adding one takes its operations, the actions that no operation brings, and the AWS page behind those.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bedrock_guard.bedrock.capability import Capability, merged
from bedrock_guard.bedrock.capability_entries import ENTRIES
from bedrock_guard.bedrock.suggestions import nearest, no_such_name

__all__ = ["Capability", "capabilities", "find_capability"]


def capabilities() -> Mapping[str, Capability]:
    """Every capability by its name, in order of the names, each with all that it includes."""
    return _by_name()


def find_capability(text: str) -> Capability:
    """The capability that ``text`` names; case, and underscores for dashes, do not matter.

    Raises:
        ConfigurationError: No such capability; with the nearest names.
    """
    name = text.strip().lower().replace("_", "-")
    found = _by_name().get(name)
    if found is not None:
        return found
    area = name.partition(".")[0]
    same_area = [known for known in _by_name() if known.partition(".")[0] == area]
    raise no_such_name(f"there is no capability {text.strip()!r}", nearest(name, _by_name().keys()) or same_area)


@cache
def _by_name() -> Mapping[str, Capability]:
    entries = {entry.name: entry for entry in ENTRIES}
    return MappingProxyType({name: _with_included(entries[name], entries) for name in sorted(entries)})


def _with_included(entry: Capability, entries: Mapping[str, Capability]) -> Capability:
    return merged(entry, (_with_included(entries[name], entries) for name in entry.includes))
