"""What is wrong with policies as they are written: names, keys and ARNs that cannot work, and traps. Pure.

A lint says nothing about whether a request is allowed, the evaluators do. It says of one statement that it does not do
what it looks like, with what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bedrock_guard.advice.lints.app_use import AppUse
from bedrock_guard.advice.lints.arns import lint_arns
from bedrock_guard.advice.lints.broken_arns import lint_broken_arns
from bedrock_guard.advice.lints.conditions import lint_conditions
from bedrock_guard.advice.lints.grants import lint_exclusions, lint_kms, lint_pass_role
from bedrock_guard.advice.lints.guardrails import lint_guardrails
from bedrock_guard.advice.lints.names import lint_names
from bedrock_guard.advice.lints.profiles import lint_profiles
from bedrock_guard.advice.lints.reading import Reading, read_statements
from bedrock_guard.advice.lints.region_locks import lint_region_locks
from bedrock_guard.advice.lints.streams import lint_streams
from bedrock_guard.bedrock.place import Place
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.report import Note

__all__ = ["lint_policies"]

_OF_ONE_STATEMENT: tuple[Callable[[Reading], Iterator[Note]], ...] = (
    lint_names,
    lint_conditions,
    lint_broken_arns,
    lint_arns,
    lint_guardrails,
    lint_region_locks,
    lint_exclusions,
)
_OF_ONE_POLICY: tuple[Callable[[Sequence[Reading]], Iterator[Note]], ...] = (lint_pass_role, lint_kms)
_OF_ALL: tuple[Callable[[Sequence[Reading]], Iterator[Note]], ...] = (lint_streams, lint_profiles)

_NOT_LINTED = (PolicyKind.TRUST, PolicyKind.AWS_MANAGED)
"""Trust policies have lints of their own; what is AWS's nobody else can mend, though its grants count."""


def lint_policies(
    policies: Sequence[Policy], *, partition: str, region: str, account: str, app: AppUse | None = None
) -> tuple[Note, ...]:
    """Everything that is wrong with these policies of one principal, each with its statement, in their order.

    Policies of the kinds that grant are read together: a model that one of them leaves out may be granted by another.

    Args:
        policies: Of any kinds. Nothing is said of trust policies and of AWS managed ones.
        partition: Where the app runs.
        region: The Region that it calls; the routes of inference profiles start there.
        account: 12 digits.
        app: What the app calls: of traps in the way of models that are served elsewhere or stream, those alone are
            noted that it falls into. None for any app.
    """
    place = Place(partition, region, account)
    by_policy = [read_statements(policy, place, app) for policy in policies if policy.kind is not PolicyKind.TRUST]
    every = [reading for readings in by_policy for reading in readings]
    notes = [note for reading in every for lint in _OF_ONE_STATEMENT for note in lint(reading)]
    notes += [note for readings in by_policy for lint in _OF_ONE_POLICY for note in lint(readings)]
    notes += [note for lint in _OF_ALL for note in lint(every)]
    return tuple(_in_order(notes, policies))


def _in_order(notes: Sequence[Note], policies: Sequence[Policy]) -> list[Note]:
    """The notes by policy, place and code, once each."""
    order = {(policy.name, policy.kind.value): index for index, policy in reversed(list(enumerate(policies)))}
    linted = {(policy.name, policy.kind.value) for policy in policies if policy.kind not in _NOT_LINTED}
    keyed: dict[Note, tuple[int, int, int, str]] = {}
    for note in notes:
        where = note.statement
        if where is not None and (where.policy, where.policy_type) in linted:
            keyed.setdefault(
                note, (order[where.policy, where.policy_type], where.line or 0, where.column or 0, note.code)
            )
    return sorted(keyed, key=lambda note: keyed[note])
