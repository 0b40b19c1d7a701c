"""Service roles: the roles that Bedrock is handed and that apps run under, and everything each of them takes.

A role that is handed over takes three things, all of which are asked: the caller may pass it (``iam:PassRole``), the
role trusts the service for this account and this kind of resource, and the role itself may do what the feature does
with it. The role an app runs under takes the trust alone: its permissions are the app's own.

Source of the pass: IAM User Guide, id_roles_use_passrole (read 2026-11); of the rest: each line of the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bedrock_guard.bedrock.models import Destinations, ModelKind, ModelRef, authorised_resources, parse_model
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.service_role_details import (
    RoleDetails,
    ServiceRole,
    details_of_request,
    find_role_kind,
    kinds_handed_over,
    parse_service_role,
    require_role_arn,
)
from bedrock_guard.bedrock.service_role_kinds import RoleKind, RoleNeed, Target, Unnamed
from bedrock_guard.bedrock.service_role_resources import RESOURCES
from bedrock_guard.bedrock.service_role_table import KINDS, WITHOUT_KIND
from bedrock_guard.bedrock.trust import trust_requirements
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Note, Requirement, merge_duplicates

__all__ = [
    "KINDS",
    "WITHOUT_KIND",
    "RoleDetails",
    "RoleKind",
    "ServiceRole",
    "details_of_request",
    "find_role_kind",
    "kinds_handed_over",
    "parse_service_role",
    "service_role_notes",
    "service_role_requirements",
]

ModelDestinations = Mapping[str, "Destinations | None"]
"""Model as it was written, to where it may be served; None where that is not known."""

_PROFILES = (ModelKind.INFERENCE_PROFILE, ModelKind.APPLICATION_INFERENCE_PROFILE)


def service_role_requirements(
    kind: str,
    role_arn: str,
    *,
    partition: str,
    region: str,
    account: str,
    details: RoleDetails | None = None,
    destinations: ModelDestinations | None = None,
) -> tuple[Requirement, ...]:
    """What the role takes: the caller's pass, the trust, and the role's own permissions, in this order.

    Those of the service have its principal in ``principal``, the role's own have the role's ARN there.

    Args:
        kind: Name of the kind of role.
        role_arn: The role, with its path.
        partition: The caller's.
        region: The Region that is called.
        account: The caller's 12 digits.
        details: What the role is used with.
        destinations: Where the models of the details may be served.

    Raises:
        ConfigurationError: No such kind, no role ARN, a role of another partition, or a model that cannot be called.
    """
    found = find_role_kind(kind)
    role = ServiceRole(found.name, role_arn, details or RoleDetails())
    require_role_arn(role)
    place = Place(partition, region, account)
    if role_arn.split(":")[1] != partition:
        raise ConfigurationError(
            f"service role {kind}: {role_arn!r} is in another partition than the caller, {partition}", code="BG504"
        )
    requirements = [*_pass(found, role), *trust_requirements(found, role, place)]
    # A role of another account cannot be handed over, and what it holds makes no difference.
    elsewhere = not found.of_the_app and account not in ("*", role_arn.split(":")[4])
    for need in () if elsewhere else found.needs:
        requirements += _own(found, role, need, place, destinations or {})
    return merge_duplicates(requirements)


def service_role_notes(kind: str, role_arn: str, *, details: RoleDetails | None = None) -> tuple[Note, ...]:
    """What the role takes beside IAM's policies, and IAM cannot show: policies of stores, keys, buckets, functions."""
    found = find_role_kind(kind)
    given = details or RoleDetails()
    texts = dict.fromkeys(text for detail, text in found.notes if given.named(detail))
    return tuple(Note("BG539", f"Service role {found.name} {role_arn}: {text}") for text in texts)


def _pass(kind: RoleKind, role: ServiceRole) -> Iterator[Requirement]:
    if kind.of_the_app:
        return
    context = (("iam:PassedToService", (kind.trust.principal,)),)
    yield Requirement("iam:PassRole", role.arn, context, (f"to hand the role over as service role {kind.name}",))


def _own(
    kind: RoleKind, role: ServiceRole, need: RoleNeed, place: Place, destinations: ModelDestinations
) -> Iterator[Requirement]:
    reason = f"service role {kind.name} uses {need.on.value}"
    if need.named and not role.details.named(need.named):
        return
    if need.on is Target.NOTHING:
        for action in need.actions:
            yield Requirement(action, "*", (), (f"service role {kind.name}",), need.advisory, role.arn)
    elif need.on in _MODEL_TARGETS:
        yield from _on_models(kind, role, need, place, destinations)
    else:
        resource = RESOURCES[need.on]
        named = role.details.named(resource.detail)
        for value in named:
            arn = resource.named(value, place)
            for action in need.actions:
                why = f"{reason}, {value}"
                yield Requirement(action, arn, _context(need, arn, place, value), (why,), need.advisory, role.arn)
        if not named and need.unnamed is not Unnamed.SKIPPED:
            advisory = need.advisory or need.unnamed is Unnamed.ADVISORY
            arn = resource.pattern(place)
            for action in need.actions:
                yield Requirement(action, arn, _context(need, arn, place, "*"), (reason,), advisory, role.arn)


_MODEL_TARGETS = frozenset(
    {Target.MODEL, Target.ROUTED_MODEL, Target.PROFILE, Target.PROFILE_MODEL, Target.PROVISIONED}
)


def _context(need: RoleNeed, arn: str, place: Place, value: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The keys that come with the request; that a bucket is the account's own is assumed.

    Source: Bedrock User Guide, kb-permissions and batch-iam-sr (read 2026-11): ``kms:ViaService`` is S3's.
    """
    if need.context:
        here = {"partition": place.partition, "region": place.region, "account": place.account}
        subnet = RESOURCES[Target.SUBNET].named(value, place)
        filled = ((key, tuple(text.format(subnet=subnet, **here) for text in texts)) for key, texts in need.context)
        return tuple(sorted(filled))
    if need.via_s3:
        return (("kms:ViaService", (f"s3.{place.region}.amazonaws.com",)),)
    if arn.split(":")[2] == "s3":
        return (("aws:ResourceAccount", (place.account,)),)
    return ()


def _on_models(
    kind: RoleKind, role: ServiceRole, need: RoleNeed, place: Place, destinations: ModelDestinations
) -> Iterator[Requirement]:
    for text in role.details.models:
        model = _model(kind, text)
        reason = f"service role {kind.name} calls {text}"
        for arn, context, why, advisory, own_action in _resources(need, model, place, destinations.get(text)):
            for action in need.actions:
                asked = own_action or action
                reasons = (reason + (f", {why}" if why else ""),)
                yield Requirement(asked, arn, context, reasons, need.advisory or advisory, role.arn)
    if not role.details.models and need.on is Target.MODEL and need.unnamed is not Unnamed.SKIPPED:
        advisory = need.advisory or need.unnamed is Unnamed.ADVISORY
        for action in need.actions:
            arn = f"arn:{place.partition}:bedrock:{place.region}::foundation-model/*"
            context = (("aws:RequestedRegion", (place.region,)),)
            yield Requirement(action, arn, context, (f"service role {kind.name} calls a model",), advisory, role.arn)


def _model(kind: RoleKind, text: str) -> ModelRef:
    try:
        return parse_model(text)
    except ConfigurationError as error:
        raise ConfigurationError(
            f"service role {kind.name}: {error}", suggestions=error.suggestions, code=error.code
        ) from error


_Authorised = tuple[str, "tuple[tuple[str, tuple[str, ...]], ...]", str, bool, str]
"""ARN, context, why, whether advisory, and an action in place of the need's own."""


def _resources(
    need: RoleNeed, model: ModelRef, place: Place, destinations: Destinations | None
) -> Iterator[_Authorised]:
    """What one action of the role is authorised on for a model; nothing where the need is not about such a model."""
    if need.on is Target.PROVISIONED:
        if model.kind is ModelKind.PROVISIONED_MODEL:
            arn = f"arn:{place.partition}:bedrock:{model.region}:{model.account}:provisioned-model/{model.id}"
            yield arn, (), "", False, ""
        return
    if need.on is not Target.MODEL and model.kind not in _PROFILES:
        return
    found = authorised_resources(
        model,
        partition=place.partition,
        region=place.region,
        account=place.account,
        destinations=destinations,
    )
    if need.on is Target.PROFILE:
        yield found[0].arn, (("aws:RequestedRegion", (model.region or place.region,)),), "", False, ""
        return
    if need.on is Target.PROFILE_MODEL:
        if model.foundation_model:
            arn = f"arn:{place.partition}:bedrock:{place.region}::foundation-model/{model.foundation_model}"
            yield arn, (("aws:RequestedRegion", (place.region,)),), "", False, ""
        return
    for one in found:
        context = tuple(sorted((key, (value,)) for key, value in one.context.items()))
        yield one.arn, context, one.why, one.advisory, one.action
    if model.routed and destinations is None:
        arn = f"arn:{place.partition}:bedrock:*::foundation-model/{model.foundation_model or '*'}"
        yield arn, (), "wherever it routes to", False, ""
