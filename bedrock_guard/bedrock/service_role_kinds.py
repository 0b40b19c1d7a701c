"""What the table of service roles is made of: a kind of role, its trust, and what the role itself needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = [
    "GUIDE",
    "KEY_POLICY",
    "NO_CALL",
    "READ",
    "Handover",
    "Read",
    "RoleKind",
    "RoleNeed",
    "Target",
    "Trust",
    "Unnamed",
    "reads_bucket",
    "trusts_bedrock",
    "uses_key",
]

GUIDE = "Bedrock User Guide, "
READ = " (read 2026-11)"
NO_CALL = "; no call of the feature is documented to make it, so a denial is a note"
KEY_POLICY = "The key's own policy has to let the role use it, or leave that to IAM; IAM's simulator does not read it."


class Target(str, Enum):
    """What one permission of a service role is about: a member of its details, and the resource made of it."""

    MODEL = "every resource that a call of the model is authorised on"
    ROUTED_MODEL = "the same, for a model that is an inference profile"
    PROFILE = "the inference profile"
    PROFILE_MODEL = "the foundation model of the profile, in the Region called"
    PROVISIONED = "the provisioned model"
    BUCKET = "the bucket that is read"
    OBJECTS = "the objects that are read"
    OUTPUT_BUCKET = "the bucket that is written to"
    OUTPUT_OBJECTS = "the objects that are written"
    KEY = "the KMS key of the buckets"
    RESOURCE_KEY = "the KMS key of the feature's own data"
    COLLECTION = "the OpenSearch Serverless collection"
    DOMAIN = "the OpenSearch domain"
    DOMAIN_INDEX = "everything under the OpenSearch domain"
    CLUSTER = "the Aurora cluster"
    GRAPH = "the Neptune Analytics graph"
    VECTOR_INDEX = "the S3 vector index"
    KENDRA_INDEX = "the Kendra index"
    WORKGROUP = "the Redshift Serverless workgroup"
    SECRET = "the secret"  # noqa: S105 -- the name of a member
    LAMBDA = "the Lambda function"
    GUARDRAIL = "the guardrail"
    KNOWLEDGE_BASE = "the knowledge base"
    AGENT_ALIAS = "the agent's alias"
    PROMPT = "the prompt"
    LOG_STREAM = "the log stream aws/bedrock/modelinvocations"
    RUNTIME_LOG_GROUP = "the log groups of AgentCore runtimes"
    RUNTIME_LOG_STREAM = "the log streams of AgentCore runtimes"
    REPOSITORY = "the ECR repository"
    POLICY_ENGINE = "the policy engine"
    INTERFACE = "the network interfaces that the job makes in the subnet"
    SUBNET = "the subnet"
    SECURITY_GROUP = "the security group"
    NOTHING = "no resource"


class Unnamed(Enum):
    """What becomes of a permission whose resource nobody named."""

    SKIPPED = "not asked"
    ADVISORY = "asked on the kind's pattern, as advice"
    REQUIRED = "asked on the kind's pattern"


@dataclass(frozen=True, slots=True)
class RoleNeed:
    """Actions that the role itself must be allowed.

    Attributes:
        actions: In AWS's spelling.
        on: What they are about.
        source: The page of AWS that says so, or that it is assumed.
        unnamed: What to do where the details do not name the resource.
        advisory: AWS's documentation does not settle that it is needed.
        via_s3: Whether KMS sees the request come from S3 (``kms:ViaService``).
        named: Asked only when this member of the details is named; empty for whenever ``on`` is.
        context: Condition keys of the request, each with its values, which may hold ``{partition}``, ``{region}``,
            ``{account}`` and, of something in a subnet, ``{subnet}`` for its ARN.
    """

    actions: tuple[str, ...]
    on: Target
    source: str
    unnamed: Unnamed = Unnamed.SKIPPED
    advisory: bool = False
    via_s3: bool = False
    named: str = ""
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the role has to trust.

    Attributes:
        principal: The service principal; for a web identity the ARN pattern of the OIDC provider, with
            ``{partition}``, ``{account}`` and ``{region}`` to fill in.
        source_arn: Pattern of ``aws:SourceArn``, filled in likewise; empty where it is not documented that the
            service sends it.
        actions: What the trust policy must allow.
        sends_account: Whether ``aws:SourceAccount`` is documented to be sent.
        source: The page of AWS that says so, or that it is assumed.
        guarded: Whether AWS advises a condition against the confused deputy.
    """

    principal: str
    source_arn: str
    source: str
    actions: tuple[str, ...] = ("sts:AssumeRole",)
    sends_account: bool = True
    guarded: bool = True

    @property
    def web_identity(self) -> bool:
        """Whether a web identity assumes the role and no service."""
        return self.actions == ("sts:AssumeRoleWithWebIdentity",)


@dataclass(frozen=True, slots=True)
class Handover:
    """An operation and the parameter that hands the role over, as a dotted path."""

    operation: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Read:
    """Where a request names something that the role needs.

    Attributes:
        path: Dotted, with ``[]`` after a list.
        detail: The member of the details.
        prefix: Path of the key prefix that goes with a bucket's name.
    """

    path: str
    detail: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class RoleKind:
    """One kind of role: of a feature that is handed one, or of the place where an app runs.

    Attributes:
        name: Such as ``knowledge-base``.
        summary: What the role is for.
        trust: Whom it has to trust.
        handed_over: The operations that take it; empty for the role that an app runs under.
        needs: What the role itself must be allowed.
        reads: Where requests name what it needs.
        notes: Members of the details to what IAM cannot show about them, one sentence each.
        later: Operations that hand no role over and name more of what the one that is there needs.
    """

    name: str
    summary: str
    trust: Trust
    handed_over: tuple[Handover, ...] = ()
    needs: tuple[RoleNeed, ...] = ()
    reads: tuple[Read, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    later: tuple[str, ...] = ()

    @property
    def of_the_app(self) -> bool:
        """Whether an app runs under it, so that nothing is passed and its permissions are the app's own."""
        return not self.handed_over


def trusts_bedrock(resource: str, page: str) -> Trust:
    """The trust of a role of Bedrock's own features, whose ``aws:SourceArn`` ends in ``resource``."""
    source_arn = f"arn:{{partition}}:bedrock:{{region}}:{{account}}:{resource}"
    return Trust("bedrock.amazonaws.com", source_arn, f"{GUIDE}{page}{READ}")


def reads_bucket(page: str, unnamed: Unnamed) -> tuple[RoleNeed, ...]:
    """What it takes to read files under a prefix of a bucket."""
    return (
        RoleNeed(("s3:GetObject",), Target.OBJECTS, f"{GUIDE}{page}{READ}", unnamed),
        RoleNeed(("s3:ListBucket",), Target.BUCKET, f"{GUIDE}{page}{READ}", unnamed),
    )


def uses_key(page: str, *actions: str) -> RoleNeed:
    """What it takes to read or write a bucket that a KMS key encrypts."""
    return RoleNeed(actions, Target.KEY, f"{GUIDE}{page}{READ}: kms:ViaService is that of S3", via_s3=True)
