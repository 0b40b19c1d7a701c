"""Guarded clients: ordinary boto3 clients whose errors explain themselves.

A session's hook is called with the parsed answer before botocore makes the exception from it:

    after-call.bedrock-runtime.Converse(http_response, parsed={"Error": {"Code", "Message"}, ...}, model, context, ...)

Adding to ``parsed`` keeps the modelled exception class and reaches the caller in ``error.response``; a hook of a
session reaches every client that is made from it afterwards, also by a framework (measured on botocore 1.44.5). An
event stream that fails midway raises its error without that hook: the stream itself is followed.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from botocore.eventstream import EventStream
from botocore.exceptions import EventStreamError

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.bedrock.catalogue import operations
from bedrock_guard.bedrock.operation_rules import NAMESPACES
from bedrock_guard.report import Finding, Report

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.advice.denials import Reading
    from bedrock_guard.advice.diagnosis import Diagnosis
    from bedrock_guard.arguments import Diagnose
    from bedrock_guard.diagnose import Live
    from bedrock_guard.render.redaction import Redaction

__all__ = ["client", "guarded", "session"]

MARK = "bedrock_guard: "
"""How each line begins that is added to a message."""

_KEY = "BedrockGuard"
_SILENT = (DenialKind.THROTTLING, DenialKind.OTHER)
"""Kinds that get no more text: what is to be said of them AWS says itself."""

_REMEMBERED_SECONDS = 60.0
"""How long an answer of AWS stands for the same denial: a loop that is denied asks IAM once."""

LastReport = Callable[[], "Report | None"]


def client(name: str, *, diagnose: Diagnose = "message", redact: bool | None = None, **kwargs: Any) -> Any:
    """A boto3 client whose errors explain themselves, from a new default session.

    Args:
        name: A service of boto3, such as ``"bedrock-runtime"``.
        diagnose: ``"live"`` also asks IAM about a denied request when it happens, in bounded time; ``"message"`` makes
            no call.
        redact: Whether accounts, sessions, organizations and requests are masked in the messages of errors, AWS's own
            words included; None leaves it to the environment variable BEDROCK_GUARD_REDACT.
        **kwargs: As ``boto3.Session.client`` takes them.

    Raises:
        ConfigurationError: ``diagnose`` is something else, or the environment variable.
    """
    return session(diagnose=diagnose, redact=redact).client(name, **kwargs)  # type: ignore[call-overload]


def session(
    base: boto3.Session | None = None, *, diagnose: Diagnose = "message", redact: bool | None = None
) -> boto3.Session:
    """A session whose Bedrock clients explain their errors; those made from now on, not before.

    Args:
        base: The session to guard, changed in place; a new one by default.
        diagnose: As for :func:`client`.
        redact: As for :func:`client`.

    Raises:
        ConfigurationError: ``diagnose`` is something else, or the environment variable.
    """
    from bedrock_guard.arguments import checked_diagnose
    from bedrock_guard.aws.session import default_session
    from bedrock_guard.diagnose import Live
    from bedrock_guard.render.redaction import is_wanted

    base = base or default_session()
    live = Live(session=base) if checked_diagnose(diagnose) == "live" else None
    return guarded(base, lambda: None, live=live, redact=is_wanted(given=redact, environment=os.environ))


def guarded(
    base: boto3.Session, last_report: LastReport, *, live: Live | None = None, redact: bool = False
) -> boto3.Session:
    """``base``, with a hook on each Bedrock service; guarding it again replaces the hook.

    Args:
        base: The session.
        last_report: The newest report of the guard, None before its first check.
        live: How AWS is asked about a denied request; None asks nothing.
        redact: Whether the messages of errors are masked.
    """
    explainer = _Explainer(last_report, live, redact=redact)

    def after_call(parsed: dict[str, Any], model: Any, context: dict[str, Any] | None = None, **_: Any) -> None:
        call = _Call(f"{model.service_model.service_name}:{model.name}", (context or {}).get("client_region"))
        if isinstance(parsed.get("Error"), dict):
            explainer.explain(parsed, call)
            return
        for name, value in parsed.items():
            # One of aiobotocore is iterated over asynchronously, and is left as it is.
            if isinstance(value, EventStream) and not hasattr(value, "__aiter__"):
                parsed[name] = _ExplainedStream(value, explainer, call)

    for service in NAMESPACES:
        base.events.unregister(f"after-call.{service}", unique_id=f"bedrock-guard-{service}")
        base.events.register_last(f"after-call.{service}", after_call, unique_id=f"bedrock-guard-{service}")
    return base


@dataclass(frozen=True, slots=True)
class _Call:
    """The call that failed.

    Attributes:
        operation: As the catalogue names it, such as ``"bedrock-runtime:Converse"``.
        region: Where it was made.
    """

    operation: str
    region: str | None

    @property
    def actions(self) -> list[str]:
        """What it is authorised as, whatever its parameters."""
        needed = operations().get(self.operation)
        return [use.action for use in needed.actions if not (use.advisory or use.parameters)] if needed else []


class _Explainer:
    """Adds to the answer of a call that failed what its error comes to."""

    def __init__(self, last_report: LastReport, live: Live | None, *, redact: bool) -> None:
        self._last_report = last_report
        self._redact = redact
        self._live = live
        self._lock = threading.Lock()
        self._asked: dict[tuple[Denial, ...], tuple[float, Diagnosis]] = {}

    def explain(self, response: dict[str, Any], call: _Call) -> None:
        """Changes the error's message and adds the whole under ``BedrockGuard``; whatever fails, the error stays."""
        redaction = self._redaction()
        try:
            diagnosis = self._diagnosis(response, call)
            if redaction is not None:
                diagnosis = redaction.tree(diagnosis)
                _mask(response, redaction)
            if diagnosis is None:
                return
            whole = {"operation": call.operation, "actions": call.actions, **diagnosis.to_dict()}
            short = "\n".join(f"{MARK}{line}" for line in _short(diagnosis, call))
            silent = diagnosis.recognised and all(denial.kind in _SILENT for denial in diagnosis.denials)
        except Exception as failed:  # noqa: BLE001 - a diagnosis never hides the error it is about
            response[_KEY] = {"diagnosis_failed": type(failed).__name__}
            if redaction is not None:
                _mask(response, redaction)
            return
        response[_KEY] = whole
        if not silent:
            response["Error"]["Message"] = f"{response['Error'].get('Message', '')}\n{short}"

    def _redaction(self) -> Redaction | None:
        from bedrock_guard.render.redaction import Redaction

        return Redaction() if self._redact else None

    def _diagnosis(self, response: dict[str, Any], call: _Call) -> Diagnosis | None:
        from bedrock_guard.advice.denials import read_denials
        from bedrock_guard.diagnose import diagnosis_of

        reading = read_denials(response)
        named = tuple(_placed(denial, call) for denial in reading.denials)
        if not named or (named[0].cause == "unrecognised" and named[0].is_iam is False):
            return None
        reading = replace(reading, denials=named)
        if self._live is None or not any(denial.is_iam for denial in named):
            return self._with_last_check(diagnosis_of(reading), call)
        return self._asked_live(reading) or self._with_last_check(diagnosis_of(reading), call)

    def _asked_live(self, reading: Reading) -> Diagnosis | None:
        """With what AWS says now, or said a short while ago; None while another thread asks: no call waits for it."""
        from bedrock_guard.diagnose import diagnosis_of

        if not self._lock.acquire(blocking=False):
            return None
        try:
            now = time.monotonic()
            self._asked = {key: known for key, known in self._asked.items() if now - known[0] < _REMEMBERED_SECONDS}
            denied = tuple(replace(denial, request_id=None, authorization_id=None) for denial in reading.denials)
            if denied not in self._asked:
                self._asked[denied] = (now, diagnosis_of(reading, live=self._live))
            return replace(self._asked[denied][1], denials=reading.denials)
        finally:
            self._lock.release()

    def _with_last_check(self, diagnosis: Diagnosis, call: _Call) -> Diagnosis:
        report = self._last_report()
        if report is None:
            return diagnosis
        return replace(diagnosis, findings=tuple(_about(report, diagnosis, call)), principal=report.principal)


def _mask(response: dict[str, Any], redaction: Redaction) -> None:
    """Masks all that AWS wrote but the metadata: a modelled error has its message beside ``Error`` as well."""
    for key, value in response.items():
        if key not in ("ResponseMetadata", _KEY):
            response[key] = redaction.tree(value)


def _placed(denial: Denial, call: _Call) -> Denial:
    """The denial with what the call knows and its message does not say."""
    return replace(
        denial,
        operation=denial.operation or call.operation.partition(":")[2],
        region=denial.region or call.region,
    )


def _about(report: Report, diagnosis: Diagnosis, call: _Call) -> Sequence[Finding]:
    """What the last check said of what was denied; of the whole operation where it did not ask about that resource."""
    denied = {(denial.action, denial.resource) for denial in diagnosis.denials}
    exact = [f for f in report.findings if (f.requirement.action, f.requirement.resource) in denied]
    if exact:
        return exact
    return [f for f in report.findings if f.requirement.action in call.actions and (f.denied or f.unverified)]


def _short(diagnosis: Diagnosis, call: _Call) -> Iterator[str]:
    from bedrock_guard.render.diagnosis import render_short

    lines = render_short(diagnosis).splitlines()
    if not any(denial.action for denial in diagnosis.denials) and call.actions and not diagnosis.recognised:
        lines.insert(0, f"{call.operation.partition(':')[2]} is authorised as {', '.join(call.actions)}.")
    yield from lines[:-1]
    yield f"{lines[-1]} More: bedrock_guard.explain(error)"


class _ExplainedStream(EventStream):  # type: ignore[type-arg]  # generic in the stubs alone
    """An event stream whose errors explain themselves; all else is the stream's own."""

    def __init__(self, stream: Any, explainer: _Explainer, call: _Call) -> None:
        self._stream = stream
        self._explainer = explainer
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._stream
        except EventStreamError as error:
            response: dict[str, Any] = error.response  # type: ignore[assignment]  # a plain dict, whatever its stubs say
            before = response["Error"].get("Message", "")
            self._explainer.explain(response, self._call)
            after = response["Error"].get("Message", "")
            if after != before:
                error.args = (f"{str(error).removesuffix(before)}{after}",)
            raise

    def get_initial_response(self) -> Any:
        return self._stream.get_initial_response()

    def close(self) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        if name in ("_stream", "_explainer", "_call"):  # before __init__, as in a copy
            raise AttributeError(name)
        return getattr(self._stream, name)
