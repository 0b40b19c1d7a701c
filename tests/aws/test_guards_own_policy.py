"""The permissions that a guard writes for itself: enough for each of its modes, and each one used.

The sandbox authorises every call of the guard by tables of its own and notes what came of it.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from bedrock_guard import Guard
from bedrock_guard.aws.model_questions import forget_answers
from bedrock_guard.testing import Sandbox, sandbox

ACCOUNT = "123456789012"
REGION = "us-east-1"
ARN = f"arn:aws:iam::{ACCOUNT}:role/svc/checked"
SERVICE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/kb"
SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"

_DENIED = ("implicitDeny", "explicitDeny")


def _checks(guard: Guard) -> None:
    guard.check()


def _calls_and_is_refused(guard: Guard) -> None:
    with contextlib.suppress(ClientError):
        guard.client("bedrock").list_custom_models()


@dataclass(frozen=True)
class Mode:
    """One way to use a guard.

    Attributes:
        declared: What it is made with.
        use: What it does.
    """

    declared: Mapping[str, Any]
    use: Callable[[Guard], None] = _checks


MODES = {
    "asks the simulator": Mode({"actions": ["bedrock:ListAgents"], "evaluators": ["simulator"]}),
    "reads the policies": Mode({"actions": ["bedrock:ListAgents"], "evaluators": ["offline"]}),
    "asks about a profile and its model": Mode(
        {"models": [f"us.{SONNET}"], "evaluators": ["simulator"]},
    ),
    "asks about a model that needs a profile": Mode({"models": [SONNET], "evaluators": ["simulator"]}),
    "asks about a profile alone": Mode(
        {"models": [f"us.{SONNET}"], "evaluators": ["simulator"], "check_model_access": False}
    ),
    "asks about a service role": Mode(
        {
            "operations": ["retrieve"],
            "service_roles": [f"knowledge-base={SERVICE_ROLE}"],
            "evaluators": ["simulator"],
        }
    ),
    "explains a denied call": Mode(
        {"operations": ["list_custom_models"], "evaluators": ["simulator"], "diagnose": "live"}, _calls_and_is_refused
    ),
}

if "iam-toolbox" not in botocore.session.Session().get_available_services():
    del MODES["explains a denied call"]  # an older botocore, which does not know it


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox(region=REGION) as running:
        running.authorizations.told = True
        running.role("kb", policies={})
        yield running


def refused(aws: Sandbox, mode: Mode, document: Mapping[str, Any]) -> set[str]:
    """The guard's actions that are denied to a role with this policy and one of AWS's that grants nothing here."""
    aws.role(
        "checked",
        path="/svc/",
        policies={"own": document} if document["Statement"] else {},
        managed=["arn:aws:iam::aws:policy/IAMUserChangePassword"],
    )
    session = aws.session("checked", region=REGION)
    forget_answers()
    guard = Guard(**mode.declared, session=session, region=REGION, on_unverified="ignore")
    aws.calls.clear()
    mode.use(guard)
    own = [call for call in aws.calls if call.decision in _DENIED]
    return {action for call in own for action in call.actions} - {"bedrock:ListCustomModels"}


def written(aws: Sandbox, mode: Mode) -> dict[str, Any]:
    guard = Guard(**mode.declared, session=aws.session(region=REGION), region=REGION, principal_arn=ARN)
    made = guard.policy(for_guard=True)
    (policy,) = made.policies
    return copy.deepcopy(dict(policy.document))


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("name", MODES)
def test_a_guard_with_its_own_policy_is_refused_nothing(aws: Sandbox, name: str) -> None:
    mode = MODES[name]
    assert refused(aws, mode, written(aws, mode)) == set()


@pytest.mark.parametrize("name", MODES)
def test_without_any_one_of_its_actions_the_guard_is_refused_it(aws: Sandbox, name: str) -> None:
    mode = MODES[name]
    document = written(aws, mode)
    spare = set()
    for index, statement in enumerate(document["Statement"]):
        for action in listed(statement["Action"]):
            less = copy.deepcopy(document)
            less["Statement"][index]["Action"] = [one for one in listed(statement["Action"]) if one != action]
            if not less["Statement"][index]["Action"]:
                del less["Statement"][index]
            if action not in refused(aws, mode, less):
                spare.add(action)
    assert spare == set()
