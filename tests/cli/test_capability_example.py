"""The example of each capability: what a check asks for, and a policy that allows it and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.bedrock.capabilities import Capability, capabilities
from bedrock_guard.bedrock.catalogue import action_matches_kind, find_action, resource_kind_of
from bedrock_guard.bedrock.request_resources import LISTS_OF_ALL
from bedrock_guard.cli.capability_example import ACCOUNT, REGION, example_of
from bedrock_guard.cli.capability_page import page
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision
from bedrock_guard.iam.evaluate import Policies, Request, evaluate
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.report import Requirement
from bedrock_guard.requirements import Declaration, Where

EACH = pytest.mark.parametrize("capability", capabilities().values(), ids=lambda c: c.name)
WITH_ROLES = pytest.mark.parametrize(
    "capability", [c for c in capabilities().values() if c.service_roles], ids=lambda c: c.name
)
PAGE = Path(__file__).parents[2] / "docs" / "capabilities.md"

ASKED_ON_ALL: Mapping[str, str] = {
    "bedrock:CreateDataAutomationProject": "blueprints and libraries are optional, and the project is not there yet",
    "bedrock:CreateGuardrail": "its policies and profile are optional, and the guardrail is not there yet; the guide "
    "grants it on all resources",
    "bedrock:ListTagsForResource": "of resources of any kind: the app names them",
    "bedrock:TagResource": "as ListTagsForResource",
    "bedrock:UntagResource": "as ListTagsForResource",
    "bedrock-agentcore:ListTagsForResource": "of resources of any kind: the app names them",
    "bedrock-agentcore:TagResource": "as ListTagsForResource",
    "bedrock-agentcore:UntagResource": "as ListTagsForResource",
}
"""The actions on resources that a capability asks about ``*``, which only a grant on all resources allows, and why."""


def allowed(requirement: Requirement, statements: Iterable[Mapping[str, Any]]) -> bool:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    policy = parse_policy(text, name="example", kind=PolicyKind.INLINE)
    context = Context({key: values[0] if len(values) == 1 else values for key, values in requirement.context})
    request = Request(
        f"arn:aws:iam::{ACCOUNT}:role/app", requirement.action, requirement.resource, context, resource_account=ACCOUNT
    )
    return evaluate(request, Policies(identity=[policy])).decision is Decision.ALLOWED


def pairs(policy: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for statement in policy["Statement"]
        for action in statement["Action"]
        for resource in ([statement["Resource"]] if statement["Resource"] == "*" else statement["Resource"])
    }


def declared(capability: Capability) -> tuple[Requirement, ...]:
    return Declaration.of(capabilities=[capability.name]).requirements(Where("aws", REGION, ACCOUNT), {})


@EACH
def test_the_policy_allows_what_is_asked_for_and_nothing_else(capability: Capability) -> None:
    """Each pair of action and resource is a requirement, and each requirement is such a pair."""
    example = example_of(capability)

    assert all(allowed(one, example.policy["Statement"]) for one in example.requirements)
    assert pairs(example.policy) == {(one.action, one.resource) for one in example.requirements}


@EACH
def test_without_any_one_statement_something_is_denied(capability: Capability) -> None:
    """No statement is there for nothing."""
    example = example_of(capability)
    statements = example.policy["Statement"]

    for left_out in range(len(statements)):
        rest = statements[:left_out] + statements[left_out + 1 :]
        assert not rest or not all(allowed(one, rest) for one in example.requirements)


@EACH
def test_the_example_is_what_a_check_asks_for_on_resources_with_names(capability: Capability) -> None:
    """The example narrows what a check asks about the kinds' patterns; it adds and leaves out nothing."""
    example = example_of(capability).requirements
    asked = declared(capability)

    assert {one.action for one in example} == {one.action for one in asked}
    for one in example:
        assert one.resource == "*" or action_matches_kind(find_action(one.action), one.resource)
        assert "*" not in one.resource[1:].removesuffix("amzn-s3-demo-bucket/*"), "a resource without a name"


@WITH_ROLES
def test_the_policy_of_a_service_role_allows_what_the_role_needs(capability: Capability) -> None:
    """Every kind of role that is handed over is shown with what it is for, and no statement is for nothing."""
    example = example_of(capability)

    assert set(example.role_requirements) == set(capability.service_roles)
    assert set(example.role_policies) == {kind for kind, needs in example.role_requirements.items() if needs}
    for kind, policy in example.role_policies.items():
        statements = policy["Statement"]
        needs = example.role_requirements[kind]
        assert all(allowed(one, statements) for one in needs)
        assert pairs(policy) == {(one.action, one.resource) for one in needs}


def test_no_action_on_resources_is_asked_about_all_resources() -> None:
    """But those that are named here with the reason."""
    bare = {
        one.action
        for capability in capabilities().values()
        for one in declared(capability)
        if one.resource == "*" and find_action(one.action).takes_resources
    }

    assert bare == {*ASKED_ON_ALL, *LISTS_OF_ALL}


def test_an_action_is_asked_about_every_kind_that_the_capability_names() -> None:
    """Where an action is authorised on several resources, a grant on one of them is not enough."""
    for capability in capabilities().values():
        for action, kinds in capability.kinds:
            asked = [
                resource_kind_of(find_action(action), one.resource)
                for one in declared(capability)
                if one.action == action
            ]
            assert {kind.name for kind in asked if kind} >= set(kinds), (capability.name, action)


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("batch-inference.run", "bedrock:CreateModelInvocationJob"),
        ("model-customization.run", "bedrock:CreateModelCustomizationJob"),
        ("inference-profiles.manage", "bedrock:CreateInferenceProfile"),
    ],
)
def test_a_kind_that_is_named_is_met_by_the_declared_model(name: str, action: str) -> None:
    """A role that may use one model alone is not asked about all of them."""
    model = "amazon.titan-text-lite-v1"
    asked = Declaration.of(capabilities=[name], models=[model]).requirements(Where("aws", REGION, ACCOUNT), {})
    models = {one.resource for one in asked if one.action == action and "foundation-model" in one.resource}

    assert models == {f"arn:aws:bedrock:{REGION}::foundation-model/{model}"}


def test_the_page_is_what_the_code_says_now() -> None:
    """Else: python -m bedrock_guard.cli.capability_page > docs/capabilities.md"""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_links_of_the_page_lead_to_its_headings() -> None:
    """As a code host makes anchors of headings: dots left out, and every one different."""
    text = page()
    headings = [line.lstrip("# ").replace(".", "") for line in text.splitlines() if line.startswith("##")]
    links = {part.partition(")")[0] for part in text.split("](#")[1:]}

    assert len(set(headings)) == len(headings)
    assert links <= set(headings)
    assert {name.replace(".", "") for name in capabilities()} <= links
