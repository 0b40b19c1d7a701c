"""Keys that nobody knows: "allowed if aws:SourceVpce is …" is told apart from allowed and from denied."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.iam.context import Absent, Context, Unknown
from bedrock_guard.iam.decision import Decision, Layer
from tests.iam.build import (
    ALLOW_ALL,
    ALLOW_NOTHING,
    DENY_ALL,
    OBJECT,
    SESSION,
    decide,
    policy,
    resource_policy,
    statement,
)

VPCE = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
TEAM = {"StringEquals": {"aws:PrincipalTag/team": "ml"}}
ALLOW_FROM_VPCE = policy(statement(Condition=VPCE), name="allow from vpce")
DENY_ELSEWHERE = policy(statement("Deny", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), name="deny")
UNKNOWN = ("aws:SourceVpce", "aws:PrincipalTag/*")


def test_an_allow_that_hangs_on_an_unknown_key_is_unverified() -> None:
    """With the key that it hangs on, the best and the worst there can be, and the statement."""
    found = decide(ALLOW_FROM_VPCE, unknown=UNKNOWN)
    assert found.decision is Decision.UNVERIFIED
    assert found.depends_on == ("aws:SourceVpce",)
    assert (found.best, found.worst) == (Decision.ALLOWED, Decision.IMPLICIT_DENY)
    assert found.layer is Layer.IDENTITY
    layer = found.layers[Layer.IDENTITY]
    assert layer.decision is Decision.UNVERIFIED
    assert [match.policy.name for match in layer.matched] == ["allow from vpce"]


def test_a_deny_that_hangs_on_an_unknown_key_is_unverified() -> None:
    """Never allowed, as IAM's simulator calls it when the key was not handed in."""
    found = decide(ALLOW_ALL, DENY_ELSEWHERE, unknown=UNKNOWN)
    assert (found.decision, found.depends_on) == (Decision.UNVERIFIED, ("aws:SourceVpce",))
    assert (found.best, found.worst) == (Decision.ALLOWED, Decision.EXPLICIT_DENY)


def test_a_key_that_is_known_or_absent_leaves_no_doubt() -> None:
    """A supplied key is never unknown; a key that no pattern names is absent."""
    assert decide(ALLOW_FROM_VPCE, context={"aws:sourcevpce": "vpce-1"}, unknown="*").decision is Decision.ALLOWED
    assert decide(ALLOW_FROM_VPCE, context={"AWS:SourceVPCE": []}, unknown="*").decision is Decision.IMPLICIT_DENY
    assert decide(ALLOW_FROM_VPCE, unknown=["aws:SourceVpc"]).decision is Decision.IMPLICIT_DENY
    assert decide(ALLOW_FROM_VPCE, unknown=["AWS:sourcevpc*"]).decision is Decision.UNVERIFIED


@pytest.mark.parametrize(
    ("identity", "layers", "decision", "layer"),
    [
        ([ALLOW_ALL, ALLOW_FROM_VPCE], {}, Decision.ALLOWED, None),
        ([ALLOW_FROM_VPCE, DENY_ALL], {}, Decision.EXPLICIT_DENY, Layer.IDENTITY),
        ([DENY_ELSEWHERE], {}, Decision.IMPLICIT_DENY, Layer.IDENTITY),
        ([ALLOW_FROM_VPCE], {"boundary": ALLOW_NOTHING}, Decision.IMPLICIT_DENY, Layer.BOUNDARY),
        (
            [ALLOW_ALL],
            {"boundary": ALLOW_NOTHING, "session": [ALLOW_FROM_VPCE]},
            Decision.IMPLICIT_DENY,
            Layer.BOUNDARY,
        ),
        ([ALLOW_FROM_VPCE], {"scps": [[DENY_ALL]]}, Decision.EXPLICIT_DENY, Layer.SCP),
    ],
)
def test_what_no_value_could_change_is_decided(
    identity: list[Any], layers: dict[str, Any], decision: Decision, layer: Layer | None
) -> None:
    """Denied whatever the key is, is denied; allowed whatever it is, is allowed."""
    found = decide(*identity, unknown=UNKNOWN, **layers)
    assert (found.decision, found.layer, found.depends_on) == (decision, layer, ())


def test_a_denial_whose_kind_is_open_is_the_milder_one() -> None:
    """Denied in any case, explicitly at worst."""
    found = decide(DENY_ELSEWHERE, unknown=UNKNOWN)
    assert (found.decision, found.best, found.worst) == (
        Decision.IMPLICIT_DENY,
        Decision.IMPLICIT_DENY,
        Decision.EXPLICIT_DENY,
    )


def _if(**keys: str) -> Any:
    """An Allow under StringEquals conditions; the names are made keys of aws."""
    return policy(statement(Condition={"StringEquals": {f"aws:{key}": value for key, value in keys.items()}}))


def _allow(**elements: Any) -> Any:
    return policy(statement(**elements))


ANOTHER_SPELLING = _allow(Condition={"StringEquals": {"AWS:sourcevpce": "x"}})
BY_TEAM = _allow(Condition=TEAM)
TIPPING: list[tuple[list[Any], dict[str, Any], tuple[str, ...]]] = [
    ([_if(SourceVpce="v", SecureTransport="true")], {}, ()),
    ([_if(SourceVpce="v", PrincipalOrgID="o")], {}, ("aws:SourceVpce", "aws:PrincipalOrgID")),
    ([_allow(action="s3:*", Condition=TEAM), ALLOW_FROM_VPCE], {}, ("aws:SourceVpce",)),
    ([ALLOW_ALL, BY_TEAM, DENY_ELSEWHERE], {}, ("aws:SourceVpce",)),
    ([ALLOW_FROM_VPCE], {"boundary": BY_TEAM}, ("aws:SourceVpce", "aws:PrincipalTag/team")),
    ([ALLOW_FROM_VPCE, ANOTHER_SPELLING], {}, ("aws:SourceVpce",)),
    ([ALLOW_ALL], {"scps": [[ALLOW_ALL, ALLOW_FROM_VPCE], [BY_TEAM]]}, ("aws:PrincipalTag/team",)),
    ([_allow(resource="arn:aws:bedrock:*::*/${aws:PrincipalTag/m}*")], {}, ("aws:PrincipalTag/m",)),
    ([_if(RequestedRegion="${aws:PrincipalTag/r}")], {}, ("aws:PrincipalTag/r",)),
    ([_if(RequestedRegion="${aws:PrincipalTag/r}", SourceIp="${aws:username}")], {}, ()),
    ([_allow(Condition={"Null": {"aws:SourceVpce": "false"}})], {}, ("aws:SourceVpce",)),
    ([_allow(Condition={"ForAllValues:StringEquals": {"aws:SourceVpce": "x"}})], {}, ("aws:SourceVpce",)),
    ([_allow(Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "${aws:SourceVpce}"}})], {}, ("aws:SourceVpce",)),
]


@pytest.mark.parametrize(("identity", "layers", "keys"), TIPPING)
def test_only_keys_that_can_tip_the_answer_are_named(
    identity: list[Any], layers: dict[str, Any], keys: tuple[str, ...]
) -> None:
    """As the policies write them, once each; not those of statements that are settled without them."""
    context = {"aws:RequestedRegion": "us-east-1", "aws:TagKeys": ["a", "b"]}
    found = decide(*identity, unknown=[*UNKNOWN, "aws:PrincipalOrgID"], context=context, **layers)
    assert found.depends_on == keys
    assert (found.decision is Decision.UNVERIFIED) is bool(keys)


def test_a_value_that_matches_anyway_needs_no_variable() -> None:
    """One value that fits is enough, whatever the unknown one beside it is."""
    made = policy(
        statement(
            resource=["arn:aws:s3:::${aws:PrincipalTag/x}", "arn:aws:s3:::bucket/*"],
            Condition={"StringEquals": {"aws:RequestedRegion": ["${aws:PrincipalTag/y}", "us-east-1"]}},
        )
    )
    found = decide(made, resource=OBJECT, unknown=UNKNOWN, context={"aws:RequestedRegion": "us-east-1"})
    assert found.decision is Decision.ALLOWED


def test_a_condition_that_holds_with_and_without_the_key_is_met() -> None:
    """StringLikeIfExists with a star says nothing."""
    made = policy(statement(Condition={"StringLikeIfExists": {"aws:SourceVpce": "*"}}))
    assert decide(made, unknown=UNKNOWN).decision is Decision.ALLOWED
    made = policy(statement(Condition={"StringLike": {"aws:SourceVpce": "*"}}))
    assert decide(made, unknown=UNKNOWN).decision is Decision.UNVERIFIED


def test_a_resource_policy_that_names_the_session_settles_the_other_layers() -> None:
    """What boundary and identity policies hang on does not matter then, but their Denies do."""
    own = resource_policy(statement(Principal={"AWS": SESSION}))
    ask: dict[str, Any] = {
        "principal": SESSION,
        "action": "s3:GetObject",
        "resource": OBJECT,
        "own": own,
        "unknown": UNKNOWN,
    }
    assert decide(ALLOW_FROM_VPCE, **ask, boundary=policy(statement(Condition=TEAM))).decision is Decision.ALLOWED
    assert decide(DENY_ELSEWHERE, **ask).depends_on == ("aws:SourceVpce",)


def test_a_layer_that_the_others_settle_names_no_keys() -> None:
    """What the identity policies allow does not matter once the session is named; a Deny of the boundary does."""
    found = decide(
        ALLOW_FROM_VPCE,
        principal=SESSION,
        action="s3:GetObject",
        resource=OBJECT,
        own=resource_policy(statement(Principal={"AWS": SESSION})),
        boundary=policy(statement("Deny", Condition=TEAM)),
        unknown=UNKNOWN,
    )
    assert (found.decision, found.depends_on) == (Decision.UNVERIFIED, ("aws:PrincipalTag/team",))


def test_a_text_with_an_absent_variable_has_no_value_whatever_the_unknown_one_is() -> None:
    """Supplying the unknown key could not help."""
    made = policy(statement(resource="arn:aws:s3:::${aws:PrincipalTag/bucket}/${aws:username}"))
    found = decide(made, resource=OBJECT, unknown=UNKNOWN)
    assert (found.decision, found.depends_on) == (Decision.IMPLICIT_DENY, ())


def test_reach_can_hang_on_an_unknown_key() -> None:
    """The statement that names the session may or may not match; the one for everybody is limited by the boundary."""
    own = resource_policy(statement(Principal="*"), statement(Principal={"AWS": SESSION}, Condition=VPCE))
    found = decide(
        principal=SESSION, action="s3:GetObject", resource=OBJECT, own=own, unknown=UNKNOWN, boundary=ALLOW_NOTHING
    )
    assert (found.decision, found.depends_on, found.layer) == (Decision.UNVERIFIED, ("aws:SourceVpce",), Layer.BOUNDARY)


def test_the_context_keeps_single_and_multivalued_keys_apart() -> None:
    """Lookups are by lower case; what is in neither list is absent."""
    context = Context({"aws:A": "x", "aws:B": ["y"], "aws:C": []}, unknown=["aws:*", "bedrock:Inference*"])
    assert context.lookup("aws:a") == "x"
    assert context.lookup("aws:b") == ("y",)
    assert context.lookup("aws:c") is Absent.ABSENT
    assert context.lookup("aws:d") is Unknown.UNKNOWN
    assert context.lookup("bedrock:inferenceprofilearn") is Unknown.UNKNOWN
    assert context.lookup("s3:prefix") is Absent.ABSENT


def test_of_two_spellings_of_a_key_the_later_wins() -> None:
    """So that what a caller adds replaces what was filled in."""
    assert Context({"aws:username": "filled in", "AWS:UserName": "given"}).lookup("aws:username") == "given"


def test_contexts_compare_by_what_was_given() -> None:
    """What was looked up in between does not count."""
    first, second = Context({"aws:a": "1"}, ["aws:b"]), Context({"aws:a": "1"}, ["aws:b"])
    first.lookup("aws:b")
    assert first == second
    assert first != Context({"aws:a": "1"})
    assert first != {"aws:a": "1"}
    assert repr(first) == "Context({'aws:a': '1'}, unknown=('aws:b',))"
