"""What a message says of a denied request held against what IAM says of it now: how they differ, and why. Pure.

Where both say the same there is nothing to add. Where IAM allows now what was denied, the cause is one of few: a kind
of policy that the evaluator does not see, a condition on what the request carried and the question did not, or a
change. Only those are named that the message leaves room for.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html for what the simulator leaves out
(session policies, resource control policies, VPC endpoint policies); troubleshoot_general.html
#troubleshoot_general_eventual-consistency for how changes spread; reference_policies_evaluation-logic.html for the
order of evaluation (all read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials.callers import is_masked
from bedrock_guard.advice.denied_requests import denied_principal
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.principal import Principal, PrincipalType, principal_from_arn
from bedrock_guard.report import Finding, Note, StatementReference

__all__ = ["DIFFERS", "differences", "same_layer", "seen_by", "whose_denial", "with_named_policy"]

DIFFERS = "BG433"

_NAMES = {
    Layer.IDENTITY: "an identity policy",
    Layer.BOUNDARY: "the permissions boundary",
    Layer.SCP: "a service control policy",
    Layer.RCP: "a resource control policy",
    Layer.SESSION: "the session policy",
    Layer.VPC_ENDPOINT: "a VPC endpoint policy",
    Layer.RESOURCE: "a resource-based policy",
    Layer.TRUST: "the role's trust policy",
}
_SEEN = {
    "simulator": (Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP),
    "offline": (Layer.IDENTITY, Layer.BOUNDARY),
}
_EVALUATORS = {"simulator": "IAM's simulator", "offline": "our engine, on the policies as read,"}

_IN_SESSION = (PrincipalType.ROLE_SESSION, PrincipalType.FEDERATED_USER)
_OWN_POLICIES = (
    "ecr",
    "es",
    "events",
    "kms",
    "lambda",
    "logs",
    "s3",
    "s3vectors",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
)
"""Services whose resources commonly have policies of their own, among those that Bedrock calls or is called beside.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html (read 2026-11).
"""

_SPREADS = "a change takes seconds to minutes to spread"


def seen_by(finding: Finding) -> tuple[Layer, ...]:
    """The kinds of policy that the finding's evaluator looks at."""
    return _SEEN.get(finding.evidence.evaluator, ())


def same_layer(denial: Denial, finding: Finding) -> bool:
    """Whether the finding is the denial that the message tells of."""
    if not finding.denied or finding.layer is not denial.layer:
        return False
    return denial.explicit is None or denial.explicit is (finding.decision is Decision.EXPLICIT_DENY)


def with_named_policy(denial: Denial, finding: Finding) -> Finding:
    """The finding with the policy that the message names, where the evaluator shows none: IAM hides those of an SCP."""
    if not same_layer(denial, finding) or denial.policy_arn is None or finding.evidence.statements:
        return finding
    named = (StatementReference(denial.policy_arn, "named in the message"),)
    return replace(finding, evidence=replace(finding.evidence, statements=named))


def differences(denial: Denial, finding: Finding, *, asked: Principal) -> tuple[Note, ...]:
    """How message and finding differ and why; empty where they agree, or where the finding decides nothing.

    Args:
        denial: The message.
        finding: What the evaluators say of its request now.
        asked: Who was asked about.
    """
    if finding.decision is Decision.UNVERIFIED or same_layer(denial, finding):
        return ()
    about = f"{finding.requirement.action} on {finding.requirement.resource}"
    if finding.decision is Decision.ALLOWED:
        text = _now_allowed(denial, finding, asked)
    else:
        text = _otherwise_denied(denial, finding)
    return (Note(DIFFERS, f"{about}: {text}"),)


# -- denied then, allowed now ---------------------------------------------------------------------------------------


def _now_allowed(denial: Denial, finding: Finding, asked: Principal) -> str:
    says = _EVALUATORS.get(finding.evidence.evaluator, "what was asked")
    layer = denial.layer
    if layer in _NAMES and layer not in seen_by(finding):
        return (
            f"the message names {_NAMES[layer]}, which {says} does not see; all that it does see allows the request, "
            f"so nothing is known to be wrong in the policies of {asked.policy_source_arn or asked.caller_arn}."
        )
    if layer in _NAMES:
        return (
            f"the message names {_NAMES[layer]}, and {says} says that the request is allowed now. Either that policy "
            f"was changed after the denial ({_SPREADS}, and the message may be older than it){_condition(denial)}. Try "
            "the call again before anything is changed."
        )
    return (
        f"the message does not say by which kind of policy, and {says} says that the request is allowed now. What is "
        f"left: {_joined(_left(denial, finding, asked))}."
    )


def _condition(denial: Denial) -> str:
    """A Deny fires by what a request carries; a missing Allow too where the Allow has a condition."""
    what = "its Deny" if denial.explicit else "its Allow"
    return (
        f", or {what} has a condition on something that the request carried and the question did not: where it came "
        "from (aws:SourceVpce, aws:SourceIp), session tags, a guardrail; say it with context"
    )


def _left(denial: Denial, finding: Finding, asked: Principal) -> Iterator[str]:
    """The causes that a message without a layer leaves room for, the likeliest first."""
    if asked.type in _IN_SESSION:
        yield "a session policy, passed where the role was assumed"
    if Layer.SCP not in seen_by(finding):
        yield "a service control policy"
    if denial.explicit is not False:
        # The Allow of AWS's RCPFullAWSAccess cannot be detached: a resource control policy denies by a Deny alone.
        yield "a resource control policy"
    yield "a VPC endpoint policy, if the call went through one"
    if _may_have_policy(finding, asked):
        yield "the policy of the resource itself"
    yield "a condition on something that the request carried and the question did not"
    yield f"a change after the denial ({_SPREADS})"


def _may_have_policy(finding: Finding, asked: Principal) -> bool:
    parts = finding.requirement.resource.split(":", 5)
    account = parts[4] if len(parts) == 6 else ""
    foreign = account not in ("", "*", "aws", asked.account)
    return foreign or finding.requirement.action.partition(":")[0] in _OWN_POLICIES


def _joined(parts: Iterator[str]) -> str:
    *first, last = parts
    return f"{'; '.join(first)}; or {last}" if first else last


# -- denied then and now, by something else -------------------------------------------------------------------------


def _otherwise_denied(denial: Denial, finding: Finding) -> str:
    said = _NAMES.get(denial.layer) if denial.layer is not None else None
    now = _how(finding)
    if said is None:
        return f"the message does not say by which kind of policy; asked now, {now}."
    if denial.layer is finding.layer:
        return (
            f"the message tells of {'a Deny' if denial.explicit else 'a missing Allow'} in {said}, and now {now}: the "
            f"policy was changed since ({_SPREADS}), or the Deny depends on what the request carried."
        )
    if denial.layer not in seen_by(finding):
        return f"the message names {said}, which cannot be asked about; behind it {now}. Both have to be mended."
    if _comes_before(finding.layer, denial.layer):
        return (
            f"the message names {said}, so all that is evaluated before it let the request pass then; now {now}. "
            f"Either that was changed since ({_SPREADS}), or it depends on something that the request carried and the "
            "question did not, such as aws:SourceVpce: say it with context."
        )
    return (
        f"the message names {said}, which does not deny it now: it was changed since ({_SPREADS}), or depends on "
        f"something that the request carried and the question did not. Behind it {now}."
    )


def _how(finding: Finding) -> str:
    layer = finding.layer or Layer.UNKNOWN
    name = _NAMES.get(layer, "another policy")
    if finding.decision is not Decision.EXPLICIT_DENY:
        return {
            Layer.IDENTITY: "no identity policy allows it",
            Layer.SCP: "no service control policy allows it",
        }.get(layer, f"{name} does not allow it")
    by = ", ".join(str(one) for one in finding.evidence.statements)
    return f"a Deny in {name} denies it{f' ({by})' if by else ''}"


_ORDER = (Layer.RCP, Layer.SCP, Layer.VPC_ENDPOINT, Layer.RESOURCE, Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)


def _comes_before(one: Layer | None, other: Layer | None) -> bool:
    """Whether one kind of policy is evaluated before another, so that its missing Allow would have been named."""
    return one in _ORDER and other in _ORDER and _ORDER.index(one) < _ORDER.index(other)


# -- who ------------------------------------------------------------------------------------------------------------


def whose_denial(denial: Denial, caller: Principal | None, *, asked: Principal | None, holder: str = "") -> Note | None:
    """That the message is about another principal than the one whose credentials are here; None where it is not.

    Args:
        denial: The message.
        caller: Whose credentials are here; None where that is not known.
        asked: Who was asked about; None where nobody was.
        holder: The ARN of the user whose API key lies in the environment, which would explain it.
    """
    # A masked name may well be the caller's own.
    if caller is None or is_masked(denial.caller):
        return None
    if asked is not None and asked.policy_source_arn is None:
        asked = None  # whom IAM cannot simulate it was not asked about
    if denial.caller is None:
        if asked is None:
            return None
        return Note(DIFFERS, f"The message does not say who was denied; IAM was asked about {asked.caller_arn}.")
    denied = denied_principal(denial)
    if denied is not None and _is_one(denied, caller):
        return None
    if denied is not None and _is_user(denied, holder):
        text = (
            f"{denial.caller} is the holder of the API key in the environment, which goes before the credentials of "
            f"{caller.caller_arn}: it is that user who was denied, and that user's policies count."
        )
        return Note(DIFFERS, text)
    told = "" if asked is None else f" IAM was asked about {asked.caller_arn}."
    text = (
        f"The message is about {denial.caller}, and the credentials here are those of {caller.caller_arn}.{told} If "
        "the app runs with these credentials, that call was made as another principal than thought."
    )
    return Note(DIFFERS, text)


def _is_one(denied: Principal, caller: Principal) -> bool:
    """Whether both act with the same policies: a role's sessions do, and STS shows no path."""
    if denied.caller_arn == caller.caller_arn:
        return True
    roles = (PrincipalType.ROLE, PrincipalType.ROLE_SESSION)
    same_kind = denied.type is caller.type or (denied.type in roles and caller.type in roles)
    known = denied.policy_source_arn is not None and caller.policy_source_arn is not None
    same = (denied.partition, denied.account, denied.name) == (caller.partition, caller.account, caller.name)
    return same_kind and known and same


def _is_user(denied: Principal, arn: str) -> bool:
    # By name and account: a key does not hold the user's path.
    try:
        holder = principal_from_arn(arn)
    except ConfigurationError:
        return False
    return holder.type is denied.type is PrincipalType.USER and (holder.account, holder.name) == (
        denied.account,
        denied.name,
    )
