"""A role in the embedded AWS: just the policies that were given, and the guard's own permissions."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bedrock_guard.cli.output import progress
from bedrock_guard.errors import ConfigurationError

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.aws.given import Document, PolicyDocuments
    from bedrock_guard.testing import Sandbox

__all__ = ["SANDBOX_REGION", "embedded_aws", "embedded_role", "make_role"]

SANDBOX_REGION = "us-east-1"
_ROLE = "app"


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


def make_role(aws: Sandbox, policies: PolicyDocuments, *, name: str = _ROLE, path: str = "/") -> str:
    """The ARN of a new role that holds the policies and may ask IAM about itself.

    Args:
        aws: Where it is made.
        policies: All that it holds besides the guard's own permissions.
        name: Its name.
        path: Its path.
    """
    from bedrock_guard.advice.guard_policy import guard_policy
    from bedrock_guard.aws.principal import principal_from_arn

    own = guard_policy(principal_from_arn(f"arn:aws:iam::{aws.account}:role{path}{name}"))
    for scp in (policies.scps or {}).values():
        aws.scp(_value(scp))
    return aws.role(
        name,
        policies=[*(_value(policy) for policy in policies.identity.values()), own],
        path=path,
        boundary=None if policies.boundary is None else _value(policies.boundary[1]),
    )


def _value(document: Document) -> Mapping[str, Any]:
    value: Mapping[str, Any] = json.loads(document) if isinstance(document, str) else document
    return value


@contextlib.contextmanager
def embedded_role(
    policies: PolicyDocuments, *, region: str | None = None, quiet: bool = False
) -> Iterator[boto3.Session]:
    """A session as a role of the embedded AWS that holds ``policies`` and the guard's own permissions."""
    with embedded_aws(region=region, quiet=quiet) as aws:
        make_role(aws, policies)
        yield aws.session(_ROLE)
