"""From the value of a parameter to the ARN of what it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bedrock_guard.bedrock.kinds import ResourceKind
from bedrock_guard.bedrock.parameter_paths import unusable
from bedrock_guard.bedrock.parameters.rules import FIXED
from bedrock_guard.bedrock.place import Place
from bedrock_guard.errors import ConfigurationError

__all__ = [
    "filled",
    "key_arn",
    "name_in_arn",
    "plain_arn",
    "require_partition",
    "role_arn",
    "s3_object",
    "s3_parts",
    "s3_prefix",
    "secret_arn",
]

_VARIABLE = re.compile(r"\$\{[^}]*\}")
_ROLE = re.compile(r"arn:[^:]+:iam::[^:]+:role/.+")
_KEY = re.compile(r"arn:[^:]+:kms:[^:]*:[^:]*:key/.+")
_KEY_ID = re.compile(r"(?:mrk-)?[0-9a-fA-F-]{32,36}")
_S3 = re.compile(r"s3://([A-Za-z0-9._-]+)(?:/(.*))?", re.DOTALL)
_SECRET = re.compile(r"arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:.+")
_NAME = re.compile(r"[A-Za-z0-9_/.#-]{1,512}")
_BUCKETS = ("bucket", "bucketName", "s3BucketName")
_OBJECTS = ("key", "s3ObjectKey", "prefix", "keyPrefix")


def require_partition(place: Place, member: str, arn: str) -> None:
    """Pass an ARN of the caller's partition; while the caller is not known, of any.

    Raises:
        ConfigurationError: It is in another one, where nothing can be reached from here.
    """
    fields = arn.split(":", 5)
    if len(fields) != 6:
        raise _no(member, arn, "ARN: there are six fields, separated by colons")
    if fields[1] != place.partition and place.account != "*":
        raise ConfigurationError(
            f"{member}: {arn!r} is in the partition {fields[1]!r}, the caller in {place.partition!r}",
            suggestions=(f"arn:{place.partition}:{arn.split(':', 2)[2]}",),
            code="BG504",
        )


def filled(kind: ResourceKind, members: Sequence[str], values: Sequence[str], place: Place) -> str:
    """The ARN of ``kind`` with the ids in ``values``, each an id or the ARN of what the id belongs to.

    Raises:
        ConfigurationError: A value is no id.
    """
    region, account, ids = place.region, place.account, []
    for index, (member, value) in enumerate(zip(members, values, strict=True)):
        if value.startswith("arn:"):
            require_partition(place, member, value)
            _, _, service, region, account, resource = value.split(":", 5)
            if service != kind.arn.split(":")[2]:
                raise _no(member, value, f"ARN or id of the kind {kind.name}")
            value = resource.rpartition("/")[2]
            if kind.name == "prompt-version" and index == 0:
                value = value.partition(":")[0]  # the version that counts is the one beside it
        if not value or not value.isprintable() or any(c.isspace() for c in value):
            raise _no(member, value, f"id of the kind {kind.name}")
        ids.append(value)
    arn = kind.arn.split(", ")[0]
    for variable, text in (("Partition", place.partition), ("Region", region), ("Account", account)):
        arn = arn.replace("${" + variable + "}", text)
    rest = iter(ids)
    arn = _VARIABLE.sub(lambda _: next(rest, "*"), arn)
    if not kind.matches(arn):
        named = " and ".join(member for member in members if not member.startswith(FIXED)) or kind.name
        raise _no(named, "/".join(ids), f"id of the kind {kind.name}")
    return arn


def role_arn(place: str, value: str, where: Place) -> str:
    """The role's ARN.

    Raises:
        ConfigurationError: It is no role's ARN: no API of Bedrock takes the name alone.
    """
    if not _ROLE.fullmatch(value):
        raise _no(place, value, f"ARN of a role, such as arn:{where.partition}:iam::123456789012:role/name")
    return plain_arn(place, value, where)


def key_arn(place: str, value: str, where: Place) -> str:
    """The key's ARN; of an alias the pattern of all keys, since a policy is about the key behind it.

    Source: KMS Developer Guide, “Using aliases to control access to KMS keys” (assumed known, not re-read).
    """
    if _KEY.fullmatch(value):
        return plain_arn(place, value, where)
    if _KEY_ID.fullmatch(value):
        return f"arn:{where.partition}:kms:{where.region}:{where.account}:key/{value}"
    if value.startswith("alias/") or re.fullmatch(r"arn:[^:]+:kms:[^:]*:[^:]*:alias/.+", value):
        region, account = value.split(":", 5)[3:5] if value.startswith("arn:") else (where.region, where.account)
        return f"arn:{where.partition}:kms:{region}:{account}:key/*"
    raise _no(place, value, "KMS key: expected its ARN, its id or an alias")


def secret_arn(place: str, value: str, where: Place) -> str:
    """The secret's ARN; of a name the pattern with the six characters that AWS adds."""
    if value.startswith("arn:"):
        if not _SECRET.fullmatch(value):
            raise _no(place, value, "ARN of a secret")
        return plain_arn(place, value, where)
    if not re.fullmatch(r"[A-Za-z0-9/_+=.@-]+", value):
        raise _no(place, value, "secret: expected its ARN or its name")
    return f"arn:{where.partition}:secretsmanager:{where.region}:{where.account}:secret:{value}-*"


def s3_object(place: str, value: str, where: Place) -> str:
    """The object at an S3 URI; of a bucket or a prefix that ends in a slash, all objects below."""
    bucket, key = _bucket_and_key(place, value)
    return f"arn:{where.partition}:s3:::{bucket}/{key}" + ("*" if not key or key.endswith("/") else "")


def s3_prefix(place: str, value: str, where: Place) -> str:
    """All objects below an S3 URI: ``s3://bucket/a`` and ``s3://bucket/a/`` are both ``bucket/a/*``."""
    bucket, key = _bucket_and_key(place, value)
    prefix = f"{key.rstrip('/')}/" if key.strip("/") else ""
    return f"arn:{where.partition}:s3:::{bucket}/{prefix}*"


def s3_parts(place: str, value: Any, where: Place) -> str:
    """The object that a structure names by its bucket and its key; all objects where there is no key."""
    if not isinstance(value, Mapping):
        raise unusable(place, value, "a mapping")
    bucket = next((value[name] for name in _BUCKETS if value.get(name)), "*")
    key = next((value[name] for name in _OBJECTS if value.get(name)), "*")
    for part in (bucket, key):
        if not isinstance(part, str):
            raise unusable(place, part, "a text")
    return f"arn:{where.partition}:s3:::{bucket}/{key}"


def name_in_arn(place: str, value: Any) -> str:
    """The name itself, when it is one: another service's resource, whose ARN it becomes a part of.

    Raises:
        ConfigurationError: It has characters that no such name has, a wildcard among them.
    """
    if not isinstance(value, str):
        raise unusable(place, value, "a text")
    if not _NAME.fullmatch(value):
        raise _no(place, value, "name")
    return value


def plain_arn(place: str, value: str, where: Place) -> str:
    """The ARN itself.

    Raises:
        ConfigurationError: It is none, or in another partition.
    """
    if not value.startswith("arn:") or not value.isprintable():
        raise _no(place, value, "ARN")
    require_partition(where, place, value)
    return value


def _bucket_and_key(place: str, value: str) -> tuple[str, str]:
    found = _S3.fullmatch(value)
    if found is None or not value.isprintable():
        raise _no(place, value, "S3 URI, such as s3://bucket/prefix/")
    return found[1], found[2] or ""


def _no(place: str, value: str, what: str) -> ConfigurationError:
    return ConfigurationError(f"{place}: {value!r} is no {what}", code="BG504")
