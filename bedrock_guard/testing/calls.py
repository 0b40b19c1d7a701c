"""The calls that reached the sandbox, in the order in which they came."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

__all__ = ["CallLog", "RecordedCall"]


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call on the wire.

    Attributes:
        service: The name of the boto3 client; the signing name where the operation is not known.
        operation: As AWS spells it; empty if it is not known.
        region: What the request was signed for.
        caller: ARN of who called; empty if the credentials were not accepted.
        actions: The IAM actions it was authorised as, in the order of ``resources``.
        resources: What it was authorised on.
        decision: ``allowed``, ``implicitDeny`` or ``explicitDeny``; empty if it was not authorised at all: it needs
            no permission, or was turned away before.
        http_status: Of the answer.
        error_code: AWS's code; empty on success.
        started: When it came in, in seconds of a monotonic clock.
        ended: When it was answered.
    """

    service: str
    operation: str
    region: str
    caller: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    decision: str
    http_status: int
    error_code: str
    started: float
    ended: float

    @property
    def name(self) -> str:
        """``iam:SimulatePrincipalPolicy``."""
        return f"{self.service}:{self.operation}"

    def overlaps(self, other: RecordedCall) -> bool:
        """Whether the two were under way at the same time."""
        return self.started < other.ended and other.started < self.ended


class CallLog(Sequence[RecordedCall]):
    """All calls so far. A sequence that grows while it is looked at; take ``list(aws.calls)`` for one that stays."""

    def __init__(self) -> None:
        self._calls: list[RecordedCall] = []
        self._lock = threading.Lock()

    def add(self, call: RecordedCall) -> None:
        """Notes a call when it has been answered."""
        with self._lock:
            self._calls.append(call)
            self._calls.sort(key=lambda noted: noted.started)

    def clear(self) -> None:
        """Forgets all calls."""
        with self._lock:
            self._calls.clear()

    def of(self, name: str) -> list[RecordedCall]:
        """The calls of a service (``"iam"``), an operation (``"GetRole"``) or both (``"iam:GetRole"``)."""
        return [call for call in self if name in (call.service, call.operation, call.name)]

    def round_trips(self) -> int:
        """How many calls had to wait for each other: the length of the longest chain without overlap."""
        count, free_from = 0, float("-inf")
        for call in sorted(self, key=lambda noted: noted.ended):
            if call.started >= free_from:
                count, free_from = count + 1, call.ended
        return count

    def __iter__(self) -> Iterator[RecordedCall]:
        with self._lock:
            return iter(list(self._calls))

    def __len__(self) -> int:
        with self._lock:
            return len(self._calls)

    @overload
    def __getitem__(self, index: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordedCall]: ...
    def __getitem__(self, index: int | slice) -> RecordedCall | list[RecordedCall]:
        with self._lock:
            return self._calls[index]

    def __repr__(self) -> str:
        return f"CallLog({[call.name for call in self]})"
