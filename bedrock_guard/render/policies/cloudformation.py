"""Policy sets as a CloudFormation template (YAML).

Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html and
aws-resource-iam-role.html (read 2026-11). A template that names IAM resources needs CAPABILITY_NAMED_IAM.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.policy_set import PolicySet
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.policies.names import Names
from bedrock_guard.render.snippets import safe_json

__all__ = ["render_cloudformation"]


def render_cloudformation(policy_sets: Sequence[PolicySet]) -> str:
    """A template with managed policies, and the role where its trust policy is known."""
    names = Names()
    resources = {name: body for one in policy_sets for name, body in _of_set(one, names)}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    notes = [f"# {neutral(note)}" for one in policy_sets for note in one.notes]
    return "\n".join([*notes, *_lines(template, "")])


def _of_set(one: PolicySet, names: Names) -> Iterator[tuple[str, Mapping[str, Any]]]:
    role: Any = one.role or None
    if one.trust is not None:
        name = names.pascal(f"{one.role or 'App'}-role")
        properties = {**({"RoleName": one.role} if one.role else {}), "AssumeRolePolicyDocument": one.trust}
        yield name, {"Type": "AWS::IAM::Role", "Properties": properties}
        role = {"Ref": name}
    for policy in one.policies:
        properties = {"ManagedPolicyName": policy.name, "PolicyDocument": policy.document}
        if role is not None:
            properties["Roles"] = [role]
        yield names.pascal(policy.name), {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}


def _lines(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    """Block style; every string is quoted as JSON quotes it, which YAML reads the same."""
    for key, each in value.items():
        name = key if key.isalnum() else safe_json(key)
        if isinstance(each, Mapping) and each:
            yield f"{indent}{name}:"
            yield from _lines(each, f"{indent}  ")
        elif isinstance(each, Sequence) and not isinstance(each, str) and each:
            yield f"{indent}{name}:"
            yield from _items(each, f"{indent}  ")
        else:
            yield f"{indent}{name}: {safe_json(each)}"


def _items(values: Sequence[Any], indent: str) -> Iterator[str]:
    for each in values:
        if isinstance(each, Mapping) and each:
            first, *rest = _lines(each, f"{indent}  ")
            yield f"{indent}- {first.strip()}"
            yield from rest
        else:
            yield f"{indent}- {safe_json(each)}"
