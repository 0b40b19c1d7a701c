"""The verdict on a denial: a stable key, the text to print, and who can act on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

__all__ = ["Ask", "Verdict"]


class Ask(str, Enum):
    """Who can end it."""

    CALLER = "whoever runs the app"
    ROLE_OWNER = "whoever edits the policies of the denied principal"
    BOUNDARY_OWNER = "whoever owns the permissions boundary"
    SESSION_OWNER = "whoever assumes the role and passes the session policy"
    FEDERATION_OWNER = "whoever makes the federated session and passes its policy"
    TRUST_OWNER = "whoever owns the role"
    ORGANIZATION = "the owner of the organization's policies"
    ENDPOINT_OWNER = "the owner of the VPC endpoint"
    RESOURCE_OWNER = "the owner of the resource"
    ACCOUNT_ADMIN = "an administrator of the account"
    AWS = "AWS Support"
    NOBODY = "nobody: wait"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing to say about a denial.

    Attributes:
        key: Stable, such as ``"scp"``; texts may be refined, keys are not.
        text: One to three sentences.
        ask: Who can end it.
    """

    key: str
    text: str
    ask: Ask

    def to_dict(self) -> dict[str, Any]:
        return {"key": self.key, "text": self.text, "ask": self.ask.value}
