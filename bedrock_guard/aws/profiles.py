"""The former name of :mod:`bedrock_guard.aws.routing`."""

from __future__ import annotations

from collections.abc import Sequence

from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.model_questions import ModelQuestions
from bedrock_guard.aws.routing import _Found
from bedrock_guard.aws.routing import destinations_of as _destinations_of
from bedrock_guard.bedrock.models import ModelRef
from bedrock_guard.report import Note

__all__ = ["destinations_of"]


def destinations_of(
    calls: AwsCalls, models: Sequence[tuple[str, ModelRef]], *, may_ask: bool = True
) -> tuple[_Found, tuple[Note, ...]]:
    """As :func:`bedrock_guard.aws.routing.destinations_of`, nothing kept for later checks."""
    return _destinations_of(ModelQuestions(calls), models, may_ask=may_ask)
