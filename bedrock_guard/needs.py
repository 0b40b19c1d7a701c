"""The actions behind each name that an app declares, before they meet its models and resources. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bedrock_guard.arguments import Named
from bedrock_guard.bedrock.api_keys import KEY_CLIENTS, called_with_key
from bedrock_guard.bedrock.capabilities import Capability, find_capability
from bedrock_guard.bedrock.catalogue import (
    Action,
    Operation,
    find_action,
    find_operation,
    require_kind,
    resource_kind_of,
)
from bedrock_guard.bedrock.operation_rules import ROLE_REQUIRED
from bedrock_guard.errors import ConfigurationError

__all__ = [
    "Need",
    "invokes",
    "of_action",
    "of_named_capability",
    "of_named_operation",
    "of_operation",
    "takes_models",
]

_MODEL_KINDS = frozenset({"foundation-model", "inference-profile"})


@dataclass(frozen=True, slots=True)
class Need:
    """An action that something the app declared is authorised as, before it meets its resources."""

    action: Action
    reason: str
    resource: str | None = None
    kind: str | None = None
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    advisory: bool = False
    with_key: bool = False


def of_named_operation(entry: Named) -> list[Need]:
    operation = find_operation(entry.name)
    return _on_resources(entry, list(of_operation(operation)), f"operation {operation.name}")


def of_named_capability(entry: Named) -> list[Need]:
    capability = find_capability(entry.name)
    return _on_resources(entry, list(_of_capability(capability)), f"capability {capability.name}")


def _on_resources(entry: Named, needs: list[Need], what: str) -> list[Need]:
    """The needs, on the resources that were named where they are of a kind that the action takes.

    Raises:
        ConfigurationError: A resource that none of the actions takes.
    """
    fitting = [(need, [arn for arn in entry.resources if _takes(need, arn)]) for need in needs]
    used = {arn for _, arns in fitting for arn in arns}
    for arn in entry.resources:
        if arn not in used:
            raise ConfigurationError(
                f"{what} on {arn!r}: none of its actions ({', '.join(need.action.name for need in needs)}) takes such "
                "a resource; a model goes into models",
                code="BG504",
            )
    return [on for need, arns in fitting for on in ([replace(need, resource=arn) for arn in arns] or [need])]


def _takes(need: Need, arn: str) -> bool:
    if takes_models(need.action):
        return False
    kind = resource_kind_of(need.action, arn)
    return kind is not None and need.kind in (None, kind.name)


def of_operation(operation: Operation, via: str = "") -> Iterator[Need]:
    """The needs of an operation.

    What only an optional parameter brings (a guardrail, a key) is left to the declaration, since most calls do without.
    """
    with_key = operation.service in KEY_CLIENTS
    for use in operation.actions:
        action = find_action(use.action)
        passes_role = use.action == "iam:PassRole" and operation.key in ROLE_REQUIRED
        if use.parameters and not (takes_models(action) or passes_role):
            continue
        context = tuple((key, (value,)) for key, value in use.context)
        own = Need(action, f"{operation.name}{via}", context=context, advisory=use.advisory, with_key=with_key)
        yield own
        for kind in use.also_on:
            yield replace(own, kind=kind, context=())


def _of_capability(capability: Capability) -> Iterator[Need]:
    for need in _of_its_actions(capability):
        kinds = capability.kinds_of(need.action.name) if need.kind is None else ()
        yield from [replace(need, kind=kind) for kind in kinds] or [need]


def _of_its_actions(capability: Capability) -> Iterator[Need]:
    reason = f"capability {capability.name}"
    for text in capability.operations:
        yield from of_operation(find_operation(text), f" ({reason})")
    for use in capability.actions:
        context = tuple((key, (value,)) for key, value in use.context)
        with_key = called_with_key(use.action)
        yield Need(find_action(use.action), reason, context=context, advisory=use.advisory, with_key=with_key)


def of_action(entry: str | tuple[str, str]) -> Need:
    name, resource = (entry, None) if isinstance(entry, str) else entry
    action = find_action(name)
    with_key = called_with_key(action.name)
    if resource is None or (resource == "*" and not action.takes_resources):
        return Need(action, f"action {action.name}", with_key=with_key)
    if resource == "*":
        raise ConfigurationError(
            f"action {action.name} on '*': IAM's simulator takes that for the text '*' and not for any resource; "
            "name the ARN, or leave it out to ask about the whole kind",
            code="BG504",
        )
    require_kind(action, resource)
    return Need(action, f"action {action.name}", resource, with_key=with_key)


def invokes(action: Action) -> bool:
    return action.name.startswith("bedrock:InvokeModel")


def takes_models(action: Action) -> bool:
    return any(kind.name in _MODEL_KINDS for kind in action.resource_kinds)
