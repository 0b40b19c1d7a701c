"""What each key of a configuration may hold: a parsed table to settings, and a fault for whatever cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from bedrock_guard.advice.context_keys import require_keys_that_exist
from bedrock_guard.arguments import EVALUATORS, Diagnose, OnUnverified, checked_budget
from bedrock_guard.aws.context import checked_context, normalise_context
from bedrock_guard.aws.session import checked_region
from bedrock_guard.bedrock.catalogue import Operation, find_operation
from bedrock_guard.bedrock.service_roles import find_role_kind
from bedrock_guard.bedrock.suggestions import nearest, no_such_name
from bedrock_guard.configuration.faults import Faults, separate
from bedrock_guard.configuration.parameter_places import place_in
from bedrock_guard.configuration.positions import KeyPath
from bedrock_guard.configuration.settings import KEYS, Settings
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.requirements import Declaration

__all__ = ["settings_of"]

_Reader = Callable[[Any, KeyPath, Faults], Any]

_SHOWN = 60
"""Characters of a value that a message shows."""

_ELSEWHERE = {
    "policies": "policy documents are given to Guard or with --policy-file",
    "profile": "which credentials are used is a machine's affair: AWS_PROFILE or --profile",
    "session": "a session is given to Guard",
    "tool": "in a file that is not called pyproject.toml the keys stand at the top, without [tool.bedrock_guard]",
}
"""Keys that somebody may expect here, and where what they are about is said instead."""


def settings_of(table: Mapping[str, Any], path: KeyPath, faults: Faults) -> Settings:
    """The settings of a parsed table; what is not usable is noted in ``faults`` and left out.

    Args:
        table: As the parser gives it.
        path: The table's own path in the text.
        faults: Where to note what is wrong.
    """
    large = list(_beyond_64_bits(table, path))
    for place in large:
        faults.at_value(place, "a number of more than 64 bits")
    if large:
        return Settings()
    read: dict[str, Any] = {}
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            _unknown_key(key, KEYS, (*path, key), faults, elsewhere=_ELSEWHERE)
        else:
            read[key] = reader(value, (*path, key), faults)
    _agree(read, path, faults)
    return Settings(**read)


def _agree(read: Mapping[str, Any], path: KeyPath, faults: Faults) -> None:
    """Notes where the context says another Region than the configuration."""
    region = read.get("region")
    for key, values in (read.get("context") or {}).items():
        _accepted(faults, (*path, "context", key), _check_region, {key: values}, region)


def _check_region(context: Mapping[str, tuple[str, ...]], region: str | None) -> None:
    checked_context(context, (), region=region)


# -- what is a list of texts ------------------------------------------------------------------------------------------


def _models(value: Any, path: KeyPath, faults: Faults) -> tuple[str, ...] | None:
    return _texts(value, path, faults, "…", _declared("models"))


def _evaluators(value: Any, path: KeyPath, faults: Faults) -> tuple[str, ...] | None:
    if value == []:
        faults.at_value(path, "evaluators: an empty list", f"some of {', '.join(map(repr, EVALUATORS))}, in order")
        return None
    return _texts(value, path, faults, "…", _one_of(EVALUATORS))


def _service_roles(value: Any, path: KeyPath, faults: Faults) -> tuple[str, ...] | None:
    if not isinstance(value, dict):
        return _texts(value, path, faults, "KIND=ARN", _declared("service_roles"))
    roles = []
    for kind, arn in value.items():
        place = (*path, kind)
        text = _text(arn, place, faults) if _accepted(faults, place, find_role_kind, kind, at_key=True) else None
        if text is not None and _accepted(faults, place, _declared("service_roles"), f"{kind}={text}"):
            roles.append(f"{kind}={text}")
    return tuple(roles)


def _texts(
    value: Any, path: KeyPath, faults: Faults, form: str, check: Callable[[str], object]
) -> tuple[str, ...] | None:
    good = []
    for index, one in _entries(value, path, faults, f'["{form}"]'):
        # As it is: white space around a model is sent with a call, and is the check's to judge.
        if _text(one, (*path, index), faults) is not None and _accepted(faults, (*path, index), check, one):
            good.append(one)
    return tuple(good)


def _entries(value: Any, path: KeyPath, faults: Faults, form: str) -> Iterable[tuple[int, Any]]:
    if isinstance(value, list):
        return enumerate(value)
    shown = form.replace("…", value, 1) if isinstance(value, str) and "…" in form else form
    faults.at_value(path, f"{path[-1]}: {_what(value)}", f"a list: {shown}")
    return ()


# -- what is a list of names and resources -----------------------------------------------------------------------------


def _named(argument: str) -> _Reader:
    """Reads an argument that is a list of names, each alone or with an ARN."""

    def read(value: Any, path: KeyPath, faults: Faults) -> tuple[str | tuple[str, str], ...] | None:
        good = []
        for index, one in _entries(value, path, faults, '["…"]'):
            entry = _name_or_pair(one, (*path, index), faults)
            if entry is not None and _accepted(faults, (*path, index), _declared(argument), entry):
                good.append(entry)
        return tuple(good)

    return read


def _name_or_pair(value: Any, path: KeyPath, faults: Faults) -> str | tuple[str, str] | None:
    """``"NAME"``, ``"NAME@ARN"`` as on the command line, or ``["NAME", "ARN"]``."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) and one.strip() for one in value):
        return value[0].strip(), value[1].strip()
    if not isinstance(value, str) or not value.strip():
        faults.at_value(path, f"{path[-2]}: {_what(value)}", '"NAME", "NAME@ARN" or ["NAME", "ARN"]')
        return None
    name, at, arn = value.partition("@")
    if at and not (name.strip() and arn.strip()):
        faults.at_value(path, f"{path[-2]}: {_what(value)}", "a name before the @ and an ARN behind it")
        return None
    return (name.strip(), arn.strip()) if at else name.strip()


def _requests(value: Any, path: KeyPath, faults: Faults) -> tuple[tuple[str, Mapping[str, Any]], ...] | None:
    good = []
    for index, one in _entries(value, path, faults, '[{ operation = "converse", parameters = { modelId = "…" } }]'):
        request = _request(one, (*path, index), faults)
        if request is not None:
            good.append(request)
    return tuple(good)


def _request(value: Any, path: KeyPath, faults: Faults) -> tuple[str, Mapping[str, Any]] | None:
    if not isinstance(value, dict):
        faults.at_value(path, f"requests: {_what(value)}", 'a table: { operation = "…", parameters = { … } }')
        return None
    known = ("operation", "parameters")
    for key in [key for key in value if key not in known]:
        _unknown_key(key, known, (*path, key), faults)
    parameters = value.get("parameters", {})
    if not isinstance(parameters, dict):
        faults.at_value((*path, "parameters"), f"parameters: {_what(parameters)}", "a table")
    if "operation" not in value:
        faults.at_value(path, "requests: a call without its operation", 'operation = "converse", or another')
        return None
    operation = _text(value["operation"], (*path, "operation"), faults)
    if operation is None or not _accepted(faults, (*path, "operation"), find_operation, operation):
        return None
    if not isinstance(parameters, dict):
        return None
    try:
        Declaration.of(requests=[(operation, parameters)], is_newer=_is_newer)
    except ConfigurationError as error:
        for one in separate(error):
            inner, at_key = place_in(parameters, str(one))
            faults.refused((*path, "parameters", *inner), one, at_key=at_key)
        return None
    return operation, parameters


# -- what is a table --------------------------------------------------------------------------------------------------


def _context(value: Any, path: KeyPath, faults: Faults) -> dict[str, tuple[str, ...]] | None:
    if not isinstance(value, dict):
        faults.at_value(path, f"context: {_what(value)}", 'a table: { "aws:SourceVpce" = "vpce-1a2b3c4d" }')
        return None
    context: dict[str, tuple[str, ...]] = {}
    for key, values in value.items():
        place = (*path, key)
        if isinstance(values, dict):
            faults.at_key(place, f"context: {key!r} is a table", 'the whole key in quotes: "aws:SourceVpce" = "…"')
        elif _accepted(faults, place, _check_context_key, key, context, at_key=True) and _accepted(
            faults, place, normalise_context, {key: values}
        ):
            context |= normalise_context({key: values})
    return context


def _check_context_key(key: str, others: Mapping[str, tuple[str, ...]]) -> None:
    normalise_context({**others, key: "…"})
    require_keys_that_exist([key])


# -- what is one value ------------------------------------------------------------------------------------------------


def _one(check: Callable[[str], object]) -> _Reader:
    """Reads a text that ``check`` does not refuse."""

    def read(value: Any, path: KeyPath, faults: Faults) -> str | None:
        text = _text(value, path, faults)
        return text if text is not None and _accepted(faults, path, check, text) else None

    return read


def _seconds(value: Any, path: KeyPath, faults: Faults) -> float | None:
    return float(value) if _accepted(faults, path, checked_budget, value) else None


def _boolean(value: Any, path: KeyPath, faults: Faults) -> bool | None:
    if isinstance(value, bool):
        return value
    faults.at_value(path, f"{path[-1]}: {_what(value)}", "true or false")
    return None


def _text(value: Any, path: KeyPath, faults: Faults) -> str | None:
    if isinstance(value, str) and value.strip():
        return value.strip()
    key = next(part for part in reversed(path) if isinstance(part, str))
    faults.at_value(path, f"{key}: {_what(value)}", "a text")
    return None


def _beyond_64_bits(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Where integers are that TOML does not promise; Python takes them, and may not be able to write them down."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        yield path
    elif isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _beyond_64_bits(inner, (*path, key))


# -- checks and words -------------------------------------------------------------------------------------------------


def _accepted(
    faults: Faults, path: KeyPath, check: Callable[..., object], *values: object, at_key: bool = False
) -> bool:
    """Whether the room that knows such values takes these; what it says else is a fault."""
    try:
        check(*values)
    except ConfigurationError as error:
        for one in separate(error):
            faults.refused(path, one, at_key=at_key)
        return False
    return True


def _declared(argument: str) -> Callable[[Any], object]:
    """Checks one entry of a guard's argument as the guard does."""
    declare: Callable[..., object] = Declaration.of
    return lambda entry: declare(**{argument: [entry]})


def _is_newer(operation: Operation, path: str) -> bool:
    from bedrock_guard.aws.installed_models import knows_parameter

    return knows_parameter(operation, path)


def _one_of(known: tuple[str, ...]) -> Callable[[str], None]:
    """Checks that a text is one of those known; what refuses it names the nearest."""

    def check(text: str) -> None:
        if text not in known:
            message = f"{text[:_SHOWN]!r} is none of {', '.join(map(repr, known))}"
            raise no_such_name(message, nearest(text.lower(), known, count=1))

    return check


def _unknown_key(
    key: str, known: tuple[str, ...], path: KeyPath, faults: Faults, *, elsewhere: Mapping[str, str] | None = None
) -> None:
    message = f"there is no key {key[:_SHOWN]!r}"
    if elsewhere and key in elsewhere:
        faults.at_key(path, f"{message}: {elsewhere[key]}")
        return
    near = nearest(key[:_SHOWN].lower().replace("-", "_"), known, count=1)
    faults.suggestions.extend(near)
    hint = f"; did you mean {near[0]}?" if near else f"; the keys are {', '.join(known)}"
    faults.at_key(path, message + hint)


def _what(value: Any) -> str:
    """What a value is, in words of TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if not value.strip():
            return "an empty text"
        shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        return f"the text {shown!r}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else "a date or time"


_READERS: Mapping[str, _Reader] = {
    "models": _models,
    "operations": _named("operations"),
    "capabilities": _named("capabilities"),
    "actions": _named("actions"),
    "requests": _requests,
    "service_roles": _service_roles,
    "region": _one(checked_region),
    "principal_arn": _one(principal_from_arn),
    "context": _context,
    "evaluators": _evaluators,
    "budget_seconds": _seconds,
    "on_unverified": _one(_one_of(get_args(OnUnverified))),
    "check_model_access": _boolean,
    "redact": _boolean,
    "diagnose": _one(_one_of(get_args(Diagnose))),
}
