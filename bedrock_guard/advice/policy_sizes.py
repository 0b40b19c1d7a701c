"""Statements put into as few documents as IAM's size limit takes. Pure.

All statements are Allow, and a policy allows what any of its statements allows: which document a statement is in, and
that one is cut into two of fewer resources each, changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.advice.policy_grants import Grant
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.limits import MANAGED_CHARACTERS

__all__ = ["MOST_MANAGED_POLICIES", "ROLE_TRUST_CHARACTERS", "documents_of", "size_of"]

MOST_MANAGED_POLICIES = 10
"""Managed policies that a role takes, unless its account's quota was raised.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-24.
"""

ROLE_TRUST_CHARACTERS = 2_048
"""A trust policy, unless its account's quota was raised. Source: the same page."""


def size_of(document: Mapping[str, Any]) -> int:
    """Characters as IAM counts them, or a few more: white space within texts counts here and not there."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def documents_of(
    grants: Sequence[Grant],
    name_all: Callable[[Sequence[Grant]], Sequence[str]],
    *,
    characters: int = MANAGED_CHARACTERS,
) -> tuple[dict[str, Any], ...]:
    """The documents, each within the limit, with the statements in their order.

    Args:
        grants: The statements.
        name_all: Names statements, all together so that no two have the same name.
        characters: The most that a document may have.

    Raises:
        ConfigurationError: A condition is so large that no statement with it fits.
    """
    parts = [part for grant in grants for part in _cut(grant, characters)]
    statements = [grant.statement(sid) for grant, sid in zip(parts, name_all(parts), strict=True)]
    documents: list[dict[str, Any]] = []
    for statement in statements:
        if documents:
            longer = _document([*documents[-1]["Statement"], statement])
            if size_of(longer) <= characters:
                documents[-1] = longer
                continue
        documents.append(_document([statement]))
    return tuple(documents)


_LONGEST_SID = "x" * 64


def _cut(grant: Grant, characters: int) -> Iterator[Grant]:
    """The statement in parts that each fit into a document alone."""
    if size_of(_document([grant.statement(_LONGEST_SID)])) <= characters:
        yield grant
        return
    by = "resources" if len(grant.resources) > 1 else "actions"
    values = grant.resources if by == "resources" else grant.actions
    if len(values) == 1:
        raise ConfigurationError(
            f"conditions: a statement for {grant.actions[0]} with them is larger than the {characters:,} characters "
            "of a managed policy",
            code="BG504",
        )
    half = len(values) // 2
    for part in (values[:half], values[half:]):
        resources = part if by == "resources" else grant.resources
        actions = part if by == "actions" else grant.actions
        yield from _cut(Grant(actions, resources, grant.conditions, grant.regions), characters)


def _document(statements: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
