"""Fails where the installed wheel is not the package, or needs more than the package says it does.

Run by a Python that has the wheel and pytest, and none of the extras:

    python -I check_wheel.py CHECKOUT
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import sys
from pathlib import Path

import bedrock_guard

# What these rooms need is installed with an extra; the generator's is a development package.
_NEED_EXTRAS = ("bedrock_guard.aio", "bedrock_guard.bedrock.generate", "bedrock_guard.cli", "bedrock_guard.testing")
_USAGE_ERROR = 2


def main(checkout: str) -> None:
    installed = Path(bedrock_guard.__file__).parent
    source = Path(checkout, "bedrock_guard")
    if source.resolve() in (installed, *installed.parents):
        raise SystemExit("this is the checkout, not the wheel")
    missing = _files(source) - _files(installed)
    if missing:
        raise SystemExit(f"not in the wheel: {', '.join(sorted(missing))}")

    # The pages are written in docs/ and copied into the wheel when it is built.
    page_of = importlib.import_module("bedrock_guard.code_pages").page_of
    for code, title in importlib.import_module("bedrock_guard.codes").CODES.items():
        if not page_of(code).startswith(f"# {code}: {title}\n"):
            raise SystemExit(f"{code} has another page in the wheel")

    # Every project that has pytest and this package loads the plugin, so it has to be light and need no extra.
    importlib.import_module("bedrock_guard.testing.pytest_plugin")
    heavy = {"boto3", "moto", "structlog"} & sys.modules.keys()
    if heavy:
        raise SystemExit(f"the pytest plugin loads {', '.join(sorted(heavy))}")

    # The command is installed in any case; without its extra it has to say which to install.
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        exit_code = importlib.import_module("bedrock_guard.cli").main(["whoami"])
    if exit_code != _USAGE_ERROR or "bedrock-guard[cli]" not in said.getvalue():
        raise SystemExit(f"without its extra the command exits {exit_code} and says: {said.getvalue()}")

    names = [module.name for module in pkgutil.walk_packages([str(installed)], "bedrock_guard.", onerror=_ignore)]
    checked = [name for name in names if not name.startswith(_NEED_EXTRAS)]
    for name in checked:
        importlib.import_module(name)
    print(f"bedrock-guard {bedrock_guard.__version__}: {len(checked)} modules import without extras")


def _files(package: Path) -> set[str]:
    return {
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _ignore(_: str) -> None:
    """A package that needs an extra is named, and not entered."""


if __name__ == "__main__":
    main(sys.argv[1])
