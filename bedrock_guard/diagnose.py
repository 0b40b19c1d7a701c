"""The other use case: an error that was met, explained, from its text alone or with what AWS says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bedrock_guard.advice.attached import attached_diagnosis
from bedrock_guard.advice.denial_remedies import remedies_of
from bedrock_guard.advice.denials import Reading, read_denials
from bedrock_guard.advice.diagnosis import Diagnosis
from bedrock_guard.arguments import EVALUATORS, checked_budget, checked_evaluators

if TYPE_CHECKING:
    import boto3

__all__ = ["Diagnosis", "Live", "diagnosis_of", "explain"]


@dataclass(frozen=True, slots=True)
class Live:
    """With what AWS is asked about denials.

    Attributes:
        session: Where credentials come from; a new ``boto3.Session`` where None.
        region: The Region the app calls; that of the denial, else the session's, where None.
        principal_arn: The role or user to ask about; the one that each message names where None, else the caller.
        context: Condition keys that the denied requests carried, such as ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``.
        evaluators: Which may be asked, in order: ``"simulator"`` and ``"offline"``.
        budget_seconds: What all of it may take, whatever the network does.

    Raises:
        ConfigurationError: A value that cannot be used.
    """

    session: boto3.Session | None = field(default=None, repr=False)
    region: str | None = None
    principal_arn: str | None = None
    context: Mapping[str, str | bool | int | Sequence[str]] | None = None
    evaluators: Sequence[str] = EVALUATORS
    budget_seconds: float = 10.0

    def __post_init__(self) -> None:
        checked_evaluators(self.evaluators)
        checked_budget(self.budget_seconds)


def explain(
    source: Any,
    *,
    live: bool = False,
    session: boto3.Session | None = None,
    region: str | None = None,
    principal_arn: str | None = None,
    context: Mapping[str, str | bool | int | Sequence[str]] | None = None,
    evaluators: Sequence[str] = EVALUATORS,
    budget_seconds: float = 10.0,
) -> Diagnosis:
    """The diagnosis of an error, wherever it was seen: from its text, or with what AWS says of the same request now.

    Args:
        source: A message, log, traceback, JSON document, CloudTrail event or HTTP response as text or bytes; a parsed
            mapping of one; an exception, whose causes and groups are read too; or the response object of an HTTP client
            (with ``status_code`` and ``text`` or ``content``).
        live: Whether AWS is asked too. What it does not answer is a note; no error of a call is raised.
        session: Where credentials come from; a new ``boto3.Session`` by default.
        region: The Region the app calls; that of the denial, else the session's, by default.
        principal_arn: The role or user to ask about; by default the one that the message names, where it is of the
            caller's account, else the caller.
        context: Condition keys that the denied requests carried, such as ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``.
        evaluators: Which may be asked, in order: ``"simulator"`` (iam:SimulatePrincipalPolicy) and ``"offline"`` (our
            engine on the policies, where they can be read).
        budget_seconds: What all calls together may take, whatever the network does.

    Raises:
        TypeError: ``source`` is something else.
        ConfigurationError: Another argument cannot be used.
    """
    asking = Live(session, region, principal_arn, context, evaluators, budget_seconds)
    known = attached_diagnosis(source) if isinstance(source, BaseException) else None
    if known is None:
        return diagnosis_of(read_denials(_readable(source)), live=asking if live else None)
    return diagnosis_of(Reading(known.denials, known.unrecognised), live=asking) if live else known


def diagnosis_of(reading: Reading, *, live: Live | None = None) -> Diagnosis:  # noqa: ARG001 - nothing is asked yet
    """The diagnosis of what was read; AWS is asked only where ``live`` says with what."""
    return Diagnosis(denials=reading.denials, remedies=remedies_of(reading.denials), unrecognised=reading.unrecognised)


def _readable(source: Any) -> str | bytes | BaseException | Mapping[str, Any]:
    if isinstance(source, (str, bytes, bytearray, memoryview, BaseException, Mapping)):
        return source if not isinstance(source, (bytearray, memoryview)) else bytes(source)
    status = getattr(source, "status_code", None)
    if isinstance(status, int):
        for name in ("text", "content"):
            body = getattr(source, name, None)
            if isinstance(body, (str, bytes)):
                return {"statusCode": status, "headers": _headers(source), "body": body}
    raise TypeError(
        f"explain() takes a text, bytes, an exception, a mapping or an HTTP response, not {type(source).__name__}"
    )


def _headers(response: Any) -> dict[str, str]:
    headers = getattr(response, "headers", None)
    return {str(k): str(v) for k, v in headers.items()} if isinstance(headers, Mapping) else {}
