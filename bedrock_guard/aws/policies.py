"""The policies of a principal as IAM holds them: attached, inline, of its groups, and its boundary.

What is read here is what iam:Get* and iam:List* show: no service control policies, no session policies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bedrock_guard.aws.calls import AwsCalls
from bedrock_guard.aws.principal import require_same_account
from bedrock_guard.errors import BedrockGuardError
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.report import Principal, PrincipalType

__all__ = ["ReadPolicies", "read_policies"]


@dataclass(frozen=True)
class ReadPolicies:
    """All identity policies of a principal and its permissions boundary.

    Attributes:
        arn: The principal's full ARN, with its path.
        identity: Its own policies, and those of its groups.
        boundary: Its permissions boundary.
    """

    arn: str
    identity: tuple[Policy, ...]
    boundary: Policy | None


@dataclass(frozen=True)
class _Holder:
    """A user, group or role that policies hang on."""

    kind: str
    name: str

    @property
    def argument(self) -> dict[str, str]:
        return {f"{self.kind}Name": self.name}


def read_policies(calls: AwsCalls, principal: Principal) -> ReadPolicies:
    """Reads every policy of the principal, side by side, in four rounds at most.

    Raises:
        BedrockGuardError: One of them could not be read. A part of the policies proves nothing, since a Deny
            may stand in the rest, so nothing is returned then.
    """
    kind = {PrincipalType.USER: "User", PrincipalType.GROUP: "Group"}.get(principal.type, "Role")
    holder = _Holder(kind, principal.name)
    holders = [holder]
    tasks: list[Callable[[], Any]] = [partial(_described, calls, holder, principal)]
    if kind == "User":
        tasks.append(partial(_groups, calls, holder))
    described, *groups = _all(calls, tasks)
    boundary_arn = (described.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    holders += groups[0] if groups else []

    listed = _all(calls, [partial(_listed, calls, h) for h in holders])
    inline = [(h, name) for h, (names, _) in zip(holders, listed, strict=True) for name in names]
    managed = list(dict.fromkeys(arn for _, arns in listed for arn in arns))
    documents = _all(
        calls,
        [partial(_inline, calls, h, n) for h, n in inline]
        + [partial(_managed, calls, a) for a in managed]
        + ([partial(_managed, calls, boundary_arn, boundary=True)] if boundary_arn else []),
    )
    boundary = documents.pop() if boundary_arn else None
    return ReadPolicies(arn=described["Arn"], identity=tuple(documents), boundary=boundary)


def _all(calls: AwsCalls, tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    results = calls.gather(tasks, action="iam:GetPolicy")
    for result in results:
        if isinstance(result, BedrockGuardError):
            raise result
    return list(results)


def _described(calls: AwsCalls, holder: _Holder, principal: Principal) -> dict[str, Any]:
    """The user, group or role; names are looked up in the caller's account, so the answer's is compared."""
    described: dict[str, Any] = _call(calls, f"Get{holder.kind}", holder)[holder.kind]
    require_same_account(principal, described["Arn"])
    return described


def _groups(calls: AwsCalls, holder: _Holder) -> list[_Holder]:
    groups = _pages(calls, "ListGroupsForUser", "Groups", holder)
    return [_Holder("Group", group["GroupName"]) for group in groups]


def _listed(calls: AwsCalls, holder: _Holder) -> tuple[list[str], list[str]]:
    names = _pages(calls, f"List{holder.kind}Policies", "PolicyNames", holder)
    attached = _pages(calls, f"ListAttached{holder.kind}Policies", "AttachedPolicies", holder)
    return list(names), [policy["PolicyArn"] for policy in attached]


def _inline(calls: AwsCalls, holder: _Holder, name: str) -> Policy:
    answer = _call(calls, f"Get{holder.kind}Policy", holder, PolicyName=name)
    shown = name if holder.kind != "Group" else f"{holder.name}/{name}"
    return parse_policy(_text(answer["PolicyDocument"]), name=shown, kind=PolicyKind.INLINE)


def _managed(calls: AwsCalls, arn: str, *, boundary: bool = False) -> Policy:
    described = calls.call("iam", "get_policy", action="iam:GetPolicy", resource=arn, PolicyArn=arn)["Policy"]
    version = calls.call(
        "iam",
        "get_policy_version",
        action="iam:GetPolicyVersion",
        resource=arn,
        PolicyArn=arn,
        VersionId=described["DefaultVersionId"],
    )["PolicyVersion"]
    kind = PolicyKind.AWS_MANAGED if ":iam::aws:policy/" in arn else PolicyKind.MANAGED
    return parse_policy(
        _text(version["Document"]),
        name=described["PolicyName"],
        kind=PolicyKind.BOUNDARY if boundary else kind,
    )


def _text(document: Any) -> str:
    """The document's text: botocore has already undone IAM's URL encoding and parsed it."""
    if isinstance(document, str):
        return document
    return json.dumps(document, indent=2, ensure_ascii=False)


def _call(calls: AwsCalls, operation: str, holder: _Holder, **params: str) -> Any:
    return calls.call(
        "iam",
        _method(operation),
        action=f"iam:{operation}",
        resource=f"{holder.kind.lower()} {holder.name}",
        **holder.argument,
        **params,
    )


def _pages(calls: AwsCalls, operation: str, member: str, holder: _Holder) -> list[Any]:
    items: list[Any] = []
    marker: dict[str, str] = {}
    while True:
        page = _call(calls, operation, holder, **marker)
        items.extend(page.get(member, ()))
        if not page.get("IsTruncated") or not page.get("Marker"):
            return items
        marker = {"Marker": page["Marker"]}


def _method(operation: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in operation).lstrip("_")
