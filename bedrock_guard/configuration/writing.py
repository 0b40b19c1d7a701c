"""Settings as TOML that reads back to the same settings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bedrock_guard.configuration.settings import Settings
from bedrock_guard.errors import ConfigurationError

__all__ = ["dumps"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def dumps(settings: Settings, *, table: Sequence[str] = ()) -> str:
    """The settings as TOML, the same text each time, without what was not set.

    Values come first and tables behind them; of an array each entry has a line of its own.

    Args:
        settings: Read back from the text, they are equal.
        table: Where in the text the keys are to be: ``("tool", "bedrock_guard")`` for a pyproject.toml, at the top by
            default.

    Raises:
        ConfigurationError: The parameters of a request hold what TOML cannot (None, bytes, half a character).
    """
    said = settings.arguments()
    context = said.pop("context", None)
    requests = said.pop("requests", None)
    blocks = [list(_pairs(said))]
    if table:
        blocks[0].insert(0, f"[{_dotted(table)}]")
    if context is not None:
        header = f"[{_dotted((*table, 'context'))}]"
        blocks.append([header, *(f"{_key(key)} = {_context_value(values)}" for key, values in sorted(context.items()))])
    if requests == ():
        blocks[0].append("requests = []")
    for operation, parameters in requests or ():
        blocks.append([f"[[{_dotted((*table, 'requests'))}]]", f"operation = {_text(operation)}"])
        if parameters:
            header = f"[{_dotted((*table, 'requests', 'parameters'))}]"
            blocks.append([header, *_pairs(parameters, "parameters")])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _pairs(values: Mapping[str, Any], where: str = "") -> Iterator[str]:
    for key, value in values.items():
        what = f"{where}.{key}" if where else key
        yield f"{_key(key)} = {_array(value, what) if _is_array(value) else _inline(value, what)}"


def _array(values: Sequence[Any], what: str) -> str:
    if not values:
        return "[]"
    lines = "".join(f"    {_inline(value, what)},\n" for value in values)
    return f"[\n{lines}]"


def _context_value(values: tuple[str, ...]) -> str:
    return _text(values[0]) if len(values) == 1 else _inline(values, "context")


def _inline(value: Any, what: str) -> str:
    """A value on one line.

    Args:
        value: As the parser gives it.
        what: Its key, for the message where TOML cannot hold it.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, (datetime, date, time)):
        return _moment(value, what)
    if _is_array(value):
        return f"[{', '.join(_inline(one, what) for one in value)}]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_inline(one, f'{what}.{key}')}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    raise _unwritable(what, type(value).__name__)


def _is_array(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _float(value: float) -> str:
    if math.isfinite(value):
        return repr(float(value))
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _moment(value: datetime | date | time, what: str) -> str:
    text = value.isoformat()
    offset = value.utcoffset() if isinstance(value, (datetime, time)) else None
    if offset is not None and (isinstance(value, time) or offset.total_seconds() % 60):
        raise _unwritable(what, f"{text}, whose time zone")
    return text


def _text(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _unwritable("a text", "half a character (a lone surrogate)")
    return f'"{"".join(map(_escaped, value))}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    # Beside what TOML forbids, whatever a terminal or an editor would not show as itself.
    if character.isprintable():
        return character
    return f"\\u{ord(character):04X}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08X}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _dotted(names: Iterable[str]) -> str:
    return ".".join(_key(name) for name in names)


def _unwritable(what: str, value: str) -> ConfigurationError:
    return ConfigurationError(f"{what}: TOML cannot hold {value}", code="BG504")
