"""A message that the explainers are asked about: the question in each form, the account behind it, and the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Owner(str, Enum):
    """Who can end a denial."""

    ROLE = "whoever edits the caller's policies"
    BOUNDARY = "the owner of the permissions boundary"
    SESSION = "whoever assumes the role"
    ORGANIZATION = "the organization's administrator"
    ENDPOINT = "the owner of the VPC endpoint"
    TARGET = "the owner of the role to be assumed"
    ACCOUNT = "an administrator of the account"
    CALLER = "whoever runs the app"


@dataclass(frozen=True)
class Truth:
    """One error that a message tells of: a denial by IAM, or what IAM has no part in.

    Attributes:
        owner: Who can end it; None where the message does not let anybody tell.
        cause: A pattern for the words that name the cause, where the message is no sentence of IAM's about a denial;
            empty for one, which alone has the fields below.
        shared: Whether rights of IAM play a part in the cause all the same.
        open: Whether the message says no more than that access was denied, so that it may have been IAM.
    """

    owner: Owner | None
    cause: str = ""
    shared: bool = False
    open: bool = False
    action: str = ""
    resource: str | None = None
    layer: str = ""
    explicit: bool | None = None

    @property
    def is_iam(self) -> bool:
        """Whether it is a sentence of IAM's about a denial."""
        return not self.cause

    def ends_with_allow(self, action: str, layer: str) -> bool:
        """Whether an Allow of the action in a policy of that kind can end it: it lacks there, or may lack."""
        if self.open:
            return action == self.action
        return action == self.action and (layer == self.layer if self.explicit is False else self.layer == "unknown")


@dataclass(frozen=True)
class Account:
    """What the sandbox holds, so that what the message says is so there; its role app holds the policies."""

    policies: tuple[dict[str, Any], ...] = ()
    managed: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    boundary: dict[str, Any] | None = None
    scp: dict[str, Any] | None = None


@dataclass(frozen=True)
class Event:
    """What CloudTrail writes of a failed call, as far as an explainer needs it."""

    code: str
    operation: str
    message: str
    region: str = "us-east-1"
    service: str = "bedrock"


@dataclass(frozen=True)
class Message:
    """One question: a text, the same as CloudTrail's events, and the answer.

    Attributes:
        name: Stable; the recorded answers are filed under it.
        title: What is particular about it.
        text: What the explainers of texts are given.
        events: What the explainers of events are given.
        account: The account behind it.
        truths: What it tells; several for a log.
    """

    name: str
    title: str
    text: str
    events: tuple[Event, ...]
    account: Account
    truths: tuple[Truth, ...]
