"""The configuration of a guard in a file: found, read and checked, and written.

``[tool.bedrock_guard]`` in pyproject.toml, or the same keys at the top of a ``bedrock-guard.toml``; then variables of
the environment, ``BEDROCK_GUARD_…``. What an app passes itself goes before both.
"""

from __future__ import annotations

from bedrock_guard.configuration.faults import ConfigurationFileError
from bedrock_guard.configuration.files import find, load, loads
from bedrock_guard.configuration.settings import KEYS, Settings
from bedrock_guard.configuration.sources import FILE_VARIABLE, VARIABLES, from_environment, read_settings
from bedrock_guard.configuration.writing import dumps

__all__ = [
    "FILE_VARIABLE",
    "KEYS",
    "VARIABLES",
    "ConfigurationFileError",
    "Settings",
    "dumps",
    "find",
    "from_environment",
    "load",
    "loads",
    "read_settings",
]
