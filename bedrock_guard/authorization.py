"""What AWS itself evaluated for a request that it denied. A value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import StatementReference

__all__ = ["Authorization", "AuthorizationCheck"]


@dataclass(frozen=True, slots=True)
class AuthorizationCheck:
    """One thing that had to be granted for the request to pass, and how it came out.

    Attributes:
        layer: The kind of policy it was about.
        effect: ``ALLOW``, ``NO_IMPACT``, ``IMPLICIT_DENY`` or ``EXPLICIT_DENY``, as AWS writes it.
        target: The root, organizational unit or account that the policies hang on, for those of an organization.
        statements: The statements that matched, as far as AWS shows them.

    Source: botocore's model of iam-toolbox (1.44.5), shape Check.
    """

    layer: Layer
    effect: str
    target: str | None = None
    statements: tuple[StatementReference, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "layer": self.layer.value,
            "effect": self.effect,
            "target": self.target,
            "statements": [one.to_dict() for one in self.statements],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AuthorizationCheck:
        statements = tuple(StatementReference(**one) for one in data["statements"])
        return cls(Layer(data["layer"]), data["effect"], data["target"], statements)


@dataclass(frozen=True, slots=True)
class Authorization:
    """AWS's evaluation of one action on one resource within a request.

    Attributes:
        authorization_id: The id that the denial's message carried.
        action: The action evaluated.
        resource: The ARN evaluated; empty for an action on no single resource.
        decision: What it came to.
        context: Condition keys and values of the request, sorted by key.
        checks: What had to be granted, in AWS's order.

    Source: botocore's model of iam-toolbox (1.44.5), shape Evaluation.
    """

    authorization_id: str
    action: str
    resource: str
    decision: Decision
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    checks: tuple[AuthorizationCheck, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "authorization_id": self.authorization_id,
            "action": self.action,
            "resource": self.resource,
            "decision": self.decision.value,
            "context": {key: list(values) for key, values in self.context},
            "checks": [check.to_dict() for check in self.checks],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Authorization:
        return cls(
            authorization_id=data["authorization_id"],
            action=data["action"],
            resource=data["resource"],
            decision=Decision(data["decision"]),
            context=tuple(sorted((key, tuple(values)) for key, values in data["context"].items())),
            checks=tuple(AuthorizationCheck.from_dict(one) for one in data["checks"]),
        )
