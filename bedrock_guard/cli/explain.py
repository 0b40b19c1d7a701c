"""``explain``: an error of AWS taken apart, from a file or standard input; or what a code means."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bedrock_guard.arguments import DEFAULT_EVALUATORS
from bedrock_guard.cli.aws_session import aws_session
from bedrock_guard.cli.context import context_values
from bedrock_guard.cli.output import check_writable, colour, complain, emit, progress, terminal_width, write_file
from bedrock_guard.cli.redact import redact_option
from bedrock_guard.cli.where import where_options
from bedrock_guard.diagnose import explain as diagnose
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.render.diagnosis import render_diagnosis
from bedrock_guard.render.redaction import Redaction
from bedrock_guard.render.snippets import safe_json

if TYPE_CHECKING:
    from bedrock_guard.advice.diagnosis import Diagnosis

__all__ = ["explain"]

_CODE = re.compile(r"BG\d{3}", re.IGNORECASE)
_LARGEST = 64 * 1024 * 1024
"""Bytes; what is longer is a whole log archive, of which the lines around the error are enough."""
_NOT_RECOGNISED = 3


@click.command(short_help="Explain an AccessDenied, from a message, log or traceback.")
@click.argument("source", metavar="[FILE|-|CODE]", required=False)
@click.option("--live", is_flag=True, help="Ask IAM about the denied requests too, with the credentials at hand.")
@click.option("--principal-arn", metavar="ARN", help="With --live: the role or user to ask about.")
@click.option(
    "--context", multiple=True, metavar="KEY=VALUE", help="With --live: condition key that the requests carried."
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="With --live: what asking may take altogether.",
)
@where_options
@redact_option
@click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the diagnosis."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the diagnosis to a file.")
def explain(
    *,
    source: str | None,
    live: bool,
    principal_arn: str | None,
    context: tuple[str, ...],
    budget: float,
    region: str | None,
    profile: str | None,
    endpoint_url: str | None,
    redact: bool,
    format: str,  # noqa: A002 - the option's name
    output: Path | None,
) -> int:
    """Explain an error of AWS: what was denied, to whom, by which policy, whether it is IAM at all, and what ends it.

    Reads FILE, or standard input: a message, a log (plain or JSON lines), a traceback, a CloudTrail event or an HTTP
    response. Of a code it prints the page. No call is made unless --live is given.

    \b
    bedrock-guard explain error.log
    pbpaste | bedrock-guard explain
    bedrock-guard explain - --format json < event.json
    bedrock-guard explain error.log --live --redact
    bedrock-guard explain BG203

    Exit codes: 0 explained, 2 usage, 3 nothing in it is recognised.
    """  # noqa: D301 - the character is click's mark for lines to keep
    if source is not None and _CODE.fullmatch(source) and not Path(source).exists():
        if live or output is not None or format != "text":
            raise click.UsageError(f"{source.upper()} is a code, whose page is printed as it is: leave the options out")
        return _page(source.upper())
    if output is not None:
        check_writable(output)
    _refuse_without_live(
        live=live, principal_arn=principal_arn, context=context, profile=profile, endpoint_url=endpoint_url
    )
    content = _content(source)
    if live:
        with aws_session(profile=profile, endpoint=endpoint_url) as session, progress("Asking IAM …"):
            diagnosis = diagnose(
                content,
                live=True,
                session=session,
                region=region,
                principal_arn=principal_arn,
                context=context_values(context),
                evaluators=DEFAULT_EVALUATORS,
                budget_seconds=budget,
            )
    else:
        diagnosis = diagnose(content)
    _give(Redaction().tree(diagnosis) if redact else diagnosis, format, output)
    return 0 if diagnosis.recognised else _NOT_RECOGNISED


def _refuse_without_live(*, live: bool, **given: Any) -> None:
    """An option that would change nothing is a mistake somebody should hear of."""
    names = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if names and not live:
        raise click.UsageError(f"{' and '.join(names)}: nothing is asked of AWS without --live")


def _give(diagnosis: Diagnosis, form: str, output: Path | None) -> None:
    if output is not None:
        write_file(output, _json(diagnosis) if form == "json" else render_diagnosis(diagnosis))
        complain(f"The diagnosis is in {output}")
    elif form == "json":
        emit(_json(diagnosis))
    else:
        emit(render_diagnosis(diagnosis, width=terminal_width(), colour=colour()))


def _json(diagnosis: Diagnosis) -> str:
    return safe_json(diagnosis.to_dict(), indent=2)


def _page(code: str) -> int:
    from bedrock_guard.code_pages import page_of
    from bedrock_guard.render.markdown_page import render_page

    emit(render_page(page_of(code), width=terminal_width(), colour=colour()))
    return 0


def _content(source: str | None) -> bytes:
    """What is to be explained.

    Raises:
        ConfigurationError: It cannot be read, holds nothing, or is too long.
    """
    if source in (None, "-"):
        if source is None and sys.stdin is not None and sys.stdin.isatty():
            raise click.UsageError("name a FILE, pipe the error in, or paste it after `bedrock-guard explain -`")
        where, content = "standard input", _from_stdin()
    else:
        assert source is not None  # noqa: S101 - for the type checker
        where, content = source, _from_file(source)
    if not content.strip():
        raise ConfigurationError(f"{where}: there is nothing in it to explain", code="BG504")
    if len(content) > _LARGEST:
        raise ConfigurationError(
            f"{where}: more than {_LARGEST // 1024 // 1024} MB",
            code="BG504",
            remedy="Give the lines around the error, such as the output of grep -i 'denied\\|not authorized'.",
        )
    return content


def _from_stdin() -> bytes:
    try:
        return sys.stdin.buffer.read(_LARGEST + 1) if sys.stdin is not None else b""
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"standard input cannot be read: {error}", code="BG504") from error


def _from_file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        remedy = "FILE is a file's name; pipe a message in: echo '…' | bedrock-guard explain" if " " in path else ""
        raise ConfigurationError(f"{path[:200]}: cannot be read: {reason}", code="BG504", remedy=remedy) from error
