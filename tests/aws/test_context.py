"""What is known of a request is supplied, and what nobody can know is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bedrock_guard.aws.context import as_entries, checked_context, normalise_context, request_context, unknown_keys
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Principal, PrincipalType, Requirement

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=timezone.utc)
ROLE = Principal(
    "arn:aws:sts::123456789012:assumed-role/app/x",
    PrincipalType.ROLE_SESSION,
    "123456789012",
    user_id="AROAX:x",
)
INVOKE = Requirement(
    "bedrock:InvokeModel",
    "arn:aws:bedrock:us-west-2::foundation-model/x",
    (("aws:RequestedRegion", ("us-west-2",)),),
)

KB = Requirement("bedrock:Retrieve", "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB1")


def context(
    given: dict[str, tuple[str, ...]] | None = None, tags: dict[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    return request_context(INVOKE, principal=ROLE, region="us-east-1", now=NOW, given=given or {}, tags=tags or {})


def test_the_keys_that_make_region_and_transport_locks_fire_are_always_supplied() -> None:
    """An absent key satisfies a negated operator, so a Deny on StringNotEquals fires without it."""
    found = context()
    assert found["aws:RequestedRegion"] == ("us-west-2",), "the destination's Region, not the app's"
    assert found["aws:SecureTransport"] == ("true",)
    assert found["aws:ViaAWSService"] == ("false",)
    assert found["aws:PrincipalIsAWSService"] == ("false",)
    assert found["aws:CurrentTime"] == ("2026-11-24T10:00:00Z",)
    assert found["aws:userid"] == ("AROAX:x",)


def test_the_callers_own_context_wins_over_what_holds_for_every_request_whatever_its_case() -> None:
    found = context({"AWS:securetransport": ("false",), "aws:SourceVpce": ("vpce-1",)})
    assert [v for k, v in found.items() if k.lower() == "aws:securetransport"] == [("false",)]
    assert found["aws:SourceVpce"] == ("vpce-1",)


def test_what_the_service_sets_for_one_authorization_wins_over_the_callers_own_context() -> None:
    """A profile's destinations differ in their Region: one value of the caller would answer for all of them."""
    found = context({"AWS:requestedregion": ("us-east-1",)})
    assert [v for k, v in found.items() if k.lower() == "aws:requestedregion"] == [("us-west-2",)]


def test_a_key_that_the_request_lacks_is_sent_to_nobody_and_known() -> None:
    lacking = replace(INVOKE, context=(*INVOKE.context, ("bedrock:GuardrailIdentifier", ())))
    found = request_context(lacking, principal=ROLE, region="us-east-1", now=NOW, given={}, tags={})
    assert "bedrock:GuardrailIdentifier" not in {entry["ContextKeyName"] for entry in as_entries(found)}
    assert unknown_keys(["bedrock:guardrailidentifier"], requirement=lacking, supplied=found) == ()


def test_where_the_request_says_its_tags_the_others_are_absent() -> None:
    create = Requirement("bedrock:CreateAgent", "*", (("aws:RequestTag/team", ("a",)), ("aws:TagKeys", ("team",))))
    used = ["aws:RequestTag/team", "aws:RequestTag/cost", "aws:TagKeys"]
    given = {"aws:RequestTag/cost": ("1",)}
    found = request_context(create, principal=ROLE, region="us-east-1", now=NOW, given=given, tags={})
    assert "aws:RequestTag/cost" not in found, "the request carries what its parameters say"
    assert unknown_keys(used, requirement=create, supplied=found) == ()
    assert unknown_keys(used, requirement=replace(create, context=()), supplied=()) == tuple(
        sorted(used, key=str.lower)
    )


def test_a_context_that_contradicts_everything_that_sets_its_key_is_refused() -> None:
    other = {"bedrock:InferenceProfileArn": ("arn:b",)}
    through = replace(INVOKE, context=(("bedrock:InferenceProfileArn", ("arn:a",)),))
    with pytest.raises(ConfigurationError, match="bedrock:InferenceProfileArn"):
        checked_context(other, [through, KB], region="us-east-1")
    (note,) = checked_context(other, [KB], region="us-east-1")
    assert "no request that was asked about carries it" in note.text, "nothing sets it, and nothing carries it"
    assert checked_context({"bedrock:inferenceprofilearn": ("arn:a",)}, [through], region="us-east-1") == ()


def test_a_context_that_contradicts_some_of_what_sets_its_key_is_noted() -> None:
    one = replace(INVOKE, context=(("bedrock:GuardrailIdentifier", ("arn:g",)),), reasons=("Converse",))
    bare = replace(INVOKE, context=(("bedrock:GuardrailIdentifier", ()),), reasons=("InvokeModel",))
    (note,) = checked_context({"bedrock:GuardrailIdentifier": ("arn:g",)}, [one, bare, KB], region="us-east-1")
    assert note.code == "BG504"
    assert "InvokeModel" in note.text
    assert "leaves it out" in note.text


def test_a_key_that_the_request_cannot_carry_is_not_taken_from_the_caller() -> None:
    """A policy that asks for it would be taken as met, and AWS denies the call."""
    given: dict[str, tuple[str, ...]] = {
        "bedrock:InlineAgentName": ("helper",),
        "s3:prefix": ("docs/",),
        "bedrock:ServiceTier": ("flex",),
        "aws:ResourceTag/team": ("a",),
        "saml:sub": ("x",),
        "token.actions.githubusercontent.com:sub": ("repo:a/b",),
    }
    carried = given.keys() & context(given).keys()
    assert carried == given.keys() - {"bedrock:InlineAgentName", "s3:prefix"}
    notes = checked_context(given, [INVOKE, KB], region="us-east-1")
    assert [note.text.split()[1] for note in notes] == ["bedrock:InlineAgentName", "s3:prefix"]


def test_what_is_asked_on_every_resource_may_carry_the_keys_of_each_kind() -> None:
    anything = [Requirement("s3:GetObject", "*"), Requirement("secretsmanager:GetSecretValue", "*")]
    given = {"s3:ExistingObjectTag/a": ("b",), "secretsmanager:ResourceTag/team": ("a",)}
    assert checked_context(given, anything, region="us-east-1") == ()


@pytest.mark.parametrize("region", ["us-west-2", "unspecified"])
def test_another_region_than_the_one_that_is_called_is_named_by_region_and_not_by_the_context(region: str) -> None:
    """Even where a destination of a profile has it: it would answer for the others."""
    with pytest.raises(ConfigurationError, match="region="):
        checked_context({"aws:requestedRegion": (region,)}, [INVOKE], region="us-east-1")
    assert checked_context({"aws:RequestedRegion": ("us-east-1",)}, [INVOKE], region="us-east-1") == ()
    assert checked_context({"aws:RequestedRegion": (region,)}, [INVOKE], region=None) == (), "not known yet"


def test_each_entry_has_the_type_of_its_key() -> None:
    entries = {e["ContextKeyName"]: e["ContextKeyType"] for e in as_entries(context({"aws:TagKeys": ("a", "b")}))}
    assert entries["aws:SecureTransport"] == "boolean"
    assert entries["aws:CurrentTime"] == "date"
    assert entries["aws:RequestedRegion"] == "string"
    assert entries["aws:TagKeys"] == "stringList"


def unknown(*used: str, supplied: tuple[str, ...] = ()) -> tuple[str, ...]:
    return unknown_keys(used, requirement=INVOKE, supplied=supplied)


def test_a_key_that_nobody_supplied_and_the_request_may_carry_is_unknown() -> None:
    assert unknown("aws:SourceVpce", "AWS:sourcevpce", "aws:SourceIp", supplied=("aws:sourceip",)) == (
        "aws:SourceVpce",
    )
    assert unknown("bedrock:ServiceTier", "bedrock:GuardrailIdentifier") != ()
    assert unknown("aws:PrincipalTag/Cost Center") == ("aws:PrincipalTag/Cost Center",), "a tag key may hold spaces"
    assert unknown("aws:RequestTag/team", "aws:TagKeys") == ("aws:RequestTag/team", "aws:TagKeys")
    assert unknown("lambda:SourceFunctionArn", "oidc.eks.us-east-1.amazonaws.com/id/X:aud") != ()


def test_a_key_that_this_request_cannot_carry_is_known_to_be_absent() -> None:
    """A condition of some S3 statement of the role must not make the answer about Bedrock uncertain."""
    assert unknown("s3:prefix", "kms:ViaService", "ec2:InstanceType") == ()
    assert unknown("bedrock:InlineAgentName") == (), "a key of another action"
    assert unknown("aws:CalledVia", "aws:SourceArn") == ()
    assert unknown("bedrock:InferenceProfileArn") == (), "the app calls the model itself"
    assert unknown("aws:ResourceTag/team") == (), "the action takes no resource tags"
    assert unknown("aws:PrincipalAccount", "aws:username") == (), "the simulator fills these in"


def test_junk_that_the_service_reports_as_keys_is_passed_over() -> None:
    """GetContextKeysForPrincipalPolicy returns `*`, `?` and `$` from escaped literals (recorded 2026-09)."""
    assert unknown("*", "?", "$", "", "nocolon") == ()


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({"SourceVpce": "x"}, "SourceVpce"),
        ({"aws:SourceVpce": ""[:0] or []}, "aws:SourceVpce"),
        ({"aws:SourceVpce": object()}, "aws:SourceVpce"),
        ({"aws:SourceVpce": "x", "AWS:sourcevpce": "y"}, "same key"),
    ],
)
def test_a_context_that_cannot_be_used_is_refused_by_name(context: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        normalise_context(context)  # type: ignore[arg-type]


def test_booleans_and_numbers_become_the_text_that_policies_compare() -> None:
    assert normalise_context({"aws:MultiFactorAuthPresent": True, "aws:MultiFactorAuthAge": 60}) == {
        "aws:MultiFactorAuthPresent": ("true",),
        "aws:MultiFactorAuthAge": ("60",),
    }
