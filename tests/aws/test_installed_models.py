"""What the installed botocore knows of a parameter that the catalogue lacks."""

from __future__ import annotations

import pytest

from bedrock_guard.aws.installed_models import knows_parameter
from bedrock_guard.bedrock.operations import Operation, find_operation

CONVERSE = find_operation("converse")


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("modelId", True),
        ("messages[].content[].text", True),
        ("requestMetadata{}", True),
        ("guardrailConfig.guardrailIdentifier", True),
        ("guardrailConfig.guardrailId", False),
        ("messages.content", False),
        ("modelId.inside", False),
        ("nothing[].at.all", False),
    ],
)
def test_a_path_is_followed_through_structures_lists_and_maps(path: str, known: bool) -> None:
    assert knows_parameter(CONVERSE, path) is known


def test_what_the_installed_botocore_lacks_altogether_is_not_known() -> None:
    assert not knows_parameter(Operation("bedrock-runtime", "NotYet", "not_yet", ()), "modelId")
    assert not knows_parameter(Operation("bedrock-not-yet", "Converse", "converse", ()), "modelId")
