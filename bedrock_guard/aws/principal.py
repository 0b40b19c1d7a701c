"""Who calls, as STS and IAM know it, and whether IAM can simulate it."""

from __future__ import annotations

from typing import Any

from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.errors import BedrockGuardError, PrincipalError
from bedrock_guard.iam.arn import Arn
from bedrock_guard.principal import Principal, PrincipalType, principal_from_arn

__all__ = ["require_same_account", "resolve_principal", "role_of", "simulation_obstacle"]


def resolve_principal(calls: AwsCalls) -> Principal:
    """The principal of the session's credentials, by one call to sts:GetCallerIdentity.

    Raises:
        PrincipalError: No credentials, expired ones, or STS out of reach.
    """
    (answer,) = calls.gather(
        [lambda: calls.call("sts", "get_caller_identity", action="sts:GetCallerIdentity")],
        action="sts:GetCallerIdentity",
    )
    if isinstance(answer, PrincipalError):
        raise answer
    if isinstance(answer, BedrockGuardError):
        raise PrincipalError(
            f"who is calling could not be found out: {answer}",
            code="BG412",
            retryable=answer.retryable,
            remedy=(
                "Check that this network reaches the STS endpoint of the Region (a NAT gateway, or a VPC endpoint "
                "for com.amazonaws.<region>.sts), or name the principal yourself with principal_arn."
            ),
        ) from answer
    return principal_from_arn(answer["Arn"], user_id=answer.get("UserId"))


def role_of(calls: AwsCalls, principal: Principal) -> dict[str, Any] | BedrockGuardError:
    """The role as iam:GetRole knows it (its ARN holds the path, its tags), or why that is not known."""
    try:
        answer = calls.call(
            "iam",
            "get_role",
            action="iam:GetRole",
            resource=principal.policy_source_arn or principal.caller_arn,
            RoleName=principal.name,
        )
        require_same_account(principal, answer["Role"]["Arn"])
    except BedrockGuardError as error:
        return error
    role: dict[str, Any] = answer["Role"]
    return role


def require_same_account(principal: Principal, arn: str) -> None:
    """Passes when IAM answered about the principal itself: it looks names up in the account of the credentials.

    Raises:
        CallError: It answered about a namesake in another account.
    """
    if Arn.parse(arn).account != principal.account:
        raise CallError(
            f"IAM knows {arn} and not {principal.caller_arn}: run the check with credentials of the account "
            f"{principal.account}",
            kind=FailureKind.NOT_FOUND,
            action="iam:GetRole",
            code="BG408",
        )


def simulation_obstacle(principal: Principal) -> tuple[str, str] | None:
    """Code and reason why IAM cannot simulate this principal; None when it can.

    Source: model of iam:SimulatePrincipalPolicy (botocore 1.44.5: a user, group or role) and the answers of the
    service recorded in September 2026 to the ARNs of a root user and of an assumed role.
    """
    if principal.type is PrincipalType.ROOT:
        return "BG403", (
            "the caller is the account's root user, to which identity policies do not apply; IAM cannot simulate it. "
            "Use a role or a user"
        )
    if principal.type is PrincipalType.FEDERATED_USER:
        return "BG403", (
            "the caller is a federated user (GetFederationToken): its permissions are those of the IAM user that "
            "made the session, cut by a session policy, and neither is shown by its ARN. Name that user with "
            "principal_arn to check its policies"
        )
    if principal.policy_source_arn is None:
        return "BG403", f"IAM cannot simulate {principal.caller_arn}"
    return None
