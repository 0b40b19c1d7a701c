"""How a command ends: its exit code, and words in place of tracebacks."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.cli import main
from bedrock_guard.errors import AccessDeniedError, ConfigurationError, PrincipalError
from bedrock_guard.guard import Guard
from bedrock_guard.report import Report
from tests.cli.commands import Commands, spawn
from tests.render import reports

CHECK = ("check", "--operation", "converse", "--region", "us-east-1")


def answer(monkeypatch: pytest.MonkeyPatch, outcome: Report | BaseException) -> None:
    """Makes every check end in ``outcome``."""

    def check(_: Guard) -> Report:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(Guard, "check", check)


@pytest.mark.parametrize(
    ("report", "code"), [(reports.ALLOWED, 0), (reports.DENIED, 1), (reports.UNVERIFIED, 3), (reports.MIXED, 1)]
)
def test_the_exit_code_tells_denied_from_could_not_check(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch, report: Report, code: int
) -> None:
    answer(monkeypatch, report)
    assert bedrock_guard(*CHECK).code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("no such thing", remedy="Name another."), 2),
        (PrincipalError("no credentials", remedy="Sign in."), 3),
        (AccessDeniedError("refused", action="iam:GetRole", resource="*"), 3),
    ],
)
def test_an_error_is_its_code_its_message_and_its_remedy(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch, error: Any, code: int
) -> None:
    answer(monkeypatch, error)
    ended = bedrock_guard(*CHECK)
    assert ended.code == code
    assert ended.out == ""
    remedy = f"  help: {error.remedy}\n" if error.remedy else ""
    assert ended.err == f"error[{error.code}]: {error}\n{remedy}"


def test_a_message_from_aws_moves_no_cursor_and_starts_no_line(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, PrincipalError("\x1b[2Joops\nall permissions are allowed"))
    assert bedrock_guard(*CHECK).err == "error[BG410]: \\x1b[2Joops\\nall permissions are allowed\n"


def test_several_faults_of_a_configuration_are_a_list(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("check", "--operation", "conerse", "--action", "bedrock:Converse", "--region", "us-east-1")
    assert ended.code == 2
    first, *rest = ended.err.splitlines()
    assert first == "error[BG501]: 2 names or values cannot be used:"
    assert "did you mean bedrock-runtime:Converse?" in rest[0]
    assert "is authorised as bedrock:InvokeModel" in rest[1]


def test_a_fault_of_the_command_is_neither_allowed_nor_denied(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would exit with 1, which means "denied"."""
    answer(monkeypatch, ZeroDivisionError("surprise"))
    ended = bedrock_guard(*CHECK)
    assert ended.code == 2
    assert ended.out == ""
    assert "ZeroDivisionError: surprise" in ended.err
    assert "a fault of bedrock-guard, not of your permissions" in ended.err


def test_ctrl_c_is_130_and_no_verdict(bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, KeyboardInterrupt())
    ended = bedrock_guard(*CHECK)
    assert (ended.code, ended.out) == (130, "")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "arguments", [("--nonsense",), ("chek",), ("check", "--format", "yaml"), ("check", "--budget", "0"), ("list", "x")]
)
def test_usage_errors_are_2(bedrock_guard: Commands, arguments: tuple[str, ...]) -> None:
    ended = bedrock_guard(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: bedrock-guard" in ended.err


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("check", "-h"), ("list", "codes", "--help")])
def test_help_and_version_are_0(bedrock_guard: Commands, arguments: tuple[str, ...]) -> None:
    ended = bedrock_guard(*arguments)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr("bedrock_guard.cli.find_spec", lambda name: None if name == missing else object())
    assert main(["--version"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert missing in err
    assert "pip install 'bedrock-guard[cli]'" in err


def test_a_reader_who_leaves_is_no_error(tmp_path: Path) -> None:
    """`bedrock-guard list operations | head -1`: no traceback, no complaint, and 1 is not mistaken for "denied"."""
    command = spawn("list", "operations")
    assert command.stdout is not None
    command.stdout.close()
    assert command.stderr is not None
    with command.stderr as errors:
        assert errors.read() == ""
    assert command.wait(30) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_2() -> None:
    """Otherwise a pipeline would read an empty report with the exit code of a good one."""
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "bedrock_guard", "list", "codes"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr == "error[BG504]: standard output cannot be written: No space left on device\n"


def test_a_terminal_that_lacks_a_character_does_not_end_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ASCII locale gets escapes."""
    screen = io.BytesIO()
    answer(monkeypatch, reports.report(reports.allowed(replace(reports.RETRIEVE, reasons=("Zoë’s app",)))))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(screen, encoding="ascii", errors="strict"))
    assert main(CHECK) == 0
    assert b"Zo\\xeb\\u2019s app" in screen.getvalue()


def test_it_runs_as_a_module() -> None:
    command = spawn("--version")
    out, _ = command.communicate(timeout=30)
    assert (command.returncode, out.split()[0]) == (0, "bedrock-guard")


def test_help_loads_neither_boto3_nor_rich() -> None:
    """Completion and help answer at once."""
    code = (
        "import sys; from bedrock_guard.cli import main; main(['check', '--help']); "
        "print([m for m in ('boto3', 'botocore', 'rich', 'structlog', 'moto') if m in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert ended.stdout.splitlines()[-1] == "[]"
