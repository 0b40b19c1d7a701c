"""Requirements to the statements of a policy: each action on its own resources, under its own conditions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.advice.policy_conditions import REQUESTED_REGION, AskedConditions, region_of
from bedrock_guard.iam.policy import Condition
from bedrock_guard.iam.resources import compile_resource
from bedrock_guard.iam.wildcard import tokens_of
from bedrock_guard.report import Requirement

__all__ = ["Grant", "Permission", "grants_of", "permissions_of"]

_PASSED_TO = "iam:PassedToService"
_PROFILE = "bedrock:InferenceProfileArn"


@dataclass(frozen=True, slots=True)
class Permission:
    """One action on one resource.

    Attributes:
        action: In AWS's spelling.
        resource: An ARN, an ARN pattern or ``*``.
        conditions: What the requests carry, sorted; all have to be met.
        region: ``aws:RequestedRegion`` of the request where the policy is restricted to it; else None.
    """

    action: str
    resource: str
    conditions: tuple[Condition, ...] = ()
    region: str | None = None

    def covers(self, other: Permission) -> bool:
        """Whether whatever the other allows is allowed by this one; False also where that is hard to tell."""
        return (
            self.action == other.action
            and set(self.conditions) <= set(other.conditions)
            and self.region in (None, other.region)
            and _covers(self.resource, other.resource)
        )


def _covers(pattern: str, resource: str) -> bool:
    if pattern in ("*", resource):
        return True
    # A star of the resource is matched by a star alone, so what it stands for is too; "?" would match a star by chance.
    return "*" in pattern and "?" not in pattern and compile_resource(tokens_of(pattern)).matches(resource)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one statement allows: each of the actions on each of the resources.

    Attributes:
        actions: Sorted.
        resources: Sorted.
        conditions: Sorted.
        regions: The values of ``aws:RequestedRegion``, sorted; empty where it is not restricted.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    regions: tuple[str, ...] = ()

    def statement(self, sid: str, resources: Sequence[str] = ()) -> dict[str, Any]:
        """The statement as a policy has it.

        Args:
            sid: Its name.
            resources: A part of its resources; all by default.
        """
        on = tuple(resources) or self.resources
        statement: dict[str, Any] = {
            "Sid": sid,
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": "*" if on == ("*",) else list(on),
        }
        condition = self._condition()
        return {**statement, "Condition": condition} if condition else statement

    def _condition(self) -> dict[str, dict[str, Any]]:
        conditions = list(self.conditions)
        if self.regions:
            conditions.append(Condition("StringEquals", REQUESTED_REGION, self.regions))
        block: dict[str, dict[str, Any]] = {}
        for one in sorted(conditions, key=_order):
            block.setdefault(one.operator, {})[one.key] = one.values[0] if len(one.values) == 1 else list(one.values)
        return block


def permissions_of(
    requirements: Iterable[Requirement], asked: AskedConditions, *, only_in: str | None = None
) -> tuple[Permission, ...]:
    """What has to be allowed for the requirements, each once, and nothing that another one allows already.

    Args:
        requirements: Of one principal.
        asked: Conditions that were asked for.
        only_in: The Region that the app calls, where requests are restricted to the Regions that they are made in.
    """
    found = dict.fromkeys(
        Permission(
            one.action,
            one.resource,
            tuple(sorted({*_own(one), *asked.of(one)}, key=_order)),
            None if only_in is None else region_of(one, only_in),
        )
        for one in requirements
    )
    by_action: dict[str, list[Permission]] = {}
    for permission in found:
        by_action.setdefault(permission.action, []).append(permission)
    return tuple(one for action in sorted(by_action) for one in _without_spare(by_action[action]))


def _without_spare(permissions: Sequence[Permission]) -> list[Permission]:
    """The permissions of one action without those that another one covers; of two that say the same the first."""
    wide = [(index, one) for index, one in enumerate(permissions) if "*" in one.resource or not one.conditions]

    def is_spare(index: int, permission: Permission) -> bool:
        return any(
            at != index and one.covers(permission) and (at < index or not permission.covers(one)) for at, one in wide
        )

    return [one for index, one in enumerate(permissions) if not is_spare(index, one)]


def _own(requirement: Requirement) -> tuple[Condition, ...]:
    """What narrows a statement without shutting out the call it is for.

    A model whose Region is not known may be in any, but it is called through the profile alone.
    """
    found = []
    for key, values in requirement.context:
        if key == _PASSED_TO and values:
            found.append(Condition("StringEquals", key, tuple(sorted(values))))
        elif key == _PROFILE and values and ":bedrock:*::foundation-model/" in requirement.resource:
            found.append(Condition("ArnLike", key, tuple(sorted(values))))
    return tuple(found)


def grants_of(permissions: Iterable[Permission]) -> tuple[Grant, ...]:
    """The statements that allow exactly the permissions, in the order of their actions.

    Actions of one service that need the same resources under the same conditions share a statement. The Regions of a
    statement are those of all its resources: a resource is called in its own, whichever the others are in.
    """
    resources: dict[tuple[str, tuple[Condition, ...], bool], dict[str, None]] = {}
    regions: dict[tuple[str, tuple[Condition, ...], bool], set[str]] = {}
    for one in permissions:
        key = (one.action, one.conditions, one.region is not None)
        resources.setdefault(key, {})[one.resource] = None
        regions.setdefault(key, set()).update(() if one.region is None else (one.region,))
    actions: dict[tuple[str, tuple[str, ...], tuple[Condition, ...], tuple[str, ...]], list[str]] = {}
    for key, arns in resources.items():
        action, conditions, _ = key
        service = action.partition(":")[0]
        actions.setdefault((service, tuple(sorted(arns)), conditions, tuple(sorted(regions[key]))), []).append(action)
    grants = (
        Grant(tuple(sorted(names)), arns, conditions, where) for (_, arns, conditions, where), names in actions.items()
    )
    return tuple(sorted(grants, key=lambda one: (one.actions, one.resources, [_order(c) for c in one.conditions])))


def _order(condition: Condition) -> tuple[str, str, tuple[str, ...]]:
    return (condition.operator, condition.key, condition.values)
