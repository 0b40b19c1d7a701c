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

from collections.abc import Iterable, Sequence

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.render.grouping import Group, grouped, listed
from bedrock_guard.render.limits import bare, limits, said_once, sentence
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.page import BOLD, CODE_WIDTH, GREEN, NARROWEST, RED, YELLOW, Page, labelled, remedy_parts
from bedrock_guard.render.verdict import about_key, render_line, verdict
from bedrock_guard.report import AccessState, ModelAccess, Note, Report

__all__ = ["finding_parts", "neutral", "render_line", "render_text"]

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


def render_text(report: Report, *, width: int = 80, colour: bool = False) -> str:
    """The report as lines of text without a final line end; everything in it that came from outside is neutralised.

    Args:
        report: The report.
        width: Columns to fit where the ARNs allow it; at least 40 are taken.
        colour: Whether to mark with ANSI renditions; only for a terminal.
    """
    page = Page(max(width, NARROWEST), colour)
    key = [line for note in about_key(report) for line in page.wrap(neutral(f"{note.code}: {note.text}"))]
    parts = [[*key, page.paint(verdict(report), _rendition(report))]]
    parts += finding_parts(report, page)
    parts += _access(report, page)
    parts += remedy_parts(report.remedies, page)
    parts.append(_notes(report, page) + page.wrap(limits(report)))
    if report.denied or report.unverified or report.blocked:
        parts[-1] += page.wrap(f"What a code means: bedrock-guard explain {_a_code(report)}")
    return "\n\n".join("\n".join(part) for part in parts if part)


def _a_code(report: Report) -> str:
    """A code of the report, to show how one is looked up."""
    codes = [*(one.code for one in (*report.denied, *report.unverified)), *(one.code for one in report.blocked)]
    return neutral(next((code for code in codes if code), "CODE"))


def _rendition(report: Report) -> str:
    return {0: GREEN, 1: RED}.get(report.exit_code, YELLOW)


# -- findings -------------------------------------------------------------------------------------------------------


def finding_parts(report: Report, page: Page) -> list[list[str]]:
    """What is denied, what could not be checked, and what is unsettled; what is allowed where there is nothing else."""
    denied = grouped(sorted(report.denied, key=lambda finding: finding.code or ""))
    unverified = grouped(report.unverified)
    unsettled = grouped(f for f in report.findings if f.requirement.advisory and f.decision is not Decision.ALLOWED)
    parts = []
    if denied:
        parts.append(_section(report, denied, page, RED))
    if unverified:
        heading = _heading("Could not be checked, so neither granted nor missing:", page) if denied else []
        parts.append(heading + _section(report, unverified, page, YELLOW))
    if not denied and not unverified:
        parts.append(_section(report, grouped(f for f in report.allowed if not f.requirement.advisory), page, GREEN))
    if unsettled:
        heading = _heading("Not granted, and AWS's documentation does not settle whether it is needed:", page)
        parts.append(heading + _section(report, unsettled, page, YELLOW))
    return parts


def _heading(text: str, page: Page) -> list[str]:
    return [page.paint(line, BOLD) for line in page.wrap(text)]


def _section(report: Report, groups: Sequence[Group], page: Page, rendition: str) -> list[str]:
    column = max((len(action) for group in groups for action in group.actions), default=0)
    return [line for group in groups for line in _group(report, group, column, page, rendition)]


def _group(report: Report, group: Group, column: int, page: Page, rendition: str) -> list[str]:
    first = group.first
    lines = _headline(group, column, page, rendition)
    lines += labelled("on", [_resource(r) for r in group.resources], page, whole=True)
    lines += labelled(
        "as", [neutral(first.requirement.principal)] if first.requirement.principal else [], page, whole=True
    )
    lines += labelled("if", [neutral(f"{key} is {value}") for key, value in group.conditions], page)
    lines += labelled("for", [neutral(reason) for reason in group.reasons], page)
    if first.decision is Decision.ALLOWED:
        return lines
    if first.decision is Decision.EXPLICIT_DENY:
        lines += labelled("by", [neutral(str(s)) for s in first.evidence.statements], page)
    for said in _sentences(report, group):
        lines += page.wrap(said, CODE_WIDTH)
    return lines


def _headline(group: Group, column: int, page: Page, rendition: str) -> list[str]:
    """Code, first action and why on one line where they fit; the other actions below."""
    first = group.first
    allowed = first.decision is Decision.ALLOWED
    code = neutral("ok" if allowed else first.code or "")
    why = "" if allowed else neutral(first.why)
    action, *others = (neutral(one) for one in group.actions)
    head = page.paint(code, rendition) + " " * max(1, CODE_WIDTH - len(code))
    below = [" " * CODE_WIDTH + page.paint(other, BOLD) for other in others]
    if CODE_WIDTH + column + 2 + len(why) <= page.width:
        line = head + page.paint(action, BOLD) + " " * (column - len(action) + 2) + why
        return [line.rstrip(), *below]
    return [head + page.paint(action, BOLD), *below, *page.wrap(why, CODE_WIDTH)]


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
    AccessState.BLOCKED: ("Bedrock itself will refuse, whatever IAM allows:", RED),
    AccessState.WARNING: ("Bedrock itself may refuse, whatever IAM allows:", YELLOW),
}


def _access(report: Report, page: Page) -> list[list[str]]:
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


def _of_model(one: ModelAccess, page: Page, rendition: str) -> list[str]:
    code = neutral(one.code or "")
    head = page.paint(code, rendition) + " " * max(1, CODE_WIDTH - len(code)) + page.paint(neutral(one.model), BOLD)
    source = [f"Said by {one.source}."] if one.source else []
    return [head, *(line for said in (sentence(one.why), *source) for line in page.wrap(neutral(said), CODE_WIDTH))]


# -- what it rests on -------------------------------------------------------------------------------


def _notes(report: Report, page: Page) -> list[str]:
    notes = [note for note in report.notes if note not in about_key(report)]
    return [line for note in notes for line in page.wrap(neutral(f"{note.code}: {_note(note)}"))]


def _note(note: Note) -> str:
    return note.text if note.statement is None else f"{note.statement}: {note.text}"
