"""Everything that AWS can be asked about denied requests, at the same time: its evaluators, and its own records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bedrock_guard.aws.authorizations import Recorded, recorded_authorization, unread
from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.context import ContextValues
from bedrock_guard.aws.evaluation import Outcome
from bedrock_guard.aws.examination import examine
from bedrock_guard.aws.judgement import in_another_account, unverified
from bedrock_guard.errors import BedrockGuardError, PrincipalError
from bedrock_guard.report import Principal, Requirement

__all__ = ["ask_about_denied"]


def ask_about_denied(
    calls: AwsCalls,
    parties: Sequence[tuple[Principal, str, Sequence[Requirement]]],
    authorizations: Mapping[str, str],
    *,
    evaluators: Sequence[str],
    context: ContextValues,
    now: datetime,
) -> tuple[list[Outcome], list[Recorded]]:
    """The outcome for each party and the record under each id, in order; what failed is told in them.

    Args:
        calls: Session and budget.
        parties: Who was denied, the Region of the requests, and the requests.
        authorizations: Ids of messages, each with the Region of its denial.
        evaluators: Which may be asked, in order.
        context: Condition keys that the requests carried.
        now: The time of asking.

    Raises:
        PrincipalError: The credentials are expired or invalid.
    """
    tasks: list[Callable[[], Any]] = [
        partial(examine, calls, principal, asked, evaluators=evaluators, region=region, context=context, now=now)
        for principal, region, asked in parties
    ]
    tasks += [partial(recorded_authorization, calls, name, region=region) for name, region in authorizations.items()]
    results = calls.gather(tasks, action="iam:SimulatePrincipalPolicy") if tasks else []
    outcomes = [
        _outcome(principal, asked, result) for (principal, _, asked), result in zip(parties, results, strict=False)
    ]
    records = [
        unread(result, name, region) if isinstance(result, BedrockGuardError) else result
        for (name, region), result in zip(authorizations.items(), results[len(parties) :], strict=True)
    ]
    return outcomes, records


def _outcome(principal: Principal, requirements: Sequence[Requirement], result: Outcome | BedrockGuardError) -> Outcome:
    if isinstance(result, PrincipalError):
        raise result
    if isinstance(result, BedrockGuardError):
        return Outcome(principal, tuple(unverified(requirement, result) for requirement in requirements))
    return replace(result, findings=tuple(in_another_account(f, result.principal) for f in result.findings))
