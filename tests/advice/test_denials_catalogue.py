"""Errors that are no matter of IAM are told apart from it, with whom to ask and whether waiting helps."""

from __future__ import annotations

import pytest

from bedrock_guard.advice.denial import DenialKind as Kind
from bedrock_guard.advice.denials import Form, format_denial, read_denials, verdicts_for
from bedrock_guard.advice.denials.bedrock_texts import BEDROCK_TEXTS
from bedrock_guard.advice.denials.catalogue import TEXTS
from bedrock_guard.advice.denials.known_text import KnownText
from bedrock_guard.codes import CODES
from bedrock_guard.iam.decision import Layer


def _error(code: str, operation: str, message: str) -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {message}"


_TEXTS = [
    ("You don’t have access to the model with the specified model ID.", Kind.MODEL_ACCESS, "BG326", False, None),
    ("Your account is not authorized to invoke this API operation with a prompt resource.", Kind.MODEL_ACCESS, "BG326", False, None),
    ("Access to this model is not available for this account.", Kind.MODEL_ACCESS, "BG326", False, None),
    ("Access to Anthropic models is not allowed from unsupported countries, regions, or territories. Please refer to https://www.anthropic.com/supported-countries for more information", Kind.MODEL_ACCESS, "BG326", False, None),
    ("Access denied when calling Bedrock. Check your request permissions and retry the request.", Kind.OTHER, "BG430", False, None),
    ("Cross-account pass role is not allowed.", Kind.OTHER, "BG538", False, None),
    ("You must specify a region.", Kind.OTHER, "BG503", False, None),
    ("Model access is denied by Marketplace subscription", Kind.MARKETPLACE, "BG307", False, 120),
    ("Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.. Your AWS Marketplace subscription for this model cannot be completed at this time. If you recently fixed this issue, try again after 5 minutes.", Kind.MARKETPLACE, "BG307", False, 300),
    ("Your account is not authorized to access this model. Your AWS Marketplace subscription for this model is still being processed", Kind.MARKETPLACE, "BG307", True, 900),
    ("AWS Marketplace Agreement Pending after 15 minutes", Kind.MARKETPLACE, "BG307", False, None),
    ("Your account is not authorized to access this model.", Kind.ACCOUNT, "BG320", False, None),
    ("Your account is currently being verified. Please try again in 24 hours", Kind.ACCOUNT, "BG320", True, 86400),
    ("Operation not allowed", Kind.ACCOUNT, "BG320", False, None),
    ("Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 45 minutes.", Kind.USE_CASE_FORM, "BG308", False, 2700),
    ("You have not filled out the request form", Kind.USE_CASE_FORM, "BG308", False, None),
    ("Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 15 days.", Kind.LIFECYCLE, "BG309", False, None),
    ("This model version has reached the end of its life. Please refer to the AWS documentation for more details.", Kind.LIFECYCLE, "BG310", False, None),
    ("Invocation of model ID meta.llama4-scout-17b-instruct-v1:0 with on-demand throughput isn\\u2019t supported. Retry your request", Kind.INFERENCE_PROFILE_REQUIRED, "BG303", False, None),
    ("The provided model doesn't support on-demand throughput.", Kind.INFERENCE_PROFILE_REQUIRED, "BG303", False, None),
    ("The provided model identifier is invalid.", Kind.MODEL_ID, "BG321", False, None),
    ("The model is not supported in this Region.", Kind.MODEL_ID, "BG305", False, None),
    ("Authentication failed: Please make sure your API Key is valid.", Kind.API_KEY, "BG431", False, None),
    ("Invalid API Key format: Must start with pre-defined prefix", Kind.API_KEY, "BG431", False, None),
    ("The security token included in the request is invalid.", Kind.CREDENTIALS, "BG411", False, None),
    ("The security token included in the request is expired", Kind.CREDENTIALS, "BG411", False, None),
    ("Unable to locate credentials", Kind.CREDENTIALS, "BG410", False, None),
    ("CredentialsProviderError: Could not load credentials from any providers", Kind.CREDENTIALS, "BG410", False, None),
    ("get credentials: failed to refresh cached credentials, no EC2 IMDS role found", Kind.CREDENTIALS, "BG410", False, None),
    ("Error when retrieving token from sso: Token has expired and refresh failed", Kind.CREDENTIALS, "BG411", False, None),
    ("The provided guardrail identifier is invalid.", Kind.GUARDRAIL, "BG322", False, None),
    ("The knowledge base storage configuration provided is invalid... Bad Authorization", Kind.STORAGE, "BG323", True, None),
    ("Amazon Bedrock could not validate GetObject permissions for your S3 bucket.", Kind.STORAGE, "BG323", False, None),
    ("Too many tokens, please wait before trying again.", Kind.THROTTLING, "BG324", True, None),
    ("Too many tokens per day, please wait before trying again.", Kind.THROTTLING, "BG324", True, 86400),
    ("Bedrock is unable to process your request.", Kind.OTHER, "BG325", True, None),
    ('Could not connect to the endpoint URL: "https://bedrock-runtime.eu-nowhere-1.amazonaws.com/model/x/converse"', Kind.OTHER, "BG325", False, None),
]  # fmt: skip
# ruff: noqa: E501  # a message is one line, as it is met


@pytest.mark.parametrize(
    ("message", "kind", "code", "retryable", "after"), _TEXTS, ids=[text[0][:40] for text in _TEXTS]
)
def test_what_no_policy_ends_is_sent_the_right_way(
    message: str, kind: Kind, code: str, retryable: bool, after: int | None
) -> None:
    """Any waiting time is read; the kind, code and retryability do not hang on the wrapping."""
    for text in (
        message if message != "Operation not allowed" else f" {message}\n",
        _error("ValidationException", "Converse", message),
        '{"errorCode": "ValidationException", "errorMessage": "' + message.replace('"', "'") + '"}',
    ):
        reading = read_denials(text)
        assert [(d.kind, d.code, d.retryable, d.retry_after_seconds) for d in reading.denials] == [
            (kind, code, retryable, after)
        ]
        assert reading.denials[0].is_iam is False
        assert reading.unrecognised == ""


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.cause)
def test_every_text_of_the_catalogue_has_a_code_with_a_page_a_source_and_a_verdict(text: KnownText) -> None:
    """Nothing is recognised that has nothing to say."""
    assert text.code in CODES
    assert text.source
    assert all(needle == needle.lower() and "’" not in needle for needle in text.needles)
    denials = read_denials(
        _error(text.error_code, "Converse", text.text.format(minutes=7, model="amazon.nova-pro-v1:0"))
    ).denials
    assert denials[0].cause == text.cause
    assert verdicts_for(denials[0])[0].key == text.cause
    again = read_denials(format_denial(denials[0], Form.ERROR)).denials
    assert again == denials


def test_the_model_of_a_text_is_kept() -> None:
    """The id in the message, in CloudTrail's parameters or in the URL: it is mostly not the one the app thought of."""
    one = read_denials("Invocation of model ID anthropic.claude-x-v1:0 with on-demand throughput isn't supported.")
    event = {
        "eventName": "InvokeModel",
        "errorCode": "AccessDenied",
        "errorMessage": "You don't have access to the model with the specified model ID.",
        "requestParameters": {"modelId": "anthropic.claude-3-5-haiku-20241022-v1:0"},
    }
    url = (
        "POST https://bedrock-runtime.us-west-2.amazonaws.com/model/us.anthropic.claude-x-v1%3A0/converse 403: "
        "You don't have access to the model with the specified model ID."
    )
    assert one.denials[0].model == "anthropic.claude-x-v1:0"
    assert read_denials(event).denials[0].model == "anthropic.claude-3-5-haiku-20241022-v1:0"
    assert read_denials(url).denials[0].model == "us.anthropic.claude-x-v1:0"
    assert read_denials(url).denials[0].region == "us-west-2"


def test_a_word_of_everyday_is_no_error() -> None:
    """Common phrases count only beside what they are said of."""
    for text in (
        "chmod: Operation not allowed on this volume",
        'oauth: {"error": "access_denied", "error_description": "the user said no"}',
        "This feature is not yet supported in this region of the map",
    ):
        assert read_denials(text).denials == ()


def test_the_causes_are_named_once() -> None:
    """A cause is a stable name."""
    causes = [text.cause for text in TEXTS]
    assert len(causes) == len(set(causes))
    assert {cause for text in TEXTS for cause in text.yields_to} <= set(causes)
    assert len(BEDROCK_TEXTS) > 15


def test_an_agent_that_was_refused_is_neither_called_a_matter_of_iam_nor_none() -> None:
    """The code of an event stream begins with a small letter."""
    text = "Access denied when calling Bedrock. Check your request permissions and retry the request."
    (denial,) = read_denials(_error("accessDeniedException", "InvokeAgent", text)).denials
    assert denial.is_iam is None
    assert verdicts_for(denial)[0].key == "agent-denied"
    (bare,) = read_denials(_error("accessDeniedException", "InvokeAgent", "No.")).denials
    assert bare.is_iam is None
    assert verdicts_for(bare)[0].key == "bare-denial"


@pytest.mark.parametrize(
    ("code", "text", "cause"),
    [
        ("internalServerException", "The system encountered an unexpected error during processing.", "unavailable"),
        ("modelTimeoutException", "The model took too long.", "unavailable"),
        ("serviceUnavailableException", "Try your request again.", "unavailable"),
        ("throttlingException", "Slow down, please.", "throttled"),
    ],
)
def test_a_fault_of_a_stream_that_passes_is_worth_another_try(code: str, text: str, cause: str) -> None:
    """Streams write the codes of the model with a small letter first."""
    (denial,) = read_denials(_error(code, "ConverseStream", text)).denials
    assert (denial.cause, denial.retryable) == (cause, True)
    (upper,) = read_denials(_error(code[0].upper() + code[1:], "ConverseStream", text)).denials
    assert (upper.cause, upper.retryable) == (cause, True)


def test_an_error_of_openai_s_form_is_known_by_its_code_in_any_order() -> None:
    for body in (
        '{"error":{"message":"Access denied to gpt-5","type":"invalid_request_error","param":null,"code":"access_denied"}}',
        '{"error":{"code":"access_denied","message":"Access denied to gpt-5","type":"invalid_request_error"}}',
    ):
        (denial,) = read_denials(body).denials
        assert (denial.kind, denial.code, denial.error_code) == (Kind.MODEL_ACCESS, "BG326", "access_denied")


def test_the_error_of_the_next_line_lends_its_code_to_nobody() -> None:
    sentence = (
        "User: arn:aws:sts::111122223333:assumed-role/app/s is not authorized to perform: bedrock:ListAgents on "
        "resource: * with an explicit deny in a service control policy"
    )
    first, second = read_denials(f"{sentence}\nThrottlingException: Rate exceeded\n").denials
    assert (first.error_code, second.kind) == (None, Kind.THROTTLING)


def test_a_clock_that_is_wrong_is_no_session_that_ended() -> None:
    text = "Signature expired: 20250101T000000Z is now earlier than 20250101T001000Z (20250101T001500Z - 5 min.)"
    for code, message in (("InvalidSignatureException", text), ("RequestTimeTooSkewed", "Too far apart.")):
        (denial,) = read_denials(_error(code, "Converse", message)).denials
        assert (denial.cause, denial.code) == ("clock-skew", "BG411")


def test_a_key_that_kms_does_not_name_is_no_resource() -> None:
    text = (
        "User: arn:aws:iam::111122223333:user/ops is not authorized to perform: kms:Decrypt on the resource associated "
        "with this ciphertext because no identity-based policy allows the kms:Decrypt action"
    )
    (denial,) = read_denials(text).denials
    assert (denial.resource, denial.layer) == (None, Layer.IDENTITY)
