"""One condition of a statement, made ready to be asked about many requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bedrock_guard.iam.comparisons import Comparison, Like
from bedrock_guard.iam.context import Absent, Context, Unknown
from bedrock_guard.iam.operators import Quantifier, find_operator
from bedrock_guard.iam.variables import Part, UnresolvedError, Variable, has_variables, read_template, resolve
from bedrock_guard.iam.wildcard import Anything

if TYPE_CHECKING:
    from bedrock_guard.iam.policy import Condition

__all__ = ["ConditionTest", "Truth"]

Truth = bool | None
"""True, False, or None where it hangs on a key nobody knows."""


class ConditionTest:
    """A condition as a question about a context.

    Attributes:
        key: As written.
        deny: Whether the statement is a Deny. Where AWS does not say what it does, a Deny matches and an Allow
            does not, so that nothing is called allowed on a guess.
    """

    __slots__ = (
        "_always",
        "_comparison",
        "_if_absent",
        "_lookup",
        "_negated",
        "_null",
        "_quantifier",
        "_templates",
        "deny",
        "key",
    )

    def __init__(self, condition: Condition, *, deny: bool, variables: bool) -> None:
        operator = find_operator(condition.operator)
        if operator is None:
            raise ValueError(f"no condition operator is called {condition.operator!r}")
        self.key = condition.key
        self.deny = deny
        self._lookup = condition.key.lower()
        self._negated = operator.negated
        self._quantifier = operator.quantifier
        self._null: frozenset[bool] | None = None
        self._comparison: Comparison | None = None
        self._templates: tuple[tuple[Part, ...], ...] = ()
        self._always = False
        self._if_absent = True
        if operator.compare is None:
            self._null = frozenset(value.lower() == "true" for value in condition.values)
            return
        values = condition.values
        if variables and operator.variables:
            wildcards = operator.name.endswith("Like") or operator.name.startswith("Arn")
            templates = tuple(read_template(v, wildcards=wildcards) for v in values if has_variables(v))
            self._templates = templates
            values = tuple(value for value in values if not has_variables(value))
        self._comparison = operator.compare(values)
        self._if_absent = _holds_if_absent(operator.quantifier, operator.if_exists, operator.negated)
        # Such as StringLikeIfExists "*": true with the key, without it and whatever its value.
        self._always = (
            self._if_absent
            and not self._negated
            and isinstance(self._comparison, Like)
            and any(isinstance(pattern, Anything) for pattern in self._comparison.patterns)
        )

    def holds(self, context: Context) -> Truth:
        """Whether the condition is met."""
        value = context.lookup(self._lookup)
        if isinstance(value, Unknown):
            return True if self._always else None
        if self._null is not None:
            return isinstance(value, Absent) in self._null
        if isinstance(value, str):
            if self._quantifier is Quantifier.ALL and not value:
                return True
            return self._meets(value, context)
        if isinstance(value, Absent):
            return self._if_absent
        return self._many(value, context)

    def _meets(self, value: str, context: Context) -> Truth:
        """Whether one value of the request is as the operator wants it."""
        assert self._comparison is not None
        if self._comparison.holds(value):
            return not self._negated
        if not self._templates:
            return self._negated
        matched = self._meets_a_template(value, context)
        if matched is None:
            return None
        return matched is not self._negated

    def _meets_a_template(self, value: str, context: Context) -> Truth:
        assert self._comparison is not None
        answer: Truth = False
        for template in self._templates:
            try:
                tokens = resolve(template, context)
            except UnresolvedError as unresolved:
                if unresolved.unknown:
                    answer = None
                elif self._negated and not self.deny:
                    # AWS says that a variable without value may invalidate the statement.
                    return True
                continue
            if type(self._comparison).like(tokens).holds(value):
                return True
        return answer

    def _many(self, values: tuple[str, ...], context: Context) -> Truth:
        if self._quantifier is Quantifier.ALL:
            # Source: reference_policies_condition-single-vs-multi-valued-context-keys.html, read 2026-11-24: an
            # empty text counts as no value.
            return _all(self._meets(value, context) for value in values if value)
        if self._quantifier is Quantifier.ANY or self.deny:
            # Several values without a set operator: AWS asks for one and says nothing of what it does without.
            return _any(self._meets(value, context) for value in values)
        return _all(self._meets(value, context) for value in values)

    def unknown_keys(self, context: Context) -> list[str]:
        """The keys whose value is missing to answer, as written; empty when there is an answer."""
        if self.holds(context) is not None:
            return []
        if isinstance(context.lookup(self._lookup), Unknown):
            return [self.key]
        found: list[str] = []
        for template in self._templates:
            try:
                resolve(template, context)
            except UnresolvedError as unresolved:
                found.extend(unresolved.unknown)
        return found

    @property
    def keys(self) -> list[str]:
        """The keys that the condition uses, as written."""
        return [
            self.key,
            *(part.key for template in self._templates for part in template if isinstance(part, Variable)),
        ]


def _holds_if_absent(quantifier: Quantifier, if_exists: bool, negated: bool) -> bool:
    """Whether an operator is met by a request without the key.

    Source: reference_policies_elements_condition_operators.html and
    reference_policies_condition-single-vs-multi-valued-context-keys.html, read 2026-11-24. That ForAnyValue stays
    false with IfExists was measured by iam.cloudcopilot.io/resources/operators, read 2026-11-24.
    """
    if quantifier is Quantifier.ANY:
        return False
    return quantifier is Quantifier.ALL or if_exists or negated


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
