"""Every error that bedrock_guard raises; they carry data, pickle, and know their code and exit code.

    BedrockGuardError
    ├── MissingPermissionsError      the check ran: at least one requirement is denied
    ├── UnverifiedPermissionsError   the check could not be made, and its owner asked to be told by an exception
    ├── AccessDeniedError            AWS refused a call that bedrock_guard itself makes
    ├── PrincipalError               who is calling could not be found out
    ├── InvalidPolicyError           a policy document that AWS would refuse (a ValueError)
    └── ConfigurationError           an argument, option or setting that cannot be used (a ValueError)

"Denied" and "could not check" are different classes with different exit codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedrock_guard.report import Report

__all__ = [
    "AccessDeniedError",
    "BedrockGuardError",
    "ConfigurationError",
    "Fault",
    "InvalidPolicyError",
    "MissingPermissionsError",
    "PrincipalError",
    "UnverifiedPermissionsError",
]


def _restore(cls: type[BedrockGuardError], args: tuple[Any, ...], state: dict[str, Any]) -> BedrockGuardError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class BedrockGuardError(Exception):
    """Base of every error of this package.

    Attributes:
        code: The stable code, such as ``"BG501"``; each has a page in the documentation.
        remedy: What ends it, as text to act on; empty where the message says it already.
        exit_code: What the command line exits with: 1 denied, 2 usage or configuration, 3 could not check.
        retryable: Whether the same call may succeed later without anybody changing anything.
    """

    code: str = "BG500"
    exit_code: int = 2

    def __init__(self, message: str, *, code: str | None = None, remedy: str = "", retryable: bool = False) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.remedy = remedy
        self.retryable = retryable

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only arguments are lost by the default, which calls the class with `args` alone.
        return _restore, (type(self), self.args, self.__dict__.copy())


class MissingPermissionsError(BedrockGuardError):
    """At least one requirement is denied; the message lists all of them.

    Attributes:
        report: The whole :class:`~bedrock_guard.Report`.
    """

    code = "BG100"
    exit_code = 1

    def __init__(self, message: str, *, report: Report) -> None:
        super().__init__(message)
        self.report = report


class UnverifiedPermissionsError(BedrockGuardError):
    """Nothing is known to be denied, but at least one requirement could not be checked.

    Attributes:
        report: The whole :class:`~bedrock_guard.Report`.
    """

    code = "BG400"
    exit_code = 3

    def __init__(self, message: str, *, report: Report) -> None:
        super().__init__(message, retryable=True)
        self.report = report


class AccessDeniedError(BedrockGuardError):
    """AWS refused a call that bedrock_guard itself makes, such as iam:SimulatePrincipalPolicy.

    Attributes:
        action: The IAM action that was refused.
        resource: The ARN it was refused on, as asked.
        aws_message: AWS's own text.
    """

    code = "BG401"
    exit_code = 3

    def __init__(self, message: str, *, action: str, resource: str, aws_message: str = "") -> None:
        super().__init__(message)
        self.action = action
        self.resource = resource
        self.aws_message = aws_message


class PrincipalError(BedrockGuardError):
    """Who is calling could not be found out: no credentials, expired ones, or STS out of reach."""

    code = "BG410"
    exit_code = 3


@dataclass(frozen=True)
class Fault:
    """One fault of a policy document.

    Attributes:
        message: What is wrong, naming the element and the value.
        line: 1-based line in the text that was given.
        column: 1-based column in that line.
        source_line: The line itself.
        expected: What would be right; empty where the message says it.
    """

    message: str
    line: int
    column: int
    source_line: str = ""
    expected: str = ""

    def __str__(self) -> str:
        text = f"{self.line}:{self.column}: {self.message}"
        if self.expected:
            text += f"; expected {self.expected}"
        if not self.source_line:
            return text
        shown, caret = _window(self.source_line, self.column)
        gutter = " " * len(str(self.line))
        return f"{text}\n  {self.line} | {shown}\n  {gutter} | {' ' * caret}^"


_WINDOW = 100
"""Columns of a source line that are shown: minified policies are one line of many kilobytes."""


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of ``line`` around ``column`` without control characters, and the caret's 0-based offset in it."""
    offset = max(0, min(column - 1, len(line)))
    start = 0 if len(line) <= _WINDOW else max(0, min(offset - _WINDOW // 2, len(line) - _WINDOW))
    part = "".join(c if c.isprintable() else " " for c in line[start : start + _WINDOW])
    head = "…" if start else ""
    tail = "…" if start + _WINDOW < len(line) else ""
    return f"{head}{part}{tail}", offset - start + len(head)


class InvalidPolicyError(BedrockGuardError, ValueError):
    """A policy document that AWS would refuse; every fault is listed.

    Attributes:
        faults: All faults, in the order of the text.
        policy: The name of the policy or file.
    """

    code = "BG502"

    def __init__(self, *, faults: Sequence[Fault], policy: str) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = "\n".join(f"{policy}:{fault}" for fault in faults)
        super().__init__(f"policy {policy!r} is not valid: {count}\n{lines}")
        self.faults = tuple(faults)
        self.policy = policy


class ConfigurationError(BedrockGuardError, ValueError):
    """An argument, option or setting that cannot be used; the message names it, the place and the fix.

    Attributes:
        suggestions: The nearest right values, best first.
    """

    code = "BG501"

    def __init__(
        self, message: str, *, suggestions: Sequence[str] = (), code: str | None = None, remedy: str = ""
    ) -> None:
        super().__init__(message, code=code, remedy=remedy)
        self.suggestions = tuple(suggestions)
