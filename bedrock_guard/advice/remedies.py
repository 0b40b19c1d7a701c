"""Findings to remedies: a statement to paste where an Allow helps, and whom to ask where it does not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bedrock_guard.advice.denials.verdicts_by_layer import OF_AWS
from bedrock_guard.advice.guard_policy import guard_statement, reading_statements
from bedrock_guard.advice.lints.condition_keys import key_exists, right_key
from bedrock_guard.advice.trust_remedies import trust_remedies, trust_statements
from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import Finding, Principal, PrincipalType, Remedy, Requirement

__all__ = ["allow_statements", "opened", "remedies_for", "trust_statements"]

_CALLER = re.compile(r"User: (\S+) is not authorized")

# Context that a statement may be narrowed by without shutting out the call it is for.
_CONDITION_KEYS = ("iam:PassedToService",)


def remedies_for(principal: Principal, findings: Sequence[Finding]) -> tuple[Remedy, ...]:
    """What to do about the findings, the caller's own first, and for each party what its reader can do alone first."""
    by_party: dict[str, list[Finding]] = {"": []}
    trust = [finding for finding in findings if is_trust(finding.requirement)]
    for finding in findings:
        asked = finding.requirement
        if not is_trust(asked):
            party = "" if asked.principal == principal.policy_source_arn else asked.principal
            by_party.setdefault(party, []).append(finding)
        elif finding.code == "BG401":
            by_party.setdefault(asked.resource, []).append(finding)
    found = [
        remedy
        for party, asked_of in by_party.items()
        for remedy in _for_party(_party(party, principal) if party else principal, asked_of)
    ]
    return (*found, *trust_remedies([finding for finding in trust if finding.denied]))


def _party(arn: str, caller: Principal) -> Principal:
    """A service role, or the user behind an API key, in the caller's account."""
    kind = PrincipalType.USER if ":user/" in arn else PrincipalType.ROLE
    return Principal(arn, kind, caller.account, caller.partition, policy_source_arn=arn)


def _for_party(principal: Principal, findings: Sequence[Finding]) -> tuple[Remedy, ...]:
    denied = [f for f in findings if f.denied]
    found = [
        _allow(principal, denied),
        _explicit(principal, [f for f in denied if f.code == "BG201"]),
        _boundary(principal, [f for f in denied if f.layer is Layer.BOUNDARY]),
        _organization(principal, [f for f in denied if f.layer is Layer.SCP]),
        _self_check(principal, [f for f in findings if f.code == "BG401"]),
        _context([f for f in findings if f.unverified and f.code == "BG402"]),
        _reading(principal, [f for f in findings if f.unverified and f.code == "BG416"]),
    ]
    return tuple(remedy for remedy in found if remedy is not None)


def _allow(principal: Principal, denied: Sequence[Finding]) -> Remedy | None:
    missing = [f for f in denied if f.code == "BG101" or Layer.IDENTITY in f.also_denied_by]
    if not missing:
        return None
    owner, place = _policy_owner(principal)
    behind = [f for f in missing if f.code != "BG101"]
    text = f"Add to {place}:"
    if behind:
        text = f"Add to {place} (another layer denies {len(behind)} of these too, see below):"
    return Remedy(
        owner=owner,
        text=text,
        statements=allow_statements(f.requirement for f in missing),
        codes=_codes(missing),
        opens=opened(f.requirement for f in missing),
    )


def opened(requirements: Iterable[Requirement]) -> str:
    """What an Allow of these opens beyond one resource each; empty where it opens nothing more."""
    wide = dict.fromkeys(one.resource for one in requirements if "*" in one.resource[1:])
    if not wide:
        return ""
    return f"every resource that matches {', '.join(wide)}: put the ones that the app uses in their place"


def _explicit(principal: Principal, denied: Sequence[Finding]) -> Remedy | None:
    if not denied:
        return None
    owner, _ = _policy_owner(principal)
    statements = dict.fromkeys(str(s) for f in denied for s in f.evidence.statements)
    named = ", ".join(statements) or "a policy of the principal"
    if ":iam::aws:policy/" in named:
        return Remedy(owner=owner, text=f"{named} denies {_actions(denied)}. {OF_AWS}", codes=_codes(denied))
    return Remedy(
        owner=owner,
        text=(
            f"A Deny beats every Allow: {named} denies {_actions(denied)}. Narrow that Deny or take it away, if it "
            "is not meant for this app; adding an Allow will not help."
        ),
        codes=_codes(denied),
    )


def _boundary(principal: Principal, denied: Sequence[Finding]) -> Remedy | None:
    if not denied:
        return None
    explicit = [f for f in denied if f.decision is Decision.EXPLICIT_DENY]
    allow = [f for f in denied if f.decision is not Decision.EXPLICIT_DENY]
    kind, called = _called(principal)
    text = f"The permissions boundary of {called} caps what its policies can grant."
    if allow:
        text += f" Ask its owner to add this to the boundary; an Allow in the {kind}'s policy alone will not help:"
    if explicit:
        text += f" It has a Deny for {_actions(explicit)}: ask whether that is meant for this app."
    return Remedy(
        owner="whoever owns the permissions boundary",
        text=text,
        statements=allow_statements(f.requirement for f in allow),
        codes=_codes(denied),
    )


def _organization(principal: Principal, denied: Sequence[Finding]) -> Remedy | None:
    if not denied:
        return None
    regions = sorted({_requested_region(f.requirement) for f in denied} - {""})
    where = f" in {', '.join(regions)}" if regions else ""
    named = ", ".join(dict.fromkeys(str(s) for f in denied for s in f.evidence.statements))
    holder = "account" if principal.type in (PrincipalType.ROOT, PrincipalType.FEDERATED_USER) else "role"
    holder = "user" if principal.type is PrincipalType.USER else holder
    text = (
        f"Ask the owner of the organization's policies to allow {_actions(denied)}{where}"
        f"{f' ({named} denies it)' if named else ''}. An Allow in the {holder} will not help."
    )
    if "unspecified" in regions:
        text += (
            " A global profile is authorised with aws:RequestedRegion = unspecified, which a Region lock must list; "
            "a geographic profile avoids it."
        )
    return Remedy(owner="the owner of the organization's policies", text=text, codes=_codes(denied))


def _self_check(principal: Principal, findings: Sequence[Finding]) -> Remedy | None:
    if not findings:
        return None
    owner, place = _policy_owner(principal)
    caller = next((c for f in findings for d in f.evidence.details for c in _CALLER.findall(d)), principal.caller_arn)
    if caller != principal.caller_arn:
        owner = place = f"a policy of the caller, {caller}"
    refused = next((d for f in findings for d in f.evidence.details if "explicit deny" in d), None)
    if refused is not None:
        return Remedy(
            owner=owner,
            text=(
                "The guard may not ask IAM about this principal, so nothing is known to be missing. A Deny stands in "
                f"the way, which no Allow beats ({refused}); ask its owner to exempt the guard's three actions on this "
                "principal, or check in the pipeline with principal_arn."
            ),
            codes=("BG401",),
        )
    return Remedy(
        owner=owner,
        text=(
            "The guard may not ask IAM about this principal, so nothing is known to be missing. To let it, add to "
            f"{place}:"
        ),
        statements=(guard_statement(principal),),
        codes=("BG401",),
    )


def _context(findings: Sequence[Finding]) -> Remedy | None:
    keys = sorted({key for f in findings for key in f.evidence.unknown_context_keys})
    wrong = [key for key in keys if key_exists(key) is False]
    usable = [key for key in keys if key not in wrong]
    said = [f"No condition key is called {key}{right_key(key)}; correct the policy that asks for it" for key in wrong]
    if usable:
        options = " ".join(f"--context {key}=…" for key in usable[:3])
        text = f"Say what the app's requests will carry: {options} (context= in Python)"
        if any(f.evidence.evaluator == "simulator" for f in findings):
            text += (
                ", or let the guard read the policies (iam:Get* and iam:List* on the principal), which shows whether "
                "the condition matters"
            )
        said.insert(0, text)
    if not said:
        return None
    owner = "whoever runs the check" if usable else "whoever writes the policy"
    return Remedy(owner=owner, text="".join(f"{sentence}. " for sentence in said).strip(), codes=("BG402",))


def _reading(principal: Principal, findings: Sequence[Finding]) -> Remedy | None:
    if not findings:
        return None
    owner, place = _policy_owner(principal)
    return Remedy(
        owner=owner,
        text=(
            f"Name the resources that {_actions(findings)} is for, as in --action ACTION@ARN or a pair in Python; or "
            f"let the check read the policies, which tells what they mean of every resource. For that add to {place}:"
        ),
        statements=reading_statements(principal),
        codes=("BG416",),
    )


def _policy_owner(principal: Principal) -> tuple[str, str]:
    """Who edits the principal's policies, and where the text goes."""
    if principal.permission_set is not None:
        return (
            "whoever administers IAM Identity Center",
            (
                f"the inline policy of the permission set {principal.permission_set} (the role "
                f"{principal.name} is made from it and cannot be edited)"
            ),
        )
    kind, called = _called(principal)
    if principal.type is PrincipalType.POLICY_FILES:
        return "whoever edits the policy files", "the policy"
    if principal.type is PrincipalType.FEDERATED_USER:
        return (
            f"whoever edits the policies of {called}",
            f"a policy of {called} (GetFederationToken), and have the session policy allow it too",
        )
    return (
        f"whoever edits the policies of {kind} {principal.name}",
        f"a policy of the {kind} {principal.name}",
    )


def _called(principal: Principal) -> tuple[str, str]:
    """What kind of thing holds the policies that count, and how it is called in a sentence."""
    if principal.type is PrincipalType.FEDERATED_USER:
        # Whose session it is its ARN does not show.
        return "user", f"the IAM user who made the session {principal.name}"
    kind = {
        PrincipalType.USER: "user",
        PrincipalType.GROUP: "group",
        PrincipalType.POLICY_FILES: "policy",
        PrincipalType.ROOT: "account",
    }.get(principal.type, "role")
    return kind, principal.name


def allow_statements(requirements: Iterable[Requirement]) -> tuple[Mapping[str, Any], ...]:
    """The statements that allow exactly these requirements: each action on its own resources and no other.

    Actions that need the same resources share a statement.
    """
    resources: dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], dict[str, None]] = {}
    for requirement in requirements:
        condition = tuple((k, v) for k, v in requirement.context if k in _CONDITION_KEYS)
        resources.setdefault((requirement.action, condition), {})[requirement.resource] = None
    actions: dict[tuple[tuple[str, ...], Any], list[str]] = {}
    for (action, condition), arns in resources.items():
        actions.setdefault((tuple(sorted(arns)), condition), []).append(action)
    return tuple(_statement(sorted(names), arns, condition) for (arns, condition), names in sorted(actions.items()))


def _statement(
    actions: Sequence[str], resources: Sequence[str], condition: Sequence[tuple[str, tuple[str, ...]]]
) -> Mapping[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": "*" if list(resources) == ["*"] else list(resources),
    }
    if condition:
        statement["Condition"] = {"StringEquals": {k: v[0] if len(v) == 1 else list(v) for k, v in condition}}
    return statement


def _requested_region(requirement: Requirement) -> str:
    return next((v[0] for k, v in requirement.context if k.lower() == "aws:requestedregion"), "")


def _actions(findings: Sequence[Finding]) -> str:
    return ", ".join(dict.fromkeys(f.requirement.action for f in findings))


def _codes(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(sorted({f.code for f in findings if f.code}))
