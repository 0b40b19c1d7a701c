"""How large AWS lets a policy be, by where it stands.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html,
docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html and botocore's model of iam, read 2026-11-24.
"""

from __future__ import annotations

from dataclasses import dataclass

from bedrock_guard.iam.policy import PolicyKind

__all__ = [
    "INLINE_CHARACTERS",
    "INPUT_CHARACTERS",
    "MANAGED_CHARACTERS",
    "RCP_CHARACTERS",
    "SCP_CHARACTERS",
    "SESSION_CHARACTERS",
    "SIZE_LIMITS",
    "TRUST_CHARACTERS",
    "VPC_ENDPOINT_CHARACTERS",
    "SizeLimit",
]

INLINE_CHARACTERS = 10_240
"""All inline policies of a role together; a group has 5,120 and a user 2,048. White space is not counted."""

MANAGED_CHARACTERS = 6_144
"""A customer managed policy, and so a permissions boundary. White space is not counted."""

SCP_CHARACTERS = 10_240
"""White space counts. It was 5,120 until 2026-05-15 (cevo.com.au/post/aws-scp-limits-landing-zone-review)."""

RCP_CHARACTERS = 5_120

SESSION_CHARACTERS = 2_048
"""A session policy given to STS as text; one given by ARN is a managed policy and may be longer."""

TRUST_CHARACTERS = 8_192
"""After a raise of the quota; 2,048 without. White space is not counted."""

VPC_ENDPOINT_CHARACTERS = 20_480

INPUT_CHARACTERS = 131_072
"""A document handed to the simulator; also the most that IAM's API takes for any policy."""


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """A limit in characters.

    Attributes:
        characters: The most there may be.
        of: What is limited, for messages.
        white_space: Whether white space counts.
    """

    characters: int
    of: str
    white_space: bool = True


SIZE_LIMITS = {
    PolicyKind.INLINE: SizeLimit(INLINE_CHARACTERS, "an inline policy", white_space=False),
    PolicyKind.MANAGED: SizeLimit(MANAGED_CHARACTERS, "a managed policy", white_space=False),
    PolicyKind.AWS_MANAGED: SizeLimit(INPUT_CHARACTERS, "a policy document"),
    PolicyKind.BOUNDARY: SizeLimit(INPUT_CHARACTERS, "a policy document"),
    PolicyKind.SCP: SizeLimit(SCP_CHARACTERS, "a service control policy"),
    PolicyKind.RCP: SizeLimit(RCP_CHARACTERS, "a resource control policy"),
    PolicyKind.SESSION: SizeLimit(INPUT_CHARACTERS, "a policy document"),
    PolicyKind.RESOURCE: SizeLimit(INPUT_CHARACTERS, "a policy document"),
    PolicyKind.TRUST: SizeLimit(TRUST_CHARACTERS, "a trust policy", white_space=False),
    PolicyKind.VPC_ENDPOINT: SizeLimit(VPC_ENDPOINT_CHARACTERS, "a VPC endpoint policy"),
    PolicyKind.INPUT: SizeLimit(INPUT_CHARACTERS, "a policy document"),
}
"""A boundary or a session policy may be an AWS managed policy, which has no limit of its own."""
