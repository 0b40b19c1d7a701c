"""``check``: what reaches the guard, and where the report goes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.guard import Guard
from bedrock_guard.render.text import render_text
from bedrock_guard.report import Report
from tests.cli.commands import Commands
from tests.render import reports

CHECK = ("check", "--operation", "converse", "--region", "us-east-1")


class Asked:
    """The guard in place of the real one: notes what it was made with, and answers with a report made by hand."""

    report = reports.DENIED
    arguments: dict[str, Any]
    environment: dict[str, str]
    profile: str

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = Guard.__init__

        def init(guard: Guard, **arguments: Any) -> None:
            real(guard, **arguments)
            self.arguments = arguments
            self.environment = dict(os.environ)
            self.profile = arguments["session"].profile_name

        monkeypatch.setattr(Guard, "__init__", init)
        monkeypatch.setattr(Guard, "check", lambda _: self.report)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    asked.install(monkeypatch)
    return asked


def test_every_option_reaches_the_guard(bedrock_guard: Commands, asked: Asked) -> None:
    bedrock_guard(
        *("check", "--model", "amazon.nova-lite-v1:0", "--model", reports.MODEL, "--operation", "converse"),
        *("--capability", "knowledge-bases.query", "--action", "bedrock:ListGuardrails"),
        *("--capability", f"knowledge-bases.query@{reports.KNOWLEDGE_BASE}", "--no-model-access"),
        *("--request", 'converse={"modelId": "amazon.nova-lite-v1:0"}', "--service-role", "lambda=" + reports.ROLE),
        *("--action", f"bedrock:Retrieve@{reports.KNOWLEDGE_BASE}", "--principal-arn", reports.ROLE),
        *("--region", "us-west-2", "--budget", "2.5", "--evaluator", "simulator", "--evaluator", "probe"),
        *("--context", "aws:SourceVpce=vpce-1", "--context", "aws:TagKeys=a", "--context", "aws:TagKeys=b=c"),
    )
    del asked.arguments["session"]
    assert asked.profile == "default"
    assert asked.arguments == {
        "models": ("amazon.nova-lite-v1:0", reports.MODEL),
        "operations": ("converse",),
        "capabilities": ("knowledge-bases.query", ("knowledge-bases.query", reports.KNOWLEDGE_BASE)),
        "requests": (("converse", {"modelId": "amazon.nova-lite-v1:0"}),),
        "service_roles": ("lambda=" + reports.ROLE,),
        "check_model_access": False,
        "actions": ("bedrock:ListGuardrails", ("bedrock:Retrieve", reports.KNOWLEDGE_BASE)),
        "principal_arn": reports.ROLE,
        "region": "us-west-2",
        "evaluators": ("simulator", "probe"),
        "budget_seconds": 2.5,
        "context": {"aws:SourceVpce": ["vpce-1"], "aws:TagKeys": ["a", "b=c"]},
        "policies": None,
        "redact": False,
    }


def test_text_is_the_report_on_standard_output_without_colour(bedrock_guard: Commands, asked: Asked) -> None:
    ended = bedrock_guard(*CHECK)
    assert ended.out == render_text(reports.DENIED) + "\n"
    assert ended.err == ""


def test_json_is_the_report_and_nothing_else_on_standard_output(bedrock_guard: Commands, asked: Asked) -> None:
    ended = bedrock_guard(*CHECK, "--format", "json")
    assert Report.from_dict(json.loads(ended.out)) == reports.DENIED
    assert ended.err == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_quiet_prints_nothing_and_exits_the_same(bedrock_guard: Commands, asked: Asked, form: str) -> None:
    ended = bedrock_guard(*CHECK, "--quiet", "--format", form)
    assert (ended.code, ended.out, ended.err) == (1, "", "")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_in_a_file_leaves_standard_output_empty(
    bedrock_guard: Commands, asked: Asked, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "report"
    ended = bedrock_guard(*CHECK, "--format", form, "--output", str(file))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[0].startswith("4 of 5 permissions are missing")
    text = file.read_text(encoding="utf-8")
    if form == "json":
        assert Report.from_dict(json.loads(text)) == reports.DENIED
    else:
        assert text == render_text(reports.DENIED) + "\n"


def test_a_file_that_cannot_be_written_is_named_with_the_reason_before_anything_is_asked(
    bedrock_guard: Commands, asked: Asked, tmp_path: Path
) -> None:
    for target, reason in ((tmp_path / "no" / "report", "there is no folder"), (tmp_path, "it is a folder")):
        ended = bedrock_guard(*CHECK, "--output", str(target))
        assert (ended.code, ended.out) == (2, "")
        assert str(target) in ended.err
        assert reason in ended.err
    assert not hasattr(asked, "arguments")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_file_that_turns_out_unwritable_is_2_and_not_the_verdict(bedrock_guard: Commands, asked: Asked) -> None:
    ended = bedrock_guard(*CHECK, "--output", "/dev/full")
    assert ended.code == 2
    assert "'/dev/full' cannot be written: No space left on device" in ended.err


@pytest.mark.parametrize("option", ["--boundary-file", "--scp-file"])
def test_what_only_caps_a_policy_is_never_asked_about_alone(bedrock_guard: Commands, asked: Asked, option: str) -> None:
    """A check that left the file out would answer about other policies than the ones asked about."""
    ended = bedrock_guard(*CHECK, option, "policy.json")
    assert (ended.code, ended.out) == (2, "")
    assert "name the role's own with --policy-file" in ended.err
    assert not hasattr(asked, "arguments")


@pytest.mark.parametrize(
    "options", [("--principal-arn", reports.ROLE), ("--profile", "dev"), ("--endpoint-url", "http://localhost:1")]
)
def test_the_sandbox_asks_about_a_role_of_its_own(
    bedrock_guard: Commands, asked: Asked, options: tuple[str, str]
) -> None:
    ended = bedrock_guard(*CHECK, "--sandbox", *options)
    assert ended.code == 2
    assert f"leave out {options[0]}" in ended.err


@pytest.mark.parametrize("entry", ["aws:SourceVpc", "=x", " =x"])
def test_a_context_entry_without_key_or_value_is_a_usage_error(
    bedrock_guard: Commands, asked: Asked, entry: str
) -> None:
    ended = bedrock_guard(*CHECK, "--context", entry)
    assert ended.code == 2
    assert "is not KEY=VALUE" in ended.err


def test_an_action_that_ends_in_at_lacks_its_arn(bedrock_guard: Commands, asked: Asked) -> None:
    ended = bedrock_guard(*CHECK, "--action", "bedrock:Retrieve@")
    assert ended.code == 2
    assert "an ARN follows it" in ended.err


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config"
    file.write_text("[profile production]\nregion = eu-central-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))


@pytest.mark.usefixtures("profiles")
def test_a_profile_wins_over_credentials_in_the_environment(
    bedrock_guard: Commands, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming a profile and being checked as somebody else would be a wrong answer."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    bedrock_guard(*CHECK, "--profile", "production")
    assert asked.profile == "production"
    assert "AWS_ACCESS_KEY_ID" not in asked.environment
    assert os.environ["AWS_ACCESS_KEY_ID"] == "AKIAIOSFODNN7EXAMPLE"
    assert "AWS_PROFILE" not in os.environ


@pytest.mark.usefixtures("profiles")
def test_a_misspelt_profile_is_a_configuration_error_with_the_nearest(bedrock_guard: Commands, asked: Asked) -> None:
    ended = bedrock_guard(*CHECK, "--profile", "prodution")
    assert ended.code == 2
    assert ended.err == (
        "error[BG501]: --profile: the AWS configuration has no profile 'prodution'; did you mean production?\n"
    )


def test_an_endpoint_is_that_of_every_service(
    bedrock_guard: Commands, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", "http://elsewhere")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    bedrock_guard(*CHECK, "--endpoint-url", "http://localhost:4566")
    in_force = {name: value for name, value in asked.environment.items() if "ENDPOINT" in name}
    assert in_force == {"AWS_ENDPOINT_URL": "http://localhost:4566"}
    assert os.environ["AWS_ENDPOINT_URL_IAM"] == "http://elsewhere"


@pytest.mark.parametrize("url", ["localhost:4566", "ftp://localhost", "http://"])
def test_an_endpoint_that_is_no_url_is_a_usage_error(bedrock_guard: Commands, asked: Asked, url: str) -> None:
    ended = bedrock_guard(*CHECK, "--endpoint-url", url)
    assert ended.code == 2
    assert "is not a URL" in ended.err


def test_a_second_boundary_is_a_usage_error(bedrock_guard: Commands, tmp_path: Path) -> None:
    """A principal has one, and the last of two would silently win."""
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        file.write_text('{"Version": "2012-10-17", "Statement": []}', encoding="utf-8")
    ended = bedrock_guard(*CHECK, *(part for file in files for part in ("--boundary-file", str(file))))
    assert ended.code == 2
    assert "once" in ended.err


def test_a_file_without_end_is_refused(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*CHECK, "--policy-file", "/dev/zero")
    assert ended.code == 2
