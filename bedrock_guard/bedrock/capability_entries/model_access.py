"""Gaining access to models: subscriptions, agreements, the use case, and models of the Marketplace."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import (
    REFERENCE,
    operations,
    pass_role,
    uses,
)
from bedrock_guard.bedrock.operation_rules import ActionUse

__all__ = ["ENTRIES"]

_ACCESS = "Bedrock User Guide, model-access (read 2026-09-26)"
_ENDPOINTS = "AWS managed policy AmazonBedrockMarketplaceAccess v3 (read 2026-11-24)"
_VIA_BEDROCK = (("aws:CalledViaLast", "bedrock.amazonaws.com"),)
_ENDPOINT_KIND = ("bedrock-marketplace-model-endpoint",)


def _via_bedrock(*names: str) -> tuple[ActionUse, ...]:
    return tuple(ActionUse(name, source=_ENDPOINTS, context=_VIA_BEDROCK) for name in names)


ENTRIES = (
    Capability(
        "models.subscribe",
        "Subscribe the account to third-party models, which their first call does by itself.",
        actions=uses(
            _ACCESS, "aws-marketplace:Subscribe", "aws-marketplace:Unsubscribe", "aws-marketplace:ViewSubscriptions"
        ),
        notes=("It is a right to buy for the whole account, needed once: better an administrator's than the app's.",),
    ),
    Capability(
        "model-access.agree",
        "Accept the agreement of a third-party model through the API, ahead of the first call.",
        operations("bedrock", "ListFoundationModelAgreementOffers", "CreateFoundationModelAgreement"),
        includes=("models.subscribe",),
    ),
    Capability(
        "model-access.end",
        "End the agreements for models, Marketplace models among them.",
        operations("bedrock", "DeleteFoundationModelAgreement"),
        (
            *uses(
                REFERENCE + "its description of the action: to unsubscribe from a model of the Marketplace",
                "bedrock:DeleteMarketplaceModelAgreement",
            ),
            *uses(_ACCESS, "aws-marketplace:Unsubscribe", "aws-marketplace:ViewSubscriptions"),
        ),
    ),
    Capability(
        "model-access.submit-use-case",
        "Submit the form that Anthropic's models ask for once an account, and read it.",
        operations("bedrock", "PutUseCaseForModelAccess", "GetUseCaseForModelAccess"),
    ),
    Capability(
        "model-access.read",
        "Read whether the account may use a model, and whether its use case was submitted.",
        operations("bedrock", "GetFoundationModelAvailability", "GetUseCaseForModelAccess"),
    ),
    Capability(
        "marketplace-models.invoke",
        "Call models of Bedrock Marketplace, which run on SageMaker endpoints of the account.",
        operations("bedrock-runtime", "Converse", "InvokeModel"),
        _via_bedrock("sagemaker:InvokeEndpoint"),
        kinds=(("bedrock:InvokeModel", _ENDPOINT_KIND), ("sagemaker:InvokeEndpoint", ("endpoint",))),
    ),
    Capability(
        "marketplace-models.stream",
        "Call models of Bedrock Marketplace and read answers as they are made.",
        operations("bedrock-runtime", "ConverseStream", "InvokeModelWithResponseStream"),
        _via_bedrock("sagemaker:InvokeEndpointWithResponseStream"),
        kinds=(
            ("bedrock:InvokeModelWithResponseStream", _ENDPOINT_KIND),
            ("sagemaker:InvokeEndpointWithResponseStream", ("endpoint",)),
        ),
    ),
    Capability(
        "marketplace-models.read",
        "List and read the endpoints of Bedrock Marketplace.",
        operations("bedrock", "GetMarketplaceModelEndpoint", "ListMarketplaceModelEndpoints"),
        _via_bedrock("sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        kinds=(("sagemaker:ListTags", ("endpoint",)),),
    ),
    Capability(
        "marketplace-models.deploy",
        "Create, change, delete and register endpoints for models of Bedrock Marketplace.",
        operations(
            "bedrock",
            "CreateMarketplaceModelEndpoint",
            "DeleteMarketplaceModelEndpoint",
            "DeregisterMarketplaceModelEndpoint",
            "RegisterMarketplaceModelEndpoint",
            "UpdateMarketplaceModelEndpoint",
        ),
        (
            *_via_bedrock(
                "sagemaker:CreateEndpoint",
                "sagemaker:CreateEndpointConfig",
                "sagemaker:CreateModel",
                "sagemaker:DeleteEndpoint",
                "sagemaker:UpdateEndpoint",
                "sagemaker:DescribeEndpointConfig",
                "sagemaker:DescribeModel",
            ),
            *uses(_ENDPOINTS, "sagemaker:AddTags"),
            *pass_role("on the execution role of the endpoint", "sagemaker.amazonaws.com", advisory=True),
        ),
        includes=("marketplace-models.read",),
        kinds=(
            ("sagemaker:CreateEndpoint", ("endpoint", "endpoint-config")),
            ("sagemaker:UpdateEndpoint", ("endpoint", "endpoint-config")),
            ("sagemaker:AddTags", ("endpoint", "endpoint-config", "model")),
        ),
        notes=(
            "SageMaker is called with the caller's rights, through Bedrock.",
            "The role is passed to sagemaker.amazonaws.com or bedrock.amazonaws.com: AWS's managed policies name both.",
            "Browsing the models takes sagemaker:DescribeHubContent on the hub SageMakerPublicHub, which is AWS's own.",
        ),
    ),
)
