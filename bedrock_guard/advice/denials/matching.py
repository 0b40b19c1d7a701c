"""One text read: IAM's sentences, the texts of the catalogue, and errors of which only the code is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials.catalogue import BY_CAUSE, TEXTS, UNRECOGNISED, permission_code
from bedrock_guard.advice.denials.common_texts import cause_of_code
from bedrock_guard.advice.denials.grammar import Statement, read_statements
from bedrock_guard.advice.denials.known_text import KnownText, retry_after_seconds
from bedrock_guard.advice.denials.normal import Normal
from bedrock_guard.advice.denials.simulated import simulated_in_text
from bedrock_guard.advice.denials.surroundings import Surroundings, around, errors_named

__all__ = ["by_code", "denials_in"]

_NEAR = 300
_YIELDS_WITHIN = 900
_MESSAGE_LIMIT = 800

# Codes of calls that fail because a call behind them was denied: the sentence in them is about somebody else.
_QUOTING = frozenset({"validationexception", "dependencyfailedexception", "badgatewayexception"})


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    make: Callable[[Surroundings], Iterator[Denial]]
    text: KnownText | None = None


def denials_in(normal: Normal, known: Surroundings, *, is_message: bool) -> Iterator[Denial]:
    """Every error in the text.

    Args:
        normal: The text, made plain.
        known: What was said about it where it was found.
        is_message: Whether it is one error's message, so that its code alone is worth something.
    """
    hits = _hits(normal, known)
    hits = sorted(hits + _by_code_alone(normal, hits), key=lambda hit: (hit.start, -hit.end))
    if not hits and is_message and cause_of_code(known.error_code) is not None:
        denial = by_code(known, normal.original)
        if denial is not None:
            yield denial
    for index, hit in enumerate(hits):
        floor = hits[index - 1].end if index else 0
        ceiling = hits[index + 1].start if index + 1 < len(hits) else len(normal.text)
        found = around(normal, hit.start, hit.end, floor=min(floor, hit.start), ceiling=max(ceiling, hit.end))
        surrounding = known.or_else(found) if is_message else found.or_else(known)
        for denial in hit.make(surrounding):
            yield denial if denial.raw else _with_raw(denial, normal, hit, floor, ceiling)


def by_code(known: Surroundings, raw: str) -> Denial | None:
    """The denial that an error code alone makes; None for a code that says nothing here."""
    cause = cause_of_code(known.error_code)
    if cause is None:
        return None
    text = BY_CAUSE.get(cause)
    return Denial(
        kind=text.kind if text else DenialKind.OTHER,
        cause=cause,
        code=text.code if text else UNRECOGNISED,
        retryable=text.retryable if text else False,
        raw=raw,
        **_context(known),
    )


def _hits(normal: Normal, known: Surroundings) -> list[_Hit]:
    sentences = [_Hit(s.start, s.end, _maker(s)) for s in read_statements(normal)]
    ends = [hit.end for hit in sentences]
    hits = list(sentences)
    found = [hit for text in TEXTS for hit in _occurrences(normal, text, known)]
    at: dict[str, list[int]] = {}
    for hit in sorted(found, key=lambda hit: hit.start):
        if hit.text is not None:
            at.setdefault(hit.text.cause, []).append(hit.start)
    for hit in found:
        # A sentence of IAM may hold such words, in the name of a resource.
        index = bisect_right(ends, hit.start)
        inside = index < len(sentences) and sentences[index].start <= hit.start
        if not inside and not _yields(hit, at, said=bool(sentences)):
            hits.append(hit)
    hits += [_Hit(start, end, _fixed(denial)) for start, end, denial in simulated_in_text(normal)]
    return hits


def _occurrences(normal: Normal, text: KnownText, known: Surroundings) -> Iterator[_Hit]:
    for needle in text.needles:
        position = normal.lower.find(needle)
        while position >= 0:
            end = position + len(needle)
            if not text.near or _is_near(normal, text, position, end, known):
                yield _Hit(position, end, _text_maker(normal, text, position, end), text)
            position = normal.lower.find(needle, end)


def _is_near(normal: Normal, text: KnownText, start: int, end: int, known: Surroundings) -> bool:
    if (known.error_code or "").lower() == text.error_code.lower():
        return True
    # Only a text of that length is looked at whole: there may be as many hits as there are words.
    if len(normal.lower) < end - start + _NEAR and normal.lower.strip(" .") == text.needles[0]:
        return True
    window = normal.lower[max(0, start - _NEAR) : end + _NEAR]
    return any(word in window for word in text.near)


def _yields(hit: _Hit, at: dict[str, list[int]], *, said: bool) -> bool:
    """Whether a text that says more stands near; a bare ``access_denied`` gives way to any sentence of IAM."""
    if hit.text is None:
        return False
    for cause in hit.text.yields_to:
        positions = at.get(cause, [])
        index = bisect_left(positions, hit.start - _YIELDS_WITHIN)
        if index < len(positions) and positions[index] <= hit.start + _YIELDS_WITHIN:
            return True
    return said and hit.text.cause == "model-not-released"


def _by_code_alone(normal: Normal, hits: list[_Hit]) -> list[_Hit]:
    """Errors that are stated by code and whose own text nothing above knows."""
    starts = sorted(hit.start for hit in hits)
    named = errors_named(normal)
    found: list[_Hit] = []
    for index, error in enumerate(named):
        following = named[index + 1].start if index + 1 < len(named) else len(normal.text)
        line_end = normal.text.find("\n", error.message)
        end = min(following, max(line_end if line_end >= 0 else len(normal.text), error.message + _MESSAGE_LIMIT // 2))
        first = bisect_left(starts, error.start)
        if following - error.message < 3 or (first < len(starts) and starts[first] <= end):
            continue
        if cause_of_code(error.code) is None and error.operation is None:
            continue
        stop = min(following, line_end if line_end >= 0 else len(normal.text), error.message + _MESSAGE_LIMIT)
        found.append(_Hit(error.start, stop, _code_maker(error.code, error.operation)))
    return found


def _maker(statement: Statement) -> Callable[[Surroundings], Iterator[Denial]]:
    def make(known: Surroundings) -> Iterator[Denial]:
        cause = {True: "explicit", False: "implicit", None: "unsaid"}[statement.explicit]
        context = _context(known)
        context["caller"] = statement.caller or known.caller
        context["region"] = statement.region or known.region
        context["nested"] = known.nested or (known.error_code or "").lower() in _QUOTING
        for action in statement.actions:
            context["api_key"] = known.api_key or action.endswith(":CallWithBearerToken")
            yield Denial(
                kind=DenialKind.PERMISSION,
                cause=cause,
                code=permission_code(statement.layer, explicit=statement.explicit),
                action=action,
                resource=statement.resource,
                layer=statement.layer,
                through=statement.through,
                explicit=statement.explicit,
                policy_arn=statement.policy_arn,
                authorization_id=statement.authorization_id,
                **context,
            )

    return make


def _text_maker(normal: Normal, text: KnownText, start: int, end: int) -> Callable[[Surroundings], Iterator[Denial]]:
    def make(known: Surroundings) -> Iterator[Denial]:
        named = retry_after_seconds(normal.lower, start, min(len(normal.lower), end + _MESSAGE_LIMIT))
        yield Denial(
            kind=text.kind,
            cause=text.cause,
            code=text.code,
            retryable=text.retryable,
            retry_after_seconds=text.retry_after_seconds if named is None else named,
            **_context(known),
        )

    return make


def _code_maker(code: str, operation: str | None) -> Callable[[Surroundings], Iterator[Denial]]:
    def make(known: Surroundings) -> Iterator[Denial]:
        named = Surroundings(error_code=code, operation=operation).or_else(known)
        denial = by_code(named, "")
        yield denial or Denial(kind=DenialKind.OTHER, cause="unrecognised", code=UNRECOGNISED, **_context(named))

    return make


def _fixed(denial: Denial) -> Callable[[Surroundings], Iterator[Denial]]:
    return lambda _: iter((denial,))


def _context(known: Surroundings) -> dict[str, Any]:
    return {
        "caller": known.caller,
        "error_code": known.error_code,
        "operation": known.operation,
        "service": known.service,
        "status": known.status,
        "request_id": known.request_id,
        "region": known.region,
        "model": known.model,
        "nested": known.nested,
        "api_key": known.api_key,
    }


def _with_raw(denial: Denial, normal: Normal, hit: _Hit, floor: int, ceiling: int) -> Denial:
    """The denial with the lines it was read from, without the errors around it that share them."""
    return replace(denial, raw=normal.lines_around(hit.start, hit.end, floor=floor, ceiling=ceiling))
