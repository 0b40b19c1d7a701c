"""Region locks that forget where inference profiles are served.

Source: Bedrock User Guide, geographic-cross-region-inference and global-cross-region-inference (read 2026-11): each
destination is authorised with its own ``aws:RequestedRegion``, what a global profile serves elsewhere with
``unspecified``. The destinations are those of the shipped table.
"""

from __future__ import annotations

from collections.abc import Iterator

from bedrock_guard.advice.lints.reading import Reading, listed
from bedrock_guard.advice.lints.routes import Route, all_routes
from bedrock_guard.bedrock.profiles import UNSPECIFIED
from bedrock_guard.iam.operators import find_operator
from bedrock_guard.report import Note

__all__ = ["MODEL_CALLS", "destinations_text", "lint_region_locks", "limits_region", "worldwide_text"]

MODEL_CALLS = frozenset({"bedrock:invokemodel", "bedrock:invokemodelwithresponsestream"})
"""The actions that follow a profile to its models."""

_KEY = "aws:requestedregion"


def limits_region(reading: Reading, *, negated: bool) -> bool:
    """Whether a statement compares the Region, with a negated operator or with one that is not."""
    for condition in reading.statement.conditions:
        operator = find_operator(condition.operator)
        if condition.key.lower() != _KEY or operator is None or operator.compare is None:
            continue
        if operator.negated is negated:
            return True
    return False


def lint_region_locks(reading: Reading) -> Iterator[Note]:
    """BG519: a Deny outside of some Regions that forgets ``unspecified``. BG520: one that forgets a destination."""
    if reading.allows or not reading.actions & MODEL_CALLS or not limits_region(reading, negated=True):
        return
    worldwide = False
    regions: set[str] = set()
    profiles: list[str] = []
    for route in all_routes(reading.place) if reading.app is None else reading.app.routes:
        blocked = _blocked(reading, route)
        worldwide = worldwide or UNSPECIFIED in blocked
        if blocked - {UNSPECIFIED}:
            regions |= blocked - {UNSPECIFIED}
            profiles.append(route.profile)
    if worldwide:
        yield reading.note("BG519", f"this Region lock denies {worldwide_text(reading)}")
    if regions:
        yield reading.note("BG520", f"this Region lock denies {destinations_text(reading, regions, profiles)}")


def _blocked(reading: Reading, route: Route) -> set[str]:
    """Where the Deny takes effect, or may, on a route whose source it leaves alone."""
    if reading.rule.holds(route.source.arn, route.source.context()) is not False:
        return set()
    return {stop.region for stop in route.models if reading.rule.holds(stop.arn, stop.context()) is not False}


def worldwide_text(reading: Reading) -> str:
    """What happens to global profiles, as the end of a sentence."""
    return (
        'the calls of global inference profiles, which carry aws:RequestedRegion "unspecified" where they are served '
        f'outside of {reading.place.region}; if such profiles are to be used, add "unspecified" to the Regions'
    )


def destinations_text(reading: Reading, regions: set[str], profiles: list[str]) -> str:
    """What happens to geographic profiles, as the end of a sentence."""
    more = f" and {len(profiles) - 1} more" if len(profiles) > 1 else ""
    return (
        f"{listed(sorted(regions), most=6)}, where calls made in {reading.place.region} through inference profiles are "
        f"served too ({profiles[0]}{more}): they fail whenever they are routed there; add the Regions if such profiles "
        "are to be used"
    )
