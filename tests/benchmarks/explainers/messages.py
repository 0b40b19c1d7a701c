"""The messages that the explainers are asked about, and what is true of each.

Every text is of a form that AWS documents or that users met: IAM's sentences and the texts of Bedrock's catalogue, as
the tests of ``advice`` know them. All but the log are wrapped as botocore and the AWS command line print them, which
is the form the peers document; accounts, roles and ids are made up.
"""

from __future__ import annotations

from typing import Any

from tests.benchmarks.explainers.message import Account, Event, Message, Owner, Truth

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/my-function"
_SCP = "arn:aws:organizations::999988887777:policy/o-a1b2c3d4e5/service_control_policy/p-9z8y7x6w"
_SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
_NOVA = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"


def statement(effect: str, action: str = "bedrock:*", resource: str = "*", **more: Any) -> dict[str, Any]:
    """A policy of one statement."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "One", "Effect": effect, "Action": action, "Resource": resource, **more}],
    }


_ALLOWED = Account(policies=(statement("Allow"),))


def _sentence(action: str, resource: str | None, clause: str) -> str:
    on = "" if resource is None else f" on resource: {resource}"
    return f"User: {CALLER} is not authorized to perform: {action}{on}{clause}"


def _because(policy: str, action: str) -> str:
    return f" because no {policy} allows the {action} action"


def _message(name: str, title: str, event: Event, truth: Truth, account: Account = _ALLOWED, code: str = "") -> Message:
    """A message of one call, as botocore prints it. CloudTrail writes AccessDenied where the caller gets
    AccessDeniedException.
    """
    code = code or event.code.replace("AccessDenied", "AccessDeniedException")
    text = f"An error occurred ({code}) when calling the {event.operation} operation: {event.message}"
    return Message(name, title, text, (event,), account, (truth,))


def _iam(
    name: str,
    title: str,
    clause: str,
    truth: Truth,
    account: Account = _ALLOWED,
    *,
    operation: str = "Converse",
    service: str = "bedrock",
    code: str = "",
) -> Message:
    sentence = _sentence(truth.action, truth.resource, clause)
    return _message(name, title, Event("AccessDenied", operation, sentence, service=service), truth, account, code=code)


def _gate(name: str, title: str, event: Event, cause: str, owner: Owner, *, shared: bool = False) -> Message:
    return _message(name, title, event, Truth(owner, cause, shared))


def _model(region: str, model: str = _SONNET) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model}"


_INVOKE, _STREAM = "bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"
_NO_IDENTITY = "identity-based policy"


def _missing(resource: str | None, action: str = _INVOKE) -> Truth:
    return Truth(Owner.ROLE, action=action, resource=resource, layer="identity", explicit=False)


def _denied(layer: str, explicit: bool, resource: str, owner: Owner, action: str = _INVOKE) -> Truth:
    return Truth(owner, action=action, resource=resource, layer=layer, explicit=explicit)


_REGION_LOCK = Account(
    policies=(statement("Allow"),),
    scp=statement("Deny", Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}),
)
_GUARDRAIL = Account(
    policies=(statement("Allow"),),
    managed={
        "RequireGuardrail": statement(
            "Deny", Condition={"StringNotEquals": {"bedrock:GuardrailIdentifier": "gr1abc2def"}}
        )
    },
)
_BOUNDARY = Account(policies=(statement("Allow"),), boundary=statement("Allow", "s3:*"))
_NOBODY = Account()
_UNSAID = r"reason (is )?unknown|(does|do) not (say|name)|not said|nothing is claimed|could not find a reason"

_LOG = (
    Event("AccessDenied", "Converse", _sentence(_INVOKE, _NOVA, _because(_NO_IDENTITY, _INVOKE))),
    Event(
        "AccessDenied",
        "ConverseStream",
        _sentence(_STREAM, _model("us-west-2"), f" with an explicit deny in a service control policy: {_SCP}"),
        "us-east-1",
    ),
    Event("AccessDenied", "Converse", _sentence(_INVOKE, _NOVA, _because(_NO_IDENTITY, _INVOKE))),
)


def _log() -> Message:
    lines = [
        f"2026-11-23T10:00:0{second}.000Z 6f2c1d3e-aaaa-bbbb-cccc-0123456789ab ERROR app An error occurred "
        f"(AccessDeniedException) when calling the {event.operation} operation: {event.message}\n"
        f"2026-11-23T10:00:0{second}.100Z INFO app retrying\n"
        for second, event in enumerate(_LOG)
    ]
    truths = (
        _missing(_NOVA),
        _denied("scp", True, _model("us-west-2"), Owner.ORGANIZATION, _STREAM),
    )
    return Message("log", "A log with two denials, one of them twice", "".join(lines), _LOG, _NOBODY, truths)


MESSAGES: tuple[Message, ...] = (
    _iam(
        "identity",
        "No identity policy allows it",
        _because(_NO_IDENTITY, _INVOKE),
        _missing(_model("us-east-1")),
        _NOBODY,
    ),
    _iam(
        "scp",
        "An SCP denies the Region that the profile routes to",
        f" with an explicit deny in a service control policy: {_SCP}",
        _denied("scp", True, _model("us-east-2"), Owner.ORGANIZATION),
        _REGION_LOCK,
    ),
    _iam(
        "global",
        "A global profile: the model's ARN has no Region",
        _because(_NO_IDENTITY, _INVOKE),
        _missing("arn:aws:bedrock:::foundation-model/anthropic.claude-opus-4-6-v1"),
        _NOBODY,
    ),
    _iam(
        "boundary",
        "The permissions boundary lacks the Allow",
        _because("permissions boundary", _INVOKE),
        _denied("boundary", False, _NOVA, Owner.BOUNDARY),
        _BOUNDARY,
    ),
    _iam(
        "session",
        "The session policy lacks the Allow",
        _because("session policy", _INVOKE),
        _denied("session", False, _NOVA, Owner.SESSION),
    ),
    _iam(
        "endpoint",
        "The policy of the VPC endpoint lacks the Allow",
        _because("VPC endpoint policy", _INVOKE),
        _denied("vpc-endpoint", False, _NOVA, Owner.ENDPOINT),
    ),
    _iam(
        "rcp",
        "A resource control policy denies",
        " with an explicit deny in a resource control policy",
        _denied("rcp", True, _NOVA, Owner.ORGANIZATION),
    ),
    _iam(
        "guardrail",
        "A managed policy demands a guardrail that the call lacks",
        f" with an explicit deny in an identity-based policy: arn:aws:iam::{ACCOUNT}:policy/RequireGuardrail",
        _denied("identity", True, _model("us-east-1"), Owner.ROLE),
        _GUARDRAIL,
    ),
    _iam(
        "stop",
        "Dots and a colon in the resource, no clause, and a full stop behind",
        ".",
        Truth(None, action=_INVOKE, resource=_model("us-west-2", "cohere.embed-v4:0"), layer="unknown"),
        _NOBODY,
        operation="InvokeModel",
    ),
    _message(
        "comma",
        "A quoted object key with a dot, spaces and a comma",
        Event(
            "AccessDenied",
            "GetObject",
            _sentence(
                "s3:GetObject",
                '"arn:aws:s3:::corpus.eu/May 3, report v1.2.pdf"',
                _because(_NO_IDENTITY, "s3:GetObject"),
            ),
            service="s3",
        ),
        _missing("arn:aws:s3:::corpus.eu/May 3, report v1.2.pdf", "s3:GetObject"),
        _NOBODY,
        code="AccessDenied",
    ),
    _iam(
        "no-resource",
        "A sentence without a resource",
        _because(_NO_IDENTITY, "bedrock:ListFoundationModels"),
        _missing(None, "bedrock:ListFoundationModels"),
        _NOBODY,
        operation="ListFoundationModels",
    ),
    _iam(
        "bearer",
        "An API key whose principal may not use one",
        _because(_NO_IDENTITY, "bedrock:CallWithBearerToken"),
        _missing("*", "bedrock:CallWithBearerToken"),
        _NOBODY,
    ),
    _iam(
        "trust",
        "A role whose trust policy does not name the caller",
        _because("role trust policy", "sts:AssumeRole"),
        _denied("trust", False, "arn:aws:iam::210987654321:role/bedrock-access", Owner.TARGET, "sts:AssumeRole"),
        Account(policies=(statement("Allow", "sts:*"),)),
        operation="AssumeRole",
        service="sts",
        code="AccessDenied",
    ),
    _log(),
    _gate(
        "marketplace",
        "The account has not subscribed to the model",
        Event(
            "AccessDenied",
            "Converse",
            "Model access is denied due to IAM user or service role is not authorized to perform the required AWS "
            "Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to "
            "this model. Refer to the Amazon Bedrock documentation for further details. Your AWS Marketplace "
            "subscription for this model cannot be completed at this time. If you recently fixed this issue, try again "
            "after 2 minutes.",
        ),
        r"subscri|marketplace",
        Owner.ACCOUNT,
        shared=True,
    ),
    _gate(
        "form",
        "Anthropic's use case form is missing",
        Event(
            "ResourceNotFoundException",
            "Converse",
            "Model use case details have not been submitted for this account. Fill out the Anthropic use case details "
            "form before using the model. If you have already filled out the form, try again in 15 minutes.",
        ),
        r"use case",
        Owner.ACCOUNT,
    ),
    _gate(
        "legacy",
        "A legacy model says “Access denied”",
        Event(
            "ResourceNotFoundException",
            "Converse",
            "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model "
            "in the last 30 days. Please upgrade to an active model on Amazon Bedrock",
        ),
        r"legacy",
        Owner.CALLER,
    ),
    _gate(
        "on-demand",
        "The model is served through inference profiles only",
        Event(
            "ValidationException",
            "Converse",
            f"Invocation of model ID {_SONNET} with on-demand throughput isn\u2019t supported. Retry your request with "
            "the ID or ARN of an inference profile that contains this model.",
        ),
        r"inference profile",
        Owner.CALLER,
    ),
    _gate(
        "api-key",
        "The API key is wrong or expired",
        Event("AccessDenied", "Converse", "Authentication failed: Please make sure your API Key is valid."),
        r"api key|bearer token",
        Owner.CALLER,
    ),
    _gate(
        "nested",
        "A knowledge base quotes the error of its own role's call",
        Event(
            "ValidationException",
            "Retrieve",
            "You don't have access to the model with the specified model ID. (Service: BedrockRuntime, Status Code: "
            "403, Request ID: 1a2b3c4d-0000-1111-2222-333344445555) (Service: BedrockAgentRuntime, Status Code: 400, "
            "Request ID: 5e6f7a8b-0000-1111-2222-333344445555)",
        ),
        r"model access|access to (the|this|a) model",
        Owner.ACCOUNT,
    ),
    _gate(
        "expired",
        "The session token has expired",
        Event("ExpiredTokenException", "Converse", "The security token included in the request is expired"),
        r"\bexpired\b",
        Owner.CALLER,
    ),
    _message(
        "bare",
        "S3 says no more than that access is denied",
        Event("AccessDenied", "ListObjectsV2", "Access Denied", service="s3"),
        # Whoever looks at the account can find more than the message says.
        Truth(None, rf"{_UNSAID}|missing allow in an identity-based policy", open=True, action="s3:ListBucket"),
        _NOBODY,
        code="AccessDenied",
    ),
    _message(
        "agent",
        "An agent says no more than that Bedrock denied it access",
        Event(
            "AccessDenied",
            "InvokeAgent",
            "Access denied when calling Bedrock. Check your request permissions and retry the request.",
        ),
        Truth(None, _UNSAID, open=True),
        code="accessDeniedException",
    ),
)
