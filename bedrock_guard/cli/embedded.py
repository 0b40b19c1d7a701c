"""A role in the embedded AWS: just the policies that were given, and the guard's own permissions."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_guard.cli.environment import environment, without_aws
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
    """The embedded AWS, until the end; so long, this process knows nothing of the developer's AWS configuration.

    Raises:
        ConfigurationError: The extra ``sandbox`` is not installed, or the port is taken.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(environment(without_aws()))
        with progress("Starting the embedded AWS …", quiet=quiet):
            try:
                from bedrock_guard.testing import sandbox
            except ModuleNotFoundError as error:
                raise ConfigurationError(
                    f"the embedded AWS needs the package {error.name}, which is not installed",
                    code="BG504",
                    remedy="pip install 'bedrock-guard[sandbox]'",
                ) from error
            try:
                aws = stack.enter_context(sandbox(region=region or SANDBOX_REGION, port=port))
            except OSError as error:
                raise ConfigurationError(f"the embedded AWS cannot listen: {error}", code="BG504") from error
        yield aws


def make_role(aws: Sandbox, policies: PolicyDocuments, *, name: str = _ROLE, path: str = "/") -> str:
    """The ARN of a new role that holds the policies and may ask IAM about itself and read its own policies.

    Args:
        aws: Where it is made.
        policies: All that it holds besides the guard's own permissions.
        name: Its name.
        path: Its path.
    """
    from bedrock_guard.advice.guard_policy import guard_policy, reading_statements
    from bedrock_guard.principal import principal_from_arn

    principal = principal_from_arn(f"arn:{aws.partition}:iam::{aws.account}:role{path}{name}")
    own = guard_policy(principal)
    own["Statement"] += [dict(statement) for statement in reading_statements(principal)]
    listed = bool(policies.scps) and not policies.known().assumes_full_access
    for file, document in (policies.scps or {}).items():
        aws.scp(document, name=_policy_name(file), instead_of_full_access=listed)
    return aws.role(
        name,
        policies=_named(policies.identity, own),
        path=path,
        boundary=None if policies.boundary is None else policies.boundary[1],
    )


def _named(documents: Mapping[str, Document], own: Document) -> dict[str, Document]:
    """The documents under names that IAM takes, each made of its file's name; and the guard's own."""
    named = {"bedrock-guard": own}
    for file, document in documents.items():
        name = _policy_name(file)
        named[name if name not in named else f"{name}-{len(named) + 1}"] = document
    return named


def _policy_name(file: str) -> str:
    # Source: botocore's model of iam (1.44.5), type policyNameType: [\w+=,.@-]+, at most 128 characters.
    return re.sub(r"[^\w+=,.@-]", "-", Path(file).stem, flags=re.ASCII)[:100] or "policy"


@contextlib.contextmanager
def embedded_role(
    policies: PolicyDocuments, *, region: str | None = None, quiet: bool = False
) -> Iterator[boto3.Session]:
    """A session as a role of the embedded AWS that holds ``policies`` and the guard's own permissions."""
    with embedded_aws(region=region, quiet=quiet) as aws:
        make_role(aws, policies)
        yield aws.session(_ROLE)
