"""Exceptions walked, by duck typing: causes, contexts and groups, and the response that a client error carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.advice.denials.surroundings import Surroundings
from bedrock_guard.advice.denials.units import Unit

__all__ = ["attribute_of", "chain_of", "units_of_exception"]

_LIMIT = 200
_INNER = ("original_exception", "inner_exception", "exception", "orig", "reason")


def units_of_exception(error: BaseException) -> Iterator[tuple[Unit, ...]]:
    """For every exception of the chain what to read, the best first: the next is for when that says nothing."""
    for each in chain_of(error):
        yield tuple(_units(each))


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes and contexts, the members of groups, and what it wraps; each once, 200 at most."""
    waiting: list[BaseException] = [error]
    # The exceptions are kept, so that no other can get the same id.
    seen: dict[int, BaseException] = {}
    while waiting and len(seen) < _LIMIT:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen[id(current)] = current
        yield current
        waiting += _linked(current)


def _units(error: BaseException) -> Iterator[Unit]:
    known = Surroundings(operation=_text(error, "operation_name"), request_id=_text(error, "request_id"))
    for name in ("response", "body"):
        value = attribute_of(error, name)
        if isinstance(value, Mapping) and value:
            yield Unit(tree=_without_diagnosis(value), known=known)
    text = _shown(error)
    if text:
        yield Unit(text=f"{type(error).__name__}: {text}", known=known)
    notes = attribute_of(error, "__notes__")
    if isinstance(notes, list):
        yield from (Unit(text=note, known=known) for note in notes[:_LIMIT] if isinstance(note, str))


def _without_diagnosis(response: Mapping[str, Any]) -> Mapping[str, Any]:
    """The response as AWS gave it: what a guarded client added quotes the error and is no second one."""
    try:
        return {key: value for key, value in response.items() if key != "BedrockGuard"}
    except Exception:  # noqa: BLE001  # a mapping of somebody else may do anything
        return response


def _linked(error: BaseException) -> Iterator[BaseException]:
    cause = attribute_of(error, "__cause__")
    suppressed = attribute_of(error, "__suppress_context__")
    inner = [cause if cause is not None or suppressed else attribute_of(error, "__context__")]
    group = attribute_of(error, "exceptions")
    if isinstance(group, Sequence) and not isinstance(group, (str, bytes)):
        inner += group[:_LIMIT]
    inner += [attribute_of(error, name) for name in _INNER]
    arguments = attribute_of(error, "args")
    if isinstance(arguments, tuple):
        inner += arguments[:_LIMIT]
    yield from (each for each in inner if isinstance(each, BaseException))


def attribute_of(error: BaseException, name: str) -> Any:
    """The attribute; None where there is none, or where it does not let itself be read."""
    try:
        return getattr(error, name, None)
    except Exception:  # noqa: BLE001  # a property of somebody else's exception may raise anything
        return None


def _text(error: BaseException, name: str) -> str | None:
    value = attribute_of(error, name)
    return value if isinstance(value, str) and value else None


def _shown(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # the same of its __str__
        return ""
