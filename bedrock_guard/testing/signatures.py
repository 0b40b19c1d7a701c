"""Whether a request was signed with the secret of its key.

Source: IAM User Guide, reference_sigv-create-signed-request (read 2026-11).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import reduce
from urllib.parse import parse_qsl, quote

from bedrock_guard.testing.requests import Received
from bedrock_guard.testing.wire_errors import AwsError, Protocol

__all__ = ["check_signature", "query_signature"]

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^/]+/(?P<scope>[^,\s]+),\s*SignedHeaders=(?P<names>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]+)"
)


def check_signature(received: Received, secret: str, protocol: Protocol) -> None:
    """Refuses a request that was signed with another secret, or changed on its way.

    Raises:
        AwsError: ``SignatureDoesNotMatch`` of IAM and STS, ``InvalidSignatureException`` of the JSON services.
    """
    found = _AUTHORIZATION.match(received.headers.get("authorization", ""))
    if found is not None:
        names = found["names"].split(";")
        scope = found["scope"]
        moment = received.headers.get("x-amz-date", "")
        expected = _signature(_canonical(received, names), secret, moment, scope)
        if hmac.compare_digest(expected, found["signature"]):
            return
    code = "SignatureDoesNotMatch" if protocol is Protocol.QUERY else "InvalidSignatureException"
    raise AwsError(
        code,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details.",
        403,
    )


def query_signature(secret: str, method: str, host: str, values: Mapping[str, str]) -> str:
    """The signature of a presigned request for the root of a host, of which no other header and no body is signed.

    Args:
        secret: Of the access key.
        method: The HTTP method.
        host: The host.
        values: The query without the signature, ``X-Amz-Credential`` and ``X-Amz-Date`` among it.
    """
    empty = hashlib.sha256(b"").hexdigest()
    canonical = "\n".join((method, "/", _canonical_query(list(values.items())), f"host:{host}\n", "host", empty))
    scope = values.get("X-Amz-Credential", "").partition("/")[2]
    return _signature(canonical, secret, values.get("X-Amz-Date", ""), scope)


def _signature(canonical: str, secret: str, moment: str, scope: str) -> str:
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashed}"
    return hmac.new(_key(secret, scope), text.encode(), hashlib.sha256).hexdigest()


def _canonical_query(pairs: list[tuple[str, str]]) -> str:
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _canonical(received: Received, names: list[str]) -> str:
    headers = "".join(f"{name}:{_header(received.headers, name)}\n" for name in names)
    return "\n".join(
        (
            received.method,
            # What was sent is encoded once more: services other than S3 sign it so.
            quote(received.path, safe="/-_.~"),
            _canonical_query(_query(received.query)),
            headers,
            ";".join(names),
            received.headers.get("x-amz-content-sha256") or hashlib.sha256(received.body).hexdigest(),
        )
    )


def _query(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)


def _header(headers: Mapping[str, str], name: str) -> str:
    return " ".join(headers.get(name, "").split())


def _key(secret: str, scope: str) -> bytes:
    """The signing key of a scope: date, Region, service and the fixed end."""
    return reduce(
        lambda key, part: hmac.new(key, part.encode(), hashlib.sha256).digest(),
        scope.split("/"),
        f"AWS4{secret}".encode(),
    )
