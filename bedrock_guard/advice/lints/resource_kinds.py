"""Which kinds of Bedrock resources an entry of a Resource element could match.

Where that is not certain the answer is that it could: a lint may overlook, it may not accuse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bedrock_guard.advice.lints.bedrock_names import is_bedrock
from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.kinds import ResourceKind, kinds_of

__all__ = ["Entry", "first_segments", "possible_kinds", "read_entry"]

_VARIABLE = re.compile(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a Resource element that is an ARN of Bedrock.

    Attributes:
        text: As written.
        fields: What its colons separate, six if it is whole; every policy variable is a ``*``.
    """

    text: str
    fields: tuple[str, ...]

    @property
    def service(self) -> str:
        return self.fields[2]

    @property
    def resource(self) -> str:
        """The part behind the account, empty where the entry ends before."""
        return self.fields[5] if len(self.fields) > 5 else ""

    @property
    def crosses(self) -> bool:
        """Whether a star at the end of a field may stand for further fields."""
        return any(field.endswith("*") for field in self.fields[:5])

    @property
    def kinds(self) -> tuple[ResourceKind, ...]:
        """The kinds that it could match."""
        if len(self.fields) < 6 or self._unclear:
            return kinds_of(self.service)
        return _kinds(self.service, self.resource)

    @property
    def _unclear(self) -> bool:
        """Whether what stands behind the fifth colon may be anything, the end of an id among it.

        ``arn:aws:bedrock:us-*:foundation-model/a.b-v1:0`` matches models: the star takes the colon before the account.
        """
        return self.crosses and ("/" not in self.resource or "/" in self.fields[3] + self.fields[4])


@lru_cache(maxsize=4096)
def read_entry(text: str) -> Entry | None:
    """The entry that ``text`` is, or None where it is no ARN of Bedrock."""
    fields = tuple(_VARIABLE.sub("*", text).split(":", 5))
    if len(fields) < 3 or not is_bedrock(fields[2]) or not kinds_of(fields[2]):
        return None
    return Entry(text, fields)


@lru_cache(maxsize=128)
def possible_kinds(resources: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Namespace and name of every Bedrock kind that one of these entries could match."""
    found: set[tuple[str, str]] = set()
    for text in dict.fromkeys(resources):
        entry = read_entry(text)
        if entry is not None:
            found.update((entry.service, kind.name) for kind in entry.kinds)
        elif _any_service(text):
            found.update(
                (namespace, kind) for namespace, kinds in tables.catalogue()["kinds"].items() for kind in kinds
            )
    return frozenset(found)


def _any_service(text: str) -> bool:
    fields = text.split(":", 3)
    return len(fields) < 3 or "*" in fields[2] or "?" in fields[2] or "${" in fields[2]


@cache
def first_segments(namespace: str) -> frozenset[str]:
    """What the resource part of an ARN of a service may begin with, up to the first slash."""
    return frozenset(_resource_form(kind).partition("/")[0] for kind in kinds_of(namespace))


def _resource_form(kind: ResourceKind) -> str:
    """The resource part of a kind's ARN, its ids as ``*``."""
    return _VARIABLE.sub("*", kind.arn.split(", ")[0].split(":", 5)[5])


@lru_cache(maxsize=4096)
def _kinds(namespace: str, resource: str) -> tuple[ResourceKind, ...]:
    return tuple(kind for kind in kinds_of(namespace) if _could_match(resource, kind))


def _could_match(pattern: str, kind: ResourceKind) -> bool:
    """Whether some resource of a kind could match a pattern of the resource part.

    Two patterns with stars have a text in common when what stands before their first stars agrees and what stands
    behind their last ones does.
    """
    form = _resource_form(kind)
    pattern = pattern.replace("?", "*")
    if kind.name != "custom-model" and pattern.count("/") > form.count("/"):
        # No id of another kind holds a slash.
        return False
    if "*" not in pattern and "*" not in form:
        return pattern == form
    heads = pattern.partition("*")[0], form.partition("*")[0]
    tails = pattern.rpartition("*")[2], form.rpartition("*")[2]
    if "*" not in pattern:
        slashes = kind.name == "custom-model" or pattern.count("/") == form.count("/")
        return slashes and pattern.startswith(heads[1]) and pattern.endswith(tails[1])
    if "*" not in form:
        return form.startswith(heads[0]) and form.endswith(tails[0])
    return _one_begins(*heads) and _one_begins(tails[0][::-1], tails[1][::-1])


def _one_begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
