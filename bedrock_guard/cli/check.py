"""``check``: what the app needs, asked of IAM for a principal, or decided by policy files, alone or in the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bedrock_guard.cli.configuration import configuration_options
from bedrock_guard.cli.output import check_writable, colour, complain, emit, progress, terminal_width, write_file
from bedrock_guard.cli.policy_files import at_most_one, read_policies
from bedrock_guard.cli.redact import redact_option
from bedrock_guard.cli.what import applied, declared, what_options
from bedrock_guard.cli.where import where_options
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.render.json import render_json
from bedrock_guard.render.text import render_text
from bedrock_guard.render.verdict import verdict
from bedrock_guard.report import Report

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.aws.given import PolicyDocuments
    from bedrock_guard.configuration import Settings

__all__ = ["check"]

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True)
class _Question:
    """What is asked.

    Attributes:
        arguments: As `Guard` takes them: the configuration's, with those of the options in their place.
    """

    arguments: Mapping[str, Any]

    @property
    def region(self) -> str | None:
        return self.arguments.get("region")

    def ask(self, session: boto3.Session, *, policies: PolicyDocuments | None = None, quiet: bool) -> Report:
        from bedrock_guard.guard import Guard

        guard = Guard(**self.arguments, session=session, policies=policies)
        with progress("Asking IAM …", quiet=quiet or policies is not None):
            return guard.check()


@dataclass(frozen=True)
class _Answer:
    """How the report is to be given."""

    format: str
    output: Path | None
    quiet: bool

    def give(self, report: Report) -> int:
        """Prints or writes the report; its exit code."""
        if self.output is not None:
            write_file(self.output, render_json(report) if self.format == "json" else render_text(report))
            if not self.quiet:
                complain(verdict(report), f"The report is in {self.output}")
        elif not self.quiet:
            text = render_text(report, width=terminal_width(), colour=colour()) if self.format == "text" else ""
            emit(text or render_json(report))
        return report.exit_code


def _policy_options(command: _F) -> _F:
    options = [
        click.option(
            "--sandbox", is_flag=True, help="Ask an embedded AWS about a role made of the policy files alone."
        ),
        click.option("--policy-file", "policy_files", multiple=True, metavar="FILE", help="Policy of the role."),
        click.option(
            "--boundary-file",
            multiple=True,
            callback=at_most_one,
            metavar="FILE",
            help="Permissions boundary of the role.",
        ),
        click.option("--scp-file", "scp_files", multiple=True, metavar="FILE", help="Service control policy."),
    ]
    return applied(options, command)


def _output_options(command: _F) -> _F:
    options = [
        click.option(
            "--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the report."
        ),
        click.option(
            "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report to a file."
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors: the exit code tells."),
    ]
    return applied(options, command)


@click.command(short_help="Check every permission that an app needs.")
@what_options
@where_options
@_policy_options
@_output_options
@redact_option
@configuration_options
def check(
    *,
    models: tuple[str, ...],
    operations: tuple[str, ...],
    capabilities: tuple[str, ...],
    actions: tuple[str, ...],
    requests: tuple[str, ...],
    service_roles: tuple[str, ...],
    model_access: bool | None,
    principal_arn: str | None,
    context: tuple[str, ...],
    evaluators: tuple[str, ...],
    budget: float | None,
    region: str | None,
    profile: str | None,
    endpoint_url: str | None,
    sandbox: bool,
    policy_files: tuple[str, ...],
    boundary_file: str | None,
    scp_files: tuple[str, ...],
    format: str,  # noqa: A002 - the option's name
    output: Path | None,
    quiet: bool,
    redact: bool,
    settings: Settings,
) -> int:
    """Check every permission that what the app uses takes, and report all that is missing.

    \b
    bedrock-guard check --model us.anthropic.claude-sonnet-4-5-20250929-v1:0 --operation converse_stream
    bedrock-guard check --capability knowledge-bases.query --principal-arn arn:aws:iam::123456789012:role/svc/app
    bedrock-guard check --action bedrock:Retrieve@arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678
    bedrock-guard check --request create_agent=@agent.json --service-role agent=arn:aws:iam::123456789012:role/agents
    bedrock-guard check --policy-file policy.json --operation converse --model amazon.nova-lite-v1:0 --region us-east-1

    Exit codes: 0 all allowed, 1 something denied, 2 usage or configuration, 3 could not check.
    """  # noqa: D301 - the character is click's mark for lines to keep
    given = declared(
        models=models,
        operations=operations,
        capabilities=capabilities,
        actions=actions,
        requests=requests,
        service_roles=service_roles,
        model_access=model_access,
        principal_arn=principal_arn,
        context=context,
        evaluators=evaluators,
        budget=budget,
        region=region,
    )
    question = _question(settings, given, redact=redact, sandbox=sandbox)
    answer = _Answer(format, output, quiet)
    if output is not None:
        check_writable(output)
    if sandbox:
        _refuse_with_sandbox(principal_arn, profile, endpoint_url)
        return answer.give(_in_sandbox(question, policy_files, boundary_file, scp_files, quiet=quiet))
    from_files = policy_files or boundary_file or scp_files
    policies = _given(policy_files, boundary_file, scp_files) if from_files else None
    from bedrock_guard.cli.aws_session import aws_session

    with aws_session(profile=profile, endpoint=endpoint_url) as session:
        return answer.give(question.ask(session, policies=policies, quiet=quiet))


def _question(settings: Settings, given: Mapping[str, Any], *, redact: bool, sandbox: bool) -> _Question:
    """The settings, with the options that were given in place of those of the same name."""
    arguments = {**settings.arguments(), **given, "redact": redact}
    if sandbox:
        # The role that is asked about is the sandbox's own.
        arguments.pop("principal_arn", None)
    return _Question(arguments)


def _given(policy_files: Sequence[str], boundary_file: str | None, scp_files: Sequence[str]) -> PolicyDocuments:
    if not policy_files:
        raise ConfigurationError(
            "--boundary-file and --scp-file only cap what a policy grants: name the role's own with --policy-file",
            code="BG504",
        )
    return read_policies(policy_files, boundary_file, scp_files)


def _in_sandbox(
    question: _Question,
    policy_files: Sequence[str],
    boundary_file: str | None,
    scp_files: Sequence[str],
    *,
    quiet: bool,
) -> Report:
    from bedrock_guard.cli.embedded import embedded_role

    policies = read_policies(policy_files, boundary_file, scp_files)
    with embedded_role(policies, region=question.region, quiet=quiet) as session:
        return question.ask(session, quiet=quiet)


def _refuse_with_sandbox(principal_arn: str | None, profile: str | None, endpoint: str | None) -> None:
    given = {"--principal-arn": principal_arn, "--profile": profile, "--endpoint-url": endpoint}
    names = [name for name, value in given.items() if value is not None]
    if names:
        raise click.UsageError(f"--sandbox asks about a role of its own: leave out {' and '.join(names)}")
