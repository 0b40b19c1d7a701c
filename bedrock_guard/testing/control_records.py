"""Control-plane resources that neither moto nor another module models: kept as created, shown as asked.

A resource is whatever has a Create, a Get and perhaps a List, Update and Delete operation: prompts, flows, aliases,
invocation jobs, gateways …. What an answer has to contain is read from botocore's model of the operation.
"""

from __future__ import annotations

import json
import re
import secrets
import string
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any
from uuid import uuid4

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.testing.bedrock_models import BedrockPlace
from bedrock_guard.testing.moto_answers import moto_has
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.routes import operation_model
from bedrock_guard.testing.wire_errors import AwsError, Response

__all__ = ["ControlRecords"]

_OPERATION = re.compile(r"(Create|Delete|Get|List|Update)([A-Z]\w+)")
_SETTLED = ("READY", "PREPARED", "Prepared", "ACTIVE", "AVAILABLE", "Active", "COMPLETED", "Completed", "SUCCEEDED")
_ALPHABET = string.ascii_uppercase + string.digits
_DEEP = 4
"""How deep required structures are filled in."""


@dataclass(frozen=True, slots=True)
class _Noun:
    """One kind of resource.

    Attributes:
        service: The name of the boto3 client.
        name: As operations spell it, such as ``AgentAlias``.
        id_name: The parameter of the Get operation that names one of them.
        parents: Its other parameters: what the resource belongs to.
        id_length: Of new ids.
    """

    service: str
    name: str
    id_name: str
    parents: tuple[str, ...]
    id_length: int = 10


class ControlRecords:
    """The resources of an account."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def has(self, request: AwsRequest) -> bool:
        """Whether :meth:`answer` can answer the operation."""
        return _read(request.service, request.operation) is not None

    def find(self, service: str, name: str, identifier: str) -> Mapping[str, Any] | None:
        """The resource with that id or ARN, or None."""
        with self._lock:
            kept = dict(self._records.get((service, name), {}))
        return next((record for record in kept.values() if identifier in (record["id"], record["arn"])), None)

    def answer(self, request: AwsRequest, place: BedrockPlace) -> Response:
        """The answer to an authorised call.

        Raises:
            AwsError: ``ResourceNotFoundException``: there is no such resource.
        """
        read = _read(request.service, request.operation)
        model = operation_model(request.service, request.operation)
        if read is None or model is None:
            raise LookupError(request.operation)
        verb, noun = read
        if verb == "List":
            filled = _fill(model.output_shape, {}, 0)
            return _response(model, {**filled, **self._listed(request, noun, model)})
        record = self._new(request, noun, place) if verb == "Create" else self._held(request, noun)
        with self._lock:
            kept = self._records.setdefault((noun.service, noun.name), {})
            if verb == "Delete":
                kept.pop(record["id"], None)
            elif verb == "Update":
                kept[record["id"]] = record = {**record, **_given(request), "updatedAt": _now()}
            elif verb == "Create":
                kept[record["id"]] = record
        return _response(model, _fill(model.output_shape, record, 0, _stems(noun.name)))

    def _new(self, request: AwsRequest, noun: _Noun, place: BedrockPlace) -> dict[str, Any]:
        id_ = "".join(secrets.choice(_ALPHABET) for _ in range(noun.id_length))
        record = {**_given(request), **{name: request.params[name] for name in request.labels}}
        names = [value for key, value in record.items() if key.lower().endswith("name") and isinstance(value, str)]
        now = _now()
        arn = _arn(noun, id_, record, place)
        fixed = {
            "id": id_,
            "arn": arn,
            **{f"{stem}Id": id_ for stem in _stems(noun.name)},
            **{f"{stem}Arn": arn for stem in _stems(noun.name)},
            noun.id_name: arn if noun.id_name.endswith("Arn") else id_,
            "version": "DRAFT",
            "createdAt": now,
            "updatedAt": now,
        }
        # What it belongs to keeps its own id: the alias of an agent has an agentId.
        return {"name": names[0] if names else id_, **fixed, **record, "id": id_, "arn": arn}

    def _held(self, request: AwsRequest, noun: _Noun) -> dict[str, Any]:
        identifier = request.text(noun.id_name)
        found = self.find(noun.service, noun.name, identifier)
        if found is None:
            raise AwsError("ResourceNotFoundException", f"The requested {noun.name} {identifier} was not found.", 404)
        return dict(found)

    def _listed(self, request: AwsRequest, noun: _Noun, model: OperationModel) -> dict[str, Any]:
        with self._lock:
            kept = list(self._records.get((noun.service, noun.name), {}).values())
        within = [
            record
            for record in kept
            if all(record.get(name) == request.text(name) for name in noun.parents if request.text(name))
        ]
        shape = model.output_shape
        for name, member in shape.members.items() if shape is not None else ():
            if isinstance(member, ListShape):
                return {name: [_fill(member.member, record, 0) for record in within]}
        return {}


@lru_cache(maxsize=1024)
def _read(service: str, operation: str) -> tuple[str, _Noun] | None:
    """The verb and the noun of an operation; None where the resource is not kept here."""
    found = _OPERATION.fullmatch(operation)
    if found is None:
        return None
    verb, name = found.groups()
    for singular in (name, name.removesuffix("s"), name.removesuffix("es"), f"{name.removesuffix('ies')}y"):
        get, create = operation_model(service, f"Get{singular}"), operation_model(service, f"Create{singular}")
        if get is not None and create is not None and get.input_shape is not None:
            if moto_has(service, f"Create{singular}"):
                return None
            members = get.input_shape.members
            labels = {m.serialization.get("name", n): n for n, m in members.items()}
            # In the order of the path: an older botocore lists the members by the alphabet.
            path = re.findall(r"\{(\w+)\+?\}", get.http["requestUri"])
            names = [labels[label] for label in path if label in labels] or list(get.input_shape.required_members)
            if not names:
                return None
            shortest = int(members[names[-1]].metadata.get("min", 0))
            return verb, _Noun(service, singular, names[-1], tuple(names[:-1]), max(10, min(shortest, 100)))
    return None


def _stems(name: str) -> list[str]:
    """What members are named after: of ModelInvocationJob ``modelInvocationJob``, ``invocationJob`` and ``job``."""
    words = re.findall(r"[A-Z][a-z0-9]*", name)
    tails = ["".join(words[start:]) for start in range(len(words))]
    return [tail[0].lower() + tail[1:] for tail in tails]


def _given(request: AwsRequest) -> dict[str, Any]:
    return {name: value for name, value in request.params.items() if name not in request.labels}


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _arn(noun: _Noun, id_: str, record: Mapping[str, Any], place: BedrockPlace) -> str:
    """The ARN in the form of the kind that the Get action is authorised on."""
    namespace = "bedrock-agentcore" if noun.service.startswith("bedrock-agentcore") else "bedrock"
    try:
        kinds = find_action(f"{namespace}:Get{noun.name}").resource_kinds
    except ConfigurationError:
        kinds = ()
    values = {"partition": place.partition, "region": place.region, "account": place.account}
    values.update((key.lower(), value) for key, value in record.items() if isinstance(value, str))
    form = kinds[0].arn.split(", ")[0] if kinds else place.arn(f"{noun.name.lower()}/${{Id}}")
    own = f"{noun.name.lower()}id"
    return re.sub(r"\$\{(\w+)\}", lambda v: id_ if v[1].lower() == own else values.get(v[1].lower(), id_), form)


def _fill(shape: Shape | None, record: Mapping[str, Any], depth: int, wrappers: Sequence[str] = ()) -> dict[str, Any]:
    """What a structure may say of a record: what is known, and something for what has to be there.

    Args:
        shape: The structure.
        record: The resource.
        depth: How deep in the answer.
        wrappers: Members that hold the resource itself, whether or not they are required.
    """
    if not isinstance(shape, StructureShape):
        return {}
    filled: dict[str, Any] = {}
    for name, member in shape.members.items():
        required = name in shape.required_members
        if isinstance(member, StructureShape) and not isinstance(record.get(name), dict):
            if (required or name in wrappers) and depth < _DEEP:
                filled[name] = _fill(member, record, depth + 1)
        elif name in record:
            filled[name] = record[name]
        elif required or name == "status":
            filled[name] = _something(member)
    return filled


def _something(shape: Shape) -> Any:
    if isinstance(shape, ListShape):
        return []
    if isinstance(shape, MapShape):
        return {}
    if shape.type_name == "string":
        values = list(getattr(shape, "enum", ()))
        return next((value for value in _SETTLED if value in values), values[0] if values else "")
    return {"timestamp": _now(), "boolean": False}.get(shape.type_name, 0)


def _response(model: OperationModel, body: Mapping[str, Any]) -> Response:
    headers = (("x-amzn-RequestId", str(uuid4())),)
    return Response(int(model.http.get("responseCode", 200)), json.dumps(body).encode(), "application/json", headers)
