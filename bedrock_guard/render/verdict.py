"""The first line of every report: how many of how many, for whom, where. It alone must tell."""

from __future__ import annotations

from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.render.grouping import Group, grouped
from bedrock_guard.render.neutral import neutral
from bedrock_guard.report import Note, PrincipalType, Report

__all__ = ["about_key", "render_line", "verdict"]

_LOG_LIMIT = 1024

_NAMED = 2
"""Principals that are named; more are counted."""

_ABOUT_KEY = ("BG420", "BG421", "BG423")


def about_key(report: Report) -> tuple[Note, ...]:
    """What is said before everything else: that calls are made with an API key and not as the principal."""
    return tuple(note for note in report.notes if note.code in _ABOUT_KEY)


def verdict(report: Report) -> str:
    """One line without its end: ``2 of 7 permissions are missing for arn:… in us-east-1``.

    Requirements that are advisory are not counted: a denial of one is no failure.
    """
    total = sum(not finding.requirement.advisory for finding in report.findings)
    denied, unverified = len(report.denied), len(report.unverified)
    about = f"for {_who(report)} in {neutral(report.region)}"
    if report.blocked:
        models = list(dict.fromkeys(one.model for one in report.blocked))
        named = neutral(models[0]) if len(models) == 1 else f"{len(models)} models"
        return f"Bedrock will refuse {named}; {_of_permissions(total, denied, unverified)} {about}"
    return f"{_of_permissions(total, denied, unverified)} {about}{_none_missing(denied, unverified)}"


def _none_missing(denied: int, unverified: int) -> str:
    return "; none is known to be missing" if unverified and not denied else ""


def _of_permissions(total: int, denied: int, unverified: int) -> str:
    if denied:
        also = f" and {unverified} could not be checked" if unverified else ""
        return f"{_of(denied, total)} {'is' if denied == 1 else 'are'} missing{also}"
    if unverified:
        return f"{_of(unverified, total)} could not be checked"
    if total == 0:
        return "no permission is needed for certain"
    return "the one permission needed is allowed" if total == 1 else f"all {total} permissions are allowed"


def render_line(report: Report, *, limit: int = _LOG_LIMIT) -> str:
    """The report in one line for a log: the verdict, then what is denied or unknown, as much as ``limit`` holds.

    Args:
        report: The report.
        limit: Characters; logs cut longer lines (1,024 is where CloudTrail cuts an error message).
    """
    line = " ".join([neutral(f"{note.code}: {note.text}") for note in about_key(report)] + [verdict(report)])
    if report.blocked:
        line += f": {neutral(report.blocked[0].code or '-')} {neutral(report.blocked[0].why)}"
    groups = grouped((*report.denied, *report.unverified))
    separator = "; " if report.blocked else ": "
    for index, group in enumerate(groups):
        left = len(groups) - index
        item = separator + _item(group)
        more = f"; and {left} more" if index else f": {left} kinds of finding"
        room = limit - (0 if left == 1 else len(f"; and {left - 1} more"))
        if len(line) + len(item) > room:
            line += more
            break
        line += item
        separator = "; "
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _item(group: Group) -> str:
    actions = group.actions[0] if len(group.actions) == 1 else f"{len(group.actions)} actions"
    resources = group.resources[0] if len(group.resources) == 1 else f"{len(group.resources)} resources"
    where = "" if resources == "*" else f" on {resources}"
    return neutral(f"{group.first.code or '-'} {actions}{where}, {group.first.why}")


def _of(count: int, total: int) -> str:
    return f"{count} of {total} permission{'' if total == 1 else 's'}"


def _who(report: Report) -> str:
    principal = report.principal
    if principal is None:
        return "a caller who could not be identified"
    if principal.type is PrincipalType.POLICY_FILES:
        return "the given policies"
    who = principal.policy_source_arn or principal.caller_arn
    asked = [finding.requirement for finding in report.findings if not finding.requirement.advisory]
    # What a trust policy answers is nobody's own permission, and stands with the caller who asked.
    named = [("" if is_trust(one) else one.principal) or who for one in asked] or [who]
    holders = sorted({who if one == principal.caller_arn else one for one in named}, key=lambda arn: arn != who)
    if len(holders) <= _NAMED:
        return " and ".join(neutral(one) for one in holders)
    return f"{neutral(who)} and {len(holders) - 1} other principals" if who in holders else f"{len(holders)} principals"
