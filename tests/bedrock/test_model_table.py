"""The table of model ids in the documentation: what the code says, for every kind."""

from __future__ import annotations

from pathlib import Path

from bedrock_guard.bedrock.model_ids import ModelKind
from bedrock_guard.bedrock.model_table import EXAMPLES, page

PAGE = Path(__file__).parents[2] / "docs" / "models.md"


def test_the_page_is_what_the_code_says_now() -> None:
    """Else: python -m bedrock_guard.bedrock.model_table > docs/models.md"""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_kind_of_model_id_has_a_row() -> None:
    assert {example.kind for example in EXAMPLES} == set(ModelKind)


def test_the_page_shows_what_a_profile_needs() -> None:
    """A page made of empty tables would be as current."""
    text = page()
    assert "`aws:RequestedRegion` = `unspecified`" in text
    assert "`bedrock:PromptRouterArn` = `arn:aws:bedrock:us-east-1:123456789012:prompt-router/a1b2c3d4e5f6`" in text
    assert "| `arn:aws:bedrock:us-east-1:123456789012:async-invoke/*` | `bedrock:InvokeModel` |" in text
    assert "⚠" in text
