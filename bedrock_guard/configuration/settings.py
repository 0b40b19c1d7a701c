"""What a configuration says: a guard's arguments that make sense in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from bedrock_guard.arguments import Diagnose, OnUnverified

__all__ = ["KEYS", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The keys of a configuration, each as :class:`~bedrock_guard.Guard` takes it; None where it says nothing.

    Attributes:
        models: As the guard's argument of this name, and so are the others.
        operations: Names, alone or as a pair with an ARN.
        capabilities: As operations.
        actions: As operations.
        requests: Operations with the parameters of a call.
        service_roles: Texts such as ``"knowledge-base=arn:…,bucket=docs"``; a table of a file becomes such texts.
        region: A Region's name.
        principal_arn: Of the role or user to ask about.
        context: Condition key to its values, as texts.
        evaluators: Which may be asked, in order.
        budget_seconds: What a check may take.
        on_unverified: What :meth:`~bedrock_guard.Guard.verify` does.
        check_model_access: Whether Bedrock is asked if it serves the models.
        redact: Whether identifiers are masked.
        diagnose: What errors of guarded clients are explained from.
        source: The file it comes from; empty where it comes from none. Two settings that say the same are equal,
            wherever they come from.
    """

    models: tuple[str, ...] | None = None
    operations: tuple[str | tuple[str, str], ...] | None = None
    capabilities: tuple[str | tuple[str, str], ...] | None = None
    actions: tuple[str | tuple[str, str], ...] | None = None
    requests: tuple[tuple[str, Mapping[str, Any]], ...] | None = None
    service_roles: tuple[str, ...] | None = None
    region: str | None = None
    principal_arn: str | None = None
    context: Mapping[str, tuple[str, ...]] | None = None
    evaluators: tuple[str, ...] | None = None
    budget_seconds: float | None = None
    on_unverified: OnUnverified | None = None
    check_model_access: bool | None = None
    redact: bool | None = None
    diagnose: Diagnose | None = None
    source: str = field(default="", compare=False)

    def arguments(self) -> dict[str, Any]:
        """The keys that were set, as keyword arguments of a guard."""
        return {key: value for key in KEYS if (value := getattr(self, key)) is not None}


KEYS = tuple(one.name for one in fields(Settings) if one.compare)
"""The keys of a configuration, in the order in which they are written."""
