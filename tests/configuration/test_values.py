"""What a configuration may hold: every fault at once, each at its line and column, with what is right."""

from __future__ import annotations

import pickle
from textwrap import dedent

import pytest

import bedrock_guard
from bedrock_guard.configuration import KEYS, ConfigurationFileError, Settings, loads
from bedrock_guard.errors import ConfigurationError
from tests.configuration.examples import ALL_SET, EVERY_KEY, FAULTS, ROLE


def refused(text: str) -> ConfigurationFileError:
    with pytest.raises(ConfigurationFileError) as caught:
        loads(text)
    return caught.value


def test_every_key_is_read_to_what_a_guard_takes() -> None:
    settings = loads(EVERY_KEY)
    assert settings == ALL_SET
    assert tuple(settings.arguments()) == KEYS, "a key without an example here"
    bedrock_guard.Guard(**settings.arguments())


def test_what_is_not_said_is_no_argument() -> None:
    """A guard's own defaults hold, and a file of comments says nothing."""
    assert loads("# nothing yet\n") == Settings()
    assert Settings().arguments() == {}
    assert loads("models = []").arguments() == {"models": ()}, "an empty list was said"
    assert loads("redact = false").arguments() == {"redact": False}


def test_service_roles_are_also_a_list_of_texts() -> None:
    assert loads(f'service_roles = ["lambda={ROLE}"]').service_roles == (f"lambda={ROLE}",)


@pytest.mark.parametrize(("text", "place", "said"), FAULTS, ids=[text[:40] for text, _, _ in FAULTS])
def test_a_fault_is_told_at_its_place(text: str, place: str, said: str) -> None:
    error = refused(text)
    assert len(error.faults) == 1, str(error)
    fault = error.faults[0]
    assert f"{fault.line}:{fault.column}" == place
    assert said in str(fault)
    assert fault.source_line == text.split("\n")[fault.line - 1]
    assert (error.code, error.exit_code) == ("BG506", 2)


def test_every_fault_is_told_at_once_in_the_order_of_the_text() -> None:
    """A file is mended in one go."""
    text = "\n".join(text for text, _, _ in FAULTS if "\n" not in text and text.startswith(("models", "zzz", "Region")))
    parts = [text for text, _, _ in FAULTS if "\n" not in text]
    once = {part.split("=")[0].strip(): part for part in parts}
    text = "\n".join(once.values())
    error = refused(text.replace(f"0x{'f' * 5000}", "0"))
    assert [fault.line for fault in error.faults] == list(range(1, len(once) + 1))
    assert str(error).startswith(f"the configuration in bedrock-guard.toml cannot be used: {len(once)} faults\n")


def test_the_nearest_right_names_are_data_too() -> None:
    error = refused('model = 1\noperations = ["convers"]\nevaluators = ["ofline"]')
    assert {"models", "bedrock-runtime:Converse", "offline"} <= set(error.suggestions)


def test_the_message_shows_file_line_and_caret() -> None:
    error = refused('models = ["amazon.nova-lite-v1:0"]\nredact = "yes"\n')
    assert str(error) == dedent("""\
        the configuration in bedrock-guard.toml cannot be used: 1 fault
        bedrock-guard.toml:2:10: redact: the text 'yes'; expected true or false
          2 | redact = "yes"
            |          ^""")


def test_the_error_is_a_configuration_error_that_pickles_with_its_faults() -> None:
    error = refused("models = 1\nredact = 2")
    assert isinstance(error, ConfigurationError)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - what this test pickled itself
    assert (str(again), again.faults, again.file) == (str(error), error.faults, error.file)


SYNTAX = [
    ('models = ["a"', "1:14", "where the text ends"),
    ("region = \n", "1:10", "Invalid value"),
    ("redact = true\nredact = true\n", "2:14", "Cannot overwrite a value"),
    ('[context]\naws:SourceVpce = "x"\n', "2:4", 'expected the key in quotes, as "aws:SourceVpce"'),
    (f"x = {'[' * 5000}", "1:1", "brackets without end"),
    (f"budget_seconds = {'9' * 5000}", "1:1", "digits"),
]


@pytest.mark.parametrize(("text", "place", "said"), SYNTAX, ids=[text[:20] for text, _, _ in SYNTAX])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_no_toml_is_told_at_its_place(text: str, place: str, said: str, end: str) -> None:
    error = refused(text.replace("\n", end))
    assert [f"{fault.line}:{fault.column}" for fault in error.faults] == [place]
    assert "not TOML" in error.faults[0].message
    assert said in str(error.faults[0])


def test_a_file_of_windows_has_the_same_lines_and_columns() -> None:
    text = 'models = [\r\n  "amazon.nova-lite-v1:0",\r\n  "no model!"\r\n]\r\n'
    fault = refused(text).faults[0]
    assert (fault.line, fault.column, fault.source_line) == (3, 3, '  "no model!"')


def test_a_parameter_that_only_the_installed_sdk_knows_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a guard's own argument: an app may be newer than the catalogue."""
    known: list[str] = []

    def knows(operation: object, path: str) -> bool:
        known.append(path)
        return path == "newOne"

    monkeypatch.setattr("bedrock_guard.aws.installed_models.knows_parameter", knows)
    call = 'requests = [{ operation = "converse", parameters = { modelId = "amazon.nova-lite-v1:0", %s = "x" } }]'
    assert loads(call % "newOne").requests is not None
    assert "has no parameter 'otherOne'" in str(refused(call % "otherOne"))
    assert known == ["newOne", "otherOne"]
