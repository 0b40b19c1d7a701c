"""From the details of a service role to the ARNs of what it uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.service_role_kinds import Target

__all__ = ["RESOURCES", "Resource"]


@dataclass(frozen=True, slots=True)
class Resource:
    """How a member of the details becomes resources.

    Attributes:
        detail: The member; ``stores:es`` for the stores of one service.
        named: A value to its ARN.
        pattern: What stands for any of them.
    """

    detail: str
    named: Callable[[str, Place], str]
    pattern: Callable[[Place], str]


def _of(service: str, form: str, detail: str, any_id: str = "*") -> Resource:
    """Ids of one kind of resource; an ARN is taken as it is."""
    return Resource(
        detail,
        lambda value, place: value if value.startswith("arn:") else place.arn(service, form.format(value)),
        lambda place: place.arn(service, form.format(any_id)),
    )


def _guardrail(value: str, place: Place) -> str:
    # A version is no part of the resource. Source: Bedrock User Guide, guardrails-permissions-id (read 2026-11).
    if not value.startswith("arn:"):
        return place.arn("bedrock", f"guardrail/{value.partition(':')[0]}")
    head, slash, guardrail = value.partition(":guardrail/")
    return f"{head}{slash}{guardrail.partition(':')[0]}"


def _bucket_and_key(value: str) -> tuple[str, str]:
    text = re.sub(r"^(s3://|arn:[^:]*:s3:::)", "", value)
    bucket, _, key = text.partition("/")
    return bucket, key


def _bucket(value: str, place: Place) -> str:
    return f"arn:{place.partition}:s3:::{_bucket_and_key(value)[0]}"


def _read_objects(value: str, place: Place) -> str:
    """One object where the last part has an extension, else all under the prefix (assumed)."""
    bucket, key = _bucket_and_key(value)
    if key.endswith("*") or re.search(r"\.[A-Za-z0-9]+$", key):
        return f"arn:{place.partition}:s3:::{bucket}/{key}"
    return _written_objects(value, place)


def _written_objects(value: str, place: Place) -> str:
    bucket, key = _bucket_and_key(value)
    prefix = key.rstrip("*").rstrip("/")
    return f"arn:{place.partition}:s3:::{bucket}/{prefix}/*" if prefix else f"arn:{place.partition}:s3:::{bucket}/*"


def _any_bucket(place: Place) -> str:
    return f"arn:{place.partition}:s3:::*"


def _any_object(place: Place) -> str:
    return f"arn:{place.partition}:s3:::*/*"


def _domain(value: str, place: Place) -> str:  # noqa: ARG001 -- the signature of all
    head, _, resource = value.rpartition(":")
    return f"{head}:{'/'.join(resource.split('/')[:2])}"


def _domain_index(value: str, place: Place) -> str:  # noqa: ARG001
    return value if value.rpartition(":")[2].count("/") > 1 else f"{value}/*"


def _vector_index(value: str, place: Place) -> str:  # noqa: ARG001
    return value if "/index/" in value else f"{value}/index/*"


def _alias(value: str, place: Place) -> str:
    return value if value.startswith("arn:") else place.arn("bedrock", f"agent-alias/{value}")


def _log_stream(value: str, place: Place) -> str:
    return place.arn("logs", f"log-group:{_log_group(value)}:log-stream:aws/bedrock/modelinvocations")


def _log_group(value: str) -> str:
    return value.partition(":log-group:")[2].removesuffix(":*") if value.startswith("arn:") else value


def _any_interface(place: Place) -> str:
    """There is none before the job runs, and nothing says what its id will be."""
    return place.arn("ec2", "network-interface/*")


def _repository(value: str, place: Place) -> str:
    """Of an image such as ``123456789012.dkr.ecr.us-east-1.amazonaws.com/agent:1``, its repository."""
    image = re.fullmatch(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z0-9.-]+/([^:@]+)(?:[:@].*)?", value)
    if image is not None:
        return f"arn:{place.partition}:ecr:{image[2]}:{image[1]}:repository/{image[3]}"
    return value if value.startswith("arn:") else place.arn("ecr", f"repository/{value}")


RESOURCES: Mapping[Target, Resource] = {
    Target.BUCKET: Resource("buckets", _bucket, _any_bucket),
    Target.OBJECTS: Resource("buckets", _read_objects, _any_object),
    Target.OUTPUT_BUCKET: Resource("outputs", _bucket, _any_bucket),
    Target.OUTPUT_OBJECTS: Resource("outputs", _written_objects, _any_object),
    Target.KEY: _of("kms", "key/{}", "keys"),
    Target.RESOURCE_KEY: _of("kms", "key/{}", "resource_keys"),
    Target.COLLECTION: _of("aoss", "collection/{}", "stores:aoss"),
    Target.DOMAIN: Resource("stores:es", _domain, lambda place: place.arn("es", "domain/*")),
    Target.DOMAIN_INDEX: Resource("stores:es", _domain_index, lambda place: place.arn("es", "domain/*/*")),
    Target.CLUSTER: _of("rds", "cluster:{}", "stores:rds"),
    Target.GRAPH: _of("neptune-graph", "graph/{}", "stores:neptune-graph"),
    Target.VECTOR_INDEX: Resource(
        "stores:s3vectors", _vector_index, lambda place: place.arn("s3vectors", "bucket/*/index/*")
    ),
    Target.KENDRA_INDEX: _of("kendra", "index/{}", "stores:kendra"),
    Target.WORKGROUP: _of("redshift-serverless", "workgroup/{}", "stores:redshift-serverless"),
    Target.SECRET: _of("secretsmanager", "secret:{}", "secrets"),
    Target.LAMBDA: _of("lambda", "function:{}", "lambdas"),
    Target.GUARDRAIL: Resource("guardrails", _guardrail, lambda place: place.arn("bedrock", "guardrail/*")),
    Target.KNOWLEDGE_BASE: _of("bedrock", "knowledge-base/{}", "knowledge_bases"),
    Target.AGENT_ALIAS: Resource("agents", _alias, lambda place: place.arn("bedrock", "agent-alias/*/*")),
    Target.PROMPT: _of("bedrock", "prompt/{}", "prompts"),
    Target.LOG_STREAM: Resource(
        "log_groups",
        _log_stream,
        lambda place: place.arn("logs", "log-group:*:log-stream:aws/bedrock/modelinvocations"),
    ),
    Target.RUNTIME_LOG_GROUP: Resource(
        "log_groups",
        lambda value, place: place.arn("logs", f"log-group:{_log_group(value)}"),
        lambda place: place.arn("logs", "log-group:/aws/bedrock-agentcore/runtimes/*"),
    ),
    Target.RUNTIME_LOG_STREAM: Resource(
        "log_groups",
        lambda value, place: place.arn("logs", f"log-group:{_log_group(value)}:log-stream:*"),
        lambda place: place.arn("logs", "log-group:/aws/bedrock-agentcore/runtimes/*:log-stream:*"),
    ),
    Target.REPOSITORY: Resource("repositories", _repository, lambda place: place.arn("ecr", "repository/*")),
    Target.POLICY_ENGINE: _of("bedrock-agentcore", "policy-engine/{}", "policy_engines"),
    Target.INTERFACE: Resource("subnets", lambda _, place: _any_interface(place), _any_interface),
    Target.SUBNET: _of("ec2", "subnet/{}", "subnets"),
    Target.SECURITY_GROUP: _of("ec2", "security-group/{}", "security_groups"),
}
"""How each target that is no model is found and written."""
