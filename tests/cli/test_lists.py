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


def test_what_parameters_bring_is_shown_by_the_first_of_them_and_counted(bedrock_guard: Commands) -> None:
    """No line grows by every path; JSON has them all, and each is found."""
    lines = bedrock_guard("list", "operations").out.splitlines()
    (converse,) = [line for line in lines if line.startswith("bedrock-runtime:Converse ")]
    assert "[s3:GetObject with messages[].content[].image.source.s3Location.uri and " in converse
    (operation,) = json.loads(bedrock_guard("list", "operations", "retrieveandgeneratestream", "--format", "json").out)
    paths = {path for use in operation["actions_by_parameter"] for path in use["parameters"]}
    deepest = max(paths, key=len)
    assert not any(deepest in line for line in lines)
    found = bedrock_guard("list", "operations", deepest).out
    assert [line.split()[0].partition(":")[2] for line in found.splitlines()] == [
        "RetrieveAndGenerate",
        "RetrieveAndGenerateStream",
    ]
    start, *_, end = deepest.split(".")
    assert f"{start}…{end}" in found
    for line in lines:
        actions = [word for word in line.split() if ":" in word][1:]
        assert len(actions) == len(set(actions)), line


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


def test_a_capability_by_its_whole_name_is_shown_in_full(bedrock_guard: Commands) -> None:
    """With what it takes, who needs what, and policies to start from."""
    ended = bedrock_guard("list", "capabilities", "Batch-Inference.run")
    facts, caller, role = ended.out.split("\n{\n")
    start, policy = caller.split("\n}\n\n")[0], json.loads("{" + caller.split("\n}\n")[0] + "}")

    assert ended.code == 0
    assert facts.splitlines()[0] == "batch-inference.run"
    assert "operations     bedrock:CreateModelInvocationJob\n" in facts
    assert "bedrock:model-invocation-job  arn:${Partition}:bedrock:${Region}:${Account}:model-invocation-job/" in facts
    assert "service roles  batch-inference\n" in facts
    assert "iam:PassRole" in start
    assert {"bedrock:ListModelInvocationJobs"} <= {a for one in policy["Statement"] for a in one["Action"]}
    assert "The policy of the service role (batch-inference), for account 123456789012 in us-east-1:" in ended.out
    assert "s3:PutObject" in role


def test_one_word_that_is_no_whole_name_is_a_filter(bedrock_guard: Commands) -> None:
    lines = bedrock_guard("list", "capabilities", "batch-inf").out.splitlines()
    assert [line.split()[0] for line in lines] == ["batch-inference.run"]


def test_a_whole_name_that_begins_others_is_that_one(bedrock_guard: Commands) -> None:
    """knowledge-bases.manage is a name of its own although nine begin with it."""
    (entry,) = json.loads(bedrock_guard("list", "capabilities", "knowledge-bases.manage", "--format", "json").out)
    assert entry["capability"] == "knowledge-bases.manage"


def test_json_has_what_the_full_view_shows(bedrock_guard: Commands) -> None:
    """In a list as without a name, so that a program reads one form."""
    name = "knowledge-bases.manage-on-aurora"
    (entry,) = json.loads(bedrock_guard("list", "capabilities", name, "--format", "json").out)

    assert entry["capability"] == name
    assert entry["includes"] == ["knowledge-bases.manage"]
    assert "bedrock-agent:CreateKnowledgeBase" in entry["operations"]
    assert entry["service_roles"] == ["knowledge-base"]
    assert set(entry["sources"]) == set(entry["actions"])
    assert entry["resource_kinds"]["bedrock:knowledge-base"].endswith(":knowledge-base/${KnowledgeBaseId}")
    role = entry["example"]["service_role_policies"]["knowledge-base"]
    assert "rds-data:ExecuteStatement" in {action for one in role["Statement"] for action in one["Action"]}


def test_what_is_not_settled_is_marked_in_the_full_view(bedrock_guard: Commands) -> None:
    ended = bedrock_guard("list", "capabilities", "agents.invoke-inline")
    assert "unsettled      bedrock:InvokeModel: a denial is a note and no failure\n" in ended.out
