"""Policies for the tests of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ASK", "allow", "deny"]

ASK = ("iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy")


def allow(*actions: str, resource: str | list[str] = "*", condition: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A policy of one Allow statement."""
    return _policy("Allow", actions, resource, condition)


def deny(*actions: str, resource: str | list[str] = "*", condition: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A policy of one Deny statement."""
    return _policy("Deny", actions, resource, condition)


def _policy(
    effect: str, actions: tuple[str, ...], resource: str | list[str], condition: Mapping[str, Any] | None
) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect, "Action": list(actions), "Resource": resource}
    if condition is not None:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}
