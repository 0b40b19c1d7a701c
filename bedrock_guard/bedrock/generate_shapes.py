"""Writes down what the parameters of operations hold, from botocore's models; a part of the development command.

One text for each operation's input (``@Converse``) and each structure, list or map below it::

    "modelId:.s1 messages:Messages"    a structure: its members, each with what it holds
    "|text:.s image:ImageBlock"        a structure of which one member is given
    "[Message"  "[1Message"            a list, and one of at least one entry
    "{.s"                              a map of texts to what follows

What begins with a dot is no shape of its own: ``.s`` a text, ``.s1`` one of at least one character, ``.v`` and ``.v0``
the version of a guardrail, ``.i`` an integer, ``.i1`` one from 1, ``.f`` a number, ``.b`` a truth value, ``.x`` bytes,
``.t`` a time, ``.d`` anything.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["shapes_of"]

_PLAIN = {
    "boolean": ".b",
    "blob": ".x",
    "timestamp": ".t",
    "float": ".f",
    "double": ".f",
}
_IDENTIFIES = re.compile(r"(?:^|[a-z])(?:[aA]rn|ARN|[iI]d|[iI]dentifier|[nN]ame)$")


def shapes_of(service: str) -> dict[str, str]:
    """What the inputs of all operations of a client hold."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    found: dict[str, str] = {}
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        found[f"@{name}"] = "" if shape is None else _members(shape, found)
    return found


def _members(shape: Any, found: dict[str, str]) -> str:
    required = set(shape.required_members)
    held = [f"{name}:{_held(member, found, name, name in required)}" for name, member in shape.members.items()]
    return ("|" if shape.is_tagged_union else "") + " ".join(held)


def _held(shape: Any, found: dict[str, str], member: str = "", required: bool = False) -> str:  # noqa: FBT001, FBT002
    kind = shape.type_name
    if kind == "string":
        return _text(shape, member, required)
    if kind in ("integer", "long"):
        least = shape.metadata.get("min")
        return f".i{least}" if isinstance(least, int) and least > 0 else ".i"
    if getattr(shape, "is_document_type", False) or getattr(shape, "is_eventstream_type", False):
        return ".d"
    if kind in ("structure", "list", "map"):
        if shape.name not in found:
            found[shape.name] = ""  # a shape may hold itself
            found[shape.name] = _container(shape, found)
        return str(shape.name)
    return _PLAIN[kind]


def _container(shape: Any, found: dict[str, str]) -> str:
    if shape.type_name == "structure":
        return _members(shape, found)
    if shape.type_name == "map":
        return "{" + _held(shape.value, found)
    least = shape.metadata.get("min", 0)
    return f"[{least or ''}{_held(shape.member, found)}"


def _text(shape: Any, member: str, required: bool) -> str:  # noqa: FBT001
    pattern = shape.metadata.get("pattern", "")
    if "DRAFT" in pattern and "uardrailVersion" in shape.name:
        return ".v0" if "[0-9]{1,8}" in pattern else ".v"
    least = shape.metadata.get("min", 0)
    if not least and not _may_be_empty(shape, pattern, member, required):
        least = 1
    return f".s{least or ''}"


def _may_be_empty(shape: Any, pattern: str, member: str, required: bool) -> bool:  # noqa: FBT001
    """Whether AWS takes an empty text where its model gives no shortest length, as far as that can be told."""
    identifies = _IDENTIFIES.search(member) is not None
    if member == "guardrailIdentifier":
        # The pattern has room for it; whoever names a guardrail and leaves it empty means one all the same.
        return False
    if not (required or identifies):
        return True
    if pattern:
        return re.search(rf"\A(?:{re.sub(r'.p{[^}]*}', 'w', pattern)})\Z", "") is not None
    return not required or not (identifies or shape.enum)
