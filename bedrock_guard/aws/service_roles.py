"""The trust of service roles as IAM holds it: each role is read once, its trust policy judged and linted.

What the roles may do themselves is asked like any other permission, with the role as the principal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.aws.judgement import unverified
from bedrock_guard.aws.principal import resolve_principal
from bedrock_guard.bedrock.service_roles import ServiceRole, find_role_kind
from bedrock_guard.bedrock.trust import decide_trust, is_trust
from bedrock_guard.bedrock.trust_lints import lint_trust
from bedrock_guard.errors import BedrockGuardError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.report import Evidence, Finding, Note, Requirement

__all__ = ["TrustJudgement", "judge_trust"]


@dataclass(frozen=True, slots=True)
class TrustJudgement:
    """What the trust policies say.

    Attributes:
        findings: One per requirement of trust, in their order.
        notes: What is wrong with the policies, each with its statement.
    """

    findings: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _NoRole:
    """There is no such role that the service could be handed, for certain.

    Attributes:
        why: Why not.
    """

    why: str


def judge_trust(
    calls: AwsCalls,
    roles: Sequence[ServiceRole],
    requirements: Iterable[Requirement],
    *,
    partition: str,
    region: str,
    account: str,
) -> TrustJudgement:
    """Whether every role exists and lets in whom it has to.

    A role that is not there is a denial by the trust layer: whoever is to assume it is refused, for certain. One that
    could not be read is unverified.

    Args:
        calls: Calls with credentials of the roles' account that may iam:GetRole.
        roles: The roles and their kinds, for the lints.
        requirements: Those of trust are judged; all others are passed over.
        partition: The caller's.
        region: The Region that is called.
        account: The caller's account.
    """
    asked = [one for one in requirements if is_trust(one)]
    arns = list(dict.fromkeys([*(one.resource for one in asked), *(role.arn for role in roles)]))
    foreign = {role.arn for role in roles if _is_foreign(role, account)}
    readable = [arn for arn in arns if arn not in foreign]
    read: dict[str, Policy | _NoRole | BedrockGuardError] = {
        arn: _NoRole(
            f"the role is in the account {arn.split(':')[4]}; a service is handed roles of its caller's account alone, "
            f"{account}"
        )
        for arn in foreign
    }
    answers = calls.gather([partial(_trust_policy, calls, arn) for arn in readable], action="iam:GetRole")
    read.update(zip(readable, answers, strict=True))
    findings = tuple(_finding(one, read[one.resource]) for one in asked)
    return TrustJudgement(findings, tuple(_notes(roles, read, partition, region, account)))


def _is_foreign(role: ServiceRole, account: str) -> bool:
    """Whether it is handed over across accounts. Source: IAM User Guide, id_roles_use_passrole (read 2026-11)."""
    return not find_role_kind(role.kind).of_the_app and role.arn.split(":")[4] != account


def _trust_policy(calls: AwsCalls, arn: str) -> Policy | _NoRole:
    """The role's trust policy; raises where it could not be read."""
    name = arn.rpartition("/")[2]
    try:
        role = calls.call("iam", "get_role", action="iam:GetRole", resource=arn, RoleName=name)["Role"]
    except CallError as error:
        if error.kind is not FailureKind.NOT_FOUND:
            raise
        # IAM looks names up in the account of the credentials: only there its "no" is an answer.
        asker = resolve_principal(calls)
        if asker.account != arn.split(":")[4]:
            raise _elsewhere(arn, asker.account) from error
        return _NoRole("the role does not exist")
    if role["Arn"].split(":")[4] != arn.split(":")[4]:
        raise _elsewhere(arn, role["Arn"].split(":")[4])
    if role["Arn"] != arn:
        return _NoRole(f"the role does not exist; the one of that name is {role['Arn']}, whose path belongs to its ARN")
    return parse_policy(_text(role["AssumeRolePolicyDocument"]), name=f"trust policy of {name}", kind=PolicyKind.TRUST)


def _elsewhere(arn: str, account: str) -> CallError:
    return CallError(
        f"the credentials are of the account {account}, where IAM does not know {arn}: check it with credentials of "
        "the role's account",
        kind=FailureKind.NOT_FOUND,
        action="iam:GetRole",
        code="BG408",
    )


def _text(document: Any) -> str:
    """The document's text: botocore has already undone IAM's URL encoding and parsed it."""
    if isinstance(document, str):
        return document
    return json.dumps(document, indent=2, ensure_ascii=False)


def _finding(requirement: Requirement, read: Policy | _NoRole | BedrockGuardError) -> Finding:
    if isinstance(read, _NoRole):
        return Finding(requirement, Decision.IMPLICIT_DENY, Evidence("offline"), "BG538", Layer.TRUST, read.why)
    if isinstance(read, BedrockGuardError):
        return unverified(requirement, read)
    return decide_trust(read, requirement)


def _notes(
    roles: Sequence[ServiceRole],
    read: dict[str, Policy | _NoRole | BedrockGuardError],
    partition: str,
    region: str,
    account: str,
) -> Iterable[Note]:
    for role in roles:
        policy = read[role.arn]
        if isinstance(policy, Policy):
            own = role.arn.split(":")[4] if find_role_kind(role.kind).of_the_app else account
            yield from lint_trust(policy, role.kind, partition=partition, region=region, account=own)
