"""Errors as AWS puts them on the wire."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import Enum
from uuid import uuid4
from xml.sax.saxutils import escape

__all__ = ["AwsError", "Protocol", "Response", "xml_text"]


class Protocol(str, Enum):
    """How a service talks: forms and XML, JSON with a target header, or JSON with paths."""

    QUERY = "query"
    JSON = "json"
    REST_JSON = "rest-json"


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer."""

    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = field(default=())


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """``text`` for the inside of an XML element; what XML cannot hold becomes ``?``."""
    return escape(_NOT_XML.sub("?", text)).replace("\r", "&#13;")


class AwsError(Exception):
    """A refusal.

    Attributes:
        code: AWS's error code, such as ``AccessDenied``.
        message: AWS's text.
        status: The HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status

    def response(self, protocol: Protocol, namespace: str = "") -> Response:
        """The refusal as a service of that protocol writes it."""
        request_id = str(uuid4())
        headers: tuple[tuple[str, str], ...] = (("x-amzn-RequestId", request_id),)
        if protocol is Protocol.QUERY:
            return Response(self.status, self._xml(namespace, request_id).encode(), "text/xml", headers)
        if protocol is Protocol.JSON:
            body = {"__type": self.code, "Message": self.message}
            return Response(self.status, json.dumps(body).encode(), "application/x-amz-json-1.1", headers)
        headers = (*headers, ("x-amzn-ErrorType", self.code))
        return Response(self.status, json.dumps({"message": self.message}).encode(), "application/json", headers)

    def _xml(self, namespace: str, request_id: str) -> str:
        side = "Sender" if self.status < 500 else "Receiver"
        return (
            f'<ErrorResponse xmlns="{namespace}"><Error><Type>{side}</Type><Code>{xml_text(self.code)}</Code>'
            f"<Message>{xml_text(self.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
