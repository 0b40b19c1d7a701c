"""Denials as they are asked about: which request, of whom, where, or why nobody can be asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials.callers import is_masked, is_unsigned
from bedrock_guard.advice.denied_requests import denied_principal, denied_requirement
from bedrock_guard.iam.arn import Arn
from bedrock_guard.iam.decision import Decision
from bedrock_guard.principal import Principal, principal_from_arn
from bedrock_guard.report import Evidence, Finding, Note, Requirement

__all__ = ["Party", "Subject", "parties_of", "region_told", "subject_of"]

_SAYS_TOO_LITTLE = "BG400"
_REGION = re.compile(r"[a-z]{2,8}(?:-[a-z]+)+-\d+")


@dataclass(frozen=True, slots=True)
class Party:
    """Who is asked about, and where the requests were made.

    Attributes:
        principal: The principal.
        region: The Region.
    """

    principal: Principal
    region: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A denial as it is asked about.

    Attributes:
        denial: The message.
        requirement: Its request; None where the message does not say enough.
        party: Of whom it is asked; None where it cannot be.
        why_not: Code and reason where there is no party.
    """

    denial: Denial
    requirement: Requirement | None
    party: Party | None
    why_not: tuple[str, str] = ("", "")

    @property
    def unasked(self) -> Finding | None:
        """The finding where there is a request and nobody to ask about."""
        if self.requirement is None or self.party is not None:
            return None
        code, why = self.why_not
        return Finding(self.requirement, Decision.UNVERIFIED, Evidence("none"), code, None, why)

    @property
    def note(self) -> Note | None:
        """Why nothing is asked where the message does not say enough."""
        if self.requirement is not None:
            return None
        code, why = self.why_not
        if code == _SAYS_TOO_LITTLE:
            said = self.denial.action or "the request"
            return Note(code, f"IAM was not asked about {said}: {why}.")
        what = "no action" if self.denial.action is None else "no resource that could be asked about"
        said = self.denial.action or self.denial.operation or self.denial.error_code or "a denial"
        return Note("BG400", f"IAM was not asked about {said}: the message names {what}.")


def subject_of(denial: Denial, caller: Principal | None, *, principal_arn: str | None, region: str) -> Subject:
    """What to ask about a denial.

    Args:
        denial: Of IAM's.
        caller: Whose credentials are here; None where that is not known.
        principal_arn: Who shall be asked about in any case.
        region: Of a request whose message does not say it.
    """
    requirement = denied_requirement(denial)
    found = _whom(denial, caller, principal_arn)
    if isinstance(found, Principal):
        return Subject(denial, requirement, Party(found, region_told(denial) or region))
    return Subject(denial, requirement, None, found)


def parties_of(subjects: Sequence[Subject]) -> dict[Party, list[Requirement]]:
    """Each party with its requests, every one once."""
    parties: dict[Party, dict[Requirement, None]] = {}
    for one in subjects:
        if one.party is not None and one.requirement is not None:
            parties.setdefault(one.party, {})[one.requirement] = None
    return {party: list(requirements) for party, requirements in parties.items()}


def region_told(denial: Denial) -> str | None:
    """The Region that the message tells: that which answered, or else that of the resource."""
    if denial.region is not None:
        return denial.region
    try:
        region = Arn.parse(denial.resource or "").region
    except ValueError:
        return None
    return region if _REGION.fullmatch(region) else None


def _whom(denial: Denial, caller: Principal | None, principal_arn: str | None) -> Principal | tuple[str, str]:
    """Whom to ask about, or code and reason why nobody: an answer about somebody else would be none."""
    if is_unsigned(denial.action):
        return _SAYS_TOO_LITTLE, (
            "the call is not signed, so no principal's policies decide it, and IAM simulates no trust policy"
        )
    if is_masked(denial.resource):
        return _SAYS_TOO_LITTLE, (
            f"the text was masked, and {denial.resource} is no resource that IAM knows: explain the original message"
        )
    if principal_arn is not None:
        asked = principal_from_arn(principal_arn)
        return caller if caller is not None and caller.caller_arn == asked.caller_arn else asked
    if is_masked(denial.caller):
        return _SAYS_TOO_LITTLE, (
            f"the text was masked, and {denial.caller} is nobody whom IAM knows: explain the original message, or say "
            "with principal_arn whom to ask about"
        )
    denied = denied_principal(denial)
    if denied is None and denial.caller is not None:
        return "BG403", f"IAM cannot simulate {denial.caller}, whom the message names"
    if denied is None:
        return caller or ("BG412", "neither who was denied nor who calls is known")
    if caller is None:
        return denied
    if (denied.partition, denied.account) != (caller.partition, caller.account):
        return "BG408", (
            f"{denied.caller_arn} is in the account {denied.account}, and the credentials here are of "
            f"{caller.account}: ask with credentials of that account"
        )
    return caller if denied.caller_arn == caller.caller_arn else denied
