"""What an app declares, to requirements: each action on each resource once, with the reasons for it. Pure.

A name that does not exist is refused here. IAM's simulator would not: it denies an invented action to a careful role
and allows it to an administrator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bedrock_guard.bedrock.capabilities import Capability, find_capability
from bedrock_guard.bedrock.catalogue import (
    Action,
    Operation,
    find_action,
    find_operation,
    require_kind,
    resource_kind_of,
)
from bedrock_guard.bedrock.models import AuthorisedResource, ModelRef, authorised_resources, parse_model
from bedrock_guard.bedrock.models import Destinations as Served
from bedrock_guard.bedrock.operation_rules import ROLE_REQUIRED
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Requirement, merge_duplicates

__all__ = ["Declaration", "Destinations", "Where"]

T = TypeVar("T")

_DEFAULT_OPERATION = "bedrock-runtime:Converse"
"""What an app that names models and nothing else is taken to do with them: InvokeModel, by Converse's other name."""

_MODEL_KINDS = frozenset({"foundation-model", "inference-profile"})

Destinations = Mapping[str, Served | None]
"""Model as the app wrote it, to where it may be served; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where the app calls Bedrock: it makes ARNs out of names.

    Attributes:
        partition: ``aws``, ``aws-us-gov`` …
        region: The Region the app calls.
        account: 12 digits; ``*`` while it is not known.
    """

    partition: str
    region: str
    account: str


@dataclass(frozen=True, slots=True)
class _Need:
    """An action that something the app declared is authorised as, before it meets its resources."""

    action: Action
    reason: str
    resource: str | None = None
    kind: str | None = None
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    advisory: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an app says it uses, every name checked.

    Attributes:
        models: With the text the app wrote.
        needs: The actions behind operations, capabilities and actions.
    """

    models: tuple[tuple[str, ModelRef], ...]
    needs: tuple[_Need, ...]

    @classmethod
    def of(
        cls,
        *,
        models: Sequence[str] = (),
        operations: Sequence[str] = (),
        capabilities: Sequence[str] = (),
        actions: Sequence[str | tuple[str, str]] = (),
    ) -> Declaration:
        """The declaration, every name looked up.

        Raises:
            ConfigurationError: A name that does not exist (all of them are listed), an ARN of the wrong kind, or
                nothing declared at all.
        """
        faults: list[ConfigurationError] = []
        found_models: list[tuple[str, ModelRef]] = _each(
            _listed("models", models, faults), faults, lambda text: [(text, parse_model(text))]
        )
        needs: list[_Need] = [
            *_each(_listed("operations", operations, faults), faults, lambda text: _of_operation(find_operation(text))),
            *_each(
                _listed("capabilities", capabilities, faults),
                faults,
                lambda text: _of_capability(find_capability(text)),
            ),
            *_each(_listed("actions", actions, faults, pairs=True), faults, lambda entry: [_of_action(entry)]),
        ]
        if not (faults or found_models or needs):
            raise ConfigurationError(
                "nothing to check: name what the app uses in models, operations, capabilities or actions",
                code="BG504",
            )
        if faults:
            raise _joined(faults)
        if found_models and not any(_takes_models(need.action) for need in needs):
            needs.extend(_of_operation(find_operation(_DEFAULT_OPERATION)))
        return cls(tuple(found_models), tuple(needs))

    def requirements(self, where: Where, destinations: Destinations) -> tuple[Requirement, ...]:
        """Each action on each resource once, with every reason.

        Args:
            where: Partition, Region and account.
            destinations: Where the models may be served.

        Raises:
            ConfigurationError: A model cannot be called from there (another partition, another Region's ARN).
        """
        for text, model in self.models:
            if model.region and model.region != where.region:
                raise ConfigurationError(
                    f"model {text!r} is in the Region {model.region} and the app calls {where.region}: a model is "
                    "called in its own Region",
                    code="BG504",
                )
        resources = [
            (text, resource)
            for text, model in self.models
            for resource in authorised_resources(
                model,
                partition=where.partition,
                region=where.region,
                account=where.account,
                destinations=destinations.get(text),
            )
        ]
        return merge_duplicates(requirement for need in self.needs for requirement in _meet(need, resources, where))

    def unresolved(self, where: Where, destinations: Destinations) -> tuple[Requirement, ...]:
        """What is needed besides :meth:`requirements` and cannot be asked: the models behind ids that say nothing.

        Args:
            where: Partition, Region and account.
            destinations: Where the models may be served; those that are None are meant here.
        """
        return merge_duplicates(
            Requirement(
                need.action.name,
                f"arn:{where.partition}:bedrock:*::foundation-model/{model.foundation_model or '*'}",
                need.context,
                (f"{need.reason} with {text}, wherever it routes to",),
            )
            for text, model in self.models
            if text in destinations and destinations[text] is None
            for need in self.needs
            if need.resource is None and need.action.name.startswith("bedrock:InvokeModel")
        )


def _of_operation(operation: Operation, via: str = "") -> Iterator[_Need]:
    """The needs of an operation.

    What only an optional parameter brings (a guardrail, a key) is left to the declaration, since most calls do without.
    """
    for use in operation.actions:
        action = find_action(use.action)
        passes_role = use.action == "iam:PassRole" and operation.key in ROLE_REQUIRED
        if use.parameters and not (_takes_models(action) or passes_role):
            continue
        context = tuple((key, (value,)) for key, value in use.context)
        yield _Need(action, f"{operation.name}{via}", context=context, advisory=use.advisory)
        for kind in use.also_on:
            yield _Need(action, f"{operation.name}{via}", kind=kind, advisory=use.advisory)


def _of_capability(capability: Capability) -> Iterator[_Need]:
    reason = f"capability {capability.name}"
    for text in capability.operations:
        yield from _of_operation(find_operation(text), f" ({reason})")
    for use in capability.actions:
        context = tuple((key, (value,)) for key, value in use.context)
        yield _Need(find_action(use.action), reason, context=context, advisory=use.advisory)


def _of_action(entry: str | tuple[str, str]) -> _Need:
    name, resource = (entry, None) if isinstance(entry, str) else entry
    action = find_action(name)
    if resource is None or (resource == "*" and not action.takes_resources):
        return _Need(action, f"action {action.name}")
    if resource == "*":
        raise ConfigurationError(
            f"action {action.name} on '*': IAM's simulator takes that for the text '*' and not for any resource; "
            "name the ARN, or leave it out to ask about the whole kind",
            code="BG504",
        )
    require_kind(action, resource)
    return _Need(action, f"action {action.name}", resource)


def _meet(need: _Need, models: Sequence[tuple[str, AuthorisedResource]], where: Where) -> Iterator[Requirement]:
    """The need on each resource it is authorised on."""
    action = need.action
    if not action.takes_resources:
        yield _requirement(need, "*", need.context, need.reason)
    elif need.resource is not None:
        yield _requirement(need, need.resource, _with_region(need.context, need.resource), need.reason)
    else:
        concerned = [one for one in models if need.kind is None and _concerns(action, one[1], where)]
        for text, resource in concerned:
            yield _on_a_model(need, text, resource)
        if not concerned:
            pattern = _pattern(action, where, need.kind)
            yield _requirement(need, pattern, _with_region(need.context, pattern), need.reason)


def _on_a_model(need: _Need, text: str, resource: AuthorisedResource) -> Requirement:
    reason = f"{need.reason} with {text}" + (f", {resource.why}" if resource.why else "")
    own = find_action(resource.action) if resource.action else need.action
    values = _values(resource.context)
    if not _invokes(need.action):
        # Routing, and what it tells the policies, is InvokeModel's.
        values = {key: value for key, value in values.items() if key == "aws:RequestedRegion"}
    context = tuple(sorted({**dict(need.context), **values}.items()))
    return Requirement(own.name, resource.arn, context, (reason,), need.advisory or resource.advisory)


def _invokes(action: Action) -> bool:
    return action.name.startswith("bedrock:InvokeModel")


def _requirement(
    need: _Need, resource: str, context: tuple[tuple[str, tuple[str, ...]], ...], reason: str
) -> Requirement:
    return Requirement(need.action.name, resource, context, (reason,), need.advisory)


def _concerns(action: Action, resource: AuthorisedResource, where: Where) -> bool:
    """Whether the action is authorised on this resource of a model.

    Routing is InvokeModel's: other actions on models (CountTokens) are asked in the app's own Region. A resource with
    an action of its own (a prompt is rendered, an endpoint invoked) is met by whatever invokes the model.
    """
    if resource.action:
        return _invokes(action)
    if not _takes_models(action) or resource_kind_of(action, resource.arn) is None:
        return False
    return _invokes(action) or resource.context.get("aws:RequestedRegion", where.region) == where.region


def _values(context: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: (value,) for key, value in context.items()}


def _with_region(
    context: tuple[tuple[str, tuple[str, ...]], ...], resource: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The context with the Region of the resource, where its ARN names one."""
    parts = resource.split(":")
    if len(parts) < 6 or not parts[3] or "*" in parts[3]:
        return context
    return tuple(sorted({**dict(context), "aws:RequestedRegion": (parts[3],)}.items()))


def _takes_models(action: Action) -> bool:
    return any(kind.name in _MODEL_KINDS for kind in action.resource_kinds)


def _pattern(action: Action, where: Where, kind: str | None) -> str:
    """The ARN pattern that stands for every resource an action may be about.

    An action of several kinds is asked about the one that its name is about: UpdateGuardrail takes an automated
    reasoning policy too, which the app may not use. Where the name says none (TagResource, CreateGuardrail) it is asked
    about ``*``, which only a grant on all resources allows.
    """
    known = {one.name: one for one in action.resource_kinds}
    name = kind or _own_kind(action)
    if name not in known:
        return "*"
    return known[name].pattern(partition=where.partition, region=where.region, account=where.account)


def _own_kind(action: Action) -> str | None:
    names = [kind.name for kind in action.resource_kinds]
    if len(names) == 1 or not names:
        return names[0] if names else None
    if "foundation-model" in names:
        return "foundation-model"
    words = action.name.partition(":")[2].lower()
    return max((name for name in names if name.replace("-", "") in words), key=len, default=None)


def _listed(
    name: str,
    values: Sequence[str | tuple[str, str]],
    faults: list[ConfigurationError],
    *,
    pairs: bool = False,
) -> list[Any]:
    """The entries of an argument that is a list of texts (or pairs), and a fault for every other."""
    if isinstance(values, str):
        faults.append(
            ConfigurationError(f"{name}: {values!r} is one text; expected a list: [{values!r}]", code="BG504")
        )
        return []
    good: list[Any] = []
    for value in values:
        pair = (
            pairs
            and isinstance(value, (tuple, list))
            and len(value) == 2
            and all(isinstance(one, str) for one in value)
        )
        if isinstance(value, str) and value.strip():
            good.append(value.strip())
        elif pair:
            good.append(tuple(value))
        else:
            form = "a text or a pair (action, ARN)" if pairs else "a text"
            faults.append(ConfigurationError(f"{name}: {value!r} is not usable; expected {form}", code="BG504"))
    return good


def _each(values: Iterable[Any], faults: list[ConfigurationError], make: Callable[[Any], Iterable[T]]) -> list[T]:
    """What ``make`` makes of each value; what it refuses joins the faults."""
    made: list[T] = []
    for value in values:
        try:
            made.extend(make(value))
        except ConfigurationError as fault:
            faults.append(fault)
    return made


def _joined(faults: Sequence[ConfigurationError]) -> ConfigurationError:
    """One error for all faults, so that a configuration is mended in one go."""
    if len(faults) == 1:
        return faults[0]
    lines = "\n".join(f"  {fault}" for fault in faults)
    return ConfigurationError(
        f"{len(faults)} names or values cannot be used:\n{lines}",
        suggestions=tuple(s for fault in faults for s in fault.suggestions),
        code=faults[0].code,
    )
