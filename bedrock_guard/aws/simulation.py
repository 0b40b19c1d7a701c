"""What iam:SimulatePrincipalPolicy answered, read per requirement. Pure.

    {"EvaluationResults": [{"EvalActionName": "bedrock:InvokeModel", "EvalResourceName": <template, never a key>,
                            "EvalDecision": <most restrictive of all resources>, "MatchedStatements": [...],
                            "MissingContextValues": [...],
                            "OrganizationsDecisionDetail": {"AllowedByOrganizations": false},
                            "ResourceSpecificResults": [{"EvalResourceName": <the ARN asked>,
                                                         "EvalResourceDecision": ...}]}]}

The top level is the aggregate over the resources, so with resources only ``ResourceSpecificResults`` counts.

Source: model of iam (botocore 1.44.5) and answers of the service recorded in September 2026.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.aws.batches import Batch, Question
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import Principal, StatementReference

__all__ = ["Simulated", "denying_layer", "read_results"]


@dataclass(frozen=True)
class Simulated:
    """The simulator's answer to one question.

    Attributes:
        decision: ``allowed``, ``implicitDeny`` or ``explicitDeny``.
        statements: The statements that matched; empty for a denial by an SCP.
        by_boundary: Whether a matched statement is of the permissions boundary.
        missing_keys: Unsupplied keys of all documents, given only with an implicit denial.
        boundary_allows: None without a boundary.
        organization_allows: None outside an organization.
        organization_is_aggregate: The organization's answer is over several resources, of which this is one.
    """

    decision: Decision
    statements: tuple[StatementReference, ...] = ()
    by_boundary: bool = False
    missing_keys: tuple[str, ...] = ()
    boundary_allows: bool | None = None
    organization_allows: bool | None = None
    organization_is_aggregate: bool = False

    @property
    def denied(self) -> bool:
        return self.decision is not Decision.ALLOWED


def read_results(batch: Batch, results: Sequence[Mapping[str, Any]], principal: Principal) -> dict[Question, Simulated]:
    """The answer to each question of the batch that the results answer; the others are left out."""
    found: dict[tuple[str, str], Simulated] = {}
    for result in results:
        action = str(result["EvalActionName"]).lower()
        specific = result.get("ResourceSpecificResults") or ()
        if not specific:
            # Without resources the top level is the answer; with one resource its ARN is echoed.
            name = batch.resources[0] if len(batch.resources) == 1 else "*"
            if len(batch.resources) <= 1:
                found[action, name] = _simulated(result, result.get("EvalDecision"), result, principal, aggregate=False)
            continue
        for one in specific:
            found[action, str(one["EvalResourceName"])] = _simulated(
                one, one.get("EvalResourceDecision"), result, principal, aggregate=len(batch.resources) > 1
            )
    answers = {q: found.get((q.requirement.action.lower(), q.requirement.resource)) for q in batch.questions}
    return {question: answer for question, answer in answers.items() if answer is not None}


def _simulated(
    one: Mapping[str, Any], decision: object, top: Mapping[str, Any], principal: Principal, *, aggregate: bool
) -> Simulated:
    matched = one.get("MatchedStatements") or ()
    boundary = one.get("PermissionsBoundaryDecisionDetail") or {}
    organization = top.get("OrganizationsDecisionDetail") or {}
    return Simulated(
        # An answer outside the documented three is not a yes.
        decision=Decision(decision) if decision in ("allowed", "explicitDeny", "implicitDeny") else Decision.UNVERIFIED,
        statements=tuple(_reference(statement, principal) for statement in matched),
        by_boundary=any(_of_boundary(statement) for statement in matched),
        missing_keys=tuple(one.get("MissingContextValues") or ()),
        boundary_allows=boundary.get("AllowedByPermissionsBoundary"),
        organization_allows=organization.get("AllowedByOrganizations"),
        organization_is_aggregate=aggregate,
    )


def _of_boundary(statement: Mapping[str, Any]) -> bool:
    # The kind is free text: the model lists other values than the service sends.
    return "boundary" in str(statement.get("SourcePolicyType", "")).lower()


def _reference(statement: Mapping[str, Any], principal: Principal) -> StatementReference:
    start = statement.get("StartPosition") or {}
    return StatementReference(
        policy=_policy_name(str(statement.get("SourcePolicyId", "")), principal),
        policy_type=str(statement.get("SourcePolicyType", "")),
        line=start.get("Line"),
        column=start.get("Column"),
    )


def _policy_name(policy_id: str, principal: Principal) -> str:
    """The name its owner knows an inline policy by: the service sends ``role_<role>_<policy>``.

    Both names may hold an underscore, so the id is cut by the known principal's name.
    """
    for kind in ("role", "user", "group"):
        head = f"{kind}_{principal.name}_"
        if policy_id.startswith(head) and len(policy_id) > len(head):
            return policy_id[len(head) :]
    return policy_id


def denying_layer(answer: Simulated) -> Layer:
    """Which layer a denial comes from.

    SCP statements are never shown, so a denial that the organization does not allow and that names no statement
    is the organization's.
    """
    if answer.decision is Decision.EXPLICIT_DENY and answer.statements:
        return Layer.BOUNDARY if answer.by_boundary else Layer.IDENTITY
    if answer.boundary_allows is False and answer.organization_is_aggregate:
        # Evaluation ends where the organization denies, so a boundary that answered was asked about this resource.
        return Layer.BOUNDARY
    if answer.organization_allows is False:
        return Layer.SCP
    return Layer.BOUNDARY if answer.boundary_allows is False else Layer.IDENTITY
