"""``sandbox``: an embedded AWS on a local port, with the environment of a role in it; alone or around a command."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence

import click

from bedrock_guard.cli.embedded import SANDBOX_REGION, embedded_aws, make_role
from bedrock_guard.cli.output import complain, emit
from bedrock_guard.cli.policy_files import at_most_one, read_policies
from bedrock_guard.errors import ConfigurationError

__all__ = ["sandbox"]

# What a developer's shell may hold and what would win over, or lead past, the variables of the sandbox.
_IN_THE_WAY = (
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_DEFAULT_PROFILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
)


@click.command(short_help="Run an embedded AWS on a local port.")
@click.option("--role-policy", "policy_files", multiple=True, metavar="FILE", help="Policy of the role app.")
@click.option(
    "--boundary-file",
    multiple=True,
    callback=at_most_one,
    metavar="FILE",
    help="Permissions boundary of the role.",
)
@click.option("--scp-file", "scp_files", multiple=True, metavar="FILE", help="Service control policy.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on loopback; a free one by default.")
@click.option(
    "--region", default=SANDBOX_REGION, show_default=True, metavar="NAME", help="Region of the role's environment."
)
@click.argument("command", nargs=-1, metavar="[-- COMMAND...]")
def sandbox(
    *,
    policy_files: tuple[str, ...],
    boundary_file: str | None,
    scp_files: tuple[str, ...],
    port: int,
    region: str,
    command: tuple[str, ...],
) -> int:
    """Run an embedded AWS whose IAM decides as the real one does.

    The role app in it holds the given policies and the guard's own permissions. Without a command it serves until
    Ctrl-C, and prints what to export; with one it runs that command as the role, and exits as it does.

    \b
    bedrock-guard sandbox --role-policy policy.json
    bedrock-guard sandbox --role-policy policy.json -- python app.py
    """  # noqa: D301 - the character is click's mark for lines to keep
    policies = read_policies(policy_files, boundary_file, scp_files)
    inherited = _inherited()
    with embedded_aws(region=region, port=port) as aws:
        arn = make_role(aws, policies)
        environment = aws.environment("app")
        if command:
            return _run(command, {**inherited, **environment})
        stop = _stop_event()
        emit(_exports(environment))
        complain(
            f"The embedded AWS answers at {aws.endpoint_url}; the variables are those of {arn}.", "Ctrl-C ends it."
        )
        stop.wait()
    return 0


def _exports(environment: Mapping[str, str]) -> str:
    """Lines for a POSIX shell."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in sorted(environment.items())]
    return "\n".join([f"unset {' '.join(_IN_THE_WAY)}", *exports])


def _inherited() -> dict[str, str]:
    """The environment without what would lead a command past the sandbox."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _IN_THE_WAY and not name.startswith("AWS_ENDPOINT_URL")
    }


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The exit code of the command, run in that environment; 128 and the signal's number if one ended it."""
    try:
        code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    except OSError as error:
        raise ConfigurationError(f"{command[0]!r} cannot be run: {error.strerror or error}", code="BG504") from error
    return code if code >= 0 else 128 - code


def _stop_event() -> threading.Event:
    """Set by Ctrl-C or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
