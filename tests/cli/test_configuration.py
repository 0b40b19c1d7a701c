"""``check`` with a configuration: which file counts, what goes before it, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.guard import Guard
from tests.cli.commands import Commands
from tests.render import reports

MODEL = "amazon.nova-lite-v1:0"
TEXT = f"""\
models = ["{MODEL}"]
operations = ["converse", ["retrieve", "{reports.KNOWLEDGE_BASE}"]]
region = "us-east-1"
budget_seconds = 3
check_model_access = false
evaluators = ["offline"]
on_unverified = "raise"
context = {{ "aws:SourceVpce" = "vpce-1" }}
"""


class Asked:
    """What the guard in place of the real one was made with; empty while none was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.arguments: dict[str, Any] = {}
        real = Guard.__init__

        def init(guard: Guard, **arguments: Any) -> None:
            real(guard, **arguments)
            self.arguments = {key: value for key, value in arguments.items() if key not in ("session", "policies")}

        monkeypatch.setattr(Guard, "__init__", init)
        monkeypatch.setattr(Guard, "check", lambda _: reports.ALLOWED)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bedrock-guard.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_file_says_what_is_asked(bedrock_guard: Commands, asked: Asked, file: Path) -> None:
    ended = bedrock_guard("check")
    assert asked.arguments == {
        "models": (MODEL,),
        "operations": ("converse", ("retrieve", reports.KNOWLEDGE_BASE)),
        "region": "us-east-1",
        "budget_seconds": 3.0,
        "check_model_access": False,
        "evaluators": ("offline",),
        "on_unverified": "raise",
        "context": {"aws:SourceVpce": ("vpce-1",)},
        "redact": False,
    }
    assert (ended.code, ended.err) == (0, "Configuration: bedrock-guard.toml\n")


def test_an_option_replaces_the_key_of_its_name_whole(bedrock_guard: Commands, asked: Asked, file: Path) -> None:
    bedrock_guard("check")
    before = asked.arguments
    bedrock_guard(
        *("check", "--operation", "converse_stream", "--region", "eu-west-1", "--budget", "10", "--model-access"),
        *("--evaluator", "simulator", "--context", "aws:TagKeys=a", "--action", "bedrock:ListGuardrails"),
    )
    assert asked.arguments == {
        **before,
        "operations": ("converse_stream",),
        "region": "eu-west-1",
        "budget_seconds": 10.0,
        "check_model_access": True,
        "evaluators": ("simulator",),
        "context": {"aws:TagKeys": ["a"]},
        "actions": ("bedrock:ListGuardrails",),
    }


def test_a_variable_stands_between_file_and_option(
    bedrock_guard: Commands, asked: Asked, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEDROCK_GUARD_REGION", "eu-west-1")
    bedrock_guard("check")
    assert asked.arguments["region"] == "eu-west-1"
    bedrock_guard("check", "--region", "us-west-2")
    assert asked.arguments["region"] == "us-west-2"


def test_a_variable_counts_without_a_file(
    bedrock_guard: Commands, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEDROCK_GUARD_REGION", "eu-west-1")
    ended = bedrock_guard("check", "--model", MODEL)
    assert asked.arguments == {"models": (MODEL,), "region": "eu-west-1", "redact": False}
    assert ended.err == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_which_file_it_is_goes_to_standard_error_alone(
    bedrock_guard: Commands, asked: Asked, file: Path, form: str
) -> None:
    ended = bedrock_guard("check", "--format", form)
    assert ended.err == "Configuration: bedrock-guard.toml\n"
    assert "Configuration" not in ended.out
    if form == "json":
        json.loads(ended.out)
    quiet = bedrock_guard("check", "--format", form, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_a_file_above_is_named_as_seen_from_here(
    bedrock_guard: Commands, asked: Asked, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = file.parent / "src" / "app"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert bedrock_guard("check").err == f"Configuration: {Path('../../bedrock-guard.toml')}\n"
    file.rename(file.with_name("pyproject.toml"))
    file.with_name("pyproject.toml").write_text("[tool.bedrock_guard]\n" + TEXT, encoding="utf-8")
    assert bedrock_guard("check").err == f"Configuration: {Path('../../pyproject.toml')}\n"


def test_no_config_reads_no_file(
    bedrock_guard: Commands, asked: Asked, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("broken", encoding="utf-8")
    for _ in range(2):
        ended = bedrock_guard("check", "--no-config", "--model", MODEL)
        assert (ended.code, ended.err) == (0, "")
        assert asked.arguments == {"models": (MODEL,), "redact": False}
        monkeypatch.setenv("BEDROCK_GUARD_CONFIG", "bedrock-guard.toml")


def test_a_file_may_be_named(
    bedrock_guard: Commands, asked: Asked, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = file.with_name("other.toml")
    other.write_text('models = ["amazon.nova-pro-v1:0"]', encoding="utf-8")
    assert bedrock_guard("check", "--config", "other.toml").err == "Configuration: other.toml\n"
    assert asked.arguments == {"models": ("amazon.nova-pro-v1:0",), "redact": False}
    monkeypatch.setenv("BEDROCK_GUARD_CONFIG", str(other))
    assert bedrock_guard("check").err == f"Configuration: {other}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--config", "none.toml"), "none.toml: cannot be read: No such file"),
        (("--config", "."), ".: cannot be read"),
        (("--config", "bedrock-guard.toml", "--no-config"), "leave out one of the two"),
    ],
)
def test_what_cannot_be_followed_is_wrong_usage(
    bedrock_guard: Commands, asked: Asked, file: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = bedrock_guard("check", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert asked.arguments == {}


def test_a_broken_file_ends_the_command_with_every_fault(bedrock_guard: Commands, asked: Asked, file: Path) -> None:
    """Also where options say all there is to ask: whoever wrote the file meant it."""
    file.write_text('model = "x"\nregion = 1\n', encoding="utf-8")
    ended = bedrock_guard("check", "--model", MODEL, "--region", "us-east-1", "--format", "json", "--quiet")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "error[BG506]: the configuration in bedrock-guard.toml cannot be used: 2 faults",
        "  bedrock-guard.toml:1:1: there is no key 'model'; did you mean models?",
        '    1 | model = "x"',
        "      | ^",
        "  bedrock-guard.toml:2:10: region: the number 1; expected a text",
        "    2 | region = 1",
        "      |          ^",
    ]
    assert asked.arguments == {}


def test_a_line_of_the_file_cannot_write_to_the_terminal(bedrock_guard: Commands, asked: Asked, file: Path) -> None:
    file.write_text('"\\u001b[31m" = 1\n# \u202e\nregion = "\u202e us"\n', encoding="utf-8")
    ended = bedrock_guard("check")
    assert ended.code == 2
    assert "\x1b" not in ended.err
    assert "\u202e" not in ended.err


class TestRedaction:
    """The file may ask for it, where neither option nor variable say anything."""

    @pytest.mark.parametrize(
        ("option", "variable", "wanted"),
        [
            ((), None, True),
            (("--no-redact",), None, False),
            ((), "0", False),
            (("--redact",), "0", True),
            (("--no-redact",), "1", False),
        ],
    )
    def test_the_nearer_word_counts(
        self,
        bedrock_guard: Commands,
        asked: Asked,
        file: Path,
        monkeypatch: pytest.MonkeyPatch,
        option: tuple[str, ...],
        variable: str | None,
        wanted: bool,
    ) -> None:
        file.write_text(f"redact = true\n{TEXT}", encoding="utf-8")
        if variable is not None:
            monkeypatch.setenv("BEDROCK_GUARD_REDACT", variable)
        bedrock_guard("check", *option)
        assert asked.arguments["redact"] is wanted

    def test_errors_of_the_command_are_masked_as_the_file_says(self, bedrock_guard: Commands, file: Path) -> None:
        file.write_text(f"redact = true\n{TEXT}", encoding="utf-8")
        wrong = "arn:aws:bedrock:us-east-1:123456789012:agent/A"
        ended = bedrock_guard("check", "--action", f"bedrock:Retrieve@{wrong}")
        assert ended.code == 2
        assert "123456789012" not in ended.err
        assert "ACCOUNT-1" in ended.err

    def test_what_is_wrong_with_the_file_is_masked(self, bedrock_guard: Commands, file: Path) -> None:
        file.write_text('principal_arn = "arn:aws:iam::123456789012:rol/app"\n', encoding="utf-8")
        ended = bedrock_guard("check", "--redact")
        assert ended.code == 2
        assert "123456789012" not in ended.err
        assert "ACCOUNT-1" in ended.err

    def test_the_name_of_the_file_is_masked(self, bedrock_guard: Commands, asked: Asked, file: Path) -> None:
        other = file.parent / "123456789012" / "app.toml"
        other.parent.mkdir()
        other.write_text(TEXT, encoding="utf-8")
        named = ("--config", "123456789012/app.toml")
        assert bedrock_guard("check", "--redact", *named).err == "Configuration: ACCOUNT-1/app.toml\n"
        assert bedrock_guard("check", *named).err == "Configuration: 123456789012/app.toml\n"


def test_the_sandbox_asks_about_its_own_role(bedrock_guard: Commands, file: Path) -> None:
    """`--principal-arn` beside `--sandbox` is a contradiction; in a file that serves other checks it is none."""
    pytest.importorskip("moto")
    file.write_text(
        f'principal_arn = "{reports.ROLE}"\nregion = "us-east-1"\nactions = ["bedrock:ListGuardrails"]\n',
        encoding="utf-8",
    )
    statement = {"Effect": "Allow", "Action": "bedrock:ListGuardrails", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    file.with_name("policy.json").write_text(policy, encoding="utf-8")
    ended = bedrock_guard("check", "--sandbox", "--policy-file", "policy.json", "--format", "json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["principal"]["policy_source_arn"] != reports.ROLE
