"""The command line: parse, call the guard, print. It needs the extra ``cli``.

0    all allowed
1    something is denied
2    usage, configuration, or a fault of the command itself
3    could not check, and nothing is known to be denied
130  interrupted
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec

__all__ = ["main"]

_EXTRA = ("click", "rich")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit code; what it has to say goes to standard output and error.

    Args:
        arguments: Without the program's name; those of the process by default.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started it: the exit code still tells
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we do
    missing = [package for package in _EXTRA if find_spec(package) is None]
    if missing:
        sys.stderr.write(
            f"error[BG500]: the command line needs {' and '.join(missing)}, which are not installed\n"
            "  help: pip install 'bedrock-guard[cli]'\n"
        )
        return 2
    from bedrock_guard.cli.run import run

    return run(arguments)
