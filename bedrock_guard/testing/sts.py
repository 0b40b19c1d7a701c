"""STS: who calls, and temporary credentials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timezone
from typing import Any

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.arn import Arn
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.testing.authorise import Authorization
from bedrock_guard.testing.credentials import Credentials, CredentialStore, Identity, IdentityKind
from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.principals import Principal
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.stored import StoredEntity, StoredPolicy
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["STS_OPERATIONS", "answer_sts", "session_policies", "sts_authorizations"]

STS_OPERATIONS = ("AssumeRole", "GetAccessKeyInfo", "GetCallerIdentity", "GetFederationToken", "GetSessionToken")

_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_FREE = ("GetCallerIdentity", "GetSessionToken")
"""Operations that no policy can deny. Source: STS API Reference on the two (read 2026-11)."""


def sts_authorizations(request: AwsRequest, principal: Principal, state: MotoState) -> list[Authorization]:
    """What has to be allowed for a call of STS.

    A role that does not exist is denied like one that trusts nobody: STS does not tell which roles there are.
    """
    if request.operation in _FREE:
        return []
    if request.operation == "GetFederationToken":
        name = request.text("Name")
        return [
            Authorization("sts:GetFederationToken", f"arn:{state.partition}:sts::{state.account}:federated-user/{name}")
        ]
    if request.operation != "AssumeRole":
        return [Authorization(f"sts:{request.operation}")]
    arn = request.text("RoleArn")
    role = _role(arn, state)
    if role is None:
        user = f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise AwsError("AccessDenied", user, 403)
    trust = StoredPolicy(role.arn, role.trust, PolicyKind.TRUST).parsed()
    context: dict[str, str | Sequence[str]] = {"sts:RoleSessionName": request.text("RoleSessionName")}
    if request.text("ExternalId"):
        context["sts:ExternalId"] = request.text("ExternalId")
    tags = _tags(request)
    context.update((f"aws:RequestTag/{name}", value) for name, value in tags.items())
    needed = [Authorization("sts:AssumeRole", role.arn, context=context, policy=trust)]
    if tags:
        context["aws:TagKeys"] = list(tags)
        needed.append(Authorization("sts:TagSession", role.arn, context=context, policy=trust))
    return needed


def answer_sts(
    request: AwsRequest, principal: Principal, state: MotoState, credentials: CredentialStore
) -> dict[str, Any]:
    """The answer to an authorised call, ready to be written as XML.

    Raises:
        AwsError: A parameter cannot be used.
    """
    if request.operation == "GetCallerIdentity":
        return {"UserId": principal.user_id, "Account": principal.account, "Arn": principal.arn}
    if request.operation == "GetAccessKeyInfo":
        return {"Account": state.account}
    if request.operation == "AssumeRole":
        return _assume_role(request, state, credentials)
    if principal.identity.kind is not IdentityKind.USER:
        raise AwsError("AccessDenied", f"Cannot call {request.operation} with session credentials", 403)
    seconds = _seconds(request, 43_200)
    if request.operation == "GetSessionToken":
        issued = credentials.issue(Identity(IdentityKind.USER, principal.identity.name), seconds)
        return {"Credentials": _shown(issued)}
    name = request.text("Name")
    policies = session_policies(request.text("Policy"), _policy_arns(request), state)
    identity = Identity(IdentityKind.FEDERATED_USER, principal.identity.name, name, policies or (), _tags(request))
    user = {
        "FederatedUserId": f"{state.account}:{name}",
        "Arn": f"arn:{state.partition}:sts::{state.account}:federated-user/{name}",
    }
    return {"Credentials": _shown(credentials.issue(identity, seconds)), "FederatedUser": user}


def _assume_role(request: AwsRequest, state: MotoState, credentials: CredentialStore) -> dict[str, Any]:
    role = _role(request.text("RoleArn"), state)
    if role is None:
        raise AwsError("AccessDenied", "The role is gone.", 403)
    name = request.text("RoleSessionName")
    if _SESSION_NAME.fullmatch(name) is None:
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        )
    seconds = _seconds(request, 3600)
    if seconds > role.max_session_seconds:
        raise AwsError(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    policies = session_policies(request.text("Policy"), _policy_arns(request), state)
    issued = credentials.issue(Identity(IdentityKind.ROLE_SESSION, role.name, name, policies, _tags(request)), seconds)
    user = {
        "AssumedRoleId": f"{role.id}:{name}",
        "Arn": f"arn:{state.partition}:sts::{state.account}:assumed-role/{role.name}/{name}",
    }
    return {"Credentials": _shown(issued), "AssumedRoleUser": user, "PackedPolicySize": 6 if policies else 0}


def session_policies(document: str, arns: Sequence[str], state: MotoState) -> tuple[StoredPolicy, ...] | None:
    """The session policies of a new session: a document, managed policies, or None if there is neither.

    Raises:
        AwsError: The document is no policy, or a policy does not exist.
    """
    found = []
    if document:
        try:
            parse_policy(document, name="session policy", kind=PolicyKind.SESSION)
        except InvalidPolicyError as invalid:
            raise AwsError("MalformedPolicyDocument", str(invalid)) from invalid
        found.append(StoredPolicy("session policy", document, PolicyKind.SESSION))
    for arn in arns:
        policy = state.managed_policy(arn)
        if policy is None:
            raise AwsError("InvalidInput", f"PolicyArn {arn} does not exist.")
        found.append(policy)
    return tuple(found) or None


def _role(text: str, state: MotoState) -> StoredEntity | None:
    try:
        arn = Arn.parse(text)
    except ValueError as error:
        raise AwsError("ValidationError", f"{text} is invalid") from error
    role = state.entity("role", arn.resource.rpartition("/")[2])
    # Unlike the simulator, STS takes no wrong path.
    return role if role is not None and role.arn == text else None


def _policy_arns(request: AwsRequest) -> list[str]:
    entries = request.params.get("PolicyArns")
    return [str(e["arn"]) for e in entries if isinstance(e, dict) and "arn" in e] if isinstance(entries, list) else []


def _tags(request: AwsRequest) -> dict[str, str]:
    entries = request.params.get("Tags")
    fields = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    return {str(e.get("Key", "")): str(e.get("Value", "")) for e in fields}


def _seconds(request: AwsRequest, default: int) -> int:
    text = request.text("DurationSeconds")
    return int(text) if text.isascii() and text.isdigit() else default


def _shown(issued: Credentials) -> dict[str, str]:
    expires = issued.expires.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if issued.expires else ""
    return {
        "AccessKeyId": issued.access_key_id,
        "SecretAccessKey": issued.secret_access_key,
        "SessionToken": issued.session_token,
        "Expiration": expires,
    }
