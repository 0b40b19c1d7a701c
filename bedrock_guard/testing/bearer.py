"""Requests with a Bedrock API key instead of a signature: whose they are, and short-term keys.

Source: Bedrock User Guide, api-keys and api-keys-permissions (read 2026-11); the source of AWS's
aws-bedrock-token-generator-python 1.1.0 for what a short-term key is made of. Bedrock's two answers to keys that it
does not take are from public reports. Assumed: that a service which takes no keys answers as to a wrong one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from bedrock_guard.bedrock.api_keys import KEY_CLIENTS, ApiKey, KeyKind, read_api_key
from bedrock_guard.testing.api_keys import LongTermKeys
from bedrock_guard.testing.authorise import Authorization
from bedrock_guard.testing.credentials import CredentialStore, Identity, IdentityKind
from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.principals import Principal, identity_of_key, principal_of
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.signatures import query_signature
from bedrock_guard.testing.wire_errors import AwsError, Protocol, Response

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

__all__ = ["LONGEST_SECONDS", "Bearer", "bearer_of", "presigned_key"]

LONGEST_SECONDS = 43_200
"""How long a short-term key may last."""

_SHORT_TERM, _LONG_TERM = "bedrock-api-key-", "ABSK"
_HOST = "bedrock.amazonaws.com"
_SKEW = timedelta(minutes=5)
_NOT_SIGNED = ("X-Amz-Signature", "Version")
_NOT_WITH_KEYS = ("InvokeModelWithBidirectionalStream",)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose a request with a key is.

    Attributes:
        principal: Who makes it.
        type: ``SHORT_TERM`` or ``LONG_TERM``.
    """

    principal: Principal
    type: str

    @property
    def authorization(self) -> Authorization:
        """What has to be allowed besides the operation's own actions; denials name its resource, ``*``."""
        context = {"bedrock:BearerTokenType": self.type}
        return Authorization("bedrock:CallWithBearerToken", context=context, shown="*")


def bearer_of(request: AwsRequest, state: MotoState, credentials: CredentialStore, keys: LongTermKeys) -> Bearer:
    """Whose a request with a key is.

    Raises:
        AwsError: It is no key, not known, over, of another Region, or the service takes none.
    """
    token = request.received.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not token.startswith((_SHORT_TERM, _LONG_TERM)):
        raise _no_key()
    if request.service not in KEY_CLIENTS or request.operation in _NOT_WITH_KEYS:
        raise _refused()
    try:
        if token.startswith(_LONG_TERM):
            return Bearer(principal_of(_user(token, keys), state), "LONG_TERM")
        return Bearer(principal_of(_signer(token, request.region, state, credentials), state), "SHORT_TERM")
    except AwsError as error:
        # Bedrock does not say what is wrong with a key.
        raise _refused() from error


def _user(token: str, keys: LongTermKeys) -> Identity:
    key = keys.find(token)
    if key is None or key.status != "Active":
        raise _refused()
    return Identity(IdentityKind.USER, key.user)


def _signer(token: str, region: str, state: MotoState, credentials: CredentialStore) -> Identity:
    key = read_api_key(token)
    if key.kind is not KeyKind.SHORT_TERM or key.access_key_id is None or not _in_force(key, region):
        raise _refused()
    body = token.removeprefix(_SHORT_TERM)
    host, _, query = base64.b64decode(body + "=" * (-len(body) % 4)).decode().partition("/?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    session_token = values.get("X-Amz-Security-Token", "")
    identity, secret = identity_of_key(key.access_key_id, session_token, state, credentials, Protocol.REST_JSON)
    if host != _HOST or values.get("X-Amz-Signature") != _signature(values, secret):
        raise _refused()
    return identity


def _in_force(key: ApiKey, region: str) -> bool:
    if key.issued is None or key.expires is None:
        return False
    now = datetime.now(timezone.utc)
    short = key.expires - key.issued <= timedelta(seconds=LONGEST_SECONDS)
    return short and key.issued - _SKEW <= now < key.expires and key.region == region


def presigned_key(credentials: ReadOnlyCredentials, region: str, made: datetime, seconds: int) -> str:
    """A short-term key as AWS's own generator makes it.

    Args:
        credentials: Of the principal that calls with the key will be made as.
        region: Where it will be valid.
        made: When it begins.
        seconds: How long it lasts from then.
    """
    moment = made.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    values = {
        "Action": "CallWithBearerToken",
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{credentials.access_key}/{moment[:8]}/{region}/bedrock/aws4_request",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.token:
        values["X-Amz-Security-Token"] = credentials.token
    values["X-Amz-Signature"] = _signature(values, credentials.secret_key)
    values["Version"] = "1"
    query = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in values.items())
    return _SHORT_TERM + base64.b64encode(f"{_HOST}/?{query}".encode()).decode()


def _signature(values: Mapping[str, str], secret: str | None) -> str:
    signed = {name: value for name, value in values.items() if name not in _NOT_SIGNED}
    return query_signature(secret or "", "POST", _HOST, signed)


def _refused() -> AwsError:
    return AwsError("AccessDeniedException", "Authentication failed: Please make sure your API Key is valid.", 403)


class _NoKeyError(AwsError):
    """Bedrock's answer to what is no key at all: there the name of the message has a capital."""

    def response(self, protocol: Protocol, namespace: str = "") -> Response:
        """As the service writes it."""
        body = json.dumps({"Message": self.message}).encode()
        return replace(super().response(protocol, namespace), body=body)


def _no_key() -> AwsError:
    message = "Invalid API Key format: Must start with pre-defined prefix"
    return _NoKeyError("AccessDeniedException", message, 403)
