"""Which operation a path means: the Bedrock services share one host here, so the path has to tell them apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel

__all__ = ["Route", "find_route", "operation_model"]

_BY_SIGNING_NAME = {
    "bedrock": (
        "bedrock-runtime",
        "bedrock",
        "bedrock-agent",
        "bedrock-agent-runtime",
        "bedrock-data-automation",
    ),
    "bedrock-agentcore": ("bedrock-agentcore", "bedrock-agentcore-control"),
    # IAM itself is asked in forms.
    "iam": ("iam-toolbox",),
}
"""Clients by the name that their requests are signed for, those first that win where two share a path: tagging alone,
which is authorised the same way."""

_LABEL = re.compile(r"\\\{([A-Za-z0-9_]+)(\\\+)?\\\}")


@dataclass(frozen=True, slots=True)
class Route:
    """What a path means.

    Attributes:
        service: The name of the boto3 client.
        operation: As AWS spells it.
        labels: The parts of the path that are parameters, still percent-encoded.
        blob: Whether the body is not JSON of the operation but bytes it passes on.
    """

    service: str
    operation: str
    labels: Mapping[str, str]
    blob: bool


@dataclass(frozen=True, slots=True)
class _Template:
    method: str
    pattern: re.Pattern[str]
    literal_length: int
    query: Mapping[str, str]
    service: str
    operation: str
    blob: bool


def find_route(signing_name: str, method: str, path: str, query: Mapping[str, str]) -> Route | None:
    """The operation of the services that sign as ``signing_name``, or None.

    Args:
        signing_name: From the request's credential scope.
        method: The HTTP method.
        path: The path as it was sent, percent-encoded.
        query: The query string; a few operations are told apart by it.
    """
    best: tuple[int, _Template, re.Match[str]] | None = None
    for service in _BY_SIGNING_NAME.get(signing_name, ()):
        for template in _templates(service):
            if template.method != method or any(query.get(k) != v for k, v in template.query.items()):
                continue
            match = template.pattern.fullmatch(path)
            if match is not None and (best is None or template.literal_length > best[0]):
                best = (template.literal_length, template, match)
    if best is None:
        return None
    _, template, match = best
    return Route(template.service, template.operation, match.groupdict(), template.blob)


def operation_model(service: str, operation: str) -> OperationModel | None:
    """The model of an operation; None if the installed botocore does not have it."""
    model = _model(service)
    return model.operation_model(operation) if model is not None and operation in model.operation_names else None


@lru_cache(maxsize=32)
def _model(service: str) -> ServiceModel | None:
    try:
        return _session().get_service_model(service)
    except UnknownServiceError:
        return None  # an older botocore than the service


@lru_cache(maxsize=32)
def _templates(service: str) -> tuple[_Template, ...]:
    model = _model(service)
    return () if model is None else tuple(_template(service, name, model) for name in model.operation_names)


@lru_cache(maxsize=1)
def _session() -> botocore.session.Session:
    return botocore.session.Session()


def _template(service: str, name: str, model: ServiceModel) -> _Template:
    operation = model.operation_model(name)
    uri, _, query = operation.http["requestUri"].partition("?")
    pattern = _LABEL.sub(lambda found: f"(?P<{found[1]}>{'.+' if found[2] else '[^/]+'})", re.escape(uri))
    literal = re.sub(r"\{[^}]*\}", "", uri)
    shape = operation.input_shape
    payload = shape.serialization.get("payload") if shape is not None else None
    blob = bool(payload and shape is not None and shape.members[payload].type_name == "blob")
    fixed = dict(part.partition("=")[::2] for part in query.split("&") if part)
    return _Template(operation.http["method"], re.compile(pattern), len(literal), fixed, service, name, blob)
