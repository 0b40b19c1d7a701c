"""The caller, a service role and whoever assumes it are each asked about their own, in one report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bedrock_guard import ConfigurationError, Decision, Guard, Layer, MissingPermissionsError, PolicyDocuments
from bedrock_guard.report import Finding, Report
from bedrock_guard.testing import Sandbox, sandbox

ROLE = "arn:aws:iam::123456789012:role/service/kb"
EMBED = "amazon.titan-embed-text-v2:0"
EMBED_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{EMBED}"
READS = ("iam:SimulatePrincipalPolicy", "iam:Get*", "iam:List*")
TRUST: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "bedrock.amazonaws.com"},
    "Action": "sts:AssumeRole",
    "Condition": {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/*"},
    },
}
PASS = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": ROLE}
OWN = [
    {"Effect": "Allow", "Action": ["bedrock:InvokeModel"], "Resource": EMBED_ARN},
    {"Effect": "Allow", "Action": ["bedrock:ListFoundationModels", "bedrock:ListCustomModels"], "Resource": "*"},
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::docs", "arn:aws:s3:::docs/*"],
    },
]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.reset()
    running.faults.clear()
    return running


def document(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def checked(aws: Sandbox, *, passes: bool = True, trust: Any = TRUST, own: Any = OWN) -> Report:
    allowed = [{"Effect": "Allow", "Action": list(READS), "Resource": "*"}, *([PASS] if passes else [])]
    aws.role("app", policies=[document(*allowed)])
    aws.role("kb", path="/service/", policies=[document(*own)], trust=document(trust))
    guard = Guard(
        service_roles=[f"knowledge-base={ROLE},model={EMBED},bucket=docs"],
        session=aws.session("app"),
        region="us-east-1",
    )
    return guard.check()


def denied(report: Report) -> set[tuple[str, str, str]]:
    return {(f.requirement.action, f.requirement.resource, f.requirement.principal) for f in report.denied}


def test_a_service_role_that_is_right_in_all_three_is_found_right(aws: Sandbox) -> None:
    report = checked(aws)
    assert (report.denied, report.unverified) == ((), ()), str(report)
    assert {f.requirement.principal for f in report.findings} == {"", ROLE, "bedrock.amazonaws.com"}


def test_a_missing_pass_is_the_callers(aws: Sandbox) -> None:
    report = checked(aws, passes=False)
    assert denied(report) == {("iam:PassRole", ROLE, "")}
    assert "a policy of the role app" in report.remedies[0].text


def test_a_role_that_trusts_another_service_is_a_denial_by_the_trust_with_the_text_to_paste(aws: Sandbox) -> None:
    report = checked(aws, trust={**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}})
    assert denied(report) == {("sts:AssumeRole", ROLE, "bedrock.amazonaws.com")}
    (finding,) = report.denied
    assert (finding.layer, finding.code) == (Layer.TRUST, "BG208")
    (remedy,) = report.remedies
    assert "trust policy" in remedy.text
    again = checked_with(aws, remedy.statements)
    assert again.denied == (), "the remedy, pasted, lets the service in"


def checked_with(aws: Sandbox, statements: Any) -> Report:
    aws.reset()
    return checked(aws, trust=dict(statements[0]))


@pytest.mark.parametrize("left", [0, 2])
def test_what_the_role_itself_lacks_is_named_with_the_role(aws: Sandbox, left: int) -> None:
    report = checked(aws, own=[one for index, one in enumerate(OWN) if index != left])
    assert report.denied
    actions = OWN[left]["Action"]
    assert {(f.requirement.action, f.requirement.principal) for f in report.denied} <= {(a, ROLE) for a in actions}
    assert "role kb" in report.remedies[0].text
    assert f"as   {ROLE}" in str(report)
    assert f"and {ROLE} in us-east-1" in str(report).splitlines()[0]


def test_a_role_that_is_not_there_is_named(aws: Sandbox) -> None:
    aws.role("app", policies=[document({"Effect": "Allow", "Action": list(READS), "Resource": "*"}, PASS)])
    guard = Guard(service_roles={"knowledge-base": ROLE}, session=aws.session("app"), region="us-east-1")
    with pytest.raises(MissingPermissionsError) as caught:
        guard.verify()
    trust = [f for f in caught.value.report.denied if f.requirement.action == "sts:AssumeRole"]
    assert [f.layer for f in trust] == [Layer.TRUST]
    own = [f for f in caught.value.report.findings if f.requirement.principal == ROLE]
    assert own
    assert all(f.decision is Decision.UNVERIFIED for f in own), "nothing can be said of what it holds"


def test_roles_that_may_not_be_read_are_unverified_and_the_callers_own_answer_stands(aws: Sandbox) -> None:
    aws.role("app", policies=[document({"Effect": "Allow", "Action": READS[0], "Resource": "*"}, PASS)])
    aws.role("kb", path="/service/", policies=[document(*OWN)], trust=document(TRUST))
    report = Guard(service_roles={"knowledge-base": ROLE}, session=aws.session("app"), region="us-east-1").check()
    by_action: dict[str, Finding] = {f.requirement.action: f for f in report.findings}
    assert by_action["sts:AssumeRole"].decision is Decision.UNVERIFIED
    assert by_action["iam:PassRole"].decision is not Decision.IMPLICIT_DENY


def test_service_roles_are_asked_of_iam_and_not_of_files() -> None:
    with pytest.raises(ConfigurationError, match="service_roles"):
        Guard(
            service_roles={"knowledge-base": ROLE}, policies=PolicyDocuments({"a": document(PASS)}), region="us-east-1"
        )


def test_a_guard_says_what_one_call_needs_and_forgets_it_again(aws: Sandbox) -> None:
    aws.role("app", policies=[document(PASS)])
    guard = Guard(actions=["bedrock:ListAgents"], session=aws.session("app"), region="us-east-1")
    found = guard.requirements_for(
        "bedrock-agent:CreateAgent", agentName="helper", agentResourceRoleArn="arn:aws:iam::123456789012:role/agents"
    )
    assert {(one.action, one.resource) for one in found if not one.advisory} == {
        ("bedrock:CreateAgent", "*"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/agents"),
    }
    assert [one.action for one in guard.requirements] == ["bedrock:ListAgents"]
    with pytest.raises(ConfigurationError, match="did you mean agentName"):
        guard.requirements_for("create_agent", agentname="helper")
