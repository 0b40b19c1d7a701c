"""Model ids: everything Bedrock takes as ``modelId``, told apart by its form alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bedrock_guard.bedrock.profiles import known_profiles
from bedrock_guard.bedrock.suggestions import nearest, no_such_name
from bedrock_guard.errors import ConfigurationError

__all__ = ["GEOGRAPHIES", "ModelKind", "ModelRef", "parse_model"]

GEOGRAPHIES = ("us", "us-gov", "eu", "apac", "jp", "au", "ca", "global")
"""Prefixes of system-defined inference profiles.

Source: Bedrock User Guide, “Supported Regions and models for inference profiles” (read 2026-11-24).
"""

_VENDORS = frozenset(
    {
        "ai21",
        "amazon",
        "anthropic",
        "cohere",
        "deepseek",
        "google",
        "luma",
        "meta",
        "minimax",
        "mistral",
        "moonshot",
        "moonshotai",
        "nvidia",
        "openai",
        "qwen",
        "stability",
        "twelvelabs",
        "writer",
        "zai",
    }
)
"""First parts of foundation-model ids; used to recognise a geography that is newer than :data:`GEOGRAPHIES`.

Source: the model ids of the Bedrock User Guide (read 2026-11).
"""

_ROUTES_OF_OTHERS = ("bedrock/converse/", "bedrock/invoke/", "bedrock/", "bedrock_converse/", "bedrock:")
"""What LiteLLM, LangChain and pydantic-ai put before a model id; assumed from their documentation."""

_ID = re.compile(r"[a-z0-9-]+(?:[.:][a-z0-9-]+)+")
_OPAQUE_ID = re.compile(r"[a-z0-9]{12}")
"""The id of an application inference profile without its ARN.

Source: the examples of the Bedrock User Guide and the ids that CreateInferenceProfile gives; assumed to be their one
form. Provisioned throughput has ids of this form too, but the API reference of Converse and InvokeModel (botocore
1.44.5) asks for its ARN, as it does of deployments, imported models, routers and prompts.
"""
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d+")


class ModelKind(str, Enum):
    """What a model id names; the values are the resource types of the ARNs."""

    FOUNDATION_MODEL = "foundation-model"
    INFERENCE_PROFILE = "inference-profile"
    APPLICATION_INFERENCE_PROFILE = "application-inference-profile"
    PROVISIONED_MODEL = "provisioned-model"
    CUSTOM_MODEL = "custom-model"
    CUSTOM_MODEL_DEPLOYMENT = "custom-model-deployment"
    IMPORTED_MODEL = "imported-model"
    PROMPT_ROUTER = "prompt-router"
    DEFAULT_PROMPT_ROUTER = "default-prompt-router"
    PROMPT = "prompt"
    SAGEMAKER_ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class ModelRef:
    """One model id, taken apart.

    Attributes:
        kind: What it names.
        id: The part after the resource type, such as ``"us.anthropic.claude-sonnet-4-5-20250929-v1:0"``.
        partition: From the ARN; None for a bare id.
        region: From the ARN; None for a bare id.
        account: From the ARN; None for a bare id and for a foundation model.
    """

    kind: ModelKind
    id: str
    partition: str | None = None
    region: str | None = None
    account: str | None = None

    @property
    def geography(self) -> str | None:
        """The prefix of a system-defined inference profile, such as ``"us"``; None for everything else."""
        return self.id.partition(".")[0] if self.kind is ModelKind.INFERENCE_PROFILE else None

    @property
    def foundation_model(self) -> str | None:
        """The id of the foundation model behind it, where the id says it; None otherwise."""
        if self.kind is ModelKind.FOUNDATION_MODEL:
            return self.id
        return self.id.partition(".")[2] if self.kind is ModelKind.INFERENCE_PROFILE else None

    @property
    def routed(self) -> bool:
        """Whether more is authorised than the id says, so that Regions or ARNs must be found out."""
        return self.kind in _ROUTED and self.geography != "global"


_ROUTED = frozenset(
    {
        ModelKind.INFERENCE_PROFILE,
        ModelKind.APPLICATION_INFERENCE_PROFILE,
        ModelKind.PROMPT_ROUTER,
        ModelKind.DEFAULT_PROMPT_ROUTER,
        ModelKind.PROMPT,
    }
)


def parse_model(text: str) -> ModelRef:
    """What ``text`` names: the id of a foundation model or an inference profile, or an ARN of any kind that can be
    called.

    Raises:
        ConfigurationError: Neither; the message says what to write instead, where that can be told.
    """
    cleaned = text.strip()
    if cleaned != text:
        raise ConfigurationError(
            f"model {text!r} has white space around it, which a call would send along; write {cleaned!r}",
            suggestions=(cleaned,),
        )
    for prefix in _ROUTES_OF_OTHERS:
        if cleaned.startswith(prefix):
            bare = cleaned.removeprefix(prefix)
            raise ConfigurationError(
                f"model {cleaned!r}: {prefix!r} belongs to another library; Bedrock's own id is {bare!r}",
                suggestions=(bare,),
            )
    if cleaned.startswith("arn:"):
        return _parse_arn(cleaned)
    if _OPAQUE_ID.fullmatch(cleaned):
        return ModelRef(ModelKind.APPLICATION_INFERENCE_PROFILE, cleaned)
    if not _ID.fullmatch(cleaned):
        raise _not_an_id(cleaned)
    if _is_profile(cleaned):
        return ModelRef(ModelKind.INFERENCE_PROFILE, cleaned)
    head, _, rest = cleaned.partition(".")
    if head in GEOGRAPHIES or not rest:
        raise _not_an_id(cleaned)
    _refuse_cut_version(cleaned)
    return ModelRef(ModelKind.FOUNDATION_MODEL, cleaned)


def _is_profile(model_id: str) -> bool:
    head, _, rest = model_id.partition(".")
    if head in GEOGRAPHIES:
        return "." in rest
    return head not in _VENDORS and rest.partition(".")[0] in _VENDORS


def _not_an_id(text: str) -> ConfigurationError:
    models = _models()
    lowered = text.lower()
    if lowered != text and _ID.fullmatch(lowered):
        return ConfigurationError(
            f"model {text!r}: model ids are lower case; write {lowered!r}", suggestions=(lowered,)
        )
    name = lowered.rpartition(".")[2]
    without_vendor = [model for model in models if name and model.partition(".")[2].startswith(name)]
    message = (
        f"model {text!r} is no model id: those are vendor.name-version, such as {_EXAMPLE!r}, with a "
        "geography before it for an inference profile, or an ARN (of provisioned throughput, deployments, "
        "imported models, application profiles, routers and prompts)"
    )
    return no_such_name(message, without_vendor[:3] or nearest(lowered, models))


_EXAMPLE = "anthropic.claude-sonnet-4-5-20250929-v1:0"


def _refuse_cut_version(model_id: str) -> None:
    """Refuse an id that is a known one without its version, such as ``anthropic.claude-3-haiku-20240307``."""
    models = _models()
    if model_id in models:
        return
    whole = [model for model in models if re.fullmatch(re.escape(model_id) + r"(-v\d+)?(:\d+)?", model)]
    if whole:
        raise ConfigurationError(
            f"model {model_id!r} lacks its version; the id is {whole[0]!r}", suggestions=tuple(whole)
        )


def _models() -> list[str]:
    """The foundation models that some known profile routes to, sorted."""
    return sorted({profile.partition(".")[2] for profile in known_profiles()})


def _parse_arn(arn: str) -> ModelRef:
    parts = arn.split(":", 5)
    # The version's colon makes up the number of fields: arn:aws:bedrock:us-east-1:foundation-model/amazon.x-v1:0.
    if len(parts) < 6 or "/" in parts[4]:
        raise _broken_arn(arn)
    _, partition, service, region, account, resource = parts
    kind_name, _, model_id = resource.partition("/")
    kind = _KINDS.get((service, kind_name))
    if "*" in arn or "?" in arn:
        raise ConfigurationError(f"model {arn!r} has a wildcard; an app calls one model: name it")
    if kind is None or not model_id:
        raise no_such_name(
            f"model {arn!r}: no kind of ARN that can be called as a model", _similar_arns(arn, kind_name)
        )
    if not _REGION.fullmatch(region):
        raise ConfigurationError(f"model {arn!r}: {region!r} is no Region; a model is called in one, such as us-east-1")
    _check_account(arn, kind, account, model_id, parts)
    _check_id(arn, kind, model_id, parts)
    return ModelRef(kind, model_id, partition, region, account or None)


_KINDS: Mapping[tuple[str, str], ModelKind] = {
    **{("bedrock", kind.value): kind for kind in ModelKind if kind is not ModelKind.SAGEMAKER_ENDPOINT},
    ("sagemaker", "endpoint"): ModelKind.SAGEMAKER_ENDPOINT,
}


def _similar_arns(arn: str, kind_name: str) -> list[str]:
    close = nearest(kind_name, [kind for _, kind in _KINDS], count=1, cutoff=0.7)
    return [arn.replace(f":{kind_name}/", f":{kind}/") for kind in close]


def _broken_arn(arn: str) -> ConfigurationError:
    mended = re.sub(r"^(arn:[^:]*:bedrock:[^:]*):(foundation-model/)", r"\1::\2", arn)
    if mended != arn:
        return ConfigurationError(
            f"model {arn!r} lacks the empty account field: write {mended!r}, with :: before foundation-model",
            suggestions=(mended,),
        )
    return ConfigurationError(f"model {arn!r} is no ARN: a field is missing, there are six, separated by colons")


def _check_account(arn: str, kind: ModelKind, account: str, model_id: str, parts: list[str]) -> None:
    head = ":".join(parts[:4])
    if kind is ModelKind.FOUNDATION_MODEL:
        if account:
            mended = f"{head}::foundation-model/{model_id}"
            raise ConfigurationError(
                f"model {arn!r}: the account field of a foundation model is empty; write {mended!r}",
                suggestions=(mended,),
            )
    elif not re.fullmatch(r"\d{12}", account):
        raise ConfigurationError(
            f"model {arn!r}: {account!r} is no account; an ARN of the kind {kind.value} names its 12 digits, "
            f"as in {head}:123456789012:{parts[5]}"
        )


def _check_id(arn: str, kind: ModelKind, model_id: str, parts: list[str]) -> None:
    """Refuse a profile's id in a model's ARN and the reverse."""
    head = ":".join(parts[:4])
    if kind is ModelKind.FOUNDATION_MODEL and _is_profile(model_id):
        mended = f"{head}:<account>:inference-profile/{model_id}"
        raise ConfigurationError(
            f"model {arn!r}: {model_id!r} is an inference profile and no foundation model; write {mended} "
            f"or the id {model_id!r} alone",
            suggestions=(model_id,),
        )
    if kind is ModelKind.INFERENCE_PROFILE and not _is_profile(model_id):
        fitting = [profile for profile in known_profiles() if profile.partition(".")[2] == model_id]
        raise no_such_name(
            f"model {arn!r}: {model_id!r} lacks its geography, as in us.{model_id}; an application inference "
            "profile has the resource type application-inference-profile",
            fitting,
        )
