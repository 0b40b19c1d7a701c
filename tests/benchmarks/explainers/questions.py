"""What each peer is given of a message: the text as it is, or CloudTrail's events."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from tests.benchmarks.explainers.message import Event, Message
from tests.benchmarks.explainers.messages import ACCOUNT, CALLER, ROLE

INSTALL: Mapping[str, tuple[str, ...]] = {
    "aws-why": ("aws-why",),
    "iam-policy-autopilot": ("iam-policy-autopilot",),
    # It imports pkg_resources, which setuptools 81 dropped; and only a newer boto3 than the one it asks for can be led
    # to another endpoint by the environment.
    "access-undenied-aws": ("access-undenied-aws", "setuptools<81", "boto3>=1.28"),
}
"""What is installed for each peer, as pip takes it."""


def cloudtrail(message: Message) -> str:
    """The message as a file of CloudTrail."""
    return json.dumps({"Records": [_record(event) for event in message.events]})


def _record(event: Event) -> dict[str, Any]:
    """The event with the fields that access-undenied-aws reads, and those that every event has."""
    issuer = {"type": "Role", "principalId": "AROAEXAMPLE", "arn": ROLE, "accountId": ACCOUNT}
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:my-function",
            "arn": CALLER,
            "accountId": ACCOUNT,
            "sessionContext": {"sessionIssuer": issuer},
        },
        "eventTime": "2026-11-23T10:00:00Z",
        "eventSource": f"{event.service}.amazonaws.com",
        "eventName": event.operation,
        "awsRegion": event.region,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "Boto3/1.44.5",
        "errorCode": event.code,
        "errorMessage": event.message,
        "requestParameters": None,
        "responseElements": None,
        "requestID": str(uuid.uuid5(uuid.NAMESPACE_URL, event.message)),
        "eventID": str(uuid.uuid5(uuid.NAMESPACE_OID, event.message)),
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
    }


def _text(message: Message) -> str:
    return message.text


QUESTIONS: Mapping[str, Callable[[Message], str]] = {
    "aws-why": _text,
    "iam-policy-autopilot": _text,
    "access-undenied-aws": cloudtrail,
}
"""What each peer is given."""
