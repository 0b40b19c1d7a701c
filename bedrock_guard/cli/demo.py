"""``demo``: the main job against the embedded AWS. An app whose role lacks permissions, before and after the fix.

Every step is the real one: the guard asks the sandbox's IAM on the wire, the statements that are added to the role are
those of the report's remedies, and the call at the end is authorised by the same IAM.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from bedrock_guard.cli.embedded import embedded_aws, make_role
from bedrock_guard.cli.output import colour, emit, terminal_width
from bedrock_guard.cli.redact import redact_option
from bedrock_guard.errors import MissingPermissionsError
from bedrock_guard.render.redaction import Redaction
from bedrock_guard.render.snippets import safe_json
from bedrock_guard.render.text import neutral, render_text
from bedrock_guard.render.verdict import verdict
from bedrock_guard.report import Remedy, Report

if TYPE_CHECKING:
    from bedrock_guard.guard import Guard
    from bedrock_guard.testing import Sandbox

__all__ = ["demo"]

_ROLE, _PATH = "assistant", "/svc/"
_REGION = "us-east-1"
_MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
_SCP = "region-lock"

_CALL = """runtime = guard.client("bedrock-runtime")
runtime.converse(modelId=..., messages=[...])"""

_DECLARATION: dict[str, list[str]] = {
    "models": [_MODEL],
    "operations": ["converse"],
    "capabilities": ["models.list"],
}

# What many write first: the profile, and its model in the Regions that they think of.
_FIRST_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "bedrock:InvokeModel",
            "Resource": [
                f"arn:aws:bedrock:us-east-1:*:inference-profile/{_MODEL}",
                f"arn:aws:bedrock:us-east-1::foundation-model/{_MODEL.partition('.')[2]}",
                f"arn:aws:bedrock:us-west-2::foundation-model/{_MODEL.partition('.')[2]}",
            ],
        }
    ],
}


def _region_lock(*regions: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RegionLock",
                "Effect": "Deny",
                "Action": "bedrock:*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(regions)}},
            }
        ],
    }


@dataclass
class _Story:
    """Tells each step once it has happened, and keeps the facts.

    Attributes:
        tell: Prints some lines.
        redaction: Masks what is told; None tells it as it is.
        facts: What happened, as plain values.
    """

    tell: Callable[[str], None]
    redaction: Redaction | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def step(self, title: str, *lines: str) -> None:
        title = self._masked(title)
        heading = f"\x1b[1m{title}\x1b[0m" if colour() else title
        lines = tuple(self._masked(text) for text in lines)
        shown = [f"   {line}".rstrip() for text in lines for line in text.splitlines()]
        self.tell("\n".join([heading, *shown, ""]))

    def shown(self, report: Report) -> Report:
        """The report as it is to be told."""
        return report if self.redaction is None else self.redaction.report(report)

    def _masked(self, text: str) -> str:
        return text if self.redaction is None else self.redaction.text(text)


@click.command(short_help="See the main job against the embedded AWS.")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the story.")
@redact_option
def demo(*, format: str, redact: bool) -> int:  # noqa: A002 - the option's name
    """Show an app whose role lacks permissions: the error, its remedies carried out, and the call that then works.

    It runs against an embedded AWS on loopback: no account, no network, nothing left behind. It exits with 0 when every
    step has really happened.
    """
    story = _Story(tell=emit if format == "text" else _silence, redaction=Redaction() if redact else None)
    with embedded_aws(region=_REGION) as aws:
        _play(aws, story)
    if format == "json":
        emit(safe_json(story.facts, indent=2))
    return 0


def _silence(_: str) -> None:
    pass


def _play(aws: Sandbox, story: _Story) -> None:
    from bedrock_guard.aws.given import PolicyDocuments
    from bedrock_guard.guard import Guard

    region_lock = aws.scp(_region_lock("us-east-1", "us-east-2"), name=_SCP)
    arn = make_role(aws, PolicyDocuments({"first-try": _FIRST_POLICY}), name=_ROLE, path=_PATH)
    story.step(f"1. An app, running as {arn}, says what it uses", _declaration_text())
    story.facts["declaration"] = {name: list(values) for name, values in _DECLARATION.items()}

    guard = Guard(
        models=_DECLARATION["models"],
        operations=_DECLARATION["operations"],
        capabilities=_DECLARATION["capabilities"],
        region=_REGION,
        session=aws.session(_ROLE),
        redact=False,  # what its remedies say is carried out
    )
    error = _error(guard)
    width = terminal_width() - 3
    shown = story.shown(error.report)
    text = render_text(shown, width=width, colour=colour())
    story.step("2. verify() raises, before the first user does", f"{type(error).__name__}: {text}")
    story.facts["error"] = {"type": type(error).__name__, "text": str(shown), "report": shown.to_dict()}

    done = [_carry_out(remedy, aws, region_lock) for remedy in error.report.remedies]
    story.step("3. Each remedy is carried out by its owner", *done)
    story.facts["done"] = done

    report = guard.verify()
    story.step("4. The same verify() passes", verdict(report))
    story.facts["report"] = story.shown(report).to_dict()

    answer = _converse(guard)
    story.step("5. And the call is answered", _CALL, neutral(answer))
    story.facts["answer"] = answer


def _declaration_text() -> str:
    arguments = [f"    {name}={json.dumps(values)}," for name, values in _DECLARATION.items()]
    return "\n".join(["guard = bedrock_guard.Guard(", *arguments, ")", "guard.verify()"])


def _error(guard: Guard) -> MissingPermissionsError:
    try:
        guard.verify()
    except MissingPermissionsError as error:
        return error
    raise RuntimeError("the role was meant to lack permissions, and verify() passed")


def _carry_out(remedy: Remedy, aws: Sandbox, region_lock: str) -> str:
    """Does what the remedy says, by the API calls its owner would make; what was done."""
    administrator = aws.session()
    if remedy.statements:
        document = {"Version": "2012-10-17", "Statement": [dict(statement) for statement in remedy.statements]}
        administrator.client("iam").put_role_policy(
            RoleName=_ROLE, PolicyName="bedrock-access", PolicyDocument=json.dumps(document)
        )
        count = len(remedy.statements)
        statements = "the statement" if count == 1 else f"the {count} statements"
        return f"iam put-role-policy: {_ROLE} gets {statements} above, word for word"
    if remedy.codes == ("BG203",):
        content = json.dumps(_region_lock("us-east-1", "us-east-2", "us-west-2"))
        administrator.client("organizations").update_policy(PolicyId=region_lock.rsplit("/", 1)[-1], Content=content)
        return f"organizations update-policy: {_SCP} lets Bedrock pass in us-west-2 too"
    raise RuntimeError(f"a remedy that the demo does not know: {remedy.text}")


def _converse(guard: Guard) -> str:
    runtime = guard.client("bedrock-runtime")
    question = {"role": "user", "content": [{"text": "Hello"}]}
    message = runtime.converse(modelId=_MODEL, messages=[question])["output"]["message"]
    return str(message["content"][0]["text"])
