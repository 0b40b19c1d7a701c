"""Requests of any operation, made from botocore's model of its input: what each names is of a kind that the pattern of
the parameter admits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

from bedrock_guard.bedrock.kinds import kinds_of

__all__ = ["ACCOUNT", "REGION", "MadeRequest", "requests_of"]

ACCOUNT = "123456789012"
REGION = "us-east-1"
_MODEL = "amazon.nova-lite-v1:0"
_DEPTH = 9
_MOST = 60
"""Requests of one operation; those that come after differ in what no authorization depends on."""

_IDENTIFIES = re.compile(
    r"((?<![a-z])id|Id|Ids|Arn|ARN|Arns|Identifier|Identifiers|copyFrom|[mM]odel|policies|[uU]ri|qualifier"
    r"|[kK]msKey|kmsEncryptionKey|Version|[rR]ole)$"
)

_ARN = re.compile("(Arn|ARN|Arns|[rR]ole|endpointIdentifier|kmsEncryptionKey)$")
"""What is an ARN although its parameter has no pattern."""

_UUID = "a1b2c3d4-1111-2222-3333-444455556666"
_GUARDRAIL_PROFILE = "us.guardrail.v1:0"
_IDS = ("ABCDEFGHIJ", "abcdefghij", "abcdefghij12", "1", _GUARDRAIL_PROFILE, _MODEL, f"us.{_MODEL}", _UUID)

_OTHERS = (
    "s3://a-bucket/folder/",
    f"arn:aws:iam::{ACCOUNT}:role/service-role/handed-over",
    f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{_UUID}",
    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:tool",
    f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:store-AbCdEf",
    f"arn:aws:aoss:{REGION}:{ACCOUNT}:collection/abcdefghij1234567890",
    f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/an-endpoint",
    f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/a-package/1",
    f"arn:aws:sagemaker:{REGION}:aws:hub-content/SageMakerPublicHub/Model/a-model/1.0.0",
    f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:a-cluster",
    f"arn:aws:kendra:{REGION}:{ACCOUNT}:index/{_UUID}",
    f"arn:aws:neptune-graph:{REGION}:{ACCOUNT}:graph/g-abcdefghij",
    "arn:aws:s3:::a-bucket",
    f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/vectors",
    f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/vectors/index/an-index",
    f"arn:aws:es:{REGION}:{ACCOUNT}:domain/a-domain",
    f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}:workgroup/{_UUID}",
    f"arn:aws:glue:{REGION}:{ACCOUNT}:database/a-database",
)

_OF_RESOURCE = {
    "custom-model": f"{_MODEL}/abcdefghij12",
    "foundation-model": _MODEL,
    "guardrail-profile": _GUARDRAIL_PROFILE,
    "inference-profile": f"us.{_MODEL}",
    "data-automation-profile": "us.data-automation-v1",
}
"""Ids of kinds, where the variable of the ARN is called ResourceId or ProfileId."""

_VARIABLES = {
    "Partition": "aws",
    "Region": REGION,
    "Account": ACCOUNT,
    "AgentAliasId": "ALIASABCDE",
    "FlowAliasId": "ALIASABCDE",
    "GuardrailId": "abcdefghij12",
    "RetrievalInstructionId": "abcdefghij",
    "PromptVersion": "1",
    "AutomatedReasoningPolicyVersion": "1",
    "AutomatedReasoningPolicyId": "abcdefghij12",
    "SessionId": _UUID,
}


@dataclass(frozen=True)
class MadeRequest:
    """A request.

    Attributes:
        params: As boto3 takes them.
        what: What is special about it.
    """

    params: Mapping[str, Any]
    what: str = field(default="")


def requests_of(operation: OperationModel) -> Iterator[MadeRequest]:
    """The least request, one with everything, and one for each thing that an identifying parameter may be.

    Of a structure of which one member may be given, each is given in turn.
    """
    shape = operation.input_shape
    if shape is None:
        yield MadeRequest({}, "nothing")
        return
    seen: list[Any] = []
    for made in _requests(shape):
        if made.params not in seen and len(seen) < _MOST:
            seen.append(made.params)
            yield made


def _requests(shape: StructureShape) -> Iterator[MadeRequest]:
    yield MadeRequest(_Maker(full=False).structure(shape), "the least")
    yield MadeRequest(_Maker(full=True).structure(shape), "everything")
    for full in (False, True):
        first = _Maker(full=full)
        first.structure(shape)
        for path, choices in first.chosen.items():
            for index, choice in enumerate(choices):
                made = _Maker(full=full, choose={path: index}).structure(shape)
                yield MadeRequest(made, f"{'everything' if full else 'the least'}, {path}: {choice}")


class _Maker:
    """Values for shapes; notes where there was a choice."""

    def __init__(self, *, full: bool, choose: Mapping[str, int] | None = None) -> None:
        self.full = full
        self.choose = choose or {}
        self.chosen: dict[str, Sequence[str]] = {}

    def structure(self, shape: StructureShape, path: str = "", above: Sequence[str] = ()) -> dict[str, Any]:
        names = list(shape.members)
        if getattr(shape, "is_tagged_union", False):
            names = [names[self._index(path, names)]]
        elif not self.full or len(above) >= _DEPTH or above.count(shape.name):
            names = [name for name in names if name in shape.required_members]
        if above.count(shape.name) > 1:
            return {}
        inside = (*above, shape.name)
        return {name: self._value(shape.members[name], name, f"{path}.{name}".lstrip("."), inside) for name in names}

    def _value(self, shape: Shape, name: str, path: str, above: Sequence[str]) -> Any:
        if getattr(shape, "is_document_type", False):
            return {"key": "value"}
        if isinstance(shape, StructureShape):
            return self.structure(shape, path, above)
        if isinstance(shape, ListShape):
            length = max(1, shape.metadata.get("min", 1))
            return [self._value(shape.member, name, f"{path}[]", above)] * length
        if isinstance(shape, MapShape):
            return {"key": self._value(shape.value, name, f"{path}.key", above)}
        if isinstance(shape, StringShape):
            return self._text(shape, name, path)
        return _scalar(shape)

    def _text(self, shape: StringShape, name: str, path: str) -> str:
        if shape.enum:
            return str(shape.enum[0])
        found = _texts(shape.metadata.get("pattern", ""), name, shape.metadata.get("min", 0), shape.metadata.get("max"))
        return found[self._index(path, found)]

    def _index(self, path: str, choices: Sequence[str]) -> int:
        if len(choices) > 1:
            self.chosen[path] = choices
        return min(self.choose.get(path, 0), len(choices) - 1)


def _scalar(shape: Shape) -> Any:
    if shape.type_name in ("integer", "long"):
        return max(1, int(shape.metadata.get("min", 1)))
    if shape.type_name in ("float", "double"):
        return float(shape.metadata.get("min", 0.5))
    if shape.type_name == "timestamp":
        return datetime(2026, 11, 24, tzinfo=timezone.utc)
    return {"boolean": True, "blob": b"{}"}[shape.type_name]


@cache
def _texts(pattern: str, name: str, least: int, most: int | None) -> tuple[str, ...]:
    """What a parameter of that name and pattern may be; those first that sound like it."""
    if _IDENTIFIES.search(name) if pattern else _ARN.search(name):
        every = [*_arns().values(), *_OTHERS, *_IDS]
        fitting = [one for one in every if _fits(pattern, one) and least <= len(one) <= (most or len(one))]
        fitting = [one for one in fitting if pattern or one.startswith("arn:")]
        if "uardrail" not in name:
            fitting = [one for one in fitting if one != _GUARDRAIL_PROFILE]
        if fitting:
            return tuple(sorted(fitting, key=lambda one: -_likeness(name, one)))
    for text in ("a-text", "text", "1", "ABCDEFGHIJ", "abcdefghij12", "DRAFT", "a" * 64, "2026-11-24T00:00:00Z"):
        if least <= len(text) <= (most or len(text)) and _fits(pattern, text):
            return (text,)
    return ("x" * max(least, 1),)


def _fits(pattern: str, text: str) -> bool:
    """Whether a text is of the pattern, which is written for Java."""
    plain = re.sub(r"\\P\{\w+\}", r"\\S", re.sub(r"\\p\{\w+\}", r"\\w", pattern))
    return not pattern or re.fullmatch(plain, text) is not None


def _likeness(name: str, value: str) -> int:
    """How much of the type in an ARN the name of a parameter says; custom models cannot be called as they are."""
    words = re.findall("[a-z]+|[A-Z][a-z]*", name)
    type_ = re.split("[:/]", value.split(":", 5)[-1])[0].replace("-", "") if value.startswith("arn:") else ""
    return sum(len(word) for word in words if word.lower() in type_) - (type_ == "custommodel")


@cache
def _arns() -> Mapping[str, str]:
    """One ARN of each kind of Bedrock."""
    found = {}
    for kind in kinds_of("bedrock"):
        own = _OF_RESOURCE.get(kind.name, "abcdefghij12")
        found[kind.name] = re.sub(
            r"\$\{([^}]*)\}",
            lambda variable, own=own: _VARIABLES.get(  # type: ignore[misc]
                variable[1], own if variable[1] in ("ResourceId", "ProfileId", "JobIdentifier") else "ABCDEFGHIJ"
            ),
            kind.arn.split(", ")[0],
        )
    return found
