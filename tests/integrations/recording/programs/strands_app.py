"""A small app on strands-agents: two agents with tools, on models of two kinds, one streaming and one not."""

from __future__ import annotations

from strands import Agent, tool
from strands.models import BedrockModel


@tool  # type: ignore[untyped-decorator, unused-ignore]  # strands-agents may not be installed
def letters(word: str) -> int:
    """Counts the letters of a word."""
    return len(word)


streaming = BedrockModel(model_id="us.anthropic.claude-sonnet-4-5-20250929-v1:0", region_name="us-east-1")
whole = BedrockModel(model_id="amazon.nova-lite-v1:0", region_name="us-east-1", streaming=False)
for model in (streaming, whole):
    print(Agent(model=model, tools=[letters], callback_handler=None)("How many letters has hello?"))  # noqa: T201
