"""Requirements packed into the fewest calls of the simulator. Pure.

One call asks every action on every resource in one context, so what can share a call is what shares a context.
Actions without resource types go in calls that name no resource: the simulator answers implicitDeny to a resource
of a type that the action does not take (recorded 2026-09), and `*` means the literal text, not any resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bedrock_guard.aws.context import ContextValues
from bedrock_guard.report import Requirement

__all__ = ["MAX_ACTIONS", "MAX_RESOURCES", "Batch", "Question", "batches"]

MAX_ACTIONS = 50
MAX_RESOURCES = 20
"""No limit is documented; 100 actions on 2 resources worked, and calls with many more of both failed in the field
(https://github.com/nccgroup/PMapper/pull/6, read 2026-11)."""


@dataclass(frozen=True, eq=False)
class Question:
    """A requirement and all that is known of the request it stands for; equal to itself alone."""

    requirement: Requirement
    context: ContextValues


@dataclass(frozen=True)
class Batch:
    """One call of the simulator.

    Attributes:
        questions: What it answers; all have the same context.
    """

    questions: tuple[Question, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """Each action once, in order."""
        return tuple(dict.fromkeys(q.requirement.action for q in self.questions))

    @property
    def resources(self) -> tuple[str, ...]:
        """Each resource once, in order; empty for actions that take none."""
        return tuple(dict.fromkeys(q.requirement.resource for q in self.questions if q.requirement.resource != "*"))

    @property
    def context(self) -> ContextValues:
        return self.questions[0].context

    def only(self, actions: Iterable[str]) -> Batch | None:
        """The part that asks these actions; None when nothing is left."""
        wanted = {action.lower() for action in actions}
        questions = tuple(q for q in self.questions if q.requirement.action.lower() in wanted)
        return Batch(questions) if questions else None


def batches(questions: Sequence[Question]) -> tuple[Batch, ...]:
    """The calls that answer all questions, as few as their contexts and the limits allow."""
    groups: dict[object, list[Question]] = {}
    for question in questions:
        key = (
            question.requirement.resource == "*",
            tuple(sorted((name.lower(), values) for name, values in question.context.items())),
        )
        groups.setdefault(key, []).append(question)
    return tuple(batch for group in groups.values() for batch in _within_limits(group))


def _within_limits(group: list[Question]) -> Iterable[Batch]:
    resources = list(dict.fromkeys(q.requirement.resource for q in group))
    for start in range(0, len(resources), MAX_RESOURCES):
        chunk = set(resources[start : start + MAX_RESOURCES])
        asked = [q for q in group if q.requirement.resource in chunk]
        actions = list(dict.fromkeys(q.requirement.action for q in asked))
        for first in range(0, len(actions), MAX_ACTIONS):
            some = set(actions[first : first + MAX_ACTIONS])
            yield Batch(tuple(q for q in asked if q.requirement.action in some))
