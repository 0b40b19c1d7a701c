"""Grants that are wider, or for another service, than they look.

Source: IAM User Guide, reference_policies_elements_notaction and reference_policies_elements_notresource; “Grant a user
permissions to pass a role to an AWS service”; Bedrock User Guide, batch-iam-sr (a job's key is used through S3); all
read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bedrock_guard.advice.lints.reading import GRANTING, Reading, shown
from bedrock_guard.iam.operators import find_operator
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.iam.wildcard import matches
from bedrock_guard.report import Note

__all__ = ["lint_exclusions", "lint_kms", "lint_pass_role"]

_PASSED_TO = "iam:passedtoservice"
_KMS = ("kms:decrypt", "kms:generatedatakey")
_OBJECTS = ("s3:getobject", "s3:putobject")


def lint_exclusions(reading: Reading) -> Iterator[Note]:
    """BG522: an Allow of everything but something."""
    statement, kind = reading.statement, reading.policy.kind
    if not reading.allows or not reading.actions or kind is PolicyKind.SCP:
        return
    if statement.not_actions is not None:
        yield reading.note(
            "BG522",
            "Allow with NotAction allows every action of every service that is not listed, those that AWS adds later "
            "included; to keep actions out, allow what is needed with Action, or use a Deny",
        )
    elif statement.not_resources is not None:
        yield reading.note(
            "BG522",
            "Allow with NotResource allows the actions on every resource that is not listed, those of other accounts "
            "and those made later included; name the resources with Resource, or use a Deny",
        )


def lint_pass_role(readings: Sequence[Reading]) -> Iterator[Note]:
    """BG523: roles that may be handed to any service, in a policy that is about Bedrock."""
    if not any(reading.actions for reading in readings):
        return
    for reading in readings:
        names = [one.lower() for one in reading.statement.actions or ()]
        passes = any(name.startswith("iam:pass") and matches(name, "iam:passrole") for name in names)
        keys = {condition.key.lower() for condition in reading.statement.conditions}
        if reading.allows and passes and reading.policy.kind in GRANTING and _PASSED_TO not in keys:
            yield reading.note(
                "BG523",
                "iam:PassRole without a condition on iam:PassedToService lets the role be handed to every service that "
                'trusts it; add "StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}',
            )


def lint_kms(readings: Sequence[Reading]) -> Iterator[Note]:
    """BG524: a key for a job's files in S3 that may only be used through Bedrock."""
    if not any(reading.allows and _names(reading, _OBJECTS) for reading in readings):
        return
    for reading in readings:
        if not reading.allows or reading.policy.kind not in GRANTING or not _names(reading, _KMS):
            continue
        services = _via(reading)
        if services and all(service.lower().startswith("bedrock") for service in services):
            region = reading.place.region or "<region>"
            yield reading.note(
                "BG524",
                f"kms:ViaService is {shown(services[0])} here, but the files of a Bedrock job are decrypted by S3: for "
                f'them the key is used via "s3.{region}.amazonaws.com"',
            )


def _via(reading: Reading) -> tuple[str, ...]:
    """The services that a key may be used through, unless the statement is about what Bedrock itself encrypts."""
    found: tuple[str, ...] = ()
    for condition in reading.statement.conditions:
        key = condition.key.lower()
        if key.startswith("kms:encryptioncontext"):
            return ()
        operator = find_operator(condition.operator)
        if key == "kms:viaservice" and operator is not None and operator.compare is not None and not operator.negated:
            found = condition.values
    return found


def _names(reading: Reading, actions: Sequence[str]) -> bool:
    """Whether a statement names one of these actions, by a pattern of their own service."""
    service = actions[0].partition(":")[0]
    return any(
        pattern.startswith(f"{service}:") and any(matches(pattern, action) for action in actions)
        for pattern in (one.lower() for one in reading.statement.actions or ())
    )
