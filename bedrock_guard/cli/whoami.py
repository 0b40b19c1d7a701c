"""``whoami``: the principal, where its credentials are from, what can be checked about it, and the API key in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from bedrock_guard.bedrock.api_keys import BEARER_VARIABLE
from bedrock_guard.cli.environment import environment
from bedrock_guard.cli.output import colour, emit, progress
from bedrock_guard.cli.redact import redact_option
from bedrock_guard.cli.where import where_options
from bedrock_guard.cli.whoami_key import KeyView, view_of_key
from bedrock_guard.errors import PrincipalError
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.redaction import Redaction
from bedrock_guard.render.snippets import safe_json, statements_text
from bedrock_guard.report import Principal, PrincipalType, Report

if TYPE_CHECKING:
    import boto3

__all__ = ["whoami"]

# An action without resources or conditions of its own: whatever IAM answers, it has answered.
_PROBE = "bedrock:ListFoundationModels"

# Names that botocore gives its providers (botocore 1.44.5, credentials.py), for people.
_SOURCES = {
    "env": "environment variables (AWS_ACCESS_KEY_ID …)",
    "shared-credentials-file": "the shared credentials file",
    "config-file": "the AWS configuration file",
    "assume-role": "a role that the profile assumes",
    "assume-role-with-web-identity": "a web identity token (EKS service account, OIDC)",
    "sso": "IAM Identity Center (aws sso login)",
    "login": "a console sign-in (aws login)",
    "custom-process": "the profile's credential_process",
    "container-role": "the container's role (ECS task role, EKS Pod Identity, Lambda SnapStart)",
    "iam-role": "the instance's role (EC2)",
    "explicit": "keys given to the session",
}

_KINDS = {
    PrincipalType.ROLE_SESSION: "role session",
    PrincipalType.FEDERATED_USER: "federated user",
    PrincipalType.ROOT: "root user of the account",
}


@dataclass(frozen=True)
class _Identity:
    """What is known about the caller.

    Attributes:
        report: Of one question to the simulator; None when not even the principal is known.
        region: Where it was asked.
        profile: Name of the profile in force.
        source: botocore's name of the credential provider.
        error: Why the principal is not known.
        key: The API key in the environment.
    """

    report: Report | None
    region: str | None
    profile: str
    source: str | None
    error: PrincipalError | None = None
    key: KeyView | None = None

    @property
    def principal(self) -> Principal | None:
        return None if self.report is None else self.report.principal

    @property
    def simulator_answers(self) -> bool:
        return self.report is not None and self.report.findings[0].evidence.evaluator == "simulator"

    @property
    def why_not(self) -> str:
        if self.report is None or self.simulator_answers:
            return ""
        return self.report.findings[0].why


@click.command(short_help="Say who is calling, and what can be checked.")
@where_options
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the answer.")
@redact_option
def whoami(
    *,
    region: str | None,
    profile: str | None,
    endpoint_url: str | None,
    format: str,  # noqa: A002 - the option's name
    redact: bool,
) -> int:
    """Say who is calling, whether IAM can be asked about it, and what an API key in the environment changes.

    Exit codes: 0 the principal is known, 2 usage or configuration, 3 it could not be found out.
    """
    from bedrock_guard.cli.aws_session import aws_session

    with aws_session(profile=profile, endpoint=endpoint_url) as session, progress("Asking STS and IAM …"):
        identity = _identify(session, region)
    if redact:
        identity = Redaction().tree(identity)
    emit(safe_json(_values(identity), indent=2) if format == "json" else _text(identity))
    return 0 if identity.principal is not None else 3


def _identify(session: boto3.Session, region: str | None) -> _Identity:
    from bedrock_guard.aws.session import region_of
    from bedrock_guard.guard import Guard

    guard = Guard(actions=[_PROBE], region=region, session=session, evaluators=("simulator",), redact=False)
    report, error = None, None
    try:
        # Without the key: the question is who the session's credentials belong to.
        with environment({BEARER_VARIABLE: None}):
            report = guard.check()
    except PrincipalError as failed:
        error = failed
    where = region_of(session, region)
    key = view_of_key(session, report.principal if report else None, where, datetime.now(timezone.utc))
    return _Identity(report, where, session.profile_name, _source(session), error, key)


def _source(session: boto3.Session) -> str | None:
    """Where the credentials are from, by botocore's name; it keeps what the check has already found."""
    try:
        credentials = session.get_credentials()
    except Exception:  # noqa: BLE001 - the check has already said what is wrong with them
        return None
    return None if credentials is None else str(credentials.method)


def _values(identity: _Identity) -> dict[str, Any]:
    error = identity.error
    return {
        "principal": None if identity.principal is None else identity.principal.to_dict(),
        "region": identity.region,
        "profile": identity.profile,
        "credential_source": identity.source,
        "api_key_in_environment": identity.key is not None,
        "api_key": None if identity.key is None else identity.key.values(),
        "simulator": {"answers": identity.simulator_answers, "why_not": identity.why_not},
        "notes": [] if identity.report is None else [{"code": n.code, "text": n.text} for n in identity.report.notes],
        "remedies": []
        if identity.report is None
        else [r.to_dict() for r in identity.report.remedies if "BG401" in r.codes],
        "error": None if error is None else {"code": error.code, "message": str(error), "remedy": error.remedy},
    }


def _text(identity: _Identity) -> str:
    key = identity.key
    lines = [] if key is None else [neutral(key.line)]
    lines += [_bold(_who(identity)), *_table(_facts(identity))]
    if key is not None:
        lines += [_bold(f"the API key in {BEARER_VARIABLE}"), *_table(key.facts())]
    report = identity.report
    if report is not None:
        lines += [f"  {neutral(f'{note.code}: {note.text}')}" for note in report.notes]
        for remedy in report.remedies if not identity.simulator_answers else ():
            lines += ["", neutral(remedy.text), *statements_text(remedy.statements, indent="  ").splitlines()]
    return "\n".join(lines)


def _table(facts: list[tuple[str, str]]) -> list[str]:
    return [f"  {label.ljust(15)} {neutral(value)}" for label, value in facts if value]


def _who(identity: _Identity) -> str:
    if identity.principal is not None:
        return neutral(identity.principal.caller_arn)
    return "the caller could not be identified"


def _facts(identity: _Identity) -> list[tuple[str, str]]:
    principal, source = identity.principal, identity.source
    facts = []
    if principal is not None:
        facts += [
            ("kind", _KINDS.get(principal.type, principal.type.value)),
            ("account", f"{principal.account} (partition {principal.partition})"),
            ("asked about as", principal.policy_source_arn or ""),
            ("permission set", principal.permission_set or ""),
        ]
    if identity.error is not None:
        facts += [("why", f"{identity.error} ({identity.error.code})"), ("what ends it", identity.error.remedy)]
    facts += [
        ("credentials", "none" if source is None else _SOURCES.get(source, source)),
        ("profile", identity.profile if identity.profile != "default" else ""),
        ("Region", identity.region or ""),
    ]
    if identity.simulator_answers:
        facts.append(("can be checked", "yes, by IAM's policy simulator"))
    elif principal is not None:
        facts.append(("can be checked", f"no: {identity.why_not}"))
    return facts


def _bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if colour() else text
