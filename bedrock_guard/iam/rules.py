"""Statements made ready for evaluation: everything that can be worked out before a request comes is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedrock_guard.iam.actions import ActionIndex
from bedrock_guard.iam.callers import Caller, Reach, reach_of, spares
from bedrock_guard.iam.conditions import condition_test
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.resources import ResourceTest

if TYPE_CHECKING:
    from bedrock_guard.iam.policy import Statement

__all__ = ["Rule", "Rules"]


class Rule:
    """One statement as a question about a request whose action it names.

    Attributes:
        statement: The statement.
        deny: Whether it is a Deny.
    """

    __slots__ = ("_conditions", "_resources", "deny", "statement")

    def __init__(self, statement: Statement, *, variables: bool) -> None:
        self.statement = statement
        self.deny = statement.effect.value == "Deny"
        self._resources = _resource_test(statement, deny=self.deny, variables=variables)
        self._conditions = tuple(
            condition_test(condition, deny=self.deny, variables=variables) for condition in statement.conditions
        )

    def holds(self, resource: str, context: Context) -> bool | None:
        """Whether resource and conditions match; None where that hangs on a key nobody knows."""
        answer: bool | None = True
        if self._resources is not None:
            answer = self._resources.holds(resource, context)
            if answer is False:
                return False
        for condition in self._conditions:
            truth = condition.holds(context)
            if truth is False:
                return False
            if truth is None:
                answer = None
        return answer

    def reach(self, caller: Caller) -> Reach:
        """How far the statement's principals mean the caller; a statement without principals means everybody."""
        statement = self.statement
        if statement.principals is not None:
            return reach_of(statement.principals, caller)
        if statement.not_principals is not None:
            spared = spares(statement.not_principals, caller, deny=self.deny)
            return Reach.NONE if spared else Reach.LIMITED
        return Reach.LIMITED

    def unknown_keys(self, resource: str, context: Context) -> list[str]:
        """The keys whose value is missing to tell whether the statement matches, as written."""
        found: list[str] = []
        if self._resources is not None:
            found += self._resources.unknown_keys(resource, context)
        for condition in self._conditions:
            found += condition.unknown_keys(context)
        return found

    @property
    def context_keys(self) -> list[str]:
        """The keys that the statement uses, as written."""
        found = [] if self._resources is None else self._resources.keys
        return found + [key for condition in self._conditions for key in condition.keys]


def _resource_test(statement: Statement, *, deny: bool, variables: bool) -> ResourceTest | None:
    """The test of the resource; None where every resource matches."""
    negated = statement.not_resources is not None
    values = statement.not_resources if negated else statement.resources
    if values is None:
        return None
    test = ResourceTest(values, negated=negated, deny=deny, variables=variables)
    return None if test.everything else test


class Rules:
    """The statements of one policy, found by action."""

    __slots__ = ("_actions", "_memory", "_rules")

    def __init__(self, statements: Sequence[Statement], *, variables: bool) -> None:
        self._rules = tuple(Rule(statement, variables=variables) for statement in statements)
        self._actions = ActionIndex(statements)
        self._memory: dict[str, tuple[Rule, ...]] = {}

    def naming(self, action: str) -> tuple[Rule, ...]:
        """The statements that an action, in lower case, falls under, in the order of the policy."""
        found = self._memory.get(action)
        if found is None:
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            found = self._memory[action] = tuple(self._rules[i] for i in self._actions.find(action))
        return found

    @property
    def context_keys(self) -> tuple[str, ...]:
        """The keys that conditions and variables use, as written, in order, repeated as they are."""
        return tuple(key for rule in self._rules for key in rule.context_keys)


_REMEMBERED = 4096
"""Actions whose statements are remembered per policy."""
