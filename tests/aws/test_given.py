"""Policies that are not attached yet are decided without credentials and without a call."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard import Decision, Guard, PolicyDocuments, Report
from bedrock_guard.errors import ConfigurationError, InvalidPolicyError

MODEL = "amazon.nova-lite-v1:0"
MODEL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": MODEL_ARN}


def check(policies: PolicyDocuments, **options: Any) -> Report:
    return Guard(models=[MODEL], operations=["converse"], region="us-east-1", policies=policies, **options).check()


def decisions(report: Report) -> list[Decision]:
    return [finding.decision for finding in report.findings]


def test_what_the_documents_allow_is_allowed_and_says_what_it_rests_on() -> None:
    report = check(PolicyDocuments({"app": document(ALLOW)}))
    (finding,) = report.findings
    assert (finding.decision, finding.code, finding.evidence.evaluator) == (Decision.ALLOWED, "BG413", "offline")
    assert report.exit_code == 0


def test_a_denial_names_the_document_and_the_line() -> None:
    deny = {"Sid": "Freeze", "Effect": "Deny", "Action": "bedrock:*", "Resource": "*"}
    (finding,) = check(PolicyDocuments({"app": document(ALLOW), "freeze": document(deny)})).findings
    (statement,) = finding.evidence.statements
    assert (finding.code, statement.policy, statement.sid) == ("BG201", "freeze", "Freeze")
    assert statement.line is not None


def test_each_layer_that_was_given_counts() -> None:
    elsewhere = document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    lock = document(
        {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
        }
    )
    identity = {"app": document(ALLOW)}
    assert check(PolicyDocuments(identity, boundary=("edge", elsewhere))).findings[0].code == "BG202"
    locked = check(PolicyDocuments(identity, scps={"lock": lock}))
    assert locked.findings[0].code == "BG203"
    assert any("FullAWSAccess" in note.text for note in locked.notes)
    assert check(PolicyDocuments(identity, scps={"allow-list": elsewhere})).findings[0].code == "BG203"


def test_a_condition_on_what_nobody_knows_is_neither_yes_nor_no() -> None:
    condition = {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
    policies = PolicyDocuments({"app": document({**ALLOW, "Condition": condition})})
    (finding,) = check(policies).findings
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG402")
    assert finding.evidence.unknown_context_keys == ("aws:SourceVpce",)
    assert decisions(check(policies, context={"aws:SourceVpce": "vpce-1a2b3c4d"})) == [Decision.ALLOWED]
    assert decisions(check(policies, context={"aws:SourceVpce": "vpce-other"})) == [Decision.IMPLICIT_DENY]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("bedrock:ModelId", "the model belongs into Resource"),
        ("bedrock:guardrailIdentifer", "nearest is bedrock:GuardrailIdentifier"),
        ("aws:SourceVpcee", "nearest is aws:SourceVpce"),
    ],
)
def test_a_key_that_does_not_exist_is_never_supplied_and_never_advised(key: str, said: str) -> None:
    """Whoever followed the advice was told “allowed”, and AWS denies the call."""
    policies = PolicyDocuments({"app": document({**ALLOW, "Condition": {"StringEquals": {key: MODEL}}})})
    with pytest.raises(ConfigurationError, match=said) as refused:
        check(policies, context={key: MODEL})
    assert refused.value.code == "BG504"
    report = check(policies)
    assert decisions(report) != [Decision.ALLOWED]
    assert "--context" not in str(report)
    assert said in str(report)


def test_a_key_that_these_requests_never_carry_allows_nothing_though_it_is_supplied() -> None:
    condition = {"StringEquals": {"bedrock:InlineAgentName": "helper"}}
    policies = PolicyDocuments({"app": document({**ALLOW, "Condition": condition})})
    report = check(policies, context={"bedrock:InlineAgentName": "helper"})
    assert decisions(report) == [Decision.IMPLICIT_DENY]
    assert any("bedrock:InlineAgentName was not used" in note.text for note in report.notes)


def test_the_name_of_a_principal_that_was_not_given_is_not_invented() -> None:
    """A condition on aws:PrincipalArn cannot be decided by documents alone."""
    condition = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}}
    policies = PolicyDocuments({"app": document({**ALLOW, "Condition": condition})})
    assert decisions(check(policies)) == [Decision.UNVERIFIED]
    arn = "arn:aws:iam::123456789012:role/app"
    assert decisions(check(policies, principal_arn=arn)) == [Decision.ALLOWED]


def test_the_account_is_the_one_that_the_documents_name() -> None:
    profile = "arn:aws:bedrock:us-east-1:999988887777:inference-profile/*"
    grant = document(
        {
            "Effect": "Allow",
            "Action": "bedrock:InvokeModel",
            "Resource": [profile, "arn:aws:bedrock:*::foundation-model/*"],
        }
    )
    guard = Guard(
        models=["us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
        region="us-east-1",
        policies=PolicyDocuments({"app": grant}),
    )
    report = guard.check()
    assert report.principal is not None
    assert report.principal.account == "999988887777"
    assert report.exit_code == 0
    two = PolicyDocuments({"app": grant, "more": document({**ALLOW, "Resource": profile.replace("9999", "1111")})})
    with pytest.raises(ConfigurationError, match="several accounts"):
        check(two)


def test_a_document_that_aws_would_refuse_is_refused() -> None:
    with pytest.raises(InvalidPolicyError, match="broken"):
        check(PolicyDocuments({"broken": '{"Version": "2012-10-17", "Statement": [{"Effect": "Maybe"}]}'}))


def test_what_is_no_mapping_of_documents_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="identity"):
        PolicyDocuments(identity="policy.json")  # type: ignore[arg-type]


def test_the_root_user_is_not_decided_by_documents() -> None:
    policies = PolicyDocuments({"app": document(ALLOW)})
    (finding,) = check(policies, principal_arn="arn:aws:iam::123456789012:root").findings
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG403")


def test_a_condition_key_that_nobody_knows_is_not_taken_for_absent() -> None:
    """A key newer than the catalogue may well be in the request."""
    future = {"StringLike": {"bedrock:FutureKey": "*"}}
    deny = {"Effect": "Deny", "Action": "bedrock:*", "Resource": "*", "Condition": future}
    assert decisions(check(PolicyDocuments({"app": document(ALLOW, deny)}))) == [Decision.UNVERIFIED]
    elsewhere = {**deny, "Condition": {"StringLike": {"bedrock:InlineAgentName": "*"}}}
    assert decisions(check(PolicyDocuments({"app": document(ALLOW, elsewhere)}))) == [Decision.ALLOWED]


@pytest.mark.parametrize(
    "grant",
    [
        {"NotResource": "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/SECRET"},
        {"Resource": "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/?"},
    ],
    ids=["all but one", "names of one letter"],
)
def test_a_grant_on_all_but_some_is_no_grant_on_all(grant: dict[str, str]) -> None:
    policies = PolicyDocuments({"app": document({"Effect": "Allow", "Action": "bedrock:*", **grant})})
    report = Guard(operations=["retrieve"], region="us-east-1", policies=policies).check()
    assert [finding.code for finding in report.findings] == ["BG407"]


def test_the_models_behind_an_opaque_profile_are_not_taken_for_allowed() -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"
    everything = PolicyDocuments({"app": document({"Effect": "Allow", "Action": "*", "Resource": "*"})})
    report = Guard(models=[arn], region="us-east-1", policies=everything).check()
    assert report.exit_code == 3
    assert "BG302" in {finding.code for finding in report.unverified}
