"""Anything that holds errors of AWS, read into denials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials.exceptions import units_of_exception
from bedrock_guard.advice.denials.matching import by_code, denials_in
from bedrock_guard.advice.denials.normal import normalise
from bedrock_guard.advice.denials.simulated import simulated_in_mapping
from bedrock_guard.advice.denials.surroundings import Surroundings
from bedrock_guard.advice.denials.trees import texts_of_tree
from bedrock_guard.advice.denials.units import Unit, decoded, units_of_text
from bedrock_guard.iam.decision import Layer

__all__ = ["Reading", "read_denials"]

_COLUMNS = 40
"""No narrower terminal breaks lines in earnest."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source holds.

    Attributes:
        denials: Every error in it, once each, in its order.
        unrecognised: What is plainly an error, or was given as one, and is not in the catalogue; the whole source where
            nothing in it was recognised.
    """

    denials: tuple[Denial, ...] = ()
    unrecognised: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"denials": [denial.to_dict() for denial in self.denials], "unrecognised": self.unrecognised}


def read_denials(source: str | bytes | BaseException | Mapping[str, Any]) -> Reading:
    """Every error of AWS in the source, once each; never raises for a source of these types.

    Args:
        source: A message, log, traceback, JSON document, CloudTrail event or HTTP response as text, bytes or a parsed
            mapping; or an exception, whose causes, contexts and groups are read too.
    """
    if isinstance(source, BaseException):
        shown, found = _read_exception(source)
    elif isinstance(source, (str, bytes, bytearray, memoryview)):
        shown = source if isinstance(source, str) else decoded(source)
        found = list(_read(Unit(text=shown)))
    else:
        shown, found = _shown(source), list(_read(Unit(tree=source)))
    denials = _once_each(found)
    if not denials:
        return Reading((), shown)
    unknown = [denial.raw for denial in denials if denial.cause == "unrecognised"]
    return Reading(tuple(denials), "\n".join(dict.fromkeys(unknown)))


def _read_exception(error: BaseException) -> tuple[str, list[Denial]]:
    texts: list[str] = []
    found: list[Denial] = []
    for alternatives in units_of_exception(error):
        read: list[Denial] = []
        for unit in alternatives:
            texts.append(unit.text)
            denials = list(_read(unit))
            if any(denial.cause != "unrecognised" for denial in denials):
                read = denials
                break
            read = read or denials
        found += read
    return "\n".join(text for text in texts if text), found


def _read(unit: Unit) -> Iterator[Denial]:
    coded: list[Surroundings] = []
    said = False
    for denial in _read_units(unit, coded):
        said = True
        yield denial
    if not said:
        for known in coded[:1]:
            denial_of_code = by_code(known, unit.text or _shown(unit.tree))
            if denial_of_code is not None:
                yield denial_of_code


def _read_units(unit: Unit, coded: list[Surroundings]) -> Iterator[Denial]:
    """The denials of a text or tree; ``coded`` collects errors of which there is a code and perhaps no text."""
    for part in units_of_text(unit.text) if unit.tree is None else (unit,):
        known = part.known.or_else(unit.known)
        if part.tree is None:
            yield from _read_text(part.text, known)
            continue
        for leaf in texts_of_tree(part.tree, known):
            if leaf.tree is None:
                yield from denials_in(normalise(leaf.text), leaf.known, is_message=leaf.is_message)
                continue
            simulated = simulated_in_mapping(leaf.tree)
            if simulated is not None:
                yield simulated
            if _is_silent_event(leaf.tree):
                denial = by_code(leaf.known, _shown(leaf.tree))
                if denial is not None:
                    yield denial
            elif leaf.known.error_code is not None:
                coded.append(leaf.known)


def _read_text(text: str, known: Surroundings) -> Iterator[Denial]:
    found = list(denials_in(normalise(text), known, is_message=False))
    if not found:
        joined = _without_columns(text)
        found = list(denials_in(normalise(joined), known, is_message=False)) if joined != text else []
    yield from found


def _without_columns(text: str) -> str:
    """The text with its lines joined where a terminal broke them at a column, in the middle of words."""
    lines = text.splitlines()
    width = max(map(len, lines), default=0)
    if width < _COLUMNS:
        return text
    return "".join(line if len(line) == width else f"{line}\n" for line in lines)


def _is_silent_event(tree: Mapping[str, Any]) -> bool:
    """Whether it is a CloudTrail event that has an error code and no message."""
    return "eventName" in tree and bool(tree.get("errorCode")) and not tree.get("errorMessage")


def _once_each(found: Iterable[Denial]) -> list[Denial]:
    """Each meaning once; what a later copy says of the request fills up the first."""
    kept: dict[tuple[Any, ...], Denial] = {}
    for denial in found:
        key = _meaning(denial)
        kept[key] = _filled(kept[key], denial) if key in kept else denial
    denials = list(kept.values())
    named = {(d.caller, d.action, d.resource) for d in denials if d.layer not in (None, Layer.UNKNOWN)}
    whole = {(d.caller, d.action) for d in denials if d.layer not in (None, Layer.UNKNOWN) and d.resource}
    return [d for d in denials if not _is_shorter_copy(d, named, whole)]


def _is_shorter_copy(denial: Denial, named: set[tuple[Any, ...]], whole: set[tuple[Any, ...]]) -> bool:
    """Whether another denial is the same sentence and says more: logs cut messages."""
    if denial.kind is not DenialKind.PERMISSION or denial.layer is not Layer.UNKNOWN or denial.explicit is not None:
        return False
    if denial.simulated:
        return False
    if (denial.caller, denial.action, denial.resource) in named:
        return True
    return denial.resource is None and (denial.caller, denial.action) in whole


def _meaning(denial: Denial) -> tuple[Any, ...]:
    if denial.kind is DenialKind.PERMISSION:
        return (
            denial.kind,
            denial.simulated,
            denial.caller,
            denial.action,
            denial.resource,
            denial.layer,
            denial.explicit,
            denial.policy_arn,
            denial.missing_context,
        )
    if denial.cause == "unrecognised":
        return denial.kind, denial.cause, denial.error_code, denial.operation, denial.raw
    return denial.kind, denial.cause, denial.model


def _filled(first: Denial, later: Denial) -> Denial:
    names = ["error_code", "operation", "service", "status", "region", "model", "retry_after_seconds"]
    if first.request_id is None and first.authorization_id is None:
        names += ["request_id", "authorization_id"]
    filled = {name: getattr(later, name) for name in names if getattr(first, name) is None}
    return replace(first, **{name: value for name, value in filled.items() if value is not None})


def _shown(tree: Any) -> str:
    try:
        return str(tree)
    except Exception:  # noqa: BLE001  # a mapping of somebody else may do anything
        return ""
