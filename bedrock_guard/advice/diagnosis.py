"""A diagnosis: the denials of one source, what was asked of AWS about them, and what ends them. A value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials.verdict import Verdict
from bedrock_guard.advice.denials.verdicts import verdicts_for
from bedrock_guard.authorization import Authorization
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.principal import Principal
from bedrock_guard.report import Finding, Note, Remedy, require_version

__all__ = ["Diagnosis", "Explained"]

SCHEMA_VERSION = "1.0"
"""Version of :meth:`Diagnosis.to_dict`: the first number changes when a reader could break."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A denial and what is to be said of it.

    Attributes:
        denial: The error, taken apart.
        verdicts: Why it failed and whom to turn to, the cause first; never empty.
    """

    denial: Denial
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a message, log, exception or response comes to; ``str()`` is the text for a person.

    Attributes:
        denials: Every error of AWS in the source, once each, in its order.
        findings: What the simulator or the engine say of the denied requests now, where they were asked; one for each
            denial of IAM's that could be asked about.
        remedies: What to do, and who can do it, in the order to do it.
        notes: How message and answers differ and why, and what could not be asked.
        unrecognised: Text that is plainly an error, or was given as one, and that the catalogue does not know.
        principal: Whom AWS was asked about; None where it was not asked.
        authorizations: AWS's own evaluations of the denied requests, where it was asked by their ids.
        live: Whether AWS was asked at all.
    """

    denials: tuple[Denial, ...]
    findings: tuple[Finding, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    notes: tuple[Note, ...] = ()
    unrecognised: str = ""
    principal: Principal | None = None
    authorizations: tuple[Authorization, ...] = ()
    live: bool = False

    @property
    def explained(self) -> tuple[Explained, ...]:
        """Each denial with its verdicts."""
        return tuple(Explained(denial, verdicts_for(denial)) for denial in self.denials)

    @property
    def recognised(self) -> bool:
        """Whether anything in the source is in the catalogue."""
        return any(denial.cause != "unrecognised" for denial in self.denials)

    @property
    def retryable(self) -> bool:
        """Whether trying again may help without anybody changing anything; False where nothing was recognised.

        One denial that is final makes the whole final.
        """
        return bool(self.denials) and all(denial.retryable for denial in self.denials)

    @property
    def retry_after_seconds(self) -> int | None:
        """The longest waiting time that AWS names; where ``retryable`` is false it counts from the fix."""
        named = [one.retry_after_seconds for one in self.denials if one.retry_after_seconds is not None]
        return max(named, default=None)

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as plain JSON values, in the shape of ``docs/diagnosis.schema.json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "denials": [
                {**one.denial.to_dict(), "verdicts": [verdict.to_dict() for verdict in one.verdicts]}
                for one in self.explained
            ],
            "retryable": self.retryable,
            "retry_after_seconds": self.retry_after_seconds,
            "live": self.live,
            "principal": None if self.principal is None else self.principal.to_dict(),
            "findings": [finding.to_dict() for finding in self.findings],
            "authorizations": [one.to_dict() for one in self.authorizations],
            "remedies": [remedy.to_dict() for remedy in self.remedies],
            "notes": [note.to_dict() for note in self.notes],
            "unrecognised": self.unrecognised,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Diagnosis:
        """The diagnosis again; keys it does not know are left alone.

        Raises:
            ConfigurationError: ``data`` is not a diagnosis, or of a schema version this release does not read.
        """
        require_version(data, "diagnosis", SCHEMA_VERSION)
        try:
            return cls(
                denials=tuple(Denial.from_dict(one) for one in data["denials"]),
                findings=tuple(Finding.from_dict(one) for one in data["findings"]),
                remedies=tuple(Remedy.from_dict(one) for one in data["remedies"]),
                notes=tuple(Note.from_dict(one) for one in data["notes"]),
                unrecognised=data["unrecognised"],
                principal=None if data["principal"] is None else Principal.from_dict(data["principal"]),
                authorizations=tuple(Authorization.from_dict(one) for one in data["authorizations"]),
                live=data["live"],
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(
                f"not a complete diagnosis: {type(error).__name__}: {error}", code="BG504"
            ) from error

    def __str__(self) -> str:
        from bedrock_guard.render.diagnosis import render_diagnosis

        return render_diagnosis(self)
