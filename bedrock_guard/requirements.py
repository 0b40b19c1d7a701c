"""What an app declares, to requirements: each action on each resource once, with the reasons for it. Pure.

A name that does not exist is refused here. IAM's simulator would not: it denies an invented action to a careful role
and allows it to an administrator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bedrock_guard.bedrock import catalogue, models, profiles
from bedrock_guard.bedrock.capabilities import Capability, find_capability
from bedrock_guard.bedrock.catalogue import Action, ActionUse, Operation
from bedrock_guard.bedrock.models import ModelRef
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Note, Requirement, merge_duplicates

__all__ = ["Declaration", "Required", "Where"]


@dataclass(frozen=True, slots=True)
class Where:
    """Where the app calls Bedrock: it makes ARNs out of names.

    Attributes:
        partition: ``aws``, ``aws-us-gov`` …
        region: The Region the app calls.
        account: 12 digits; ``*`` while it is not known.
    """

    partition: str
    region: str
    account: str


@dataclass(frozen=True, slots=True)
class Required:
    """Requirements, and what a reader should know of how they were found."""

    requirements: tuple[Requirement, ...]
    notes: tuple[Note, ...]
