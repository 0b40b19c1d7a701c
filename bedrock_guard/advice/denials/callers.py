"""Whose identity policies count for whoever was denied, by how the message names them; some callers have none.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html, id_root-user.html,
reference_policies_elements_principal.html and id_credentials_temp_control-access_getfederationtoken.html;
docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html and API_AssumeRoleWithSAML.html, which
take no credentials (all read 2026-11).
"""

from __future__ import annotations

import re
from enum import Enum

from bedrock_guard.advice.denial import Denial

__all__ = ["passes_abroad", "CallerKind", "caller_kind", "has_policies", "is_masked", "is_unsigned"]

_FORMS = r"arn:[\w-]{1,32}:"
_ROOT = re.compile(rf"{_FORMS}iam::[^:]{{0,40}}:root")
_FEDERATED = re.compile(rf"{_FORMS}sts::[^:]{{0,40}}:federated-user/.{{1,200}}")
_HOST = re.compile(rf"{_FORMS}sts::[^:]{{0,40}}:assumed-role/aws:[^/]{{1,100}}/.{{1,200}}")
_SERVICE_LINKED = re.compile(
    rf"{_FORMS}(?:sts|iam)::[^:]{{0,40}}:(?:assumed-role/|role/aws-service-role/[^/]{{1,100}}/)AWSServiceRoleFor.{{0,200}}"
)
_SERVICE = re.compile(r"[\w.-]{1,200}\.amazonaws\.com(?:\.cn)?", re.ASCII)
_ACCOUNT = re.compile(r"\d{12}|aws|\*|", re.ASCII)

_UNSIGNED = frozenset({"sts:assumerolewithwebidentity", "sts:assumerolewithsaml"})


class CallerKind(str, Enum):
    """What was denied, as far as it decides whose policies count."""

    OWN = "own"
    """A role or a user, or a caller of whom it is not told."""
    FEDERATED = "federated"
    """A session of GetFederationToken: the policies of the IAM user who made it count, and its session policy."""
    ROOT = "root"
    SERVICE = "service"
    ANONYMOUS = "anonymous"
    SERVICE_LINKED = "service-linked"
    """A role that a service made for itself: AWS writes its policies."""
    HOST = "host"
    """An identity that AWS gives to a host, such as ``assumed-role/aws:ec2-instance/i-…``."""


def caller_kind(caller: str | None) -> CallerKind:
    """The kind of a caller as a message prints it."""
    name = caller or ""
    if name.lower() == "anonymous":
        return CallerKind.ANONYMOUS
    for pattern, kind in (
        (_ROOT, CallerKind.ROOT),
        (_FEDERATED, CallerKind.FEDERATED),
        (_HOST, CallerKind.HOST),
        (_SERVICE_LINKED, CallerKind.SERVICE_LINKED),
        (_SERVICE, CallerKind.SERVICE),
    ):
        if pattern.fullmatch(name):
            return kind
    return CallerKind.OWN


def is_unsigned(action: str | None) -> bool:
    """Whether the call is made with a token in place of credentials, so that no identity policy has a say."""
    return (action or "").lower() in _UNSIGNED


def passes_abroad(denial: Denial) -> bool:
    """Whether a role of another account is handed over, which no policy makes possible."""
    parts = (denial.resource or "").split(":", 5)
    own = (denial.caller or "").split(":", 5)
    told = len(parts) == 6 and len(own) == 6 and parts[4].isdigit() and own[4].isdigit()
    return (denial.action or "").lower() == "iam:passrole" and told and parts[4] != own[4]


def has_policies(denial: Denial) -> bool:
    """Whether there is an identity policy that an Allow could be added to."""
    return not is_unsigned(denial.action) and caller_kind(denial.caller) in (CallerKind.OWN, CallerKind.FEDERATED)


def is_masked(arn: str | None) -> bool:
    """Whether the account in an ARN was made unreadable, as in ``arn:aws:sts::ACCOUNT-1:assumed-role/…``."""
    parts = (arn or "").split(":", 5)
    return len(parts) == 6 and parts[0] == "arn" and _ACCOUNT.fullmatch(parts[4]) is None
