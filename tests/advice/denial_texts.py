"""Messages made up by AWS's grammar, and what they say: other nouns, Regions and partitions than the cases."""

# ruff: noqa: E501  # a message is one line, as it is met

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

APP = "arn:aws:sts::111122223333:assumed-role/checkout/api"
MODEL = "arn:aws:bedrock:us-west-2::foundation-model/cohere.embed-v4:0"
SCP = "arn:aws:organizations::444455556666:policy/o-exampleorg/service_control_policy/p-regions1"


@dataclass(frozen=True)
class Told:
    """A text and what it says of the denial in it; what is not listed here is None."""

    name: str
    text: str
    says: dict[str, Any] = field(default_factory=dict)


def implicit(
    action: str, resource: str | None, policy: str = "identity-based policy", caller: str = APP, tail: str = ""
) -> str:
    """IAM's sentence about a missing Allow."""
    on = f" on resource: {resource}" if resource is not None else ""
    return f"User: {caller} is not authorized to perform: {action}{on} because no {policy} allows the {action} action{tail}"


def explicit(
    action: str,
    resource: str | None,
    policy: str | None = "an identity-based policy",
    caller: str = APP,
    tail: str = "",
) -> str:
    """IAM's sentence about a Deny."""
    on = f" on resource: {resource}" if resource is not None else ""
    where = f" in {policy}" if policy else ""
    return f"User: {caller} is not authorized to perform: {action}{on} with an explicit deny{where}{tail}"


def said(
    action: str,
    resource: str | None,
    layer: str = "identity",
    *,
    explicit: bool | None = False,
    caller: str | None = APP,
    **more: Any,
) -> dict[str, Any]:
    """What such a sentence says."""
    return {"action": action, "resource": resource, "layer": layer, "explicit": explicit, "caller": caller, **more}


CN = "arn:aws-cn:sts::111122223333:assumed-role/测试/会话"
GOV = "arn:aws-us-gov:iam::111122223333:user/division/dept/team/deep/builder"
FLOW = "arn:aws:bedrock:eu-west-1:111122223333:flow/FLOW123456/alias/ALIAS12345"
KEY = "arn:aws:kms:us-west-2:111122223333:key/0aa0a0aa-1111-2222-3333-444455556666"
INVOKE, RETRIEVE, STREAM = "bedrock:InvokeModel", "bedrock:Retrieve", "bedrock:InvokeModelWithResponseStream"

SENTENCES = [
    Told("a missing allow", implicit(INVOKE, MODEL), said(INVOKE, MODEL, code="BG101")),
    Told("a full stop behind the clause", implicit(INVOKE, MODEL, tail="."), said(INVOKE, MODEL)),
    Told("China", implicit(INVOKE, "*", caller=CN), said(INVOKE, "*", caller=CN)),
    Told(
        "GovCloud and a long path",
        implicit("bedrock:InvokeFlow", FLOW, caller=GOV),
        said("bedrock:InvokeFlow", FLOW, caller=GOV),
    ),
    Told(
        "a key of KMS",
        implicit("kms:GenerateDataKey", KEY, "resource-based policy"),
        said("kms:GenerateDataKey", KEY, "resource", code="BG207"),
    ),
    Told(
        "an object key with spaces, commas, quotes and dots",
        implicit("s3:GetObject", "arn:aws:s3:::corpus.eu/May 3, report v1.2; it's final.pdf"),
        said("s3:GetObject", "arn:aws:s3:::corpus.eu/May 3, report v1.2; it's final.pdf"),
    ),
    Told(
        "a quoted object key, and a Deny",
        explicit("s3:PutObject", '"arn:aws:s3:::corpus/a b (1).txt"', "a resource-based policy"),
        said("s3:PutObject", "arn:aws:s3:::corpus/a b (1).txt", "resource", explicit=True),
    ),
    Told(
        "an object key and no clause",
        f"User: {APP} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::corpus/q1 and q2.csv.",
        said("s3:GetObject", "arn:aws:s3:::corpus/q1 and q2.csv", "unknown", explicit=None, code="BG430"),
    ),
    Told(
        "no clause, and a sentence of the app behind it",
        f"User: {APP} is not authorized to perform: {INVOKE} on resource: {MODEL}. Ask the platform team.",
        said(INVOKE, MODEL, "unknown", explicit=None),
    ),
    Told(
        "no clause, and a remark in brackets",
        f"(User: {APP} is not authorized to perform: {INVOKE} on resource: {MODEL})",
        said(INVOKE, MODEL, "unknown", explicit=None),
    ),
    Told(
        "an ARN that ends in a colon",
        implicit("bedrock:ListAgents", "arn:aws:bedrock:us-west-2:111122223333:"),
        said("bedrock:ListAgents", "arn:aws:bedrock:us-west-2:111122223333:"),
    ),
    Told("an empty resource", implicit("bedrock:ListAgents", ""), said("bedrock:ListAgents", None)),
    Told("no resource", implicit("ecr:GetAuthorizationToken", None), said("ecr:GetAuthorizationToken", None)),
    Told("a user by name", implicit("iam:GetUser", "user ops-bot"), said("iam:GetUser", "user ops-bot")),
    Told(
        "a role by name, no clause and a stop",
        f"User: {APP} is not authorized to perform: iam:GetRole on resource: role svc.app-1. Check the boundary.",
        said("iam:GetRole", "role svc.app-1", "unknown", explicit=None),
    ),
    Told(
        "an instance profile by name",
        implicit("iam:GetInstanceProfile", "instance profile web"),
        said("iam:GetInstanceProfile", "instance profile web"),
    ),
    Told(
        "a Deny without a layer",
        explicit(INVOKE, MODEL, None),
        said(INVOKE, MODEL, "unknown", explicit=True, code="BG430"),
    ),
    Told(
        "a Deny of a kind yet unheard of",
        explicit(INVOKE, MODEL, "a galactic policy"),
        said(INVOKE, MODEL, "unknown", explicit=True),
    ),
    Told("no policy at all", implicit(INVOKE, MODEL, "policy"), said(INVOKE, MODEL, "unknown")),
    Told(
        "a session policy, as AWS spells it",
        explicit(INVOKE, MODEL, "a sessions policy"),
        said(INVOKE, MODEL, "session", explicit=True, code="BG205"),
    ),
    Told(
        "a session policy, as one would spell it",
        explicit(INVOKE, MODEL, "a session policy"),
        said(INVOKE, MODEL, "session", explicit=True),
    ),
    Told("a boundary", implicit(INVOKE, MODEL, "permissions boundary"), said(INVOKE, MODEL, "boundary", code="BG202")),
    Told(
        "a boundary with its ARN",
        explicit(INVOKE, MODEL, "a permissions boundary: arn:aws:iam::111122223333:policy/limits/Team.v2."),
        said(INVOKE, MODEL, "boundary", explicit=True, policy_arn="arn:aws:iam::111122223333:policy/limits/Team.v2"),
    ),
    Told(
        "an SCP with its ARN",
        explicit(STREAM, MODEL, f"a service control policy: {SCP}"),
        said(STREAM, MODEL, "scp", explicit=True, policy_arn=SCP, organization="o-exampleorg", code="BG203"),
    ),
    Told("an SCP without the Allow", implicit(STREAM, MODEL, "service control policy"), said(STREAM, MODEL, "scp")),
    Told(
        "an RCP",
        explicit(INVOKE, MODEL, "a resource control policy"),
        said(INVOKE, MODEL, "rcp", explicit=True, code="BG204"),
    ),
    Told(
        "an endpoint", implicit(INVOKE, MODEL, "VPC endpoint policy"), said(INVOKE, MODEL, "vpc-endpoint", code="BG206")
    ),
    Told(
        "an endpoint through an SCP",
        explicit(INVOKE, MODEL, "a VPC endpoint policy transitively through a service control policy"),
        said(INVOKE, MODEL, "vpc-endpoint", explicit=True, through="scp"),
    ),
    Told(
        "a trust policy",
        implicit("sts:AssumeRole", "arn:aws:iam::111122223333:role/batch", "role trust policy"),
        said("sts:AssumeRole", "arn:aws:iam::111122223333:role/batch", "trust", code="BG208"),
    ),
    Told(
        "a Deny in a trust policy",
        explicit("sts:AssumeRole", "arn:aws:iam::111122223333:role/batch", "the role trust policy"),
        said("sts:AssumeRole", "arn:aws:iam::111122223333:role/batch", "trust", explicit=True),
    ),
    Told(
        "an authorization id",
        explicit(
            RETRIEVE,
            "*",
            tail=". Go to https://eu-west-3.console.aws.amazon.com/iam/home?region=eu-west-3#/authorization-details/"
            "abc123def456ghi789jkl012 for complete details, or call the GetRequestAuthorizationDetails API with the "
            "following authorization id: abc123def456ghi789jkl012",
        ),
        said(RETRIEVE, "*", explicit=True, authorization_id="abc123def456ghi789jkl012", region="eu-west-3"),
    ),
    Told(
        "an authorization id behind a sentence without clause",
        f"User: {APP} is not authorized to perform: {RETRIEVE} on resource: *. Go to https://us-east-1.console.aws."
        "amazon.com/iam/home?region=us-east-1#/authorization-details/zz9 for complete details, or call the "
        "GetRequestAuthorizationDetails API with the following authorization id: zz9",
        said(RETRIEVE, "*", "unknown", explicit=None, authorization_id="zz9", region="us-east-1"),
    ),
    Told(
        "a caller without a session",
        implicit(INVOKE, MODEL, caller="arn:aws:sts::111122223333:assumed-role/app"),
        said(INVOKE, MODEL, caller="arn:aws:sts::111122223333:assumed-role/app"),
    ),
    Told(
        "a caller that was masked",
        implicit(INVOKE, MODEL, caller="arn:aws:sts::***:assumed-role/app/***"),
        said(INVOKE, MODEL, caller="arn:aws:sts::***:assumed-role/app/***"),
    ),
    Told(
        "nobody",
        implicit("execute-api:Invoke", "*", "resource-based policy", "anonymous"),
        said("execute-api:Invoke", "*", "resource", caller="anonymous"),
    ),
    Told(
        "a service",
        implicit("sts:AssumeRole", "*", "role trust policy", "bedrock.amazonaws.com"),
        said("sts:AssumeRole", "*", "trust", caller="bedrock.amazonaws.com"),
    ),
    Told(
        "the caller without the word User",
        f"{APP} is not authorized to perform: {INVOKE} on resource: {MODEL} because no identity-based policy allows",
        said(INVOKE, MODEL),
    ),
    Told(
        "an application profile",
        implicit(INVOKE, "arn:aws:bedrock:eu-north-1:111122223333:application-inference-profile/abcd1234efgh"),
        said(INVOKE, "arn:aws:bedrock:eu-north-1:111122223333:application-inference-profile/abcd1234efgh"),
    ),
    Told(
        "mantle",
        implicit("bedrock-mantle:CreateInference", "arn:aws:bedrock-mantle:us-east-1:111122223333:project/default"),
        said("bedrock-mantle:CreateInference", "arn:aws:bedrock-mantle:us-east-1:111122223333:project/default"),
    ),
    Told(
        "an API key that may not be one",
        implicit("bedrock:CallWithBearerToken", "*"),
        said("bedrock:CallWithBearerToken", "*", api_key=True),
    ),
    Told(
        "the marketplace itself",
        implicit("aws-marketplace:ViewSubscriptions", None),
        said("aws-marketplace:ViewSubscriptions", None),
    ),
    Told(
        "OpenSearch Serverless",
        implicit("aoss:APIAccessAll", "arn:aws:aoss:us-west-2:111122223333:collection/abc123"),
        said("aoss:APIAccessAll", "arn:aws:aoss:us-west-2:111122223333:collection/abc123"),
    ),
    Told(
        "a name that holds the words of another error",
        implicit("s3:GetObject", "arn:aws:s3:::logs/rate exceeded.txt"),
        said("s3:GetObject", "arn:aws:s3:::logs/rate exceeded.txt"),
    ),
    Told(
        "a resource that was cut is no resource",
        f"User: {APP} is not authorized to perform: {INVOKE} on resource: arn:aws:bedrock:us-west-2::foundation-mo...",
        said(INVOKE, None, "unknown", explicit=None),
    ),
]

_S = implicit(RETRIEVE, "arn:aws:bedrock:us-west-2:111122223333:knowledge-base/KB00000001")
_SAYS = said(RETRIEVE, "arn:aws:bedrock:us-west-2:111122223333:knowledge-base/KB00000001")
_ID = "3f6d0d4e-98a5-4b3f-a6f5-0d4f1d6b7f11"

WRAPPED = [
    Told(
        "JavaScript v3",
        f"AccessDeniedException: {_S}\n    at de_CommandError (/var/task/index.js:1:234)\n  '$fault': 'client',\n  '$metadata': {{ httpStatusCode: 403, requestId: '{_ID}', attempts: 1 }}",
        {**_SAYS, "error_code": "AccessDeniedException", "request_id": _ID},
    ),
    Told(
        "Java v2",
        f"software.amazon.awssdk.services.bedrockagentruntime.model.AccessDeniedException: {_S} (Service: BedrockAgentRuntime, Status Code: 403, Request ID: {_ID}) (SDK Attempt Count: 1)\n\tat software.amazon.awssdk.protocols",
        {**_SAYS, "status": 403, "request_id": _ID, "service": "BedrockAgentRuntime"},
    ),
    Told(
        "Java v1",
        f"com.amazonaws.services.bedrock.model.AccessDeniedException: {_S} (Service: AmazonBedrock; Status Code: 403; Error Code: AccessDeniedException; Request ID: {_ID}; Proxy: null)",
        {**_SAYS, "status": 403, "request_id": _ID},
    ),
    Told(
        "Go v2",
        f"operation error Bedrock Agent Runtime: Retrieve, https response error StatusCode: 403, RequestID: {_ID}, AccessDeniedException: {_S}",
        {**_SAYS, "operation": "Retrieve", "status": 403, "request_id": _ID, "service": "Bedrock Agent Runtime"},
    ),
    Told(
        "Rust",
        f'ServiceError(ServiceError {{ source: AccessDeniedException(AccessDeniedException {{ message: Some("{_S}"), meta: ErrorMetadata {{ code: Some("AccessDeniedException"), message: Some("{_S}"), extras: Some({{"aws_request_id": "{_ID}"}}) }} }}), raw: Response {{ status: StatusCode(403) }} }})',
        _SAYS,
    ),
    Told(
        ".NET",
        f"Amazon.BedrockAgentRuntime.Model.AccessDeniedException: {_S}\n ---> Amazon.Runtime.Internal.HttpErrorResponseException: Exception of type",
        _SAYS,
    ),
    Told(
        "Swift",
        f'AccessDeniedException(properties: AWSBedrockRuntime.AccessDeniedException.Properties(message: Optional("{_S}")), httpResponse: Status Code: http_status_403 x-amzn-ErrorType: AccessDeniedException:http://internal.amazon.com/coral/com.amazon.bedrock/, x-amzn-RequestId: {_ID})',
        _SAYS,
    ),
    Told("Ruby", f"Aws::BedrockAgentRuntime::Errors::AccessDeniedException: {_S}", _SAYS),
    Told(
        "PHP",
        f'Error executing "Retrieve" on "https://bedrock-agent-runtime.us-west-2.amazonaws.com/knowledgebases/KB00000001/retrieve"; AWS HTTP error: Client error: `POST https://…` resulted in a `403 Forbidden` response:\n{{"message":"{_S}"}}\n',
        {**_SAYS, "region": "us-west-2"},
    ),
    Told(
        "LangChain",
        f"ValueError: Error raised by bedrock service: An error occurred (AccessDeniedException) when calling the Retrieve operation: {_S}",
        {**_SAYS, "operation": "Retrieve"},
    ),
    Told(
        "LlamaIndex",
        f"ERROR:root:Retrying llama_index.llms.bedrock_converse.utils.converse_with_retry in 4.0 seconds as it raised ClientError: An error occurred (AccessDeniedException) when calling the Retrieve operation: {_S}.",
        _SAYS,
    ),
    Told(
        "litellm",
        f'litellm.exceptions.PermissionDeniedError: litellm.PermissionDeniedError: BedrockException - {{"message":"{_S}"}}',
        _SAYS,
    ),
    Told(
        "litellm in JSON in JSON",
        '{"error":{"message":"litellm.APIConnectionError: BedrockException - {\\"message\\":\\"'
        + _S
        + '\\"}.","type":null,"code":"500"}}',
        _SAYS,
    ),
    Told(
        "Strands",
        f"strands.types.exceptions.EventLoopException: An error occurred (AccessDeniedException) when calling the ConverseStream operation: {_S}\n└ Bedrock region: us-west-2\n└ Model id: us.amazon.nova-pro-v1:0",
        {**_SAYS, "model": "us.amazon.nova-pro-v1:0"},
    ),
    Told(
        "Spring AI",
        f"java.util.concurrent.CompletionException: software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException: {_S} (Service: BedrockRuntime, Status Code: 403, Request ID: {_ID})",
        _SAYS,
    ),
    Told("Anthropic's SDK", f"anthropic.PermissionDeniedError: Error code: 403 - {{'message': '{_S}'}}", _SAYS),
    Told("the status before the sentence", f"403 {_S}", _SAYS),
    Told(
        "pydantic-ai",
        f"pydantic_ai.exceptions.ModelHTTPError: status_code: 403, model_name: us.amazon.nova-pro-v1:0, body: {{'Error': {{'Message': '{_S}', 'Code': 'AccessDeniedException'}}, 'ResponseMetadata': {{'RequestId': '{_ID}', 'HTTPStatusCode': 403}}}}",
        {**_SAYS, "error_code": "AccessDeniedException", "request_id": _ID},
    ),
    Told(
        "the XML of IAM and STS",
        f'<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{_S}</Message></Error><RequestId>{_ID}</RequestId></ErrorResponse>',
        {**_SAYS, "error_code": "AccessDenied", "request_id": _ID},
    ),
    Told(
        "Terraform",
        f"Error: reading Bedrock Agent Knowledge Base (KB1): operation error Bedrock Agent: Retrieve, https response error StatusCode: 403, RequestID: {_ID}, api error AccessDeniedException: {_S}\n\n  with data.aws_x.y,\n  on main.tf line 1",
        _SAYS,
    ),
    Told(
        "Terraform's box",
        f"╷\n│ Error: reading: api error AccessDeniedException: {_S.replace(' because', chr(10) + '│ because')}\n│ \n│   with x\n╵",
        _SAYS,
    ),
    Told(
        "CloudFormation",
        f'Resource handler returned message: "{_S} (Service: BedrockAgent, Status Code: 403, Request ID: {_ID}) (SDK Attempt Count: 1)" (RequestToken: x, HandlerErrorCode: AccessDenied)',
        _SAYS,
    ),
    Told("docker compose", f"app-1  | INFO start\napp-1  | ERROR {_S}\napp-1  | INFO stop\n", _SAYS),
    Told("docker's JSON", '{"log":"ERROR ' + _S + '\\n","stream":"stderr","time":"2026-11-24T10:00:00Z"}', _SAYS),
    Told(
        "Kubernetes", f"2026-11-24T10:00:00.123456789Z stderr F {_S}\n2026-11-24T10:00:01.123456789Z stdout F ok", _SAYS
    ),
    Told(
        "a prefix before a line of JSON", f'api-1  | 2026-11-24T10:00:00Z {{"level":"error","exception":"{_S}"}}', _SAYS
    ),
    Told(
        "CloudWatch's events",
        '{"events":[{"timestamp":1,"message":"START"},{"timestamp":2,"message":"[ERROR] ' + _S + '"}]}',
        _SAYS,
    ),
    Told("journald", f"Nov 24 10:00:00 host app[123]: {_S}", _SAYS),
    Told("lines of 80 characters", "\n".join(_S[i : i + 80] for i in range(0, len(_S), 80)), _SAYS),
    Told(
        "lines broken at words, indented",
        _S.replace(" not ", "\n        not ").replace(" on ", "\n        on ").replace(" no ", "\n        no "),
        _SAYS,
    ),
    Told("a quoted mail", "> " + _S.replace(" is ", "\n> is ").replace(" because", "\n> because"), _SAYS),
    Told(
        "pytest", f"E   botocore.errorfactory.AccessDeniedException: {_S.replace(' on ', chr(10) + 'E   on ')}", _SAYS
    ),
    Told("a table", f"| error | {_S} |", _SAYS),
    Told(
        "Markdown",
        f"**User**: `{APP}` is not authorized to perform: `{RETRIEVE}` on resource: `{_SAYS['resource']}` because no **identity-based policy** allows the `{RETRIEVE}` action",
        _SAYS,
    ),
    Told("Markdown's escapes", _S.replace("-", "\\-").replace("_", "\\_"), _SAYS),
    Told(
        "typographic dashes and spaces",
        _S.replace("identity-based", "identity‑based").replace(" on ", "\u00a0on\u202f"),
        _SAYS,
    ),
    Told("curly quotes around", f"“{_S}”", _SAYS),
    Told("zero-width spaces", _S.replace("/", "/\u200b"), _SAYS),
    Told("HTML", f"<p>{_S.replace(':', '&#58;').replace(' on ', '&nbsp;on&nbsp;')}</p>", _SAYS),
    Told("colours", f"\x1b[31mERROR\x1b[0m \x1b[1m{_S.replace('perform:', chr(27) + '[0mperform:')}\x1b[0m", _SAYS),
    Told("colours that were escaped", f"\\u001b[31m{_S}\\u001b[0m", _SAYS),
    Told("escaped line feeds", f"Traceback:\\n  File x\\nError: {_S}\\n", _SAYS),
    Told("escaped twice", f'{{\\\\\\"message\\\\\\": \\\\\\"{_S}\\\\\\"}}', _SAYS),
    Told("Windows line ends", f"start\r\n{_S}\r\nend\r\n", _SAYS),
    Told(
        "an OpenAI-compatible endpoint",
        '{"error":{"message":"' + _S + '","type":"permission_error","code":"access_denied"}}',
        _SAYS,
    ),
    Told(
        "AgentCore's log",
        '{"resource":{"attributes":{"service.name":"agent"}},"body":"' + _S + '","severityText":"ERROR"}',
        _SAYS,
    ),
    Told(
        "EventBridge",
        '{"source":"aws.bedrock","detail":{"eventSource":"bedrock.amazonaws.com","eventName":"Retrieve","awsRegion":"us-west-2","errorCode":"AccessDenied","errorMessage":"'
        + _S
        + '","requestID":"'
        + _ID
        + '"}}',
        {**_SAYS, "operation": "Retrieve", "region": "us-west-2", "error_code": "AccessDenied", "request_id": _ID},
    ),
    Told(
        "curl -v",
        f'< HTTP/2 403\n< x-amzn-errortype: AccessDeniedException:http://internal.amazon.com/coral/com.amazon.bedrock/\n< x-amzn-requestid: {_ID}\n<\n{{"message":"{_S}"}}',
        {**_SAYS, "error_code": "AccessDeniedException", "status": 403, "request_id": _ID},
    ),
    Told(
        "an agent that quotes it",
        f"An error occurred (DependencyFailedException) when calling the InvokeAgent operation: Access denied while invoking Bedrock. {_S} (Service: BedrockRuntime, Status Code: 403, Request ID: {_ID})",
        {**_SAYS, "nested": True, "error_code": "DependencyFailedException"},
    ),
]
