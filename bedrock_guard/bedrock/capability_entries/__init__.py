"""The capabilities as data, one file an area, and the actions that belong to none."""

from __future__ import annotations

from bedrock_guard.bedrock.capability_entries.account import ENTRIES as _ACCOUNT
from bedrock_guard.bedrock.capability_entries.agentcore_data import ENTRIES as _AGENTCORE_DATA
from bedrock_guard.bedrock.capability_entries.agentcore_hosting import ENTRIES as _AGENTCORE_HOSTING
from bedrock_guard.bedrock.capability_entries.agentcore_identity import ENTRIES as _AGENTCORE_IDENTITY
from bedrock_guard.bedrock.capability_entries.agentcore_tools import ENTRIES as _AGENTCORE_TOOLS
from bedrock_guard.bedrock.capability_entries.agents import ENTRIES as _AGENTS
from bedrock_guard.bedrock.capability_entries.automated_reasoning import ENTRIES as _AUTOMATED_REASONING
from bedrock_guard.bedrock.capability_entries.belongs_to_none import BELONGS_TO_NONE
from bedrock_guard.bedrock.capability_entries.customization import ENTRIES as _CUSTOMIZATION
from bedrock_guard.bedrock.capability_entries.data_automation import ENTRIES as _DATA_AUTOMATION
from bedrock_guard.bedrock.capability_entries.flows_and_prompts import ENTRIES as _FLOWS_AND_PROMPTS
from bedrock_guard.bedrock.capability_entries.guardrails import ENTRIES as _GUARDRAILS
from bedrock_guard.bedrock.capability_entries.inference import ENTRIES as _INFERENCE
from bedrock_guard.bedrock.capability_entries.jobs import ENTRIES as _JOBS
from bedrock_guard.bedrock.capability_entries.knowledge_bases import ENTRIES as _KNOWLEDGE_BASES
from bedrock_guard.bedrock.capability_entries.mantle import ENTRIES as _MANTLE
from bedrock_guard.bedrock.capability_entries.model_access import ENTRIES as _MODEL_ACCESS
from bedrock_guard.bedrock.capability_entries.vector_stores import ENTRIES as _VECTOR_STORES

__all__ = ["BELONGS_TO_NONE", "ENTRIES"]

ENTRIES = (
    *_ACCOUNT,
    *_AGENTCORE_DATA,
    *_AGENTCORE_HOSTING,
    *_AGENTCORE_IDENTITY,
    *_AGENTCORE_TOOLS,
    *_AGENTS,
    *_AUTOMATED_REASONING,
    *_CUSTOMIZATION,
    *_DATA_AUTOMATION,
    *_FLOWS_AND_PROMPTS,
    *_GUARDRAILS,
    *_INFERENCE,
    *_JOBS,
    *_KNOWLEDGE_BASES,
    *_MANTLE,
    *_MODEL_ACCESS,
    *_VECTOR_STORES,
)
