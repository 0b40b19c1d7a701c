"""The file that holds a configuration: which it is, and what it says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bedrock_guard.configuration.faults import ConfigurationFileError, Faults, fault_at
from bedrock_guard.configuration.settings import Settings
from bedrock_guard.configuration.toml import NotTomlError, parsed
from bedrock_guard.configuration.values import settings_of
from bedrock_guard.errors import ConfigurationError, Fault

__all__ = ["FILE_NAME", "PYPROJECT", "find", "load", "loads"]

FILE_NAME = "bedrock-guard.toml"
PYPROJECT = "pyproject.toml"

_TABLE = "bedrock_guard"
_MISSPELT_TABLE = "bedrock-guard"

_LONGEST = 5_000_000
"""Characters; what a person writes, or a recording, is far below."""


def find(start: str | os.PathLike[str] | None = None) -> Path | None:
    """The nearest configuration from a folder upwards, as an absolute path; None where there is none.

    In each folder a ``bedrock-guard.toml`` goes before a pyproject.toml, and a pyproject.toml without
    ``[tool.bedrock_guard]`` does not count. The search goes on to the root of the file system; the nearest is used
    alone, and those above it are not read.

    Args:
        start: The working directory by default.

    Raises:
        ConfigurationError: A file that may be it cannot be read: to pass over it could mean to check less.
    """
    try:
        folder = Path(os.path.abspath(start or Path.cwd()))  # noqa: PTH100 - links stay as they are
    except FileNotFoundError:  # the working directory was removed
        return None
    candidates = (one / name for one in (folder, *folder.parents) for name in (FILE_NAME, PYPROJECT))
    return next((path for path in candidates if _is_file(path) and _holds_configuration(path)), None)


def load(path: str | os.PathLike[str]) -> Settings:
    """What a configuration file says, every value checked.

    Args:
        path: A pyproject.toml, of which ``[tool.bedrock_guard]`` is read, or any other file with the keys at its top.

    Raises:
        ConfigurationFileError: The file is not TOML, or keys or values cannot be used; all of them are listed.
        ConfigurationError: The file cannot be read, or is a pyproject.toml without the table.
    """
    path = Path(path)
    is_project = path.name == PYPROJECT
    settings = loads(_text(path), file=str(path), table=("tool", _TABLE) if is_project else ())
    return replace(settings, source=str(path))


def loads(text: str, *, file: str = FILE_NAME, table: tuple[str, ...] = ()) -> Settings:
    """What a text of TOML says, every value checked.

    Args:
        text: The whole text.
        file: The name that faults are told with.
        table: Where in it the keys are, such as ``("tool", "bedrock_guard")``; at the top by default.

    Raises:
        ConfigurationFileError: It is not TOML, or keys or values cannot be used; all of them are listed.
        ConfigurationError: It has no such table.
    """
    text = text.replace("\r\n", "\n")
    try:
        found: Any = parsed(text)
    except NotTomlError as error:
        raise ConfigurationFileError(faults=[_syntax_fault(text, error)], file=file) from error
    faults = Faults()
    settings = Settings()
    found = _inner(found, table, file, faults)
    if isinstance(found, Mapping):
        settings = settings_of(found, table, faults)
    faults.raise_if_any(text, file)
    return settings


def _inner(found: Any, table: tuple[str, ...], file: str, faults: Faults) -> Any:
    """The table of that name; None, and a fault, where something else has it."""
    for depth, name in enumerate(table, start=1):
        path = table[:depth]
        if name == _TABLE and _MISSPELT_TABLE in found:
            right = f"[{'.'.join(path)}]"
            faults.at_key((*path[:-1], _MISSPELT_TABLE), f"the table is not called {_MISSPELT_TABLE!r}", right)
            found = found.get(name, {})
        elif name not in found:
            raise ConfigurationError(f"{file}: there is no [{'.'.join(table)}] in it", code="BG506")
        else:
            found = found[name]
        if not isinstance(found, Mapping):
            faults.at_value(path, f"{name} is no table", f"[{'.'.join(table)}]")
            return None
    return found


def _syntax_fault(text: str, error: NotTomlError) -> Fault:
    fault = fault_at(text, error.line, error.column, f"not TOML: {error.message}")
    key, colon, rest = fault.source_line.partition("=")[0].strip().partition(":")
    if not (colon and fault.source_line[error.column - 1 :].startswith(":")):
        return fault
    quoted = f'the key in quotes, as "{key}{colon}{rest.strip()}"'
    return fault_at(text, error.line, error.column, fault.message, quoted)


# -- files ------------------------------------------------------------------------------------------------------------


def _holds_configuration(path: Path) -> bool:
    """Whether the file is a configuration; one that is no TOML and speaks of us is taken to be, and refused later."""
    if path.name != PYPROJECT:
        return True
    text = _text(path)
    if not any(name in text for name in (_TABLE, _MISSPELT_TABLE)):
        return False
    try:
        tool = parsed(text.replace("\r\n", "\n")).get("tool")
    except NotTomlError:
        return True
    return isinstance(tool, dict) and (_TABLE in tool or _MISSPELT_TABLE in tool)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder above that may not be entered; from Python 3.14 on this is False by itself
        return False


def _text(path: Path) -> str:
    try:
        # Editors of Windows begin a file with a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except ValueError as error:  # bytes that are no UTF-8, or a NUL in the path
        raise _unreadable(path, "it is not UTF-8") from error
    if len(text) > _LONGEST:
        raise _unreadable(path, f"it is longer than {_LONGEST:,} characters")
    return text


def _unreadable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(f"{path}: cannot be read: {reason}", code="BG506")
