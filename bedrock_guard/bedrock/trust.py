"""Trust policies of roles: whom a kind of role has to let in, and whether a policy does.

The resource that assumes a role may not be there yet, so that its id is not known: ``aws:SourceArn`` is then a pattern.
The policy is asked about an id that nothing names and about every id that it names itself. Only where all of them get
the same answer is that the answer; where they differ the trust is for some resources and not for others.

Source: IAM User Guide, reference_policies_condition-keys and confused-deputy (read 2026-11); what each service sends:
the table of service roles.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.service_role_details import ServiceRole
from bedrock_guard.bedrock.service_role_kinds import RoleKind
from bedrock_guard.bedrock.trust_examples import ANY_ID, examples
from bedrock_guard.bedrock.trust_keys import absent_keys
from bedrock_guard.iam.conditions import condition_test
from bedrock_guard.iam.context import Context, context_keys
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.evaluate import Evaluation, Policies, Request, evaluate
from bedrock_guard.iam.policy import Condition, Effect, Policy, PrincipalEntry, Statement, Version
from bedrock_guard.iam.wildcard import matches
from bedrock_guard.report import Evidence, Finding, Requirement, StatementReference

__all__ = [
    "allows_action",
    "decide_trust",
    "host_of",
    "is_trust",
    "names",
    "reference",
    "trust_requirements",
]

_UNSEEN = "read from the trust policy alone; resource control policies of the organization may deny it and are not seen"


def trust_requirements(kind: RoleKind, role: ServiceRole, place: Place) -> Iterator[Requirement]:
    """What has to be let in: the service, or the web identity, with the condition keys that it sends."""
    # What an app runs under is of the role's own account, whoever asks about it.
    account = role.arn.split(":")[4] if kind.of_the_app else place.account
    values = {"partition": place.partition, "region": place.region, "account": account}
    trust = kind.trust
    reason = f"to be used as service role {kind.name}" if kind.handed_over else f"an app in {kind.name}"
    if trust.web_identity:
        principal = _provider(role.details.provider, values) or trust.principal.format(**values)
        context = _web_identity(principal, role)
    else:
        principal = trust.principal
        context = {"aws:SourceAccount": account} if trust.sends_account else {}
        if trust.source_arn:
            context["aws:SourceArn"] = role.details.source or trust.source_arn.format(**values)
        if kind.name == "eks-pod-identity":
            context.update(_pod_tags(role))
    for action in trust.actions:
        keys = tuple(sorted((key, (value,)) for key, value in context.items()))
        yield Requirement(action, role.arn, keys, (reason,), principal=principal)


def _provider(text: str, values: Mapping[str, str]) -> str:
    """The ARN of an OIDC provider that was given as ARN, URL or host and path."""
    if not text or text.startswith("arn:"):
        return text
    host = text.removeprefix("https://").rstrip("/")
    return f"arn:{values['partition']}:iam::{values['account']}:oidc-provider/{host}"


def host_of(provider: str) -> str:
    """The host and path of an OIDC provider's ARN, which its condition keys begin with."""
    return provider.partition(":oidc-provider/")[2]


def _web_identity(provider: str, role: ServiceRole) -> dict[str, str]:
    details = role.details
    subject = f"system:serviceaccount:{details.namespace or '*'}:{details.service_account or '*'}"
    host = host_of(provider)
    return {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": subject}


def _pod_tags(role: ServiceRole) -> dict[str, str]:
    """The session tags of Pod Identity that are known.

    Source: EKS User Guide, pod-id-abac (assumed, not read again).
    """
    details = role.details
    cluster = details.source.rpartition(":cluster/")[2] if ":cluster/" in details.source else ""
    known = {
        "eks-cluster-arn": details.source if cluster else "",
        "eks-cluster-name": cluster,
        "kubernetes-namespace": details.namespace,
        "kubernetes-service-account": details.service_account,
    }
    return {f"aws:RequestTag/{tag}": value for tag, value in known.items() if value}


def is_trust(requirement: Requirement) -> bool:
    """Whether the requirement is one that a trust policy answers, and no identity policy."""
    return requirement.action.startswith("sts:") and bool(requirement.principal)


@dataclass(frozen=True, slots=True)
class _Try:
    """One concrete request: every pattern filled in."""

    principal: str
    context: Mapping[str, str]


def decide_trust(policy: Policy, requirement: Requirement) -> Finding:
    """Whether the trust policy lets the principal of the requirement assume the role.

    What lets it in by no more than NotPrincipal or a Service of ``*`` is `unverified`: the first AWS supports in no
    trust policy and with no Allow, the second it documents nowhere.

    Source: IAM User Guide, reference_policies_elements_notprincipal and …_principal (read 2026-11).
    """
    finding = _decided(policy, requirement)
    if finding.decision is not Decision.ALLOWED:
        return finding
    documented = replace(
        policy, statements=tuple(one for one in policy if not _is_undocumented(one, requirement.principal))
    )
    if len(documented.statements) == len(policy.statements):
        return finding
    if _decided(documented, requirement).decision is Decision.ALLOWED:
        return finding
    why = (
        f"the trust policy lets {requirement.principal} in only by NotPrincipal or by a Service of *, of which AWS "
        "does not document that they work there: name the service"
    )
    return Finding(requirement, Decision.UNVERIFIED, finding.evidence, "BG400", None, why)


def _is_undocumented(statement: Statement, principal: str) -> bool:
    """Whether an Allow means the principal in no way that AWS documents."""
    if statement.effect is not Effect.ALLOW:
        return False
    if statement.not_principals is not None:
        return True
    meant = [entry for entry in statement.principals or () if _means(entry, principal)]
    return bool(meant) and all(entry.type == "Service" and entry.value == "*" for entry in meant)


def _decided(policy: Policy, requirement: Requirement) -> Finding:
    tries, complete = _tries(policy, requirement)
    answers = [(one, _evaluate(policy, requirement, one)) for one in tries]
    decisions = {answer.decision for _, answer in answers}
    if decisions == {Decision.ALLOWED} and complete:
        evidence = Evidence("offline", _statements(answers), details=(_UNSEEN,))
        return Finding(requirement, Decision.ALLOWED, evidence)
    if Decision.UNVERIFIED in decisions:
        return _hanging(requirement, [pair for pair in answers if pair[1].decision is Decision.UNVERIFIED])
    if Decision.ALLOWED in decisions or not complete:
        return _for_some(requirement, [pair for pair in answers if pair[1].decision is Decision.ALLOWED])
    return _denied(policy, requirement, answers)


def _tries(policy: Policy, requirement: Requirement) -> tuple[list[_Try], bool]:
    """The requests to ask about, and whether they stand for all that could come."""
    found: list[_Try] = []
    complete = True
    for principal in _principals(policy, requirement.principal):
        host, pattern = host_of(principal), host_of(requirement.principal)
        keys = [key.replace(pattern, host) if pattern else key for key, _ in requirement.context]
        options: list[Sequence[str]] = []
        for key, (_, values) in zip(keys, requirement.context, strict=True):
            filled = examples(policy, key, values[0])
            options.append(filled.values)
            complete = complete and filled.complete
        found += [_Try(principal, dict(zip(keys, choice, strict=True))) for choice in itertools.product(*options)]
    return found, complete


def _principals(policy: Policy, principal: str) -> list[str]:
    """The principal; of a pattern every identity provider of the policy that it matches."""
    if "*" not in principal:
        return [principal]
    named = {
        entry.value
        for statement in policy
        for entry in statement.principals or ()
        if entry.type == "Federated" and matches(principal, entry.value)
    }
    return sorted(named) or [principal]


def _evaluate(policy: Policy, requirement: Requirement, one: _Try) -> Evaluation:
    request = Request(one.principal, requirement.action, requirement.resource, _context(policy, one))
    return evaluate(request, Policies(resource=policy))


def _context(policy: Policy, one: _Try) -> Context:
    service = not one.principal.startswith("arn:")
    known = {"aws:PrincipalIsAWSService": "true" if service else "false", "aws:SecureTransport": "true"}
    known["aws:PrincipalServiceName" if service else "aws:FederatedProvider"] = one.principal
    absent = absent_keys(context_keys([policy]), one.principal)
    # Whatever else the request carries is documented nowhere: no other key is taken for absent.
    return Context({**absent, **known, **one.context}, unknown=("*",))


def _statements(answers: Sequence[tuple[_Try, Evaluation]]) -> tuple[StatementReference, ...]:
    found = dict.fromkeys(
        reference(match.policy, match.statement)
        for _, answer in answers
        for match in answer.layers[Layer.TRUST].matched
    )
    return tuple(found)


def reference(policy: Policy, statement: Statement) -> StatementReference:
    """Where in the trust policy a statement stands."""
    return StatementReference(policy.name, "trust policy", statement.sid, statement.start.line, statement.start.column)


def _hanging(requirement: Requirement, answers: Sequence[tuple[_Try, Evaluation]]) -> Finding:
    keys = tuple(dict.fromkeys(key for _, answer in answers for key in answer.depends_on))
    why = (
        f"the trust policy lets {requirement.principal} in depending on {', '.join(keys)}, and AWS does not document "
        "whether its request carries that, nor with which value"
    )
    evidence = Evidence("offline", _statements(answers), keys)
    return Finding(requirement, Decision.UNVERIFIED, evidence, "BG402", None, why)


def _for_some(requirement: Requirement, allowed: Sequence[tuple[_Try, Evaluation]]) -> Finding:
    open_keys = {key for key, values in requirement.context if "*" in values[0]}
    named = dict.fromkeys(
        value.replace(ANY_ID, "*")
        for one, _ in allowed
        for key, value in one.context.items()
        if _is_open(key, open_keys, requirement)
    )
    shown = ", ".join(list(named)[:3]) or "some resources"
    why = f"the trust policy lets {requirement.principal} in for {shown} and not for every such resource: name yours"
    evidence = Evidence("offline", _statements(allowed), tuple(sorted(open_keys)))
    return Finding(requirement, Decision.UNVERIFIED, evidence, "BG407", None, why)


def _is_open(key: str, open_keys: set[str], requirement: Requirement) -> bool:
    return key in open_keys or ("*" in requirement.principal and key.endswith(":sub"))


def _denied(policy: Policy, requirement: Requirement, answers: Sequence[tuple[_Try, Evaluation]]) -> Finding:
    explicit = all(answer.decision is Decision.EXPLICIT_DENY for _, answer in answers)
    decision = Decision.EXPLICIT_DENY if explicit else Decision.IMPLICIT_DENY
    why = (
        f"denied to {requirement.principal} by a statement of the role's trust policy"
        if explicit
        else _why_not(policy, requirement, [one for one, answer in answers if answer.decision is decision])
    )
    return Finding(requirement, decision, Evidence("offline", _statements(answers)), "BG208", Layer.TRUST, why)


def _why_not(policy: Policy, requirement: Requirement, tries: Sequence[_Try]) -> str:
    """What keeps the principal out: it is not named, the action is not, or the conditions are not met."""
    allows = [statement for statement in policy if statement.effect is Effect.ALLOW]
    naming = [statement for statement in allows if names(statement, requirement.principal)]
    if not naming:
        trusted = dict.fromkeys(entry.value for statement in allows for entry in statement.principals or ())
        shown = ", ".join(list(trusted)[:3]) or "nobody"
        return f"the role trusts {shown} and not {requirement.principal}"
    for_action = [statement for statement in naming if allows_action(statement, requirement.action)]
    if not for_action:
        return f"the trust policy names {requirement.principal}, but does not allow it {requirement.action}"
    contexts = [_context(policy, one) for one in tries]
    keys = dict.fromkeys(
        condition.key
        for statement in for_action
        for condition in statement.conditions
        if any(_is_unmet(policy, condition, context) for context in contexts)
    )
    shown = f" ({', '.join(keys)})" if keys else ""
    return f"the trust policy lets {requirement.principal} in on conditions that this request does not meet{shown}"


def _is_unmet(policy: Policy, condition: Condition, context: Context) -> bool:
    test = condition_test(condition, deny=False, variables=policy.version is Version.V2012)
    return test.holds(context) is False


def names(statement: Statement, principal: str) -> bool:
    """Whether a statement is for the service or the identity provider, by Principal or as left in by NotPrincipal."""
    if statement.not_principals is not None:
        return not any(_means(entry, principal) for entry in statement.not_principals)
    return any(_means(entry, principal) for entry in statement.principals or ())


def _means(entry: PrincipalEntry, principal: str) -> bool:
    if entry.value == "*":
        return entry.type in ("*", "AWS") or (entry.type == "Service" and not principal.startswith("arn:"))
    return entry.type in ("Service", "Federated") and matches(principal, entry.value)


def allows_action(statement: Statement, action: str) -> bool:
    """Whether the statement is about the action, as Action or by a NotAction that leaves it in."""
    if statement.actions is not None:
        return any(matches(pattern, action, ignore_case=True) for pattern in statement.actions)
    return not any(matches(pattern, action, ignore_case=True) for pattern in statement.not_actions or ())
