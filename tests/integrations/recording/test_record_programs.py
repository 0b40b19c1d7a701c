"""Programs that others' packages make up, recorded: the policy that comes of it lets each pass, and names ARNs.

What they need is in ``requirements.txt`` beside this file. Run with those versions: Python 3.13.0, botocore 1.43.117.
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.bedrock.catalogue import find_action
from bedrock_guard.testing import Sandbox, sandbox

ROOT = Path(__file__).parents[3]
PROGRAMS = Path(__file__).parent / "programs"
MODEL = "amazon.nova-lite-v1:0"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def aws(empty_home: object) -> Iterator[Sandbox]:
    with sandbox() as started:
        started.role("everything", policies=[EVERYTHING])
        yield started


def variables(aws: Sandbox, role: str, **more: str) -> dict[str, str]:
    return {**os.environ, **aws.environment(role), "PYTHONPATH": os.pathsep.join([str(ROOT), str(PROGRAMS)]), **more}


def run(aws: Sandbox, role: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=variables(aws, role), capture_output=True, text=True, timeout=300, check=False)


def recording(policy: Path) -> list[str]:
    return [sys.executable, "-m", "bedrock_guard", "record", "-o", str(policy), "--"]


def least(policy: Path) -> Mapping[str, Any]:
    """The policy, once all its resources are ARNs wherever the action takes one.

    A profile of which neither Bedrock nor the table knows where it leads opens its model in every Region.
    """
    document: dict[str, Any] = json.loads(policy.read_text(encoding="utf-8"))
    for statement in document["Statement"]:
        for action in statement["Action"]:
            if find_action(action).takes_resources:
                for arn in statement["Resource"]:
                    assert arn.startswith("arn:aws:"), statement
                    assert "*" not in arn.split(":", 5)[5], statement
    return document


@pytest.mark.parametrize(
    ("needed", "program", "operations"),
    [
        ("aiobotocore", ("aiobotocore_app.py",), 3),
        ("langchain_aws", ("langchain_app.py",), 4),
        ("langchain_aws", ("documented_examples.py", "langchain_aws"), 2),
        ("strands", ("strands_app.py",), 2),
        ("strands", ("documented_examples.py", "strands"), 1),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_policy_lets_the_program_pass(
    aws: Sandbox, tmp_path: Path, needed: str, program: tuple[str, ...], operations: int
) -> None:
    """The program does under a role with just that policy what it did under one that may do everything."""
    pytest.importorskip(needed)
    command = (sys.executable, str(PROGRAMS / program[0]), *program[1:])
    plain = run(aws, "everything", *command)
    recorded = run(aws, "everything", *recording(tmp_path / "policy.json"), *command)
    assert (recorded.returncode, recorded.stdout) == (plain.returncode, plain.stdout) == (0, plain.stdout), (
        recorded.stderr
    )
    assert f" of {operations} operation" in recorded.stderr.splitlines()[-1]
    aws.role("least", policies=[least(tmp_path / "policy.json")])
    again = run(aws, "least", *command)
    assert (again.returncode, again.stdout) == (0, plain.stdout), again.stderr
    assert "AccessDenied" not in again.stdout + again.stderr
    if program[0] == "documented_examples.py":
        assert again.stdout.count(": passed") >= 2, again.stdout


def test_all_workers_of_a_web_server_are_recorded(aws: Sandbox, tmp_path: Path) -> None:
    """Gunicorn forks its workers and is told to stop by a signal, which the command passes on."""
    pytest.importorskip("gunicorn")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "2",
        "--preload",
        "--bind",
        f"127.0.0.1:{port}",
        "web_app:app",
    ]
    server = subprocess.Popen(
        [*recording(tmp_path / "policy.json"), *serve],
        env=variables(aws, "everything"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for model in [MODEL, "amazon.nova-pro-v1:0"] * 4:
        assert _fetched(f"http://127.0.0.1:{port}/?{model}") == b"answered"
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=60)
    assert server.returncode == 0, err
    assert err.splitlines()[-1] == "8 calls of 1 operation noted"
    (statement,) = least(tmp_path / "policy.json")["Statement"]
    assert [arn.rpartition("/")[2] for arn in statement["Resource"]] == [MODEL, "amazon.nova-pro-v1:0"]


def _fetched(url: str) -> bytes:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - on loopback
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


class _RuntimeApi(http.server.BaseHTTPRequestHandler):
    """One invocation, as AWS Lambda's runtime API gives it.

    Source: AWS Lambda Developer Guide, “Using the Lambda runtime API for custom runtimes” (read 2026-11).
    """

    protocol_version = "HTTP/1.1"
    answers: list[bytes]
    answered: threading.Event

    def do_GET(self) -> None:
        if self.answered.is_set():
            time.sleep(60)  # there is nothing more to do: the client waits, and is told to stop
            return
        body = json.dumps({"model": MODEL}).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 60_000))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.answers.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.answered.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class names it
        pass


def test_a_lambda_handler_is_recorded_under_its_runtime(aws: Sandbox, tmp_path: Path) -> None:
    """AWS's own runtime interface client runs the handler until it is stopped."""
    pytest.importorskip("awslambdaric")
    answers: list[bytes] = []
    answered = threading.Event()
    handler = type("Api", (_RuntimeApi,), {"answers": answers, "answered": answered})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    runtime = subprocess.Popen(
        [*recording(tmp_path / "policy.json"), sys.executable, "-m", "awslambdaric", "lambda_app.handler"],
        env=variables(aws, "everything", AWS_LAMBDA_RUNTIME_API=f"127.0.0.1:{server.server_port}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROGRAMS,
    )
    assert answered.wait(60)
    runtime.send_signal(signal.SIGTERM)
    _, err = runtime.communicate(timeout=60)
    server.shutdown()
    server.server_close()
    assert json.loads(answers[0]) == {"stopped": "end_turn"}
    assert "1 call of 1 operation noted" in err
    (statement,) = least(tmp_path / "policy.json")["Statement"]
    assert statement["Resource"] == [f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"]
