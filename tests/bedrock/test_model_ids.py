"""Model ids: every kind is told apart by its form, and the usual mistakes are named with their fix."""

from __future__ import annotations

import pytest

from bedrock_guard.bedrock.models import GEOGRAPHIES, ModelKind, ModelRef, parse_model
from bedrock_guard.errors import ConfigurationError

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
HERE = "arn:aws:bedrock:us-east-1:123456789012"


@pytest.mark.parametrize(
    ("text", "kind", "model_id"),
    [
        (SONNET, ModelKind.FOUNDATION_MODEL, SONNET),
        ("anthropic.claude-opus-4-6-v1", ModelKind.FOUNDATION_MODEL, "anthropic.claude-opus-4-6-v1"),
        ("amazon.titan-text-express-v1:0:8k", ModelKind.FOUNDATION_MODEL, "amazon.titan-text-express-v1:0:8k"),
        ("zai.glm-4.7", ModelKind.FOUNDATION_MODEL, "zai.glm-4.7"),
        (f"us.{SONNET}", ModelKind.INFERENCE_PROFILE, f"us.{SONNET}"),
        (f"global.{SONNET}", ModelKind.INFERENCE_PROFILE, f"global.{SONNET}"),
        (f"us-gov.{SONNET}", ModelKind.INFERENCE_PROFILE, f"us-gov.{SONNET}"),
        (f"kr.{SONNET}", ModelKind.INFERENCE_PROFILE, f"kr.{SONNET}"),
        ("us.newvendor.model-v1:0", ModelKind.INFERENCE_PROFILE, "us.newvendor.model-v1:0"),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}", ModelKind.FOUNDATION_MODEL, SONNET),
        (f"{HERE}:inference-profile/us.{SONNET}", ModelKind.INFERENCE_PROFILE, f"us.{SONNET}"),
        (
            f"{HERE}:application-inference-profile/abcdefghijkl",
            ModelKind.APPLICATION_INFERENCE_PROFILE,
            "abcdefghijkl",
        ),
        ("a1b2c3d4e5f6", ModelKind.APPLICATION_INFERENCE_PROFILE, "a1b2c3d4e5f6"),
        (f"{HERE}:provisioned-model/abcdefghijkl", ModelKind.PROVISIONED_MODEL, "abcdefghijkl"),
        (f"{HERE}:custom-model-deployment/abcdefghijkl", ModelKind.CUSTOM_MODEL_DEPLOYMENT, "abcdefghijkl"),
        (f"{HERE}:custom-model/amazon.x-v1:0/abcdefghijkl", ModelKind.CUSTOM_MODEL, "amazon.x-v1:0/abcdefghijkl"),
        (f"{HERE}:imported-model/abcdefghijkl", ModelKind.IMPORTED_MODEL, "abcdefghijkl"),
        (f"{HERE}:prompt-router/abcdefghijkl", ModelKind.PROMPT_ROUTER, "abcdefghijkl"),
        (f"{HERE}:default-prompt-router/anthropic.claude:1", ModelKind.DEFAULT_PROMPT_ROUTER, "anthropic.claude:1"),
        (f"{HERE}:prompt/PROMPT1234", ModelKind.PROMPT, "PROMPT1234"),
        (f"{HERE}:prompt/PROMPT1234:2", ModelKind.PROMPT, "PROMPT1234:2"),
        ("arn:aws:sagemaker:us-east-1:123456789012:endpoint/e", ModelKind.SAGEMAKER_ENDPOINT, "e"),
    ],
)
def test_every_kind_of_model_is_told_by_its_form(text: str, kind: ModelKind, model_id: str) -> None:
    """Ids and ARNs, as the API takes them."""
    found = parse_model(text)

    assert (found.kind, found.id) == (kind, model_id)


def test_an_arn_keeps_partition_region_and_account() -> None:
    """They go before the caller's own."""
    assert parse_model("arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:provisioned-model/p") == ModelRef(
        ModelKind.PROVISIONED_MODEL, "p", "aws-us-gov", "us-gov-west-1", "123456789012"
    )


@pytest.mark.parametrize("geography", GEOGRAPHIES)
def test_a_profile_knows_its_geography_and_its_model(geography: str) -> None:
    """A profile's id is the model's with the geography before it."""
    found = parse_model(f"{geography}.{SONNET}")

    assert found.geography == geography
    assert found.foundation_model == SONNET


@pytest.mark.parametrize(
    ("text", "routed"),
    [
        (SONNET, False),
        (f"us.{SONNET}", True),
        (f"global.{SONNET}", False),
        (f"{HERE}:application-inference-profile/a", True),
        (f"{HERE}:prompt-router/a", True),
        (f"{HERE}:prompt/PROMPT1234", True),
        (f"{HERE}:imported-model/a", False),
    ],
)
def test_a_routed_model_needs_to_be_looked_up(text: str, routed: bool) -> None:
    """The id alone does not say all that is authorised; a global profile is the same three ARNs everywhere."""
    assert parse_model(text).routed is routed


@pytest.mark.parametrize(
    ("text", "said", "suggestion"),
    [
        ("claude-3-haiku-20240307", "no model id", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("us.claude-sonnet-4-5-20250929-v1:0", "no model id", SONNET),
        ("anthropic.claude-3-haiku-20240307", "lacks its version", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("amazon.nova-pro-v1", "lacks its version", "amazon.nova-pro-v1:0"),
        ("Anthropic.Claude-3-Haiku-20240307-v1:0", "lower case", "anthropic.claude-3-haiku-20240307-v1:0"),
        (f" {SONNET}", "white space around it", SONNET),
        (f"us.{SONNET}\n", "white space around it", f"us.{SONNET}"),
        (f"bedrock/{SONNET}", "belongs to another library", SONNET),
        (f"bedrock/converse/us.{SONNET}", "belongs to another library", f"us.{SONNET}"),
        (f"bedrock:{SONNET}", "belongs to another library", SONNET),
        (
            f"arn:aws:bedrock:us-east-1:foundation-model/{SONNET}",
            "with :: before foundation-model",
            f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}",
        ),
        (
            f"{HERE}:foundation-model/{SONNET}",
            "the account field of a foundation model is empty",
            f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}",
        ),
        (
            f"arn:aws:bedrock:us-east-1::foundation-model/us.{SONNET}",
            "is an inference profile and no foundation model",
            f"us.{SONNET}",
        ),
        (f"{HERE}:inference-profile/{SONNET}", "lacks its geography", f"us.{SONNET}"),
        (
            f"{HERE}:aplication-inference-profile/a",
            "no kind of ARN",
            f"{HERE}:application-inference-profile/a",
        ),
    ],
)
def test_a_usual_mistake_is_named_with_its_fix(text: str, said: str, suggestion: str) -> None:
    """What was written, what is wrong with it, what to write."""
    with pytest.raises(ConfigurationError) as raised:
        parse_model(text)

    assert repr(text) in str(raised.value)
    assert said in str(raised.value)
    assert suggestion in raised.value.suggestions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no model id"),
        ("us.", "no model id"),
        (".", "no model id"),
        ("my-throughput", "no model id"),
        ("anthropic.claude v2", "no model id"),
        ("anthropic.x\x1b[31m", "no model id"),
        ("arn:", "a field is missing"),
        ("arn:aws:bedrock:us-east-1:provisioned-model/p", "a field is missing"),
        (f"arn:aws:bedrock:us-east-1::inference-profile/us.{SONNET}", "'' is no account"),
        (f"arn:aws:bedrock:::foundation-model/{SONNET}", "'' is no Region"),
        (f"arn:aws:bedrock:*::foundation-model/{SONNET}", "has a wildcard"),
        (f"{HERE}:inference-profile/*", "has a wildcard"),
        (f"{HERE}:knowledge-base/KB12345678", "no kind of ARN"),
        ("arn:aws:s3:::bucket/key", "no kind of ARN"),
        (f"{HERE}:provisioned-model/", "no kind of ARN"),
    ],
)
def test_what_no_model_can_be_is_refused(text: str, said: str) -> None:
    """Asking IAM about it would give a denial about nothing."""
    with pytest.raises(ConfigurationError) as raised:
        parse_model(text)

    assert said in str(raised.value)
    assert str(raised.value).isprintable()
