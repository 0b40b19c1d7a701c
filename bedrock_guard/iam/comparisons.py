"""One text of a request against the values of a condition, by the type that the operator reads them as.

A value that cannot be read as the operator's type equals nothing.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from bedrock_guard.iam.wildcard import Pattern, Token, Wild, compile_tokens, tokens_of

__all__ = [
    "ArnLike",
    "Binaries",
    "Booleans",
    "Comparison",
    "Like",
    "Networks",
    "OneOf",
    "OneOfIgnoringCase",
    "dates",
    "numbers",
    "read_date",
]


class Comparison(Protocol):
    """The values of one condition, ready to be compared."""

    def holds(self, text: str) -> bool:
        """Whether any of the values matches ``text``."""
        ...

    def reads(self, text: str) -> bool:
        """Whether ``text`` is of the operator's type at all."""
        ...

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        """The same comparison with one value whose variables have been replaced."""
        ...


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token if isinstance(token, str) else "*" if token is Wild.STAR else "?" for token in tokens)


class OneOf:
    """StringEquals: exact, with case, and ``*`` is a character like any other."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[str]) -> None:
        self.values = frozenset(values)

    def holds(self, text: str) -> bool:
        return text in self.values

    def reads(self, text: str) -> bool:  # noqa: ARG002 -- any text is a text
        return True

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        return OneOf((_text(tokens),))


class OneOfIgnoringCase:
    """StringEqualsIgnoreCase."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[str]) -> None:
        self.values = frozenset(value.lower() for value in values)

    def holds(self, text: str) -> bool:
        return text.lower() in self.values

    def reads(self, text: str) -> bool:  # noqa: ARG002 -- any text is a text
        return True

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        return OneOfIgnoringCase((_text(tokens),))


class Like:
    """StringLike: with case, ``*`` and ``?``."""

    __slots__ = ("patterns",)

    def __init__(self, values: Sequence[str]) -> None:
        self.patterns: tuple[Pattern, ...] = tuple(compile_tokens(tokens_of(value)) for value in values)

    def holds(self, text: str) -> bool:
        return any(pattern.matches(text) for pattern in self.patterns)

    def reads(self, text: str) -> bool:  # noqa: ARG002 -- any text is a text
        return True

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        made = Like(())
        made.patterns = (compile_tokens(tokens),)
        return made


class ArnLike:
    """ArnEquals and ArnLike: each of the six parts by itself, so that a wildcard never reaches past its part."""

    __slots__ = ("patterns",)

    def __init__(self, values: Sequence[str]) -> None:
        self.patterns = tuple(_six(tokens_of(value)) for value in values)

    def holds(self, text: str) -> bool:
        parts = text.split(":", 5)
        if len(parts) != 6:
            return False
        return any(
            all(pattern.matches(part) for pattern, part in zip(patterns, parts, strict=True))
            for patterns in self.patterns
            if patterns is not None
        )

    def reads(self, text: str) -> bool:
        return text.count(":") >= 5

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        made = ArnLike(())
        made.patterns = (_six(tokens),)
        return made


def _six(tokens: Sequence[Token]) -> tuple[Pattern, ...] | None:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *rest = token.split(":", 6 - len(parts))
        parts[-1].append(first)
        parts.extend([piece] for piece in rest)
    if len(parts) != 6:
        return None
    return tuple(compile_tokens(part) for part in parts)


class Booleans:
    """Bool: ``true`` and ``false`` in any case; nothing else is a boolean.

    Source: answers of the real SimulateCustomPolicy recorded 2026-09-11 (``TRUE`` matches ``true``, ``1`` and
    ``yes`` do not).
    """

    __slots__ = ("values",)

    def __init__(self, values: Sequence[str]) -> None:
        self.values = frozenset(value.lower() for value in values) & {"true", "false"}

    def holds(self, text: str) -> bool:
        return text.lower() in self.values

    def reads(self, text: str) -> bool:
        return text.lower() in ("true", "false")

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        return Booleans((_text(tokens),))


class Binaries:
    """BinaryEquals: base64, compared byte by byte after decoding."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[str]) -> None:
        self.values = frozenset(_bytes(value) for value in values) - {None}

    def holds(self, text: str) -> bool:
        return _bytes(text) in self.values

    def reads(self, text: str) -> bool:
        return _bytes(text) is not None

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        return Binaries((_text(tokens),))


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


class Networks:
    """IpAddress: an address in a network, IPv4 or IPv6; an address without length is a network of one.

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    #Conditions_IPAddress, read 2026-11-24. That bits after the network's length are ignored is assumed.
    """

    __slots__ = ("networks",)

    def __init__(self, values: Sequence[str]) -> None:
        self.networks = tuple(network for value in values if (network := _network(value)) is not None)

    def holds(self, text: str) -> bool:
        address = _address(text)
        if address is None:
            return False
        version, number = address
        return any(version == family and number >> host_bits == prefix for family, host_bits, prefix in self.networks)

    def reads(self, text: str) -> bool:
        return _address(text) is not None

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        return Networks((_text(tokens),))


def _network(text: str) -> tuple[int, int, int] | None:
    """Version, host bits and prefix of a network.

    An IPv6 network with host bits set matches nothing, an IPv4 one is taken for its network: captures of the service in
    github.com/radkawar/stackd, docs/iam-evaluation.md, read 2026-11-24.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=":" in text)
    except ValueError:
        return None
    host_bits = network.max_prefixlen - network.prefixlen
    return network.version, host_bits, int(network.network_address) >> host_bits


@lru_cache(maxsize=1024)
def _address(text: str) -> tuple[int, int] | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address.version, int(address)


_Ordering = Callable[[Decimal, Decimal], bool]


class _Ordered:
    """Numbers or moments in time, each read as a decimal number, compared by one ordering."""

    __slots__ = ("limits", "ordering", "read")

    def __init__(self, values: Sequence[str], ordering: str, read: Callable[[str], Decimal | None]) -> None:
        self.ordering: _Ordering = getattr(operator, ordering)
        self.read = read
        self.limits = tuple(limit for value in values if (limit := read(value)) is not None)

    def holds(self, text: str) -> bool:
        number = self.read(text)
        return number is not None and any(self.ordering(number, limit) for limit in self.limits)

    def reads(self, text: str) -> bool:
        return self.read(text) is not None

    @staticmethod
    def like(tokens: Sequence[Token]) -> Comparison:
        raise TypeError(f"the values of this operator have no variables, but here is {_text(tokens)!r}")


def numbers(ordering: str) -> Callable[[tuple[str, ...]], Comparison]:
    """Makes a numeric comparison; ``ordering`` is ``eq``, ``lt``, ``le``, ``gt`` or ``ge``."""
    return lambda values: _Ordered(values, ordering, _number)


def dates(ordering: str) -> Callable[[tuple[str, ...]], Comparison]:
    """Makes a comparison of moments; ``ordering`` as for numbers."""
    return lambda values: _Ordered(values, ordering, read_date)


_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")


@lru_cache(maxsize=1024)
def _number(text: str) -> Decimal | None:
    # Not Decimal alone: it also reads NaN, Infinity, underscores and digits of other scripts.
    return Decimal(text) if _NUMBER.fullmatch(text) else None


_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)"
    r"(?:[Tt](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_EPOCH = re.compile(r"-?[0-9]{1,18}")
_YEAR = re.compile(r"[0-9]{4}")
_START = datetime(1970, 1, 1, tzinfo=timezone.utc)


@lru_cache(maxsize=1024)
def read_date(text: str) -> Decimal | None:
    """A moment as seconds since 1970; None for what is neither ISO 8601 nor a count of seconds.

    Four digits are a year, any other whole number is seconds (assumed). A time without zone is UTC (assumed).

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    #Conditions_Date, read 2026-11-24.
    """
    if _EPOCH.fullmatch(text) and not _YEAR.fullmatch(text):
        return Decimal(text)
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day = ([int(part) for part in found["date"].split("-")] + [1, 1])[:3]
    try:
        moment = datetime(
            *date(year, month, day).timetuple()[:3],
            hour=int(found["hour"] or 0),
            minute=int(found["minute"] or 0),
            second=int(found["second"] or 0),
            tzinfo=timezone.utc,
        )
    except ValueError:
        return None
    # Not datetime's own zone: a moment near year 1 or 9999 would leave its range.
    since = moment - _START
    seconds = Decimal(since.days * 86_400 + since.seconds) + Decimal(f"0.{found['fraction'] or 0}")
    return seconds - _offset(found["zone"])


def _offset(zone: str | None) -> int:
    if zone is None or zone in "Zz":
        return 0
    span = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return int(span.total_seconds()) * (-1 if zone[0] == "-" else 1)
