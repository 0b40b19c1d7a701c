"""A diagnosis as text for a person: what failed, on what, for whom, why, and what ends it.

bedrock:InvokeModel is denied to arn:aws:sts::123456789012:assumed-role/app/i-1: no identity policy allows it

BG101  bedrock:InvokeModel
on   arn:aws:bedrock:us-west-2::foundation-model/…
as   arn:aws:sts::123456789012:assumed-role/app/i-1
in   Converse (AccessDeniedException)
No identity policy of the caller allows … : add it.

Add to a policy of the role app:
{
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bedrock_guard.iam.decision import Layer
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.page import BOLD, CODE_WIDTH, GREEN, NARROWEST, RED, YELLOW, Page, labelled, remedy_parts
from bedrock_guard.render.text import finding_parts
from bedrock_guard.report import Report

if TYPE_CHECKING:
    from bedrock_guard.advice.denial import Denial
    from bedrock_guard.advice.diagnosis import Diagnosis, Explained
    from bedrock_guard.authorization import Authorization, AuthorizationCheck

__all__ = ["render_diagnosis", "render_short"]

_SHORT_LINES = 4
_SHORT_LIMIT = 400
_RAW_LINES = 20

_BY = {
    Layer.IDENTITY: ("no identity policy allows it", "a Deny in an identity policy"),
    Layer.BOUNDARY: ("the permissions boundary does not allow it", "a Deny in the permissions boundary"),
    Layer.SCP: ("no service control policy allows it", "a Deny in a service control policy"),
    Layer.RCP: ("no resource control policy allows it", "a Deny in a resource control policy"),
    Layer.SESSION: ("the session policy does not allow it", "a Deny in the session policy"),
    Layer.VPC_ENDPOINT: ("the VPC endpoint policy does not allow it", "a Deny in the VPC endpoint policy"),
    Layer.RESOURCE: ("no resource-based policy allows it", "a Deny in a resource-based policy"),
    Layer.TRUST: ("the role's trust policy does not allow it", "a Deny in the role's trust policy"),
}


def render_diagnosis(diagnosis: Diagnosis, *, width: int = 80, colour: bool = False) -> str:
    """The diagnosis as lines of text without a final line end; all that came from outside is neutralised.

    Args:
        diagnosis: The diagnosis.
        width: Columns to fit where the ARNs allow it; at least 40 are taken.
        colour: Whether to mark with ANSI renditions; only for a terminal.
    """
    page = Page(max(width, NARROWEST), colour)
    parts = [page.wrap(_headline(diagnosis))]
    parts[0] = [page.paint(line, _rendition(diagnosis)) for line in parts[0]]
    parts += [_denial(one, page) for one in diagnosis.explained]
    parts += _live(diagnosis, page)
    said = {verdict.text for one in diagnosis.explained for verdict in one.verdicts}
    parts += remedy_parts([r for r in diagnosis.remedies if r.statements or r.text not in said], page)
    parts.append(_unrecognised(diagnosis, page))
    notes = [line for note in diagnosis.notes for line in page.wrap(neutral(f"{note.code}: {note.text}"))]
    parts.append(notes + page.wrap(_limits(diagnosis)))
    return "\n\n".join("\n".join(part) for part in parts if part)


def render_short(diagnosis: Diagnosis) -> str:
    """At most a few lines for the message of an exception: the verdict, whether to try again, where the whole is.

    Each line is short enough for a log; what is cut is in the whole.
    """
    lines = []
    for one in diagnosis.explained:
        for verdict in one.verdicts[:2]:
            text = neutral(f"{one.denial.code} {verdict.text}", limit=_SHORT_LIMIT)
            lines.append(text if verdict is not one.verdicts[0] else f"{text} Who can end it: {verdict.ask.value}.")
    found = [
        neutral(f"{f.code} {f.requirement.action} on {f.requirement.resource}: {f.why}", limit=_SHORT_LIMIT)
        for f in diagnosis.findings
        if f.denied or f.unverified
    ]
    shown = [*lines[: _SHORT_LINES - 1], *found[: _SHORT_LINES - min(len(lines), _SHORT_LINES - 1)]]
    return "\n".join([*shown[: _SHORT_LINES - 1], _again(diagnosis)])


# -- the first line -------------------------------------------------------------------------------------------------


def _headline(diagnosis: Diagnosis) -> str:
    if not diagnosis.denials:
        return "No error of AWS was recognised."
    if len(diagnosis.denials) == 1:
        return _in_a_line(diagnosis.denials[0])
    iam = sum(bool(denial.is_iam) for denial in diagnosis.denials)
    total = len(diagnosis.denials)
    rest = f"{'none' if iam == 0 else 'all' if iam == total else iam} denied by IAM's policies"
    return f"{total} errors of AWS, {rest}; the first: {_in_a_line(diagnosis.denials[0])}"


def _in_a_line(denial: Denial) -> str:
    called = f"{denial.operation}: " if denial.operation else ""
    if denial.is_iam is None:
        return neutral(f"{called}access is denied, and the text does not say why")
    if denial.cause == "unrecognised":
        return neutral(f"{called}{_title(denial)}")
    if not denial.is_iam:
        return neutral(f"{called}not a matter of IAM policies: {_title(denial)}")
    where = f" on {denial.resource}" if denial.resource not in (None, "", "*") else ""
    verb = "would be denied" if denial.simulated else "is denied"
    return neutral(f"{denial.action or 'The request'} {verb} to {denial.caller or 'the caller'}{where}: {_by(denial)}")


def _by(denial: Denial) -> str:
    pair = _BY.get(denial.layer) if denial.layer is not None else None
    if pair is None:
        return "a Deny, of which policy is not said" if denial.explicit else "by which kind of policy is not said"
    if denial.explicit is None and denial.layer is Layer.RESOURCE:
        return "there is no such resource, or its policy does not allow it, or denies it"
    text = pair[bool(denial.explicit)]
    return f"{text} ({denial.policy_arn})" if denial.policy_arn else text


def _title(denial: Denial) -> str:
    from bedrock_guard.codes import CODES

    return CODES.get(denial.code, denial.cause)


def _rendition(diagnosis: Diagnosis) -> str:
    return (YELLOW if diagnosis.retryable else RED) if diagnosis.recognised else YELLOW


# -- one denial -----------------------------------------------------------------------------------------------------


def _denial(one: Explained, page: Page) -> list[str]:
    denial = one.denial
    code = neutral(denial.code)
    name = denial.action or denial.operation or denial.error_code or _title(denial)
    lines = [page.paint(code, RED) + " " * max(1, CODE_WIDTH - len(code)) + page.paint(neutral(name), BOLD)]
    resource = [] if denial.resource is None else [denial.resource]
    if denial.model and denial.model not in (denial.resource or ""):
        resource.append(denial.model)
    lines += labelled("on", [neutral(text) for text in resource], page, whole=True)
    lines += labelled("as", [neutral(denial.caller)] if denial.caller else [], page, whole=True)
    lines += labelled("by", [neutral(denial.policy_arn)] if denial.policy_arn else [], page, whole=True)
    lines += labelled("in", [neutral(text) for text in _circumstances(denial)], page)
    for verdict in one.verdicts:
        lines += page.wrap(neutral(verdict.text), CODE_WIDTH)
    lines += page.wrap(f"Who can end it: {one.verdicts[0].ask.value}.", CODE_WIDTH)
    return lines


def _circumstances(denial: Denial) -> Iterator[str]:
    called = " of ".join(text for text in (denial.operation, denial.service) if text)
    status = f"HTTP {denial.status}" if denial.status else None
    answer = ", ".join(text for text in (denial.error_code, status) if text)
    if called or answer:
        yield f"{called} ({answer})" if called and answer else called or answer
    if denial.region:
        yield denial.region
    if denial.request_id:
        yield f"request {denial.request_id}"


# -- what AWS says now ----------------------------------------------------------------------------------------------


def _live(diagnosis: Diagnosis, page: Page) -> list[list[str]]:
    parts: list[list[str]] = []
    if diagnosis.findings:
        report = Report(diagnosis.principal, "", diagnosis.findings, diagnosis.notes, diagnosis.remedies)
        who = diagnosis.principal and (diagnosis.principal.policy_source_arn or diagnosis.principal.caller_arn)
        said = "IAM says now" if diagnosis.live else "The last check said"
        heading = [page.paint(line, BOLD) for line in page.wrap(neutral(f"{said}{f' of {who}' if who else ''}:"))]
        sections = finding_parts(report, page)
        parts += [[*heading, *sections[0]], *sections[1:]] if sections else []
    parts += [_authorization(one, page) for one in diagnosis.authorizations]
    return parts


def _authorization(one: Authorization, page: Page) -> list[str]:
    where = f" on {one.resource}" if one.resource else ""
    lines = page.wrap(neutral(f"AWS evaluated {one.action}{where}: {one.decision.value}"))
    for check in one.checks:
        rendition = GREEN if check.effect in ("ALLOW", "NO_IMPACT") else RED
        lines.append(" " * CODE_WIDTH + page.paint(neutral(check.effect), rendition) + "  " + neutral(_check(check)))
    return lines


def _check(check: AuthorizationCheck) -> str:
    target = f" of {check.target}" if check.target else ""
    by = f": {', '.join(str(one) for one in check.statements)}" if check.statements else ""
    return f"{check.layer.value}{target}{by}"


# -- what it rests on -----------------------------------------------------------------------------------------------


def _unrecognised(diagnosis: Diagnosis, page: Page) -> list[str]:
    """The text that nothing is claimed about, as it was given."""
    text = diagnosis.unrecognised.strip()
    if not text or (diagnosis.recognised and not text):
        return []
    lines = text.splitlines()
    shown = [f"  {neutral(line)}" for line in lines[:_RAW_LINES]]
    more = [f"  … and {len(lines) - _RAW_LINES} more lines"] if len(lines) > _RAW_LINES else []
    heading = page.wrap("Not in the catalogue, so nothing is claimed about it:")
    return [*(page.paint(line, BOLD) for line in heading), *shown, *more]


def _limits(diagnosis: Diagnosis) -> str:
    said = [] if not diagnosis.denials else [_again(diagnosis)]
    if diagnosis.denials and not diagnosis.live:
        said.append("Read from the text alone; AWS was not asked.")
    if diagnosis.recognised:
        said.append(f"What a code means: bedrock-guard explain {neutral(diagnosis.denials[0].code)}")
    return " ".join(said)


def _again(diagnosis: Diagnosis) -> str:
    """Whether trying again can help, and after how long."""
    after = _time(diagnosis.retry_after_seconds)
    if not diagnosis.recognised:
        return "Whether trying again helps is not known."
    if diagnosis.live and diagnosis.findings and not any(f.denied or f.unverified for f in diagnosis.findings):
        return "IAM allows it now: trying again may help."
    if diagnosis.retryable:
        return f"Trying again may help{f': AWS names {after}' if after else ''}."
    return f"Trying again does not help until that is changed{f'; then AWS names {after}' if after else ''}."


def _time(seconds: int | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}" if minutes and not rest else f"{seconds} seconds"
