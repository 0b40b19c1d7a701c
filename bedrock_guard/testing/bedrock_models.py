"""Model ids as the Bedrock runtime reads them, and everything that a call of one is authorised on.

Kept apart from what the guard itself knows of models, so that each can be held against the other; both read the table
of system-defined inference profiles.

Source: Bedrock User Guide, inference-profiles-prereq, global-cross-region-inference, inference-prereq (read 2026-11).
"""

from __future__ import annotations

import secrets
import string
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bedrock_guard.bedrock.profiles import destinations, known_profiles
from bedrock_guard.testing.authorise import Authorization
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["ApplicationProfile", "BedrockPlace", "ModelTarget", "Profiles", "read_model"]

_ALONE = ("custom-model-deployment", "imported-model", "provisioned-model", "prompt-router", "default-prompt-router")
"""Resource types that are authorised by their own ARN; what a router passes on to is not known here."""

_PREFIXES = frozenset(profile.partition(".")[0] for profile in known_profiles())
_UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class BedrockPlace:
    """Where a call is made: the account and the Region of the endpoint."""

    partition: str
    region: str
    account: str

    def arn(self, resource: str) -> str:
        """The ARN of a resource of the account in this Region."""
        return f"arn:{self.partition}:bedrock:{self.region}:{self.account}:{resource}"

    def model(self, model_id: str, region: str) -> str:
        """The ARN of a foundation model; of the global one if ``region`` is empty."""
        return f"arn:{self.partition}:bedrock:{region}::foundation-model/{model_id}"


@dataclass(frozen=True, slots=True)
class ApplicationProfile:
    """An application inference profile.

    Attributes:
        id: Its opaque id.
        arn: Its ARN.
        name: As its maker named it.
        models: ARNs of the models it routes to.
        region: Where it was made.
        description: As its maker described it.
    """

    id: str
    arn: str
    name: str
    models: tuple[str, ...]
    region: str
    description: str = ""


class Profiles:
    """The application inference profiles of the account."""

    def __init__(self) -> None:
        self._made: dict[str, ApplicationProfile] = {}
        self._lock = threading.Lock()

    def add(self, place: BedrockPlace, name: str, models: Sequence[str], description: str = "") -> ApplicationProfile:
        """A new one."""
        id_ = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
        arn = place.arn(f"application-inference-profile/{id_}")
        made = ApplicationProfile(id_, arn, name, tuple(models), place.region, description)
        with self._lock:
            self._made[id_] = made
        return made

    def find(self, identifier: str) -> ApplicationProfile | None:
        """The one with that id or ARN, or None."""
        with self._lock:
            found = self._made.get(identifier.rpartition("/")[2])
        return found if found is not None and identifier in (found.id, found.arn) else None

    def remove(self, identifier: str) -> None:
        """Deletes it, if there is one."""
        with self._lock:
            self._made.pop(identifier.rpartition("/")[2], None)

    def in_region(self, region: str) -> list[ApplicationProfile]:
        """Those of a Region, in the order in which they were made."""
        with self._lock:
            return [profile for profile in self._made.values() if profile.region == region]


@dataclass(frozen=True, slots=True)
class ModelTarget:
    """What a model id means.

    Attributes:
        id: The foundation model that answers; empty where it is not known.
        first: The ARN that the id itself names.
        models: The ARNs of the models it routes to, each with its own ``aws:RequestedRegion``; empty if it does not.
        profile_arn: What ``bedrock:InferenceProfileArn`` is for those models.
        endpoint: The SageMaker endpoint that is called for the caller; empty for none.
    """

    id: str
    first: str
    models: Mapping[str, str] = field(default_factory=dict)
    profile_arn: str = ""
    endpoint: str = ""

    def authorizations(
        self, action: str, region: str, context: Mapping[str, str | Sequence[str]]
    ) -> list[Authorization]:
        """Everything that has to be allowed for ``action``."""
        needed = [Authorization(action, self.first, region, context)]
        behind = {**context, "bedrock:InferenceProfileArn": self.profile_arn} if self.profile_arn else context
        needed += [Authorization(action, arn, requested, behind) for arn, requested in self.models.items()]
        if self.endpoint:
            via = {"aws:CalledViaLast": "bedrock.amazonaws.com"}
            needed.append(Authorization("sagemaker:InvokeEndpoint", self.endpoint, context=via))
        return needed


def read_model(text: str, place: BedrockPlace, profiles: Profiles) -> ModelTarget:
    """What a ``modelId`` means when it is called at ``place``.

    Raises:
        AwsError: ``ValidationException``: it is no id that Bedrock knows of.
    """
    if not text.startswith("arn:"):
        return _by_id(text, place, profiles)
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[2] not in ("bedrock", "sagemaker"):
        raise _invalid()
    type_, _, name = parts[5].partition("/")
    if parts[2] == "sagemaker":
        return ModelTarget("", place.arn("marketplace/model-endpoint/all-access"), endpoint=text)
    if type_ == "foundation-model":
        return ModelTarget(name, text)
    if type_ == "inference-profile":
        return _profile(name, place, text)
    if type_ == "application-inference-profile":
        return _application_profile(text, profiles)
    if type_ in _ALONE:
        return ModelTarget("", text)
    raise _invalid()


def _by_id(text: str, place: BedrockPlace, profiles: Profiles) -> ModelTarget:
    """Source for the id of an application profile: botocore's model: “the inference profile ID or its ARN”."""
    made = profiles.find(text)
    if made is not None:
        return _application_profile(made.arn, profiles)
    prefix, dot, rest = text.partition(".")
    if not dot or not rest:
        raise _invalid()
    if prefix in _PREFIXES and "." in rest:
        return _profile(text, place)
    return ModelTarget(text, place.model(text, place.region))


def _profile(profile_id: str, place: BedrockPlace, arn: str = "") -> ModelTarget:
    model_id = profile_id.partition(".")[2]
    arn = arn or place.arn(f"inference-profile/{profile_id}")
    regions = destinations(profile_id, place.region)
    # A profile that cannot be called here is authorised like one that can, and only then found to be invalid.
    models = {place.model(model_id, "" if region == _UNSPECIFIED else region): region for region in regions or ()}
    return ModelTarget(model_id if regions else "", arn, models, arn)


def _application_profile(arn: str, profiles: Profiles) -> ModelTarget:
    made = profiles.find(arn)
    if made is None:
        return ModelTarget("", arn)
    models = {model: model.split(":")[3] or _UNSPECIFIED for model in made.models}
    return ModelTarget(made.models[0].rpartition("/")[2], arn, models, arn)


def _invalid() -> AwsError:
    return AwsError("ValidationException", "The provided model identifier is invalid.")
