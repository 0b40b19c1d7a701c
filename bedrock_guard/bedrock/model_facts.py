"""What AWS says of models by their makers: who sells through the Marketplace, and what a model's state means. Pure.

Source: Bedrock User Guide, model-access (read 2026-09) and model-lifecycle (read 2026-11-24); the API reference of
GetFoundationModel and GetFoundationModelAvailability in botocore's model (1.44.5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bedrock_guard.report import AccessState

__all__ = [
    "Fault",
    "availability_faults",
    "model_faults",
    "form_fault",
    "needs_use_case_form",
    "sold_through_marketplace",
]

_NOT_IN_MARKETPLACE = frozenset({"amazon", "deepseek", "meta", "mistral", "qwen"})
"""Makers whose models have no Marketplace product. Source: Bedrock User Guide, model-access (read 2026-09)."""

_WITH_MODEL_ACCESS_PAGE = "aws-us-gov"
"""The partition in which access is still requested by hand. Source: as above."""

_STREAM = "bedrock:InvokeModelWithResponseStream"
_WHOLE = "bedrock:InvokeModel"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps, or may keep, a model from answering.

    Attributes:
        state: ``blocked`` or ``warning``.
        code: ``BG3xx``.
        why: A clause about the model.
    """

    state: AccessState
    code: str
    why: str


def sold_through_marketplace(model_id: str) -> bool:
    """Whether the first call of a foundation model in an account makes an AWS Marketplace subscription."""
    return model_id.partition(".")[0] not in _NOT_IN_MARKETPLACE


def needs_use_case_form(model_id: str) -> bool:
    """Whether Anthropic's use case form has to be filled in before the model answers."""
    return model_id.startswith("anthropic.")


def model_faults(details: Mapping[str, Any], actions: Collection[str], *, now: datetime) -> Iterator[Fault]:
    """What GetFoundationModel's ``modelDetails`` say against calling the model, whatever its id was written as.

    Args:
        details: The structure, timestamps as datetimes.
        actions: IAM actions that the app needs on models.
        now: With a time zone.
    """
    yield from _lifecycle_faults(details.get("modelLifecycle") or {}, now)
    writes_text = "TEXT" in (details.get("outputModalities") or ("TEXT",))
    if details.get("responseStreamingSupported") is False and _STREAM in actions and writes_text:
        if _WHOLE in actions:
            why = "it does not stream its output: call it without streaming"
            yield Fault(AccessState.WARNING, "BG311", why)
        else:
            why = "it does not stream its output, and the app only calls models with streaming"
            yield Fault(AccessState.BLOCKED, "BG311", why)


def _lifecycle_faults(lifecycle: Mapping[str, Any], now: datetime) -> Iterator[Fault]:
    """End of life blocks: requests fail from that date on. A legacy model answers, but not everybody.

    Source: Bedrock User Guide, model-lifecycle (read 2026-11-24): new customers cannot use a legacy model, and existing
    ones may lose it after a time without calls.
    """
    end = _time(lifecycle.get("endOfLifeTime"))
    if end is not None and end <= now:
        yield Fault(AccessState.BLOCKED, "BG310", f"it reached its end of life on {_day(end)}: calls of it fail")
    elif lifecycle.get("status") == "LEGACY":
        until = f", and from {_day(end)} on no call of it will succeed" if end is not None else ""
        yield Fault(
            AccessState.WARNING,
            "BG309",
            f"it is a legacy model: an account that has not called it lately gets 404 for an answer{until}",
        )


def availability_faults(
    model_id: str, answer: Mapping[str, Any], *, by_own_id: bool, partition: str, form_missing: bool | None
) -> Iterator[Fault]:
    """What GetFoundationModelAvailability says against calling the model.

    Only what fails every call blocks. A missing agreement does not: the first call makes it, if the caller may.

    Args:
        model_id: Of the foundation model.
        answer: The response.
        by_own_id: Whether the app calls the model by its own id; a profile may be callable where its model is not.
        partition: Of the Region.
        form_missing: Whether GetUseCaseForModelAccess found no form; None where that is not known.
    """
    if by_own_id and answer.get("regionAvailability") == "NOT_AVAILABLE":
        yield Fault(AccessState.BLOCKED, "BG305", "Bedrock does not offer it in this Region")
    if answer.get("authorizationStatus") == "NOT_AUTHORIZED":
        yield Fault(
            AccessState.WARNING,
            "BG306",
            "Bedrock calls the account not authorised for it; what that measures is not documented (it is not IAM), "
            "and calls may fail with 403",
        )
    if answer.get("entitlementAvailability") == "NOT_AVAILABLE":
        yield _no_entitlement(partition)
    if sold_through_marketplace(model_id):
        yield from _agreement_faults(model_id, answer.get("agreementAvailability") or {}, form_missing=form_missing)


def _no_entitlement(partition: str) -> Fault:
    if partition == _WITH_MODEL_ACCESS_PAGE:
        why = "the account has not been granted access to it: request it on the Model access page"
        return Fault(AccessState.BLOCKED, "BG312", why)
    why = "the account has no entitlement to it yet; Bedrock grants it with the first call, or answers 403"
    return Fault(AccessState.WARNING, "BG312", why)


def _agreement_faults(model_id: str, agreement: Mapping[str, Any], *, form_missing: bool | None) -> Iterator[Fault]:
    status = agreement.get("status")
    if status == "ERROR":
        said = str(agreement.get("errorMessage") or "").strip()
        why = "its AWS Marketplace agreement failed, and calls fail until the cause is mended"
        yield Fault(AccessState.BLOCKED, "BG307", f"{why}: {said}" if said else why)
    elif status == "PENDING":
        why = "its AWS Marketplace agreement is being made, which takes up to 15 minutes"
        yield Fault(AccessState.WARNING, "BG307", why)
    elif status == "NOT_AVAILABLE":
        yield Fault(
            AccessState.WARNING,
            "BG307",
            "the account has no AWS Marketplace agreement for it: the first call makes one, if the caller has "
            "aws-marketplace:Subscribe and ViewSubscriptions, and may succeed for minutes before it fails; let an "
            "administrator call it once",
        )
    if status != "AVAILABLE" and needs_use_case_form(model_id) and form_missing:
        yield form_fault()


def form_fault() -> Fault:
    """Why a missing form is a warning: it may be that of the organization's management account, which is not seen.

    Source: Bedrock User Guide, model-access (read 2026-09).
    """
    return Fault(
        AccessState.WARNING,
        "BG308",
        "this account has not filled in Anthropic's use case form: calls fail with 404, unless the management account "
        "of the organization has",
    )


def _time(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def _day(time: datetime) -> str:
    return time.strftime("%Y-%m-%d")
