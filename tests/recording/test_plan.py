"""What is kept of a call's parameters is what it needs, and nothing that it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from hypothesis import HealthCheck, given, settings

from bedrock_guard.bedrock.catalogue import Operation, find_operation, operations
from bedrock_guard.bedrock.operation_rules import NAMESPACES
from bedrock_guard.bedrock.parameter_rules import Makes, rules_of
from bedrock_guard.bedrock.parameters.rules import BODY
from bedrock_guard.bedrock.request import RequestNeeds, read_request
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.recording.inside.bedrock_guard_recorder import _kept
from bedrock_guard.recording.plan import plan, plan_of
from tests.property.test_request import calls
from tests.tasks.catalogue import TASKS
from tests.testing.made_requests import requests_of

SECRET = "s3cr3t-prompt-or-key"


def kept(operation: Operation, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """As the recorder keeps and writes it."""
    found = _kept(dict(parameters), plan_of(operation)) or {}
    read: dict[str, Any] = json.loads(json.dumps(found))
    return read


def needs(operation: Operation, parameters: Mapping[str, Any]) -> RequestNeeds:
    return read_request(operation, parameters, partition="aws", region="us-east-1", account="123456789012")


def same_needs(one: RequestNeeds, other: RequestNeeds) -> bool:
    """Whether they are the same permissions on the same resources, wherever in a list each was named."""

    def bare(found: RequestNeeds) -> set[Any]:
        own = {(need.action, need.resource, need.context, need.advisory) for need in found.needs}
        return own | {(use.action, use.text, use.context, use.advisory) for use in found.models}

    return bare(one) == bare(other)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_what_is_kept_of_a_task_needs_what_the_whole_call_needs(task: Any) -> None:
    """The tasks that developers do most are learned without loss."""
    for name, parameters in task.requests:
        operation = find_operation(name)
        assert same_needs(needs(operation, kept(operation, parameters)), needs(operation, parameters))


@given(calls())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_kept_of_any_call_needs_what_the_whole_call_needs(call: tuple[str, dict[str, Any]]) -> None:
    """Whatever the parameters are: a rule that reads a further one has it kept, without anybody thinking of it."""
    operation, parameters = operations()[call[0]], call[1]
    try:
        whole = needs(operation, parameters)
    except ConfigurationError:
        return  # no call that AWS would take
    assert same_needs(needs(operation, kept(operation, parameters)), whole)


@pytest.mark.parametrize("service", sorted(NAMESPACES))
def test_what_is_kept_of_a_request_of_each_operation_needs_what_it_needs(service: str) -> None:
    """Made from botocore's model, each request names what its parameters take."""
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    read = 0
    for name in model.operation_names:
        if f"{service}:{name}" not in operations():
            continue  # newer than the catalogue
        operation = operations()[f"{service}:{name}"]
        for request in requests_of(model.operation_model(name)):
            try:
                whole = needs(operation, request.params)
            except ConfigurationError:
                continue
            read += 1
            assert same_needs(needs(operation, kept(operation, request.params)), whole), (name, request.params)
    assert read > len(model.operation_names)


def _presence_paths() -> Iterator[tuple[str, str]]:
    for key in operations():
        read = {path for rule in rules_of(key) for path in rule.paths if plan_reads(key, path)}
        for rule in rules_of(key):
            if rule.makes in (Makes.TEMPLATE, Makes.NOTHING, Makes.OWN) and not rule.only:
                yield from ((key, path) for path in rule.paths if path not in read and not path.startswith(BODY))


def plan_reads(key: str, path: str) -> bool:
    node: Any = plan_of(operations()[key])
    for step in re.findall(r"[^.\[\]]+|\[\]", path):
        node = node[step]
    return bool(node[""] != "there")


def _holding(path: str, value: Any) -> Any:
    for step in reversed(re.findall(r"[^.\[\]]+|\[\]", path)):
        value = [value] if step == "[]" else {step: value}
    return value


def test_secrets_whose_presence_alone_counts_are_not_kept() -> None:
    """A client secret or an API key brings a permission by being there; its text is no matter of a policy's."""
    paths = list(_presence_paths())
    assert ("bedrock-agentcore-control:CreateApiKeyCredentialProvider", "apiKey") in paths
    for key, path in paths:
        for value in (SECRET, {"type": SECRET}, [SECRET]):
            found = kept(operations()[key], _holding(path, value))
            assert found, path
            assert SECRET not in json.dumps(found), path


def test_prompts_documents_and_what_is_not_read_is_not_kept() -> None:
    """Of a conversation nothing stays but where its documents are."""
    message = {
        "role": "user",
        "content": [
            {"text": SECRET},
            {"document": {"name": SECRET, "source": {"s3Location": {"uri": "s3://bucket/doc", "bucketOwner": SECRET}}}},
            {"image": {"source": {"bytes": SECRET.encode()}}},
        ],
    }
    call = {
        "modelId": "amazon.nova-lite-v1:0",
        "messages": [message, message],
        "system": [{"text": SECRET}],
        "toolConfig": {"tools": [{"toolSpec": {"name": SECRET}}]},
    }
    assert kept(find_operation("converse"), call) == {
        "modelId": "amazon.nova-lite-v1:0",
        "messages": [{"content": [{"document": {"source": {"s3Location": {"uri": "s3://bucket/doc"}}}}]}],
    }


@pytest.mark.parametrize("body", [SECRET, f'{{"prompt": "{SECRET}"}}', b"\xff\xfe", "{", "[" * 100_000, b"", None])
def test_nothing_of_a_body_is_kept_but_what_is_looked_for(body: Any) -> None:
    """Whatever a body is, it does no harm."""
    found = kept(find_operation("invoke_model"), {"modelId": "amazon.nova-lite-v1:0", "body": body})
    assert found == {"modelId": "amazon.nova-lite-v1:0"}


def test_texts_that_are_too_long_to_name_anything_are_not_kept() -> None:
    assert kept(find_operation("converse"), {"modelId": "x" * 3000}) == {}


def test_the_recorder_is_told_of_every_operation_that_names_something() -> None:
    told = plan("salt")
    assert told["services"] == sorted({key.partition(":")[0] for key in operations()})
    assert len(json.dumps(told)) < 200_000
