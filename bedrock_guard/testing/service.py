"""The sandbox as a function from request to answer: who calls, may they, and what is the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from bedrock_guard.testing.api_keys import KEY_OPERATIONS, LongTermKeys, answer_keys, keep_holder
from bedrock_guard.testing.authorise import Authorization, authorise
from bedrock_guard.testing.authorization_records import RECORD_OPERATIONS, AuthorizationRecords
from bedrock_guard.testing.bearer import bearer_of
from bedrock_guard.testing.bedrock_actions import bedrock_authorizations
from bedrock_guard.testing.bedrock_control import BedrockControl
from bedrock_guard.testing.bedrock_models import BedrockPlace
from bedrock_guard.testing.bedrock_runtime import RUNTIME_OPERATIONS, answer_runtime
from bedrock_guard.testing.calls import CallLog, RecordedCall
from bedrock_guard.testing.control_records import ControlRecords
from bedrock_guard.testing.credentials import CredentialStore
from bedrock_guard.testing.documents import refuse_unreadable
from bedrock_guard.testing.faults import Faults
from bedrock_guard.testing.iam_actions import iam_authorizations, own_name
from bedrock_guard.testing.moto_answers import moto_answer, moto_has
from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.moto_writing import boundary_of_new_user, join_organization, load_policies_for
from bedrock_guard.testing.principals import Principal, authenticate
from bedrock_guard.testing.query_answers import query_answer
from bedrock_guard.testing.requests import AwsRequest, Received, language_of, read_request, xml_namespace
from bedrock_guard.testing.simulator_answer import SIMULATOR_OPERATIONS, answer_simulator
from bedrock_guard.testing.sts import STS_OPERATIONS, answer_sts, sts_authorizations
from bedrock_guard.testing.user_boundaries import BOUNDARY_OPERATIONS, answer_boundary
from bedrock_guard.testing.wire_errors import AwsError, Protocol, Response

__all__ = ["SandboxService"]

DEFAULT_REPLY = "This is the sandbox speaking: no model was called."


@dataclass(slots=True)
class _Noted:
    """What is known of a call so far, for the record."""

    started: float
    service: str = ""
    operation: str = ""
    region: str = ""
    caller: str = ""
    needed: list[Authorization] = field(default_factory=list)
    decision: str = ""


class SandboxService:
    """One account, with everything in it.

    Attributes:
        state: Its users, roles, policies and organization.
        credentials: The keys that were issued.
        api_keys: The long-term API keys of its users.
        calls: The calls that came in.
        faults: What goes wrong on purpose.
        authorizations: What it keeps of denied calls.
        bedrock: Its models, inference profiles and guardrails.
        records: What else it has in Bedrock.
        reply: What every model says.
    """

    def __init__(self, account: str, partition: str) -> None:
        self.state = MotoState(account, partition)
        self.credentials = CredentialStore()
        self.api_keys = LongTermKeys()
        self.calls = CallLog()
        self.faults = Faults()
        self.authorizations = AuthorizationRecords()
        self.bedrock = BedrockControl()
        self.records = ControlRecords()
        self.reply = DEFAULT_REPLY

    def answer(self, received: Received) -> Response:
        """The answer to a request; every failure is one that a client of AWS understands."""
        noted = _Noted(time.monotonic())
        response, code = self._answered(received, noted)
        self.calls.add(
            RecordedCall(
                noted.service,
                noted.operation,
                noted.region,
                noted.caller,
                tuple(authorization.action for authorization in noted.needed),
                tuple(authorization.resource for authorization in noted.needed),
                noted.decision,
                response.status,
                code,
                noted.started,
                time.monotonic(),
            )
        )
        return response

    def _answered(self, received: Received, noted: _Noted) -> tuple[Response, str]:
        protocol, namespace = language_of(received)
        try:
            request = read_request(received)
            protocol, namespace = request.protocol, xml_namespace(request.service)
            noted.service, noted.operation, noted.region = request.service, request.operation, request.region
            return self._call(request, noted), ""
        except AwsError as error:
            return error.response(protocol, namespace), error.code
        except Exception as error:  # noqa: BLE001 - a fault of the sandbox must look like one of the service
            failed = AwsError("InternalFailure", f"The sandbox failed: {type(error).__name__}: {error}", 500)
            return failed.response(protocol, namespace), failed.code

    def _call(self, request: AwsRequest, noted: _Noted) -> Response:
        self.faults.strike(request.service, request.operation, request.protocol)
        with_key: list[Authorization] = []
        if request.bearer:
            bearer = bearer_of(request, self.state, self.credentials, self.api_keys)
            principal, with_key = bearer.principal, [bearer.authorization]
        else:
            principal = authenticate(request, self.state, self.credentials)
        noted.caller = principal.arn
        if not request.operation:
            raise _not_implemented(request)
        noted.needed = [*with_key, *self._needed(request, principal)]
        if noted.needed:
            verdict = authorise(principal, request, noted.needed)
            noted.decision = verdict.decision.value
            if verdict.error is not None:
                raise self.authorizations.keep(request, principal, verdict, self.state.level_arns()) or verdict.error
        return self._result(request, principal)

    def _needed(self, request: AwsRequest, principal: Principal) -> list[Authorization]:
        if request.service == "iam":
            return iam_authorizations(request, principal, self.state)
        if request.service == "sts":
            return sts_authorizations(request, principal, self.state)
        if request.service == "organizations":
            return [Authorization(f"organizations:{request.operation}")]
        if request.service == "iam-toolbox":
            return [Authorization(f"iam:{request.operation}")]
        if request.service.startswith("bedrock"):
            place = self.place(request.region)
            return bedrock_authorizations(request, place, self.bedrock.profiles, self._model_of_prompt(request))
        raise _not_implemented(request)

    def place(self, region: str) -> BedrockPlace:
        """A Region of the account."""
        return BedrockPlace(self.state.partition, region, self.state.account)

    def _model_of_prompt(self, request: AwsRequest) -> str:
        """The model of the prompt that is called in place of a model; empty where it is not known."""
        identifier = request.text("modelId")
        if ":prompt/" not in identifier:
            return ""
        prompt = self.records.find("bedrock-agent", "Prompt", ":".join(identifier.split(":")[:6]))
        variants = prompt.get("variants") if prompt is not None else None
        return str(variants[0].get("modelId", "")) if isinstance(variants, list) and variants else ""

    def _result(self, request: AwsRequest, principal: Principal) -> Response:
        operation = request.operation
        own = self._of_iam(request, principal) if request.service == "iam" else None
        if own is not None:
            return own
        if request.service == "sts" and operation in STS_OPERATIONS:
            return query_answer(request, answer_sts(request, principal, self.state, self.credentials))
        if request.service == "iam-toolbox" and operation in RECORD_OPERATIONS:
            return self.authorizations.answer(request)
        if request.service.startswith("bedrock"):
            place = self.place(request.region)
            if operation in RUNTIME_OPERATIONS:
                return answer_runtime(request, place, self.bedrock.profiles, self.reply)
            if request.service == "bedrock" and self.bedrock.has(operation):
                return self.bedrock.answer(request, place)
        if moto_has(request.service, operation):
            return self._moto(request, principal)
        if request.service.startswith("bedrock") and self.records.has(request):
            return self.records.answer(request, self.place(request.region))
        raise _not_implemented(request)

    def _of_iam(self, request: AwsRequest, principal: Principal) -> Response | None:
        """What is answered here and not by moto."""
        operation = request.operation
        if operation in SIMULATOR_OPERATIONS:
            return query_answer(request, answer_simulator(operation, request.params, self.state))
        if operation in BOUNDARY_OPERATIONS:
            return query_answer(request, answer_boundary(request, self.state))
        if operation in KEY_OPERATIONS:
            return query_answer(request, answer_keys(request, principal, self.state, self.api_keys))
        return None

    def _moto(self, request: AwsRequest, principal: Principal) -> Response:
        body = request.received.body
        refuse_unreadable(request)
        with self.state.in_place():
            if request.service == "iam":
                own = own_name(request, principal)
                if own:
                    body += f"&UserName={quote_plus(own)}".encode()
                load_policies_for(self.state, request)
                keep_holder(request, self.api_keys)
            response = moto_answer(self.state, request, body)
            if request.service == "iam" and response.status < 300:
                boundary_of_new_user(self.state, request)
            if request.service == "organizations" and response.status < 300:
                join_organization(self.state)
        return response


def _not_implemented(request: AwsRequest) -> AwsError:
    """Status 501: botocore retries 500, 502, 503 and 504, but not this one."""
    name = request.operation or f"{request.received.method} {request.received.path}"
    code = "NotImplemented" if request.protocol is Protocol.QUERY else "NotImplementedException"
    return AwsError(code, f"{request.service}: {name} is not implemented in the sandbox.", 501)
