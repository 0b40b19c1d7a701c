"""A role that a request hands over is checked like one that was named: it exists, it trusts, it may do the work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bedrock_guard import Decision, Guard, PolicyDocuments
from bedrock_guard.report import Report
from bedrock_guard.testing import Sandbox, sandbox
from tests.aws.statements import allow, document
from tests.bedrock.trusts import statement

ACCOUNT = "123456789012"
OTHER = "210987654321"
EC2 = f"arn:aws:ec2:us-east-1:{ACCOUNT}:"
JOB = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:model-customization-job/*"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/jobs"
NOVA = "amazon.nova-lite-v1:0"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.reset()
    running.faults.clear()
    return running


CALLER = document(allow(["bedrock:*", "iam:PassRole", "iam:SimulatePrincipalPolicy", "iam:Get*", "iam:List*"]))


def checked(
    aws: Sandbox, *requests: tuple[str, dict[str, Any]], caller: Mapping[str, Any] = CALLER, **more: Any
) -> Report:
    aws.role("app", policies=[caller])
    guard = Guard(requests=requests, session=aws.session("app"), region="us-east-1", check_model_access=False, **more)
    return guard.check()


# -- a job in a VPC -------------------------------------------------------------------------------------------------

IN_S3 = allow(["s3:GetObject", "s3:PutObject", "s3:ListBucket"], ["arn:aws:s3:::tuning", "arn:aws:s3:::tuning/*"])
IN_VPC = (
    allow(
        [f"ec2:Describe{what}" for what in ("NetworkInterfaces", "Vpcs", "DhcpOptions", "Subnets", "SecurityGroups")]
    ),
    allow(
        ["ec2:CreateNetworkInterface"],
        [f"{EC2}network-interface/*"],
        Condition={
            "StringEquals": {"aws:RequestTag/BedrockManaged": ["true"]},
            "ArnEquals": {"aws:RequestTag/BedrockModelCustomizationJobArn": [JOB]},
        },
    ),
    allow(
        ["ec2:CreateNetworkInterface"],
        [f"{EC2}subnet/subnet-1", f"{EC2}subnet/subnet-2", f"{EC2}security-group/sg-1"],
    ),
    allow(
        ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"],
        Condition={
            "ArnEquals": {
                "ec2:Subnet": [f"{EC2}subnet/subnet-1", f"{EC2}subnet/subnet-2"],
                "ec2:ResourceTag/BedrockModelCustomizationJobArn": [JOB],
            },
            "StringEquals": {"ec2:ResourceTag/BedrockManaged": "true"},
        },
    ),
    allow(
        ["ec2:CreateTags"],
        f"{EC2}network-interface/*",
        Condition={
            "StringEquals": {"ec2:CreateAction": ["CreateNetworkInterface"]},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["BedrockManaged", "BedrockModelCustomizationJobArn"]},
        },
    ),
)
"""The policy of AWS's page vpc-model-customization (read 2026-11-24)."""


def tuning(*subnets: str) -> tuple[str, dict[str, Any]]:
    return (
        "create_model_customization_job",
        {
            "jobName": "j",
            "customModelName": "m",
            "roleArn": ROLE,
            "baseModelIdentifier": NOVA,
            "trainingDataConfig": {"s3Uri": "s3://tuning/in/t.jsonl"},
            "outputDataConfig": {"s3Uri": "s3://tuning/out/"},
            "hyperParameters": {"epochCount": "1"},
            "vpcConfig": {"subnetIds": list(subnets), "securityGroupIds": ["sg-1"]},
        },
    )


def of_the_role(report: Report, decision: Decision) -> set[tuple[str, str]]:
    return {
        (one.requirement.action, one.requirement.resource)
        for one in report.findings
        if one.requirement.principal == ROLE and one.decision is decision
    }


def test_awss_own_policy_is_enough_for_a_job_in_a_vpc(aws: Sandbox) -> None:
    aws.role("jobs", policies=[document(IN_S3, *IN_VPC)], trust=document(statement("model-customization")))
    report = checked(aws, tuning("subnet-1", "subnet-2"), service_roles={"model-customization": ROLE})
    assert not report.denied, str(report)
    assert not report.unverified, str(report)
    assert ("ec2:CreateTags", f"{EC2}network-interface/*") in of_the_role(report, Decision.ALLOWED)


@pytest.mark.parametrize("left", range(len(IN_VPC)))
def test_every_statement_of_it_is_needed(aws: Sandbox, left: int) -> None:
    rest = [one for position, one in enumerate(IN_VPC) if position != left]
    aws.role("jobs", policies=[document(IN_S3, *rest)], trust=document(statement("model-customization")))
    report = checked(aws, tuning("subnet-1"), service_roles={"model-customization": ROLE})
    denied = of_the_role(report, Decision.IMPLICIT_DENY)
    assert {action for action, _ in denied} == set(IN_VPC[left]["Action"])
    assert len(denied) == (2 if left == 2 else len(IN_VPC[left]["Action"]))


def test_a_subnet_that_the_policy_leaves_out_is_missed(aws: Sandbox) -> None:
    aws.role("jobs", policies=[document(IN_S3, *IN_VPC)], trust=document(statement("model-customization")))
    report = checked(aws, tuning("subnet-1", "subnet-3"), service_roles={"model-customization": ROLE})
    assert of_the_role(report, Decision.IMPLICIT_DENY) == {
        ("ec2:CreateNetworkInterface", f"{EC2}subnet/subnet-3"),
        *(
            (f"ec2:{action}", f"{EC2}network-interface/*")
            for action in (
                "CreateNetworkInterfacePermission",
                "DeleteNetworkInterface",
                "DeleteNetworkInterfacePermission",
            )
        ),
    }


# -- a role that nobody named ----------------------------------------------------------------------------------------

AGENTS = f"arn:aws:iam::{ACCOUNT}:role/agents"
MODEL = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"


def creating(role: str = AGENTS, **more: Any) -> tuple[str, dict[str, Any]]:
    return "create_agent", {"agentName": "a", "agentResourceRoleArn": role, "foundationModel": NOVA, **more}


def decided(report: Report) -> dict[tuple[str, str], tuple[Decision, str | None]]:
    """Action and resource of everything that is not the call itself, to decision and code."""
    return {
        (one.requirement.action, one.requirement.resource): (one.decision, one.code)
        for one in report.findings
        if not one.requirement.action.startswith("bedrock:Create")
    }


def test_a_role_that_is_right_is_found_right(aws: Sandbox) -> None:
    aws.role("agents", policies=[document(allow("bedrock:InvokeModel", MODEL))], trust=document(statement("agent")))
    report = checked(aws, creating())
    assert decided(report) == {
        ("iam:PassRole", AGENTS): (Decision.ALLOWED, None),
        ("sts:AssumeRole", AGENTS): (Decision.ALLOWED, None),
        ("bedrock:InvokeModel", MODEL): (Decision.ALLOWED, None),
    }


def test_a_role_that_does_not_exist_is_denied(aws: Sandbox) -> None:
    report = checked(aws, creating())
    assert decided(report)["sts:AssumeRole", AGENTS] == (Decision.IMPLICIT_DENY, "BG538")


def test_a_role_that_trusts_another_service_is_denied(aws: Sandbox) -> None:
    aws.role("agents", policies=[document(allow("*"))], trust=document(statement("lambda")))
    assert decided(checked(aws, creating()))["sts:AssumeRole", AGENTS] == (Decision.IMPLICIT_DENY, "BG208")


def test_what_the_role_itself_lacks_for_this_request_is_missed(aws: Sandbox) -> None:
    """The model and the guardrail are the request's."""
    aws.role("agents", policies=[document(allow("bedrock:InvokeModel", MODEL))], trust=document(statement("agent")))
    guarded = creating(guardrailConfiguration={"guardrailIdentifier": "gr1234567890", "guardrailVersion": "1"})
    missing = {(one.requirement.action, one.requirement.principal) for one in checked(aws, guarded).denied}
    assert missing == {("bedrock:ApplyGuardrail", AGENTS)}


@pytest.mark.parametrize(
    "grants", [["iam:PassRole", "iam:Get*", "iam:List*"], ["iam:PassRole"], ["iam:Get*", "iam:List*"]]
)
def test_a_role_of_another_account_is_denied_for_certain_and_nobody_is_asked_about_it(
    aws: Sandbox, grants: list[str]
) -> None:
    """Whatever the caller's own policies say and is known of them; no Allow is advised."""
    foreign = f"arn:aws:iam::{OTHER}:role/agents"
    caller = document(allow(["bedrock:*", "iam:SimulatePrincipalPolicy", *grants]))
    report = checked(aws, creating(foreign), caller=caller)
    assert decided(report) == {
        ("iam:PassRole", foreign): (Decision.IMPLICIT_DENY, "BG538"),
        ("sts:AssumeRole", foreign): (Decision.IMPLICIT_DENY, "BG538"),
    }
    assert not [call for call in aws.calls if foreign in call.resources]
    assert not any("iam:PassRole" in str(remedy.statements) for remedy in report.remedies)


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/app", (Decision.IMPLICIT_DENY, "BG538")),
        (f"arn:aws:iam::{OTHER}:role/app", (Decision.ALLOWED, "BG413")),
        (None, (Decision.UNVERIFIED, "BG415")),
    ],
)
def test_given_policies_deny_it_where_it_is_known_whose_they_will_be(
    principal: str | None, expected: tuple[Decision, str]
) -> None:
    foreign = f"arn:aws:iam::{OTHER}:role/agents"
    policies = PolicyDocuments({"app": CALLER})
    report = Guard(requests=[creating(foreign)], policies=policies, principal_arn=principal, region="us-east-1").check()
    assert decided(report) == {("iam:PassRole", foreign): expected}


def test_policies_that_are_given_say_nothing_about_the_role_and_a_note_says_so() -> None:
    report = Guard(requests=[creating()], policies=PolicyDocuments({"app": CALLER}), region="us-east-1").check()
    (note,) = [one for one in report.notes if one.code == "BG540"]
    assert note.text.startswith(f"{AGENTS}, which CreateAgent hands over, was not checked itself")
    assert {one.requirement.principal for one in report.findings} == {""}


def test_a_role_whose_kind_is_not_documented_is_noted(aws: Sandbox) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/payments"
    call = {"name": "p", "roleArn": role, "authorizerType": "AWS_IAM"}
    report = checked(aws, ("create_payment_manager", call))
    (note,) = [one for one in report.notes if one.code == "BG540"]
    assert role in note.text
    assert "CreatePaymentManager" in note.text


def test_who_may_not_read_the_role_is_told_so_and_nothing_is_denied(aws: Sandbox) -> None:
    aws.role("agents", policies=[document(allow("bedrock:InvokeModel", MODEL))], trust=document(statement("agent")))
    caller = document(allow(["bedrock:*", "iam:PassRole", "iam:SimulatePrincipalPolicy"]))
    found = decided(checked(aws, creating(), caller=caller))
    assert found["sts:AssumeRole", AGENTS] == (Decision.UNVERIFIED, "BG401")
    assert {decision for decision, _ in found.values()} <= {Decision.ALLOWED, Decision.UNVERIFIED}


def test_a_role_that_was_named_too_is_asked_about_once_with_what_was_said_of_it(aws: Sandbox) -> None:
    aws.role("agents", policies=[document(allow("bedrock:InvokeModel", MODEL))], trust=document(statement("agent")))
    counts = []
    for requests in ((), (creating(),)):
        aws.calls.clear()
        named = [f"agent={AGENTS},model={NOVA},bucket=schemas/a.json"]
        found = decided(checked(aws, *requests, service_roles=named))
        assert found["s3:GetObject", "arn:aws:s3:::schemas/a.json"] == (Decision.IMPLICIT_DENY, "BG101")
        assert found["bedrock:InvokeModel", MODEL] == (Decision.ALLOWED, None)
        counts.append(len([call for call in aws.calls if AGENTS in call.resources]))
    assert counts[0] == counts[1]


def test_a_right_role_costs_four_calls_and_no_reading_of_its_policies(aws: Sandbox) -> None:
    aws.role("agents", policies=[document(allow("bedrock:InvokeModel", MODEL))], trust=document(statement("agent")))
    checked(aws, creating())
    asked = [call.operation for call in aws.calls if AGENTS in call.resources]
    assert sorted(asked) == ["GetContextKeysForPrincipalPolicy", "GetRole", "GetRole", "SimulatePrincipalPolicy"]
