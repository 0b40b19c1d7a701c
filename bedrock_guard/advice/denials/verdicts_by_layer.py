"""What each kind of policy means for whoever was denied: who can change it, and whether an Allow would help.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
reference_policies_evaluation-logic.html (read 2026-11). A message names one kind of policy even if several deny.
"""

from __future__ import annotations

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials.callers import CallerKind, caller_kind, has_policies, is_unsigned, passes_abroad
from bedrock_guard.advice.denials.resource_text import is_whole
from bedrock_guard.advice.denials.verdict import Ask, Verdict
from bedrock_guard.advice.denials.verdicts_by_cause import CAUSE_VERDICTS
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
_HALF = (
    "The resource's name ends before its id, so there is nothing to allow yet: the message was cut, or the request "
    "carried an empty id. Look at the id that was sent, or for the whole message in CloudTrail."
)
OF_AWS = (
    "Nobody in the account can change that policy, and it may be there for a reason: AWSCompromisedKeyQuarantine means "
    "that AWS found the access key in public, so replace the key and follow AWS's case before anything is detached."
)
"""Of a Deny that AWS wrote. Source: AWSCompromisedKeyQuarantineV3 in the AWS managed policy reference (2026-11)."""
_NEXT = "The message names one kind of policy only: ending this may show the next."


def layer_verdict(denial: Denial) -> Verdict:
    """What the layer that the message names comes to."""
    what = f"{denial.action or 'the action'} on {denial.resource}" if denial.resource else denial.action or "the action"
    named = f" {denial.policy_arn}" if denial.policy_arn else ""
    if denial.action is not None and denial.action.endswith(":CallWithBearerToken"):
        return _bearer(denial, named)
    if passes_abroad(denial):
        return CAUSE_VERDICTS["cross-account-role"]
    if denial.layer is Layer.IDENTITY:
        return _identity(denial, what, named)
    if denial.layer is Layer.VPC_ENDPOINT:
        return _endpoint(denial, what)
    if denial.layer is Layer.RESOURCE and denial.explicit is None:
        return _one_of_three(denial, what)
    if denial.layer is Layer.TRUST and is_unsigned(denial.action):
        return _web_identity(denial, what)
    if denial.layer is Layer.SESSION and caller_kind(denial.caller) is CallerKind.FEDERATED:
        return _federated_session(denial, what)
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
        if ":iam::aws:policy/" in (denial.policy_arn or ""):
            text = f"A Deny in a policy of AWS's own{named} hits {what}. {OF_AWS}"
        if denial.resource is not None and ":foundation-model/" in denial.resource:
            text += (
                " Policies that demand a guardrail deny this way where the request names none: look for "
                "bedrock:GuardrailIdentifier, and for conditions on aws:RequestedRegion."
            )
        return Verdict("explicit-identity", text, _policy_owner(denial))
    if not has_policies(denial):
        text = f"No identity policy allows {what}, and {denial.caller or 'the caller'} has none to add it to."
        return Verdict("no-identity-policies", text, _policy_owner(denial))
    text = f"No identity policy of the caller allows {what}: add it."
    if not is_whole(denial.resource or ""):
        return Verdict("missing-allow", f"No identity policy of the caller allows {what}. {_HALF}", Ask.ROLE_OWNER)
    if denial.resource is not None and ":bedrock:" in denial.resource:
        text += " Every model that the app calls is a grant of its own, embeddings and small helper models too."
    return Verdict("missing-allow", f"{text} {_NEXT}", Ask.ROLE_OWNER)


def _endpoint(denial: Denial, what: str) -> Verdict:
    text = f"The policy of the VPC endpoint {_does(denial)} {what}. An Allow in the caller's policies will not help."
    if denial.through is Layer.SCP:
        return Verdict("vpc-endpoint", f"{text} AWS names a service control policy behind it.", Ask.ORGANIZATION)
    return Verdict("vpc-endpoint", text, Ask.ENDPOINT_OWNER)


def _one_of_three(denial: Denial, what: str) -> Verdict:
    kind = "key" if (denial.action or "").startswith("kms:") else "resource"
    text = (
        f"{what} was denied on a {kind} that the message does not name, for one of three causes: there is no such "
        f"{kind} in the Region that was called, its policy does not allow the caller, or its policy has a Deny. Find "
        f"out which {kind} the request is about, as an ARN; then see that its account and Region are those that were "
        "meant, and read its policy. An Allow in the caller's policies alone ends none of the three."
    )
    return Verdict("one-of-three", text, Ask.RESOURCE_OWNER)


def _web_identity(denial: Denial, what: str) -> Verdict:
    saml = (denial.action or "").lower().endswith("saml")
    token, claims = ("assertion", "SAML:aud") if saml else ("token", "aud and sub")
    provider = "SAML provider" if saml else "OIDC provider"
    text = (
        f"{what} is not signed: a {token} stands in for credentials, so no identity policy has a say. Mostly the role "
        f"does not exist, or its trust policy {'denies' if denial.explicit else 'does not let in'} the {token}. See "
        f"that it names the {provider} of the role's own account, which has to exist there, and compare its conditions "
        f"({claims}) with what the {token} holds; after that only a resource control policy is left."
    )
    return Verdict("trust-of-unsigned", text, Ask.TRUST_OWNER)


def _federated_session(denial: Denial, what: str) -> Verdict:
    text = (
        f"The session policy, passed to GetFederationToken, {_does(denial)} {what}. An Allow in the policies of the "
        "IAM user who made the session will not help."
    )
    return Verdict("session", text, Ask.FEDERATION_OWNER)


def _policy_owner(denial: Denial) -> Ask:
    """Who can change what limits a caller that may have no policies of its own."""
    if is_unsigned(denial.action):
        return Ask.TRUST_OWNER
    return {
        CallerKind.ROOT: Ask.ORGANIZATION,
        CallerKind.SERVICE: Ask.RESOURCE_OWNER,
        CallerKind.ANONYMOUS: Ask.CALLER,
        CallerKind.SERVICE_LINKED: Ask.AWS,
        CallerKind.HOST: Ask.CALLER,
    }.get(caller_kind(denial.caller), Ask.ROLE_OWNER)


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
    if not is_whole(denial.resource or ""):
        text += f" {_HALF}"
    return Verdict("unsaid", text, _policy_owner(denial))
