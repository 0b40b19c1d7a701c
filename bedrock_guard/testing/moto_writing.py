"""Changes to the account: users, groups, roles, policies, the organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.organizations.models import organizations_backends

from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.testing.documents import PolicyDocument, document_text
from bedrock_guard.testing.moto_state import MANAGEMENT_ACCOUNT, MotoState
from bedrock_guard.testing.requests import AwsRequest

__all__ = [
    "add_policy",
    "attach_scp",
    "boundary_arn",
    "boundary_of_new_user",
    "join_organization",
    "load_policies_for",
    "put_group",
    "put_role",
    "put_user",
    "set_user_boundary",
]


def put_role(
    state: MotoState,
    name: str,
    *,
    path: str,
    trust: str,
    inline: Mapping[str, str],
    managed: Sequence[str],
    boundary: str,
    tags: Mapping[str, str],
) -> str:
    """Makes the role, or makes it anew; its ARN. Its id stays if its path does."""
    with state.in_place():
        role = next((role for role in state.iam.roles.values() if role.name == name), None)
        if role is not None and role.path != path:
            del state.iam.roles[role.id]
            role = None
        if role is None:
            role = state.iam.create_role(
                role_name=name,
                assume_role_policy_document=trust,
                path=path,
                permissions_boundary=None,
                description="",
                tags=[],
                max_session_duration="43200",
            )
        role.assume_role_policy_document = trust
        role.permissions_boundary_arn = boundary or None
        role.tags = [{"Key": key, "Value": value} for key, value in tags.items()]
        _hold(state, role, inline, managed)
        return str(role.arn)


def put_user(
    state: MotoState,
    name: str,
    *,
    path: str,
    inline: Mapping[str, str],
    managed: Sequence[str],
    groups: Sequence[str],
    boundary: str,
    tags: Mapping[str, str],
) -> str:
    """Makes the user, or makes it anew; its ARN. Its groups have to be there."""
    with state.in_place():
        user = state.iam.users.get(name)
        if user is None:
            user = state.iam.create_user(state.partition, name, path, [])
        user.path = path
        _hold(state, user, inline, managed)
        for group in state.iam.groups.values():
            members = [member for member in group.users if member is not user]
            group.users[:] = [*members, user] if group.name in groups else members
        state.iam.tagger.delete_all_tags_for_resource(user.arn)
        state.iam.tagger.tag_resource(user.arn, [{"Key": key, "Value": value} for key, value in tags.items()])
        set_user_boundary(state, name, boundary)
        return str(user.arn)


def put_group(state: MotoState, name: str, *, path: str, inline: Mapping[str, str], managed: Sequence[str]) -> str:
    """Makes the group, or makes it anew; its ARN."""
    with state.in_place():
        group = state.iam.groups.get(name) or state.iam.create_group(name, path)
        group.path = path
        _hold(state, group, inline, managed)
        return str(group.arn)


def _hold(state: MotoState, entity: Any, inline: Mapping[str, str], managed: Sequence[str]) -> None:
    entity.policies.clear()
    entity.policies.update(inline)
    for policy in list(entity.managed_policies.values()):
        policy.detach_from(entity)
    for arn in managed:
        state.load_aws_policy(arn)
        found = state.iam.managed_policies.get(arn)
        if found is None:
            raise LookupError(f"there is no managed policy {arn}")
        found.attach_to(entity)


def add_policy(state: MotoState, name: str, document: str, path: str) -> str:
    """Makes a managed policy, or a new default version of it; its ARN."""
    with state.in_place():
        arn = f"arn:{state.partition}:iam::{state.account}:policy{path}{name}"
        existing = state.iam.managed_policies.get(arn)
        if existing is None:
            state.iam.create_policy("", path, document, name, [])
        else:
            default = next(v for v in existing.versions if v.version_id == existing.default_version_id)
            default.document = document
        return arn


def boundary_arn(state: MotoState, boundary: PolicyDocument | None, owner: str) -> str:
    """The ARN of a boundary given as a document, which becomes a managed policy, or as an ARN; empty if none is given.

    Raises:
        InvalidPolicyError: AWS would refuse the document.
        LookupError: There is no such managed policy.
    """
    if boundary is None:
        return ""
    if isinstance(boundary, str) and boundary.startswith("arn:"):
        if state.managed_policy(boundary) is None:
            raise LookupError(f"there is no managed policy {boundary}")
        return boundary
    name = f"{owner}-boundary"
    return add_policy(state, name, document_text(boundary, name, PolicyKind.BOUNDARY), "/")


def set_user_boundary(state: MotoState, name: str, arn: str) -> None:
    """Sets a user's boundary, or removes it if ``arn`` is empty. moto has none, but answers with what it finds here."""
    with state.in_place():
        user = state.iam.users[name]
        boundary = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
        user.permissions_boundary = boundary if arn else None


def boundary_of_new_user(state: MotoState, request: AwsRequest) -> None:
    """Keeps the boundary that CreateUser was called with."""
    arn = request.text("PermissionsBoundary")
    if request.operation == "CreateUser" and arn:
        set_user_boundary(state, request.text("UserName"), arn)


def load_policies_for(state: MotoState, request: AwsRequest) -> None:
    """Loads the AWS managed policies that a request is about."""
    with state.in_place():
        for name in ("PolicyArn", "PermissionsBoundary"):
            state.load_aws_policy(request.text(name))
        if request.operation == "ListPolicies" and request.text("Scope") != "Local":
            state.load_aws_policies()


def join_organization(state: MotoState, *, create: bool = False) -> bool:
    """Makes the account a member of the organization, if there is one; whether there is.

    Args:
        state: The account.
        create: Whether to make an organization if there is none.
    """
    with state.in_place():
        organization = state.organization
        if organization.org is None:
            if not create:
                return False
            organization.create_organization("us-east-1" if state.partition == "aws" else state.partition)
        if state.account not in organizations_backends.master_accounts:
            status = organization.create_account(AccountName="sandbox", Email="sandbox@example.com")
            _rename(organization, status["CreateAccountStatus"]["AccountId"], state)
        return True


def _rename(organization: Any, made: str, state: MotoState) -> None:
    """Gives the account that moto made the number of the sandbox's own."""
    account = next(account for account in organization.accounts if account.id == made)
    account.id = state.account
    organizations_backends.master_accounts.pop(made, None)
    organizations_backends.master_accounts[state.account] = (MANAGEMENT_ACCOUNT, state.partition)


def attach_scp(state: MotoState, name: str, document: str, target: str, *, alone: bool) -> str:
    """Makes a service control policy and attaches it; its ARN.

    Args:
        state: The account.
        name: The policy's name.
        document: Its text.
        target: ``account``, ``root`` or the id of an organizational unit.
        alone: Whether FullAWSAccess is detached there, so that only what this policy allows is allowed.
    """
    with state.in_place():
        join_organization(state, create=True)
        organization = state.organization
        targets = {"account": state.account, "root": organization.org.root_id}
        made = organization.create_policy(
            Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=document, Tags=[]
        )
        summary = made["Policy"]["PolicySummary"]
        to = targets.get(target, target)
        organization.attach_policy(PolicyId=summary["Id"], TargetId=to)
        if alone:
            organization.detach_policy(PolicyId="p-FullAWSAccess", TargetId=to)
        return str(summary["Arn"])
