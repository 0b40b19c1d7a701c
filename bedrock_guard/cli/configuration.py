"""The options that say which configuration counts, and what a command is given from it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.core import ParameterSource

from bedrock_guard.cli.output import complain
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.redaction import Redaction, errors_redacted

if TYPE_CHECKING:
    from bedrock_guard.configuration import Settings

__all__ = ["configuration_options"]

_F = TypeVar("_F", bound=Callable[..., Any])


def configuration_options(command: _F) -> _F:
    """``--config FILE`` and ``--no-config``: the command gets ``settings``, and ``redact`` as the settings have it.

    Stands below ``redact_option``, so that what is wrong with a configuration is masked as everything is. Which file it
    is goes to standard error, unless the command is ``quiet``.
    """

    @functools.wraps(command)
    def configured(*arguments: Any, config: str | None, no_config: bool, redact: bool, **options: Any) -> Any:
        if config is not None and no_config:
            raise click.UsageError("--config names a file, and --no-config reads none: leave out one of the two")
        settings = _settings(config, search=not no_config)
        if click.get_current_context().get_parameter_source("redact") is not ParameterSource.COMMANDLINE:
            redact = bool(settings.redact)
        if settings.source and not options.get("quiet"):
            source = Redaction().text(settings.source) if redact else settings.source
            complain(f"Configuration: {neutral(source)}")
        with errors_redacted(wanted=redact):
            return command(*arguments, settings=settings, redact=redact, **options)

    no_file = click.option("--no-config", is_flag=True, help="Read no configuration file.")
    file = click.option(
        "--config",
        metavar="FILE",
        help="Configuration; the nearest bedrock-guard.toml, or pyproject.toml with [tool.bedrock_guard], by default.",
    )
    return file(no_file(cast(_F, configured)))


def _settings(config: str | None, *, search: bool) -> Settings:
    """The settings, with the file's name as a reader in the working directory would write it."""
    from bedrock_guard.configuration import FILE_VARIABLE, find, read_settings

    if config is None and search and not os.environ.get(FILE_VARIABLE):
        found = find()
        config = None if found is None else _from_here(str(found))
    return read_settings(config, environment=os.environ, search=search)


def _from_here(path: str) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive of Windows
        return path
