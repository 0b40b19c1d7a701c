"""Each format holds the same documents as the policy set, by what reads that format."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
import yaml

from bedrock_guard.policy_set import NamedPolicy, PolicySet
from bedrock_guard.render.policies import FORMATS, render_policies
from bedrock_guard.render.policies.names import Names
from bedrock_guard.testing import sandbox

MODEL = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW = document({"Sid": "Invoke", "Effect": "Allow", "Action": ["bedrock:InvokeModel"], "Resource": [MODEL]})
# What each format would read as something of its own: a template, a quote, a line end, a comment, a shell's variable.
ODD = document(
    {
        "Sid": "Odd",
        "Effect": "Allow",
        "Action": ["bedrock:Retrieve"],
        "Resource": ["arn:aws:bedrock:*:123456789012:knowledge-base/${aws:PrincipalTag/kb}"],
        "Condition": {
            "StringLike": {"aws:RequestTag/${a}": ["it's", '"quoted"', "%{if}", "$(date)", "`x`", "a\\b", "#"]}
        },
    }
)
TRUST = document(
    {
        "Sid": "TrustLambda",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
    }
)
ALONE = PolicySet("", (NamedPolicy("app-bedrock", ALLOW),))
WITH_ROLE = PolicySet("app", (NamedPolicy("app-bedrock", ALLOW),))
WHOLE = PolicySet(
    "app",
    (NamedPolicy("app-bedrock", ALLOW), NamedPolicy("app-bedrock-2", ODD)),
    TRUST,
    ("A note\nwith a line end, and \x1b[31m colour.",),
)
SETS = [ALONE, WITH_ROLE, WHOLE]


def test_every_format_is_there_that_the_command_names() -> None:
    assert list(FORMATS) == ["json", "terraform", "cloudformation", "cdk-typescript", "cdk-python", "cli"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("one", SETS, ids=["alone", "with a role", "whole"])
def test_a_note_starts_no_line_and_moves_no_cursor(form: str, one: PolicySet) -> None:
    text = render_policies(one, form)
    assert "\x1b" not in text
    assert not any(line.startswith("with a line end") for line in text.splitlines())


@pytest.mark.parametrize("one", SETS, ids=["alone", "with a role", "whole"])
def test_cloudformation_is_yaml_with_the_documents_and_the_role(one: PolicySet) -> None:
    resources = yaml.safe_load(render_policies(one, "cloudformation"))["Resources"]
    policies = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::IAM::ManagedPolicy"]
    assert [(each["ManagedPolicyName"], each["PolicyDocument"]) for each in policies] == [
        (each.name, each.document) for each in one.policies
    ]
    roles = {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"}
    if one.trust is None:
        assert roles == {}
        assert [each.get("Roles") for each in policies] == [[one.role] if one.role else None]
        return
    ((name, role),) = roles.items()
    assert role == {"RoleName": "app", "AssumeRolePolicyDocument": TRUST}
    assert all(each["Roles"] == [{"Ref": name}] for each in policies)


class _Recorded:
    """Stands for ``aws_cdk.aws_iam``: keeps what is made with it."""

    def __init__(self) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []
        self.PolicyDocument = self
        self.Role = self
        self.ref = "ref"

    def from_json(self, value: Any) -> Any:
        return value

    def from_role_name(self, _: Any, __: str, name: Any) -> Any:
        return ("role", name)

    def ManagedPolicy(self, _: Any, id_: str, **given: Any) -> None:  # noqa: N802 - CDK's name
        self.made.append((id_, given))

    def CfnRole(self, _: Any, id_: str, **given: Any) -> Any:  # noqa: N802
        self.made.append((id_, given))
        return self


@pytest.mark.parametrize("one", SETS, ids=["alone", "with a role", "whole"])
def test_cdk_for_python_runs_and_makes_the_documents(one: PolicySet) -> None:
    iam = _Recorded()
    source = render_policies(one, "cdk-python").replace("from aws_cdk import aws_iam as iam", "")
    exec(compile(source, "snippet", "exec"), {"iam": iam, "self": object()})  # noqa: S102 - it is our own text
    policies = [given for _, given in iam.made if "document" in given]
    assert [(each["managed_policy_name"], each["document"]) for each in policies] == [
        (each.name, each.document) for each in one.policies
    ]
    trusts = [given["assume_role_policy_document"] for _, given in iam.made if "assume_role_policy_document" in given]
    assert trusts == ([] if one.trust is None else [TRUST])
    assert len({id_ for id_, _ in iam.made}) == len(iam.made), "an id stands once in a construct"


@pytest.mark.parametrize("one", SETS, ids=["alone", "with a role", "whole"])
def test_cdk_for_typescript_holds_the_documents_as_json(one: PolicySet) -> None:
    text = render_policies(one, "cdk-typescript")
    found = [json.JSONDecoder().raw_decode(text, match.end())[0] for match in re.finditer(r"fromJson\(", text)]
    assert found == [each.document for each in one.policies]


@pytest.mark.parametrize("one", SETS, ids=["alone", "with a role", "whole"])
def test_terraform_escapes_its_templates_and_holds_the_documents(one: PolicySet) -> None:
    text = render_policies(one, "terraform")
    found = []
    for match in re.finditer(r"  policy\s+= jsonencode\(", text):
        body = text[match.end() : text.index("\n  })", match.end()) + 4]
        assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", body), "a template would be evaluated"
        as_json = re.sub(r'^(\s*"(?:[^"\\]|\\.)*") = ', r"\1: ", body, flags=re.MULTILINE)
        as_json = re.sub(r"([\]}\"])\n(?=\s*\")", r"\1,\n", as_json)
        as_json = re.sub(r",(\s*[\]}])", r"\1", as_json)
        found.append(json.loads(as_json.replace("$${", "${").replace("%%{", "%{")))
    assert found == [each.document for each in one.policies]


@pytest.mark.parametrize("one", [WITH_ROLE, WHOLE], ids=["with a role", "whole"])
def test_the_commands_make_in_iam_what_the_set_holds(one: PolicySet) -> None:
    """A shell's reading of each line, its options given to the operation by botocore's own names."""
    with sandbox() as aws:
        if one.trust is None:
            aws.role("app", policies=[])
        iam = aws.session().client("iam")
        arn = ""
        for line in render_policies(one, "cli").splitlines():
            if line.startswith("#"):
                continue
            assigned = re.fullmatch(r"policy_arn=\$\((.*)\)", line)
            words = shlex.split(assigned[1] if assigned else line)
            operation, options = words[2], dict(zip(words[3::2], words[4::2], strict=True))
            if assigned:
                assert options.pop("--query") == "Policy.Arn"
                assert options.pop("--output") == "text"
            given = {
                "".join(part.capitalize() for part in name[2:].split("-")): value for name, value in options.items()
            }
            given = {name: arn if value == "$policy_arn" else value for name, value in given.items()}
            answer = getattr(iam, operation.replace("-", "_"))(**given)
            arn = answer["Policy"]["Arn"] if assigned else arn
        attached = iam.list_attached_role_policies(RoleName="app")["AttachedPolicies"]
        assert [each["PolicyName"] for each in attached] == [each.name for each in one.policies]
        for each, policy in zip(attached, one.policies, strict=True):
            version = iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId="v1")["PolicyVersion"]
            assert version["Document"] == policy.document
        if one.trust is not None:
            assert iam.get_role(RoleName="app")["Role"]["AssumeRolePolicyDocument"] == TRUST


def test_names_fit_their_formats_and_are_given_once() -> None:
    names = Names()
    assert [names.snake("app+bedrock"), names.snake("app.bedrock"), names.snake("2nd")] == [
        "app_bedrock",
        "app_bedrock_2",
        "policy_2nd",
    ]
    names = Names()
    assert [names.pascal("app-bedrock"), names.pascal("app=bedrock"), names.camel("App Role")] == [
        "AppBedrock",
        "AppBedrock2",
        "appRole",
    ]
