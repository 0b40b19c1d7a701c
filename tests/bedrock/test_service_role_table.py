"""The table of service roles is held against the rules of operations, botocore's shapes, the catalogue and its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest

from bedrock_guard.bedrock.catalogue import action_matches_kind, find_action
from bedrock_guard.bedrock.operation_rules import ADDED
from bedrock_guard.bedrock.service_role_details import DETAIL_NAMES
from bedrock_guard.bedrock.service_role_kinds import Target
from bedrock_guard.bedrock.service_role_page import updated
from bedrock_guard.bedrock.service_role_resources import RESOURCES
from bedrock_guard.bedrock.service_roles import (
    KINDS,
    WITHOUT_KIND,
    RoleDetails,
    RoleKind,
    kinds_handed_over,
    service_role_requirements,
)
from bedrock_guard.bedrock.tables import catalogue
from tests.bedrock.trusts import ACCOUNT, REGION, ROLE

PAGE = Path(__file__).parents[2] / "docs" / "service-roles.md"


def test_every_operation_that_passes_a_role_has_its_kind_or_is_named_as_having_none() -> None:
    """And under the same parameter and the same service as in the rules of operations."""
    for addition in ADDED:
        if addition.use.action != "iam:PassRole":
            continue
        for operation in addition.operations:
            found = kinds_handed_over(operation)
            assert bool(found) is not (operation in WITHOUT_KIND), operation
            for kind, parameter in found:
                assert (parameter,) == addition.use.parameters
                assert addition.use.context == (("iam:PassedToService", kind.trust.principal),)


def test_the_table_names_no_operation_that_passes_no_role() -> None:
    passing = {op for addition in ADDED if addition.use.action == "iam:PassRole" for op in addition.operations}
    named = {one.operation for kind in KINDS.values() for one in kind.handed_over} | set(WITHOUT_KIND)
    assert named == passing


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_line_has_a_source_and_every_action_exists(kind: RoleKind) -> None:
    assert kind.trust.source
    for need in kind.needs:
        assert need.source
        for action in need.actions:
            assert find_action(action).name == action


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_is_assumed_or_was_not_read_is_advice_only(kind: RoleKind) -> None:
    for need in kind.needs:
        assert need.advisory or not need.source.startswith("assumed"), need


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3])


def _paths(service: str) -> Iterator[str]:
    model = botocore.session.Session().get_service_model(service)
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        if shape is not None:
            yield from _under(shape, "", ())


def _under(shape: Any, path: str, seen: tuple[str, ...]) -> Iterator[str]:
    if shape.name in seen or len(seen) > 14:
        return
    inside = (*seen, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from _under(member, f"{path}.{name}" if path else name, inside)
    elif shape.type_name == "list":
        yield from _under(shape.member, f"{path}[]", inside)
    elif shape.type_name == "string":
        yield path


@pytest.mark.skipif(
    _release(botocore.__version__) < _release(catalogue()["versions"]["botocore"]),
    reason="an older botocore lacks some of the paths",
)
def test_every_path_that_is_read_exists_in_a_request() -> None:
    known = {path for service in ("bedrock", "bedrock-agent", "bedrock-agentcore-control") for path in _paths(service)}
    read = {path for kind in KINDS.values() for one in kind.reads for path in (one.path, one.prefix) if path}
    assert read - known == set()


def test_details_that_are_read_and_asked_about_exist() -> None:
    members = {field.name for field in fields(RoleDetails)}
    assert set(DETAIL_NAMES.values()) == members
    for kind in KINDS.values():
        assert {one.detail for one in kind.reads} <= members
        assert {detail.partition(":")[0] for detail, _ in kind.notes} <= members
        assert {need.named for need in kind.needs} - {""} <= members
    assert {one.detail.partition(":")[0] for one in RESOURCES.values()} <= members


def test_every_target_is_a_model_or_has_its_resource() -> None:
    models = {Target.MODEL, Target.ROUTED_MODEL, Target.PROFILE, Target.PROFILE_MODEL, Target.PROVISIONED}
    assert set(Target) - models - {Target.NOTHING} == set(RESOURCES)


def test_the_page_is_what_the_table_says() -> None:
    """If not: python -m bedrock_guard.bedrock.service_role_page docs/service-roles.md."""
    text = PAGE.read_text(encoding="utf-8")
    assert updated(text) == text


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_permission_is_asked_on_a_resource_that_its_action_takes(kind: RoleKind) -> None:
    """Named or not; an action without resources is asked on *."""
    here = f"{REGION}:{ACCOUNT}"
    every = RoleDetails(
        models=("amazon.nova-lite-v1:0", f"arn:aws:bedrock:{here}:provisioned-model/abcdefghijkl"),
        buckets=("in/a",),
        outputs=("out/b",),
        keys=("k",),
        resource_keys=("k",),
        stores=(
            f"arn:aws:aoss:{here}:collection/c",
            f"arn:aws:es:{here}:domain/d",
            f"arn:aws:rds:{here}:cluster:c",
            f"arn:aws:neptune-graph:{here}:graph/g",
            f"arn:aws:s3vectors:{here}:bucket/b/index/i",
            f"arn:aws:kendra:{here}:index/i",
            f"arn:aws:redshift-serverless:{here}:workgroup/w",
        ),
        secrets=(f"arn:aws:secretsmanager:{here}:secret:s",),
        lambdas=("f",),
        guardrails=("gr1",),
        knowledge_bases=("KB1",),
        agents=("A/B",),
        prompts=("P1",),
        log_groups=("logs",),
        repositories=("images",),
        policy_engines=("engine",),
        subnets=("subnet-1",),
        security_groups=("sg-1",),
    )
    for details in (RoleDetails(), every):
        for one in service_role_requirements(
            kind.name, ROLE, partition="aws", region=REGION, account=ACCOUNT, details=details
        ):
            action = find_action(one.action)
            if one.resource == "*":
                assert not action.takes_resources, one.action
            elif action.resource_kinds:
                assert action_matches_kind(action, one.resource), (one.action, one.resource)
