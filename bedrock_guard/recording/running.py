"""Runs a program with the recorder in it; what goes in, out and what it is told by signals is the program's alone."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from bedrock_guard.errors import ConfigurationError
from bedrock_guard.recording.calls import Notes
from bedrock_guard.recording.plan import plan
from bedrock_guard.recording.reading import read_folder

__all__ = ["Ran", "run_recorded"]

_INSIDE = Path(__file__).parent / "inside"
_VARIABLE = "_BEDROCK_GUARD_RECORD"

_FORWARDED = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGBREAK")
    if hasattr(signal, name)
)
_FROM_THE_TERMINAL = tuple(getattr(signal, name) for name in ("SIGINT", "SIGQUIT", "SIGBREAK") if hasattr(signal, name))
"""Those that a terminal sends to every process in its foreground, the program included."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended and what it did.

    Attributes:
        code: Its exit code; 128 and the signal's number where one ended it, as shells say it.
        notes: Its calls.
    """

    code: int
    notes: Notes


def run_recorded(command: Sequence[str]) -> Ran:
    """Runs ``command`` until it ends, with the recorder in each Python process that it starts.

    Args:
        command: The program and its arguments.

    Raises:
        ConfigurationError: There is no such program, or it cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="bedrock-guard-record-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "plan.json").write_text(json.dumps(plan(secrets.token_hex(16))), encoding="utf-8")
        try:
            code = _run(command, _environment(folder))
        except OSError as error:
            raise ConfigurationError(
                f"{command[0]!r} cannot be run: {error.strerror or error}", code="BG504"
            ) from error
        return Ran(code if code >= 0 else 128 - code, read_folder(folder))


def _environment(folder: Path) -> dict[str, str]:
    """This process's own, and where Python finds the recorder. An empty entry of PYTHONPATH would mean the working
    directory.
    """
    before = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(_INSIDE), before] if before else [str(_INSIDE)])
    return {**os.environ, "PYTHONPATH": path, _VARIABLE: str(folder)}


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """The exit code; negative the number of the signal that ended it."""
    forward = _Forwarding()
    with forward.installed():
        # Whatever files this process was given, such as the sockets of a supervisor, are the program's.
        forward.process = process = subprocess.Popen(command, env=environment, close_fds=False)  # noqa: S603 - as asked
        forward.send_pending()
        return process.wait()


class _Forwarding:
    """Passes signals on to the program."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._pending: list[int] = []

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        before: list[tuple[signal.Signals, Callable[[int, FrameType | None], object] | int | None]] = []
        try:
            # What is ignored here, as below nohup, the program ignores as well. Only the main thread hears signals.
            main = threading.current_thread() is threading.main_thread()
            heard = [number for number in _FORWARDED if main and signal.getsignal(number) is not signal.SIG_IGN]
            before.extend((number, signal.signal(number, self._received)) for number in heard)
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler if handler is not None else signal.SIG_DFL)

    def send_pending(self) -> None:
        while self._pending:
            self._send(self._pending.pop(0))

    def _received(self, number: int, _: FrameType | None) -> None:
        if number in _FROM_THE_TERMINAL and _in_foreground():
            return
        self._pending.append(number)
        if self.process is not None:
            self.send_pending()

    def _send(self, number: int) -> None:
        with contextlib.suppress(OSError):
            if self.process is not None:
                self.process.send_signal(number)


def _in_foreground() -> bool:
    """Whether a terminal sends its signals to this process, and so to the program too."""
    if sys.platform == "win32":
        return True
    try:
        with open("/dev/tty", "rb", buffering=0) as terminal:  # noqa: PTH123 - a device
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False
