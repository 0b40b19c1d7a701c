"""``explain``: a message from a file or a pipe, and the page of a code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import bedrock_guard as package
from tests.advice.denial_texts import INVOKE, MODEL, implicit
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
