"""What an app calls, as far as it matters to lints: a trap that no call of the app falls into is not worth a note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bedrock_guard.advice.lints.routes import Route, Stop
from bedrock_guard.report import Requirement

__all__ = ["AppUse", "use_of"]

_REGION = "aws:RequestedRegion"
_PROFILE = "bedrock:InferenceProfileArn"


@dataclass(frozen=True, slots=True)
class AppUse:
    """What an app calls.

    Attributes:
        actions: The actions that it needs, in lower case.
        routes: The inference profiles that it calls, with where they are served.
    """

    actions: frozenset[str]
    routes: tuple[Route, ...]

    def calls_profile(self, profile: str) -> bool:
        """Whether the app calls the profile of that id."""
        return any(route.profile == profile for route in self.routes)


def use_of(requirements: Iterable[Requirement]) -> AppUse:
    """What an app calls, by what it needs.

    Where its profiles are served is what the check knows of it, from the service where that could be asked.

    Args:
        requirements: Of the app's own requests.
    """
    actions: set[str] = set()
    sources: dict[str, Stop] = {}
    models: dict[str, dict[Stop, None]] = {}
    for requirement in requirements:
        actions.add(requirement.action.lower())
        if requirement.advisory:
            continue
        context = dict(requirement.context)
        region = next(iter(context.get(_REGION, ())), "")
        for profile in context.get(_PROFILE, ()):
            models.setdefault(profile, {})[Stop(requirement.resource, region, profile)] = None
        sources.setdefault(requirement.resource, Stop(requirement.resource, region))
    routes = (
        Route(arn.rpartition("/")[2], sources[arn], tuple(stops)) for arn, stops in models.items() if arn in sources
    )
    return AppUse(frozenset(actions), tuple(routes))
