"""What Python runs first in every process below ``bedrock-guard record``: this folder stands first in PYTHONPATH.

It starts the recorder, takes the folder out of the module search path again, so that the program finds what it would
find without, and then runs the sitecustomize module that this one hides, if there is one.

Source: Python's documentation of the module ``site``: an ImportError of sitecustomize is silent when its name is
"sitecustomize", and whatever else goes wrong is printed and not fatal (read 2026-11).
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

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
    """As site would have run it: its errors are its own."""
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    ours = sys.modules.pop("sitecustomize", None)
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if ours is not None:
            sys.modules["sitecustomize"] = ours
        raise


if __name__ == "sitecustomize":
    _record()
    _run_hidden()
