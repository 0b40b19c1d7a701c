"""Long-term Bedrock API keys: IAM's operations on them, which moto does not have.

Source: IAM API Reference, CreateServiceSpecificCredential and the operations beside it, by botocore's model (1.44.5);
Bedrock User Guide, api-keys (read 2026-11). The whole key is in ``ServiceCredentialSecret``, as real answers have it;
the reference speaks of ``ServiceApiKeyValue``. Assumed: the alias of a user's second key, and that a reset key keeps
its alias and its end.
"""

from __future__ import annotations

import base64
import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.principals import Principal
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["KEY_OPERATIONS", "LongTermKey", "LongTermKeys", "answer_keys", "keep_holder"]

KEY_OPERATIONS = (
    "CreateServiceSpecificCredential",
    "DeleteServiceSpecificCredential",
    "ListServiceSpecificCredentials",
    "ResetServiceSpecificCredential",
    "UpdateServiceSpecificCredential",
)

_SERVICE = "bedrock.amazonaws.com"
_OTHER_SERVICES = ("cassandra.amazonaws.com", "codecommit.amazonaws.com", "logs.amazonaws.com")
_MOST_DAYS = 36_600
_PER_USER = 2


@dataclass(frozen=True, slots=True)
class LongTermKey:
    """A key of a user.

    Attributes:
        id: ``ACCA…``, by which IAM's operations name it.
        user: The user's name.
        alias: Its public part, ``<user>-at-<account>``.
        token: What goes over the wire.
        created: When it was made.
        expires: When it ends; None for never.
        active: Whether nobody has switched it off.
    """

    id: str
    user: str
    alias: str
    token: str = field(repr=False)
    created: datetime
    expires: datetime | None
    active: bool = True

    @property
    def status(self) -> str:
        """As IAM has it."""
        if not self.active:
            return "Inactive"
        over = self.expires is not None and self.expires <= datetime.now(timezone.utc)
        return "Expired" if over else "Active"


class LongTermKeys:
    """All keys of the account."""

    def __init__(self) -> None:
        self._keys: dict[str, LongTermKey] = {}
        self._lock = threading.Lock()

    def create(self, user: str, account: str, days: float | None) -> LongTermKey:
        """A new key of a user, which lasts for so many days or for ever.

        Raises:
            AwsError: ``LimitExceeded``: the user has two already.
        """
        now = datetime.now(timezone.utc).replace(microsecond=0)
        with self._lock:
            taken = [key.alias for key in self._keys.values() if key.user == user]
            if len(taken) >= _PER_USER:
                message = f"Cannot exceed quota for ServiceSpecificCredentialsPerUser: {_PER_USER}"
                raise AwsError("LimitExceeded", message, 409)
            first = f"{user}-at-{account}"
            alias = first if first not in taken else f"{user}+1-at-{account}"
            id_ = "ACCA" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(17))
            expires = None if days is None else now + timedelta(days=days)
            key = self._keys[id_] = LongTermKey(id_, user, alias, _token(alias), now, expires)
        return key

    def of(self, user: str | None) -> list[LongTermKey]:
        """The keys of a user, or all of them."""
        with self._lock:
            return [key for key in self._keys.values() if user in (None, key.user)]

    def reset(self, key: LongTermKey) -> LongTermKey:
        """The key with a new secret, in place of the old one."""
        return self.put(replace(key, token=_token(key.alias)))

    def put(self, key: LongTermKey) -> LongTermKey:
        """Keeps a changed key."""
        with self._lock:
            self._keys[key.id] = key
        return key

    def remove(self, key: LongTermKey) -> None:
        """Forgets a key."""
        with self._lock:
            self._keys.pop(key.id, None)

    def find(self, token: str) -> LongTermKey | None:
        """The key that a request was sent with."""
        sent = token.encode("utf-8", "surrogateescape")
        return next((key for key in self.of(None) if secrets.compare_digest(key.token.encode(), sent)), None)


def keep_holder(request: AwsRequest, keys: LongTermKeys) -> None:
    """Refuses to delete a user who has keys.

    Source: IAM API Reference, DeleteUser (read 2026-11); the text is that for other things a user has.

    Raises:
        AwsError: ``DeleteConflict``.
    """
    if request.operation == "DeleteUser" and keys.of(request.text("UserName")):
        raise AwsError("DeleteConflict", "Cannot delete entity, must delete referenced objects first.", 409)


def answer_keys(request: AwsRequest, principal: Principal, state: MotoState, keys: LongTermKeys) -> dict[str, Any]:
    """The answer to an authorised call, ready to be written as XML.

    Raises:
        AwsError: There is no such user or key, or a parameter cannot be used.
    """
    if request.operation == "ListServiceSpecificCredentials":
        return _listed(request, principal, state, keys)
    user = _user(request, principal, state)
    if request.operation == "CreateServiceSpecificCredential":
        _require_bedrock(request.text("ServiceName"))
        return _with_secret(keys.create(user, state.account, _days(request.text("CredentialAgeDays"))))
    id_ = request.text("ServiceSpecificCredentialId")
    found = next((key for key in keys.of(user) if key.id == id_), None)
    if found is None:
        raise AwsError("NoSuchEntity", f"No such credential {id_} exists", 404)
    if request.operation == "ResetServiceSpecificCredential":
        return _with_secret(keys.reset(found))
    if request.operation == "DeleteServiceSpecificCredential":
        keys.remove(found)
    else:
        keys.put(replace(found, active=_status(request.text("Status")) == "Active"))
    return {}


def _listed(request: AwsRequest, principal: Principal, state: MotoState, keys: LongTermKeys) -> dict[str, Any]:
    everybody = request.text("AllUsers") == "true"
    if everybody and request.text("UserName"):
        raise AwsError("InvalidInput", "UserName cannot be given together with AllUsers.")
    held = keys.of(None if everybody else _user(request, principal, state))
    service = request.text("ServiceName")
    if service in _OTHER_SERVICES:
        held = []
    elif service:
        _require_bedrock(service)
    return {"ServiceSpecificCredentials": [_shown(key) for key in held], "IsTruncated": False}


def _user(request: AwsRequest, principal: Principal, state: MotoState) -> str:
    entity = principal.entity
    own = entity.name if entity is not None and entity.type == "user" else ""
    name = request.text("UserName") or own
    if not name:
        raise AwsError("ValidationError", "Must specify userName when calling with non-User credentials")
    if state.entity("user", name) is None:
        raise AwsError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
    return name


def _require_bedrock(service: str) -> None:
    if service in _OTHER_SERVICES:
        raise AwsError("NotImplemented", f"Credentials for {service} are not implemented in the sandbox.", 501)
    if service != _SERVICE:
        message = f"No such service {service} is supported for Service Specific Credentials"
        raise AwsError("NotSupportedService", message, 404)


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_DAYS):
        raise _invalid(text, "credentialAgeDays", f"Member must have value between 1 and {_MOST_DAYS}, inclusive")
    return int(text)


def _status(text: str) -> str:
    if text not in ("Active", "Inactive"):
        raise _invalid(text, "status", "Member must satisfy enum value set: [Active, Inactive]")
    return text


def _invalid(value: str, member: str, rule: str) -> AwsError:
    start = "1 validation error detected: Value"
    return AwsError("ValidationError", f"{start} '{value}' at '{member}' failed to satisfy constraint: {rule}")


def _with_secret(key: LongTermKey) -> dict[str, Any]:
    return {"ServiceSpecificCredential": {**_shown(key), "ServiceCredentialSecret": key.token}}


def _shown(key: LongTermKey) -> Mapping[str, str]:
    fields = {
        "CreateDate": _date(key.created),
        "ServiceName": _SERVICE,
        "ServiceCredentialAlias": key.alias,
        "ServiceSpecificCredentialId": key.id,
        "UserName": key.user,
        "Status": key.status,
    }
    return fields if key.expires is None else {**fields, "ExpirationDate": _date(key.expires)}


def _token(alias: str) -> str:
    return "ABSK" + base64.b64encode(f"{alias}:{secrets.token_urlsafe(44)}".encode()).decode()


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
