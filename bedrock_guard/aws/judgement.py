"""From what IAM said to findings: the decision, the layer, and what the answer hangs on.

Three rules keep a wrong "allowed" and a wrong "denied" out:

* An answer is certain only when every condition key that could change it was supplied. Where the policies use a key
  that nobody supplied, the policies themselves are read and our engine, which knows "unknown", decides whether the
  key matters; where they cannot be read the finding is `unverified` and names the keys.
* A denial by an organization's policy stands: its conditions are shown to nobody.
* A resource that stands for many (a pattern) is denied only when no policy grants the action on any of them, and
  allowed only when the policies were read and none leaves some of them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bedrock_guard.aws.batches import Question
from bedrock_guard.aws.context import unknown_keys
from bedrock_guard.aws.many import UNREAD, Grant, Many, is_as_asked, made_by_the_call, stands_for_many
from bedrock_guard.aws.offline import Judged, KnownPolicies, judge_offline
from bedrock_guard.aws.simulation import Simulated, denying_layer
from bedrock_guard.aws.simulator import Answer, Answers
from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.principal import PrincipalType
from bedrock_guard.report import Evidence, Finding, Principal, Requirement

__all__ = [
    "LAYER_NAMES",
    "findings_from",
    "findings_offline",
    "in_another_account",
    "of_unknown_holder",
    "unresolved",
    "unverified",
]

_CODES = {
    Layer.IDENTITY: "BG201",
    Layer.BOUNDARY: "BG202",
    Layer.SCP: "BG203",
    Layer.RCP: "BG204",
    Layer.SESSION: "BG205",
    Layer.VPC_ENDPOINT: "BG206",
    Layer.RESOURCE: "BG207",
    Layer.TRUST: "BG208",
}

LAYER_NAMES = {
    Layer.IDENTITY: "identity policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SCP: "service control policy",
    Layer.RCP: "resource control policy",
    Layer.SESSION: "session policy",
    Layer.VPC_ENDPOINT: "VPC endpoint policy",
    Layer.RESOURCE: "resource-based policy",
    Layer.TRUST: "role trust policy",
}

ReadPolicies = Callable[[], KnownPolicies | None]
"""Reads the principal's policies, once; None when they cannot be read."""


def findings_from(answers: Answers, requirements: Sequence[Requirement], read: ReadPolicies) -> list[Finding]:
    """One finding per requirement, in their order."""
    by_requirement = {q.requirement: (q, answer) for q, answer in answers.by_question.items()}
    return [_finding(answers, *by_requirement[requirement], read) for requirement in requirements]


def _finding(answers: Answers, question: Question, answer: Answer, read: ReadPolicies) -> Finding:
    requirement = question.requirement
    if isinstance(answer, BedrockGuardError):
        return unverified(requirement, answer)
    if answer.decision is Decision.UNVERIFIED:
        return _unverified(requirement, answer, "BG406", "IAM's answer could not be read")
    layer = denying_layer(answer) if answer.denied else None
    if layer is Layer.SCP:
        return _denied_by_organization(answers, question, answer)
    hangs_on = _hangs_on(answers, question, answer)
    if stands_for_many(requirement):
        many = _on_many(answers, question, answer, layer, hangs_on, read())
        if many is not None:
            return many
    if hangs_on is None:
        return _certain(answers, question, answer, layer)
    known = read()
    if known is None:
        return _unverified(requirement, answer, "BG402", _hanging(answer.decision, hangs_on), hangs_on)
    return _with_second_opinion(answers, question, answer, layer, judge_offline(question, answers.principal, known))


def _hangs_on(answers: Answers, question: Question, answer: Simulated) -> tuple[str, ...] | None:
    """Keys that could change the answer (empty: IAM did not say which are used); None when it is certain."""
    # Without the role's path its ARN is not the one that a condition is about.
    uncertain = () if answers.principal.path_known else ("aws:principalarn",)
    used = answers.keys
    if answer.decision is Decision.IMPLICIT_DENY:
        wrong = () if isinstance(used, BedrockGuardError) else [key for key in used if key.lower() in uncertain]
        used = (*answer.missing_keys, *wrong)
    if isinstance(used, BedrockGuardError):
        return ()
    unknown = unknown_keys(used, requirement=question.requirement, supplied=question.context, uncertain=uncertain)
    return unknown or None


def _certain(answers: Answers, question: Question, answer: Simulated, layer: Layer | None) -> Finding:
    if layer is None:
        return Finding(question.requirement, Decision.ALLOWED, _evidence(answer))
    if layer is not Layer.BOUNDARY:
        # Beside a Deny the boundary is asked all the same; a missing Allow would be the boundary's own denial.
        also = (Layer.BOUNDARY,) if answer.boundary_allows is False else ()
        return _denied(question.requirement, answer.decision, layer, _evidence(answer), also)
    return _denied(question.requirement, answer.decision, layer, *_behind(answers, question, answer))


def _behind(answers: Answers, question: Question, answer: Simulated) -> tuple[Evidence, tuple[Layer, ...]]:
    """The evidence for a denial by an SCP or the boundary, and which layers would deny next."""
    alone = answers.identity_alone.get(question)
    boundary = _boundary_behind(answers, question)
    if isinstance(alone, Simulated) and alone.decision is Decision.EXPLICIT_DENY:
        # Not a missing Allow: nothing that could be added would help.
        named = ", ".join(map(str, alone.statements)) or "a policy of the principal"
        return replace(_evidence(answer), details=(f"behind that, a Deny of {named} denies it too",)), boundary
    if isinstance(alone, Simulated):
        return _evidence(answer), (*boundary, Layer.IDENTITY) if alone.denied else boundary
    detail = "whether the principal's own policies allow it could not be asked; they may be the next to deny"
    return replace(_evidence(answer), details=(detail,)), boundary


def _boundary_behind(answers: Answers, question: Question) -> tuple[Layer, ...]:
    """The boundary, where it denies behind an SCP."""
    answer = answers.without_scps.get(question)
    if not isinstance(answer, Simulated) or not answer.denied:
        return ()
    return (Layer.BOUNDARY,) if answer.boundary_allows is False or answer.by_boundary else ()


def _denied(
    requirement: Requirement,
    decision: Decision,
    layer: Layer,
    evidence: Evidence,
    also: tuple[Layer, ...] = (),
) -> Finding:
    explicit = decision is Decision.EXPLICIT_DENY
    if layer is Layer.IDENTITY and not explicit:
        return Finding(requirement, decision, evidence, "BG101", layer, "no policy allows it")
    article = "an" if layer is Layer.IDENTITY else "a"
    why = f"denied by {article} {LAYER_NAMES[layer]}" if explicit else f"no {LAYER_NAMES[layer]} allows it"
    if layer is Layer.BOUNDARY:
        why = "denied by the permissions boundary" if explicit else "the permissions boundary does not allow it"
    return Finding(requirement, decision, evidence, _CODES[layer], layer, why, also_denied_by=also)


_NOT_ON_EVERY = (
    "no policy allows it on every such resource; IAM does not tell whether one allows it on some: name the resource"
)

_NOT_BY_BOUNDARY = "the permissions boundary does not allow it on every such resource; name the resource"

_NETWORK_KEYS = frozenset({"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"})


def _denied_by_organization(answers: Answers, question: Question, answer: Simulated) -> Finding:
    alone = answers.identity_alone.get(question)
    if answer.organization_is_aggregate and answer.decision is Decision.IMPLICIT_DENY:
        if isinstance(alone, Simulated) and alone.denied:
            if alone.decision is Decision.IMPLICIT_DENY and stands_for_many(question.requirement):
                return _unverified(question.requirement, alone, "BG407", _NOT_ON_EVERY)
            # The organization's answer is over all resources of the call; the missing Allow is this one's own.
            detail = "an SCP denies this action on at least one of the resources asked about"
            evidence = replace(_evidence(alone), details=(detail,))
            return _denied(question.requirement, alone.decision, denying_layer(alone), evidence)
        if not isinstance(alone, Simulated):
            # Denied for certain, by one of two layers; which one could not be told apart.
            evidence = replace(
                _evidence(answer), details=("the role's own policies may be the ones that do not allow it",)
            )
            return _denied(question.requirement, answer.decision, Layer.SCP, evidence, (Layer.IDENTITY,))
    evidence, also = _behind(answers, question, answer)
    if stands_for_many(question.requirement):
        evidence = _with_spared(evidence)
    if not _NETWORK_KEYS & {key.lower() for key in question.context}:
        # A data perimeter denies by them, and an absent key makes it fire; IAM shows an SCP's keys to nobody.
        caveat = (
            "asked without aws:SourceVpc, aws:SourceVpce and aws:SourceIp: if the SCP depends on where requests come "
            "from, say it with --context"
        )
        evidence = replace(evidence, details=(*evidence.details, caveat))
    return _denied(question.requirement, answer.decision, Layer.SCP, evidence, also)


_SINGLE_ONES = (
    "whether a service control policy names single ones of them is shown to nobody: name the resource to be sure"
)


def _on_many(
    answers: Answers,
    question: Question,
    answer: Simulated,
    layer: Layer | None,
    hangs_on: tuple[str, ...] | None,
    known: KnownPolicies | None,
) -> Finding | None:
    """The finding on a resource that stands for many, where the answer to its text would be wrong; else None.

    A grant on some is no denial of all, and a Deny on some no grant of all.
    """
    requirement = question.requirement
    if known is None:
        return _on_many_unread(answers, question, answer, layer, hangs_on)
    many = Many(question, answers.principal, known)
    judged = judge_offline(question, answers.principal, known)
    if answer.decision is Decision.IMPLICIT_DENY:
        grant, granted = many.granted(layer or Layer.IDENTITY)
        if grant is Grant.ALL:
            return _with_second_opinion(answers, question, answer, layer, judged)
        if grant is Grant.NONE:
            return _certain(answers, question, answer, layer)
        return _unverified(requirement, answer, "BG407", _granted_on(granted, layer))
    if answer.decision is Decision.ALLOWED and judged.decision in (Decision.IMPLICIT_DENY, Decision.EXPLICIT_DENY):
        return _with_second_opinion(answers, question, answer, layer, judged)
    why = many.left_out() if answer.decision is Decision.ALLOWED else many.spared()
    if why is not None:
        return _unverified(requirement, answer, "BG407", why)
    if answer.decision is Decision.ALLOWED and hangs_on is None and answer.organization_allows is not None:
        return Finding(requirement, Decision.ALLOWED, replace(_evidence(answer), details=(_SINGLE_ONES,)))
    return None


def _on_many_unread(
    answers: Answers,
    question: Question,
    answer: Simulated,
    layer: Layer | None,
    hangs_on: tuple[str, ...] | None,
) -> Finding | None:
    requirement = question.requirement
    if made_by_the_call(requirement) or (is_as_asked(requirement) and answer.decision is Decision.ALLOWED):
        return None
    if answer.decision is Decision.IMPLICIT_DENY:
        why = _NOT_ON_EVERY if layer is not Layer.BOUNDARY else _NOT_BY_BOUNDARY
        return _unverified(requirement, answer, "BG416", why)
    if hangs_on is not None:
        # That is to be supplied first: naming the resource would not settle it.
        return None
    if answer.decision is Decision.ALLOWED:
        return _unverified(requirement, answer, "BG416", UNREAD)
    denied = _certain(answers, question, answer, layer)
    return replace(denied, evidence=_with_spared(denied.evidence))


def _with_spared(evidence: Evidence) -> Evidence:
    """The evidence of a Deny on a pattern, whose text nobody could read: it stands, and what it may spare is said."""
    spared = "if that Deny leaves some of these resources out (NotResource), name the resource that the app uses"
    return replace(evidence, details=(*evidence.details, spared))


def _granted_on(granted: str, layer: Layer | None) -> str:
    if layer in (None, Layer.IDENTITY):
        return f"granted on {granted}; name the resource the app uses"
    return f"the {LAYER_NAMES[layer]} allows it on {granted} alone; name the resource the app uses"


def _with_second_opinion(
    answers: Answers, question: Question, answer: Simulated, layer: Layer | None, judged: Judged
) -> Finding:
    """The simulator's answer, held against the engine's, which knows that keys are unknown."""
    if judged.decision is Decision.UNVERIFIED:
        why = _hanging(answer.decision, judged.depends_on)
        return _unverified(question.requirement, answer, "BG402", why, judged.depends_on)
    agree = judged.decision is Decision.ALLOWED
    if agree is (answer.decision is Decision.ALLOWED):
        return _certain(answers, question, answer, layer)
    why = (
        f"IAM's simulator answers {answer.decision.value}, the policies as read say {judged.decision.value}; "
        "a change may not have spread yet"
    )
    return replace(_unverified(question.requirement, answer, "BG406", why), retryable=True)


def _hanging(decision: Decision, keys: Sequence[str]) -> str:
    if not keys:
        return f"simulated as {decision.value}, but which condition keys the policies use could not be asked"
    names = ", ".join(keys[:4]) + (f" and {len(keys) - 4} more" if len(keys) > 4 else "")
    simulated = "allowed" if decision is Decision.ALLOWED else "denied"
    return f"{simulated} or not depending on {names}, which nobody supplied"


def _evidence(answer: Simulated) -> Evidence:
    return Evidence("simulator", answer.statements)


def _unverified(requirement: Requirement, answer: Simulated, code: str, why: str, keys: Sequence[str] = ()) -> Finding:
    details = (f"without it, the simulator answers {answer.decision.value}",) if keys else ()
    evidence = Evidence("simulator", answer.statements, tuple(keys), details)
    return Finding(requirement, Decision.UNVERIFIED, evidence, code, None, why)


def unverified(requirement: Requirement, error: BedrockGuardError) -> Finding:
    """The finding for a requirement whose question got no answer."""
    why = f"the guard may not call {error.action}" if isinstance(error, AccessDeniedError) else str(error)
    return Finding(
        requirement,
        Decision.UNVERIFIED,
        Evidence("none", details=(str(error),)),
        error.code,
        None,
        why,
        retryable=error.retryable,
    )


def unresolved(requirement: Requirement) -> Finding:
    """The finding for the models behind an id whose destinations are not known."""
    why = "the models and Regions behind the id are not known"
    return Finding(requirement, Decision.UNVERIFIED, Evidence("none"), "BG302", None, why)


def in_another_account(finding: Finding, principal: Principal) -> Finding:
    """The finding, unless it allows on a resource of another account, whose own policy has to allow it as well.

    A role of another account is passed by nobody, whatever policies say, so that an Allow is no advice. Of policy files
    it is not certain which account's they will be.

    Source: IAM User Guide, id_roles_use_passrole (read 2026-11), for the role.
    """
    parts = finding.requirement.resource.split(":", 5)
    account = parts[4] if len(parts) == 6 else ""
    if finding.decision is Decision.EXPLICIT_DENY or account in ("", "*", "aws", principal.account):
        return finding
    if finding.requirement.action == "iam:PassRole" and principal.type is not PrincipalType.POLICY_FILES:
        why = f"the role is in the account {account}; a role is passed within its own account alone"
        return replace(finding, decision=Decision.IMPLICIT_DENY, code="BG538", layer=None, why=why, retryable=False)
    if finding.decision is not Decision.ALLOWED:
        return finding
    why = f"the principal may, but the resource is in the account {account}, whose policy on it was not seen"
    return replace(finding, decision=Decision.UNVERIFIED, code="BG415", why=why)


def of_unknown_holder(requirement: Requirement) -> Finding:
    """The finding for a call that is made with an API key which does not say whose it is."""
    why = f"this call is made as the principal of the API key in {BEARER_VARIABLE}, which does not say who that is"
    evidence = Evidence("none", details=("unset the variable, or name the key's principal with principal_arn",))
    return Finding(requirement, Decision.UNVERIFIED, evidence, "BG403", None, why)


def findings_offline(
    questions: Sequence[Question], principal: Principal, policies: KnownPolicies, unseen: str
) -> list[Finding]:
    """One finding per question from policies alone.

    Args:
        questions: What is asked.
        principal: Whose policies they are.
        policies: What is decided by.
        unseen: What could not be seen, as a sentence; stands in the evidence of every finding.
    """
    return [_offline(Many(q, principal, policies), judge_offline(q, principal, policies), unseen) for q in questions]


def _offline(many: Many, judged: Judged, unseen: str) -> Finding:
    requirement = many.question.requirement
    evidence = Evidence("offline", judged.statements, judged.depends_on, (unseen,) if unseen else ())
    if judged.decision is Decision.UNVERIFIED:
        names = ", ".join(judged.depends_on)
        why = f"allowed or not depending on {names}, which nobody supplied"
        return Finding(requirement, Decision.UNVERIFIED, evidence, "BG402", None, why)
    left_out = _offline_on_many(many, judged) if stands_for_many(requirement) else None
    if left_out is not None:
        return Finding(requirement, Decision.UNVERIFIED, evidence, "BG407", None, left_out)
    if judged.decision is Decision.ALLOWED:
        return Finding(requirement, Decision.ALLOWED, evidence, "BG413" if unseen else None)
    return _denied(requirement, judged.decision, judged.layer or Layer.IDENTITY, evidence)


def _offline_on_many(many: Many, judged: Judged) -> str | None:
    """Why the engine's answer to a pattern is none for all that it stands for; None if it is."""
    if judged.decision is Decision.ALLOWED:
        return many.left_out()
    if judged.decision is Decision.EXPLICIT_DENY:
        return many.spared()
    grant, granted = many.granted(judged.layer or Layer.IDENTITY)
    return _granted_on(granted, judged.layer) if grant is Grant.SOME else None
