"""The option that masks what identifies accounts, people and requests; its default is a setting of the environment."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from bedrock_guard.render.redaction import VARIABLE, errors_redacted, is_wanted

__all__ = ["redact_option"]

_F = TypeVar("_F", bound=Callable[..., Any])


def redact_option(command: _F) -> _F:
    """``--redact`` and ``--no-redact``: the command gets ``redact`` as a yes or no, and its errors are masked too."""

    @functools.wraps(command)
    def masked(*arguments: Any, redact: bool, **options: Any) -> Any:
        with errors_redacted(wanted=redact):
            return command(*arguments, redact=redact, **options)

    option = click.option(
        "--redact/--no-redact",
        default=None,
        callback=lambda _, __, given: is_wanted(given=given, environment=os.environ),
        help=f"Mask account ids, session names, organization and request ids; by default as {VARIABLE} says.",
    )
    return option(cast(_F, masked))
