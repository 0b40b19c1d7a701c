"""Whether an answer about a pattern is one about every resource that it stands for. Pure.

A grant on some is no denial of all, and a Deny on some no grant of all. What the statements mean of a pattern is read
from the policies; where those cannot be read it is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from bedrock_guard.aws.batches import Question
from bedrock_guard.aws.offline import KnownPolicies, context_of, judge_offline
from bedrock_guard.aws.patterns import Named, Reach, named_in
from bedrock_guard.bedrock.catalogue import find_action
from bedrock_guard.bedrock.request_resources import LISTS_OF_ALL
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.policy import Effect
from bedrock_guard.report import Principal, Requirement

__all__ = ["UNREAD", "Grant", "Many", "is_as_asked", "made_by_the_call", "stands_for_many"]

UNREAD = (
    "allowed on the pattern as written; whether a Deny or a NotResource leaves some of those resources out cannot be "
    "told without the policies: name the resource, or let the check read them"
)
"""What is said of an allowed pattern where the policies could not be read."""


def stands_for_many(requirement: Requirement) -> bool:
    """Whether the resource is a pattern, or ``*`` for an action that is granted on single resources."""
    if requirement.resource != "*":
        return requirement.is_pattern
    try:
        return find_action(requirement.action).takes_resources
    except ConfigurationError:
        return False


_CREATED_BESIDE = {
    "bedrock:CreateModelCustomizationJob": "custom-model",
    "bedrock:CreateModelImportJob": "imported-model",
    "bedrock:CreateModelCopyJob": "custom-model",
}
"""What a job leaves, which its name does not say. Source: botocore's model of bedrock (1.44.5)."""


def made_by_the_call(requirement: Requirement) -> bool:
    """Whether the resource comes to be by the call, so that nobody can name it before, the app least of all.

    What stands in a policy about single resources of a kind does not speak of one that AWS gives a new id.
    """
    name = requirement.action.partition(":")[2]
    kind = requirement.resource.split(":", 5)[-1].partition("/")[0]
    if requirement.action.startswith("bedrock:InvokeModel"):
        return kind == "async-invoke"
    if not name.startswith("Create"):
        return False
    if requirement.resource == "*" or _CREATED_BESIDE.get(requirement.action) == kind:
        return True
    return bool(kind) and name.lower().endswith(kind.replace("-", ""))


def is_as_asked(requirement: Requirement) -> bool:
    """Whether the ``*`` is what the call itself is authorised on, if it is allowed there: a list of all."""
    return requirement.resource == "*" and requirement.action in LISTS_OF_ALL


class Grant(Enum):
    """What the Allows of a layer say of a pattern that is not allowed as it is written."""

    NONE = "none"
    """There is none, on any of the resources."""
    SOME = "some"
    """There are some, and none that means all of them."""
    ALL = "all"
    """One means all of them: if not denied, then by something else, such as a key that nobody knows."""


@dataclass(frozen=True, slots=True)
class Many:
    """A question about a pattern, beside the policies that it is decided by."""

    question: Question
    principal: Principal
    policies: KnownPolicies

    def left_out(self) -> str | None:
        """Why the pattern is allowed as it is written and not for all that it stands for; None if it is for all."""
        for layer in self.policies.levels:
            for allows in self._levels(layer, Effect.ALLOW):
                if not any(one.certain for one in allows) and not self._hangs_on_a_key(allows):
                    return "allowed, but not on every such resource; name the resource"
        # One that means all of them would have denied the pattern itself, or hangs on a key that is told of.
        narrower = [one for one in self._denies() if one.reach is Reach.SOME]
        return f"allowed, but a Deny names {_some(narrower)}; name the resource" if narrower else None

    def granted(self, layer: Layer) -> tuple[Grant, str]:
        """What a layer that does not allow the pattern allows of it, and on what."""
        levels = list(self._levels(layer, Effect.ALLOW))
        if not levels or not all(levels):
            return Grant.NONE, ""
        if all(any(one.reach is Reach.ALL for one in allows) for allows in levels):
            return Grant.ALL, ""
        return Grant.SOME, _some([one for allows in levels for one in allows if one.reach is Reach.SOME])

    def spared(self) -> str | None:
        """What a Deny of the pattern as it is written leaves out, where something else allows it; else None."""
        denies = self._denies()
        if not denies or any(one.certain for one in denies):
            return None
        if not any(one.reach is Reach.SOME for one in denies):
            return None
        layers = [layer for layer, levels in self.policies.levels.items() if levels]
        if any(self.granted(layer)[0] is Grant.NONE for layer in layers):
            return None
        return f"denied on {_some([one for one in denies if one.reach is Reach.SOME])}; name the resource the app uses"

    def _denies(self) -> list[Named]:
        return [one for layer in self.policies.levels for level in self._levels(layer, Effect.DENY) for one in level]

    def _levels(self, layer: Layer, effect: Effect) -> Iterable[tuple[Named, ...]]:
        requirement = self.question.requirement
        context = context_of(self.question, self.principal, self.policies)
        for level in self.policies.levels[layer]:
            yield named_in(level, effect, action=requirement.action, pattern=requirement.resource, context=context)

    def _hangs_on_a_key(self, allows: Sequence[Named]) -> bool:
        """Whether an Allow of all of them may hold, and the engine leaves the answer to its key."""
        if not any(one.reach is Reach.ALL for one in allows):
            return False
        return judge_offline(self.question, self.principal, self.policies).decision is Decision.UNVERIFIED


def _some(named: Sequence[Named]) -> str:
    resources = list(dict.fromkeys(resource for one in named for resource in one.resources))
    return ", ".join(resources[:3]) + (f" and {len(resources) - 3} more" if len(resources) > 3 else "")
