"""Each format parsed by its own tool, for the policy of every task. Needs what ``requirements.txt`` beside it names.

    pip install -r tests/integrations/policy_formats/requirements.txt
    python -m pytest tests/integrations/policy_formats

Last run on 2026-11-24 with cfn-lint 1.58.0, python-hcl2 8.1.4, tree-sitter 0.26.1 and tree-sitter-typescript 0.23.2.
"""

from __future__ import annotations

import ast

import pytest

from bedrock_guard import Guard
from bedrock_guard.policy_set import PolicySet
from bedrock_guard.render.policies import render_policies
from bedrock_guard.testing import sandbox
from tests.render.test_policy_formats import SETS
from tests.tasks.catalogue import TASKS

hcl2 = pytest.importorskip("hcl2")
cfnlint = pytest.importorskip("cfnlint.api")
tree_sitter = pytest.importorskip("tree_sitter")
typescript = pytest.importorskip("tree_sitter_typescript")


@pytest.fixture(scope="module")
def sets() -> list[PolicySet]:
    """The sets made by hand, and what `policy` writes for every task."""
    found = [*SETS]
    with sandbox() as aws:
        for task in TASKS:
            guard = Guard(requests=task.requests, session=aws.session(region=task.region), region=task.region)
            if not task.region.startswith("us-gov"):
                found.append(guard.policy(role="app", trust="lambda"))
    assert len(found) > 30
    return found


def test_terraform(sets: list[PolicySet]) -> None:
    for one in sets:
        parsed = hcl2.loads(render_policies(one, "terraform") + "\n")
        kinds = [kind.strip('"') for block in parsed["resource"] for kind in block if not kind.startswith("__")]
        assert kinds.count("aws_iam_policy") == len(one.policies)


def test_cloudformation(sets: list[PolicySet]) -> None:
    for one in sets:
        found = cfnlint.lint(render_policies(one, "cloudformation") + "\n")
        assert [str(match) for match in found if match.rule.severity == "error"] == []


def test_cdk_typescript(sets: list[PolicySet]) -> None:
    parser = tree_sitter.Parser(tree_sitter.Language(typescript.language_typescript()))
    for one in sets:
        assert not parser.parse(render_policies(one, "cdk-typescript").encode()).root_node.has_error
    assert parser.parse(b"const = ;").root_node.has_error


def test_cdk_python(sets: list[PolicySet]) -> None:
    for one in sets:
        calls = [node for node in ast.walk(ast.parse(render_policies(one, "cdk-python"))) if isinstance(node, ast.Call)]
        made = [node for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr == "ManagedPolicy"]
        assert len(made) == len(one.policies)
