"""ministack with IAM enforcement on, as a process of its own on loopback.

It is installed into a virtual environment of its own, since it pins an older botocore than the tests use.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import boto3

__all__ = ["ACCOUNT", "REGION", "VERSION", "environment_with_ministack", "root", "running_ministack"]

VERSION = "1.5.33"
"""Pinned: what it cannot judge is listed by name, and that list is true of one version."""

ACCOUNT = "123456789012"
REGION = "us-east-1"

# As it is when the tests are collected: later there is neither a home directory nor a proxy, which pip may need.
_ENVIRONMENT = dict(os.environ)

_START_SECONDS = 60
_INSTALL_SECONDS = 600


@cache
def root() -> boto3.Session:
    """The account's root user, to whom ministack allows everything. One session loads botocore's models once."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)


def environment_with_ministack(folder: Path) -> Path:
    """The Python that has ministack, made in the folder unless it is there already.

    Raises:
        RuntimeError: It cannot be installed; with pip's last words.
    """
    home = folder / f"venv-{VERSION}-python{sys.version_info.major}.{sys.version_info.minor}"
    if not home.exists():
        unfinished = Path(tempfile.mkdtemp(dir=folder))
        try:
            _run(sys.executable, "-m", "venv", str(unfinished))
            _run(str(_python(unfinished)), "-m", "pip", "install", "--quiet", f"ministack=={VERSION}")
            _move(unfinished, home)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return _python(home)


def _python(home: Path) -> Path:
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _run(*command: str) -> None:
    try:
        done = subprocess.run(
            command, env=_ENVIRONMENT, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"ministack {VERSION} was not installed within {_INSTALL_SECONDS} s") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise RuntimeError(f"ministack {VERSION} cannot be installed: {' '.join(command)} failed:\n{said}")


def _move(unfinished: Path, home: Path) -> None:
    """Only a finished environment gets the name. Of two test processes that make it at once, the first wins."""
    try:
        unfinished.rename(home)
    except OSError:
        if not home.exists():
            raise


@contextmanager
def running_ministack(python: Path, work: Path) -> Iterator[str]:
    """The URL of a ministack that enforces IAM and ends with the block.

    Raises:
        RuntimeError: It does not start; with its last words.
    """
    port = _free_port()
    environment = {
        "PATH": _ENVIRONMENT.get("PATH", ""),
        "SYSTEMROOT": _ENVIRONMENT.get("SYSTEMROOT", ""),
        "HOME": str(work),
        "TMPDIR": str(work),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
    }
    url = f"http://127.0.0.1:{port}"
    log = work / "ministack.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(python), "-I", "-m", "ministack"],
            env=environment, cwd=work, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(process, f"{url}/_ministack/health", log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with opener.open(health, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    said = log.read_text("utf-8", "replace")[-2000:]
    raise RuntimeError(f"ministack {VERSION} did not start (exit code {process.poll()}):\n{said}")
