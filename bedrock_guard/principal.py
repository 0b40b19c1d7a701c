"""Who calls: the value, and how it is read from an ARN. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.arn import Arn

__all__ = ["Principal", "PrincipalType", "principal_from_arn"]

# Source: https://repost.aws/questions/QUpP-HDDmXT4C1YvjWvoVl_A (read 2026-11): name and path of the roles that
# IAM Identity Center makes for a permission set.
_IDENTITY_CENTER = re.compile(r"AWSReservedSSO_(?P<permission_set>.+)_[0-9a-f]{16}")


class PrincipalType(str, Enum):
    """What kind of caller it is."""

    ROLE_SESSION = "role-session"
    ROLE = "role"
    USER = "user"
    GROUP = "group"
    ROOT = "root"
    FEDERATED_USER = "federated-user"
    API_KEY = "api-key"
    POLICY_FILES = "policy-files"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls.

    Attributes:
        caller_arn: As GetCallerIdentity gives it, or the ARN that was asked about.
        type: The kind of caller.
        account: 12 digits.
        partition: ``aws``, ``aws-us-gov``, ``aws-cn``, …
        policy_source_arn: What IAM can simulate; None where it can simulate nothing (root, federated users).
        user_id: ``UserId`` of GetCallerIdentity; ``aws:userid`` in conditions.
        permission_set: Name of the IAM Identity Center permission set the role belongs to.
        path_known: False while a role's ARN was built from its session, which does not show the role's path.
    """

    caller_arn: str
    type: PrincipalType
    account: str
    partition: str = "aws"
    policy_source_arn: str | None = None
    user_id: str | None = None
    permission_set: str | None = None
    path_known: bool = True

    @property
    def name(self) -> str:
        """The role's or user's name without its path; the whole ARN where there is none."""
        source = self.policy_source_arn or self.caller_arn
        return source.rsplit("/", 1)[-1]

    def to_dict(self) -> dict[str, Any]:
        return {
            "caller_arn": self.caller_arn,
            "type": self.type.value,
            "account": self.account,
            "partition": self.partition,
            "policy_source_arn": self.policy_source_arn,
            "user_id": self.user_id,
            "permission_set": self.permission_set,
            "path_known": self.path_known,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Principal:
        return cls(**{**data, "type": PrincipalType(data["type"])})


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


def _not_a_principal(text: str) -> ConfigurationError:
    return ConfigurationError(
        f"principal_arn: {text!r} is not the ARN of a principal; expected one like "
        "arn:aws:iam::123456789012:role/path/name, …:user/name or arn:aws:sts::123456789012:assumed-role/name/session",
        code="BG504",
    )
