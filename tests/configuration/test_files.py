"""Which file is the configuration, and what is refused of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedrock_guard.configuration import ConfigurationFileError, find, load, loads
from bedrock_guard.errors import ConfigurationError

OWN = 'models = ["amazon.nova-lite-v1:0"]\n'
IN_PROJECT = f"[tool.bedrock_guard]\n{OWN}"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_nearest_is_found_from_a_folder_upwards(tmp_path: Path) -> None:
    far = write(tmp_path / "pyproject.toml", IN_PROJECT)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find(inner) == far
    near = write(tmp_path / "a" / "bedrock-guard.toml", OWN)
    assert find(inner) == near
    assert find(tmp_path) == far


def test_the_search_begins_at_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write(tmp_path / "bedrock-guard.toml", OWN)
    monkeypatch.chdir(tmp_path)
    assert find() == found
    assert find("..") is None


def test_in_one_folder_the_file_of_its_own_goes_before_the_projects(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", IN_PROJECT)
    own = write(tmp_path / "bedrock-guard.toml", OWN)
    assert find(tmp_path) == own


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[project]\nname = "app"\ndependencies = ["bedrock-guard"]\n',
        "[tool.ruff]\n",
        'tool = "bedrock_guard"\n',
        "[tool]\nother = 'bedrock_guard'\n",
        "[[[ no TOML, and nothing of ours\n",
    ],
)
def test_a_project_without_the_table_does_not_count(tmp_path: Path, text: str) -> None:
    """Also one that is broken elsewhere: other tools say so."""
    above = write(tmp_path / "bedrock-guard.toml", OWN)
    write(tmp_path / "app" / "pyproject.toml", text)
    assert find(tmp_path / "app") == above


def test_a_broken_project_that_speaks_of_a_configuration_is_not_passed_over(tmp_path: Path) -> None:
    """Without its table the app would be checked for less than it needs, or by another's file."""
    write(tmp_path / "bedrock-guard.toml", OWN)
    broken = write(tmp_path / "app" / "pyproject.toml", "[tool.bedrock_guard\nmodels = []\n")
    assert find(tmp_path / "app") == broken
    with pytest.raises(ConfigurationFileError, match="not TOML"):
        load(broken)


def test_a_folder_of_that_name_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "a" / "bedrock-guard.toml").mkdir(parents=True)
    assert find(tmp_path / "a") is None


def test_a_folder_above_that_may_not_be_entered_holds_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container: whoever may not look there has no configuration there."""
    found = write(tmp_path / "bedrock-guard.toml", OWN)
    closed = tmp_path / "closed"
    (closed / "app").mkdir(parents=True)
    real = Path.is_file

    def is_file(path: Path) -> bool:
        if path.parent == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "is_file", is_file)
    assert find(closed / "app") == found


def test_a_working_directory_that_was_removed_holds_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert find() is None


def test_a_file_says_where_its_settings_come_from(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", f"[project]\nmodel = 1\n{IN_PROJECT}")
    settings = load(path)
    assert settings.models == ("amazon.nova-lite-v1:0",)
    assert settings.source == str(path)
    assert settings == loads(OWN), "equal, wherever they come from"
    assert load(str(write(tmp_path / "other.toml", OWN))) == settings


def test_a_project_has_its_faults_at_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", '[project]\nname = "app"\n\n[tool.bedrock_guard]\nmodel = 1\n')
    with pytest.raises(ConfigurationFileError) as caught:
        load(path)
    assert caught.value.file == str(path)
    assert f"{path}:5:1: there is no key 'model'" in str(caught.value)


def test_the_table_under_the_distributions_name_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    """Both spellings are natural; the wrong one would check nothing."""
    path = write(tmp_path / "pyproject.toml", f"[tool.bedrock-guard]\n{OWN}")
    assert find(tmp_path) == path
    with pytest.raises(ConfigurationFileError, match=r"1:7: .*expected \[tool.bedrock_guard\]"):
        load(path)
    write(path, f"{IN_PROJECT}zzz = 1\n[tool.bedrock-guard]\n")
    with pytest.raises(ConfigurationFileError, match="2 faults"):
        load(path)


def test_what_has_the_tables_name_and_is_none_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", "[tool]\nbedrock_guard = 1\n")
    with pytest.raises(ConfigurationFileError, match=r"2:17: bedrock_guard is no table; expected \[tool.bedrock_guard"):
        load(path)


@pytest.mark.parametrize("text", ["", "[tool.ruff]\n"])
def test_a_project_that_was_named_and_has_no_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no \[tool.bedrock_guard\] in it") as caught:
        load(write(tmp_path / "pyproject.toml", text))
    assert caught.value.code == "BG506"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "bedrock-guard.toml"
    path.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    assert load(path).models == ("amazon.nova-lite-v1:0",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"# " + b"x" * 5_000_000, "longer than 5,000,000 characters"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "bedrock-guard.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=reason) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert caught.value.code == "BG506"


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)
