"""Whole calls that an app declares, each held against its operation before anything is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.bedrock.api_keys import KEY_CLIENTS
from bedrock_guard.bedrock.catalogue import Operation, catalogue_version, find_operation
from bedrock_guard.bedrock.models import parse_model
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.request import ModelUse, RequestNeed, read_request
from bedrock_guard.bedrock.request_shapes import IsNewer, shaped_request
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Note

__all__ = ["DeclaredRequest", "declared_requests"]

_MOST = 20
"""Faults of one request that are told; a list of a thousand messages may have the same one a thousand times."""


@dataclass(frozen=True, slots=True)
class DeclaredRequest:
    """A call as the app will make it.

    Attributes:
        operation: The operation.
        parameters: As boto3 takes them.
        newer: Places of further parameters, which the catalogue does not know.
    """

    operation: Operation
    parameters: Mapping[str, Any]
    newer: tuple[str, ...] = ()

    @property
    def with_key(self) -> bool:
        """Whether botocore makes the call with an API key while there is one."""
        return self.operation.service in KEY_CLIENTS

    def read(self, where: Place) -> tuple[tuple[RequestNeed, ...], tuple[ModelUse, ...]]:
        """The permissions that the call needs, and the models that it invokes."""
        found = read_request(
            self.operation, self.parameters, partition=where.partition, region=where.region, account=where.account
        )
        return found.needs, found.models

    def notes(self) -> tuple[Note, ...]:
        """What of the request was not looked at."""
        if not self.newer:
            return ()
        names = ", ".join(self.newer)
        text = (
            f"{self.operation.name}: what {names} needs is not known: newer than the catalogue ({catalogue_version()})."
        )
        return (Note("BG504", text),)


def declared_requests(
    requests: Sequence[Any], faults: list[ConfigurationError], *, is_newer: IsNewer | None = None
) -> list[DeclaredRequest]:
    """The requests that can be used; everything that is wrong with the others joins the faults.

    Args:
        requests: Pairs of an operation and its parameters.
        faults: Is added to.
        is_newer: Asked about parameters that the catalogue lacks; without it they are faults.
    """
    good = []
    for name, parameters in _pairs(requests, faults):
        try:
            operation = find_operation(name)
            shaped = shaped_request(operation, parameters, is_newer=is_newer)
            faults.extend(_told(operation, shaped.faults))
            request = DeclaredRequest(operation, shaped.parameters, shaped.newer)
            # Read once before anything is known of the caller, so that what cannot be used is refused at once.
            for use in request.read(Place("aws", "us-east-1", "*"))[1]:
                parse_model(use.text)
        except ConfigurationError as fault:
            faults.append(fault)
        else:
            if not shaped.faults:
                good.append(request)
    return good


def _told(operation: Operation, faults: Sequence[ConfigurationError]) -> Iterable[ConfigurationError]:
    yield from faults[:_MOST]
    if len(faults) > _MOST:
        yield ConfigurationError(f"{operation.name}: and {len(faults) - _MOST} more such faults", code="BG504")


def _pairs(requests: Sequence[Any], faults: list[ConfigurationError]) -> list[tuple[str, Mapping[str, Any]]]:
    good = []
    for request in [requests] if isinstance(requests, str) else requests:
        pair = isinstance(request, (tuple, list)) and len(request) == 2
        if pair and isinstance(request[0], str) and isinstance(request[1], Mapping):
            good.append((request[0], request[1]))
        else:
            faults.append(
                ConfigurationError(
                    f"requests: {request!r} is not usable; expected a pair (operation, parameters), such as "
                    '("bedrock-runtime:Converse", {"modelId": "…"})',
                    code="BG504",
                )
            )
    return good
