"""What is wrong with the policies as written is said by a check that knows them, with the place where that is known."""

from __future__ import annotations

from typing import Any

from bedrock_guard import Guard, PolicyDocuments
from bedrock_guard.testing import sandbox

NOVA = "amazon.nova-lite-v1:0"
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
