"""What a test can make go wrong: throttling, latency, server faults, answers of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bedrock_guard.testing.wire_errors import AwsError, Protocol

__all__ = ["Faults"]

EVERYTHING = "*"


@dataclass(slots=True)
class _Fault:
    operation: str
    left: int | None
    error: Callable[[Protocol], AwsError]


@dataclass(frozen=True, slots=True)
class _Delay:
    operation: str
    seconds: float


class Faults:
    """The faults that are switched on; ``operation`` is ``"GetRole"``, ``"iam:GetRole"``, a service or ``"*"``."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._faults: list[_Fault] = []
        self._delays: list[_Delay] = []
        self._lock = threading.Lock()
        self._sleep = sleep

    def throttle(self, operation: str = EVERYTHING, times: int | None = 1) -> None:
        """The next ``times`` calls are throttled, with the code of their service; None for all calls to come.

        Source: ``Throttling`` 400 of IAM and STS from public reports (github.com/cloud-custodian/cloud-custodian/
        issues/7641), ``ThrottlingException`` 429 from botocore's model of bedrock-runtime.
        """
        self._add(operation, times, _throttling)

    def server_error(self, operation: str = EVERYTHING, times: int | None = 1) -> None:
        """The next ``times`` calls end in an internal error of the service, HTTP 500."""
        self._add(operation, times, _internal)

    def error(
        self, operation: str, code: str, message: str, *, http_status: int = 400, times: int | None = None
    ) -> None:
        """Calls end in an error of your own: a Bedrock gate such as a missing model agreement, say."""
        self._add(operation, times, lambda _: AwsError(code, message, http_status))

    def latency(self, seconds: float, operation: str = EVERYTHING) -> None:
        """Every call takes at least ``seconds``; the latest setting for an operation counts, 0 ends it."""
        with self._lock:
            self._delays = [delay for delay in self._delays if delay.operation != operation]
            if seconds > 0:
                self._delays.append(_Delay(operation, seconds))

    def clear(self) -> None:
        """Switches all faults off."""
        with self._lock:
            self._faults.clear()
            self._delays.clear()

    def strike(self, service: str, operation: str, protocol: Protocol) -> None:
        """Waits and fails as was asked for.

        Raises:
            AwsError: The call has to fail.
        """
        names = (EVERYTHING, service, operation, f"{service}:{operation}")
        with self._lock:
            seconds = max((delay.seconds for delay in self._delays if delay.operation in names), default=0.0)
            fault = next((fault for fault in self._faults if fault.operation in names and fault.left != 0), None)
            if fault is not None and fault.left is not None:
                fault.left -= 1
        if seconds:
            self._sleep(seconds)
        if fault is not None:
            raise fault.error(protocol)

    def _add(self, operation: str, times: int | None, error: Callable[[Protocol], AwsError]) -> None:
        with self._lock:
            self._faults.append(_Fault(operation, times, error))


def _throttling(protocol: Protocol) -> AwsError:
    if protocol is Protocol.QUERY:
        return AwsError("Throttling", "Rate exceeded", 400)
    if protocol is Protocol.JSON:
        return AwsError("TooManyRequestsException", "Rate exceeded", 400)
    return AwsError("ThrottlingException", "Rate exceeded", 429)


def _internal(protocol: Protocol) -> AwsError:
    code = "ServiceFailure" if protocol is Protocol.QUERY else "InternalServerException"
    return AwsError(code, "The request processing has failed because of an unknown error, exception or failure.", 500)
