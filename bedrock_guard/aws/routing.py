"""Where models may be served: the models behind inference profiles, prompt routers and prompts.

The service is asked first. What it does not tell, a shipped and dated table does for system-defined profiles; the notes
say which of the two it was, and why.

Questions go out side by side, at most twice one after the other: the first time about what the app names, the second
about the profiles that its routers and prompts name in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bedrock_guard.aws.model_questions import Answer, ModelQuestions, Question
from bedrock_guard.aws.refusals import grants, may_not_call
from bedrock_guard.bedrock.models import (
    AuthorisedResource,
    Destinations,
    ModelKind,
    ModelRef,
    authorised_resources,
    parse_model,
)
from bedrock_guard.bedrock.profiles import destinations as listed_destinations
from bedrock_guard.bedrock.profiles import table_version
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError, ConfigurationError
from bedrock_guard.report import Note

__all__ = ["destinations_of", "question_about"]

_Found = dict[str, "Destinations | None"]

_PROFILES = (ModelKind.INFERENCE_PROFILE, ModelKind.APPLICATION_INFERENCE_PROFILE)
_ROUTERS = (ModelKind.PROMPT_ROUTER, ModelKind.DEFAULT_PROMPT_ROUTER)
_MOST_TARGETS = 64
"""A router has two targets and a prompt one model; an answer with more than this is not followed."""


def destinations_of(
    asked: ModelQuestions, models: Sequence[tuple[str, ModelRef]], *, may_ask: bool = True
) -> tuple[_Found, tuple[Note, ...]]:
    """Destinations of each routed model by the text the app wrote, and notes on how they were found.

    None where neither the service nor the table tells. A global profile is authorised on the same three ARNs wherever
    it routes; it is only asked whether it is there.

    Args:
        asked: What the service is asked through.
        models: Each with the text the app wrote.
        may_ask: Whether the service may be asked at all.
    """
    first = {text: model for text, model in models if question_about(text, model) is not None}
    answers = _ask(asked, first) if may_ask else {}
    targets = {text: _targets(model, answers.get(text)) for text, model in first.items()}
    second = dict(_next_to_ask(targets.values()))
    if may_ask:
        answers.update(_ask(asked, {text: model for text, model in second.items() if text not in answers}))
    routes = _Routes(asked.region, answers, may_ask=may_ask)
    found = {text: routes.of(text, model) for text, model in models if model.routed}
    return found, routes.notes()


def question_about(text: str, model: ModelRef) -> Question | None:
    """What tells where a model is served; None for what needs no telling."""
    if model.kind in _PROFILES:
        params = (("inferenceProfileIdentifier", text),)
        return Question("bedrock", "get_inference_profile", "bedrock:GetInferenceProfile", text, params, lasting=True)
    if model.kind in _ROUTERS:
        params = (("promptRouterArn", text),)
        return Question("bedrock", "get_prompt_router", "bedrock:GetPromptRouter", text, params, lasting=True)
    if model.kind is ModelKind.PROMPT:
        return Question("bedrock-agent", "get_prompt", "bedrock:GetPrompt", text, _prompt_params(text))
    return None


def _prompt_params(arn: str) -> tuple[tuple[str, str], ...]:
    head, _, name = arn.partition(":prompt/")
    id_, _, version = name.partition(":")
    params = (("promptIdentifier", f"{head}:prompt/{id_}"),)
    return (*params, ("promptVersion", version)) if version else params


_Answers = dict[str, "Answer | BedrockGuardError"]


def _ask(asked: ModelQuestions, models: Mapping[str, ModelRef]) -> _Answers:
    questions = {text: question_about(text, model) for text, model in models.items()}
    askable = {text: question for text, question in questions.items() if question is not None}
    return dict(zip(askable, asked.ask(list(askable.values())), strict=True))


def _next_to_ask(targets: Iterable[Sequence[str]]) -> Iterator[tuple[str, ModelRef]]:
    for text in (text for some in targets for text in some):
        model = _read(text)
        if model is not None and question_about(text, model) is not None:
            yield text, model


def _targets(model: ModelRef, answer: Answer | BedrockGuardError | None) -> tuple[str, ...]:
    """Model ids or ARNs that a router or a prompt names, in order, each once."""
    if answer is None or isinstance(answer, BedrockGuardError):
        return ()
    if model.kind in _ROUTERS:
        named = [*(answer.get("models") or ()), answer.get("fallbackModel") or {}]
        return _once(one.get("modelArn") for one in named)
    if model.kind is ModelKind.PROMPT:
        variants = [one for one in answer.get("variants") or () if one.get("modelId")]
        default = answer.get("defaultVariant")
        chosen = [one for one in variants if one.get("name") == default] or variants
        return _once(one.get("modelId") for one in chosen[:1])
    return ()


def _once(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:_MOST_TARGETS]


def _read(text: str) -> ModelRef | None:
    try:
        return parse_model(text)
    except ConfigurationError:
        return None


@dataclass(slots=True)
class _Routes:
    """Destinations from the answers and the table, and by the way what has to be said of them.

    Attributes:
        region: That is called.
        answers: By the text that was asked about.
        may_ask: Whether the service was asked at all.
    """

    region: str
    answers: _Answers
    may_ask: bool
    _by_service: list[str] = field(default_factory=list)
    _by_table: dict[str, list[str]] = field(default_factory=dict)
    _unknown: dict[str, str] = field(default_factory=dict)

    def of(self, text: str, model: ModelRef) -> Destinations | None:
        if model.kind in _PROFILES:
            return self._of_profile(text, model)
        return self._of_targets(text, model)

    def notes(self) -> tuple[Note, ...]:
        notes = []
        if self._by_service:
            listed = ", ".join(dict.fromkeys(self._by_service))
            notes.append(Note("BG314", f"What {listed} routes to is what Bedrock itself says."))
        for why, texts in self._by_table.items():
            listed = ", ".join(dict.fromkeys(texts))
            said = f"The Regions behind {listed} are those of {table_version()}: {why.rstrip('.')}."
            notes.append(Note("BG301", said + self._to_be_told(texts)))
        for text, why in self._unknown.items():
            said = f"What {text} routes to is not known, so that is not checked: {why.rstrip('.')}."
            notes.append(Note("BG302", said + self._to_be_told([text])))
        return tuple(notes)

    def _to_be_told(self, texts: Iterable[str]) -> str:
        """What to allow, where the service refused to tell."""
        answers = [self.answers.get(text) for text in dict.fromkeys(texts)]
        refused = [answer for answer in answers if isinstance(answer, AccessDeniedError)]
        return f" {grants(refused, self.region)}" if refused else ""

    def _of_profile(self, text: str, model: ModelRef) -> Destinations | None:
        if model.geography == "global":
            return None
        arns = _models_of(self.answers.get(text))
        if arns:
            self._by_service.append(text)
            return arns
        why = self._silence(text)
        if model.kind is ModelKind.INFERENCE_PROFILE:
            listed = listed_destinations(model.id, model.region or self.region)
            if listed is not None:
                self._by_table.setdefault(why, []).append(text)
                return listed
        self._unknown[text] = why
        return None

    def _of_targets(self, text: str, model: ModelRef) -> Destinations | None:
        """The resources behind the targets of a router or the model of a prompt, as far as they are known."""
        named = _targets(model, self.answers.get(text))
        if not named:
            self._unknown[text] = self._silence(text)
            return None
        self._by_service.append(text)
        return [resource for target in named for resource in self._behind(target, text, model)] or None

    def _behind(self, target: str, text: str, parent: ModelRef) -> tuple[AuthorisedResource, ...]:
        model = _read(target)
        if model is None:
            self._unknown[text] = f"it names {target!r}, which is no model id"
            return ()
        destinations = self.of(target, model) if model.routed else None
        if model.routed and destinations is None:
            self._unknown[text] = f"it names {target}"
            return ()
        try:
            return authorised_resources(
                model,
                partition=parent.partition or "aws",
                region=parent.region or self.region,
                account=parent.account or "",
                destinations=destinations,
            )
        except ConfigurationError as error:
            self._unknown[text] = str(error)
            return ()

    def _silence(self, text: str) -> str:
        """Why the service did not tell."""
        if not self.may_ask:
            return "the service is not asked in this check"
        answer = self.answers.get(text)
        if isinstance(answer, AccessDeniedError):
            return may_not_call([answer])
        if isinstance(answer, BedrockGuardError):
            return str(answer)
        return "the service names no model behind it" if answer is not None else "it was not asked about"


def _models_of(answer: Answer | BedrockGuardError | None) -> tuple[str, ...]:
    """The foundation-model ARNs that GetInferenceProfile gives; a Region may be missing in them.

    Source: botocore's model of GetInferenceProfile (1.44.5) wants a Region in each; those of global profiles have none.
    """
    if answer is None or isinstance(answer, BedrockGuardError):
        return ()
    arns = _once(one.get("modelArn") for one in answer.get("models") or ())
    return tuple(arn for arn in arns if arn.startswith("arn:") and ":foundation-model/" in arn)
