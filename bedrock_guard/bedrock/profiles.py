"""Where the system-defined inference profiles route to: a dated table, for when the service cannot be asked.

``bedrock:GetInferenceProfile`` is the better source. This table is read from AWS's guide, which says that the
destinations of a profile tied to a geography never change; profiles that it did not list are left out.
"""

from __future__ import annotations

from functools import cache
from typing import TypedDict

from bedrock_guard.bedrock import tables

__all__ = ["UNSPECIFIED", "destinations", "known_profiles", "profiles_for", "sources", "table_version"]

UNSPECIFIED = "unspecified"
"""The value of aws:RequestedRegion where a global profile serves the request outside the source Region.

Source: Bedrock User Guide, global-cross-region-inference (read 2026-11); its policies and users' reports
agree, although a sentence of the same page says ``global``.
"""

_GLOBAL = "global."


class _ProfileTable(TypedDict):
    as_of: str
    read: str
    source: str
    note: str
    geographic: dict[str, dict[str, str]]
    worldwide: dict[str, str]


def destinations(profile_id: str, region: str) -> tuple[str, ...] | None:
    """The Regions that may serve a call of ``profile_id`` made in ``region``, sorted; None if not known.

    The source Region is among them only where the profile serves there:
    ``us-gov.anthropic.claude-sonnet-4-5…`` called in us-gov-east-1 is served in us-gov-west-1 alone. A
    global profile gives ``(region, "unspecified")``, known or not: it is authorised as those two wherever it
    routes.
    """
    if profile_id.startswith(_GLOBAL):
        return (region, UNSPECIFIED)
    served = _table()["geographic"].get(profile_id, {}).get(region)
    return None if served is None else tuple(served.split())


def sources(profile_id: str) -> tuple[str, ...]:
    """The Regions that ``profile_id`` can be called from, by the table, sorted; empty if not listed."""
    table = _table()
    if profile_id in table["worldwide"]:
        listed: str = table["worldwide"][profile_id]
        return tuple(listed.split())
    return tuple(sorted(table["geographic"].get(profile_id, ())))


def known_profiles() -> tuple[str, ...]:
    """The ids of all profiles in the table, sorted."""
    return _known()


def profiles_for(model_id: str, region: str) -> tuple[str, ...]:
    """The known profiles of a foundation model that can be called in ``region``, global ones last."""
    fitting = [profile for profile in _known() if profile.partition(".")[2] == model_id and region in sources(profile)]
    return tuple(sorted(fitting, key=lambda profile: (profile.startswith(_GLOBAL), profile)))


def table_version() -> str:
    """Which edition of AWS's page the table is: ``"AWS documentation of 2025-12, read 2026-11-24"``."""
    table = _table()
    return f"AWS documentation of {table['as_of']}, read {table['read']}"


@cache
def _table() -> _ProfileTable:
    table: _ProfileTable = tables.read_data("profiles.json")
    return table


@cache
def _known() -> tuple[str, ...]:
    table = _table()
    return tuple(sorted({*table["geographic"], *table["worldwide"]}))
