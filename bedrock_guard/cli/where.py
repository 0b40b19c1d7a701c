"""The options that say where AWS is: Region, profile and endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from bedrock_guard.cli.aws_session import endpoint_url

__all__ = ["where_options"]

_F = TypeVar("_F", bound=Callable[..., Any])


def where_options(command: _F) -> _F:
    """``--region``, ``--profile`` and ``--endpoint-url``."""
    region = click.option("--region", metavar="NAME", help="Region the app calls; the session's by default.")
    profile = click.option("--profile", metavar="NAME", help="Profile of the AWS configuration files.")
    endpoint = click.option(
        "--endpoint-url", callback=endpoint_url, metavar="URL", help="Call all of AWS's services at this URL."
    )
    return region(profile(endpoint(command)))
