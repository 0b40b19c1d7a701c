"""The values of a check: what is needed, who asks, what was decided and on which evidence. Pure.

A report is made once and rendered many ways; ``Report.to_dict()`` is stable and versioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.decision import Decision, Layer
from bedrock_guard.principal import Principal, PrincipalType

__all__ = [
    "AccessState",
    "Decision",
    "Evidence",
    "Finding",
    "Layer",
    "ModelAccess",
    "Note",
    "Principal",
    "PrincipalType",
    "Remedy",
    "Report",
    "Requirement",
    "StatementReference",
]

SCHEMA_VERSION = "1.0"
"""Version of :meth:`Report.to_dict`: the first number changes when a reader could break."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One action on one resource in one request context, and why it is needed.

    Attributes:
        action: Canonical spelling, such as ``bedrock:InvokeModel``.
        resource: An ARN, an ARN pattern where the app did not name the resource, or ``*`` for an action
            that takes no resource.
        context: Condition keys and values of the request, sorted by key; without values, a key that it certainly lacks.
        reasons: Why it is needed, each a short clause ("ConverseStream with us.anthropic…").
        advisory: AWS's documentation does not settle that the call needs it; a denial is a note, not a failure.
        principal: Who needs it where that is not the caller: the ARN of a service role, the user behind an API key, or
            the service principal that assumes a role. Empty for the caller.
    """

    action: str
    resource: str
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reasons: tuple[str, ...] = field(default=(), compare=False)
    advisory: bool = field(default=False, compare=False)
    principal: str = ""

    @property
    def is_pattern(self) -> bool:
        """Whether the resource stands for many: it is an ARN with a wildcard in it."""
        return self.resource != "*" and ("*" in self.resource or "?" in self.resource)

    def to_dict(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "resource": self.resource,
            "context": {key: list(values) for key, values in self.context},
            "reasons": list(self.reasons),
            "advisory": self.advisory,
            "principal": self.principal or None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Requirement:
        return cls(
            action=data["action"],
            resource=data["resource"],
            context=tuple(sorted((key, tuple(values)) for key, values in data["context"].items())),
            reasons=tuple(data["reasons"]),
            advisory=data["advisory"],
            principal=data["principal"] or "",
        )


@dataclass(frozen=True, slots=True)
class StatementReference:
    """A policy statement that decided, as far as the evaluator names it.

    Attributes:
        policy: Name of the policy, as its owner knows it.
        policy_type: What AWS or the engine calls its kind; free text.
        sid: The statement's Sid where it is known.
        line: 1-based line of its start in the policy's text.
        column: 1-based column of its start.
    """

    policy: str
    policy_type: str = ""
    sid: str | None = None
    line: int | None = None
    column: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "policy": self.policy,
            "policy_type": self.policy_type,
            "sid": self.sid,
            "line": self.line,
            "column": self.column,
        }

    def __str__(self) -> str:
        name = self.policy if self.sid is None else f"{self.policy} ({self.sid})"
        return name if self.line is None else f"{name} at {self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision rests on.

    Attributes:
        evaluator: ``simulator``, ``offline``, ``probe`` or ``none``.
        statements: The statements that decided.
        unknown_context_keys: Condition keys whose value nobody supplied and on which the answer may hang.
        details: Further facts, one sentence each.
    """

    evaluator: str
    statements: tuple[StatementReference, ...] = ()
    unknown_context_keys: tuple[str, ...] = ()
    details: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "evaluator": self.evaluator,
            "statements": [s.to_dict() for s in self.statements],
            "unknown_context_keys": list(self.unknown_context_keys),
            "details": list(self.details),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Evidence:
        return cls(
            evaluator=data["evaluator"],
            statements=tuple(StatementReference(**s) for s in data["statements"]),
            unknown_context_keys=tuple(data["unknown_context_keys"]),
            details=tuple(data["details"]),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement with its decision and the evidence for it.

    Attributes:
        requirement: What was asked.
        decision: ``allowed``, ``implicitDeny``, ``explicitDeny`` or ``unverified``; never a bare bool.
        evidence: What the decision rests on.
        code: ``BG…``; None when there is nothing to say about it. Of a denial that is advice it is BG414.
        layer: The layer that denied.
        why: One clause for a person ("no policy allows it"); empty when allowed without more.
        retryable: Whether asking again later may answer otherwise without anybody changing anything.
        also_denied_by: Layers that would deny next, once the first is mended.
    """

    requirement: Requirement
    decision: Decision
    evidence: Evidence
    code: str | None = None
    layer: Layer | None = None
    why: str = ""
    retryable: bool = False
    also_denied_by: tuple[Layer, ...] = ()

    @property
    def denied(self) -> bool:
        """Whether a layer says no (an advisory requirement is never a denial)."""
        return not self.requirement.advisory and self.decision in (
            Decision.IMPLICIT_DENY,
            Decision.EXPLICIT_DENY,
        )

    @property
    def unverified(self) -> bool:
        """Whether a requirement that counts could not be checked."""
        return not self.requirement.advisory and self.decision is Decision.UNVERIFIED

    def to_dict(self) -> dict[str, Any]:
        return {
            "requirement": self.requirement.to_dict(),
            "decision": self.decision.value,
            "code": self.code,
            "layer": None if self.layer is None else self.layer.value,
            "why": self.why,
            "retryable": self.retryable,
            "also_denied_by": [layer.value for layer in self.also_denied_by],
            "evidence": self.evidence.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        return cls(
            requirement=Requirement.from_dict(data["requirement"]),
            decision=Decision(data["decision"]),
            evidence=Evidence.from_dict(data["evidence"]),
            code=data["code"],
            layer=None if data["layer"] is None else Layer(data["layer"]),
            why=data["why"],
            retryable=data["retryable"],
            also_denied_by=tuple(Layer(one) for one in data["also_denied_by"]),
        )


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the report should know that is about no single requirement.

    Attributes:
        code: ``BG…``.
        text: One or two sentences.
        statement: The policy statement that it is about, if it is about one.
    """

    code: str
    text: str
    statement: StatementReference | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "text": self.text,
            "statement": None if self.statement is None else self.statement.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Note:
        statement = data["statement"]
        return cls(data["code"], data["text"], None if statement is None else StatementReference(**statement))


class AccessState(str, Enum):
    """Whether a model can be used as far as Bedrock itself decides; IAM has no say in it."""

    USABLE = "usable"
    BLOCKED = "blocked"
    WARNING = "warning"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class ModelAccess:
    """What Bedrock says of one model in one Region, beside all permissions.

    Attributes:
        model: As the app wrote it.
        region: Where the app calls it.
        state: ``blocked`` when a call will fail whatever IAM allows; ``warning`` when it may.
        code: ``BG3xx``; None when there is nothing to say.
        why: One clause or sentence for a person; empty when usable without more.
        source: The call or the table that said so.
    """

    model: str
    region: str
    state: AccessState
    code: str | None = None
    why: str = ""
    source: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "region": self.region,
            "state": self.state.value,
            "code": self.code,
            "why": self.why,
            "source": self.source,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ModelAccess:
        return cls(**{**data, "state": AccessState(data["state"])})


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about findings: text to paste, or whom to ask where an Allow would not help.

    Attributes:
        owner: Who can do it ("whoever edits the policies of role app", "the owner of the organization's policies").
        text: What to do, in a sentence or two.
        statements: IAM policy statements to add; empty where an Allow would not help.
        codes: The codes of the findings it answers.
        opens: What the statements allow beyond what was asked; empty when nothing.
    """

    owner: str
    text: str
    statements: tuple[Mapping[str, Any], ...] = ()
    codes: tuple[str, ...] = ()
    opens: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "owner": self.owner,
            "text": self.text,
            "statements": [dict(s) for s in self.statements],
            "codes": list(self.codes),
            "opens": self.opens,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Remedy:
        return cls(
            owner=data["owner"],
            text=data["text"],
            statements=tuple(dict(s) for s in data["statements"]),
            codes=tuple(data["codes"]),
            opens=data["opens"],
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Principal, findings and notes of one check.

    Attributes:
        principal: Who was asked about; None only when that could not be found out.
        region: The Region the app calls.
        findings: One per requirement, in the order of the requirements.
        notes: What is not about one requirement.
        remedies: What to do, in the order to do it.
        access: What Bedrock says of the models, apart from IAM; empty where it was not asked.
        checked_at: UTC time of the check, ISO 8601 with seconds.
        catalogue: Versions and dates of the data the requirements were made from.
    """

    principal: Principal | None
    region: str
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    checked_at: str = ""
    catalogue: str = ""
    access: tuple[ModelAccess, ...] = ()

    @property
    def blocked(self) -> tuple[ModelAccess, ...]:
        """The models that Bedrock will not serve, whatever IAM allows."""
        return tuple(one for one in self.access if one.state is AccessState.BLOCKED)

    @property
    def denied(self) -> tuple[Finding, ...]:
        """The findings that say no."""
        return tuple(f for f in self.findings if f.denied)

    @property
    def unverified(self) -> tuple[Finding, ...]:
        """The findings that could not be checked."""
        return tuple(f for f in self.findings if f.unverified)

    @property
    def allowed(self) -> tuple[Finding, ...]:
        """The findings that say yes."""
        return tuple(f for f in self.findings if f.decision is Decision.ALLOWED)

    @property
    def exit_code(self) -> int:
        """0 all allowed, 1 something denied or a model blocked, 3 something that counts could not be checked.

        Model access that could not be asked about is not counted: the permissions are what was checked.
        """
        if self.denied or self.blocked:
            return 1
        return 3 if self.unverified or not self.findings else 0

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values, in the shape of ``docs/report.schema.json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "checked_at": self.checked_at,
            "catalogue": self.catalogue,
            "region": self.region,
            "principal": None if self.principal is None else self.principal.to_dict(),
            "summary": {
                "requirements": len(self.findings),
                "allowed": len(self.allowed),
                "denied": len(self.denied),
                "unverified": len(self.unverified),
                "blocked_models": len(self.blocked),
                "exit_code": self.exit_code,
            },
            "findings": [f.to_dict() for f in self.findings],
            "notes": [n.to_dict() for n in self.notes],
            "remedies": [r.to_dict() for r in self.remedies],
            "access": [one.to_dict() for one in self.access],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The report again.

        Raises:
            ConfigurationError: ``data`` is not a report, or of a schema version this release does not read.
        """
        require_version(data, "report", SCHEMA_VERSION)
        try:
            return cls(
                principal=None if data["principal"] is None else Principal.from_dict(data["principal"]),
                region=data["region"],
                findings=tuple(Finding.from_dict(f) for f in data["findings"]),
                notes=tuple(Note.from_dict(n) for n in data["notes"]),
                remedies=tuple(Remedy.from_dict(r) for r in data["remedies"]),
                checked_at=data["checked_at"],
                catalogue=data["catalogue"],
                access=tuple(ModelAccess.from_dict(one) for one in data["access"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"not a complete report: {type(error).__name__}: {error}", code="BG504") from error

    def __str__(self) -> str:
        from bedrock_guard.render.text import render_text

        return str(render_text(self))


def require_version(data: Any, kind: str, version: str) -> None:
    """Passes when ``data`` is of a schema version that this release reads.

    Raises:
        ConfigurationError: It is not.
    """
    given = data.get("schema_version") if isinstance(data, Mapping) else None
    if not isinstance(given, str) or given.split(".")[0] != version.split(".")[0]:
        raise ConfigurationError(
            f"not a {kind} this release can read: schema_version is {given!r}, expected {version!r}", code="BG504"
        )


def as_advice(finding: Finding) -> Finding:
    """The finding; where it denies what may not be needed, with the code that says so (BG414).

    What denies it is still told by its layer and its reason. Why it could not be checked keeps its own code.
    """
    if finding.requirement.advisory and finding.decision in (Decision.IMPLICIT_DENY, Decision.EXPLICIT_DENY):
        return replace(finding, code="BG414")
    return finding


def merge_duplicates(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """Each distinct requirement once, in order of first appearance, with the reasons of all its duplicates.

    One that is needed for certain by any of them is not advisory.
    """
    same: dict[Requirement, list[Requirement]] = {}
    for requirement in requirements:
        same.setdefault(requirement, []).append(requirement)
    return tuple(
        replace(
            first,
            reasons=tuple(dict.fromkeys(reason for one in group for reason in one.reasons)),
            advisory=all(one.advisory for one in group),
        )
        for first, group in same.items()
    )
