"""The session and the Region a guard works in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_guard.errors import ConfigurationError, PrincipalError

if TYPE_CHECKING:
    import boto3

__all__ = ["checked_region", "default_session", "partition_of_region", "region_of"]


def default_session() -> boto3.Session:
    """A new session of its own, with credentials and Region from where boto3 finds them.

    Raises:
        PrincipalError: ``AWS_PROFILE`` names a profile that the configuration files do not have.
    """
    import boto3
    from botocore.exceptions import ProfileNotFound

    try:
        return boto3.Session()
    except ProfileNotFound as error:
        raise PrincipalError(
            f"no usable credentials: {error}",
            code="BG410",
            remedy="Name a profile that `aws configure list-profiles` lists, or unset AWS_PROFILE.",
        ) from error


def region_of(session: boto3.Session, region: str | None) -> str:
    """The Region that was asked for, or the session's.

    Raises:
        ConfigurationError: There is neither, or it is not a Region's name.
    """
    found = region or session.region_name
    if not found:
        raise ConfigurationError(
            "no Region: Bedrock is called in one, and its permissions are checked for it",
            code="BG503",
            remedy=(
                "Set region= (--region), AWS_DEFAULT_REGION (boto3 does not read AWS_REGION), or `region` in the "
                "profile of the AWS configuration file."
            ),
        )
    return checked_region(found)


def checked_region(name: str) -> str:
    """The name, if a Region can have it.

    Raises:
        ConfigurationError: It is not a Region's name.
    """
    if not name or not all(c.isalnum() or c == "-" for c in name) or name.strip("-") != name:
        raise ConfigurationError(f"region: {name!r} is not the name of a Region, such as us-east-1", code="BG503")
    return name


def partition_of_region(session: boto3.Session, region: str) -> str:
    """``aws``, ``aws-us-gov``, ``aws-cn`` …, by botocore's own rules."""
    from botocore.exceptions import BotoCoreError

    try:
        return str(session.get_partition_for_region(region))
    except BotoCoreError:
        return "aws"
