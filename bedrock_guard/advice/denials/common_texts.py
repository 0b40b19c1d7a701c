"""Texts about API keys, credentials, throttling and faults, and what an error code says by itself.

Sources: the Bedrock User Guide's page on API error codes (read 2026-11); botocore 1.44.5 for its own exceptions; "seen"
is an answer of the service, or a message of an SDK, that its users published.
"""

from __future__ import annotations

from types import MappingProxyType

from bedrock_guard.advice.denial import DenialKind as Kind
from bedrock_guard.advice.denials.known_text import KnownText

__all__ = ["CAUSE_OF_CODE", "COMMON_TEXTS", "cause_of_code"]

_KEY_TEXTS = (
    KnownText(
        cause="api-key-refused",
        kind=Kind.API_KEY,
        code="BG431",
        text="Authentication failed: Please make sure your API Key is valid.",
        needles=("please make sure your api key is valid", "bearer token has expired"),
        source="seen 2025 to 2026. The last needle is assumed",
    ),
    KnownText(
        cause="api-key-format",
        kind=Kind.API_KEY,
        code="BG431",
        text="Invalid API Key format: Must start with pre-defined prefix",
        needles=("invalid api key format",),
        source="seen 2025 to 2026",
    ),
)

_CREDENTIAL_TEXTS = (
    KnownText(
        cause="credentials-invalid",
        kind=Kind.CREDENTIALS,
        code="BG411",
        text="The security token included in the request is invalid.",
        needles=(
            "security token included in the request is invalid",
            "aws access key id you provided does not exist in our records",
            "the request signature we calculated does not match",
        ),
        source="IAM and Bedrock, seen; the signature text is that of SignatureDoesNotMatch",
        error_code="UnrecognizedClientException",
    ),
    KnownText(
        cause="credentials-expired",
        kind=Kind.CREDENTIALS,
        code="BG411",
        text="The security token included in the request is expired",
        needles=(
            "security token included in the request is expired",
            "the provided token has expired",
            "token has expired and refresh failed",
            "the sso session associated with this profile has expired",
            "session token has expired",
            "sso session has expired",
            "refresh cached sso token failed",
        ),
        source="AWS STS and SSO, botocore 1.44.5 and the SDK for Go v2, seen",
        error_code="ExpiredTokenException",
    ),
    KnownText(
        cause="credentials-missing",
        kind=Kind.CREDENTIALS,
        code="BG410",
        text="Unable to locate credentials",
        needles=(
            "unable to locate credentials",
            "could not load credentials from any providers",
            "unable to load credentials from any of the providers in the chain",
            "failed to retrieve credentials",
            "failed to refresh cached credentials",
            "partial credentials found in",
            "missing authentication token",
            "error when retrieving credentials from",
            "error loading sso token",
            "unable to get iam security credentials from",
            "the config profile (",
            "no credentials in the property bag",
        ),
        source="botocore 1.44.5 and the SDKs for JavaScript v3, Java v2, Go v2, .NET and Rust, seen",
        error_code="NoCredentialsError",
        yields_to=("credentials-expired", "credentials-invalid"),
    ),
)

_CLOCK_TEXTS = (
    KnownText(
        cause="clock-skew",
        kind=Kind.CREDENTIALS,
        code="BG411",
        text="Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z",
        needles=(
            "signature expired:",
            "signature not yet current",
            "the difference between the request time and the current time is too large",
        ),
        source="IAM and S3, seen",
        error_code="InvalidSignatureException",
    ),
)

_LOAD_TEXTS = (
    KnownText(
        cause="daily-quota",
        kind=Kind.THROTTLING,
        code="BG324",
        text="Too many tokens per day, please wait before trying again.",
        needles=("too many tokens per day",),
        source="seen 2025 to 2026, mostly in new accounts",
        retryable=True,
        retry_after_seconds=86400,
        error_code="ThrottlingException",
    ),
    KnownText(
        cause="throttled",
        kind=Kind.THROTTLING,
        code="BG324",
        text="Too many requests, please wait before trying again.",
        needles=("rate exceeded", "too many requests", "too many tokens, please wait", "your request rate is too high"),
        source="IAM and Bedrock, seen",
        retryable=True,
        error_code="ThrottlingException",
    ),
    KnownText(
        cause="unavailable",
        kind=Kind.OTHER,
        code="BG325",
        text="Bedrock is unable to process your request.",
        needles=("bedrock is unable to process your request",),
        source="seen with ServiceUnavailableException",
        retryable=True,
        error_code="ServiceUnavailableException",
    ),
    KnownText(
        cause="endpoint",
        kind=Kind.OTHER,
        code="BG325",
        text="Could not connect to the endpoint URL",
        needles=("could not connect to the endpoint url", "connect timeout on endpoint url"),
        source="botocore 1.44.5",
        error_code="EndpointConnectionError",
    ),
    KnownText(
        cause="region-missing",
        kind=Kind.OTHER,
        code="BG503",
        text="You must specify a region.",
        needles=("you must specify a region",),
        source="botocore 1.44.5",
        error_code="NoRegionError",
    ),
)

COMMON_TEXTS = (*_KEY_TEXTS, *_CREDENTIAL_TEXTS, *_CLOCK_TEXTS, *_LOAD_TEXTS)

CAUSE_OF_CODE = MappingProxyType(
    {
        **dict.fromkeys(
            ("Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException",
             "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown"),
            "throttled",
        ),
        **dict.fromkeys(
            ("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch",
             "InvalidSignatureException", "IncompleteSignature", "IncompleteSignatureException", "AuthFailure"),
            "credentials-invalid",
        ),
        **dict.fromkeys(
            ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired",
             "UnauthorizedSSOTokenError", "SSOTokenLoadError"),
            "credentials-expired",
        ),
        **dict.fromkeys(
            ("MissingAuthenticationToken", "MissingAuthenticationTokenException", "NoCredentialsError",
             "PartialCredentialsError", "CredentialRetrievalError", "CredentialsProviderError"),
            "credentials-missing",
        ),
        **dict.fromkeys(
            ("ServiceUnavailableException", "ServiceUnavailable", "InternalServerException", "InternalFailure",
             "ModelNotReadyException", "ModelStreamErrorException", "BadGatewayException",
             "ModelTimeoutException", "ModelErrorException", "overloaded_error"),
            "unavailable",
        ),
        "access_denied": "model-not-released",
        "RequestTimeTooSkewed": "clock-skew",
        **dict.fromkeys(
            ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "ValidationException",
             "ResourceNotFoundException", "ServiceQuotaExceededException", "UnauthorizedException", "ConflictException",
             "OptInRequired", "DependencyFailedException"),
            "unrecognised",
        ),
    }
)  # fmt: skip
"""What an error code says where its text is not known: the cause; "unrecognised" where it says too little."""

_CAUSES_LOWER = MappingProxyType({code.lower(): cause for code, cause in CAUSE_OF_CODE.items()})


def cause_of_code(code: str | None) -> str | None:
    """The cause that an error code alone tells; event streams write codes with a small letter first."""
    return None if code is None else _CAUSES_LOWER.get(code.lower())
