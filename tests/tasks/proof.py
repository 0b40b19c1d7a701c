"""A task's needs as policies, and what the sandbox says to its calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import ClientError

from bedrock_guard import Guard, Report, Requirement
from bedrock_guard.advice.remedies import allow_statements
from bedrock_guard.advice.trust_remedies import trust_statements
from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.testing import Sandbox
from tests.tasks.catalogue import Call, Task

__all__ = ["Pair", "needs", "policy_of", "refusals", "report_of", "role_with"]

Pair = tuple[str, str]
"""Action and resource."""

_OWN = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["iam:SimulatePrincipalPolicy", "iam:Get*", "iam:List*", "bedrock:GetInferenceProfile"],
            "Resource": "*",
        }
    ],
}
"""What the guard itself may, beside the task."""

_DENIED = ("AccessDenied", "AccessDeniedException")


def needs(aws: Sandbox, task: Task) -> list[Requirement]:
    """What who runs the task needs for certain; the roles that it hands over are made, with what they need."""
    guard = Guard(requests=task.requests, session=aws.session(region=task.region), region=task.region)
    required = [requirement for requirement in guard.requirements if not requirement.advisory]
    for trust in (one for one in required if is_trust(one)):
        own = [one for one in required if one.principal == trust.resource]
        path, _, name = trust.resource.partition(":role")[2].rpartition("/")
        aws.role(
            name,
            path=f"{path}/",
            policies=[policy_of(own)] if own else [],
            trust={"Version": "2012-10-17", "Statement": [dict(one) for one in trust_statements([trust])]},
        )
    return [requirement for requirement in required if not requirement.principal]


def policy_of(requirements: Iterable[Requirement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [dict(one) for one in allow_statements(requirements)]}


def role_with(aws: Sandbox, requirements: Sequence[Requirement], region: str) -> boto3.Session:
    """A session of a role that holds exactly these and the guard's own."""
    policies: dict[str, Mapping[str, Any]] = {"guard": _OWN}
    if requirements:
        policies["task"] = policy_of(requirements)
    aws.role("task", policies=policies)
    return aws.session("task", region=region)


def report_of(session: boto3.Session, task: Task) -> Report:
    return Guard(requests=task.requests, session=session, region=task.region, check_model_access=False).check()


def refusals(session: boto3.Session, calls: Iterable[Call]) -> Iterator[str]:
    """The messages of the calls that were refused for want of a permission; a call may fail otherwise."""
    for call in calls:
        try:
            answer = getattr(session.client(call.client), call.method)(**call.parameters)  # type: ignore[call-overload]
            for value in answer.values():
                if hasattr(value, "__iter__") and not isinstance(value, (str, bytes, dict, list)):
                    list(value)
        except ClientError as error:
            if error.response["Error"]["Code"] in _DENIED:
                yield error.response["Error"]["Message"]
