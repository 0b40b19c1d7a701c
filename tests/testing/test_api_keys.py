"""Bedrock API keys in the sandbox: IAM's operations on them, and requests that carry one, as they are on the wire."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, SSLError

from bedrock_guard.bedrock.api_keys import KEY_CLIENTS, KeyKind, read_api_key
from bedrock_guard.testing import Sandbox

NOVA = "amazon.nova-lite-v1:0"
REFUSED = "Authentication failed: Please make sure your API Key is valid."
NO_KEY = "Invalid API Key format: Must start with pre-defined prefix"
CREDENTIAL = "ServiceSpecificCredential"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return policy({"Effect": "Allow", "Action": list(actions), "Resource": "*", **more})


WITH_KEY = allow("bedrock:InvokeModel", "bedrock:CallWithBearerToken")


@pytest.fixture
def iam(aws: Sandbox) -> Any:
    aws.user("kay", policies=[WITH_KEY])
    return aws.session().client("iam")


def invoke(aws: Sandbox, key: str, *, region: str = "us-east-1", path: str = "") -> tuple[int, dict[str, Any], str]:
    """Status, body and error type of a Converse call with a key, as a client that is not boto3 would make it."""
    address = urlsplit(aws.https_endpoint_url(region))
    trusted = ssl.create_default_context(cafile=aws.environment(api_key=key)["AWS_CA_BUNDLE"])
    connection = http.client.HTTPSConnection(address.netloc, context=trusted)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]})
    try:
        connection.request("POST", path or f"/model/{NOVA}/converse", body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), answer.getheader("x-amzn-ErrorType", "")
    finally:
        connection.close()


def made_as_aws_makes_it(session: boto3.Session, region: str = "us-east-1", seconds: int = 43_200) -> str:
    """A short-term key by the steps of aws-bedrock-token-generator-python 1.1.0."""
    credentials = session.get_credentials()
    assert credentials is not None
    request = AWSRequest(
        "POST",
        "https://bedrock.amazonaws.com/",
        headers={"host": "bedrock.amazonaws.com"},
        params={"Action": "CallWithBearerToken"},
    )
    SigV4QueryAuth(credentials, "bedrock", region, expires=seconds).add_auth(request)
    url = str(request.url).removeprefix("https://") + "&Version=1"
    return "bedrock-api-key-" + base64.b64encode(url.encode()).decode()


def changed(key: str, old: str, new: str) -> str:
    """A short-term key with something else in it."""
    prefix = "bedrock-api-key-"
    text = base64.b64decode(key.removeprefix(prefix)).decode()
    assert old in text
    return prefix + base64.b64encode(text.replace(old, new, 1).encode()).decode()


# -- IAM's operations -------------------------------------------------------------------------------------------------


def test_a_created_key_is_shown_once_and_says_whose_it_is(aws: Sandbox, iam: Any) -> None:
    made = iam.create_service_specific_credential(
        UserName="kay", ServiceName="bedrock.amazonaws.com", CredentialAgeDays=30
    )[CREDENTIAL]
    assert (made["UserName"], made["Status"]) == ("kay", "Active")
    assert made["ServiceName"] == "bedrock.amazonaws.com"
    assert made["ServiceCredentialAlias"] == "kay-at-123456789012"
    assert made["ExpirationDate"] - made["CreateDate"] == timedelta(days=30)
    read = read_api_key(made["ServiceCredentialSecret"])
    assert (read.kind, read.user, read.account) == (KeyKind.LONG_TERM, "kay", "123456789012")
    assert invoke(aws, made["ServiceCredentialSecret"])[0] == 200
    (listed,) = iam.list_service_specific_credentials(UserName="kay")["ServiceSpecificCredentials"]
    assert listed == {name: value for name, value in made.items() if name != "ServiceCredentialSecret"}


def test_a_key_without_an_age_never_ends(iam: Any) -> None:
    made = iam.create_service_specific_credential(UserName="kay", ServiceName="bedrock.amazonaws.com")[CREDENTIAL]
    assert "ExpirationDate" not in made


def test_a_user_has_two_keys_at_most_and_both_work(aws: Sandbox, iam: Any) -> None:
    keys = [aws.api_keys.long_term("kay") for _ in range(2)]
    assert [invoke(aws, key)[0] for key in keys] == [200, 200]
    with pytest.raises(iam.exceptions.LimitExceededException):
        iam.create_service_specific_credential(UserName="kay", ServiceName="bedrock.amazonaws.com")


def test_a_key_is_switched_off_reset_and_deleted(aws: Sandbox, iam: Any) -> None:
    key = aws.api_keys.long_term("kay")
    (listed,) = iam.list_service_specific_credentials(UserName="kay")["ServiceSpecificCredentials"]
    named = {"UserName": "kay", "ServiceSpecificCredentialId": listed["ServiceSpecificCredentialId"]}
    iam.update_service_specific_credential(**named, Status="Inactive")
    assert invoke(aws, key)[:2] == (403, {"message": REFUSED})
    iam.update_service_specific_credential(**named, Status="Active")
    assert invoke(aws, key)[0] == 200
    another = iam.reset_service_specific_credential(**named)[CREDENTIAL]["ServiceCredentialSecret"]
    assert [invoke(aws, each)[0] for each in (key, another)] == [403, 200]
    with pytest.raises(iam.exceptions.DeleteConflictException):
        iam.delete_user(UserName="kay")
    iam.delete_service_specific_credential(**named)
    assert invoke(aws, another)[0] == 403
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_service_specific_credential(**named)


def test_keys_are_listed_of_oneself_of_a_user_or_of_everybody(aws: Sandbox, iam: Any) -> None:
    aws.user("lee", policies=[allow("iam:ListServiceSpecificCredentials")])
    aws.api_keys.long_term("kay")
    aws.api_keys.long_term("lee", days=0)

    def listed(client: Any, **given: Any) -> list[tuple[str, str]]:
        found = client.list_service_specific_credentials(**given)["ServiceSpecificCredentials"]
        return [(each["UserName"], each["Status"]) for each in found]

    assert listed(aws.user_session("lee").client("iam")) == [("lee", "Expired")]
    assert listed(iam, UserName="kay", ServiceName="bedrock.amazonaws.com") == [("kay", "Active")]
    assert listed(iam, UserName="kay", ServiceName="codecommit.amazonaws.com") == []
    assert listed(iam, AllUsers=True) == [("kay", "Active"), ("lee", "Expired")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"UserName": "nobody"}, "NoSuchEntity"),
        ({"ServiceName": "s3.amazonaws.com"}, "NotSupportedService"),
        ({"ServiceName": "codecommit.amazonaws.com"}, "NotImplemented"),
    ],
)
def test_a_key_is_for_a_user_who_is_there_and_for_bedrock(iam: Any, given: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        iam.create_service_specific_credential(**{"UserName": "kay", "ServiceName": "bedrock.amazonaws.com", **given})
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(("days", "may"), [(30, True), (31, False), (None, False)])
def test_who_may_make_keys_is_asked_about_their_age_and_service(aws: Sandbox, days: int | None, may: bool) -> None:
    """A key without an age has no such condition key (assumed), and is refused where one is asked for."""
    aws.user("kay")
    condition = {
        "NumericLessThanEquals": {"iam:ServiceSpecificCredentialAgeDays": "30"},
        "StringEquals": {"iam:ServiceSpecificCredentialServiceName": "bedrock.amazonaws.com"},
    }
    aws.role("maker", policies=[allow("iam:CreateServiceSpecificCredential", Condition=condition)])
    iam = aws.session("maker").client("iam")
    given: dict[str, Any] = {"UserName": "kay", "ServiceName": "bedrock.amazonaws.com"}
    if days is not None:
        given["CredentialAgeDays"] = days
    if may:
        iam.create_service_specific_credential(**given)
        return
    with pytest.raises(ClientError, match="iam:CreateServiceSpecificCredential on resource: user kay"):
        iam.create_service_specific_credential(**given)


# -- requests that carry one ------------------------------------------------------------------------------------------


def test_a_short_term_key_of_awss_own_making_calls_as_the_session_that_signed_it(aws: Sandbox) -> None:
    aws.role("app", policies=[WITH_KEY])
    status, answer, _ = invoke(aws, made_as_aws_makes_it(aws.session("app", session_name="me")))
    assert (status, answer["stopReason"]) == (200, "end_turn")
    call = aws.calls[-1]
    assert call.caller == "arn:aws:sts::123456789012:assumed-role/app/me"
    assert call.actions == ("bedrock:CallWithBearerToken", "bedrock:InvokeModel")


def test_a_short_term_key_of_the_sandbox_is_made_like_awss_own(aws: Sandbox) -> None:
    aws.role("app", policies=[WITH_KEY])
    session = aws.session("app")
    ours, theirs = (
        parse_qsl(base64.b64decode(key.removeprefix("bedrock-api-key-")).decode())
        for key in (aws.api_keys.short_term(session), made_as_aws_makes_it(session))
    )
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    own = ("X-Amz-Date", "X-Amz-Signature")
    assert [pair for pair in ours if pair[0] not in own] == [pair for pair in theirs if pair[0] not in own]


def test_a_user_signs_short_term_keys_with_long_term_credentials_too(aws: Sandbox) -> None:
    aws.user("kay", policies=[WITH_KEY])
    assert invoke(aws, aws.api_keys.short_term(aws.user_session("kay")))[0] == 200
    made = aws.session().client("iam").create_access_key(UserName="kay")["AccessKey"]
    session = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], region_name="us-east-1")
    assert invoke(aws, made_as_aws_makes_it(session))[0] == 200


def bad_keys(aws: Sandbox) -> Iterator[tuple[str, str]]:
    """Keys that begin as they should and are none, each with what is wrong with it."""
    aws.role("app", policies=[WITH_KEY])
    session = aws.session("app")
    now = datetime.now(timezone.utc)
    good = aws.api_keys.short_term(session)
    credentials = session.get_credentials()
    assert credentials is not None
    yield "nothing behind the prefix", "bedrock-api-key-"
    yield "no Base64", "bedrock-api-key-***"
    yield "no request", "bedrock-api-key-" + base64.b64encode(b"hello").decode()
    yield "of another Region", aws.api_keys.short_term(session, region="eu-west-1")
    yield "of another Region, by hand", changed(good, "us-east-1", "us-east-2")
    yield "longer by hand", changed(good, "X-Amz-Expires=43200", "X-Amz-Expires=43199")
    yield "another action", changed(good, "Action=CallWithBearerToken", "Action=CallWithoutToken")
    yield "another host", changed(good, "bedrock.amazonaws.com/?", "bedrock.example.com/?")
    yield "another signature", good[:-20] + base64.b64encode(b"0&Version=1").decode().rjust(20, "A")
    yield "too long", aws.api_keys.short_term(session, seconds=43_201)
    yield "over", aws.api_keys.short_term(session, made=now - timedelta(hours=12))
    yield "not yet", aws.api_keys.short_term(session, made=now + timedelta(hours=1))
    yield "unknown access key", changed(good, str(credentials.access_key), "ASIA" + "A" * 16)
    yield "another session's token", changed(good, "X-Amz-Security-Token=", "X-Amz-Security-Token=A")
    yield "unknown, for a user", "ABSK" + base64.b64encode(b"kay-at-123456789012:not-a-real-secret").decode()
    yield "not ASCII", "ABSK\xe9"


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(aws: Sandbox) -> None:
    """Bedrock tells nobody what is wrong; of a key that is not stale or foreign it says the same as of one that is."""
    aws.user("kay", policies=[WITH_KEY])
    for what, key in bad_keys(aws):
        assert invoke(aws, key) == (403, {"message": REFUSED}, "AccessDeniedException"), what


@pytest.mark.parametrize("key", ["sk-not-a-real-key", "AKIAIOSFODNN7EXAMPLE", "", "Bearer"])
def test_what_does_not_begin_like_a_key_is_told_so(aws: Sandbox, key: str) -> None:
    assert invoke(aws, key)[:2] == (403, {"Message": NO_KEY})


def test_a_short_term_key_ends_with_its_session(aws: Sandbox) -> None:
    aws.role("app", policies=[WITH_KEY])
    key = aws.api_keys.short_term(aws.session("app"))
    assert invoke(aws, key)[0] == 200
    aws.expire("app")
    assert invoke(aws, key)[:2] == (403, {"message": REFUSED})


def test_a_short_term_key_works_at_its_own_regions_address(aws: Sandbox) -> None:
    aws.role("app", policies=[WITH_KEY])
    key = aws.api_keys.short_term(aws.session("app"), region="eu-west-1")
    assert invoke(aws, key, region="eu-west-1")[0] == 200
    assert aws.calls[-1].region == "eu-west-1"
    assert aws.calls[-1].resources[1] == f"arn:aws:bedrock:eu-west-1::foundation-model/{NOVA}"


@pytest.mark.parametrize("lacking", ["bedrock:CallWithBearerToken", "bedrock:InvokeModel"])
def test_a_call_with_a_key_needs_both_permissions(aws: Sandbox, lacking: str) -> None:
    both = {"bedrock:CallWithBearerToken": "*", "bedrock:InvokeModel": f"arn:aws:bedrock:*::foundation-model/{NOVA}"}
    (rest,) = both.keys() - {lacking}
    aws.user("kay", policies=[allow(rest)])
    shown = both[lacking].replace(":*:", ":us-east-1:")
    status, answer, code = invoke(aws, aws.api_keys.long_term("kay"))
    assert (status, code) == (403, "AccessDeniedException")
    assert answer["message"] == (
        f"User: arn:aws:iam::123456789012:user/kay is not authorized to perform: {lacking} on resource: {shown} "
        f"because no identity-based policy allows the {lacking} action"
    )


@pytest.mark.parametrize("type_", ["SHORT_TERM", "LONG_TERM"])
def test_the_kind_of_key_is_a_condition_key(aws: Sandbox, type_: str) -> None:
    """A service control policy that denies one kind leaves the other alone."""
    aws.user("kay", policies=[WITH_KEY])
    deny = {"Effect": "Deny", "Action": "bedrock:CallWithBearerToken", "Resource": "*"}
    aws.scp(policy({**deny, "Condition": {"StringEquals": {"bedrock:bearerTokenType": type_}}}))
    keys = {
        "SHORT_TERM": aws.api_keys.short_term(aws.user_session("kay")),
        "LONG_TERM": aws.api_keys.long_term("kay"),
    }
    assert {name: invoke(aws, key)[0] for name, key in keys.items()} == dict.fromkeys(keys, 200) | {type_: 403}
    assert "with an explicit deny in a service control policy" in invoke(aws, keys[type_])[1]["message"]


def test_agents_take_no_keys(aws: Sandbox) -> None:
    aws.user("kay", policies=[allow("bedrock:*")])
    key = aws.api_keys.long_term("kay")
    assert invoke(aws, key, path="/agents/AGENT12345/agentAliases/ALIAS12345/sessions/1/text")[:2] == (
        403,
        {"message": REFUSED},
    )
    assert aws.calls[-1].service not in KEY_CLIENTS


# -- the HTTPS addresses ----------------------------------------------------------------------------------------------


def test_a_client_that_does_not_shake_hands_stops_nobody_else(aws: Sandbox) -> None:
    aws.user("kay", policies=[WITH_KEY])
    key = aws.api_keys.long_term("kay")
    address = urlsplit(aws.https_endpoint_url())
    with socket.create_connection(("127.0.0.1", int(address.port or 0))):
        assert invoke(aws, key)[0] == 200


def test_the_addresses_vouch_for_themselves_only(aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that was not told to trust the sandbox's certificate does not."""
    session = aws.session()
    with pytest.raises(SSLError):
        session.client("sts", endpoint_url=aws.https_endpoint_url()).get_caller_identity()
    monkeypatch.setenv("AWS_CA_BUNDLE", aws.environment(api_key="")["AWS_CA_BUNDLE"])
    client = aws.session().client("sts", endpoint_url=aws.https_endpoint_url())
    assert client.get_caller_identity()["Account"] == "123456789012"


def test_one_address_for_each_region_which_goes_with_the_sandbox() -> None:
    aws = Sandbox()
    with pytest.raises(RuntimeError, match="not running"):
        aws.https_endpoint_url()
    aws.start()
    try:
        first = aws.https_endpoint_url()
        assert first == aws.https_endpoint_url("us-east-1") != aws.https_endpoint_url("eu-west-1")
        with aws.refusing_connections(), pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(urlsplit(first).port or 0)))
        assert first == aws.https_endpoint_url()
    finally:
        aws.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(urlsplit(first).port or 0)))
