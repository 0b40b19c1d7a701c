"""The trust policy of the role that an app runs under, or that Bedrock is handed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bedrock_guard.advice.remedies import trust_statements
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.service_role_details import ServiceRole, find_role_kind, parse_service_role
from bedrock_guard.bedrock.service_roles import KINDS
from bedrock_guard.bedrock.trust import trust_requirements
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Requirement

__all__ = ["TRUST_KINDS", "require_one_pod", "trust_document", "trust_of", "trusted_role"]

_SHORT = {"ecs": "ecs-task"}
"""Shorter names of kinds."""

TRUST_KINDS = (*_SHORT, *KINDS)
"""What an app may be said to run under."""

_OF_PODS = {"provider": "oidc", "namespace": "namespace", "service_account": "service-account"}


def trusted_role(text: str, role: str, place: Place) -> ServiceRole:
    """The role that ``KIND[,detail=value]…`` is about, such as ``"lambda"``; the details are those of service roles.

    Args:
        text: As it was written.
        role: The role's name; empty where it has none yet.
        place: Where the app runs.

    Raises:
        ConfigurationError: No such kind or detail.
    """
    name, comma, details = text.strip().partition(",")
    name = name.strip().lower()
    kind = find_role_kind(_SHORT.get(name, name))
    arn = f"arn:{place.partition}:iam::{place.account}:role/{role or 'app'}"
    return parse_service_role(f"{kind.name}={arn}{comma}{details}")


def require_one_pod(role: ServiceRole) -> None:
    """Passes unless pods assume the role and nothing tells which: IAM takes no wildcard for an identity provider.

    Source: IAM User Guide, reference_policies_elements_principal (read 2026-11-24).

    Raises:
        ConfigurationError: The cluster or the service account is not named.
    """
    if not find_role_kind(role.kind).trust.web_identity:
        return
    missing = [name for member, name in _OF_PODS.items() if not getattr(role.details, member)]
    provider = role.details.provider
    if missing:
        raise ConfigurationError(
            f"trust: eks-irsa without {', '.join(missing)} would let any pod assume the role; write "
            "eks-irsa,oidc=oidc.eks.REGION.amazonaws.com/id/ID,namespace=NAME,service-account=NAME",
            code="BG504",
        )
    if re.search(r"[*?]", provider):
        raise ConfigurationError(
            f"trust: the identity provider {provider!r} has a wildcard, and IAM takes the ARN of one", code="BG504"
        )


def trust_of(role: ServiceRole, place: Place) -> dict[str, Any]:
    """The trust policy of a role of its kind.

    Raises:
        ConfigurationError: Pods assume it, and nothing tells which.
    """
    require_one_pod(role)
    return trust_document(trust_requirements(find_role_kind(role.kind), role, place))


def trust_document(requirements: Iterable[Requirement]) -> dict[str, Any]:
    """The trust policy that lets in whom the requirements name, and nobody else."""
    statements = [_named(one) for one in trust_statements(requirements)]
    statements.sort(key=lambda one: str(one["Sid"]))
    return {"Version": "2012-10-17", "Statement": _numbered(statements)}


def _named(statement: Mapping[str, Any]) -> dict[str, Any]:
    principal = next(iter(statement["Principal"].values()))
    who = "Pods" if principal.startswith("arn:") else _name_of(principal)
    return {"Sid": f"Trust{who}", **statement, "Action": sorted(statement["Action"])}


def _numbered(statements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[str, int] = {}
    found = []
    for statement in statements:
        sid = statement["Sid"]
        seen[sid] = seen.get(sid, 0) + 1
        found.append(statement if seen[sid] == 1 else {**statement, "Sid": f"{sid}{seen[sid]}"})
    return found


def _name_of(service: str) -> str:
    parts = service.removesuffix(".amazonaws.com").split(".")
    return "".join(word[:1].upper() + word[1:] for part in parts for word in part.split("-"))
