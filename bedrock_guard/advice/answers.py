"""Denials of which it is known what IAM says now: what they come to, and what is to be done about them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bedrock_guard.advice.comparison import DIFFERS, differences, same_layer, seen_by
from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denial_remedies import remedies_of
from bedrock_guard.advice.denials.verdict import Ask
from bedrock_guard.advice.denied_requests import buys
from bedrock_guard.advice.remedies import remedies_for
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.principal import Principal
from bedrock_guard.report import Finding, Note, Remedy, Requirement

__all__ = ["Answered", "findings_of", "remedies_now"]

_AGAIN = Remedy(
    owner=Ask.CALLER.value,
    text=(
        "Make the same call again before anything is changed: IAM allows it now. If it is still denied after a few "
        "minutes, the notes say what is left."
    ),
    codes=(DIFFERS,),
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A denial, and what IAM says of its request now.

    Attributes:
        denial: The message.
        finding: The answer; None where it was not asked.
        asked: Who was asked about; None where nobody was.
    """

    denial: Denial
    finding: Finding | None = None
    asked: Principal | None = None

    @property
    def differences(self) -> tuple[Note, ...]:
        """How message and answer differ, and why."""
        if self.finding is None or self.asked is None:
            return ()
        return differences(self.denial, self.finding, asked=self.asked)


def findings_of(answers: Sequence[Answered], principal: Principal | None) -> tuple[Finding, ...]:
    """One finding for each request of each party, which is named where it is not ``principal``."""
    found: dict[tuple[Principal | None, Requirement], Finding] = {}
    for one in answers:
        if one.finding is None or (one.asked, one.finding.requirement) in found:
            continue
        shown = one.finding
        if one.asked is not None and principal is not None and one.asked.caller_arn != principal.caller_arn:
            holder = one.asked.policy_source_arn or one.asked.caller_arn
            shown = replace(shown, requirement=replace(shown.requirement, principal=holder))
        found[one.asked, one.finding.requirement] = shown
    return tuple(found.values())


def remedies_now(answers: Sequence[Answered]) -> tuple[Remedy, ...]:
    """What to do, each remedy once: the message's own, those of what denies behind it, and trying again last."""
    found: list[Remedy] = []
    # By principal: a finding stands for a denial by action and resource alone.
    for asked in dict.fromkeys(one.asked for one in answers):
        own = [one for one in answers if one.asked == asked]
        kept = [one.denial for one in own if not _is_answered(one)]
        found += remedies_of(kept, [one.finding for one in own if one.finding and same_layer(one.denial, one.finding)])
        others = [one.finding for one in own if one.finding and _adds_remedies(one.denial, one.finding)]
        if asked is not None and others:
            found += [_asking(remedy) for remedy in remedies_for(asked, others)]
    if any(_passes_now(one) for one in answers):
        found.append(_AGAIN)
    return tuple(remedy for index, remedy in enumerate(found) if remedy not in found[:index])


def _asking(remedy: Remedy) -> Remedy:
    """A remedy for the guard's own lack of rights, in other words than a check's: here something is missing."""
    if "BG401" not in remedy.codes or not remedy.statements:
        return remedy
    return replace(remedy, text="To have IAM asked about this denial as well, add to a policy of whoever asks:")


def _passes_now(one: Answered) -> bool:
    """Whether what denied is known to deny no more."""
    if one.finding is None or one.finding.decision is not Decision.ALLOWED:
        return False
    return one.denial.layer in (None, Layer.UNKNOWN) or one.denial.layer in seen_by(one.finding)


def _adds_remedies(denial: Denial, finding: Finding) -> bool:
    """Whether a finding calls for something that the message's own remedies lack: a missing right to buy does not."""
    return not same_layer(denial, finding) and not (finding.denied and buys(denial))


def _is_answered(one: Answered) -> bool:
    """Whether the finding says better what to do than the message can."""
    if _passes_now(one):
        return True
    if buys(one.denial):
        return False
    return one.finding is not None and one.finding.denied and one.denial.layer in (None, Layer.UNKNOWN)
