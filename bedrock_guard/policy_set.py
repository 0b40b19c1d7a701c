"""What is to be deployed for a role: its policies and whom it trusts. A value, rendered in many formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["NamedPolicy", "PolicySet"]


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """One policy document under the name that it is to have.

    Attributes:
        name: As IAM takes it, such as ``"app-bedrock"`` or ``"app-bedrock-2"``.
        document: ``{"Version": "2012-10-17", "Statement": […]}``, with arrays sorted.
    """

    name: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies of one role, user or permission set.

    Attributes:
        role: The role's name where it is known or asked for; empty otherwise.
        policies: The permissions, in one document unless IAM's size limits ask for more.
        trust: The trust policy, where it is known what runs as the role.
        notes: What a reader has to know before deploying it, one sentence or two each.
    """

    role: str
    policies: tuple[NamedPolicy, ...]
    trust: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "policies": [{"name": one.name, "document": dict(one.document)} for one in self.policies],
            "trust": None if self.trust is None else dict(self.trust),
            "notes": list(self.notes),
        }
