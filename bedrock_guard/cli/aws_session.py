"""The boto3 session that the options of a command name."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from bedrock_guard.bedrock.suggestions import nearest, no_such_name
from bedrock_guard.cli.environment import environment
from bedrock_guard.errors import BedrockGuardError

if TYPE_CHECKING:
    import boto3

__all__ = ["aws_session", "endpoint_url"]

# Explicit credentials in the environment would win over a profile that is only named there.
# Source: Boto3 developer guide, credentials, order of precedence (read 2026-11).
_HIDES_PROFILE = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE")


@contextlib.contextmanager
def aws_session(*, profile: str | None = None, endpoint: str | None = None) -> Iterator[boto3.Session]:
    """A session of the profile, all of whose clients talk to the endpoint; both are in force until the end.

    Args:
        profile: Of the AWS configuration files; it wins over credentials in the environment.
        endpoint: URL that all services are called at, in place of AWS's.

    Raises:
        ConfigurationError: There is no such profile.
        PrincipalError: The AWS configuration, or the profile that the environment names, cannot be used.
    """
    from bedrock_guard.aws.session import default_session

    with environment(_changes(profile, endpoint)):
        try:
            session = default_session()
        except Exception as error:
            raise _unusable(error, profile) from error
        yield session


def _unusable(error: Exception, profile: str | None) -> BedrockGuardError:
    from bedrock_guard.aws.failures import failure_from
    from bedrock_guard.aws.session import default_session

    if profile is None or type(error.__cause__ or error).__name__ != "ProfileNotFound":
        return failure_from(error, action="sts:GetCallerIdentity", resource="*")
    with environment({"AWS_PROFILE": None, "AWS_DEFAULT_PROFILE": None}):
        known = default_session().available_profiles
    return no_such_name(f"--profile: the AWS configuration has no profile {profile!r}", nearest(profile, known))


def _changes(profile: str | None, endpoint: str | None) -> dict[str, str | None]:
    """Environment variables to set, or with None to remove: those that every AWS SDK reads."""
    changes: dict[str, str | None] = {}
    if profile is not None:
        changes.update(dict.fromkeys(_HIDES_PROFILE), AWS_PROFILE=profile)
    if endpoint is not None:
        # One that is meant for a single service, or a switch to ignore them, would win over it.
        single = [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL_")]
        changes.update(dict.fromkeys(single), AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=None, AWS_ENDPOINT_URL=endpoint)
    return changes


def endpoint_url(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """The option's value when it is a URL that can be called."""
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(f"{value!r} is not a URL such as http://localhost:5000")
    return value
