"""Policies as values: what a document says, and where in its text it says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from bedrock_guard.iam.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Condition",
    "Effect",
    "Policy",
    "PolicyKind",
    "Position",
    "PrincipalEntry",
    "Statement",
    "Version",
]


class PolicyKind(str, Enum):
    """Where a policy stands, which settles what it may contain and how it counts."""

    INLINE = "inline"
    MANAGED = "managed"
    AWS_MANAGED = "aws-managed"
    BOUNDARY = "boundary"
    SCP = "scp"
    RCP = "rcp"
    SESSION = "session"
    RESOURCE = "resource"
    TRUST = "trust"
    VPC_ENDPOINT = "vpc-endpoint"
    INPUT = "input"


class Effect(str, Enum):
    """What a statement does to the requests it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


class Version(str, Enum):
    """The version of the policy language; only the newer one has policy variables.

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html, read 2026-11-24.
    """

    V2008 = "2008-10-17"
    V2012 = "2012-10-17"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: line and column, both from 1; a column is a character."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """One principal of a Principal or NotPrincipal element.

    Attributes:
        type: ``AWS``, ``Service``, ``Federated`` or ``CanonicalUser``; ``*`` for the bare ``"Principal": "*"``.
        value: ``*``, an account id, an ARN, a service name or an identity provider.
    """

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator applied to one key.

    Attributes:
        operator: As written, such as ``ForAnyValue:StringLike``.
        key: As written.
        values: The values as text; a JSON number or boolean keeps its spelling.
    """

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Of each pair such as ``actions`` and ``not_actions`` at most one is not None.

    Attributes:
        start: The statement's ``{``.
        end: Its ``}``.
        aws_start: StartPosition as IAM reports it: right after the ``[`` for the first statement, after the
            previous statement's ``}`` for the others, right after the ``{`` of a statement that stands alone.
        aws_end: EndPosition as IAM reports it: one column past the ``}``.
        index: Position among the policy's statements, from 0.

    Source: answers of the real SimulateCustomPolicy recorded 2026-09-11 (github.com/radkawar/stackd).
    """

    effect: Effect
    sid: str | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    principals: tuple[PrincipalEntry, ...] | None = None
    not_principals: tuple[PrincipalEntry, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    start: Position = Position(1, 1)
    end: Position = Position(1, 1)
    aws_start: Position = Position(1, 1)
    aws_end: Position = Position(1, 1)
    index: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document.

    Attributes:
        name: What messages call it: a policy name, an ARN or a file.
        kind: Where it stands.
        version: The language version; a document without one is of 2008-10-17.
        id: The Id element.
        statements: In the order of the text.
        text: The text it was read from, with any URL encoding undone.
        rules: The statements made ready for evaluation.
    """

    name: str
    kind: PolicyKind
    version: Version
    id: str | None
    statements: tuple[Statement, ...]
    text: str = ""
    rules: Rules = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", Rules(self.statements, variables=self.version is Version.V2012))

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)
