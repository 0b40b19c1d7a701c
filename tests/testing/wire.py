"""A client of the query protocol that knows no service model: it sends what it is told to and shows what comes back."""

from __future__ import annotations

import http.client
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

_VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}


@dataclass(frozen=True)
class Answer:
    """An answer as it was on the wire.

    Attributes:
        status: The HTTP status.
        code: ``Success`` or the error code.
        message: The error's text.
        result: The result's elements; an element that is absent is absent here too, an empty one is ``""``.
    """

    status: int
    code: str
    message: str
    result: dict[str, Any]


def call(session: boto3.Session, endpoint_url: str, service: str, operation: str, params: Mapping[str, Any]) -> Answer:
    """The answer to a signed call over HTTP."""
    form = {"Action": operation, "Version": _VERSIONS[service], **_flat(params)}
    body = urlencode(form).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST", f"{endpoint_url}/", data=body, headers=headers)
    credentials = session.get_credentials()
    assert credentials is not None
    SigV4Auth(credentials, service, "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection(urlsplit(endpoint_url).netloc)
    try:
        connection.request("POST", "/", body=body, headers=dict(request.headers))
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    return _read(response.status, content)


def _read(status: int, content: bytes) -> Answer:
    root = ET.fromstring(content)  # noqa: S314 - the sandbox's own
    if status != 200:
        error = next(element for element in root if _name(element) == "Error")
        fields = {_name(element): element.text or "" for element in error}
        return Answer(status, fields["Code"], fields["Message"], {})
    result = next((element for element in root if _name(element).endswith("Result")), None)
    read = {} if result is None else _value(result)
    return Answer(status, "Success", "", read if isinstance(read, dict) else {})


def _flat(value: Any, name: str = "") -> dict[str, str]:
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for key, inner in value.items():
            found.update(_flat(inner, f"{name}.{key}" if name else key))
        return found
    if isinstance(value, list):
        if not value:
            return {name: ""}
        return {k: v for n, item in enumerate(value, 1) for k, v in _flat(item, f"{name}.member.{n}").items()}
    if isinstance(value, bool):
        return {name: "true" if value else "false"}
    return {name: str(value)}


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _value(element: ET.Element) -> Any:
    children = list(element)
    if not children:
        return element.text or ""
    if all(_name(child) == "member" for child in children):
        return [_value(child) for child in children]
    if all(_name(child) == "entry" for child in children):
        return {_value(child)["key"]: _value(child)["value"] for child in children}
    return {_name(child): _value(child) for child in children}
