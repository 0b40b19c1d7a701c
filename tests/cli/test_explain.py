"""``explain``: a message from a file or a pipe, and the page of a code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import bedrock_guard as package
from bedrock_guard.testing import sandbox
from tests.advice.denial_texts import APP, INVOKE, MODEL, implicit
from tests.cli.commands import Commands, Ended, spawn

SENTENCE = implicit(INVOKE, MODEL)
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases/denials.jsonl").read_text(encoding="utf-8").splitlines()
]


class _Stdin:
    """Standard input, as a pipe or as a terminal."""

    def __init__(self, content: bytes, *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def piped(bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch, content: bytes, *arguments: str) -> Ended:
    monkeypatch.setattr("sys.stdin", _Stdin(content))
    return bedrock_guard("explain", *arguments)


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_a_message_that_is_piped_in_is_explained(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    ended = piped(bedrock_guard, monkeypatch, SENTENCE.encode(), *arguments)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{package.explain(SENTENCE)}\n"


@pytest.mark.parametrize("form", sorted({case["form"] for case in CASES}))
def test_json_is_what_the_library_says_of_the_same_file(bedrock_guard: Commands, tmp_path: Path, form: str) -> None:
    case = next(case for case in CASES if case["form"] == form)
    file = tmp_path / "error.log"
    file.write_text(case["input"], encoding="utf-8")
    ended = bedrock_guard("explain", str(file), "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.isascii()
    data = json.loads(ended.out)
    assert data == json.loads(json.dumps(package.explain(case["input"].encode()).to_dict()))
    assert {key: data["denials"][0][key] for key in case["expect"]} == case["expect"]


def test_what_holds_no_error_that_is_known_exits_with_3_and_claims_nothing(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = piped(bedrock_guard, monkeypatch, b"all is well\n")
    assert ended.code == 3
    assert ended.out == (
        "No error of AWS was recognised.\n\nNot in the catalogue, so nothing is claimed about it:\n  all is well\n"
    )


def test_bytes_that_are_no_text_are_no_fault(bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    assert piped(bedrock_guard, monkeypatch, b"\xff\xfe\x00\xff" * 40).code == 3
    assert piped(bedrock_guard, monkeypatch, SENTENCE.encode("utf-16")).code == 0


@pytest.mark.parametrize("content", [b"", b" \n\t"])
def test_nothing_at_all_is_a_fault_of_usage(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    ended = piped(bedrock_guard, monkeypatch, content)
    assert (ended.code, ended.out) == (2, "")
    assert "standard input: there is nothing in it to explain" in ended.err


def test_a_terminal_is_not_waited_at(bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Stdin(b"", terminal=True))
    ended = bedrock_guard("explain")
    assert (ended.code, ended.out) == (2, "")
    assert "pipe the error in" in ended.err


def test_a_message_in_place_of_a_file_is_told_how_to_be_given(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("explain", "User: x is not authorized")
    assert (ended.code, ended.out) == (2, "")
    assert "cannot be read: No such file or directory" in ended.err
    assert "| bedrock-guard explain" in ended.err


def test_a_folder_is_refused(bedrock_guard: Commands, tmp_path: Path) -> None:
    ended = bedrock_guard("explain", str(tmp_path))
    assert (ended.code, ended.out) == (2, "")
    assert "cannot be read" in ended.err


@pytest.mark.parametrize("name", ["BG203", "bg203"])
def test_a_code_prints_its_page(bedrock_guard: Commands, name: str) -> None:
    ended = bedrock_guard("explain", name)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("BG203: denied by a service control policy\n")
    assert "What ends it" in ended.out


@pytest.mark.parametrize("option", [("--format", "json"), ("-o", "page.txt"), ("--live",)])
def test_an_option_that_a_page_does_not_take_is_refused(bedrock_guard: Commands, option: tuple[str, ...]) -> None:
    ended = bedrock_guard("explain", "BG203", *option)
    assert (ended.code, ended.out) == (2, "")
    assert "leave the options out" in ended.err


def test_a_code_that_does_not_exist_is_refused_with_the_nearest(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("explain", "BG999")
    assert (ended.code, ended.out) == (2, "")
    assert "BG999" in ended.err


def test_a_file_named_like_a_code_is_a_file(
    bedrock_guard: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("BG203").write_text(SENTENCE, encoding="utf-8")
    assert f"BG101  {INVOKE}" in bedrock_guard("explain", "BG203").out


def test_the_diagnosis_is_written_to_a_file_and_only_said_to_be_there(bedrock_guard: Commands, tmp_path: Path) -> None:
    source, target = tmp_path / "error.log", tmp_path / "diagnosis.json"
    source.write_text(SENTENCE, encoding="utf-8")
    ended = bedrock_guard("explain", str(source), "--format", "json", "-o", str(target))
    assert (ended.code, ended.out) == (0, "")
    assert str(target) in ended.err
    assert json.loads(target.read_text(encoding="utf-8"))["denials"][0]["action"] == INVOKE
    assert bedrock_guard("explain", str(source), "-o", str(tmp_path / "no" / "x")).code == 2


def test_a_process_of_its_own_reads_a_pipe_that_is_empty() -> None:
    process = spawn("explain")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "nothing in it to explain" in err


# -- asked live, and masked -----------------------------------------------------------------------------------------

MAY_ASK = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["iam:Simulate*", "iam:Get*", "iam:List*"], "Resource": "*"}],
}


def test_live_asks_iam_about_whom_the_message_names(
    bedrock_guard: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = tmp_path / "error.log"
    with sandbox() as aws:
        aws.role("checkout", policies=[MAY_ASK])
        for name, value in aws.environment("checkout").items():
            monkeypatch.setenv(name, value)
        caller = f"arn:aws:sts::{aws.account}:assumed-role/checkout/sandbox"
        error.write_text(implicit(INVOKE, MODEL, caller=caller), encoding="utf-8")
        ended = bedrock_guard("explain", str(error), "--live")
        data = json.loads(bedrock_guard("explain", str(error), "--live", "--format", "json").out)
    assert ended.code == 0
    assert f"IAM says now of arn:aws:iam::{aws.account}:role/checkout:" in ended.out.replace("\n", " ")
    assert [finding["code"] for finding in data["findings"]] == ["BG101"]
    assert data["live"] is True


def test_live_without_credentials_says_what_the_message_says_and_why_no_more(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = piped(bedrock_guard, monkeypatch, SENTENCE.encode(), "--live", "--region", "us-east-1")
    assert (ended.code, ended.err) == (0, "")
    assert f"BG101  {INVOKE}" in ended.out
    assert "BG410: AWS was not asked" in ended.out


@pytest.mark.parametrize("option", [("--principal-arn", APP), ("--context", "a:b=c"), ("--profile", "dev")])
def test_an_option_of_live_without_it_is_refused(bedrock_guard: Commands, option: tuple[str, str]) -> None:
    ended = bedrock_guard("explain", "error.log", *option)
    assert (ended.code, ended.out) == (2, "")
    assert f"{option[0]}: nothing is asked of AWS without --live" in ended.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_identifies_anybody_is_masked_on_request_and_said_to_be(
    bedrock_guard: Commands, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    account, session = APP.split(":")[4], APP.rsplit("/", 1)[1]
    ended = piped(bedrock_guard, monkeypatch, SENTENCE.encode(), "--redact", "--format", form)
    assert ended.code == 0
    assert account not in ended.out
    assert f"/{session}" not in ended.out
    assert "ACCOUNT-1" in ended.out
    assert "BG505" in ended.out
