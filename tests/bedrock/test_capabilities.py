"""Capabilities: each leads to operations and actions that exist, and wrong names to the nearest right ones."""

from __future__ import annotations

import re

import pytest

from bedrock_guard.bedrock.capabilities import Capability, capabilities, find_capability
from bedrock_guard.bedrock.catalogue import find_action, find_operation
from bedrock_guard.bedrock.operation_rules import SAME_NAME
from bedrock_guard.errors import ConfigurationError

EACH = pytest.mark.parametrize("capability", capabilities().values(), ids=lambda c: c.name)


@pytest.mark.parametrize(
    "name",
    [
        "agents.invoke",
        "async-invoke.run",
        "batch-inference.run",
        "flows.invoke",
        "guardrails.apply",
        "knowledge-bases.generate",
        "knowledge-bases.query",
        "model-customization.run",
        "models.converse",
        "models.invoke",
        "models.list",
        "models.stream",
        "prompts.render",
        "provisioned-throughput.manage",
    ],
)
def test_the_names_that_apps_declare_stay(name: str) -> None:
    """A declared name that vanished would stop an app at startup."""
    assert find_capability(name).name == name


@EACH
def test_a_capability_has_a_dotted_name_and_a_sentence(capability: Capability) -> None:
    """The list is read by people."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*", capability.name)
    assert capability.summary[0].isupper()
    assert capability.summary.endswith(".")


@EACH
def test_a_capability_names_what_exists(capability: Capability) -> None:
    """Operations by their whole key, actions in AWS's spelling, at least one of either."""
    assert capability.operations or capability.actions
    for key in capability.operations:
        assert find_operation(key).key == key
    for use in capability.actions:
        assert find_action(use.action).name == use.action


@EACH
def test_an_action_beside_the_operations_has_a_source(capability: Capability) -> None:
    """What does not follow from an operation's name must be from somewhere."""
    assert bool(capability.source) is bool(capability.actions)
    assert all(use.source and use.source != SAME_NAME for use in capability.actions)


@EACH
def test_a_capability_that_hands_a_role_over_brings_pass_role(capability: Capability) -> None:
    """With the service that the operation's own rule names."""
    needed = {
        use.context
        for key in capability.operations
        for use in find_operation(key).actions
        if use.action == "iam:PassRole"
    }
    brought = {use.context for use in capability.actions if use.action == "iam:PassRole"}

    assert brought == needed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Knowledge-Bases.Query", "knowledge-bases.query"),
        ("knowledge_bases.query", "knowledge-bases.query"),
        (" models.invoke ", "models.invoke"),
    ],
)
def test_case_and_underscores_do_not_matter(text: str, name: str) -> None:
    """Names come from Python, TOML and shells."""
    assert find_capability(text).name == name


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("knowledge-base.query", "knowledge-bases.query"),
        ("models.convers", "models.converse"),
        ("guardrails.xyzzyxyzzyxyzzy", "guardrails.apply"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest(text: str, suggestion: str) -> None:
    """By spelling, and failing that by area."""
    with pytest.raises(ConfigurationError) as raised:
        find_capability(text)

    assert repr(text) in str(raised.value)
    assert suggestion in raised.value.suggestions
