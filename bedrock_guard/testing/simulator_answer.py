"""The simulator's operations as IAM answers them: from a request's parameters to the XML of the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bedrock_guard.iam.arn import Arn
from bedrock_guard.iam.evaluate import Match
from bedrock_guard.iam.policy import Policy, PolicyKind, Position, Version
from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.simulator import ActionResult, Outcome, Simulation, check_actions, simulate
from bedrock_guard.testing.simulator_input import (
    SimulationInput,
    check_context_keys_input,
    invalid_input,
    marker_for,
    read_input_policies,
    read_simulation,
)
from bedrock_guard.testing.stored import StoredEntity
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["SIMULATOR_OPERATIONS", "answer_simulator"]

SIMULATOR_OPERATIONS = (
    "GetContextKeysForCustomPolicy",
    "GetContextKeysForPrincipalPolicy",
    "SimulateCustomPolicy",
    "SimulatePrincipalPolicy",
)

_ENTITY = re.compile(r"(user|group|role)/(?:.*/)?([^/]+)", re.DOTALL)
_ESCAPES = re.compile(r"\$\{([*?$])\}")


def answer_simulator(operation: str, params: Mapping[str, Any], state: MotoState) -> dict[str, Any]:
    """The answer as nested dicts and lists, ready to be written as XML.

    Raises:
        AwsError: The request is refused.
    """
    of_principal = operation.endswith("PrincipalPolicy")
    if operation.startswith("GetContextKeys"):
        check_context_keys_input(params, of_principal=of_principal)
        policies = list(read_input_policies(params, "PolicyInputList", PolicyKind.INPUT))
        if of_principal:
            policies = [*_held(_entity(str(params.get("PolicySourceArn", "")), state)), *policies]
        return {"ContextKeyNames": _context_keys(policies)}
    asked = read_simulation(params, of_principal=of_principal)
    if of_principal:
        simulation = _of_principal(asked, str(params["PolicySourceArn"]), state)
    else:
        simulation = _of_documents(asked, state)
    check_actions(asked, operation)
    page = asked.actions[asked.offset : asked.offset + asked.page]
    end = asked.offset + len(page)
    truncated = bool(page) and end < len(asked.actions)
    answer: dict[str, Any] = {
        "EvaluationResults": [_result(simulate(simulation, action)) for action in page],
        "IsTruncated": truncated,
    }
    if truncated:
        answer["Marker"] = marker_for(end)
    return answer


def _entity(source: str, state: MotoState) -> StoredEntity:
    """The user, group or role that an ARN names; its path is ignored, as IAM ignores it."""
    try:
        arn = Arn.parse(source)
    except ValueError:
        arn = None
    found = _ENTITY.fullmatch(arn.resource) if arn is not None and arn.service == "iam" else None
    if arn is None or found is None or arn.partition != state.partition:
        raise invalid_input(f"Invalid ARN provided in the request: {source}")
    if arn.account != state.account:
        raise invalid_input(
            f"Invalid Policy Source Arn: caller's account {state.account} does not have access to policies "
            f"in account {arn.account}."
        )
    entity = state.entity(found[1], found[2])
    if entity is None:
        raise AwsError("NoSuchEntity", "Unable to retrieve specified IAM entity.", 404)
    return entity


def _held(entity: StoredEntity) -> list[Policy]:
    boundary = [] if entity.boundary is None else [entity.boundary.parsed(PolicyKind.BOUNDARY)]
    return [*(policy.parsed() for policy in entity.policies), *boundary]


def _of_principal(asked: SimulationInput, source: str, state: MotoState) -> Simulation:
    with state.in_place():
        entity = _entity(source, state)
        levels = () if ":role/aws-service-role/" in entity.arn else state.levels()
        organization = state.organization_keys()
    attached = entity.boundary if not asked.exclusions.boundary else None
    identity = tuple(policy.parsed() for policy in asked.exclusions.keep(entity.policies))
    caller = asked.caller or source
    return Simulation(
        asked,
        (*identity, *asked.policies),
        asked.boundary or (None if attached is None else attached.parsed(PolicyKind.BOUNDARY)),
        tuple(tuple(policy.parsed() for policy in level) for level in levels)
        if levels and not asked.exclusions.scps
        else None,
        caller,
        state.account,
        {**_caller_keys(caller), **organization},
    )


def _of_documents(asked: SimulationInput, state: MotoState) -> Simulation:
    keys = {"aws:PrincipalAccount": state.account, "aws:userid": "STUB_PRINCIPAL_FOR_POLICY_SIMULATOR"}
    if asked.caller:
        keys = _caller_keys(asked.caller)
    return Simulation(asked, asked.policies, asked.boundary, asked.levels or None, asked.caller, state.account, keys)


_TYPES = {"user": "User", "role": "AssumedRole"}


def _caller_keys(caller: str) -> dict[str, str]:
    """The keys filled in for a caller; ``aws:userid`` is its ARN. ``aws:PrincipalType`` is assumed."""
    arn = Arn.parse(caller)
    keys = {"aws:PrincipalAccount": arn.account, "aws:PrincipalArn": caller, "aws:userid": caller}
    type_, _, rest = arn.resource.partition("/")
    if type_ == "user":
        keys["aws:username"] = rest.rpartition("/")[2]
    if type_ in _TYPES:
        keys["aws:PrincipalType"] = _TYPES[type_]
    return keys


def _context_keys(policies: Sequence[Policy]) -> list[str]:
    """Keys as written, in order, each spelling once; an escaped literal such as ``${*}`` is reported as a key too."""
    found: dict[str, None] = {}
    for policy in policies:
        found.update(dict.fromkeys(policy.rules.context_keys))
        if policy.version is Version.V2012:
            found.update(dict.fromkeys(_escaped(policy)))
    return list(found)


def _escaped(policy: Policy) -> list[str]:
    texts = [text for s in policy for text in (*(s.resources or ()), *(s.not_resources or ()))]
    texts += [value for s in policy for condition in s.conditions for value in condition.values]
    return [character for text in texts for character in _ESCAPES.findall(text)]


def _result(result: ActionResult) -> dict[str, Any]:
    whole = result.whole
    answer: dict[str, Any] = {"EvalActionName": result.action}
    if whole.resource is not None:
        answer["EvalResourceName"] = whole.resource
    answer["EvalDecision"] = whole.decision.value
    answer["MatchedStatements"] = _statements(whole)
    answer["MissingContextValues"] = list(whole.missing)
    if whole.by_organization is not None:
        answer["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": whole.by_organization}
    answer.update(_boundary_and_details(whole))
    if result.by_resource:
        answer["ResourceSpecificResults"] = [_of_resource(outcome) for outcome in result.by_resource]
    return answer


def _of_resource(outcome: Outcome) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "EvalResourceName": outcome.resource,
        "EvalResourceDecision": outcome.decision.value,
    }
    # Unlike in the result as a whole, what is empty is left out.
    if outcome.matched:
        answer["MatchedStatements"] = _statements(outcome)
    if outcome.missing:
        answer["MissingContextValues"] = list(outcome.missing)
    answer.update(_boundary_and_details(outcome))
    return answer


def _boundary_and_details(outcome: Outcome) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if outcome.by_boundary is not None:
        answer["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": outcome.by_boundary}
    if outcome.details:
        answer["EvalDecisionDetails"] = {name: decision.value for name, decision in outcome.details.items()}
    return answer


def _statements(outcome: Outcome) -> list[dict[str, Any]]:
    return [_statement(match, source_type) for match, source_type in outcome.matched]


def _statement(match: Match, source_type: str) -> dict[str, Any]:
    name = match.policy.name
    return {
        "SourcePolicyId": name.rpartition("/")[2] if name.startswith("arn:") else name,
        "SourcePolicyType": source_type,
        "StartPosition": _position(match.statement.aws_start),
        "EndPosition": _position(match.statement.aws_end),
    }


def _position(position: Position) -> dict[str, int]:
    return {"Line": position.line, "Column": position.column}
