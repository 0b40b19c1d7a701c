"""The session and the Region a guard works in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_guard.bedrock.suggestions import nearest
from bedrock_guard.errors import ConfigurationError, PrincipalError
from bedrock_guard.report import Note

if TYPE_CHECKING:
    import boto3

__all__ = ["checked_region", "default_session", "partition_of_region", "region_notes", "region_of"]


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
        ConfigurationError: There is neither, or it cannot be a Region's name.
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
    checked_region(found)
    regions = _regions(session)
    if regions.can_be(found):
        return found
    near = nearest(found, regions.names, count=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ConfigurationError(
        f"region: {found!r} is no Region of any partition that the installed botocore knows{hint}",
        code="BG503",
        suggestions=near,
        remedy="If its partition is newer, update botocore, which has to know the addresses of its services.",
    )


def region_notes(session: boto3.Session, region: str) -> tuple[Note, ...]:
    """That the Region is none of those that the installed botocore lists, though it may be a newer one."""
    regions = _regions(session)
    if not regions.names or region in regions.names:
        return ()
    near = nearest(region, regions.names, count=1)
    hint = f"; the nearest that it lists is {near[0]}" if near else ""
    text = f"{region} is not among the Regions that the installed botocore lists{hint}. A newer one may be missing."
    return (Note("BG503", text),)


@dataclass(frozen=True, slots=True)
class _Regions:
    """What the installed botocore knows of Regions.

    Attributes:
        names: Those that it lists.
        forms: Patterns of what a Region of each partition is called.
    """

    names: frozenset[str]
    forms: tuple[str, ...]

    def can_be(self, name: str) -> bool:
        return not self.forms or name in self.names or any(re.match(form, name) for form in self.forms)


def _regions(session: boto3.Session) -> _Regions:
    from botocore.exceptions import BotoCoreError

    try:
        loader: Any = session._session.get_component("data_loader")  # noqa: SLF001 - boto3 has no other way to it
        partitions = loader.load_data("partitions")["partitions"]
    except (BotoCoreError, AttributeError):
        partitions = ()
    names = frozenset(name for one in partitions for name in one["regions"] if not name.endswith("-global"))
    return _Regions(names, tuple(one["regionRegex"] for one in partitions))


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
