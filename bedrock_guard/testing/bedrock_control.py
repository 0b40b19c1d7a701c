"""The control plane: models, inference profiles and guardrails."""

from __future__ import annotations

import json
import secrets
import string
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from bedrock_guard.testing.bedrock_models import BedrockPlace, Profiles, read_model
from bedrock_guard.testing.model_catalog import (
    application_profile,
    foundation_models,
    system_profile,
    system_profiles,
)
from bedrock_guard.testing.model_states import ModelStates
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError, Response

__all__ = ["BedrockControl"]

_DRAFT = "DRAFT"


class BedrockControl:
    """What the account has in Bedrock, beside what moto keeps.

    Attributes:
        profiles: Its application inference profiles.
        states: What the service says of models, apart from IAM.
    """

    def __init__(self) -> None:
        self.profiles = Profiles()
        self.states = ModelStates()
        self._guardrails: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._operations: Mapping[str, Callable[[AwsRequest, BedrockPlace], Response]] = {
            "CreateGuardrail": self._create_guardrail,
            "CreateInferenceProfile": self._create_profile,
            "DeleteGuardrail": self._delete_guardrail,
            "DeleteInferenceProfile": self._delete_profile,
            "GetFoundationModel": self._model,
            "GetFoundationModelAvailability": self._availability,
            "GetGuardrail": self._get_guardrail,
            "GetInferenceProfile": self._get_profile,
            "GetUseCaseForModelAccess": self._use_case,
            "ListFoundationModels": self._models,
            "ListGuardrails": self._list_guardrails,
            "ListInferenceProfiles": self._list_profiles,
            "PutUseCaseForModelAccess": self._put_use_case,
        }

    def has(self, operation: str) -> bool:
        """Whether :meth:`answer` can answer the operation."""
        return operation in self._operations

    def answer(self, request: AwsRequest, place: BedrockPlace) -> Response:
        """The answer to an authorised call.

        Raises:
            AwsError: There is no such thing, or a parameter is wrong.
        """
        return self._operations[request.operation](request, place)

    # -- models -----------------------------------------------------------------------------------------------

    def _models(self, request: AwsRequest, place: BedrockPlace) -> Response:
        wanted = {
            "providerName": request.text("byProvider"),
            "inferenceTypesSupported": request.text("byInferenceType"),
            "outputModalities": request.text("byOutputModality"),
            "customizationsSupported": request.text("byCustomizationType"),
        }
        all_models = [self.states.of(model["modelId"]).described(model) for model in foundation_models(place)]
        found = [model for model in all_models if _fits(model, wanted)]
        return _json({"modelSummaries": found})

    def _model(self, request: AwsRequest, place: BedrockPlace) -> Response:
        identifier = request.text("modelIdentifier")
        for model in foundation_models(place):
            if identifier in (model["modelId"], model["modelArn"]):
                return _json({"modelDetails": self.states.of(model["modelId"]).described(model)})
        raise AwsError("ValidationException", "The provided model identifier is invalid.")

    def _availability(self, request: AwsRequest, place: BedrockPlace) -> Response:
        model_id = request.text("modelId")
        listed = any(model["modelId"] == model_id for model in foundation_models(place))
        return _json(self.states.of(model_id).availability(model_id, listed=listed))

    def _use_case(self, _: AwsRequest, __: BedrockPlace) -> Response:
        form = self.states.use_case_form
        if form is None:
            raise AwsError("ResourceNotFoundException", "You have not filled out the request form", 404)
        return _json({"formData": form})

    def _put_use_case(self, request: AwsRequest, _: BedrockPlace) -> Response:
        self.states.use_case_form = request.text("formData")
        return _json({}, status=201)

    # -- inference profiles -----------------------------------------------------------------------------------

    def _get_profile(self, request: AwsRequest, place: BedrockPlace) -> Response:
        identifier = request.text("inferenceProfileIdentifier")
        made = self.profiles.find(identifier)
        if made is not None:
            return _json(application_profile(made))
        found = system_profile(identifier.rpartition("/")[2], place)
        if found is None:
            raise AwsError("ResourceNotFoundException", "The requested inference profile was not found.", 404)
        return _json(found)

    def _list_profiles(self, request: AwsRequest, place: BedrockPlace) -> Response:
        made = [application_profile(profile) for profile in self.profiles.in_region(place.region)]
        by_type = {"SYSTEM_DEFINED": system_profiles(place), "APPLICATION": made}
        kind = request.text("type")
        summaries = by_type.get(kind, []) if kind else [*by_type["SYSTEM_DEFINED"], *made]
        return _json(_page(request, "inferenceProfileSummaries", summaries))

    def _create_profile(self, request: AwsRequest, place: BedrockPlace) -> Response:
        source = request.params.get("modelSource")
        copied = str(source.get("copyFrom", "")) if isinstance(source, dict) else ""
        target = read_model(copied, place, self.profiles)
        models = list(target.models) or [target.first]
        made = self.profiles.add(place, request.text("inferenceProfileName"), models, request.text("description"))
        return _json({"inferenceProfileArn": made.arn, "status": "ACTIVE"}, status=201)

    def _delete_profile(self, request: AwsRequest, _: BedrockPlace) -> Response:
        identifier = request.text("inferenceProfileIdentifier")
        if self.profiles.find(identifier) is None:
            raise AwsError("ResourceNotFoundException", "The requested inference profile was not found.", 404)
        self.profiles.remove(identifier)
        return _json({})

    # -- guardrails -------------------------------------------------------------------------------------------

    def _create_guardrail(self, request: AwsRequest, place: BedrockPlace) -> Response:
        id_ = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = {
            "name": request.text("name"),
            "description": request.text("description"),
            "guardrailId": id_,
            "guardrailArn": place.arn(f"guardrail/{id_}"),
            "version": _DRAFT,
            "status": "READY",
            "createdAt": now,
            "updatedAt": now,
            "blockedInputMessaging": request.text("blockedInputMessaging"),
            "blockedOutputsMessaging": request.text("blockedOutputsMessaging"),
        }
        with self._lock:
            self._guardrails[id_] = made
        shown = {key: made[key] for key in ("guardrailId", "guardrailArn", "version", "createdAt")}
        return _json(shown, status=202)

    def _get_guardrail(self, request: AwsRequest, _: BedrockPlace) -> Response:
        return _json(self._guardrail(request.text("guardrailIdentifier")))

    def _list_guardrails(self, request: AwsRequest, _: BedrockPlace) -> Response:
        with self._lock:
            made = list(self._guardrails.values())
        names = {"guardrailId": "id", "guardrailArn": "arn"}
        shown = ("guardrailId", "guardrailArn", "name", "status", "version", "createdAt", "updatedAt")
        summaries = [{names.get(key, key): guardrail[key] for key in shown} for guardrail in made]
        return _json(_page(request, "guardrails", summaries))

    def _delete_guardrail(self, request: AwsRequest, _: BedrockPlace) -> Response:
        found = self._guardrail(request.text("guardrailIdentifier"))
        with self._lock:
            self._guardrails.pop(found["guardrailId"], None)
        return _json({}, status=202)

    def _guardrail(self, identifier: str) -> dict[str, Any]:
        with self._lock:
            found = self._guardrails.get(identifier.rpartition("/")[2])
        if found is None:
            raise AwsError(
                "ResourceNotFoundException",
                "The guardrail identifier or version provided in the request does not exist.",
                404,
            )
        return found


def _fits(model: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    for name, value in wanted.items():
        held = model[name]
        if value and not (value in held if isinstance(held, list) else value.lower() == str(held).lower()):
            return False
    return True


def _page(request: AwsRequest, name: str, items: list[Any]) -> dict[str, Any]:
    """One page of a list; the token is where the next one starts."""
    limit, token = request.text("maxResults"), request.text("nextToken")
    size = int(limit) if limit.isascii() and limit.isdigit() and int(limit) > 0 else 1000
    if token and not (token.isascii() and token.isdigit()):
        raise AwsError("ValidationException", "The provided nextToken is invalid.")
    start = int(token or 0)
    page: dict[str, Any] = {name: items[start : start + size]}
    if start + size < len(items):
        page["nextToken"] = str(start + size)
    return page


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    headers = (("x-amzn-RequestId", str(uuid4())),)
    return Response(status, json.dumps(body).encode(), "application/json", headers)
