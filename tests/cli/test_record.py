"""``record``: a program's own exit code, input, output and signals, and what is written of its calls."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard import Guard
from bedrock_guard.configuration import load
from bedrock_guard.render.policies import FORMATS
from bedrock_guard.testing import Sandbox, sandbox
from tests.cli.commands import ROOT, Commands, spawn

ACCOUNT = "123456789012"
PROFILE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def call(operation: str, parameters: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A call as a file of notes has it."""
    return {
        "operation": operation,
        "region": "us-east-1",
        "parameters": dict(parameters),
        "caller": f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session",
        "with_key": False,
        "cut": False,
        "outcomes": {"": 1},
        "denied": [],
        **more,
    }


def notes(path: Path, *calls: Mapping[str, Any]) -> str:
    data = {"schema_version": "1.0", "kind": "bedrock-guard-recording", "lost": 0, "calls": list(calls)}
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


CONVERSE = call("bedrock-runtime:Converse", {"modelId": "amazon.nova-lite-v1:0"})


@pytest.fixture(scope="module")
def aws(empty_home: object) -> Iterator[Sandbox]:
    with sandbox() as started:
        started.role("app", policies=[EVERYTHING])
        yield started


# -- the program -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "code"),
    [("raise SystemExit(7)", 7), ("raise ValueError", 1), ("pass", 0), ("import os; os.kill(os.getpid(), 9)", 137)],
)
def test_it_exits_as_the_program_does(bedrock_guard: Commands, program: str, code: int) -> None:
    """Also where the program made no call: what was not noted is no fault of the program's."""
    ended = bedrock_guard("record", "--", sys.executable, "-c", program)
    assert ended.code == code
    assert "no call was noted: 1 Python process ran, and none loaded botocore." in ended.err


def test_standard_input_and_output_are_the_programs_alone() -> None:
    """What the program reads and prints passes through byte by byte; the command speaks on standard error."""
    echo = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    done = subprocess.run(
        [sys.executable, "-m", "bedrock_guard", "record", "--", sys.executable, "-c", echo],
        input=b"\x00\xff\r\n",
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"\x00\xff\r\n")
    assert done.stderr.startswith(b"no call was noted")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_reach_the_program(number: signal.Signals, tmp_path: Path) -> None:
    """A supervisor that stops the command stops the program, which ends as it likes."""
    program = f"""
import signal, sys, time
def stop(*_):
    print("stopped", flush=True)
    sys.exit(5)
signal.signal({int(number)}, stop)
print("ready", flush=True)
time.sleep(60)
"""
    command = spawn("record", "--", sys.executable, "-c", program)
    assert command.stdout is not None
    assert command.stdout.readline() == "ready\n"
    command.send_signal(number)
    out, err = command.communicate(timeout=30)
    assert (command.returncode, out) == (5, "stopped\n")
    assert "Traceback" not in err


def test_a_program_that_a_signal_ends_is_128_and_its_number() -> None:
    command = spawn("record", "--", sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(60)")
    assert command.stdout is not None
    command.stdout.readline()
    command.send_signal(signal.SIGTERM)
    command.communicate(timeout=30)
    assert command.returncode == 128 + signal.SIGTERM


_IN_A_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "bedrock_guard", *sys.argv[1:]])
"""


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="there are no process groups")
def test_what_a_terminal_sends_to_all_reaches_the_program_once(tmp_path: Path) -> None:
    """Ctrl-C goes to the program already: a second one would end it while it cleans up."""
    import pty

    program = """
import signal, time
count = 0
def note(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, note)
print("ready", flush=True)
end = time.monotonic() + 30
while not count and time.monotonic() < end: time.sleep(0.05)
time.sleep(1)
print("interrupts:", count, flush=True)
"""
    terminal, ours = pty.openpty()
    command = subprocess.Popen(
        [sys.executable, "-c", _IN_A_TERMINAL, "record", "--", sys.executable, "-c", program],
        stdin=ours,
        stdout=ours,
        stderr=ours,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(ours)
    seen = b""
    while b"ready" not in seen:
        seen += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    while not re.search(rb"interrupts: \d", seen):
        seen += os.read(terminal, 1000)
    command.wait(timeout=30)
    os.close(terminal)
    assert b"interrupts: 1" in seen
    assert command.returncode == 0


@pytest.mark.parametrize("isolation", ["-I", "-E", "-S"])
def test_an_isolated_python_is_said_to_be_what_it_is(bedrock_guard: Commands, isolation: str) -> None:
    """Its environment is shut out, and the recorder with it: that no call was noted is not that none was made."""
    ended = bedrock_guard("record", "--", sys.executable, isolation, "-c", "raise SystemExit(3)")
    assert ended.code == 3
    assert "no call was noted: no Python process was seen" in ended.err
    assert "-I, -E or -S" in ended.err


def test_a_program_that_is_no_python_is_said_to_be_none(bedrock_guard: Commands) -> None:
    true = shutil.which("true")
    assert true is not None
    ended = bedrock_guard("record", "--", true)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("no call was noted: no Python process was seen. CMD is not Python")


def test_a_program_that_called_only_others_is_said_to_have(bedrock_guard: Commands, aws: Sandbox) -> None:
    program = "import boto3; boto3.Session(region_name='us-east-1')"
    ended = bedrock_guard("record", "--", sys.executable, "-c", program)
    assert ended.code == 0
    assert "was loaded, and called no Bedrock service" in ended.err


def test_a_program_that_does_not_exist_is_2(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("record", "--", "./no-such-program")
    assert ended.code == 2
    assert "error[BG504]: './no-such-program' cannot be run" in ended.err


def test_without_a_program_and_without_notes_it_is_a_usage_error(bedrock_guard: Commands) -> None:
    assert bedrock_guard("record").code == 2


@pytest.mark.parametrize(
    "options",
    [
        ("-o", "no-folder/policy.json"),
        ("--notes", "no-folder/notes.json"),
        ("--account", "12345"),
        ("--role", "a role"),
        ("--format", "config", "-o", "pyproject.toml"),
        ("--add", "no-notes.json"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_program_runs(
    bedrock_guard: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    """An hour of tests is not lost to a typing error."""
    monkeypatch.chdir(tmp_path)
    program = "open('ran', 'w').close()"
    ended = bedrock_guard("record", *options, "--", sys.executable, "-c", program)
    assert ended.code == 2
    assert not (tmp_path / "ran").exists()


# -- what is written ---------------------------------------------------------------------------------------------------


def test_the_policy_that_is_written_lets_the_program_pass(tmp_path: Path, aws: Sandbox) -> None:
    """Under a role with just that policy the program does what it did, and every resource is an ARN."""
    program = f"""
import boto3
runtime = boto3.client("bedrock-runtime")
text = {{"role": "user", "content": [{{"text": "hello"}}]}}
guardrail = {{"guardrailIdentifier": "gr1234567890", "guardrailVersion": "1"}}
runtime.converse(modelId={PROFILE!r}, messages=[text], guardrailConfig=guardrail)
list(runtime.converse_stream(modelId="amazon.nova-lite-v1:0", messages=[text])["stream"])
boto3.client("bedrock-agent-runtime").retrieve(knowledgeBaseId="KB12345678", retrievalQuery={{"text": "q"}})
print("passed")
"""
    policy = tmp_path / "policy.json"
    recording = spawn("record", "-o", str(policy), "--", sys.executable, "-c", program, **aws.environment("app"))
    out, err = recording.communicate(timeout=60)
    assert (recording.returncode, out) == (0, "passed\n")
    assert "3 calls of 3 operations noted" in err
    document = json.loads(policy.read_text(encoding="utf-8"))
    for statement in document["Statement"]:
        assert all(arn.startswith("arn:aws:") and "*" not in arn for arn in statement["Resource"])
    aws.role("least", policies=[document])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **aws.environment("least")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "passed\n"), done.stderr


def test_a_call_that_was_denied_counts_as_a_need(tmp_path: Path, aws: Sandbox) -> None:
    """Recording under a role that lacks permissions finds the next one with each run, and says that calls failed."""
    aws.role("poor", policies=[])
    program = """
import boto3
client = boto3.client("bedrock-runtime")
try:
    client.converse(modelId="amazon.nova-lite-v1:0", messages=[])
except client.exceptions.AccessDeniedException:
    pass
"""
    recording = spawn("record", "-o", "-", "--", sys.executable, "-c", program, **aws.environment("poor"))
    out, err = recording.communicate(timeout=60)
    assert json.loads(out)["Statement"][0]["Resource"] == [NOVA]
    assert "1 of 1 calls were denied" in err


def test_runs_add_up(bedrock_guard: Commands, tmp_path: Path) -> None:
    """What one run exercises and another does not is all in the policy."""
    one = notes(tmp_path / "one.json", CONVERSE)
    two = notes(
        tmp_path / "two.json", call("bedrock-agent-runtime:Retrieve", {"knowledgeBaseId": "KB12345678"}), CONVERSE
    )
    ended = bedrock_guard("record", "--add", one, "--notes", two, "--format", "requirements", "--no-ask-aws")
    assert ended.code == 0
    assert [line.split("  #")[0] for line in ended.out.splitlines()] == [
        f"bedrock:InvokeModel {NOVA}",
        f"bedrock:Retrieve arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/KB12345678",
    ]


def test_a_run_joins_the_file_of_notes(bedrock_guard: Commands, tmp_path: Path, aws: Sandbox) -> None:
    """CI jobs, one after the other, leave one file."""
    file = tmp_path / "notes.json"
    notes(file, call("bedrock-agent-runtime:Retrieve", {"knowledgeBaseId": "KB12345678"}))
    program = 'import boto3; boto3.client("bedrock-runtime").list_async_invokes()'
    recording = spawn("record", "--notes", str(file), "--", sys.executable, "-c", program, **aws.environment("app"))
    recording.communicate(timeout=60)
    read = json.loads(file.read_text(encoding="utf-8"))
    assert [one["operation"] for one in read["calls"]] == [
        "bedrock-agent-runtime:Retrieve",
        "bedrock-runtime:ListAsyncInvokes",
    ]


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_policies_come_in_every_form_that_policy_has(bedrock_guard: Commands, tmp_path: Path, format_: str) -> None:
    ended = bedrock_guard("record", "--add", notes(tmp_path / "n.json", CONVERSE), "--format", format_)
    assert ended.code == 0
    assert "foundation-model/amazon.nova-lite-v1:0" in ended.out


def test_a_configuration_needs_what_the_recording_needed(bedrock_guard: Commands, tmp_path: Path) -> None:
    """What `check` then asks about is what the program did."""
    profile = call("bedrock-runtime:ConverseStream", {"modelId": PROFILE})
    denied = call(
        "bedrock-agent-runtime:Retrieve",
        {"knowledgeBaseId": "KB12345678"},
        denied=[["bedrock:Rerank", "*"], ["kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"]],
    )
    file = tmp_path / "bedrock-guard.toml"
    recorded = notes(tmp_path / "n.json", CONVERSE, profile, denied)
    assert bedrock_guard("record", "--add", recorded, "--format", "config", "-o", str(file)).code == 0
    lines = bedrock_guard("record", "--add", recorded, "--format", "requirements", "--no-ask-aws").out.splitlines()
    from bedrock_guard.aws.given import PolicyDocuments

    guard = Guard(
        **load(file).arguments(),
        principal_arn=f"arn:aws:iam::{ACCOUNT}:role/app",
        policies=PolicyDocuments(identity={"none": {"Version": "2012-10-17", "Statement": []}}),
    )
    assert {f"{one.action} {one.resource}" for one in guard.requirements} == {line.split("  #")[0] for line in lines}
    assert any("kms:Decrypt" in line for line in lines)


def test_a_configuration_joins_the_one_that_is_there(bedrock_guard: Commands, tmp_path: Path) -> None:
    """What somebody declared by hand stays."""
    file = tmp_path / "bedrock-guard.toml"
    file.write_text('budget_seconds = 3.0\nmodels = ["amazon.nova-pro-v1:0"]\nregion = "us-east-1"\n', encoding="utf-8")
    recorded = notes(tmp_path / "n.json", CONVERSE)
    for _ in range(2):
        assert bedrock_guard("record", "--add", recorded, "--format", "config", "-o", str(file)).code == 0
    settings = load(file)
    assert (settings.budget_seconds, settings.models) == (3.0, ("amazon.nova-pro-v1:0",))
    assert settings.requests == (("bedrock-runtime:Converse", {"modelId": "amazon.nova-lite-v1:0"}),)


def test_several_regions_are_all_in_the_policy_and_one_in_a_configuration(
    bedrock_guard: Commands, tmp_path: Path
) -> None:
    recorded = notes(tmp_path / "n.json", CONVERSE, {**CONVERSE, "region": "eu-west-1"})
    policy = bedrock_guard("record", "--add", recorded)
    assert json.loads(policy.out)["Statement"][0]["Resource"] == sorted([NOVA, NOVA.replace("us-east-1", "eu-west-1")])
    config = bedrock_guard("record", "--add", recorded, "--format", "config")
    assert "with --region" in config.err
    alone = bedrock_guard("record", "--add", recorded, "--format", "config", "--region", "eu-west-1")
    assert 'region = "eu-west-1"' in alone.out
    assert "with --region" not in alone.err


def test_the_account_of_unknown_callers_is_said_asked_or_left_open(
    bedrock_guard: Commands, tmp_path: Path, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STS is asked once, and only where an ARN has the account in it."""
    retrieve = call("bedrock-agent-runtime:Retrieve", {"knowledgeBaseId": "KB12345678"}, caller=None)
    recorded = notes(tmp_path / "n.json", retrieve, {**CONVERSE, "caller": None})
    for name, value in aws.environment("app").items():
        monkeypatch.setenv(name, value)

    def resource(*options: str) -> str:
        out = bedrock_guard("record", "--add", recorded, *options).out
        (found,) = [one for s in json.loads(out)["Statement"] for one in s["Resource"] if "knowledge-base" in one]
        return str(found)

    before = len(list(aws.calls))
    assert resource() == f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/KB12345678"
    assert [one.name for one in list(aws.calls)[before:]] == ["sts:GetCallerIdentity"]
    before = len(list(aws.calls))
    assert resource("--account", "111122223333").split(":")[4] == "111122223333"
    assert resource("--no-ask-aws").split(":")[4] == "*"
    alone = notes(tmp_path / "alone.json", {**CONVERSE, "caller": None})
    assert bedrock_guard("record", "--add", alone).code == 0
    assert list(aws.calls)[before:] == []


def test_what_could_not_be_read_is_said(bedrock_guard: Commands, tmp_path: Path) -> None:
    """An operation of a newer botocore, parameters that no call can have, notes that were lost."""
    recorded = notes(
        tmp_path / "n.json",
        call("bedrock-runtime:BrandNew", {}),
        call("bedrock-agent-runtime:Retrieve", {"knowledgeBaseId": "not/an id"}),
        call("bedrock-runtime:ApplyGuardrail", {}, cut=True),
    )
    ended = bedrock_guard("record", "--add", recorded)
    assert "BrandNew is not in the catalogue" in ended.err
    assert "a call of bedrock-agent-runtime:Retrieve could not be used" in ended.err
    resources = {one for statement in json.loads(ended.out)["Statement"] for one in statement["Resource"]}
    assert resources == {
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/*",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/*",
    }


def test_a_call_that_aws_refuses_whatever_the_policy_takes_nothing_from_the_others(
    bedrock_guard: Commands, tmp_path: Path
) -> None:
    """A model of another Region, a resource of another partition: said, and left out."""
    recorded = notes(
        tmp_path / "n.json",
        CONVERSE,
        call("bedrock-runtime:Converse", {"modelId": NOVA.replace("us-east-1", "eu-west-1")}),
        call("bedrock-agent:GetAgent", {"agentId": "arn:aws-cn:bedrock:cn-north-1:123456789012:agent/ABCDEFGHIJ"}),
    )
    ended = bedrock_guard("record", "--add", recorded)
    assert [one["Resource"] for one in json.loads(ended.out)["Statement"]] == [[NOVA]]
    assert ended.err.count("is left out, since AWS refuses it") == 2


def test_what_aws_denied_without_a_resource_is_written_with_its_kind(bedrock_guard: Commands, tmp_path: Path) -> None:
    """No `*` for an action that takes resources, and no ARN for one that takes none."""
    denied = [["bedrock:Retrieve", "*"], ["bedrock:ListFoundationModels", "arn:aws:bedrock:us-east-1::x"]]
    recorded = notes(tmp_path / "n.json", {**CONVERSE, "denied": denied})
    statements = json.loads(bedrock_guard("record", "--add", recorded).out)["Statement"]
    resources = {action: one["Resource"] for one in statements for action in one["Action"]}
    assert resources["bedrock:Retrieve"] == [f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/*"]
    assert resources["bedrock:ListFoundationModels"] in ("*", ["*"])


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"kind": "bedrock-guard-recording", "schema_version": "2.0"}', "\x00"]
)
def test_a_file_that_holds_no_notes_is_refused(bedrock_guard: Commands, tmp_path: Path, text: str) -> None:
    file = tmp_path / "n.json"
    file.write_text(text, encoding="utf-8")
    ended = bedrock_guard("record", "--add", str(file))
    assert ended.code == 2
    assert "error[BG504]" in ended.err
