"""A report as text for a person: verdict, findings, what to do, and what it rests on.

    2 of 5 permissions are missing for arn:aws:iam::123456789012:role/svc/app in us-east-1

    BG101  bedrock:InvokeModel  no policy allows it
           on   arn:aws:bedrock:us-west-2::foundation-model/…
           for  Converse with us.…, which also routes to us-west-2

    Add to a policy of the role app:
      {
        "Effect": "Allow",
        …

It fits the width where the ARNs do: an ARN or a snippet is never broken, since it is there to be copied.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.render.grouping import Group, grouped, listed
from bedrock_guard.render.limits import bare, limits, said_once, sentence
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.snippets import statements_text
from bedrock_guard.render.verdict import about_key, render_line, verdict
from bedrock_guard.report import AccessState, ModelAccess, Note, Remedy, Report

__all__ = ["neutral", "render_line", "render_text"]

_CODE = 7
"""Columns before an action; a code and two spaces."""
_LABEL = 5
_NARROWEST = 40

_OTHER_LAYERS = {
    Layer.IDENTITY: "no policy of the principal allows it either",
    Layer.BOUNDARY: "the permissions boundary denies it too",
    Layer.SCP: "a service control policy denies it too",
}

_ASK = {
    Layer.BOUNDARY: "the owner of the permissions boundary",
    Layer.SCP: "the owner of the organization's policies",
    Layer.RCP: "the owner of the organization's policies",
    Layer.SESSION: "whoever assumes the role with that session policy",
    Layer.VPC_ENDPOINT: "the owner of the VPC endpoint",
    Layer.RESOURCE: "the owner of the resource's policy",
    Layer.TRUST: "the owner of the role's trust policy",
}

# Select Graphic Rendition parameters (ECMA-48): bold red, bold yellow, bold green, bold, dim.
_RED, _YELLOW, _GREEN, _BOLD, _DIM = "1;31", "1;33", "1;32", "1", "2"


@dataclass(frozen=True, slots=True)
class _Page:
    """Where lines are laid out: how wide, and whether in colour."""

    width: int
    colour: bool

    def paint(self, text: str, rendition: str) -> str:
        return f"\x1b[{rendition}m{text}\x1b[0m" if self.colour and text else text

    def wrap(self, text: str, indent: int = 0, *, first: str | None = None) -> list[str]:
        """``text`` in lines no wider than the page unless a word is; the first after ``first``."""
        return textwrap.wrap(
            text,
            max(self.width, indent + 20),
            initial_indent=" " * indent if first is None else first,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def render_text(report: Report, *, width: int = 80, colour: bool = False) -> str:
    """The report as lines of text without a final line end; everything in it that came from outside is neutralised.

    Args:
        report: The report.
        width: Columns to fit where the ARNs allow it; at least 40 are taken.
        colour: Whether to mark with ANSI renditions; only for a terminal.
    """
    page = _Page(max(width, _NARROWEST), colour)
    key = [line for note in about_key(report) for line in page.wrap(neutral(f"{note.code}: {note.text}"))]
    parts = [[*key, page.paint(verdict(report), _rendition(report))]]
    parts += _findings(report, page)
    parts += _access(report, page)
    parts += _remedies(report, page)
    parts.append(_notes(report, page) + page.wrap(limits(report)))
    if report.denied or report.unverified or report.blocked:
        parts[-1] += page.wrap("What a code means: docs/codes, or bedrock-guard list codes.")
    return "\n\n".join("\n".join(part) for part in parts if part)


def _rendition(report: Report) -> str:
    return {0: _GREEN, 1: _RED}.get(report.exit_code, _YELLOW)


# -- findings -------------------------------------------------------------------------------------------------------


def _findings(report: Report, page: _Page) -> list[list[str]]:
    denied = grouped(sorted(report.denied, key=lambda finding: finding.code or ""))
    unverified = grouped(report.unverified)
    unsettled = grouped(f for f in report.findings if f.requirement.advisory and f.decision is not Decision.ALLOWED)
    parts = []
    if denied:
        parts.append(_section(report, denied, page, _RED))
    if unverified:
        heading = _heading("Could not be checked, so neither granted nor missing:", page) if denied else []
        parts.append(heading + _section(report, unverified, page, _YELLOW))
    if not denied and not unverified:
        parts.append(_section(report, grouped(f for f in report.allowed if not f.requirement.advisory), page, _GREEN))
    if unsettled:
        heading = _heading("Not granted, and AWS's documentation does not settle whether it is needed:", page)
        parts.append(heading + _section(report, unsettled, page, _YELLOW))
    return parts


def _heading(text: str, page: _Page) -> list[str]:
    return [page.paint(line, _BOLD) for line in page.wrap(text)]


def _section(report: Report, groups: Sequence[Group], page: _Page, rendition: str) -> list[str]:
    column = max((len(action) for group in groups for action in group.actions), default=0)
    return [line for group in groups for line in _group(report, group, column, page, rendition)]


def _group(report: Report, group: Group, column: int, page: _Page, rendition: str) -> list[str]:
    first = group.first
    lines = _headline(group, column, page, rendition)
    lines += _labelled("on", [_resource(r) for r in group.resources], page, whole=True)
    lines += _labelled(
        "as", [neutral(first.requirement.principal)] if first.requirement.principal else [], page, whole=True
    )
    lines += _labelled("if", [neutral(f"{key} is {value}") for key, value in group.conditions], page)
    lines += _labelled("for", [neutral(reason) for reason in group.reasons], page)
    if first.decision is Decision.ALLOWED:
        return lines
    if first.decision is Decision.EXPLICIT_DENY:
        lines += _labelled("by", [neutral(str(s)) for s in first.evidence.statements], page)
    for said in _sentences(report, group):
        lines += page.wrap(said, _CODE)
    return lines


def _headline(group: Group, column: int, page: _Page, rendition: str) -> list[str]:
    """Code, first action and why on one line where they fit; the other actions below."""
    first = group.first
    allowed = first.decision is Decision.ALLOWED
    code = neutral("ok" if allowed else first.code or "")
    why = "" if allowed else neutral(first.why)
    action, *others = (neutral(one) for one in group.actions)
    head = page.paint(code, rendition) + " " * max(1, _CODE - len(code))
    below = [" " * _CODE + page.paint(other, _BOLD) for other in others]
    if _CODE + column + 2 + len(why) <= page.width:
        line = head + page.paint(action, _BOLD) + " " * (column - len(action) + 2) + why
        return [line.rstrip(), *below]
    return [head + page.paint(action, _BOLD), *below, *page.wrap(why, _CODE)]


def _labelled(label: str, items: Iterable[str], page: _Page, *, whole: bool = False) -> list[str]:
    """The items one below the other after the label; ``whole`` ones are never broken."""
    indent = _CODE + _LABEL
    lines = [line for item in items for line in ([" " * indent + item] if whole else page.wrap(item, indent))]
    if lines:
        lines[0] = " " * _CODE + page.paint(label, _DIM) + " " * (_LABEL - len(label)) + lines[0][indent:]
    return lines


def _resource(resource: str) -> str:
    return "* (the action is not granted on single resources)" if resource == "*" else neutral(resource)


def _sentences(report: Report, group: Group) -> Iterable[str]:
    """What else is to be known about a finding that is not a yes."""
    first = group.first
    others = _allowed_elsewhere(report, group)
    if others:
        yield f"It is allowed on {others} other resource{'' if others == 1 else 's'} of this check."
    for layer in first.also_denied_by:
        yield f"Behind that, {_OTHER_LAYERS.get(layer, f'another layer ({layer.value}) denies it too')}."
    noted = {bare(note.text) for note in report.notes} | {bare(detail) for detail in said_once(report)}
    for detail in first.evidence.details:
        if bare(detail) not in noted and detail != first.why:
            yield sentence(detail)
    if first.denied and first.layer in _ASK and not any(first.code in remedy.codes for remedy in report.remedies):
        yield f"An Allow in the principal's own policies will not help: ask {_ASK[first.layer]}."
    if first.retryable:
        yield "This may clear by itself: asking again later may answer otherwise."


def _allowed_elsewhere(report: Report, group: Group) -> int:
    if len(group.actions) > 1:
        return 0
    asked = group.first.requirement
    same = [f.requirement for f in report.allowed if f.requirement.principal == asked.principal]
    return len({one.resource for one in same if one.action == asked.action})


# -- what Bedrock says, whatever IAM allows -------------------------------------------------------------------------


_STATES = {
    AccessState.BLOCKED: ("Bedrock itself will refuse, whatever IAM allows:", _RED),
    AccessState.WARNING: ("Bedrock itself may refuse, whatever IAM allows:", _YELLOW),
}


def _access(report: Report, page: _Page) -> list[list[str]]:
    parts = []
    for state, (heading, rendition) in _STATES.items():
        found = [one for one in report.access if one.state is state]
        if found:
            parts.append(_heading(heading, page) + [line for one in found for line in _of_model(one, page, rendition)])
    unknown = [one for one in report.access if one.state is AccessState.UNVERIFIED and one.why]
    said: dict[tuple[str | None, str], list[str]] = {}
    for one in unknown:
        said.setdefault((one.code, one.why), []).append(one.model)
    if unknown:
        lines = [
            line
            for (code, why), models in said.items()
            for line in page.wrap(neutral(f"{code}: Whether Bedrock serves {listed(models)} is not known: {why}."))
        ]
        parts.append(lines)
    return parts


def _of_model(one: ModelAccess, page: _Page, rendition: str) -> list[str]:
    code = neutral(one.code or "")
    head = page.paint(code, rendition) + " " * max(1, _CODE - len(code)) + page.paint(neutral(one.model), _BOLD)
    source = [f"Said by {one.source}."] if one.source else []
    return [head, *(line for said in (sentence(one.why), *source) for line in page.wrap(neutral(said), _CODE))]


# -- what to do, and what it rests on -------------------------------------------------------------------------------


def _remedies(report: Report, page: _Page) -> list[list[str]]:
    numbered = len(report.remedies) > 1
    return [
        _remedy(remedy, f"{number}. " if numbered else "", page) for number, remedy in enumerate(report.remedies, 1)
    ]


def _remedy(remedy: Remedy, number: str, page: _Page) -> list[str]:
    lines = page.wrap(neutral(remedy.text), len(number), first=number)
    if remedy.statements:
        lines += statements_text(remedy.statements, indent="  ").splitlines()
    if remedy.opens:
        lines += page.wrap(neutral(f"This also allows {remedy.opens}"))
    return lines


def _notes(report: Report, page: _Page) -> list[str]:
    notes = [note for note in report.notes if note not in about_key(report)]
    return [line for note in notes for line in page.wrap(neutral(f"{note.code}: {_note(note)}"))]


def _note(note: Note) -> str:
    return note.text if note.statement is None else f"{note.statement}: {note.text}"
