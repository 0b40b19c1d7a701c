"""The principal of a request: its ARN, the policies that apply to it and the condition keys it brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from bedrock_guard.iam.evaluate import Policies
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.testing.credentials import CredentialStore, Identity, IdentityKind, invalid_token
from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.signatures import check_signature
from bedrock_guard.testing.stored import StoredEntity
from bedrock_guard.testing.wire_errors import Protocol

__all__ = ["Principal", "authenticate", "identity_of_key", "principal_of"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, as IAM sees it.

    Attributes:
        identity: Whose credentials they are.
        arn: What GetCallerIdentity and denials call it.
        user_id: ``AIDA…``, ``AROA…:session``, ``<account>:name`` or the account of the root user.
        account: 12 digits.
        entity: The user or role; None for the root user.
        policies: What applies to it.
        keys: The condition keys that are the same for all its requests.
    """

    identity: Identity
    arn: str
    user_id: str
    account: str
    entity: StoredEntity | None
    policies: Policies
    keys: Mapping[str, str | Sequence[str]]


def authenticate(request: AwsRequest, state: MotoState, credentials: CredentialStore) -> Principal:
    """The principal behind a request's access key.

    Raises:
        AwsError: The key is not known, was deactivated, has expired, its user or role is gone, or the request was
            signed with another secret.
    """
    key, token = request.access_key, request.session_token
    identity, secret = identity_of_key(key, token, state, credentials, request.protocol)
    check_signature(request.received, secret, request.protocol)
    return principal_of(identity, state, request.protocol)


def identity_of_key(
    access_key: str, session_token: str, state: MotoState, credentials: CredentialStore, protocol: Protocol
) -> tuple[Identity, str]:
    """Whose an access key is, and its secret.

    Raises:
        AwsError: The key is not known, was deactivated or has expired, or the token is not its own.
    """
    found = credentials.find(access_key, session_token, protocol)
    if found is not None:
        return found
    user = state.user_of_key(access_key)
    if user is None or session_token:
        raise invalid_token(protocol)
    return Identity(IdentityKind.USER, user[0]), user[1]


def principal_of(identity: Identity, state: MotoState, protocol: Protocol = Protocol.QUERY) -> Principal:
    """The principal that an identity is now: with the policies of this moment.

    Raises:
        AwsError: The user or role is gone.
    """
    with state.in_place():
        if identity.kind is IdentityKind.ROOT:
            entity = None
        else:
            type_ = "role" if identity.kind is IdentityKind.ROLE_SESSION else "user"
            entity = state.entity(type_, identity.name)
            if entity is None:
                raise invalid_token(protocol)
        # Source: Organizations User Guide, orgs_manage_policies_scps (read 2026-11): SCPs do not touch such a role.
        linked = entity is not None and ":role/aws-service-role/" in entity.arn
        levels = () if linked else state.levels()
        organization = state.organization_keys()
    policies = Policies(
        identity=_parsed(entity),
        boundary=None if entity is None or entity.boundary is None else entity.boundary.parsed(PolicyKind.BOUNDARY),
        scps=tuple(tuple(policy.parsed() for policy in level) for level in levels),
        session=None
        if identity.session_policies is None
        else tuple(policy.parsed(PolicyKind.SESSION) for policy in identity.session_policies),
    )
    arn, user_id = _names(identity, entity, state)
    keys = {**_keys(identity, entity, state, user_id), **organization}
    return Principal(identity, arn, user_id, state.account, entity, policies, keys)


def _parsed(entity: StoredEntity | None) -> tuple[Policy, ...]:
    return () if entity is None else tuple(policy.parsed() for policy in entity.policies)


def _names(identity: Identity, entity: StoredEntity | None, state: MotoState) -> tuple[str, str]:
    sts = f"arn:{state.partition}:sts::{state.account}"
    if entity is None:
        return f"arn:{state.partition}:iam::{state.account}:root", state.account
    if identity.kind is IdentityKind.ROLE_SESSION:
        # The role's path is not part of it. Source: IAM User Guide, reference_identifiers (read 2026-11).
        return (
            f"{sts}:assumed-role/{identity.name}/{identity.session_name}",
            f"{entity.id}:{identity.session_name}",
        )
    if identity.kind is IdentityKind.FEDERATED_USER:
        return f"{sts}:federated-user/{identity.session_name}", f"{state.account}:{identity.session_name}"
    return entity.arn, entity.id


_TYPES = {
    IdentityKind.USER: "User",
    IdentityKind.ROLE_SESSION: "AssumedRole",
    IdentityKind.FEDERATED_USER: "FederatedUser",
    IdentityKind.ROOT: "Account",
}


def _keys(
    identity: Identity, entity: StoredEntity | None, state: MotoState, user_id: str
) -> dict[str, str | Sequence[str]]:
    """Source: IAM User Guide, reference_policies_condition-keys and reference_policies_variables (read 2026-11)."""
    root = f"arn:{state.partition}:iam::{state.account}:root"
    keys: dict[str, str | Sequence[str]] = {
        "aws:PrincipalAccount": state.account,
        "aws:PrincipalArn": root if entity is None else entity.arn,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": _TYPES[identity.kind],
        "aws:SecureTransport": "true",
        "aws:SourceIp": "127.0.0.1",
        "aws:ViaAWSService": "false",
        "aws:userid": user_id,
    }
    if identity.kind is IdentityKind.USER:
        keys["aws:username"] = identity.name
    if identity.kind is IdentityKind.FEDERATED_USER:
        keys["aws:PrincipalArn"] = f"arn:{state.partition}:sts::{state.account}:federated-user/{identity.session_name}"
        keys["aws:FederatedProvider"] = state.account
    if identity.issued is not None:
        keys["aws:TokenIssueTime"] = _date(identity.issued)
        # Absent with long-term keys. Source: the same page on aws:MultiFactorAuthPresent.
        keys["aws:MultiFactorAuthPresent"] = "false"
    tags = {} if entity is None else dict(entity.tags)
    # A session tag goes before the role's own tag of that name. Source: IAM User Guide, id_session-tags (read 2026-11).
    folded = {name.lower() for name in identity.tags}
    tags = {name: value for name, value in tags.items() if name.lower() not in folded} | dict(identity.tags)
    keys.update((f"aws:PrincipalTag/{name}", value) for name, value in tags.items())
    now = datetime.now(timezone.utc)
    keys["aws:CurrentTime"] = _date(now)
    keys["aws:EpochTime"] = str(int(now.timestamp()))
    return keys


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
