"""GetCallerIdentity's ARN becomes the ARN that IAM can simulate, or the reason why there is none."""

from __future__ import annotations

import pytest

from bedrock_guard.aws.principal import simulation_obstacle
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.report import PrincipalType


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
def test_a_role_session_is_asked_about_as_its_role_in_its_own_partition(partition: str) -> None:
    principal = principal_from_arn(f"arn:{partition}:sts::123456789012:assumed-role/app/i-0123")
    assert principal.policy_source_arn == f"arn:{partition}:iam::123456789012:role/app"
    assert principal.type is PrincipalType.ROLE_SESSION
    assert principal.partition == partition
    assert not principal.path_known, "STS does not show the role's path"


@pytest.mark.parametrize(
    ("arn", "kind", "name"),
    [
        ("arn:aws:iam::123456789012:user/team/ann", PrincipalType.USER, "ann"),
        ("arn:aws:iam::123456789012:role/svc/app", PrincipalType.ROLE, "app"),
        ("arn:aws:iam::123456789012:group/devs", PrincipalType.GROUP, "devs"),
    ],
)
def test_users_roles_and_groups_keep_their_path(arn: str, kind: PrincipalType, name: str) -> None:
    principal = principal_from_arn(arn)
    assert (principal.type, principal.policy_source_arn, principal.name) == (kind, arn, name)
    assert principal.path_known
    assert simulation_obstacle(principal) is None


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:iam::123456789012:root", PrincipalType.ROOT),
        ("arn:aws:sts::123456789012:federated-user/ann", PrincipalType.FEDERATED_USER),
        ("arn:aws:sts::123456789012:assumed-role/aws:ec2-instance/i-0b3", PrincipalType.ROLE_SESSION),
    ],
)
def test_who_cannot_be_simulated_is_said_so(arn: str, kind: PrincipalType) -> None:
    principal = principal_from_arn(arn)
    assert principal.type is kind
    assert principal.policy_source_arn is None
    obstacle = simulation_obstacle(principal)
    assert obstacle is not None
    assert obstacle[0] == "BG403"


def test_an_identity_center_role_is_known_by_its_permission_set() -> None:
    name = "AWSReservedSSO_Team_Admin_0123456789abcdef"
    session = principal_from_arn(f"arn:aws:sts::123456789012:assumed-role/{name}/ann@example.com")
    role = principal_from_arn(f"arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/{name}")
    assert session.permission_set == role.permission_set == "Team_Admin"
    lookalike = principal_from_arn("arn:aws:iam::123456789012:role/AWSReservedSSO_short")
    assert lookalike.permission_set is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "app",
        "arn:aws:iam::123456789012:policy/x",
        "arn:aws:iam::12345:role/x",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:sts::123456789012:assumed-role/app",
        "arn:aws:bedrock:us-east-1::foundation-model/x",
    ],
)
def test_what_is_no_principal_is_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigurationError, match="not the ARN of a principal") as caught:
        principal_from_arn(text)
    assert repr(text) in str(caught.value)
