"""One resource of each kind that a probe can be made on, and the call for it."""

from __future__ import annotations

import re

import botocore.session
import pytest

from bedrock_guard.bedrock.catalogue import find_action
from bedrock_guard.bedrock.probes import Probe, probe_call, probes

ACCOUNT = "123456789012"
NOVA = "amazon.nova-lite-v1:0"
NOVA_PROFILE = f"us.{NOVA}"

IDS = {
    "AgentAliasId": "ALIAS12345",
    "AgentId": "AGENT12345",
    "AutomatedReasoningPolicyId": "abcdefghijkl",
    "BlueprintId": "abcdef123456",
    "BrowserId": "browser-abcdefghij",
    "CodeInterpreterId": "interpreter-abcdefghij",
    "EvaluatorId": "evaluator-abcdefghij",
    "FlowAliasId": "ALIAS12345",
    "FlowId": "FLOW123456",
    "GatewayId": "gateway-abcdefghij",
    "GuardrailId": "gr1234567890",
    "KnowledgeBaseId": "KB12345678",
    "MemoryId": "memory-abcdefghij",
    "PolicyEngineId": "engine-abcdefghij",
    "ProjectId": "abcdef123456",
    "PromptId": "PROMPT1234",
    "RegistryId": "Registry12345678",
    "RuntimeId": "runtime-abcdefghij",
}
RESOURCE_IDS = {
    "custom-model": f"{NOVA}/abcdef123456",
    "default-prompt-router": "anthropic.claude:1",
    "foundation-model": NOVA,
    "inference-profile": NOVA_PROFILE,
}


def samples(probe: Probe) -> list[str]:
    """A resource of each kind that the probe can be made on."""
    found = []
    for kind in find_action(probe.action).resource_kinds:
        if kind.name in probe.kinds:
            fields = {"Partition": "aws", "Region": "us-east-1", "Account": ACCOUNT, **IDS}
            own = RESOURCE_IDS.get(kind.name, "abcdef123456")
            form = kind.arn.split(", ")[0]
            for name in re.findall(r"\$\{(\w+)\}", form):
                form = form.replace("${" + name + "}", fields.get(name, own))
            found.append(form)
    return found or ["*"]


def unknown_to_botocore(probe: Probe) -> bool:
    """Whether the installed botocore is older than the operation."""
    model = botocore.session.Session().get_service_model(probe.service)
    return probe.operation not in model.operation_names


CALLS = [
    pytest.param(
        call,
        resource,
        marks=[pytest.mark.skipif(unknown_to_botocore(probe), reason="newer than the installed botocore")],
        id=f"{probe.action} on {resource.rpartition(':')[2].split('/')[0]}",
    )
    for probe in probes().values()
    for resource in samples(probe)
    if (call := probe_call(probe.action, resource)) is not None
]
