"""The parameters of every operation, by their paths, from botocore's models."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from bedrock_guard.bedrock.operation_rules import NAMESPACES

__all__ = ["Members", "every_input", "input_of", "members"]

Members = dict[str, Shape]


@cache
def _service(name: str) -> ServiceModel | None:
    if name not in Loader().list_available_services("service-2"):
        return None
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


@cache
def every_input() -> dict[str, Members]:
    """Operation key to its parameters; services and operations that the installed botocore lacks are absent."""
    return {
        f"{service}:{operation}": dict(members(model.operation_model(operation).input_shape))
        for service in NAMESPACES
        if (model := _service(service)) is not None
        for operation in model.operation_names
    }


def input_of(key: str) -> Shape | None:
    """The input of one operation; None where it has none."""
    service, _, operation = key.partition(":")
    model = _service(service)
    assert model is not None
    shape: Shape | None = model.operation_model(operation).input_shape
    return shape


def members(shape: Shape | None, path: str = "", inside: frozenset[str] = frozenset()) -> Iterator[tuple[str, Shape]]:
    """Every member below ``shape`` by its path; recursive shapes are entered once."""
    if shape is None or shape.name in inside:
        return
    inside |= {shape.name}
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            below = f"{path}.{name}" if path else name
            yield below, member
            yield from members(member, below, inside)
    elif isinstance(shape, ListShape):
        yield from members(shape.member, f"{path}[]", inside)
    elif isinstance(shape, MapShape):
        yield from members(shape.value, f"{path}{{}}", inside)
