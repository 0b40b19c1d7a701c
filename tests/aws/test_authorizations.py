"""AWS's own evaluation of a denied request, by the id in the message: shape, patience, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import botocore.session
import pytest

from bedrock_guard import Decision, Diagnosis, Layer, explain
from bedrock_guard.authorization import Authorization
from bedrock_guard.aws.authorizations import Recorded, recorded_authorization
from bedrock_guard.aws.calls import AwsCalls, Budget
from bedrock_guard.testing import Sandbox, sandbox

pytestmark = pytest.mark.skipif(
    "iam-toolbox" not in botocore.session.Session().get_available_services(),
    reason="the installed botocore does not know iam-toolbox",
)

NOVA = "amazon.nova-lite-v1:0"
NOVA_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"


def document(effect: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": "*", **more}]}


READS = document("Allow", "iam:*")


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Iterator[Sandbox]:
    running.reset()
    running.authorizations.told = True
    yield running
    running.faults.clear()


def denied(session: boto3.Session, model: str = NOVA) -> str:
    runtime = session.client("bedrock-runtime")
    with pytest.raises(runtime.exceptions.AccessDeniedException) as caught:
        runtime.converse(modelId=model, messages=[{"role": "user", "content": [{"text": "Hi"}]}])
    return str(caught.value)


def diagnosed(session: boto3.Session, model: str = NOVA, **options: Any) -> Diagnosis:
    return explain(denied(session, model), live=True, session=session, **options)


def checks(authorization: Authorization) -> dict[Layer, list[str]]:
    found: dict[Layer, list[str]] = {}
    for check in authorization.checks:
        found.setdefault(check.layer, []).append(check.effect)
    return found


# -- what it tells --------------------------------------------------------------------------------------------------


def test_every_layer_is_told_also_those_that_the_simulator_cannot_see(aws: Sandbox) -> None:
    aws.role("app", policies={"own": READS}, boundary=READS)
    lock = aws.scp(document("Deny", "bedrock:Invoke*", Sid="NoModels"))
    session = aws.session("app", policy=document("Allow", "iam:*"))
    diagnosis = diagnosed(session)
    (found,) = diagnosis.authorizations
    assert (found.action, found.resource, found.decision) == ("bedrock:InvokeModel", NOVA_ARN, Decision.EXPLICIT_DENY)
    assert found.authorization_id == diagnosis.denials[0].authorization_id
    assert checks(found) == {
        Layer.SCP: ["ALLOW", "EXPLICIT_DENY"],
        Layer.IDENTITY: ["IMPLICIT_DENY"],
        Layer.BOUNDARY: ["IMPLICIT_DENY"],
        Layer.SESSION: ["IMPLICIT_DENY"],
    }
    (scp,) = [check for check in found.checks if check.effect.endswith("_DENY") and check.layer is Layer.SCP]
    assert [(str(one), one.policy_type) for one in scp.statements] == [(f"{lock} (NoModels)", "SERVICE_CONTROL_POLICY")]
    assert scp.target is not None
    assert scp.target.startswith("arn:aws:organizations::")
    assert dict(found.context)["aws:RequestedRegion"] == ("us-east-1",)
    assert dict(found.context)["aws:SourceIp"] == ("127.0.0.1",)
    assert "EXPLICIT_DENY" in str(diagnosis)
    assert Diagnosis.from_dict(diagnosis.to_dict()) == diagnosis


def test_an_inline_policy_is_named_by_its_holder_and_not_by_an_opaque_id(aws: Sandbox) -> None:
    aws.role("app", policies=[READS, document("Deny", "bedrock:*", Sid="Lock")])
    (found,) = diagnosed(aws.session("app")).authorizations
    (check,) = [one for one in found.checks if one.effect.endswith("_DENY")]
    assert [str(one) for one in check.statements] == ["an inline policy of arn:aws:iam::123456789012:role/app (Lock)"]


def test_an_allow_beside_a_deny_is_not_among_what_denied() -> None:
    """AWS lists every statement that matched; what stands behind a Deny are Denies."""
    page = {
        "requestContext": {},
        "evaluations": [
            {
                "action": "bedrock:InvokeModel",
                "resource": NOVA_ARN,
                "evaluatedEffect": "EXPLICIT_DENY",
                "checks": [
                    {
                        "checkType": "PRINCIPAL",
                        "evaluatedEffect": "EXPLICIT_DENY",
                        "matchedPolicies": [
                            {
                                "uri": "arn:aws:iam::123456789012:policy/mixed",
                                "matchedStatements": [
                                    {"sid": "Yes", "evaluatedEffect": "ALLOW"},
                                    {"sid": "No", "evaluatedEffect": "DENY"},
                                ],
                            }
                        ],
                    }
                ],
            }
        ],
        "policies": [],
    }
    (found,) = read(page).authorizations
    assert [one.sid for one in found.checks[0].statements] == ["No"]


def test_all_pages_are_read(aws: Sandbox) -> None:
    """A call through a profile is evaluated per destination; the first denied one is the last evaluation."""
    everywhere_but = {"StringEquals": {"aws:RequestedRegion": "us-west-2"}}
    aws.role("app", policies=[document("Allow", "*"), document("Deny", "bedrock:*", Condition=everywhere_but)])
    aws.authorizations.page = 1
    aws.calls.clear()
    found = diagnosed(aws.session("app"), "us.amazon.nova-lite-v1:0").authorizations
    assert len(found) > 1
    assert [one.decision for one in found[:-1]] == [Decision.ALLOWED] * (len(found) - 1)
    assert found[-1].decision is Decision.EXPLICIT_DENY
    assert ":us-west-2:" in found[-1].resource
    assert dict(found[-1].context)["aws:RequestedRegion"] == ("us-west-2",)
    asked = [call for call in aws.calls if call.operation == "GetRequestAuthorizationDetails"]
    assert len(asked) == len(found)


def test_it_is_asked_in_the_region_of_the_denial(aws: Sandbox) -> None:
    """The id is known nowhere else; the session may be of another Region."""
    aws.role("app", policies=[READS])
    message = denied(aws.session("app", region="eu-west-1"))
    diagnosis = explain(message, live=True, session=aws.session("app", region="us-east-1"))
    assert diagnosis.denials[0].region == "eu-west-1"
    assert len(diagnosis.authorizations) == 1


# -- patience, and its end ------------------------------------------------------------------------------------------


def test_what_is_recorded_later_is_waited_for(aws: Sandbox) -> None:
    aws.role("app", policies=[READS])
    aws.authorizations.hidden = 2
    diagnosis = diagnosed(aws.session("app"))
    assert len(diagnosis.authorizations) == 1
    assert diagnosis.notes == ()


def test_what_is_never_found_is_a_note_and_no_long_wait(aws: Sandbox) -> None:
    aws.role("app", policies=[READS])
    pauses: list[float] = []
    calls = AwsCalls(aws.session("app"), "us-east-1", Budget(60.0), sleep=pauses.append)
    recorded = recorded_authorization(calls, "0" * 24, region="us-east-1")
    (note,) = recorded.notes
    assert note.code == "BG434"
    assert "is not known in us-east-1" in note.text
    assert pauses == [0.5, 1.0, 1.5, 2.0]


def test_waiting_ends_with_the_budget(aws: Sandbox) -> None:
    aws.role("app", policies=[READS])
    pauses: list[float] = []
    calls = AwsCalls(aws.session("app"), "us-east-1", Budget(1.2), sleep=pauses.append)
    recorded_authorization(calls, "0" * 24, region="us-east-1")
    assert pauses == [0.5, 1.0]


def test_who_may_not_read_it_is_told_the_action_to_allow(aws: Sandbox) -> None:
    aws.role("app", policies=[READS, document("Deny", "iam:GetRequestAuthorizationDetails")])
    diagnosis = diagnosed(aws.session("app"))
    assert diagnosis.authorizations == ()
    (note,) = [note for note in diagnosis.notes if note.code == "BG434"]
    assert "allow iam:GetRequestAuthorizationDetails" in note.text
    assert diagnosis.findings[0].code == "BG101"


def test_a_fault_of_the_service_is_a_note(aws: Sandbox) -> None:
    aws.role("app", policies=[READS])
    aws.faults.error("iam-toolbox", "ValidationException", "The id is malformed.")
    (note,) = diagnosed(aws.session("app")).notes
    assert note.code == "BG434"
    assert "The id is malformed." in note.text


def test_no_answer_within_the_budget_is_a_note_and_the_rest_stands(aws: Sandbox) -> None:
    aws.role("app", policies=[READS])
    aws.faults.latency(30.0, "iam-toolbox")
    diagnosis = diagnosed(aws.session("app"), budget_seconds=3.0)
    assert [note.code for note in diagnosis.notes] == ["BG434"]
    assert diagnosis.findings[0].code == "BG101"


def test_without_an_id_nothing_is_asked(aws: Sandbox) -> None:
    aws.authorizations.told = False
    aws.role("app", policies=[READS])
    aws.calls.clear()
    diagnosed(aws.session("app"))
    assert "iam-toolbox" not in {call.service for call in aws.calls}


# -- other botocores, other answers ---------------------------------------------------------------------------------


class _Calls:
    """Calls that answer with pages, as a client of any botocore would read them."""

    def __init__(self, *pages: Mapping[str, Any], services: tuple[str, ...] = ("iam-toolbox",)) -> None:
        self._pages = list(pages)
        self._services = services
        self.session = self
        self.asked: list[Mapping[str, Any]] = []

    def get_available_services(self) -> tuple[str, ...]:
        return self._services

    def in_region(self, _: str) -> _Calls:
        return self

    def call(self, *_: str, **params: Any) -> Mapping[str, Any]:
        self.asked.append(params)
        return self._pages.pop(0)


def read(*pages: Mapping[str, Any], **options: Any) -> Recorded:
    calls: Any = _Calls(*pages, **options)
    return recorded_authorization(calls, "abc", region="us-east-1")


def test_an_older_botocore_is_told_to_be_upgraded() -> None:
    recorded = read(services=("iam",))
    assert recorded.authorizations == ()
    (note,) = recorded.notes
    assert (note.code, "Upgrade boto3" in note.text) == ("BG434", True)


def test_without_checks_the_matched_policies_tell() -> None:
    """Until 2026-11-13 there were no checks, and a botocore from before leaves them out of the answer."""
    uri = "arn:aws:iam::123456789012:policy/lock"
    scp = "arn:aws:organizations::111122223333:policy/o-a/service_control_policy/p-b"
    page = {
        "requestContext": {"aws:PrincipalOrgPaths": ["a/", "b/"], "aws:SecureTransport": True, "aws:EpochTime": 5},
        "evaluations": [
            {
                "action": "bedrock:InvokeModel",
                "resource": NOVA_ARN,
                "evaluatedEffect": "EXPLICIT_DENY",
                "matchedPolicies": [
                    {"uri": uri, "matchedStatements": [{"sid": "No", "evaluatedEffect": "DENY"}]},
                    {"uri": scp, "matchedStatements": [{"sid": "Full", "evaluatedEffect": "ALLOW"}]},
                ],
            }
        ],
        "policies": [
            {"uri": uri, "type": "PERMISSIONS_BOUNDARY", "inline": False},
            {"uri": scp, "type": "SERVICE_CONTROL_POLICY", "inline": False},
        ],
    }
    (found,) = read(page).authorizations
    assert checks(found) == {Layer.BOUNDARY: ["EXPLICIT_DENY"], Layer.SCP: ["ALLOW"]}
    assert dict(found.context) == {
        "aws:PrincipalOrgPaths": ("a/", "b/"),
        "aws:SecureTransport": ("true",),
        "aws:EpochTime": ("5",),
    }


@pytest.mark.parametrize(
    "evaluation",
    [
        {"action": "a:B", "resource": ""},
        {"action": "a:B", "resource": "", "evaluatedEffect": "PERHAPS"},
        {"action": "a:B", "resource": "", "evaluatedEffect": "DENY", "checks": [{"checkType": "NEW_KIND"}]},
        {"checks": "none", "context": [], "matchedPolicies": {}},
    ],
)
def test_what_is_not_in_the_model_is_no_yes(evaluation: Mapping[str, Any]) -> None:
    (found,) = read({"evaluations": [evaluation]}).authorizations
    assert found.decision is Decision.UNVERIFIED
    assert all(check.layer is Layer.UNKNOWN for check in found.checks)


def test_an_answer_that_never_ends_is_left() -> None:
    page = {"evaluations": [], "nextToken": "same"}
    assert read(page, page).notes == ()
    recorded = read(*({"evaluations": [], "nextToken": str(n)} for n in range(60)))
    assert [note.code for note in recorded.notes] == ["BG434"]
