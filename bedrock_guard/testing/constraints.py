"""The checks that IAM makes before it looks at what parameters mean, and the sentence in which it reports them.

Source: ``ValidationError`` answers of the real service recorded 2026-09-11 (github.com/radkawar/stackd): the value is
shown for PolicyExclusionList and left out elsewhere. The other sentences follow the same pattern; assumed.
"""

from __future__ import annotations

import re
from typing import Any

from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["CONTEXT_TYPES", "Constraints"]

CONTEXT_TYPES = (
    "binary",
    "ipList",
    "booleanList",
    "ip",
    "boolean",
    "numericList",
    "dateList",
    "numeric",
    "date",
    "stringList",
    "string",
    "binaryList",
)
_POLICY_TYPES = ("scp", "permission-boundary", "aws-managed", "inline", "user-managed", "rcp")
_OWNER_TYPES = ("user", "role", "group")
_NAME = r".*[\w+=,.@-]+.*"


class Constraints:
    """Collects violations, to report them all at once."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def raise_all(self) -> None:
        """Raises:
        AwsError: ``ValidationError``, if there was any violation.
        """
        if self._found:
            count = len(self._found)
            words = "1 validation error" if count == 1 else f"{count} validation errors"
            raise AwsError("ValidationError", f"{words} detected: {'; '.join(self._found)}", 400)

    def text(
        self,
        path: str,
        value: Any,
        *,
        minimum: int,
        maximum: int,
        pattern: str = "",
        required: bool = False,
        shown: bool = False,
    ) -> None:
        """A string with limits on its length and perhaps a pattern."""
        if value is None:
            if required:
                self._note(path, "Member must not be null")
            return
        text = str(value)
        for rule in _broken(text, minimum, maximum, pattern):
            self._note(path, rule, text if shown else None)

    def texts(
        self, path: str, value: Any, *, minimum: int, maximum: int, pattern: str = "", required: bool = False
    ) -> None:
        """A list of such strings."""
        if value is None:
            if required:
                self._note(path, "Member must not be null")
            return
        items = value if isinstance(value, list) else []
        if any(_broken(str(item), minimum, maximum, pattern) for item in items):
            rules = [
                f"Member must have length less than or equal to {maximum}",
                f"Member must have length greater than or equal to {minimum}",
            ]
            if pattern:
                rules.append(f"Member must satisfy regular expression pattern: {pattern}")
            self._note(path, f"Member must satisfy constraint: [{', '.join(rules)}]")

    def number(self, path: str, value: Any, *, minimum: int, maximum: int) -> None:
        """A whole number with limits."""
        if value is None:
            return
        try:
            number = int(str(value))
        except ValueError:
            raise AwsError("MalformedInput", f"Could not parse {path} as a number", 400) from None
        if number < minimum:
            self._note(path, f"Member must have value greater than or equal to {minimum}")
        if number > maximum:
            self._note(path, f"Member must have value less than or equal to {maximum}")

    def length(self, path: str, value: Any, *, maximum: int) -> None:
        """A list with a limit on its length."""
        if isinstance(value, list) and len(value) > maximum:
            self._note(path, f"Member must have length less than or equal to {maximum}")

    def context_entries(self, value: Any) -> None:
        """ContextEntries."""
        for number, entry in enumerate(value if isinstance(value, list) else (), 1):
            path = f"contextEntries.{number}.member"
            fields = entry if isinstance(entry, dict) else {}
            self.text(f"{path}.contextKeyName", fields.get("ContextKeyName"), minimum=5, maximum=256)
            self._one_of(f"{path}.contextKeyType", fields.get("ContextKeyType"), CONTEXT_TYPES, shown=False)

    def exclusions(self, value: Any) -> None:
        """PolicyExclusionList."""
        self.length("policyExclusionList", value, maximum=256)
        for number, entry in enumerate(value if isinstance(value, list) else (), 1):
            path = f"policyExclusionList.{number}.member"
            fields = entry if isinstance(entry, dict) else {}
            self._one_of(f"{path}.policyType", fields.get("PolicyType"), _POLICY_TYPES)
            self.text(f"{path}.policyArn", fields.get("PolicyArn"), minimum=20, maximum=2048, shown=True)
            inline = fields.get("InlinePolicyIdentifier")
            if isinstance(inline, dict):
                self._inline(f"{path}.inlinePolicyIdentifier", inline)

    def _inline(self, path: str, inline: dict[str, Any]) -> None:
        for name in ("PolicyName", "AttachmentName"):
            self.text(
                f"{path}.{name[0].lower()}{name[1:]}",
                inline.get(name),
                minimum=1,
                maximum=128,
                pattern=_NAME,
                required=True,
                shown=True,
            )
        kind = inline.get("AttachmentType")
        if kind is None:
            self._note(f"{path}.attachmentType", "Member must not be null")
        self._one_of(f"{path}.attachmentType", kind, _OWNER_TYPES)

    def _one_of(self, path: str, value: Any, allowed: tuple[str, ...], *, shown: bool = True) -> None:
        if value is not None and value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            self._note(path, rule, str(value) if shown else None)

    def _note(self, path: str, rule: str, value: str | None = None) -> None:
        shown = "" if value is None else f" '{value}'"
        self._found.append(f"Value{shown} at '{path}' failed to satisfy constraint: {rule}")


def _broken(text: str, minimum: int, maximum: int, pattern: str) -> list[str]:
    found = []
    if len(text) < minimum:
        found.append(f"Member must have length greater than or equal to {minimum}")
    if len(text) > maximum:
        found.append(f"Member must have length less than or equal to {maximum}")
    if pattern and text and re.fullmatch(pattern, text, re.DOTALL | re.ASCII) is None:
        found.append(f"Member must satisfy regular expression pattern: {pattern}")
    return found
