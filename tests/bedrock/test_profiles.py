"""The shipped table of inference profiles: what it says, that it is whole, and that it does not guess."""

from __future__ import annotations

import re

import pytest

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.profiles import (
    destinations,
    known_profiles,
    profiles_for,
    sources,
    table_version,
)

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"


@pytest.mark.parametrize(
    ("profile", "region", "served"),
    [
        (f"us.{SONNET}", "us-east-1", "us-east-1 us-east-2 us-west-2"),
        (f"us.{SONNET}", "us-east-2", "us-east-1 us-east-2 us-west-2"),
        (f"us.{SONNET}", "us-west-2", "us-east-1 us-east-2 us-west-2"),
        (f"us.{SONNET}", "us-west-1", "us-east-1 us-east-2 us-west-1 us-west-2"),
        (f"us.{SONNET}", "ca-central-1", "ca-central-1 us-east-1 us-east-2 us-west-2"),
        (f"eu.{SONNET}", "eu-west-1", "eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3"),
        (f"jp.{SONNET}", "ap-northeast-1", "ap-northeast-1 ap-northeast-3"),
        (f"au.{SONNET}", "ap-southeast-2", "ap-southeast-2 ap-southeast-4"),
        (f"us-gov.{SONNET}", "us-gov-east-1", "us-gov-west-1"),
        ("us.anthropic.claude-3-haiku-20240307-v1:0", "us-east-2", "us-east-1 us-east-2 us-west-2"),
        ("us.anthropic.claude-3-haiku-20240307-v1:0", "us-west-2", "us-east-1 us-west-2"),
        ("us.anthropic.claude-3-5-sonnet-20240620-v1:0", "us-east-2", "us-east-1 us-west-2"),
        ("ca.amazon.nova-lite-v1:0", "ca-west-1", "ca-central-1 ca-west-1"),
    ],
)
def test_a_profile_routes_where_the_guide_says(profile: str, region: str, served: str) -> None:
    """Destinations depend on the source Region; the two Haiku rows are the guide's own example."""
    assert destinations(profile, region) == tuple(served.split())


@pytest.mark.parametrize(
    ("profile", "region"),
    [(f"us.{SONNET}", "eu-west-1"), ("us.amazon.nova-999-v1:0", "us-east-1"), (f"xx.{SONNET}", "us-east-1")],
)
def test_what_is_not_in_the_table_is_not_known(profile: str, region: str) -> None:
    """None is no empty list: nothing is guessed."""
    assert destinations(profile, region) is None


@pytest.mark.parametrize("profile", [f"global.{SONNET}", "global.somebody.new-model-v1:0"])
def test_a_global_profile_has_no_list(profile: str) -> None:
    """It is judged in the source Region and as “unspecified”, known to the table or not."""
    assert destinations(profile, "eu-west-1") == ("eu-west-1", "unspecified")


def test_the_profiles_of_a_model_in_a_region_are_found_global_last() -> None:
    """What to suggest for a model id that is only served through a profile."""
    assert profiles_for(SONNET, "ap-southeast-2") == (f"au.{SONNET}", f"global.{SONNET}")
    assert profiles_for(SONNET, "us-east-1") == (f"us.{SONNET}", f"global.{SONNET}")
    assert profiles_for("no.such-model", "us-east-1") == ()


def test_sources_are_the_regions_a_profile_can_be_called_from() -> None:
    """Of geographic and global profiles alike; none of an unknown one."""
    assert sources("jp.amazon.nova-2-lite-v1:0") == ("ap-northeast-1",)
    assert "sa-east-1" in sources(f"global.{SONNET}")
    assert sources("us.no.such") == ()


def test_every_row_is_well_formed() -> None:
    """Ids with a geography, Regions that look like Regions, destinations sorted and without repetition."""
    region = re.compile(r"(us|us-gov|eu|ap|ca|sa|me|il|af|mx)-[a-z]+-\d")
    table = tables.read_data("profiles.json")
    for profile, routes in table["geographic"].items():
        assert re.fullmatch(r"(us|us-gov|eu|apac|jp|au|ca)\.[a-z0-9]+\.[a-z0-9.:-]+", profile)
        assert routes
        for source, served in routes.items():
            assert all(region.fullmatch(one) for one in (source, *served.split()))
            assert served.split() == sorted(set(served.split()))
    for profile, listed in table["worldwide"].items():
        assert profile.startswith("global.")
        assert listed.split() == sorted(set(listed.split()))
    assert len(known_profiles()) == len(table["geographic"]) + len(table["worldwide"])


def test_a_profile_that_does_not_stay_in_its_source_serves_its_neighbours() -> None:
    """A source that is no destination is rare: each is listed here, so that a slip of the pen shows."""
    table = tables.read_data("profiles.json")["geographic"]
    elsewhere = {
        (profile, source)
        for profile, routes in table.items()
        for source, served in routes.items()
        if source not in served.split()
    }

    assert elsewhere == {
        ("us.anthropic.claude-3-5-sonnet-20240620-v1:0", "us-east-2"),
        (f"us-gov.{SONNET}", "us-gov-east-1"),
    }


def test_the_table_says_where_and_when_it_is_from() -> None:
    """A finding that rests on it must be able to say so."""
    table = tables.read_data("profiles.json")

    assert "inference-profiles-support" in table["source"]
    assert re.fullmatch(r"AWS documentation of \d{4}-\d{2}, read \d{4}-\d{2}-\d{2}", table_version())
