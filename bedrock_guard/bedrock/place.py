"""A place in AWS that a call is made in or a feature runs in: it makes ARNs out of names."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Partition, Region and account.

    Attributes:
        partition: ``aws``, ``aws-us-gov`` …
        region: The Region that is called.
        account: The caller's 12 digits; ``*`` while the caller is not known.
    """

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this place."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"
