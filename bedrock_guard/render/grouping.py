"""Findings that say the same about several actions or resources, put together without losing one of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from bedrock_guard.report import Finding

__all__ = ["Group", "grouped", "joined_reasons", "listed"]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that differ in nothing but their actions and resources; each action was asked on each resource.

    Attributes:
        findings: All of them; the first speaks for the rest.
        actions: Each once, in order.
        resources: Each once, in order.
    """

    findings: tuple[Finding, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def reasons(self) -> list[str]:
        return joined_reasons([reason for finding in self.findings for reason in finding.requirement.reasons])

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """Context keys and values that neither the resource nor the reason shows already."""
        return _conditions(self.first)


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """The findings by what they say, in order of first appearance."""
    by_action: dict[tuple[Hashable, str], list[Finding]] = {}
    for finding in findings:
        by_action.setdefault((_said(finding), finding.requirement.action), []).append(finding)
    by_resources: dict[tuple[Hashable, tuple[str, ...]], list[Finding]] = {}
    for (said, _), same in by_action.items():
        resources = tuple(dict.fromkeys(f.requirement.resource for f in same))
        by_resources.setdefault((said, resources), []).extend(same)
    return tuple(
        Group(tuple(same), tuple(dict.fromkeys(f.requirement.action for f in same)), resources)
        for (_, resources), same in by_resources.items()
    )


def _said(finding: Finding) -> Hashable:
    evidence = finding.evidence
    return (
        finding.requirement.principal,
        finding.decision,
        finding.code,
        finding.layer,
        finding.why,
        finding.also_denied_by,
        finding.retryable,
        evidence.statements,
        evidence.details,
        _conditions(finding),
    )


def _conditions(finding: Finding) -> tuple[tuple[str, str], ...]:
    requirement = finding.requirement
    shown = " ".join((requirement.resource, *requirement.reasons))
    return tuple(
        (key, listed(values))
        for key, values in requirement.context
        if not all(value.rsplit("/", 1)[-1] in shown for value in values)
    )


def joined_reasons(reasons: Sequence[str]) -> list[str]:
    """The reasons, those that differ in one word written as one.

    A reason reads ``<operation> with <model>, which also routes to <Region>``: those of one operation and model are
    joined by their Regions, and then those of several operations by their first word.
    """
    endings: dict[str, dict[str, dict[str, None]]] = {}
    for reason in reasons:
        head, _, tail = reason.partition(", ")
        known = endings.setdefault(head, {})
        if tail:
            start, _, last = tail.rpartition(" ")
            known.setdefault(start, {})[last] = None
    whole = [
        head + "".join(f", {start} {listed(last)}".replace("  ", " ") for start, last in known.items())
        for head, known in endings.items()
    ]
    return _joined_by_first_word(whole)


def _joined_by_first_word(reasons: Iterable[str]) -> list[str]:
    firsts: dict[str, list[str]] = {}
    for reason in reasons:
        first, _, rest = reason.partition(" ")
        firsts.setdefault(rest, []).append(first)
    return [f"{listed(first)} {rest}".rstrip() for rest, first in firsts.items()]


def listed(items: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last
