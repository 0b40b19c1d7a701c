"""Users and roles with their policies, made through IAM's own API."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3

from tests.integrations.ministack.emulator import ACCOUNT, REGION, root

__all__ = ["Document", "Holder", "Made", "Scenario", "allow", "deny", "document", "make"]

Document = Mapping[str, Any]

MODEL = "amazon.nova-lite-v1:0"
INVOKE = "bedrock-runtime:InvokeModel"
STREAM = "bedrock-runtime:InvokeModelWithResponseStream"


def document(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: Any) -> Document:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: Any) -> Document:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


@dataclass(frozen=True)
class Holder:
    """Policies of a user, a group or a role.

    Attributes:
        inline: Inline policies.
        managed: Customer managed policies, each as its versions; the last is the default.
        attached: ARNs of AWS managed policies.
    """

    inline: Sequence[Document] = ()
    managed: Sequence[Sequence[Document]] = ()
    attached: Sequence[str] = ()


@dataclass(frozen=True)
class Scenario:
    """A principal, what it calls, and the answer.

    Attributes:
        name: Also its name in the tables of what cannot be judged.
        allowed: Those of the operations that AWS allows, by its documentation.
        own: The principal's own policies.
        kind: ``user`` or ``role``.
        groups: Policies of the user's groups.
        boundary: The permissions boundary.
        session: Session policies of the role session: one inline document at most, the rest managed.
        path: Of the principal, its groups and its managed policies.
        tags: Of the principal.
        context: What the app tells the guard of its requests.
        model: Model or profile.
        operations: What is called.
    """

    name: str
    allowed: Sequence[str]
    own: Holder = field(default_factory=Holder)
    kind: str = "role"
    groups: Sequence[Holder] = ()
    boundary: Document | None = None
    session: Sequence[Document] = ()
    path: str = "/"
    tags: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str | bool] = field(default_factory=dict)
    model: str = MODEL
    operations: Sequence[str] = (INVOKE, STREAM)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Made:
    """A principal that exists: its ARN in IAM, its name, and a session with its credentials."""

    arn: str
    name: str
    session: boto3.Session


_numbers = itertools.count(1)


def make(scenario: Scenario) -> Made:
    """The scenario's principal; each has names of its own, so nothing has to be removed."""
    iam = root().client("iam")
    name = f"app-{next(_numbers)}"
    tags = [{"Key": key, "Value": value} for key, value in scenario.tags.items()]
    common: dict[str, Any] = {"Path": scenario.path, "Tags": tags}
    if scenario.boundary is not None:
        common["PermissionsBoundary"] = _managed(iam, [scenario.boundary], scenario.path)
    if scenario.kind == "user":
        arn = iam.create_user(UserName=name, **common)["User"]["Arn"]
        for number, group in enumerate(scenario.groups):
            group_name = f"{name}-group-{number}"
            iam.create_group(GroupName=group_name, Path=scenario.path)
            iam.add_user_to_group(GroupName=group_name, UserName=name)
            _hang(iam, "group", group_name, group, scenario.path)
    else:
        trust = document({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **common)["Role"]["Arn"]
    _hang(iam, scenario.kind, name, scenario.own, scenario.path)
    return Made(arn, name, _session(iam, name, arn, scenario))


def _hang(iam: Any, kind: str, name: str, holder: Holder, path: str) -> None:
    argument = {f"{kind.capitalize()}Name": name}
    for number, inline in enumerate(holder.inline):
        put = getattr(iam, f"put_{kind}_policy")
        put(PolicyName=f"inline-{number}", PolicyDocument=json.dumps(inline), **argument)
    for arn in (*holder.attached, *(_managed(iam, versions, path) for versions in holder.managed)):
        getattr(iam, f"attach_{kind}_policy")(PolicyArn=arn, **argument)


def _managed(iam: Any, versions: Sequence[Document], path: str) -> str:
    first, *later = (json.dumps(version) for version in versions)
    made = iam.create_policy(PolicyName=f"policy-{next(_numbers)}", Path=path, PolicyDocument=first)
    arn: str = made["Policy"]["Arn"]
    for text in later:
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    return arn


def _session(iam: Any, name: str, arn: str, scenario: Scenario) -> boto3.Session:
    if scenario.kind == "user":
        key = iam.create_access_key(UserName=name)["AccessKey"]
    else:
        more: dict[str, Any] = {}
        if scenario.session:
            inline, *managed = scenario.session
            more["Policy"] = json.dumps(inline)
            more["PolicyArns"] = [{"arn": _managed(iam, [one], "/")} for one in managed]
        sts = root().client("sts")
        key = sts.assume_role(RoleArn=arn, RoleSessionName="app", **more)["Credentials"]
    return boto3.Session(
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key.get("SessionToken"),
        region_name=REGION,
    )
