"""Policies written out again, in one layout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bedrock_guard.iam.policy import Policy, PrincipalEntry, Statement

__all__ = ["policy_to_dict", "write_policy"]


def write_policy(policy: Policy) -> str:
    """The policy as JSON text; reading it again gives the same statements."""
    return json.dumps(policy_to_dict(policy), indent=2, ensure_ascii=False)


def policy_to_dict(policy: Policy) -> dict[str, Any]:
    """The document, in the order in which AWS's own policies have their elements.

    Shape: ``{"Version": str, "Id"?: str, "Statement": [{"Sid"?: str, "Effect": str, "Action": [str], …}]}``.
    """
    document: dict[str, Any] = {"Version": policy.version.value}
    if policy.id is not None:
        document["Id"] = policy.id
    document["Statement"] = [_statement(statement) for statement in policy.statements]
    return document


def _statement(statement: Statement) -> dict[str, Any]:
    elements: dict[str, Any] = {} if statement.sid is None else {"Sid": statement.sid}
    elements["Effect"] = statement.effect.value
    for name, principals in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        if principals is not None:
            elements[name] = _principals(principals)
    for name, values in (
        ("Action", statement.actions),
        ("NotAction", statement.not_actions),
        ("Resource", statement.resources),
        ("NotResource", statement.not_resources),
    ):
        if values is not None:
            elements[name] = list(values)
    conditions: dict[str, dict[str, list[str]]] = {}
    for condition in statement.conditions:
        conditions.setdefault(condition.operator, {})[condition.key] = list(condition.values)
    if conditions:
        elements["Condition"] = conditions
    return elements


def _principals(entries: Sequence[PrincipalEntry]) -> str | dict[str, list[str]]:
    if any(entry.type == "*" for entry in entries):
        return "*"
    by_type: dict[str, list[str]] = {}
    for entry in entries:
        by_type.setdefault(entry.type, []).append(entry.value)
    return by_type
