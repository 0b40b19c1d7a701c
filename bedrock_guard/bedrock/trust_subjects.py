"""Trust policies for web identities of EKS: the provider, and the audience and subject of its tokens. Pure.

Source: EKS User Guide, associate-service-account-role (assumed, not read again): the trust policy names the provider
without ``https://``, ``<provider>:sub`` is ``system:serviceaccount:<namespace>:<name>`` and ``<provider>:aud`` is
``sts.amazonaws.com``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedrock_guard.bedrock.trust import host_of, reference
from bedrock_guard.bedrock.trust_keys import never_holds
from bedrock_guard.iam.operators import find_operator
from bedrock_guard.iam.policy import Condition, Effect, Policy, Statement
from bedrock_guard.iam.wildcard import matches
from bedrock_guard.report import Note

__all__ = ["lint_web_identity"]

_AUDIENCE = "sts.amazonaws.com"
_BEGINNING = "system:serviceaccount:"
_BEGUN = re.compile(r"system:serviceaccount:[a-z0-9.-]*(?::[a-z0-9.-]*)?")
_SUBJECT = re.compile(r"system:serviceaccount:[a-z0-9*?.-]+:[a-z0-9*?.-]+")


def lint_web_identity(policy: Policy, *, partition: str, account: str) -> Iterator[Note]:
    """BG537 for what no token can match, BG535 for a trust in every pod of the cluster."""
    anyone = f"arn:{partition}:iam::{account}:oidc-provider/*"
    for statement in policy:
        providers = [entry.value for entry in statement.principals or () if entry.type == "Federated"]
        if not providers or statement.effect is Effect.DENY:
            continue
        at = reference(policy, statement)
        for provider in providers:
            fault = _provider_fault(provider, partition, account)
            if fault:
                yield Note("BG537", fault, at)
        hosts = {host_of(provider).removeprefix("https://") for provider in providers} - {""}
        for condition in statement.conditions:
            fault = _condition_fault(condition, hosts) or never_holds(condition, anyone)
            if fault:
                yield Note("BG537", fault, at)
        if not _names_subject(statement):
            text = "every pod of the cluster may assume the role: add StringEquals on <provider>:sub"
            yield Note("BG535", text, at)


def _provider_fault(provider: str, partition: str, account: str) -> str:
    shown = f"the provider {provider!r}"
    if "https://" in provider:
        return f"{shown} has https://, which the name of a provider has not"
    parts = provider.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("oidc-provider/"):
        return f"{shown} is no OIDC provider; expected arn:{partition}:iam::{account}:oidc-provider/HOST/id/ID"
    if parts[4] != account or parts[1] != partition:
        return f"{shown} is of {parts[4] or parts[1]}; a role trusts the providers of its own account, {account}"
    return ""


def _condition_fault(condition: Condition, hosts: set[str]) -> str:
    host, _, claim = condition.key.rpartition(":")
    operator = find_operator(condition.operator)
    if operator is None or operator.compare is None or operator.negated or operator.if_exists:
        return ""
    if condition.key.lower().startswith("https:"):
        return f"the key {condition.key!r} has https://, so no token has it"
    if claim.lower() not in ("sub", "aud"):
        return ""
    if hosts and host.lower() not in {one.lower() for one in hosts}:
        return f"the key {condition.key!r} is of another provider than the principal, so no token has it"
    if claim.lower() == "aud":
        if not any(matches(value, _AUDIENCE) for value in condition.values):
            return f"{condition.key} is {condition.values[0]!r}; the tokens of pods are for {_AUDIENCE}"
        return ""
    if not any(_may_be_subject(value) for value in condition.values):
        return (
            f"{condition.key} is {condition.values[0]!r}; the subject of a pod's token is "
            "system:serviceaccount:NAMESPACE:NAME"
        )
    return ""


def _may_be_subject(value: str) -> bool:
    if "${" in value or _SUBJECT.fullmatch(value):
        return True
    # A wildcard may reach past the colons: what stands before the first has to begin a subject.
    head = re.split(r"[*?]", value, maxsplit=1)[0]
    return head != value and (_BEGINNING.startswith(head) or _BEGUN.fullmatch(head) is not None)


def _names_subject(statement: Statement) -> bool:
    for condition in statement.conditions:
        operator = find_operator(condition.operator)
        if operator is not None and not operator.negated and condition.key.lower().endswith(":sub"):
            return True
    return False
