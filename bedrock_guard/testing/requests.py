"""Requests taken apart: which operation of which service is called, where, by which key, with which parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from bedrock_guard.testing.routes import find_route
from bedrock_guard.testing.wire_errors import AwsError, Protocol

__all__ = ["AwsRequest", "Received", "language_of", "read_request", "xml_namespace"]

_SCOPE = re.compile(r"Credential=([^/\s,]+)/\d{8}/([^/\s,]+)/([^/\s,]+)/aws4_request")
_NAMESPACES = {
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}
_TARGETS = {
    "AWSOrganizationsV20161128": "organizations",
    "AmazonBedrockKeystoneRuntimeService": "bedrock-data-automation-runtime",
}
_XML = ("cloudfront", "route53", "s3")
"""Services that answer in XML without being asked in forms; none is here, but each is told so in its language."""
_UNSIGNED = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")


@dataclass(frozen=True, slots=True)
class Received:
    """An HTTP request as it came in; header names are in lower case.

    Attributes:
        region: Of the address it came in at, which counts where no signature names one.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    region: str = ""


@dataclass(frozen=True, slots=True)
class AwsRequest:
    """A call of an AWS operation.

    Attributes:
        service: The name of the boto3 client.
        operation: As AWS spells it; empty if no operation is meant.
        protocol: How it is answered.
        region: What the request was signed for; with an API key, that of the address it was sent to.
        access_key: The access key id; empty if it is not signed.
        session_token: The session token; empty if it has none.
        params: The parameters: of a query the form, else path labels, query string and JSON body together.
        bearer: Whether it carries a Bedrock API key instead of a signature.
        received: The request itself.
        labels: The parameters that are parts of the path, in order.
    """

    service: str
    operation: str
    protocol: Protocol
    region: str
    access_key: str
    session_token: str = field(repr=False)
    params: Mapping[str, Any]
    received: Received
    bearer: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A parameter that is a string; empty if it is absent or something else."""
        value = self.params.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """A parameter that is a list of strings."""
        value = self.params.get(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def xml_namespace(service: str) -> str:
    """The XML namespace of a query service's answers."""
    return _NAMESPACES.get(service, "")


def language_of(received: Received) -> tuple[Protocol, str]:
    """The protocol and the XML namespace to answer in, before it is known what is asked."""
    if _is_form(received):
        return Protocol.QUERY, _NAMESPACES["sts"]
    return (Protocol.JSON if "x-amz-target" in received.headers else Protocol.REST_JSON), ""


def read_request(received: Received) -> AwsRequest:
    """The call that a request makes.

    Raises:
        AwsError: It is not signed, or its body cannot be read.
    """
    authorization = received.headers.get("authorization", "")
    scope = _SCOPE.search(authorization)
    token = received.headers.get("x-amz-security-token", "")
    form = (
        dict(parse_qsl(received.body.decode("utf-8", "replace"), keep_blank_values=True)) if _is_form(received) else {}
    )
    if scope is not None:
        key, region, signing_name = scope.groups()
    elif authorization.startswith("Bearer "):
        key, region, signing_name = "", received.region, "bedrock"
    elif form.get("Action") in _UNSIGNED:
        key, region, signing_name = "", "us-east-1", "sts"
    else:
        raise AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)
    bearer = scope is None and signing_name == "bedrock"
    if signing_name in _NAMESPACES and not (signing_name == "iam" and received.method == "GET"):
        return AwsRequest(
            signing_name, form.get("Action", ""), Protocol.QUERY, region, key, token, _nested(form), received
        )
    target, _, operation = received.headers.get("x-amz-target", "").partition(".")
    if target in _TARGETS:
        params = _json(received.body)
        return AwsRequest(_TARGETS[target], operation, Protocol.JSON, region, key, token, params, received)
    return _of_path(received, signing_name, (key, region, token), bearer=bearer)


def _of_path(received: Received, signing_name: str, signed: tuple[str, str, str], *, bearer: bool) -> AwsRequest:
    key, region, token = signed
    route = find_route(signing_name, received.method, received.path, dict(parse_qsl(received.query)))
    params: dict[str, Any] = dict(parse_qsl(received.query))
    if route is None:
        protocol = Protocol.REST_JSON
        if "x-amz-target" in received.headers:
            protocol = Protocol.JSON
        elif _is_form(received) or signing_name in _XML:
            protocol = Protocol.QUERY
        return AwsRequest(signing_name, "", protocol, region, key, token, params, received, bearer)
    labels = {name: unquote(value) for name, value in route.labels.items()}
    params.update(labels)
    if not route.blob:
        params = {**_json(received.body), **params}
    return AwsRequest(
        route.service, route.operation, Protocol.REST_JSON, region, key, token, params, received, bearer, labels
    )


def _is_form(received: Received) -> bool:
    return received.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AwsError("SerializationException", "The request body is not JSON.") from error
    return read if isinstance(read, dict) else {}


def _nested(form: Mapping[str, str]) -> dict[str, Any]:
    """The form of a query request as nested dicts and lists: ``A.member.2.B=x`` is the B of A's second entry.

    Read without botocore's model, so that parameters which the installed botocore does not know are read too.
    """
    root: dict[str, Any] = {}
    for key, value in form.items():
        node = root
        *parents, last = key.split(".")
        for part in parents:
            child = node.setdefault(part, {})
            if not isinstance(child, dict):
                child = node[part] = {}
            node = child
        node[last] = value
    folded = _fold(root)
    return folded if isinstance(folded, dict) else {}


def _fold(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    folded = {key: _fold(value) for key, value in node.items()}
    if set(folded) == {"member"} and isinstance(folded["member"], dict):
        members = folded["member"]
        return [members[index] for index in _ordered(list(members))]
    return folded


def _ordered(indexes: Sequence[str]) -> list[str]:
    return sorted(indexes, key=lambda index: int(index) if index.isdigit() else 0)
