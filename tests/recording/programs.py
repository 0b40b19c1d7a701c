"""Programs that are recorded, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedrock_guard.testing import Sandbox

__all__ = ["ROOT", "Recorded", "record", "recording_command"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Recorded:
    """How a recorded program ended, and what was written of it."""

    code: int
    out: str
    err: str
    notes: Mapping[str, Any]
    policy: Mapping[str, Any]

    @property
    def calls(self) -> list[Mapping[str, Any]]:
        return list(self.notes.get("calls", ()))

    @property
    def counted(self) -> dict[str, int]:
        """Calls by operation."""
        found: dict[str, int] = {}
        for call in self.calls:
            found[call["operation"]] = found.get(call["operation"], 0) + sum(call["outcomes"].values())
        return found


def recording_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bedrock_guard", "record", *arguments]


def record(
    folder: Path,
    *command: str,
    aws: Sandbox | None = None,
    role: str | None = "everything",
    stdin: str = "",
    variables: Mapping[str, str] | None = None,
) -> Recorded:
    """Records a program.

    Args:
        folder: Its working directory.
        *command: Behind this test's Python, such as ``"-c", "…"``; a path as the first runs that instead.
        aws: Where it calls.
        role: As whom.
        stdin: What it reads.
        variables: Further ones of its environment.
    """
    where = aws.environment(role) if aws is not None else {}
    program = list(command) if command[0].startswith("/") else [sys.executable, *command]
    done = subprocess.run(
        recording_command("--notes", str(folder / "notes.json"), "-o", str(folder / "policy.json"), "--", *program),
        cwd=folder,
        env={**os.environ, **where, "PYTHONPATH": str(ROOT), **(variables or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Recorded(
        done.returncode, done.stdout, done.stderr, _read(folder / "notes.json"), _read(folder / "policy.json")
    )


def _read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found
