"""Requirements to findings by the evaluators that were asked for, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bedrock_guard.aws.batches import Question
from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.context import ContextValues, request_context
from bedrock_guard.aws.judgement import findings_from, findings_offline, unverified
from bedrock_guard.aws.offline import KnownPolicies
from bedrock_guard.aws.policies import read_policies
from bedrock_guard.aws.principal import simulation_obstacle
from bedrock_guard.aws.probe import ReadDenials, probed, unprobed
from bedrock_guard.aws.simulator import Answers, Simulator
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError, PrincipalError
from bedrock_guard.iam.decision import Decision
from bedrock_guard.report import Evidence, Finding, Note, Principal, Requirement

__all__ = ["Outcome", "evaluate_given", "evaluate_requirements"]

_PROBE = "probe"
_SHARE = 0.5
"""Of the time left, for probes that others follow."""

_UNSEEN = "decided from the policies as read; service control policies and session policies were not seen"


@dataclass(frozen=True)
class Outcome:
    """What the evaluators found.

    Attributes:
        principal: With its full ARN where that became known.
        findings: One per requirement, in order.
        notes: What is about no single requirement.
        read: The policies that it was decided by, or that were read beside; None where none were.
    """

    principal: Principal
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()
    read: KnownPolicies | None = None


def evaluate_requirements(
    calls: AwsCalls,
    principal: Principal,
    requirements: Sequence[Requirement],
    *,
    evaluators: Sequence[str],
    region: str,
    context: ContextValues,
    now: datetime,
    read_denials: ReadDenials | None = None,
) -> Outcome:
    """The finding for each requirement; what could not be asked is `unverified`, nothing is raised for it.

    Args:
        calls: Session, Region and budget.
        principal: Whose permissions they are.
        requirements: Of that principal.
        evaluators: In order: each is asked about what those before it left `unverified`.
        region: The Region that the app calls.
        context: Condition keys that the app's requests carry.
        now: The time of the check.
        read_denials: Reads AWS's messages for the probe; None where the principal is not the caller, so that there is
            nothing to probe.

    Raises:
        PrincipalError: The credentials are missing, expired or invalid.
    """
    before, after = _around_the_probe(evaluators)
    outcome = Outcome(principal, tuple(unprobed(requirement) for requirement in requirements))
    if before:
        outcome = _by_policies(calls, principal, requirements, before, region, context, now)
    if _PROBE in evaluators and read_denials is not None:
        share = _SHARE if after else 1.0
        principal = outcome.principal
        found = probed(calls, principal, outcome.findings, context=context, read=read_denials, share=share)
        outcome = replace(outcome, findings=found)
    left = [finding.requirement for finding in outcome.findings if finding.decision is Decision.UNVERIFIED]
    if not (after and left):
        return outcome
    return _joined(
        outcome, _by_policies(calls, outcome.principal, left, after, region, context, now), told=bool(before)
    )


def _around_the_probe(evaluators: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The evaluators before the probe and those behind it; the two that judge by policies help each other."""
    if _PROBE not in evaluators:
        return evaluators, ()
    at = list(evaluators).index(_PROBE)
    return evaluators[:at], [one for one in evaluators[at:] if one != _PROBE]


def _joined(first: Outcome, second: Outcome, *, told: bool) -> Outcome:
    """Both outcomes; what neither decided keeps the reason of the first, if that has one of its own (``told``)."""
    later = {finding.requirement: finding for finding in second.findings}
    return Outcome(
        second.principal,
        tuple(_settled(one, later.get(one.requirement), told=told) for one in first.findings),
        tuple(dict.fromkeys((*first.notes, *second.notes))),
        first.read or second.read,
    )


def _settled(first: Finding, later: Finding | None, *, told: bool) -> Finding:
    if later is None or (told and later.decision is Decision.UNVERIFIED):
        return first
    if later.decision is not Decision.UNVERIFIED:
        return later
    # What the probe was told stays to be read beside the reason that there is now.
    return replace(later, evidence=replace(later.evidence, details=(*later.evidence.details, *first.evidence.details)))


def _by_policies(
    calls: AwsCalls,
    principal: Principal,
    requirements: Sequence[Requirement],
    evaluators: Sequence[str],
    region: str,
    context: ContextValues,
    now: datetime,
) -> Outcome:
    """What the simulator and our engine say, as far as they are among the evaluators."""
    obstacle = simulation_obstacle(principal)
    if obstacle is not None:
        return Outcome(principal, tuple(_cannot(requirement, *obstacle) for requirement in requirements))
    reader = _Reader(calls, principal)
    if "simulator" not in evaluators:
        return _offline(reader, principal, requirements, region, context, now)

    answers = Simulator(calls, region=region, context=context, now=now).ask(principal, requirements)
    _raise_if_the_credentials_are_bad(answers)
    reader.principal = answers.principal
    refused = [a for a in answers.by_question.values() if isinstance(a, AccessDeniedError)]
    if refused and "offline" in evaluators:
        instead = _offline(reader, answers.principal, requirements, region, context, now)
        if reader.error is None:
            return instead
    findings = findings_from(answers, requirements, reader.read if "offline" in evaluators else _nothing)
    notes = _notes(answers, refused, reader)
    if "offline" in evaluators and any(finding.code == "BG101" for finding in findings):
        # What looks granted and is not is mostly written wrong: that shows in the policies alone.
        reader.read()
    return Outcome(answers.principal, tuple(findings), notes, reader.known)


def _raise_if_the_credentials_are_bad(answers: Answers) -> None:
    given = list(answers.by_question.values())
    if given and all(isinstance(answer, PrincipalError) for answer in given):
        first = given[0]
        assert isinstance(first, PrincipalError)  # noqa: S101 - for the type checker; `all` above has seen it
        raise first


def evaluate_given(
    known: KnownPolicies,
    principal: Principal,
    requirements: Sequence[Requirement],
    *,
    region: str,
    context: ContextValues,
    now: datetime,
) -> Outcome:
    """The finding for each requirement from policies that were given, without a call."""
    obstacle = simulation_obstacle(principal)
    if obstacle is not None:
        return Outcome(principal, tuple(_cannot(requirement, *obstacle) for requirement in requirements))
    questions = _questions(principal, requirements, region, context, now)
    unseen = "decided from the policies that were given; what was not given was not seen"
    notes = []
    if len(known.scps) and len(known.scps[0]) > 1 + known.assumes_full_access:
        notes.append(Note("BG413", "The service control policies were taken to hang on one level of the organization."))
    assumed = "None of the service control policies has an Allow, so AWS's FullAWSAccess was assumed beside them."
    return Outcome(
        principal,
        tuple(findings_offline(questions, principal, known, unseen)),
        (*notes, *((Note("BG413", assumed),) if known.assumes_full_access else ())),
        known,
    )


def _questions(
    principal: Principal, requirements: Sequence[Requirement], region: str, context: ContextValues, now: datetime
) -> list[Question]:
    return [
        Question(r, request_context(r, principal=principal, region=region, now=now, given=context, tags={}))
        for r in requirements
    ]


def _cannot(requirement: Requirement, code: str, why: str) -> Finding:
    return Finding(requirement, Decision.UNVERIFIED, Evidence("none"), code, None, why)


def _nothing() -> KnownPolicies | None:
    return None


class _Reader:
    """Reads the principal's policies at most once."""

    def __init__(self, calls: AwsCalls, principal: Principal) -> None:
        self.principal = principal
        self.error: BedrockGuardError | None = None
        self._calls = calls
        self.known: KnownPolicies | None = None

    def read(self) -> KnownPolicies | None:
        if self.known is None and self.error is None:
            try:
                read = read_policies(self._calls, self.principal)
                self.principal = replace(self.principal, policy_source_arn=read.arn, path_known=True)
                self.known = KnownPolicies(read.identity, read.boundary)
            except BedrockGuardError as error:
                self.error = error
        return self.known


def _offline(
    reader: _Reader,
    principal: Principal,
    requirements: Sequence[Requirement],
    region: str,
    context: ContextValues,
    now: datetime,
) -> Outcome:
    known = reader.read()
    if known is None:
        error = reader.error or BedrockGuardError("the policies could not be read")
        return Outcome(principal, tuple(unverified(requirement, error) for requirement in requirements))
    principal = reader.principal  # whose full ARN is known now
    questions = _questions(principal, requirements, region, context, now)
    return Outcome(
        principal,
        tuple(findings_offline(questions, principal, known, _UNSEEN)),
        (Note("BG413", _UNSEEN[0].upper() + _UNSEEN[1:] + "."),),
        known,
    )


def _notes(answers: Answers, refused: Sequence[AccessDeniedError], reader: _Reader) -> tuple[Note, ...]:
    notes: list[Note] = []
    if reader.error is not None:
        notes.append(Note("BG413", f"The policies could not be read, which would have told more: {reader.error}"))
    if refused and not answers.principal.path_known:
        notes.append(
            Note(
                "BG401",
                f"The role's path is not known (iam:GetRole: {answers.role_error}), so IAM was asked about "
                f"{answers.principal.policy_source_arn}; a permission granted on the role's full ARN may not cover it.",
            )
        )
    if isinstance(answers.keys, BedrockGuardError) and not refused:
        notes.append(
            Note(
                "BG402",
                "Which condition keys the policies use could not be asked "
                f"({answers.keys}), so answers that could hang on one are not certain.",
            )
        )
    return tuple(notes)
