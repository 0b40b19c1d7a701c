"""The one use case: what an app declares, checked for the principal it runs as."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from bedrock_guard.arguments import (
    DEFAULT_EVALUATORS,
    Diagnose,
    OnUnverified,
    checked_budget,
    checked_diagnose,
    checked_evaluators,
    checked_outcome,
)
from bedrock_guard.aws.context import checked_context, normalise_context
from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE, key_requirements
from bedrock_guard.bedrock.catalogue import catalogue_version
from bedrock_guard.errors import (
    BedrockGuardError,
    ConfigurationError,
    MissingPermissionsError,
    PrincipalError,
    UnverifiedPermissionsError,
)
from bedrock_guard.events import warn_unverified
from bedrock_guard.render.redaction import Redaction, errors_redacted, is_wanted
from bedrock_guard.report import ModelAccess, Note, Principal, PrincipalType, Report, Requirement, as_advice
from bedrock_guard.requirements import Declaration, Where

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.advice.denial import Denial
    from bedrock_guard.advice.guard_needs import GuardModes
    from bedrock_guard.aws.api_keys import KeyInUse
    from bedrock_guard.aws.calls import AwsCalls
    from bedrock_guard.aws.evaluation import Outcome
    from bedrock_guard.aws.given import PolicyDocuments
    from bedrock_guard.aws.model_questions import ModelQuestions
    from bedrock_guard.bedrock.catalogue import Operation
    from bedrock_guard.diagnose import Live
    from bedrock_guard.least_privilege import PolicyOptions
    from bedrock_guard.policy_set import PolicySet
    from bedrock_guard.requirements import Destinations

__all__ = ["Guard", "OnUnverified"]


@dataclass(frozen=True)
class _Required:
    """What a declaration comes to, once it is known who calls from where.

    Attributes:
        askable: What can be asked about.
        unresolved: What is needed besides and cannot be asked.
        notes: How the Regions behind profiles were found.
        where: Partition, Region and account.
        destinations: Where the models may be served.
        asked: What the service was asked about models, and may be asked still.
    """

    askable: tuple[Requirement, ...]
    unresolved: tuple[Requirement, ...]
    notes: tuple[Note, ...]
    where: Where
    destinations: Destinations
    asked: ModelQuestions

    @property
    def all(self) -> tuple[Requirement, ...]:
        return (*self.askable, *self.unresolved)


class Guard:
    """Checks that the principal an app runs as holds every permission the app needs.

    Making one makes no call. What cannot be used is refused at once, with the nearest right names.

    Args:
        models: Model ids, inference profile ids or ARNs the app calls.
        operations: Operations of boto3's Bedrock clients, such as ``"bedrock-runtime:Converse"`` or ``"converse"``,
            each alone or with the ARN of a resource that it is called on: ``("retrieve", "arn:aws:…")``.
        capabilities: Named uses, such as ``"knowledge-bases.query"``, alone or with an ARN likewise.
        actions: IAM actions, each alone or with the ARN it is needed on: ``("bedrock:Retrieve", "arn:aws:…")``.
        requests: Operations with the parameters of a call, as boto3 takes them: ``("converse", {"modelId": "…"})``.
            The parameters say what is needed besides: guardrails, buckets, keys, and roles handed over, each of which
            is checked like one in ``service_roles``.
        service_roles: Roles that are handed to Bedrock or that an app runs under, by their kind:
            ``{"knowledge-base": "arn:aws:iam::…:role/kb"}``, or texts such as ``"knowledge-base=arn:…,bucket=docs"``.
            Whether each exists, trusts the service and holds what the service does with it is checked too.
        region: The Region the app calls; the session's by default.
        session: Where credentials come from; a new ``boto3.Session`` by default.
        principal_arn: The role or user to ask about, for checks before deployment; the caller by default.
        policies: Documents to decide by in place of the policies of a principal; no credentials are needed then and no
            call is made. ``principal_arn`` says whose they will be.
        context: Condition keys the app's requests will carry, such as ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``. What the
            service sets for each authorization goes before it: the Region of every destination of a profile, the
            profile, the guardrail of a request. A value that contradicts all that set its key is refused, one that
            contradicts some is noted and not used for them. The Region is ``region``, and no other is taken here.
        evaluators: Which may be asked, in order: ``"simulator"`` (iam:SimulatePrincipalPolicy) and ``"offline"``
            (our engine on the policies, where they can be read), which steps in when the simulator is refused. Only
            when named, ``"probe"``: calls to Bedrock that cost and change nothing, for what is `unverified` by then. It
            asks as the caller alone, and most actions have no such call.
        budget_seconds: What a check may take altogether, whatever the network does.
        on_unverified: What :meth:`verify` does when nothing is denied but something could not be checked.
        redact: Whether account ids, session names and whatever else identifies somebody are masked in reports, errors,
            logged warnings and the messages of guarded clients; None leaves it to the environment variable
            BEDROCK_GUARD_REDACT (1, true, yes). :attr:`principal` and :attr:`requirements` are as they are.
        diagnose: What the errors of guarded clients are explained from: ``"message"`` (their own text and the last
            check; no call), or ``"live"``, which also asks IAM about the denied request when it happens.
        check_model_access: Whether Bedrock is asked (reads that cost nothing) if it serves the models at all: Region,
            lifecycle, agreement. A model that it certainly does not serve is an error like a missing permission.

    Raises:
        ConfigurationError: A name that does not exist, a Region that is missing, nothing declared.
    """

    def __init__(
        self,
        *,
        models: Sequence[str] = (),
        operations: Sequence[str | tuple[str, str]] = (),
        capabilities: Sequence[str | tuple[str, str]] = (),
        actions: Sequence[str | tuple[str, str]] = (),
        requests: Sequence[tuple[str, Mapping[str, Any]]] = (),
        service_roles: Mapping[str, str] | Sequence[str] = (),
        region: str | None = None,
        session: boto3.Session | None = None,
        principal_arn: str | None = None,
        policies: PolicyDocuments | None = None,
        context: Mapping[str, str | bool | int | Sequence[str]] | None = None,
        evaluators: Sequence[str] = DEFAULT_EVALUATORS,
        budget_seconds: float = 10.0,
        on_unverified: OnUnverified = "warn",
        redact: bool | None = None,
        diagnose: Diagnose = "message",
        check_model_access: bool = True,
    ) -> None:
        self._declaration = Declaration.of(
            models=models,
            operations=operations,
            capabilities=capabilities,
            actions=actions,
            requests=requests,
            service_roles=service_roles,
            # Whether they exist and whom they trust is asked of IAM, which is not asked where policies are given.
            with_roles=policies is None,
            is_newer=_is_newer,
        )
        if policies is not None and self._declaration.roles:
            raise ConfigurationError(
                "service_roles: whether a role exists and whom it trusts is asked of IAM, and policies are decided "
                "without a call; leave out one of the two",
                code="BG504",
            )
        self._region = region
        self._session = session
        self._principal_arn = principal_arn
        self._policies = policies
        self._context = _context_of(context or {})
        checked_context(self._context, (), region=region)
        self._evaluators = checked_evaluators(evaluators)
        self._budget_seconds = checked_budget(budget_seconds)
        self._on_unverified = checked_outcome(on_unverified)
        self._redact = is_wanted(given=redact, environment=os.environ)
        self._diagnose = checked_diagnose(diagnose)
        self._check_model_access = check_model_access
        self._last_report: Report | None = None

    @classmethod
    def from_config(cls, path: str | os.PathLike[str] | None = None, **arguments: Any) -> Guard:
        """A guard with the arguments that a configuration file and the environment say, and those given here.

        Args:
            path: The file; by default the one that BEDROCK_GUARD_CONFIG names, else the nearest ``bedrock-guard.toml``,
                or pyproject.toml with ``[tool.bedrock_guard]``, from the working directory upwards.
            **arguments: As the guard takes them; each replaces what the configuration says under this name.

        Raises:
            ConfigurationError: There is no such file, or it cannot be used; every fault is listed with its place.
        """
        from bedrock_guard.configuration import read_settings

        with errors_redacted(wanted=is_wanted(given=arguments.get("redact"), environment=os.environ)):
            settings = read_settings(path, environment=os.environ, required=True)
        return cls(**{**settings.arguments(), **arguments})

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
        return self._required(self._declaration, self.principal, self._calls()).all

    def requirements_for(self, operation: str, /, **parameters: Any) -> tuple[Requirement, ...]:
        """What one call needs, each action on each resource once, with its reasons.

        Args:
            operation: Of boto3's Bedrock clients: ``"converse"``, ``"bedrock-agent:CreateAgent"``.
            **parameters: Of the call, as boto3 takes them.

        Raises:
            ConfigurationError: No such operation, or a parameter that it does not take.
            PrincipalError: No credentials, expired ones, or STS out of reach.
        """
        declaration = Declaration.of(requests=[(operation, parameters)], is_newer=_is_newer)
        return self._required(declaration, self.principal, self._calls()).all

    # -- the check ----------------------------------------------------------------------------------------------

    def check(self) -> Report:
        """The report on every requirement; denials and what could not be checked are findings, not exceptions.

        Raises:
            PrincipalError: The credentials are missing, expired or invalid.
            ConfigurationError: The Region is missing, or an ARN cannot be what the app needs.
        """
        with errors_redacted(wanted=self._redact):
            report = self._checked()
        return Redaction().report(report) if self._redact else report

    def _checked(self) -> Report:
        from bedrock_guard.advice.remedies import remedies_for
        from bedrock_guard.aws.judgement import in_another_account, unresolved

        calls = self._calls()
        now = datetime.now(timezone.utc)
        try:
            principal = self._principal(calls)
        except PrincipalError as error:
            if not (error.retryable or self._calls_with_api_key):
                raise
            return self._report_without_principal(error, calls, now)
        required = self._required(self._declaration, principal, calls)
        not_used = checked_context(self._context, _own_requests(required), region=calls.region)
        outcome, (access, access_notes) = self._answers(principal, required, calls, now)
        findings = (*outcome.findings, *(unresolved(requirement) for requirement in required.unresolved))
        findings = tuple(as_advice(in_another_account(finding, outcome.principal)) for finding in findings)
        self._last_report = Report(
            principal=outcome.principal,
            region=calls.region,
            findings=findings,
            notes=_once(
                required.notes,
                not_used,
                outcome.notes,
                _lints(outcome, required, calls),
                access_notes,
                self._declaration.notes(required.where),
            ),
            remedies=remedies_for(outcome.principal, findings),
            checked_at=_timestamp(now),
            catalogue=catalogue_version(),
            access=access,
        )
        return self._last_report

    def _answers(
        self, principal: Principal, required: _Required, calls: AwsCalls, now: datetime
    ) -> tuple[Outcome, tuple[tuple[ModelAccess, ...], tuple[Note, ...]]]:
        """What IAM and, at the same time, Bedrock say."""
        if self._policies is not None or not self._check_model_access:
            access = self._access(required, now) if self._check_model_access else ((), ())
            return self._outcome(principal, required.askable, calls, now), access
        tasks: list[Callable[[], Any]] = [
            partial(self._outcome, principal, required.askable, calls, now),
            partial(self._access, required, now),
        ]
        outcome, asked = calls.gather(tasks, action="iam:SimulatePrincipalPolicy")
        if isinstance(outcome, (PrincipalError, ConfigurationError)):
            raise outcome
        if isinstance(outcome, BedrockGuardError):
            outcome = _unanswered(principal, required.askable, outcome)
        if isinstance(asked, BedrockGuardError):
            asked = ((), (Note("BG313", f"Model access could not be checked: {asked}"),))
        return outcome, asked

    def _access(self, required: _Required, now: datetime) -> tuple[tuple[ModelAccess, ...], tuple[Note, ...]]:
        from bedrock_guard.aws.model_access import model_access

        return model_access(
            required.asked,
            self._declaration.all_models(required.where),
            required.destinations,
            partition=required.where.partition,
            actions={requirement.action for requirement in required.askable},
            in_use=self._declaration.models_in_use(required.where),
            may_ask=self._policies is None,
            now=now,
        )

    def _outcome(
        self, principal: Principal, requirements: Sequence[Requirement], calls: AwsCalls, now: datetime
    ) -> Outcome:
        if self._policies is not None:
            from bedrock_guard.aws.evaluation import evaluate_given

            known = self._policies.known()
            return evaluate_given(known, principal, requirements, region=calls.region, context=self._context, now=now)
        from bedrock_guard.aws.parties import evaluate_parties

        return evaluate_parties(
            calls,
            principal,
            requirements,
            roles=self._declaration.roles,
            evaluators=self._evaluators,
            context=self._context,
            now=now,
            read_denials=None if self._principal_arn is not None else _denials_in,
        )

    def verify(self) -> Report:
        """The report, when nothing is denied.

        What could not be checked is logged as a warning, raised or ignored, as ``on_unverified`` says.

        Raises:
            MissingPermissionsError: At least one requirement is denied, or Bedrock does not serve one of the models.
            UnverifiedPermissionsError: Something could not be checked and ``on_unverified`` is ``"raise"``.
            PrincipalError: The credentials are missing, expired or invalid.
        """
        report = self.check()
        if report.denied or report.blocked:
            raise MissingPermissionsError(str(report), report=report)
        if report.unverified and self._on_unverified == "raise":
            raise UnverifiedPermissionsError(str(report), report=report)
        if self._on_unverified == "warn" and (report.unverified or _rests_on_read_policies(report)):
            warn_unverified(report)
        return report

    # -- the least policies -------------------------------------------------------------------------------------

    def policy(
        self,
        *,
        role: str = "",
        account: str = "",
        restrict_region: bool = False,
        trust: str | None = None,
        conditions: Mapping[str, Any] | None = None,
        with_advisory: bool = False,
        for_guard: bool = False,
    ) -> PolicySet:
        """The least policies that the app's own role takes; nothing is redacted in them.

        No calls are made but those that tell the account, where it is not said, and where profiles lead.

        Args:
            role: Name of the role; that of ``principal_arn`` by default.
            account: 12 digits; that of ``principal_arn`` or of the credentials by default.
            restrict_region: Whether Bedrock may be called only in the Regions that the app's calls are served in.
            trust: What runs as the role, for its trust policy: ``"lambda"``, ``"ecs"``, ``"ec2"``,
                ``"eks-pod-identity"``, ``"eks-irsa,oidc=…,namespace=…,service-account=…"`` or a kind of service role.
            conditions: Condition keys with their values, each put on the statements whose requests carry it:
                ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``; or by operator, ``{"DateLessThan": {"aws:CurrentTime": "…"}}``.
            with_advisory: Whether what AWS does not document as needed is granted too.
            for_guard: The permissions of the guard itself instead, in the modes that it was made with.

        Raises:
            ConfigurationError: An option that cannot be used, or the account is not known and the policies name it.
        """
        from bedrock_guard.least_privilege import PolicyOptions

        return self.policies(
            PolicyOptions(role, account, restrict_region, trust, conditions, with_advisory, for_guard)
        )[0]

    def policies(self, options: PolicyOptions | None = None) -> tuple[PolicySet, ...]:
        """What :meth:`policy` returns, and after it the policies of each service role that the app names.

        Args:
            options: As :meth:`policy` takes them.

        Raises:
            ConfigurationError: As :meth:`policy`.
        """
        from bedrock_guard.least_privilege import PolicyOptions

        given = options or PolicyOptions()
        with errors_redacted(wanted=self._redact):
            return self._policy_sets(given)

    def _policy_sets(self, given: PolicyOptions) -> tuple[PolicySet, ...]:
        from bedrock_guard.least_privilege import Needed, written_policies

        calls = self._calls()
        principal, unknown = self._policy_principal(calls, given)
        required = self._required(self._declaration, principal, calls)
        needed = Needed(
            self._declaration,
            required.askable,
            required.unresolved,
            required.notes,
            required.where,
            required.destinations,
            self._context,
            unknown,
        )
        if not given.role and self._principal_arn is not None and principal.type is PrincipalType.ROLE:
            given = replace(given, role=principal.name)
        return written_policies(needed, given, principal, self._modes)

    def _policy_principal(self, calls: AwsCalls, options: PolicyOptions) -> tuple[Principal, PrincipalError | None]:
        """Whose policies are to be written, or a stand-in for the account; and why the account is not known."""
        from bedrock_guard.aws.session import partition_of_region
        from bedrock_guard.least_privilege import UNKNOWN_ACCOUNT, account_principal

        partition = partition_of_region(calls.session, calls.region)
        if options.account:
            return account_principal(options.account, partition, options.role), None
        try:
            principal = self._principal(calls)
        except PrincipalError as error:
            return account_principal(UNKNOWN_ACCOUNT, partition, options.role), error
        if options.role and self._principal_arn is None:
            return account_principal(principal.account, principal.partition, options.role), None
        return principal, None

    @property
    def _modes(self) -> GuardModes:
        from bedrock_guard.advice.guard_needs import GuardModes

        return GuardModes(
            simulator="simulator" in self._evaluators,
            offline="offline" in self._evaluators,
            model_access=self._check_model_access,
            live=self._diagnose == "live",
        )

    # -- guarded clients ----------------------------------------------------------------------------------------

    def session(self) -> boto3.Session:
        """The guard's session; the Bedrock clients made from it explain their AccessDenied errors."""
        from bedrock_guard.clients import guarded

        return guarded(self._boto_session, lambda: self._last_report, live=self._live, redact=self._redact)

    def client(self, name: str, **kwargs: Any) -> Any:
        """A boto3 client whose AccessDenied errors explain themselves.

        Args:
            name: A service of boto3, such as ``"bedrock-runtime"``.
            **kwargs: As ``boto3.Session.client`` takes them.
        """
        kwargs.setdefault("region_name", self._region)
        return self.session().client(name, **kwargs)  # type: ignore[call-overload]

    @property
    def _live(self) -> Live | None:
        """How IAM is asked about a denied call; None where it is not."""
        from bedrock_guard.diagnose import Live

        if self._diagnose != "live":
            return None
        return Live(
            session=self._boto_session,
            region=self._region,
            context=dict(self._context),
            evaluators=[one for one in self._evaluators if one != "probe"] or DEFAULT_EVALUATORS,
            budget_seconds=self._budget_seconds,
        )

    @cached_property
    def _boto_session(self) -> boto3.Session:
        from bedrock_guard.aws.session import default_session

        return self._session or default_session()

    @property
    def _calls_with_api_key(self) -> bool:
        """Whether the app may call Bedrock with an API key, whose principal is not the one that STS names."""
        return not (self._principal_arn or self._policies) and bool(os.environ.get(BEARER_VARIABLE))

    def _key_in_use(
        self, calls: AwsCalls, principal: Principal | None, partition: str, now: datetime
    ) -> KeyInUse | None:
        from bedrock_guard.aws.api_keys import key_in_use

        if not self._calls_with_api_key:
            return None
        return key_in_use(calls.session, principal, partition=partition, now=now)

    def _calls(self) -> AwsCalls:
        from bedrock_guard.aws.calls import AwsCalls, Budget
        from bedrock_guard.aws.session import region_of

        region = region_of(self._boto_session, self._region)
        return AwsCalls(self._boto_session, region, Budget(self._budget_seconds))

    def _principal(self, calls: AwsCalls) -> Principal:
        from bedrock_guard.aws.principal import resolve_principal
        from bedrock_guard.aws.session import partition_of_region
        from bedrock_guard.principal import principal_from_arn

        if self._principal_arn is not None:
            return principal_from_arn(self._principal_arn)
        if self._policies is not None:
            return self._policies.principal(partition_of_region(calls.session, calls.region))
        return resolve_principal(calls)

    def _required(self, declaration: Declaration, principal: Principal | None, calls: AwsCalls) -> _Required:
        """The requirements; which of them can be asked, and how the Regions behind profiles were found.

        Raises:
            PrincipalError: The app's calls are made with an API key that cannot work.
        """
        now = datetime.now(timezone.utc)
        from bedrock_guard.aws.model_questions import ModelQuestions
        from bedrock_guard.aws.routing import destinations_of
        from bedrock_guard.aws.session import partition_of_region, region_notes

        partition = partition_of_region(calls.session, calls.region)
        if principal is not None and principal.partition != partition:
            raise ConfigurationError(
                f"the Region {calls.region} is in the partition {partition}, and {principal.caller_arn} is in "
                f"{principal.partition}: no principal holds permissions in another partition",
                code="BG504",
            )
        key = self._key_in_use(calls, principal, partition, now)
        account = principal.account if principal else (key.key.account if key else None) or "*"
        where = Where(partition, calls.region, account, key.holder if key else "")
        with_key = declaration.actions_with_key(where) if key is not None else ()
        if key is not None and with_key:
            key.require_usable(calls.region, now)
        asked = ModelQuestions(calls, account=principal.account if principal else "")
        models = declaration.all_models(where)
        destinations, notes = destinations_of(asked, models, may_ask=self._policies is None)
        requirements = declaration.requirements(where, destinations)
        if key is not None and with_key:
            requirements = (*requirements, *key_requirements(key.key, key.holder, with_key))
            notes = (key.note, *notes)
        return _Required(
            requirements,
            declaration.unresolved(where, destinations),
            (*region_notes(calls.session, calls.region), *notes),
            where,
            destinations,
            asked,
        )

    def _report_without_principal(self, error: PrincipalError, calls: AwsCalls, now: datetime) -> Report:
        """Every requirement unverified: STS gave no answer, which says nothing about the app's permissions."""
        from bedrock_guard.aws.judgement import unverified

        required = self._required(self._declaration, None, calls)
        self._last_report = Report(
            principal=None,
            region=calls.region,
            findings=tuple(unverified(requirement, error) for requirement in required.all),
            notes=(*required.notes, Note(error.code, f"{error}. {error.remedy}".strip())),
            checked_at=_timestamp(now),
            catalogue=catalogue_version(),
        )
        return self._last_report


def _is_newer(operation: Operation, path: str) -> bool:
    from bedrock_guard.aws.installed_models import knows_parameter

    return knows_parameter(operation, path)


def _denials_in(message: str) -> Sequence[Denial]:
    from bedrock_guard.advice.denials import read_denials

    return read_denials(message).denials


def _context_of(context: Mapping[str, str | bool | int | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    from bedrock_guard.advice.context_keys import require_keys_that_exist

    normal = normalise_context(context)
    require_keys_that_exist(normal)
    return normal


def _own_requests(required: _Required) -> Iterator[Requirement]:
    """What is needed in the app's own requests, which carry its context; not what a service calls with a role."""
    return (one for one in required.askable if not one.principal or ":user/" in one.principal)


def _once(*groups: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(dict.fromkeys(note for group in groups for note in group))


def _lints(outcome: Outcome, required: _Required, calls: AwsCalls) -> Iterator[Note]:
    """What is wrong with the policies as written, where they were given or read."""
    from bedrock_guard.advice.lint import lint_policies
    from bedrock_guard.advice.lints.app_use import use_of

    if outcome.read is None:
        return
    principal = outcome.principal
    place = {"partition": principal.partition, "region": calls.region, "account": principal.account}
    for note in lint_policies(outcome.read.all, **place, app=use_of(_own_requests(required))):
        if outcome.read.positions or note.statement is None:
            yield note
        else:
            # IAM gives a document back, and not the lines that its owner knows.
            yield replace(note, statement=replace(note.statement, line=None, column=None))


def _unanswered(principal: Principal, requirements: Sequence[Requirement], error: BedrockGuardError) -> Outcome:
    from bedrock_guard.aws.evaluation import Outcome
    from bedrock_guard.aws.judgement import unverified

    return Outcome(principal, tuple(unverified(requirement, error) for requirement in requirements))


def _rests_on_read_policies(report: Report) -> bool:
    """Whether something is allowed by the policies as read alone, without the organization's."""
    return any(finding.code == "BG413" for finding in report.allowed) and report.principal is not None


def _timestamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
