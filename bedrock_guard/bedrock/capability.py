"""A capability: one thing an app does with Bedrock, and what it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bedrock_guard.bedrock.operation_rules import ActionUse

__all__ = ["Capability", "merged"]


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing an app does with Bedrock.

    It holds what the task cannot do without: no reads that are only convenient, and nothing that an optional parameter
    brings. Where another task does more, it is another capability that includes this one.

    Attributes:
        name: ``"area.verb"``, such as ``"knowledge-bases.query"``.
        summary: One sentence: what the app can then do.
        operations: The operations it calls, as ``"service:Operation"``.
        actions: The actions it needs besides those of the operations, each with its source.
        includes: Names of the capabilities it holds as well.
        service_roles: The kinds of role it hands over, by the names of :mod:`bedrock_guard.bedrock.service_roles`.
        kinds: What an action of this capability is about, where its name does not say it or says too little: the action
            and the resource kinds, all of which are authorised.
        models: Ids of the models that its example is made with, where any model would not do.
        role_details: Kind of service role, and what the example's role is used with (``"model=…,bucket=…"``).
        notes: What else there is to know, such as what is the service role's part; each a sentence.
    """

    name: str
    summary: str
    operations: tuple[str, ...] = ()
    actions: tuple[ActionUse, ...] = ()
    includes: tuple[str, ...] = ()
    service_roles: tuple[str, ...] = ()
    kinds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    models: tuple[str, ...] = ()
    role_details: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    def kinds_of(self, action: str) -> tuple[str, ...]:
        """The resource kinds that ``action`` is asked about here; empty where its own name says it."""
        return dict(self.kinds).get(action, ())


def merged(own: Capability, included: Iterable[Capability]) -> Capability:
    """``own`` with everything of the capabilities that it includes; what it says itself goes before."""
    parts = (own, *included)
    actions = {(use.action, use.context): use for part in reversed(parts) for use in part.actions}
    kinds = {action: names for part in reversed(parts) for action, names in part.kinds}
    details = {kind: text for part in reversed(parts) for kind, text in part.role_details}
    return Capability(
        name=own.name,
        summary=own.summary,
        operations=tuple(dict.fromkeys(key for part in parts for key in part.operations)),
        actions=tuple(reversed(actions.values())),
        includes=own.includes,
        service_roles=tuple(dict.fromkeys(kind for part in parts for kind in part.service_roles)),
        kinds=tuple(kinds.items()),
        models=next((part.models for part in parts if part.models), ()),
        role_details=tuple(details.items()),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )
