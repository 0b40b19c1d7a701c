"""The text of a report: what the first line tells, that nothing is lost by grouping, and that it can be pasted."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.render.text import render_line, render_text
from bedrock_guard.report import Evidence, Finding, Note, PrincipalType, Remedy, Report, Requirement
from tests.render import reports


def first_line(report: Report) -> str:
    return render_text(report).splitlines()[0]


def test_the_first_line_says_how_many_of_how_many_for_whom_and_where() -> None:
    assert first_line(reports.DENIED) == f"4 of 5 permissions are missing for {reports.ROLE} in us-east-1"


def test_the_first_line_names_those_alone_whose_permissions_they_are() -> None:
    """With an API key all are its user's; a trust policy answers for the caller."""
    user, role = "arn:aws:iam::123456789012:user/BedrockAPIKey-ab12", "arn:aws:iam::123456789012:role/agents"
    his = reports.missing(replace(reports.on_profile(), principal=user))
    assert first_line(reports.report(his)) == f"1 of 1 permission is missing for {user} in us-east-1"
    both = reports.report(his, reports.allowed(reports.RETRIEVE))
    assert first_line(both) == f"1 of 2 permissions is missing for {reports.ROLE} and {user} in us-east-1"
    provider = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/*"
    trust = Requirement("sts:AssumeRoleWithWebIdentity", role, principal=provider)
    assert f" for {reports.ROLE} in " in first_line(reports.report(reports.missing(trust)))
    more = reports.report(his, *(reports.missing(replace(reports.on_profile(), principal=role + n)) for n in "12"))
    assert " for 3 principals in " in first_line(more)
    advice = replace(reports.RETRIEVE, principal=role, advisory=True)
    assert first_line(reports.report(his, reports.missing(advice))) == first_line(reports.report(his))


def test_one_missing_permission_is_singular() -> None:
    one = reports.report(reports.missing(reports.RETRIEVE), reports.allowed(reports.on_profile()))
    assert first_line(one) == f"1 of 2 permissions is missing for {reports.ROLE} in us-east-1"


def test_what_could_not_be_checked_is_never_called_missing() -> None:
    """Denied and could-not-check never share a sentence that means one of them."""
    text = render_text(reports.UNVERIFIED)
    assert first_line(reports.UNVERIFIED) == (
        f"2 of 2 permissions could not be checked for {reports.ROLE} in us-east-1; none is known to be missing"
    )
    assert "are missing" not in text
    assert "is missing" not in text


def test_denied_and_unverified_stand_in_sections_of_their_own() -> None:
    text = render_text(reports.MIXED)
    assert text.splitlines()[0].startswith("1 of 3 permissions is missing and 1 could not be checked for ")
    before, after = text.split("Could not be checked, so neither granted nor missing:")
    assert "BG201" in before
    assert "BG401" not in before
    assert "BG401" in after


def test_all_allowed_reads_as_allowed_and_still_says_what_was_not_visible() -> None:
    text = render_text(reports.ALLOWED)
    assert first_line(reports.ALLOWED) == f"all 3 permissions are allowed for {reports.ROLE} in us-east-1"
    assert "session policies, resource control policies, VPC endpoint policies" in " ".join(text.split())
    assert reports.KNOWLEDGE_BASE in text


def test_a_caller_nobody_could_identify_is_said_to_be_one() -> None:
    assert "for a caller who could not be identified in us-east-1" in first_line(reports.NOBODY)
    assert "BG412: STS could not be reached." in render_text(reports.NOBODY)


@pytest.mark.parametrize("name", reports.EVERY)
def test_no_resource_action_or_code_is_lost_by_grouping(name: str) -> None:
    """Many resources collapse to a list, never to a wildcard."""
    report = reports.EVERY[name]
    text = render_text(report)
    shown = (report.denied + report.unverified) or report.allowed
    for finding in shown:
        assert finding.requirement.action in text
        assert re.search(rf"^ +(on +)?{re.escape(finding.requirement.resource)}$", text, re.MULTILINE)
        assert finding.code is None or finding.code in text


def test_one_action_and_cause_over_many_resources_is_one_entry() -> None:
    text = render_text(reports.DENIED)
    entry = text.split("BG101")[1].split("BG203")[0]
    assert text.count("no policy allows it") == 1
    assert [reports.model_arn(r) in entry for r in ("us-east-1", "us-east-2", "us-west-2")] == [True] * 3
    assert "which is served in us-east-1, which also routes to us-east-2 and us-west-2" in " ".join(entry.split())
    assert "It is allowed on 1 other resource of this check." in entry


def test_several_actions_on_the_same_resources_are_one_entry() -> None:
    text = render_text(
        reports.report(*(reports.missing(reports.on_model("us-east-2", o)) for o in ("Converse", "ConverseStream")))
    )
    assert text.count(reports.model_arn("us-east-2")) == 2  # the entry and the snippet
    assert "Converse and ConverseStream with" in text


def test_different_causes_stay_apart_even_on_one_action() -> None:
    text = render_text(
        reports.report(
            reports.missing(reports.on_model("us-east-1")), reports.denied_by_scp(reports.on_model("us-west-2"))
        )
    )
    scp = text.split("BG203")[1]
    assert reports.model_arn("us-east-1") not in scp.split("\n\n")[0]
    assert "Ask the owner of the organization's policies to allow" in text


def test_a_deny_names_the_statement_that_denies() -> None:
    assert re.search(r"^ +by +no-search \(KeepOut\) at 3:17$", render_text(reports.MIXED), re.MULTILINE)


def test_a_layer_behind_the_first_is_said() -> None:
    finding = replace(reports.denied_by_scp(reports.RETRIEVE), also_denied_by=(Layer.IDENTITY,))
    assert "Behind that, no policy of the principal allows it either." in render_text(reports.report(finding))


def test_an_allow_that_would_not_help_is_said_where_no_remedy_says_it() -> None:
    finding = Finding(
        reports.RETRIEVE,
        Decision.EXPLICIT_DENY,
        reports.SIMULATOR,
        "BG206",
        Layer.VPC_ENDPOINT,
        "denied by a VPC endpoint policy",
    )
    text = " ".join(render_text(reports.report(finding)).split())
    assert "will not help: ask the owner of the VPC endpoint." in text


def test_a_context_value_that_nothing_else_shows_is_shown() -> None:
    """The Region-less ARN of a global profile does not show that the request's Region is ``unspecified``."""
    anywhere = Requirement(
        "bedrock:InvokeModel",
        "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        (("aws:RequestedRegion", ("unspecified",)),),
        ("Converse with a global profile",),
    )
    assert "if   aws:RequestedRegion is unspecified" in render_text(reports.report(reports.missing(anywhere)))
    assert "if   " not in render_text(reports.DENIED)


def test_an_advisory_requirement_is_neither_counted_nor_a_failure() -> None:
    advisory = Requirement("bedrock:GetInferenceProfile", reports.PROFILE_ARN, (), ("Converse",), advisory=True)
    report = reports.report(reports.allowed(reports.RETRIEVE), reports.missing(advisory))
    text = render_text(report)
    assert report.exit_code == 0
    assert text.startswith("the one permission needed is allowed for")
    assert "does not settle whether it is needed" in " ".join(text.split())
    assert "bedrock:GetInferenceProfile" in text


def test_the_snippets_are_the_statements_of_the_remedies_and_valid_json() -> None:
    text = render_text(reports.DENIED)
    start = text.index("  {\n")
    end = text.index("\n  }\n", start) + 4
    assert json.loads(f"[{text[start:end]}]") == [dict(s) for s in reports.DENIED.remedies[0].statements]


def test_several_statements_paste_between_the_brackets_of_a_policy() -> None:
    other = reports.missing(reports.RETRIEVE)
    report = reports.report(other, reports.missing(reports.on_profile()))
    text = render_text(report)
    snippet = text[text.index("  {\n") : text.index("\n\nBased on")]
    assert json.loads(f"[{snippet}]") == [dict(s) for s in report.remedies[0].statements]
    assert len(report.remedies[0].statements) == 2


def test_what_a_statement_opens_beside_is_said() -> None:
    report = replace(
        reports.DENIED, remedies=(Remedy("the owner", "Do it:", ({"Effect": "Allow"},), ("BG101",), "calls in Oregon"),)
    )
    assert "This also allows calls in Oregon" in render_text(report)


def test_what_may_clear_by_itself_says_so() -> None:
    finding = replace(reports.refused(reports.RETRIEVE), code="BG405", why="IAM throttled the check", retryable=True)
    assert "may clear by itself" in render_text(reports.report(finding))


def test_evidence_that_gave_no_answer_is_not_claimed() -> None:
    assert "No evaluator gave an answer" in render_text(reports.UNVERIFIED)
    assert "Based on" not in render_text(reports.UNVERIFIED)


def test_what_the_offline_evaluator_could_not_see_is_said_once_for_all_findings() -> None:
    evidence = Evidence("offline", details=("service control policies were not seen",))
    findings = [replace(reports.missing(r), evidence=evidence) for r in (reports.RETRIEVE, reports.on_profile())]
    text = " ".join(render_text(reports.report(*findings)).split())
    assert "Based on the policies themselves at 2026-11-24T10:02:11Z. Service control policies were not seen." in text
    assert text.lower().count("service control policies were not seen") == 1
    assert "Not visible to the simulator" not in text


def test_a_detail_of_one_finding_stays_with_it() -> None:
    one = replace(reports.missing(reports.RETRIEVE), evidence=Evidence("offline", details=("read in part",)))
    other = replace(reports.missing(reports.on_profile()), evidence=Evidence("offline"))
    text = render_text(reports.report(one, other))
    assert "       Read in part." in text.splitlines()


def test_policies_of_nobody_are_called_by_no_invented_arn() -> None:
    """The ARN that stands in for the role of policy files is made up."""
    nobody = replace(reports.APP, type=PrincipalType.POLICY_FILES)
    assert first_line(reports.report(reports.missing(reports.RETRIEVE), principal=nobody)) == (
        "1 of 1 permission is missing for the given policies in us-east-1"
    )


def test_a_detail_that_a_note_says_already_is_not_said_twice() -> None:
    sentence = "decided from the policies as read"
    finding = replace(reports.missing(reports.RETRIEVE), evidence=Evidence("offline", details=(sentence,)))
    text = render_text(reports.report(finding, notes=(Note("BG413", f"{sentence.capitalize()}."),)))
    assert text.lower().count(sentence) == 1


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", reports.EVERY)
def test_it_fits_the_width_where_the_arns_do(name: str, width: int) -> None:
    """The first line, ARNs and snippets are whole, to be copied; every other line fits."""
    lines = render_text(reports.EVERY[name], width=width).splitlines()[1:]
    for line in lines:
        assert len(line) <= width or re.search(r"arn:aws|\"|bedrock:\w+$|foundation-model|us\.anthropic", line), line


@pytest.mark.parametrize("name", reports.EVERY)
def test_there_is_no_colour_unless_asked_and_colour_changes_nothing_else(name: str) -> None:
    report = reports.EVERY[name]
    plain, coloured = render_text(report), render_text(report, colour=True)
    assert "\x1b" not in plain
    assert "\x1b" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_the_last_line_is_a_command_that_explains_a_code_of_the_report() -> None:
    assert render_text(reports.DENIED).splitlines()[-1] == "What a code means: bedrock-guard explain BG101"
    assert render_text(reports.UNVERIFIED).splitlines()[-1] == "What a code means: bedrock-guard explain BG401"
    assert "What a code means" not in render_text(reports.ALLOWED)


@pytest.mark.parametrize("name", reports.EVERY)
def test_one_line_holds_the_verdict_and_fits_a_log_that_cuts(name: str) -> None:
    line = render_line(reports.EVERY[name])
    assert line.startswith(first_line(reports.EVERY[name]))
    assert len(line) <= 1024
    assert "\n" not in line


def test_one_line_says_how_much_it_leaves_out() -> None:
    many = reports.report(
        *(
            reports.missing(Requirement("bedrock:Retrieve", f"{reports.KNOWLEDGE_BASE}-{n}", (), (f"app {n}",)))
            for n in range(3)
        ),
        reports.denied_by_scp(reports.on_profile()),
        reports.refused(reports.on_model("us-east-1")),
    )
    assert "BG101 bedrock:Retrieve on 3 resources, no policy allows it" in render_line(many)
    for limit in range(150, 700, 7):
        line = render_line(many, limit=limit)
        assert len(line) <= limit
        told = sum(code in line for code in ("BG101", "BG203", "BG401"))
        if told == 0:
            assert line.endswith(": 3 kinds of finding")
        elif told < 3:
            assert line.endswith(f"; and {3 - told} more")
