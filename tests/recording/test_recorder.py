"""The recorder in a program's processes: every call is noted, and the program is as it is without."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bedrock_guard.testing import Sandbox
from tests.recording.programs import ROOT, record

MODEL = "amazon.nova-lite-v1:0"
CONVERSE = f"""
import boto3
def converse(model={MODEL!r}):
    client = boto3.client("bedrock-runtime")
    client.converse(modelId=model, messages=[{{"role": "user", "content": [{{"text": "a private question"}}]}}])
"""


def test_a_call_is_noted_with_what_it_needs_and_no_more(tmp_path: Path, everything: Sandbox) -> None:
    """Operation, Region, the parameters that permissions depend on and how it ended; neither prompt nor credentials."""
    ended = record(tmp_path, "-c", f"{CONVERSE}\nfor _ in range(3): converse()", aws=everything)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "3 calls of 1 operation noted\n"
    (call,) = ended.calls
    assert call == {
        "operation": "bedrock-runtime:Converse",
        "region": "us-east-1",
        "parameters": {"modelId": MODEL},
        "caller": None,
        "with_key": False,
        "cut": False,
        "outcomes": {"": 3},
        "denied": [],
    }


def test_all_that_a_process_starts_is_noted(tmp_path: Path, everything: Sandbox) -> None:
    """Forked, spawned or started as programs; each in its own file, so that none waits for another."""
    (tmp_path / "app.py").write_text(
        f"""{CONVERSE}
import multiprocessing, os, subprocess, sys, threading
if __name__ == "__main__":
    converse()
    child = os.fork()
    if child == 0:
        converse()
        os._exit(0)
    os.waitpid(child, 0)
    spawned = multiprocessing.get_context("spawn").Process(target=converse)
    spawned.start()
    spawned.join()
    subprocess.run([sys.executable, "-c", "import app; app.converse()"], check=True)
    subprocess.run(["sh", "-c", f"{{sys.executable}} -c 'import app; app.converse()'"], check=True)
    threads = [threading.Thread(target=converse) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
""",
        encoding="utf-8",
    )
    ended = record(tmp_path, "app.py", aws=everything)
    assert ended.code == 0, ended.err
    assert ended.counted == {"bedrock-runtime:Converse": 13}


def test_calls_under_pytest_are_noted(tmp_path: Path, everything: Sandbox) -> None:
    """The tests of an app are what exercises it best."""
    (tmp_path / "test_app.py").write_text(f"{CONVERSE}\ndef test_it(): converse()", encoding="utf-8")
    ended = record(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_app.py", aws=everything)
    assert "1 passed" in ended.out
    assert ended.counted == {"bedrock-runtime:Converse": 1}


def test_a_stubbed_call_is_noted(tmp_path: Path) -> None:
    """A test suite that calls no AWS at all still says what the app needs."""
    program = """
import boto3
from botocore.stub import Stubber
client = boto3.client("bedrock-runtime", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
with Stubber(client) as stubber:
    stubber.add_response("list_async_invokes", {})
    client.list_async_invokes()
"""
    ended = record(tmp_path, "-c", program)
    assert [(call["region"], call["outcomes"]) for call in ended.calls] == [("eu-west-1", {"": 1})]


def test_a_call_that_never_ends_is_noted(tmp_path: Path, everything: Sandbox) -> None:
    """A program that is killed while it waits for a model needed the permission all the same."""
    program = f"""{CONVERSE}
import os, signal, boto3
class Killed:
    def __call__(self, **_): os.kill(os.getpid(), signal.SIGKILL)
client = boto3.client("bedrock-runtime")
client.meta.events.register("before-send.bedrock-runtime", Killed())
client.converse(modelId={MODEL!r}, messages=[])
"""
    ended = record(tmp_path, "-c", program, aws=everything)
    assert ended.code == 137
    assert [call["outcomes"] for call in ended.calls] == [{"no answer": 1}]


def test_a_call_that_boto3_refuses_is_none(tmp_path: Path, everything: Sandbox) -> None:
    """What never leaves the process needs no permission."""
    program = 'import boto3; boto3.client("bedrock-runtime").converse(modelId=5)'
    ended = record(tmp_path, "-c", program, aws=everything)
    assert ended.code == 1
    assert "ParamValidationError" in ended.err
    assert ended.calls == []


def test_a_connection_that_fails_is_a_call(tmp_path: Path) -> None:
    """The app wanted to make it."""
    program = f"""
import boto3
from botocore.config import Config
client = boto3.client(
    "bedrock-runtime", region_name="us-east-1", endpoint_url="http://127.0.0.1:9", aws_access_key_id="a",
    aws_secret_access_key="b", config=Config(retries={{"max_attempts": 0}}),
)
client.converse(modelId={MODEL!r}, messages=[])
"""
    ended = record(tmp_path, "-c", program)
    assert [call["outcomes"] for call in ended.calls] == [{"EndpointConnectionError": 1}]


def test_who_called_is_learned_from_sts_and_from_refusals(tmp_path: Path, everything: Sandbox) -> None:
    """A call is the caller's whose credentials signed it, also where a program has several."""
    everything.role("refused", policies=[])
    program = f"""{CONVERSE}
import boto3
sts = boto3.client("sts")
assumed = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/refused", RoleSessionName="other")["Credentials"]
converse()
sts.get_caller_identity()
other = boto3.client(
    "bedrock-runtime", aws_access_key_id=assumed["AccessKeyId"], aws_secret_access_key=assumed["SecretAccessKey"],
    aws_session_token=assumed["SessionToken"],
)
try:
    other.converse(modelId={MODEL!r}, messages=[])
except other.exceptions.AccessDeniedException:
    pass
"""
    ended = record(tmp_path, "-c", program, aws=everything)
    assert ended.code == 0, ended.err
    by_caller = {call["caller"]: call["outcomes"] for call in ended.calls}
    assert by_caller == {
        "arn:aws:sts::123456789012:assumed-role/everything/sandbox": {"": 1},
        "arn:aws:sts::123456789012:assumed-role/refused/other": {"AccessDeniedException": 1},
    }
    assert "AKIA" not in json.dumps(ended.notes)
    assert "ASIA" not in json.dumps(ended.notes)


def test_a_program_without_botocore_pays_for_nothing(tmp_path: Path) -> None:
    """Only what the interpreter has loaded anyway is loaded, until botocore is."""
    program = "import sys; print(sorted(sys.modules))"
    plain = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    ended = record(tmp_path, "-c", program)
    more = set(json.loads(ended.out.replace("'", '"'))) - set(json.loads(plain.stdout.replace("'", '"')))
    assert "sitecustomize" in more
    assert more <= {"sitecustomize", "__future__"}


@pytest.mark.parametrize(
    "program",
    [
        "import sys; print(sys.path)",
        "import botocore; print(type(botocore.__loader__).__name__, vars(botocore.__loader__).keys())",
        "import botocore_that_is_not_there",
        "import sys; print(sys.argv, sys.flags, sys.stdin.read())",
    ],
)
def test_a_program_sees_no_difference(tmp_path: Path, program: str) -> None:
    """Search path, loaders, input and errors are what they are without the recorder."""
    plain = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input="asked",
        capture_output=True,
        text=True,
        check=False,
    )
    ended = record(tmp_path, "-c", program, stdin="asked")
    assert (ended.code, ended.out) == (plain.returncode, plain.stdout)
    assert ended.err.startswith(plain.stderr)


@pytest.mark.parametrize(
    ("content", "said"),
    [("import sys; sys.stderr.write('customised\\n')", "customised\n"), ("1/0", "Error in sitecustomize"), ("", "")],
)
def test_the_programs_own_sitecustomize_runs(tmp_path: Path, everything: Sandbox, content: str, said: str) -> None:
    """Distributions and other tools have one; its errors are printed as Python prints them."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(content, encoding="utf-8")
    path = os.pathsep.join([str(folder), str(ROOT)])
    program = f"{CONVERSE}\nconverse()\nimport sys; print(getattr(sys.modules.get('sitecustomize'), '__file__', ''))"
    ended = record(tmp_path, "-c", program, aws=everything, variables={"PYTHONPATH": path})
    assert ended.code == 0
    assert said in ended.err
    assert ended.out.strip() == ("" if content == "1/0" else str(folder / "sitecustomize.py"))
    assert ended.counted == {"bedrock-runtime:Converse": 1}


def test_notes_that_cannot_be_written_are_no_matter_of_the_programs(tmp_path: Path, everything: Sandbox) -> None:
    """A program may remove all of its temporary files, or close every file that it finds."""
    program = f"""{CONVERSE}
import os, shutil
os.closerange(3, 256)
shutil.rmtree(os.environ["_BEDROCK_GUARD_RECORD"])
converse()
print("done")
"""
    ended = record(tmp_path, "-c", program, aws=everything)
    assert (ended.code, ended.out) == (0, "done\n")


def test_nobody_else_reads_the_notes_while_they_are_taken(tmp_path: Path, everything: Sandbox) -> None:
    program = f"""{CONVERSE}
import os
converse()
folder = os.environ["_BEDROCK_GUARD_RECORD"]
print(oct(os.stat(folder).st_mode), *(oct(os.stat(os.path.join(folder, f)).st_mode) for f in os.listdir(folder)))
print(*(open(os.path.join(folder, f)).read() for f in os.listdir(folder) if f.endswith(".jsonl")))
print(folder)
"""
    ended = record(tmp_path, "-c", program, aws=everything)
    modes, *lines, folder = ended.out.splitlines()
    folder_mode, *file_modes = (int(one, 8) for one in modes.split())
    assert stat.S_IMODE(folder_mode) == 0o700
    assert {stat.S_IMODE(one) & 0o077 for one in file_modes} <= {0, 0o044}  # the plan says nothing of the program
    assert "private question" not in "".join(lines)
    assert not Path(folder).exists()


def test_a_program_that_guards_its_own_clients_gets_the_same_errors(tmp_path: Path, everything: Sandbox) -> None:
    """Two sets of hooks in one call: the guard's words reach the app, AWS's own the notes."""
    everything.role("guarded", policies=[])
    program = f"""
import bedrock_guard
client = bedrock_guard.client("bedrock-runtime")
try:
    client.converse(modelId={MODEL!r}, messages=[])
except client.exceptions.AccessDeniedException as error:
    print("bedrock_guard: " in str(error))
"""
    ended = record(tmp_path, "-c", program, aws=everything, role="guarded")
    assert ended.out == "True\n", ended.err
    (call,) = ended.calls
    assert call["denied"] == [["bedrock:InvokeModel", f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"]]


def test_calls_with_an_api_key_are_known_as_such(tmp_path: Path, everything: Sandbox) -> None:
    """The permission to call with a key joins what the call itself needs."""
    key = everything.api_keys.short_term(everything.session("everything"))
    ended = record(
        tmp_path,
        "-c",
        f"{CONVERSE}\nconverse()",
        aws=everything,
        variables=everything.environment("everything", api_key=key),
    )
    assert ended.code == 0, ended.err
    assert [(call["with_key"], call["outcomes"]) for call in ended.calls] == [(True, {"": 1})]
    assert key not in json.dumps(ended.notes)
    actions = {one for statement in ended.policy["Statement"] for one in statement["Action"]}
    assert actions == {"bedrock:CallWithBearerToken", "bedrock:InvokeModel"}
