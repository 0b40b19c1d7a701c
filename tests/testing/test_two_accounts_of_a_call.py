"""What the sandbox authorises a model call on, and what the guard says it needs, were written apart and agree."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.bedrock.models import authorised_resources, parse_model
from bedrock_guard.bedrock.profiles import destinations, known_profiles, sources
from bedrock_guard.testing.bedrock_models import BedrockPlace, Profiles, read_model

_ACCOUNT = "123456789012"
_ACTION = "bedrock:InvokeModel"

_IDS = (
    "amazon.nova-lite-v1:0",
    "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0",
    f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:provisioned-model/abc123",
    f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:imported-model/abc123",
    f"arn:aws:bedrock:us-east-1:{_ACCOUNT}:custom-model-deployment/abc123",
)

Asked = set[tuple[str, str, str]]


def _by_sandbox(model: str, partition: str, region: str) -> Asked:
    place = BedrockPlace(partition, region, _ACCOUNT)
    needed = read_model(model, place, Profiles()).authorizations(_ACTION, region, {})
    return {(a.resource, a.region, str(a.context.get("bedrock:InferenceProfileArn", ""))) for a in needed}


def _by_guard(model: str, partition: str, region: str) -> Asked:
    found: Asked = set()
    for resource in authorised_resources(
        parse_model(model),
        partition=partition,
        region=region,
        account=_ACCOUNT,
        destinations=destinations(model.rpartition("/")[2], region),
    ):
        if not resource.action and not resource.advisory:
            context: dict[str, Any] = dict(resource.context)
            behind = context.get("bedrock:InferenceProfileArn", "")
            found.add((resource.arn, context["aws:RequestedRegion"], behind))
    return found


@pytest.mark.parametrize("profile", known_profiles())
def test_profiles(profile: str) -> None:
    """Every known profile, from every Region that it can be called from: the same ARNs, Regions and profile keys."""
    for region in sources(profile):
        partition = "aws-us-gov" if region.startswith("us-gov-") else "aws"
        assert _by_sandbox(profile, partition, region) == _by_guard(profile, partition, region)


@pytest.mark.parametrize("model", _IDS)
def test_other_models(model: str) -> None:
    """Models that are not routed: the same single ARN."""
    by_sandbox = {(arn, behind) for arn, _, behind in _by_sandbox(model, "aws", "us-east-1")}
    by_guard = {(arn, behind) for arn, _, behind in _by_guard(model, "aws", "us-east-1")}
    assert by_sandbox == by_guard
    assert len(by_sandbox) == 1
