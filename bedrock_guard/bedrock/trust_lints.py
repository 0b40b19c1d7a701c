"""What is wrong with a trust policy for one kind of role: statements that cannot do what they were written for. Pure.

A lint never says whether the role can be assumed, :func:`~bedrock_guard.bedrock.trust.decide_trust` does: a policy may
let the service in by another statement.

Source: IAM User Guide, confused-deputy, reference_policies_elements_condition_operators and
reference_policies_condition-keys (read 2026-11); Bedrock User Guide, model-customization-iam-role (read 2026-11), whose
example pairs two accounts; what each service sends: the table of service roles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bedrock_guard.bedrock.service_role_details import find_role_kind
from bedrock_guard.bedrock.service_role_kinds import RoleKind
from bedrock_guard.bedrock.trust import allows_action, names, reference
from bedrock_guard.bedrock.trust_keys import is_idle, never_holds
from bedrock_guard.bedrock.trust_subjects import lint_web_identity
from bedrock_guard.iam.operators import Operator, Quantifier, find_operator
from bedrock_guard.iam.policy import Condition, Effect, Policy, Statement
from bedrock_guard.iam.wildcard import matches
from bedrock_guard.report import Note

__all__ = ["lint_trust"]

_SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")

_NO_SUCH_SERVICE = {
    f"{prefix}.amazonaws.com": right
    for prefix, right in (
        ("bedrock-runtime", "bedrock.amazonaws.com"),
        ("bedrock-agent", "bedrock.amazonaws.com"),
        ("bedrock-agent-runtime", "bedrock.amazonaws.com"),
        ("bedrock-data-automation", "bedrock.amazonaws.com"),
        ("agents.bedrock", "bedrock.amazonaws.com"),
        ("bedrock-agentcore-control", "bedrock-agentcore.amazonaws.com"),
        ("agentcore", "bedrock-agentcore.amazonaws.com"),
    )
}
"""Endpoints and inventions that no service goes by. Source: the principals in the table of service roles; that these
are none is assumed from AWS's guides, which name no other."""


@dataclass(frozen=True, slots=True)
class _Where:
    """What the policy is held against."""

    policy: Policy
    kind: RoleKind
    partition: str
    region: str
    account: str
    source_arn: str

    def note(self, code: str, statement: Statement, text: str) -> Note:
        return Note(code, text, reference(self.policy, statement))


def lint_trust(policy: Policy, kind: str, *, partition: str, region: str, account: str) -> tuple[Note, ...]:
    """Everything that is wrong with a trust policy for a kind of role, each with its statement.

    Args:
        policy: The trust policy.
        kind: Name of the kind of role.
        partition: Where the feature or the app runs.
        region: Its Region.
        account: The account of the feature; of the role itself where an app runs under it.

    Raises:
        ConfigurationError: There is no such kind.
    """
    found = find_role_kind(kind)
    values = {"partition": partition, "region": region, "account": account}
    where = _Where(policy, found, partition, region, account, found.trust.source_arn.format(**values))
    notes = list(_principals(where))
    notes += _missing_actions(where)
    notes += _anybody(where)
    for statement in policy:
        if not names(statement, _principal(where)) and not found.trust.web_identity:
            continue
        for lint in _LINTS:
            notes += lint(where, statement)
    if found.trust.web_identity:
        notes += lint_web_identity(policy, partition=partition, account=account)
    return tuple(dict.fromkeys(notes))


def _principal(where: _Where) -> str:
    values = {"partition": where.partition, "region": where.region, "account": where.account}
    return where.kind.trust.principal.format(**values)


# -- whom it trusts, and to do what ---------------------------------------------------------------------------------


def _principals(where: _Where) -> Iterator[Note]:
    """BG530: a service that does not exist, or another one where the right one is not trusted at all."""
    allows = [statement for statement in where.policy if statement.effect is Effect.ALLOW]
    trusted = any(_trusts(where, statement) for statement in allows)
    for statement in allows:
        for entry in statement.principals or ():
            right = _NO_SUCH_SERVICE.get(entry.value) if entry.type == "Service" else None
            if right is not None:
                yield where.note(
                    "BG530", statement, f"no service assumes roles as {entry.value}; the principal is {right}"
                )
            elif entry.type == "Service" and not trusted and entry.value != where.kind.trust.principal:
                yield where.note("BG530", statement, _another_service(where.kind, entry.value))


def _trusts(where: _Where, statement: Statement) -> bool:
    if where.kind.trust.web_identity:
        return any(entry.type == "Federated" for entry in statement.principals or ())
    return names(statement, where.kind.trust.principal)


def _another_service(kind: RoleKind, service: str) -> str:
    text = f"the role trusts {service}; a role of kind {kind.name} is assumed by {kind.trust.principal}"
    if kind.trust.web_identity:
        text = f"the role trusts {service}; with {kind.name} the cluster's OIDC provider assumes it, as Federated"
    if kind.name == "ecs-task" and service in ("ecs.amazonaws.com", "ec2.amazonaws.com"):
        text += ", whatever the task runs on"
    return text


def _missing_actions(where: _Where) -> Iterator[Note]:
    """BG536: the right principal without an action that it calls."""
    trusting = [s for s in where.policy if s.effect is Effect.ALLOW and _trusts(where, s)]
    for action in where.kind.trust.actions:
        if trusting and not any(allows_action(statement, action) for statement in trusting):
            text = f"{where.kind.trust.principal} is trusted, but not for {action}"
            if where.kind.trust.web_identity:
                text = f"a web identity is trusted, but not for {action}, which is how it assumes a role"
            if action == "sts:TagSession":
                text += ": Pod Identity tags every session, and fails without"
            yield where.note("BG536", trusting[0], text)


# -- conditions -----------------------------------------------------------------------------------------------------


def _plain(condition: Condition) -> Operator | None:
    """The operator where its condition asks for a value; None where it excludes values or asks for absence."""
    operator = find_operator(condition.operator)
    if operator is None or operator.compare is None or operator.negated:
        return None
    return operator


def _source_account(where: _Where, statement: Statement) -> Iterator[Note]:
    """BG531: ``aws:SourceAccount`` of another account."""
    if where.kind.trust.web_identity:
        return
    for condition in statement.conditions:
        if condition.key.lower() != "aws:sourceaccount" or _plain(condition) is None or _deny(statement):
            continue
        if condition.values and not any(matches(value, where.account) for value in condition.values):
            others = _arn_accounts(statement)
            text = f"aws:SourceAccount is {_list(condition.values)}; the feature runs in {where.account}"
            if others and not others & set(condition.values):
                text += f", and aws:SourceArn in the same statement names {_list(sorted(others))}: the two are at odds"
            yield where.note("BG531", statement, text)


def _arn_accounts(statement: Statement) -> set[str]:
    values = (v for c in statement.conditions if c.key.lower() == "aws:sourcearn" for v in c.values)
    return {parts[4] for value in values if len(parts := value.split(":", 5)) == 6 and parts[4].isdigit()}


def _source_arn(where: _Where, statement: Statement) -> Iterator[Note]:
    """BG531 and BG532: ``aws:SourceArn`` of another account or Region, or of another kind of resource."""
    if not where.source_arn or _deny(statement):
        return
    for condition in statement.conditions:
        if condition.key.lower() != "aws:sourcearn" or _plain(condition) is None:
            continue
        faults = [_arn_fault(where, statement, value) for value in condition.values]
        # The values are alternatives: one that is right is enough.
        if all(faults):
            yield from (where.note(code, statement, text) for code, text in (f for f in faults if f is not None))


def _arn_fault(where: _Where, statement: Statement, value: str) -> tuple[str, str] | None:
    parts, right = value.split(":", 5), where.source_arn.split(":", 5)
    # A StringLike value may have fewer parts, its wildcard reaching past colons; a variable may be anything.
    if len(parts) != 6 or "${" in value:
        return None
    shown = f"aws:SourceArn {value!r}"
    if not matches(parts[4], where.account):
        named = parts[4] or "no account"
        accounts = [v for c in statement.conditions if c.key.lower() == "aws:sourceaccount" for v in c.values]
        odds = " and is at odds with aws:SourceAccount in the same statement" if where.account in accounts else ""
        return "BG531", f"{shown} names {named}{odds}; the feature runs in {where.account}"
    if not matches(parts[3], where.region):
        return "BG531", f"{shown} names {parts[3] or 'no Region'}; the feature runs in {where.region}"
    if not matches(parts[1], where.partition):
        return "BG531", f"{shown} is of the partition {parts[1]}; the feature runs in {where.partition}"
    if not matches(parts[2], right[2]):
        return (
            "BG532",
            f"{shown} is of {parts[2]}; a role of kind {where.kind.name} is assumed for {right[5]} of {right[2]}",
        )
    type_ = parts[5].partition("/")[0]
    wanted = right[5].partition("/")[0]
    if wanted != "*" and not matches(type_, wanted):
        return "BG532", f"{shown} is of another kind of resource; for {where.kind.name} it is {right[5]}"
    return None


def _operators(where: _Where, statement: Statement) -> Iterator[Note]:
    """BG533: an operator that no value of the request can meet."""
    for condition in statement.conditions:
        operator = _plain(condition)
        if operator is None or operator.quantifier is Quantifier.ALL:
            continue
        bad = [value for value in condition.values if _unmatchable(operator, value)]
        if bad and len(bad) == len(condition.values):
            like = "ArnLike" if operator.name.startswith("Arn") or _is_arn(bad[0]) else "StringLike"
            how = (
                f"takes {bad[0]!r} for a text without wildcards; {like} reads them"
                if operator.name.startswith("String")
                else f"wants an ARN of six parts, which {bad[0]!r} is not"
            )
            effect = "denies nothing" if _deny(statement) else "can never be met"
            yield where.note("BG533", statement, f"{condition.operator} {condition.key} {effect}: it {how}")


def _unmatchable(operator: Operator, value: str) -> bool:
    if operator.name in ("StringEquals", "StringEqualsIgnoreCase"):
        return bool(re.search(r"[*?]", re.sub(r"\$\{[^}]*\}", "", value)))
    return operator.name.startswith("Arn") and value.count(":") < 5 and "${" not in value


def _is_arn(value: str) -> bool:
    return value.startswith("arn:")


def _keys(where: _Where, statement: Statement) -> Iterator[Note]:
    """BG534: a condition on a key that is not sent, so that an Allow never matches."""
    if _deny(statement) or where.kind.trust.web_identity:
        return
    for condition in statement.conditions:
        text = never_holds(condition, where.kind.trust.principal)
        if text:
            yield where.note("BG534", statement, f"condition on {condition.key}: {text}")


def _confused_deputy(where: _Where, statement: Statement) -> Iterator[Note]:
    """BG535: nothing says for whose resources the service may use the role."""
    if where.kind.trust.web_identity or statement.not_principals is not None or _any_service(statement):
        return
    if _deny(statement) or _open_to_anybody(statement) or not where.kind.trust.guarded:
        return
    if not allows_action(statement, where.kind.trust.actions[0]):
        return
    principal = where.kind.trust.principal
    if all(_says_nothing(condition, principal) for condition in statement.conditions):
        yield where.note(
            "BG535",
            statement,
            f"{principal} may use the role for any account's resources: add StringEquals "
            f"aws:SourceAccount {where.account} and ArnLike aws:SourceArn {where.source_arn}",
        )


def _says_nothing(condition: Condition, principal: str) -> bool:
    if condition.key.lower() in _SOURCES:
        return _plain(condition) is None
    return is_idle(condition, principal)


def _anybody(where: _Where) -> Iterator[Note]:
    """BG535: a principal that stands for more than whom the role is for."""
    for statement in where.policy:
        if _deny(statement):
            continue
        if statement.not_principals is not None:
            spared = _list([entry.value for entry in statement.not_principals])
            yield where.note(
                "BG535",
                statement,
                f"everybody but {spared} may assume the role: it is allowed by NotPrincipal, which AWS does not "
                "support in a trust policy",
            )
        elif _any_service(statement):
            text = "any AWS service may assume the role: the Service principal is *, which AWS documents nowhere"
            name = "" if where.kind.trust.web_identity else f"; name {_principal(where)}"
            yield where.note("BG535", statement, text + name)
        elif _open_to_anybody(statement):
            yield where.note("BG535", statement, "anybody in any account may assume the role: the principal is *")


def _any_service(statement: Statement) -> bool:
    return any(entry.type == "Service" and entry.value == "*" for entry in statement.principals or ())


def _open_to_anybody(statement: Statement) -> bool:
    anybody = any(entry.value == "*" and entry.type in ("*", "AWS") for entry in statement.principals or ())
    return anybody and not statement.conditions


def _deny(statement: Statement) -> bool:
    return statement.effect is Effect.DENY


def _list(values: Sequence[str]) -> str:
    return ", ".join(values[:3]) + (f" and {len(values) - 3} more" if len(values) > 3 else "")


_LINTS: tuple[Callable[[_Where, Statement], Iterator[Note]], ...] = (
    _source_account,
    _source_arn,
    _operators,
    _keys,
    _confused_deputy,
)
