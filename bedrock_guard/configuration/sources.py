"""Where settings come from, the weakest first: a file, then variables of the environment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bedrock_guard.arguments import joined
from bedrock_guard.configuration.faults import Faults
from bedrock_guard.configuration.files import FILE_NAME, PYPROJECT, find, load
from bedrock_guard.configuration.settings import Settings
from bedrock_guard.configuration.values import settings_of
from bedrock_guard.errors import ConfigurationError

__all__ = ["FILE_VARIABLE", "VARIABLES", "from_environment", "read_settings"]

FILE_VARIABLE = "BEDROCK_GUARD_CONFIG"
"""Names the file, in place of the search for one."""

VARIABLES: Mapping[str, str] = {
    key: f"BEDROCK_GUARD_{key.upper()}"
    for key in (
        "region",
        "principal_arn",
        "budget_seconds",
        "on_unverified",
        "check_model_access",
        "redact",
        "diagnose",
    )
}
"""The keys that hold one value, and the variable of each: what differs between the places where an app runs."""

_BOOLEANS = ("check_model_access", "redact")
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


def read_settings(
    path: str | os.PathLike[str] | None = None,
    *,
    environment: Mapping[str, str],
    required: bool = False,
    search: bool = True,
) -> Settings:
    """The settings of the configuration file, with those of the environment in their place.

    Args:
        path: The file; by default the one that BEDROCK_GUARD_CONFIG names, else the nearest from the working directory
            upwards.
        environment: Such as ``os.environ``.
        required: Whether it is an error that there is no file.
        search: Whether a file is read that ``path`` does not name.

    Raises:
        ConfigurationError: A file or a variable that cannot be used, or no file where one is required.
    """
    if path is None and search:
        path = environment.get(FILE_VARIABLE) or find()
    if path is None and required:
        raise ConfigurationError(
            f"no configuration: neither a {FILE_NAME} nor a {PYPROJECT} with [tool.bedrock_guard] in "
            "the working directory or above it",
            code="BG506",
            remedy=f"Name the file, as an argument or in {FILE_VARIABLE}.",
        )
    settings = Settings() if path is None else load(path)
    return replace(settings, **from_environment(environment).arguments())


def from_environment(environment: Mapping[str, str]) -> Settings:
    """What the environment says; a variable that is empty says nothing.

    Args:
        environment: Such as ``os.environ``.

    Raises:
        ConfigurationError: Variables that cannot be used; all of them are listed.
    """
    given = {key: text.strip() for key, name in VARIABLES.items() if (text := environment.get(name, "")).strip()}
    faults = Faults()
    settings = settings_of({key: _value(key, text) for key, text in given.items()}, (), faults)
    if faults.found:
        raise joined([_refused(str(one.path[0]), one.message, one.expected) for one in faults.found])
    return settings


def _value(key: str, text: str) -> Any:
    """The text as a file would hold the value; one that cannot be, as it is."""
    if key in _BOOLEANS:
        return {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(text.lower(), text)
    if key == "budget_seconds":
        with contextlib.suppress(ValueError):
            return float(text)
    return text


def _refused(key: str, message: str, expected: str) -> ConfigurationError:
    what = message.removeprefix(f"{key}: ") + (f"; expected {expected}" if expected else "")
    return ConfigurationError(f"{VARIABLES[key]}: {what}", code="BG504")
