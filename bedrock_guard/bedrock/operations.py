"""Operations of Bedrock's APIs, found by any name a Python developer would give them, with the actions they
need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from bedrock_guard.bedrock import operation_rules as rules
from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.operation_rules import ActionUse
from bedrock_guard.bedrock.suggestions import nearest, no_such_name
from bedrock_guard.errors import ConfigurationError

__all__ = ["Operation", "find_operation", "operations", "operations_named"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one boto3 client, with the IAM actions that it is authorised as.

    Attributes:
        service: The boto3 client name, such as ``"bedrock-runtime"``.
        name: As AWS spells it, such as ``"ConverseStream"``.
        method: The boto3 method, such as ``"converse_stream"``.
        actions: The first is the operation's own; those with ``parameters`` are needed only when one is
            given.
    """

    service: str
    name: str
    method: str
    actions: tuple[ActionUse, ...]

    @property
    def key(self) -> str:
        """``"bedrock-runtime:ConverseStream"``."""
        return f"{self.service}:{self.name}"


def operations() -> Mapping[str, Operation]:
    """Every operation by its key, ``"bedrock-runtime:Converse"``, in order of the keys."""
    return _operations()


def operations_named(name: str) -> tuple[Operation, ...]:
    """The operations with that name, however it is cased or joined (``"converse_stream"``)."""
    return _by_name().get(_fold(name), ())


def find_operation(text: str) -> Operation:
    """The operation that ``text`` names.

    Takes ``"bedrock-runtime:ConverseStream"``, ``"bedrock-runtime.converse_stream"``, ``"ConverseStream"`` or
    ``"converse_stream"``. A bare name that several services share is taken when all need the same actions
    (the first service by name wins).

    Raises:
        ConfigurationError: No such operation, or several that need different actions; with the nearest names.
    """
    cleaned = text.strip()
    service, separator, name = cleaned.replace(".", ":", 1).partition(":")
    if not separator:
        return _find_bare(cleaned)
    candidates = operations_named(name)
    for operation in candidates:
        if operation.service == service.lower():
            return operation
    raise _no_operation(cleaned, service.lower(), name, candidates)


def _find_bare(name: str) -> Operation:
    candidates = operations_named(name)
    if not candidates:
        close = [o.key for n in nearest(_fold(name), list(_by_name()), cutoff=0.7) for o in _by_name()[n]]
        raise no_such_name(f"there is no Bedrock operation {name!r}", close)
    needs = {tuple(use.action for use in operation.actions) for operation in candidates}
    if len(needs) > 1:
        keys = [operation.key for operation in candidates]
        raise ConfigurationError(
            f"operation {name!r} exists in several services, which need different permissions: "
            f"name one of {', '.join(keys)}",
            suggestions=keys,
        )
    return candidates[0]


def _no_operation(text: str, service: str, name: str, candidates: Sequence[Operation]) -> ConfigurationError:
    keys = [operation.key for operation in candidates]
    if service not in rules.NAMESPACES:
        known = ", ".join(rules.NAMESPACES)
        return no_such_name(f"operation {text!r}: {service!r} is no boto3 client of Bedrock (they are {known})", keys)
    if not keys:
        of_service = {_fold(o.name): o.key for o in operations().values() if o.service == service}
        keys = nearest(_fold(name), of_service)
        keys += [o.key for n in nearest(_fold(name), list(_by_name()), count=2, cutoff=0.8) for o in _by_name()[n]]
    return no_such_name(f"operation {text!r}: the boto3 client {service!r} has no {name!r}", keys)


def _fold(name: str) -> str:
    return name.strip().replace("_", "").replace("-", "").lower()


@lru_cache(maxsize=1)
def _operations() -> Mapping[str, Operation]:
    added: dict[str, list[ActionUse]] = {}
    for addition in rules.ADDED:
        for key in addition.operations:
            added.setdefault(key, []).append(addition.use)
    table = tables.catalogue()["operations"]
    found = [
        Operation(service, name, method, (*_own(service, name), *added.get(f"{service}:{name}", ())))
        for service, methods in sorted(table.items())
        for name, method in sorted(methods.items())
    ]
    return MappingProxyType({operation.key: operation for operation in found})


def _own(service: str, name: str) -> tuple[ActionUse, ...]:
    replaced = rules.REPLACED.get(f"{service}:{name}")
    if replaced is not None:
        return replaced
    action = f"{rules.NAMESPACES[service]}:{name}"
    unlisted = rules.UNLISTED.get(action)
    if unlisted is not None:
        return (ActionUse(action, advisory=True, source=unlisted.source),)
    return (ActionUse(action),)


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, tuple[Operation, ...]]:
    found: dict[str, tuple[Operation, ...]] = {}
    for operation in operations().values():
        name = _fold(operation.name)
        found[name] = (*found.get(name, ()), operation)
    return found
