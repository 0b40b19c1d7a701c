"""Requirements are packed into the fewest calls of the simulator."""

from __future__ import annotations

from bedrock_guard.aws.batches import MAX_ACTIONS, MAX_RESOURCES, Batch, Question, batches
from bedrock_guard.aws.context import ContextValues
from bedrock_guard.report import Requirement

US_EAST_1: ContextValues = {"aws:RequestedRegion": ("us-east-1",)}
US_WEST_2: ContextValues = {"aws:RequestedRegion": ("us-west-2",)}


def question(action: str, resource: str, context: ContextValues = US_EAST_1) -> Question:
    return Question(Requirement(action, resource), context)


def pairs(batch: Batch) -> set[tuple[str, str]]:
    return {(action, resource) for action in batch.actions for resource in batch.resources or ("*",)}


def test_requirements_of_one_context_share_a_call() -> None:
    asked = [question(f"bedrock:A{n % 5}", f"arn:aws:bedrock:us-east-1:1:x/{n}") for n in range(20)]
    (batch,) = batches(asked)
    assert len(batch.actions) == 5
    assert len(batch.resources) == 20


def test_a_context_of_its_own_takes_a_call_of_its_own() -> None:
    """aws:RequestedRegion differs by destination, and one call has one context."""
    found = batches([question("a:B", "arn:1"), question("a:B", "arn:2", US_WEST_2), question("a:C", "arn:3")])
    assert [batch.resources for batch in found] == [("arn:1", "arn:3"), ("arn:2",)]


def test_the_case_of_a_context_key_does_not_split_a_call() -> None:
    found = batches([question("a:B", "arn:1"), question("a:B", "arn:2", {"AWS:requestedregion": ("us-east-1",)})])
    assert len(found) == 1


def test_actions_without_resource_types_are_asked_without_resources() -> None:
    """The simulator denies an action that takes no resource when it is given one."""
    with_resource, without = batches([question("a:B", "arn:1"), question("a:List", "*"), question("a:C", "arn:1")])
    assert with_resource.actions == ("a:B", "a:C")
    assert without.actions == ("a:List",)
    assert without.resources == ()


def test_no_call_is_larger_than_the_limits_and_none_of_the_pairs_is_lost() -> None:
    asked = [question(f"a:B{n}", f"arn:{n}") for n in range(130)]
    found = batches(asked)
    assert all(len(batch.actions) <= MAX_ACTIONS and len(batch.resources) <= MAX_RESOURCES for batch in found)
    covered = set().union(*(pairs(batch) for batch in found))
    assert {(q.requirement.action, q.requirement.resource) for q in asked} <= covered
    assert sorted(id(q) for batch in found for q in batch.questions) == sorted(map(id, asked))


def test_a_call_asks_only_the_actions_that_its_resources_need() -> None:
    """A sparse table is cut by resources first, so that no call asks all actions of all resources."""
    asked = [question(f"a:B{n}", f"arn:{n}") for n in range(40)]
    assert [len(batch.actions) for batch in batches(asked)] == [20, 20]
