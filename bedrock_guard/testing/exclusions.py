"""PolicyExclusionList: which of a principal's policies a simulation leaves out.

Source: answers of the real service recorded 2026-09-11 (github.com/radkawar/stackd), which differ from the API's
documentation: a policy ARN is matched against an ARN without path, so one that has the policy's path excludes nothing,
and it never removes a boundary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.iam.wildcard import matches
from bedrock_guard.testing.stored import StoredPolicy
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["Exclusions", "read_exclusions"]

_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
_OWNER = re.compile(r"[\w+=,.@?-]*\*?[\w+=,.@?-]*", re.ASCII)
_ARN = re.compile(r"arn:[^:*?]+:iam::(aws|\d{12}):policy/[^*]*\*?[^*]*")
_TYPES = {PolicyKind.INLINE: "inline", PolicyKind.AWS_MANAGED: "aws-managed", PolicyKind.MANAGED: "user-managed"}


@dataclass(frozen=True, slots=True)
class _Inline:
    name: str
    owner_type: str
    owner: str


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is left out.

    Attributes:
        types: Policy types.
        arns: Patterns of policy ARNs.
        inline: Inline policies.
    """

    types: frozenset[str] = frozenset()
    arns: tuple[str, ...] = ()
    inline: tuple[_Inline, ...] = ()

    @property
    def boundary(self) -> bool:
        """Whether the attached boundary is left out."""
        return "permission-boundary" in self.types

    @property
    def scps(self) -> bool:
        """Whether service control policies are left out."""
        return "scp" in self.types

    def keep(self, policies: Sequence[StoredPolicy]) -> list[StoredPolicy]:
        """The identity policies that are not left out."""
        return [policy for policy in policies if not self._excludes(policy)]

    def _excludes(self, policy: StoredPolicy) -> bool:
        if _TYPES.get(policy.kind) in self.types:
            return True
        if policy.kind is PolicyKind.INLINE:
            return any(
                policy.name == one.name
                and policy.owner_type == one.owner_type
                and matches(one.owner, policy.owner_name)
                for one in self.inline
            )
        pathless = f"{policy.arn.partition(':policy/')[0]}:policy/{policy.name}"
        return any(matches(arn, pathless) for arn in self.arns)


def read_exclusions(given: Any) -> Exclusions:
    """The exclusions of a request whose shape has been checked.

    Raises:
        AwsError: ``InvalidInput``: a wildcard where none may be, a malformed ARN, or not exactly one kind of
            identifier in an entry.
    """
    types, arns, inline = set(), [], []
    for entry in given if isinstance(given, list) else ():
        fields = entry if isinstance(entry, dict) else {}
        if len(fields) != 1:
            raise AwsError("InvalidInput", "Invalid policy exclusion: exactly one identifier is required")
        if "PolicyType" in fields:
            types.add(str(fields["PolicyType"]))
        elif "PolicyArn" in fields:
            arns.append(_arn(str(fields["PolicyArn"])))
        else:
            inline.append(_inline(fields.get("InlinePolicyIdentifier")))
    return Exclusions(frozenset(types), tuple(arns), tuple(inline))


def _arn(text: str) -> str:
    if _ARN.fullmatch(text) is None:
        raise AwsError("InvalidInput", f"Invalid policy ARN exclusion: {text}")
    return text


def _inline(given: Any) -> _Inline:
    fields = given if isinstance(given, dict) else {}
    name, owner = str(fields.get("PolicyName", "")), str(fields.get("AttachmentName", ""))
    if _NAME.fullmatch(name) is None or _OWNER.fullmatch(owner) is None:
        raise AwsError(
            "InvalidInput",
            "Invalid inline policy exclusion: policyName, attachmentType, and attachmentName are required",
        )
    return _Inline(name, str(fields.get("AttachmentType", "")), owner)
