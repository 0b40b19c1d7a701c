"""What boto3 would refuse of a request is known before the call, nested members too."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

import botocore
import pytest
from botocore.model import StructureShape
from botocore.validate import ParamValidator

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.operations import find_operation, operations
from bedrock_guard.bedrock.request_shapes import ShapedRequest, shaped_request
from tests.bedrock.input_shapes import every_input, input_of

WRITTEN = tables.inputs()["versions"]["botocore"]
NOVA = "amazon.nova-lite-v1:0"


def shaped(operation: str, parameters: dict[str, Any]) -> ShapedRequest:
    return shaped_request(find_operation(operation), parameters)


def faults(operation: str, parameters: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in shaped(operation, parameters).faults]


@pytest.mark.parametrize(
    ("operation", "parameters", "fault"),
    [
        ("converse", {"modelID": NOVA}, "Converse has no parameter 'modelID'; did you mean modelId?"),
        (
            "converse",
            {"guardrailConfig": {"guardrailId": "gr1"}},
            "Converse: guardrailConfig has no parameter 'guardrailId'; did you mean guardrailIdentifier?",
        ),
        (
            "converse",
            {"guardrail_identifier": "gr1"},
            "Converse has no parameter 'guardrail_identifier'; did you mean guardrailConfig.guardrailIdentifier?",
        ),
        (
            "start_async_invoke",
            {"outputDataConfig": {"s3OutputDataConfig": {"s3uri": "s3://out/"}}},
            "StartAsyncInvoke: outputDataConfig.s3OutputDataConfig has no parameter 's3uri'; did you mean s3Uri?",
        ),
        (
            "converse",
            {"messages": [{"role": "user", "content": [{"text": "a"}, {"txt": "b"}]}]},
            "Converse: messages[0].content[1] has no parameter 'txt'; did you mean text?",
        ),
        ("converse", {"guardrailConfig": []}, "Converse: guardrailConfig is of the type list; expected a mapping"),
        ("converse", {"messages": {}}, "Converse: messages is of the type dict; expected a list"),
        ("converse", {"inferenceConfig": {"topP": "1"}}, "Converse: inferenceConfig.topP is of the type str"),
        ("converse", {"inferenceConfig": {"maxTokens": 0}}, "Converse: inferenceConfig.maxTokens is 0"),
        ("invoke_model", {"body": {}}, "InvokeModel: body is of the type dict; expected bytes"),
        ("converse", {"modelId": ""}, "Converse: modelId is empty"),
        ("converse", {"modelId": None}, "Converse: modelId is None"),
        ("converse", {"guardrailConfig": None}, "Converse: guardrailConfig is None"),
        ("converse", {"guardrailConfig": {"guardrailIdentifier": ""}}, "guardrailConfig.guardrailIdentifier is empty"),
        ("create_agent", {"agentResourceRoleArn": ""}, "CreateAgent: agentResourceRoleArn is empty"),
        ("create_agent", {"tags": {"team": None}}, "CreateAgent: tags['team'] is None"),
        ("list_foundation_models", {"by_provider": "x"}, "did you mean byProvider?"),
        (
            "converse",
            {"messages": [{"role": "user", "content": [{"text": "a", "image": {}}]}]},
            "messages[0].content[0] takes one of its members, and text and image are given",
        ),
        ("converse", {"toolConfig": {"tools": []}}, "Converse: toolConfig.tools has 0 entries; expected at least 1"),
        ("converse", {1: NOVA}, "Converse has no parameter 1; it takes"),
    ],
)
def test_a_parameter_that_the_operation_does_not_take_is_a_fault(
    operation: str, parameters: dict[str, Any], fault: str
) -> None:
    """The message names the place and the nearest right name, and shows no value: it may be a secret."""
    (found,) = faults(operation, parameters)
    assert fault in found


@pytest.mark.parametrize(
    ("operation", "version", "taken"),
    [
        ("converse", "1", True),
        ("converse", "DRAFT", True),
        ("converse", "latest", False),
        ("converse", "0", False),
        ("converse", "1 ", False),
        ("create_agent", "latest", False),
        ("create_agent", "0", True),
    ],
)
def test_the_version_of_a_guardrail_is_what_the_model_of_the_operation_takes(
    operation: str, version: str, taken: bool
) -> None:
    name = "guardrailConfig" if operation == "converse" else "guardrailConfiguration"
    assert (faults(operation, {name: {"guardrailVersion": version}}) == []) is taken


def test_everything_that_is_wrong_is_said_at_once_and_the_rest_is_kept() -> None:
    """One run mends the request; what is usable of it is read all the same."""
    parameters = {
        "modelId": NOVA,
        "guardrailConfig": {"guardrailId": "gr1", "trace": "enabled"},
        "messages": [{"role": "user", "content": [{"text": 1}, {"text": "b"}]}],
        "system": "be kind",
    }
    found = shaped("converse", parameters)
    assert len(found.faults) == 3
    assert found.faults[0].suggestions[0] == "guardrailIdentifier"
    assert {fault.code for fault in found.faults} == {"BG504"}
    assert found.parameters == {
        "modelId": NOVA,
        "guardrailConfig": {"trace": "enabled"},
        "messages": [{"role": "user", "content": [{}, {"text": "b"}]}],
    }


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("converse", {}),
        ("converse", {"guardrailConfig": {}, "messages": [], "serviceTier": {}}),
        ("converse", {"additionalModelRequestFields": {"top_k": [1, {"a": None}]}}),
        ("converse", {"inferenceConfig": {"temperature": Decimal("0.5"), "topP": 1}, "requestMetadata": {"a": "b"}}),
        ("invoke_model", {"body": b"{}"}),
        ("invoke_model", {"body": "{}"}),
        ("invoke_model", {"body": BytesIO(b"{}")}),
        ("retrieve_and_generate", {"input": {"text": ""}}),
        ("list_evaluation_jobs", {"creationTimeAfter": datetime(2026, 11, 24, tzinfo=timezone.utc)}),
        ("list_evaluation_jobs", {"creationTimeAfter": "2026-11-24"}),
        ("create_agent", {"tags": {"any name": "x"}, "agentName": "not*allowed*by*the*pattern"}),
    ],
)
def test_what_boto3_sends_is_no_fault(operation: str, parameters: dict[str, Any]) -> None:
    """A request may be given in part, and patterns are the service's to refuse."""
    found = shaped(operation, parameters)
    assert not found.faults
    assert found.parameters == parameters


def test_a_request_that_holds_itself_ends_in_a_fault() -> None:
    part: dict[str, Any] = {}
    part["andAll"] = [part, part]
    search = {"vectorSearchConfiguration": {"filter": part}}
    (found,) = faults("retrieve", {"retrievalConfiguration": search})
    assert found == "Retrieve: retrievalConfiguration is nested too deeply for a request"


def test_a_name_that_only_the_installed_botocore_knows_is_no_fault_and_is_told() -> None:
    asked: list[str] = []

    def is_newer(operation: Any, path: str) -> bool:
        asked.append(path)
        return path == "messages[].content[].hologram"

    content = [{"hologram": {"any": 1}}, {"nothing": 1}]
    found = shaped_request(
        find_operation("converse"), {"messages": [{"role": "user", "content": content}]}, is_newer=is_newer
    )
    assert found.newer == ("messages[0].content[0].hologram",)
    (fault,) = found.faults
    assert "'nothing'" in str(fault)
    assert asked == ["messages[].content[].hologram", "messages[].content[].nothing"]


@pytest.mark.skipif(botocore.__version__ != WRITTEN, reason=f"the shapes are of botocore {WRITTEN}")
@pytest.mark.parametrize("key", sorted(key for key in every_input().keys() & operations().keys() if every_input()[key]))
def test_a_top_level_parameter_of_the_wrong_type_is_refused_wherever_botocore_refuses_it(key: str) -> None:
    """The shipped shapes against botocore's own validator: what it takes is no fault, and what it refuses is one."""
    shape = input_of(key)
    assert isinstance(shape, StructureShape)
    validator = ParamValidator()
    for name in shape.members:
        for value in ("", "x", 1, True, 0.5, [], ["x"], {}, {"x": "y"}, b"x", None):
            report = validator.validate({name: value}, shape)
            message = re.sub(r"Missing required parameter in [^\n]*\n?", "", report.generate_report())
            found = faults(key, {name: value})
            if message.strip() and "input_shape" not in message and not (value == {} and "one of" in message):
                assert found, (name, value, message)
            elif found:
                assert value == "" or "version of a guardrail" in found[0], (name, value, found)
