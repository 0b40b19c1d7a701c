"""What a guarded client's call costs beside an unguarded one, answered and denied. Run it as a program too.

python -m tests.benchmarks.test_guarded_call
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

import bedrock_guard
from tests.advice.denial_texts import INVOKE, MODEL, implicit

_ROUNDS, _CALLS = 15, 20
_ANSWER = {
    "output": {"message": {"role": "assistant", "content": [{"text": "hello"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
    "metrics": {"latencyMs": 1},
}
_MESSAGES: Any = [{"role": "user", "content": [{"text": "hi"}]}]


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self._content


def _caller(session: boto3.Session, status: int, body: dict[str, Any]) -> Callable[[], object]:
    """One Converse call that is answered without a network, whatever comes of it."""
    runtime = session.client(
        "bedrock-runtime", config=Config(retries={"total_max_attempts": 1}), endpoint_url="http://127.0.0.1:1"
    )
    headers = {"content-type": "application/json", "x-amzn-errortype": "AccessDeniedException"}
    content = json.dumps(body).encode()

    def answer(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), _Body(content))

    runtime.meta.events.register("before-send.bedrock-runtime", answer)

    def call() -> object:
        try:
            return runtime.converse(modelId="amazon.nova-lite-v1:0", messages=_MESSAGES)
        except runtime.exceptions.AccessDeniedException as error:
            return error

    return call


def _session(*, guarded: bool) -> boto3.Session:
    session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name="us-east-1")
    return bedrock_guard.session(session) if guarded else session


def _cpu_seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(_CALLS):
        call()
    return (time.process_time() - start) / _CALLS


def measure() -> dict[str, tuple[float, float]]:
    """CPU seconds of one call, unguarded and guarded, answered and denied; medians of rounds that take turns."""
    denied = {"message": implicit(INVOKE, MODEL)}
    found = {}
    for name, status, body in (("answered", 200, _ANSWER), ("denied", 403, denied)):
        calls = [_caller(_session(guarded=guarded), status, body) for guarded in (False, True)]
        for call in calls:
            call()
        rounds = [[_cpu_seconds(call) for call in calls] for _ in range(_ROUNDS)]
        plain, guarded = (median(one) for one in zip(*rounds, strict=True))
        found[name] = (plain, guarded)
    return found


def test_a_call_that_is_answered_costs_next_to_nothing_more(record_property: Callable[[str, object], None]) -> None:
    """And one that is denied, with its diagnosis, a few calls' worth: ratios, since machines differ."""
    found = measure()
    ratios = {name: guarded / plain for name, (plain, guarded) in found.items()}
    for name, ratio in ratios.items():
        record_property(f"{name}_guarded_to_plain", round(ratio, 2))
    assert ratios["answered"] < 1.5
    assert ratios["denied"] < 12


if __name__ == "__main__":
    table = {name: [f"{seconds * 1000:.3f} ms" for seconds in pair] for name, pair in measure().items()}
    sys.stdout.write(json.dumps(table, indent=2) + "\n")
