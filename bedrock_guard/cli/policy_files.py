"""Policy documents that a command is given as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind

if TYPE_CHECKING:
    from bedrock_guard.aws.given import PolicyDocuments

__all__ = ["at_most_one", "read_policies"]


def read_policies(identity: Iterable[str], boundary: str | None, scps: Iterable[str]) -> PolicyDocuments:
    """The documents of the files, each named after its file.

    Args:
        identity: Files of the role's own policies.
        boundary: File of its permissions boundary.
        scps: Files of service control policies.

    Raises:
        ConfigurationError: A file cannot be read; the message names it and the reason.
        InvalidPolicyError: AWS would refuse what it holds.
    """
    from bedrock_guard.aws.given import PolicyDocuments

    return PolicyDocuments(
        identity={path: _document(path, PolicyKind.INPUT) for path in identity},
        boundary=None if boundary is None else (boundary, _document(boundary, PolicyKind.BOUNDARY)),
        scps={path: _document(path, PolicyKind.SCP) for path in scps},
    )


_MOST_CHARACTERS = 1_000_000


def at_most_one(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> str | None:
    """The value of an option that may be given once; a second one would silently win.

    Raises:
        BadParameter: It was given twice.
    """
    if len(values) > 1:
        raise click.BadParameter("it may be given once: a principal has one", param=parameter)
    return values[0] if values else None


def _document(path: str, kind: PolicyKind) -> str:
    """The text of the file, plain whether it was URL-encoded or not, when it is a policy."""
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            # More than any policy holds, and an end for what has none, such as /dev/zero.
            text = file.read(_MOST_CHARACTERS)
    except OSError as error:
        raise ConfigurationError(
            f"policy file {path!r} cannot be read: {error.strerror or error}", code="BG504"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"policy file {path!r} cannot be read: it is not UTF-8 text (byte {error.start})", code="BG504"
        ) from error
    return parse_policy(text, name=path, kind=kind).text
