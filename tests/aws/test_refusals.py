"""What is said of reads that were refused: each action once, and on what to allow it."""

from __future__ import annotations

from bedrock_guard.aws.refusals import grants, may_not_call
from bedrock_guard.errors import AccessDeniedError

PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
PERSON = "User: arn:aws:sts::123456789012:assumed-role/app/s is not authorized to perform:"


def refused(action: str, message: str = "", *, on: str = "*") -> AccessDeniedError:
    return AccessDeniedError(f"AWS refused {action}", action=action, resource=on, aws_message=message)


def test_each_action_is_named_once() -> None:
    read = refused("bedrock:GetInferenceProfile")
    assert may_not_call([read, read]) == "the guard may not call bedrock:GetInferenceProfile"


def test_the_resource_is_the_one_that_aws_refused_it_on() -> None:
    message = f"{PERSON} bedrock:GetInferenceProfile on resource: {PROFILE} because no identity-based policy allows it"
    said = grants([refused("bedrock:GetInferenceProfile", message)], "us-east-1")
    assert said == f"To let it ask, allow whoever runs the check bedrock:GetInferenceProfile on {PROFILE}."


def test_where_aws_does_not_say_it_is_all_that_the_action_is_granted_on() -> None:
    assert grants([refused("bedrock:GetInferenceProfile")], "eu-west-1").endswith(
        " bedrock:GetInferenceProfile on arn:aws:bedrock:eu-west-1:*:application-inference-profile/*, "
        "arn:aws:bedrock:eu-west-1:*:inference-profile/*."
    )
    gov = refused("bedrock:GetPromptRouter", on="arn:aws-us-gov:bedrock:us-gov-west-1:1:prompt-router/x")
    assert "arn:aws-us-gov:bedrock:us-gov-west-1:*:prompt-router/*" in grants([gov], "us-gov-west-1")


def test_an_action_without_resources_is_granted_on_all_whatever_the_message_names() -> None:
    message = f"{PERSON} bedrock:ListInferenceProfiles on resource: {PROFILE}"
    assert grants([refused("bedrock:ListInferenceProfiles", message)], "us-east-1").endswith(
        " bedrock:ListInferenceProfiles on *."
    )


def test_many_resources_are_counted() -> None:
    reads = [refused("bedrock:GetInferenceProfile", f"{PERSON} x on resource: {PROFILE}{n}") for n in range(5)]
    said = grants(reads, "us-east-1")
    assert said.count(PROFILE) == 3
    assert said.endswith(f"{PROFILE}2 and 2 more like them.")


def test_no_allow_is_advised_where_a_deny_stands() -> None:
    message = f"{PERSON} bedrock:GetInferenceProfile on resource: {PROFILE} with an explicit deny in an identity policy"
    said = grants([refused("bedrock:GetInferenceProfile", message)], "us-east-1")
    assert said == "A Deny keeps it from bedrock:GetInferenceProfile, which no Allow beats."
