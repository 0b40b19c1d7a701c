"""What a call to each kind of model is authorised on, with the context of each resource."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bedrock_guard.bedrock.catalogue import find_action, require_kind
from bedrock_guard.bedrock.models import (
    AuthorisedResource,
    Destinations,
    authorised_resources,
    foundation_models_behind,
    parse_model,
)
from bedrock_guard.bedrock.profiles import destinations, known_profiles, sources
from bedrock_guard.errors import ConfigurationError

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
HERE = "arn:aws:bedrock:us-east-1:123456789012"


def resources(
    text: str,
    served: Destinations | None = None,
    *,
    partition: str = "aws",
    region: str = "us-east-1",
    account: str = "123456789012",
) -> tuple[AuthorisedResource, ...]:
    return authorised_resources(
        parse_model(text), partition=partition, region=region, account=account, destinations=served
    )


def test_a_foundation_model_is_itself_in_the_region_of_the_call() -> None:
    """One ARN, with an empty account."""
    assert resources(SONNET) == (
        AuthorisedResource(
            f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}", {"aws:RequestedRegion": "us-east-1"}
        ),
    )


def test_a_geographic_profile_is_itself_and_its_model_in_every_destination() -> None:
    """Each destination is judged with its own Region, and knows through which profile it is called."""
    profile = f"{HERE}:inference-profile/us.{SONNET}"

    found = resources(f"us.{SONNET}", ["us-east-1", "us-east-2", "us-west-2"])

    assert [(one.arn, dict(one.context)) for one in found] == [
        (profile, {"aws:RequestedRegion": "us-east-1"}),
        *(
            (
                f"arn:aws:bedrock:{region}::foundation-model/{SONNET}",
                {"aws:RequestedRegion": region, "bedrock:InferenceProfileArn": profile},
            )
            for region in ("us-east-1", "us-east-2", "us-west-2")
        ),
    ]
    assert not any(one.advisory for one in found)
    assert found[-1].why == "which also routes to us-west-2"


def test_destinations_may_be_the_arns_that_get_inference_profile_gives() -> None:
    """The service names models, the table Regions."""
    arns = [f"arn:aws:bedrock:{region}::foundation-model/{SONNET}" for region in ("us-east-1", "us-west-2")]

    assert resources(f"us.{SONNET}", arns) == resources(f"us.{SONNET}", ["us-east-1", "us-west-2"])


@pytest.mark.parametrize("unknown", [None, ()])
def test_of_a_profile_of_unknown_destinations_only_the_profile_is_known(unknown: Sequence[str] | None) -> None:
    """Nothing is guessed: `routed` tells the caller that this is not all."""
    assert [one.arn for one in resources(f"us.{SONNET}", unknown)] == [
        f"{HERE}:inference-profile/us.{SONNET}",
    ]


def test_a_source_region_that_the_profile_does_not_serve_is_advisory() -> None:
    """The guide lists it as needed, the profile never goes there."""
    found = resources(f"us-gov.{SONNET}", ["us-gov-west-1"], partition="aws-us-gov", region="us-gov-east-1")

    assert [(one.context["aws:RequestedRegion"], one.advisory) for one in found] == [
        ("us-gov-east-1", False),
        ("us-gov-west-1", False),
        ("us-gov-east-1", True),
    ]


@pytest.mark.parametrize("served", [None, ["eu-west-1", "unspecified"], ["us-east-1"]])
def test_a_global_profile_is_three_resources_wherever_it_is_served(served: Sequence[str] | None) -> None:
    """The third has no Region, and is judged with the Region “unspecified”."""
    profile = f"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/global.{SONNET}"

    found = resources(f"global.{SONNET}", served, region="eu-west-1")

    assert [(one.arn, dict(one.context)) for one in found] == [
        (profile, {"aws:RequestedRegion": "eu-west-1"}),
        (
            f"arn:aws:bedrock:eu-west-1::foundation-model/{SONNET}",
            {"aws:RequestedRegion": "eu-west-1", "bedrock:InferenceProfileArn": profile},
        ),
        (
            f"arn:aws:bedrock:::foundation-model/{SONNET}",
            {"aws:RequestedRegion": "unspecified", "bedrock:InferenceProfileArn": profile},
        ),
    ]


def test_an_application_profile_is_itself_and_the_models_it_was_made_from() -> None:
    """Its id says nothing about them; the service does. A model without a Region is a global destination."""
    profile = f"{HERE}:application-inference-profile/abcdefghijkl"
    arns = [
        f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}",
        f"arn:aws:bedrock:::foundation-model/{SONNET}",
    ]

    found = resources(profile, arns)

    needed = [one for one in found if not one.advisory]
    assert [one.arn for one in needed] == [profile, *arns]
    assert [one.context["aws:RequestedRegion"] for one in needed] == ["us-east-1", "us-east-1", "unspecified"]
    assert [one.context.get("bedrock:InferenceProfileArn") for one in needed] == [None, profile, profile]


@pytest.mark.parametrize(
    ("regions", "copied"),
    [
        (["us-east-1", ""], [f"global.{SONNET}"]),
        (["us-east-1", "us-east-2", "us-west-2"], [f"us.{SONNET}"]),
        (["us-east-1", "us-west-2"], []),
        (["us-east-1"], []),
    ],
)
def test_the_profile_that_an_application_profile_may_be_a_copy_of_is_advisory(
    regions: list[str], copied: list[str]
) -> None:
    """It routes to exactly the same models; whether it is authorised too is in no page of AWS's."""
    arns = [f"arn:aws:bedrock:{region}::foundation-model/{SONNET}" for region in regions]

    found = resources(f"{HERE}:application-inference-profile/abcdefghijkl", arns)

    assert [one.arn for one in found if one.advisory] == [f"{HERE}:inference-profile/{name}" for name in copied]


def test_an_answer_without_a_region_is_taken_as_it_is() -> None:
    """A profile of a geography whose model has no Region: the ARN that the service gives is authorised, no other."""
    arn = f"arn:aws:bedrock:::foundation-model/{SONNET}"

    found = resources(f"us.{SONNET}", [arn, f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}"])

    assert [(one.arn, one.context["aws:RequestedRegion"]) for one in found[1:]] == [
        (arn, "unspecified"),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}", "us-east-1"),
    ]


def test_the_application_profile_of_a_bare_id_is_the_callers() -> None:
    """An id without ARN, as the API takes it."""
    found = resources("abcdefghijkl", [f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}"])

    assert found[0].arn == f"{HERE}:application-inference-profile/abcdefghijkl"


def test_one_model_in_two_contexts_is_two_authorizations() -> None:
    """A router that names a model, and a profile of that model: a policy may allow the one way and not the other."""
    router = f"{HERE}:prompt-router/abc"
    behind = resources(f"us.{SONNET}", ["us-east-1"])
    direct = f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}"

    found = resources(router, [direct, *behind])

    assert [dict(one.context) for one in found if one.arn == direct] == [
        {"aws:RequestedRegion": "us-east-1", "bedrock:PromptRouterArn": router},
        {
            "aws:RequestedRegion": "us-east-1",
            "bedrock:InferenceProfileArn": f"{HERE}:inference-profile/us.{SONNET}",
            "bedrock:PromptRouterArn": router,
        },
    ]
    assert all(one.advisory for one in found[1:])


@pytest.mark.parametrize(
    ("text", "served", "behind"),
    [
        (SONNET, None, (SONNET,)),
        (f"us.{SONNET}", None, (SONNET,)),
        (f"global.{SONNET}", None, (SONNET,)),
        (
            f"{HERE}:prompt-router/abc",
            [
                "arn:aws:bedrock:us-east-1::foundation-model/b.b",
                f"{HERE}:inference-profile/us.a.a",
                "arn:aws:bedrock:us-west-2::foundation-model/a.a",
            ],
            ("a.a", "b.b"),
        ),
        (f"{HERE}:application-inference-profile/abcdefghijkl", None, ()),
        (f"{HERE}:imported-model/abcdefghijkl", None, ()),
    ],
)
def test_the_foundation_models_that_may_answer_are_known_where_anything_tells(
    text: str, served: Sequence[str] | None, behind: tuple[str, ...]
) -> None:
    """By the id, or by what it routes to."""
    assert foundation_models_behind(parse_model(text), served) == behind


def test_an_application_profile_cannot_be_given_bare_regions() -> None:
    """Which model would be served there is not known."""
    with pytest.raises(ConfigurationError, match="is no model ARN"):
        resources(f"{HERE}:application-inference-profile/abcdefghijkl", ["us-west-2"])


@pytest.mark.parametrize("kind", ["provisioned-model", "custom-model-deployment", "imported-model"])
def test_a_model_of_the_account_is_itself_alone(kind: str) -> None:
    """No foundation model is authorised behind it."""
    assert resources(f"{HERE}:{kind}/abcdefghijkl") == (
        AuthorisedResource(f"{HERE}:{kind}/abcdefghijkl", {"aws:RequestedRegion": "us-east-1"}),
    )


def test_a_custom_model_is_called_through_what_serves_it() -> None:
    """InvokeModel has no such resource kind."""
    with pytest.raises(ConfigurationError, match="custom-model-deployment or the provisioned-model"):
        resources(f"{HERE}:custom-model/amazon.x-v1:0/abcdefghijkl")


@pytest.mark.parametrize("kind", ["prompt-router", "default-prompt-router"])
def test_the_targets_of_a_router_are_advisory(kind: str) -> None:
    """That they are authorised is inferred from the condition key that names the router."""
    router = f"{HERE}:{kind}/abc"
    target = f"arn:aws:bedrock:us-west-2::foundation-model/{SONNET}"

    found = resources(router, [target])

    assert [(one.arn, one.advisory) for one in found] == [(router, False), (target, True)]
    assert dict(found[1].context) == {"aws:RequestedRegion": "us-west-2", "bedrock:PromptRouterArn": router}


def test_a_prompt_is_rendered_under_its_own_action() -> None:
    """InvokeModel on everything does not cover a prompt."""
    prompt, *models = resources(
        f"{HERE}:prompt/PROMPT1234:1", [f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}"]
    )

    assert (prompt.arn, prompt.action) == (f"{HERE}:prompt/PROMPT1234:1", "bedrock:RenderPrompt")
    assert [(one.action, one.advisory) for one in models] == [("", False)]


def test_a_marketplace_endpoint_is_bedrocks_one_resource_and_the_endpoint() -> None:
    """The endpoint is called by Bedrock with the caller's rights."""
    bedrock, endpoint = resources("arn:aws:sagemaker:us-east-1:123456789012:endpoint/e")

    assert bedrock.arn == f"{HERE}:marketplace/model-endpoint/all-access"
    assert (endpoint.arn, endpoint.action) == (
        "arn:aws:sagemaker:us-east-1:123456789012:endpoint/e",
        "sagemaker:InvokeEndpoint",
    )
    assert endpoint.context["aws:CalledViaLast"] == "bedrock.amazonaws.com"


def test_an_arn_goes_before_the_callers_region_and_account() -> None:
    """The ARN says where the resource is."""
    found = resources(f"arn:aws:bedrock:eu-west-1:999999999999:inference-profile/eu.{SONNET}", ["eu-west-1"])

    assert found[0].arn.startswith("arn:aws:bedrock:eu-west-1:999999999999:")
    assert {one.context["aws:RequestedRegion"] for one in found} == {"eu-west-1"}


@pytest.mark.parametrize(
    ("text", "partition", "said"),
    [
        (f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}", "aws-us-gov", "write arn:aws-us-gov:…"),
        (f"us.{SONNET}", "aws-us-gov", f"us-gov.{SONNET}"),
        (f"global.{SONNET}", "aws-us-gov", f"us-gov.{SONNET}"),
        (f"us-gov.{SONNET}", "aws", f"us.{SONNET}"),
    ],
)
def test_a_model_of_another_partition_is_refused(text: str, partition: str, said: str) -> None:
    """Credentials of one partition are worth nothing in another."""
    with pytest.raises(ConfigurationError) as raised:
        resources(text, partition=partition)

    assert said in str(raised.value)


@pytest.mark.parametrize("profile", known_profiles())
def test_everything_that_is_authorised_can_be_asked_about(profile: str) -> None:
    """Each resource is of a kind that the action takes, with a Region to judge it by."""
    partition = "aws-us-gov" if profile.startswith("us-gov.") else "aws"
    for region in sources(profile):
        found = resources(profile, destinations(profile, region), partition=partition, region=region)
        assert len({one.arn for one in found}) == len(found)
        for one in found:
            require_kind(find_action(one.action or "bedrock:InvokeModel"), one.arn)
            assert one.context["aws:RequestedRegion"]
