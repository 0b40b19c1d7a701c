"""One condition of a statement, made ready to be asked about many requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from bedrock_guard.iam.comparisons import Comparison, Like
from bedrock_guard.iam.context import Absent, Context, Unknown
from bedrock_guard.iam.operators import Operator, Quantifier, find_operator
from bedrock_guard.iam.variables import (
    Part,
    UnresolvedError,
    Variable,
    has_variables,
    read_template,
    resolve,
)
from bedrock_guard.iam.wildcard import Anything

if TYPE_CHECKING:
    from bedrock_guard.iam.policy import Condition

__all__ = ["ConditionTest", "Truth", "condition_test"]

Truth = bool | None
"""True, False, or None where it hangs on a key nobody knows."""


class ConditionTest(Protocol):
    """A condition as a question about a context."""

    @property
    def keys(self) -> list[str]:
        """The keys that the condition uses, as written."""
        ...

    def holds(self, context: Context) -> Truth:
        """Whether the condition is met."""
        ...

    def unknown_keys(self, context: Context) -> list[str]:
        """The keys whose value is missing to answer, as written; empty when there is an answer."""
        ...


def condition_test(condition: Condition, *, deny: bool, variables: bool) -> ConditionTest:
    """The question that a condition asks.

    Args:
        condition: The condition.
        deny: Whether its statement is a Deny. Where AWS does not say what it does, a Deny matches and an Allow
            does not, so that nothing is called allowed on a guess.
        variables: Whether the policy's version has variables.

    Raises:
        ValueError: There is no such operator.
    """
    operator = find_operator(condition.operator)
    if operator is None:
        raise ValueError(f"no condition operator is called {condition.operator!r}")
    if operator.compare is None:
        return _NullTest(condition)
    templates: tuple[tuple[Part, ...], ...] = ()
    values = condition.values
    if variables and operator.variables:
        templates = tuple(
            read_template(value, wildcards=operator.wildcards) for value in values if has_variables(value)
        )
        values = tuple(value for value in values if not has_variables(value))
    return _ValueTest(condition.key, operator, operator.compare(values), templates, deny=deny)


class _NullTest:
    """Whether a key is absent: the values are ``true`` for absent, ``false`` for present."""

    __slots__ = ("_key", "_lookup", "_wanted")

    def __init__(self, condition: Condition) -> None:
        self._key = condition.key
        self._lookup = condition.key.lower()
        self._wanted = frozenset(value.lower() == "true" for value in condition.values)

    @property
    def keys(self) -> list[str]:
        return [self._key]

    def holds(self, context: Context) -> Truth:
        value = context.lookup(self._lookup)
        if isinstance(value, Unknown):
            return None
        return isinstance(value, Absent) in self._wanted

    def unknown_keys(self, context: Context) -> list[str]:
        return [self._key] if self.holds(context) is None else []


class _ValueTest:
    """A key's values against those of the policy."""

    __slots__ = (
        "_always",
        "_comparison",
        "_deny",
        "_if_absent",
        "_key",
        "_lookup",
        "_negated",
        "_quantifier",
        "_templates",
    )

    def __init__(
        self,
        key: str,
        operator: Operator,
        comparison: Comparison,
        templates: tuple[tuple[Part, ...], ...],
        *,
        deny: bool,
    ) -> None:
        self._key = key
        self._lookup = key.lower()
        self._negated = operator.negated
        self._quantifier = operator.quantifier
        self._comparison = comparison
        self._templates = templates
        self._deny = deny
        self._if_absent = _holds_if_absent(operator)
        # Such as StringLikeIfExists "*": true with the key, without it and whatever its value.
        self._always = (
            self._if_absent
            and not self._negated
            and isinstance(comparison, Like)
            and any(isinstance(pattern, Anything) for pattern in comparison.patterns)
        )

    @property
    def keys(self) -> list[str]:
        parts = (part for template in self._templates for part in template)
        return [self._key, *(part.key for part in parts if isinstance(part, Variable))]

    def holds(self, context: Context) -> Truth:
        value = context.lookup(self._lookup)
        if isinstance(value, str):
            if self._quantifier is Quantifier.ALL and not value:
                return True
            return self._meets(value, context)
        if isinstance(value, Absent):
            return self._if_absent
        if isinstance(value, Unknown):
            return True if self._always else None
        return self._many(value, context)

    def _meets(self, value: str, context: Context) -> Truth:
        """Whether one value of the request is as the operator wants it."""
        if self._comparison.holds(value):
            return not self._negated
        if self._negated and not self._deny and not self._comparison.reads(value):
            # What cannot be read as an address is not outside of a network either (assumed).
            return False
        if not self._templates:
            return self._negated
        matched = self._matches_a_template(value, context)
        return None if matched is None else matched is not self._negated

    def _matches_a_template(self, value: str, context: Context) -> Truth:
        answer: Truth = False
        for template in self._templates:
            try:
                tokens = resolve(template, context)
            except UnresolvedError as unresolved:
                if unresolved.unknown:
                    answer = None
                elif self._negated and not self._deny:
                    # AWS says that a variable without value may invalidate the statement, so it cannot allow.
                    return True
                continue
            if type(self._comparison).like(tokens).holds(value):
                return True
        return answer

    def _many(self, values: tuple[str, ...], context: Context) -> Truth:
        if self._quantifier is Quantifier.ALL:
            # An empty text counts as no value: reference_policies_condition-single-vs-multi-valued-context-keys.html.
            return _all(self._meets(value, context) for value in values if value)
        if self._deny and self._negated and self._quantifier is Quantifier.NONE:
            return True
        if self._quantifier is Quantifier.ANY or self._deny:
            return _any(self._meets(value, context) for value in values)
        # A multivalued key without a set operator: AWS asks for one. Captures of the service in
        # github.com/radkawar/stackd, docs/iam-evaluation.md (read 2026-11-24), never match, not even one value; a Deny
        # is kept on the safe side above.
        return False

    def unknown_keys(self, context: Context) -> list[str]:
        if self.holds(context) is not None:
            return []
        if isinstance(context.lookup(self._lookup), Unknown):
            return [self._key]
        found: list[str] = []
        for template in self._templates:
            try:
                resolve(template, context)
            except UnresolvedError as unresolved:
                found.extend(unresolved.unknown)
        return found


def _holds_if_absent(operator: Operator) -> bool:
    """Whether an operator is met by a request without the key.

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
    reference_policies_condition-single-vs-multi-valued-context-keys.html, read 2026-11-24. That ForAnyValue stays
    false with IfExists is what iam.cloudcopilot.io/resources/operators found, read 2026-11-24.
    """
    if operator.quantifier is Quantifier.ANY:
        return False
    return operator.quantifier is Quantifier.ALL or operator.if_exists or operator.negated


def _all(truths: Iterable[Truth]) -> Truth:
    answer: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            answer = None
    return answer


def _any(truths: Iterable[Truth]) -> Truth:
    answer: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            answer = None
    return answer
