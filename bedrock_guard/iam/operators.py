"""The condition operators by name: what they compare, whether they negate, and what qualifies them.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bedrock_guard.iam import comparisons
from bedrock_guard.iam.comparisons import Comparison

__all__ = ["OPERATORS", "Operator", "Quantifier", "find_operator"]


class Quantifier(Enum):
    """The set operator in front of an operator, for keys with several values."""

    NONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as a policy names it.

    Attributes:
        name: The name without set operator and without ``IfExists``, in AWS's spelling.
        compare: Makes the comparison from the values without variables; None for ``Null``.
        negated: Whether it holds where the comparison does not.
        variables: Whether its values may contain policy variables.
        quantifier: The set operator.
        if_exists: Whether it holds where the key is absent.
    """

    name: str
    compare: Callable[[tuple[str, ...]], Comparison] | None
    negated: bool = False
    variables: bool = False
    quantifier: Quantifier = Quantifier.NONE
    if_exists: bool = False

    @property
    def wildcards(self) -> bool:
        """Whether ``*`` and ``?`` in its values are wildcards."""
        return self.compare in (comparisons.Like, comparisons.ArnLike)


def _plain() -> dict[str, Operator]:
    found = [Operator("Bool", comparisons.Booleans), Operator("BinaryEquals", comparisons.Binaries)]
    for family, kinds in (("Numeric", comparisons.numbers), ("Date", comparisons.dates)):
        found.append(Operator(f"{family}NotEquals", kinds("eq"), negated=True))
        found += [Operator(f"{family}{name}", kinds(ordering)) for name, ordering in _ORDERINGS]
    for kind, comparison in _TEXTS:
        found.append(Operator(f"String{kind}", comparison, variables=True))
        found.append(Operator(f"StringNot{kind}", comparison, negated=True, variables=True))
    # ArnEquals takes wildcards too and is the same operator as ArnLike.
    for kind in ("Equals", "Like"):
        found.append(Operator(f"Arn{kind}", comparisons.ArnLike, variables=True))
        found.append(Operator(f"ArnNot{kind}", comparisons.ArnLike, negated=True, variables=True))
    found.append(Operator("IpAddress", comparisons.Networks))
    found.append(Operator("NotIpAddress", comparisons.Networks, negated=True))
    found.append(Operator("Null", None))
    return {operator.name: operator for operator in found}


_ORDERINGS = (
    ("Equals", "eq"),
    ("LessThan", "lt"),
    ("LessThanEquals", "le"),
    ("GreaterThan", "gt"),
    ("GreaterThanEquals", "ge"),
)
_TEXTS: tuple[tuple[str, Callable[[tuple[str, ...]], Comparison]], ...] = (
    ("Equals", comparisons.OneOf),
    ("EqualsIgnoreCase", comparisons.OneOfIgnoringCase),
    ("Like", comparisons.Like),
)

OPERATORS = _plain()
"""The operators without set operator and ``IfExists``, by name in AWS's spelling."""


def _all_forms() -> dict[str, Operator]:
    forms: dict[str, Operator] = {}
    for plain in OPERATORS.values():
        for quantifier in Quantifier:
            for if_exists in (False, True):
                if if_exists and plain.compare is None:
                    continue
                name = f"{quantifier.value}{plain.name}{'IfExists' if if_exists else ''}"
                forms[name.lower()] = Operator(
                    plain.name, plain.compare, plain.negated, plain.variables, quantifier, if_exists
                )
    return forms


_FORMS = _all_forms()


def find_operator(name: str) -> Operator | None:
    """The operator that ``name`` writes, with set operator and ``IfExists``; None if AWS has no such operator.

    Case is ignored (assumed: AWS documents one spelling and says nothing about others). ``Null`` takes no ``IfExists``.
    """
    return _FORMS.get(name.lower())
