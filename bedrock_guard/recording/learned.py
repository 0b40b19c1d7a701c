"""From the calls that were noted to what they need: each action on the ARNs that the calls name."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.installed_models import knows_parameter
from bedrock_guard.aws.model_questions import ModelQuestions
from bedrock_guard.aws.principal import resolve_principal
from bedrock_guard.aws.routing import destinations_of
from bedrock_guard.aws.session import partition_of_region
from bedrock_guard.bedrock.catalogue import find_action
from bedrock_guard.bedrock.request_resources import pattern_of
from bedrock_guard.errors import BedrockGuardError, ConfigurationError
from bedrock_guard.principal import Principal, principal_from_arn
from bedrock_guard.recording.calls import NotedCall, Notes
from bedrock_guard.report import Requirement, merge_duplicates
from bedrock_guard.requirements import Declaration, Where

if TYPE_CHECKING:
    import boto3

__all__ = ["Asking", "Learned", "Used", "learn"]

UNKNOWN = "*"
"""In place of an account: nothing said which it is."""

_SOME_ACCOUNT = "000000000000"
"""Stands for an account that is not known while it is looked at what AWS would refuse whatever the account is."""

_BUDGET_SECONDS = 10.0
_BEARER = "bedrock:CallWithBearerToken"
_NOT_KNOWN = "BG302"
"""The code of a note on a model of which nobody says where it leads."""

_DENIED = "AWS denied it in the recording"


@dataclass(frozen=True, slots=True)
class Asking:
    """What AWS may be asked for that the calls did not tell.

    Attributes:
        session: Of the program's own credentials.
        account: Of the calls whose caller nothing named: 12 digits; empty where it may have to be asked for.
        allowed: Whether AWS may be asked at all: who is calling, and what profiles lead to.
    """

    session: boto3.Session
    account: str = ""
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Used:
    """What a program used in one Region, as a guard takes it.

    Attributes:
        region: The Region.
        requests: Operations with what was kept of their parameters.
        operations: Those whose parameters said nothing that could be used.
        actions: What AWS denied besides.
    """

    region: str
    requests: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    operations: tuple[str, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What the calls of a recording need.

    Attributes:
        requirements: Each action on each resource once.
        used: By Region, the one with the most calls first.
        principals: Who called, as far as that is known.
        notes: What a reader has to know, a sentence or two each.
    """

    requirements: tuple[Requirement, ...]
    used: tuple[Used, ...]
    principals: tuple[Principal, ...]
    notes: tuple[str, ...]


def learn(notes: Notes, asking: Asking) -> Learned:
    """What the calls need.

    Args:
        notes: The calls.
        asking: What AWS may be asked for.

    Raises:
        ConfigurationError: A call was made in a Region of which botocore knows no partition.
    """
    return _Learning(asking).of(notes)


class _Learning:
    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._notes: dict[str, None] = {}
        self._asked_account: str | None = None

    def of(self, notes: Notes) -> Learned:
        principals = tuple(dict.fromkeys(_principals(notes.calls)))
        requirements: list[Requirement] = []
        used: dict[str, Used] = {}
        calls = sorted(notes.calls, key=lambda call: (call.region, call.account))
        for (region, account), group in itertools.groupby(calls, key=lambda call: (call.region, call.account)):
            found = self._used(region, account, list(group))
            needed = self._requirements(found, account)
            requirements += needed
            found = replace(found, actions=tuple(_besides(found.actions, needed)))
            used[region] = _joined(used.get(region, Used(region)), found)
        self._say_of(notes, principals)
        by_calls = sorted(used.values(), key=lambda one: -sum(c.count for c in calls if c.region == one.region))
        return Learned(merge_duplicates(requirements), tuple(by_calls), principals, tuple(self._notes))

    # -- what was used -------------------------------------------------------------------------------------------

    def _used(self, region: str, account: str, calls: Sequence[NotedCall]) -> Used:
        """The requests that can be read; of the others the operation alone."""
        where = self._where(region, account or self._asking.account or _SOME_ACCOUNT)
        requests: list[tuple[str, Mapping[str, Any]]] = []
        operations: dict[str, None] = {}
        for call in calls:
            request = (call.operation, call.parameters)
            try:
                if call.cut:
                    raise ConfigurationError("they could not be noted")
                declaration = Declaration.of(requests=[request], is_newer=knows_parameter)
            except ConfigurationError as unusable:
                self._without_parameters(call, unusable, operations)
                continue
            try:
                declaration.requirements(where, {})
            except ConfigurationError as impossible:
                self._say(f"A call of {call.operation} in {region} is left out, since AWS refuses it: {impossible}.")
                continue
            requests += [request] if request not in requests else []
        denied = dict.fromkeys(pair for call in calls for pair in sorted(call.denied))
        keys = {(_BEARER, "*"): None} if any(call.with_key for call in calls) else {}
        return Used(region, tuple(requests), tuple(operations), tuple({**denied, **keys}))

    def _where(self, region: str, account: str) -> Where:
        return Where(partition_of_region(self._asking.session, region), region, account)

    def _without_parameters(self, call: NotedCall, unusable: ConfigurationError, operations: dict[str, None]) -> None:
        try:
            Declaration.of(operations=[call.operation])
        except ConfigurationError:
            self._say(f"{call.operation} is not in the catalogue: what it needs is not known, and nothing is written.")
            return
        operations[call.operation] = None
        self._say(
            f"The parameters of a call of {call.operation} could not be used ({unusable}): what it needs is written "
            "with a pattern in place of its resource."
        )

    # -- what that needs -----------------------------------------------------------------------------------------

    def _requirements(self, used: Used, account: str) -> list[Requirement]:
        """The needs of one Region and one account."""
        named = account or self._asking.account
        found, notes = self._in(used, self._where(used.region, named or UNKNOWN))
        if not named and any(_has_no_account(one) for one in found):
            found, notes = self._in(used, self._where(used.region, self._account(used.region)))
        self._notes.update(dict.fromkeys(notes))
        return found

    def _in(self, used: Used, where: Where) -> tuple[list[Requirement], list[str]]:
        """The needs, and what has to be said of them."""
        found: list[Requirement] = []
        said: list[str] = []
        if used.requests or used.operations:
            declaration = Declaration.of(requests=used.requests, operations=used.operations, is_newer=knows_parameter)
            calls = AwsCalls(self._asking.session, where.region, Budget(_BUDGET_SECONDS))
            account = "" if where.account == UNKNOWN else where.account
            models = declaration.all_models(where)
            asked = ModelQuestions(calls, account=account)
            destinations, notes = destinations_of(asked, models, may_ask=self._asking.allowed and bool(account))
            found += declaration.requirements(where, destinations)
            found += declaration.unresolved(where, destinations)
            said += (note.text for note in notes if note.code == _NOT_KNOWN)
        needed = {(one.action, one.resource) for one in found}
        found += (one for one in _denied(used.actions, where) if (one.action, one.resource) not in needed)
        # What AWS denied is needed, whatever its documentation leaves open.
        denied = {(action, resource) for action, resource in used.actions}
        return [replace(one, advisory=False) if (one.action, one.resource) in denied else one for one in found], said

    def _account(self, region: str) -> str:
        """The account of the program's own credentials, asked for once."""
        if self._asked_account is None:
            self._asked_account = UNKNOWN
            if not self._asking.allowed:
                self._say(_no_account("AWS was not asked"))
                return UNKNOWN
            try:
                calls = AwsCalls(self._asking.session, region, Budget(_BUDGET_SECONDS))
                self._asked_account = resolve_principal(calls).account
            except BedrockGuardError as error:
                self._say(_no_account(str(error)))
        return self._asked_account

    # -- what is said of it --------------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self._notes[text] = None

    def _say_of(self, notes: Notes, principals: Sequence[Principal]) -> None:
        refused = sum(count for call in notes.calls for code, count in call.outcomes.items() if _refused(code))
        if refused:
            self._say(
                f"{refused} of {notes.count} calls were denied. What they need is written too; where a Deny or another "
                "layer stands in the way, `bedrock-guard explain` says whom to ask."
            )
        if len({one.policy_source_arn or one.caller_arn for one in principals}) > 1:
            listed = ", ".join(sorted({one.policy_source_arn or one.caller_arn for one in principals}))
            self._say(f"The calls were made by several principals, and what all of them need is in one: {listed}.")
        if any(call.with_key for call in notes.calls):
            self._say("Calls were made with a Bedrock API key: the user or role that it belongs to needs the policy.")
        if notes.lost:
            self._say(f"{notes.lost} notes were lost: what those calls need may be missing.")


def _principals(calls: Iterable[NotedCall]) -> Iterator[Principal]:
    for call in calls:
        try:
            if call.caller:
                yield principal_from_arn(call.caller)
        except ConfigurationError:
            continue


def _joined(one: Used, other: Used) -> Used:
    requests = list(one.requests)
    requests += (request for request in other.requests if request not in requests)
    return Used(
        one.region,
        tuple(requests),
        tuple(dict.fromkeys((*one.operations, *other.operations))),
        tuple(dict.fromkeys((*one.actions, *other.actions))),
    )


def _has_no_account(requirement: Requirement) -> bool:
    fields = requirement.resource.split(":", 5)
    return len(fields) == 6 and fields[4] == UNKNOWN


def _denied(pairs: Iterable[tuple[str, str]], where: Where) -> Iterator[Requirement]:
    """What AWS denied, by its own words; on the pattern of the action's kind where it named no ARN."""
    for name, resource in pairs:
        try:
            action = find_action(name)
        except ConfigurationError:
            yield Requirement(name, resource, reasons=(_DENIED,))
            continue
        if action.takes_resources and not resource.startswith("arn:"):
            resource = pattern_of(action, where)
        yield Requirement(action.name, resource if action.takes_resources else "*", reasons=(_DENIED,))


def _besides(denied: Iterable[tuple[str, str]], needed: Iterable[Requirement]) -> Iterator[tuple[str, str]]:
    """What was denied and no request says, as far as a guard can be told of it."""
    alone = {(one.action, one.resource) for one in needed if one.reasons == (_DENIED,)}
    for action, resource in denied:
        try:
            Declaration.of(actions=[(action, resource)])
        except ConfigurationError:
            continue
        if (find_action(action).name, resource) in alone:
            yield action, resource


def _refused(code: str) -> bool:
    return "accessdenied" in code.lower() or "unauthorized" in code.lower()


def _no_account(why: str) -> str:
    return (
        f"The account is not known ({why}): ARNs have an asterisk in its place, which any account matches. "
        "--account says it."
    )
