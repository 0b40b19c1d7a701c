"""Policy documents as they are handed to the sandbox, in Python or on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["PolicyDocument", "default_trust", "document_text", "inline_documents", "refuse_unreadable"]

PolicyDocument = Mapping[str, Any] | str
"""A policy: its JSON text, or what that text would be read to."""

_KINDS = {
    "CreatePolicy": PolicyKind.MANAGED,
    "CreatePolicyVersion": PolicyKind.MANAGED,
    "CreateRole": PolicyKind.TRUST,
    "PutGroupPolicy": PolicyKind.INLINE,
    "PutRolePolicy": PolicyKind.INLINE,
    "PutUserPolicy": PolicyKind.INLINE,
    "UpdateAssumeRolePolicy": PolicyKind.TRUST,
}


def document_text(document: PolicyDocument, name: str, kind: PolicyKind) -> str:
    """The document's text.

    Raises:
        InvalidPolicyError: AWS would refuse it.
    """
    text = document if isinstance(document, str) else json.dumps(document)
    parse_policy(text, name=name, kind=kind)
    return text


def inline_documents(policies: Sequence[PolicyDocument] | Mapping[str, PolicyDocument]) -> dict[str, str]:
    """Inline policies by name; those without one are ``policy-1`` and so on.

    Raises:
        InvalidPolicyError: AWS would refuse one of them.
    """
    named = policies if isinstance(policies, Mapping) else {f"policy-{n}": p for n, p in enumerate(policies, 1)}
    return {name: document_text(document, name, PolicyKind.INLINE) for name, document in named.items()}


def default_trust(partition: str, account: str) -> dict[str, Any]:
    """The trust policy of a role that everybody in the account may assume who is allowed to."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def refuse_unreadable(request: AwsRequest) -> None:
    """Refuses a document that could be stored, but not evaluated afterwards.

    Raises:
        AwsError: ``MalformedPolicyDocument``, in IAM's words where moto knows them.
    """
    kind = _KINDS.get(request.operation)
    name = "AssumeRolePolicyDocument" if request.operation == "CreateRole" else "PolicyDocument"
    if request.service != "iam" or kind is None or not request.text(name):
        return
    try:
        parse_policy(request.text(name), name=name, kind=kind)
    except InvalidPolicyError as invalid:
        message = "Syntax errors in policy."
        if kind is not PolicyKind.TRUST:
            try:
                IAMPolicyDocumentValidator(request.text(name)).validate()
            except MalformedPolicyDocument as refused:
                message = str(refused.message)
        raise AwsError("MalformedPolicyDocument", message) from invalid
