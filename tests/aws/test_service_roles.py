"""Service roles as IAM holds them: read over real HTTP, their trust judged, nothing guessed where nothing was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.aws.service_roles import TrustJudgement, judge_trust
from bedrock_guard.bedrock.service_roles import ServiceRole, parse_service_role, service_role_requirements
from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.testing import sandbox
from tests.bedrock.trusts import EVERY_KIND, HOST, spoilt, statement

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

ACCOUNT = "123456789012"
OTHER = "210987654321"
READ: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "*"}],
}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Sandbox:
    running.reset()
    running.faults.clear()
    return running


def trust(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def judged(session: boto3.Session, *texts: str, account: str = ACCOUNT, seconds: float = 30) -> TrustJudgement:
    roles = [parse_service_role(text) for text in texts]
    calls = AwsCalls(session, "us-east-1", Budget(seconds), sleep=lambda _: None)
    place: dict[str, Any] = {"partition": "aws", "region": "us-east-1", "account": account}
    requirements = [
        requirement
        for role in roles
        for requirement in service_role_requirements(role.kind, role.arn, details=role.details, **place)
    ]
    judgement = judge_trust(calls, roles, requirements, **place)
    assert [finding.requirement for finding in judgement.findings] == [one for one in requirements if is_trust(one)]
    return judgement


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_role_with_the_right_trust_is_let_in_and_one_that_trusts_the_account_is_not(aws: Sandbox, kind: str) -> None:
    details = f",oidc={HOST},namespace=prod,service-account=app" if kind == "eks-irsa" else ""
    right = aws.role("right", trust=trust(statement(kind)), path="/svc/")
    wrong = aws.role("wrong")
    judgement = judged(aws.session(), f"{kind}={right}{details}")
    assert {finding.decision for finding in judgement.findings} == {Decision.ALLOWED}
    assert judgement.notes == ()
    for finding in judged(aws.session(), f"{kind}={wrong}{details}").findings:
        assert (finding.decision, finding.code, finding.layer) == (Decision.IMPLICIT_DENY, "BG208", Layer.TRUST)


def test_each_role_is_read_once_whatever_is_asked_about_it(aws: Sandbox) -> None:
    arn = aws.role("pods", trust=trust(statement("eks-pod-identity")))
    aws.calls.clear()
    judgement = judged(aws.session(), f"eks-pod-identity={arn}", f"agent={arn}")
    assert [finding.decision for finding in judgement.findings] == [
        Decision.ALLOWED,
        Decision.ALLOWED,
        Decision.IMPLICIT_DENY,
    ]
    assert [call.operation for call in aws.calls] == ["GetRole"]


def test_a_role_that_does_not_exist_is_a_denial_by_the_trust(aws: Sandbox) -> None:
    (finding,) = judged(aws.session(), f"agent=arn:aws:iam::{ACCOUNT}:role/nobody").findings
    assert (finding.decision, finding.code, finding.layer) == (Decision.IMPLICIT_DENY, "BG538", Layer.TRUST)
    assert finding.why == "the role does not exist"


def test_a_role_without_its_path_does_not_exist_and_the_right_arn_is_said(aws: Sandbox) -> None:
    arn = aws.role("kb", trust=trust(statement("knowledge-base")), path="/svc/")
    (finding,) = judged(aws.session(), f"knowledge-base=arn:aws:iam::{ACCOUNT}:role/kb").findings
    assert (finding.decision, finding.code) == (Decision.IMPLICIT_DENY, "BG538")
    assert arn in finding.why


def test_a_role_of_another_account_cannot_be_handed_over_and_is_not_asked_about(aws: Sandbox) -> None:
    aws.calls.clear()
    (finding,) = judged(aws.session(), f"agent=arn:aws:iam::{OTHER}:role/agent").findings
    assert (finding.decision, finding.code) == (Decision.IMPLICIT_DENY, "BG538")
    assert OTHER in finding.why
    assert not list(aws.calls)


def test_the_app_of_another_account_is_not_told_that_its_role_does_not_exist(aws: Sandbox) -> None:
    """IAM looks names up in the account of the credentials: its "no such role" is about that one alone."""
    for name in ("nobody", "namesake"):
        aws.role("namesake", trust=trust(statement("lambda")))
        (finding,) = judged(aws.session(), f"lambda=arn:aws:iam::{OTHER}:role/{name}").findings
        assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG408")
    (finding,) = judged(aws.session(), f"agent=arn:aws:iam::{OTHER}:role/nobody", account=OTHER).findings
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG408")


def test_who_may_not_read_the_role_is_told_so_and_nothing_is_denied(aws: Sandbox) -> None:
    arn = aws.role("agent", trust=trust(statement("agent")))
    aws.role("app")
    judgement = judged(aws.session("app"), f"agent={arn}")
    (finding,) = judgement.findings
    assert (finding.decision, finding.code, judgement.notes) == (Decision.UNVERIFIED, "BG401", ())
    assert finding.why == "the guard may not call iam:GetRole"
    aws.role("app", policies=[READ])
    (finding,) = judged(aws.session("app"), f"agent={arn}").findings
    assert finding.decision is Decision.ALLOWED


def test_without_an_answer_in_time_nothing_is_said(aws: Sandbox) -> None:
    arn = aws.role("agent", trust=trust(statement("agent")))
    with aws.refusing_connections():
        (finding,) = judged(aws.session(), f"agent={arn}", seconds=1).findings
    assert (finding.decision, finding.code, finding.retryable) == (Decision.UNVERIFIED, "BG404", True)


def test_the_faults_of_a_policy_stand_beside_the_decision_with_their_place(aws: Sandbox) -> None:
    condition = {"ArnLike": {"aws:SourceArn": f"arn:aws:bedrock:us-west-2:{ACCOUNT}:agent/*"}}
    arn = aws.role("kb", trust=trust(spoilt("knowledge-base", Sid="Copied", Condition=condition)))
    judgement = judged(aws.session(), f"knowledge-base={arn}")
    (finding,) = judgement.findings
    assert (finding.decision, finding.code) == (Decision.IMPLICIT_DENY, "BG208")
    (note,) = judgement.notes
    assert note.code == "BG531"
    assert note.statement is not None
    assert (note.statement.policy, note.statement.sid) == ("trust policy of kb", "Copied")


def test_an_app_runs_under_a_role_of_its_own_account_whoever_asks(aws: Sandbox) -> None:
    """The account in the conditions is that of the role, not of the credentials that check it."""
    arn = aws.role("task", trust=trust(statement("ecs-task")))
    judgement = judged(aws.session(), f"ecs-task={arn}", account=OTHER)
    assert [finding.decision for finding in judgement.findings] == [Decision.ALLOWED]
    assert judgement.notes == ()


def test_nothing_makes_up_for_a_deny_in_the_trust_policy(aws: Sandbox) -> None:
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    deny = trust(statement("agent"), spoilt("agent", Effect="Deny"))
    arn = aws.role("agent", trust=deny, policies=[everything])
    (finding,) = judged(aws.session(), f"agent={arn}").findings
    assert (finding.decision, finding.code, finding.layer) == (Decision.EXPLICIT_DENY, "BG208", Layer.TRUST)


def test_a_throttled_reading_is_tried_again(aws: Sandbox) -> None:
    arn = aws.role("agent", trust=trust(statement("agent")))
    aws.faults.throttle("GetRole", times=2)
    (finding,) = judged(aws.session(), f"agent={arn}").findings
    assert finding.decision is Decision.ALLOWED


def test_no_role_no_call(aws: Sandbox) -> None:
    aws.calls.clear()
    roles: list[ServiceRole] = []
    calls = AwsCalls(aws.session(), "us-east-1", Budget(5))
    assert judge_trust(calls, roles, [], partition="aws", region="us-east-1", account=ACCOUNT) == TrustJudgement(())
    assert not list(aws.calls)
