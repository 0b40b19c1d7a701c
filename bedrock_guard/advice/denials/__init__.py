"""AccessDenied and its neighbours read from anything, printed in AWS's words, and told whom to turn to. Pure.

source ──units, trees, exceptions──▶ texts ──normal──▶ plain text ──grammar, catalogue, surroundings──▶ denials
"""

from __future__ import annotations

from bedrock_guard.advice.denials.reading import Reading, read_denials

__all__ = ["Reading", "read_denials"]
