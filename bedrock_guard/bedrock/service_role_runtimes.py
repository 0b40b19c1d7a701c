"""The roles that apps run under: nothing is passed at run time, and their permissions are the app's own."""

from __future__ import annotations

from bedrock_guard.bedrock.service_role_agentcore import trusts_agentcore
from bedrock_guard.bedrock.service_role_kinds import RoleKind, Trust

__all__ = ["RUNTIME_KINDS"]

_STANDARD = "IAM User Guide, roles for AWS services (standard principal)"
_SILENT = "; that it sends aws:SourceArn or aws:SourceAccount is not documented"

RUNTIME_KINDS = (
    RoleKind(
        "lambda",
        "An app in a Lambda function",
        Trust(
            "lambda.amazonaws.com",
            "",
            "Lambda Developer Guide, lambda-intro-execution-role (read 2026-11-24)" + _SILENT,
            sends_account=False,
            guarded=False,
        ),
    ),
    RoleKind(
        "ecs-task",
        "An app in an ECS or Fargate task: the task role, not the task execution role",
        Trust(
            "ecs-tasks.amazonaws.com",
            "arn:{partition}:ecs:{region}:{account}:*",
            "ECS Developer Guide, task-iam-roles: its trust policy names both keys (assumed, not read again)",
        ),
    ),
    RoleKind(
        "ec2",
        "An app on an EC2 instance",
        Trust("ec2.amazonaws.com", "", _STANDARD + _SILENT, sends_account=False, guarded=False),
    ),
    RoleKind(
        "eks-irsa",
        "An app in an EKS pod, by IAM roles for service accounts",
        Trust(
            "arn:{partition}:iam::{account}:oidc-provider/oidc.eks.{region}.amazonaws.com/id/*",
            "",
            "EKS User Guide, associate-service-account-role (assumed, not read again)",
            actions=("sts:AssumeRoleWithWebIdentity",),
            sends_account=False,
        ),
    ),
    RoleKind(
        "eks-pod-identity",
        "An app in an EKS pod, by Pod Identity",
        Trust(
            "pods.eks.amazonaws.com",
            "arn:{partition}:eks:{region}:{account}:cluster/*",
            "EKS User Guide, pod-id-role (read 2026-11-24); its aws:SourceArn is assumed to be the cluster",
            actions=("sts:AssumeRole", "sts:TagSession"),
            guarded=False,
        ),
    ),
    RoleKind(
        "agentcore",
        "An app in an AgentCore runtime",
        trusts_agentcore("AgentCore Developer Guide, runtime-permissions (read 2026-11-24)"),
    ),
)
"""In the order in which they are listed."""
