"""A call is given as JSON in the option or in a file; what is wrong with it is said with the place."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from bedrock_guard.cli.request_files import read_request
from bedrock_guard.errors import ConfigurationError


def test_a_call_is_read_from_the_option_and_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    file.write_text('\ufeff{"modelId": "amazon.nova-lite-v1:0", "a": [1]}', encoding="utf-8")
    expected = ("bedrock-runtime:Converse", {"modelId": "amazon.nova-lite-v1:0", "a": [1]})
    assert read_request(f"bedrock-runtime:Converse=@{file}") == expected
    assert read_request('converse={"modelId": "a=b"}') == ("converse", {"modelId": "a=b"})


@pytest.mark.parametrize("text", ["converse", "={}", "converse=", " = "])
def test_what_is_not_operation_and_parameters_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="OPERATION=JSON"):
        read_request(text)


def test_what_is_no_json_object_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    file.write_text('{"modelId":\n  oops}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"call\.json: not JSON: line 2, column 3"):
        read_request(f"converse=@{file}")
    with pytest.raises(ConfigurationError, match=r"--request converse: list; expected an object"):
        read_request("converse=[1]")
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_request(f"converse=@{tmp_path / 'none.json'}")
    with pytest.raises(ConfigurationError, match=r"no JSON that can be read|not JSON"):
        read_request("converse=" + "[" * 100_000)
    file.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        read_request(f"converse=@{file}")
