"""What is wrong with the policies as written is said by a check that knows them, with the place where that is known."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard import Guard, PolicyDocuments, Report
from bedrock_guard.testing import sandbox

NOVA = "amazon.nova-lite-v1:0"
SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": ["bedrock:*", "iam:*"], "Resource": "*"}
ONE_REGION = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
TYPO = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "bedrock:Converse", "Resource": "*"}
  ]
}"""
OWN: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["iam:SimulatePrincipalPolicy", "iam:Get*", "iam:List*"],
            "Resource": "arn:aws:iam::123456789012:role/app",
        }
    ],
}


def test_a_check_of_files_says_where_a_name_cannot_work() -> None:
    report = Guard(models=[NOVA], region="us-east-1", policies=PolicyDocuments({"policy.json": TYPO})).check()
    (note,) = [note for note in report.notes if note.statement is not None]
    assert note.statement is not None
    assert (note.statement.policy, note.statement.line) == ("policy.json", 4)
    assert "bedrock:InvokeModel" in note.text
    assert "policy.json at 4:" in str(report)


def test_a_denial_is_read_up_in_the_policies_that_iam_holds_and_no_line_is_made_up() -> None:
    with sandbox() as aws:
        aws.role("app", policies={"typo": TYPO, "own": OWN})
        report = Guard(models=[NOVA], session=aws.session("app"), check_model_access=False).check()
        notes = [note for note in report.notes if note.statement is not None]
        assert [(note.statement.policy, note.statement.line) for note in notes if note.statement] == [("typo", None)]
        assert report.denied


def test_what_is_allowed_is_not_read_up() -> None:
    with sandbox() as aws:
        fine = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}]}
        aws.role("app", policies={"typo": TYPO, "own": OWN, "fine": fine})
        aws.calls.clear()
        report = Guard(models=[NOVA], session=aws.session("app"), check_model_access=False).check()
        assert report.denied == ()
        assert not [call for call in aws.calls if call.operation.startswith("ListRolePolicies")]


def _with_lock(model: str, *regions: str, **given: Any) -> Report:
    statements = [
        {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(regions)}},
        },
    ]
    policies = PolicyDocuments({"p": {"Version": "2012-10-17", "Statement": statements}})
    return Guard(models=[model], region="us-east-1", policies=policies, **given).check()


def _traps(report: Report) -> list[str]:
    return [note.code for note in report.notes if note.statement is not None]


@pytest.mark.parametrize(
    ("model", "regions", "traps"),
    [
        (f"global.{SONNET}", ["us-east-1"], ["BG519"]),
        (f"global.{SONNET}", ["us-east-1", "unspecified"], []),
        (f"us.{SONNET}", ["us-east-1"], ["BG520"]),
        (f"us.{SONNET}", ["us-east-1", "us-east-2", "us-west-2"], []),
        (f"us.{SONNET}", ["us-east-1", "us-east-2", "us-west-2", "unspecified"], []),
        (NOVA, ["us-east-1"], []),
    ],
)
def test_a_region_lock_is_held_against_where_the_apps_own_models_are_served(
    model: str, regions: list[str], traps: list[str]
) -> None:
    """A note where the check denies a destination, and none where it allows them all."""
    report = _with_lock(model, *regions)
    assert _traps(report) == traps
    assert bool(report.denied) is bool(traps)


def test_where_the_service_says_that_a_profile_is_served_goes_before_the_table() -> None:
    """An application profile is in no table; a lock that spares some of its models only is noted."""
    with sandbox() as aws:
        aws.role("app", policies=[{"Version": "2012-10-17", "Statement": [{**ALLOW, "Condition": ONE_REGION}]}])
        source: Any = {"copyFrom": f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{NOVA}"}
        bedrock = aws.session().client("bedrock", region_name="us-east-1")
        made = bedrock.create_inference_profile(inferenceProfileName="p", modelSource=source)["inferenceProfileArn"]
        guard = Guard(models=[made], session=aws.session("app", region="us-east-1"), check_model_access=False)
        report = guard.check()
        (note,) = [note for note in report.notes if note.code == "BG520"]
        assert "us-east-2 and us-west-2, where" in note.text
        assert made.rpartition("/")[2] in note.text


def test_an_app_that_embeds_and_does_not_stream_has_no_note_about_streams() -> None:
    """The least policy of a model is not called incomplete; the same grant for an app that streams is."""
    model = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
    least = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": model}
    policies = PolicyDocuments({"p": {"Version": "2012-10-17", "Statement": [least]}})
    given: dict[str, Any] = {"models": [NOVA], "region": "us-east-1", "policies": policies}
    assert _traps(Guard(operations=["converse"], **given).check()) == []
    assert _traps(Guard(operations=["converse", "converse_stream"], **given).check()) == ["BG518"]
