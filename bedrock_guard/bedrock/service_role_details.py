"""What a service role is for, in detail: the models, buckets, keys and stores that somebody named.

They come from a text such as ``knowledge-base=ROLE_ARN,model=amazon.titan-embed-text-v2:0,bucket=docs/2026`` or from
the parameters of the request that hands the role over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bedrock_guard.bedrock.service_role_kinds import RoleKind
from bedrock_guard.bedrock.service_role_table import KINDS
from bedrock_guard.bedrock.suggestions import nearest, no_such_name
from bedrock_guard.errors import ConfigurationError

__all__ = [
    "DETAIL_NAMES",
    "RoleDetails",
    "ServiceRole",
    "details_of_request",
    "find_role_kind",
    "kinds_handed_over",
    "parse_service_role",
    "values_at",
]


@dataclass(frozen=True, slots=True)
class RoleDetails:
    """What the role is used with; every member may be empty.

    Attributes:
        models: Model ids or ARNs, as an app writes them.
        buckets: Buckets that are read: ``NAME``, ``NAME/prefix/``, an ``s3://`` URI or an ARN.
        outputs: The same of buckets that are written to.
        keys: KMS keys of the buckets: ids or ARNs.
        resource_keys: KMS keys of the feature's own data: ids or ARNs.
        stores: ARNs of vector stores, Kendra indexes and Redshift workgroups.
        secrets: ARNs of secrets.
        lambdas: Names or ARNs of functions.
        guardrails: Ids or ARNs.
        knowledge_bases: Ids or ARNs.
        agents: ARNs of agent aliases, or ``AGENT/ALIAS``.
        prompts: Ids or ARNs.
        log_groups: Names.
        repositories: Names or ARNs of ECR repositories, or image URIs.
        policy_engines: Ids or ARNs.
        subnets: Of a job in a VPC: ids or ARNs.
        security_groups: The same.
        source: ARN of the one resource that assumes the role, ``aws:SourceArn``; empty for any of its kind.
        provider: The OIDC provider of an EKS cluster: its ARN or URL; empty for any of the Region.
        namespace: The Kubernetes namespace of the pods.
        service_account: Their service account.
    """

    models: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    resource_keys: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    lambdas: tuple[str, ...] = ()
    guardrails: tuple[str, ...] = ()
    knowledge_bases: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    log_groups: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    policy_engines: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    source: str = ""
    provider: str = ""
    namespace: str = ""
    service_account: str = ""

    def named(self, detail: str) -> tuple[str, ...]:
        """The values of one member, such as ``"models"``; ``stores:es`` are the stores of one service."""
        name, _, service = detail.partition(":")
        values: tuple[str, ...] = getattr(self, name)
        return tuple(value for value in values if not service or value.split(":", 3)[2:3] == [service])

    def merged(self, other: RoleDetails) -> RoleDetails:
        """Both: the lists one after the other without repetition, of the texts the first that is given."""
        values: dict[str, Any] = {}
        for field in fields(self):
            mine, more = getattr(self, field.name), getattr(other, field.name)
            values[field.name] = mine or more if isinstance(mine, str) else tuple(dict.fromkeys((*mine, *more)))
        return RoleDetails(**values)


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """A role and what it is for.

    Attributes:
        kind: Name of the kind, such as ``knowledge-base``.
        arn: The role.
        details: What it is used with.
    """

    kind: str
    arn: str
    details: RoleDetails = RoleDetails()


DETAIL_NAMES: Mapping[str, str] = {
    "model": "models",
    "bucket": "buckets",
    "output": "outputs",
    "key": "keys",
    "resource-key": "resource_keys",
    "store": "stores",
    "secret": "secrets",
    "lambda": "lambdas",
    "guardrail": "guardrails",
    "knowledge-base": "knowledge_bases",
    "agent": "agents",
    "prompt": "prompts",
    "log-group": "log_groups",
    "repository": "repositories",
    "policy-engine": "policy_engines",
    "subnet": "subnets",
    "security-group": "security_groups",
    "source": "source",
    "oidc": "provider",
    "namespace": "namespace",
    "service-account": "service_account",
}
"""What the text calls a detail, to the member it fills; the last four can be given once."""

_ROLE = re.compile(r"arn:aws[a-z0-9-]*:iam::\d{12}:role/(?:[\x21-\x7e]+/)?[\w+=,.@-]{1,64}", re.ASCII)
_NEEDS_ARN = ("secrets", "stores", "source")


def find_role_kind(name: str) -> RoleKind:
    """The kind of role called ``name``.

    Raises:
        ConfigurationError: There is none; the message names the nearest.
    """
    wanted = name.strip().lower()
    found = KINDS.get(wanted)
    if found is None:
        error = no_such_name(
            f"service role {name!r}: no such kind; there are {', '.join(KINDS)}", nearest(wanted, KINDS.keys())
        )
        error.code = "BG504"
        raise error
    return found


def parse_service_role(text: str) -> ServiceRole:
    """The role that ``KIND=ROLE_ARN[,detail=value]…`` writes; the details are those of :data:`DETAIL_NAMES`.

    Raises:
        ConfigurationError: No such kind or detail, no role ARN, or a detail without a usable value.
    """
    first, *rest = _parts(text)
    name, equals, arn = first.partition("=")
    if not equals:
        raise _wrong(
            f"service role {text!r}: expected KIND=ROLE_ARN, such as knowledge-base=arn:aws:iam::123456789012:role/kb"
        )
    kind = find_role_kind(name)
    details = RoleDetails()
    for part in rest:
        details = details.merged(_detail(text, part, details))
    role = ServiceRole(kind.name, arn.strip(), details)
    require_role_arn(role)
    return role


def _parts(text: str) -> list[str]:
    """The parts between commas; a comma in a role's name is not followed by ``detail=``."""
    pieces = re.split(r",(?=\s*[A-Za-z-]+\s*=)", text.strip())
    return [piece.strip() for piece in pieces]


def _detail(text: str, part: str, before: RoleDetails) -> RoleDetails:
    name, _, value = part.partition("=")
    name, value = name.strip().lower(), value.strip()
    member = DETAIL_NAMES.get(name)
    if member is None:
        error = no_such_name(
            f"service role {text!r}: no detail is called {name!r}; there are {', '.join(DETAIL_NAMES)}",
            nearest(name, DETAIL_NAMES.keys()),
        )
        error.code = "BG504"
        raise error
    if not value:
        raise _wrong(f"service role {text!r}: {name} has no value")
    if member in _NEEDS_ARN and not value.startswith("arn:"):
        raise _wrong(f"service role {text!r}: {name} {value!r} is no ARN, and its name alone does not say which it is")
    if isinstance(getattr(before, member), str):
        if getattr(before, member):
            raise _wrong(f"service role {text!r}: {name} is given twice")
        return _only(member, value)
    return _only(member, (value,))


def _only(member: str, value: str | tuple[str, ...]) -> RoleDetails:
    values: dict[str, Any] = {member: value}
    return RoleDetails(**values)


def require_role_arn(role: ServiceRole) -> None:
    """Passes when the role's ARN is one of a role.

    Raises:
        ConfigurationError: It is something else.
    """
    arn = role.arn
    if _ROLE.fullmatch(arn) and "*" not in arn and "?" not in arn:
        return
    where = f"service role {role.kind}: {arn!r}"
    session = re.fullmatch(r"arn:([^:]+):sts::(\d{12}):assumed-role/([^/]+)/.*", arn)
    if session is not None:
        mended = f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
        raise ConfigurationError(
            f"{where} is a session of the role; write {mended}, with the role's path if it has one",
            suggestions=(mended,),
            code="BG504",
        )
    if "*" in arn or "?" in arn:
        raise _wrong(f"{where} has a wildcard; a service is handed one role: name it")
    if ":instance-profile/" in arn:
        raise _wrong(f"{where} is an instance profile; name the role that it holds")
    raise _wrong(f"{where} is not the ARN of a role; expected one like arn:aws:iam::123456789012:role/path/name")


def kinds_handed_over(operation: str) -> tuple[tuple[RoleKind, str], ...]:
    """The kinds of roles that an operation such as ``bedrock-agent:CreateAgent`` takes, each with its parameter."""
    return tuple(
        (kind, handover.parameter)
        for kind in KINDS.values()
        for handover in kind.handed_over
        if handover.operation == operation
    )


def details_of_request(kind: str, parameters: Mapping[str, Any]) -> RoleDetails:
    """What the parameters of a request name for the role: of the operation that hands it over, or of a later one.

    CreateDataSource names the buckets of a knowledge base, CreateAgentActionGroup the functions of an agent.

    Args:
        kind: Name of the kind of role.
        parameters: As boto3 takes them.

    Raises:
        ConfigurationError: There is no such kind.
    """
    found: dict[str, list[str]] = {}
    for read in find_role_kind(kind).reads:
        prefix = next(iter(values_at(parameters, read.prefix)), "") if read.prefix else ""
        for value in values_at(parameters, read.path):
            whole = f"{value}/{prefix.lstrip('/')}" if prefix else value
            found.setdefault(read.detail, []).append(whole)
    details: dict[str, Any] = {detail: tuple(dict.fromkeys(values)) for detail, values in found.items()}
    return RoleDetails(**details)


def values_at(parameters: Any, path: str) -> Iterator[str]:
    """The texts at a dotted path, with ``[]`` after a list; what is not there or no text is left out."""
    name, _, rest = path.partition(".")
    many = name.endswith("[]")
    value = parameters.get(name.removesuffix("[]")) if isinstance(parameters, Mapping) else None
    values: Iterable[Any] = (value,)
    if many:
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    for one in values:
        if rest:
            yield from values_at(one, rest)
        elif isinstance(one, str) and one:
            yield one


def _wrong(message: str) -> ConfigurationError:
    return ConfigurationError(message, code="BG504")
