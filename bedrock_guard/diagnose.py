"""The other use case: an error that was met, explained, from its text alone or with what AWS says now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from bedrock_guard.advice.answers import Answered, findings_of, remedies_now
from bedrock_guard.advice.attached import attached_diagnosis
from bedrock_guard.advice.comparison import whose_denial, with_named_policy
from bedrock_guard.advice.context_keys import require_keys_that_exist
from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denial_remedies import remedies_of
from bedrock_guard.advice.denials import Reading, read_denials
from bedrock_guard.advice.denied_requests import denied_principal
from bedrock_guard.advice.diagnosis import Diagnosis
from bedrock_guard.advice.subjects import Party, Subject, parties_of, region_told, subject_of
from bedrock_guard.arguments import DEFAULT_EVALUATORS, checked_budget, checked_evaluators
from bedrock_guard.aws.context import normalise_context
from bedrock_guard.aws.session import checked_region
from bedrock_guard.errors import BedrockGuardError, PrincipalError
from bedrock_guard.principal import Principal, principal_from_arn
from bedrock_guard.report import Note

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.aws.api_keys import KeyInUse
    from bedrock_guard.aws.authorizations import Recorded
    from bedrock_guard.aws.calls import AwsCalls
    from bedrock_guard.aws.evaluation import Outcome

__all__ = ["Diagnosis", "Live", "diagnosis_of", "explain"]


@dataclass(frozen=True, slots=True)
class Live:
    """With what AWS is asked about denials.

    Attributes:
        session: Where credentials come from; a new ``boto3.Session`` where None.
        region: The Region of a request whose message does not say it; the session's where None.
        principal_arn: The role or user to ask about; where None, the one that each message names, or the caller where
            it names none.
        context: Condition keys that the denied requests carried, such as ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``.
        evaluators: Which may be asked, in order: ``"simulator"`` and ``"offline"``.
        budget_seconds: What all of it may take, whatever the network does.

    Raises:
        ConfigurationError: A value that cannot be used.
    """

    session: boto3.Session | None = field(default=None, repr=False)
    region: str | None = None
    principal_arn: str | None = None
    context: Mapping[str, str | bool | int | Sequence[str]] | None = None
    evaluators: Sequence[str] = DEFAULT_EVALUATORS
    budget_seconds: float = 10.0

    def __post_init__(self) -> None:
        checked_evaluators(self.evaluators)
        checked_budget(self.budget_seconds)
        require_keys_that_exist(normalise_context(self.context or {}))
        if self.region is not None:
            checked_region(self.region)
        if self.principal_arn is not None:
            principal_from_arn(self.principal_arn)


def explain(
    source: Any,
    *,
    live: bool = False,
    session: boto3.Session | None = None,
    region: str | None = None,
    principal_arn: str | None = None,
    context: Mapping[str, str | bool | int | Sequence[str]] | None = None,
    evaluators: Sequence[str] = DEFAULT_EVALUATORS,
    budget_seconds: float = 10.0,
) -> Diagnosis:
    """The diagnosis of an error, wherever it was seen: from its text, or with what AWS says of the same request now.

    Args:
        source: A message, log, traceback, JSON document, CloudTrail event or HTTP response as text or bytes; a parsed
            mapping of one; an exception, whose causes and groups are read too; or the response object of an HTTP client
            (with ``status_code`` and ``text`` or ``content``).
        live: Whether AWS is asked too. What it does not answer is a note; no error of a call is raised.
        session: Where credentials come from; a new ``boto3.Session`` by default.
        region: The Region of a request whose message does not say it; the session's by default.
        principal_arn: The role or user to ask about; by default the one that the message names, or the caller where it
            names none.
        context: Condition keys that the denied requests carried, such as ``{"aws:SourceVpce": "vpce-1a2b3c4d"}``.
        evaluators: Which may be asked, in order: ``"simulator"`` (iam:SimulatePrincipalPolicy) and ``"offline"`` (our
            engine on the policies, where they can be read).
        budget_seconds: What all calls together may take, whatever the network does.

    Raises:
        TypeError: ``source`` is something else.
        ConfigurationError: Another argument cannot be used.
    """
    asking = Live(session, region, principal_arn, context, evaluators, budget_seconds)
    known = attached_diagnosis(source) if isinstance(source, BaseException) else None
    if known is None:
        return diagnosis_of(read_denials(_readable(source)), live=asking if live else None)
    return diagnosis_of(Reading(known.denials, known.unrecognised), live=asking) if live else known


def diagnosis_of(reading: Reading, *, live: Live | None = None) -> Diagnosis:
    """The diagnosis of what was read; AWS is asked only where ``live`` says with what, and raises nothing."""
    diagnosis = Diagnosis(reading.denials, (), remedies_of(reading.denials), unrecognised=reading.unrecognised)
    denials = [denial for denial in reading.denials if denial.kind is DenialKind.PERMISSION]
    if live is None or not denials:
        return diagnosis
    try:
        return _answered(diagnosis, denials, live)
    except BedrockGuardError as error:
        return replace(diagnosis, notes=(_not_asked(error),))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the asking, the message has its answer
        text = f"AWS was not asked, for a fault of bedrock_guard ({type(error).__name__})."
        return replace(diagnosis, notes=(Note("BG500", text),))


# -- what AWS says now ----------------------------------------------------------------------------------------------


def _answered(diagnosis: Diagnosis, denials: Sequence[Denial], live: Live) -> Diagnosis:
    """The diagnosis with everything that AWS says of the denied requests.

    Raises:
        BedrockGuardError: AWS cannot be asked at all.
    """
    calls = _calls(denials, live)
    now = datetime.now(timezone.utc)
    caller, notes = _caller(calls, denials, live)
    key = _key(calls, caller, now)
    region = live.region or calls.region
    subjects = [subject_of(d, caller, principal_arn=live.principal_arn, region=region) for d in denials]
    outcomes, records = _ask(calls, subjects, live, now)
    answers = [_answer(one, outcomes) for one in subjects]
    notes += [key.note] if key is not None else []
    notes += _about_principals(answers, caller, live, key)
    notes += [one.note for one in subjects if one.note is not None]
    notes += [note for one in answers for note in one.differences]
    notes += _of_outcomes(list(outcomes.values()))
    notes += [note for record in records for note in record.notes]
    principal = next((outcome.principal for outcome in outcomes.values()), None)
    others = [denial for denial in diagnosis.denials if denial not in denials]
    return replace(
        diagnosis,
        findings=findings_of(answers, principal),
        remedies=(*remedies_now(answers), *remedies_of(others)),
        notes=tuple(dict.fromkeys(notes)),
        principal=principal,
        authorizations=tuple(dict.fromkeys(one for record in records for one in record.authorizations)),
        live=caller is not None or bool(outcomes or records),
    )


def _calls(denials: Sequence[Denial], live: Live) -> AwsCalls:
    """The session, and the Region that its clients are made for.

    Raises:
        BedrockGuardError: The profile does not exist, or there is no Region.
    """
    from bedrock_guard.aws.calls import AwsCalls, Budget
    from bedrock_guard.aws.session import default_session, region_of

    budget = Budget(live.budget_seconds)
    session = live.session if live.session is not None else default_session()
    told = next((region for region in map(region_told, denials) if region is not None), None)
    return AwsCalls(session, region_of(session, live.region or session.region_name or told), budget)


def _caller(calls: AwsCalls, denials: Sequence[Denial], live: Live) -> tuple[Principal | None, list[Note]]:
    """Whose credentials are here. Not knowing is no end: the message may name whom to ask about.

    Raises:
        PrincipalError: There are no usable credentials, or STS is out of reach and nobody is named.
    """
    from bedrock_guard.aws.principal import resolve_principal

    try:
        return resolve_principal(calls), []
    except PrincipalError as error:
        named = live.principal_arn is not None or any(denied_principal(denial) is not None for denial in denials)
        if not (error.retryable and named and calls.budget.remaining() > 0):
            raise
        return None, [Note(error.code, f"Whose credentials are here is not known: {error}.")]


def _key(calls: AwsCalls, caller: Principal | None, now: datetime) -> KeyInUse | None:
    from bedrock_guard.aws.api_keys import key_in_use
    from bedrock_guard.aws.session import partition_of_region

    partition = partition_of_region(calls.session, calls.region)
    return key_in_use(calls.session, caller, partition=partition, now=now)


def _ask(
    calls: AwsCalls, subjects: Sequence[Subject], live: Live, now: datetime
) -> tuple[dict[Party, Outcome], list[Recorded]]:
    from bedrock_guard.aws.denied import ask_about_denied

    parties = parties_of(subjects)
    ids = {one.denial.authorization_id: one.denial.region or calls.region for one in subjects}
    outcomes, records = ask_about_denied(
        calls,
        [(party.principal, party.region, requirements) for party, requirements in parties.items()],
        {name: region for name, region in ids.items() if name is not None},
        evaluators=live.evaluators,
        context=normalise_context(live.context or {}),
        now=now,
    )
    return dict(zip(parties, outcomes, strict=True)), records


def _answer(one: Subject, outcomes: Mapping[Party, Outcome]) -> Answered:
    outcome = outcomes.get(one.party) if one.party is not None and one.requirement is not None else None
    if outcome is None:
        return Answered(one.denial, one.unasked)
    finding = next(found for found in outcome.findings if found.requirement == one.requirement)
    return Answered(one.denial, with_named_policy(one.denial, finding), outcome.principal)


def _about_principals(
    answers: Sequence[Answered], caller: Principal | None, live: Live, key: KeyInUse | None
) -> Iterator[Note]:
    for one in answers:
        if live.principal_arn is None:
            note = whose_denial(one.denial, caller, asked=one.asked, holder="" if key is None else key.holder)
            if note is not None:
                yield note
        elif one.asked is not None and one.denial.caller not in (None, live.principal_arn):
            yield Note("BG433", f"IAM was asked about {live.principal_arn}; the message is about {one.denial.caller}.")


def _of_outcomes(outcomes: Sequence[Outcome]) -> Iterator[Note]:
    for outcome in outcomes:
        for note in outcome.notes:
            who = f"{outcome.principal.caller_arn}: " if len(outcomes) > 1 else ""
            yield replace(note, text=f"{who}{note.text}")


def _not_asked(error: BedrockGuardError) -> Note:
    remedy = f" {error.remedy}" if error.remedy else ""
    return Note(error.code, f"AWS was not asked, so this is what the message alone says: {error}.{remedy}")


# -- what there is to read ------------------------------------------------------------------------------------------


def _readable(source: Any) -> str | bytes | BaseException | Mapping[str, Any]:
    if isinstance(source, (str, bytes, bytearray, memoryview, BaseException, Mapping)):
        return source if not isinstance(source, (bytearray, memoryview)) else bytes(source)
    status = getattr(source, "status_code", None)
    if isinstance(status, int):
        for name in ("text", "content"):
            body = getattr(source, name, None)
            if isinstance(body, (str, bytes)):
                return {"statusCode": status, "headers": _headers(source), "body": body}
    raise TypeError(
        f"explain() takes a text, bytes, an exception, a mapping or an HTTP response, not {type(source).__name__}"
    )


def _headers(response: Any) -> dict[str, str]:
    headers = getattr(response, "headers", None)
    return {str(k): str(v) for k, v in headers.items()} if isinstance(headers, Mapping) else {}
