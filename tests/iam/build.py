"""Short ways to write policies, requests and decisions in tests."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.evaluate import Evaluation, Policies, Request, evaluate
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/svc/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session"
USER = f"arn:aws:iam::{ACCOUNT}:user/ann"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v1:0"
OBJECT = "arn:aws:s3:::bucket/key"

Document = dict[str, Any]


def statement(effect: str = "Allow", action: Any = "*", resource: Any = "*", **elements: Any) -> Document:
    """A statement; an element given as None is left out."""
    made = {"Effect": effect, "Action": action, "Resource": resource, **elements}
    return {name: value for name, value in made.items() if value is not None}


def policy(
    *statements: Document, kind: PolicyKind = PolicyKind.INPUT, name: str = "policy", version: str | None = "2012-10-17"
) -> Policy:
    """The policy of these statements."""
    document: Document = {} if version is None else {"Version": version}
    document["Statement"] = list(statements)
    return parse_policy(json.dumps(document), name=name, kind=kind)


def resource_policy(*statements: Document, kind: PolicyKind = PolicyKind.RESOURCE) -> Policy:
    """The policy of a resource."""
    return policy(*statements, kind=kind, name="resource policy")


def trust_policy(principal: Any, effect: str = "Allow", **elements: Any) -> Policy:
    """A role's trust policy with one statement."""
    made = statement(effect, "sts:AssumeRole", None, Principal=principal, **elements)
    return policy(made, kind=PolicyKind.TRUST, name="trust policy")


ALLOW_ALL = policy(statement(), name="allow all")
ALLOW_NOTHING = policy(statement(action="nothing:Here"), name="allow nothing")
DENY_ALL = policy(statement("Deny"), name="deny all")


def decide(
    *identity: Policy,
    principal: str = ROLE,
    action: str = "bedrock:InvokeModel",
    resource: str = MODEL,
    context: Mapping[str, str | Sequence[str]] | None = None,
    unknown: Collection[str] = (),
    resource_account: str | None = None,
    own: Policy | None = None,
    **layers: Any,
) -> Evaluation:
    """The evaluation of one request; ``own`` is the resource's policy, further layers by their names in Policies."""
    request = Request(principal, action, resource, Context(context or {}, unknown), resource_account)
    return evaluate(request, Policies(identity=identity, resource=own, **layers))


def condition_holds(
    operator: str, key: str, values: Any, context: Mapping[str, str | Sequence[str]], *, effect: str = "Allow"
) -> bool:
    """Whether a statement with this one condition matches."""
    made = policy(statement(effect, Condition={operator: {key: values}}))
    matched = decide(made, *([ALLOW_ALL] if effect == "Deny" else []), context=context)
    return matched.decision.value == ("allowed" if effect == "Allow" else "explicitDeny")
