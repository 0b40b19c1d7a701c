"""Asks the peers, and writes down what they answer, for :mod:`.page` to show.

    python -m tests.benchmarks.explainers.record --peers DIRECTORY [NAME...]

DIRECTORY holds one virtual environment for each, named as the package, made of what :data:`.questions.INSTALL` says.
Each peer is asked in an empty home, with no credentials of anybody; the one that wants an AWS account is led to the
sandbox, whose state makes the message true. Nothing is applied: standard input is no terminal, and no ``--yes`` given.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.testing import Sandbox, sandbox, simulator_input
from tests.benchmarks.explainers.answers import ANSWERS, Answer, Recording
from tests.benchmarks.explainers.message import Message
from tests.benchmarks.explainers.messages import ACCOUNT, MESSAGES, statement
from tests.benchmarks.explainers.questions import cloudtrail

_SECONDS = 120
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LOG_PREFIX = re.compile(r"^\[[^]]*?(?P<level>WARNING|ERROR|CRITICAL)[^]]*\]\s*")
_SID = re.compile(r'(?P<key>"Sid": ")(?P<value>[^"]*)')
_PARSED = simulator_input._parsed
_PYTHON_WARNING = re.compile(r"^\S*site-packages.*UserWarning.*\n\s+import pkg_resources\n", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """How a program ended, and all it printed."""

    exit: int
    out: str
    err: str


def _run(command: list[str], home: Path, environment: Mapping[str, str], stdin: str = "") -> Run:
    plain = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "DISABLE_IAM_POLICY_AUTOPILOT_TELEMETRY": "true",
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
        env={**plain, **environment},
        cwd=home,
    )
    return Run(done.returncode, _plain(done.stdout, home), _plain(done.stderr, home))


def _plain(text: str, home: Path) -> str:
    """Without colours, and without the directory it ran in."""
    return _COLOUR.sub("", text).replace(str(home), "~")


def _aws_why(bin_: Path, message: Message, home: Path) -> Answer:
    text = _run([str(bin_ / "aws-why"), "explain"], home, {}, message.text)
    data = _run([str(bin_ / "aws-why"), "explain", "--json"], home, {}, message.text)
    return Answer(message.text, text.exit, (text.out + text.err).strip(), json.loads(data.out) if data.out else None)


def _autopilot(bin_: Path, message: Message, home: Path) -> Answer:
    done = _run([str(bin_ / "iam-policy-autopilot"), "fix-access-denied"], home, {}, message.text)
    return Answer(message.text, done.exit, (done.err + done.out).strip())


def _undenied(bin_: Path, message: Message, home: Path) -> Answer:
    """Led to the sandbox as its administrator; the organization's policies come as the file it takes."""
    events = home / "events.json"
    events.write_text(cloudtrail(message), encoding="utf-8")
    scps = home / "scps.json"
    scps.write_text(json.dumps(_organization(message)), encoding="utf-8")
    command = [str(bin_ / "access-undenied-aws"), "analyze", "--events-file", str(events), "--scp-file", str(scps)]
    with mock.patch.object(simulator_input, "_parsed", _parsed_with_any_sid), sandbox() as aws:
        _make_account(aws, message)
        done = _run(command, home, aws.environment())
    logged = _PYTHON_WARNING.sub("", done.err).splitlines()
    said = [_LOG_PREFIX.sub(r"\g<level> ", line) for line in logged if _LOG_PREFIX.match(line)]
    crash = [line for line in logged[-1:] if "Traceback" in done.err]
    return Answer(cloudtrail(message), done.exit, "\n".join([*said, *crash, done.out]).strip())


def _parsed_with_any_sid(text: str, name: str, kind: PolicyKind, refusal: str) -> Policy:
    """It sends the organization's policies as boundaries, with slashes in their Sids, which the sandbox refuses.

    That AWS's simulator refuses them too is not known, so they are let through, with each statement where it was.
    """
    plain = _SID.sub(lambda sid: sid["key"] + re.sub(r"[^A-Za-z0-9]", "x", sid["value"]), text)
    return _PARSED(plain, name, kind, refusal)


def _make_account(aws: Sandbox, message: Message) -> None:
    aws.organization()
    managed = [aws.policy(name, document) for name, document in message.account.managed.items()]
    aws.role("app", policies=message.account.policies, managed=managed, boundary=message.account.boundary)
    if message.account.scp is not None:
        aws.scp(message.account.scp, name="RegionLock")


def _organization(message: Message) -> dict[str, Any]:
    """The account alone under its root, in the form that ``access-undenied-aws get-scps`` writes."""
    full = {"Id": "p-FullAWSAccess", "Name": "FullAWSAccess", "PolicyDocument": json.dumps(statement("Allow", "*"))}
    policies = [full]
    if message.account.scp is not None:
        document = json.dumps(message.account.scp)
        policies.append({"Id": "p-9z8y7x6w", "Name": "RegionLock", "PolicyDocument": document})
    root = _node("r-ab12", "Root", "Organizational Unit or Organization Root", None, [full])
    return {"r-ab12": root, ACCOUNT: _node(ACCOUNT, "app", "AWSAccount", "r-ab12", policies)}


def _node(id_: str, name: str, kind: str, parent: str | None, policies: list[dict[str, str]]) -> dict[str, Any]:
    arn = f"arn:aws:organizations::999988887777:node/o-a1b2c3d4e5/{id_}"
    return {"arn": arn, "id": id_, "name": name, "organization_node_type": kind, "parent": parent, "policies": policies}


PEERS: Mapping[str, Callable[[Path, Message, Path], Answer]] = {
    "aws-why": _aws_why,
    "iam-policy-autopilot": _autopilot,
    "access-undenied-aws": _undenied,
}
"""How each peer is asked."""


def record(name: str, environment: Path) -> Recording:
    """The peer's answers to all messages."""
    bin_ = environment / "bin"
    shown = subprocess.run(
        [str(bin_ / "python"), "-c", f"from importlib.metadata import version; print(version({name!r}))"],
        capture_output=True,
        text=True,
        check=True,
    )
    answers = {}
    for message in MESSAGES:
        with tempfile.TemporaryDirectory() as home:
            answers[message.name] = PEERS[name](bin_, message, Path(home))
    return Recording(name, shown.stdout.strip(), dt.datetime.now(dt.timezone.utc).date().isoformat(), answers)


def main() -> None:
    parser = argparse.ArgumentParser(description="Record what the peers answer.")
    parser.add_argument("--peers", type=Path, required=True, help="the directory of their virtual environments")
    parser.add_argument("names", nargs="*", default=list(PEERS), help="the peers; all by default")
    given = parser.parse_args()
    for name in given.names:
        record(name, given.peers.resolve() / name).write(ANSWERS)


if __name__ == "__main__":
    main()
