"""Grants of inference profiles that leave out a model behind them.

Source: Bedrock User Guide, inference-profiles-prereq and global-cross-region-inference (read 2026-11): the profile and
the model in each destination, or for a global profile in the source Region and without a Region, are authorised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bedrock_guard.advice.lints.broken_arns import fault_of
from bedrock_guard.advice.lints.reading import GRANTING, Reading, listed, shown
from bedrock_guard.advice.lints.region_locks import MODEL_CALLS, destinations_text, limits_region, worldwide_text
from bedrock_guard.advice.lints.resource_kinds import Entry, read_entry
from bedrock_guard.advice.lints.routes import Route, Stop, all_routes, route_of
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.profiles import UNSPECIFIED
from bedrock_guard.iam.wildcard import compile_pattern
from bedrock_guard.report import Note

__all__ = ["lint_profiles"]

_PREFIX = "inference-profile/"
_MOST_PROFILES = 100
"""Profiles by their own ids that are followed; a role that names more of them is none that people write."""


@dataclass
class _Missing:
    """What one statement leaves out."""

    profiles: list[str] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    alone: list[Route] = field(default_factory=list)


def lint_profiles(readings: Sequence[Reading]) -> Iterator[Note]:
    """BG521: profiles without their models. BG519, BG520: models that an Allow limits to too few Regions."""
    grants = [one for one in readings if one.allows and one.policy.kind in GRANTING and one.actions & MODEL_CALLS]
    group = _Group(grants)
    for reading in grants:
        yield from _of_statement(reading, group)
    yield from group.limited()


class _Group:
    """All statements that grant calls of models, asked once about each authorization."""

    def __init__(self, grants: Sequence[Reading]) -> None:
        self.grants = grants
        self.named = 0
        self._answers: dict[tuple[str, Stop], bool] = {}
        self._limits: dict[int, _Missing] = {}

    def allows(self, action: str, stop: Stop) -> bool:
        """Whether some statement allows it, or may."""
        found = self._answers.get((action, stop))
        if found is None:
            context = stop.context()
            found = any(action in one.actions and one.rule.holds(stop.arn, context) is not False for one in self.grants)
            self._answers[action, stop] = found
        return found

    def limit(self, action: str, route: Route, stop: Stop) -> bool:
        """Whether some statement would allow it in another Region; remembers which."""
        context = stop.context(any_region=True)
        for index, one in enumerate(self.grants):
            limits = action in one.actions and limits_region(one, negated=False)
            if limits and one.rule.holds(stop.arn, context) is not False:
                if one.app is None or one.app.calls_profile(route.profile):
                    missing = self._limits.setdefault(index, _Missing())
                    missing.profiles.append(route.profile)
                    missing.stops.append(stop)
                return True
        return False

    def limited(self) -> Iterator[Note]:
        for index in sorted(self._limits):
            reading, missing = self.grants[index], self._limits[index]
            regions = {stop.region for stop in missing.stops}
            if UNSPECIFIED in regions:
                yield reading.note("BG519", f"this condition on the Region does not allow {worldwide_text(reading)}")
            if regions - {UNSPECIFIED}:
                profiles = [
                    profile
                    for profile, stop in zip(missing.profiles, missing.stops, strict=True)
                    if stop.region != UNSPECIFIED
                ]
                said = destinations_text(reading, regions - {UNSPECIFIED}, list(dict.fromkeys(profiles)))
                yield reading.note("BG520", f"this condition on the Region does not allow {said}")

    def may_reach(self, action: str, model: str) -> bool:
        """Whether some statement grants a model in any Region."""
        for one in self.grants:
            if action not in one.actions:
                continue
            for text in one.statement.resources or ("*",):
                entry = read_entry(text)
                if text == "*" or entry is None or len(entry.fields) < 6:
                    return True
                if compile_pattern(entry.resource).matches(f"foundation-model/{model}"):
                    return True
        return False


def _of_statement(reading: Reading, group: _Group) -> Iterator[Note]:
    missing, wild = _Missing(), _Missing()
    any_model = False
    for action in sorted(reading.actions & MODEL_CALLS):
        for route in _named(reading, group):
            _follow(reading, action, route, group, missing)
        for route in _matched(reading):
            if reading.rule.holds(route.source.arn, route.source.context()) is False:
                continue
            if any(group.allows(action, stop) for stop in route.models):
                any_model = True
                _follow(reading, action, route, group, missing)
            else:
                wild.alone.append(route)
    if not any_model and wild.alone and _by_pattern(reading):
        missing.alone += wild.alone
    text = _text(missing)
    if text:
        yield reading.note("BG521", text)


def _follow(reading: Reading, action: str, route: Route, group: _Group, missing: _Missing) -> None:
    """Notes each model behind a profile that is not granted."""
    if reading.rule.holds(route.source.arn, route.source.context()) is False:
        return
    if not route.models:
        if not group.may_reach(action, route.profile.partition(".")[2]):
            missing.alone.append(route)
        return
    left = [stop for stop in route.models if not group.allows(action, stop)]
    unlimited = [stop for stop in left if not group.limit(action, route, stop)]
    if len(unlimited) == len(route.models):
        missing.alone.append(route)
    elif unlimited:
        missing.profiles.append(route.profile)
        missing.stops += unlimited


def _named(reading: Reading, group: _Group) -> Iterator[Route]:
    """The routes of the profiles that a statement names by their ids."""
    for text in dict.fromkeys(reading.statement.resources or ()):
        entry = read_entry(text)
        if entry is None or not entry.resource.startswith(_PREFIX) or fault_of(text, reading.place):
            continue
        profile = entry.resource.removeprefix(_PREFIX)
        if "*" in profile or "?" in profile or group.named >= _MOST_PROFILES:
            continue
        group.named += 1
        for place in _places(reading, entry):
            route = route_of(profile, place)
            if route is not None:
                yield route


def _places(reading: Reading, entry: Entry) -> Iterator[Place]:
    """Where a profile is called: in the Region of its ARN, or here where that is open."""
    _, partition, _, region, account, _ = entry.fields
    given = {"partition": partition, "region": region, "account": account}
    yield replace(reading.place, **{name: value for name, value in given.items() if not {"*", "?"} & {*value}})


def _matched(reading: Reading) -> Sequence[Route]:
    """The routes of the profiles that a statement names by a pattern, or of those called that it limits to Regions."""
    if _by_pattern(reading):
        return all_routes(reading.place)
    if limits_region(reading, negated=False):
        return all_routes(reading.place) if reading.app is None else reading.app.routes
    return ()


def _by_pattern(reading: Reading) -> bool:
    entries = (read_entry(text) for text in reading.statement.resources or ())
    return any(
        entry is not None and entry.resource.startswith(_PREFIX) and ("*" in entry.resource or "?" in entry.resource)
        for entry in entries
    )


def _text(missing: _Missing) -> str:
    said: list[str] = []
    alone = list(dict.fromkeys(missing.alone))
    if alone:
        more = f" and {len(alone) - 1} more" if len(alone) > 1 else ""
        arns = [shown(stop.arn) for stop in alone[0].models] or ["the model in each Region that it routes to"]
        said.append(
            f"the inference profile {alone[0].profile}{more} is granted without the model behind it, so no call "
            f"through it is allowed: grant {listed(arns, most=4)} too"
        )
    if missing.stops:
        profiles = list(dict.fromkeys(missing.profiles))
        regions = listed(sorted({_where(stop) for stop in missing.stops}), most=6)
        arns = [shown(stop.arn) for stop in missing.stops]
        said.append(
            f"the inference profiles {profiles[0]} and {len(profiles) - 1} more also route to {regions}, where their "
            f"models are not granted: grant them there too, as in {arns[0]}"
            if len(profiles) > 1
            else f"the inference profile {profiles[0]} also routes to {regions}, where its model is not granted: grant "
            f"{listed(arns, most=4)} too"
        )
    return "; ".join(said)


def _where(stop: Stop) -> str:
    return "any Region (an ARN without one)" if stop.region == UNSPECIFIED else stop.region
