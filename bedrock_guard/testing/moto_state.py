"""One account in moto, kept apart from every other use of moto in this process.

moto keeps everything in dictionaries of its own modules. The sandbox puts its content there for the length of one
request or question, under a lock, and takes it out again: several sandboxes, and moto's own ``mock_aws``, live side by
side. moto has hardly any types, which is why values of this package's own come out.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from moto.backends import get_backend
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy
from moto.organizations.models import organizations_backends

from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.testing.stored import StoredEntity, StoredPolicy

__all__ = ["MANAGEMENT_ACCOUNT", "MotoState"]

MANAGEMENT_ACCOUNT = "111122223333"
"""The account that manages the organization: service control policies do not touch it, so it is another one."""

_SERVICES = ("iam", "organizations", "bedrock", "bedrock-agent")
_LOCK = threading.RLock()
_AWS_POLICY = "::aws:policy/"


class MotoState:
    """The content of one account."""

    def __init__(self, account: str, partition: str) -> None:
        self.account = account
        self.partition = partition
        self._kept: dict[str, dict[Any, Any]] = {name: {} for name in _SERVICES}
        self._members: dict[str, tuple[str, str]] = {}
        self._depth = 0

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """While this lasts, moto's dictionaries hold this account and no other thread uses them."""
        with _LOCK:
            if self._depth == 0:
                self._swap()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._swap()

    def _swap(self) -> None:
        """Exchanges what moto holds and what is kept here."""
        for name in _SERVICES:
            backends: Any = get_backend(name)  # type: ignore[call-overload]
            held = dict(backends)
            backends.clear()
            backends.update(self._kept[name])
            self._kept[name] = held
        members = organizations_backends.master_accounts
        held_members = dict(members)
        members.clear()
        members.update(self._members)
        self._members = held_members

    @property
    def iam(self) -> Any:
        """Moto's IAM of this account; only while it is in place."""
        return get_backend("iam")[self.account][self.partition]

    @property
    def organization(self) -> Any:
        """Moto's Organizations of the management account; only while it is in place."""
        return organizations_backends[MANAGEMENT_ACCOUNT][self.partition]

    # -- questions ---------------------------------------------------------------------------------------------

    def entity(self, type_: str, name: str) -> StoredEntity | None:
        """The user, group or role of that name, or None."""
        with self.in_place():
            found = self._find(type_, name)
            return None if found is None else self._entity(type_, found)

    def user_of_key(self, access_key: str) -> tuple[str, str] | None:
        """The name of the user whose active long-term key it is, and its secret; None if nobody's."""
        with self.in_place():
            for user in self.iam.users.values():
                for key in user.access_keys:
                    if key.access_key_id == access_key and key.status == "Active":
                        return str(user.name), str(key.secret_access_key)
        return None

    def managed_policy(self, arn: str) -> StoredPolicy | None:
        """The default version of a managed policy, or None."""
        with self.in_place():
            self.load_aws_policy(arn)
            found = self.iam.managed_policies.get(arn)
            return None if found is None else _managed(found)

    def levels(self) -> tuple[tuple[StoredPolicy, ...], ...]:
        """Service control policies by level, root first; empty outside an organization."""
        with self.in_place():
            return tuple(tuple(_scps(node)) for node in self._chain())

    def level_arns(self) -> tuple[str, ...]:
        """The ARNs of the root, units and account that these levels hang on, in the same order."""
        with self.in_place():
            return tuple(str(node.arn) for node in self._chain())

    def _chain(self) -> list[Any]:
        organization = self.organization
        if organization.org is None:
            return []
        account = next((a for a in organization.accounts if a.id == self.account), None)
        chain = [] if account is None else [account]
        while chain and getattr(chain[-1], "parent_id", None):
            parent = next((ou for ou in organization.ou if ou.id == chain[-1].parent_id), None)
            if parent is None:
                break
            chain.append(parent)
        return chain[::-1]

    def organization_keys(self) -> Mapping[str, str]:
        """The condition keys that membership in an organization sets."""
        with self.in_place():
            organization = self.organization.org
            if organization is None:
                return {}
            path = f"{organization.id}/{organization.root_id}/"
            return {
                "aws:PrincipalOrgID": str(organization.id),
                "aws:PrincipalOrgMasterAccountId": MANAGEMENT_ACCOUNT,
                "aws:PrincipalOrgPaths": path,
            }

    def _find(self, type_: str, name: str) -> Any:
        if type_ == "role":
            return next((role for role in self.iam.roles.values() if role.name == name), None)
        return {"user": self.iam.users, "group": self.iam.groups}[type_].get(name)

    def _entity(self, type_: str, found: Any) -> StoredEntity:
        policies = list(_policies(type_, found))
        if type_ == "user":
            for group in self.iam.groups.values():
                if found in group.users:
                    policies += _policies("group", group)
        # One managed policy on a user and on its groups is one policy.
        unique = {(policy.arn or policy.source_id): policy for policy in policies}
        boundary = getattr(found, "permissions_boundary", None) or {}
        return StoredEntity(
            type_,
            str(found.name),
            str(found.arn),
            str(found.id),
            tuple(unique.values()),
            self.managed_policy(str(boundary["PermissionsBoundaryArn"])) if boundary else None,
            str(getattr(found, "assume_role_policy_document", "")),
            {str(tag["Key"]): str(tag["Value"]) for tag in getattr(found, "tags", None) or ()},
            int(getattr(found, "max_session_duration", None) or 3600),
        )

    def load_aws_policy(self, arn: str) -> None:
        """Makes an AWS managed policy known to moto, which loads its 1,500 only on request."""
        if _AWS_POLICY in arn and arn not in self.iam.managed_policies and arn in _aws_policies(self.partition):
            name, data = _aws_policies(self.partition)[arn]
            self.iam.managed_policies[arn] = AWSManagedPolicy.from_data(name, self.account, self.partition, data)

    def load_aws_policies(self) -> None:
        """Makes all AWS managed policies known to moto, to be listed."""
        for arn in _aws_policies(self.partition):
            self.load_aws_policy(arn)


@cache
def _aws_policies(partition: str) -> Mapping[str, tuple[str, dict[str, Any]]]:
    data: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    return {
        f"arn:{partition}:iam::aws:policy{policy.get('Path', '/')}{name}": (name, policy)
        for name, policy in data.items()
    }


def _policies(type_: str, entity: Any) -> Iterator[StoredPolicy]:
    for name, document in entity.policies.items():
        yield StoredPolicy(name, document, PolicyKind.INLINE, owner_type=type_, owner_name=entity.name)
    for policy in entity.managed_policies.values():
        yield _managed(policy)


def _managed(policy: Any) -> StoredPolicy:
    kind = PolicyKind.AWS_MANAGED if _AWS_POLICY in policy.arn else PolicyKind.MANAGED
    default = next(version for version in policy.versions if version.version_id == policy.default_version_id)
    return StoredPolicy(str(policy.name), str(default.document), kind, arn=str(policy.arn))


def _scps(node: Any) -> Iterator[StoredPolicy]:
    for policy in node.attached_policies:
        if policy.type == "SERVICE_CONTROL_POLICY":
            yield StoredPolicy(str(policy.name), str(policy.content), PolicyKind.SCP, arn=str(policy.arn))
