"""Where it is known what the app calls, lints speak of the traps that its calls fall into and of no others."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.advice.lint import lint_policies
from bedrock_guard.advice.lints.app_use import AppUse, use_of
from bedrock_guard.advice.lints.routes import Route, Stop
from bedrock_guard.report import Requirement
from tests.advice.test_lint import ACCOUNT, ALL_MODELS, BOTH, HAIKU, MODEL, allow, arn, deny, equals, policy

US = f"us.{HAIKU}"
GLOBAL = f"global.{HAIKU}"
SERVED = ("us-east-1", "us-east-2", "us-west-2")


def route(profile: str, *regions: str) -> Route:
    source = arn(f"inference-profile/{profile}")
    models = (
        Stop(f"arn:aws:bedrock:{'' if region == 'unspecified' else region}::foundation-model/{HAIKU}", region, source)
        for region in regions
    )
    return Route(profile, Stop(source, "us-east-1"), tuple(models))


ROUTES = {
    US: route(US, *SERVED),
    GLOBAL: route(GLOBAL, "us-east-1", "unspecified"),
    "abcdefghij12": route("abcdefghij12", "us-east-1", "ap-south-2"),
}


def codes(*statements: Any, calls: tuple[str, ...] = (), actions: tuple[str, ...] = (BOTH[0],)) -> list[str]:
    app = AppUse(frozenset(action.lower() for action in actions), tuple(ROUTES[profile] for profile in calls))
    read = [policy(*statements)]
    notes = lint_policies(read, partition="aws", region="us-east-1", account=ACCOUNT, app=app)
    return [note.code for note in notes]


def lock(*regions: str) -> dict[str, Any]:
    return deny("*", "*", equals("aws:RequestedRegion", *regions, operator="StringNotEquals"))


def limited(*regions: str) -> dict[str, Any]:
    return allow(BOTH, "*", equals("aws:RequestedRegion", *regions))


@pytest.mark.parametrize("statement", [lock, limited])
class TestRegionLocks:
    """A Region lock, as a Deny and as a condition of an Allow."""

    def test_without_a_profile_none_is_wrong(self, statement: Any) -> None:
        """An app that calls models as they are is served where it calls."""
        assert codes(statement("us-east-1")) == []

    def test_a_global_profile_needs_unspecified(self, statement: Any) -> None:
        """And nothing but that and the Region that is called."""
        assert codes(statement("us-east-1"), calls=(GLOBAL,)) == ["BG519"]
        assert codes(statement("us-east-1", "unspecified"), calls=(GLOBAL,)) == []

    def test_a_geographic_profile_needs_its_destinations(self, statement: Any) -> None:
        """Those of the profile that is called: no other's, and not ``unspecified``."""
        assert codes(statement("us-east-1", "us-east-2"), calls=(US,)) == ["BG520"]
        assert codes(statement(*SERVED), calls=(US,)) == []

    def test_both(self, statement: Any) -> None:
        """Each has a note of its own."""
        assert codes(statement("us-east-1"), calls=(US, GLOBAL)) == ["BG519", "BG520"]
        assert codes(statement(*SERVED), calls=(US, GLOBAL)) == ["BG519"]
        assert codes(statement("us-east-1", "unspecified"), calls=(US, GLOBAL)) == ["BG520"]
        assert codes(statement(*SERVED, "unspecified"), calls=(US, GLOBAL)) == []


def test_a_profile_that_is_in_no_table() -> None:
    """Where an application profile is served is what the service said of it."""
    assert codes(limited(*SERVED), calls=("abcdefghij12",)) == ["BG520"]
    assert codes(limited("us-east-1", "ap-south-2"), calls=("abcdefghij12",)) == []


def test_the_profiles_of_a_pattern_that_are_not_called() -> None:
    """A grant of all profiles, limited to where the app's own is served."""
    statement = allow(BOTH, [arn("inference-profile/*"), ALL_MODELS], equals("aws:RequestedRegion", *SERVED))
    assert codes(statement, calls=(US,)) == []


class TestStreams:
    """A grant of one of the two actions is enough for an app that makes the calls of one."""

    def test_an_app_that_does_not_stream(self) -> None:
        """Needs no grant of the other action; one that streams as well does."""
        assert codes(allow(BOTH[0], MODEL)) == []
        assert codes(allow(BOTH[0], MODEL), actions=tuple(BOTH)) == ["BG518"]

    def test_an_app_that_streams_alone(self) -> None:
        """The same the other way round."""
        assert codes(allow(BOTH[1], MODEL), actions=(BOTH[1],)) == []
        assert codes(allow(BOTH[1], MODEL), actions=tuple(BOTH)) == ["BG518"]

    @pytest.mark.parametrize("index", [0, 1])
    def test_a_deny_of_one_blocks_no_app(self, index: int) -> None:
        """Who denies means others than the app, too."""
        assert codes(deny(BOTH[index], MODEL), actions=(BOTH[index],)) == ["BG518"]


class TestUse:
    """What an app calls follows from what it needs."""

    @staticmethod
    def _needs(resource: str, region: str, profile: str = "", **given: Any) -> Requirement:
        context = {"aws:RequestedRegion": (region,)}
        if profile:
            context["bedrock:InferenceProfileArn"] = (profile,)
        given = {"action": BOTH[0], **given}
        return Requirement(resource=resource, context=tuple(sorted(context.items())), reasons=("x",), **given)

    def test_a_profile_with_its_models(self) -> None:
        """The profile's own authorization, and those behind it."""
        source = arn(f"inference-profile/{US}")
        needs = [self._needs(source, "us-east-1")]
        needs += [self._needs(stop.arn, stop.region, source) for stop in ROUTES[US].models]
        assert use_of(needs) == AppUse(frozenset({BOTH[0].lower()}), (ROUTES[US],))

    def test_a_model_as_it_is(self) -> None:
        """Is served where it is called: no route."""
        assert use_of([self._needs(MODEL, "us-east-1")]) == AppUse(frozenset({BOTH[0].lower()}), ())

    def test_what_is_not_settled(self) -> None:
        """What AWS's documentation does not settle is no route."""
        source = arn(f"inference-profile/{US}")
        needs = [self._needs(source, "us-east-1"), self._needs(MODEL, "us-east-1", source, advisory=True)]
        assert use_of(needs).routes == ()
