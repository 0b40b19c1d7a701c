"""The condition keys of a request that will be made: what is known of each, and what nobody knows.

The simulator fills in who the principal is and nothing else. A key it is not told is absent, and an absent key
makes a Region lock fire and a conditional Deny sleep: both would be wrong answers. So whatever is known of the
real request is always supplied, and what nobody can know is said to be unknown.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html (2026 rewrite) for the
keys the simulator fills in; answers of the service recorded in September 2026 for what an absent key does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bedrock_guard.bedrock.catalogue import condition_keys, find_action, resource_kind_of
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Principal, Requirement

__all__ = [
    "FILLED_IN",
    "ContextValues",
    "accepted_keys",
    "as_entries",
    "is_multivalued",
    "normalise_context",
    "request_context",
    "unknown_keys",
]

ContextValues = Mapping[str, tuple[str, ...]]
"""Condition key to its values; one value stands for a single-valued key."""

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

    Args:
        requirement: Its own context (Region of the destination, guardrail, profile …) wins over the general.
        principal: Its ``user_id`` is ``aws:userid``, which the simulator does not know.
        region: The Region the app calls.
        now: UTC.
        given: The caller's own context; wins over everything.
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
    for source in (dict(requirement.context), given):
        for key, values in source.items():
            for other in [k for k in context if k.lower() == key.lower()]:
                del context[other]
            context[key] = values
    return context


def is_multivalued(key: str) -> bool:
    """Whether AWS documents the key to hold several values, so that one value of it is a list of one."""
    return _TYPES.get(key.lower(), "").endswith("List")


def as_entries(context: ContextValues) -> list[dict[str, object]]:
    """The context as ``ContextEntries`` of the simulator, with the type of each key."""
    entries: list[dict[str, object]] = []
    for key, values in sorted(context.items()):
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
        supplied: Keys that were supplied for it.
        filled_in: Keys, in lower case, that the evaluator knows by itself.
        uncertain: Keys, in lower case, that it would fill in wrongly.
    """
    known = ({key.lower() for key in supplied} | set(filled_in) | _ABSENT) - set(uncertain)
    prefix = requirement.action.partition(":")[0].lower() + ":"
    accepted = accepted_keys(requirement)
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
    return key == documented or ("${" in documented and key.startswith(documented.split("${")[0]))
