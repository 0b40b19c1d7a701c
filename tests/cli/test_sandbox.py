"""``sandbox``: an AWS to point other programs at."""

from __future__ import annotations

import json
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import Commands, spawn


def exports(line: str) -> tuple[str, str]:
    name, _, value = line.removeprefix("export ").partition("=")
    return name, shlex.split(value)[0]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(end: signal.Signals) -> None:
    command = spawn("sandbox", PYTHONUNBUFFERED="1")
    assert command.stdout is not None
    assert command.stderr is not None
    first = command.stdout.readline()
    assert first.startswith("unset ")
    assert "AWS_BEARER_TOKEN_BEDROCK" in first
    variables = dict(exports(command.stdout.readline()) for _ in range(7))
    assert command.stderr.readline().startswith(f"The embedded AWS answers at {variables['AWS_ENDPOINT_URL']}")
    as_role = spawn("whoami", "--format", "json", **variables)
    out, _ = as_role.communicate(timeout=30)
    assert json.loads(out)["principal"]["policy_source_arn"] == "arn:aws:iam::123456789012:role/app"
    command.send_signal(end)
    out, err = command.communicate(timeout=30)
    assert (command.returncode, out) == (0, "")
    assert "Traceback" not in err


CALLER = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


def test_a_command_runs_as_the_role_whatever_the_shell_was_before(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"AWS_PROFILE": "missing", "AWS_ENDPOINT_URL_STS": "http://elsewhere", "AWS_REGION": "eu-west-1"}
    command = spawn("sandbox", "--", sys.executable, "-c", CALLER, **before)
    out, err = command.communicate(timeout=60)
    assert (command.returncode, err) == (0, "")
    assert out == "arn:aws:sts::123456789012:assumed-role/app/sandbox\n"


@pytest.mark.parametrize(
    ("code", "expected"), [("raise SystemExit(7)", 7), ("import os; os.kill(os.getpid(), 9)", 137)]
)
def test_it_exits_as_the_command_does(bedrock_guard: Commands, code: str, expected: int) -> None:
    assert bedrock_guard("sandbox", "--", sys.executable, "-c", code).code == expected


def test_a_command_that_does_not_exist_is_2(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("sandbox", "--", "no-such-command-here")
    assert ended.code == 2
    assert ended.err == "error[BG504]: 'no-such-command-here' cannot be run: No such file or directory\n"


def test_the_role_holds_the_policies_of_the_files(bedrock_guard: Commands, tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    statement = {"Effect": "Allow", "Action": "bedrock:ListFoundationModels", "Resource": "*"}
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    call = "import boto3; boto3.client('bedrock').list_foundation_models()"
    allowed = ("sandbox", "--role-policy", str(file), "--", sys.executable, "-c", call)
    assert bedrock_guard(*allowed).code == 0
    assert bedrock_guard("sandbox", "--", sys.executable, "-c", call).code == 1


def test_a_port_that_is_taken_is_2_and_says_so(bedrock_guard: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = bedrock_guard("sandbox", "--port", str(port))
    assert (ended.code, ended.out) == (2, "")
    assert "error[BG504]: the embedded AWS cannot listen" in ended.err
    assert str(port) in ended.err


def test_without_the_extra_it_says_what_to_install(bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("bedrock_guard.testing")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "moto", None)
    ended = bedrock_guard("demo")
    assert (ended.code, ended.out) == (2, "")
    assert "help: pip install 'bedrock-guard[sandbox]'" in ended.err


def test_it_listens_on_loopback_alone() -> None:
    """An AWS that allows whatever its files say is nobody else's."""
    probe = "import os; print(os.environ['AWS_ENDPOINT_URL'])"
    ended = subprocess.run(
        [sys.executable, "-m", "bedrock_guard", "sandbox", "--", sys.executable, "-c", probe],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.startswith("http://127.0.0.1:")
