"""A sandbox for each test of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bedrock_guard.testing import Sandbox, sandbox


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started
