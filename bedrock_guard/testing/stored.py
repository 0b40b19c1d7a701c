"""What the sandbox knows of its account: users, groups, roles and their policies, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["StoredEntity", "StoredPolicy", "read_document"]


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy where it is attached.

    Attributes:
        name: Its name, without a path.
        document: Its JSON text as it was written.
        kind: How it is held.
        arn: Of a managed policy or a service control policy; empty for an inline policy.
        owner_type: ``user``, ``group`` or ``role``; empty where none owns it.
        owner_name: The name of the owner.
    """

    name: str
    document: str
    kind: PolicyKind
    arn: str = ""
    owner_type: str = ""
    owner_name: str = ""

    @property
    def source_id(self) -> str:
        """What the simulator calls it: ``role_app_policy-1`` if inline, the bare name if managed.

        Source: answers of the real service recorded 2026-09-11 (github.com/radkawar/stackd).
        """
        if self.kind is PolicyKind.INLINE:
            return f"{self.owner_type}_{self.owner_name}_{self.name}"
        return self.name

    def parsed(self, kind: PolicyKind | None = None) -> Policy:
        """The policy, named by its ARN where it has one and else by :attr:`source_id`.

        Args:
            kind: How it counts, if not as it is held.
        """
        return read_document(self.document, self.arn or self.source_id, kind or self.kind)


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """A user, group or role.

    Attributes:
        type: ``user``, ``group`` or ``role``.
        policies: Its identity policies; for a user those of its groups too, a managed one once.
        boundary: Its permissions boundary.
        trust: A role's trust policy as JSON text; empty for others.
    """

    type: str
    name: str
    arn: str
    id: str
    policies: tuple[StoredPolicy, ...] = ()
    boundary: StoredPolicy | None = None
    trust: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    max_session_seconds: int = 3600


@lru_cache(maxsize=4096)
def read_document(document: str, name: str, kind: PolicyKind) -> Policy:
    """The policy in ``document``.

    Raises:
        AwsError: ``PolicyEvaluation``, as IAM answers for a stored policy that it cannot evaluate.
    """
    try:
        return parse_policy(document, name=name, kind=kind)
    except InvalidPolicyError as invalid:
        raise AwsError("PolicyEvaluation", f"The policy {name} cannot be evaluated: {invalid}", 500) from invalid
