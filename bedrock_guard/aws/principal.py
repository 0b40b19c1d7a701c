"""Who calls: from GetCallerIdentity, or an ARN that was asked about, to a Principal that IAM can simulate."""

from __future__ import annotations

import re
from typing import Any

from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.errors import (
    BedrockGuardError,
    ConfigurationError,
    PrincipalError,
)
from bedrock_guard.iam.arn import Arn
from bedrock_guard.report import Principal, PrincipalType

__all__ = ["principal_from_arn", "require_same_account", "resolve_principal", "role_of", "simulation_obstacle"]

# Source: https://repost.aws/questions/QUpP-HDDmXT4C1YvjWvoVl_A (read 2026-11): name and path of the roles that
# IAM Identity Center makes for a permission set.
_IDENTITY_CENTER = re.compile(r"AWSReservedSSO_(?P<permission_set>.+)_[0-9a-f]{16}")


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


def principal_from_arn(text: str, *, user_id: str | None = None) -> Principal:
    """The principal an ARN names; what STS shows of a role session is mapped to its role.

    A role session's ARN does not hold the role's path, so the role ARN made from it has none and
    ``path_known`` is False. The simulator ignores the path (recorded 2026-09), but the permission to
    simulate may be granted on the full ARN only.

    Args:
        text: An ARN of IAM (user, role, group, root) or STS (assumed role, federated user).
        user_id: ``UserId`` of GetCallerIdentity.

    Raises:
        ConfigurationError: It is not the ARN of a principal.
    """
    try:
        arn = Arn.parse(text)
    except ValueError as error:
        raise _not_a_principal(text) from error
    kind, _, rest = arn.resource.partition("/")
    known: dict[str, Any] = {"caller_arn": text, "account": arn.account, "partition": arn.partition, "user_id": user_id}
    if not re.fullmatch(r"\d{12}", arn.account):
        raise _not_a_principal(text)
    if arn.service == "iam" and arn.resource == "root":
        return Principal(type=PrincipalType.ROOT, **known)
    if arn.service == "iam" and kind in ("user", "group", "role") and rest and not rest.endswith("/"):
        return Principal(
            type=PrincipalType(kind),
            policy_source_arn=text,
            permission_set=_permission_set(rest) if kind == "role" else None,
            **known,
        )
    if arn.service == "sts" and kind == "federated-user" and rest:
        return Principal(type=PrincipalType.FEDERATED_USER, **known)
    if arn.service == "sts" and kind == "assumed-role" and re.fullmatch(r"[^/]+/[^/]+", rest):
        return _role_session(arn, rest.split("/")[0], known)
    raise _not_a_principal(text)


def _role_session(arn: Arn, role: str, known: dict[str, Any]) -> Principal:
    # A role name holds no colon: `aws:ec2-instance` and its kind are identities of AWS, not roles IAM can simulate.
    if ":" in role:
        return Principal(type=PrincipalType.ROLE_SESSION, path_known=False, **known)
    return Principal(
        type=PrincipalType.ROLE_SESSION,
        policy_source_arn=str(Arn(arn.partition, "iam", "", arn.account, f"role/{role}")),
        permission_set=_permission_set(role),
        path_known=False,
        **known,
    )


def _permission_set(role: str) -> str | None:
    found = _IDENTITY_CENTER.fullmatch(role.rsplit("/", 1)[-1])
    return None if found is None else found["permission_set"]


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


def _not_a_principal(text: str) -> ConfigurationError:
    return ConfigurationError(
        f"principal_arn: {text!r} is not the ARN of a principal; expected one like "
        "arn:aws:iam::123456789012:role/path/name, …:user/name or arn:aws:sts::123456789012:assumed-role/name/session",
        code="BG504",
    )
