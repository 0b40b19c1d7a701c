"""What Python runs first in every process below ``bedrock-guard record``: this folder stands first in PYTHONPATH.

It starts the recorder, takes the folder out of the module search path again, so that the program finds what it would
find without, and then runs the sitecustomize module that this one hides, if there is one.

Source: Python's documentation of the module ``site`` (read 2026-11): whatever goes wrong in a sitecustomize is printed
and not fatal, and that there is none is silent.
"""

import sys

_HERE = __file__.rpartition("/")[0] or __file__.rpartition("\\")[0]


def _record() -> None:
    # Whatever is wrong with the recorder is no matter of the program's.
    try:
        from bedrock_guard_recorder import begin  # type: ignore[import-not-found, unused-ignore]

        begin()
    except Exception:  # noqa: BLE001, S110 - see above
        pass
    sys.path[:] = [folder for folder in sys.path if folder.rstrip("/\\") != _HERE]


def _run_hidden() -> None:
    """As site would have run it; its errors are its own."""
    ours = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize  # type: ignore[import-not-found, unused-ignore]  # noqa: F401 - another one than this
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        sys.modules["sitecustomize"] = ours


if __name__ == "sitecustomize":
    _record()
    _run_hidden()
