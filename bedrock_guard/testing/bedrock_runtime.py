"""The data plane: model calls, retrieval and agents, with canned output."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from bedrock_guard.testing.bedrock_models import BedrockPlace, Profiles, read_model
from bedrock_guard.testing.event_stream import CONTENT_TYPE, event
from bedrock_guard.testing.model_catalog import profile_only
from bedrock_guard.testing.model_output import conversation, conversation_stream, invocation, invocation_stream
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError, Response

__all__ = ["RUNTIME_OPERATIONS", "answer_runtime"]

_STREAM_TYPE = "X-Amzn-Bedrock-Content-Type"


def answer_runtime(request: AwsRequest, place: BedrockPlace, profiles: Profiles, reply: str) -> Response:
    """The answer to an authorised call of one of :data:`RUNTIME_OPERATIONS`.

    Raises:
        AwsError: ``ValidationException``: a model that is not served here, or a body that does not fit it.
    """
    return RUNTIME_OPERATIONS[request.operation](request, place, profiles, reply)


def _model_id(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> str:
    asked = request.text("modelId")
    if ":prompt/" in asked:
        return ""
    target = read_model(asked, place, profiles)
    if not target.id and ("inference-profile/" in target.first):
        raise AwsError("ValidationException", "The provided model identifier is invalid.")
    if not target.models and profile_only(target.id):
        # Source: messages of the real service in public reports; the apostrophe is typographic.
        raise AwsError(
            "ValidationException",
            f"Invocation of model ID {asked} with on-demand throughput isn’t supported. Retry your request with "
            "the ID or ARN of an inference profile that contains this model.",
        )
    return target.id


def _converse(request: AwsRequest, place: BedrockPlace, profiles: Profiles, reply: str) -> Response:
    _model_id(request, place, profiles)
    return _json(conversation(reply, _messages(request)))


def _converse_stream(request: AwsRequest, place: BedrockPlace, profiles: Profiles, reply: str) -> Response:
    _model_id(request, place, profiles)
    return _events(conversation_stream(reply, _messages(request)))


def _messages(request: AwsRequest) -> Mapping[str, Any]:
    if not request.params.get("messages") and ":prompt/" not in request.text("modelId"):
        raise AwsError("ValidationException", "A conversation must start with a user message.")
    return {"messages": request.params.get("messages")}


def _invoke(request: AwsRequest, place: BedrockPlace, profiles: Profiles, reply: str) -> Response:
    model = _model_id(request, place, profiles)
    return _json(invocation(model, reply, request.received.body))


def _invoke_stream(request: AwsRequest, place: BedrockPlace, profiles: Profiles, reply: str) -> Response:
    model = _model_id(request, place, profiles)
    body = invocation_stream(model, reply, request.received.body)
    return _events(body, (_STREAM_TYPE, "application/json"))


def _count_tokens(request: AwsRequest, *_: Any) -> Response:
    return _json({"inputTokens": max(1, len(json.dumps(request.params.get("input"))) // 4)})


def _apply_guardrail(*_: Any) -> Response:
    usage = dict.fromkeys(
        (
            "topicPolicyUnits",
            "contentPolicyUnits",
            "wordPolicyUnits",
            "sensitiveInformationPolicyUnits",
            "sensitiveInformationPolicyFreeUnits",
            "contextualGroundingPolicyUnits",
        ),
        0,
    )
    return _json({"usage": usage, "action": "NONE", "outputs": [], "assessments": [{}]})


def _retrieve(_: AwsRequest, __: BedrockPlace, ___: Profiles, reply: str) -> Response:
    location = {"type": "S3", "s3Location": {"uri": "s3://sandbox/document.txt"}}
    result = {"content": {"text": reply, "type": "TEXT"}, "location": location, "score": 1.0}
    return _json({"retrievalResults": [result]})


def _retrieve_and_generate(request: AwsRequest, _: BedrockPlace, __: Profiles, reply: str) -> Response:
    return _json({"sessionId": request.text("sessionId") or str(uuid4()), "output": {"text": reply}, "citations": []})


def _retrieve_and_generate_stream(request: AwsRequest, _: BedrockPlace, __: Profiles, reply: str) -> Response:
    session = request.text("sessionId") or str(uuid4())
    return _events(event("output", {"text": reply}), ("x-amzn-bedrock-knowledge-base-session-id", session))


def _rerank(request: AwsRequest, *_: Any) -> Response:
    sources = request.params.get("sources")
    count = len(sources) if isinstance(sources, list) else 0
    return _json({"results": [{"index": index, "relevanceScore": 1 / (index + 1)} for index in range(count)]})


def _invoke_agent(request: AwsRequest, _: BedrockPlace, __: Profiles, reply: str) -> Response:
    payload = {"bytes": base64.b64encode(reply.encode()).decode()}
    body = event("chunk", payload)
    content_type = ("x-amzn-bedrock-agent-content-type", "application/json")
    return _events(body, content_type, ("x-amz-bedrock-agent-session-id", request.text("sessionId") or str(uuid4())))


RUNTIME_OPERATIONS: Mapping[str, Callable[[AwsRequest, BedrockPlace, Profiles, str], Response]] = {
    "ApplyGuardrail": _apply_guardrail,
    "Converse": _converse,
    "ConverseStream": _converse_stream,
    "CountTokens": _count_tokens,
    "InvokeAgent": _invoke_agent,
    "InvokeInlineAgent": _invoke_agent,
    "InvokeModel": _invoke,
    "InvokeModelWithResponseStream": _invoke_stream,
    "Rerank": _rerank,
    "Retrieve": _retrieve,
    "RetrieveAndGenerate": _retrieve_and_generate,
    "RetrieveAndGenerateStream": _retrieve_and_generate_stream,
}


def _json(body: Mapping[str, Any]) -> Response:
    headers = (("x-amzn-RequestId", str(uuid4())),)
    return Response(200, json.dumps(body).encode(), "application/json", headers)


def _events(body: bytes, *headers: tuple[str, str]) -> Response:
    return Response(200, body, CONTENT_TYPE, (("x-amzn-RequestId", str(uuid4())), *headers))
