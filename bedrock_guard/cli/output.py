"""Where words go: results to standard output or a file, everything else to standard error."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from bedrock_guard.errors import ConfigurationError

__all__ = ["check_writable", "colour", "complain", "emit", "progress", "stderr_colour", "terminal_width", "write_file"]

_WIDEST = 120
_PIPED = 80


def emit(text: str) -> None:
    """Prints ``text`` and a line end to standard output; a reader who has gone is no error.

    Raises:
        ConfigurationError: Standard output cannot be written.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        raise _unwritable("standard output", error) from error


def complain(*lines: str) -> None:
    """Prints lines to standard error; where that is gone there is nobody left to tell."""
    try:
        for line in lines:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def check_writable(path: Path) -> None:
    """Passes when ``path`` could be a file to write, so that a typing error costs no check.

    Raises:
        ConfigurationError: Its folder does not exist, or it is a folder itself.
    """
    if not path.parent.is_dir():
        raise ConfigurationError(f"--output {str(path)!r}: there is no folder {str(path.parent)!r}", code="BG504")
    if path.is_dir():
        raise ConfigurationError(f"--output {str(path)!r}: it is a folder", code="BG504")


def write_file(path: Path, text: str) -> None:
    """Writes ``text`` and a line end to ``path``, as UTF-8.

    Raises:
        ConfigurationError: It cannot be written; the message names it and the reason.
    """
    try:
        path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise _unwritable(f"--output {str(path)!r}", error) from error


def colour() -> bool:
    """Whether standard output asks for colour."""
    return _asks(sys.stdout)


def stderr_colour() -> bool:
    """Whether standard error asks for colour."""
    return _asks(sys.stderr)


def terminal_width() -> int:
    """Columns to lay text out in: the terminal's, up to what reads well; 80 where there is none."""
    if not _is_terminal(sys.stdout):
        return _PIPED
    return min(shutil.get_terminal_size((_PIPED, 24)).columns, _WIDEST)


@contextlib.contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[None]:
    """Says on a terminal what is being waited for, and takes it away again; nothing anywhere else."""
    if quiet or not _is_terminal(sys.stderr):
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def _asks(stream: TextIO) -> bool:
    # Source: no-color.org (read 2026-11): NO_COLOR counts when it is set and not empty.
    return _is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _discard(stream: TextIO) -> None:
    """Sends what is left in the stream's buffer nowhere: else the interpreter complains about it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _unwritable(what: str, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{what} cannot be written: {error.strerror or error}", code="BG504")
