"""Every test runs cut off from its machine: no AWS configuration, no home directory, no network but loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.network import BlockedCall, block_all_but_loopback

_OUTSIDE = ("AWS_", "BEDROCK_GUARD_")
_PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")

# How long an example takes is the machine's affair: no test asserts a time.
settings.register_profile("bedrock-guard", deadline=None)
settings.load_profile("bedrock-guard")

_blocked_calls = block_all_but_loopback()


def _isolate(patch: pytest.MonkeyPatch, home: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(_OUTSIDE) or name.upper() in _PROXIES:
            patch.delenv(name)
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        patch.setenv(name, str(home))
    patch.setenv("AWS_CONFIG_FILE", str(home / "no-aws-config"))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "no-aws-credentials"))
    # Without credentials botocore asks the instance metadata service, which costs seconds wherever there is none.
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session", autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home directory of all tests. Session-wide fixtures, such as a shared sandbox, are isolated by this one."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        _isolate(patch, home)
        yield home


@pytest.fixture(autouse=True)
def isolation(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes what an earlier test or a wider fixture left in the environment."""
    _isolate(monkeypatch, empty_home)


@pytest.fixture(autouse=True)
def blocked_calls() -> Iterator[list[BlockedCall]]:
    """The calls of this test beyond loopback; any left here at the end fail it.

    Raising at the call is not enough: botocore turns the error into a connection failure, and code that is made for
    failing connections then passes its test without the server it was meant to talk to.
    """
    _blocked_calls.clear()
    yield _blocked_calls
    calls, _blocked_calls[:] = list(_blocked_calls), []
    if calls:
        pytest.fail(f"tried to reach beyond loopback: {', '.join(map(str, calls))}")
