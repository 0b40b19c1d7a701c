"""A denied request asked about again: the simulator's answer, our engine's beside it, and every layer behind.

A check wants to know whether a request passes. Of one that was denied it is also to be known which statement decides,
and what would deny next: the simulator tells that of what it can leave out (service control policies, the boundary),
the engine of all that can be read, one obstacle after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bedrock_guard.aws.batches import Question
from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.context import ContextValues, request_context
from bedrock_guard.aws.evaluation import Outcome, evaluate_requirements
from bedrock_guard.aws.offline import Judged, KnownPolicies, judge_offline
from bedrock_guard.aws.policies import read_policies
from bedrock_guard.aws.principal import simulation_obstacle
from bedrock_guard.errors import BedrockGuardError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.policy import Effect, Policy, PolicyKind, Statement, Version
from bedrock_guard.report import Finding, Note, Principal, Requirement, StatementReference

__all__ = ["examine"]

_MOST_OBSTACLES = 8
"""Two layers can be read, each with Denies and a missing Allow; what denies more often than that stays unsaid."""

_DENIED = (Decision.IMPLICIT_DENY, Decision.EXPLICIT_DENY)
_READ = (Layer.IDENTITY, Layer.BOUNDARY)
"""The layers that can be read in the account."""

_NOT_ASKED = "whether the principal's own policies allow it could not be asked"
_AGREES = "the policies as read say the same"
_DISAGREES = "the policies as read allow it: a change may not have spread yet"


def examine(
    calls: AwsCalls,
    principal: Principal,
    requirements: Sequence[Requirement],
    *,
    evaluators: Sequence[str],
    region: str,
    context: ContextValues,
    now: datetime,
) -> Outcome:
    """The finding for each request that was denied, with the deciding statement and the layers that would deny next.

    Args:
        calls: Session and budget.
        principal: Who was denied.
        requirements: The denied requests.
        evaluators: Which may be asked, in order.
        region: The Region of the requests.
        context: Condition keys that they carried.
        now: The time of asking.

    Raises:
        PrincipalError: The credentials are missing, expired or invalid.
    """
    outcome = evaluate_requirements(
        calls, principal, requirements, evaluators=evaluators, region=region, context=context, now=now
    )
    if "offline" not in evaluators or simulation_obstacle(principal) is not None:
        return outcome
    if outcome.read is None and all(finding.decision is Decision.UNVERIFIED for finding in outcome.findings):
        return outcome
    known, notes = _known(calls, outcome)
    if known is None:
        return replace(outcome, notes=notes)
    asked = outcome.principal
    questions = [
        Question(r, request_context(r, principal=asked, region=region, now=now, given=context, tags={}))
        for r in requirements
    ]
    findings = [_examined(f, q, asked, known) for f, q in zip(outcome.findings, questions, strict=True)]
    return replace(outcome, findings=tuple(findings), notes=notes, read=known)


def _known(calls: AwsCalls, outcome: Outcome) -> tuple[KnownPolicies | None, tuple[Note, ...]]:
    if outcome.read is not None:
        return outcome.read, outcome.notes
    try:
        read = read_policies(calls, outcome.principal)
    except BedrockGuardError as error:
        said = any(note.code == "BG413" for note in outcome.notes)
        note = Note("BG413", f"The policies could not be read, which would have told more: {error}")
        return None, outcome.notes if said else (*outcome.notes, note)
    return KnownPolicies(read.identity, read.boundary), outcome.notes


def _examined(finding: Finding, question: Question, principal: Principal, known: KnownPolicies) -> Finding:
    """The finding with what the policies as read add to it."""
    if finding.requirement.is_pattern or finding.decision is Decision.UNVERIFIED:
        return finding
    found = list(_obstacles(question, principal, known))
    if finding.decision is Decision.ALLOWED:
        return _still_allowed(finding, found) if found and finding.evidence.evaluator == "simulator" else finding
    return _with_statements(_with_layers_behind(_with_second_opinion(finding, found), found), found)


def _still_allowed(finding: Finding, found: Sequence[Judged]) -> Finding:
    """No yes where the policies as read say no: the simulator may know a change that they do not show, or not yet."""
    why = (
        f"IAM's simulator answers allowed, the policies as read say {found[0].decision.value}; a change may not have "
        "spread yet"
    )
    evidence = replace(finding.evidence, statements=found[0].statements)
    return replace(finding, decision=Decision.UNVERIFIED, evidence=evidence, code="BG406", why=why, retryable=True)


def _with_second_opinion(finding: Finding, found: Sequence[Judged]) -> Finding:
    if finding.evidence.evaluator != "simulator" or finding.layer not in _READ:
        return finding
    if any(one.layer is finding.layer and one.decision is finding.decision for one in found):
        return _detailed(finding, _AGREES)
    return finding if found else _detailed(finding, _DISAGREES)


def _with_layers_behind(finding: Finding, found: Sequence[Judged]) -> Finding:
    also = list(finding.also_denied_by)
    details = [one for one in finding.evidence.details if not one.startswith(_NOT_ASKED)]
    for one in found:
        explicit = one.decision is Decision.EXPLICIT_DENY
        if one.layer is finding.layer and one.decision is finding.decision:
            continue
        if explicit and one.layer is Layer.IDENTITY:
            # Not among the layers to add an Allow to.
            named = ", ".join(map(str, one.statements)) or "a policy of the principal"
            details = [detail for detail in details if not detail.startswith("behind that, a Deny of")]
            details.append(f"behind that, a Deny of {named} denies it too")
        elif one.layer is Layer.BOUNDARY and one.layer is finding.layer:
            details.append(
                f"without that, the permissions boundary {'has a Deny' if explicit else 'does not allow it'}"
            )
        elif one.layer is not None and one.layer not in also:
            also.append(one.layer)
    return replace(
        finding, also_denied_by=tuple(also), evidence=replace(finding.evidence, details=tuple(dict.fromkeys(details)))
    )


def _with_statements(finding: Finding, found: Sequence[Judged]) -> Finding:
    """The Sids of the statements that decided, which the simulator does not tell: it gives policy and place."""
    if finding.decision is not Decision.EXPLICIT_DENY:
        return finding
    read = [
        statement
        for one in found
        if one.layer is finding.layer and one.decision is finding.decision
        for statement in one.statements
    ]
    told = finding.evidence.statements
    if not read or not told:
        return replace(finding, evidence=replace(finding.evidence, statements=tuple(read))) if read else finding
    named = tuple(_with_sid(one, read, told) for one in told)
    return replace(finding, evidence=replace(finding.evidence, statements=named))


def _with_sid(
    one: StatementReference, read: Sequence[StatementReference], told: Sequence[StatementReference]
) -> StatementReference:
    same = [other for other in read if one.policy in (other.policy, _simulator_name(other.policy))]
    alone = len(same) == 1 and sum(other.policy == one.policy for other in told) == 1
    return replace(one, policy=same[0].policy, sid=same[0].sid) if alone and one.sid is None else one


def _simulator_name(policy: str) -> str:
    """What the simulator calls a group's inline policy, which is ``group/policy`` here."""
    return f"group_{policy.replace('/', '_', 1)}"


def _detailed(finding: Finding, detail: str) -> Finding:
    return replace(finding, evidence=replace(finding.evidence, details=(*finding.evidence.details, detail)))


# -- one obstacle after the other -----------------------------------------------------------------------------------


def _obstacles(question: Question, principal: Principal, known: KnownPolicies) -> Iterator[Judged]:
    """What denies, in AWS's order, each as if those before it were mended; ends where a key nobody knows decides."""
    for _ in range(_MOST_OBSTACLES):
        judged = judge_offline(question, principal, known)
        if judged.decision not in _DENIED or judged.layer not in _READ:
            return
        yield judged
        known = _mended(known, judged, question.requirement)


def _mended(known: KnownPolicies, judged: Judged, requirement: Requirement) -> KnownPolicies:
    """The policies without the Denies that decided, or with the Allow that was missing."""

    def mend(policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        explicit = judged.decision is Decision.EXPLICIT_DENY
        return _without_denies(policies, judged) if explicit else _with_allow(policies, requirement.action)

    if judged.layer is Layer.BOUNDARY and known.boundary is not None:
        return replace(known, boundary=mend((known.boundary,))[0])
    return replace(known, identity=mend(known.identity))


def _without_denies(policies: Sequence[Policy], judged: Judged) -> tuple[Policy, ...]:
    decided = judged.evaluation.layers.get(judged.layer or Layer.IDENTITY)
    matched = [] if decided is None else [(id(match.policy), match.statement.index) for match in decided.matched]
    return tuple(
        replace(policy, statements=tuple(s for s in policy if (id(policy), s.index) not in matched))
        for policy in policies
    )


def _with_allow(policies: Sequence[Policy], action: str) -> tuple[Policy, ...]:
    allow = Policy(
        "what was missing",
        PolicyKind.INLINE,
        Version.V2012,
        None,
        (Statement(Effect.ALLOW, actions=(action,), resources=("*",)),),
    )
    if not policies:
        return (allow,)
    first, *others = policies
    # In the first one: of a boundary there can be no second.
    return (replace(first, statements=(*first.statements, *allow.statements)), *others)
