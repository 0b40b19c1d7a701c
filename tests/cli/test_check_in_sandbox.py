"""``check`` on the wire: against the embedded AWS it starts, and against one that is running."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.report import Report
from bedrock_guard.testing import Sandbox, sandbox
from tests.cli.commands import Commands
from tests.render.reports import MODEL, PROFILE_ARN, model_arn

CHECK = ("check", "--model", MODEL, "--operation", "converse_stream", "--format", "json")
NEEDED = [PROFILE_ARN, *(model_arn(region) for region in ("us-east-1", "us-east-2", "us-west-2"))]
ALLOW = {"Effect": "Allow", "Action": "bedrock:InvokeModelWithResponseStream", "Resource": NEEDED}
ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
REGION_LOCK = {
    "Effect": "Deny",
    "Action": "bedrock:*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "us-east-2"]}},
}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def written(folder: Path, *statements: dict[str, Any], name: str = "policy.json") -> str:
    file = folder / name
    file.write_text(json.dumps(policy(*statements)))
    return str(file)


def test_a_role_without_permissions_lacks_the_profile_and_every_destination(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*CHECK, "--sandbox")
    report = Report.from_dict(json.loads(ended.out))
    assert (ended.code, ended.err) == (1, "")
    assert [finding.requirement.resource for finding in report.denied] == NEEDED
    assert {finding.requirement.action for finding in report.denied} == {"bedrock:InvokeModelWithResponseStream"}
    assert {finding.evidence.evaluator for finding in report.findings} == {"simulator"}


def test_a_policy_file_that_holds_the_permissions_is_0(bedrock_guard: Commands, tmp_path: Path) -> None:
    ended = bedrock_guard(*CHECK, "--sandbox", "--policy-file", written(tmp_path, ALLOW))
    assert (ended.code, ended.err) == (0, "")


def test_where_simulation_is_refused_it_is_3_and_nothing_is_called_missing(
    bedrock_guard: Commands, tmp_path: Path
) -> None:
    refuse = {"Effect": "Deny", "Action": ["iam:SimulatePrincipalPolicy", "iam:List*"], "Resource": "*"}
    ended = bedrock_guard(*CHECK, "--sandbox", "--policy-file", written(tmp_path, ALLOW, refuse))
    report = Report.from_dict(json.loads(ended.out))
    assert ended.code == 3
    assert not report.denied
    assert {finding.code for finding in report.findings} == {"BG401"}


def test_where_simulation_is_refused_and_the_policies_can_be_read_the_engine_steps_in(
    bedrock_guard: Commands, tmp_path: Path
) -> None:
    refuse = {"Effect": "Deny", "Action": "iam:SimulatePrincipalPolicy", "Resource": "*"}
    ended = bedrock_guard(*CHECK, "--sandbox", "--policy-file", written(tmp_path, ALLOW, refuse))
    report = Report.from_dict(json.loads(ended.out))
    assert ended.code == 0
    assert {finding.evidence.evaluator for finding in report.findings} == {"offline"}


def test_a_use_without_its_resource_is_answered_since_the_role_may_read_its_policies(
    bedrock_guard: Commands, tmp_path: Path
) -> None:
    may = {"Effect": "Allow", "Action": "bedrock:Retrieve", "Resource": "*"}
    arguments = ("check", "--sandbox", "--capability", "knowledge-bases.query", "--policy-file")
    assert bedrock_guard(*arguments, written(tmp_path, may)).code == 0


def test_the_remedy_s_statements_as_a_policy_file_pass_the_same_check(bedrock_guard: Commands, tmp_path: Path) -> None:
    report = Report.from_dict(json.loads(bedrock_guard(*CHECK, "--sandbox").out))
    statements = [dict(statement) for statement in report.remedies[0].statements]
    assert bedrock_guard(*CHECK, "--sandbox", "--policy-file", written(tmp_path, *statements)).code == 0


@pytest.mark.parametrize(("option", "code"), [("--boundary-file", "BG202"), ("--scp-file", "BG203")])
def test_boundary_and_scp_files_cap_the_role(bedrock_guard: Commands, tmp_path: Path, option: str, code: str) -> None:
    own = "iam:*"
    lock = written(tmp_path, {**ALLOW_ALL, "Action": ["bedrock:*", own]}, REGION_LOCK, name="lock.json")
    ended = bedrock_guard(*CHECK, "--sandbox", "--policy-file", written(tmp_path, ALLOW), option, lock)
    report = Report.from_dict(json.loads(ended.out))
    assert ended.code == 1
    assert [(f.code, f.requirement.resource) for f in report.denied] == [(code, model_arn("us-west-2"))]


def test_an_scp_without_an_allow_leaves_full_access_beside_it(bedrock_guard: Commands, tmp_path: Path) -> None:
    """AWS attaches FullAWSAccess everywhere; a Deny alone is how most organizations write theirs."""
    lock = written(tmp_path, REGION_LOCK, name="lock.json")
    ended = bedrock_guard(*CHECK, "--sandbox", "--policy-file", written(tmp_path, ALLOW), "--scp-file", lock)
    assert len(Report.from_dict(json.loads(ended.out)).denied) == 1


def test_the_sandbox_and_the_offline_evaluator_decide_alike(bedrock_guard: Commands, tmp_path: Path) -> None:
    files = ("--policy-file", written(tmp_path, ALLOW), "--scp-file", written(tmp_path, REGION_LOCK, name="scp.json"))
    on_the_wire = Report.from_dict(json.loads(bedrock_guard(*CHECK, "--sandbox", *files).out))
    offline = Report.from_dict(json.loads(bedrock_guard(*CHECK, "--region", "us-east-1", *files).out))
    assert [(f.requirement, f.decision) for f in offline.findings] == [
        (f.requirement, f.decision) for f in on_the_wire.findings
    ]


def test_files_of_the_same_name_both_count(bedrock_guard: Commands, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    deny = {**ALLOW, "Effect": "Deny"}
    files = (
        written(tmp_path / "a", deny, name="bedrock-guard.json"),
        written(tmp_path, ALLOW, name="bedrock-guard.json"),
    )
    ended = bedrock_guard(*CHECK, "--sandbox", "--policy-file", files[0], "--policy-file", files[1])
    report = Report.from_dict(json.loads(ended.out))
    assert {finding.code for finding in report.findings} == {"BG201"}


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox() as running:
        yield running


def test_a_running_endpoint_is_asked_as_the_caller(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `--endpoint-url` names is called for STS and for IAM."""
    own = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}
    arn = aws.role("app", path="/svc/", policies=[policy(ALLOW, own)])
    for name, value in aws.environment("app").items():
        if name != "AWS_ENDPOINT_URL":
            monkeypatch.setenv(name, value)
    ended = bedrock_guard(*CHECK, "--endpoint-url", aws.endpoint_url)
    report = Report.from_dict(json.loads(ended.out))
    assert ended.code == 0
    assert report.principal is not None
    assert report.principal.policy_source_arn == arn
    assert {call.name for call in aws.calls} >= {"sts:GetCallerIdentity", "iam:SimulatePrincipalPolicy"}


def test_a_principal_can_be_asked_about_before_anybody_has_assumed_it(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = aws.role("later", policies=[policy(ALLOW)])
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    assert bedrock_guard(*CHECK, "--principal-arn", arn).code == 0
    aws.role("later")
    assert bedrock_guard(*CHECK, "--principal-arn", arn).code == 1
