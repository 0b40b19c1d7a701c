"""The faults of a configuration file, all in one error, each with its place and its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bedrock_guard.configuration.positions import KeyPath, Positions
from bedrock_guard.errors import ConfigurationError, Fault

__all__ = ["ConfigurationFileError", "Faults", "fault_at", "separate"]


class ConfigurationFileError(ConfigurationError):
    """A configuration file that cannot be used; every fault is listed.

    Attributes:
        faults: All faults, in the order of the text.
        file: The file's name, as it was given.
    """

    code = "BG506"

    def __init__(self, *, faults: Sequence[Fault], file: str, suggestions: Sequence[str] = ()) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = "\n".join(f"{file}:{fault}" for fault in faults)
        super().__init__(f"the configuration in {file} cannot be used: {count}\n{lines}", suggestions=suggestions)
        self.faults = tuple(faults)
        self.file = file


@dataclass(frozen=True, slots=True)
class _Found:
    path: KeyPath
    message: str
    expected: str
    at_key: bool


@dataclass(slots=True)
class Faults:
    """Collects what is wrong by the path of the key, while nothing is known of places."""

    found: list[_Found] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)

    def at_value(self, path: KeyPath, message: str, expected: str = "") -> None:
        """Notes a fault of the value at ``path``."""
        self.found.append(_Found(path, message, expected, at_key=False))

    def at_key(self, path: KeyPath, message: str, expected: str = "") -> None:
        """Notes a fault of the key itself."""
        self.found.append(_Found(path, message, expected, at_key=True))

    def refused(self, path: KeyPath, error: ConfigurationError, *, at_key: bool = False) -> None:
        """Notes what the room that knows the value says of it."""
        self.suggestions.extend(error.suggestions)
        self.found.append(_Found(path, str(error), error.remedy, at_key))

    def raise_if_any(self, text: str, file: str) -> None:
        """Passes when nothing was noted.

        Args:
            text: What the paths are paths of.
            file: Its name, for the message.

        Raises:
            ConfigurationFileError: All that was noted, in the order of the text.
        """
        if not self.found:
            return
        positions = Positions(text)
        placed = [
            (positions.of_key(one.path) if one.at_key else positions.of_value(one.path), one) for one in self.found
        ]
        placed.sort(key=lambda pair: pair[0])
        raise ConfigurationFileError(
            faults=[_fault(text, offset, one) for offset, one in placed],
            file=file,
            suggestions=tuple(dict.fromkeys(self.suggestions)),
        )


def separate(error: ConfigurationError) -> list[ConfigurationError]:
    """The errors that :func:`~bedrock_guard.arguments.joined` made one of; a fault has one line and one place."""
    _, *lines = str(error).splitlines()
    if not lines:
        return [error]
    parts = [ConfigurationError(line.strip(), code=error.code) for line in lines]
    parts[0].suggestions = error.suggestions
    return parts


def fault_at(text: str, line: int, column: int, message: str, expected: str = "") -> Fault:
    """The fault at a place that is known, with its line of the text."""
    lines = text.split("\n")
    return Fault(message, line, column, lines[line - 1] if line <= len(lines) else "", expected)


def _fault(text: str, offset: int, found: _Found) -> Fault:
    start = text.rfind("\n", 0, offset) + 1
    return fault_at(text, text.count("\n", 0, offset) + 1, offset - start + 1, found.message, found.expected)
