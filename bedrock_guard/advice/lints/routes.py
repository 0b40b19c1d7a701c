"""Where calls through inference profiles are authorised, for the lints that follow a profile to its models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bedrock_guard.bedrock.models import authorised_resources, parse_model
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.profiles import UNSPECIFIED, destinations, known_profiles, sources
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.context import Context

__all__ = ["Route", "Stop", "all_routes", "route_of"]

_REGION = "aws:RequestedRegion"


@dataclass(frozen=True, slots=True)
class Stop:
    """One resource that a call through a profile is authorised on.

    Attributes:
        arn: The profile or a model.
        region: ``aws:RequestedRegion`` of the authorization.
        profile: ``bedrock:InferenceProfileArn`` of the authorization; empty on the profile itself.
    """

    arn: str
    region: str
    profile: str = ""

    def context(self, *, any_region: bool = False) -> Context:
        """What is known of that request; nobody knows the rest."""
        values = {} if any_region else {_REGION: self.region}
        if self.profile:
            values["bedrock:InferenceProfileArn"] = self.profile
        return Context(values, unknown=("*",))


@dataclass(frozen=True, slots=True)
class Route:
    """A profile called in one Region, and where it leads.

    Attributes:
        profile: Its id.
        source: The authorization of the profile itself.
        models: Those of its model; empty where it is not known where the profile routes.
    """

    profile: str
    source: Stop
    models: tuple[Stop, ...]

    @property
    def worldwide(self) -> bool:
        """Whether it is a global profile."""
        return any(stop.region == UNSPECIFIED for stop in self.models)


@lru_cache(maxsize=1024)
def route_of(profile: str, place: Place) -> Route | None:
    """The route of a system-defined profile called in a Region; None where it cannot be called there."""
    try:
        ref = parse_model(profile)
        found = authorised_resources(
            ref,
            partition=place.partition,
            region=place.region,
            account=place.account,
            destinations=destinations(profile, place.region),
        )
    except ConfigurationError:
        return None
    if ref.geography is None:
        return None
    source, *models = (resource for resource in found if not resource.advisory)
    stops = (Stop(one.arn, one.context[_REGION], source.arn) for one in models)
    return Route(profile, Stop(source.arn, source.context[_REGION]), tuple(stops))


@lru_cache(maxsize=64)
def all_routes(place: Place) -> tuple[Route, ...]:
    """The routes of every profile of the shipped table that can be called in a Region."""
    callable_here = (profile for profile in known_profiles() if place.region in sources(profile))
    return tuple(route for profile in callable_here if (route := route_of(profile, place)) is not None)
