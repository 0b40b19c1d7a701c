"""Which statements of a policy name an action, found without looking at the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedrock_guard.iam.wildcard import Pattern, compile_pattern

if TYPE_CHECKING:
    from bedrock_guard.iam.policy import Statement

__all__ = ["ActionIndex"]


class _Names:
    """Action patterns: exact names in a set, the others by the service they begin with."""

    __slots__ = ("_anywhere", "_by_service", "_exact")

    def __init__(self) -> None:
        self._exact: dict[str, list[int]] = {}
        self._by_service: dict[str, list[tuple[Pattern, int]]] = {}
        self._anywhere: list[tuple[Pattern, int]] = []

    def add(self, pattern: str, index: int) -> None:
        pattern = pattern.lower()
        if "*" not in pattern and "?" not in pattern:
            self._exact.setdefault(pattern, []).append(index)
            return
        entry = (compile_pattern(pattern), index)
        service, colon, _ = pattern.partition(":")
        if colon and "*" not in service and "?" not in service:
            self._by_service.setdefault(service, []).append(entry)
        else:
            self._anywhere.append(entry)

    def find(self, action: str) -> set[int]:
        found = set(self._exact.get(action, ()))
        service = action.partition(":")[0]
        for patterns in (self._by_service.get(service, ()), self._anywhere):
            found.update(index for pattern, index in patterns if index not in found and pattern.matches(action))
        return found


class ActionIndex:
    """The statements of one policy by the actions they name."""

    __slots__ = ("_excluded", "_excluding", "_named")

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._named = _Names()
        self._excluded = _Names()
        self._excluding: list[int] = []
        for index, statement in enumerate(statements):
            if statement.not_actions is not None:
                self._excluding.append(index)
            for action in statement.actions or ():
                self._named.add(action, index)
            for action in statement.not_actions or ():
                self._excluded.add(action, index)

    def find(self, action: str) -> tuple[int, ...]:
        """The indexes of the statements that an action in lower case falls under, in order.

        Action names have no case. Source: reference_policies_elements_action.html, read 2026-11-24.
        """
        named = self._named.find(action)
        if self._excluding:
            excluded = self._excluded.find(action)
            named.update(index for index in self._excluding if index not in excluded)
        return tuple(sorted(named))
