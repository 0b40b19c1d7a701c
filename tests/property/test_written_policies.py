"""For any app: what is written allows each requirement and denies what is a step away from all of them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_guard.advice.policies import Holder, Narrowing, policy_set_of
from bedrock_guard.advice.policy_conditions import asked_conditions, region_of
from bedrock_guard.bedrock.capabilities import capabilities
from bedrock_guard.bedrock.catalogue import action_names, find_action, operations, resource_kind_of
from bedrock_guard.bedrock.profiles import destinations, known_profiles
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision
from bedrock_guard.iam.evaluate import Policies, Request, evaluate
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.policy_set import PolicySet
from bedrock_guard.report import Requirement
from bedrock_guard.requirements import Declaration, Where

ACCOUNT = "123456789012"
REGION = "us-east-1"
WHERE = Where("aws", REGION, ACCOUNT)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"

MODELS = ("amazon.nova-lite-v1:0", "amazon.titan-embed-text-v2:0", "anthropic.claude-3-haiku-20240307-v1:0")
PROFILES = tuple(one for one in known_profiles() if destinations(one, REGION) and not one.startswith("global."))
GLOBAL = tuple(one for one in known_profiles() if one.startswith("global."))
BASES = tuple(f"arn:aws:bedrock:{REGION}:{ACCOUNT}:knowledge-base/KB{number:08}" for number in range(6))
ROLES = tuple(f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("kb", "agents", "flows"))

declared = st.fixed_dictionaries(
    {
        "models": st.lists(st.sampled_from((*MODELS, *PROFILES, *GLOBAL)), max_size=4, unique=True),
        "operations": st.lists(st.sampled_from(sorted(operations())), max_size=6, unique=True),
        "capabilities": st.lists(st.sampled_from(sorted(capabilities())), max_size=3, unique=True),
        "actions": st.lists(st.tuples(st.just("bedrock:Retrieve"), st.sampled_from(BASES)), max_size=3, unique=True),
        "service_roles": st.lists(
            st.tuples(st.sampled_from(("knowledge-base", "agent", "flow", "batch-inference")), st.sampled_from(ROLES)),
            max_size=3,
            unique_by=lambda pair: pair[1],
        ).map(dict),
    }
)
"""What an app may say that it uses; whole requests are left out, the tasks of tests/tasks are such."""


def requirements_of(app: dict[str, Any]) -> list[Requirement]:
    if not any(app.values()):
        return []
    declaration = Declaration.of(**app)
    routes = {text: destinations(model.id, REGION) for text, model in declaration.all_models(WHERE) if model.routed}
    return [one for one in declaration.requirements(WHERE, routes) if not one.principal and not one.advisory]


def parsed(found: PolicySet) -> list[Policy]:
    return [parse_policy(json.dumps(one.document), name=one.name, kind=PolicyKind.MANAGED) for one in found.policies]


def allows(policies: Sequence[Policy], one: Requirement) -> bool:
    """Whether the policies allow a request that carries what the requirement says, and the Region that is called."""
    context = {key: values[0] if len(values) == 1 else values for key, values in one.context}
    context.setdefault("aws:RequestedRegion", region_of(one, REGION) or REGION)
    request = Request(ROLE, one.action, one.resource, Context(context), resource_account=ACCOUNT)
    return evaluate(request, Policies(identity=policies)).decision is Decision.ALLOWED


def near(one: Requirement) -> Iterator[Requirement]:
    """Requests that differ from one in a single thing: action, resource, its partition, Region or account, service."""
    for action in _neighbours(one.action):
        yield replace(one, action=action)
    head, slash, name = one.resource.rpartition("/")
    if slash and "*" not in name:
        yield replace(one, resource=f"{head}/{name}x")
        yield replace(one, resource=f"{head}/x{name}")
    fields = one.resource.split(":", 5)
    if len(fields) == 6:
        for at, other in ((1, "aws-cn"), (3, "ap-south-2"), (4, "999999999999")):
            if fields[at]:
                yield replace(one, resource=":".join([*fields[:at], other, *fields[at + 1 :]]))
    if one.action == "iam:PassRole":
        yield replace(one, context=(("iam:PassedToService", ("ec2.amazonaws.com",)),))
        yield replace(one, context=())


@cache
def _neighbours(action: str) -> tuple[str, ...]:
    """The actions before and after it in the reference, and those that people grant along with it."""
    names = action_names(action.partition(":")[0])
    if action not in names:
        return ()
    at = names.index(action)
    return tuple(one for one in (*names[max(0, at - 2) : at], *names[at + 1 : at + 3]) if one != action)


def is_needed(one: Requirement, needed: Sequence[Requirement]) -> bool:
    """Whether something that is needed is, or stands for, this very request."""
    return any(
        one.action == other.action
        and (other.resource in ("*", one.resource) or _stands_for(other, one))
        and (one.action != "iam:PassRole" or one.context == other.context)
        for other in needed
    )


def _stands_for(pattern: Requirement, one: Requirement) -> bool:
    """Whether a pattern of a kind, which has a star for each id and at times for Region or account, matches."""
    if "*" not in pattern.resource:
        return False
    kind = resource_kind_of(find_action(pattern.action), pattern.resource)
    fields, given = pattern.resource.split(":", 5), one.resource.split(":", 5)
    return (
        len(fields) == len(given) == 6
        and all(field in ("*", other) for field, other in zip(fields[:5], given[:5], strict=True))
        and (kind is None or given[5].partition("/")[0] == fields[5].partition("/")[0])
    )


@settings(max_examples=120, deadline=None)
@given(app=declared, restrict=st.booleans(), vpce=st.booleans())
def test_exactly_what_is_needed_is_allowed(app: dict[str, Any], restrict: bool, vpce: bool) -> None:
    needed = requirements_of(app)
    asked = asked_conditions({"aws:SourceVpce": "vpce-1a2b3c4d"} if vpce and needed else {}, {})
    made = policy_set_of(needed, Holder(), Narrowing(only_in=REGION if restrict else None, asked=asked))
    policies = parsed(made)
    through = (("aws:SourceVpce", ("vpce-1a2b3c4d",)),) if vpce else ()
    for one in needed:
        carried = replace(one, context=tuple(sorted((*one.context, *through))))
        assert allows(policies, carried), one
        if vpce and "aws:ViaAWSService" not in dict(one.context) and "kms:ViaService" not in dict(one.context):
            assert not allows(policies, one), f"from elsewhere: {one}"
        if restrict and region_of(one, REGION) is not None:
            elsewhere = {**dict(carried.context), "aws:RequestedRegion": ("nowhere-1",)}
            assert not allows(policies, replace(one, context=tuple(sorted(elsewhere.items())))), one
        for miss in near(one):
            if not is_needed(miss, needed):
                assert not allows(policies, replace(miss, context=tuple(sorted((*miss.context, *through))))), miss


@settings(max_examples=40, deadline=None)
@given(app=declared, restrict=st.booleans())
def test_no_action_or_resource_is_spare(app: dict[str, Any], restrict: bool) -> None:
    """Whatever pair is taken out of a statement, something that is needed is allowed no longer."""
    needed = requirements_of(app)
    made = policy_set_of(needed, Holder(), Narrowing(only_in=REGION if restrict else None))
    whole = [statement for one in made.policies for statement in one.document["Statement"]]
    for index, statement in enumerate(whole):
        resources = [statement["Resource"]] if statement["Resource"] == "*" else statement["Resource"]
        for action, resource in itertools.product(statement["Action"], resources):
            less = [*whole[:index], *_without(statement, action, resource), *whole[index + 1 :]]
            document = {"Version": "2012-10-17", "Statement": less}
            policies = [parse_policy(json.dumps(document), name="less", kind=PolicyKind.INPUT)] if less else []
            of_action = [one for one in needed if one.action == action]
            assert not all(allows(policies, one) for one in of_action), f"{action} on {resource} is spare"


def _without(statement: dict[str, Any], action: str, resource: str) -> Iterator[dict[str, Any]]:
    """The statement without one pair: the other actions on everything, this one on all but the resource."""
    actions = [one for one in statement["Action"] if one != action]
    if actions:
        yield {**statement, "Sid": "Others", "Action": actions}
    resources = [] if statement["Resource"] == "*" else [one for one in statement["Resource"] if one != resource]
    if resources:
        yield {**statement, "Sid": "OnTheRest", "Action": [action], "Resource": resources}


@settings(max_examples=60, deadline=None)
@given(app=declared, restrict=st.booleans(), seed=st.randoms(use_true_random=False))
def test_the_order_of_the_requirements_does_not_show(app: dict[str, Any], restrict: bool, seed: Random) -> None:
    needed = requirements_of(app)
    narrowing = Narrowing(only_in=REGION if restrict else None)
    shuffled = list(needed)
    seed.shuffle(shuffled)
    assert policy_set_of(shuffled, Holder(), narrowing).policies == policy_set_of(needed, Holder(), narrowing).policies
