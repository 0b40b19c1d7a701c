"""For each common task the requirements are enough, all of them are needed, and the check names what is missing.

The sandbox authorises by the operation and the parameters of each call, from tables of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import botocore.session
import pytest

from bedrock_guard.testing import Sandbox, sandbox
from tests.tasks.catalogue import TASKS, Call, Task
from tests.tasks.page import PAGE, page
from tests.tasks.proof import needs, refusals, report_of, role_with

BY_NAME = {task.name: task for task in TASKS}

if "CountTokens" not in botocore.session.Session().get_service_model("bedrock-runtime").operation_names:
    del BY_NAME["count the tokens of a request"]  # an older botocore, which has no such operation


@pytest.fixture(scope="module")
def accounts() -> Iterator[dict[str, Sandbox]]:
    with sandbox() as aws, sandbox(region="us-gov-west-1") as gov:
        yield {"aws": aws, "aws-us-gov": gov}


def account_of(accounts: dict[str, Sandbox], task: Task) -> Sandbox:
    return accounts["aws-us-gov" if task.region.startswith("us-gov") else "aws"]


def neighbours(region: str) -> tuple[Call, ...]:
    """Calls like those of the tasks, on things that none of them is about."""
    hello = [{"role": "user", "content": [{"text": "hello"}]}]
    return (
        Call("bedrock-runtime", "converse", {"modelId": "mistral.mistral-large-2402-v1:0", "messages": hello}),
        Call(
            "bedrock-runtime",
            "apply_guardrail",
            {
                "guardrailIdentifier": "gr0000000000",
                "guardrailVersion": "1",
                "source": "INPUT",
                "content": [{"text": {"text": "hello"}}],
            },
        ),
        Call(
            "bedrock-agent-runtime",
            "retrieve",
            {"knowledgeBaseId": "KB00000000", "retrievalQuery": {"text": "hello"}},
        ),
        Call(
            "bedrock-agent-runtime",
            "invoke_agent",
            {"agentId": "AGENT00000", "agentAliasId": "ALIAS00000", "sessionId": "s-1", "inputText": "hello"},
        ),
    )


def test_there_are_at_least_25_tasks_of_one_name_each() -> None:
    assert len({task.name for task in TASKS}) == len(TASKS) >= 25


@pytest.mark.parametrize("name", BY_NAME)
def test_the_policy_lets_exactly_the_task_pass(accounts: dict[str, Sandbox], name: str) -> None:
    task = BY_NAME[name]
    aws = account_of(accounts, task)
    required = needs(aws, task)
    assert required
    session = role_with(aws, required, task.region)
    assert list(refusals(session, task.calls)) == []
    report = report_of(session, task)
    assert (report.denied, report.unverified) == ((), ()), str(report)
    others = neighbours(task.region)
    assert len(list(refusals(session, others))) == len(others), "and nothing more"


@pytest.mark.parametrize("name", BY_NAME)
def test_whatever_is_taken_away_is_named_and_the_task_fails_without_it(accounts: dict[str, Sandbox], name: str) -> None:
    task = BY_NAME[name]
    aws = account_of(accounts, task)
    required = needs(aws, task)
    for pair in {(one.action, one.resource) for one in required}:
        left = [one for one in required if (one.action, one.resource) != pair]
        session = role_with(aws, left, task.region)
        report = report_of(session, task)
        named = {(f.requirement.action, f.requirement.resource) for f in (*report.denied, *report.unverified)}
        assert named == {pair}, f"without {pair}: {report}"
        granted_elsewhere = any(one.action == pair[0] for one in left)
        assert report.denied or ("*" in pair[1] and granted_elsewhere), f"without {pair}: {report}"
        refused = list(refusals(session, task.calls))
        assert any(pair[0] in message for message in refused), f"without {pair} the sandbox says {refused}"


def test_the_page_is_what_the_tasks_say_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.tasks.page > docs/tasks.md"
