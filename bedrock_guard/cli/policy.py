"""``policy``: the least policies for what an app uses, in the form that they are deployed with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bedrock_guard.cli.configuration import configuration_options
from bedrock_guard.cli.output import check_writable, complain, emit, progress, write_file
from bedrock_guard.cli.redact import redact_option
from bedrock_guard.cli.what import applied, declared, what_options
from bedrock_guard.cli.where import where_options
from bedrock_guard.iam.operators import find_operator
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.policies import FORMATS, render_policies
from bedrock_guard.render.redaction import Redaction

if TYPE_CHECKING:
    from bedrock_guard.configuration import Settings
    from bedrock_guard.policy_set import PolicySet

__all__ = ["policy"]


def _policy_options(command: Any) -> Any:
    options = [
        click.option("--role", default="", metavar="NAME", help="Name of the role that the app runs as."),
        click.option(
            "--account",
            default="",
            metavar="ID",
            help="Account of the app; that of --principal-arn or of the credentials by default.",
        ),
        click.option(
            "--trust",
            metavar="KIND[,detail=…]",
            help="What runs as the role, for its trust policy: lambda, ecs, ec2, eks-pod-identity, "
            "eks-irsa,oidc=…,namespace=…,service-account=…, or a kind of service role.",
        ),
        click.option("--restrict-region", is_flag=True, help="Only in the Regions that the app's calls are served in."),
        click.option(
            "--condition",
            "conditions",
            multiple=True,
            metavar="[OPERATOR:]KEY=VALUE",
            help="Condition for the statements whose requests carry the key; again for a further value.",
        ),
        click.option(
            "--with-advisory", is_flag=True, help="Grant too what AWS does not document as needed, but may be."
        ),
        click.option(
            "--for-guard", is_flag=True, help="The permissions that the check itself takes, and not the app's."
        ),
        click.option("--live", is_flag=True, help="With --for-guard: those of asking IAM about denied calls besides."),
    ]
    return applied(options, command)


def _output_options(command: Any) -> Any:
    options = [
        click.option(
            "--format",
            type=click.Choice(list(FORMATS)),
            default="json",
            show_default=True,
            help="What the policies are deployed with.",
        ),
        click.option(
            "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the policies to a file."
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print no notes."),
    ]
    return applied(options, command)


@dataclass(frozen=True)
class _Answer:
    """How the policies are to be given."""

    format: str
    output: Path | None
    quiet: bool
    redact: bool

    def give(self, sets: Sequence[PolicySet]) -> None:
        """Prints or writes the policies; what has to be known of them goes to standard error."""
        text = render_policies(sets, self.format)
        if self.output is not None:
            write_file(self.output, text)
        else:
            emit(text)
        if self.quiet:
            return
        notes = [_note(one.role, note, several=len(sets) > 1) for one in sets for note in one.notes]
        if self.output is not None:
            notes.append(f"The policies are in {self.output}")
        complain(*(neutral(Redaction().text(note) if self.redact else note) for note in notes))


def _note(role: str, text: str, *, several: bool) -> str:
    return f"note: {role or 'the app'}: {text}" if several else f"note: {text}"


@click.command(short_help="Write the least policy for what an app uses.")
@what_options
@where_options
@_policy_options
@_output_options
@redact_option
@configuration_options
def policy(
    *,
    role: str,
    account: str,
    trust: str | None,
    restrict_region: bool,
    conditions: tuple[str, ...],
    with_advisory: bool,
    for_guard: bool,
    live: bool,
    format: str,  # noqa: A002 - the option's name
    output: Path | None,
    quiet: bool,
    redact: bool,
    profile: str | None,
    endpoint_url: str | None,
    settings: Settings,
    **what: Any,
) -> int:
    """Write the policy that lets an app do what it uses, and nothing else; with --trust what runs as its role too.

    The roles of --service-role that Bedrock is handed have their own policies, after the app's.

    \b
    bedrock-guard policy --model us.amazon.nova-lite-v1:0 --operation converse --account 123456789012 --region us-east-1
    bedrock-guard policy --capability knowledge-bases.query --role app --trust lambda --restrict-region
    bedrock-guard policy --request create_agent=@agent.json --service-role agent=arn:aws:iam::123456789012:role/agents
    bedrock-guard policy --model amazon.nova-lite-v1:0 --condition aws:SourceVpce=vpce-1a2b3c4d
    bedrock-guard policy --operation converse --for-guard --principal-arn arn:aws:iam::123456789012:role/svc/app

    Exit codes: 0 written, 2 usage or configuration.
    """  # noqa: D301 - the character is click's mark for lines to keep
    if live and not for_guard:
        raise click.UsageError("--live is about the permissions of the guard: give --for-guard with it")
    from bedrock_guard.cli.aws_session import aws_session
    from bedrock_guard.guard import Guard
    from bedrock_guard.least_privilege import PolicyOptions

    arguments = {**settings.arguments(), **declared(**what), "redact": redact}
    if live:
        arguments["diagnose"] = "live"
    asked = _conditions(conditions)
    options = PolicyOptions(role, account, restrict_region, trust, asked, with_advisory, for_guard)
    if output is not None:
        check_writable(output)
    with aws_session(profile=profile, endpoint=endpoint_url) as session:
        guard = Guard(**arguments, session=session)
        with progress("Asking where profiles lead …", quiet=quiet):
            sets = guard.policies(options)
    _Answer(format, output, quiet, redact).give(sets)
    return 0


def _conditions(entries: Sequence[str]) -> dict[str, Any]:
    """Conditions by key, or by operator where one is named; a key that comes again has a further value."""
    found: dict[str, Any] = {}
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{entry!r} is not KEY=VALUE", param_hint="--condition")
        operator, key = _operator_and_key(name.strip())
        block = found.setdefault(operator, {}) if operator else found
        block.setdefault(key, []).append(value)
    return found


def _operator_and_key(name: str) -> tuple[str, str]:
    """``DateLessThan:aws:CurrentTime`` in two; the operator is empty where none is named."""
    parts = name.split(":")
    for count in (2, 1):
        operator = ":".join(parts[:count])
        if len(parts) > count and find_operator(operator) is not None:
            return operator, ":".join(parts[count:])
    return "", name
