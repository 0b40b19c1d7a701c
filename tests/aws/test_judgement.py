"""From IAM's answer to a finding: no unknown becomes a yes, no narrower grant becomes a no."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bedrock_guard.aws.batches import Question
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.aws.judgement import findings_from
from bedrock_guard.aws.offline import KnownPolicies
from bedrock_guard.aws.simulation import Simulated
from bedrock_guard.aws.simulator import Answer, Answers
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.report import Finding, Principal, PrincipalType, Requirement, StatementReference

ROLE = Principal(
    "arn:aws:sts::123456789012:assumed-role/app/x",
    PrincipalType.ROLE_SESSION,
    "123456789012",
    policy_source_arn="arn:aws:iam::123456789012:role/app",
)
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
INVOKE = Requirement("bedrock:InvokeModel", MODEL)
KB = Requirement("bedrock:Retrieve", "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/*")
ALLOWED = Simulated(Decision.ALLOWED)
NO_ALLOW = Simulated(Decision.IMPLICIT_DENY)
DENY = Simulated(Decision.EXPLICIT_DENY, statements=(StatementReference("Lock"),))


def policy(**statement: Any) -> KnownPolicies:
    import json

    document = {"Version": "2012-10-17", "Statement": [{"Resource": "*", **statement}]}
    return KnownPolicies((parse_policy(json.dumps(document), name="inline"),))


def judge(
    answer: Answer,
    requirement: Requirement = INVOKE,
    *,
    keys: tuple[str, ...] | BedrockGuardError = (),
    alone: Answer | None = None,
    known: KnownPolicies | None = None,
) -> Finding:
    question = Question(requirement, {"aws:RequestedRegion": ("us-east-1",)})
    answers = Answers(ROLE, {question: answer}, keys, {} if alone is None else {question: alone})
    (finding,) = findings_from(answers, [requirement], lambda: known)
    return finding


def test_certain_answers_stand() -> None:
    assert judge(ALLOWED).decision is Decision.ALLOWED
    missing = judge(NO_ALLOW)
    assert (missing.decision, missing.code, missing.layer) == (
        Decision.IMPLICIT_DENY,
        "BG101",
        Layer.IDENTITY,
    )
    denied = judge(DENY)
    assert (denied.decision, denied.code) == (Decision.EXPLICIT_DENY, "BG201")
    assert denied.evidence.statements == DENY.statements


@pytest.mark.parametrize("answer", [ALLOWED, DENY])
def test_an_answer_that_hangs_on_an_unknown_key_is_neither_yes_nor_no(answer: Simulated) -> None:
    """A Deny with a positive operator sleeps while its key is absent, one with a negated operator fires."""
    finding = judge(answer, keys=("aws:SourceVpce",))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG402")
    assert finding.evidence.unknown_context_keys == ("aws:SourceVpce",)
    assert "aws:SourceVpce" in finding.why


def test_an_implicit_denial_that_may_only_come_from_a_missing_key_is_not_a_no() -> None:
    finding = judge(replace(NO_ALLOW, missing_keys=("aws:SourceVpce",)), keys=("aws:SourceVpce",))
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG402")


def test_an_implicit_denial_without_missing_keys_is_a_no_whatever_the_policies_use() -> None:
    assert judge(NO_ALLOW, keys=("aws:SourceVpce",)).code == "BG101"


def test_keys_of_other_services_do_not_make_an_answer_uncertain() -> None:
    assert judge(ALLOWED, keys=("s3:prefix",)).decision is Decision.ALLOWED
    assert judge(replace(NO_ALLOW, missing_keys=("s3:prefix",))).code == "BG101"


def test_when_the_keys_cannot_be_asked_an_allow_is_not_certain() -> None:
    refused = AccessDeniedError("no", action="iam:GetContextKeysForPrincipalPolicy", resource="x")
    assert judge(ALLOWED, keys=refused).code == "BG402"
    assert judge(NO_ALLOW, keys=refused).code == "BG101"


def test_policies_that_can_be_read_settle_whether_an_unknown_key_matters() -> None:
    everywhere = policy(Effect="Allow", Action="bedrock:*")
    elsewhere = policy(Effect="Allow", Action="bedrock:*")
    only_there = policy(Effect="Allow", Action="bedrock:*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    assert judge(ALLOWED, keys=("aws:SourceVpce",), known=everywhere).decision is Decision.ALLOWED
    finding = judge(replace(NO_ALLOW, missing_keys=("aws:SourceVpce",)), keys=("aws:SourceVpce",), known=only_there)
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG402")
    assert finding.evidence.unknown_context_keys == ("aws:SourceVpce",)
    conflict = judge(DENY, keys=("aws:SourceVpce",), known=elsewhere)
    assert (conflict.decision, conflict.code) == (Decision.UNVERIFIED, "BG406")


def test_a_grant_on_a_narrower_resource_is_not_a_denial() -> None:
    """The simulator takes `*` in a resource literally, so a role scoped to one knowledge base looks denied."""
    one = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB1"
    blind = judge(NO_ALLOW, KB)
    assert (blind.decision, blind.code) == (Decision.UNVERIFIED, "BG407")
    narrow = judge(NO_ALLOW, KB, known=policy(Effect="Allow", Action="bedrock:Retrieve", Resource=one))
    assert (narrow.decision, narrow.code) == (Decision.UNVERIFIED, "BG407")
    assert one in narrow.why
    nothing = judge(NO_ALLOW, KB, known=policy(Effect="Allow", Action="s3:*"))
    assert (nothing.decision, nothing.code) == (Decision.IMPLICIT_DENY, "BG101")


def test_a_denial_by_the_organization_shows_the_missing_allow_behind_it() -> None:
    scp = Simulated(Decision.IMPLICIT_DENY, organization_allows=False)
    assert judge(scp, alone=ALLOWED).also_denied_by == ()
    both = judge(scp, alone=NO_ALLOW)
    assert (both.code, both.also_denied_by) == ("BG203", (Layer.IDENTITY,))


def test_the_organizations_answer_for_another_resource_does_not_hide_a_missing_allow() -> None:
    """OrganizationsDecisionDetail is one for all resources of a call."""
    shared = Simulated(Decision.IMPLICIT_DENY, organization_allows=False, organization_is_aggregate=True)
    assert judge(shared, alone=NO_ALLOW).code == "BG101"
    assert judge(shared, alone=ALLOWED).code == "BG203"


def test_the_organizations_answer_for_another_resource_does_not_deny_a_resource_that_stands_for_many() -> None:
    """A role scoped to one knowledge base shares its call with what an SCP denies."""
    shared = Simulated(Decision.IMPLICIT_DENY, organization_allows=False, organization_is_aggregate=True)
    finding = judge(shared, KB, alone=NO_ALLOW)
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG407")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AccessDeniedError("no", action="iam:SimulatePrincipalPolicy", resource="x"), "BG401"),
        (CallError("slow", kind=FailureKind.UNREACHABLE, action="a:B", code="BG404"), "BG404"),
        (CallError("Rate exceeded", kind=FailureKind.THROTTLED, action="a:B", code="BG405"), "BG405"),
    ],
)
def test_no_answer_is_unverified_and_never_a_denial(error: BedrockGuardError, code: str) -> None:
    finding = judge(error)
    assert (finding.decision, finding.code, finding.denied) == (Decision.UNVERIFIED, code, False)


def test_an_advisory_requirement_neither_denies_nor_fails() -> None:
    finding = judge(NO_ALLOW, replace(INVOKE, advisory=True))
    assert not finding.denied
    assert not finding.unverified
