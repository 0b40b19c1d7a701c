"""What an operation itself is authorised on, as the parameters of a call name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bedrock_guard.bedrock.actions import Action
from bedrock_guard.bedrock.catalogue import require_kind, resource_kind_of
from bedrock_guard.bedrock.kinds import ResourceKind
from bedrock_guard.bedrock.model_ids import ModelKind, parse_model
from bedrock_guard.bedrock.operations import Operation
from bedrock_guard.bedrock.parameter_paths import texts_at
from bedrock_guard.bedrock.parameter_rules import NAMED, NamedResource
from bedrock_guard.bedrock.parameter_values import filled, require_partition
from bedrock_guard.bedrock.parameters.rules import FIXED
from bedrock_guard.bedrock.place import Place
from bedrock_guard.errors import ConfigurationError

__all__ = ["LISTS_OF_ALL", "OwnResource", "guardrail_arn", "named_resources", "pattern_of", "resource_arn"]

_MODEL_KINDS = ("foundation-model", "inference-profile", "application-inference-profile")


@dataclass(frozen=True, slots=True)
class OwnResource:
    """One resource of an operation's own action.

    Attributes:
        arn: Its ARN, or the pattern of its kind.
        why: The parameters that name it; empty for what every call is authorised on.
        advisory: AWS's documentation does not settle it.
        source: Where that is from.
    """

    arn: str
    why: str
    advisory: bool
    source: str


def named_resources(
    operation: Operation, action: Action, members: frozenset[str], parameters: Mapping[str, Any], place: Place
) -> tuple[OwnResource, ...]:
    """What the request names of what ``action`` is authorised on; of each kind by the first line that fits.

    Args:
        operation: The operation.
        action: What it is authorised as.
        members: Names of the operation's parameters.
        parameters: Those of the call.
        place: Where it is made.

    Raises:
        ConfigurationError: A parameter is no id, or an ARN of a kind that the action does not take.
    """
    kinds = {kind.name: kind for kind in action.resource_kinds}
    found: dict[str, list[OwnResource]] = {}
    used: set[str] = set()
    unfit: dict[str, str] = {}
    for line in NAMED:
        if not _applies(line, operation, kinds, members) or (line.kind in used and line.kind in kinds):
            continue
        resources = list(_resources(line, action, kinds, parameters, place, unfit))
        if resources:
            used |= {line.kind, line.replaces} - {"*", "model", ""}
            found.setdefault(line.kind, []).extend(resources)
    named = [resource for resources in found.values() for resource in resources]
    for arn, place_of in unfit.items():
        if not any(place_of in resource.why for resource in named):
            require_kind(action, arn)
    return tuple({resource.arn: resource for resource in reversed(named)}.values())[::-1]


LISTS_OF_ALL = frozenset(
    {
        "bedrock:ListAutomatedReasoningPolicies",
        "bedrock:ListBlueprints",
        "bedrock:ListDataAutomationLibraries",
        "bedrock:ListDataAutomationProjects",
        "bedrock:ListGuardrails",
        "bedrock:ListPrompts",
    }
)
"""Calls that need not name any resource, of actions that take some. What they are authorised on AWS does not say: ``*``
is asked, which a grant on all resources meets in either case, and a grant on all of a kind leaves open.

Source: botocore's models (1.44.5): no member of their inputs is required."""


def pattern_of(action: Action, place: Place, kind: str | None = None) -> str:
    """The ARN pattern that stands for every resource an action may be about, where none is named.

    An action of several kinds is asked about the one that its name is about: UpdateGuardrail takes an automated
    reasoning policy too, which the app may not use. Where the name says none (TagResource, CreateGuardrail), and for a
    list of all, it is asked about ``*``, which only a grant on all resources allows.
    """
    known = {one.name: one for one in action.resource_kinds}
    name = kind or _own_kind(action)
    if name is None or name not in known or action.name in LISTS_OF_ALL:
        return "*"
    return known[name].pattern(partition=place.partition, region=place.region, account=place.account)


def resource_arn(kind: ResourceKind, member: str, value: str, place: Place) -> str:
    """The ARN of the resource of ``kind`` that ``value`` is the id or the ARN of.

    Raises:
        ConfigurationError: It is neither.
    """
    if kind.name == "guardrail":
        return guardrail_arn(kind, member, value, place)
    if not value.startswith("arn:"):
        return filled(kind, (member,), (value,), place)
    require_partition(place, member, value)
    if not kind.matches(value):
        raise ConfigurationError(f"{member}: {value!r} is no ARN of the kind {kind.name}: {kind.arn}", code="BG504")
    return value


def guardrail_arn(kind: ResourceKind, member: str, value: str, place: Place) -> str:
    """The guardrail's ARN without a version, which is no part of the resource."""
    bare = re.sub(r"(guardrail/[^/:]+):[^/:]+$", r"\1", value)
    if not bare.startswith("arn:"):
        return filled(kind, (member,), (bare,), place)
    require_partition(place, member, bare)
    if not kind.matches(bare):
        raise ConfigurationError(f"{member}: {value!r} is no ARN of a guardrail: {kind.arn}", code="BG504")
    return bare


def _applies(
    line: NamedResource, operation: Operation, kinds: Mapping[str, ResourceKind], members: frozenset[str]
) -> bool:
    if line.operations and operation.key not in line.operations:
        return False
    if line.kind not in kinds and line.kind not in ("*", "model"):
        return False
    return all(re.split(r"[.\[]", path)[0] in members for path in line.members if not path.startswith(FIXED))


def _resources(
    line: NamedResource,
    action: Action,
    kinds: Mapping[str, ResourceKind],
    parameters: Mapping[str, Any],
    place: Place,
    unfit: dict[str, str],
) -> Iterator[OwnResource]:
    given = [
        [(path, path.removeprefix(FIXED))] if path.startswith(FIXED) else list(texts_at(parameters, path))
        for path in line.members
    ]
    if not line.members:
        yield _own(line, kinds[line.kind].pattern(**_fields(place)), "")
        return
    for values in product(*given):
        texts = [text for _, text in values]
        why = " and ".join(where for where, _ in values if not where.startswith(FIXED))
        if line.only and not re.fullmatch(line.only, texts[-1]):
            continue
        if line.kind == "model":
            yield from _of_model(line, action, why, texts[-1], place)
        elif line.kind == "*":
            yield from _of_any_kind(line, action, why, texts[-1], place)
        else:
            yield from _of_kind(line, kinds[line.kind], why, texts, place, unfit)


def _of_kind(
    line: NamedResource, kind: ResourceKind, why: str, texts: list[str], place: Place, unfit: dict[str, str]
) -> Iterator[OwnResource]:
    last, path = texts[-1], line.members[-1]
    if kind.name == "guardrail":
        yield _own(line, guardrail_arn(kind, path, last, place), why)
    elif line.id_form and not last.startswith("arn:") and not re.fullmatch(line.id_form, last):
        yield _own(line, kind.pattern(**_fields(place)), why)
    elif last.startswith("arn:"):
        require_partition(place, path, last)
        if kind.matches(last):
            _require_ids(kind, line.members, texts)
            yield _own(line, last, why)
        else:
            unfit[last] = why
    else:
        yield _own(line, filled(kind, line.members, [text.removeprefix(FIXED) for text in texts], place), why)


def _require_ids(kind: ResourceKind, members: Sequence[str], texts: Sequence[str]) -> None:
    """Refuse an ARN beside the id of something else: ``flowIdentifier`` and the alias of another flow."""
    arn = texts[-1]
    for member, text, of_arn in zip(members[:-1], texts[:-1], kind.ids(arn), strict=False):
        own = text.split(":", 5)[5].rpartition("/")[2] if text.startswith("arn:") else text
        if not member.startswith(FIXED) and own != of_arn:
            raise ConfigurationError(
                f"{member} is {text!r}, and {members[-1]} {arn!r} belongs to {of_arn!r}: name both of the same",
                code="BG504",
            )


def _of_any_kind(line: NamedResource, action: Action, why: str, value: str, place: Place) -> Iterator[OwnResource]:
    if not value.startswith("arn:"):
        raise ConfigurationError(f"{why}: {value!r} is no ARN", code="BG504")
    require_partition(place, why, value)
    require_kind(action, value)
    yield _own(line, value, why)


def _of_model(line: NamedResource, action: Action, why: str, value: str, place: Place) -> Iterator[OwnResource]:
    """The model itself, of whatever kind it is; nothing of where it routes to, which is for those who call it."""
    if value.startswith("arn:"):
        require_partition(place, why, value)
        arn = value
    elif re.fullmatch("[a-z0-9]{12}", value) and "application-inference-profile" in _kind_names(action):
        arn = f"arn:{place.partition}:bedrock:{place.region}:{place.account}:application-inference-profile/{value}"
    elif action.name == _TAKES_NAMES and re.fullmatch("(?:[0-9a-zA-Z][_-]?){1,63}", value):
        # The name of a custom model is no part of its ARN.
        kind = next(each for each in action.resource_kinds if each.name == "custom-model")
        yield _own(line, kind.pattern(**_fields(place)), why)
        return
    else:
        model = parse_model(value)
        account = "" if model.kind is ModelKind.FOUNDATION_MODEL else place.account
        arn = f"arn:{place.partition}:bedrock:{place.region}:{account}:{model.kind.value}/{model.id}"
    if resource_kind_of(action, arn) is not None:
        yield _own(line, arn, why)
        return
    # The reference has no such kind for the action: what it does have is the model behind a profile.
    model = parse_model(value)
    behind = model.foundation_model
    pattern = f"arn:{place.partition}:bedrock:{place.region}::foundation-model/{behind or '*'}"
    if resource_kind_of(action, pattern) is not None:
        source = "assumed: the reference has no kind for this model id"
        yield OwnResource(pattern, why, advisory=True, source=source)


_TAKES_NAMES = "bedrock:CreateProvisionedModelThroughput"
"""Takes the name of a custom model. Source: botocore's model of bedrock (1.44.5), its modelId."""


def _kind_names(action: Action) -> set[str]:
    return {kind.name for kind in action.resource_kinds}


def _own(line: NamedResource, arn: str, why: str) -> OwnResource:
    return OwnResource(arn, why, line.advisory, line.source)


def _fields(place: Place) -> dict[str, str]:
    return {"partition": place.partition, "region": place.region, "account": place.account}


def _own_kind(action: Action) -> str | None:
    names = [kind.name for kind in action.resource_kinds]
    if len(names) <= 1:
        return names[0] if names else None
    if "foundation-model" in names:
        return "foundation-model"
    words = action.name.partition(":")[2].lower()
    return max((name for name in names if name.replace("-", "") in words), key=len, default=None)
