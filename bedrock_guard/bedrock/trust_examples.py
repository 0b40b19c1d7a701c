"""Values that stand for a pattern when a policy is asked about it: one that nothing names, and those it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bedrock_guard.iam.policy import Policy, Statement
from bedrock_guard.iam.wildcard import matches

__all__ = ["ANY_ID", "Examples", "examples"]

ANY_ID = "~" * 10
"""An id of no letter that ids have, so that only a wildcard matches any of it; as long as the ids of agents."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Values to ask about.

    Attributes:
        values: The unnamed one first.
        complete: Whether all values of the policy that the pattern may share something with are stood for.
    """

    values: tuple[str, ...]
    complete: bool = True


def examples(policy: Policy, key: str, pattern: str) -> Examples:
    """The values of a condition key to ask a policy about, where the request's own value is only known as a pattern."""
    if "*" not in pattern:
        return Examples((pattern,))
    values = [_filled(pattern)]
    # Two conditions of one statement may have a value in common that neither of them names.
    complete = not any(_conditions_on(statement, key) > 1 for statement in policy)
    for value in _values(policy, key):
        example = _common(value, pattern)
        if example is None:
            complete = False
        elif example:
            values.append(example)
    return Examples(tuple(dict.fromkeys(values)), complete)


def _conditions_on(statement: Statement, key: str) -> int:
    return sum(condition.key.lower() == key.lower() for condition in statement.conditions)


def _values(policy: Policy, key: str) -> Iterator[str]:
    for statement in policy:
        for condition in statement.conditions:
            if condition.key.lower() == key.lower():
                yield from condition.values


def _filled(text: str) -> str:
    return text.replace("*", ANY_ID).replace("?", "0")


def _common(value: str, pattern: str) -> str | None:
    """A text that both match; empty where there is none, None where that cannot be told.

    Both are compared part by part between colons, as ARNs are; where a wildcard reaches past a colon it can be told
    only if the unnamed example is matched too. A variable may stand for anything.
    """
    value = re.sub(r"\$\{[^}]*\}", "*", value)
    parts, wanted = value.split(":"), pattern.split(":")
    if value.startswith("arn:"):
        parts, wanted = value.split(":", 5), pattern.split(":", 5)
    if len(parts) != len(wanted):
        return "" if not re.search(r"[*?]", value) or matches(value, _filled(pattern)) else None
    found: list[str] = []
    for part, want in zip(parts, wanted, strict=True):
        common = _common_part(part, want)
        if not common and want:
            return common
        found.append(common or "")
    example = ":".join(found)
    return example if matches(pattern, example) else None


def _common_part(part: str, want: str) -> str | None:
    if not re.search(r"[*?]", want):
        return want if matches(part, want) else ""
    if not re.search(r"[*?]", part):
        return part if matches(want, part) else ""
    start, literal = re.split(r"[*?]", want, maxsplit=1)[0], re.split(r"[*?]", part, maxsplit=1)[0]
    if not (start.startswith(literal) or literal.startswith(start)):
        return ""
    for guess in (part, part.replace("*", f"{start}{ANY_ID}", 1), part.replace("*", start, 1), want):
        if matches(want, _filled(guess)) and matches(part, _filled(guess)):
            return _filled(guess)
    return None
