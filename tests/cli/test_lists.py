"""``list`` and ``completion``: the catalogue as a person and a shell search it."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from bedrock_guard.bedrock.capabilities import capabilities
from bedrock_guard.bedrock.catalogue import action_names, operations
from bedrock_guard.codes import CODES
from tests.cli.commands import Commands, spawn


@pytest.mark.parametrize(
    ("name", "known"),
    [("operations", operations()), ("actions", action_names()), ("capabilities", capabilities()), ("codes", CODES)],
)
def test_every_entry_is_one_line(bedrock_guard: Commands, name: str, known: dict[str, object]) -> None:
    ended = bedrock_guard("list", name)
    assert ended.code == 0
    assert [line.split()[0] for line in ended.out.splitlines()] == list(known)


@pytest.mark.parametrize(
    ("name", "key"),
    [("operations", "operation"), ("actions", "action"), ("capabilities", "capability"), ("codes", "code")],
)
def test_json_holds_the_same_entries(bedrock_guard: Commands, name: str, key: str) -> None:
    text = [line.split()[0] for line in bedrock_guard("list", name).out.splitlines()]
    assert [entry[key] for entry in json.loads(bedrock_guard("list", name, "--format", "json").out)] == text


def test_an_operation_shows_the_action_it_is_really_authorised_as(bedrock_guard: Commands) -> None:
    (line,) = bedrock_guard("list", "operations", "bedrock-runtime:conversestream").out.splitlines()
    assert line.split()[:3] == [
        "bedrock-runtime:ConverseStream",
        "converse_stream",
        "bedrock:InvokeModelWithResponseStream",
    ]


def test_all_words_of_a_filter_must_occur_whatever_their_case(bedrock_guard: Commands) -> None:
    assert [line.split()[0] for line in bedrock_guard("list", "codes", "SERVICE", "control").out.splitlines()] == [
        "BG203"
    ]


def test_nothing_found_is_2_and_says_what_was_looked_for(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("list", "capabilities", "teleport")
    assert (ended.code, ended.out) == (2, "")
    assert "no capabilities match 'teleport'" in ended.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_valid_shell(bedrock_guard: Commands, shell: str) -> None:
    ended = bedrock_guard("completion", shell)
    assert ended.code == 0
    assert "_BEDROCK_GUARD_COMPLETE" in ended.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=ended.out, text=True, check=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("bedrock-guard ch", "check"),
        ("bedrock-guard check --oper", "--operation"),
        ("bedrock-guard check --operation converse_s", "converse_stream"),
        ("bedrock-guard check --operation bedrock-r", "bedrock-runtime:Converse"),
        ("bedrock-guard check --capability knowledge-bases.q", "knowledge-bases.query"),
        ("bedrock-guard check --action bedrock:invokemodelwithr", "bedrock:InvokeModelWithResponseStream"),
        ("bedrock-guard list c", "capabilities"),
    ],
)
def test_a_shell_is_offered_commands_options_and_names(words: str, expected: str) -> None:
    command = spawn(COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1), _BEDROCK_GUARD_COMPLETE="bash_complete")
    out, _ = command.communicate(timeout=30)
    assert f"plain,{expected}" in out.splitlines()
