"""Resource kinds: which kind of resource an ARN names, and the ARN forms of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from bedrock_guard.bedrock import tables

__all__ = ["ResourceKind", "kind_of_arn", "kinds_of"]

_VARIABLE = re.compile(r"\$\{[^}]*\}")

_SLASHLESS = ("bedrock", "bedrock-agentcore", "bedrock-mantle")
"""Namespaces whose ids hold no slash, so that flow/F and flow/F/alias/A are told apart."""

_ID_FORMS = {
    # custom-model/<base model>/<id>. Source: botocore model bedrock, CustomModelArn.
    ("bedrock", "custom-model"): ".+",
    # A version is no part of it. Source: Bedrock User Guide, guardrails-permissions-id (read 2026-11).
    ("bedrock", "guardrail"): "[^/:]+",
}


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """One kind of resource that an action may be authorised on.

    Attributes:
        name: As the Service Authorization Reference spells it, such as ``"foundation-model"``.
        arn: Its ARN with ``${Partition}``, ``${Region}``, ``${Account}`` and id variables; two forms are
            separated by ``", "``.
        condition_keys: The keys that an authorization on this kind may carry, besides the action's own.
        namespace: The IAM namespace that defines it.
    """

    name: str
    arn: str
    condition_keys: tuple[str, ...]
    namespace: str = field(default="", repr=False)

    def pattern(self, *, partition: str = "aws", region: str = "*", account: str = "*") -> str:
        """The ARN pattern of every resource of this kind, such as
        ``arn:aws:bedrock:us-east-1:123456789012:agent/*``.

        The ids become ``*``. Of a kind with two ARN forms this is the first.
        """
        first = self.arn.split(", ")[0]
        for variable, value in (("Partition", partition), ("Region", region), ("Account", account)):
            first = first.replace("${" + variable + "}", value)
        return _VARIABLE.sub("*", first)

    def matches(self, arn: str) -> bool:
        """Whether ``arn`` has the form of this kind, wildcards in its fields included.

        A Region or account may be empty: the model behind a global inference profile has no Region
        (``arn:aws:bedrock:::foundation-model/…``) and knowledge-base role policies name async-invoke without
        an account.
        Source: Bedrock User Guide, global-cross-region-inference and kb-permissions (read 2026-11).
        """
        return any(pattern.fullmatch(arn) for pattern in _patterns(self))

    def ids(self, arn: str) -> tuple[str, ...]:
        """The ids in an ARN of this kind, in the order of its variables, as a flow's and an alias's; else none."""
        parts = arn.split(":", 5)
        for form in self.arn.split(", "):
            found = re.fullmatch(_fill(form.split(":", 5)[5], "([^/:]*)"), parts[-1]) if len(parts) == 6 else None
            if found is not None:
                return found.groups()
        return ()


def kinds_of(namespace: str) -> tuple[ResourceKind, ...]:
    """Every kind that the catalogue has of an IAM namespace, by name."""
    return _kinds_of(namespace)


def kind_of_arn(arn: str, kinds: Iterable[ResourceKind]) -> ResourceKind | None:
    """The kind among ``kinds`` whose form fits ``arn`` most closely, or None.

    The closest is the one with most literal text: ``prompt/P:1`` is a prompt-version although it also reads
    as a prompt.
    """
    return max((kind for kind in kinds if kind.matches(arn)), key=_literal_length, default=None)


@cache
def _kinds_of(namespace: str) -> tuple[ResourceKind, ...]:
    table = tables.catalogue()["kinds"].get(namespace, {})
    return tuple(ResourceKind(name, arn, tuple(keys), namespace) for name, (arn, keys) in sorted(table.items()))


def _literal_length(kind: ResourceKind) -> int:
    return len(_VARIABLE.sub("", kind.arn.split(", ")[0]))


@cache
def _patterns(kind: ResourceKind) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_pattern(kind, form), re.DOTALL) for form in kind.arn.split(", "))


def _pattern(kind: ResourceKind, form: str) -> str:
    *fields, resource = form.split(":", 5)
    variable = _ID_FORMS.get((kind.namespace, kind.name), "[^/]+" if kind.namespace in _SLASHLESS else ".+")
    head = ":".join(_fill(field_, "[^:]*") for field_ in fields)
    return f"{head}:{_fill(resource, variable)}"


def _fill(template: str, variable: str) -> str:
    literals = _VARIABLE.split(template)
    return variable.join(re.escape(literal) for literal in literals)
