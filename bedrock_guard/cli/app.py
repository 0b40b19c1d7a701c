"""The commands."""

from __future__ import annotations

import click

from bedrock_guard import __version__
from bedrock_guard.cli.check import check
from bedrock_guard.cli.completion import completion
from bedrock_guard.cli.demo import demo
from bedrock_guard.cli.explain import explain
from bedrock_guard.cli.lists import list_group
from bedrock_guard.cli.policy import policy
from bedrock_guard.cli.record import record
from bedrock_guard.cli.sandbox import sandbox
from bedrock_guard.cli.whoami import whoami

__all__ = ["app"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bedrock-guard", message="%(prog)s %(version)s")
def app() -> None:
    """Finds out whether a principal holds every IAM permission that an app needs on Amazon Bedrock.

    Exit codes: 0 all allowed, 1 something denied, 2 usage or configuration, 3 could not check.
    """


for command in (check, explain, policy, record, whoami, list_group, sandbox, demo, completion):
    app.add_command(command)
