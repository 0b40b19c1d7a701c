"""Trust policies that keep somebody out to remedies: the statement that lets in whom it has to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.bedrock.trust import host_of
from bedrock_guard.iam.decision import Decision
from bedrock_guard.report import Finding, Remedy, Requirement

__all__ = ["trust_remedies", "trust_statements"]

_PROVIDER = "OIDC_PROVIDER_ID"
_NAMESPACE = "NAMESPACE"
_SERVICE_ACCOUNT = "SERVICE_ACCOUNT"
_DETAILS = {_PROVIDER: "oidc=", _NAMESPACE: "namespace=", _SERVICE_ACCOUNT: "service-account="}
_SUBJECT = re.compile(r"(system:serviceaccount:)([^:]*):([^:]*)")


def trust_remedies(denied: Sequence[Finding]) -> Iterator[Remedy]:
    """For each role that keeps its service out, the statement of a trust policy that lets it in."""
    by_role: dict[str, list[Finding]] = {}
    for finding in denied:
        by_role.setdefault(finding.requirement.resource, []).append(finding)
    for role, findings in by_role.items():
        name = role.rpartition("/")[2]
        codes = tuple(sorted({f.code for f in findings if f.code}))
        missing = [f for f in findings if f.code == "BG208" and f.decision is not Decision.EXPLICIT_DENY]
        if not missing:
            yield Remedy(
                owner=f"whoever owns the role {name}",
                text=f"The role {role} cannot be used: {'; '.join(dict.fromkeys(f.why for f in findings))}.",
                codes=codes,
            )
            continue
        statements = trust_statements(f.requirement for f in missing)
        yield Remedy(
            owner=f"whoever edits the trust policy of role {name}",
            text=f"Add to the trust policy (not the permissions) of the role {name}{_to_fill_in(statements)}:",
            statements=statements,
            codes=codes,
        )


def _to_fill_in(statements: Sequence[Mapping[str, Any]]) -> str:
    """What stands in the statements for something that the app did not name, and how to have it named."""
    text = str(statements)
    blanks = [blank for blank in _DETAILS if blank in text]
    if not blanks:
        return ""
    where = (
        f" ({_PROVIDER} is the end of cluster.identity.oidc.issuer in aws eks describe-cluster)"
        if _PROVIDER in blanks
        else ""
    )
    options = ", ".join(_DETAILS[blank] for blank in blanks)
    return f", with {_listed(blanks)} filled in{where}; the check does it where the service role has {options}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def trust_statements(requirements: Iterable[Requirement]) -> tuple[Mapping[str, Any], ...]:
    """The statements of a trust policy that let in exactly who has to be, under the keys that are known to be sent.

    What is not known of a web identity is a word in capitals to be replaced: IAM takes no wildcard in the principal
    and in the names of keys, and one in the subject would let in every pod.

    Source: IAM User Guide, reference_policies_elements_principal (read 2026-11-24): no wildcard matches part of an ARN.
    """
    actions: dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], dict[str, None]] = {}
    for requirement in requirements:
        actions.setdefault((requirement.principal, requirement.context), {})[requirement.action] = None
    return tuple(_trusting(principal, context, list(names)) for (principal, context), names in actions.items())


def _trusting(
    principal: str, context: Sequence[tuple[str, tuple[str, ...]]], actions: Sequence[str]
) -> Mapping[str, Any]:
    federated = principal.startswith("arn:")
    if federated:
        principal, context = _with_blanks(principal, context)
    condition: dict[str, dict[str, Any]] = {}
    for key, values in context:
        like = any("*" in value for value in values)
        operator = "ArnLike" if key.lower() == "aws:sourcearn" else "StringLike" if like else "StringEquals"
        condition.setdefault(operator, {})[key] = values[0] if len(values) == 1 else list(values)
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Federated" if federated else "Service": principal},
        "Action": list(actions),
    }
    return {**statement, **({"Condition": condition} if condition else {})}


def _with_blanks(
    principal: str, context: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[str, Sequence[tuple[str, tuple[str, ...]]]]:
    """A web identity whose provider or pod is a pattern, with words to replace where the wildcards stand."""
    named = principal.replace("*", _PROVIDER)
    host, its_host = host_of(principal), host_of(named)
    return named, [
        (key.replace(host, its_host), tuple(_SUBJECT.sub(_subject, value) for value in values))
        for key, values in context
    ]


def _subject(found: re.Match[str]) -> str:
    start, namespace, account = found.groups()
    return f"{start}{_blank(namespace, _NAMESPACE)}:{_blank(account, _SERVICE_ACCOUNT)}"


def _blank(part: str, word: str) -> str:
    return word if part == "*" else part
