"""The benchmark of the engine runs and says what it left out; no time is asserted."""

from __future__ import annotations

import pytest

from tests.benchmarks import policy_engine
from tests.iam.decisions import read_cases


def test_prints_a_line_for_each_evaluator(capsys: pytest.CaptureFixture[str]) -> None:
    """A number, or the reason why there is none."""
    assert policy_engine.main(["--cases", "20", "--seconds", "0.01", "--no-npm"]) == 0
    header, own, moto, npm, startup = capsys.readouterr().out.splitlines()
    assert "20 cases" in header
    assert own.split()[0] == "bedrock_guard.iam"
    assert int(own.split()[1].replace(",", "")) > 0
    assert "times slower" in moto or "left out: moto is not installed" in moto
    assert npm.endswith("left out: not asked for")
    assert startup.startswith("10 managed policies x 100 requirements: ")


def test_says_when_node_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is downloaded then."""
    monkeypatch.setenv("PATH", "")
    assert policy_engine.iam_simulate(list(read_cases())[:1], 0.01) == "Node with npm is not installed"
