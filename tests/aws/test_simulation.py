"""The simulator's answer is read per resource; the top level is an aggregate and never a verdict on one of several."""

from __future__ import annotations

from typing import Any

from bedrock_guard.aws.batches import Batch, Question
from bedrock_guard.aws.simulation import denying_layer, read_results
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import Principal, PrincipalType, Requirement

ROLE = Principal(
    "arn:aws:sts::123456789012:assumed-role/my_app/x",
    PrincipalType.ROLE_SESSION,
    "123456789012",
    policy_source_arn="arn:aws:iam::123456789012:role/my_app",
)
ALLOW = {
    "SourcePolicyId": "role_my_app_read_only",
    "SourcePolicyType": "IAM Policy",
    "StartPosition": {"Line": 1, "Column": 38},
}
BOUNDARY = {"SourcePolicyId": "Edge", "SourcePolicyType": "Permissions Boundary Policy"}


def batch(*pairs: tuple[str, str]) -> Batch:
    return Batch(tuple(Question(Requirement(action, resource), {}) for action, resource in pairs))


def read(batch: Batch, *results: dict[str, Any]) -> list[Any]:
    found = read_results(batch, results, ROLE)
    return [found.get(question) for question in batch.questions]


def test_one_allowed_and_one_denied_resource_are_told_apart() -> None:
    """The aggregate is implicitDeny and yet lists the Allow that served the other resource."""
    one, other = read(
        batch(("s3:GetObject", "arn:aws:s3:::b/a"), ("s3:GetObject", "arn:aws:s3:::b/b")),
        {
            "EvalActionName": "s3:GetObject",
            "EvalResourceName": "arn:aws:s3:::${BucketName}/${KeyName}",
            "EvalDecision": "implicitDeny",
            "MatchedStatements": [ALLOW],
            "ResourceSpecificResults": [
                {
                    "EvalResourceName": "arn:aws:s3:::b/a",
                    "EvalResourceDecision": "allowed",
                    "MatchedStatements": [ALLOW],
                },
                {"EvalResourceName": "arn:aws:s3:::b/b", "EvalResourceDecision": "implicitDeny"},
            ],
        },
    )
    assert (one.decision, other.decision) == (Decision.ALLOWED, Decision.IMPLICIT_DENY)
    assert other.statements == ()


def test_an_inline_policy_is_named_as_its_owner_knows_it() -> None:
    """The id is cut by the role's name: role and policy names may both hold underscores."""
    (answer,) = read(
        batch(("a:B", "*")),
        {"EvalActionName": "a:B", "EvalDecision": "allowed", "MatchedStatements": [ALLOW]},
    )
    assert [str(s) for s in answer.statements] == ["read_only at 1:38"]


def test_an_answer_for_several_resources_without_their_own_results_answers_none() -> None:
    answers = read(batch(("a:B", "arn:1"), ("a:B", "arn:2")), {"EvalActionName": "a:B", "EvalDecision": "allowed"})
    assert answers == [None, None]


def test_a_decision_outside_the_documented_three_is_not_a_yes() -> None:
    (answer,) = read(batch(("a:B", "*")), {"EvalActionName": "a:B", "EvalDecision": "maybe"})
    assert answer.decision is Decision.UNVERIFIED


def test_the_action_is_matched_whatever_its_case_and_left_out_questions_have_no_answer() -> None:
    one, other = read(batch(("a:B", "*"), ("a:C", "*")), {"EvalActionName": "A:b", "EvalDecision": "allowed"})
    assert one.decision is Decision.ALLOWED
    assert other is None


def denial(decision: str, **top: Any) -> Any:
    (answer,) = read(batch(("a:B", "*")), {"EvalActionName": "a:B", "EvalDecision": decision, **top})
    return denying_layer(answer)


def test_each_layer_is_told_from_the_shape_of_its_denial() -> None:
    no_organization = {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
    no_boundary = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}}
    assert denial("implicitDeny") is Layer.IDENTITY
    assert denial("explicitDeny", MatchedStatements=[ALLOW]) is Layer.IDENTITY
    assert denial("explicitDeny", **no_organization) is Layer.SCP
    assert denial("implicitDeny", **no_organization) is Layer.SCP
    assert denial("implicitDeny", **no_boundary) is Layer.BOUNDARY
    assert denial("explicitDeny", MatchedStatements=[BOUNDARY], **no_boundary) is Layer.BOUNDARY
    allowed_by_both = {
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": True},
    }
    assert denial("implicitDeny", **allowed_by_both) is Layer.IDENTITY
