"""Names of statements that say what they are for: ``InvokeModels``, ``PassKnowledgeBaseRole``. Pure.

A name comes from the statement alone, so that it stays the same when others join the policy; only where two would have
the same one is the later numbered.

Source: IAM User Guide, reference_policies_elements_sid (read 2026-11-24): letters and digits, unique in a policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bedrock_guard.advice.policy_grants import Grant
from bedrock_guard.bedrock.catalogue import find_action, resource_kind_of
from bedrock_guard.errors import ConfigurationError

__all__ = ["sids_of"]

_MOST_CHARACTERS = 48
_MODEL_CALLS = {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}
_CHANGES = re.compile(
    r"Associate|Batch(Create|Delete|Put|Update)|Create|Delete|Disassociate|Put|Register|Tag|Untag|Update"
)

_OTHER_NAMES = {
    "aoss": "OpenSearchServerless",
    "bedrock-agentcore": "AgentCore",
    "ecr": "Registry",
    "es": "OpenSearch",
    "iam": "Iam",
    "kms": "Kms",
    "rds-data": "RdsData",
    "s3": "S3",
    "s3vectors": "S3Vectors",
    "sagemaker": "SageMaker",
    "secretsmanager": "SecretsManager",
}
"""What a namespace is called; of others the words of the namespace."""


def sids_of(grants: Sequence[Grant], role_kinds: Mapping[str, str]) -> tuple[str, ...]:
    """A name for each statement.

    Args:
        grants: The statements, in their order.
        role_kinds: ARN of a role that is handed over, to the kind of role it is.
    """
    taken: set[str] = set()
    names = []
    for grant in grants:
        names.append(_unused(_name(grant, role_kinds), taken))
        taken.add(names[-1])
    return tuple(names)


def _unused(name: str, taken: set[str]) -> str:
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}{number}", number + 1
    return found


def _name(grant: Grant, role_kinds: Mapping[str, str]) -> str:
    name = _of_actions(grant, role_kinds)
    through = any(one.key == "bedrock:InferenceProfileArn" for one in grant.conditions)
    return f"{name}ThroughProfiles" if through else name


def _of_actions(grant: Grant, role_kinds: Mapping[str, str]) -> str:
    actions = grant.actions
    if set(actions) <= _MODEL_CALLS:
        return "InvokeModels"
    if actions == ("iam:PassRole",):
        return _of_pass(grant, role_kinds)
    if "iam:SimulatePrincipalPolicy" in actions:
        return "AskAboutPermissions"
    if set(actions) == {"iam:GetPolicy", "iam:GetPolicyVersion"}:
        return "ReadManagedPolicies"
    if len(actions) == 1:
        return _pascal(_prefix(actions[0])) + _bare(actions[0])
    kinds = _kinds(grant)
    if kinds:
        return _verb(actions) + kinds
    joined = _prefix(actions[0]) + "And".join(_bare(action) for action in actions)
    if len(actions) == 2 and len(joined) <= _MOST_CHARACTERS:
        return joined
    return _verb(actions) + _service(actions[0].partition(":")[0])


def _of_pass(grant: Grant, role_kinds: Mapping[str, str]) -> str:
    kinds = {role_kinds.get(arn) for arn in grant.resources}
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    plural = "s" if len(grant.resources) > 1 or "*" in grant.resources[0] else ""
    if kind is not None:
        return f"Pass{_pascal(kind)}Role{plural}"
    services = [v for one in grant.conditions if one.key == "iam:PassedToService" for v in one.values]
    to = "And".join(_service(service.partition(".")[0]) for service in services)
    return f"PassRole{plural}" + (f"To{to}" if to and len(to) <= _MOST_CHARACTERS else "")


def _service(namespace: str) -> str:
    return _OTHER_NAMES.get(namespace) or _pascal(namespace)


def _prefix(action: str) -> str:
    namespace = action.partition(":")[0]
    return "" if namespace == "bedrock" else _service(namespace)


def _bare(action: str) -> str:
    return _pascal(action.partition(":")[2])


def _verb(actions: Sequence[str]) -> str:
    levels = {_level(action) for action in actions}
    if levels == {"List"}:
        return "List"
    if levels <= {"List", "Read"}:
        return "Read"
    return "Manage" if any(_CHANGES.match(_bare(action)) for action in actions) else "Use"


def _level(action: str) -> str:
    try:
        return find_action(action).access_level
    except ConfigurationError:
        return ""


def _kinds(grant: Grant) -> str:
    """The kinds of resource, where they are few; empty otherwise."""
    kinds = {_kind(action, arn) for action in grant.actions for arn in grant.resources} - {""}
    joined = "And".join(dict.fromkeys(_plural(_pascal(kind)) for kind in sorted(kinds)))
    return joined if len(kinds) <= 2 and len(joined) <= _MOST_CHARACTERS else ""


def _kind(action: str, arn: str) -> str:
    try:
        kind = None if arn == "*" else resource_kind_of(find_action(action), arn)
    except ConfigurationError:
        return ""
    return "" if kind is None else kind.name


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch")) else f"{name}s"


def _pascal(text: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in _words(text))


def _words(text: str) -> Iterable[str]:
    return re.findall(r"[A-Za-z0-9]+", text)
