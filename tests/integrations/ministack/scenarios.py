"""The scenarios, each with AWS's answer by its documentation, and by name those that ministack cannot judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.integrations.ministack.principals import (
    INVOKE,
    MODEL,
    STREAM,
    Document,
    Holder,
    Scenario,
    allow,
    deny,
    document,
)

__all__ = ["ENFORCEMENT_CANNOT", "SCENARIOS", "SIMULATOR_CANNOT", "UNDECIDED"]

ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
PROFILE = f"us.{MODEL}"
BOTH = (INVOKE, STREAM)
NONE = ()
ALL = document(allow("bedrock:*"))
LOOPBACK = {"aws:SourceIp": "127.0.0.1"}
TEAM = "a+b c/d=e@f"


def _inline(*statements: Document) -> Holder:
    return Holder(inline=[document(*statements)])


def _if(condition: Mapping[str, Any], **options: Any) -> Scenario:
    """A role that is allowed under a condition."""
    return Scenario(own=_inline(allow("bedrock:Invoke*", Condition=condition)), **options)


def _unless(condition: Mapping[str, Any], **options: Any) -> Scenario:
    """A role that is allowed, and denied under a condition."""
    own = _inline(allow("bedrock:*"), deny("bedrock:InvokeModel", Condition=condition))
    return Scenario(own=own, **options)


_READING = (
    Scenario("no policy", NONE),
    Scenario("a user without a policy", NONE, kind="user"),
    Scenario("role, inline", BOTH, Holder(inline=[ALL])),
    Scenario("role, managed", BOTH, Holder(managed=[[ALL]])),
    Scenario("user, inline", BOTH, Holder(inline=[ALL]), kind="user"),
    Scenario("user, managed", BOTH, Holder(managed=[[ALL]]), kind="user"),
    Scenario("group, inline", BOTH, kind="user", groups=[Holder(), Holder(inline=[ALL])]),
    Scenario("group, managed", BOTH, kind="user", groups=[Holder(managed=[[ALL]]), Holder()]),
    Scenario(
        "a group's deny beats the user's allow", (STREAM,), Holder(inline=[ALL]), kind="user",
        groups=[_inline(deny("bedrock:InvokeModel"))],
    ),
    Scenario("the default version counts", BOTH, Holder(managed=[[document(deny("*")), ALL]])),
    Scenario("an older version does not count", NONE, Holder(managed=[[ALL, document(allow("s3:*"))]])),
    Scenario("AWS managed", BOTH, Holder(attached=["arn:aws:iam::aws:policy/AdministratorAccess"])),
    Scenario("AWS managed, read only", NONE, Holder(attached=["arn:aws:iam::aws:policy/ReadOnlyAccess"])),
    Scenario(
        "many policies, the last one denies", (INVOKE,),
        Holder(
            inline=[*[document(allow("s3:*"))] * 12, ALL],
            managed=[*[[document(allow("ec2:*"))]] * 8, [document(deny("bedrock:InvokeModelWith*"))]],
        ),
    ),
    Scenario("role, path", BOTH, Holder(inline=[ALL], managed=[[ALL]]), path="/svc/team/"),
    Scenario(
        "user, path", (INVOKE,), Holder(inline=[ALL]), kind="user", path="/svc/team/",
        groups=[Holder(managed=[[document(deny("bedrock:InvokeModelWith*"))]])],
    ),
)  # fmt: skip

_LANGUAGE = (
    Scenario("one action", (INVOKE,), _inline(allow("bedrock:InvokeModel", ARN))),
    Scenario("actions have no case", (INVOKE,), _inline(allow("BEDROCK:invokemodel"))),
    Scenario("wildcards in actions", (STREAM,), _inline(allow("bedrock:InvokeModel?*"))),
    Scenario("resources have case", NONE, _inline(allow("bedrock:*", ARN.replace("nova", "Nova")))),
    Scenario("wildcards in resources", BOTH, _inline(allow("bedrock:*", "arn:aws:bedrock:*::*/amazon.nova-*-v?:0"))),
    Scenario("another Region's model", NONE, _inline(allow("bedrock:*", ARN.replace("us-east-1", "us-west-2")))),
    Scenario("another model", NONE, _inline(allow("bedrock:*", ARN.replace("lite", "pro")))),
    Scenario("NotAction", (INVOKE,), _inline({"Effect": "Allow", "NotAction": "bedrock:*Stream", "Resource": "*"})),
    Scenario("NotResource", NONE, _inline({"Effect": "Allow", "Action": "*", "NotResource": ARN})),
    Scenario(
        "deny by NotResource", NONE,
        _inline(allow("*"), {"Effect": "Deny", "Action": "*", "NotResource": ARN.replace("lite", "pro")}),
    ),
    Scenario("a deny in another policy", (STREAM,), Holder([ALL], managed=[[document(deny("*:InvokeModel", ARN))]])),
    Scenario(
        "one statement, not a list", BOTH,
        Holder(inline=[{"Version": "2012-10-17", "Statement": allow("bedrock:*")}]),
    ),
)  # fmt: skip

_CONDITIONS = (
    _if({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, name="Region, allowed", allowed=BOTH),
    _unless({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}, name="Region, locked", allowed=(STREAM,)),
    _unless(
        {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
        name="Region, lock names it", allowed=BOTH,
    ),
    _if({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, name="network, in", allowed=BOTH, context=LOOPBACK),
    _unless({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, name="network, out", allowed=(STREAM,), context=LOOPBACK),
    _if(
        {"IpAddress": {"aws:SourceIp": "127.0.0.1"}, "Bool": {"aws:SecureTransport": "true"}},
        name="blocks are anded", allowed=NONE, context={**LOOPBACK, "aws:SecureTransport": False},
    ),
    _if({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, name="date, past", allowed=NONE),
    _if({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, name="date, begun", allowed=BOTH),
    _if({"NumericGreaterThan": {"aws:EpochTime": "1577836800"}}, name="number", allowed=BOTH),
    _if({"StringEqualsIfExists": {"aws:SourceArn": "x"}}, name="IfExists, absent", allowed=BOTH),
    _if({"ForAllValues:StringEquals": {"aws:CalledVia": "x"}}, name="ForAllValues, absent", allowed=BOTH),
    _if({"ForAnyValue:StringLike": {"aws:CalledVia": "*"}}, name="ForAnyValue, absent", allowed=NONE),
    _unless({"StringNotLike": {"aws:SourceArn": "*"}}, name="negated, absent", allowed=(STREAM,)),
    _if({"StringNotEquals": {"aws:username": "x"}}, name="a user has a name", allowed=BOTH, kind="user"),
    _if({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, name="principal type, role", allowed=BOTH),
    _if({"StringEquals": {"aws:PrincipalType": "User"}}, name="principal type, user", allowed=BOTH, kind="user"),
    _if({"StringEquals": {"aws:PrincipalAccount": "123456789012"}}, name="principal account", allowed=BOTH),
    _if(
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/svc/*"}},
        name="principal ARN, user", allowed=BOTH, kind="user", path="/svc/",
    ),
    _if(
        {"StringEquals": {"aws:PrincipalTag/team": TEAM}},
        name="tag, of many signs", allowed=BOTH, tags={"team": TEAM}, context={"aws:PrincipalTag/team": TEAM},
    ),
    _if(
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/svc/*"}},
        name="principal ARN, role", allowed=BOTH, path="/svc/",
    ),
    _if({"Bool": {"aws:ViaAWSService": "false"}}, name="not through a service", allowed=BOTH),
    _if({"StringLike": {"aws:username": "${aws:username}"}}, name="variable", allowed=BOTH, kind="user"),
)  # fmt: skip

_BOUNDARIES = (
    Scenario("boundary, wide", BOTH, Holder(inline=[ALL]), boundary=document(allow("*"))),
    Scenario("boundary, narrow", (INVOKE,), Holder(inline=[ALL]), boundary=document(allow("bedrock:InvokeModel", ARN))),
    Scenario("boundary, deny", (STREAM,), Holder([ALL]), boundary=document(allow("*"), deny("bedrock:InvokeModel"))),
    Scenario("boundary, grants nothing", NONE, boundary=document(allow("*"))),
    Scenario("boundary, another service", NONE, Holder(inline=[ALL]), boundary=document(allow("s3:*"))),
    Scenario(
        "boundary of a user with groups and paths", (STREAM,), kind="user", path="/svc/", groups=[Holder([ALL])],
        boundary=document(allow("bedrock:*Stream")),
    ),
    Scenario(
        "boundary, locked to a Region", NONE, Holder(inline=[ALL]),
        boundary=document(allow("*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})),
    ),
)  # fmt: skip

_SESSIONS = (
    Scenario("session, wide", BOTH, Holder(inline=[ALL]), session=[document(allow("*"))]),
    Scenario("session, narrow", (INVOKE,), Holder(inline=[ALL]), session=[document(allow("bedrock:InvokeModel", ARN))]),
    Scenario("session, deny", (STREAM,), Holder([ALL]), session=[document(allow("*"), deny("*:InvokeModel"))]),
    Scenario("session, grants nothing", NONE, session=[document(allow("*"))]),
    Scenario("session, another model", NONE, Holder([ALL]), session=[document(allow("*", ARN.replace("lite", "pro")))]),
    Scenario(
        "session, inline and managed add up", BOTH, Holder(inline=[ALL]),
        session=[document(allow("bedrock:InvokeModel")), document(allow("bedrock:*Stream"))],
    ),
    Scenario(
        "session, a managed deny", (INVOKE,), Holder(inline=[ALL]), path="/svc/",
        session=[document(allow("*")), document(deny("bedrock:*Stream"))],
    ),
    Scenario(
        "session and boundary meet", (STREAM,), Holder(inline=[ALL]),
        session=[document(allow("bedrock:*"))], boundary=document(allow("bedrock:InvokeModelWith*")),
    ),
)  # fmt: skip

_OTHER_CALLS = (
    Scenario(
        "Converse", ("bedrock-runtime:Converse",), _inline(allow("bedrock:InvokeModel", ARN)),
        operations=["bedrock-runtime:Converse"],
    ),
    Scenario(
        "inference profile", BOTH, model=PROFILE,
        own=_inline(
            allow("bedrock:Invoke*", f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{PROFILE}"),
            allow("bedrock:Invoke*", f"arn:aws:bedrock:*::foundation-model/{MODEL}"),
        ),
    ),
)  # fmt: skip

UNDECIDED = (
    _if({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, name="network", allowed=BOTH),
    _if({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, name="another network", allowed=NONE),
    _if({"Null": {"aws:SourceVpce": "true"}}, name="no endpoint", allowed=BOTH),
    _if({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, name="endpoint", allowed=NONE),
    Scenario(
        "boundary's network", NONE, Holder(inline=[ALL]),
        boundary=document(allow("*", Condition={"NotIpAddress": {"aws:SourceIp": "127.0.0.1"}})),
    ),
)  # fmt: skip
"""They hang on a condition key of which the guard is told nothing."""

SCENARIOS = (*_READING, *_LANGUAGE, *_CONDITIONS, *_BOUNDARIES, *_SESSIONS, *_OTHER_CALLS)

ENFORCEMENT_CANNOT = {
    "Converse": "enforces bedrock:Converse, which is not an action: Converse is authorised as bedrock:InvokeModel",
    "inference profile": "authorises foundation-model/us.…, not the profile and each model behind it",
    "not through a service": "has no aws:ViaAWSService, which every request has",
    "principal ARN, role": "gives aws:PrincipalArn the ARN of the role session, not that of the role",
    "variable": "does not replace policy variables",
}
"""Scenario to why ministack's enforcement is not AWS's there."""

_PATHS = "looks for a principal whose name is path and name, finds none and denies"
_BOUNDARY = "leaves the boundary out"
_ENTRIES = "leaves ContextEntries out"

SIMULATOR_CANNOT = {
    "role, path": _PATHS,
    "user, path": _PATHS,
    "principal ARN, role": _PATHS,
    "principal ARN, user": _PATHS,
    "boundary of a user with groups and paths": _PATHS,
    "boundary, narrow": _BOUNDARY,
    "boundary, deny": _BOUNDARY,
    "boundary, another service": _BOUNDARY,
    "boundary, locked to a Region": _BOUNDARY,
    "tag, of many signs": _ENTRIES,
    "not through a service": _ENTRIES,
    "principal type, role": "takes every principal for a user",
    "variable": "does not replace policy variables",
}
"""Scenario to why ministack's SimulatePrincipalPolicy is not AWS's there."""
