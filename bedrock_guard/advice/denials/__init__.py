"""AccessDenied and its neighbours read from anything, printed in AWS's words, and told whom to turn to. Pure.

A source becomes texts (``units``, ``trees``, ``exceptions``), each is made plain (``normal``), and what is in it is
found by IAM's grammar and the catalogue (``matching``).
"""

from __future__ import annotations

from bedrock_guard.advice.denials.printing import Form, format_denial
from bedrock_guard.advice.denials.reading import Reading, read_denials
from bedrock_guard.advice.denials.verdict import Ask, Verdict
from bedrock_guard.advice.denials.verdicts import verdicts_for

__all__ = ["Ask", "Form", "Reading", "Verdict", "format_denial", "read_denials", "verdicts_for"]
