"""What an evaluation answers, and which kind of policy decided it."""

from __future__ import annotations

from enum import Enum

__all__ = ["Decision", "Layer"]


class Decision(str, Enum):
    """The answer to one request, in AWS's spelling; ``unverified`` is ours and is never a denial."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"
    UNVERIFIED = "unverified"


class Layer(str, Enum):
    """The kind of policy that decided."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SCP = "scp"
    RCP = "rcp"
    SESSION = "session"
    VPC_ENDPOINT = "vpc-endpoint"
    RESOURCE = "resource"
    TRUST = "trust"
    MODEL_ACCESS = "model-access"
    UNKNOWN = "unknown"
