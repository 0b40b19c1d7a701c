"""One table of what request parameters bring: :data:`RULES` for permissions, and beside it what names the
operation's own resource (:data:`NAMED`) and what policies see as condition keys (:data:`CONTEXT`).

The lines are data, in :mod:`bedrock_guard.bedrock.parameters`; every one has its source. What sounds as if it brought a
permission and does not is there too, in :mod:`bedrock_guard.bedrock.parameters.harmless`: nothing at run time reads it,
and a test walks the inputs of all operations against both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bedrock_guard.bedrock.parameters.data_automation import ON_THE_CALLERS_RIGHTS
from bedrock_guard.bedrock.parameters.inference import CONTEXT, INFERENCE
from bedrock_guard.bedrock.parameters.keys import KEYS
from bedrock_guard.bedrock.parameters.management import MANAGEMENT
from bedrock_guard.bedrock.parameters.named import NAMED
from bedrock_guard.bedrock.parameters.retrieval import RETRIEVAL
from bedrock_guard.bedrock.parameters.roles import ROLES
from bedrock_guard.bedrock.parameters.rules import (
    ContextRule,
    Makes,
    NamedResource,
    ParameterRule,
)
from bedrock_guard.bedrock.parameters.tags import TAG_KEYS, TAG_PATHS, TAGS

__all__ = [
    "CONTEXT",
    "NAMED",
    "RULES",
    "TAG_KEYS",
    "TAG_PATHS",
    "ContextRule",
    "Makes",
    "NamedResource",
    "ParameterRule",
    "rules_of",
]

RULES: tuple[ParameterRule, ...] = (
    *INFERENCE,
    *RETRIEVAL,
    *ROLES,
    *ON_THE_CALLERS_RIGHTS,
    *KEYS,
    *MANAGEMENT,
    *TAGS,
)
"""Every permission that a parameter brings, in the order in which they are listed."""


def rules_of(operation: str) -> tuple[ParameterRule, ...]:
    """The rules of an operation, by its key."""
    return _by_operation().get(operation, ())


@cache
def _by_operation() -> Mapping[str, tuple[ParameterRule, ...]]:
    found: dict[str, tuple[ParameterRule, ...]] = {}
    for rule in RULES:
        for operation in rule.operations:
            found[operation] = (*found.get(operation, ()), rule)
    return MappingProxyType(found)
