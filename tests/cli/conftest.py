"""The command line as a fixture."""

from __future__ import annotations

import pytest

from tests.cli.commands import Commands


@pytest.fixture
def bedrock_guard(capsys: pytest.CaptureFixture[str]) -> Commands:
    """Runs a command and gives its exit code and what it printed."""
    return Commands(capsys)
