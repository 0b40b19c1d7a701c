"""The one use case: what an app declares, checked for the principal it runs as."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from bedrock_guard.aws.context import normalise_context
from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE
from bedrock_guard.bedrock.catalogue import catalogue_version
from bedrock_guard.errors import (
    ConfigurationError,
    MissingPermissionsError,
    PrincipalError,
    UnverifiedPermissionsError,
)
from bedrock_guard.events import warn_unverified
from bedrock_guard.report import Note, Principal, Report, Requirement
from bedrock_guard.requirements import Declaration, Where

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.aws.calls import AwsCalls
    from bedrock_guard.aws.evaluation import Outcome
    from bedrock_guard.aws.given import PolicyDocuments

__all__ = ["Guard", "OnUnverified"]

OnUnverified = Literal["warn", "raise", "ignore"]

_EVALUATORS = ("simulator", "offline")
_OUTCOMES: tuple[OnUnverified, ...] = ("warn", "raise", "ignore")


@dataclass(frozen=True)
class _Required:
    askable: tuple[Requirement, ...]
    unresolved: tuple[Requirement, ...]
    notes: tuple[Note, ...]


class Guard:
    """Checks that the principal an app runs as holds every permission the app needs.

    Making one makes no call. What cannot be used is refused at once, with the nearest right names.

    Args:
        models: Model ids, inference profile ids or ARNs the app calls.
        operations: Operations of boto3's Bedrock clients, such as ``"bedrock-runtime:Converse"`` or ``"converse"``.
        capabilities: Named uses, such as ``"knowledge-bases.query"``.
        actions: IAM actions, each alone or with the ARN it is needed on: ``("bedrock:Retrieve", "arn:aws:…")``.
        region: The Region the app calls; the session's by default.
        session: Where credentials come from; a new ``boto3.Session`` by default.
        principal_arn: The role or user to ask about, for checks before deployment; the caller by default.
        policies: Documents to decide by in place of the policies of a principal; no credentials are needed then and no
            call is made. ``principal_arn`` says whose they will be.
        context: Condition keys the app's requests will carry, such as ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``.
        evaluators: Which may be asked, in order: ``"simulator"`` (iam:SimulatePrincipalPolicy) and ``"offline"``
            (our engine on the policies, where they can be read), which steps in when the simulator is refused.
        budget_seconds: What a check may take altogether, whatever the network does.
        on_unverified: What :meth:`verify` does when nothing is denied but something could not be checked.

    Raises:
        ConfigurationError: A name that does not exist, a Region that is missing, nothing declared.
    """

    def __init__(
        self,
        *,
        models: Sequence[str] = (),
        operations: Sequence[str] = (),
        capabilities: Sequence[str] = (),
        actions: Sequence[str | tuple[str, str]] = (),
        region: str | None = None,
        session: boto3.Session | None = None,
        principal_arn: str | None = None,
        policies: PolicyDocuments | None = None,
        context: Mapping[str, str | bool | int | Sequence[str]] | None = None,
        evaluators: Sequence[str] = _EVALUATORS,
        budget_seconds: float = 10.0,
        on_unverified: OnUnverified = "warn",
    ) -> None:
        self._declaration = Declaration.of(
            models=models, operations=operations, capabilities=capabilities, actions=actions
        )
        self._region = region
        self._session = session
        self._principal_arn = principal_arn
        self._policies = policies
        self._context = normalise_context(context or {})
        self._evaluators = _checked_evaluators(evaluators)
        self._budget_seconds = _checked_budget(budget_seconds)
        self._on_unverified = _checked_outcome(on_unverified)
        self._last_report: Report | None = None

    # -- what is needed, and by whom ----------------------------------------------------------------------------

    @cached_property
    def principal(self) -> Principal:
        """Who is asked about: the caller (one call to sts:GetCallerIdentity) or ``principal_arn`` (none).

        Raises:
            PrincipalError: No credentials, expired ones, or STS out of reach.
        """
        return self._principal(self._calls())

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the app needs, each action on each resource once, with its reasons."""
        required = self._required(self.principal, self._calls())
        return (*required.askable, *required.unresolved)

    # -- the check ----------------------------------------------------------------------------------------------

    def check(self) -> Report:
        """The report on every requirement; denials and what could not be checked are findings, not exceptions.

        Raises:
            PrincipalError: The credentials are missing, expired or invalid.
            ConfigurationError: The Region is missing, or an ARN cannot be what the app needs.
        """
        from bedrock_guard.advice.remedies import remedies_for
        from bedrock_guard.aws.judgement import in_another_account, shadowed_by_api_key, unresolved

        calls = self._calls()
        now = datetime.now(timezone.utc)
        try:
            principal = self._principal(calls)
        except PrincipalError as error:
            if not (error.retryable or self._calls_with_api_key):
                raise
            return self._report_without_principal(error, calls, now)
        required = self._required(principal, calls)
        outcome = self._outcome(principal, required.askable, calls, now)
        findings = (*outcome.findings, *(unresolved(requirement) for requirement in required.unresolved))
        findings = tuple(in_another_account(finding, outcome.principal) for finding in findings)
        if self._calls_with_api_key:
            findings = tuple(shadowed_by_api_key(finding) for finding in findings)
        self._last_report = Report(
            principal=outcome.principal,
            region=calls.region,
            findings=findings,
            notes=(*required.notes, *outcome.notes),
            remedies=remedies_for(outcome.principal, findings),
            checked_at=_timestamp(now),
            catalogue=catalogue_version(),
        )
        return self._last_report

    def _outcome(
        self, principal: Principal, requirements: Sequence[Requirement], calls: AwsCalls, now: datetime
    ) -> Outcome:
        from bedrock_guard.aws.evaluation import evaluate_given, evaluate_requirements

        if self._policies is not None:
            known = self._policies.known()
            return evaluate_given(known, principal, requirements, region=calls.region, context=self._context, now=now)
        return evaluate_requirements(
            calls,
            principal,
            requirements,
            evaluators=self._evaluators,
            region=calls.region,
            context=self._context,
            now=now,
        )

    def verify(self) -> Report:
        """The report, when nothing is denied.

        What could not be checked is logged as a warning, raised or ignored, as ``on_unverified`` says.

        Raises:
            MissingPermissionsError: At least one requirement is denied.
            UnverifiedPermissionsError: Something could not be checked and ``on_unverified`` is ``"raise"``.
            PrincipalError: The credentials are missing, expired or invalid.
        """
        report = self.check()
        if report.denied:
            raise MissingPermissionsError(str(report), report=report)
        if report.unverified and self._on_unverified == "raise":
            raise UnverifiedPermissionsError(str(report), report=report)
        if self._on_unverified == "warn" and (report.unverified or _rests_on_read_policies(report)):
            warn_unverified(report)
        return report

    # -- guarded clients ----------------------------------------------------------------------------------------

    def session(self) -> boto3.Session:
        """The guard's session; the Bedrock clients made from it explain their AccessDenied errors."""
        from bedrock_guard.clients import guarded

        return guarded(self._boto_session, lambda: self._last_report)

    def client(self, name: str, **kwargs: Any) -> Any:
        """A boto3 client whose AccessDenied errors explain themselves.

        Args:
            name: A service of boto3, such as ``"bedrock-runtime"``.
            **kwargs: As ``boto3.Session.client`` takes them.
        """
        kwargs.setdefault("region_name", self._region)
        return self.session().client(name, **kwargs)  # type: ignore[call-overload]

    @cached_property
    def _boto_session(self) -> boto3.Session:
        from bedrock_guard.aws.session import default_session

        return self._session or default_session()

    @property
    def _calls_with_api_key(self) -> bool:
        """Whether the app calls Bedrock as the principal of an API key, which is not the one that STS names."""
        return not (self._principal_arn or self._policies) and bool(os.environ.get(BEARER_VARIABLE))

    def _calls(self) -> AwsCalls:
        from bedrock_guard.aws.calls import AwsCalls, Budget
        from bedrock_guard.aws.session import region_of

        region = region_of(self._boto_session, self._region)
        return AwsCalls(self._boto_session, region, Budget(self._budget_seconds))

    def _principal(self, calls: AwsCalls) -> Principal:
        from bedrock_guard.aws.principal import principal_from_arn, resolve_principal
        from bedrock_guard.aws.session import partition_of_region

        if self._principal_arn is not None:
            return principal_from_arn(self._principal_arn)
        if self._policies is not None:
            return self._policies.principal(partition_of_region(calls.session, calls.region))
        return resolve_principal(calls)

    def _required(self, principal: Principal | None, calls: AwsCalls) -> _Required:
        """The requirements; which of them can be asked, and how the Regions behind profiles were found."""
        from bedrock_guard.aws.model_questions import ModelQuestions
        from bedrock_guard.aws.routing import destinations_of
        from bedrock_guard.aws.session import partition_of_region

        partition = partition_of_region(calls.session, calls.region)
        if principal is not None and principal.partition != partition:
            raise ConfigurationError(
                f"the Region {calls.region} is in the partition {partition}, and {principal.caller_arn} is in "
                f"{principal.partition}: no principal holds permissions in another partition",
                code="BG504",
            )
        where = Where(partition, calls.region, principal.account if principal else "*")
        asked = ModelQuestions(calls, account=principal.account if principal else "")
        destinations, notes = destinations_of(asked, self._declaration.models, may_ask=self._policies is None)
        return _Required(
            self._declaration.requirements(where, destinations),
            self._declaration.unresolved(where, destinations),
            notes,
        )

    def _report_without_principal(self, error: PrincipalError, calls: AwsCalls, now: datetime) -> Report:
        """Every requirement unverified: STS gave no answer, which says nothing about the app's permissions."""
        from bedrock_guard.aws.judgement import unverified

        required = self._required(None, calls)
        self._last_report = Report(
            principal=None,
            region=calls.region,
            findings=tuple(unverified(r, error) for r in (*required.askable, *required.unresolved)),
            notes=(*required.notes, Note(error.code, f"{error} {error.remedy}".strip())),
            checked_at=_timestamp(now),
            catalogue=catalogue_version(),
        )
        return self._last_report


def _rests_on_read_policies(report: Report) -> bool:
    """Whether something is allowed by the policies as read alone, without the organization's."""
    return any(finding.code == "BG413" for finding in report.allowed) and report.principal is not None


def _timestamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def _checked_evaluators(names: Sequence[str]) -> tuple[str, ...]:
    wrong = [name for name in names if name not in _EVALUATORS]
    if isinstance(names, str) or wrong or not names:
        raise ConfigurationError(
            f"evaluators: {names!r}; expected a list of {' and '.join(map(repr, _EVALUATORS))}",
            code="BG504",
            suggestions=_EVALUATORS,
        )
    return tuple(names)


def _checked_budget(seconds: float) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
        raise ConfigurationError(f"budget_seconds: {seconds!r}; expected a number of seconds above 0", code="BG504")
    return float(seconds)


def _checked_outcome(outcome: str) -> OnUnverified:
    for known in _OUTCOMES:
        if outcome == known:
            return known
    raise ConfigurationError(
        f"on_unverified: {outcome!r}; expected one of {', '.join(map(repr, _OUTCOMES))}",
        code="BG504",
        suggestions=_OUTCOMES,
    )
