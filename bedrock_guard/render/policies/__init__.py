"""Policy sets in the form that they are deployed with: one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bedrock_guard.policy_set import PolicySet
from bedrock_guard.render.policies.cdk import render_cdk_python, render_cdk_typescript
from bedrock_guard.render.policies.cli import render_cli
from bedrock_guard.render.policies.cloudformation import render_cloudformation
from bedrock_guard.render.policies.json import render_json
from bedrock_guard.render.policies.terraform import render_terraform

__all__ = ["FORMATS", "render_policies"]

FORMATS: Mapping[str, Callable[[Sequence[PolicySet]], str]] = {
    "json": render_json,
    "terraform": render_terraform,
    "cloudformation": render_cloudformation,
    "cdk-typescript": render_cdk_typescript,
    "cdk-python": render_cdk_python,
    "cli": render_cli,
}
"""Name of a format to what writes it; a reader puts one text for all sets to use."""


def render_policies(policy_sets: PolicySet | Sequence[PolicySet], format: str) -> str:  # noqa: A002 - the option's name
    """The text of one policy set, or of several: the app's own first, then those of service roles.

    Args:
        policy_sets: As ``Guard.policy`` or ``Guard.policies`` returns them.
        format: A name in :data:`FORMATS`.

    Raises:
        KeyError: There is no such format.
    """
    sets = [policy_sets] if isinstance(policy_sets, PolicySet) else list(policy_sets)
    return FORMATS[format](sets)
