"""Policy statements as text to paste: valid JSON, pure ASCII, short lists on one line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["statements_text", "safe_json"]


def statements_text(statements: Iterable[Mapping[str, Any]], *, indent: str = "") -> str:
    """The statements, parted by commas: what stands between the brackets of ``"Statement": []``."""
    text = ",\n".join(_value(statement, "") for statement in statements)
    return "\n".join(indent + line for line in text.splitlines())


def safe_json(value: Any, *, indent: int | None = None) -> str:
    """JSON in printable ASCII: whatever a terminal could act on is escaped, and reads back as it was."""
    return json.dumps(value, indent=indent, ensure_ascii=True).replace("\x7f", "\\u007f")


def _value(value: Any, indent: str) -> str:
    deeper = f"{indent}  "
    if isinstance(value, Mapping) and value:
        inner = [f"{deeper}{safe_json(key)}: {_value(one, deeper)}" for key, one in value.items()]
        return "{\n" + ",\n".join(inner) + f"\n{indent}}}"
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 1:
        inner = [f"{deeper}{_value(one, deeper)}" for one in value]
        return "[\n" + ",\n".join(inner) + f"\n{indent}]"
    return safe_json(value)
