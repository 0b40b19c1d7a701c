"""What a failed call to AWS means: one map from botocore's errors to ours.

AccessDeniedError   AWS refused the call
PrincipalError      the credentials are missing, expired or invalid
CallError           everything else, with its kind: throttled, unreachable, not found, invalid, other
"""

from __future__ import annotations

from enum import Enum

from botocore import exceptions as boto

from bedrock_guard.errors import AccessDeniedError, BedrockGuardError, PrincipalError

__all__ = ["CallError", "FailureKind", "failure_from"]


class FailureKind(str, Enum):
    """Why a call gave no answer."""

    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    NOT_FOUND = "not-found"
    INVALID = "invalid"
    OTHER = "other"


class CallError(BedrockGuardError):
    """A call that bedrock_guard makes gave no answer.

    Attributes:
        kind: Why.
        action: The IAM action of the call, such as ``iam:GetRole``.
        aws_code: AWS's error code; empty for faults of the network.
    """

    exit_code = 3

    def __init__(
        self, message: str, *, kind: FailureKind, action: str, aws_code: str = "", code: str = "BG406"
    ) -> None:
        super().__init__(message, code=code, retryable=kind in (FailureKind.THROTTLED, FailureKind.UNREACHABLE))
        self.kind = kind
        self.action = action
        self.aws_code = aws_code


# Codes that IAM, STS and Bedrock use; both spellings, since JSON services append "Exception".
# Source: botocore's service models and its standard retry list, read 2026-11.
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
_CREDENTIALS = {
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "NotAuthorized",
}
_THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
    "TransactionInProgressException",
}
_NOT_FOUND = {"NoSuchEntity", "NoSuchEntityException", "ResourceNotFoundException", "NotFound"}
_INVALID = {"InvalidInput", "InvalidInputException", "ValidationError", "ValidationException"}

# Calls that botocore makes by itself to get credentials, before the call that was asked for.
_CREDENTIAL_OPERATIONS = {
    "AssumeRole",
    "AssumeRoleWithWebIdentity",
    "AssumeRoleWithSAML",
    "GetRoleCredentials",
    "CreateToken",
    "CreateOAuth2Token",
}

_NO_CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.TokenRetrievalError,
    boto.SSOError,
    boto.ProfileNotFound,
    boto.InvalidConfigError,
    boto.InfiniteLoopConfigError,
    boto.RefreshWithMFAUnsupportedError,
    boto.NoAuthTokenError,
)

_EXPIRED_REMEDY = (
    "Get new credentials: `aws sso login` for Identity Center, a new session for an assumed role; unset stale "
    "AWS_ACCESS_KEY_ID / AWS_SESSION_TOKEN variables, which win over a profile or a role."
)
_NO_CREDENTIALS_REMEDY = (
    "Give the process a role (Lambda, ECS task, EC2 or EKS role), sign in with `aws sso login`, or name a profile "
    "(--profile, AWS_PROFILE). An Amazon Bedrock API key alone is not enough: IAM and STS do not accept it."
)


def failure_from(error: Exception, *, action: str, resource: str) -> BedrockGuardError:
    """The error of ours that ``error``, raised by botocore, stands for.

    Args:
        error: What a client method raised.
        action: The IAM action of the call.
        resource: What it was asked on, for the message; ``*`` where there is nothing to name.
    """
    if isinstance(error, BedrockGuardError):
        return error
    if isinstance(error, boto.ClientError):
        return _from_service(error, action, resource)
    if isinstance(error, _NO_CREDENTIALS):
        return PrincipalError(
            f"no usable credentials to call {action}: {_credential_fault(error)}",
            code="BG410",
            remedy=_NO_CREDENTIALS_REMEDY,
        )
    if isinstance(error, boto.NoRegionError):
        return CallError(f"{action}: no Region is set", kind=FailureKind.INVALID, action=action, code="BG503")
    if isinstance(error, (boto.HTTPClientError, boto.ConnectionError)):
        return CallError(
            f"{action}: {_service(action)} could not be reached ({type(error).__name__})",
            kind=FailureKind.UNREACHABLE,
            action=action,
            code="BG404",
        )
    return CallError(f"{action}: {type(error).__name__}: {error}", kind=FailureKind.OTHER, action=action, code="BG406")


def _credential_fault(error: Exception) -> str:
    # The text of CredentialRetrievalError holds the output of credential_process, which may hold secrets.
    if isinstance(error, boto.CredentialRetrievalError):
        provider = getattr(error, "kwargs", {}).get("provider", "unknown")
        return f"the credential provider {provider!r} failed"
    if isinstance(error, boto.NoCredentialsError):
        return "none were found in the environment, the configuration files or from an instance or container role"
    return str(error)


def _from_service(error: boto.ClientError, action: str, resource: str) -> BedrockGuardError:
    details = error.response.get("Error", {})
    code = str(details.get("Code", ""))
    message = str(details.get("Message", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if error.operation_name in _CREDENTIAL_OPERATIONS and error.operation_name != action.partition(":")[2]:
        return PrincipalError(
            f"no usable credentials to call {action}: {error.operation_name}, which provides them, failed "
            f"({code}): {message}",
            code="BG410",
            remedy=_NO_CREDENTIALS_REMEDY,
        )
    if code in _DENIED:
        return AccessDeniedError(
            # Without the way to AWS's console that the sentence may end in: it is in aws_message.
            f"AWS refused {action} on {resource}: {message.partition(' Go to https://')[0]}",
            action=action,
            resource=resource,
            aws_message=message,
        )
    if code in _CREDENTIALS:
        return PrincipalError(
            # Without AWS's text: that of a signature fault quotes the request with its session token.
            f"the credentials were refused by {_service(action)} ({code})",
            code="BG411",
            remedy=_EXPIRED_REMEDY,
        )
    text = f"{action}: {code}: {message}"
    if code in _THROTTLED or status == 429:
        return CallError(text, kind=FailureKind.THROTTLED, action=action, aws_code=code, code="BG405")
    if code in _NOT_FOUND or "does not have access to policies in account" in message:
        return CallError(text, kind=FailureKind.NOT_FOUND, action=action, aws_code=code, code="BG408")
    if code in _INVALID:
        return CallError(text, kind=FailureKind.INVALID, action=action, aws_code=code)
    # IAM answers ServiceFailure 500 and ServiceUnavailable 503 in passing; PolicyEvaluation 500 is an answer.
    if status >= 500 and code not in ("PolicyEvaluation", "PolicyEvaluationException"):
        return CallError(text, kind=FailureKind.UNREACHABLE, action=action, aws_code=code, code="BG404")
    return CallError(text, kind=FailureKind.OTHER, action=action, aws_code=code)


def _service(action: str) -> str:
    return {"iam": "IAM", "sts": "STS", "bedrock": "Bedrock"}.get(action.partition(":")[0], action)
