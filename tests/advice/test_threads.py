"""Forty problems that users of Bedrock and of IAM's simulator brought to public threads, and what they are told here.

The errors are AWS's; the text around them is of the form that each user had before them.
"""

# ruff: noqa: E501  # a message is one line, as it is met

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from bedrock_guard.advice.denials import Ask, read_denials, verdicts_for
from tests.advice.denial_texts import explicit, implicit

_ORG = "arn:aws:organizations::444455556666:policy/o-exampleorg/service_control_policy/p-a1b2c3d4"
_SCP = f"a service control policy: {_ORG}"
_STREAM, _INVOKE = "bedrock:InvokeModelWithResponseStream", "bedrock:InvokeModel"
_OPUS = "foundation-model/anthropic.claude-opus-4-6-v1"
_MARKETPLACE = (
    "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions "
    "(aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model. Refer to the Amazon Bedrock "
    "documentation for further details. Your AWS Marketplace subscription for this model cannot be completed at this time. If you "
    "recently fixed this issue, try again after {} minutes."
)
_NO_ACCESS = "You don't have access to the model with the specified model ID."
_NOT_ENABLED = "Your account is not authorized to invoke this API operation."
_STORAGE = "The knowledge base storage configuration provided is invalid..."


def _model(region: str, model: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model}"


def _role(path: str) -> str:
    return f"arn:aws:sts::111122223333:assumed-role/{path}"


def _error(code: str, operation: str, message: str) -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {message}"


def _simulated(action: str, **more: Any) -> str:
    result = {
        "EvalActionName": action,
        "EvalResourceName": "*",
        "EvalDecision": "implicitDeny",
        "MatchedStatements": [],
        **more,
    }
    return json.dumps({"EvaluationResults": [result], "IsTruncated": False}, indent=4)


_NO_ORGANIZATION: dict[str, Any] = {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
_NO_BOUNDARY: dict[str, Any] = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}}


@dataclass(frozen=True)
class Thread:
    """A thread.

    Attributes:
        name: Its id and what it is about.
        met: What the user had before them.
        keys: The verdicts, the cause first.
        words: What they have to say.
        ask: Whom the first of them sends to.
        retry: Whether waiting helps, and the time that is named.
    """

    name: str
    met: str
    keys: tuple[str, ...]
    words: tuple[str, ...]
    ask: Ask = Ask.ROLE_OWNER
    retry: tuple[bool, int | None] = (False, None)


THREADS = [
    Thread(
        "A1 an extension picked the global profile under a Region lock",
        '2026-03-09 13:46:50.969 [error] [Bedrock Model Provider] Chat request failed {"messageCount":5,"modelId":"global.anthropic.claude-opus-4-6-v1","error":{"message":"'
        + explicit(_STREAM, f"arn:aws:bedrock:::{_OPUS}", _SCP, _role("user_role"))
        + '"}}',
        ("scp", "global-profile", "subscription-behind"),
        ("p-a1b2c3d4", "one geography", "unspecified"),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A2 an AgentCore role behind an SCP, with a subscription that never came",
        _error(
            "AccessDeniedException",
            "ConverseStream",
            explicit(_STREAM, f"arn:aws:bedrock:::{_OPUS}", _SCP, _role("AgentCoreRuntime-x/BedrockAgentCore-1a2b")),
        ),
        ("scp", "global-profile", "service-role", "subscription-behind"),
        ("subscribes the account in AWS Marketplace", "not happen either"),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A3 a Region that nobody configured",
        "ERROR Failed to analyze: "
        + _error(
            "AccessDeniedException",
            "Converse",
            explicit(_INVOKE, _model("eu-west-3", "amazon.nova-pro-v1:0"), _SCP, _role("stack-lambda/fn")),
        ),
        ("scp", "destination-region"),
        ("eu-west-3", "an inference profile routed the call there"),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A4 some calls fail, in another Region",
        "[warning] 3 of 10 questions failed: "
        + implicit(
            _INVOKE,
            _model("ap-northeast-3", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
            caller=_role("TaskRole/0123456789abcdef"),
        ),
        ("missing-allow", "destination-region"),
        ("ap-northeast-3", "granted in every destination Region"),
    ),
    Thread(
        "A5 an update added a Region to the profile",
        "botocore.errorfactory.AccessDeniedException: "
        + _error(
            "AccessDeniedException",
            "ConverseStream",
            explicit(
                _STREAM,
                _model("us-east-2", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
                "a service control policy",
                _role("BackendApi/fn"),
            ),
        ),
        ("scp", "destination-region", "subscription-behind"),
        ("us-east-2", "a profile within the allowed Regions"),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A6 the agent's role is denied, not the caller",
        _error(
            "accessDeniedException",
            "InvokeAgent",
            explicit(
                _INVOKE,
                _model("eu-north-1", "amazon.nova-lite-v1:0"),
                _SCP,
                _role("AmazonBedrockExecutionRoleForAgents_AB12CD34/BedrockAgents-AGENT12345-9f8e"),
            ),
        ),
        ("scp", "destination-region", "service-role"),
        ("AmazonBedrockExecutionRoleForAgents_AB12CD34", "not the app's own principal"),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A7 a sandbox account limited to two Regions",
        "AccessDeniedException: "
        + explicit(
            _STREAM,
            _model("us-west-2", "amazon.nova-premier-v1:0"),
            _SCP,
            _role("AWSReservedSSO_SandboxUsers_0123456789abcdef/user@example.com"),
        ),
        ("scp", "destination-region", "permission-set"),
        ("us-west-2", "If the app did not call us-west-2 itself"),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A8 a role's own Region condition and a global profile",
        "Error from AWS Bedrock: "
        + explicit(
            _STREAM,
            "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
            caller=_role("analyst/me"),
        ),
        ("explicit-identity", "global-profile"),
        ("aws:RequestedRegion", "unspecified", "A Deny beats every Allow"),
    ),
    Thread(
        "A9 a library's default prefix",
        _error(
            "AccessDeniedException",
            "InvokeModel",
            implicit(
                _INVOKE,
                "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.anthropic.claude-3-7-sonnet-20250219-v1:0",
            ),
        ),
        ("missing-allow", "profile-prefix"),
        ("geography 'eu'", "compare it with the prefix that is granted"),
    ),
    Thread(
        "A10 the calls go to us-east-2",
        "API Error: 403 "
        + explicit(
            _STREAM, _model("us-east-2", "anthropic.claude-3-7-sonnet-20250219-v1:0"), "a service control policy"
        ),
        ("scp", "destination-region", "subscription-behind"),
        ("us-east-2",),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A11 a profile is listed and may not be called",
        "Chat request failed: "
        + explicit(
            _STREAM, "arn:aws:bedrock:us-east-1:111122223333:inference-profile/global.anthropic.claude-opus-4-6-v1"
        ),
        ("explicit-identity", "profile-prefix"),
        ("that one is listed does not mean it may be called", "geography 'global'"),
    ),
    Thread(
        "A12 an application profile cannot be resolved",
        'level=error msg="resolve model" error="operation error Bedrock: GetInferenceProfile, https response error StatusCode: 403, RequestID: 3f6d0d4e-98a5-4b3f-a6f5-0d4f1d6b7f11, AccessDeniedException: '
        + implicit(
            "bedrock:GetInferenceProfile",
            "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdef123456",
            caller=_role("bedrock-access/coderd"),
        )
        + '"',
        ("missing-allow", "profile-unresolved"),
        ("the assumed role, not the host's",),
    ),
    Thread(
        "A13 full Bedrock rights and a marketplace denial",
        "API Error (403): " + _MARKETPLACE.format(15),
        ("marketplace-rights",),
        ("whoever invokes it first", "An administrator invokes the model once"),
        Ask.ACCOUNT_ADMIN,
        (False, 900),
    ),
    Thread(
        "A14 the short text of the same",
        "API Model access is denied by Marketplace subscription",
        ("marketplace-rights",),
        ("AWS Marketplace rights",),
        Ask.ACCOUNT_ADMIN,
        (False, 120),
    ),
    Thread(
        "A15 an ECS task role",
        "403 – " + _MARKETPLACE.split(" to enable")[0] + "\n",
        ("marketplace-rights",),
        ("Not a right for the app's role", "Do not leave Subscribe with the app"),
        Ask.ACCOUNT_ADMIN,
        (False, 120),
    ),
    Thread(
        "A16 streaming fails with 502",
        "Chat error: 502 Bedrock streaming failed: "
        + _MARKETPLACE.split(" Refer")[0]
        + "\n\nerrorCode: `AccessDenied`\nerrorMessage: `"
        + _MARKETPLACE.format(2)
        + "`\n",
        ("marketplace-rights",),
        ("later callers need none",),
        Ask.ACCOUNT_ADMIN,
        (False, 120),
    ),
    Thread(
        "A17 JSON in the string of a gateway",
        '{"error":{"message":"litellm.APIConnectionError: BedrockException - {\\"message\\":\\"'
        + _MARKETPLACE.format(5)
        + '\\"}.',
        ("marketplace-rights",),
        ("buys for the whole account",),
        Ask.ACCOUNT_ADMIN,
        (False, 300),
    ),
    Thread(
        "A18 the app calls a second, smaller model",
        f"API Error: 403 {_NO_ACCESS}",
        ("model-not-enabled",),
        ("the model id that was really sent", "small helper models"),
        Ask.ACCOUNT_ADMIN,
    ),
    Thread(
        "A19 right policies, wrong token",
        "API Error: 403 The security token included in the request is invalid.",
        ("credentials-invalid",),
        ("does not know these credentials",),
        Ask.CALLER,
    ),
    Thread(
        "A20 the debug output of Rust",
        'Error: ServiceError(ServiceError { source: Unhandled(Unhandled { source: ErrorMetadata { code: Some("AccessDeniedException"), message: Some("'
        + implicit(
            _INVOKE,
            _model("us-east-1", "anthropic.claude-3-haiku-20240307-v1:0"),
            caller=_role("log-classifier-lambda-role/log_classifier"),
        )
        + '"), extras: Some({"aws_request_id": "3f6d0d4e-98a5-4b3f-a6f5-0d4f1d6b7f11"}) } }) })',
        ("missing-allow", "destination-region"),
        (
            "bedrock:InvokeModel on arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
            "add it",
        ),
    ),
    Thread(
        "A21 listing models fails with bedrock:*",
        _error("AccessDeniedException", "ListFoundationModels", _NOT_ENABLED),
        ("account-not-enabled",),
        ("Not IAM",),
        Ask.ACCOUNT_ADMIN,
    ),
    Thread(
        "A22 the same through LangChain",
        "\x1b[41mError raised by bedrock service: "
        + _error("AccessDeniedException", "InvokeModel", _NOT_ENABLED)
        + "        \nTo troubeshoot this issue\x1b[0m",
        ("account-not-enabled",),
        ("Not IAM", "in the Region that was called"),
        Ask.ACCOUNT_ADMIN,
    ),
    Thread(
        "A23 chat works, embeddings do not",
        "io.camunda.EmbeddingException: "
        + implicit(_INVOKE, _model("eu-north-1", "amazon.titan-embed-text-v2:0"))
        + " (Service: BedrockRuntime, Status Code: 403, Request ID: 3f6d0d4e)",
        ("missing-allow", "destination-region"),
        ("Every model that the app calls is a grant of its own, embeddings",),
    ),
    Thread(
        "A24 a 403 inside a 400",
        _error(
            "ValidationException",
            "Retrieve",
            f"{_NO_ACCESS} (Service: BedrockRuntime, Status Code: 403, Request ID: 3f6d0d4e-98a5-4b3f-a6f5-0d4f1d6b7f11) (Service: BedrockAgentRuntime, Status Code: 400, Request ID: 5e6f)",
        ),
        ("model-not-enabled", "service-role"),
        ("the role of the knowledge base",),
        Ask.ACCOUNT_ADMIN,
    ),
    Thread(
        "A25 a policy attached a moment ago",
        f"KnowledgeBaseStack: {_STORAGE} Request failed: [security_exception] 403 Forbidden (Service: BedrockAgent, Status Code: 400, Request ID: 3f6d0d4e)",
        ("knowledge-base-storage",),
        ("wait and try again",),
        retry=(True, None),
    ),
    Thread(
        "A26 bad authorization",
        "Received response status [FAILED] from custom resource. Message returned: Error: "
        + _error("ValidationException", "CreateKnowledgeBase", f"{_STORAGE} Bad Authorization"),
        ("knowledge-base-storage",),
        ("both grants", "aoss:APIAccessAll", "data access policy"),
        retry=(True, None),
    ),
    Thread(
        "A27 the second knowledge base",
        "ValidationException: "
        + _error(
            "ValidationException",
            "CreateKnowledgeBase",
            f"{_STORAGE} Request failed: [security_exception] 403 Forbidden",
        ),
        ("knowledge-base-storage",),
        ("its ARN in the collection's data access policy",),
        retry=(True, None),
    ),
    Thread(
        "A28 no reason given",
        _error(
            "ValidationException",
            "CreateKnowledgeBase",
            "The knowledge base storage configuration provided is invalid, please check your configuration.",
        ),
        ("knowledge-base-storage",),
        ("check the index",),
        retry=(True, None),
    ),
    Thread(
        "A29 a placeholder was sent as a key",
        'Error: 403 {"Message":"Invalid API Key format: Must start with pre-defined prefix"} (AccessDeniedException), though the profile works on the command line',
        ("api-key-format",),
        ("ABSK", "AWS_BEARER_TOKEN_BEDROCK"),
        Ask.CALLER,
    ),
    Thread(
        "A30 a client that ignores the key",
        "AWS_BEARER_TOKEN_BEDROCK is exported, still: anthropic.PermissionDeniedError: Error code: 403 - {'message': '"
        + implicit(_INVOKE, _model("us-east-1", "anthropic.claude-sonnet-4-20250514-v1:0"), caller=_role("dev/me"))
        + "'}",
        ("missing-allow", "destination-region", "which-credentials"),
        ("find out per client which one was denied",),
    ),
    Thread(
        "A31 credentials are resolved although a key is there",
        "AWS_BEARER_TOKEN_BEDROCK=… set\nbotocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from custom-process: not logged in",
        ("credentials-missing", "api-key-needs-no-credentials"),
        ("need no other credentials",),
        Ask.CALLER,
    ),
    Thread(
        "A32 a key given in code and another in the environment",
        "AccessDeniedException: Authentication failed: Please make sure your API Key is valid. status=403",
        ("api-key-refused",),
        ("wins over roles, profiles and keys given in code",),
        Ask.CALLER,
    ),
    Thread(
        "A33 an installer says an administrator lacks rights",
        'WARN[0019] Action not allowed with tested creds          action="ec2:AllocateAddress"\nWARN[0019] Tested creds not able to perform all requested actions\nFATAL failed to fetch Cluster: validate AWS credentials: current credentials insufficient for performing cluster installation',
        ("simulated",),
        ("inconclusive", "aws:RequestedRegion", "no call was"),
        Ask.CALLER,
    ),
    Thread(
        "A34 a Region SCP in the simulator's answer",
        _simulated("ec2:RunInstances", **_NO_ORGANIZATION),
        ("simulated-organization",),
        ("PolicyExclusionList",),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A35 a toolkit says rights are missing that are there",
        _simulated("ssmmessages:CreateControlChannel", **_NO_ORGANIZATION),
        ("simulated-organization",),
        ("warning",),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A36 a boundary with a Region condition",
        _simulated("ssmmessages:OpenDataChannel", MissingContextValues=["aws:RequestedRegion"], **_NO_BOUNDARY),
        ("simulated-without-context",),
        ("aws:RequestedRegion", "Supply it"),
        Ask.CALLER,
    ),
    Thread(
        "A37 AdministratorAccess and implicitDeny",
        _simulated("ecs:ExecuteCommand", **_NO_ORGANIZATION),
        ("simulated-organization",),
        ("whatever the identity policies allow",),
        Ask.ORGANIZATION,
    ),
    Thread(
        "A38 the console says allowed, the API does not",
        _simulated("ec2:StartInstances", MissingContextValues=["ec2:ResourceTag/Owner"]),
        ("simulated-without-context",),
        ("ec2:ResourceTag/Owner", "with its type"),
        Ask.CALLER,
    ),
    Thread(
        "A39 a pattern of actions",
        _simulated("s3:Get*"),
        ("simulated-wildcard",),
        ("not as a pattern", "ask for each action"),
        Ask.CALLER,
    ),
    Thread(
        "A40 the rate of IAM",
        "ClientError: " + _error("Throttling", "SimulatePrincipalPolicy", "Rate exceeded"),
        ("throttled",),
        ("Back off with jitter", "cache"),
        Ask.NOBODY,
        (True, None),
    ),
]


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread.name)
def test_a_thread_gets_its_verdict(thread: Thread) -> None:
    """One error, the verdicts in their order, what they have to say, whom they send to and whether waiting helps."""
    reading = read_denials(thread.met)
    (denial,) = reading.denials
    verdicts = verdicts_for(denial)
    assert tuple(verdict.key for verdict in verdicts) == thread.keys
    text = " ".join(verdict.text for verdict in verdicts)
    assert [words for words in thread.words if words not in text] == []
    assert verdicts[0].ask is thread.ask
    assert (denial.retryable, denial.retry_after_seconds) == thread.retry
    assert reading.unrecognised == ""


def test_there_are_forty() -> None:
    """None is left out."""
    assert [thread.name.split()[0] for thread in THREADS] == [f"A{number}" for number in range(1, 41)]
