"""Resources of the control plane that are kept as they were created: prompts, aliases, jobs, flows, memories."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_guard.testing import Sandbox
from tests.testing.documents import allow

_ACCOUNT = "123456789012"
_TEXT: Any = {"name": "v", "templateType": "TEXT", "templateConfiguration": {"text": {"text": "Say hello"}}}


def test_prompt_from_making_to_calling(aws: Sandbox) -> None:
    """A prompt can be made, read, listed, changed, called and deleted."""
    client = aws.session().client("bedrock-agent")
    made = client.create_prompt(name="hello", variants=[{**_TEXT, "modelId": "amazon.nova-lite-v1:0"}])
    assert made["arn"] == f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:prompt/{made['id']}"
    assert client.get_prompt(promptIdentifier=made["arn"])["variants"][0]["modelId"] == "amazon.nova-lite-v1:0"
    assert [prompt["id"] for prompt in client.list_prompts()["promptSummaries"]] == [made["id"]]
    assert client.update_prompt(promptIdentifier=made["id"], name="hallo")["name"] == "hallo"
    aws.session().client("bedrock-runtime").converse(modelId=f"{made['arn']}:1")
    call = aws.calls.of("Converse")[0]
    assert call.actions == ("bedrock:RenderPrompt", "bedrock:InvokeModel")
    assert call.resources[1] == "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
    client.delete_prompt(promptIdentifier=made["id"])
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_prompt(promptIdentifier=made["id"])


def test_alias_belongs_to_its_agent(aws: Sandbox) -> None:
    """What belongs to another resource is listed with it alone, and its ARN has both ids."""
    client = aws.session().client("bedrock-agent")
    agent = client.create_agent(agentName="support")["agent"]["agentId"]
    alias = client.create_agent_alias(agentId=agent, agentAliasName="prod")["agentAlias"]
    assert alias["agentAliasArn"].endswith(f":agent-alias/{agent}/{alias['agentAliasId']}")
    assert alias["agentAliasStatus"] == "PREPARED"
    assert len(client.list_agent_aliases(agentId=agent)["agentAliasSummaries"]) == 1
    assert client.list_agent_aliases(agentId="OTHER")["agentAliasSummaries"] == []


def test_job(aws: Sandbox) -> None:
    """A batch job passes its role and is found by its ARN, completed."""
    role = aws.role("batch")
    aws.role("app", policies=[allow("bedrock:*"), allow("iam:PassRole", resource=role)])
    client = aws.session("app").client("bedrock")
    job = client.create_model_invocation_job(
        jobName="j",
        roleArn=role,
        modelId="amazon.nova-lite-v1:0",
        inputDataConfig={"s3InputDataConfig": {"s3Uri": "s3://bucket/in"}},
        outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://bucket/out"}},
    )
    assert set(aws.calls[-1].actions) == {"bedrock:CreateModelInvocationJob", "iam:PassRole"}
    found = client.get_model_invocation_job(jobIdentifier=job["jobArn"])
    assert (found["jobName"], found["status"]) == ("j", "Completed")
    assert len(client.list_model_invocation_jobs()["invocationJobSummaries"]) == 1


def test_agentcore(aws: Sandbox) -> None:
    """AgentCore's control plane is kept the same way, in its own namespace."""
    client = aws.session().client("bedrock-agentcore-control")
    made = client.create_memory(name="notes", eventExpiryDuration=30)["memory"]
    assert made["arn"] == f"arn:aws:bedrock-agentcore:us-east-1:{_ACCOUNT}:memory/{made['id']}"
    assert client.get_memory(memoryId=made["id"])["memory"]["name"] == "notes"
    assert aws.calls[-1].resources == (made["arn"],)


def test_permission_comes_first(aws: Sandbox) -> None:
    """Who may not read does not learn whether there is anything."""
    aws.role("app")
    client = aws.session("app").client("bedrock-agent")
    with pytest.raises(ClientError, match="bedrock:GetPrompt on resource"):
        client.get_prompt(promptIdentifier="PROMPT1234")
