"""The tests' own isolation holds: without it, a developer's credentials could decide whether a test passes."""

from __future__ import annotations

import os
import socket
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, HTTPClientError

from tests.network import BlockedCall, BlockedCallError, is_local

# Reserved for documentation (RFC 5737, RFC 2606): nothing answers there, should the guard fail.
FAR_ADDRESS = "192.0.2.1"
FAR_HOST = "far.example.com"


def test_no_aws_variable_of_the_developer_is_visible() -> None:
    """Only the variables that point boto3 at nothing are left."""
    visible = {name for name in os.environ if name.startswith(("AWS_", "BEDROCK_GUARD_"))}
    assert visible == {"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED"}


def test_boto3_finds_neither_credentials_nor_region_nor_profile() -> None:
    session = boto3.Session()
    assert not session.get_credentials()
    assert not session.region_name
    assert session.available_profiles == []


def test_the_home_directory_is_empty() -> None:
    assert list(Path.home().iterdir()) == []


@pytest.mark.parametrize("step", [1, 2])
def test_what_a_test_sets_does_not_reach_the_next(step: int) -> None:
    """Whichever of the two runs first leaves the variable behind, past monkeypatch, for the other."""
    assert "AWS_ROLE_ARN" not in os.environ
    os.environ["AWS_ROLE_ARN"] = f"left by step {step}"


def test_a_connection_beyond_loopback_is_refused(blocked_calls: list[BlockedCall]) -> None:
    with socket.socket() as far, pytest.raises(BlockedCallError, match=FAR_ADDRESS):
        far.connect((FAR_ADDRESS, 443))
    assert blocked_calls == [BlockedCall("socket.connect", FAR_ADDRESS)]
    blocked_calls.clear()


def test_a_name_beyond_loopback_is_not_looked_up(blocked_calls: list[BlockedCall]) -> None:
    with pytest.raises(BlockedCallError, match=FAR_HOST):
        urllib.request.urlopen(f"http://{FAR_HOST}/", timeout=1)
    assert blocked_calls == [BlockedCall("socket.getaddrinfo", FAR_HOST)]
    blocked_calls.clear()


def test_a_refused_call_that_boto3_swallows_is_still_seen(blocked_calls: list[BlockedCall]) -> None:
    """boto3 turns the refusal into a failed connection, so the fixture keeps its own record."""
    client = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=f"http://{FAR_HOST}",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    with pytest.raises((EndpointConnectionError, HTTPClientError)):
        client.get_caller_identity()
    assert blocked_calls
    assert set(blocked_calls) == {BlockedCall("socket.getaddrinfo", FAR_HOST)}
    blocked_calls.clear()


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.9.10", "::1", "localhost", ("::1", 80, 0, 0), "/run/a.sock", b"", None]
)
def test_addresses_of_this_machine_are_local(address: object) -> None:
    assert is_local(address)


@pytest.mark.parametrize(
    "address", [FAR_ADDRESS, FAR_HOST, ("10.0.0.1", 80), "169.254.169.254", b"far.example.com", "fe80::1"]
)
def test_all_other_addresses_are_not_local(address: object) -> None:
    """The link-local address is the instance metadata service's: a test that reaches it would act as the machine."""
    assert not is_local(address)
