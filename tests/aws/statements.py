"""Policy documents and their statements, as the tests against the sandbox write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["allow", "deny", "document"]


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """A document of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows; ``more`` are further elements."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that denies; ``more`` are further elements."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}
