"""The option that says what requests carry."""

from __future__ import annotations

from collections.abc import Sequence

import click

__all__ = ["context_values"]


def context_values(entries: Sequence[str]) -> dict[str, list[str]]:
    """Condition keys and their values from ``KEY=VALUE``; a key that comes again has a further value."""
    values: dict[str, list[str]] = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"{entry!r} is not KEY=VALUE", param_hint="--context")
        values.setdefault(key.strip(), []).append(value)
    return values
