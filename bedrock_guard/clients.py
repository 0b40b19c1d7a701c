"""Guarded clients: ordinary boto3 clients whose AccessDenied errors explain themselves.

A session's hook is called with the parsed answer before botocore makes the exception from it:

    after-call.bedrock-runtime.Converse(http_response, parsed={"Error": {"Code", "Message"}, ...}, model, ...)

Adding to ``parsed`` keeps the modelled exception class and reaches the caller in ``error.response``; a hook of a
session reaches every client that is made from it afterwards, also by a framework (measured on botocore 1.44.5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bedrock_guard.bedrock.catalogue import operations
from bedrock_guard.bedrock.operation_rules import NAMESPACES
from bedrock_guard.report import Finding, Report

if TYPE_CHECKING:
    import boto3

__all__ = ["client", "guarded", "session"]

_DENIED = ("AccessDenied", "AccessDeniedException")

LastReport = Callable[[], "Report | None"]


def client(name: str, **kwargs: Any) -> Any:
    """A boto3 client whose AccessDenied errors explain themselves, from a new default session.

    Args:
        name: A service of boto3, such as ``"bedrock-runtime"``.
        **kwargs: As ``boto3.Session.client`` takes them.
    """
    return session().client(name, **kwargs)  # type: ignore[call-overload]


def session(base: boto3.Session | None = None) -> boto3.Session:
    """A session whose Bedrock clients explain their AccessDenied errors; made from now on, not before.

    Args:
        base: The session to guard, changed in place; a new one by default.
    """
    from bedrock_guard.aws.session import default_session

    return guarded(base or default_session(), lambda: None)


def guarded(base: boto3.Session, last_report: LastReport) -> boto3.Session:
    """``base``, with a hook on each Bedrock service; guarding it again replaces the hook.

    Args:
        base: The session.
        last_report: The newest report of the guard, None before its first check.
    """

    def explain(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        error = parsed.get("Error")
        if not isinstance(error, dict) or error.get("Code") not in _DENIED:
            return
        try:
            _add_diagnosis(parsed, error, f"{model.service_model.service_name}:{model.name}", last_report())
        except Exception as failed:  # noqa: BLE001 - whatever is wrong with the diagnosis
            # A diagnosis never hides the error it is about.
            parsed["BedrockGuard"] = {"diagnosis_failed": type(failed).__name__}

    for service in NAMESPACES:
        base.events.unregister(f"after-call.{service}", unique_id=f"bedrock-guard-{service}")
        base.events.register_last(f"after-call.{service}", explain, unique_id=f"bedrock-guard-{service}")
    return base


def _add_diagnosis(parsed: dict[str, Any], error: dict[str, Any], operation: str, report: Report | None) -> None:
    message = str(error.get("Message", ""))
    needed = operations().get(operation)
    actions = [use.action for use in needed.actions if not (use.advisory or use.parameters)] if needed else []
    known = _about(report, actions, message)
    parsed["BedrockGuard"] = {
        "operation": operation,
        "actions": actions,
        "retryable": False,
        "findings": [finding.to_dict() for finding in known],
    }
    error["Message"] = f"{message}\n{_short(operation, actions, known)}"


def _about(report: Report | None, actions: Sequence[str], message: str) -> list[Finding]:
    """The findings that say no, or could not say, to what was denied; those on the resource it names first."""
    if report is None:
        return []
    concerned = [f for f in report.findings if f.requirement.action in actions and (f.denied or f.unverified)]
    named = [f for f in concerned if f.requirement.resource != "*" and f.requirement.resource in message]
    return named or concerned


def _short(operation: str, actions: Sequence[str], known: Sequence[Finding]) -> str:
    from bedrock_guard.render.neutral import neutral

    name = operation.partition(":")[2]
    authorised = f"{name} is authorised as {', '.join(actions)}" if actions else f"{name} was denied"
    lines = [f"bedrock_guard: {authorised}."]
    lines += [neutral(f"  {f.code} {f.requirement.action} on {f.requirement.resource}: {f.why}") for f in known[:2]]
    if len(known) > 2:
        lines.append(f"  and {len(known) - 2} more, in error.response['BedrockGuard']")
    if not known:
        lines.append(
            "  The startup check did not foresee it or was not run: `bedrock-guard check` lists what is missing."
        )
    return "\n".join(lines)
