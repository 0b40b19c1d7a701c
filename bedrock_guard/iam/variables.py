"""Policy variables such as ``${aws:PrincipalTag/team, 'none'}`` in resources and condition values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bedrock_guard.iam.context import Absent, Context, Unknown
from bedrock_guard.iam.wildcard import Token, Wild, tokens_of

__all__ = ["Part", "UnresolvedError", "Variable", "has_variables", "mask_variables", "read_template", "resolve"]

_VARIABLE = re.compile(r"\$\{(?:([*?$])|([^{}$',]*)(?:,\s*'([^']*)'\s*)?)\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """A place to be filled with the value of a context key.

    Attributes:
        key: As written.
        lookup: The key in lower case.
        default: What stands there when the request has no such key.
    """

    key: str
    lookup: str
    default: str | None


Part = Token | Variable
"""A part of a text with variables."""


class UnresolvedError(Exception):
    """A variable has no value; ``unknown`` names the keys that nobody knows, and is empty if one is absent."""

    def __init__(self, unknown: Sequence[str]) -> None:
        super().__init__(*unknown)
        self.unknown = tuple(unknown)


def has_variables(text: str) -> bool:
    """Whether ``text`` has anything that a version with variables reads differently."""
    return "${" in text and _VARIABLE.search(text) is not None


def read_template(text: str, *, wildcards: bool) -> tuple[Part, ...]:
    """The literals, wildcards and variables of ``text``.

    ``${*}``, ``${?}`` and ``${$}`` are the characters themselves. What is not a well-formed variable is text.

    Args:
        text: A value of a policy of version 2012-10-17.
        wildcards: Whether ``*`` and ``?`` outside variables are wildcards.

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html, read 2026-11-24.
    """
    parts: list[Part] = []

    def plain(piece: str) -> None:
        if wildcards:
            parts.extend(tokens_of(piece))
        elif piece:
            parts.append(piece)

    at = 0
    for found in _VARIABLE.finditer(text):
        escaped, key, default = found.groups()
        key = (key or "").strip()
        if not escaped and not key:
            continue
        plain(text[at : found.start()])
        parts.append(escaped if escaped else Variable(key, key.lower(), default))
        at = found.end()
    plain(text[at:])
    return tuple(parts)


def mask_variables(text: str) -> str:
    """``text`` with ``aws`` for every variable, so that colons and wildcards inside of them do not count."""
    return _VARIABLE.sub("aws", text) if "${" in text else text


def resolve(parts: Sequence[Part], context: Context) -> list[Token]:
    """The parts with every variable replaced by its value, which is literal text whatever it contains.

    Raises:
        UnresolvedError: A variable without default has no single value in this request.
    """
    tokens: list[Token] = []
    unknown: list[str] = []
    absent = False
    for part in parts:
        if isinstance(part, (str, Wild)):
            tokens.append(part)
            continue
        value = context.lookup(part.lookup)
        if isinstance(value, str):
            tokens.append(value)
        elif isinstance(value, Unknown):
            unknown.append(part.key)
        elif isinstance(value, Absent) and part.default is not None:
            tokens.append(part.default)
        else:
            # Multivalued keys cannot be used as variables.
            absent = True
    if absent:
        raise UnresolvedError(())
    if unknown:
        raise UnresolvedError(unknown)
    return tokens
