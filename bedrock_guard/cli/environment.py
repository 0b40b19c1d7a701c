"""Environment variables of this process, changed for a while: AWS's SDKs take from them what nobody says otherwise."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping

__all__ = ["environment", "without_aws"]


@contextlib.contextmanager
def environment(changes: Mapping[str, str | None]) -> Iterator[None]:
    """Sets variables, or with None removes them; at the end they are as they were."""
    before = {name: os.environ.get(name) for name in changes}
    _apply(changes)
    try:
        yield
    finally:
        _apply(before)


def without_aws() -> dict[str, str | None]:
    """The changes after which no profile, key, endpoint or Region of the developer is left."""
    changes: dict[str, str | None] = dict.fromkeys(name for name in os.environ if name.startswith("AWS_"))
    return {
        **changes,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _apply(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
