"""Trust policies for the tests: a right one for every kind of role, and ways to spoil it."""

from __future__ import annotations

import copy
import json
from typing import Any

from bedrock_guard.bedrock.service_roles import KINDS, RoleDetails, service_role_requirements
from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.report import Requirement

ACCOUNT = "123456789012"
REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/svc/the-role"
HOST = f"oidc.eks.{REGION}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
SUBJECT = "system:serviceaccount:prod:app"

# Written out and not taken from the table, which is what they test.
SOURCES = {
    "agent": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:agent/*",
    "knowledge-base": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:knowledge-base/*",
    "batch-inference": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:model-invocation-job/*",
    "model-customization": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:model-customization-job/*",
    "model-import": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:model-import-job/*",
    "custom-model": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:*",
    "evaluation": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:evaluation-job/*",
    "flow": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:flow/*",
    "invocation-logging": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:*",
    "agentcore-runtime": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "agentcore-gateway": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "agentcore-memory": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "agentcore-browser": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "agentcore-code-interpreter": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "agentcore-harness": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "agentcore-evaluation": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "agentcore": f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:*",
    "ecs-task": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*",
    "eks-pod-identity": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/*",
}
OF_ONE_RESOURCE_KIND = [kind for kind, source in SOURCES.items() if source.endswith("/*")]
SERVICES = {
    **dict.fromkeys(list(SOURCES)[:9], "bedrock.amazonaws.com"),
    **dict.fromkeys([kind for kind in SOURCES if kind.startswith("agentcore")], "bedrock-agentcore.amazonaws.com"),
    "ecs-task": "ecs-tasks.amazonaws.com",
    "eks-pod-identity": "pods.eks.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "ec2": "ec2.amazonaws.com",
}
EVERY_KIND = list(KINDS)


def statement(kind: str) -> dict[str, Any]:
    """The statement that AWS's guides advise for a kind of role."""
    if kind == "eks-irsa":
        return {
            "Effect": "Allow",
            "Principal": {"Federated": PROVIDER},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{HOST}:sub": SUBJECT, f"{HOST}:aud": "sts.amazonaws.com"}},
        }
    made: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICES[kind]},
        "Action": ["sts:AssumeRole", "sts:TagSession"] if kind == "eks-pod-identity" else "sts:AssumeRole",
    }
    if kind in SOURCES:
        made["Condition"] = {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": SOURCES[kind]},
        }
    return made


def spoilt(kind: str, **changes: Any) -> dict[str, Any]:
    """The right statement with members replaced; None takes one away."""
    made = {**copy.deepcopy(statement(kind)), **changes}
    return {member: value for member, value in made.items() if value is not None}


def conditions(account: str = ACCOUNT, source: str = "") -> dict[str, Any]:
    """The two conditions against the confused deputy."""
    return {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source}}


def trust(*statements: dict[str, Any]) -> Policy:
    """A trust policy of these statements."""
    return parse_policy(document(*statements), name="trust policy of the-role", kind=PolicyKind.TRUST)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def asked(kind: str, details: RoleDetails | None = None, **where: str) -> list[Requirement]:
    """What has to be let in."""
    if kind == "eks-irsa" and details is None:
        details = RoleDetails(provider=PROVIDER, namespace="prod", service_account="app")
    place: dict[str, Any] = {"partition": "aws", "region": REGION, "account": ACCOUNT, **where}
    return [one for one in service_role_requirements(kind, ROLE, details=details, **place) if is_trust(one)]
