"""Amazon Bedrock API keys: which calls botocore makes with one instead of the session's credentials. Pure."""

from __future__ import annotations

from functools import lru_cache

from bedrock_guard.bedrock.operations import operations

__all__ = ["BEARER_VARIABLE", "called_with_key"]

BEARER_VARIABLE = "AWS_BEARER_TOKEN_BEDROCK"
"""While this is set botocore signs with it, and it wins over explicit keys, profiles and roles.

Source: measured on botocore 1.44.5: only the clients below send ``Authorization: Bearer``; the models of the others
have no bearer scheme.
"""

_CLIENTS = ("bedrock", "bedrock-runtime")


def called_with_key(action: str) -> bool:
    """Whether a call authorised as ``action`` is made as the key's principal while :data:`BEARER_VARIABLE` is set."""
    return action in _actions() or action.startswith("bedrock-mantle:")


@lru_cache(maxsize=1)
def _actions() -> frozenset[str]:
    return frozenset(
        use.action for operation in operations().values() if operation.service in _CLIENTS for use in operation.actions
    )
