"""``check --policy-file``: policies that are not attached yet, decided without credentials and without a call."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.report import Report
from tests.cli.commands import Commands

MODEL = "amazon.nova-lite-v1:0"
CHECK = ("check", "--model", MODEL, "--operation", "converse", "--region", "us-east-1", "--format", "json")
ALLOW = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": f"arn:aws:bedrock:*::foundation-model/{MODEL}"}
REGION_LOCK = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
}

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a policy of these statements to a file; its path."""

    def write(*statements: dict[str, Any], name: str = "policy.json") -> str:
        file = tmp_path / name
        file.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2))
        return str(file)

    return write


def codes(out: str) -> list[str | None]:
    return [finding.code for finding in Report.from_dict(json.loads(out)).denied]


def test_a_policy_that_allows_it_is_0_and_one_that_does_not_is_1(bedrock_guard: Commands, write: Write) -> None:
    assert bedrock_guard(*CHECK, "--policy-file", write(ALLOW)).code == 0
    ended = bedrock_guard(*CHECK, "--policy-file", write({**ALLOW, "Action": "bedrock:Retrieve", "Resource": "*"}))
    assert (ended.code, codes(ended.out)) == (1, ["BG101"])


def test_policies_are_taken_together(bedrock_guard: Commands, write: Write) -> None:
    deny = write({**ALLOW, "Effect": "Deny", "Sid": "Freeze"}, name="freeze.json")
    ended = bedrock_guard(*CHECK, "--policy-file", write(ALLOW), "--policy-file", deny)
    assert (ended.code, codes(ended.out)) == (1, ["BG201"])
    (statement,) = Report.from_dict(json.loads(ended.out)).findings[0].evidence.statements
    assert (statement.policy, statement.sid, statement.line) == (deny, "Freeze", 4)


@pytest.mark.parametrize(("option", "code"), [("--boundary-file", "BG202"), ("--scp-file", "BG203")])
def test_boundary_and_scp_cap_what_the_policy_grants(
    bedrock_guard: Commands, write: Write, option: str, code: str
) -> None:
    allow_all = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    lock = write(allow_all, REGION_LOCK, name="lock.json")
    ended = bedrock_guard(*CHECK, "--policy-file", write(ALLOW), option, lock)
    assert (ended.code, codes(ended.out)) == (1, [code])


def test_a_file_that_cannot_be_read_is_named_with_the_reason(bedrock_guard: Commands, tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"Version": "\xe9"}')
    for path, reason in (
        (tmp_path / "none.json", "No such file or directory"),
        (tmp_path, "Is a directory"),
        (latin, "it is not UTF-8 text (byte 13)"),
    ):
        ended = bedrock_guard(*CHECK, "--policy-file", str(path))
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == f"error[BG504]: policy file {str(path)!r} cannot be read: {reason}\n"


def test_a_policy_that_aws_would_refuse_is_2_with_every_fault_and_its_place(
    bedrock_guard: Commands, write: Write
) -> None:
    path = write({"Effect": "Alow", "Action": "InvokeModel", "Resource": "*"})
    ended = bedrock_guard(*CHECK, "--policy-file", path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"error[BG502]: policy {path!r} is not valid: 2 faults\n")
    assert f"{path}:5:" in ended.err
    assert "'Alow'" in ended.err
    assert "'InvokeModel'" in ended.err


def test_an_editor_s_byte_order_mark_is_no_fault(bedrock_guard: Commands, write: Write) -> None:
    file = Path(write(ALLOW))
    file.write_text(file.read_text(), encoding="utf-8-sig")
    assert bedrock_guard(*CHECK, "--policy-file", str(file)).code == 0


def test_a_context_key_that_does_not_exist_is_a_configuration_error(bedrock_guard: Commands, write: Write) -> None:
    file = write({**ALLOW, "Condition": {"StringEquals": {"bedrock:ModelId": MODEL}}})
    ended = bedrock_guard(*CHECK, "--policy-file", file, "--context", f"bedrock:ModelId={MODEL}")
    assert ended.code == 2
    assert "there is no condition key 'bedrock:ModelId'" in ended.err
