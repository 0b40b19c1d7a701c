"""Denials to remedies: what to add where an Allow helps, whom to ask where it does not, one step for each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials.callers import CallerKind, caller_kind, has_policies, passes_abroad
from bedrock_guard.advice.denials.verdict import Ask, Verdict
from bedrock_guard.advice.denials.verdicts import verdicts_for
from bedrock_guard.advice.denials.verdicts_by_cause import CAUSE_VERDICTS
from bedrock_guard.advice.denied_requests import buys, denied_finding, denied_principal, denied_requirement
from bedrock_guard.advice.remedies import allow_statements, opened, remedies_for
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.principal import Principal
from bedrock_guard.report import Finding, Remedy, Requirement

__all__ = ["remedies_of"]

_IN_ACCOUNT = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP)
"""The layers that a check sees as well, and whose remedies are the same."""


def remedies_of(denials: Sequence[Denial], findings: Sequence[Finding] = ()) -> tuple[Remedy, ...]:
    """What to do about the denials, in their order, each remedy once.

    Args:
        denials: What was read.
        findings: What AWS says of the denied requests now; a denial among them takes the place of the message's own,
            since it knows the statements and the layers behind.
    """
    asked = {(f.requirement.action, f.requirement.resource): f for f in findings if f.denied}
    by_caller: dict[Principal, list[Finding]] = {}
    found: list[Remedy] = []
    for denial in denials:
        requirement = denied_requirement(denial)
        principal = denied_principal(denial)
        if requirement is None or not _in_account(denial):
            found += _by_verdict(denial, requirement)
        elif principal is None:
            found += _of_unnamed(denial, requirement)
        else:
            finding = asked.get((requirement.action, requirement.resource)) or denied_finding(denial, requirement)
            by_caller.setdefault(principal, []).append(finding)
    for principal, own in by_caller.items():
        found += remedies_for(principal, own)
        found += _abroad(principal, own)
    # Not by hash: the statements of a remedy are mappings.
    return tuple(remedy for index, remedy in enumerate(found) if remedy not in found[:index])


def _abroad(principal: Principal, findings: Sequence[Finding]) -> Iterator[Remedy]:
    """For what is in another account: the caller's own Allow is half of what it takes."""
    accounts = {finding.requirement.resource: finding.requirement.resource.split(":", 5)[4:5] for finding in findings}
    for resource, account in accounts.items():
        if account and account[0].isdigit() and account[0] != principal.account:
            yield Remedy(
                owner=Ask.RESOURCE_OWNER.value,
                text=(
                    f"{resource} is in the account {account[0]}, and the caller in {principal.account}: the resource's "
                    "own policy has to allow the caller too, if it can have one; else call with a role of that account."
                ),
                codes=("BG415",),
            )


def _in_account(denial: Denial) -> bool:
    """Whether a remedy of a check fits: a layer that it sees and the caller has, a right that an app may hold."""
    if denial.layer is not Layer.SCP and not has_policies(denial):
        return False
    return denial.layer in _IN_ACCOUNT and not (denial.simulated or buys(denial) or passes_abroad(denial))


def _by_verdict(denial: Denial, requirement: Requirement | None) -> Iterator[Remedy]:
    if buys(denial):
        yield _remedy(CAUSE_VERDICTS["marketplace-rights"], denial)
        return
    verdicts = verdicts_for(denial)
    unsaid = denial.code == "BG430" and not denial.explicit and not denial.simulated
    if requirement is not None and unsaid and has_policies(denial) and not passes_abroad(denial):
        yield replace(_remedy(verdicts[0], denial), text=_if_missing(denial), **_adding(requirement))
        return
    for verdict in verdicts:
        yield _remedy(verdict, denial)


def _if_missing(denial: Denial) -> str:
    caller = denial.caller or "the denied principal"
    if caller_kind(denial.caller) is CallerKind.FEDERATED:
        return (
            f"If no policy of the IAM user who made the session {caller} allows it yet, add this to one; the session "
            "policy has to allow it too. If both do, it is another layer."
        )
    if (denial.action or "").lower() in ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity"):
        return (
            f"The trust policy of the role has to let {caller} in: its owner can see that. From another account, and "
            f"where the trust policy names the account alone, a policy of {caller} has to allow it as well:"
        )
    return f"If no policy of {caller} allows it yet, add this; if one does, it is another layer."


def _adding(requirement: Requirement) -> dict[str, Any]:
    return {"statements": allow_statements([requirement]), "opens": opened([requirement])}


def _remedy(verdict: Verdict, denial: Denial) -> Remedy:
    return Remedy(owner=verdict.ask.value, text=verdict.text, codes=(denial.code,))


def _of_unnamed(denial: Denial, requirement: Requirement) -> Iterator[Remedy]:
    """For a message that does not name the caller, or not as an ARN that can be read."""
    if denial.layer is not Layer.IDENTITY or denied_finding(denial, requirement).decision is Decision.EXPLICIT_DENY:
        yield _remedy(verdicts_for(denial)[0], denial)
        return
    whose = "the denied principal, which the message does not name" if denial.caller is None else denial.caller
    yield Remedy(
        owner=Ask.ROLE_OWNER.value,
        text=f"Add to a policy of {whose}:",
        codes=(denial.code,),
        **_adding(requirement),
    )
