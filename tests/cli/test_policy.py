"""``policy``: what reaches the guard, what is printed where, and what a script can rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.render.policies import FORMATS
from bedrock_guard.testing import Sandbox, sandbox
from tests.cli.commands import Commands

ACCOUNT = "123456789012"
NOVA = "amazon.nova-lite-v1:0"
POLICY = ("policy", "--region", "us-east-1")
HERE = (*POLICY, "--account", ACCOUNT)
KB = f"knowledge-base=arn:aws:iam::{ACCOUNT}:role/kb,model={NOVA}"


@pytest.fixture(autouse=True)
def no_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked for credentials: there are none unless a test brings them."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_policy_alone_is_the_document_and_nothing_else(bedrock_guard: Commands) -> None:
    """It can be given to ``aws iam create-policy --policy-document`` as it is."""
    ended = bedrock_guard(*POLICY, "--model", NOVA)
    assert (ended.code, ended.err) == (0, "")
    policy = parse_policy(ended.out, name="out", kind=PolicyKind.MANAGED)
    assert [statement.sid for statement in policy.statements] == ["InvokeModels"]


def test_more_than_one_document_is_an_object_of_sets(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(
        *HERE, "--operation", "retrieve", "--service-role", KB, "--role", "app", "--trust", "lambda", "-q"
    )
    assert (ended.code, ended.err) == (0, "")
    sets = json.loads(ended.out)["sets"]
    assert [one["role"] for one in sets] == ["app", "kb"]
    assert [one["trust"]["Statement"][0]["Principal"]["Service"] for one in sets] == [
        "lambda.amazonaws.com",
        "bedrock.amazonaws.com",
    ]
    assert [one["policies"][0]["name"] for one in sets] == ["app-bedrock", "kb-bedrock"]


def test_a_trust_alone_makes_sets_of_it_too(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*POLICY, "--model", NOVA, "--trust", "ec2")
    (one,) = json.loads(ended.out)["sets"]
    assert one["trust"]["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}


def test_what_has_to_be_known_goes_to_standard_error(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*HERE, "--operation", "retrieve")
    json.loads(ended.out)
    assert ended.err.startswith("note: Opens every resource that matches arn:aws:bedrock:us-east-1:123456789012:")
    assert bedrock_guard(*HERE, "--operation", "retrieve", "--quiet").err == ""
    several = bedrock_guard(*HERE, "--operation", "retrieve", "--service-role", KB).err
    assert "note: the app: Opens every" in several


def test_notes_are_masked_where_that_is_asked_for_and_the_policy_is_not(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*HERE, "--operation", "retrieve", "--redact")
    assert ACCOUNT in ended.out
    assert ACCOUNT not in ended.err


def test_every_option_of_the_policy_reaches_it(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(
        *HERE,
        *("--model", "global.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        *("--operation", "converse_stream"),
        "--restrict-region",
        *("--condition", "aws:SourceVpce=vpce-1a2b3c4d"),
        *("--condition", "aws:SourceVpce=vpce-2b3c4d5e"),
        *("--condition", "DateLessThan:aws:CurrentTime=2027-01-01T00:00:00Z"),
        *("--condition", "ForAnyValue:StringLike:aws:PrincipalOrgPaths=o-a1b2c3d4e5/*"),
    )
    (statement,) = json.loads(ended.out)["Statement"]
    assert statement["Condition"] == {
        "DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
        "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"},
        "StringEquals": {
            "aws:RequestedRegion": ["unspecified", "us-east-1"],
            "aws:SourceVpce": ["vpce-1a2b3c4d", "vpce-2b3c4d5e"],
        },
    }


def test_advice_is_granted_on_request(bedrock_guard: Commands) -> None:
    role = f"agent=arn:aws:iam::{ACCOUNT}:role/agents,model=us.{NOVA}"
    least = bedrock_guard(*HERE, "--model", NOVA, "--service-role", role).out
    more = bedrock_guard(*HERE, "--model", NOVA, "--service-role", role, "--with-advisory").out
    assert '"bedrock:GetInferenceProfile"' not in least
    assert '"bedrock:GetInferenceProfile"' in more


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_written(bedrock_guard: Commands, format_: str) -> None:
    ended = bedrock_guard(*HERE, "--operation", "retrieve", "--role", "app", "--trust", "lambda", "--format", format_)
    assert ended.code == 0
    assert "bedrock:Retrieve" in ended.out
    assert "lambda.amazonaws.com" in ended.out


def test_a_file_is_written_in_place_of_standard_output(bedrock_guard: Commands, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    ended = bedrock_guard(*POLICY, "--model", NOVA, "-o", str(path))
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"The policies are in {path}\n"
    assert json.loads(path.read_text(encoding="utf-8"))["Statement"][0]["Action"] == ["bedrock:InvokeModel"]


def test_what_is_written_lets_the_check_pass(bedrock_guard: Commands, tmp_path: Path) -> None:
    path = str(tmp_path / "policy.json")
    what = ("--model", f"us.{NOVA}", "--operation", "converse", "--capability", "knowledge-bases.query")
    assert bedrock_guard(*HERE, *what, "--restrict-region", "-q", "-o", path).code == 0
    ended = bedrock_guard(
        "check",
        "--region",
        "us-east-1",
        *what,
        "--policy-file",
        path,
        "--principal-arn",
        f"arn:aws:iam::{ACCOUNT}:role/app",
    )
    assert ended.code == 0, ended.out


def test_the_configuration_says_what_the_app_uses(
    bedrock_guard: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bedrock-guard.toml").write_text(f'models = ["{NOVA}"]\nregion = "us-west-2"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ended = bedrock_guard("policy", "-q")
    assert json.loads(ended.out)["Statement"][0]["Resource"] == [f"arn:aws:bedrock:us-west-2::foundation-model/{NOVA}"]


# -- the account ----------------------------------------------------------------------------------------------------


def test_an_account_that_nothing_tells_is_asked_for(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*POLICY, "--model", f"us.{NOVA}")
    assert (ended.code, ended.out) == (2, "")
    assert "BG504" in ended.err
    assert "--account" in ended.err


def test_the_principal_tells_account_and_role(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(
        *POLICY, "--model", f"us.{NOVA}", "--principal-arn", "arn:aws:iam::210987654321:role/svc/app", "--trust", "ecs"
    )
    (one,) = json.loads(ended.out)["sets"]
    assert one["role"] == "app"
    assert one["trust"]["Statement"][0]["Condition"]["StringEquals"] == {"aws:SourceAccount": "210987654321"}


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as running:
        yield running


def test_credentials_tell_the_account_and_where_profiles_lead(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    ended = bedrock_guard(*POLICY, "--model", f"us.{NOVA}")
    assert ended.code == 0, ended.err
    assert f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{NOVA}" in ended.out
    assert "is what Bedrock itself says" in ended.err


# -- the guard's own ------------------------------------------------------------------------------------------------


def own_actions(ended: Any) -> set[str]:
    return {action for statement in json.loads(ended.out)["Statement"] for action in statement["Action"]}


def test_the_guards_own_permissions_are_those_of_its_modes(bedrock_guard: Commands) -> None:
    own = (*HERE, "--role", "app", "--for-guard", "--action", "bedrock:ListAgents", "--evaluator", "simulator")
    ask = {"iam:GetContextKeysForPrincipalPolicy", "iam:GetRole", "iam:SimulatePrincipalPolicy"}
    assert own_actions(bedrock_guard(*own)) == ask
    assert own_actions(bedrock_guard(*own, "--live")) == {*ask, "iam:GetRequestAuthorizationDetails"}


# -- usage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--condition", "aws:SourceVpce"), "is not KEY=VALUE"),
        (("--condition", "aws:SourceVpcc=x"), "aws:SourceVpc"),
        (("--condition", "s3:prefix=x"), "no request of this app carries it"),
        (("--trust", "lamda"), "lambda"),
        (("--trust", "eks-irsa"), "service-account"),
        (("--account", "12"), "12 digits"),
        (("--role", "svc/app"), "not the name of a role"),
        (("--live",), "--for-guard"),
        (("--format", "yaml"), "terraform"),
        (("-o", "/nowhere/policy.json"), "there is no folder"),
    ],
)
def test_an_option_that_cannot_be_used_is_explained(
    bedrock_guard: Commands, options: tuple[str, ...], says: str
) -> None:
    ended = bedrock_guard(*POLICY, "--model", NOVA, *options)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


def test_nothing_declared_is_said(bedrock_guard: Commands) -> None:
    ended = bedrock_guard(*POLICY)
    assert ended.code == 2
    assert "BG504" in ended.err


# -- API keys -------------------------------------------------------------------------------------------------------


def test_what_calls_are_made_with_an_api_key_is_for_its_user(
    bedrock_guard: Commands, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their permissions are the user's; a policy of the role would grant nothing to them."""
    aws.user("kay", policies=[])
    for name, value in aws.environment(api_key=aws.api_keys.long_term("kay")).items():
        monkeypatch.setenv(name, value)
    ended = bedrock_guard(
        *POLICY, "--model", NOVA, "--operation", "converse", "--operation", "retrieve", "--role", "app"
    )
    app, user = json.loads(ended.out)["sets"]
    granted = [
        {action for statement in one["policies"][0]["document"]["Statement"] for action in statement["Action"]}
        for one in (app, user)
    ]
    assert granted == [{"bedrock:Retrieve"}, {"bedrock:CallWithBearerToken", "bedrock:InvokeModel"}]
    assert (user["role"], user["policies"][0]["name"]) == ("", "kay-bedrock")
    assert user["notes"][0].startswith(f"For the user arn:aws:iam::{ACCOUNT}:user/kay")
