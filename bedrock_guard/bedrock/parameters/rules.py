"""What a line of the parameter tables says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["BODY", "FIXED", "ContextRule", "Harmless", "Makes", "NamedResource", "ParameterRule"]

FIXED = "="
"""Begins a member of a :class:`NamedResource` that is a text and not the name of a parameter, as in ``"=default"``."""

BODY = "body."
"""Begins a path inside the body of InvokeModel, which botocore knows as bytes and the model as JSON of its own form."""


class Makes(str, Enum):
    """What a parameter's value is, and so which resource it makes."""

    RESOURCE = "resource"
    """The id or the ARN of a Bedrock resource; the rule's ``kind`` says which."""
    ANY_OF_KIND = "any of the kind"
    """Nothing that names a resource: the permission is asked on the pattern of the rule's ``kind``."""
    OWN = "own"
    """Nothing that names a resource: the permission is on what the operation itself is authorised on."""
    INVOKED_MODEL = "invoked model"
    """A model that is called: every resource that the call is routed to."""
    ROLE = "role"
    """The ARN of a role that is handed over."""
    KEY = "key"
    """A KMS key: its ARN, its id or an alias."""
    SECRET = "secret"  # noqa: S105 - the name of a kind
    """A secret of Secrets Manager: its ARN or its name."""
    S3_OBJECT = "s3 object"
    """``s3://bucket/key``: that object."""
    S3_PREFIX = "s3 prefix"
    """``s3://bucket/prefix/``: every object below."""
    S3_PARTS = "s3 parts"
    """A structure with a bucket and a key or prefix apart: every object that begins so."""
    ARN = "arn"
    """The ARN of another service's resource, taken as it is."""
    NOTHING = "nothing"
    """The permission takes no resource."""
    TEMPLATE = "template"
    """Nothing that names a resource: the rule's ``kind`` is the ARN, with ``{partition}``, ``{region}`` and
    ``{account}``.
    """
    NAME = "name"
    """The name or id of another service's resource: the rule's ``kind`` is its ARN, as of TEMPLATE, with ``{name}``."""


@dataclass(frozen=True, slots=True)
class ParameterRule:
    """One permission that a parameter brings.

    Attributes:
        operations: Keys, as ``"bedrock-runtime:Converse"``.
        paths: The parameters, any of which brings it: dotted, with ``[]`` after a list; those in a body after
            :data:`BODY`.
        action: The permission.
        makes: How the resource is made from the value.
        source: AWS page or model, and the date read.
        kind: Resource kind or template, for those of ``makes`` that need one.
        context: Condition keys of that authorization; ``{region}`` stands for the Region.
        advisory: AWS's documentation does not settle that the caller needs it.
        note: On which resource, or when.
        declared: Naming the operation alone, without its parameters, counts it: nearly every call has the parameter.
        always: The parameter is required, so that every call of the operation needs it.
        when: Another parameter that must be given too, and not be False; empty for none.
        only: Pattern of the values that the rule is about; empty for all.
    """

    operations: tuple[str, ...]
    paths: tuple[str, ...]
    action: str
    makes: Makes
    source: str
    kind: str = ""
    context: tuple[tuple[str, str], ...] = ()
    advisory: bool = False
    note: str = ""
    declared: bool = False
    always: bool = False
    when: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class ContextRule:
    """A parameter whose value the policies see as a condition key of the operation's own authorization.

    Attributes:
        operations: Keys, as ``"bedrock-runtime:Converse"``.
        path: The parameter.
        key: The condition key.
        source: AWS page or model, and the date read.
        version: For a guardrail: the parameter with its version, which the value of the key ends in.
        absent: Source for it that a request without the parameter lacks the key; empty where AWS does not say so, and
            the service may fill in something of its own.
    """

    operations: tuple[str, ...]
    path: str
    key: str
    source: str
    version: str = ""
    absent: str = ""


@dataclass(frozen=True, slots=True)
class NamedResource:
    """Parameters that name what the operation itself is authorised on.

    Attributes:
        kind: Resource kind; ``"*"`` for whichever kind the ARN is, ``"model"`` for a model id or ARN.
        members: The parameters that fill the variables of the kind's ARN, in order; a text is written with
            ``=`` before it, and ``=*`` stands for every id. The last one, or the only one, may hold the whole ARN.
        operations: Keys; empty for every operation that takes the members and whose action takes the kind.
        replaces: A kind that is not asked about besides this one.
        only: Pattern of the values that are of this kind; empty for all.
        id_form: Pattern of an id, where the parameter may hold a name as well: a name is no part of an ARN, so the
            kind's pattern is asked about.
        advisory: AWS's documentation does not settle it.
        source: Where it is from.
    """

    kind: str
    members: tuple[str, ...]
    operations: tuple[str, ...] = ()
    replaces: str = ""
    only: str = ""
    id_form: str = ""
    advisory: bool = False
    source: str = "Service Authorization Reference: the resource kinds of the action; botocore model: its input"


@dataclass(frozen=True, slots=True)
class Harmless:
    """Parameters whose names sound as if they brought a permission, and do not.

    Attributes:
        paths: Patterns of ``service:Operation/path``, in which ``*`` stands for any text.
        reason: Why the caller needs nothing for them.
        source: Where that is from.
    """

    paths: tuple[str, ...]
    reason: str
    source: str
