"""What an app declares, to the policies of each role: its own, and those of the service roles it names. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bedrock_guard.advice.guard_needs import GuardModes, guard_requirements
from bedrock_guard.advice.policies import Holder, Narrowing, checked_role_name, policy_set_of
from bedrock_guard.advice.policy_conditions import asked_conditions
from bedrock_guard.advice.policy_trust import require_one_pod, trust_document, trust_of, trusted_role
from bedrock_guard.bedrock.model_ids import ModelKind
from bedrock_guard.bedrock.models import authorised_resources
from bedrock_guard.bedrock.service_role_details import find_role_kind, kinds_handed_over, values_at
from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.errors import ConfigurationError, PrincipalError
from bedrock_guard.policy_set import PolicySet
from bedrock_guard.principal import Principal, PrincipalType
from bedrock_guard.report import Note, Requirement
from bedrock_guard.requirements import Declaration, Destinations, Where

__all__ = [
    "UNKNOWN_ACCOUNT",
    "Needed",
    "PolicyOptions",
    "account_principal",
    "guard_policy_set",
    "policy_sets",
    "written_policies",
]

UNKNOWN_ACCOUNT = "000000000000"
"""Stands for the account while nothing says which it is; no policy that names it is given to anybody."""

_PROFILES = (ModelKind.INFERENCE_PROFILE, ModelKind.APPLICATION_INFERENCE_PROFILE)


@dataclass(frozen=True, slots=True)
class PolicyOptions:
    """How the policies are to be.

    Attributes:
        role: Name of the role that the app runs as; empty where it has none yet.
        account: 12 digits; empty for that of the principal.
        restrict_region: Whether requests are limited to the Regions that they are made in.
        trust: What the app runs under, as ``KIND[,detail=value]…``.
        conditions: Condition keys and values, or operators with such.
        with_advisory: Whether what AWS does not document as needed is granted too.
        for_guard: Whether the policies are those of whoever runs the check, and not the app's.
    """

    role: str = ""
    account: str = ""
    restrict_region: bool = False
    trust: str | None = None
    conditions: Mapping[str, Any] | None = None
    with_advisory: bool = False
    for_guard: bool = False


@dataclass(frozen=True, slots=True)
class Needed:
    """What a declaration comes to.

    Attributes:
        declaration: What the app says it uses.
        requirements: What is needed.
        unresolved: What is needed besides, on models of which the Region or even the id is not known.
        notes: How the Regions behind profiles were found.
        where: Partition, Region and account.
        destinations: Where the models may be served.
        context: What the app's requests carry, by the caller.
        no_account: Why the account is not known, where it is not.
    """

    declaration: Declaration
    requirements: tuple[Requirement, ...]
    unresolved: tuple[Requirement, ...]
    notes: tuple[Note, ...]
    where: Where
    destinations: Destinations
    context: Mapping[str, tuple[str, ...]]
    no_account: PrincipalError | None = None


def account_principal(account: str, partition: str, role: str = "") -> Principal:
    """The principal that stands for an account: the role of this name, or its root user.

    Raises:
        ConfigurationError: No account has such an id.
    """
    if len(account) != 12 or not account.isascii() or not account.isdigit():
        raise ConfigurationError(f"account: {account!r} is not an account id of 12 digits", code="BG504")
    if role:
        arn = f"arn:{partition}:iam::{account}:role/{checked_role_name(role)}"
        return Principal(arn, PrincipalType.ROLE, account, partition, policy_source_arn=arn, path_known=False)
    return Principal(f"arn:{partition}:iam::{account}:root", PrincipalType.ROOT, account, partition)


def written_policies(
    needed: Needed, options: PolicyOptions, principal: Principal, modes: GuardModes
) -> tuple[PolicySet, ...]:
    """The app's policies and those of its service roles, or those of the guard.

    Raises:
        ConfigurationError: An option that cannot be used, or the account is not known and the policies name it.
    """
    if options.for_guard:
        return (guard_policy_set(needed, principal, modes),)
    return policy_sets(needed, options)


def policy_sets(needed: Needed, options: PolicyOptions) -> tuple[PolicySet, ...]:
    """The app's policies first, then those of each other role or user that needs some.

    Raises:
        ConfigurationError: An option that cannot be used, or the account is not known and the policies name it.
    """
    asked = asked_conditions(options.conditions or {}, needed.context)
    if options.restrict_region and any(one.key.lower() == "aws:requestedregion" for one in asked.conditions):
        raise ConfigurationError(
            "conditions: aws:RequestedRegion is what restrict_region (--restrict-region) sets; leave out one of them",
            code="BG504",
        )
    narrowing = Narrowing(
        only_in=needed.where.region if options.restrict_region else None,
        asked=asked,
        with_advisory=options.with_advisory,
        role_kinds=_kinds_of_roles(needed.declaration),
    )
    sets = (
        *_of_app(needed, options, narrowing),
        *_of_others(needed, replace(narrowing, asked=asked_conditions({}, {}))),
    )
    _require_account(sets, needed)
    return sets


def guard_policy_set(needed: Needed, principal: Principal, modes: GuardModes) -> PolicySet:
    """The policies of whoever runs the check.

    Raises:
        ConfigurationError: It is not known who is asked about.
    """
    if principal.policy_source_arn is None:
        raise ConfigurationError(
            "for_guard: whom the guard asks about is not known; name principal_arn (--principal-arn), or a role and "
            "its account (--role, --account)",
            code="BG504",
        )
    roles = dict.fromkeys(role.arn for role in needed.declaration.roles)
    requirements = guard_requirements(
        modes,
        principal,
        needed.where,
        models=needed.declaration.all_models(needed.where),
        destinations=needed.destinations,
        roles=[_role(arn) for arn in roles],
    )
    notes = []
    if not principal.path_known:
        notes.append(
            f"The path of the role {principal.name} is not known, so that it is named with any path: name its whole "
            "ARN with principal_arn (--principal-arn) to have it alone."
        )
    if principal.permission_set is not None:
        notes.append(
            f"The role {principal.name} is made from the permission set {principal.permission_set} and cannot be "
            "edited: put the policy into the permission set."
        )
    is_role = principal.type in (PrincipalType.ROLE, PrincipalType.ROLE_SESSION)
    holder = Holder(principal.name) if is_role else Holder(user=principal.name)
    set_ = policy_set_of(requirements, replace(holder, notes=tuple(notes)), Narrowing(tell_patterns=False))
    policies = tuple(replace(one, name=one.name.replace("-bedrock", "-bedrock-guard", 1)) for one in set_.policies)
    _require_account([set_], needed)
    return replace(set_, policies=policies)


def _role(arn: str) -> Principal:
    _, partition, _, _, account, _ = arn.split(":", 5)
    return Principal(arn, PrincipalType.ROLE, account, partition, policy_source_arn=arn)


# -- the app's own ------------------------------------------------------------------------------------------------


def _of_app(needed: Needed, options: PolicyOptions, narrowing: Narrowing) -> Iterator[PolicySet]:
    own = [one for one in needed.requirements if not one.principal]
    own += _of_unknown_route(needed)
    lost = [one for one in needed.unresolved if not one.principal and not _via(one, needed)]
    notes = [
        *_of_routes(needed),
        *(f"Not granted: {one.action} for {'; '.join(one.reasons)}. Name the models that it leads to." for one in lost),
        *_texts(note for note in needed.declaration.notes(needed.where) if not _about_role(note, needed)),
    ]
    for holder in _app_holders(needed, options):
        yield policy_set_of(own, replace(holder, notes=(*notes, *holder.notes)), narrowing)


def _app_holders(needed: Needed, options: PolicyOptions) -> Iterator[Holder]:
    """The role that was named, or each that an app is said to run under; one without a name where nothing says."""
    name = checked_role_name(options.role)
    if options.trust is not None:
        yield Holder(name, trust_of(trusted_role(options.trust, name, needed.where), needed.where))
        return
    runtimes = [one for one in needed.declaration.roles if find_role_kind(one.kind).of_the_app]
    for runtime in runtimes:
        require_one_pod(runtime)
    arns = dict.fromkeys(one.arn for one in runtimes)
    for arn in arns:
        yield _holder(needed, arn)
    if not arns:
        yield Holder(name)


def _holder(needed: Needed, arn: str) -> Holder:
    """The role of an ARN, with its trust policy where that is known."""
    if ":user/" in arn:
        return Holder(user=arn.rpartition("/")[2])
    path, _, name = arn.partition(":role/")[2].rpartition("/")
    notes = (f"The role {name} has the path /{path}/: make it with that path, which its ARN holds.",) if path else ()
    return Holder(name, _trust_in(needed, arn), notes)


def _of_routes(needed: Needed) -> Iterator[str]:
    """How it was found where profiles lead; what is allowed where that is not known."""
    yield from _texts(note for note in needed.notes if note.code != "BG302")
    profiles = dict.fromkeys(arn for one in needed.unresolved if not one.principal for arn in _via(one, needed))
    for arn in profiles:
        yield (
            f"What {arn} routes to is not known: models in any Region are allowed, where they are called through it. "
            "With credentials that may call bedrock:GetInferenceProfile the policy names them."
        )


def _of_unknown_route(needed: Needed) -> Iterator[Requirement]:
    """Models that only a profile leads to, in any Region: the profile is the condition that keeps them narrow."""
    for one in needed.unresolved:
        for profile in _via(one, needed) if not one.principal else ():
            context = {**dict(one.context), "bedrock:InferenceProfileArn": (profile,)}
            yield replace(one, context=tuple(sorted(context.items())))


def _via(unresolved: Requirement, needed: Needed) -> list[str]:
    """The ARNs of the profiles that lead to a model of which more is not known."""
    behind = unresolved.resource.rpartition("/")[2]
    where = needed.where
    found = []
    for text, model in needed.declaration.all_models(where):
        unknown = text in needed.destinations and needed.destinations[text] is None
        if unknown and model.kind in _PROFILES and (model.foundation_model or "*") == behind:
            resources = authorised_resources(
                model, partition=where.partition, region=where.region, account=where.account, destinations=None
            )
            found.append(resources[0].arn)
    return found


def _kinds_of_roles(declaration: Declaration) -> dict[str, str]:
    """The kinds of the roles that are handed over, by their ARNs."""
    kinds = {role.arn: role.kind for role in declaration.roles if not find_role_kind(role.kind).of_the_app}
    for request in declaration.requests:
        for kind, parameter in kinds_handed_over(request.operation.key):
            for arn in values_at(request.parameters, parameter):
                kinds.setdefault(arn, kind.name)
    return kinds


# -- those of others ----------------------------------------------------------------------------------------------


def _of_others(needed: Needed, narrowing: Narrowing) -> Iterator[PolicySet]:
    """Service roles that are handed over, and the user whose API key the app calls with."""
    names = [role.arn for role in needed.declaration.roles if not find_role_kind(role.kind).of_the_app]
    users = [one.principal for one in needed.requirements if ":user/" in one.principal]
    for arn in dict.fromkeys((*names, *users)):
        own = [one for one in needed.requirements if one.principal == arn and not is_trust(one)]
        about = [note for note in needed.declaration.notes(needed.where) if arn in note.text]
        notes = list(_texts(about))
        if ":user/" in arn:
            notes.insert(
                0, f"For the user {arn}, whose API key the app calls Bedrock with, and not for the app's role."
            )
        holder = _holder(needed, arn)
        yield policy_set_of(own, replace(holder, notes=(*notes, *holder.notes)), narrowing)


def _trust_in(needed: Needed, arn: str) -> dict[str, Any] | None:
    trust = [one for one in needed.requirements if is_trust(one) and one.resource == arn]
    return trust_document(trust) if trust else None


def _about_role(note: Note, needed: Needed) -> bool:
    return any(role.arn in note.text for role in needed.declaration.roles)


def _texts(notes: Iterable[Note]) -> tuple[str, ...]:
    return tuple(note.text for note in notes)


def _require_account(sets: Sequence[PolicySet], needed: Needed) -> None:
    """Passes when no policy names the account that stands for an unknown one."""
    if needed.no_account is None:
        return
    documents = [one.document for set_ in sets for one in set_.policies] + [set_.trust for set_ in sets]
    if UNKNOWN_ACCOUNT in json.dumps(documents):
        raise ConfigurationError(
            "the account is not known, and the policies name resources in it: name it with account= (--account), or "
            f"the role with principal_arn= (--principal-arn); no credentials tell it ({needed.no_account})",
            code="BG504",
        ) from needed.no_account
