"""Automated reasoning policies."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import operations, permission_only

__all__ = ["ENTRIES"]

_VERSIONED = ("automated-reasoning-policy", "automated-reasoning-policy-version")

ENTRIES = (
    Capability(
        "automated-reasoning.invoke",
        "Check answers against an automated reasoning policy within a guardrail.",
        actions=permission_only("bedrock", "InvokeAutomatedReasoningPolicy"),
        includes=("guardrails.apply",),
        kinds=(("bedrock:InvokeAutomatedReasoningPolicy", _VERSIONED),),
    ),
    Capability(
        "automated-reasoning.manage",
        "Create, read, change, version, export and delete automated reasoning policies.",
        operations(
            "bedrock",
            "CreateAutomatedReasoningPolicy",
            "CreateAutomatedReasoningPolicyVersion",
            "DeleteAutomatedReasoningPolicy",
            "ExportAutomatedReasoningPolicyVersion",
            "GetAutomatedReasoningPolicy",
            "ListAutomatedReasoningPolicies",
            "UpdateAutomatedReasoningPolicy",
        ),
        kinds=(
            ("bedrock:DeleteAutomatedReasoningPolicy", _VERSIONED),
            ("bedrock:GetAutomatedReasoningPolicy", _VERSIONED),
        ),
    ),
    Capability(
        "automated-reasoning.build",
        "Build the rules of an automated reasoning policy from documents, and annotate them.",
        operations(
            "bedrock",
            "StartAutomatedReasoningPolicyBuildWorkflow",
            "GetAutomatedReasoningPolicyBuildWorkflow",
            "GetAutomatedReasoningPolicyBuildWorkflowResultAssets",
            "ListAutomatedReasoningPolicyBuildWorkflows",
            "CancelAutomatedReasoningPolicyBuildWorkflow",
            "DeleteAutomatedReasoningPolicyBuildWorkflow",
            "GetAutomatedReasoningPolicyAnnotations",
            "UpdateAutomatedReasoningPolicyAnnotations",
        ),
    ),
    Capability(
        "automated-reasoning.test",
        "Write tests of an automated reasoning policy, run them and read their results.",
        operations(
            "bedrock",
            "CreateAutomatedReasoningPolicyTestCase",
            "DeleteAutomatedReasoningPolicyTestCase",
            "GetAutomatedReasoningPolicyNextScenario",
            "GetAutomatedReasoningPolicyTestCase",
            "GetAutomatedReasoningPolicyTestResult",
            "ListAutomatedReasoningPolicyTestCases",
            "ListAutomatedReasoningPolicyTestResults",
            "StartAutomatedReasoningPolicyTestWorkflow",
            "UpdateAutomatedReasoningPolicyTestCase",
        ),
    ),
)
