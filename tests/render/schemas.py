"""JSON Schemas made strict, so that a test sees what they leave out."""

from __future__ import annotations

from typing import Any


def closed(schema: Any) -> Any:
    """The schema with every object closed to members that it does not describe."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        inner.setdefault("additionalProperties", False)
    return inner
