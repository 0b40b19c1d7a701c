"""Text from outside moves no cursor and starts no line: names, messages and Sids may hold anything."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.render.json import render_json
from bedrock_guard.render.neutral import neutral
from bedrock_guard.render.text import render_line, render_text
from bedrock_guard.report import Evidence, Finding, Note, Remedy, Report, Requirement, StatementReference
from tests.render import reports

HOSTILE = [
    "\x1b[2J\x1b[31m",
    "line\nBG999 bedrock:* all is allowed",
    "carriage\rreturn",
    "\u202egnp.exe",
    "\u2066isolated\u2069",
    "zero\u200bwidth",
    "\x9b31m",
    "\u2028separator",
    "\U000e0041tag",
    "\ud800",
    "\x00\x07\x7f",
]

anything = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=()), max_size=30))


def is_safe(text: str) -> bool:
    return all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_act_on_a_terminal_is_written_out(text: str) -> None:
    assert is_safe(neutral(text))
    assert neutral(text).encode()


@pytest.mark.parametrize("text", ["", "role/svc/app", "Zoë Übermut", "日本語", "a b", "quote ' \" \\"])
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_a_text_without_end_is_cut_and_says_so() -> None:
    assert neutral("x" * 5000) == "x" * 2048 + "… (2952 more characters)"


@st.composite
def hostile_reports(draw: st.DrawFn) -> Report:
    """A report whose every free text holds anything; its shape is that of a real one."""
    finding = Finding(
        Requirement(draw(anything), draw(anything), ((draw(anything), (draw(anything),)),), (draw(anything),)),
        draw(st.sampled_from(Decision)),
        Evidence(
            draw(anything),
            (StatementReference(draw(anything), draw(anything), draw(anything), 1, 1),),
            (draw(anything),),
            (draw(anything),),
        ),
        draw(st.none() | anything),
        draw(st.none() | st.sampled_from(Layer)),
        draw(anything),
        draw(st.booleans()),
        (Layer.RCP,),
    )
    principal = replace(reports.APP, caller_arn=draw(anything), policy_source_arn=draw(st.none() | anything))
    statement = {"Sid": draw(anything), "Resource": [draw(anything), draw(anything)], draw(anything): {}}
    return Report(
        principal,
        draw(anything),
        (finding, *reports.DENIED.findings),
        (Note(draw(anything), draw(anything)),),
        (Remedy(draw(anything), draw(anything), (statement,), (), draw(anything)),),
        draw(anything),
        draw(anything),
    )


@given(hostile_reports(), st.sampled_from([40, 80]))
def test_no_text_in_a_report_reaches_the_terminal_raw(report: Report, width: int) -> None:
    """Line ends are the renderer's own; every other character is harmless."""
    text = render_text(report, width=width)
    assert all(is_safe(line) for line in text.split("\n"))
    assert is_safe(render_line(report))
    assert len(render_line(report)) <= 1024


@given(hostile_reports())
def test_json_is_printable_ascii_and_reads_back_as_the_same_report(report: Report) -> None:
    text = render_json(report)
    assert text.replace("\n", "").isascii()
    assert text.replace("\n", "").isprintable()
    assert Report.from_dict(json.loads(text)) == report


@pytest.mark.parametrize("text", [t for t in HOSTILE if "\n" in t])
def test_a_line_end_from_outside_starts_no_line(text: str) -> None:
    """Otherwise a session name could add a finding, or take one away."""
    finding = replace(reports.missing(reports.RETRIEVE), why=text)
    rendered = render_text(reports.report(finding))
    assert not any(line.startswith("BG999") for line in rendered.splitlines())
