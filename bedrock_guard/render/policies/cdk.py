"""Policy sets as CDK statements, to be put into a stack or construct: TypeScript and Python.

Source: docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam-readme.html (read 2026-11): ``PolicyDocument.fromJson``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.policy_set import PolicySet
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.policies.names import Names
from bedrock_guard.render.snippets import safe_json

__all__ = ["render_cdk_python", "render_cdk_typescript"]


def render_cdk_typescript(policy_sets: Sequence[PolicySet]) -> str:
    """Statements for the constructor of a stack or construct."""
    ids, variables = Names(), Names()
    parts = ['import * as iam from "aws-cdk-lib/aws-iam";']
    parts += [part for one in policy_sets for part in _typescript(one, ids, variables)]
    return "\n\n".join(parts)


def _typescript(one: PolicySet, ids: Names, variables: Names) -> Iterator[str]:
    for note in one.notes:
        yield f"// {neutral(note)}"
    role = ""
    if one.trust is not None:
        role = variables.camel(f"{one.role or 'app'}-role")
        named = f"\n  roleName: {safe_json(one.role)}," if one.role else ""
        yield (
            f'const {role} = new iam.CfnRole(this, "{ids.pascal(role)}", {{{named}\n'
            f"  assumeRolePolicyDocument: {_literal(one.trust, '  ')},\n}});"
        )
    elif one.role:
        role = variables.camel(f"{one.role}-role")
        yield f'const {role} = iam.Role.fromRoleName(this, "{ids.pascal(role)}", {safe_json(one.role)});'
    for policy in one.policies:
        held = f"\n  roles: [{_held_typescript(role, ids, made=one.trust is not None)}]," if role else ""
        yield (
            f'new iam.ManagedPolicy(this, "{ids.pascal(policy.name)}", {{\n'
            f"  managedPolicyName: {safe_json(policy.name)},{held}\n"
            f"  document: iam.PolicyDocument.fromJson({_literal(policy.document, '  ')}),\n}});"
        )


def _held_typescript(role: str, ids: Names, *, made: bool) -> str:
    return f'iam.Role.fromRoleName(this, "{ids.pascal(role + "Ref")}", {role}.ref)' if made else role


def render_cdk_python(policy_sets: Sequence[PolicySet]) -> str:
    """Statements for the constructor of a stack or construct."""
    ids, variables = Names(), Names()
    parts = ["from aws_cdk import aws_iam as iam"]
    parts += [part for one in policy_sets for part in _python(one, ids, variables)]
    return "\n\n".join(parts)


def _python(one: PolicySet, ids: Names, variables: Names) -> Iterator[str]:
    for note in one.notes:
        yield f"# {neutral(note)}"
    role = ""
    if one.trust is not None:
        role = variables.snake(f"{one.role or 'app'}-role")
        named = f"\n    role_name={safe_json(one.role)}," if one.role else ""
        yield (
            f'{role} = iam.CfnRole(\n    self,\n    "{ids.pascal(role)}",{named}\n'
            f"    assume_role_policy_document={_literal(one.trust, '    ')},\n)"
        )
    elif one.role:
        role = variables.snake(f"{one.role}-role")
        yield f'{role} = iam.Role.from_role_name(self, "{ids.pascal(role)}", {safe_json(one.role)})'
    for policy in one.policies:
        reference = f'iam.Role.from_role_name(self, "{ids.pascal(role + "-ref")}", {role}.ref)' if role else ""
        held = f"\n    roles=[{reference if one.trust is not None else role}]," if role else ""
        yield (
            f'iam.ManagedPolicy(\n    self,\n    "{ids.pascal(policy.name)}",\n'
            f"    managed_policy_name={safe_json(policy.name)},{held}\n"
            f"    document=iam.PolicyDocument.from_json({_literal(policy.document, '    ')}),\n)"
        )


def _literal(value: Mapping[str, Any], indent: str) -> str:
    """JSON, which TypeScript and Python read alike while it has no true, false or null; policies have none."""
    text = safe_json(value, indent=len(indent))
    return text.replace("\n", f"\n{indent}")
