"""Conditions on bedrock:GuardrailIdentifier that let another version pass than the one that was meant.

The key holds the guardrail's ARN for the draft, and the ARN with ``:1`` behind it for a numbered version.
Source: Bedrock User Guide, guardrails-permissions-id (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bedrock_guard.advice.lints.reading import Reading, listed, shown
from bedrock_guard.iam.conditions import condition_test
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.operators import find_operator
from bedrock_guard.iam.policy import Condition
from bedrock_guard.report import Note

__all__ = ["lint_guardrails"]

_KEY = "bedrock:guardrailidentifier"
_MOST_VERSIONS = 16
_ARN = re.compile(r"arn:[^:]*:bedrock:[^:]*:[^:]*:guardrail/[^:/]+")


def lint_guardrails(reading: Reading) -> Iterator[Note]:
    """BG517: guardrail conditions that no numbered version meets, or that nothing meets."""
    if not reading.actions:
        return
    for condition in reading.statement.conditions:
        if condition.key.lower() == _KEY:
            yield from _of_values(reading, condition)


def _of_values(reading: Reading, condition: Condition) -> Iterator[Note]:
    operator = find_operator(condition.operator)
    if operator is None or operator.compare is None or operator.negated is reading.allows:
        # Such as a Deny for one guardrail: what it leaves out is not what was asked for.
        return
    values = [value for value in condition.values if "${" not in value]
    impossible = [value for value in values if not _is_possible(value, wildcards=operator.wildcards)]
    if impossible:
        yield reading.note(
            "BG517",
            f"{condition.key} is the guardrail's ARN, with :1 behind it for version 1 and nothing for the draft; "
            f"it is never {listed(shown(value) for value in impossible)}",
        )
    drafts = _drafts(reading, condition, values)
    if drafts:
        verb = "allows" if reading.allows else "lets pass"
        yield reading.note(
            "BG517",
            f"{condition.key} of a numbered version ends in :1, so with {condition.operator} {shown(drafts[0])} this "
            f"statement {verb} the draft alone; for every version use "
            f"{'StringLike' if reading.allows else 'StringNotLike'} with both {shown(drafts[0])} and "
            f"{shown(drafts[0] + ':*')}, or name the version",
        )


def _is_possible(value: str, *, wildcards: bool) -> bool:
    """Whether the key can have a value that fits."""
    if wildcards and ("*" in value or "?" in value):
        return True
    bare, colon, version = value.rpartition(":")
    if _ARN.fullmatch(value):
        return "*" not in value and "?" not in value
    return bool(colon) and _ARN.fullmatch(bare) is not None and version.isdigit()


def _drafts(reading: Reading, condition: Condition, values: Sequence[str]) -> list[str]:
    """The guardrails of which the condition as a whole lets the draft through and no version."""
    versions: dict[str, list[str]] = {value: [f"{value}:1"] for value in values if _ARN.fullmatch(value)}
    for value in values:
        bare, _, version = value.rpartition(":")
        if bare in versions and version.isdigit():
            versions[bare].append(value)
    test = condition_test(condition, deny=not reading.allows, variables=reading.variables)

    def passes(version: str) -> bool:
        return (test.holds(Context({condition.key: version})) is True) is reading.allows

    return [arn for arn, known in versions.items() if not any(map(passes, known[:_MOST_VERSIONS]))]
