"""The simulator evaluator: requirements asked of iam:SimulatePrincipalPolicy.

Round one, side by side: the role (its path and tags), the condition keys its policies use, and every question.
Later rounds are made only when they are needed: the questions again on the role's full ARN, with keys that turned
out to matter, or without SCPs and boundary to see what else is missing; and the policies themselves, where the
answer hangs on a condition key that nobody supplied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from bedrock_guard.aws.batches import Batch, Question, batches
from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.context import ContextValues, as_entries, request_context
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.aws.principal import role_of
from bedrock_guard.aws.simulation import Simulated, denying_layer, read_results
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError
from bedrock_guard.iam.arn import Arn
from bedrock_guard.iam.decision import Layer
from bedrock_guard.report import Principal, PrincipalType, Requirement

__all__ = ["Answers", "Simulator"]

_SIMULATE = "iam:SimulatePrincipalPolicy"
_KEYS = "iam:GetContextKeysForPrincipalPolicy"
_IDENTITY_ALONE = [{"PolicyType": "scp"}, {"PolicyType": "permission-boundary"}]
_WITHOUT_SCPS = [{"PolicyType": "scp"}]

Answer = Simulated | BedrockGuardError


@dataclass
class Answers:
    """What IAM said, before it is judged.

    Attributes:
        principal: With its full ARN where iam:GetRole told it.
        by_question: The simulator's answer, or why there is none.
        keys: Condition keys that the identity policies and the boundary use, or why they are not known.
        identity_alone: The answers without SCPs and boundary, for questions that one of them denies.
        without_scps: The answers without SCPs, for questions that one of those denies; evaluation ends there, so only
            these show the boundary.
        role_error: Why iam:GetRole did not tell the role's path; None when it did or was not needed.
    """

    principal: Principal
    by_question: dict[Question, Answer] = field(default_factory=dict)
    keys: tuple[str, ...] | BedrockGuardError = ()
    identity_alone: dict[Question, Answer] = field(default_factory=dict)
    without_scps: dict[Question, Answer] = field(default_factory=dict)
    role_error: BedrockGuardError | None = None


class Simulator:
    """Asks IAM about one principal.

    Args:
        calls: The session and its budget.
        region: The Region the app calls.
        context: Condition keys the caller knows.
        now: UTC time of the check.
    """

    def __init__(self, calls: AwsCalls, *, region: str, context: ContextValues, now: datetime) -> None:
        self._calls = calls
        self._region = region
        self._context = context
        self._now = now

    def ask(self, principal: Principal, requirements: Sequence[Requirement]) -> Answers:
        """IAM's answer to every requirement; failures are answers too, nothing is raised for them."""
        questions = [self._question(principal, requirement) for requirement in requirements]
        answers, tags = self._first_round(principal, questions)
        if answers.principal.policy_source_arn != principal.policy_source_arn and _hangs_on_the_arn(answers):
            answers = self._ask_all(answers.principal, questions)
        self._ask_again_with_known_keys(answers, tags)
        self._ask_what_is_behind(answers)
        return answers

    def _question(
        self, principal: Principal, requirement: Requirement, tags: Mapping[str, str] | None = None
    ) -> Question:
        return Question(
            requirement,
            request_context(
                requirement,
                principal=principal,
                region=self._region,
                now=self._now,
                given=self._context,
                tags=tags or {},
            ),
        )

    def _first_round(self, principal: Principal, questions: Sequence[Question]) -> tuple[Answers, Mapping[str, str]]:
        """Every question, and beside them the role itself: its full ARN and its tags."""
        if principal.type not in (PrincipalType.ROLE_SESSION, PrincipalType.ROLE):
            return self._ask_all(principal, questions), {}
        role: list[dict[str, Any] | BedrockGuardError] = []
        answers = self._ask_all(principal, questions, beside=lambda: role.append(role_of(self._calls, principal)))
        if not role or isinstance(role[0], BedrockGuardError):
            answers.role_error = role[0] if role and isinstance(role[0], BedrockGuardError) else None
            return answers, {}
        answers.principal = replace(principal, policy_source_arn=role[0]["Arn"], path_known=True)
        if principal.type is PrincipalType.ROLE_SESSION:
            # A session may have been made with tags of its own, which win over the role's and are shown nowhere.
            return answers, {}
        return answers, {tag["Key"]: tag["Value"] for tag in role[0].get("Tags", ())}

    def _ask_all(
        self, principal: Principal, questions: Sequence[Question], *, beside: Callable[[], Any] | None = None
    ) -> Answers:
        """Every question and the keys that the policies use, in one round; ``beside`` runs in it too."""
        calls = batches(questions)
        tasks: list[Callable[[], Any]] = [partial(self._simulate, principal, batch) for batch in calls]
        tasks.append(partial(self._context_keys, principal))
        if beside is not None:
            tasks.append(beside)
        results = self._calls.gather(tasks, action=_SIMULATE)
        answers = Answers(principal, keys=results[len(calls)])
        for batch, result in zip(calls, results[: len(calls)], strict=True):
            answers.by_question.update(_spread(batch, result))
        return answers

    def _context_keys(self, principal: Principal) -> tuple[str, ...]:
        answer = self._calls.call(
            "iam",
            "get_context_keys_for_principal_policy",
            action=_KEYS,
            resource=str(principal.policy_source_arn),
            PolicySourceArn=principal.policy_source_arn,
        )
        return tuple(answer.get("ContextKeyNames", ()))

    def _simulate(
        self, principal: Principal, batch: Batch, exclude: Sequence[Mapping[str, str]] = ()
    ) -> dict[Question, Answer]:
        params: dict[str, Any] = {
            "PolicySourceArn": principal.policy_source_arn,
            "ActionNames": list(batch.actions),
            "ContextEntries": as_entries(batch.context),
        }
        if batch.resources:
            params["ResourceArns"] = list(batch.resources)
        if exclude:
            params["PolicyExclusionList"] = list(exclude)
        try:
            results = self._pages(principal, params)
        except CallError as error:
            parts = _split(batch, error)
            if not parts:
                raise
            # An error of one part leaves the other part's answers standing.
            answers: dict[Question, Answer] = {}
            for part in parts:
                try:
                    answers.update(self._simulate(principal, part, exclude))
                except BedrockGuardError as failed:
                    answers.update(_spread(part, failed))
            return answers
        return dict(read_results(batch, results, principal))

    def _pages(self, principal: Principal, params: dict[str, Any]) -> list[Mapping[str, Any]]:
        results: list[Mapping[str, Any]] = []
        marker: str | None = None
        while True:
            more = {} if marker is None else {"Marker": marker}
            page = self._calls.call(
                "iam",
                "simulate_principal_policy",
                action=_SIMULATE,
                resource=str(principal.policy_source_arn),
                **params,
                **more,
            )
            results.extend(page.get("EvaluationResults", ()))
            if not page.get("IsTruncated") or page.get("Marker") in (None, marker):
                return results
            marker = page["Marker"]

    def _ask_again_with_known_keys(self, answers: Answers, tags: Mapping[str, str]) -> None:
        """Asks again with keys that could be known but are rarely used, once a policy is seen to use them."""
        if isinstance(answers.keys, BedrockGuardError):
            return
        used = {key.lower() for key in answers.keys}
        wanted_tags = {k: v for k, v in tags.items() if f"aws:principaltag/{k}".lower() in used}
        by_account = "aws:resourceaccount" in used
        if not wanted_tags and not by_account:
            return
        again: dict[Question, Question] = {}
        for question, answer in answers.by_question.items():
            if isinstance(answer, BedrockGuardError):
                continue
            better = self._question(answers.principal, question.requirement, wanted_tags)
            if by_account:
                better = _with_resource_account(better)
            if better.context != question.context:
                again[question] = better
        asked = self._ask_batches(answers.principal, list(again.values()))
        for old, better in again.items():
            del answers.by_question[old]
            answers.by_question[better] = asked[better]

    def _ask_what_is_behind(self, answers: Answers) -> None:
        """For what an SCP or the boundary denies: what the layers behind it say by themselves.

        It tells an SCP's denial of one resource from a missing Allow on another that shares its call, and shows
        the next obstacles behind the first.
        """
        layers = {q: denying_layer(a) for q, a in answers.by_question.items() if isinstance(a, Simulated) and a.denied}
        denied = [question for question, layer in layers.items() if layer in (Layer.SCP, Layer.BOUNDARY)]
        if not denied:
            return
        if self._calls.accepts("iam", "SimulatePrincipalPolicy", "PolicyExclusionList"):
            by_scp = [question for question in denied if layers[question] is Layer.SCP]
            answers.identity_alone, answers.without_scps = self._ask_rounds(
                answers.principal, (denied, _IDENTITY_ALONE), (by_scp, _WITHOUT_SCPS)
            )
            return
        # An older botocore: one resource a call makes the organization's answer the resource's own.
        shared = [q for q in denied if _is_shared(answers.by_question[q])]
        single = self._calls.gather(
            [partial(self._simulate, answers.principal, Batch((q,))) for q in shared],
            action=_SIMULATE,
        )
        for question, result in zip(shared, single, strict=True):
            answers.by_question.update(_spread(Batch((question,)), result))

    def _ask_batches(self, principal: Principal, questions: Sequence[Question]) -> dict[Question, Answer]:
        (answers,) = self._ask_rounds(principal, (questions, ()))
        return answers

    def _ask_rounds(
        self, principal: Principal, *rounds: tuple[Sequence[Question], Sequence[Mapping[str, str]]]
    ) -> list[dict[Question, Answer]]:
        """The answers to each set of questions without the policies named beside it; all are asked side by side."""
        calls = [(index, b, exclude) for index, (asked, exclude) in enumerate(rounds) for b in batches(asked)]
        results = self._calls.gather(
            [partial(self._simulate, principal, batch, exclude) for _, batch, exclude in calls],
            action=_SIMULATE,
        )
        answers: list[dict[Question, Answer]] = [{} for _ in rounds]
        for (index, batch, _), result in zip(calls, results, strict=True):
            answers[index].update(_spread(batch, result))
        return answers


def _hangs_on_the_arn(answers: Answers) -> bool:
    """Whether the answers may be others for the role's full ARN than for the one without its path.

    The permission to simulate may be granted on the full ARN only. A condition on aws:PrincipalArn is judged by the ARN
    that was sent (assumed); in an organization one may stand in an SCP, whose keys IAM never tells.
    """
    given = (*answers.by_question.values(), answers.keys)
    if any(isinstance(answer, AccessDeniedError) for answer in given):
        return True
    if any(isinstance(a, Simulated) and a.organization_allows is not None for a in answers.by_question.values()):
        return True
    keys = () if isinstance(answers.keys, BedrockGuardError) else answers.keys
    return any(key.lower() == "aws:principalarn" for key in keys)


def _is_shared(answer: Answer) -> bool:
    return isinstance(answer, Simulated) and answer.organization_is_aggregate


def _spread(batch: Batch, result: dict[Question, Answer] | BedrockGuardError) -> dict[Question, Answer]:
    """An answer for every question of the batch: its own, the error of the call, or that IAM left it out."""
    if isinstance(result, BedrockGuardError):
        return dict.fromkeys(batch.questions, result)
    left_out = CallError(
        f"{_SIMULATE}: the answer did not contain this action and resource",
        kind=FailureKind.OTHER,
        action=_SIMULATE,
    )
    return {question: result.get(question, left_out) for question in batch.questions}


_MIXED = re.compile(r"Invalid Input Actions: \[(?P<one>[^\]]*)\] and \[(?P<other>[^\]]*)\]")


def _split(batch: Batch, error: CallError) -> tuple[Batch, ...]:
    """The batch in parts that may be asked; empty when splitting cannot help.

    Actions of different kinds cannot share a call with resources; the error names both lists.
    """
    if error.kind is not FailureKind.INVALID or "different authorization information" not in str(error):
        return ()
    named = _MIXED.search(str(error))
    lists = [part.split(",") for part in named.group("one", "other")] if named else []
    parts = [batch.only(name.strip() for name in names) for names in lists]
    whole = [part for part in parts if part is not None and len(part.questions) < len(batch.questions)]
    if len(whole) < 2 or sum(len(part.questions) for part in whole) != len(batch.questions):
        whole = [one for one in (batch.only([action]) for action in batch.actions) if one is not None]
    return tuple(whole) if len(whole) > 1 else ()


def _with_resource_account(question: Question) -> Question:
    try:
        account = Arn.parse(question.requirement.resource).account
    except ValueError:
        return question
    if not account or any(key.lower() == "aws:resourceaccount" for key in question.context):
        return question
    return replace(question, context={**question.context, "aws:ResourceAccount": (account,)})
