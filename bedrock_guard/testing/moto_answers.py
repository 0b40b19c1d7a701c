"""moto's own answers to requests."""

from __future__ import annotations

import io
from functools import cache
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from botocore import xform_name
from moto.bedrock.responses import BedrockResponse
from moto.bedrockagent.responses import AgentsforBedrockResponse
from moto.iam.responses import IamResponse
from moto.moto_server.werkzeug_app import create_backend_app
from moto.organizations.responses import OrganizationsResponse

from bedrock_guard.testing.moto_state import MANAGEMENT_ACCOUNT, MotoState
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import Protocol, Response

__all__ = ["moto_answer", "moto_has"]

_HANDLERS: dict[str, Any] = {
    "iam": IamResponse,
    "organizations": OrganizationsResponse,
    "bedrock": BedrockResponse,
    "bedrock-agent": AgentsforBedrockResponse,
}
_KEPT_HEADERS = ("x-amzn-errortype", "x-amzn-requestid")


def moto_has(service: str, operation: str) -> bool:
    """Whether moto has the operation."""
    return hasattr(_HANDLERS.get(service), xform_name(operation))


def moto_answer(state: MotoState, request: AwsRequest, body: bytes) -> Response:
    """Moto's answer to a request, with ``body`` in place of the request's own."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    with state.in_place():
        environ = _environ(state, request, body)
        chunks = _app(request.service)(environ, lambda status, headers, *_: started.append((status, headers)))
        content = b"".join(chunks)
    status, headers = started[0]
    sent = {name.lower(): value for name, value in headers}
    default = "text/xml" if request.protocol is Protocol.QUERY else "application/json"
    kept = tuple((name, sent[name]) for name in _KEPT_HEADERS if name in sent)
    if "x-amzn-requestid" not in sent:
        kept += (("x-amzn-RequestId", str(uuid4())),)
    return Response(int(status.split()[0]), content, sent.get("content-type", default), kept)


def _environ(state: MotoState, request: AwsRequest, body: bytes) -> dict[str, Any]:
    received = request.received
    scope = f"AKIAIOSFODNN7EXAMPLE/20200101/{request.region}/{request.service}/aws4_request"
    return {
        "REQUEST_METHOD": received.method,
        "PATH_INFO": unquote_to_bytes(received.path).decode("latin-1"),
        "RAW_URI": received.path,
        "REQUEST_URI": received.path,
        "QUERY_STRING": received.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": received.headers.get("content-type", ""),
        "HTTP_X_MOTO_ACCOUNT_ID": MANAGEMENT_ACCOUNT if request.service == "organizations" else state.account,
        "HTTP_HOST": f"{request.service}.{request.region}.amazonaws.com",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "HTTP_X_AMZ_TARGET": received.headers.get("x-amz-target", ""),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@cache
def _app(service: str) -> Any:
    return create_backend_app(service)  # type: ignore[arg-type]
