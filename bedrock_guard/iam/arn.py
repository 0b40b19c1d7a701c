"""Amazon Resource Names, taken apart and put together again."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Arn"]

_SHAPE = "arn:partition:service:region:account:resource"


@dataclass(frozen=True, slots=True)
class Arn:
    """The six parts of an ARN; region and account are empty where the resource has none.

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, read 2026-11-24.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn:
        """The ARN that ``text`` writes.

        Raises:
            ValueError: ``text`` does not have six parts, the first of them ``arn``, or one that may not be empty is.
        """
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not (parts[1] and parts[2] and parts[5]):
            raise ValueError(f"{text!r} is not an ARN; expected {_SHAPE}")
        return cls(*parts[1:])

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"
