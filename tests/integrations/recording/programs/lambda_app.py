"""A Lambda function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3

runtime = boto3.client("bedrock-runtime")


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    answer = runtime.converse(modelId=event["model"], messages=[{"role": "user", "content": [{"text": "hello"}]}])
    return {"stopped": answer["stopReason"]}
