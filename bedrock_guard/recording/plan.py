"""What the recorder keeps of the parameters of each operation: just what the requirements are made from. Pure.

A plan is a tree of members, as the recorder reads it (:mod:`bedrock_guard.recording.inside.bedrock_guard_recorder`):

    {"modelId": {"": "text"}, "messages": {"[]": {"content": {…}}}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.catalogue import Operation, find_action, operations
from bedrock_guard.bedrock.operation_rules import NAMESPACES
from bedrock_guard.bedrock.parameter_rules import CONTEXT, NAMED, TAG_KEYS, TAG_PATHS, Makes, ParameterRule, rules_of
from bedrock_guard.bedrock.parameters.rules import BODY, FIXED

__all__ = ["plan", "plan_of"]

Plan = dict[str, Any]

_SAYS_NOTHING = (Makes.ANY_OF_KIND, Makes.OWN, Makes.NOTHING, Makes.TEMPLATE)
"""Rules that are about whether the parameter is there, and not about what it holds: that may be a secret."""


def plan(salt: str) -> dict[str, Any]:
    """All that the recorder is told.

    Args:
        salt: Random text, so that nobody can tell from a digest which access key it is of.
    """
    found = {key: plan_of(operation) for key, operation in operations().items()}
    return {"salt": salt, "services": sorted(NAMESPACES), "operations": {key: one for key, one in found.items() if one}}


def plan_of(operation: Operation) -> Plan:
    """What is kept of the parameters of ``operation``."""
    tree: Plan = {}
    for path, how in _kept(operation):
        _add(tree, path, how)
    return tree


def _kept(operation: Operation) -> Iterator[tuple[str, str]]:
    """Paths, and what of the value at each is kept."""
    members = set(tables.inputs()["members"][operation.service][operation.name].split())
    for rule in rules_of(operation.key):
        yield from ((path, _how(rule)) for path in rule.paths if path not in TAG_PATHS)
        if rule.when:
            yield rule.when, "there"
    kinds = {kind.name for kind in find_action(operation.actions[0].action).resource_kinds} | {"*", "model"}
    for line in NAMED:
        paths = [path for path in line.members if not path.startswith(FIXED)]
        if line.operations and operation.key not in line.operations:
            continue
        if line.kind in kinds and all(re.split(r"[.\[]", path)[0] in members for path in paths):
            yield from ((path, "text") for path in paths)
    for key in CONTEXT:
        if operation.key in key.operations:
            yield from ((path, "text") for path in (key.path, key.version) if path)
    yield from ((path, "all") for path in (*TAG_PATHS, *TAG_KEYS) if path in members)


def _how(rule: ParameterRule) -> str:
    if rule.makes is Makes.S3_PARTS:
        return "s3"
    return "there" if rule.makes in _SAYS_NOTHING and not rule.only else "text"


def _add(tree: Plan, path: str, how: str) -> None:
    if path.startswith(BODY):
        tree.setdefault("body", {})[""] = "json"
    node = tree
    for step in re.findall(r"[^.\[\]]+|\[\]", path):
        node = node.setdefault(step, {})
    # Where one rule reads what is there and another only that it is, it is read.
    if how != "there" or "" not in node:
        node[""] = how
