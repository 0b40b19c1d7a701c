"""The page of a code comes from wherever the package lies: a wheel's own copy, or the docs of a checkout."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

import bedrock_guard.code_pages
from bedrock_guard.code_pages import page_of
from bedrock_guard.codes import CODES
from bedrock_guard.errors import ConfigurationError

PAGES = Path(__file__).parents[1] / "docs" / "codes"


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_page_is_that_of_the_docs_without_what_only_tests_read(code: str) -> None:
    page = page_of(code)
    assert page.startswith(f"# {code}: {CODES[code]}\n")
    assert "<!--" not in page
    written = (PAGES / f"{code}.md").read_text(encoding="utf-8").splitlines()
    assert set(page.splitlines()) <= set(written)
    assert len(page.splitlines()) > 0.7 * len(written)


def test_a_code_is_found_in_any_case() -> None:
    assert page_of(" bg203 ") == page_of("BG203")


def test_what_is_hidden_from_readers_is_no_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "BG101.md").write_text(
        "# T\n\n<!-- docs: setup\nx = 1\n-->\n\nText.\n\n<!-- docs: output -->\n```text\na <!-- b -->\n```\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(bedrock_guard.code_pages, "_CHECKOUT_PAGES", tmp_path)
    monkeypatch.setattr(pkgutil, "get_data", _missing)
    assert page_of("BG101") == "# T\n\nText.\n\n```text\na <!-- b -->\n```\n"


def test_a_wheels_copy_is_taken_before_what_lies_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside an installed package lie the files of others."""
    asked: list[tuple[str, str]] = []

    def get_data(package: str, resource: str) -> bytes:
        asked.append((package, resource))
        return "# BG101: …\n".encode()

    monkeypatch.setattr(pkgutil, "get_data", get_data)
    assert page_of("BG101") == "# BG101: …\n"
    assert asked == [("bedrock_guard", "data/codes/BG101.md")]


@pytest.mark.parametrize(
    ("asked", "nearest"), [("BG240", "BG20"), ("BG33", "BG3"), ("203", "BG203"), ("../../README", ""), ("", "")]
)
def test_a_code_that_does_not_exist_is_an_error_with_the_nearest_ones(asked: str, nearest: str) -> None:
    """Nothing but a code becomes the name of a file."""
    with pytest.raises(ConfigurationError, match="bedrock-guard list codes") as raised:
        page_of(asked)
    assert raised.value.code == "BG501"
    assert repr(asked) in str(raised.value)
    assert bool(raised.value.suggestions) is bool(nearest)
    assert all(code in CODES for code in raised.value.suggestions)
    assert not nearest or raised.value.suggestions[0].startswith(nearest)


def _missing(_package: str, _resource: str) -> bytes:
    raise FileNotFoundError
