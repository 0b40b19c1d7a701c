"""Whose credentials they are, and which are refused."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from bedrock_guard.testing import Sandbox
from tests.testing.documents import allow, deny

_HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]
_ACCOUNT = "123456789012"


def _error(call: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


def _client(aws: Sandbox, service: str, key: str, secret: str, token: str | None = None) -> Any:
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=aws.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(signature_version="v4"),
    )


class TestCallerIdentity:
    """Who GetCallerIdentity says is calling."""

    def test_kinds(self, aws: Sandbox) -> None:
        """Role session without the role's path, user with its path, federated user, root."""
        aws.role("app", path="/svc/")
        aws.user("ana", path="/people/")
        sessions = {
            f"arn:aws:sts::{_ACCOUNT}:assumed-role/app/run-1": aws.session("app", session_name="run-1"),
            f"arn:aws:iam::{_ACCOUNT}:user/people/ana": aws.user_session("ana"),
            f"arn:aws:sts::{_ACCOUNT}:federated-user/guest": aws.federated_session("ana", "guest"),
            f"arn:aws:iam::{_ACCOUNT}:root": aws.root_session(),
            f"arn:aws:iam::{_ACCOUNT}:user/administrator": aws.session(),
        }
        for arn, session in sessions.items():
            identity = session.client("sts").get_caller_identity()
            assert (identity["Arn"], identity["Account"]) == (arn, _ACCOUNT)

    def test_user_ids(self, aws: Sandbox) -> None:
        """A role session's id is the role's id and the session name."""
        aws.role("app")
        role_id = aws.session().client("iam").get_role(RoleName="app")["Role"]["RoleId"]
        assert aws.session("app").client("sts").get_caller_identity()["UserId"] == f"{role_id}:sandbox"
        assert role_id.startswith("AROA")

    def test_needs_no_permission(self, aws: Sandbox) -> None:
        """Not even an explicit deny stops it."""
        aws.role("app", policies=[deny("*")])
        aws.scp(deny("*"))
        assert aws.session("app").client("sts").get_caller_identity()
        assert aws.calls.of("GetCallerIdentity")[0].decision == ""


class TestRefused:
    """Credentials that AWS would not take."""

    def test_unknown_key(self, aws: Sandbox) -> None:
        """IAM and STS say InvalidClientTokenId, Bedrock says UnrecognizedClientException."""
        expected = "The security token included in the request is invalid."
        key = ("unknown-access-key", "secret")
        assert _error(_client(aws, "sts", *key).get_caller_identity) == ("InvalidClientTokenId", expected, 403)
        assert _error(_client(aws, "iam", *key).list_roles) == ("InvalidClientTokenId", expected, 403)
        bedrock = _client(aws, "bedrock", *key)
        assert _error(bedrock.list_foundation_models) == ("UnrecognizedClientException", expected, 403)

    def test_missing_or_wrong_token(self, aws: Sandbox) -> None:
        """A temporary key is worth nothing without its own session token."""
        aws.role("app")
        held = aws.session("app").get_credentials()
        assert held is not None
        for token in (None, "another token"):
            client = _client(aws, "sts", held.access_key, held.secret_key, token)
            assert _error(client.get_caller_identity)[0] == "InvalidClientTokenId"

    def test_wrong_secret(self, aws: Sandbox) -> None:
        """A signature made with another secret does not match, whatever the key."""
        aws.role("app")
        aws.user("ana")
        made = aws.session().client("iam").create_access_key(UserName="ana")["AccessKey"]
        held = aws.session("app").get_credentials()
        assert held is not None
        for key, token in ((made["AccessKeyId"], None), (held.access_key, held.token)):
            sts, bedrock = (_client(aws, service, key, "wrong", token) for service in ("sts", "bedrock"))
            code, message, status = _error(sts.get_caller_identity)
            assert (code, status) == ("SignatureDoesNotMatch", 403)
            assert message.startswith("The request signature we calculated does not match")
            assert _error(bedrock.list_foundation_models)[0] == "InvalidSignatureException"

    def test_signatures_of_unusual_requests(self, aws: Sandbox) -> None:
        """Encoded paths, query strings and text beyond ASCII are signed as botocore signs them."""
        session = aws.session()
        arn = aws.inference_profile("ünusual", ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"])
        bedrock = session.client("bedrock")
        assert bedrock.get_inference_profile(inferenceProfileIdentifier=arn)["inferenceProfileName"] == "ünusual"
        assert bedrock.list_foundation_models(byProvider="A b+c/ü~*")["modelSummaries"] == []
        runtime = session.client("bedrock-runtime")
        messages: Any = [{"role": "user", "content": [{"text": "Grüße  aus — Köln"}]}]
        assert runtime.converse(modelId=arn, messages=messages)

    def test_expired(self, aws: Sandbox) -> None:
        """A session whose time is over: ExpiredToken of IAM and STS, ExpiredTokenException of Bedrock."""
        aws.role("app", policies=[allow("*")])
        session = aws.session("app")
        assert session.client("bedrock").list_foundation_models()
        assert aws.expire("app") == 1
        text = "The security token included in the request is expired"
        assert _error(session.client("sts").get_caller_identity) == ("ExpiredToken", text, 403)
        assert _error(session.client("bedrock").list_foundation_models) == ("ExpiredTokenException", text, 403)

    def test_short_sessions_expire_by_themselves(self, aws: Sandbox) -> None:
        """Credentials last as long as was asked for."""
        aws.role("app")
        session = aws.session("app", seconds=0)
        assert _error(session.client("sts").get_caller_identity)[0] == "ExpiredToken"

    def test_revoked_and_gone(self, aws: Sandbox) -> None:
        """Keys that were taken back, and those of a role that was deleted, are unknown."""
        aws.role("app")
        session = aws.session("app")
        aws.session().client("iam").delete_role(RoleName="app")
        assert _error(session.client("sts").get_caller_identity)[0] == "InvalidClientTokenId"
        aws.role("app")
        session = aws.session("app")
        assert aws.revoke("app") >= 1
        assert _error(session.client("sts").get_caller_identity)[0] == "InvalidClientTokenId"

    def test_unsigned(self, aws: Sandbox) -> None:
        """A request without signature is told so."""
        from botocore import UNSIGNED

        client = boto3.client(
            "sts", endpoint_url=aws.endpoint_url, region_name="us-east-1", config=Config(signature_version=UNSIGNED)
        )
        assert _error(client.get_caller_identity)[0] == "MissingAuthenticationToken"

    def test_api_key_that_is_not_known(self, aws: Sandbox) -> None:
        """A Bedrock API key that the account does not know is refused in Bedrock's words.

        botocore sends API keys over HTTPS alone, so this request is written by hand.
        """
        connection = http.client.HTTPConnection(aws.endpoint_url.removeprefix("http://"))
        headers = {"Authorization": "Bearer bedrock-api-key-unknown", "Content-Type": "application/json"}
        connection.request("POST", "/model/amazon.nova-lite-v1%3A0/converse", "{}", headers)
        response = connection.getresponse()
        body = json.loads(response.read())
        connection.close()
        assert (response.status, response.headers["x-amzn-ErrorType"]) == (403, "AccessDeniedException")
        assert body == {"message": "Authentication failed: Please make sure your API Key is valid."}

    def test_api_key_in_the_environment_does_not_get_in_the_way(
        self, aws: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Sessions of the sandbox sign with their own keys."""
        monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-of-somebody")
        client = aws.session().client("bedrock-runtime")
        assert client.converse(modelId="amazon.nova-lite-v1:0", messages=_HELLO)


class TestAssumeRole:
    """STS hands out sessions to who is trusted and allowed."""

    def _role(self, aws: Sandbox, principal: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
        document = {"Version": "2012-10-17", "Statement": [trust]}
        return aws.role("app", path="/svc/", policies=[allow("bedrock:*")], trust=document)

    def _assume(self, session: boto3.Session, arn: str, **kwargs: Any) -> Any:
        return session.client("sts").assume_role(RoleArn=arn, RoleSessionName="run-1", **kwargs)

    def _as(self, aws: Sandbox, assumed: Any, service: str) -> Any:
        held = assumed["Credentials"]
        return _client(aws, service, held["AccessKeyId"], held["SecretAccessKey"], held["SessionToken"])

    def test_session(self, aws: Sandbox) -> None:
        """The new session is the role's."""
        user = aws.user("ana")
        arn = self._role(aws, user)
        assumed = self._assume(aws.user_session("ana"), arn)
        caller = self._as(aws, assumed, "sts").get_caller_identity()["Arn"]
        assert caller == assumed["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{_ACCOUNT}:assumed-role/app/run-1"

    def test_session_policy_counts(self, aws: Sandbox) -> None:
        """Policy and PolicyArns limit the session."""
        user = aws.user("ana")
        arn = self._role(aws, user)
        inline = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
        managed = aws.policy("lists", allow("bedrock:ListFoundationModels"))
        assumed = self._assume(aws.user_session("ana"), arn, Policy=inline)
        code, message, _ = _error(self._as(aws, assumed, "bedrock").list_foundation_models)
        assert code == "AccessDeniedException"
        assert message.endswith("because no session policy allows the bedrock:ListFoundationModels action")
        assumed = self._assume(aws.user_session("ana"), arn, PolicyArns=[{"arn": managed}])
        assert self._as(aws, assumed, "bedrock").list_foundation_models()

    def test_session_tags(self, aws: Sandbox) -> None:
        """Tags of the session are aws:PrincipalTag keys of its requests."""
        user = aws.user("ana")
        arn = self._role(aws, user)
        condition = {"StringEquals": {"aws:PrincipalTag/team": "chat"}}
        trust = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
        document = {"Version": "2012-10-17", "Statement": [trust]}
        aws.role("app", path="/svc/", policies=[allow("bedrock:*", condition=condition)], trust=document)
        assumed = self._assume(aws.user_session("ana"), arn, Tags=[{"Key": "team", "Value": "chat"}])
        assert self._as(aws, assumed, "bedrock").list_foundation_models()

    def test_not_trusted(self, aws: Sandbox) -> None:
        """Who is allowed but not trusted is denied by the role's trust policy."""
        aws.user("ana", policies=[allow("sts:AssumeRole")])
        other = aws.user("ben")
        arn = self._role(aws, other)
        code, message, status = _error(lambda: self._assume(aws.user_session("ana"), arn))
        assert (code, status) == ("AccessDenied", 403)
        assert message == (
            f"User: arn:aws:iam::{_ACCOUNT}:user/ana is not authorized to perform: sts:AssumeRole on resource: {arn} "
            "because no role trust policy allows the sts:AssumeRole action"
        )

    def test_trusted_by_the_account_needs_an_allow(self, aws: Sandbox) -> None:
        """Trust in the account leaves it to the account's own policies."""
        arn = self._role(aws, f"arn:aws:iam::{_ACCOUNT}:root")
        aws.user("ana")
        message = _error(lambda: self._assume(aws.user_session("ana"), arn))[1]
        assert message.endswith("because no identity-based policy allows the sts:AssumeRole action")
        aws.user("ana", policies=[allow("sts:AssumeRole", resource=arn)])
        assert self._assume(aws.user_session("ana"), arn)

    def test_role_that_does_not_exist_is_denied_alike(self, aws: Sandbox) -> None:
        """STS does not tell which roles there are; a wrong path is a role that is not there."""
        arn = self._role(aws, f"arn:aws:iam::{_ACCOUNT}:root")
        for missing in (arn.replace("/svc", ""), f"{arn}-missing"):
            code, _, status = _error(lambda: self._assume(aws.session(), missing))  # noqa: B023 - called at once
            assert (code, status) == ("AccessDenied", 403)

    def test_session_token_and_federation(self, aws: Sandbox) -> None:
        """GetSessionToken keeps the user; GetFederationToken limits it by its policy."""
        aws.user("ana", policies=[allow("bedrock:*", "sts:GetFederationToken")])
        sts = aws.user_session("ana").client("sts")
        token = sts.get_session_token()
        assert self._as(aws, token, "sts").get_caller_identity()["Arn"].endswith(":user/ana")
        federated = sts.get_federation_token(Name="guest")
        assert _error(self._as(aws, federated, "bedrock").list_foundation_models)[0] == "AccessDeniedException"


class TestAccessKeys:
    """Long-term keys made through IAM."""

    def test_made_used_and_deactivated(self, aws: Sandbox) -> None:
        """A key made on the wire works until it is deactivated."""
        aws.user("ana", policies=[allow("bedrock:ListFoundationModels")])
        iam = aws.session().client("iam")
        made = iam.create_access_key(UserName="ana")["AccessKey"]
        client = _client(aws, "bedrock", made["AccessKeyId"], made["SecretAccessKey"])
        assert client.list_foundation_models()
        iam.update_access_key(UserName="ana", AccessKeyId=made["AccessKeyId"], Status="Inactive")
        assert _error(client.list_foundation_models)[0] == "UnrecognizedClientException"


def test_sessions_of_several_roles_do_not_mix(aws: Sandbox) -> None:
    """Requests made at the same time keep their own callers."""
    names = [f"app{number}" for number in range(6)]
    for name in names:
        aws.role(name)
    found: dict[str, str] = {}

    def ask(name: str) -> None:
        found[name] = aws.session(name).client("sts").get_caller_identity()["Arn"]

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: f"arn:aws:sts::{_ACCOUNT}:assumed-role/{name}/sandbox" for name in names}
