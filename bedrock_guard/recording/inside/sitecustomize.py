"""What Python runs first in every process below ``bedrock-guard record``: this folder stands first in PYTHONPATH.

It waits for botocore, whose calls the recorder beside it notes; takes the folder out of the module search path again,
so that the program finds what it would find without; and runs the sitecustomize module that this one hides, if there is
one. A process that never loads botocore loads nothing of this but the few lines here.

Source: Python's documentation of the module ``site`` (read 2026-11): whatever goes wrong in a sitecustomize is printed
and not fatal, and that there is none is silent.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VARIABLE = "_BEDROCK_GUARD_RECORD"
_HERE = os.path.dirname(__file__)  # noqa: PTH120 - pathlib would be loaded for it


def _watch() -> None:
    """Notes that this process is seen, and waits for botocore."""
    folder = os.environ.get(_VARIABLE)
    sys.path[:] = [path for path in sys.path if path.rstrip("/\\") != _HERE]
    try:
        if folder:
            _note_process(folder)
            sys.meta_path.insert(0, _WhenLoaded("botocore", folder))
    except Exception:  # noqa: BLE001, S110 - whatever is wrong with the recorder is no matter of the program's
        pass


def _note_process(folder: str) -> None:
    path = f"{folder}/{os.getpid()}-{os.urandom(4).hex()}.jsonl"
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    version = ".".join(map(str, sys.version_info[:3]))
    os.write(file, b'{"python": "%s"}\n' % version.encode())
    os.close(file)


class _WhenLoaded:
    """A finder that finds nothing itself: once the module is loaded, the recorder is told."""

    def __init__(self, name: str, folder: str) -> None:
        self._name = name
        self._folder = folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self._name:
            return None
        # From here on imports are as they are without a recorder.
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for finder in list(sys.meta_path):
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find is not None else None
            if spec is not None:
                self._follow(spec.loader)
                return spec
        return None

    def _follow(self, loader: Any) -> None:
        try:
            load = loader.exec_module

            def exec_module(module: Any) -> None:
                del loader.exec_module
                load(module)
                self._begin(module)

            loader.exec_module = exec_module
        except Exception:  # noqa: BLE001, S110 - a loader of its own kind: it loads, and nothing is noted
            pass

    def _begin(self, module: Any) -> None:
        try:
            from importlib.util import module_from_spec, spec_from_file_location

            spec = spec_from_file_location("bedrock_guard_recorder", f"{_HERE}/bedrock_guard_recorder.py")
            if spec is not None and spec.loader is not None:
                recorder = module_from_spec(spec)
                spec.loader.exec_module(recorder)
                recorder.begin(module, self._folder)
        except Exception:  # noqa: BLE001, S110 - the program has its module, whatever becomes of the notes
            pass


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
    _watch()
    _run_hidden()
