"""For each common task, the policy that the guard writes lets the task pass, and no action or resource of it is spare.

The sandbox authorises by the operation and the parameters of each call, from tables of its own. A role of it holds the
policy and nothing else: not even the guard's own permissions.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import boto3
import pytest

from bedrock_guard import Guard
from bedrock_guard.policy_set import PolicySet
from bedrock_guard.testing import Sandbox, sandbox
from tests.tasks.catalogue import Task
from tests.tasks.proof import refusals
from tests.tasks.test_tasks import BY_NAME, account_of, neighbours

Document = dict[str, Any]


@pytest.fixture(scope="module")
def accounts() -> Iterator[dict[str, Sandbox]]:
    with sandbox() as aws, sandbox(region="us-gov-west-1") as gov:
        yield {"aws": aws, "aws-us-gov": gov}


def written(aws: Sandbox, task: Task, **options: Any) -> PolicySet:
    guard = Guard(requests=task.requests, session=aws.session(region=task.region), region=task.region)
    return guard.policy(**options)


def documents(policies: PolicySet) -> list[Document]:
    return [copy.deepcopy(dict(one.document)) for one in policies.policies]


def holding(aws: Sandbox, policies: Sequence[Mapping[str, Any]], region: str) -> boto3.Session:
    """A session of a role that holds these documents alone."""
    aws.role("deployed", policies={f"policy-{index}": one for index, one in enumerate(policies) if one["Statement"]})
    return aws.session("deployed", region=region)


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def without_one(document: Document) -> Iterator[tuple[str, Document]]:
    """The document without each single action, and without each single resource, of each statement."""
    for index, statement in enumerate(document["Statement"]):
        for element in ("Action", "Resource"):
            for value in listed(statement[element]):
                less = copy.deepcopy(document)
                left = [one for one in listed(statement[element]) if one != value]
                if left:
                    less["Statement"][index][element] = left
                else:
                    del less["Statement"][index]
                yield f"{statement['Sid']}: {element} {value}", less


@pytest.mark.parametrize("restrict_region", [False, True], ids=["anywhere", "in its Regions"])
@pytest.mark.parametrize("name", BY_NAME)
def test_the_task_passes_with_the_policy_and_nothing_more_does(
    accounts: dict[str, Sandbox], name: str, restrict_region: bool
) -> None:
    task = BY_NAME[name]
    aws = account_of(accounts, task)
    session = holding(aws, documents(written(aws, task, restrict_region=restrict_region)), task.region)
    assert list(refusals(session, task.calls)) == []
    others = neighbours(task.region)
    assert len(list(refusals(session, others))) == len(others)


@pytest.mark.parametrize("name", BY_NAME)
def test_without_any_one_action_or_resource_the_task_fails(accounts: dict[str, Sandbox], name: str) -> None:
    task = BY_NAME[name]
    aws = account_of(accounts, task)
    (document,) = documents(written(aws, task))
    spare = [
        what
        for what, less in without_one(document)
        if not list(refusals(holding(aws, [less], task.region), task.calls))
    ]
    assert spare == []
