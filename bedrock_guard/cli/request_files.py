"""Calls that a command is given as JSON, in the option itself or in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from bedrock_guard.errors import ConfigurationError

__all__ = ["read_request"]

_LONGEST = 5_000_000
"""Characters; a request of Bedrock with images is far below."""


def read_request(text: str) -> tuple[str, dict[str, Any]]:
    """The operation and parameters of ``OPERATION={…}`` or ``OPERATION=@FILE``.

    Raises:
        ConfigurationError: The file cannot be read, or it holds no JSON object; the message names the place.
    """
    operation, equals, value = text.partition("=")
    if not equals or not operation.strip() or not value.strip():
        raise click.BadParameter(f"{text!r} is not OPERATION=JSON or OPERATION=@FILE", param_hint="--request")
    from_file = value.startswith("@")
    where = value[1:] if from_file else f"--request {operation.strip()}"
    content = _content(where) if from_file else value
    try:
        parameters = json.loads(content)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise ConfigurationError(f"{where}: not JSON: {place}", code="BG504") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets without end
        raise ConfigurationError(f"{where}: no JSON that can be read: {error}", code="BG504") from error
    if not isinstance(parameters, dict):
        raise ConfigurationError(
            f"{where}: {type(parameters).__name__}; expected an object with the parameters of {operation.strip()}",
            code="BG504",
        )
    return operation.strip(), parameters


def _content(path: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(f"{path}: cannot be read: {reason}", code="BG504") from error
    if len(content) > _LONGEST:
        raise ConfigurationError(f"{path}: longer than {_LONGEST:,} characters, so no request", code="BG504")
    return content
