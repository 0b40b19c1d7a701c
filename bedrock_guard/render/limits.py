"""What a report rests on and what it could not see, in words."""

from __future__ import annotations

from bedrock_guard.render.grouping import listed
from bedrock_guard.render.neutral import neutral
from bedrock_guard.report import PrincipalType, Report

__all__ = ["limits"]

# Source: IAM User Guide, access_policies_testing-policies (2026 rewrite, read 2026-11): the simulator evaluates
# neither resource control policies nor session and VPC endpoint policies.
_UNSEEN = ("session policies", "resource control policies", "VPC endpoint policies", "resource-based policies")


def limits(report: Report) -> str:
    """Evidence, time, what was not visible, and how old the catalogue is; a few sentences.

    An evaluator that gave no answer is not named as evidence.
    """
    at = f" at {neutral(report.checked_at)}" if report.checked_at else ""
    used = {finding.evidence.evaluator for finding in report.findings}
    evidence = []
    if "simulator" in used:
        evidence.append("IAM's policy simulator")
    if "offline" in used:
        evidence.append(_policies(report))
    if "probe" in used:
        evidence.append("calls to Bedrock that change nothing")
    if not evidence:
        return f"No evaluator gave an answer{at}."
    unseen = _UNSEEN if "offline" not in used else ("service control policies", *_UNSEEN)
    if "offline" in used and "simulator" in used:
        unseen = (*_UNSEEN, "(where policies were read) service control policies")
    text = f"Based on {listed(evidence)}{at}. Not visible: {listed(unseen)}; model access and quotas were not checked."
    return f"{text} Needs taken from {neutral(report.catalogue)}." if report.catalogue else text


def _policies(report: Report) -> str:
    given = report.principal is not None and report.principal.type is PrincipalType.POLICY_FILES
    return "the policies given" if given else "the principal's policies as read"
