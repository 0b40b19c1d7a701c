"""IAM's own operations: authorised on the right ARN, and answered from the account."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from botocore.exceptions import ClientError

from bedrock_guard.testing import Sandbox
from tests.testing.documents import allow

_ACCOUNT = "123456789012"


def _message(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Message"])


@pytest.mark.parametrize(
    ("method", "arguments", "denial"),
    [
        ("get_role", {"RoleName": "app"}, "iam:GetRole on resource: role app"),
        ("list_role_policies", {"RoleName": "app"}, "iam:ListRolePolicies on resource: role app"),
        (
            "get_role_policy",
            {"RoleName": "app", "PolicyName": "policy-1"},
            "iam:GetRolePolicy on resource: role app",
        ),
        ("list_attached_role_policies", {"RoleName": "app"}, "iam:ListAttachedRolePolicies on resource: role app"),
        ("get_user", {"UserName": "ana"}, "iam:GetUser on resource: user ana"),
        ("list_groups_for_user", {"UserName": "ana"}, "iam:ListGroupsForUser on resource: user ana"),
        ("get_group_policy", {"GroupName": "g", "PolicyName": "p"}, "iam:GetGroupPolicy on resource: group g"),
        (
            "get_policy",
            {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
            "iam:GetPolicy on resource: policy arn:aws:iam::aws:policy/ReadOnlyAccess",
        ),
        ("list_roles", {}, f"iam:ListRoles on resource: arn:aws:iam::{_ACCOUNT}:role/"),
        (
            "create_role",
            {"RoleName": "new", "Path": "/svc/", "AssumeRolePolicyDocument": "{}"},
            f"iam:CreateRole on resource: arn:aws:iam::{_ACCOUNT}:role/svc/new",
        ),
    ],
)
def test_denials(aws: Sandbox, method: str, arguments: dict[str, str], denial: str) -> None:
    """A denial names the resource in IAM's way: ``role app``, ``policy arn:…``, or an ARN."""
    aws.role("app")
    client = aws.session("app").client("iam")
    assert denial + " because no identity-based policy" in _message(lambda: getattr(client, method)(**arguments))


def test_a_role_is_authorised_by_its_real_arn(aws: Sandbox) -> None:
    """GetRole takes a name, and is authorised on the ARN with the path."""
    arn = aws.role("app", path="/svc/")
    aws.role("app", path="/svc/", policies=[allow("iam:GetRole", resource=arn)])
    role = aws.session("app").client("iam").get_role(RoleName="app")["Role"]
    assert (role["Arn"], role["Path"]) == (arn, "/svc/")
    aws.role("app", path="/svc/", policies=[allow("iam:GetRole", resource=arn.replace("/svc", ""))])
    assert "role app because" in _message(lambda: aws.session("app").client("iam").get_role(RoleName="app"))


def test_everything_of_a_role_can_be_read(aws: Sandbox) -> None:
    """Inline and managed policies, versions, the boundary, trust and tags, as they were given."""
    document = allow("bedrock:InvokeModel")
    managed = aws.policy("models", allow("bedrock:*"))
    aws.role("app", policies={"own": document}, managed=[managed], boundary=allow("*"), tags={"team": "search"})
    iam = aws.session().client("iam")
    role = iam.get_role(RoleName="app")["Role"]
    boundary = role["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert boundary == f"arn:aws:iam::{_ACCOUNT}:policy/app-boundary"
    assert role["Tags"] == [{"Key": "team", "Value": "search"}]
    assert iam.list_role_policies(RoleName="app")["PolicyNames"] == ["own"]
    assert iam.get_role_policy(RoleName="app", PolicyName="own")["PolicyDocument"] == document
    attached = iam.list_attached_role_policies(RoleName="app")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [managed]
    for arn in (managed, boundary, "arn:aws:iam::aws:policy/AmazonBedrockReadOnly"):
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        read = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        assert json.loads(unquote(read) if isinstance(read, str) else json.dumps(read))["Statement"]


def test_boundary_of_a_user(aws: Sandbox) -> None:
    """A user's boundary can be set, seen, counted and removed on the wire."""
    arn = aws.user("ana", policies=[allow("*")])
    limit = aws.policy("limit", allow("s3:*"))
    iam = aws.session().client("iam")
    iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=limit)
    assert iam.get_user(UserName="ana")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == limit
    asked: Any = {"PolicySourceArn": arn, "ActionNames": ["bedrock:InvokeModel"]}
    result = iam.simulate_principal_policy(**asked)["EvaluationResults"][0]
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    iam.delete_user_permissions_boundary(UserName="ana")
    assert iam.simulate_principal_policy(**asked)["EvaluationResults"][0]["EvalDecision"] == "allowed"
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=f"{limit}-missing")
    iam.create_user(UserName="ben", PermissionsBoundary=limit)
    assert iam.get_user(UserName="ben")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == limit


def test_operations_on_oneself(aws: Sandbox) -> None:
    """Without a name GetUser means the caller; a role has to name somebody."""
    arn = aws.user("ana")
    aws.user("ana", policies=[allow("iam:GetUser", resource=arn)])
    assert aws.user_session("ana").client("iam").get_user()["User"]["Arn"] == arn
    aws.role("app", policies=[allow("*")])
    assert _message(lambda: aws.session("app").client("iam").get_user()) == (
        "Must specify userName when calling with non-User credentials"
    )


def test_policies_changed_on_the_wire_count(aws: Sandbox) -> None:
    """What is put, attached and versioned through IAM's API decides from then on."""
    arn = aws.role("app")
    iam = aws.session().client("iam")
    asked: Any = {"PolicySourceArn": arn, "ActionNames": ["bedrock:InvokeModel"]}

    def decision() -> str:
        return str(iam.simulate_principal_policy(**asked)["EvaluationResults"][0]["EvalDecision"])

    iam.put_role_policy(RoleName="app", PolicyName="own", PolicyDocument=json.dumps(allow("bedrock:*")))
    assert decision() == "allowed"
    iam.delete_role_policy(RoleName="app", PolicyName="own")
    assert decision() == "implicitDeny"
    made = iam.create_policy(PolicyName="models", PolicyDocument=json.dumps(allow("s3:*")))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="app", PolicyArn=made)
    assert decision() == "implicitDeny"
    iam.create_policy_version(PolicyArn=made, PolicyDocument=json.dumps(allow("bedrock:*")), SetAsDefault=True)
    assert decision() == "allowed"
    iam.attach_role_policy(RoleName="app", PolicyArn="arn:aws:iam::aws:policy/AWSDenyAll")
    assert decision() == "explicitDeny"


@pytest.mark.parametrize("document", ["{", '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*"}]}'])
def test_policy_that_is_none_is_refused(aws: Sandbox, document: str) -> None:
    """A document that could not be evaluated is not stored."""
    aws.role("app")
    iam = aws.session().client("iam")
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException):
        iam.put_role_policy(RoleName="app", PolicyName="own", PolicyDocument=document)
    assert iam.list_role_policies(RoleName="app")["PolicyNames"] == []


def test_organization_on_the_wire(aws: Sandbox) -> None:
    """SCPs made through the API of Organizations decide too; the account is a member."""
    aws.organization()
    organizations = aws.session().client("organizations")
    assert organizations.describe_organization()["Organization"]["MasterAccountId"] == "111122223333"
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"bedrock:*","Resource":"*"}]}'
    made = organizations.create_policy(
        Name="no-models", Description="", Type="SERVICE_CONTROL_POLICY", Content=document
    )
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=_ACCOUNT)
    message = _message(lambda: aws.session().client("bedrock").list_foundation_models())
    assert message.endswith(f"service control policy: {made['Policy']['PolicySummary']['Arn']}")
