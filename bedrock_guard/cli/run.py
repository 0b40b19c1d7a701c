"""From whatever ends a command to its exit code and to words on standard error."""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Sequence

import click

from bedrock_guard.cli.app import app
from bedrock_guard.cli.output import complain, stderr_colour
from bedrock_guard.errors import (
    BedrockGuardError,
    ConfigurationError,
    InvalidPolicyError,
    MissingPermissionsError,
    UnverifiedPermissionsError,
)
from bedrock_guard.render.neutral import neutral

__all__ = ["run"]

_USAGE = 2
_INTERRUPTED = 130

# Their messages have lines of their own, with values that are quoted; any other may quote AWS and stays one line.
_LISTS = (ConfigurationError, InvalidPolicyError, MissingPermissionsError, UnverifiedPermissionsError)


def run(arguments: Sequence[str] | None) -> int:
    """The exit code of the command that ``arguments`` name.

    Python itself exits with 1 on an error nobody caught, which here means "denied": so all are caught.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character is no reason to fail a check.
            stream.reconfigure(errors="backslashreplace")
    try:
        return int(app.main(arguments, prog_name="bedrock-guard", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        return _INTERRUPTED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except click.ClickException as error:
        error.show()
        return _USAGE
    except BedrockGuardError as error:
        complain(*_lines(error))
        return error.exit_code
    except SystemExit as stop:
        # click ends with 1 where a pipe closes while it prints help.
        return stop.code if isinstance(stop.code, int) and stop.code != 1 else _USAGE
    except Exception:  # noqa: BLE001 - see above
        traceback.print_exc()
        complain("error[BG500]: this is a fault of bedrock-guard, not of your permissions; nothing is known about them")
        return _USAGE


def _lines(error: BedrockGuardError) -> list[str]:
    text = str(error)
    first, *rest = text.splitlines() if isinstance(error, _LISTS) else [text]
    mark = click.style(f"error[{error.code}]", fg="red", bold=True) if stderr_colour() else f"error[{error.code}]"
    lines = [f"{mark}: {neutral(first)}", *(f"  {neutral(line)}" for line in rest)]
    return [*lines, f"  help: {neutral(error.remedy)}"] if error.remedy else lines
