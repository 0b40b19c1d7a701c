"""AgentCore: hosting agents and tools - runtimes, harnesses, gateways, registries, and what they run on."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import (
    CORE,
    operations,
    pass_role,
    permission_only,
    uses,
)

__all__ = ["ENTRIES"]

_CONTROL = "bedrock-agentcore-control"
_DATA = "bedrock-agentcore"
_FOR_USER = "botocore model bedrock-agentcore, InvokeAgentRuntime: “permissions to both actions”"
_POLICY_VERBS = ("Get", "Put", "Delete")


def _policies_on(*kinds: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((f"bedrock-agentcore:{verb}ResourcePolicy", kinds) for verb in _POLICY_VERBS)


_RUNTIMES = (
    Capability(
        "agentcore-runtime.invoke",
        "Call an agent that is hosted in AgentCore Runtime.",
        operations(_DATA, "InvokeAgentRuntime"),
    ),
    Capability(
        "agentcore-runtime.invoke-for-user",
        "Call an agent that is hosted in AgentCore Runtime on behalf of a user who is named in the request.",
        actions=uses(_FOR_USER, "bedrock-agentcore:InvokeAgentRuntimeForUser"),
        includes=("agentcore-runtime.invoke",),
    ),
    Capability(
        "agentcore-runtime.converse",
        "Call an agent that is hosted in AgentCore Runtime over a web socket.",
        actions=permission_only(_DATA, "InvokeAgentRuntimeWithWebSocketStream"),
    ),
    Capability(
        "agentcore-runtime.converse-for-user",
        "Call an agent that is hosted in AgentCore Runtime over a web socket on behalf of a user.",
        actions=permission_only(_DATA, "InvokeAgentRuntimeWithWebSocketStreamForUser"),
        includes=("agentcore-runtime.converse",),
    ),
    Capability(
        "agentcore-runtime.run-commands",
        "Run commands in the session of an agent that is hosted in AgentCore Runtime.",
        operations(_DATA, "InvokeAgentRuntimeCommand"),
        permission_only(_DATA, "InvokeAgentRuntimeCommandShell"),
    ),
    Capability(
        "agentcore-runtime.stop-sessions",
        "Stop sessions of agents that are hosted in AgentCore Runtime.",
        operations(_DATA, "StopRuntimeSession"),
    ),
    Capability(
        "agentcore-runtime.read-card",
        "Read the A2A card of an agent that is hosted in AgentCore Runtime.",
        operations(_DATA, "GetAgentCard"),
        kinds=(("bedrock-agentcore:GetAgentCard", ("runtime",)),),
    ),
    Capability(
        "agentcore-runtime.read",
        "List and read agent runtimes, their versions and endpoints.",
        operations(
            _CONTROL,
            "GetAgentRuntime",
            "GetAgentRuntimeEndpoint",
            "ListAgentRuntimes",
            "ListAgentRuntimeEndpoints",
            "ListAgentRuntimeVersions",
        ),
    ),
    Capability(
        "agentcore-runtime.deploy",
        "Create, change and delete agent runtimes and their endpoints, with a service role.",
        operations(
            _CONTROL,
            "CreateAgentRuntime",
            "CreateAgentRuntimeEndpoint",
            "DeleteAgentRuntime",
            "DeleteAgentRuntimeEndpoint",
            "UpdateAgentRuntime",
            "UpdateAgentRuntimeEndpoint",
        ),
        pass_role("on the execution role of the runtime", CORE),
        includes=("agentcore-runtime.read",),
        service_roles=("agentcore-runtime",),
        role_details=(("agentcore-runtime", "model=amazon.nova-lite-v1:0"),),
        notes=("The agent calls its models with the execution role.",),
    ),
    Capability(
        "agentcore-runtime.share",
        "Read, set and delete the policies of agent runtimes and their endpoints.",
        operations(_CONTROL, "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"),
        kinds=_policies_on("runtime", "runtime-endpoint"),
    ),
    Capability(
        "agentcore-harness.invoke",
        "Call an agent that an AgentCore harness runs.",
        operations(_DATA, "InvokeHarness"),
    ),
    Capability(
        "agentcore-harness.deploy",
        "Create, list, read, change and delete harnesses and their endpoints, with a service role.",
        operations(
            _CONTROL,
            "CreateHarness",
            "CreateHarnessEndpoint",
            "DeleteHarness",
            "DeleteHarnessEndpoint",
            "GetHarness",
            "GetHarnessEndpoint",
            "ListHarnesses",
            "ListHarnessEndpoints",
            "ListHarnessVersions",
            "UpdateHarness",
            "UpdateHarnessEndpoint",
        ),
        pass_role("on the execution role of the harness", CORE),
        service_roles=("agentcore-harness",),
        role_details=(("agentcore-harness", "model=amazon.nova-lite-v1:0"),),
    ),
    Capability(
        "agentcore-capacity.manage",
        "Create, list, read, change and delete capacity providers, with a role that operates their instances.",
        operations(
            _CONTROL,
            "CreateCapacityProvider",
            "DeleteCapacityProvider",
            "GetCapacityProvider",
            "ListAgentRuntimeVersionsByCapacityProvider",
            "ListCapacityProviders",
            "UpdateCapacityProvider",
        ),
        pass_role("on the operator role of the capacity provider", CORE),
    ),
    Capability(
        "agentcore-capacity.use",
        "Run agent runtimes on a capacity provider, and end its sessions.",
        operations(_DATA, "DeleteCapacityProviderSession"),
        permission_only(_DATA, "PassCapacityProvider"),
    ),
)

_GATEWAYS = (
    Capability(
        "agentcore-gateway.invoke",
        "Call the tools of an AgentCore gateway.",
        actions=permission_only(_DATA, "InvokeGateway"),
        notes=("A gateway that authorises by JWT asks for a token and not for IAM.",),
    ),
    Capability(
        "agentcore-gateway.manage",
        "Create, list, read, change and delete gateways, their targets and rules, with a service role.",
        operations(
            _CONTROL,
            "CreateGateway",
            "CreateGatewayRule",
            "CreateGatewayTarget",
            "DeleteGateway",
            "DeleteGatewayRule",
            "DeleteGatewayTarget",
            "GetGateway",
            "GetGatewayRule",
            "GetGatewayTarget",
            "ListGateways",
            "ListGatewayRules",
            "ListGatewayTargets",
            "SynchronizeGatewayTargets",
            "UpdateGateway",
            "UpdateGatewayRule",
            "UpdateGatewayTarget",
        ),
        pass_role("on the service role of the gateway", CORE),
        service_roles=("agentcore-gateway",),
        role_details=(("agentcore-gateway", "lambda=example-function"),),
        notes=("Targets are called with the service role of the gateway.",),
    ),
    Capability(
        "agentcore-gateway.limit",
        "Create, list, read, change and delete the rate limits of gateways.",
        operations(
            _CONTROL,
            "BatchPutGatewayRateLimits",
            "CreateGatewayRateLimit",
            "DeleteGatewayRateLimit",
            "GetGatewayRateLimit",
            "ListGatewayRateLimits",
            "UpdateGatewayRateLimit",
        ),
    ),
    Capability(
        "agentcore-gateway.protect",
        "Put AWS WAF's web ACLs before gateways.",
        actions=permission_only(
            _DATA,
            "GatewayAssociateWebACL",
            "GatewayDisassociateWebACL",
            "GatewayGetWebACLForResource",
            "GatewayListResourcesForWebACL",
        ),
        notes=("AWS WAF's own actions come on top.",),
    ),
    Capability(
        "agentcore-gateway.share",
        "Read, set and delete the policies of gateways.",
        operations(_CONTROL, "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"),
        kinds=_policies_on("gateway"),
    ),
)

_REGISTRIES = (
    Capability(
        "agentcore-registry.search",
        "Search a registry of agents and tools, by API or by MCP.",
        operations(_DATA, "SearchRegistryRecords"),
        permission_only(_DATA, "InvokeRegistryMcp"),
    ),
    Capability(
        "agentcore-registry.publish",
        "Create, list, read, change, submit and delete the records of a registry.",
        operations(
            _CONTROL,
            "CreateRegistryRecord",
            "DeleteRegistryRecord",
            "GetRegistryRecord",
            "ListRegistryRecords",
            "SubmitRegistryRecordForApproval",
            "UpdateRegistryRecord",
        ),
        notes=("A record that is synchronised with an IAM role takes iam:PassRole on it as well.",),
    ),
    Capability(
        "agentcore-registry.manage",
        "Create, list, read, change and delete registries, and approve records.",
        operations(
            _CONTROL,
            "CreateRegistry",
            "DeleteRegistry",
            "GetRegistry",
            "ListRegistries",
            "UpdateRegistry",
            "UpdateRegistryRecordStatus",
        ),
    ),
    Capability(
        "agentcore-configuration.manage",
        "Create, list, read, change and delete configuration bundles.",
        operations(
            _CONTROL,
            "CreateConfigurationBundle",
            "DeleteConfigurationBundle",
            "GetConfigurationBundle",
            "GetConfigurationBundleVersion",
            "ListConfigurationBundles",
            "ListConfigurationBundleVersions",
            "UpdateConfigurationBundle",
        ),
    ),
    Capability(
        "agentcore-consent.manage",
        "Create, list, read, change and delete consent portals, with a service role.",
        operations(
            _CONTROL,
            "CreateConsentPortal",
            "DeleteConsentPortal",
            "GetConsentPortal",
            "ListConsentPortals",
            "UpdateConsentPortal",
        ),
        pass_role("on the execution role of the portal", CORE),
    ),
    Capability(
        "agentcore.tag",
        "Read, set and remove the tags of AgentCore's resources.",
        operations(_CONTROL, "ListTagsForResource", "TagResource", "UntagResource"),
        notes=("Name the resources that the app tags, or a grant on all resources is asked for.",),
    ),
)

ENTRIES = (*_RUNTIMES, *_GATEWAYS, *_REGISTRIES)
