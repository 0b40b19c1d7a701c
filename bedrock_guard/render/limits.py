"""What a report rests on and what it could not see, in words."""

from __future__ import annotations

from bedrock_guard.render.grouping import listed
from bedrock_guard.render.neutral import neutral
from bedrock_guard.report import AccessState, Report

__all__ = ["bare", "limits", "said_once", "sentence"]

# Source: IAM User Guide, access_policies_testing-policies (2026 rewrite, read 2026-11): the simulator evaluates
# neither resource control policies nor session and VPC endpoint policies.
_UNSEEN = ("session policies", "resource control policies", "VPC endpoint policies", "resource-based policies")

_EVALUATORS = {
    "simulator": "IAM's policy simulator",
    "offline": "the policies themselves",
    "probe": "calls to Bedrock that change nothing",
}


def limits(report: Report) -> str:
    """Evidence, time, what was not visible, and how old the catalogue is; a few sentences.

    An evaluator that gave no answer is not named as evidence.
    """
    at = f" at {neutral(report.checked_at)}" if report.checked_at else ""
    used = {finding.evidence.evaluator for finding in report.findings}
    evidence = [name for evaluator, name in _EVALUATORS.items() if evaluator in used]
    if not evidence:
        return f"No evaluator gave an answer{at}."
    sentences = [f"Based on {listed(evidence)}{at}."]
    if "simulator" in used:
        sentences.append(f"Not visible to the simulator: {listed(_UNSEEN)}.")
    sentences += [sentence(detail) for detail in said_once(report)]
    asked = any(one.state is not AccessState.UNVERIFIED for one in report.access)
    sentences.append("Quotas were not checked." if asked else "Model access and quotas were not checked.")
    if report.catalogue:
        sentences.append(f"Needs taken from {neutral(report.catalogue)}.")
    return " ".join(sentences)


def said_once(report: Report) -> tuple[str, ...]:
    """Details that hold for every finding of the offline evaluator: what it could not see."""
    offline = [f.evidence.details for f in report.findings if f.evidence.evaluator == "offline"]
    noted = {bare(note.text) for note in report.notes}
    first = offline[0] if offline else ()
    return tuple(
        detail for detail in first if all(detail in details for details in offline) and bare(detail) not in noted
    )


def sentence(text: str) -> str:
    """The text with a capital and a full stop, neutralised."""
    return neutral(f"{text[:1].upper()}{text[1:].rstrip('.')}.")


def bare(text: str) -> str:
    """The text without what :func:`sentence` adds, to tell whether two say the same."""
    return text.strip(". ").lower()
