"""Denials are read whole from whatever holds them; what is not said is None, what is not known is said not to be."""

from __future__ import annotations

import pytest

from bedrock_guard.advice.denials import read_denials
from tests.advice.denial_texts import SENTENCES, WRAPPED, Told


def _told(told: Told) -> None:
    reading = read_denials(told.text)
    assert [d.action for d in reading.denials] == [told.says["action"]], reading
    written = reading.denials[0].to_dict()
    assert {key: written.get(key) for key in told.says} == told.says
    assert written["is_iam"] is True
    assert reading.unrecognised == ""


@pytest.mark.parametrize("told", SENTENCES, ids=lambda told: told.name)
def test_iams_sentence_is_read(told: Told) -> None:
    """Whatever the noun, Region and partition; resources with dots, colons, commas and spaces are read whole."""
    _told(told)


@pytest.mark.parametrize("told", WRAPPED, ids=lambda told: told.name)
def test_the_sentence_is_read_in_whatever_it_is_wrapped(told: Told) -> None:
    """SDKs, frameworks, log drivers, terminals, word processors: none of them changes what was denied."""
    _told(told)
