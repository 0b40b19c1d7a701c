"""What ends the errors that no IAM policy ends, or not alone.

Sources: as in the catalogue; model-access.html and batch-iam-sr.html of the Bedrock User Guide (read 2026-11).
"""

from __future__ import annotations

from types import MappingProxyType

from bedrock_guard.advice.denials.verdict import Ask, Verdict

__all__ = ["CAUSE_VERDICTS"]

_ADMIN = "An administrator invokes the model once, or calls CreateFoundationModelAgreement"

_VERDICTS = (
    Verdict(
        "model-not-enabled",
        "Not IAM: the account has no access to the model in the request. Look at the model id that was really sent, "
        "small helper models included, and at the Region; GetFoundationModelAvailability says which gate is closed.",
        Ask.ACCOUNT_ADMIN,
    ),
    Verdict(
        "account-not-enabled",
        "Not IAM: AWS has not enabled the account for this model or API in this Region. Check model access in the "
        "Region that was called; policies do not change it.",
        Ask.ACCOUNT_ADMIN,
    ),
    Verdict(
        "model-not-released",
        "Either AWS has not released the model to the account, or an organization policy denies it; the code does not "
        "tell which. Look at the message in the body first.",
        Ask.AWS,
    ),
    Verdict(
        "country-not-supported",
        "Not IAM: the model's maker does not serve the country that the request came from, or the account's. The "
        "address that AWS sees counts, that of a proxy or VPN too. Call from where it is served, or use a model of "
        "another maker.",
        Ask.CALLER,
    ),
    Verdict(
        "agent-denied",
        "The agent was refused a model, and AWS does not say by which policy: the agent's service role made that call, "
        "not the app's principal. See that the role may invoke the agent's model, and stream it "
        "(bedrock:InvokeModelWithResponseStream) where the answer is streamed; then the Regions that its profile "
        "routes to.",
        Ask.ROLE_OWNER,
    ),
    Verdict(
        "cross-account-role",
        "Not a permission to grant: a service is handed roles of its caller's own account alone. Name a role of the "
        "account whose credentials make the call, or make the call with credentials of the role's account.",
        Ask.CALLER,
    ),
    Verdict(
        "region-missing",
        "Not IAM: the client was made without a Region, so no call was made. Set region_name, AWS_REGION or the "
        "profile's region.",
        Ask.CALLER,
    ),
    Verdict(
        "use-case-form",
        "Not IAM: Anthropic's use case form is missing for the account, or its agreement is. Submit it once "
        "(PutUseCaseForModelAccess or the console), then wait; opt-in Regions need it again.",
        Ask.ACCOUNT_ADMIN,
    ),
    Verdict(
        "use-case-form-unread",
        "There is no use case form on record for the account. By itself that denies nothing but Anthropic's models.",
        Ask.ACCOUNT_ADMIN,
    ),
    Verdict(
        "legacy-model", "Not IAM, though it says “Access denied”: the model is legacy. Change the model.", Ask.CALLER
    ),
    Verdict("end-of-life", "Not IAM: the model version is no longer served. Change the model.", Ask.CALLER),
    Verdict(
        "profile-only",
        "Not IAM yet: the model is served through inference profiles only. Call the us., eu. or global. id, and grant "
        "the profile and the model in each Region it routes to.",
        Ask.CALLER,
    ),
    Verdict(
        "model-id",
        "Not IAM: the id is misspelt, or the model is not offered in this Region; the text is the same for both.",
        Ask.CALLER,
    ),
    Verdict("region-not-offered", "Not IAM: the model or profile is not offered in this Region.", Ask.CALLER),
    Verdict(
        "marketplace-rights",
        "Not a right for the app's role: the account is not subscribed to the model yet, and whoever invokes it first "
        f"needs AWS Marketplace rights. {_ADMIN}; later callers need none. Do not leave Subscribe with the app: it "
        "buys for the whole account.",
        Ask.ACCOUNT_ADMIN,
    ),
    Verdict(
        "marketplace-payment",
        "Not IAM: AWS Marketplace has no usable payment method for the account. Mend it in billing; models of Amazon, "
        "Meta, Mistral AI, DeepSeek and Qwen need no subscription.",
        Ask.ACCOUNT_ADMIN,
    ),
    Verdict("marketplace-pending", "Not IAM: the subscription is being made. Wait.", Ask.NOBODY),
    Verdict(
        "marketplace-failed",
        "Not IAM: the account's subscription to the model failed or hangs. Read its cause "
        "(GetFoundationModelAvailability), mend it, and ask AWS Support if there is none.",
        Ask.ACCOUNT_ADMIN,
    ),
    Verdict(
        "account-held", "Not IAM: AWS holds the account back from this model. Only AWS Support can tell why.", Ask.AWS
    ),
    Verdict("account-being-verified", "Not IAM: AWS is verifying a new account. Wait; check billing.", Ask.NOBODY),
    Verdict("account-limited", "Not IAM: AWS limits the account, as it does new ones. Ask AWS Support.", Ask.AWS),
    Verdict(
        "guardrail-id", "Not IAM: no such guardrail or version in this Region. Mend id, version or Region.", Ask.CALLER
    ),
    Verdict(
        "knowledge-base-storage",
        "The knowledge base's role was refused by its vector store. It needs both grants: aoss:APIAccessAll in its "
        "policy, and its ARN in the collection's data access policy. If they were made just now, wait and try again; "
        "if they are in place, check the index and its fields.",
        Ask.ROLE_OWNER,
    ),
    Verdict(
        "batch-storage",
        "The message blames S3, but the batch role mostly lacks the bucket's KMS key: kms:Decrypt and "
        "kms:GenerateDataKey. Check those first, then the S3 actions.",
        Ask.ROLE_OWNER,
    ),
    Verdict(
        "api-key-refused",
        "Not IAM: the call went out with an API key (a bearer token), and that key is wrong, expired or of another "
        "Region. AWS_BEARER_TOKEN_BEDROCK wins over roles, profiles and keys given in code: renew it or unset it.",
        Ask.CALLER,
    ),
    Verdict(
        "api-key-format",
        "Not IAM: what was sent as an API key is none; real ones begin with ABSK or bedrock-api-key-. Mend or unset "
        "AWS_BEARER_TOKEN_BEDROCK, or the key that the client was given.",
        Ask.CALLER,
    ),
    Verdict(
        "credentials-invalid",
        "Not IAM policies: AWS does not know these credentials. A deleted key, a session token that is missing or not "
        "the key's own, or another partition.",
        Ask.CALLER,
    ),
    Verdict(
        "credentials-expired",
        "Not IAM policies: the session has expired. Renew it, and unset stale AWS_* variables, which win over a role.",
        Ask.CALLER,
    ),
    Verdict(
        "clock-skew",
        "Not IAM policies: the clock of the machine that signed the request is wrong, or the request was held back for "
        "minutes. Set the clock (NTP); a virtual machine that was suspended needs it most.",
        Ask.CALLER,
    ),
    Verdict(
        "credentials-missing", "Not IAM policies: no usable credentials were found, so nothing was denied.", Ask.CALLER
    ),
    Verdict(
        "daily-quota",
        "Not IAM: the tokens of the day are used up. In a new account that quota is small or zero: ask for more.",
        Ask.AWS,
    ),
    Verdict(
        "throttled",
        "Not IAM policies: too many calls. Back off with jitter and call less; IAM's own rate is low and shared by the "
        "whole account, so cache what it answered.",
        Ask.NOBODY,
    ),
    Verdict("unavailable", "Not IAM: the service could not answer just now. Try again with back-off.", Ask.NOBODY),
    Verdict(
        "endpoint",
        "Not IAM: the endpoint was not reached. The service may not exist in that Region, or the network has no way to "
        "it.",
        Ask.CALLER,
    ),
    Verdict(
        "unrecognised",
        "This text is not in the catalogue, so nothing is claimed about it. The error code and the text are kept as "
        "read.",
        Ask.CALLER,
    ),
    Verdict(
        "service-role",
        "One service quotes the error of another: the role of the knowledge base, agent or flow made the inner call, "
        "not the app's principal.",
        Ask.ROLE_OWNER,
    ),
    Verdict(
        "api-key-needs-no-credentials",
        "An API key is set: clients of bedrock and bedrock-runtime that use it need no other credentials.",
        Ask.CALLER,
    ),
)

CAUSE_VERDICTS = MappingProxyType({verdict.key: verdict for verdict in _VERDICTS})
"""The verdict of every cause that is not a permission's."""
