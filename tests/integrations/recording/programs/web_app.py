"""A web app that calls a model for each request, and one when it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import boto3

runtime = boto3.client("bedrock-runtime")
HELLO: Any = [{"role": "user", "content": [{"text": "hello"}]}]


def app(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    model = str(environ["QUERY_STRING"])
    runtime.converse(modelId=model, messages=HELLO)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"answered"]
