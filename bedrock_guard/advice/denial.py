"""A denial: one error of AWS taken apart, whatever form it was met in. A value; :mod:`.denials` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from bedrock_guard.iam.decision import Layer

__all__ = ["Denial", "DenialKind"]


class DenialKind(str, Enum):
    """What an error is about; only the first is a matter of IAM policies."""

    PERMISSION = "permission"
    MODEL_ACCESS = "model-access"
    MARKETPLACE = "marketplace"
    USE_CASE_FORM = "use-case-form"
    LIFECYCLE = "lifecycle"
    INFERENCE_PROFILE_REQUIRED = "inference-profile-required"
    MODEL_ID = "model-id"
    API_KEY = "api-key"
    CREDENTIALS = "credentials"
    GUARDRAIL = "guardrail"
    THROTTLING = "throttling"
    ACCOUNT = "account"
    STORAGE = "storage"
    OTHER = "other"


_DENIAL_CODES = frozenset(
    {"accessdenied", "accessdeniedexception", "unauthorizedoperation", "notauthorized", "403", "forbidden"}
)

_UNSAID_CAUSES = ("unrecognised", "agent-denied")
"""Causes of which the text does not say whether policies stand behind them."""

# Fields that to_dict() leaves out: None, False and empty say nothing, and a reader of JSON need not see them.
_SPARSE = ("through", "simulated", "missing_context", "nested", "api_key")


@dataclass(frozen=True, slots=True)
class Denial:
    """One error, taken apart. A field is None where the text does not say it: nothing is guessed.

    Attributes:
        kind: What the error is about.
        cause: Which text of the catalogue it is, such as ``"marketplace-pending"``; for a permission how IAM denied
            it: ``"implicit"``, ``"explicit"`` or ``"unsaid"``.
        code: The stable code, shared with the findings of a check.
        retryable: Whether the same call may succeed later without anybody changing anything.
        retry_after_seconds: The waiting time that AWS names. Where ``retryable`` is false, it counts from the fix.
        caller: Whom IAM denied, as printed; mostly an ARN.
        action: The action that IAM denied, such as ``"bedrock:InvokeModel"``.
        resource: What it was denied on: an ARN, ``"*"`` or a text such as ``"role app"``.
        layer: The kind of policy that denied; ``Layer.UNKNOWN`` where a permission's message does not name one, None
            for every other kind of error.
        through: The second kind of policy that AWS names ("transitively through a service control policy").
        explicit: True for a Deny, False for a missing Allow, None where it is not said.
        policy_arn: The policy that AWS names.
        authorization_id: What ``iam-toolbox:GetRequestAuthorizationDetails`` takes.
        error_code: The error code the caller got, such as ``"AccessDeniedException"``.
        operation: The operation that was called, such as ``"Converse"``; not the denied action.
        service: The service that answered, as the text names it.
        status: The HTTP status.
        request_id: The request's id.
        region: The Region that answered, where the text says it; not that of the resource.
        model: The model id or ARN in the text.
        nested: Whether one service quotes the error of another: the denied caller is then mostly a service role.
        api_key: Whether the text speaks of a Bedrock API key (bearer token).
        simulated: Whether IAM's policy simulator said it, so that no call was denied.
        missing_context: The condition keys that the simulator missed.
        raw: The text it was read from, complete and unchanged. Not compared.
    """

    kind: DenialKind
    cause: str
    code: str
    retryable: bool = False
    retry_after_seconds: int | None = None
    caller: str | None = None
    action: str | None = None
    resource: str | None = None
    layer: Layer | None = None
    through: Layer | None = None
    explicit: bool | None = None
    policy_arn: str | None = None
    authorization_id: str | None = None
    error_code: str | None = None
    operation: str | None = None
    service: str | None = None
    status: int | None = None
    request_id: str | None = None
    region: str | None = None
    model: str | None = None
    nested: bool = False
    api_key: bool = False
    simulated: bool = False
    missing_context: tuple[str, ...] = ()
    raw: str = field(default="", compare=False)

    @property
    def is_iam(self) -> bool | None:
        """Whether IAM's policies denied it; None for a denial whose text says neither."""
        # Event streams write codes with a small letter first.
        denied = (self.error_code or "").lower() in _DENIAL_CODES or self.status == 403
        if denied and self.cause in _UNSAID_CAUSES:
            return None
        return self.kind is DenialKind.PERMISSION

    @property
    def organization(self) -> str | None:
        """The id of the organization whose policy denied, such as ``"o-a1b2c3d4e5"``.

        Source: AWS Security Blog, “Enhanced access denied error messages with policy ARNs” (read 2026-11): the ARN of
        such a policy is ``arn:…:organizations::<account>:policy/<organization>/<type>/<policy>``.
        """
        parts = (self.policy_arn or "").split(":", 5)
        path = parts[5].split("/") if len(parts) == 6 and parts[2] == "organizations" else []
        return path[1] if len(path) > 2 and path[1].startswith("o-") else None

    def to_dict(self) -> dict[str, Any]:
        """Every field as JSON takes it, with ``is_iam`` and ``organization``."""
        data: dict[str, Any] = {"kind": self.kind.value, "is_iam": self.is_iam, "organization": self.organization}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name in _SPARSE and not value:
                continue
            data[each.name] = _plain(value)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Denial:
        """The denial that :meth:`to_dict` wrote; keys it does not know are left alone.

        Raises:
            KeyError: ``kind``, ``cause`` or ``code`` is missing.
            ValueError: A kind or layer that does not exist.
        """
        known = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        known["kind"] = DenialKind(data["kind"])
        for name in ("layer", "through"):
            known[name] = None if known.get(name) is None else Layer(known[name])
        known["missing_context"] = tuple(known.get("missing_context", ()))
        return cls(cause=known.pop("cause"), code=known.pop("code"), **known)

    def __str__(self) -> str:
        if self.kind is not DenialKind.PERMISSION:
            return f"{self.code} {self.kind.value}: {self.cause}"
        where = f" on {self.resource}" if self.resource else ""
        how = {True: "explicit deny", False: "no Allow", None: "denied"}[self.explicit]
        layer = self.layer.value if self.layer is not None else Layer.UNKNOWN.value
        return f"{self.code} {self.caller or 'the caller'} may not {self.action or 'do this'}{where}: {how}, {layer}"


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
