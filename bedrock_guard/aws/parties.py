"""Requirements of several parties, each asked about its own: the caller, service roles, and whoever assumes those."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.context import ContextValues
from bedrock_guard.aws.evaluation import Outcome, evaluate_requirements
from bedrock_guard.aws.judgement import of_unknown_holder, unverified
from bedrock_guard.aws.probe import ReadDenials
from bedrock_guard.aws.service_roles import TrustJudgement, judge_trust
from bedrock_guard.bedrock.api_keys import UNKNOWN_HOLDER
from bedrock_guard.bedrock.service_roles import ServiceRole
from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.errors import BedrockGuardError, PrincipalError
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.report import Finding, Note, Principal, Requirement

__all__ = ["evaluate_parties"]

_CHECK = "iam:SimulatePrincipalPolicy"


@dataclass(frozen=True)
class _Terms:
    """What all parties are asked under."""

    calls: AwsCalls
    evaluators: Sequence[str]
    context: ContextValues
    now: datetime
    read_denials: ReadDenials | None


def evaluate_parties(
    calls: AwsCalls,
    principal: Principal,
    requirements: Sequence[Requirement],
    *,
    roles: Sequence[ServiceRole] = (),
    evaluators: Sequence[str],
    context: ContextValues,
    now: datetime,
    read_denials: ReadDenials | None = None,
) -> Outcome:
    """The finding for each requirement, in order, whoever it is asked of; the parties are asked side by side.

    Args:
        calls: Session, Region and budget.
        principal: The caller, who needs what names no other.
        requirements: Of the caller, of roles and users by their ARN, and of what assumes a role.
        roles: The service roles among them, with their kinds.
        evaluators: Which may be asked, in order.
        context: Condition keys that the app's own requests carry.
        now: The time of the check.
        read_denials: Reads AWS's messages for the probe; None where the session is not the principal's own, so that
            nothing may be probed.

    Raises:
        PrincipalError: The credentials are missing, expired or invalid.
    """
    terms = _Terms(calls, evaluators, context, now, read_denials)
    trust = [one for one in requirements if is_trust(one)]
    by_party: dict[str, list[Requirement]] = {"": []}
    for one in requirements:
        if not is_trust(one):
            by_party.setdefault(one.principal, []).append(one)
    tasks: list[Callable[[], Any]] = [
        partial(_of_party, terms, principal, party, asked) for party, asked in by_party.items()
    ]
    if trust or roles:
        tasks.append(partial(_trust, calls, principal, roles, trust))
    if len(tasks) == 1:
        return _of_party(terms, principal, "", by_party[""])
    answers = calls.gather(tasks, action=_CHECK)
    own, *others = [
        _outcome(principal, asked, answer) for asked, answer in zip([*by_party.values(), trust], answers, strict=False)
    ]
    found = {f.requirement: f for outcome in (own, *others) for f in outcome.findings}
    return replace(
        own,
        findings=tuple(found[one] for one in requirements),
        notes=tuple(dict.fromkeys(note for outcome in (own, *others) for note in outcome.notes)),
    )


def _of_party(terms: _Terms, caller: Principal, party: str, requirements: Sequence[Requirement]) -> Outcome:
    if party == UNKNOWN_HOLDER:
        return Outcome(caller, tuple(of_unknown_holder(requirement) for requirement in requirements))
    own = party in ("", caller.policy_source_arn, caller.caller_arn)
    outcome = evaluate_requirements(
        terms.calls,
        caller if own else principal_from_arn(party),
        requirements,
        evaluators=terms.evaluators,
        region=terms.calls.region,
        # What a service calls with the role carries nothing of the app's own requests.
        context=terms.context if own or ":user/" in party else {},
        now=terms.now,
        # What is needed by name, even by the caller's own, is needed in calls that a service makes.
        read_denials=terms.read_denials if party == "" else None,
    )
    if own:
        return outcome
    return replace(outcome, notes=tuple(Note(n.code, f"{party}: {n.text}", n.statement) for n in outcome.notes))


def _trust(
    calls: AwsCalls, caller: Principal, roles: Sequence[ServiceRole], requirements: Sequence[Requirement]
) -> TrustJudgement:
    return judge_trust(
        calls, roles, requirements, partition=caller.partition, region=calls.region, account=caller.account
    )


def _outcome(
    principal: Principal, requirements: Sequence[Requirement], answer: Outcome | TrustJudgement | BedrockGuardError
) -> Outcome:
    if isinstance(answer, PrincipalError):
        raise answer
    if isinstance(answer, BedrockGuardError):
        findings: tuple[Finding, ...] = tuple(unverified(one, answer) for one in requirements)
        return Outcome(principal, findings)
    if isinstance(answer, TrustJudgement):
        return Outcome(principal, answer.findings, answer.notes)
    return answer
