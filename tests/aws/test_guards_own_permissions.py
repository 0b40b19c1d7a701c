"""The guard's own permissions, as it offers them, are enough for what they are offered for."""

from __future__ import annotations

import pytest

from bedrock_guard import Guard
from bedrock_guard.advice.guard_policy import guard_policy, reading_statements
from bedrock_guard.iam.decision import Decision
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.report import Finding
from bedrock_guard.testing import Sandbox, sandbox

RETRIEVE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:Retrieve", "Resource": "*"}]}


def finding(aws: Sandbox, kind: str, *, reads: bool) -> Finding:
    """What a check of a role or user says of an action on every resource, with the guard's own permissions alone."""
    name = f"{'seeing' if reads else 'blind'}-{kind}"
    principal = principal_from_arn(f"arn:aws:iam::{aws.account}:{kind}/{name}")
    own = guard_policy(principal)
    own["Statement"] += [dict(one) for one in reading_statements(principal)] if reads else []
    if kind == "role":
        aws.role(name, policies=[own, RETRIEVE])
    else:
        aws.user(name, policies=[own, RETRIEVE])
    session = aws.session(name) if kind == "role" else aws.user_session(name)
    report = Guard(actions=["bedrock:Retrieve"], session=session).check()
    (only,) = report.findings
    offered = [statement["Sid"] for remedy in report.remedies for statement in remedy.statements]
    assert ("BedrockGuardReadsOwnPolicies" in offered) is not reads
    return only


@pytest.mark.parametrize("kind", ["role", "user"])
def test_with_the_statements_that_a_report_offers_a_pattern_is_answered(kind: str) -> None:
    with sandbox() as aws:
        blind, seeing = (finding(aws, kind, reads=reads) for reads in (False, True))
    assert (blind.decision, blind.code) == (Decision.UNVERIFIED, "BG416")
    assert seeing.decision is Decision.ALLOWED
