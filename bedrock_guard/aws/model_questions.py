"""What Bedrock's control plane says of models, profiles, routers and prompts: asked side by side, each thing once.

Every question is a read that costs nothing and changes nothing. What cannot change while a process runs is kept for a
few minutes, so that a second check in the same session does not ask again.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE
from bedrock_guard.errors import BedrockGuardError

if TYPE_CHECKING:
    import boto3

__all__ = ["Answer", "ModelQuestions", "Question", "forget_answers"]

Answer = Mapping[str, Any]
"""A response of botocore, without what is only about HTTP."""

_SHARE = 0.3
_SECONDS = 3.0
"""What one batch of questions may take: a share of what is left, and never more than this. A VPC that reaches only
bedrock-runtime lets these calls hang; the permissions must be asked about all the same."""

_KEPT_SECONDS = 300.0
_KEPT_ANSWERS = 256


@dataclass(frozen=True, slots=True)
class Question:
    """One read of Bedrock's control plane.

    Attributes:
        service: botocore's service name.
        operation: As boto3's client spells it, such as ``"get_inference_profile"``.
        action: The IAM action it is authorised as.
        resource: What it is about, for messages.
        params: Of the operation.
        lasting: Whether the answer stays true for as long as it is kept.
    """

    service: str
    operation: str
    action: str
    resource: str = "*"
    params: tuple[tuple[str, str | int], ...] = ()
    lasting: bool = False


class ModelQuestions:
    """The questions of one check and their answers.

    Args:
        calls: Session, Region and budget of the check.
        account: Whose credentials the session holds, 12 digits; empty while it is not known, and then nothing is taken
            from earlier checks or kept for later ones.
    """

    def __init__(self, calls: AwsCalls, *, account: str = "") -> None:
        self.region = calls.region
        self._whole = calls
        self._account = account
        self._answers: dict[Question, Answer | BedrockGuardError] = {}
        self._unreachable: BedrockGuardError | None = None

    def ask(self, questions: Sequence[Question]) -> list[Answer | BedrockGuardError]:
        """The answer to each question, or why there is none, in order.

        What was asked before in this check is not asked again. Once no question of a batch reached the service, none is
        sent any more: waiting for each would use up the time that the permissions need.
        """
        new = [question for question in dict.fromkeys(questions) if question not in self._answers]
        kept = _kept_for(self._whole.session) if self._may_keep else None
        for question in new:
            found = kept.get(self._key(question)) if kept is not None else None
            if found is not None:
                self._answers[question] = found
        unknown = [question for question in new if question not in self._answers]
        if self._unreachable is not None:
            self._answers.update(dict.fromkeys(unknown, self._unreachable))
        elif unknown:
            self._answers.update(zip(unknown, self._asked(unknown), strict=True))
            self._note_unreachable(unknown)
        for question in unknown:
            answer = self._answers[question]
            if kept is not None and question.lasting and not isinstance(answer, BedrockGuardError):
                kept.put(self._key(question), answer)
        return [self._answers[question] for question in questions]

    def answer(self, question: Question) -> Answer | BedrockGuardError | None:
        """What an earlier :meth:`ask` brought; None if it was not asked."""
        return self._answers.get(question)

    @property
    def _may_keep(self) -> bool:
        # With an API key in the environment, Bedrock is asked as the key's principal and not as the session's.
        return bool(self._account) and not os.environ.get(BEARER_VARIABLE)

    def _key(self, question: Question) -> tuple[str, str, Question]:
        return (self._account, self.region, question)

    def _asked(self, questions: Sequence[Question]) -> list[Answer | BedrockGuardError]:
        left = self._whole.budget.remaining()
        calls = AwsCalls(self._whole.session, self.region, Budget(min(left * _SHARE, _SECONDS)))
        actions = ", ".join(sorted({question.action for question in questions}))
        return calls.gather([partial(_call, calls, question) for question in questions], action=actions)

    def _note_unreachable(self, questions: Sequence[Question]) -> None:
        errors = [self._answers[question] for question in questions]
        cut_off = [e for e in errors if isinstance(e, CallError) and e.kind is FailureKind.UNREACHABLE]
        if len(cut_off) == len(errors):
            self._unreachable = cut_off[0]


def _call(calls: AwsCalls, question: Question) -> Answer:
    answer: Answer = calls.call(
        question.service,
        question.operation,
        action=question.action,
        resource=question.resource,
        **dict(question.params),
    )
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


class _Kept:
    """Answers by key, the oldest forgotten first. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str, Question], tuple[float, Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str, Question]) -> Answer | None:
        with self._lock:
            until, answer = self._kept.get(key, (0.0, None))
            return answer if until > self._clock() else None

    def put(self, key: tuple[str, str, Question], answer: Answer) -> None:
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (self._clock() + _KEPT_SECONDS, answer)
            while len(self._kept) > _KEPT_ANSWERS:
                self._kept.popitem(last=False)


# By session, since one session is one set of credentials; an entry goes when its session does.
_sessions: WeakKeyDictionary[boto3.Session, _Kept] = WeakKeyDictionary()
_sessions_lock = threading.Lock()


def _kept_for(session: boto3.Session) -> _Kept:
    with _sessions_lock:
        return _sessions.setdefault(session, _Kept())


def forget_answers() -> None:
    """Forgets what earlier checks in this process learned of profiles, routers and models."""
    with _sessions_lock:
        _sessions.clear()
