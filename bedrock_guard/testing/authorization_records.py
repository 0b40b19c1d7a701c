"""What AWS keeps of a denied call, for iam-toolbox: the id in the message, and the evaluation behind it.

Source: botocore's model of iam-toolbox (1.44.5) for the shape and the order of the checks; IAM User Guide,
troubleshoot_access-denied-authorization-id (read 2026-11) for the end of the message.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.iam.evaluate import LayerDecision, Policies, evaluate
from bedrock_guard.iam.policy import Policy
from bedrock_guard.testing.authorise import Evaluated, Verdict
from bedrock_guard.testing.principals import Principal
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError, Response

__all__ = ["RECORD_OPERATIONS", "AuthorizationRecords"]

RECORD_OPERATIONS = ("GetRequestAuthorizationDetails",)

_KEPT = 1000
_EFFECTS = {
    Decision.ALLOWED: "ALLOW",
    Decision.IMPLICIT_DENY: "IMPLICIT_DENY",
    Decision.EXPLICIT_DENY: "EXPLICIT_DENY",
}
_CHECKS = (
    (Layer.RCP, "RESOURCE_CONTROL_POLICY"),
    (Layer.VPC_ENDPOINT, "VPC_ENDPOINT"),
    (Layer.RESOURCE, "RESOURCE"),
    (Layer.TRUST, "RESOURCE"),
    (Layer.IDENTITY, "PRINCIPAL"),
    (Layer.BOUNDARY, "PERMISSIONS_BOUNDARY"),
    (Layer.SESSION, "SESSION"),
)
"""In AWS's order, behind the service control policies."""


@dataclass(slots=True)
class _Record:
    region: str
    answer: dict[str, Any]
    hidden: int


class AuthorizationRecords:
    """The evaluations behind denied calls.

    Attributes:
        told: Whether denials carry an id, under which their evaluation is kept; off unless a test wants it, since no
            message of Bedrock's with an id has been seen so far.
        hidden: How many questions about an id find nothing yet: AWS records an evaluation after the denial.
        page: Evaluations in one answer.
    """

    def __init__(self) -> None:
        self.told = False
        self.hidden = 0
        self.page = 100
        self._records: dict[str, _Record] = {}
        self._lock = threading.Lock()

    def keep(
        self, request: AwsRequest, principal: Principal, verdict: Verdict, targets: Sequence[str]
    ) -> AwsError | None:
        """Keeps what a denied call was denied by; the error with the id of that, or None where it is not told.

        Args:
            request: The call.
            principal: Who made it.
            verdict: With its error.
            targets: ARNs of what the levels of service control policies hang on, root first.
        """
        if not self.told or verdict.error is None:
            return None
        name = secrets.token_hex(12)
        record = _Record(request.region, _details(principal, verdict, targets), self.hidden)
        with self._lock:
            self._records[name] = record
            while len(self._records) > _KEPT:
                del self._records[next(iter(self._records))]
        console = f"https://{request.region}.console.aws.amazon.com/iam/home?region={request.region}"
        message = (
            f"{verdict.error.message}. Go to {console}#/authorization-details/{name} for complete details, or call the "
            f"GetRequestAuthorizationDetails API with the following authorization id: {name}"
        )
        return AwsError(verdict.error.code, message, verdict.error.status)

    def answer(self, request: AwsRequest) -> Response:
        """The answer to GetRequestAuthorizationDetails.

        Raises:
            AwsError: Nothing is kept under the id in that Region, or not yet.
        """
        name, token = request.text("authorizationId"), request.text("nextToken")
        with self._lock:
            record = self._records.get(name)
            if record is None or record.region != request.region or record.hidden > 0:
                if record is not None and record.region == request.region:
                    record.hidden -= 1
                raise AwsError("ResourceNotFoundException", f"No authorization details found for {name}.", 404)
        start = int(token) if token.isdigit() else 0
        end = start + self.page
        every = record.answer["evaluations"]
        body = {**record.answer, "evaluations": every[start:end]}
        if end < len(every):
            body["nextToken"] = str(end)
        headers = (("x-amzn-RequestId", str(uuid4())),)
        return Response(200, json.dumps(body).encode(), "application/json", headers)


def _details(principal: Principal, verdict: Verdict, targets: Sequence[str]) -> dict[str, Any]:
    contexts = [one.request.context.values for one in verdict.evaluated]
    shared = {key: value for key, value in contexts[0].items() if all(one.get(key) == value for one in contexts)}
    last = verdict.evaluated[-1]
    return {
        "requestContext": shared,
        "evaluations": [_evaluation(one, shared, targets) for one in verdict.evaluated],
        "policies": list(_policies(principal, last.policies, targets)),
    }


def _evaluation(one: Evaluated, shared: Mapping[str, Any], targets: Sequence[str]) -> dict[str, Any]:
    resource = one.request.resource
    return {
        "action": one.request.action,
        "resource": "" if resource == "*" else resource,
        "context": {key: value for key, value in one.request.context.values.items() if key not in shared},
        "evaluatedEffect": _EFFECTS[one.evaluation.decision],
        "checks": list(_checks(one, targets)),
    }


def _checks(one: Evaluated, targets: Sequence[str]) -> Iterator[dict[str, Any]]:
    layers = one.evaluation.layers
    for level, target in zip(one.policies.scps, targets, strict=False):
        told = evaluate(one.request, Policies(scps=(level,))).layers.get(Layer.SCP)
        if told is not None:
            yield {**_check("SERVICE_CONTROL_POLICY", told, one), "targetArn": target}
    for layer, name in _CHECKS:
        if layer in layers:
            yield _check(name, layers[layer], one)


def _check(name: str, told: LayerDecision, one: Evaluated) -> dict[str, Any]:
    effect = _EFFECTS[told.decision]
    if told.decision is Decision.IMPLICIT_DENY and one.evaluation.decision is Decision.ALLOWED:
        effect = "NO_IMPACT"
    matched: dict[str, list[dict[str, str]]] = {}
    for match in told.matched:
        sid = match.statement.sid or f"Statement{match.statement.index + 1}"
        found = {"sid": sid, "evaluatedEffect": match.statement.effect.value.upper()}
        matched.setdefault(_uri(match.policy), []).append(found)
    return {
        "checkType": name,
        "evaluatedEffect": effect,
        "matchedPolicies": [{"uri": uri, "matchedStatements": found} for uri, found in matched.items()],
    }


def _policies(principal: Principal, policies: Policies, targets: Sequence[str]) -> Iterator[dict[str, Any]]:
    own = principal.entity.arn if principal.entity is not None else principal.arn
    for policy in policies.identity:
        yield _policy("IDENTITY_BASED_POLICY", policy, [own])
    if policies.boundary is not None:
        yield _policy("PERMISSIONS_BOUNDARY", policies.boundary, [own])
    for policy in policies.session or ():
        yield _policy("SESSION_POLICY", policy, [principal.arn])
    holders: dict[str, tuple[Policy, list[str]]] = {}
    for level, target in zip(policies.scps, targets, strict=False):
        for policy in level:
            holders.setdefault(policy.name, (policy, []))[1].append(target)
    for policy, held in holders.values():
        yield _policy("SERVICE_CONTROL_POLICY", policy, held)


def _policy(kind: str, policy: Policy, holders: Sequence[str]) -> dict[str, Any]:
    return {
        "type": kind,
        "uri": _uri(policy),
        "inline": not policy.name.startswith("arn:"),
        "attachedTo": [{"arn": holder} for holder in holders],
    }


def _uri(policy: Policy) -> str:
    """The ARN; an inline policy has an opaque identifier in its place."""
    if policy.name.startswith("arn:"):
        return policy.name
    return "inline-" + hashlib.sha256(policy.name.encode()).hexdigest()[:32]
