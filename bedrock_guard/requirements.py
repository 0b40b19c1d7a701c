"""What an app declares, to requirements: each action on each resource once, with the reasons for it. Pure.

A name that does not exist is refused here. IAM's simulator would not: it denies an invented action to a careful role
and allows it to an administrator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.arguments import each, joined, listed, named
from bedrock_guard.bedrock.api_keys import KEY_CLIENTS
from bedrock_guard.bedrock.catalogue import Action, Operation, find_action, find_operation, resource_kind_of
from bedrock_guard.bedrock.models import AuthorisedResource, ModelRef, ModelsInUse, authorised_resources, parse_model
from bedrock_guard.bedrock.models import Destinations as Served
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.profiles import UNSPECIFIED
from bedrock_guard.bedrock.request import ModelUse
from bedrock_guard.bedrock.request_resources import pattern_of
from bedrock_guard.bedrock.request_shapes import IsNewer
from bedrock_guard.bedrock.service_role_requests import roles_used
from bedrock_guard.bedrock.service_roles import (
    ServiceRole,
    parse_service_role,
    service_role_notes,
    service_role_requirements,
)
from bedrock_guard.declared_requests import DeclaredRequest, declared_requests
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.needs import (
    Need,
    invokes,
    of_action,
    of_named_capability,
    of_named_operation,
    of_operation,
    takes_models,
)
from bedrock_guard.report import Note, Requirement, merge_duplicates

__all__ = ["Declaration", "Destinations", "Where"]

_DEFAULT_OPERATION = "bedrock-runtime:Converse"
"""What an app that names models and nothing else is taken to do with them: InvokeModel, by Converse's other name."""

Destinations = Mapping[str, Served | None]
"""Model as the app wrote it, to where it may be served; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Where(Place):
    """Where the app calls Bedrock, and as whom.

    Attributes:
        key_holder: Whose the API key is that the app calls some clients with, where that is not the caller; else empty.
    """

    key_holder: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an app says it uses, every name checked.

    Attributes:
        models: With the text the app wrote.
        needs: The actions behind operations, capabilities and actions.
        requests: Whole calls; their parameters say what they need.
        roles: Service roles, with what the requests say they are used with.
        not_checked: What is not known of the roles that requests hand over.
    """

    models: tuple[tuple[str, ModelRef], ...]
    needs: tuple[Need, ...]
    requests: tuple[DeclaredRequest, ...] = ()
    roles: tuple[ServiceRole, ...] = ()
    not_checked: tuple[Note, ...] = ()

    @classmethod
    def of(
        cls,
        *,
        models: Sequence[str] = (),
        operations: Sequence[str | tuple[str, str]] = (),
        capabilities: Sequence[str | tuple[str, str]] = (),
        actions: Sequence[str | tuple[str, str]] = (),
        requests: Sequence[tuple[str, Mapping[str, Any]]] = (),
        service_roles: Mapping[str, str] | Sequence[str] = (),
        with_roles: bool = False,
        is_newer: IsNewer | None = None,
    ) -> Declaration:
        """The declaration, every name looked up.

        Args:
            models: Ids or ARNs.
            operations: Names, each alone or with the ARN of the resource it is called on.
            capabilities: As operations.
            actions: As operations.
            requests: Operations with the parameters of a call.
            service_roles: Kind of role to its ARN, or texts such as ``"knowledge-base=arn:…,bucket=docs"``.
            with_roles: Whether the roles that requests hand over are to be checked like those in ``service_roles``.
            is_newer: Asked about parameters of requests that the catalogue lacks; without it they are refused.

        Raises:
            ConfigurationError: A name that does not exist (all of them are listed), an ARN of the wrong kind, or
                nothing declared at all.
        """
        faults: list[ConfigurationError] = []
        found_models: list[tuple[str, ModelRef]] = each(
            listed("models", models, faults, verbatim=True), faults, lambda text: [(text, parse_model(text))]
        )
        needs: list[Need] = [
            *each(named("operations", operations, faults), faults, of_named_operation),
            *each(named("capabilities", capabilities, faults), faults, of_named_capability),
            *each(listed("actions", actions, faults, pairs=True), faults, lambda entry: [of_action(entry)]),
        ]
        calls = declared_requests(requests, faults, is_newer=is_newer)
        roles = each(_texts_of_roles(service_roles, faults), faults, lambda text: [parse_service_role(text)])
        if not (faults or found_models or needs or calls or roles):
            raise ConfigurationError(
                "nothing to check: name what the app uses in models, operations, capabilities, actions, requests or "
                "service_roles",
                code="BG504",
            )
        if faults:
            raise joined(faults)
        if found_models and not any(takes_models(need.action) for need in needs):
            needs.extend(of_operation(find_operation(_DEFAULT_OPERATION)))
        used = roles_used(roles, [(one.operation.key, one.parameters) for one in calls], handed_over=with_roles)
        return cls(tuple(found_models), tuple(needs), tuple(calls), used.roles, used.notes)

    def actions_with_key(self, where: Where) -> frozenset[str]:
        """The actions of the calls that botocore makes with an API key while there is one."""
        declared = {need.action.name for need in self.needs if need.with_key}
        called = {need.action for request in self.requests if request.with_key for need in request.read(where)[0]}
        invoked = {use.action for request in self.requests if request.with_key for use in request.read(where)[1]}
        return frozenset(declared | called | invoked)

    def all_models(self, where: Where) -> tuple[tuple[str, ModelRef], ...]:
        """The declared models, those that the requests call and those that a service calls for them, each once.

        Args:
            where: Partition, Region and account.
        """
        called = self._called_models(where)
        of_others = [text for request in self.requests for text in request.served]
        of_others += [text for role in self.roles for text in role.details.models]
        return tuple(dict([*called.items(), *((text, parse_model(text)) for text in of_others)]).items())

    def models_in_use(self, where: Where) -> ModelsInUse:
        """How the models of :meth:`all_models` are called.

        Args:
            where: Partition, Region and account.
        """
        on_demand = {text for one in self.requests if not one.in_batches for text in one.served}
        in_batches = {text for one in self.requests if one.in_batches for text in one.served}
        called = self._called_models(where)
        return ModelsInUse(frozenset(called), frozenset(in_batches - on_demand - called.keys()))

    def _called_models(self, where: Where) -> dict[str, ModelRef]:
        """The models that the app itself calls."""
        called = (use.text for request in self.requests for use in request.read(where)[1])
        return dict([*self.models, *((text, parse_model(text)) for text in called)])

    def requirements(self, where: Where, destinations: Destinations) -> tuple[Requirement, ...]:
        """Each action on each resource once, with every reason.

        Args:
            where: Partition, Region and account.
            destinations: Where the models may be served.

        Raises:
            ConfigurationError: A model cannot be called from there (another partition, another Region's ARN).
        """
        for text, model in self.all_models(where):
            if model.region and model.region != where.region:
                raise ConfigurationError(
                    f"model {text!r} is in the Region {model.region} and the app calls {where.region}: a model is "
                    "called in its own Region",
                    code="BG504",
                )
        resources = [
            (text, resource) for text, model in self.models for resource in _served(text, model, where, destinations)
        ]
        declared = (requirement for need in self.needs for requirement in _meet(need, resources, where))
        called = (one for request in self.requests for one in _of_call(request, where, destinations))
        handed = (one for role in self.roles for one in _of_role(role, where, destinations))
        return merge_duplicates((*declared, *called, *handed))

    def notes(self, where: Where) -> tuple[Note, ...]:
        """What the service roles need besides, and no policy of IAM shows; what was named in a Region not called.

        Args:
            where: Partition, Region and account.
        """
        of_roles = (
            note for role in self.roles for note in service_role_notes(role.kind, role.arn, details=role.details)
        )
        elsewhere = (_elsewhere(need, where) for need in self.needs)
        of_requests = (note for request in self.requests for note in request.notes(where.region))
        return tuple(
            dict.fromkeys(
                (*of_roles, *self.not_checked, *of_requests, *(note for note in elsewhere if note is not None))
            )
        )

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
                principal=_holder(need, where),
            )
            for need, text, model in self._invocations(where)
            if text in destinations and destinations[text] is None
        )

    def _invocations(self, where: Where) -> Iterator[tuple[Need, str, ModelRef]]:
        """Each model with each action that invokes it."""
        for text, model in self.models:
            yield from ((need, text, model) for need in self.needs if need.resource is None and invokes(need.action))
        for request in self.requests:
            for use in request.read(where)[1]:
                need = _of_use(use, request.operation)
                if invokes(need.action) and not need.advisory:
                    yield need, use.text, parse_model(use.text)


def _texts_of_roles(roles: Mapping[str, str] | Sequence[str], faults: list[ConfigurationError]) -> list[Any]:
    if isinstance(roles, Mapping):
        return listed("service_roles", [f"{kind}={arn}" for kind, arn in roles.items()], faults)
    return listed("service_roles", roles, faults)


def _of_role(role: ServiceRole, where: Where, destinations: Destinations) -> tuple[Requirement, ...]:
    return service_role_requirements(
        role.kind,
        role.arn,
        partition=where.partition,
        region=where.region,
        account=where.account,
        details=role.details,
        destinations=destinations,
    )


def _of_call(request: DeclaredRequest, where: Where, destinations: Destinations) -> Iterator[Requirement]:
    """What a call needs, by its own parameters."""
    needs, models = request.read(where)
    name = request.operation.name
    for need in needs:
        reason = f"{name} ({need.why})" if need.why else name
        context = _with_region(need.context, need.action, need.resource, where)
        holder = where.key_holder if request.with_key else ""
        yield Requirement(need.action, need.resource, context, (reason,), need.advisory, holder)
    for use in models:
        resources = _served(use.text, parse_model(use.text), where, destinations)
        yield from _meet(_of_use(use, request.operation), [(use.text, resource) for resource in resources], where)


def _of_use(use: ModelUse, operation: Operation) -> Need:
    with_key = operation.service in KEY_CLIENTS
    return Need(find_action(use.action), operation.name, context=use.context, advisory=use.advisory, with_key=with_key)


def _served(text: str, model: ModelRef, where: Where, destinations: Destinations) -> tuple[AuthorisedResource, ...]:
    return authorised_resources(
        model,
        partition=where.partition,
        region=where.region,
        account=where.account,
        destinations=destinations.get(text),
    )


def _meet(need: Need, models: Sequence[tuple[str, AuthorisedResource]], where: Where) -> Iterator[Requirement]:
    """The need on each resource it is authorised on."""
    action = need.action
    if not action.takes_resources:
        yield _requirement(need, "*", need.context, where)
    elif need.resource is not None:
        yield _requirement(need, need.resource, _with_region(need.context, action.name, need.resource, where), where)
    else:
        concerned = [one for one in models if _concerns(action, one[1], where) and _of_kind(need, one[1])]
        for text, resource in concerned:
            yield _on_a_model(need, text, resource, where)
        if not concerned:
            pattern = pattern_of(action, where, need.kind)
            yield _requirement(need, pattern, _with_region(need.context, action.name, pattern, where), where)


def _of_kind(need: Need, resource: AuthorisedResource) -> bool:
    """Whether a model is of the kind that the need is about, where it is about one kind alone."""
    if need.kind is None:
        return True
    kind = resource_kind_of(need.action, resource.arn)
    return not resource.action and kind is not None and kind.name == need.kind


def _on_a_model(need: Need, text: str, resource: AuthorisedResource, where: Where) -> Requirement:
    reason = f"{need.reason} with {text}" + (f", {resource.why}" if resource.why else "")
    own = find_action(resource.action) if resource.action else need.action
    values = _values(resource.context)
    if not invokes(need.action):
        # Routing, and what it tells the policies, is InvokeModel's.
        values = {key: value for key, value in values.items() if key == "aws:RequestedRegion"}
    context = tuple(sorted({**dict(need.context), **values}.items()))
    advisory = need.advisory or resource.advisory
    return Requirement(own.name, resource.arn, context, (reason,), advisory, _holder(need, where))


def _requirement(
    need: Need, resource: str, context: tuple[tuple[str, tuple[str, ...]], ...], where: Where
) -> Requirement:
    return Requirement(need.action.name, resource, context, (need.reason,), need.advisory, _holder(need, where))


def _holder(need: Need, where: Where) -> str:
    return where.key_holder if need.with_key else ""


def _concerns(action: Action, resource: AuthorisedResource, where: Where) -> bool:
    """Whether the action is authorised on this resource of a model.

    Routing is InvokeModel's: other actions on models (CountTokens) are asked in the app's own Region. A resource with
    an action of its own (a prompt is rendered, an endpoint invoked) is met by whatever invokes the model.
    """
    if resource.action:
        return invokes(action)
    if not takes_models(action) or resource_kind_of(action, resource.arn) is None:
        return False
    return invokes(action) or resource.context.get("aws:RequestedRegion", where.region) == where.region


def _values(context: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: (value,) for key, value in context.items()}


def _elsewhere(need: Need, where: Where) -> Note | None:
    """That a resource is in a Region which the app does not call, where it was named without a call that says how."""
    if need.resource is None:
        return None
    context = dict(_with_region((), need.action.name, need.resource, where))
    region = need.resource.split(":", 5)[3]
    if context.get("aws:RequestedRegion") != (where.region,) or region == where.region:
        return None
    return Note(
        "BG504",
        f"{need.resource} is in {region}, and {need.action.name} was asked about as a call in {where.region} "
        f"(aws:RequestedRegion). If the app calls {region} for it, check that with region={region!r}.",
    )


def _with_region(
    context: tuple[tuple[str, tuple[str, ...]], ...], action: str, resource: str, where: Where
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The context with the Region of the endpoint that is called, whatever Region the resource is in.

    Only a foundation model that is invoked is authorised with its own: from elsewhere it is reached by a route alone,
    and one without a Region is where a global profile leads.

    Source: Bedrock User Guide, geographic-cross-region-inference and global-cross-region-inference (read 2026-11), for
    the models; IAM User Guide, reference_policies_condition-keys (read 2026-11): the Region that was called.
    """
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return context
    of_resource = parts[3]
    routed = parts[5].startswith("foundation-model/") and action.startswith("bedrock:InvokeModel")
    if "*" in of_resource or not (of_resource or routed):
        return context
    region = (of_resource or UNSPECIFIED) if routed else where.region
    return tuple(sorted({**dict(context), "aws:RequestedRegion": (region,)}.items()))
