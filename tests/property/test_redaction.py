"""Redaction leaves no original in any form, gives one mask to one original, and never takes more than linear time."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials import Form, format_denial, read_denials
from bedrock_guard.diagnose import explain
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.render.identifiers import MASK, Kind
from bedrock_guard.render.json import render_json
from bedrock_guard.render.redaction import Redaction
from bedrock_guard.render.snippets import safe_json
from bedrock_guard.render.text import render_line, render_text
from bedrock_guard.report import Evidence, Finding, Note, Principal, PrincipalType, Report, Requirement
from tests.render import reports
from tests.render.test_untrusted import is_safe

# Without the minutes of this century, which are taken for times where nothing says that they are accounts.
_ACCOUNT = st.from_regex(r"[0-9]{12}", fullmatch=True).filter(lambda account: not account.startswith("20"))
# With a mark that no fixed part of a report holds, so that finding it in the output means that it leaked.
_SESSION = st.from_regex(r"[a-z0-9]{1,10}[@.=_][A-Za-z0-9]{1,10}-Zq7", fullmatch=True)
_ORG = st.from_regex(r"o-[0-9a-z]{10,32}", fullmatch=True)
_REQUEST = st.uuids().map(str)
_AUTHORIZATION = st.from_regex(r"[0-9a-z]{10,30}q7x", fullmatch=True)
_ROLE = st.sampled_from(["app", "AWSReservedSSO_Developer_0123456789abcdef", "svc.app_01", "bedrock-agents"])


@dataclass(frozen=True)
class _Case:
    """A denial and what identifies somebody in it."""

    denial: Denial
    accounts: tuple[str, str]
    session: str
    org: str
    request: str

    @property
    def originals(self) -> tuple[str, ...]:
        return (*self.accounts, self.session, self.org, self.request, self.denial.authorization_id or self.request)

    @property
    def message(self) -> str:
        words = format_denial(self.denial, Form.ERROR)
        return f"{words} (Service: Bedrock; Status Code: 403; Request ID: {self.request}; Proxy: null)"


@st.composite
def _cases(draw: st.DrawFn) -> _Case:
    account, owner = draw(_ACCOUNT), draw(_ACCOUNT)
    session, role, org = draw(_SESSION), draw(_ROLE), draw(_ORG)
    caller = draw(
        st.sampled_from(
            [
                f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
                f"arn:aws-us-gov:sts::{account}:federated-user/{session}",
            ]
        )
    )
    resource = draw(
        st.sampled_from(
            [
                f"arn:aws:bedrock:us-east-1:{account}:knowledge-base/KBABCDEFGH",
                f"arn:aws:s3:::corpus-{account}-eu",
                f"arn:aws:iam::{account}:role/svc/{role}",
                "*",
            ]
        )
    )
    denial = Denial(
        kind=DenialKind.PERMISSION,
        cause="explicit",
        code="BG203",
        caller=caller,
        action="bedrock:Retrieve",
        resource=resource,
        layer=Layer.SCP,
        explicit=True,
        policy_arn=f"arn:aws:organizations::{owner}:policy/{org}/service_control_policy/p-abcdefgh",
        authorization_id=draw(st.none() | _AUTHORIZATION),
        region="us-east-1",
        operation="Retrieve",
    )
    case = _Case(denial, (account, owner), session, org, draw(_REQUEST))
    assume(account != owner)
    return case


def _report(case: _Case) -> Report:
    """A report that quotes the denial wherever a report has room for words, and names the parties in its fields."""
    account = case.accounts[0]
    requirement = Requirement(
        case.denial.action or "",
        case.denial.resource or "*",
        (("aws:PrincipalOrgID", (case.org,)), ("aws:SourceArn", (f"arn:aws:bedrock:us-east-1:{account}:*",))),
        (f"Retrieve of {account}",),
        principal=f"arn:aws:iam::{account}:role/service",
    )
    evidence = Evidence("none", details=(case.message,))
    finding = Finding(requirement, Decision.UNVERIFIED, evidence, "BG401", None, case.message)
    missing = replace(reports.missing(reports.RETRIEVE), requirement=replace(requirement, principal=""))
    principal = Principal(
        case.denial.caller or "",
        PrincipalType.ROLE_SESSION,
        account,
        policy_source_arn=f"arn:aws:iam::{account}:role/app",
        user_id=f"AROAABCDEFGHIJKLMNOPQ:{case.session}",
    )
    return replace(
        reports.report(finding, missing, notes=(Note("BG413", case.message),), principal=principal), catalogue=""
    )


class TestNothingIsLeft:
    """No original, in no form."""

    @given(_cases())
    def test_in_a_text(self, case: _Case) -> None:
        """As AWS sends it, in JSON, and in JSON in JSON."""
        nested = json.dumps({"log": json.dumps({"error": f"\n{case.message}", "request_id": case.request})})
        for text in (case.message, f"ERROR\t{case.message}\n", nested):
            masked = Redaction().text(text)
            assert not [original for original in case.originals if original in masked]
            assert "bedrock:Retrieve" in masked

    @given(_cases())
    def test_in_a_report(self, case: _Case) -> None:
        masked = Redaction().report(_report(case))
        for form in (
            render_text(masked),
            render_text(masked, width=40),
            render_line(masked),
            render_json(masked),
            repr(masked),
        ):
            assert not [original for original in case.originals if original in form]
        assert Report.from_dict(json.loads(render_json(masked))) == masked

    @given(_cases())
    def test_in_a_diagnosis(self, case: _Case) -> None:
        masked = Redaction().tree(explain(case.message))
        for form in (str(masked), safe_json(masked.to_dict()), repr(masked)):
            assert not [original for original in case.originals if original in form]

    @given(_cases())
    def test_what_is_left_is_still_the_same_denial(self, case: _Case) -> None:
        """A masked message is read like the original, masks in place of what they mask."""
        (denial,) = read_denials(Redaction().text(case.message)).denials
        for name in ("kind", "cause", "code", "layer", "explicit", "action", "operation"):
            assert getattr(denial, name) == getattr(case.denial, name)


class TestMasks:
    """One mask for one original."""

    @given(st.lists(st.tuples(st.sampled_from("asor"), _ACCOUNT, _SESSION, _ORG, _REQUEST), min_size=1, max_size=12))
    def test_distinct_originals_have_distinct_masks_and_the_same_the_same(
        self, drawn: list[tuple[str, str, str, str, str]]
    ) -> None:
        shapes = {
            "a": lambda account, *_: (account, f"arn:aws:iam::{account}:root"),
            "s": lambda _, session, *__: (session, f"arn:aws:sts::1:assumed-role/app/{session}"),
            "o": lambda _, __, org, *___: (org, f"organization {org}"),
            "r": lambda *all_of: (all_of[3], f"Request ID: {all_of[3]}"),
        }
        pairs = [shapes[shape](*values) for shape, *values in drawn]
        redaction = Redaction()
        found: dict[str, str] = {}
        for original, text in [*pairs, *reversed(pairs)]:
            match = MASK.search(redaction.text(text))
            assert match
            assert found.setdefault(original, match[0]) == match[0]
        assert len(set(found.values())) == len({original for original, _ in pairs})

    @given(_cases())
    def test_a_report_has_one_mask_for_one_account(self, case: _Case) -> None:
        masked = Redaction().report(_report(case))
        assert masked.principal is not None
        account = masked.principal.account
        assert account in (masked.principal.policy_source_arn or "")
        assert {f.requirement.context[1][1][0] for f in masked.findings} == {f"arn:aws:bedrock:us-east-1:{account}:*"}


_WORDS = [
    "123456789012",
    "1234-5678-9012",
    "6f2c1d3e-aaaa-bbbb-cccc-012345678901",
    "assumed-role/",
    "federated-user/",
    "app/",
    "bob",
    "dev@example.com",
    "AROAEXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "o-exampleorgid",
    "r-ab12",
    "ou-ab12-11111111",
    "Request ID",
    "request_id",
    "authorization id",
    "session name",
    "sourceIPAddress",
    "user id",
    "account ",
    "203.0.113.7",
    "%2F",
    "%3A",
    "%40",
    "\\n",
    "\\/",
    "\\",
    '"',
    ":",
    "/",
    "=",
    ",",
    ".",
    "-",
    "1",
    "a",
    " ",
    "\n",
    "\x1b[31m",
    *(f"{kind.value}-1" for kind in Kind),
    "SESSION-2",
    "ACCOUNT-",
]
_SCRAPS = st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=25).map("".join)


class TestAnyInput:
    """Whatever the text."""

    @given(_SCRAPS)
    @example("AROAEXAMPLE1234-5678-9012")
    @settings(max_examples=500)
    def test_redacting_again_changes_nothing(self, text: str) -> None:
        """By the same redaction or by a new one: a masked text may be masked by each program that it passes."""
        redaction = Redaction()
        masked = redaction.text(text)
        assert redaction.text(masked) == masked
        assert Redaction().text(masked) == masked

    @given(_SCRAPS)
    def test_no_account_is_left_but_in_longer_names(self, text: str) -> None:
        masked = Redaction().text(f"x {text} y\narn:aws:iam::123456789012:root")
        assert ":123456789012:" not in masked
        assert " 123456789012 " not in masked

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _SCRAPS | st.binary(max_size=4),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["request_id", "accountId", "aws:userid", "x"]) | _SCRAPS, inner)
            ),
            max_leaves=12,
        )
    )
    def test_no_tree_raises_and_its_shape_stays(self, tree: object) -> None:
        masked = Redaction().tree(tree)
        assert _shape(masked) == _shape(tree)

    @given(_SCRAPS)
    def test_what_is_masked_is_neutralised_afterwards_like_anything(self, text: str) -> None:
        finding = replace(reports.missing(reports.RETRIEVE), why=text)
        rendered = render_text(Redaction().report(reports.report(finding)))
        assert all(is_safe(line) for line in rendered.split("\n"))


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return len(value), sorted(str(_shape(one)) for one in value.values())
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return type(value).__name__ if not isinstance(value, (int, str)) else "number or text"


_UNITS = [
    *(word for word in _WORDS if word.strip()),
    "requestid=",
    "request id ",
    "a%40",
    "a@a.",
    "%40a.",
    "assumed-role/a/.,",
    "role/a/",
    "AROAAAAA:",
    "session name=",
    "user id:123456789012:",
    "encoded message=a ",
    "source ip:1.1",
    'requestid "',
    "0123456789ab-",
    "f" * 19 + "-",
    "o-aaaaaaaaaa/",
    "requestid:" + "a" * 300,
    "1-00000000-",
]


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: repr(unit)[:30])
def test_time_grows_with_the_length_alone(unit: str) -> None:
    """Four times the text takes about four times the time, whatever is repeated in it; squared it would take 16."""

    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            Redaction().text(text)
            best = min(best, time.process_time() - started)
        return best

    small, large = seconds(20_000), seconds(80_000)
    assert large < 9 * small + 0.02


def test_a_megabyte_of_different_sessions_takes_seconds() -> None:
    """No list of names is searched for every name."""
    text = "".join(f"arn:aws:sts::123456789012:assumed-role/app/dev_{number:06} " for number in range(19_000))
    assert len(text) > 1_000_000
    started = time.process_time()
    masked = Redaction().text(text + text[:100])
    assert time.process_time() - started < 10
    assert "SESSION-19000" in masked
    assert "dev_" not in masked
