"""The layers together: the order of AWS's documentation, and nothing moves a decision up again."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.policy import Policy, PolicyKind
from tests.iam.build import (
    ALLOW_ALL,
    ALLOW_NOTHING,
    DENY_ALL,
    OBJECT,
    ROLE,
    USER,
    decide,
    policy,
    resource_policy,
    statement,
)

RCP_DENY = policy(statement("Deny", Principal="*"), kind=PolicyKind.RCP, name="rcp")
ENDPOINT_DENY = policy(statement("Deny", Principal="*"), kind=PolicyKind.VPC_ENDPOINT, name="endpoint")
ENDPOINT_NOTHING = policy(statement(action="a:B", Principal="*"), kind=PolicyKind.VPC_ENDPOINT, name="endpoint")
OWN_DENY = resource_policy(statement("Deny", Principal="*"))


def test_nothing_is_allowed_without_an_allow() -> None:
    """The default is an implicit deny of the identity policies."""
    found = decide()
    assert (found.decision, found.layer) == (Decision.IMPLICIT_DENY, Layer.IDENTITY)
    assert found.layers[Layer.IDENTITY].matched == ()


def test_a_deny_beats_every_allow() -> None:
    """Whichever policy it stands in."""
    found = decide(ALLOW_ALL, DENY_ALL, ALLOW_ALL)
    assert (found.decision, found.layer) == (Decision.EXPLICIT_DENY, Layer.IDENTITY)
    assert [match.policy.name for match in found.layers[Layer.IDENTITY].matched] == ["deny all"]


DENIED: list[tuple[dict[str, Any], Decision, Layer]] = [
    ({"boundary": DENY_ALL}, Decision.EXPLICIT_DENY, Layer.BOUNDARY),
    ({"boundary": ALLOW_NOTHING}, Decision.IMPLICIT_DENY, Layer.BOUNDARY),
    ({"scps": [[DENY_ALL, ALLOW_ALL]]}, Decision.EXPLICIT_DENY, Layer.SCP),
    ({"scps": [[ALLOW_NOTHING]]}, Decision.IMPLICIT_DENY, Layer.SCP),
    ({"rcps": [[RCP_DENY]]}, Decision.EXPLICIT_DENY, Layer.RCP),
    ({"session": [DENY_ALL]}, Decision.EXPLICIT_DENY, Layer.SESSION),
    ({"session": [ALLOW_NOTHING]}, Decision.IMPLICIT_DENY, Layer.SESSION),
    ({"vpc_endpoint": ENDPOINT_DENY}, Decision.EXPLICIT_DENY, Layer.VPC_ENDPOINT),
    ({"vpc_endpoint": ENDPOINT_NOTHING}, Decision.IMPLICIT_DENY, Layer.VPC_ENDPOINT),
    ({"own": OWN_DENY}, Decision.EXPLICIT_DENY, Layer.RESOURCE),
]


@pytest.mark.parametrize(("layers", "decision", "layer"), DENIED)
def test_every_layer_can_deny_what_the_identity_policies_allow(
    layers: dict[str, Any], decision: Decision, layer: Layer
) -> None:
    """The layer that denied is named, and its own decision is the reason."""
    found = decide(ALLOW_ALL, **layers)
    assert (found.decision, found.layer) == (decision, layer)
    assert found.layers[layer].decision is decision
    assert found.layers[Layer.IDENTITY].decision is Decision.ALLOWED


@pytest.mark.parametrize("layers", [case[0] for case in DENIED])
def test_no_layer_allows_what_the_identity_policies_deny(layers: dict[str, Any]) -> None:
    """A decision only moves down."""
    assert decide(DENY_ALL, **layers).decision is Decision.EXPLICIT_DENY
    assert decide(**layers).decision is not Decision.ALLOWED


def test_an_explicit_deny_is_named_before_an_implicit_one_of_an_earlier_layer() -> None:
    """Denies are looked for in all policies first."""
    found = decide(ALLOW_ALL, scps=[[ALLOW_NOTHING]], boundary=DENY_ALL)
    assert (found.decision, found.layer) == (Decision.EXPLICIT_DENY, Layer.BOUNDARY)


def test_the_layers_are_named_in_the_order_of_the_documentation() -> None:
    """RCP, SCP, VPC endpoint, the resource's policy, identity, boundary, session."""
    layers: dict[str, Any] = {
        "rcps": [[RCP_DENY]],
        "scps": [[DENY_ALL]],
        "vpc_endpoint": ENDPOINT_DENY,
        "own": OWN_DENY,
        "boundary": DENY_ALL,
        "session": [DENY_ALL],
    }
    order = []
    while layers:
        found = decide(ALLOW_ALL, **layers)
        order.append(found.layer)
        layers.pop(next(iter(layers)))
    assert order == [
        Layer.RCP,
        Layer.SCP,
        Layer.VPC_ENDPOINT,
        Layer.RESOURCE,
        Layer.BOUNDARY,
        Layer.SESSION,
    ]


def test_every_level_of_service_control_policies_has_to_allow() -> None:
    """Within a level one Allow is enough; a level without one denies."""
    models = policy(statement(action="bedrock:*"))
    assert decide(ALLOW_ALL, scps=[[ALLOW_ALL], [ALLOW_NOTHING, models], [ALLOW_ALL]]).decision is Decision.ALLOWED
    for level in ([ALLOW_NOTHING], []):
        found = decide(ALLOW_ALL, scps=[[ALLOW_ALL], level, [ALLOW_ALL]])
        assert (found.decision, found.layer) == (Decision.IMPLICIT_DENY, Layer.SCP)


def test_resource_control_policies_can_only_deny() -> None:
    """AWS's own RCPFullAWSAccess is always attached, so a level without an Allow denies nothing."""
    scoped = policy(statement("Deny", "s3:*", Principal="*"), kind=PolicyKind.RCP)
    found = decide(ALLOW_ALL, rcps=[[scoped], []])
    assert found.decision is Decision.ALLOWED
    assert found.layers[Layer.RCP].decision is Decision.ALLOWED


def test_the_policies_of_a_session_are_one_set() -> None:
    """Inline text and managed policies of AssumeRole add up; none of them is no limit."""
    models = policy(statement(action="bedrock:*"))
    assert decide(ALLOW_ALL, session=[ALLOW_NOTHING, models]).decision is Decision.ALLOWED
    assert Layer.SESSION not in decide(ALLOW_ALL, session=[]).layers
    assert Layer.SESSION not in decide(ALLOW_ALL, session=None).layers


def test_only_layers_that_apply_are_listed() -> None:
    """A layer that is not there has no decision."""
    assert set(decide(ALLOW_ALL).layers) == {Layer.IDENTITY}
    assert set(decide(ALLOW_ALL, boundary=ALLOW_ALL, scps=[[ALLOW_ALL]]).layers) == {
        Layer.SCP,
        Layer.IDENTITY,
        Layer.BOUNDARY,
    }


def test_all_statements_that_decided_are_listed_with_their_place() -> None:
    """Allows of an allow, Denies of a deny, policy and position with each."""
    first = policy(
        statement(Sid="A"), statement(action="s3:*", Sid="B"), statement(action="bedrock:*", Sid="C"), name="one"
    )
    second = policy(statement(resource="arn:aws:bedrock:*::foundation-model/*", Sid="D"), name="two")
    matched = decide(first, second).layers[Layer.IDENTITY].matched
    assert [(m.policy.name, m.statement.sid, m.statement.index) for m in matched] == [
        ("one", "A", 0),
        ("one", "C", 2),
        ("two", "D", 0),
    ]


@pytest.mark.parametrize(
    ("elements", "action", "matches"),
    [
        ({"action": "bedrock:InvokeModel"}, "bedrock:InvokeModel", True),
        ({"action": "BEDROCK:invokemodel"}, "bedrock:InvokeModel", True),
        ({"action": "bedrock:InvokeModel"}, "BedRock:INVOKEMODEL", True),
        ({"action": "bedrock:Invoke*"}, "bedrock:InvokeModelWithResponseStream", True),
        ({"action": "bedrock:Invoke*"}, "bedrock-runtime:InvokeModel", False),
        ({"action": "bedrock:*Model"}, "bedrock:InvokeModel", True),
        ({"action": "bedrock:Invoke?odel"}, "bedrock:InvokeModel", True),
        ({"action": "*"}, "made-up:Thing", True),
        ({"action": "*:*"}, "bedrock:InvokeModel", True),
        ({"action": "*:Invoke*"}, "bedrock:InvokeModel", True),
        ({"action": ["s3:*", "bedrock:Get*"]}, "bedrock:InvokeModel", False),
        ({"action": "bedrock:InvokeModel"}, "bedrock:*", False),
        ({"action": None, "NotAction": "s3:*"}, "bedrock:InvokeModel", True),
        ({"action": None, "NotAction": ["s3:*", "bedrock:INVOKE*"]}, "bedrock:InvokeModel", False),
        ({"action": None, "NotAction": "*"}, "bedrock:InvokeModel", False),
    ],
)
def test_actions_have_no_case_and_may_have_wildcards(elements: dict[str, Any], action: str, matches: bool) -> None:
    """NotAction means all others; an action that is asked for is taken as it is."""
    found = decide(policy(statement(**elements)), action=action)
    assert (found.decision is Decision.ALLOWED) is matches


@pytest.mark.parametrize(
    ("elements", "resource", "matches"),
    [
        ({"resource": "*"}, "*", True),
        ({"resource": OBJECT}, "*", False),
        ({"resource": OBJECT}, OBJECT, True),
        ({"resource": OBJECT.replace("key", "Key")}, OBJECT, False),
        ({"resource": ["arn:aws:s3:::other", "arn:aws:s3:::bucket/*"]}, OBJECT, True),
        ({"resource": None, "NotResource": "*"}, OBJECT, False),
        ({"resource": None, "NotResource": ["arn:aws:s3:::other/*"]}, OBJECT, True),
        ({"resource": None, "NotResource": ["arn:aws:s3:::other/*", "arn:aws:s3:::buck*"]}, OBJECT, False),
        ({"resource": None, "NotResource": OBJECT}, "*", True),
    ],
)
def test_resources_have_case(elements: dict[str, Any], resource: str, matches: bool) -> None:
    """NotResource means all others; ``*`` asked for is the resource of an action that has none."""
    found = decide(policy(statement(**elements)), resource=resource)
    assert (found.decision is Decision.ALLOWED) is matches


def test_two_policies_of_one_text_are_two_matches() -> None:
    """Nothing is merged behind the reader's back."""
    twin: Policy = policy(statement(), name="twin")
    assert len(decide(twin, twin).layers[Layer.IDENTITY].matched) == 2


def test_best_and_worst_agree_when_everything_is_known() -> None:
    """Without unknown keys there is one answer."""
    for layers in ({}, {"boundary": ALLOW_NOTHING}, {"session": [DENY_ALL]}):
        found = decide(ALLOW_ALL, principal=USER, **layers)
        assert found.best is found.worst is found.decision
        assert found.depends_on == ()


def test_the_principal_of_an_endpoint_policy_counts() -> None:
    """An endpoint policy that names somebody else allows nothing."""
    others = policy(statement(Principal={"AWS": USER}), kind=PolicyKind.VPC_ENDPOINT)
    assert decide(ALLOW_ALL, principal=ROLE, vpc_endpoint=others).layer is Layer.VPC_ENDPOINT
    assert decide(ALLOW_ALL, principal=USER, vpc_endpoint=others).decision is Decision.ALLOWED
