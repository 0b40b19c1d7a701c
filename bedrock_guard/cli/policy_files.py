"""Policy documents that a command is given as files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind

__all__ = ["read_policy", "read_policy_files"]


def read_policy_files(paths: Iterable[str], kind: PolicyKind = PolicyKind.INPUT) -> list[Mapping[str, Any]]:
    """The documents of the files, in order.

    Raises:
        ConfigurationError: A file cannot be read; the message names it and the reason.
        InvalidPolicyError: AWS would refuse it as a policy.
    """
    return [read_policy(path, kind) for path in paths]


def read_policy(path: str, kind: PolicyKind = PolicyKind.INPUT) -> Mapping[str, Any]:
    """The policy document of one file.

    Raises:
        ConfigurationError: It cannot be read; the message names it and the reason.
        InvalidPolicyError: AWS would refuse it as a policy.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(
            f"policy file {path!r} cannot be read: {error.strerror or error}", code="BG504"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"policy file {path!r} cannot be read: it is not UTF-8 text (byte {error.start})", code="BG504"
        ) from error
    policy = parse_policy(text, name=path, kind=kind)
    document: Mapping[str, Any] = json.loads(policy.text)
    return document
