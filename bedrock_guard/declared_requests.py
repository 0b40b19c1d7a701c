"""Whole calls that an app declares, each held against its operation before anything is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.bedrock.api_keys import KEY_CLIENTS
from bedrock_guard.bedrock.catalogue import Operation, catalogue_version, find_operation
from bedrock_guard.bedrock.models import parse_model
from bedrock_guard.bedrock.parameter_paths import texts_at
from bedrock_guard.bedrock.parameters.served import IN_BATCHES, SERVED
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
        arns: Each ARN that it names, with its place.
    """

    operation: Operation
    parameters: Mapping[str, Any]
    newer: tuple[str, ...] = ()
    arns: tuple[tuple[str, str], ...] = ()

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

    @property
    def served(self) -> tuple[str, ...]:
        """The models that a service will call for what is made, on other rights than the caller's."""
        return tuple(text for _, text in self._served())

    @property
    def in_batches(self) -> bool:
        """Whether those are called in batches alone."""
        return self.operation.key in IN_BATCHES

    def require_models(self) -> None:
        """Passes when every model that is named may be one.

        Raises:
            ConfigurationError: One is none.
        """
        # Read before anything is known of the caller, so that what cannot be used is refused at once.
        for use in self.read(Place("aws", "us-east-1", "*"))[1]:
            parse_model(use.text)
        for place, text in self._served():
            try:
                parse_model(text)
            except ConfigurationError as error:
                message = f"{self.operation.name}: {place}: {error}"
                raise ConfigurationError(message, suggestions=error.suggestions, code="BG504") from error

    def _served(self) -> Iterator[tuple[str, str]]:
        for path in SERVED.get(self.operation.key, ()):
            yield from texts_at(self.parameters, path)

    def notes(self, region: str) -> Iterator[Note]:
        """What of the request was not looked at, and what it names of another Region than that of the call."""
        name = self.operation.name
        if self.newer:
            why = f"it is newer than the catalogue ({catalogue_version()})"
            yield Note("BG504", f"{name}: what {', '.join(self.newer)} needs is not known: {why}.")
        for place, arn in self.arns:
            elsewhere = arn.split(":", 5)[3]
            if elsewhere in ("", "*", region) or (self.operation.key, place) in _FROM_ELSEWHERE:
                continue
            text = f"{name}: {place} is in {elsewhere}, and the call is made in {region}: {arn}."
            if arn.split(":", 5)[5].startswith("guardrail/"):
                text += " A guardrail of another Region is answered as one that does not exist."
            yield Note("BG504", text)


_FROM_ELSEWHERE = frozenset({("bedrock:CreateModelCopyJob", "sourceModelArn")})
"""What another Region is named for.

Source: botocore model bedrock, CreateModelCopyJob: from one Region to another.
"""


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
            request = DeclaredRequest(operation, shaped.parameters, shaped.newer, shaped.arns)
            request.require_models()
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
