"""What identifies accounts, people, organizations and requests is masked, alike everywhere; all else stays readable."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bedrock_guard.advice.denials import read_denials
from bedrock_guard.diagnose import explain
from bedrock_guard.errors import BedrockGuardError, ConfigurationError, MissingPermissionsError, PrincipalError
from bedrock_guard.iam.decision import Decision
from bedrock_guard.render.json import render_json
from bedrock_guard.render.redaction import VARIABLE, Redaction, errors_redacted, is_wanted
from bedrock_guard.render.text import render_text
from bedrock_guard.report import Remedy, Report
from tests.render import reports

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text("utf-8"))

CALLER = "arn:aws:sts::123456789012:assumed-role/app/dev@example.com"
MESSAGE = (
    f"User: {CALLER} is not authorized to perform: bedrock:Retrieve on resource: {reports.KNOWLEDGE_BASE} with an "
    "explicit deny in a service control policy: "
    "arn:aws:organizations::210987654321:policy/o-exampleorgid/service_control_policy/p-abc12345"
)
UUID = "6f2c1d3e-aaaa-bbbb-cccc-012345678901"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("account 123456789012 is suspended", "account ACCOUNT-1 is suspended"),
        ("arn:aws:iam::123456789012:root", "arn:aws:iam::ACCOUNT-1:root"),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "ACCOUNT-1.dkr.ecr.us-east-1.amazonaws.com/app"),
        ("arn:aws:s3:::logs-123456789012-us-east-1/*", "arn:aws:s3:::logs-ACCOUNT-1-us-east-1/*"),
        ("BedrockAPIKey-ab12-at-123456789012", "BedrockAPIKey-ab12-at-ACCOUNT-1"),
        ("123456789012, as the console shows it: 1234-5678-9012", "ACCOUNT-1, as the console shows it: ACCOUNT-1"),
        (CALLER, "arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"),
        ("arn:aws-cn:sts::123456789012:federated-user/bob", "arn:aws-cn:sts::ACCOUNT-1:federated-user/SESSION-1"),
        (
            "arn:aws:sts::123456789012:assumed-role/aws:ec2-instance/i-0123456789abcdef0",
            "arn:aws:sts::ACCOUNT-1:assumed-role/aws:ec2-instance/SESSION-1",
        ),
        ("assumed-role/app/x. Then", "assumed-role/app/SESSION-1. Then"),
        ("AROAEXAMPLE:session", "PRINCIPAL-ID-1:SESSION-1"),
        ("AIDACKCEVSQ6C2EXAMPLE", "PRINCIPAL-ID-1"),
        ("key AKIAIOSFODNN7EXAMPLE or ASIAIOSFODNN7EXAMPLE", "key ACCESS-KEY-1 or ACCESS-KEY-2"),
        ("mail zoë.o+x@mail.example.com, please", "mail EMAIL-1, please"),
        ("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*", "ORG-1/ROOT-1/OU-1/*"),
        ("the root r-ab12", "the root ROOT-1"),
        (f"(Service: Iam; Status Code: 403; Request ID: {UUID}; Proxy: null)", None),
        (f"x-amzn-requestid: {UUID}", "x-amzn-requestid: REQUEST-1"),
        ("x-amz-id-2: s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV=", "x-amz-id-2: REQUEST-1"),
        ("<RequestId>4442587FB7D0A2F9</RequestId>", "<RequestId>REQUEST-1</RequestId>"),
        ("{'RequestId': '6f2c', 'HTTPStatusCode': 403}", "{'RequestId': 'REQUEST-1', 'HTTPStatusCode': 403}"),
        (f"2026-11-24T10:00:00.000Z {UUID} ERROR app", "2026-11-24T10:00:00.000Z UUID-1 ERROR app"),
        ("X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793", "X-Amzn-Trace-Id: Root=REQUEST-1"),
        ("the authorization id: gdvbz3pm5mpzvqtrbuvwnu3j", "the authorization id: AUTHORIZATION-1"),
        ("home#/authorization-details/gdvbz3pm for", "home#/authorization-details/AUTHORIZATION-1 for"),
        ("Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuU", None),
        ('"sourceIPAddress": "203.0.113.7"', '"sourceIPAddress": "IP-1"'),
        ('{"roleSessionName": "bob"}', '{"roleSessionName": "SESSION-1"}'),
        ('"principalId": "123456789012:bob"', '"principalId": "ACCOUNT-1:SESSION-1"'),
        # As other layers write them: JSON in a text, in JSON again, and in a URL.
        (r"{\"a\": \"x\n123456789012 \ndev@example.com\"}", r"{\"a\": \"x\nACCOUNT-1 \nEMAIL-1\"}"),
        (r"assumed-role\/app\/bob\n", r"assumed-role\/app\/SESSION-1\n"),
        ("?a=arn%3Aaws%3Asts%3A%3A123456789012%3Aassumed-role%2Fapp%2Fdev%40example.com%22", None),
        ("\x1b[31m123456789012\x1b[0mo-exampleorgid", "\x1b[31mACCOUNT-1\x1b[0mORG-1"),
    ],
)
def test_an_identifier_is_masked_wherever_it_stands(text: str, expected: str | None) -> None:
    masked = Redaction().text(text)
    if expected is not None:
        assert masked == expected
    for original in ("123456789012", UUID, "dev", "example.com", "4GIOH", "bob"):
        assert original not in masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:iam::aws:policy/AmazonBedrockFullAccess",
        "arn:aws:bedrock:*:*:inference-profile/*",
        "arn:aws:sts::*:assumed-role/app/*",
        "arn:aws:sts::${aws:PrincipalAccount}:assumed-role/app/${aws:username}",
        "arn:aws:kms:us-east-1:*:key/6f2c1d3e-aaaa-bbbb-cccc-012345678901",
        "role svc/app, user team/ci-runner",
        "AWSReservedSSO_Developer_0123456789abcdef",
        "the policy p-abc12345, vpce-0123456789abcdef0, vpc-0a1b2c3d",
        "2026-11-24T10:02:11Z, 1700000000123, job-202611241002, 1700000000123456",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd123456789012f08",
        "Request ID: N/A; request id: null; the request id of the call; session name: none",
        "the Region us-east-1, r-value, o-ring, a session policy, bedrock:InvokeModel@arn:aws:bedrock:*",
        "npm i left-pad@1.3.0, git@github",
        "sourceIPAddress: bedrock.amazonaws.com",
        "BG203 at 3:17",
        "\ud800\x00",
    ],
)
def test_what_identifies_nobody_stays(text: str) -> None:
    """A model, a policy of AWS, a Region, a key or policy that its owner has to find: the reader needs them."""
    assert Redaction().text(text) == text


def test_the_same_original_has_the_same_mask_and_another_another() -> None:
    redaction = Redaction()
    first = redaction.text(MESSAGE)
    assert first == (
        "User: arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1 is not authorized to perform: bedrock:Retrieve on "
        "resource: arn:aws:bedrock:us-east-1:ACCOUNT-1:knowledge-base/KB12345678 with an explicit deny in a service "
        "control policy: arn:aws:organizations::ACCOUNT-2:policy/ORG-1/service_control_policy/p-abc12345"
    )
    assert redaction.text(MESSAGE) == first
    assert redaction.text("assumed-role/app/other of 210987654321") == "assumed-role/app/SESSION-2 of ACCOUNT-2"


def test_a_name_is_masked_where_nothing_says_what_it_is_too() -> None:
    """Once it is known, a name that can be no word is found in file names, tags and prose."""
    tree = {
        "log": "written by deploy_7731x, in user=deploy_7731x.",
        "arn": "arn:aws:sts::1:assumed-role/app/deploy_7731x",
    }
    assert Redaction().tree(tree)["log"] == "written by SESSION-1, in user=SESSION-1."


@pytest.mark.parametrize("name", ["session", "app-deployment", "us-east-1", "a1"])
def test_a_name_that_could_be_a_word_is_masked_in_its_place_alone(name: str) -> None:
    """A session called "session" would else take that word out of every sentence."""
    text = f"arn:aws:sts::123456789012:assumed-role/app/{name} in {name}"
    assert Redaction().text(text) == f"arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1 in {name}"


def test_a_role_stays_readable_where_its_session_has_its_name() -> None:
    text = "arn:aws:sts::123456789012:assumed-role/svc.app_01/svc.app_01, role svc.app_01"
    assert Redaction().text(text) == "arn:aws:sts::ACCOUNT-1:assumed-role/svc.app_01/SESSION-1, role svc.app_01"


def test_a_time_of_twelve_digits_is_an_account_only_where_one_stands_for_certain() -> None:
    assert Redaction().text("job-202611241002") == "job-202611241002"
    assert Redaction().text("job-202611241002 of arn:aws:iam::202611241002:root") == (
        "job-ACCOUNT-1 of arn:aws:iam::ACCOUNT-1:root"
    )


class TestMasksInTheInput:
    """What looks like a mask is kept, and never given away a second time."""

    def test_redacting_twice_changes_nothing(self) -> None:
        redaction = Redaction()
        masked = redaction.text(MESSAGE)
        assert redaction.text(masked) == masked
        assert Redaction().text(masked) == masked

    def test_a_session_called_like_a_mask_does_not_take_the_place_of_another(self) -> None:
        text = "assumed-role/app/SESSION-1 and assumed-role/app/bob"
        assert Redaction().text(text) == "assumed-role/app/SESSION-1 and assumed-role/app/SESSION-2"

    def test_it_is_looked_for_in_the_whole_tree_first(self) -> None:
        tree = ["assumed-role/app/bob", "assumed-role/app/SESSION-1"]
        assert Redaction().tree(tree) == ["assumed-role/app/SESSION-2", "assumed-role/app/SESSION-1"]


class TestTrees:
    """JSON values and the package's own values keep their shape."""

    def test_a_field_says_what_its_value_is(self) -> None:
        tree = {
            "request_id": "6f2cabcd",
            "x-amzn-RequestId": ["7f2cabcd"],
            "aws:SourceIdentity": "bob",
            "authorization_id": "abcdef",
            "accountId": 123456789012,
            "recipientAccountId": "123456789012",
            "size": 123456789012,
            "aws:SourceIp": "203.0.113.7",
            "note": ["6f2cabcd", None, True, 1.5],
        }
        assert Redaction().tree(tree) == {
            "request_id": "REQUEST-1",
            "x-amzn-RequestId": ["REQUEST-2"],
            "aws:SourceIdentity": "SESSION-1",
            "authorization_id": "AUTHORIZATION-1",
            "accountId": "ACCOUNT-1",
            "recipientAccountId": "ACCOUNT-1",
            "size": 123456789012,
            "aws:SourceIp": "IP-1",
            "note": ["REQUEST-1", None, True, 1.5],
        }

    def test_an_account_that_lost_its_leading_zero_as_a_number_is_the_same_account(self) -> None:
        assert Redaction().tree([{"account": 12345678901}, "012345678901"]) == [{"account": "ACCOUNT-1"}, "ACCOUNT-1"]

    def test_a_wildcard_or_sentence_in_such_a_field_is_not_taken_for_one_value(self) -> None:
        tree = {"aws:SourceIdentity": "${aws:username}", "request_id": "not known, see 123456789012"}
        assert Redaction().tree(tree) == {
            "aws:SourceIdentity": "${aws:username}",
            "request_id": "not known, see ACCOUNT-1",
        }

    def test_keys_are_masked_and_none_is_lost(self) -> None:
        tree = {"123456789012": 1, "1234-5678-9012": 2, "name": 3}
        masked = Redaction().tree(tree)
        assert sorted(masked.values()) == [1, 2, 3]
        assert not any("9012" in key for key in masked)

    def test_a_value_of_the_package_stays_one(self) -> None:
        (denial,) = read_denials(f"{MESSAGE} (Service: X; Status Code: 403; Request ID: {UUID})").denials
        masked = Redaction().tree(denial)
        assert type(masked) is type(denial)
        assert masked.caller == "arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"
        assert (masked.kind, masked.layer, masked.action) == (denial.kind, denial.layer, denial.action)
        assert UUID not in json.dumps(masked.to_dict())
        assert UUID not in masked.raw

    def test_an_enumeration_is_not_a_text(self) -> None:
        class Odd(str, Enum):
            ONE = "123456789012"

        @dataclass(frozen=True)
        class Value:
            odd: Odd
            request_id: str | None = None

        assert Redaction().tree(Value(Odd.ONE, "6f2c")) == Value(Odd.ONE, "REQUEST-1")

    def test_a_diagnosis_gains_the_note_and_its_snippet_says_so(self) -> None:
        diagnosis = explain(MESSAGE.replace("with an explicit deny", "because no identity-based policy allows it, not"))
        masked = Redaction().tree(diagnosis)
        text = str(masked)
        assert "BG505: Masked here: account ids" in " ".join(text.split())
        assert "ACCOUNT-1 in it is masked: put the real value back before use):" in " ".join(text.split())
        assert not any(original in text for original in ("123456789012", "dev@", "o-exampleorgid"))


class TestReports:
    """A masked report is a report."""

    @pytest.mark.parametrize("name", reports.EVERY)
    def test_every_form_is_without_the_originals(self, name: str) -> None:
        masked = Redaction().report(reports.EVERY[name])
        for form in (render_text(masked), render_json(masked), repr(masked), str(masked)):
            assert "123456789012" not in form
            assert "role/app/session" not in form
            assert "AROAEXAMPLE" not in form

    @pytest.mark.parametrize("name", reports.EVERY)
    def test_it_fits_the_schema_and_is_read_back(self, name: str) -> None:
        masked = Redaction().report(reports.EVERY[name])
        assert list(Draft202012Validator(SCHEMA).iter_errors(masked.to_dict())) == []
        assert Report.from_dict(json.loads(render_json(masked))) == masked

    @pytest.mark.parametrize("name", reports.EVERY)
    def test_only_the_masks_the_note_and_the_remedies_words_are_new(self, name: str) -> None:
        report = reports.EVERY[name]
        masked = Redaction().report(report)
        assert [(f.decision, f.code, f.layer) for f in masked.findings] == [
            (f.decision, f.code, f.layer) for f in report.findings
        ]
        assert masked.exit_code == report.exit_code
        assert masked.notes[:-1] == report.notes
        assert masked.notes[-1].code == "BG505"
        assert (masked.checked_at, masked.catalogue, masked.region) == (
            report.checked_at,
            report.catalogue,
            report.region,
        )

    def test_a_report_with_nothing_to_mask_is_the_same_and_says_nothing(self) -> None:
        report = reports.report(reports.missing(reports.on_model("us-east-1")), principal=None)
        bare = replace(report, findings=(replace(report.findings[0], requirement=reports.RETRIEVE),))
        open_report = replace(bare, findings=(), region="us-east-1")
        assert Redaction().report(open_report) is open_report

    def test_redacting_twice_changes_nothing(self) -> None:
        masked = Redaction().report(reports.DENIED)
        assert Redaction().report(masked) == masked

    def test_a_remedy_says_which_masks_its_statements_hold(self) -> None:
        report = reports.report(reports.missing(reports.RETRIEVE))
        (remedy,) = Redaction().report(report).remedies
        assert remedy.text == (
            "Add to a policy of the role app (ACCOUNT-1 in it is masked: put the real value back before use):"
        )
        assert remedy.statements[0]["Resource"] == ["arn:aws:bedrock:us-east-1:ACCOUNT-1:knowledge-base/KB12345678"]

    def test_a_remedy_without_masks_in_its_statements_says_nothing(self) -> None:
        report = reports.report(reports.missing(reports.on_model("us-east-1")))
        assert Redaction().report(report).remedies == report.remedies

    def test_several_masks_are_all_named(self) -> None:
        statement = {
            "Resource": "arn:aws:s3:::logs-123456789012",
            "Condition": {"x": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        }
        remedy = Redaction().tree(Remedy("owner", "Do this.", (statement,)))
        assert remedy.text == "Do this. ACCOUNT-1 and ORG-1 in it are masked: put the real values back before use."

    def test_context_is_masked_by_its_key(self) -> None:
        requirement = replace(
            reports.RETRIEVE, context=(("aws:SourceIp", ("203.0.113.7",)), ("aws:userid", ("AROAX1234:bob",)))
        )
        masked = Redaction().report(reports.report(reports.allowed(requirement)))
        context = dict(masked.findings[0].requirement.context)
        assert context["aws:SourceIp"] == ("IP-1",)
        assert "bob" not in context["aws:userid"][0]

    def test_the_decision_of_a_masked_report_is_that_of_the_report(self) -> None:
        assert {f.decision for f in Redaction().report(reports.MIXED).findings} == {
            Decision.ALLOWED,
            Decision.EXPLICIT_DENY,
            Decision.UNVERIFIED,
        }


class TestErrors:
    """An error is masked with all that it carries."""

    def test_message_report_and_other_data(self) -> None:
        error = MissingPermissionsError(str(reports.DENIED), report=reports.DENIED)
        masked = Redaction().error(error)
        assert type(masked) is MissingPermissionsError
        assert (masked.code, masked.exit_code) == (error.code, error.exit_code)
        for text in (str(masked), repr(masked), str(masked.report), json.dumps(masked.report.to_dict())):
            assert "123456789012" not in text
        assert str(error) == str(reports.DENIED)
        assert str(pickle.loads(pickle.dumps(masked))) == str(masked)  # noqa: S301 - our own

    def test_what_is_raised_has_no_cause_to_print(self) -> None:
        cause = OSError(CALLER)
        with pytest.raises(PrincipalError) as caught, errors_redacted(wanted=True):
            raise PrincipalError(f"no answer for {CALLER}", remedy=f"ask {CALLER}") from cause
        error = caught.value
        assert str(error) == "no answer for arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"
        assert error.remedy == "ask arn:aws:sts::ACCOUNT-1:assumed-role/app/SESSION-1"
        assert error.__cause__ is None
        assert error.__suppress_context__

    def test_not_wanted_it_is_the_same_error(self) -> None:
        error = BedrockGuardError(CALLER)
        with pytest.raises(BedrockGuardError) as caught, errors_redacted(wanted=False):
            raise error
        assert caught.value is error


class TestSetting:
    """The argument goes before the environment."""

    @pytest.mark.parametrize("value", ["1", "true", "yes", "on", " YES ", "True"])
    def test_yes(self, value: str) -> None:
        assert is_wanted(given=None, environment={VARIABLE: value})
        assert not is_wanted(given=False, environment={VARIABLE: value})

    @pytest.mark.parametrize("value", ["", "0", "false", "no", "off", " NO "])
    def test_no(self, value: str) -> None:
        assert not is_wanted(given=None, environment={VARIABLE: value})
        assert is_wanted(given=True, environment={VARIABLE: value})

    def test_unset_is_no(self) -> None:
        assert not is_wanted(given=None, environment={})

    def test_anything_else_is_refused_since_a_slip_would_print_what_was_to_be_hidden(self) -> None:
        with pytest.raises(ConfigurationError, match="BEDROCK_GUARD_REDACT: 'ture'; expected one of 1, true, yes"):
            is_wanted(given=None, environment={VARIABLE: "ture"})


@pytest.mark.parametrize(
    "secret",
    [
        "ABSK" + "exampleExample+/" * 3,
        "bedrock-api-key-" + "exampleExample" * 3,
        "exampleSession+/token==",
        "exampleOfAKey/thatOpensNothing",
    ],
)
def test_a_credential_in_a_log_is_masked_wherever_its_name_or_form_shows_it(secret: str) -> None:
    for form in (
        "Authorization: Bearer {}",
        "aws_secret_access_key={}",
        '{{"SessionToken": "{}"}}',
        "X-Amz-Security-Token={}&x=1",
        "'secretKey': '{}'",
    ):
        masked = Redaction().text(form.format(secret))
        assert secret not in masked
        assert secret[:12] not in masked
        assert "SECRET-1" in masked
