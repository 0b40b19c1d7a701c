"""A denial in AWS's own words, as the service would have sent it."""

from __future__ import annotations

from enum import Enum

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials.catalogue import BY_CAUSE
from bedrock_guard.advice.denials.grammar import CLAUSES, ONE_OF_THREE
from bedrock_guard.iam.decision import Layer

__all__ = ["Form", "format_denial"]

_QUOTES_RESOURCES = ("arn:aws:s3:", "arn:aws-us-gov:s3:", "arn:aws-cn:s3:")


class Form(str, Enum):
    """Where AWS's words stand."""

    MESSAGE = "message"
    """The message alone."""
    ERROR = "error"
    """As botocore shows it: ``An error occurred (<code>) when calling the <operation> operation: <message>``."""


def format_denial(denial: Denial, form: Form = Form.MESSAGE) -> str:
    """The text that AWS sends for this denial; what it says can be read back, but for what no form of it says."""
    if denial.kind is DenialKind.PERMISSION:
        message = _sentence(denial)
    elif denial.cause in BY_CAUSE:
        minutes = (denial.retry_after_seconds or 900) // 60
        message = BY_CAUSE[denial.cause].text.format(minutes=minutes, model=denial.model or "<model>")
    else:
        message = denial.raw
    if form is Form.MESSAGE:
        return message
    code = denial.error_code or "AccessDeniedException"
    return f"An error occurred ({code}) when calling the {denial.operation or 'Unknown'} operation: {message}"


def _sentence(denial: Denial) -> str:
    resource = denial.resource
    if resource is not None and resource.startswith(_QUOTES_RESOURCES):
        resource = f'"{resource}"'
    where = f" on resource: {resource}" if resource is not None else ""
    sentence = f"User: {denial.caller or 'anonymous'} is not authorized to perform: {denial.action}{where}"
    sentence += _clause(denial)
    if denial.policy_arn is not None:
        sentence += f": {denial.policy_arn}"
    if denial.authorization_id is not None:
        region, number = denial.region or "us-east-1", denial.authorization_id
        sentence += (
            f". Go to https://{region}.console.aws.amazon.com/iam/home?region={region}#/authorization-details/{number} "
            f"for complete details, or call the GetRequestAuthorizationDetails API with the following authorization "
            f"id: {number}"
        )
    return sentence


def _clause(denial: Denial) -> str:
    names = CLAUSES.get(denial.layer) if denial.layer is not None else None
    if denial.explicit is None:
        return ONE_OF_THREE if denial.layer is Layer.RESOURCE and denial.resource is None else ""
    if not denial.explicit:
        return f" because {names[0] if names else 'no policy'} allows the {denial.action} action"
    clause = " with an explicit deny" + (f" in {names[1]}" if names else "")
    if denial.through is not None and names:
        clause += f" transitively through {CLAUSES[denial.through][1]}"
    return clause
