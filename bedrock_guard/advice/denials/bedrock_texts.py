"""Bedrock's texts about models, the marketplace, the account, guardrails and storage, which no IAM policy ends.

Sources: BR-ERR is docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html, BR-ACCESS
…/model-access.html, both read 2026-11; "seen" is an answer of the service that its users published.
"""

from __future__ import annotations

from bedrock_guard.advice.denial import DenialKind as Kind
from bedrock_guard.advice.denials.known_text import KnownText

__all__ = ["BEDROCK_TEXTS"]

_MODEL_TEXTS = (
    KnownText(
        cause="model-not-enabled",
        kind=Kind.MODEL_ACCESS,
        code="BG326",
        text="You don't have access to the model with the specified model ID.",
        needles=(
            "you don't have access to the model with the specified model id",
            "you do not have access to the model with the specified model id",
            "access to this model is not available for this account",
        ),
        source="BR-ERR; seen 2023 to 2026. The last needle is assumed",
    ),
    KnownText(
        cause="account-not-enabled",
        kind=Kind.MODEL_ACCESS,
        code="BG326",
        text="Your account is not authorized to invoke this API operation.",
        needles=(
            "your account is not authorized to invoke this api operation",
            "is not allowed for channel program accounts",
            "access to bedrock models is not allowed for this account",
        ),
        source="seen 2023 to 2026; the last two as users quote them",
    ),
    KnownText(
        cause="model-not-released",
        kind=Kind.MODEL_ACCESS,
        code="BG326",
        text='"access_denied"',
        needles=('"access_denied"', "'access_denied'"),
        source="dev.classmethod.jp, “bedrock-gpt56-access-denied-investigation”, abstract (2026)",
        near=("openai", "gpt-", "bedrock"),
        error_code="access_denied",
    ),
    KnownText(
        cause="use-case-form",
        kind=Kind.USE_CASE_FORM,
        code="BG308",
        text=(
            "Model use case details have not been submitted for this account. Fill out the Anthropic use case details "
            "form before using the model. If you have already filled out the form, try again in {minutes} minutes."
        ),
        needles=(
            "model use case details have not been submitted",
            "fill out the anthropic use case details form",
            "ftuformnotfilled",
        ),
        source="BR-ERR, BR-ACCESS",
        retry_after_seconds=900,
        error_code="ResourceNotFoundException",
    ),
    KnownText(
        cause="use-case-form-unread",
        kind=Kind.USE_CASE_FORM,
        code="BG308",
        text="You have not filled out the request form",
        needles=("you have not filled out the request form",),
        source="seen once, as the answer of GetUseCaseForModelAccess",
        error_code="ResourceNotFoundException",
    ),
    KnownText(
        cause="legacy-model",
        kind=Kind.LIFECYCLE,
        code="BG309",
        text=(
            "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model "
            "in the last 30 days. Please upgrade to an active model on Amazon Bedrock"
        ),
        needles=("marked by provider as legacy",),
        source="seen 2026 (30 days), earlier 15 days",
        error_code="ResourceNotFoundException",
    ),
    KnownText(
        cause="end-of-life",
        kind=Kind.LIFECYCLE,
        code="BG310",
        text=(
            "This model version has reached the end of its life. Please refer to the AWS documentation for more "
            "details."
        ),
        needles=("model version has reached the end of its life",),
        source="seen 2026-09-24",
        error_code="ResourceNotFoundException",
    ),
    KnownText(
        cause="profile-only",
        kind=Kind.INFERENCE_PROFILE_REQUIRED,
        code="BG303",
        text=(
            "Invocation of model ID {model} with on-demand throughput isn’t supported. Retry your request with the ID "
            "or ARN of an inference profile that contains this model."
        ),
        needles=(
            "with on-demand throughput isn't supported",
            "with on-demand throughput is not supported",
            "with on-demand throughput isnt supported",
            "model doesn't support on-demand throughput",
        ),
        source="seen 2026",
        error_code="ValidationException",
    ),
    KnownText(
        cause="model-id",
        kind=Kind.MODEL_ID,
        code="BG321",
        text="The provided model identifier is invalid.",
        needles=(
            "the provided model identifier is invalid",
            "could not resolve the foundation model from the provided model identifier",
            "could not resolve the foundation model from the model identifier",
        ),
        source="seen 2026, for a misspelt id and for a model that the Region does not offer",
        error_code="ValidationException",
    ),
    KnownText(
        cause="region-not-offered",
        kind=Kind.MODEL_ID,
        code="BG305",
        text="The model is not supported in this Region.",
        needles=("supported in this region", "available in this region", "available in your region"),
        source="assumed: no copy of a fixed wording was found",
        near=("model is not", "model isn't", "profile is not", "profile isn't", "model not"),
        error_code="ValidationException",
    ),
)

_MAKER_TEXTS = (
    KnownText(
        cause="country-not-supported",
        kind=Kind.MODEL_ACCESS,
        code="BG326",
        text=(
            "Access to Anthropic models is not allowed from unsupported countries, regions, or territories. Please "
            "refer to https://www.anthropic.com/supported-countries for more information on the countries and regions "
            "Anthropic currently supports."
        ),
        needles=("is not allowed from unsupported countries, regions, or territories",),
        source="seen 2024 to 2025 (generative-bi-using-rag issue 361, claude-code issue 2656)",
        error_code="ValidationException",
    ),
)

_MARKETPLACE_TEXTS = (
    KnownText(
        cause="marketplace-rights",
        kind=Kind.MARKETPLACE,
        code="BG307",
        text=(
            "Model access is denied due to IAM user or service role is not authorized to perform the required AWS "
            "Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to "
            "this model. Refer to the Amazon Bedrock documentation for further details. Your AWS Marketplace "
            "subscription for this model cannot be completed at this time. If you recently fixed this issue, try again "
            "after {minutes} minutes."
        ),
        needles=(
            "not authorized to perform the required aws marketplace actions",
            "model access is denied by marketplace subscription",
        ),
        source="seen 2025 to 2026 with 2, 5 and 15 minutes",
        retry_after_seconds=120,
    ),
    KnownText(
        cause="marketplace-payment",
        kind=Kind.MARKETPLACE,
        code="BG307",
        text=(
            "Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.. "
            "Your AWS Marketplace subscription for this model cannot be completed at this time. If you recently fixed "
            "this issue, try again after {minutes} minutes."
        ),
        needles=("invalid_payment_instrument", "a valid payment instrument must be provided"),
        source="seen 2026",
        retry_after_seconds=120,
    ),
    KnownText(
        cause="marketplace-pending",
        kind=Kind.MARKETPLACE,
        code="BG307",
        text=(
            "Your account is not authorized to access this model. Your AWS Marketplace subscription for this model is "
            "still being processed"
        ),
        needles=(
            "your aws marketplace subscription for this model is still being processed",
            "mpagreementbeingcreated",
        ),
        source="BR-ERR",
        retryable=True,
        retry_after_seconds=900,
    ),
    KnownText(
        cause="marketplace-failed",
        kind=Kind.MARKETPLACE,
        code="BG307",
        text="Your AWS Marketplace subscription for this model cannot be completed at this time.",
        needles=(
            "your aws marketplace subscription for this model cannot be completed",
            "aws marketplace agreement failed",
            "aws marketplace agreement pending after",
        ),
        source="BR-ERR, headings for an agreement that failed and for one that hangs after 15 minutes",
        yields_to=("marketplace-rights", "marketplace-payment"),
    ),
)

_ACCOUNT_TEXTS = (
    KnownText(
        cause="account-held",
        kind=Kind.ACCOUNT,
        code="BG320",
        text="Your account is not authorized to access this model",
        needles=("your account is not authorized to access this model", "badcscoreexception"),
        source="BR-ERR, older copies (BadCScoreException)",
        yields_to=("marketplace-pending", "marketplace-failed", "marketplace-rights", "marketplace-payment"),
    ),
    KnownText(
        cause="account-being-verified",
        kind=Kind.ACCOUNT,
        code="BG320",
        text="Your account is currently being verified",
        needles=("your account is currently being verified",),
        source="seen once, 2026",
        retryable=True,
    ),
    KnownText(
        cause="account-limited",
        kind=Kind.ACCOUNT,
        code="BG320",
        text="Operation not allowed",
        needles=("operation not allowed",),
        source="seen 2024 to 2025 with ValidationException (aws-cli issue 8717)",
        near=("validationexception", "bedrock"),
        error_code="ValidationException",
    ),
)

_ROLE_TEXTS = (
    KnownText(
        cause="agent-denied",
        kind=Kind.OTHER,
        code="BG430",
        text="Access denied when calling Bedrock. Check your request permissions and retry the request.",
        needles=("access denied when calling bedrock",),
        source="seen 2024 to 2025 (aws-sdk-js-v3 issue 6712, amazon-bedrock-agent-samples issue 161)",
        error_code="accessDeniedException",
    ),
    KnownText(
        cause="cross-account-role",
        kind=Kind.OTHER,
        code="BG538",
        text="Cross-account pass role is not allowed.",
        needles=("cross-account pass role is not allowed",),
        source="seen 2017 to 2024, from Lambda and others (serverless issue 3374, aws-toolkit-azure-devops issue 546)",
    ),
)

_RESOURCE_TEXTS = (
    KnownText(
        cause="guardrail-id",
        kind=Kind.GUARDRAIL,
        code="BG322",
        text="The guardrail identifier or version provided in the request does not exist.",
        needles=(
            "the guardrail identifier or version provided in the request does not exist",
            "the provided guardrail identifier is invalid",
        ),
        source="seen 2026",
        error_code="ValidationException",
    ),
    KnownText(
        cause="knowledge-base-storage",
        kind=Kind.STORAGE,
        code="BG323",
        text=(
            "The knowledge base storage configuration provided is invalid... Request failed: [security_exception] 403 "
            "Forbidden"
        ),
        needles=("knowledge base storage configuration provided is invalid", "[security_exception] 403 forbidden"),
        source="seen 2023 to 2025; also with “Bad Authorization” and without a reason",
        retryable=True,
        error_code="ValidationException",
    ),
    KnownText(
        cause="batch-storage",
        kind=Kind.STORAGE,
        code="BG323",
        text="could not validate GetObject permissions for your S3 bucket",
        needles=(
            "could not validate getobject permissions for your s3 bucket",
            "could not validate putobject permissions for your s3 bucket",
            "could not validate getobject/putobject permissions for your s3 bucket",
        ),
        source="docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html, read 2026-11",
        error_code="ValidationException",
    ),
)

BEDROCK_TEXTS = (
    *_MODEL_TEXTS,
    *_MAKER_TEXTS,
    *_MARKETPLACE_TEXTS,
    *_ACCOUNT_TEXTS,
    *_ROLE_TEXTS,
    *_RESOURCE_TEXTS,
)
