"""Parameters that sound as if they brought a permission, and why they do not."""

from __future__ import annotations

from bedrock_guard.bedrock.parameters.rules import Harmless

__all__ = ["HARMLESS"]

HARMLESS: tuple[Harmless, ...] = ()
