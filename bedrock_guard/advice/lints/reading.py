"""One statement of a policy with what the lints ask of it, and the words that they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bedrock_guard.advice.lints.app_use import AppUse
from bedrock_guard.advice.lints.bedrock_names import bedrock_actions
from bedrock_guard.bedrock.place import Place
from bedrock_guard.iam.policy import Effect, Policy, PolicyKind, Statement, Version
from bedrock_guard.iam.rules import Rule
from bedrock_guard.report import Note, StatementReference

__all__ = ["GRANTING", "Reading", "listed", "read_statements", "shown"]

GRANTING = frozenset({PolicyKind.INLINE, PolicyKind.MANAGED, PolicyKind.AWS_MANAGED, PolicyKind.INPUT})
"""Kinds of policies whose Allows add up to what a principal is granted."""

_SHOWN = 160
"""Characters of a text from a policy that a note repeats."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One statement.

    Attributes:
        policy: Its policy.
        statement: It.
        rule: It as a question to the policy engine, so that no lint has an opinion of its own on what matches.
        actions: The Bedrock actions that it is about, in lower case; under NotAction those that it leaves in.
        place: Where the app runs.
        app: What it calls; None where that is not known.
    """

    policy: Policy
    statement: Statement
    rule: Rule
    actions: frozenset[str]
    place: Place
    app: AppUse | None = None

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return self.statement.effect is Effect.ALLOW

    @property
    def variables(self) -> bool:
        """Whether the policy's version has variables."""
        return self.policy.version is Version.V2012

    @property
    def only_bedrock(self) -> bool:
        """Whether it names Bedrock's actions and no others."""
        named = self.statement.actions
        return named is not None and all(
            bedrock_actions(action) and not action.startswith("*") for action in dict.fromkeys(named)
        )

    @property
    def exact(self) -> tuple[str, ...]:
        """The Bedrock actions that it names without wildcard, in lower case and in its order."""
        lowered = dict.fromkeys(action.lower() for action in self.statement.actions or ())
        return tuple(action for action in lowered if action in self.actions)

    def note(self, code: str, text: str) -> Note:
        """A note about this statement."""
        where = self.statement.start
        kind = self.policy.kind.value
        return Note(
            code, text, StatementReference(self.policy.name, kind, self.statement.sid, where.line, where.column)
        )


def read_statements(policy: Policy, place: Place, app: AppUse | None = None) -> list[Reading]:
    """The statements of a policy in their order."""
    variables = policy.version is Version.V2012
    return [
        Reading(policy, statement, Rule(statement, variables=variables), _actions(statement), place, app)
        for statement in policy
    ]


def _actions(statement: Statement) -> frozenset[str]:
    if statement.actions is not None:
        return _union(statement.actions)
    if statement.not_actions is not None:
        return bedrock_actions("*") - _union(statement.not_actions)
    return frozenset()


def _union(patterns: Sequence[str]) -> frozenset[str]:
    # Lists of thousands of patterns are allowed, and most of them are not Bedrock's.
    return frozenset().union(*(bedrock_actions(pattern) for pattern in dict.fromkeys(patterns)))


def shown(text: str) -> str:
    """A text from a policy as a note repeats it: quoted, escaped and cut."""
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return repr(cut)


def listed(texts: Iterable[str], *, most: int = 3, joined: str = ", ") -> str:
    """The first of the texts, and how many more there are."""
    found = list(dict.fromkeys(texts))
    more = f" and {len(found) - most} more" if len(found) > most else ""
    if not more and len(found) > 1 and joined == ", ":
        return f"{', '.join(found[:-1])} and {found[-1]}"
    return f"{joined.join(found[:most])}{more}"
