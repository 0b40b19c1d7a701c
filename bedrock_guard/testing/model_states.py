"""What Bedrock says of models apart from IAM: agreement, entitlement, lifecycle, kinds of throughput.

:attr:`Sandbox.models` sets them for a test::

    aws.models.set("anthropic.claude-sonnet-4-5-20250929-v1:0", agreement="NOT_AVAILABLE")

They are what Bedrock's read operations answer. A call of a model in the sandbox does not heed them; the errors that it
would get are played with :attr:`Sandbox.faults`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

__all__ = ["ModelState", "ModelStates"]


@dataclass(frozen=True, slots=True)
class ModelState:
    """What the service answers about one model.

    Attributes:
        agreement: ``AVAILABLE``, ``PENDING``, ``NOT_AVAILABLE`` or ``ERROR``.
        agreement_error: The text that goes with ``ERROR``.
        authorized: Whether ``authorizationStatus`` is ``AUTHORIZED``.
        entitled: Whether ``entitlementAvailability`` is ``AVAILABLE``.
        in_region: Whether ``regionAvailability`` is ``AVAILABLE``; None for whether the Region lists the model.
        legacy: Whether the lifecycle's status is ``LEGACY``.
        end_of_life: When it ends, with a time zone; None where no date is known.
        inference_types: Instead of those that the catalogue gives; None for those.
        streaming: Instead of what the catalogue gives; None for that.
    """

    agreement: str = "AVAILABLE"
    agreement_error: str = ""
    authorized: bool = True
    entitled: bool = True
    in_region: bool | None = None
    legacy: bool = False
    end_of_life: datetime | None = None
    inference_types: Sequence[str] | None = None
    streaming: bool | None = None

    def lifecycle(self) -> dict[str, str]:
        """``modelLifecycle`` as the service writes it."""
        dates = {"endOfLifeTime": self.end_of_life.isoformat()} if self.end_of_life is not None else {}
        return {"status": "LEGACY" if self.legacy else "ACTIVE", **dates}

    def availability(self, model_id: str, *, listed: bool) -> dict[str, Any]:
        """The answer of GetFoundationModelAvailability.

        Args:
            model_id: That was asked about.
            listed: Whether the Region lists the model.
        """
        in_region = listed if self.in_region is None else self.in_region
        error = {"errorMessage": self.agreement_error} if self.agreement_error else {}
        return {
            "modelId": model_id,
            "agreementAvailability": {"status": self.agreement, **error},
            "authorizationStatus": "AUTHORIZED" if self.authorized else "NOT_AUTHORIZED",
            "entitlementAvailability": "AVAILABLE" if self.entitled else "NOT_AVAILABLE",
            "regionAvailability": "AVAILABLE" if in_region else "NOT_AVAILABLE",
        }

    def described(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """The summary of the catalogue with what differs."""
        own: dict[str, Any] = {"modelLifecycle": self.lifecycle()}
        if self.inference_types is not None:
            own["inferenceTypesSupported"] = list(self.inference_types)
        if self.streaming is not None:
            own["responseStreamingSupported"] = self.streaming
        return {**summary, **own}


class ModelStates:
    """The states of the models that differ from the usual one, and whether the use case form was filled in.

    Attributes:
        use_case_form: The form's content; None where nobody has filled it in.
    """

    def __init__(self) -> None:
        self._states: dict[str, ModelState] = {}
        self._lock = threading.Lock()
        self.use_case_form: str | None = None

    def set(self, model_id: str, **state: Any) -> None:
        """Changes what the service answers about a foundation model; names and values are :class:`ModelState`'s."""
        with self._lock:
            self._states[model_id] = replace(self._states.get(model_id, ModelState()), **state)

    def of(self, model_id: str) -> ModelState:
        """The state of a foundation model."""
        with self._lock:
            return self._states.get(model_id, ModelState())
