"""What a test needs of the installed botocore: the shapes that the catalogue was made from."""

from __future__ import annotations

import botocore
import pytest

__all__ = ["of_the_catalogue"]

_INSTALLED = tuple(int(part) for part in botocore.__version__.split(".")[:2])

of_the_catalogue = pytest.mark.skipif(
    _INSTALLED < (1, 44), reason="makes or reads requests by shapes that this botocore does not have yet"
)
"""Marks a test that walks botocore's models: an older one lacks operations and members that the catalogue knows."""
