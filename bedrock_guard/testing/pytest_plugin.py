"""pytest plugin: the fixture ``bedrock_sandbox``. Loaded by pytest itself once the package is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

__all__ = ["bedrock_sandbox"]


@pytest.fixture
def bedrock_sandbox() -> Iterator[Sandbox]:
    """An embedded AWS, empty for each test."""
    from bedrock_guard.testing import sandbox

    with sandbox() as started:
        yield started
