"""Every call is authorised before it is answered, and a denial reads as AWS's does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bedrock_guard.testing import Sandbox
from tests.testing.documents import allow, deny

_HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]
_NOVA = "amazon.nova-lite-v1:0"
_NOVA_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{_NOVA}"
_CALLER = "arn:aws:sts::123456789012:assumed-role/app/sandbox"
_INVOKE = "bedrock:InvokeModel"


def _denial(call: Callable[[], object]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call()
    error: dict[str, Any] = {**caught.value.response["Error"]}
    error["Status"] = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    return error


def _converse(session: boto3.Session, model: str = _NOVA, **kwargs: Any) -> Any:
    return session.client("bedrock-runtime").converse(modelId=model, messages=_HELLO, **kwargs)


def test_no_policy_allows(aws: Sandbox) -> None:
    """Without an Allow the denial names the identity-based policies, the action and the model; HTTP 403."""
    aws.role("app")
    error = _denial(lambda: _converse(aws.session("app")))
    assert error["Code"] == "AccessDeniedException"
    assert error["Status"] == 403
    assert error["Message"] == (
        f"User: {_CALLER} is not authorized to perform: {_INVOKE} on resource: {_NOVA_ARN} "
        f"because no identity-based policy allows the {_INVOKE} action"
    )


def test_denial_keeps_its_modelled_class(aws: Sandbox) -> None:
    """A client gets the exception class of its service's model."""
    aws.role("app")
    client = aws.session("app").client("bedrock-runtime")
    with pytest.raises(client.exceptions.AccessDeniedException):
        client.converse(modelId=_NOVA, messages=_HELLO)


def test_inline_deny_has_no_policy_arn(aws: Sandbox) -> None:
    """An inline policy has no ARN, so the denial ends with the kind of policy."""
    aws.role("app", policies=[allow("*"), deny(_INVOKE)])
    message = _denial(lambda: _converse(aws.session("app")))["Message"]
    assert message.endswith(f"on resource: {_NOVA_ARN} with an explicit deny in an identity-based policy")


def test_managed_deny_names_the_policy(aws: Sandbox) -> None:
    """An explicit deny of a managed policy ends with its ARN."""
    arn = aws.policy("no-models", deny("bedrock:*"), path="/guardrails/")
    aws.role("app", policies=[allow("*")], managed=[arn])
    message = _denial(lambda: _converse(aws.session("app")))["Message"]
    assert message.endswith(f"with an explicit deny in an identity-based policy: {arn}")
    assert arn == "arn:aws:iam::123456789012:policy/guardrails/no-models"


def test_boundary(aws: Sandbox) -> None:
    """A boundary that does not allow is named as such; one that denies, with its ARN."""
    aws.role("app", policies=[allow("*")], boundary=allow("s3:*"))
    message = _denial(lambda: _converse(aws.session("app")))["Message"]
    assert message.endswith(f"because no permissions boundary allows the {_INVOKE} action")
    aws.role("app", policies=[allow("*")], boundary=deny("bedrock:*"))
    message = _denial(lambda: _converse(aws.session("app")))["Message"]
    expected = "with an explicit deny in a permissions boundary: arn:aws:iam::123456789012:policy/app-boundary"
    assert message.endswith(expected)


def test_service_control_policy(aws: Sandbox) -> None:
    """An SCP that denies is named with its ARN, which is of the management account; it stops administrators too."""
    arn = aws.scp(deny("bedrock:*"))
    aws.role("app", policies=[allow("*")])
    for session in (aws.session("app"), aws.session()):
        message = _denial(lambda: _converse(session))["Message"]  # noqa: B023 - called at once
        assert message.endswith(f"with an explicit deny in a service control policy: {arn}")
    assert arn.startswith("arn:aws:organizations::111122223333:policy/o-")
    assert "/service_control_policy/p-" in arn


def test_service_control_policy_that_lists_what_is_allowed(aws: Sandbox) -> None:
    """An SCP in place of FullAWSAccess allows what it lists; the denial has no ARN."""
    aws.scp(allow("s3:*"), instead_of_full_access=True)
    aws.role("app", policies=[allow("*")])
    message = _denial(lambda: _converse(aws.session("app")))["Message"]
    assert message.endswith(f"because no service control policy allows the {_INVOKE} action")


def test_each_level_of_the_organization_must_allow(aws: Sandbox) -> None:
    """A level without an allowing SCP denies, although the others allow everything."""
    aws.scp(allow("s3:*"), target="root", instead_of_full_access=True)
    aws.role("app", policies=[allow("*")])
    assert "no service control policy" in _denial(lambda: _converse(aws.session("app")))["Message"]


def test_session_policy(aws: Sandbox) -> None:
    """A session policy limits the role: its implicit deny and its explicit one are named."""
    aws.role("app", policies=[allow("*")])
    message = _denial(lambda: _converse(aws.session("app", policy=allow("s3:*"))))["Message"]
    assert message.endswith(f"because no session policy allows the {_INVOKE} action")
    message = _denial(lambda: _converse(aws.session("app", policy=deny(_INVOKE))))["Message"]
    assert message.endswith("with an explicit deny in a sessions policy")
    assert _converse(aws.session("app", policy=allow(_INVOKE)))["stopReason"] == "end_turn"


def test_session_policy_arn_is_named(aws: Sandbox) -> None:
    """A managed policy given as a session policy is named when it denies."""
    aws.role("app", policies=[allow("*")])
    arn = aws.policy("no-models", deny("bedrock:*"))
    message = _denial(lambda: _converse(aws.session("app", policy_arns=[arn])))["Message"]
    assert message.endswith(f"with an explicit deny in a sessions policy: {arn}")


def test_allowed_only_in_a_region(aws: Sandbox) -> None:
    """aws:RequestedRegion is the Region of the call."""
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}
    aws.role("app", policies=[allow(_INVOKE, condition=condition)])
    assert _converse(aws.session("app", region="eu-central-1"))
    assert _denial(lambda: _converse(aws.session("app")))["Code"] == "AccessDeniedException"


def test_condition_on_a_key_that_is_not_there(aws: Sandbox) -> None:
    """A call that does not come through a VPC endpoint has no aws:SourceVpce."""
    condition = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    aws.role("app", policies=[allow(_INVOKE, condition=condition)])
    assert "no identity-based policy" in _denial(lambda: _converse(aws.session("app")))["Message"]
    negated = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
    aws.role("app", policies=[allow(_INVOKE), deny(_INVOKE, condition=negated)])
    assert "explicit deny" in _denial(lambda: _converse(aws.session("app")))["Message"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:PrincipalArn", "arn:aws:iam::123456789012:role/svc/app"),
        ("aws:PrincipalAccount", "123456789012"),
        ("aws:PrincipalTag/team", "search"),
        ("aws:PrincipalType", "AssumedRole"),
        ("aws:SecureTransport", "true"),
        ("aws:SourceIp", "127.0.0.0/8"),
        ("aws:ViaAWSService", "false"),
        ("aws:userid", "AROA*:sandbox"),
        ("aws:UserAgent", "*Botocore*"),
    ],
)
def test_request_context(aws: Sandbox, key: str, value: str) -> None:
    """A request brings the condition keys that every AWS request brings."""
    operator = {"aws:SourceIp": "IpAddress", "aws:SecureTransport": "Bool", "aws:ViaAWSService": "Bool"}
    condition = {operator.get(key, "StringLike"): {key: value}}
    aws.role("app", path="/svc/", policies=[allow(_INVOKE, condition=condition)], tags={"team": "search"})
    assert _converse(aws.session("app"))
    aws.role("app", path="/svc/", policies=[allow(_INVOKE, condition={"StringLike": {key: "something else"}})])
    assert _denial(lambda: _converse(aws.session("app")))["Code"] == "AccessDeniedException"


def test_session_tag_goes_before_the_roles_tag(aws: Sandbox) -> None:
    """A session tag replaces the role's tag of that name, whatever its case."""
    condition = {"StringEquals": {"aws:PrincipalTag/team": "chat"}}
    aws.role("app", policies=[allow(_INVOKE, condition=condition)], tags={"Team": "search"})
    assert _denial(lambda: _converse(aws.session("app")))
    assert _converse(aws.session("app", tags={"team": "chat"}))


def test_user_in_a_group(aws: Sandbox) -> None:
    """A user has what its groups have; the denial of another user names that user with its path."""
    aws.group("engineers", policies=[allow(_INVOKE)])
    aws.user("ana", groups=["engineers"], path="/people/")
    aws.user("ben", path="/people/")
    assert _converse(aws.user_session("ana"))
    message = _denial(lambda: _converse(aws.user_session("ben")))["Message"]
    assert message.startswith("User: arn:aws:iam::123456789012:user/people/ben is not authorized")


def test_changes_to_a_role_count_at_once(aws: Sandbox) -> None:
    """A session has the permissions that its role has now."""
    aws.role("app")
    session = aws.session("app")
    assert _denial(lambda: _converse(session))
    aws.role("app", policies=[allow(_INVOKE)])
    assert _converse(session)


def test_root_user_is_stopped_by_service_control_policies_alone(aws: Sandbox) -> None:
    """The root user needs no policy, but an SCP of a member account denies it too."""
    assert _converse(aws.root_session())
    aws.scp(deny("bedrock:*"))
    assert "service control policy" in _denial(lambda: _converse(aws.root_session()))["Message"]


def test_federated_user_has_what_user_and_session_policy_allow(aws: Sandbox) -> None:
    """A federated user without a session policy has nothing; with one, what the user has too."""
    aws.user("broker", policies=[allow(_INVOKE)])
    assert _denial(lambda: _converse(aws.federated_session("broker", "guest")))
    session = aws.federated_session("broker", "guest", policy=allow("bedrock:*"))
    assert _converse(session)
    error = _denial(lambda: session.client("bedrock").list_foundation_models())
    assert error["Message"].startswith("User: arn:aws:sts::123456789012:federated-user/guest ")


def test_streams_are_authorised_as_their_own_action(aws: Sandbox) -> None:
    """The stream operations need InvokeModelWithResponseStream; InvokeModel does not cover them."""
    aws.role("app", policies=[allow(_INVOKE)])
    client = aws.session("app").client("bedrock-runtime")
    body = json.dumps({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]})
    for call in (
        lambda: client.converse_stream(modelId=_NOVA, messages=_HELLO),
        lambda: client.invoke_model_with_response_stream(modelId=_NOVA, body=body),
    ):
        assert "bedrock:InvokeModelWithResponseStream on resource" in _denial(call)["Message"]


def test_authorisation_comes_before_the_body_is_looked_at(aws: Sandbox) -> None:
    """A wrong body is a ValidationException for who may call, and AccessDenied for who may not."""
    aws.role("app")
    aws.role("other", policies=[allow(_INVOKE)])
    model = "anthropic.claude-3-haiku-20240307-v1:0"
    call = {"modelId": model, "body": json.dumps({"max_tokens": -1})}
    denied = _denial(lambda: aws.session("app").client("bedrock-runtime").invoke_model(**call))
    refused = _denial(lambda: aws.session("other").client("bedrock-runtime").invoke_model(**call))
    assert (denied["Code"], refused["Code"]) == ("AccessDeniedException", "ValidationException")
    assert refused["Status"] == 400


def test_service_linked_role_is_not_touched_by_service_control_policies(aws: Sandbox) -> None:
    """SCPs do not restrict service-linked roles.

    The session's ARN does not show the path; the sandbox knows it from the role.
    """
    aws.scp(deny("bedrock:*"))
    aws.role("AWSServiceRoleForX", path="/aws-service-role/x.amazonaws.com/", policies=[allow(_INVOKE)])
    assert _converse(aws.session("AWSServiceRoleForX"))


def test_resource_of_another_account_is_denied_by_its_owner(aws: Sandbox) -> None:
    """What another account owns would have to be shared by it."""
    aws.role("app", policies=[allow("*")])
    runtime = aws.session("app").client("bedrock-agent-runtime")
    alias = {"agentId": "A1", "agentAliasId": "B1", "sessionId": "s1"}
    assert list(runtime.invoke_agent(**alias, inputText="Hello")["completion"])
    foreign = "arn:aws:bedrock:us-east-1:999999999999:provisioned-model/abc"
    message = _denial(lambda: _converse(aws.session("app"), foreign))["Message"]
    assert message.endswith(f"because no resource-based policy allows the {_INVOKE} action")
