"""Condition keys that the service sets for each authorization, against what the caller says of all its requests.

Each case is decided twice: by the check, and by the call, which the sandbox authorises by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from bedrock_guard import ConfigurationError, Decision, Guard, Report
from bedrock_guard.advice.guard_policy import guard_policy
from bedrock_guard.aws.model_questions import forget_answers
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.testing import sandbox

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "amazon.nova-lite-v1:0"
ACCOUNT = "123456789012"
GUARDRAIL = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/abcdefghij"
MESSAGES = [{"role": "user", "content": [{"text": "x"}]}]
SOURCE = f"arn:aws:bedrock:us-west-2:{ACCOUNT}:custom-model/amazon.nova-lite-v1:0:300k/abcdefabcdef"
COPY = ("create_model_copy_job", {"sourceModelArn": SOURCE, "targetModelName": "copy"})

ANYTHING = {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}


def deny(**condition: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "bedrock:*", "Resource": "*", "Condition": condition}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Iterator[Sandbox]:
    running.reset()
    forget_answers()
    yield running
    forget_answers()


def session_of(aws: Sandbox, *statements: Mapping[str, Any]) -> boto3.Session:
    own = guard_policy(principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/app"))
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    aws.role("app", policies={"own": own, "app": document})
    return aws.session("app", region="us-east-1")


def check(session: boto3.Session, **declared: Any) -> Report:
    return Guard(session=session, region="us-east-1", check_model_access=False, **declared).check()


def is_denied(client: Any, operation: str, **parameters: Any) -> bool:
    try:
        getattr(client, operation)(**parameters)
    except client.exceptions.AccessDeniedException:
        return True
    return False


def test_the_callers_region_does_not_answer_for_the_destinations_of_a_profile(aws: Sandbox) -> None:
    """What a profile routes to is authorised with its own Region, whatever the context says of the app's calls."""
    session = session_of(aws, ANYTHING, deny(StringEquals={"aws:RequestedRegion": "us-west-2"}))
    report = check(session, models=[SONNET], context={"aws:RequestedRegion": "us-east-1"})
    assert {finding.requirement.resource.split(":")[3] for finding in report.denied} == {"us-west-2"}


@pytest.mark.parametrize("known_at_once", [True, False])
def test_another_region_in_the_context_is_refused(aws: Sandbox, known_at_once: bool) -> None:
    session = session_of(aws, ANYTHING)
    context = {"aws:RequestedRegion": "us-west-2"}
    if known_at_once:
        with pytest.raises(ConfigurationError, match="region="):
            Guard(models=[NOVA], session=session, region="us-east-1", context=context)
        return
    guard = Guard(models=[NOVA], session=session, context=context)
    with pytest.raises(ConfigurationError, match="region="):
        guard.check()


def test_a_context_that_contradicts_the_declaration_is_refused_before_iam_is_asked(aws: Sandbox) -> None:
    session = session_of(aws, ANYTHING)
    with pytest.raises(ConfigurationError, match="bedrock:InferenceProfileArn"):
        check(session, models=[SONNET], context={"bedrock:InferenceProfileArn": "arn:aws:bedrock:x"})
    assert not [call for call in aws.calls if call.operation == "SimulatePrincipalPolicy"]


def test_a_context_that_fits_some_requests_is_used_for_those_and_noted(aws: Sandbox) -> None:
    session = session_of(aws, ANYTHING, deny(StringNotEquals={"bedrock:GuardrailIdentifier": GUARDRAIL}))
    guarded = {"guardrailIdentifier": GUARDRAIL, "guardrailVersion": "DRAFT"}
    requests = [
        ("converse", {"modelId": NOVA, "messages": MESSAGES, "guardrailConfig": guarded}),
        ("converse", {"modelId": NOVA, "messages": MESSAGES}),
    ]
    report = check(session, requests=requests, context={"bedrock:GuardrailIdentifier": GUARDRAIL})
    assert any(note.code == "BG504" and "bedrock:GuardrailIdentifier" in note.text for note in report.notes)
    models = [f for f in report.findings if f.requirement.action == "bedrock:InvokeModel"]
    assert sorted(f.decision for f in models) == [Decision.ALLOWED, Decision.EXPLICIT_DENY]


@pytest.mark.parametrize(
    ("statements", "denied"),
    [
        ([ANYTHING, deny(StringNotEquals={"aws:RequestedRegion": "us-west-2"})], True),
        ([{**ANYTHING, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}], False),
    ],
)
def test_the_region_of_a_request_is_the_one_that_is_called_and_not_that_of_an_arn(
    aws: Sandbox, statements: list[dict[str, Any]], denied: bool
) -> None:
    session = session_of(aws, *statements)
    report = check(session, requests=[COPY])
    (finding,) = [f for f in report.findings if f.requirement.resource == SOURCE]
    assert (finding.decision is Decision.ALLOWED) is not denied
    assert is_denied(session.client("bedrock"), COPY[0], **COPY[1]) is denied


@pytest.mark.parametrize(
    ("condition", "denied"),
    [
        ({"StringNotEquals": {"bedrock:GuardrailIdentifier": GUARDRAIL}}, True),
        ({"Null": {"bedrock:GuardrailIdentifier": "true"}}, True),
        ({"StringNotEquals": {"bedrock:ServiceTier": "flex"}}, True),
        ({"StringEquals": {"bedrock:ServiceTier": ["reserved", "priority", "default", "flex"]}}, False),
    ],
    ids=json.dumps,
)
def test_a_whole_request_lacks_the_keys_whose_parameters_it_does_not_have(
    aws: Sandbox, condition: dict[str, Any], denied: bool
) -> None:
    """A guardrail that policies ask for and the request forgets is a denial at startup, and no question."""
    session = session_of(aws, ANYTHING, deny(**condition))
    request = {"modelId": NOVA, "messages": MESSAGES}
    (finding,) = check(session, requests=[("converse", request)]).findings
    assert finding.decision is (Decision.EXPLICIT_DENY if denied else Decision.ALLOWED)
    assert is_denied(session.client("bedrock-runtime"), "converse", **request) is denied
    (open_question,) = check(session, models=[NOVA], operations=["converse"]).findings
    assert (open_question.decision, open_question.code) == (Decision.UNVERIFIED, "BG402"), "without its parameters"


def test_a_creation_without_the_tags_that_policies_ask_for_is_denied(aws: Sandbox) -> None:
    session = session_of(aws, ANYTHING, deny(Null={"aws:RequestTag/team": "true"}))
    bare = ("create_prompt", {"name": "p"})
    for request, denied in ((bare, True), ((bare[0], {**bare[1], "tags": {"team": "a"}}), False)):
        findings = check(session, requests=[request]).findings
        (finding,) = [one for one in findings if one.requirement.action == "bedrock:CreatePrompt"]
        assert finding.decision is (Decision.EXPLICIT_DENY if denied else Decision.ALLOWED)
