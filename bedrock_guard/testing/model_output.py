"""What the sandbox's models say: always the same, in the form of the model that was asked.

Source: Bedrock User Guide, model-parameters-anthropic-claude-messages, model-parameters-titan-text,
model-parameters-titan-embed-text, model-parameters-embed and model-parameters-meta; Amazon Nova User Guide,
using-invoke-api (read 2026-11).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from bedrock_guard.testing.event_stream import event
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["conversation", "conversation_stream", "invocation", "invocation_stream"]

_MALFORMED = "Malformed input request, please reformat your input and try again."


def conversation(reply: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of Converse."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": reply}]}},
        "stopReason": "end_turn",
        "usage": _usage(asked, reply),
        "metrics": {"latencyMs": 1},
    }


def conversation_stream(reply: str, asked: Mapping[str, Any]) -> bytes:
    """The events of ConverseStream."""
    events = [event("messageStart", {"role": "assistant"})]
    events += [event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": p}}) for p in _parts(reply)]
    events += [
        event("contentBlockStop", {"contentBlockIndex": 0}),
        event("messageStop", {"stopReason": "end_turn"}),
        event("metadata", {"usage": _usage(asked, reply), "metrics": {"latencyMs": 1}}),
    ]
    return b"".join(events)


def invocation(model_id: str, reply: str, body: bytes) -> dict[str, Any]:
    """The body of InvokeModel's answer.

    Raises:
        AwsError: ``ValidationException``: the request's body does not fit the model.
    """
    asked = _read(model_id, body)
    return _form(model_id)(model_id, reply, asked)


def invocation_stream(model_id: str, reply: str, body: bytes) -> bytes:
    """The events of InvokeModelWithResponseStream.

    Raises:
        AwsError: ``ValidationException``: the request's body does not fit the model.
    """
    asked = _read(model_id, body)
    if model_id.startswith("anthropic."):
        chunks = _claude_chunks(model_id, reply, asked)
    elif model_id.startswith("amazon.nova"):
        chunks = _nova_chunks(reply, asked)
    else:
        chunks = [_form(model_id)(model_id, reply, asked)]
    return b"".join(event("chunk", {"bytes": base64.b64encode(json.dumps(c).encode()).decode()}) for c in chunks)


def _read(model_id: str, body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AwsError("ValidationException", _MALFORMED) from error
    if not isinstance(asked, dict):
        raise AwsError("ValidationException", _MALFORMED)
    if model_id.startswith("anthropic."):
        limit = asked.get("max_tokens", asked.get("max_tokens_to_sample"))
        if not isinstance(limit, int) or limit < 1 or not (asked.get("messages") or asked.get("prompt")):
            raise AwsError("ValidationException", _MALFORMED)
    return asked


def _form(model_id: str) -> Callable[[str, str, Mapping[str, Any]], dict[str, Any]]:
    for start, form in _FORMS:
        if model_id.startswith(start):
            return form
    return _plain


def _claude(model_id: str, reply: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": "msg_bdrk_sandbox",
        "type": "message",
        "role": "assistant",
        "model": model_id.removeprefix("anthropic."),
        "content": [{"type": "text", "text": reply}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": _tokens(asked), "output_tokens": _tokens(reply)},
    }


def _claude_chunks(model_id: str, reply: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    begun = {**_claude(model_id, reply, asked), "content": [], "stop_reason": None}
    text = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": part}}
        for part in _parts(reply)
    ]
    return [
        {"type": "message_start", "message": begun},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *text,
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": _tokens(reply)},
        },
        {"type": "message_stop"},
    ]


def _nova(_: str, reply: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": reply}]}},
        "stopReason": "end_turn",
        "usage": _usage(asked, reply),
    }


def _nova_chunks(reply: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"messageStart": {"role": "assistant"}},
        *({"contentBlockDelta": {"delta": {"text": part}, "contentBlockIndex": 0}} for part in _parts(reply)),
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
        {"metadata": {"usage": _usage(asked, reply), "metrics": {}}},
    ]


def _titan_text(_: str, reply: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    result = {"tokenCount": _tokens(reply), "outputText": reply, "completionReason": "FINISH"}
    return {"inputTextTokenCount": _tokens(asked), "results": [result]}


def _titan_embedding(_: str, __: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    dimensions = asked.get("dimensions")
    return {
        "embedding": _vector(dimensions if isinstance(dimensions, int) else 1024),
        "inputTextTokenCount": _tokens(asked),
    }


def _cohere_embedding(_: str, __: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    texts = asked.get("texts")
    texts = texts if isinstance(texts, list) else []
    vectors = [_vector(1024) for _ in texts]
    return {"id": "sandbox", "response_type": "embeddings_floats", "embeddings": vectors, "texts": texts}


def _llama(_: str, reply: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "generation": reply,
        "prompt_token_count": _tokens(asked),
        "generation_token_count": _tokens(reply),
        "stop_reason": "stop",
    }


def _mistral(_: str, reply: str, __: Mapping[str, Any]) -> dict[str, Any]:
    return {"outputs": [{"text": reply, "stop_reason": "stop"}]}


def _plain(_: str, reply: str, __: Mapping[str, Any]) -> dict[str, Any]:
    return {"output": reply}


_FORMS = (
    ("anthropic.", _claude),
    ("amazon.nova", _nova),
    ("amazon.titan-embed", _titan_embedding),
    ("amazon.titan", _titan_text),
    ("cohere.embed", _cohere_embedding),
    ("meta.", _llama),
    ("mistral.", _mistral),
)


def _vector(dimensions: int) -> list[float]:
    size = max(1, min(dimensions, 1024))
    return [round(1 / size, 6)] * size


def _usage(asked: Mapping[str, Any], reply: str) -> dict[str, int]:
    read, written = _tokens(asked), _tokens(reply)
    return {"inputTokens": read, "outputTokens": written, "totalTokens": read + written}


def _tokens(content: Any) -> int:
    """A plausible number: a token for every four characters."""
    return max(1, len(content if isinstance(content, str) else json.dumps(content, default=str)) // 4)


def _parts(reply: str) -> list[str]:
    """The reply in two pieces, so that a stream is one."""
    middle = len(reply) // 2
    return [part for part in (reply[:middle], reply[middle:]) if part]
