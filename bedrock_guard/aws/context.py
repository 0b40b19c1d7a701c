"""The condition keys of a request that will be made: what is known of each, and what nobody knows.

The simulator fills in who the principal is and nothing else. A key it is not told is absent, and an absent key
makes a Region lock fire and a conditional Deny sleep: both would be wrong answers. So whatever is known of the
real request is always supplied, and what nobody can know is said to be unknown.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html (2026 rewrite) for the
keys the simulator fills in; answers of the service recorded in September 2026 for what an absent key does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bedrock_guard.bedrock.catalogue import condition_keys, find_action, resource_kind_of
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Note, Principal, Requirement

__all__ = [
    "FILLED_IN",
    "ContextValues",
    "accepted_keys",
    "as_entries",
    "checked_context",
    "is_multivalued",
    "normalise_context",
    "request_context",
    "unknown_keys",
]

ContextValues = Mapping[str, tuple[str, ...]]
"""Condition key to its values; one value stands for a single-valued key, none for a key that the request lacks."""

FILLED_IN = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalid",
        "aws:principaltype",
        "aws:principalorgid",
        "aws:principalorgmasteraccountid",
        "aws:principalorgpaths",
        "aws:type",
        "aws:username",
    }
)
"""What the simulator knows by itself, in lower case."""

# Absent from a request that the app makes itself, with credentials of its own: these keys tell of calls that a
# service makes. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# (read 2026-11).
_ABSENT = {
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:viaawsmcpservice",
    "aws:referer",
    # What the app declared says whether its calls go through a profile or a router: where the requirement or the
    # caller's context does not set these, the request does not carry them. That the key of the profile is set on the
    # profile itself is documented nowhere, and AWS's example policies leave the profile without it (assumed absent).
    "bedrock:inferenceprofilearn",
    "bedrock:promptrouterarn",
}

# Keys of a service that describe where the credentials come from, so that any service's request may carry them.
_CREDENTIAL_KEYS = re.compile(
    r"(ec2:(sourceinstancearn|roledelivery)|lambda:sourcefunctionarn|ssm:sourceinstancearn|glue:\w+"
    r"|identitystore:userid|sts:\w+|saml:\w+|ecs:sourcetaskarn|[^:/]*\.[^:]*:\w+|[^:]+/[^:]*:\w+)",
    re.IGNORECASE,
)

_KEY = re.compile(r"[A-Za-z0-9][^\s:$?*]*:[^\s$?*/]+(/.+)?", re.DOTALL)
"""A condition key; behind a slash stands a tag key, which may hold spaces."""

_REGION = "aws:requestedregion"
_REQUEST_TAG = "aws:requesttag/"
_TAG_KEYS = "aws:tagkeys"

_TYPES = {
    "aws:securetransport": "boolean",
    "aws:viaawsservice": "boolean",
    "aws:principalisawsservice": "boolean",
    "aws:multifactorauthpresent": "boolean",
    "aws:multifactorauthage": "numeric",
    "aws:currenttime": "date",
    "aws:tokenissuetime": "date",
    "aws:epochtime": "numeric",
    "aws:calledvia": "stringList",
    "aws:principalorgpaths": "stringList",
    "aws:principalservicenameslist": "stringList",
    "aws:tagkeys": "stringList",
    "aws:sourceip": "ip",
    "aws:vpcsourceip": "ip",
}


def normalise_context(context: Mapping[str, str | bool | int | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The caller's context as keys and tuples of text.

    Raises:
        ConfigurationError: A key is not a condition key, or a value is not text.
    """
    normal: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    for key, value in context.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key) or not 5 <= len(key) <= 256:
            raise ConfigurationError(
                f"context: {key!r} is not a condition key; expected one like aws:SourceVpce", code="BG504"
            )
        if key.lower() in seen:
            raise ConfigurationError(
                f"context: {key!r} and {seen[key.lower()]!r} are the same key: condition keys have no case",
                code="BG504",
            )
        seen[key.lower()] = key
        normal[key] = _texts(key, value)
    return normal


def _texts(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, (str, int)):
        return (str(value),)
    if isinstance(value, Sequence) and value and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise ConfigurationError(
        f"context: the value of {key!r} is {value!r}; expected a text or a list of at least one text",
        code="BG504",
    )


def request_context(
    requirement: Requirement,
    *,
    principal: Principal,
    region: str,
    now: datetime,
    given: ContextValues,
    tags: Mapping[str, str],
) -> dict[str, tuple[str, ...]]:
    """What is known of the request that the requirement stands for, strongest source last.

    A key without values is absent from the request for certain.

    Args:
        requirement: Its own context (Region of the destination, guardrail, profile …) wins over everything: the service
            sets it for this very authorization, and one call may be several that differ in it.
        principal: Its ``user_id`` is ``aws:userid``, which the simulator does not know.
        region: The Region the app calls.
        now: UTC.
        given: The caller's own context; wins over what holds for every request. A key that this request cannot carry
            is left out: a policy that asks for it is not met by saying so.
        tags: The role's tags, supplied as ``aws:PrincipalTag/…`` (empty until they are needed).
    """
    context: dict[str, tuple[str, ...]] = {
        "aws:CurrentTime": (now.strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:EpochTime": (str(int(now.timestamp())),),
        "aws:PrincipalIsAWSService": ("false",),
        "aws:RequestedRegion": (region,),
        "aws:SecureTransport": ("true",),
        "aws:ViaAWSService": ("false",),
    }
    if principal.user_id:
        context["aws:userid"] = (principal.user_id,)
    context.update({f"aws:PrincipalTag/{key}": (value,) for key, value in tags.items()})
    own = {
        key: values
        for key, values in given.items()
        if _set_by(requirement, key) is None and _may_be_carried(requirement, key)
    }
    for source in (own, dict(requirement.context)):
        for key, values in source.items():
            for other in [k for k in context if k.lower() == key.lower()]:
                del context[other]
            context[key] = values
    return context


def _set_by(requirement: Requirement, key: str) -> tuple[str, ...] | None:
    """The values that the requirement itself has for a key, none where it lacks it; None where it says nothing."""
    own = {name.lower(): values for name, values in requirement.context}
    # The request's own parameters say which tags it carries; those that they do not name it does not.
    absent = () if key.lower().startswith(_REQUEST_TAG) and _TAG_KEYS in own else None
    return own.get(key.lower(), absent)


def checked_context(
    given: ContextValues, requirements: Iterable[Requirement], *, region: str | None
) -> tuple[Note, ...]:
    """What of the caller's context is not used: where the service sets a key itself, and what no request carries.

    Args:
        given: The caller's own context.
        requirements: Those that it is used for.
        region: The Region the app calls; None where it is not known yet.

    Raises:
        ConfigurationError: A value that contradicts the Region, or all the requirements that set its key: a mistake,
            and not one request among several.
    """
    _check_region(given, region)
    requirements = tuple(requirements)
    contradicted = (
        note
        for key, values in given.items()
        if key.lower() != _REGION
        for note in _not_used(key, values, [(r, _set_by(r, key)) for r in requirements])
    )
    return (*contradicted, *_carried_by_none(given, requirements))


def _check_region(given: ContextValues, region: str | None) -> None:
    for key, values in given.items():
        if key.lower() == _REGION and region is not None and values != (region,):
            raise ConfigurationError(
                f"context: {key} is {', '.join(values)}, and the app calls {region}; name the Region with region= "
                "(--region), and the Regions that a profile routes to get theirs by themselves",
                code="BG504",
            )


def _carried_by_none(given: ContextValues, requirements: Sequence[Requirement]) -> Iterator[Note]:
    for key in given:
        if requirements and not any(_may_be_carried(requirement, key) for requirement in requirements):
            yield Note(
                "BG504",
                f"context: {key} was not used: by AWS's reference no request that was asked about carries it, and a "
                "policy that asks for it is not met by one.",
            )


def _may_be_carried(requirement: Requirement, key: str) -> bool:
    """Whether the request may carry a key of a service; global keys are taken at the caller's word."""
    low = key.lower()
    if low.startswith("aws:") or _CREDENTIAL_KEYS.fullmatch(low):
        return True
    prefix = requirement.action.partition(":")[0].lower() + ":"
    accepted = accepted_keys(requirement)
    if not low.startswith(prefix):
        return False
    if accepted is None:
        return True
    if requirement.resource == "*":
        # Whatever is meant by it, the request itself is about a resource of some kind.
        kinds = find_action(requirement.action).resource_kinds
        accepted = accepted.union(one.lower() for kind in kinds for one in kind.condition_keys)
    # Behind a slash stands a tag or a claim, of which the reference lists examples at times.
    return any(_is_form_of(low, one) or low.split("/")[0] == one.split("/")[0] for one in accepted)


def _not_used(
    key: str, given: tuple[str, ...], found: Sequence[tuple[Requirement, tuple[str, ...] | None]]
) -> Iterator[Note]:
    setting = [(requirement, values) for requirement, values in found if values is not None]
    others = [(requirement, values) for requirement, values in setting if values != given]
    if not others:
        return
    first, values = others[0]
    what = f"{first.action} on {first.resource}" + (f" ({first.reasons[0]})" if first.reasons else "")
    sets = f"sets {', '.join(values)}" if values else "leaves it out"
    if len(others) == len(setting):
        raise ConfigurationError(
            f"context: {key} is {', '.join(given)}, and what the app declares {sets}, as in {what}; leave the key out",
            code="BG504",
        )
    more = f" and {len(others) - 1} more of the requirements" if len(others) > 1 else ""
    yield Note("BG504", f"context: {key} = {', '.join(given)} was not used for {what}{more}: the call itself {sets}.")


def is_multivalued(key: str) -> bool:
    """Whether AWS documents the key to hold several values, so that one value of it is a list of one."""
    return _TYPES.get(key.lower(), "").endswith("List")


def as_entries(context: ContextValues) -> list[dict[str, object]]:
    """The context as ``ContextEntries`` of the simulator, with the type of each key; an absent key has none."""
    entries: list[dict[str, object]] = []
    for key, values in sorted(context.items()):
        if not values:
            continue
        kind = _TYPES.get(key.lower(), "string")
        entries.append(
            {
                "ContextKeyName": key,
                "ContextKeyValues": list(values),
                "ContextKeyType": kind if len(values) == 1 or kind.endswith("List") else f"{kind}List",
            }
        )
    return entries


def unknown_keys(
    used: Iterable[str],
    *,
    requirement: Requirement,
    supplied: Collection[str],
    filled_in: Collection[str] = FILLED_IN,
    uncertain: Collection[str] = (),
) -> tuple[str, ...]:
    """The condition keys that policies use, that the real request may carry and that nobody supplied.

    Args:
        used: As GetContextKeysForPrincipalPolicy gives them: repeated, in any case, with junk among them.
        requirement: What is asked.
        supplied: Keys that were supplied for it, those that it lacks for certain among them.
        filled_in: Keys, in lower case, that the evaluator knows by itself.
        uncertain: Keys, in lower case, that it would fill in wrongly.
    """
    known = ({key.lower() for key in supplied} | set(filled_in) | _ABSENT) - set(uncertain)
    prefix = requirement.action.partition(":")[0].lower() + ":"
    accepted = accepted_keys(requirement)
    if _TAG_KEYS in {key.lower() for key, _ in requirement.context}:
        # The request's own parameters say which tags it carries: those that were not supplied it does not.
        accepted = None if accepted is None else accepted - {one for one in accepted if one.startswith(_REQUEST_TAG)}
    found: dict[str, str] = {}
    for key in used:
        low = key.lower()
        if _KEY.fullmatch(key) and low not in known and _may_be_present(low, prefix, accepted):
            found.setdefault(low, key)
    return tuple(found[low] for low in sorted(found))


def accepted_keys(requirement: Requirement) -> frozenset[str] | None:
    """The condition keys that AWS documents for this action on this kind of resource, in lower case.

    None where the catalogue does not hold them, so that any may be there.
    """
    try:
        action = find_action(requirement.action)
    except ConfigurationError:
        return None
    if not action.access_level:
        return None
    kind = None if requirement.resource == "*" else resource_kind_of(action, requirement.resource)
    keys = {*action.condition_keys, *(kind.condition_keys if kind is not None else ())}
    return frozenset(key.lower() for key in keys)


def _may_be_present(key: str, prefix: str, accepted: Collection[str] | None) -> bool:
    if key.startswith(("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")):
        return accepted is None or any(one.startswith(key.split("/")[0]) for one in accepted)
    if key.startswith("aws:"):
        return True
    if key.startswith(prefix):
        if accepted is None or any(_is_form_of(key, one) for one in accepted):
            return True
        # A key of other actions of the service is absent; one that no action has may be newer than the catalogue.
        return not any(_is_form_of(key, one.lower()) for one in condition_keys(prefix.rstrip(":")))
    return _CREDENTIAL_KEYS.fullmatch(key) is not None


def _is_form_of(key: str, documented: str) -> bool:
    """Whether a key is the documented one, or has its beginning where a variable follows: ``${TagKey}``, ``<key>``."""
    head = re.split(r"[$<]", documented, maxsplit=1)[0]
    return key == documented or (head != documented and key.startswith(head))
