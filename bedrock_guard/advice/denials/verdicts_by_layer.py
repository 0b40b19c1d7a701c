"""What each kind of policy means for whoever was denied: who can change it, and whether an Allow would help.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
reference_policies_evaluation-logic.html (read 2026-11). A message names one kind of policy even if several deny.
"""

from __future__ import annotations

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials.verdict import Ask, Verdict
from bedrock_guard.iam.decision import Layer

__all__ = ["layer_verdict"]

_PLAIN = {
    Layer.SCP: (
        "scp",
        "The organization's service control policy",
        "No Allow in the account ends it.",
        Ask.ORGANIZATION,
    ),
    Layer.RCP: (
        "rcp",
        "The organization's resource control policy",
        "No Allow in the account ends it.",
        Ask.ORGANIZATION,
    ),
    Layer.BOUNDARY: (
        "boundary",
        "The permissions boundary",
        "The boundary and an identity policy both have to allow it.",
        Ask.BOUNDARY_OWNER,
    ),
    Layer.SESSION: (
        "session",
        "The session policy, passed where the role is assumed,",
        "An Allow in the role's policies will not help.",
        Ask.SESSION_OWNER,
    ),
    Layer.RESOURCE: (
        "resource",
        "The policy of the resource",
        "It is the resource's owner who changes it.",
        Ask.RESOURCE_OWNER,
    ),
    Layer.TRUST: ("trust", "The role's trust policy", "It says who may assume the role.", Ask.RESOURCE_OWNER),
}
_NEXT = "The message names one kind of policy only: ending this may show the next."


def layer_verdict(denial: Denial) -> Verdict:
    """What the layer that the message names comes to."""
    what = f"{denial.action or 'the action'} on {denial.resource}" if denial.resource else denial.action or "the action"
    named = f" {denial.policy_arn}" if denial.policy_arn else ""
    if denial.action is not None and denial.action.endswith(":CallWithBearerToken"):
        return _bearer(denial, named)
    if denial.layer is Layer.IDENTITY:
        return _identity(denial, what, named)
    if denial.layer is Layer.VPC_ENDPOINT:
        return _endpoint(denial, what)
    plain = _PLAIN.get(denial.layer) if denial.layer is not None else None
    if plain is None:
        return _unsaid(denial, what)
    key, policy, after, ask = plain
    text = f"{policy}{named} {_does(denial)} {what}. {after}"
    if denial.layer is Layer.RESOURCE and not denial.explicit:
        text += (
            " From another account the caller's identity policy has to allow it too, and AWS may name this one for it."
        )
    return Verdict(key, text, ask)


def _does(denial: Denial) -> str:
    return "denies" if denial.explicit else "does not allow"


def _identity(denial: Denial, what: str, named: str) -> Verdict:
    if denial.explicit:
        text = (
            f"A Deny in an identity policy{named} hits {what}. A Deny beats every Allow: its condition has to stop "
            "matching."
        )
        if denial.resource is not None and ":foundation-model/" in denial.resource:
            text += (
                " Policies that demand a guardrail deny this way where the request names none: look for "
                "bedrock:GuardrailIdentifier, and for conditions on aws:RequestedRegion."
            )
        return Verdict("explicit-identity", text, Ask.ROLE_OWNER)
    text = f"No identity policy of the caller allows {what}: add it."
    if denial.resource is not None and ":bedrock:" in denial.resource:
        text += " Every model that the app calls is a grant of its own, embeddings and small helper models too."
    return Verdict("missing-allow", f"{text} {_NEXT}", Ask.ROLE_OWNER)


def _endpoint(denial: Denial, what: str) -> Verdict:
    text = f"The policy of the VPC endpoint {_does(denial)} {what}. An Allow in the caller's policies will not help."
    if denial.through is Layer.SCP:
        return Verdict("vpc-endpoint", f"{text} AWS names a service control policy behind it.", Ask.ORGANIZATION)
    return Verdict("vpc-endpoint", text, Ask.ENDPOINT_OWNER)


def _bearer(denial: Denial, named: str) -> Verdict:
    where = f"{denial.layer.value if denial.layer is not None else 'unknown'} layer{named}"
    text = (
        f"The API key itself was accepted; its principal may not use API keys ({denial.action} on *, {where}). Allow "
        "that action, or sign with SigV4 by unsetting AWS_BEARER_TOKEN_BEDROCK. Organizations often deny it on purpose."
    )
    ask = Ask.ORGANIZATION if denial.layer in (Layer.SCP, Layer.RCP) else Ask.ROLE_OWNER
    return Verdict("bearer-token-not-allowed", text, ask)


def _unsaid(denial: Denial, what: str) -> Verdict:
    if denial.explicit:
        text = f"A Deny hits {what}; the message does not say in which kind of policy. No further Allow ends a Deny."
    else:
        text = f"{what} was denied; the message does not say by which kind of policy, nor whether by a Deny."
    return Verdict("unsaid", text, Ask.ROLE_OWNER)
