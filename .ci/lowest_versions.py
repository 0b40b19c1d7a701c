"""Prints pip constraints that pin what the package needs to the lowest version it says it works with.

    python lowest_versions.py pyproject.toml requirements.lock

All else stays as locked, but for what boto3 pins itself.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PINNED_BY_BOTO3 = {"s3transfer"}
_LOWER_BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[.*?\])?>=(?P<version>[\w.]+)")


def main(project_file: str, lock_file: str) -> None:
    project = tomllib.loads(Path(project_file).read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lowest = {}
    for requirement in [*project["dependencies"], *extras["cli"], *extras["sandbox"]]:
        bound = _LOWER_BOUND.match(requirement)
        if bound is None:
            raise SystemExit(f"{requirement!r} has no lower bound to test")
        lowest[bound["name"]] = bound["version"]
    for line in Path(lock_file).read_text(encoding="utf-8").splitlines():
        if line.partition("==")[0] not in lowest.keys() | _PINNED_BY_BOTO3:
            print(line)
    for name, version in sorted(lowest.items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main(*sys.argv[1:])
