"""Policy sets as Terraform (HCL).

Source: developer.hashicorp.com/terraform/language/expressions/strings (read 2026-11): ``${`` and ``%{`` begin a
template in a string, and are written ``$${`` and ``%%{`` where they are not meant to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.policy_set import PolicySet
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.policies.names import Names

__all__ = ["render_terraform"]


def render_terraform(policy_sets: Sequence[PolicySet]) -> str:
    """Managed policies, the role where its trust policy is known, and their attachments."""
    names = Names()
    blocks = [block for one in policy_sets for block in _of_set(one, names)]
    return "\n\n".join(blocks)


def _of_set(one: PolicySet, names: Names) -> Iterator[str]:
    for note in one.notes:
        yield f"# {neutral(note)}"
    role = names.snake(one.role or "role") if one.trust is not None or one.role else ""
    if one.trust is not None:
        body = {"name": one.role} if one.role else {}
        yield _block("aws_iam_role", role, body, "assume_role_policy", one.trust)
    for policy in one.policies:
        name = names.snake(policy.name)
        yield _block("aws_iam_policy", name, {"name": policy.name}, "policy", policy.document)
        if role:
            held = f"aws_iam_role.{role}.name" if one.trust is not None else _text(one.role)
            attachment = f'resource "aws_iam_role_policy_attachment" "{name}" {{'
            yield f"{attachment}\n  role       = {held}\n  policy_arn = aws_iam_policy.{name}.arn\n}}"


def _block(kind: str, name: str, body: Mapping[str, str], key: str, document: Mapping[str, Any]) -> str:
    width = max(map(len, (*body, key)))
    lines = [f"  {each.ljust(width)} = {_text(value)}" for each, value in body.items()]
    lines.append(f"  {key.ljust(width)} = jsonencode({_value(document, '  ')})")
    return "\n".join([f'resource "{kind}" "{name}" {{', *lines, "}"])


def _value(value: Any, indent: str) -> str:
    deeper = f"{indent}  "
    if isinstance(value, Mapping):
        lines = [f"{deeper}{_text(key)} = {_value(each, deeper)}" for key, each in value.items()]
        return "{\n" + "\n".join(lines) + f"\n{indent}}}" if lines else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        lines = [f"{deeper}{_value(each, deeper)}," for each in value]
        return "[\n" + "\n".join(lines) + f"\n{indent}]" if lines else "[]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{").replace("\x7f", "\\u007f")
