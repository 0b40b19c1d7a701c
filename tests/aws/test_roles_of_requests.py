"""A role that a request hands over is checked like one that was named: it exists, it trusts, it may do the work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from bedrock_guard import Decision, Guard
from bedrock_guard.report import Report
from bedrock_guard.testing import Sandbox, sandbox
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


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions: str | Sequence[str], resources: str | Sequence[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


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
