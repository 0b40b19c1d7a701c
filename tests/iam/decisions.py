"""The recorded decisions of tests/cases/policy_decisions.jsonl as requests and policies.

A line: identity policies, boundary, SCP levels (root first) and session policy, one request with its context, and
``expect``: the decision over all and of each layer, by an independent evaluator of IAM policies. ``{"managed": NAME}``
is the document of tests/cases/aws-managed/NAME.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.evaluate import Policies, Request
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind

CASES = Path(__file__).parent.parent / "cases"


@dataclass(frozen=True)
class Case:
    """One recorded decision."""

    id: str
    request: Request
    policies: Policies
    expect: dict[str, str]


@cache
def managed(name: str) -> Policy:
    """An AWS managed policy."""
    document = json.loads((CASES / "aws-managed" / f"{name}.json").read_text("utf-8"))["document"]
    return parse_policy(json.dumps(document), name=name, kind=PolicyKind.AWS_MANAGED)


def managed_names() -> list[str]:
    """The names of all AWS managed policies there are documents of."""
    return sorted(path.stem for path in (CASES / "aws-managed").glob("*.json"))


def read_cases(path: Path = CASES / "policy_decisions.jsonl") -> Iterator[Case]:
    """Every decision of a file."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield _case(json.loads(line))


def _case(record: dict[str, Any]) -> Case:
    return Case(
        id=record["id"],
        request=Request(record["principal"], record["action"], record["resource"], Context(record["context"])),
        policies=Policies(
            identity=[_policy(document, PolicyKind.INLINE) for document in record["identity"]],
            boundary=next((_policy(d, PolicyKind.BOUNDARY) for d in record.get("boundary", ())), None),
            scps=[[_policy(d, PolicyKind.SCP) for d in level] for level in record.get("scps", ())],
            session=[_policy(record["session"], PolicyKind.SESSION)] if "session" in record else None,
        ),
        expect=record["expect"],
    )


def _policy(document: dict[str, Any], kind: PolicyKind) -> Policy:
    if "managed" in document:
        return managed(document["managed"])
    return _read(json.dumps(document), kind)


@cache
def _read(text: str, kind: PolicyKind) -> Policy:
    return parse_policy(text, name="policy", kind=kind)
