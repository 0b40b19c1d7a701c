"""Errors carry data, survive pickling, and are what a caller would catch."""

from __future__ import annotations

import pickle

import pytest

import bedrock_guard
from bedrock_guard.codes import CODES
from bedrock_guard.errors import (
    AccessDeniedError,
    BedrockGuardError,
    ConfigurationError,
    Fault,
    InvalidPolicyError,
    MissingPermissionsError,
    PrincipalError,
    UnverifiedPermissionsError,
)
from bedrock_guard.report import Report

REPORT = Report(principal=None, region="us-east-1", findings=())
ERRORS = [
    MissingPermissionsError("2 of 7 are missing", report=REPORT),
    UnverifiedPermissionsError("could not check", report=REPORT),
    AccessDeniedError("refused", action="iam:GetRole", resource="role app", aws_message="User: … is not authorized"),
    PrincipalError("no credentials", code="BG410", remedy="sign in"),
    InvalidPolicyError(faults=[Fault("no Effect", 1, 2, "{}", "Allow or Deny")], policy="p.json"),
    ConfigurationError("no such action", suggestions=["bedrock:InvokeModel"]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_every_error_pickles_with_its_data(error: BedrockGuardError) -> None:
    """A process pool or a task queue hands exceptions on by pickling them."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - what this test pickled itself
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_every_error_has_a_code_that_is_listed(error: BedrockGuardError) -> None:
    assert error.code in CODES


def test_denied_and_could_not_check_are_never_caught_together_by_their_own_names() -> None:
    assert not issubclass(MissingPermissionsError, UnverifiedPermissionsError)
    assert not issubclass(UnverifiedPermissionsError, MissingPermissionsError)
    assert (MissingPermissionsError.exit_code, UnverifiedPermissionsError.exit_code) == (1, 3)


def test_bad_input_is_a_value_error_as_a_caller_expects() -> None:
    with pytest.raises(ValueError, match="nothing to check"):
        bedrock_guard.Guard()
    assert issubclass(InvalidPolicyError, ValueError)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"budget_seconds": 0}, "budget_seconds"),
        ({"budget_seconds": float("nan")}, "budget_seconds"),
        ({"budget_seconds": True}, "budget_seconds"),
        ({"on_unverified": "explode"}, "on_unverified"),
        ({"evaluators": ["simulater"]}, "evaluators"),
        ({"evaluators": []}, "evaluators"),
        ({"evaluators": "simulator"}, "evaluators"),
        ({"context": {"SourceVpce": "x"}}, "SourceVpce"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_name(options: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        bedrock_guard.Guard(models=["amazon.nova-lite-v1:0"], **options)  # type: ignore[arg-type]


def test_a_missing_region_says_how_to_set_one() -> None:
    with pytest.raises(ConfigurationError, match="no Region") as caught:
        bedrock_guard.Guard(models=["amazon.nova-lite-v1:0"]).check()
    assert (caught.value.code, "AWS_DEFAULT_REGION" in caught.value.remedy) == ("BG503", True)


def test_missing_credentials_say_how_to_get_some() -> None:
    with pytest.raises(PrincipalError) as caught:
        bedrock_guard.Guard(models=["amazon.nova-lite-v1:0"], region="us-east-1").check()
    assert (caught.value.code, "aws sso login" in caught.value.remedy) == ("BG410", True)


def test_a_profile_that_is_not_configured_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    with pytest.raises(PrincipalError, match="no-such-profile"):
        bedrock_guard.Guard(models=["amazon.nova-lite-v1:0"], region="us-east-1").check()


def test_a_fault_points_at_its_column_also_in_a_line_of_many_kilobytes() -> None:
    line = '{"Statement": [' + '{"Sid": "x"},' * 2000 + "]}"
    column = 15000
    head, shown, pointer = str(Fault("no Effect", 7, column, line)).splitlines()
    assert head.startswith("7:15000: no Effect")
    assert len(shown) < 130
    assert shown[pointer.index("^")] == line[column - 1]
