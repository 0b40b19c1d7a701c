"""One place for clients, time budget, retry and parallel calls.

Nothing here waits longer than the budget, whatever the network does: each call runs on a daemon thread
that is left behind when time is up, since a DNS look-up that hangs obeys no socket timeout.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.config import Config
from botocore.exceptions import CredentialRetrievalError
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from bedrock_guard.aws.failures import CallError, FailureKind, failure_from
from bedrock_guard.errors import BedrockGuardError

if TYPE_CHECKING:
    import boto3

__all__ = ["AwsCalls", "Budget"]

T = TypeVar("T")

_MAX_ATTEMPTS = 5
_MAX_PARALLEL = 8


class Budget:
    """Seconds that a whole check may take, from its making.

    Args:
        seconds: How long.
        clock: Monotonic seconds.
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - self._clock())


class AwsCalls:
    """Calls to AWS in one session, within one budget.

    Args:
        session: Where clients and credentials come from.
        region: Region of the clients.
        budget: What all calls together may take.
        sleep: Waits between attempts; injected by tests.
    """

    def __init__(
        self,
        session: boto3.Session,
        region: str,
        budget: Budget,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.session = session
        self.region = region
        self.budget = budget
        self._sleep = sleep
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()  # making clients in one session is not thread-safe, using them is

    def call(self, service: str, operation: str, *, action: str, resource: str = "*", **params: Any) -> Any:
        """The answer of one call, retried while it is throttled or the network fails and time is left.

        Args:
            service: botocore's service name.
            operation: The client's method.
            action: The IAM action, for messages.
            resource: What is asked about, for messages.
            **params: Parameters of the operation.

        Raises:
            AccessDeniedError: AWS refused it.
            PrincipalError: Credentials are missing, expired or invalid.
            CallError: No answer for another reason.
        """
        retrying = Retrying(
            retry=retry_if_exception(_worth_retrying),
            wait=wait_random_exponential(multiplier=0.1, max=3.0),
            stop=self._out_of_time,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._attempt, service, operation, action, resource, params)

    def gather(self, tasks: Sequence[Callable[[], T]], *, action: str) -> list[T | BedrockGuardError]:
        """What each task returned, or the error it ended with, in order; run side by side within the budget.

        A task that has not ended when the budget has is answered by a :class:`CallError` and left behind.
        """
        answers: dict[int, T | BedrockGuardError] = {}
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, T | BedrockGuardError]] = queue.SimpleQueue()
        for index in range(len(tasks)):
            waiting.put(index)

        def work() -> None:
            while True:
                try:
                    index = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    done.put((index, tasks[index]()))
                except Exception as error:  # noqa: BLE001 - a thread that dies silently would look like no answer
                    done.put((index, failure_from(error, action=action, resource="*")))

        for _ in range(min(_MAX_PARALLEL, len(tasks))):
            threading.Thread(target=work, name="bedrock-guard", daemon=True).start()
        while len(answers) < len(tasks):
            try:
                index, answer = done.get(timeout=self.budget.remaining())
            except queue.Empty:
                break
            answers[index] = answer
        return [answers[i] if i in answers else self._no_answer(action) for i in range(len(tasks))]

    def in_region(self, region: str) -> AwsCalls:
        """Calls in the same session and within the same budget, in another Region."""
        return self if region == self.region else AwsCalls(self.session, region, self.budget, sleep=self._sleep)

    def wait(self, seconds: float) -> bool:
        """Sleeps, unless the budget would be over then; whether it did."""
        if self.budget.remaining() <= seconds:
            return False
        self._sleep(seconds)
        return True

    def accepts(self, service: str, operation: str, parameter: str) -> bool:
        """Whether the installed botocore knows a parameter of a service that was called already."""
        client = self._clients.get(service)  # without the lock, which a hung thread may hold
        shape = None if client is None else client.meta.service_model.operation_model(operation).input_shape
        return shape is not None and parameter in shape.members

    def _no_answer(self, action: str) -> CallError:
        return CallError(
            f"{action}: no answer within the budget of {self.budget.seconds:g} s",
            kind=FailureKind.UNREACHABLE,
            action=action,
            code="BG404",
        )

    def _attempt(self, service: str, operation: str, action: str, resource: str, params: dict[str, Any]) -> Any:
        if self.budget.remaining() <= 0:
            raise self._no_answer(action)
        try:
            return getattr(self._client(service), operation)(**params)
        except CredentialRetrievalError as error:
            # Not chained: its text is what a credential_process printed, and a traceback would print it again.
            raise failure_from(error, action=action, resource=resource) from None
        except Exception as error:
            raise failure_from(error, action=action, resource=resource) from error

    def _client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                left = max(0.1, self.budget.remaining())
                config = Config(
                    connect_timeout=min(2.0, left),
                    read_timeout=min(5.0, left),
                    max_pool_connections=_MAX_PARALLEL,
                    # Ours is the one retry policy; botocore's would multiply it.
                    retries={"total_max_attempts": 1, "mode": "standard"},
                )
                self._clients[service] = self.session.client(
                    service,  # type: ignore[call-overload]
                    region_name=self.region,
                    config=config,
                )
            return self._clients[service]

    def _out_of_time(self, state: RetryCallState) -> bool:
        return state.attempt_number >= _MAX_ATTEMPTS or self.budget.remaining() <= state.upcoming_sleep


def _worth_retrying(error: BaseException) -> bool:
    return isinstance(error, CallError) and error.retryable
