"""Which actions exist, and which of them are Bedrock's: what a pattern in an Action element stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.operation_rules import UNLISTED
from bedrock_guard.iam.wildcard import compile_pattern

__all__ = ["DOUBTED", "action_exists", "bedrock_actions", "is_bedrock", "is_service", "matches_any_action"]

_BEDROCK = "bedrock"

DOUBTED = frozenset({"bedrock:createsession", "bedrock-websearch:externalwebaccess"})
"""Actions in lower case of which the reference says that they take no resource, and AWS grants them on ARNs.

Source: the managed policies AmazonDataZoneBedrockModelConsumptionPolicy, on ``session/*`` and by its tags, and
AmazonBedrockExternalWebSearchFullAccess (read 2026-11). Nothing is said of their resources.
"""


def is_bedrock(namespace: str) -> bool:
    """Whether an IAM namespace, in lower case, is Bedrock's or of its family, such as bedrock-agentcore."""
    return namespace == _BEDROCK or namespace.startswith(f"{_BEDROCK}-")


def is_service(namespace: str) -> bool:
    """Whether some AWS service has this IAM namespace; it is given in lower case."""
    return namespace in _names()


def action_exists(namespace: str, name: str) -> bool:
    """Whether there is such an action, both parts in lower case."""
    return name in _names().get(namespace, ())


@lru_cache(maxsize=4096)
def matches_any_action(namespace: str, pattern: str) -> bool:
    """Whether a pattern in lower case stands for at least one action of a namespace."""
    return next(_matching(pattern, _names().get(namespace, ())), None) is not None


@lru_cache(maxsize=4096)
def bedrock_actions(pattern: str) -> frozenset[str]:
    """The Bedrock actions that an Action value stands for, whole and in lower case."""
    pattern = pattern.lower()
    namespace = pattern.partition(":")[0]
    if "*" not in pattern and "?" not in pattern:
        return frozenset((pattern,)) if pattern in _of_bedrock() else frozenset()
    if not is_bedrock(namespace) and "*" not in namespace:
        return frozenset()
    return frozenset(_matching(pattern, _of_bedrock()))


def _matching(pattern: str, names: Iterable[str]) -> Iterator[str]:
    """The names that a pattern matches, those that lack its letters sorted out first: a policy may hold thousands."""
    pieces = [piece for piece in re.split(r"[*?]+", pattern) if piece]
    compiled = compile_pattern(pattern)
    return (name for name in names if all(piece in name for piece in pieces) and compiled.matches(name))


_NEWER = ("iam:GetRequestAuthorizationDetails", "iam:GetRequestAuthorizationPolicy")
"""Actions of other services that the reference does not list yet, and AWS's own messages tell people to allow.

Source: IAM User Guide, troubleshoot_access-denied-authorization-id (read 2026-11).
"""


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """Every action of every service that the reference lists, and those that are assumed to exist."""
    names = {
        namespace: {name.lower() for joined in both for name in joined.split()}
        for namespace, both in tables.all_actions()["services"].items()
    }
    for action in (*UNLISTED, *_NEWER):
        namespace, _, name = action.lower().partition(":")
        names.setdefault(namespace, set()).add(name)
    return {namespace: frozenset(found) for namespace, found in names.items()}


@cache
def _of_bedrock() -> frozenset[str]:
    return frozenset(
        f"{namespace}:{name}" for namespace, names in _names().items() if is_bedrock(namespace) for name in names
    )
