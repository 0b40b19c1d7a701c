"""Answers of IAM and STS as XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from bedrock_guard.testing.requests import AwsRequest, xml_namespace
from bedrock_guard.testing.wire_errors import Response, xml_text

__all__ = ["query_answer"]

_MAPS = ("EvalDecisionDetails",)
"""Members that are maps and not structures: XML writes the two differently."""


def query_answer(request: AwsRequest, result: Mapping[str, Any]) -> Response:
    """The answer to a call: dicts are structures, lists have ``member`` elements."""
    operation = request.operation
    request_id = str(uuid4())
    body = (
        f'<{operation}Response xmlns="{xml_namespace(request.service)}">'
        f"<{operation}Result>{_members(result)}</{operation}Result>"
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        f"</{operation}Response>"
    )
    return Response(200, body.encode(), "text/xml", (("x-amzn-RequestId", request_id),))


def _members(structure: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_map(value) if name in _MAPS else _value(value)}</{name}>" for name, value in structure.items()
    )


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list):
        return "".join(f"<member>{_value(item)}</member>" for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return xml_text(str(value))


def _map(entries: Mapping[str, Any]) -> str:
    return "".join(
        f"<entry><key>{xml_text(key)}</key><value>{_value(value)}</value></entry>" for key, value in entries.items()
    )
