"""Policy sets as JSON: the document alone where there is one, an object of sets where there is more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bedrock_guard.policy_set import PolicySet

__all__ = ["render_json"]


def render_json(policy_sets: Sequence[PolicySet]) -> str:
    """The policy document that ``aws iam create-policy --policy-document`` takes, if that is all there is.

    With a trust policy, several documents or several roles it is
    ``{"sets": [{"role": …, "policies": [{"name": …, "document": …}], "trust": …, "notes": […]}]}``.
    """
    if len(policy_sets) == 1 and policy_sets[0].trust is None and len(policy_sets[0].policies) == 1:
        return _text(policy_sets[0].policies[0].document)
    return _text({"sets": [one.to_dict() for one in policy_sets]})


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
