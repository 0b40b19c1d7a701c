"""Reads of Bedrock that the guard was refused, in words: which they are, and what would let it make them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.errors import AccessDeniedError

__all__ = ["grants", "may_not_call"]

_ON = re.compile(r" on resource: (arn:[!-~]+)")
_SHOWN = 3


def may_not_call(refused: Iterable[AccessDeniedError]) -> str:
    """One clause that names the actions, each once."""
    return f"the guard may not call {', '.join(dict.fromkeys(error.action for error in refused))}"


def grants(refused: Iterable[AccessDeniedError], region: str) -> str:
    """One sentence that says which actions to allow on what, so that the guard may ask.

    The ARN is the one that AWS's message says was refused; where it says none, whatever the action is granted on.

    Args:
        refused: At least one refusal of a read of Bedrock.
        region: The Region that was asked.
    """
    allow: dict[str, dict[str, None]] = {}
    denied: dict[str, None] = {}
    for error in refused:
        if "explicit deny" in error.aws_message:
            denied[error.action] = None
        else:
            allow.setdefault(error.action, {}).update(dict.fromkeys(_resources(error, region)))
    said = []
    if allow:
        listed = ", ".join(f"{action} on {_listed(list(arns))}" for action, arns in allow.items())
        said.append(f"To let it ask, allow whoever runs the check {listed}.")
    if denied:
        said.append(f"A Deny keeps it from {', '.join(denied)}, which no Allow beats.")
    return " ".join(said)


def _resources(error: AccessDeniedError, region: str) -> list[str]:
    action = find_action(error.action)
    if not action.takes_resources:
        return ["*"]
    named = _ON.search(error.aws_message)
    if named is not None:
        return [named.group(1).rstrip(".")]
    partition = error.resource.split(":")[1] if error.resource.startswith("arn:") else "aws"
    return [kind.pattern(partition=partition, region=region) for kind in action.resource_kinds]


def _listed(arns: list[str]) -> str:
    rest = len(arns) - _SHOWN
    return ", ".join(arns[:_SHOWN]) + (f" and {rest} more like them" if rest > 0 else "")
