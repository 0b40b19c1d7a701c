"""A role in the embedded AWS: just the policies that were given, and the guard's own permissions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_guard.cli.output import progress
from bedrock_guard.cli.policy_files import read_policy, read_policy_files
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.policy import PolicyKind

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.testing import Sandbox

__all__ = ["SANDBOX_REGION", "RolePolicies", "embedded_aws", "embedded_role", "make_role"]

SANDBOX_REGION = "us-east-1"
_ROLE = "app"


@dataclass(frozen=True)
class RolePolicies:
    """The documents that decide about a role.

    Attributes:
        identity: Its own policies.
        boundary: Its permissions boundary.
        scps: Service control policies of its account.
    """

    identity: Sequence[Mapping[str, Any]] = ()
    boundary: Mapping[str, Any] | None = None
    scps: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def read(cls, identity: Sequence[str], boundary: str | None, scps: Sequence[str]) -> RolePolicies:
        """The documents in files.

        Raises:
            ConfigurationError: A file cannot be read.
            InvalidPolicyError: AWS would refuse it.
        """
        return cls(
            read_policy_files(identity),
            None if boundary is None else read_policy(boundary, PolicyKind.BOUNDARY),
            read_policy_files(scps, PolicyKind.SCP),
        )


@contextlib.contextmanager
def embedded_aws(*, region: str | None = None, port: int = 0, quiet: bool = False) -> Iterator[Sandbox]:
    """The embedded AWS, until the end.

    Raises:
        ConfigurationError: The extra ``sandbox`` is not installed.
    """
    with contextlib.ExitStack() as stack:
        with progress("Starting the embedded AWS …", quiet=quiet):
            try:
                from bedrock_guard.testing import sandbox
            except ModuleNotFoundError as error:
                raise ConfigurationError(
                    f"the embedded AWS needs the package {error.name}, which is not installed",
                    code="BG504",
                    remedy="pip install 'bedrock-guard[sandbox]'",
                ) from error
            aws = stack.enter_context(sandbox(region=region or SANDBOX_REGION, port=port))
        yield aws


def make_role(aws: Sandbox, policies: RolePolicies, *, name: str = _ROLE, path: str = "/") -> str:
    """The ARN of a new role that holds the policies and may ask IAM about itself.

    Args:
        aws: Where it is made.
        policies: All that it holds besides the guard's own permissions.
        name: Its name.
        path: Its path.
    """
    from bedrock_guard.advice.guard_policy import guard_policy
    from bedrock_guard.aws.principal import principal_from_arn

    arn = f"arn:aws:iam::{aws.account}:role{path}{name}"
    own = guard_policy(principal_from_arn(arn))
    for scp in policies.scps:
        aws.scp(scp)
    return aws.role(name, policies=[*policies.identity, own], path=path, boundary=policies.boundary)


@contextlib.contextmanager
def embedded_role(policies: RolePolicies, *, region: str | None = None, quiet: bool = False) -> Iterator[boto3.Session]:
    """A session as a role of the embedded AWS that holds ``policies`` and the guard's own permissions."""
    with embedded_aws(region=region, quiet=quiet) as aws:
        make_role(aws, policies)
        yield aws.session(_ROLE)
