"""Whether Bedrock serves the models an app names, apart from IAM: Region, lifecycle, agreement, kind of throughput.

Only reads are made, none of which can start a subscription: GetFoundationModel, GetFoundationModelAvailability,
GetUseCaseForModelAccess and, where a model needs a profile, ListInferenceProfiles. What may not be asked is
``unverified`` and said so; nothing here makes a permission missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property

from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.aws.model_questions import Answer, ModelQuestions, Question
from bedrock_guard.aws.refusals import grants, may_not_call
from bedrock_guard.aws.routing import question_about
from bedrock_guard.bedrock.model_facts import (
    Fault,
    availability_faults,
    form_fault,
    model_faults,
    needs_use_case_form,
)
from bedrock_guard.bedrock.models import Destinations, ModelKind, ModelRef, ModelsInUse, foundation_models_behind
from bedrock_guard.bedrock.profiles import profiles_for, sources, table_version
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError
from bedrock_guard.report import AccessState, ModelAccess, Note

__all__ = ["model_access"]

_GET = "bedrock:GetFoundationModel"
_AVAILABILITY = "bedrock:GetFoundationModelAvailability"
_FORM = "bedrock:GetUseCaseForModelAccess"
_LIST = "bedrock:ListInferenceProfiles"
_TABLE = "shipped table"


def model_access(
    asked: ModelQuestions,
    models: Sequence[tuple[str, ModelRef]],
    destinations: Mapping[str, Destinations | None],
    *,
    partition: str = "aws",
    actions: Collection[str] = (),
    in_use: ModelsInUse | None = None,
    may_ask: bool = True,
    now: datetime | None = None,
) -> tuple[tuple[ModelAccess, ...], tuple[Note, ...]]:
    """What Bedrock says of each model: everything against it, or that it is usable, or that it was not told.

    A model whose foundation model is not known (provisioned throughput, a deployment, an imported model, an endpoint)
    has no entry. Several faults of one model are several entries.

    Args:
        asked: What the service is asked through; the one that the destinations came from, so that nothing is asked
            twice.
        models: Each with the text the app wrote.
        destinations: Of the routed ones, as ``routing.destinations_of`` found them.
        partition: Of the Region.
        actions: IAM actions that the app needs on models.
        in_use: Which of the models the app calls itself, and which a service does; all of them by default.
        may_ask: Whether the service may be asked; where not, only the shipped tables speak.
        now: The time of the check.
    """
    in_use = in_use or ModelsInUse(frozenset(text for text, _ in models))
    named = [
        _Named(
            text,
            model,
            foundation_models_behind(model, destinations.get(text)),
            asked.region,
            called=text in in_use.called,
            on_demand=text not in in_use.in_batches,
        )
        for text, model in models
    ]
    named = [one for one in named if one.foundation_models]
    if may_ask:
        asked.ask([question for one in named for question in one.questions])
    view = _View(asked, partition, actions, now or datetime.now(timezone.utc), may_ask)
    entries = tuple(entry for one in named for entry in _entries(one, view))
    return entries, tuple(_notes(named, view))


def _about(foundation_model: str) -> Question:
    params = (("modelIdentifier", foundation_model),)
    return Question("bedrock", "get_foundation_model", _GET, foundation_model, params)


def _availability(foundation_model: str) -> Question:
    params = (("modelId", foundation_model),)
    return Question("bedrock", "get_foundation_model_availability", _AVAILABILITY, "*", params)


_USE_CASE = Question("bedrock", "get_use_case_for_model_access", _FORM)
_PROFILES = Question(
    "bedrock",
    "list_inference_profiles",
    _LIST,
    "*",
    (("typeEquals", "SYSTEM_DEFINED"), ("maxResults", 1000)),
    lasting=True,
)


@dataclass(frozen=True)
class _Named:
    """A model as the app wrote it, and the foundation models that may answer."""

    text: str
    model: ModelRef
    foundation_models: tuple[str, ...]
    region: str
    called: bool
    on_demand: bool

    @property
    def by_own_id(self) -> bool:
        return self.model.kind is ModelKind.FOUNDATION_MODEL

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        about = [make(one) for one in self.foundation_models for make in (_about, _availability)]
        form = [_USE_CASE] if any(map(needs_use_case_form, self.foundation_models)) else []
        return (*about, *form)

    def entry(self, state: AccessState, code: str | None = None, why: str = "", source: str = "") -> ModelAccess:
        return ModelAccess(self.text, self.region, state, code, why, source)


@dataclass(frozen=True, slots=True)
class _View:
    """What is known of the account and the moment."""

    asked: ModelQuestions
    partition: str
    actions: Collection[str]
    now: datetime
    may_ask: bool

    def answer(self, question: Question) -> Answer | None:
        found = self.asked.answer(question)
        return None if isinstance(found, BedrockGuardError) else found

    def failure(self, question: Question) -> FailureKind | None:
        found = self.asked.answer(question)
        return found.kind if isinstance(found, CallError) else None

    @property
    def form_missing(self) -> bool | None:
        if self.failure(_USE_CASE) is FailureKind.NOT_FOUND:
            return True
        return False if self.answer(_USE_CASE) is not None else None


def _entries(one: _Named, view: _View) -> list[ModelAccess]:
    faults = [*_faults(one, view)]
    if faults:
        return faults
    hint = _hint(one, view)
    if hint is not None:
        return [hint]
    # The use case form is counted through the availability: without that answer a missing form is a fault by itself.
    unanswered = [q.action for q in one.questions if view.answer(q) is None and q is not _USE_CASE]
    if unanswered:
        names = " and ".join(dict.fromkeys(unanswered))
        why = f"{names} gave no answer" if view.may_ask else "the service is not asked in this check"
        return [one.entry(AccessState.UNVERIFIED, "BG313", why)]
    return [one.entry(AccessState.USABLE, source=f"{_GET}, {_AVAILABILITY}")]


def _faults(one: _Named, view: _View) -> Iterator[ModelAccess]:
    unlisted = _not_callable_here(one, view)
    if unlisted is not None:
        yield unlisted
    for foundation_model in one.foundation_models:
        of_which = "" if len(one.foundation_models) == 1 else f"{foundation_model}: "
        for fault, source in _faults_of_model(one, foundation_model, view):
            yield one.entry(fault.state, fault.code, of_which + fault.why, source)


def _faults_of_model(one: _Named, foundation_model: str, view: _View) -> Iterator[tuple[Fault, str]]:
    about = view.answer(_about(foundation_model))
    if about is not None:
        details = about.get("modelDetails") or {}
        # What the app needs on models says how it calls them, and nothing of what a service does with others.
        for fault in model_faults(details, view.actions if one.called else (), now=view.now):
            yield fault, _GET
        types = details.get("inferenceTypesSupported") or ()
        if one.by_own_id and types and "ON_DEMAND" not in types:
            yield _needs_a_profile(one, types, view), _GET
    elif one.by_own_id and view.failure(_about(foundation_model)) is FailureKind.NOT_FOUND:
        yield Fault(AccessState.BLOCKED, "BG305", "Bedrock knows no such model in this Region"), _GET
    elif one.by_own_id and view.failure(_about(foundation_model)) is FailureKind.INVALID:
        why = "Bedrock does not take it for the id of a model in this Region, and calls of it will hardly do better"
        yield Fault(AccessState.WARNING, "BG305", why), _GET
    available = view.answer(_availability(foundation_model))
    if available is not None:
        for fault in availability_faults(
            foundation_model,
            available,
            by_own_id=one.by_own_id,
            partition=view.partition,
            form_missing=view.form_missing,
        ):
            yield fault, _FORM if fault.code == "BG308" else _AVAILABILITY
    elif view.form_missing and needs_use_case_form(foundation_model):
        yield form_fault(), _FORM


def _needs_a_profile(one: _Named, types: Sequence[str], view: _View) -> Fault:
    """The fault of a bare id that on-demand throughput does not serve.

    Source: Bedrock's answer to such a call, ValidationException “… with on-demand throughput isn’t supported”; the
    value INFERENCE_PROFILE is in the answers of the service and not in botocore's model (1.44.5).
    """
    if "INFERENCE_PROFILE" not in types and set(types) <= {"PROVISIONED"}:
        why = "it is served through Provisioned Throughput only: name the ARN of yours"
        return Fault(AccessState.BLOCKED if one.on_demand else AccessState.WARNING, "BG303", why)
    names, source = _profiles_with(one.foundation_models[0], view)
    fitting = f"; in {one.region} write {' or '.join(names)} ({source})" if names else f"; {source}"
    if not one.on_demand:
        why = "calls of it go through inference profiles only, and that a job takes it by its own id is not known"
        return Fault(AccessState.WARNING, "BG303", f"{why}{fitting}")
    return Fault(AccessState.BLOCKED, "BG303", f"it is served through inference profiles only{fitting}")


def _profiles_with(foundation_model: str, view: _View) -> tuple[tuple[str, ...], str]:
    """The system-defined profiles of the Region that reach the model, geographic ones first, and who says so."""
    (answer,) = view.asked.ask([_PROFILES])
    if not isinstance(answer, BedrockGuardError):
        listed = [str(one.get("inferenceProfileId") or "") for one in answer.get("inferenceProfileSummaries") or ()]
        names = sorted(
            (name for name in listed if name.partition(".")[2] == foundation_model),
            key=lambda name: (name.startswith("global."), name),
        )
        if names:
            return tuple(names), _LIST
    names_by_table = profiles_for(foundation_model, view.asked.region)
    if names_by_table:
        return names_by_table, table_version()
    return (), "which ones fit this Region is neither in the shipped table nor could it be listed"


def _not_callable_here(one: _Named, view: _View) -> ModelAccess | None:
    """The entry of a system-defined profile that Bedrock does not have in this Region; None if it may have it."""
    if one.model.kind is not ModelKind.INFERENCE_PROFILE:
        return None
    question = question_about(one.text, one.model)
    answer = view.asked.answer(question) if question is not None else None
    instead = profiles_for(one.foundation_models[0], one.region)
    advice = f"; here it may be {' or '.join(instead)}" if instead else ""
    if isinstance(answer, CallError) and answer.kind in (FailureKind.NOT_FOUND, FailureKind.INVALID):
        state = AccessState.BLOCKED if answer.kind is FailureKind.NOT_FOUND else AccessState.WARNING
        why = f"Bedrock knows no such inference profile in this Region{advice}"
        return one.entry(state, "BG304", why, "bedrock:GetInferenceProfile")
    if answer is not None and not isinstance(answer, BedrockGuardError):
        return None
    callable_from = sources(one.model.id)
    if not callable_from or one.region in callable_from:
        return None
    why = f"the profile is not among those of this Region by the {table_version()}{advice}"
    return one.entry(AccessState.WARNING, "BG304", why, _TABLE)


def _hint(one: _Named, view: _View) -> ModelAccess | None:
    """What the table lets one guess of a bare id, where the service did not say whether it is served by itself."""
    if not (one.by_own_id and one.on_demand) or view.answer(_about(one.foundation_models[0])) is not None:
        return None
    names = profiles_for(one.foundation_models[0], one.region)
    if not names:
        return None
    why = (
        "whether it can be called by its own id here was not told; if calls answer that on-demand throughput is not "
        f"supported, write {' or '.join(names)}"
    )
    return one.entry(AccessState.UNVERIFIED, "BG313", why, _TABLE)


def _notes(named: Sequence[_Named], view: _View) -> Iterator[Note]:
    """One note on everything that could not be asked, and why."""
    if not view.may_ask:
        return
    refused: list[AccessDeniedError] = []
    failed: dict[str, None] = {}
    for question in dict.fromkeys(question for one in named for question in one.questions):
        answer = view.asked.answer(question)
        if isinstance(answer, AccessDeniedError):
            refused.append(answer)
        elif isinstance(answer, BedrockGuardError) and view.failure(question) not in _ANSWERS:
            failed[str(answer)] = None
    if refused:
        why = f"{may_not_call(refused)}. {grants(refused, view.asked.region)}"
        yield Note("BG313", f"Model access was checked in part or not at all: {why}")
    if failed:
        yield Note("BG313", f"Model access was checked in part or not at all: {'; '.join(failed)}")


_ANSWERS = (FailureKind.NOT_FOUND, FailureKind.INVALID)
"""Failures that say something of the model."""
