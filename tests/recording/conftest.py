"""A sandbox for the programs that are recorded, and a role that may do everything in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bedrock_guard.testing import Sandbox, sandbox

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="package")
def everything(empty_home: object) -> Iterator[Sandbox]:
    """With the role ``everything``; nothing else of it is to be changed."""
    with sandbox() as aws:
        aws.role("everything", policies=[EVERYTHING])
        yield aws
