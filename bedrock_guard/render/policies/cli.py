"""Policy sets as commands of the AWS CLI, for a POSIX shell.

Source: botocore's model of iam (1.44.5): CreateRole, CreatePolicy, AttachRolePolicy.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.policy_set import PolicySet
from bedrock_guard.render.neutral import neutral

__all__ = ["render_cli"]


def render_cli(policy_sets: Sequence[PolicySet]) -> str:
    """Commands that make the role, where its trust policy is known, and its policies, and attach them."""
    return "\n".join(line for one in policy_sets for line in _of_set(one))


def _of_set(one: PolicySet) -> Iterator[str]:
    for note in one.notes:
        yield f"# {neutral(note)}"
    if one.trust is not None:
        role = one.role or "app"
        yield _command("create-role", role_name=role, assume_role_policy_document=_document(one.trust))
    for policy in one.policies:
        make = _command("create-policy", policy_name=policy.name, policy_document=_document(policy.document))
        role = one.role or ("app" if one.trust is not None else "")
        if not role:
            yield make
            continue
        # The ARN is the answer's: the account is not always in the document.
        yield f"policy_arn=$({make} --query Policy.Arn --output text)"
        yield f'{_command("attach-role-policy", role_name=role)} --policy-arn "$policy_arn"'


def _command(operation: str, **options: str) -> str:
    given = " ".join(f"--{name.replace('_', '-')} {shlex.quote(value)}" for name, value in options.items())
    return f"aws iam {operation} {given}"


def _document(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=True)
