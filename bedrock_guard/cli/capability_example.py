"""What a capability takes, worked out for an example: account 123456789012 in us-east-1 and one resource of each kind.

The statements are those that a check would ask for, on resources with names in place of ``*``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bedrock_guard.advice.remedies import allow_statements
from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.catalogue import ResourceKind, find_action, find_operation, resource_kind_of
from bedrock_guard.report import Requirement
from bedrock_guard.requirements import Declaration, Where

__all__ = ["ACCOUNT", "REGION", "Example", "example_of"]

ACCOUNT = "123456789012"
REGION = "us-east-1"

_WHERE = Where("aws", REGION, ACCOUNT)
_MODEL = "amazon.nova-lite-v1:0"
_VARIABLE = re.compile(r"\$\{([A-Za-z]+)\}")

_NAMES: Mapping[str, str] = {
    # What AWS gives its own resources, and the first of a kind.
    "aws:BrowserId": "aws.browser.v1",
    "aws:CodeInterpreterId": "aws.codeinterpreter.v1",
    "DirectoryId": "default",
    "TokenVaultId": "default",
    "ProfileId": "us.data-automation-v1",
    "PromptVersion": "1",
    "AutomatedReasoningPolicyVersion": "1",
    "BucketName": "amzn-s3-demo-bucket",
    "ObjectName": "*",
    "KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "foundation-model": _MODEL,
    "inference-profile": f"us.{_MODEL}",
}
"""Names by the variable or the kind they stand for; of what is not here it is ``example-`` and the variable's words."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a capability takes, in the example.

    Attributes:
        requirements: What the caller needs.
        role_requirements: Kind of service role, and what that role itself needs.
    """

    requirements: tuple[Requirement, ...]
    role_requirements: Mapping[str, tuple[Requirement, ...]]

    @property
    def policy(self) -> dict[str, Any]:
        """The caller's policy: it allows the requirements and nothing else."""
        return _policy(self.requirements)

    @property
    def role_policies(self) -> dict[str, dict[str, Any]]:
        """The policy of each service role."""
        return {kind: _policy(needs) for kind, needs in self.role_requirements.items() if needs}

    @property
    def resource_kinds(self) -> dict[str, ResourceKind]:
        """The kinds of resource that the caller's actions are about, by their names."""
        found = (resource_kind_of(find_action(one.action), one.resource) for one in self.requirements)
        kinds = {f"{kind.namespace}:{kind.name}": kind for kind in found if kind is not None}
        return dict(sorted(kinds.items()))


def example_of(capability: Capability) -> Example:
    """The example of a capability, worked out as a check would."""
    models = capability.models or (_MODEL,)
    declared = Declaration.of(
        capabilities=[capability.name], models=models if _calls_models(capability) else ()
    ).requirements(_WHERE, {})
    return Example(
        requirements=tuple(_named(requirement) for requirement in declared),
        role_requirements={
            kind: _of_role(kind, dict(capability.role_details).get(kind, "")) for kind in capability.service_roles
        },
    )


def _calls_models(capability: Capability) -> bool:
    """Whether models may be named with it; alone they would be taken for models that the app converses with."""
    uses = [use.action for key in capability.operations for use in find_operation(key).actions]
    uses += [use.action for use in capability.actions]
    kinds = {kind.name for name in uses for kind in find_action(name).resource_kinds}
    return not kinds.isdisjoint({"foundation-model", "inference-profile"})


def _of_role(kind: str, details: str) -> tuple[Requirement, ...]:
    role = f"arn:aws:iam::{ACCOUNT}:role/example-{kind}-role"
    text = f"{kind}={role}" + (f",{details}" if details else "")
    return tuple(
        _named(one) for one in Declaration.of(service_roles=[text]).requirements(_WHERE, {}) if one.principal == role
    )


def _named(requirement: Requirement) -> Requirement:
    """The requirement on one resource, where it is on the pattern of a kind."""
    kind = resource_kind_of(find_action(requirement.action), requirement.resource)
    if kind is None or requirement.resource != kind.pattern(region=REGION, account=ACCOUNT):
        return requirement
    return replace(requirement, resource=_arn(kind))


def _arn(kind: ResourceKind) -> str:
    own = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
    form = kind.arn.split(", ")[0]
    owner = form.split(":")[4]

    def name(variable: re.Match[str]) -> str:
        text = variable.group(1)
        if text in own:
            return own[text]
        given = _NAMES.get(f"{owner}:{text}") or _NAMES.get(text)
        if text in {"ResourceId", "Name"}:
            given = _NAMES.get(kind.name)
        return given or f"example-{_words(text, kind)}"

    return _VARIABLE.sub(name, form)


def _words(variable: str, kind: ResourceKind) -> str:
    """``FlowAliasId`` to ``flow-alias``; the kind's name where the variable says none."""
    stem = re.sub(r"(NameWithPath|Name|Id|Identifier)$", "", variable)
    if stem in {"", "Resource", "Job"}:
        return kind.name.lower()
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", stem).lower()


def _policy(requirements: Iterable[Requirement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [dict(one) for one in allow_statements(requirements)]}
