"""The page of the tasks, made from them: ``python -m tests.tasks.page > docs/tasks.md``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bedrock_guard import Requirement
from bedrock_guard.bedrock.profiles import destinations
from bedrock_guard.requirements import Declaration, Where
from tests.tasks.catalogue import ACCOUNT, TASKS, Task
from tests.tasks.proof import policy_of

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "tasks.md"

_HEAD = """# Common tasks: what each needs

For each task the calls that do it, everything they need, and a policy that lets exactly them pass. Everything on this
page is proved by a test in the [sandbox](quickstart.md), which authorises each call by tables of its own: with the
policy and nothing more the calls pass and the check is green; whichever action and resource is taken away, the check
names it and a call is refused.

Account 123456789012 and the names in the ARNs are examples. The Regions behind profiles are those of the shipped table.
What AWS does not document as needed (an advisory requirement) is left out of the policies.

To check a task for the app's own role, give its calls to the guard: `Guard(requests=[("converse", {"modelId": "…"})])`,
or `bedrock-guard check --request 'converse={"modelId": "…"}'`.
"""


def page() -> str:
    """The whole page."""
    lines = [_HEAD]
    for task in TASKS:
        lines += _of(task)
    return "\n".join(lines).rstrip() + "\n"


def _of(task: Task) -> Iterator[str]:
    required = _needs(task)
    yield f"## {task.name[:1].upper()}{task.name[1:]}\n"
    calls = ", ".join(f"`{call.client}` `{call.method}`" for call in task.calls)
    yield f"{calls}, in {task.region}.\n"
    yield "| action | on | for |"
    yield "| --- | --- | --- |"
    for one in required:
        advisory = " (advisory)" if one.advisory else ""
        yield f"| `{one.action}`{advisory} | `{one.resource}` | {'; '.join(one.reasons)} |"
    yield ""
    yield "```json"
    yield json.dumps(policy_of(one for one in required if not one.advisory), indent=2)
    yield "```\n"


def _needs(task: Task) -> tuple[Requirement, ...]:
    partition = "aws-us-gov" if task.region.startswith("us-gov") else "aws"
    where = Where(partition, task.region, ACCOUNT)
    declaration = Declaration.of(requests=task.requests)
    routes = {
        text: destinations(model.id, task.region) for text, model in declaration.all_models(where) if model.routed
    }
    return declaration.requirements(where, routes)


if __name__ == "__main__":
    sys.stdout.write(page())
