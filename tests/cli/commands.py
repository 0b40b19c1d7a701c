"""Running the command line in this process, and as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bedrock_guard.cli import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Commands:
    """Runs ``bedrock-guard`` in this process."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def __call__(self, *arguments: str) -> Ended:
        self._captured.readouterr()
        code = main(arguments)
        out, err = self._captured.readouterr()
        return Ended(code, out, err)


def spawn(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """``python -m bedrock_guard`` as a process of its own, cut off from the developer's AWS configuration."""
    return subprocess.Popen(
        [sys.executable, "-m", "bedrock_guard", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
