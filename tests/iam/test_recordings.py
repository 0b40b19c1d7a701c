"""Answers of the real SimulateCustomPolicy: the decision, the statements and their positions.

tests/cases/aws_simulator.jsonl was recorded on 2026-09-11 by the public project radkawar/stackd. What the simulator
adds to the evaluation of policies (aggregates, missing keys, errors) is the sandbox's concern, not the engine's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.evaluate import Evaluation, Policies, Request, evaluate
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from tests.iam.decisions import CASES

_WRONG_TYPE = "the simulator also checks whether the action takes a resource of this type"
_ACCOUNT = (
    "within the account the simulator takes a resource policy that names the account for a permission; the service "
    "itself does not: repost.aws/questions/QUYteYH4PUQoGXxqVdsZyDCA"
)
DIFFERING = {
    "resource_wrong_type": _WRONG_TYPE,
    "pagination_changed_same": _WRONG_TYPE,
    "pagination_changed_maxitems": _WRONG_TYPE,
    "pagination_changed_resources": _WRONG_TYPE,
    "pagination_changed_reorder": _WRONG_TYPE,
    "composition_same_root_no_identity": _ACCOUNT,
    "composition_same_root_boundary_implicit": _ACCOUNT,
    "composition_same_root_identity_boundary_implicit": _ACCOUNT,
}


def _recordings() -> Iterator[dict[str, Any]]:
    for line in (CASES / "aws_simulator.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["op"] == "SimulateCustomPolicy" and record["code"] == "Success":
            yield record


RECORDINGS = {record["case"]: record for record in _recordings()}


def _context(given: dict[str, Any]) -> Context:
    """The keys that the caller supplied and those that the simulator fills in by itself."""
    caller = given.get("CallerArn")
    values: dict[str, str | list[str]] = {
        "aws:PrincipalAccount": "123456789012",
        "aws:userid": caller or "STUB_PRINCIPAL_FOR_POLICY_SIMULATOR",
    }
    if caller:
        values["aws:PrincipalArn"] = caller
        if ":user/" in caller:
            values["aws:username"] = caller.rpartition("/")[2]
    for entry in given.get("ContextEntries", ()):
        several = entry["ContextKeyType"].endswith("List")
        values[entry["ContextKeyName"]] = entry["ContextKeyValues"] if several else entry["ContextKeyValues"][0]
    return Context(values)


def _named(texts: list[str], name: str, kind: PolicyKind) -> list[Policy]:
    return [parse_policy(text, name=f"{name}.{n}", kind=kind) for n, text in enumerate(texts, 1)]


def _policies(given: dict[str, Any]) -> Policies:
    boundaries = _named(
        given.get("PermissionsBoundaryPolicyInputList", []),
        "PermissionsBoundaryPolicyInputList",
        PolicyKind.BOUNDARY,
    )
    own = given.get("ResourcePolicy")
    return Policies(
        identity=_named(given.get("PolicyInputList", []), "PolicyInputList", PolicyKind.INPUT),
        boundary=boundaries[0] if boundaries else None,
        scps=[
            _named(level["ServiceControlPolicyInputList"], "scp", PolicyKind.SCP)
            for level in given.get("OrderedOrganizationPolicyInputList", ())
        ],
        resource=parse_policy(own, name="ResourcePolicy", kind=PolicyKind.RESOURCE) if own else None,
    )


def _matched(found: Evaluation) -> set[tuple[str, int, int, int, int]]:
    """What the simulator lists: the Denies, or the Allows of identity and resource policies; nothing of SCPs."""
    shown = {Layer.IDENTITY, Layer.RESOURCE}
    if found.decision is Decision.EXPLICIT_DENY:
        shown = {Layer.IDENTITY, Layer.RESOURCE, Layer.BOUNDARY}
    return {
        (m.policy.name, *_place(m.statement.aws_start), *_place(m.statement.aws_end))
        for layer, decision in found.layers.items()
        if layer in shown and decision.decision is found.decision
        for m in decision.matched
    }


def _place(position: Any) -> tuple[int, int]:
    return position.line, position.column


def _ask(record: dict[str, Any]) -> Iterator[tuple[Evaluation, dict[str, Any]]]:
    given = record["in"]
    owner = given.get("ResourceOwner", "").split(":")
    policies = _policies(given)
    for result in record.get("out", ()):
        for answer in result.get("res", [result]):
            request = Request(
                principal=given.get("CallerArn", "arn:aws:iam::123456789012:user/nobody"),
                action=result["a"],
                resource=answer["r"],
                context=_context(given),
                resource_account=owner[4] if len(owner) > 4 else None,
            )
            yield evaluate(request, policies), answer


@pytest.mark.parametrize("case", sorted(set(RECORDINGS) - set(DIFFERING)))
def test_decides_as_the_service_did(case: str) -> None:
    """Decision, matched statements, and their positions as IAM counts them."""
    for found, answer in _ask(RECORDINGS[case]):
        assert found.decision.value == answer["d"]
        assert _matched(found) == {(name, *place) for name, _, *place in answer.get("m", ())}


@pytest.mark.parametrize("case", sorted(DIFFERING))
def test_what_differs_differs_for_the_reason_given(case: str) -> None:
    """The list of differences holds no case that agrees."""
    assert any(found.decision.value != answer["d"] for found, answer in _ask(RECORDINGS[case])), DIFFERING[case]


def test_the_simulator_answer_on_accounts_can_be_told_from_the_layers() -> None:
    """What the sandbox needs to answer as the simulator does: the resource policy's own decision is there."""
    for case, reason in DIFFERING.items():
        if reason is _ACCOUNT:
            for found, answer in _ask(RECORDINGS[case]):
                assert found.layers[Layer.RESOURCE].decision.value == answer["d"] == "allowed"


def test_the_recordings_cover_what_they_should() -> None:
    """A file that lost its lines would pass everything."""
    assert len(RECORDINGS) > 120
    assert sum(len(list(_ask(record))) for record in RECORDINGS.values()) > 150
