"""Reports without what identifies people and accounts: the same original has the same mask, ``ACCOUNT-1``. Pure.

    User: arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1 is not authorized to perform: bedrock:Retrieve on
    resource: arn:aws:bedrock:us-east-1:ACCOUNT-1:knowledge-base/KB12345678

A mask is none of AWS's forms, so that a masked policy cannot pass for a real one, and redacting twice changes nothing.
What is masked and what is not is a page of the documentation, docs/redaction.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from bedrock_guard.errors import BedrockGuardError, ConfigurationError
from bedrock_guard.render.identifiers import (
    MASK,
    Kind,
    canonical,
    field_kind,
    masked_by_form,
    masked_by_place,
    role_names,
)
from bedrock_guard.report import Note, Remedy, Report

__all__ = ["VARIABLE", "Redaction", "errors_redacted", "is_wanted"]

VARIABLE = "BEDROCK_GUARD_REDACT"
"""The environment variable of the setting."""

_CODE = "BG505"

_T = TypeVar("_T")
_Error = TypeVar("_Error", bound=BedrockGuardError)

# Fields of this package's values that hold nothing from outside, and whose form is promised to readers.
_FIXED = frozenset({"checked_at", "code", "codes", "schema_version"})
_CONTEXT = "context"

_PLURALS = {
    Kind.ACCOUNT: "account ids",
    Kind.SESSION: "session names",
    Kind.PRINCIPAL_ID: "unique ids of principals",
    Kind.ACCESS_KEY: "access key ids",
    Kind.EMAIL: "mail addresses",
    Kind.ORG: "organization ids",
    Kind.ROOT: "organization roots",
    Kind.OU: "organizational units",
    Kind.REQUEST: "request ids",
    Kind.AUTHORIZATION: "authorization ids",
    Kind.ENCODED_MESSAGE: "encoded messages",
    Kind.IP: "IP addresses",
    Kind.UUID: "other UUIDs",
}


class Redaction:
    """Masks for one report or diagnosis: the same original gets the same mask in all that one instance is given.

    What is given in one piece (:meth:`tree`, :meth:`report`) is read as a whole first, so that a name which shows what
    it is in one place is masked in every other.
    """

    def __init__(self) -> None:
        self._masks: dict[str, str] = {}
        self._counts: dict[Kind, int] = {}
        self._taken: set[str] = set()
        self._roles: set[str] = set()

    def text(self, value: str) -> str:
        """The text with a mask in place of every identifier; everything else is as it was."""
        self._note(value)
        return self._masked(value)

    def tree(self, value: _T) -> _T:
        """A masked copy of JSON values, or of values and errors of this package, of the same shape and type.

        A field's name counts (``request_id``, ``aws:SourceIdentity``). Keys of mappings are masked too where they hold
        an identifier. Numbers stay, but for a number that is an account's id, which becomes a text. A report or a
        diagnosis gains its note, and a remedy whose statements hold masks says so.
        """
        strings = [(name, text) for name, text in _strings(value, "")]
        for _, text in strings:
            self._note(text)
        for name, text in strings:
            self._learn(name, text)
        return cast(_T, self._copied(value, ""))

    def report(self, report: Report) -> Report:
        """A masked copy, with a note that says so; the same report where there is nothing to mask."""
        return self.tree(report)

    def error(self, error: _Error) -> _Error:
        """A copy of the error without a cause, its message, report and other data masked."""
        copy = type(error).__new__(type(error))
        copy.args, state = self.tree((error.args, error.__dict__))
        copy.__dict__.update(state)
        return copy

    # -- what is known --------------------------------------------------------------------------------------------

    def _note(self, text: str) -> None:
        """Keeps in mind what must not be given away as a new mask, and the roles' names."""
        self._taken.update(match[0] for match in MASK.finditer(text))
        self._roles.update(role_names(text))

    def _learn(self, name: str, text: str) -> None:
        kind = field_kind(name, text)
        if kind is None:
            masked_by_place(text, self._mask)
        else:
            self._mask(kind, text)

    def _mask(self, kind: Kind, original: str) -> str:
        if MASK.fullmatch(original):
            return original
        key = canonical(original, kind)
        if key not in self._masks:
            self._masks[key] = self._new(kind)
        return self._masks[key]

    def _new(self, kind: Kind) -> str:
        while True:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            mask = f"{kind.value}-{number}"
            if mask not in self._taken:
                return mask

    def _known(self, original: str) -> str | None:
        key = canonical(original, Kind.SESSION)
        return None if key in self._roles else self._masks.get(key)

    # -- copies ---------------------------------------------------------------------------------------------------

    def _masked(self, text: str) -> str:
        return masked_by_form(masked_by_place(text, self._mask), self._mask, self._known)

    def _field(self, name: str, text: str) -> str:
        kind = field_kind(name, text)
        return self._masked(text) if kind is None else self._mask(kind, text)

    def _copied(self, value: Any, name: str) -> Any:
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self._field(name, value)
        if isinstance(value, int) and _is_account(value, name):
            return self._mask(Kind.ACCOUNT, f"{value:012}")
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, (list, tuple)):
            return type(value)(self._copied(one, name) for one in value)
        if isinstance(value, BedrockGuardError):
            return self.error(value)
        return self._value(value) if is_dataclass(value) else value

    def _mapping(self, value: Mapping[Any, Any]) -> dict[Any, Any]:
        copy: dict[Any, Any] = {}
        for key, one in value.items():
            masked = self._masked(key) if isinstance(key, str) else key
            while masked in copy:  # one account written in two ways
                masked += "'"
            copy[masked] = self._copied(one, key if isinstance(key, str) else "")
        return copy

    def _value(self, value: Any) -> Any:
        changes = {
            field.name: self._copied(getattr(value, field.name), field.name)
            for field in fields(value)
            if field.init and field.name not in _FIXED
        }
        if isinstance(changes.get(_CONTEXT), tuple):
            changes[_CONTEXT] = tuple((key, self._copied(values, key)) for key, values in getattr(value, _CONTEXT))
        copy = replace(value, **changes)
        if isinstance(copy, Remedy):
            return self._marked(copy, value)
        return self._noted(copy, value) if isinstance(changes.get("notes"), tuple) else copy

    def _marked(self, copy: Remedy, original: Remedy) -> Remedy:
        """The remedy, with a word on the masks in its statements: what is pasted with them grants nothing."""
        statements = json.dumps(copy.statements)
        if statements == json.dumps(original.statements):
            return copy
        given = set(self._masks.values())
        masks = [mask for mask in dict.fromkeys(match[0] for match in MASK.finditer(statements)) if mask in given]
        are, values = ("is", "value") if len(masks) == 1 else ("are", "values")
        said = f"{_listed(masks)} in it {are} masked: put the real {values} back before use"
        if copy.text.endswith(":"):
            return replace(copy, text=f"{copy.text[:-1]} ({said}):")
        return replace(copy, text=f"{copy.text} {said}.")

    def _noted(self, copy: Any, original: Any) -> Any:
        """The report or diagnosis, with a note on what is masked in it; the original where nothing is."""
        if copy.to_dict() == original.to_dict():
            return original
        masked = [plural for kind, plural in _PLURALS.items() if kind in self._counts]
        text = (
            f"Masked here: {_listed(masked)}. The same mask stands for the same value throughout; policy statements "
            "that hold one cannot be used until the real values are put back."
        )
        return replace(copy, notes=(*copy.notes, Note(_CODE, text)))


def _strings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Each string of a tree, with the name of its field; of a list, the field that the list stands in."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield name, value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one, name)
    else:
        for key, one in _members(value):
            yield from _strings(one, key if isinstance(key, str) else "")
            if isinstance(value, Mapping) and isinstance(key, str):
                yield "", key


def _members(value: Any) -> Iterable[tuple[Any, Any]]:
    """Names and values of a mapping or of a value of this package; none of anything else."""
    if isinstance(value, Mapping):
        return value.items()
    if isinstance(value, BedrockGuardError):
        return [("", value.args), *value.__dict__.items()]
    if not is_dataclass(value):
        return ()
    members = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(members.get(_CONTEXT), tuple):
        members[_CONTEXT] = dict(members[_CONTEXT])
    return members.items()


def _is_account(value: int, name: str) -> bool:
    return "account" in name.lower() and 10**10 <= value < 10**12


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# -- the setting ------------------------------------------------------------------------------------------------------

_YES = ("1", "true", "yes", "on")
_NO = ("", "0", "false", "no", "off")


def is_wanted(*, given: bool | None, environment: Mapping[str, str]) -> bool:
    """Whether output is to be redacted: as the argument says, else as the environment variable does, else not.

    Raises:
        ConfigurationError: The variable holds neither a yes nor a no; a typing error must print nothing.
    """
    if given is not None:
        return bool(given)
    value = environment.get(VARIABLE, "").strip().lower()
    if value in _YES or value in _NO:
        return value in _YES
    raise ConfigurationError(
        f"{VARIABLE}: {value[:40]!r}; expected one of {', '.join((*_YES, *_NO[1:]))}", code="BG504"
    )


@contextmanager
def errors_redacted(*, wanted: bool) -> Iterator[None]:
    """Raises what this package raises inside masked and without its cause, which AWS wrote; as it is if not wanted."""
    try:
        yield
    except BedrockGuardError as error:
        if not wanted:
            raise
        raise Redaction().error(error) from None
