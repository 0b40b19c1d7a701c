"""From one real call, its operation and its parameters, to exactly the permissions that the caller needs. Pure.

The rules are data: :mod:`bedrock_guard.bedrock.parameter_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.actions import Action, find_action
from bedrock_guard.bedrock.catalogue import action_matches_kind
from bedrock_guard.bedrock.kinds import kinds_of
from bedrock_guard.bedrock.operations import Operation
from bedrock_guard.bedrock.parameter_paths import texts_at, texts_in_body, unusable, values_at
from bedrock_guard.bedrock.parameter_rules import CONTEXT, TAG_KEYS, TAG_PATHS, ContextRule, Makes, ParameterRule
from bedrock_guard.bedrock.parameter_rules import rules_of as parameter_rules_of
from bedrock_guard.bedrock.parameter_values import (
    key_arn,
    name_in_arn,
    plain_arn,
    role_arn,
    s3_object,
    s3_parts,
    s3_prefix,
    secret_arn,
)
from bedrock_guard.bedrock.parameters.rules import BODY
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.request_resources import guardrail_arn, named_resources, pattern_of, resource_arn
from bedrock_guard.bedrock.suggestions import nearest
from bedrock_guard.errors import ConfigurationError

__all__ = ["ModelUse", "RequestNeed", "RequestNeeds", "read_request"]

Context = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RequestNeed:
    """One permission that a call needs.

    Attributes:
        action: In AWS's spelling.
        resource: The ARN; the pattern of the kind where the request does not name it; ``*`` for an action that takes
            no resources.
        context: Condition keys that the request itself decides, each with its values, sorted; none for a key that it
            lacks. The Region is not among them.
        why: The parameters that bring it, such as ``"guardrailConfig.guardrailIdentifier"``; empty for what every
            call of the operation needs.
        advisory: AWS's documentation does not settle that the caller needs it.
        source: AWS page or model.
    """

    action: str
    resource: str
    context: Context = ()
    why: str = ""
    advisory: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """A model that the call invokes on the caller's rights.

    What is authorised follows from its id: see :func:`~bedrock_guard.bedrock.models.authorised_resources`.

    Attributes:
        text: The model's id or ARN, as the request has it.
        action: What it is invoked as, such as ``"bedrock:InvokeModel"``.
        context: As of a :class:`RequestNeed`.
        why: The parameter that names it.
        advisory: AWS's documentation does not settle that the caller needs it.
        source: AWS page or model.
    """

    text: str
    action: str
    context: Context = ()
    why: str = ""
    advisory: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class RequestNeeds:
    """What one call needs.

    Attributes:
        needs: The permissions, the operation's own first; each action on each resource once.
        models: The models that it invokes.
    """

    needs: tuple[RequestNeed, ...]
    models: tuple[ModelUse, ...]


def read_request(
    operation: Operation, parameters: Mapping[str, Any], *, partition: str, region: str, account: str
) -> RequestNeeds:
    """What the caller of ``operation`` needs for a call with these ``parameters``.

    Args:
        operation: The operation.
        parameters: As boto3 takes them. None and empty values count as not given.
        partition: The caller's, such as ``"aws"``.
        region: The Region that is called.
        account: The caller's 12 digits; ``*`` while it is not known. ARNs of another partition are refused only when
            it is.

    Raises:
        ConfigurationError: A name that the operation does not take, or a value that cannot be what the parameter
            names: wrong type, no id, an ARN of another kind or partition. All names are checked before the values.
    """
    call = _Call(operation, parameters, Place(partition, region, account))
    call.check_names()
    try:
        models = tuple(call.models())
        needs = (*call.own(models), *call.brought())
    except ConfigurationError as error:
        raise ConfigurationError(f"{operation.name}: {error}", suggestions=error.suggestions, code="BG504") from error
    return RequestNeeds(_merged(needs, _key_of_need), _merged(models, _key_of_model))


@dataclass(frozen=True, slots=True)
class _Call:
    operation: Operation
    parameters: Mapping[str, Any]
    place: Place

    @property
    def members(self) -> frozenset[str]:
        return frozenset(tables.inputs()["members"][self.operation.service][self.operation.name].split())

    @property
    def action(self) -> Action:
        """What the operation itself is authorised as."""
        return find_action(self.operation.actions[0].action)

    def check_names(self) -> None:
        known = self.members
        unknown = [str(name) for name in self.parameters if name not in known]
        if not unknown:
            return
        folded = {name.lower(): name for name in sorted(known)}
        # boto3 refuses the call as well, when it is made; here it is known before.
        close = [right for name in unknown for right in nearest(name.lower().replace("_", ""), folded, count=1)]
        hint = f"; did you mean {' or '.join(close)}?" if close else f"; it takes {', '.join(sorted(known)) or 'none'}"
        raise ConfigurationError(
            f"{self.operation.name} has no parameter {', '.join(repr(name) for name in unknown)}{hint}",
            suggestions=close,
            code="BG504",
        )

    def own(self, models: Sequence[ModelUse]) -> Iterator[RequestNeed]:
        """The operation's own action on what the request names, and what every call needs besides."""
        use = self.operation.actions[0]
        action = self.action
        context = self.context(action)
        if not action.takes_resources:
            yield RequestNeed(action.name, "*", context, "", use.advisory, use.source)
        resources = named_resources(self.operation, action, self.members, self.parameters, self.place)
        # A call is authorised on something: of what is assumed alone the first counts, where it names one.
        certain = any(not one.advisory for one in resources)
        for index, resource in enumerate(resources):
            assumed = resource.advisory and (certain or index > 0 or resource.arn.endswith("*"))
            advisory = use.advisory or assumed
            yield RequestNeed(action.name, resource.arn, context, resource.why, advisory, resource.source)
        if action.takes_resources and not resources and not models:
            yield RequestNeed(action.name, pattern_of(action, self.place), context, "", use.advisory, use.source)
        by_parameter = {rule.action for rule in self.rules() if rule.always}
        for other in self.operation.actions[1:]:
            if not other.parameters and other.action not in by_parameter:
                pattern = pattern_of(find_action(other.action), self.place)
                yield RequestNeed(other.action, pattern, (), "", other.advisory, other.source)

    def models(self) -> Iterator[ModelUse]:
        """The models that the call invokes."""
        own = self.action.name
        for rule in self.rules():
            if rule.makes is not Makes.INVOKED_MODEL or not self.concerned(rule):
                continue
            context = self.context(self.action) if rule.action == own else ()
            for path in rule.paths:
                for place, text in texts_at(self.parameters, path):
                    yield ModelUse(text, rule.action, context, place, rule.advisory, rule.source)

    def brought(self) -> Iterator[RequestNeed]:
        """What single parameters bring, besides models."""
        for rule in self.rules():
            if rule.makes is Makes.INVOKED_MODEL or not self.concerned(rule):
                continue
            for path in rule.paths:
                for place, value in self.values(rule, path):
                    context = self.context_of(rule, place, value)
                    for arn in self.resources_of(rule, place, value):
                        self.check(rule, place, arn)
                        yield RequestNeed(rule.action, arn, context, place, rule.advisory, rule.source)

    def values(self, rule: ParameterRule, path: str) -> Iterator[tuple[str, Any]]:
        """What stands at the path and the rule is about."""
        read = texts_in_body if path.startswith(BODY) else texts_at if rule.only else values_at
        for place, value in read(self.parameters, path):
            if not rule.only or re.fullmatch(rule.only, value, re.DOTALL):
                yield place, value

    def rules(self) -> tuple[ParameterRule, ...]:
        return parameter_rules_of(self.operation.key)

    def concerned(self, rule: ParameterRule) -> bool:
        return not rule.when or any(value is not False for _, value in values_at(self.parameters, rule.when))

    def check(self, rule: ParameterRule, place: str, arn: str) -> None:
        """Refuse an ARN that the rule's action cannot be authorised on: the parameter does not take it either."""
        action = find_action(rule.action)
        if arn != "*" and not action_matches_kind(action, arn):
            forms = " or ".join(kind.arn for kind in action.resource_kinds)
            raise ConfigurationError(f"{place}: {arn!r} is not what the parameter names; expected {forms}")

    def resources_of(self, rule: ParameterRule, place: str, value: Any) -> Iterator[str]:
        if rule.makes is Makes.OWN:
            own = named_resources(self.operation, self.action, self.members, self.parameters, self.place)
            taken = {kind.name for kind in find_action(rule.action).resource_kinds}
            known = [kind for kind in self.action.resource_kinds if kind.name in taken]
            found = [one.arn for one in own if any(kind.matches(one.arn) for kind in known)]
            yield from found or [pattern_of(find_action(rule.action), self.place)]
        elif rule.makes is Makes.ANY_OF_KIND:
            yield pattern_of(find_action(rule.action), self.place, rule.kind)
        elif rule.makes is Makes.NOTHING:
            yield "*"
        elif rule.makes in (Makes.TEMPLATE, Makes.NAME):
            where, name = self.place, name_in_arn(place, value) if rule.makes is Makes.NAME else ""
            yield rule.kind.format(partition=where.partition, region=where.region, account=where.account, name=name)
        elif rule.makes is Makes.S3_PARTS:
            yield s3_parts(place, value, self.place)
        elif not isinstance(value, str):
            raise unusable(place, value, "a text")
        elif rule.makes is Makes.RESOURCE:
            namespace = rule.action.partition(":")[0]
            kind = next(kind for kind in kinds_of(namespace) if kind.name == rule.kind)
            yield resource_arn(kind, place, value, self.place)
        else:
            yield _MAKERS[rule.makes](place, value, self.place)

    def context_of(self, rule: ParameterRule, place: str, value: Any) -> Context:
        fixed = {key: (text.format(region=self.place.region),) for key, text in rule.context}
        if rule.action.endswith(":TagResource"):
            return _sorted({**fixed, **_tag_context(place, value)})
        return _sorted(fixed)

    def context(self, action: Action) -> Context:
        """The condition keys that the request sets for the operation's own action, as far as the action has them.

        The request is whole, so that a key whose parameter is not there is absent where AWS says so.
        """
        found: dict[str, tuple[str, ...]] = {}
        for rule in CONTEXT:
            if self.operation.key in rule.operations and rule.key in action.condition_keys:
                if rule.absent:
                    found[rule.key] = ()
                for place, text in texts_at(self.parameters, rule.path):
                    found[rule.key] = (self.guardrail(rule, place, text) if rule.version else text,)
        found.update(self.tags(action))
        return _sorted(found)

    def tags(self, action: Action) -> dict[str, tuple[str, ...]]:
        """aws:RequestTag and aws:TagKeys, as far as the action has them; without tags, aws:TagKeys without values.

        Source: IAM User Guide, reference_policies_condition-keys (read 2026-11): there when the request passes tags.
        """
        found: dict[str, tuple[str, ...]] = {}
        keys: set[str] = set()
        for path in (path for path in (*TAG_PATHS, *TAG_KEYS) if path in self.members):
            for place, value in values_at(self.parameters, path):
                tags = _tag_context(place, value) if path in TAG_PATHS else {"aws:TagKeys": _texts(place, value)}
                keys.update(tags.pop("aws:TagKeys", ()))
                found.update(tags)
        if not any(key.startswith("aws:RequestTag") for key in action.condition_keys):
            found = {}
        if "aws:TagKeys" in action.condition_keys:
            found["aws:TagKeys"] = tuple(sorted(keys))
        return found

    def guardrail(self, rule: ContextRule, place: str, value: str) -> str:
        """The guardrail as a condition key has it: its ARN, and a numbered version."""
        kind = next(kind for kind in kinds_of("bedrock") if kind.name == "guardrail")
        arn = guardrail_arn(kind, place, value, self.place)
        written = re.search(r"guardrail/[^/:]+:([^/:]+)$", value)
        version = next((text for _, text in texts_at(self.parameters, rule.version)), written[1] if written else "")
        return f"{arn}:{version}" if version not in ("", "DRAFT") else arn


_MAKERS: Mapping[Makes, Callable[[str, str, Place], str]] = {
    Makes.ARN: plain_arn,
    Makes.KEY: key_arn,
    Makes.ROLE: role_arn,
    Makes.S3_OBJECT: s3_object,
    Makes.S3_PREFIX: s3_prefix,
    Makes.SECRET: secret_arn,
}


def _tag_context(place: str, tags: Any) -> dict[str, tuple[str, ...]]:
    """aws:RequestTag and aws:TagKeys of tags in either form of AWS's APIs: a map, or a list of keys and values."""
    if isinstance(tags, Mapping):
        pairs = list(tags.items())
    elif isinstance(tags, (list, tuple)):
        pairs = []
        for position, tag in enumerate(tags):
            if not isinstance(tag, Mapping):
                raise unusable(f"{place}[{position}]", tag, "a mapping with key and value")
            pairs.append((tag.get("key"), tag.get("value", "")))
    else:
        raise unusable(place, tags, "a mapping or a list of tags")
    for key, value in pairs:
        if not (isinstance(key, str) and key and isinstance(value, str)):
            raise ConfigurationError(f"{place}: a tag has a key and a value that are texts", code="BG504")
    found = {f"aws:RequestTag/{key}": (value,) for key, value in pairs}
    return {**found, "aws:TagKeys": tuple(sorted({key for key, _ in pairs}))} if pairs else {}


def _texts(place: str, values: Any) -> tuple[str, ...]:
    if not isinstance(values, (list, tuple)) or not all(isinstance(value, str) for value in values):
        raise unusable(place, values, "a list of texts")
    return tuple(values)


def _sorted(context: Mapping[str, tuple[str, ...]]) -> Context:
    return tuple(sorted(context.items()))


def _key_of_need(need: RequestNeed) -> object:
    return need.action, need.resource, need.context


def _key_of_model(use: ModelUse) -> object:
    return use.text, use.action, use.context


def _merged(uses: Iterable[Any], key: Callable[[Any], object]) -> tuple[Any, ...]:
    """Each once; one that is certain before the same as advisory."""
    found: dict[object, Any] = {}
    for use in uses:
        before = found.get(key(use))
        if before is None or (before.advisory and not use.advisory):
            found[key(use)] = use
    return tuple(found.values())
