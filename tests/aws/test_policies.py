"""Every policy of a principal is read, or the reading counts for nothing: a Deny may stand in the part not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from bedrock_guard import Guard, Layer, Report
from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.policies import read_policies
from bedrock_guard.errors import AccessDeniedError
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.testing import sandbox

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

NOVA = "amazon.nova-lite-v1:0"
READ_ALL = ["iam:Get*", "iam:List*"]


def document(action: str | list[str], effect: str = "Allow", resource: str = "*") -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": resource}]}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.reset()
    return running


def offline(session: boto3.Session, **options: Any) -> Report:
    return Guard(models=[NOVA], session=session, evaluators=["offline"], **options).check()


def calls_as(session: boto3.Session) -> AwsCalls:
    return AwsCalls(session, "us-east-1", Budget(30))


def test_a_role_has_inline_managed_and_aws_managed_policies_and_a_boundary(aws: Sandbox) -> None:
    managed = aws.policy("team", document("bedrock:InvokeModel"))
    arn = aws.role(
        "app",
        policies=[document(READ_ALL)],
        managed=[managed, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
        boundary=document(["iam:*", "bedrock:*"]),
    )
    read = read_policies(calls_as(aws.session()), principal_from_arn(arn))
    assert {policy.kind for policy in read.identity} == {
        PolicyKind.INLINE,
        PolicyKind.MANAGED,
        PolicyKind.AWS_MANAGED,
    }
    assert read.boundary is not None
    assert read.boundary.kind is PolicyKind.BOUNDARY


def test_a_user_has_those_of_its_groups(aws: Sandbox) -> None:
    aws.group("callers", policies=[document("bedrock:InvokeModel")])
    aws.user("ann", policies=[document(READ_ALL)], groups=["callers"])
    assert offline(aws.user_session("ann")).exit_code == 0
    aws.group("frozen", policies=[document("bedrock:*", "Deny")])
    aws.user("bob", policies=[document(READ_ALL)], groups=["callers", "frozen"])
    (finding,) = offline(aws.user_session("bob")).findings
    assert (finding.code, [s.policy for s in finding.evidence.statements]) == ("BG201", ["frozen/policy-1"])


def test_the_boundary_decides_as_well(aws: Sandbox) -> None:
    aws.role("app", policies=[document("*")], boundary=document(["iam:*", "sts:*"]))
    (finding,) = offline(aws.session("app")).findings
    assert (finding.code, finding.layer) == ("BG202", Layer.BOUNDARY)


def test_a_role_that_was_read_is_known_by_its_path(aws: Sandbox) -> None:
    by_path = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/svc/*"}}
    grant = {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*", "Condition": by_path}
    policies = [{"Version": "2012-10-17", "Statement": [grant]}, document(READ_ALL)]
    aws.role("app", policies=policies, path="/svc/")
    report = offline(aws.session("app"))
    assert report.exit_code == 0
    assert report.principal is not None
    assert report.principal.policy_source_arn == "arn:aws:iam::123456789012:role/svc/app"


def test_all_pages_are_read(aws: Sandbox) -> None:
    """The Deny is behind the first hundred."""
    policies = {f"allow-{n:03}": document("bedrock:InvokeModel") for n in range(104)}
    arn = aws.role("app", policies={**policies, "zz-deny": document("bedrock:*", "Deny")})
    read = read_policies(calls_as(aws.session()), principal_from_arn(arn))
    assert len(read.identity) == 105
    report = Guard(
        models=[NOVA], session=aws.session(), principal_arn=arn, evaluators=["offline"], region="us-east-1"
    ).check()
    assert report.findings[0].code == "BG201"


@pytest.mark.parametrize(
    "refused",
    [
        "iam:GetRolePolicy",
        "iam:GetPolicyVersion",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:GetRole",
    ],
)
def test_one_policy_that_cannot_be_read_makes_the_rest_prove_nothing(aws: Sandbox, refused: str) -> None:
    managed = aws.policy("team", document("bedrock:InvokeModel"))
    arn = aws.role("app", policies=[document(READ_ALL), document(refused, "Deny")], managed=[managed])
    session = aws.session("app")
    with pytest.raises(AccessDeniedError, match=refused) as raised:
        read_policies(calls_as(session), principal_from_arn(arn))
    assert raised.value.resource in ("role app", managed)
    report = offline(session)
    assert [finding.code for finding in report.findings] == ["BG401"]
    assert report.exit_code == 3
