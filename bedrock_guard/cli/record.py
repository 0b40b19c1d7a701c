"""``record``: runs a program, notes its Bedrock calls and writes what they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bedrock_guard.cli.output import check_writable, complain, emit, write_file
from bedrock_guard.errors import BedrockGuardError, ConfigurationError
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.policies import FORMATS, render_policies

if TYPE_CHECKING:
    from bedrock_guard.configuration import Settings
    from bedrock_guard.recording.calls import Notes
    from bedrock_guard.recording.learned import Learned
    from bedrock_guard.recording.running import Ran

__all__ = ["record"]

_OWN_FORMATS = ("requirements", "config")
_STDOUT = "-"
_FAILED = 2


@dataclass(frozen=True)
class _Wanted:
    """What is to be written where.

    Attributes:
        format: A name of :data:`_OWN_FORMATS` or of a format of policies.
        output: A file; ``-`` for standard output, None for standard error.
        region: The only Region whose calls count; None for all.
        account: Of calls whose caller nothing named.
        role: Name of the role that the policy is for.
        with_advisory: Whether the policy grants what is not documented as needed.
        ask_aws: Whether AWS may be asked for what the calls did not tell.
    """

    format: str
    output: str | None
    region: str | None
    account: str
    role: str
    with_advisory: bool
    ask_aws: bool


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("-o", "--output", metavar="FILE", help="Where the result goes; - is standard output.")
@click.option(
    "--format",
    "format_",
    type=click.Choice([*_OWN_FORMATS, *FORMATS]),
    default="json",
    show_default=True,
    help="Lines of requirements, a configuration (bedrock-guard.toml), or the policy in a form to deploy.",
)
@click.option(
    "--notes",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File that runs add up in: what it holds counts, and this run's calls join it. Made if it is not there.",
)
@click.option(
    "--add",
    "added",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Notes of another run that count too; again for a further one. They are not changed.",
)
@click.option("--region", metavar="NAME", help="Only the calls to this Region count.")
@click.option("--account", default="", metavar="ID", help="Account of calls whose caller nothing told.")
@click.option("--role", default="", metavar="NAME", help="Role that the policy is for; who called, by default.")
@click.option("--with-advisory", is_flag=True, help="Grant what AWS does not document as needed, too.")
@click.option(
    "--ask-aws/--no-ask-aws",
    default=True,
    help="Ask AWS, once CMD has ended, for what the calls did not tell: the account, where profiles lead.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="-- CMD [ARGS]…")
def record(
    command: tuple[str, ...],
    notes: Path | None,
    added: tuple[Path, ...],
    format_: str,
    output: str | None,
    region: str | None,
    account: str,
    role: str,
    with_advisory: bool,  # noqa: FBT001 - click passes by name
    ask_aws: bool,  # noqa: FBT001 - as above
) -> int:
    """Run CMD, note each Bedrock call that it makes, and write what the calls need.

    CMD is a program of Python, or one that starts some: a script, pytest, gunicorn, a runner of Lambda handlers. Calls
    of boto3 and aiobotocore are noted in all its processes. The exit code is CMD's; without CMD the result is that of
    --notes and --add.

        bedrock-guard record -o policy.json -- python app.py
    """
    from bedrock_guard.advice.policies import checked_role_name
    from bedrock_guard.recording.running import run_recorded

    if not (command or notes or added):
        raise click.UsageError("name a program to run behind --, or notes of runs with --notes or --add")
    if account and not (len(account) == 12 and account.isascii() and account.isdigit()):
        raise click.BadParameter(f"{account!r} is no account id of 12 digits", param_hint="--account")
    checked_role_name(role)
    wanted = _Wanted(format_, output, region, account, role, with_advisory, ask_aws)
    _check_targets(wanted, notes)
    before = _read_all(added, notes)
    if not command:
        _write(before, wanted, or_to=_STDOUT)
        return 0
    ran = run_recorded(command)
    try:
        _conclude(ran, before, wanted, notes)
    except BedrockGuardError as error:
        complain(f"error[{error.code}]: {neutral(str(error))}")
        return ran.code or _FAILED
    return ran.code


def _conclude(ran: Ran, before: Notes, wanted: _Wanted, notes: Path | None) -> None:
    """Says what was noted and writes what comes of it; on standard error alone but for what goes to a file."""
    from bedrock_guard.recording.calls import dumps

    everything = before + ran.notes
    if notes is not None:
        write_file(notes, dumps(everything))
    if everything.calls:
        _write(everything, wanted)
    if not ran.notes.calls:
        complain(f"no call was noted: {_why_none(ran.notes)}")
    else:
        complain(f"{_several(ran.notes.count, 'call')} of {_several(len(ran.notes.operations), 'operation')} noted")


def _why_none(notes: Notes) -> str:
    if not notes.pythons:
        return (
            "no Python process was seen. CMD is not Python, its Python is isolated (-I, -E or -S), or it starts others "
            "without the environment variable PYTHONPATH"
        )
    if not notes.botocores:
        return (
            f"{_several(notes.pythons, 'Python process', 'es')} ran, and none loaded botocore. What they started "
            "without the environment variable PYTHONPATH, as tox does, was not seen"
        )
    return f"botocore {', '.join(sorted(notes.botocores))} was loaded, and called no Bedrock service"


def _several(number: int, what: str, ending: str = "s") -> str:
    return f"{number} {what}{'' if number == 1 else ending}"


def _check_targets(wanted: _Wanted, notes: Path | None) -> None:
    """Refuses what could not be written, before CMD runs."""
    if wanted.output not in (None, _STDOUT):
        path = Path(str(wanted.output))
        check_writable(path)
        if wanted.format == "config":
            _base(path)
    if notes is not None:
        check_writable(notes)


def _read_all(added: Sequence[Path], notes: Path | None) -> Notes:
    from bedrock_guard.recording.calls import Notes, loads

    found = Notes()
    for path in (*added, *([notes] if notes is not None and notes.exists() else [])):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise ConfigurationError(f"{path}: cannot be read: {reason}", code="BG504") from error
        found += loads(text, str(path))
    return found


def _write(notes: Notes, wanted: _Wanted, *, or_to: str | None = None) -> None:
    from bedrock_guard.aws.session import default_session
    from bedrock_guard.recording.calls import Notes
    from bedrock_guard.recording.learned import Asking, learn

    if wanted.region is not None:
        notes = Notes(tuple(call for call in notes.calls if call.region == wanted.region), notes.lost)
    learned = learn(notes, Asking(default_session(), wanted.account, allowed=wanted.ask_aws))
    target = wanted.output or or_to
    text = _text(learned, wanted)
    if target is None:
        complain(text)
    elif target == _STDOUT:
        emit(text)
    else:
        write_file(Path(target), text)


def _text(learned: Learned, wanted: _Wanted) -> str:
    from bedrock_guard.recording.results import configuration_of, policies_of, requirements_text

    if wanted.format == "requirements":
        said, text = learned.notes, requirements_text(learned)
    elif wanted.format == "config":
        said, text = (*learned.notes, *(_left_out(other.region) for other in learned.used[1:])), ""
        if learned.used:
            path = None if wanted.output in (None, _STDOUT) else Path(str(wanted.output))
            text = configuration_of(learned.used[0], _base(path) if path else None)
    else:
        policies = policies_of(learned, role=wanted.role, with_advisory=wanted.with_advisory)
        said, text = policies.notes, render_policies(policies, wanted.format)
    complain(*(f"note: {neutral(note)}" for note in said))
    return text


def _left_out(region: str) -> str:
    return (
        f"What is called in {region} is not in the configuration, which has one Region: write another with "
        f"--region {region}."
    )


def _base(path: Path) -> Settings | None:
    """The configuration that a new one joins; None where there is none yet."""
    from bedrock_guard.configuration import load
    from bedrock_guard.configuration.files import PYPROJECT

    if path.name == PYPROJECT:
        raise ConfigurationError(
            f"{path}: only a bedrock-guard.toml is written; what it says may be copied below [tool.bedrock_guard]",
            code="BG504",
        )
    return load(path) if path.exists() else None
