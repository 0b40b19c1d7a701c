"""What a type checker sees of the public names; nothing here is run.

mypy checks this file in strict mode with the rest of the tests: a name that loses its type fails the build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3

import bedrock_guard

if TYPE_CHECKING:
    from typing_extensions import assert_type


def of_the_guard(session: boto3.Session) -> None:
    guard = bedrock_guard.Guard(
        models=["amazon.nova-lite-v1:0"],
        operations=("converse",),
        actions=["bedrock:ListAgents", ("bedrock:Retrieve", "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/K")],
        context={"aws:SourceVpce": "vpce-1a2b3c4d", "aws:TagKeys": ["a", "b"], "aws:MultiFactorAuthPresent": True},
        session=session,
        on_unverified="raise",
    )
    report = guard.verify()
    assert_type(report, bedrock_guard.Report)
    assert_type(guard.requirements, tuple[bedrock_guard.Requirement, ...])
    assert_type(guard.principal, bedrock_guard.Principal)
    assert_type(guard.session(), boto3.Session)
    assert_type(bedrock_guard.session(), boto3.Session)


def of_a_diagnosis(error: Exception, session: boto3.Session) -> None:
    diagnosis = bedrock_guard.explain(error, live=True, session=session)
    assert_type(diagnosis, bedrock_guard.Diagnosis)
    assert_type(diagnosis.retryable, bool)
    assert_type(diagnosis.retry_after_seconds, "int | None")
    for denial in diagnosis.denials:
        assert_type(denial, bedrock_guard.Denial)
        assert_type(denial.kind, bedrock_guard.DenialKind)
        assert_type(denial.layer, "bedrock_guard.Layer | None")
        assert_type(denial.explicit, "bool | None")
    for remedy in diagnosis.remedies:
        assert_type(remedy, bedrock_guard.Remedy)
    assert_type(bedrock_guard.Diagnosis.from_dict(diagnosis.to_dict()), bedrock_guard.Diagnosis)


def of_the_report(report: bedrock_guard.Report) -> None:
    for finding in report.findings:
        assert_type(finding.decision, bedrock_guard.Decision)
        assert_type(finding.layer, "bedrock_guard.Layer | None")
        assert_type(finding.requirement, bedrock_guard.Requirement)
    assert_type(report.exit_code, int)
    assert_type(bedrock_guard.Report.from_dict(report.to_dict()), bedrock_guard.Report)


def of_the_errors(error: bedrock_guard.BedrockGuardError) -> None:
    assert_type(error.code, str)
    assert_type(error.retryable, bool)
    if isinstance(error, (bedrock_guard.MissingPermissionsError, bedrock_guard.UnverifiedPermissionsError)):
        assert_type(error.report, bedrock_guard.Report)


def of_what_is_refused() -> None:
    bedrock_guard.Guard(models=["amazon.nova-lite-v1:0"], on_unverified="explode")  # type: ignore[arg-type]
    bedrock_guard.Guard(["amazon.nova-lite-v1:0"])  # type: ignore[call-arg]
