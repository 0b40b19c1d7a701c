"""From IAM's answer to a finding: no unknown becomes a yes, no narrower grant becomes a no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bedrock_guard.aws.batches import Question
from bedrock_guard.aws.failures import CallError, FailureKind
from bedrock_guard.aws.judgement import findings_from, findings_offline
from bedrock_guard.aws.offline import KnownPolicies
from bedrock_guard.aws.simulation import Simulated
from bedrock_guard.aws.simulator import Answer, Answers
from bedrock_guard.errors import AccessDeniedError, BedrockGuardError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy
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
    return policies({"Resource": "*", **statement})


def policies(*statements: Mapping[str, Any], boundary: Mapping[str, Any] | None = None) -> KnownPolicies:
    def parsed(*of: Mapping[str, Any]) -> Policy:
        return parse_policy(json.dumps({"Version": "2012-10-17", "Statement": list(of)}), name="inline")

    return KnownPolicies((parsed(*statements),), None if boundary is None else parsed(boundary))


def judge(
    answer: Answer,
    requirement: Requirement = INVOKE,
    *,
    keys: tuple[str, ...] | BedrockGuardError = (),
    alone: Answer | None = None,
    known: KnownPolicies | None = None,
    given: Mapping[str, tuple[str, ...]] | None = None,
) -> Finding:
    question = Question(requirement, {"aws:RequestedRegion": ("us-east-1",), **(given or {})})
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
    assert (blind.decision, blind.code) == (Decision.UNVERIFIED, "BG416")
    narrow = judge(NO_ALLOW, KB, known=policy(Effect="Allow", Action="bedrock:Retrieve", Resource=one))
    assert (narrow.decision, narrow.code) == (Decision.UNVERIFIED, "BG407")
    assert one in narrow.why
    nothing = judge(NO_ALLOW, KB, known=policy(Effect="Allow", Action="s3:*"))
    assert (nothing.decision, nothing.code) == (Decision.IMPLICIT_DENY, "BG101")


ONE = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB1"
ALL = {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}
NOT_MET = {"Bool": {"aws:SecureTransport": "false"}}
OPEN = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
DENY_IT = {"Effect": "Deny", "Action": "bedrock:*"}

ON_MANY = [
    # What is allowed on all of them, and what is not.
    ([ALL], ALLOWED, Decision.ALLOWED, ""),
    ([ALL, {**DENY_IT, "Resource": ONE}], ALLOWED, Decision.UNVERIFIED, f"a Deny names {ONE}"),
    ([ALL, {**DENY_IT, "Resource": ONE, "Condition": NOT_MET}], ALLOWED, Decision.ALLOWED, ""),
    ([ALL, {**DENY_IT, "Resource": ONE, "Condition": OPEN}], ALLOWED, Decision.UNVERIFIED, f"a Deny names {ONE}"),
    ([ALL, {**DENY_IT, "Resource": ONE.replace("knowledge-base", "agent")}], ALLOWED, Decision.ALLOWED, ""),
    ([ALL, {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": NOT_MET}], ALLOWED, Decision.ALLOWED, ""),
    (
        [
            ALL,
            {
                "Effect": "Deny",
                "NotAction": "iam:*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}},
            },
        ],
        ALLOWED,
        Decision.ALLOWED,
        "",
    ),
    ([ALL, {**DENY_IT, "NotResource": KB.resource}], ALLOWED, Decision.ALLOWED, ""),
    (
        [{"Effect": "Allow", "Action": "bedrock:*", "NotResource": ONE}],
        ALLOWED,
        Decision.UNVERIFIED,
        "allowed, but not on every such resource",
    ),
    (
        [{"Effect": "Allow", "Action": "bedrock:*", "NotResource": "arn:aws:s3:::*"}],
        ALLOWED,
        Decision.ALLOWED,
        "",
    ),
    # What is denied on all of them, and what is not.
    ([{**ALL, "Resource": ONE}], NO_ALLOW, Decision.UNVERIFIED, f"granted on {ONE}"),
    ([{**ALL, "Resource": ONE.replace("knowledge-base", "agent")}], NO_ALLOW, Decision.IMPLICIT_DENY, "no policy"),
    ([{**ALL, "Resource": ONE, "Condition": NOT_MET}], NO_ALLOW, Decision.IMPLICIT_DENY, "no policy"),
    ([{**ALL, "Condition": OPEN}], NO_ALLOW, Decision.UNVERIFIED, "depending on aws:SourceVpce"),
    ([ALL, {**DENY_IT, "Resource": "*"}], DENY, Decision.EXPLICIT_DENY, "denied by an identity policy"),
    ([ALL, {**DENY_IT, "NotResource": ONE}], DENY, Decision.UNVERIFIED, f"all but {ONE}"),
    (
        [{**ALL, "Action": "s3:*"}, {**DENY_IT, "NotResource": ONE}],
        DENY,
        Decision.EXPLICIT_DENY,
        "denied by an identity policy",
    ),
]


@pytest.mark.parametrize(("statements", "answer", "decision", "said"), ON_MANY)
@pytest.mark.parametrize("by", ["simulator", "offline"])
def test_an_answer_on_a_pattern_is_one_on_every_resource_that_it_stands_for(
    by: str, statements: list[dict[str, Any]], answer: Simulated, decision: Decision, said: str
) -> None:
    """By conditions that are known not to be met, and by what is of another kind, nothing becomes uncertain."""
    known = policies(*statements)
    if by == "simulator":
        finding = judge(answer, KB, known=known, given={"aws:SecureTransport": ("true",)})
    else:
        context = {"aws:RequestedRegion": ("us-east-1",), "aws:SecureTransport": ("true",)}
        (finding,) = findings_offline([Question(KB, context)], ROLE, known, "")
    assert finding.decision is decision
    assert said in finding.why
    if decision is Decision.UNVERIFIED:
        assert finding.code == ("BG402" if "depending" in said else "BG407")


def test_an_allowed_pattern_is_no_yes_where_the_policies_cannot_be_read() -> None:
    """With them it may be one on some alone, and less insight makes no answer surer."""
    finding = judge(ALLOWED, KB)
    assert (finding.decision, finding.code) == (Decision.UNVERIFIED, "BG416")
    assert "name the resource" in finding.why
    assert judge(ALLOWED, replace(KB, resource=ONE)).decision is Decision.ALLOWED
    open_one = judge(ALLOWED, KB, keys=("aws:SourceVpce",))
    assert open_one.code == "BG402", "naming the resource would not settle it"


def test_a_denied_pattern_stays_denied_where_the_policies_cannot_be_read_and_says_what_would_spare_one() -> None:
    finding = judge(DENY, KB)
    assert (finding.decision, finding.code) == (Decision.EXPLICIT_DENY, "BG201")
    assert any("NotResource" in detail for detail in finding.evidence.details)


def test_in_an_organization_an_allowed_pattern_says_what_nobody_can_see() -> None:
    finding = judge(replace(ALLOWED, organization_allows=True), KB, known=policies(ALL))
    assert finding.decision is Decision.ALLOWED
    assert any("service control policy" in detail for detail in finding.evidence.details)


def test_a_pattern_that_the_simulator_allows_and_the_policies_do_not_is_unverified() -> None:
    finding = judge(ALLOWED, KB, known=policies({**ALL, "Action": "s3:*"}))
    assert (finding.decision, finding.code, finding.retryable) == (Decision.UNVERIFIED, "BG406", True)


@pytest.mark.parametrize(
    ("boundary", "decision", "code", "said"),
    [
        ({**ALL, "Resource": ONE}, Decision.UNVERIFIED, "BG407", f"the permissions boundary allows it on {ONE}"),
        ({**ALL, "Action": "s3:*"}, Decision.IMPLICIT_DENY, "BG202", "permissions boundary"),
    ],
)
def test_a_boundary_that_allows_some_is_no_denial_of_all(
    boundary: dict[str, Any], decision: Decision, code: str, said: str
) -> None:
    answer = Simulated(Decision.IMPLICIT_DENY, boundary_allows=False)
    by_simulator = judge(answer, KB, alone=ALLOWED, known=policies(ALL, boundary=boundary))
    (offline,) = findings_offline([Question(KB, {})], ROLE, policies(ALL, boundary=boundary), "")
    for finding in (by_simulator, offline):
        assert (finding.decision, finding.code) == (decision, code)
        assert said in finding.why
    assert judge(answer, KB).code == "BG416", "unread"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("bedrock:CreateGuardrail", "arn:aws:bedrock:us-east-1:123456789012:guardrail/*"),
        ("bedrock:CreateModelInvocationJob", "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/*"),
        ("bedrock:CreateModelCustomizationJob", "arn:aws:bedrock:us-east-1:123456789012:custom-model/*"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1:123456789012:async-invoke/*"),
        ("bedrock:CreateAgent", "*"),
    ],
)
def test_what_the_call_itself_makes_is_answered_as_it_is_asked(action: str, resource: str) -> None:
    """Nobody can name it before, so to ask for its name would leave every such app without an answer."""
    made = Requirement(action, resource)
    assert judge(ALLOWED, made).decision is Decision.ALLOWED
    assert (judge(NO_ALLOW, made).decision, judge(NO_ALLOW, made).code) == (Decision.IMPLICIT_DENY, "BG101")


def test_a_list_of_all_is_answered_where_all_is_granted_and_left_open_where_a_kind_is() -> None:
    everything = Requirement("bedrock:ListGuardrails", "*")
    assert judge(ALLOWED, everything).decision is Decision.ALLOWED
    assert judge(NO_ALLOW, everything).code == "BG416"
    kind = "arn:aws:bedrock:us-east-1:123456789012:guardrail/*"
    of_a_kind = policy(Effect="Allow", Action="bedrock:ListGuardrails", Resource=kind)
    assert judge(NO_ALLOW, everything, known=of_a_kind).code == "BG407"
    assert judge(NO_ALLOW, everything, known=policy(Effect="Allow", Action="s3:*")).code == "BG101"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("bedrock:CreateModelCustomizationJob", "arn:aws:bedrock:us-east-1::foundation-model/*"),
        ("bedrock:CreateAgentAlias", "arn:aws:bedrock:us-east-1:123456789012:agent/*"),
        ("bedrock:UpdateGuardrail", "arn:aws:bedrock:us-east-1:123456789012:guardrail/*"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/*"),
    ],
)
def test_what_is_there_before_the_call_has_to_be_named(action: str, resource: str) -> None:
    assert judge(ALLOWED, Requirement(action, resource)).code == "BG416"


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
