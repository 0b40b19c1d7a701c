"""Arguments of a guard: what is usable of them, and a fault that names each value that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from bedrock_guard.errors import ConfigurationError

__all__ = [
    "DEFAULT_EVALUATORS",
    "EVALUATORS",
    "Diagnose",
    "Named",
    "OnUnverified",
    "checked_budget",
    "checked_diagnose",
    "checked_evaluators",
    "checked_outcome",
    "each",
    "joined",
    "listed",
    "named",
]

T = TypeVar("T")

Diagnose = Literal["message", "live"]
"""What an error of a guarded client is explained from: its own text, or what AWS says of the request as well."""

OnUnverified = Literal["warn", "raise", "ignore"]

EVALUATORS = ("simulator", "offline", "probe")
DEFAULT_EVALUATORS = ("simulator", "offline")
"""The probe calls Bedrock as the app would, and is asked for by name."""

_DIAGNOSES: tuple[Diagnose, ...] = ("message", "live")
_OUTCOMES: tuple[OnUnverified, ...] = ("warn", "raise", "ignore")


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and the ARNs that were given with it."""

    name: str
    resources: tuple[str, ...] = ()


def listed(
    name: str,
    values: Sequence[str | tuple[str, str]],
    faults: list[ConfigurationError],
    *,
    pairs: bool = False,
    verbatim: bool = False,
) -> list[Any]:
    """The entries of an argument that is a list of texts (or pairs), and a fault for every other.

    Args:
        name: Of the argument.
        values: Its value.
        faults: Is added to.
        pairs: Whether an entry may be a pair of texts.
        verbatim: Whether white space around a text is kept, for what the app sends as it is.
    """
    if isinstance(values, str):
        faults.append(
            ConfigurationError(f"{name}: {values!r} is one text; expected a list: [{values!r}]", code="BG504")
        )
        return []
    good: list[Any] = []
    for value in values:
        pair = (
            pairs
            and isinstance(value, (tuple, list))
            and len(value) == 2
            and all(isinstance(one, str) for one in value)
        )
        if isinstance(value, str) and value.strip():
            good.append(value if verbatim else value.strip())
        elif pair:
            good.append(tuple(value))
        else:
            form = f"a text or a pair ({name.removesuffix('s')}, ARN)" if pairs else "a text"
            faults.append(ConfigurationError(f"{name}: {value!r} is not usable; expected {form}", code="BG504"))
    return good


def named(name: str, values: Sequence[str | tuple[str, str]], faults: list[ConfigurationError]) -> list[Named]:
    """The names of an argument, each once with all ARNs that were given with it."""
    resources: dict[str, list[str]] = {}
    for entry in listed(name, values, faults, pairs=True):
        text, arn = (entry, None) if isinstance(entry, str) else entry
        resources.setdefault(text.strip(), []).extend([] if arn is None else [arn.strip()])
    return [Named(text, tuple(dict.fromkeys(arns))) for text, arns in resources.items()]


def each(values: Iterable[Any], faults: list[ConfigurationError], make: Callable[[Any], Iterable[T]]) -> list[T]:
    """What ``make`` makes of each value; what it refuses joins the faults."""
    made: list[T] = []
    for value in values:
        try:
            made.extend(make(value))
        except ConfigurationError as fault:
            faults.append(fault)
    return made


def joined(faults: Sequence[ConfigurationError]) -> ConfigurationError:
    """One error for all faults, so that a configuration is mended in one go."""
    if len(faults) == 1:
        return faults[0]
    lines = "\n".join(f"  {fault}" for fault in faults)
    return ConfigurationError(
        f"{len(faults)} names or values cannot be used:\n{lines}",
        suggestions=tuple(s for fault in faults for s in fault.suggestions),
        code=faults[0].code,
    )


def checked_evaluators(names: Sequence[str]) -> tuple[str, ...]:
    wrong = [name for name in names if name not in EVALUATORS]
    if isinstance(names, str) or wrong or not names:
        raise ConfigurationError(
            f"evaluators: {names!r}; expected a list, in order, of {', '.join(map(repr, EVALUATORS))}",
            code="BG504",
            suggestions=EVALUATORS,
        )
    return tuple(names)


def checked_budget(seconds: float) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
        raise ConfigurationError(f"budget_seconds: {seconds!r}; expected a number of seconds above 0", code="BG504")
    return float(seconds)


def checked_outcome(outcome: str) -> OnUnverified:
    return _one_of("on_unverified", outcome, _OUTCOMES)


def checked_diagnose(diagnose: str) -> Diagnose:
    return _one_of("diagnose", diagnose, _DIAGNOSES)


def _one_of(name: str, value: str, known: tuple[T, ...]) -> T:
    for one in known:
        if value == one:
            return one
    texts = [str(one) for one in known]
    raise ConfigurationError(
        f"{name}: {value!r}; expected one of {', '.join(map(repr, texts))}", code="BG504", suggestions=texts
    )
