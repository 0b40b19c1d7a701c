"""Policy documents that are not attached to anybody yet: what a pipeline checks before it deploys. It makes no call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedrock_guard.aws.offline import KnownPolicies
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Effect, Policy, PolicyKind
from bedrock_guard.report import Principal, PrincipalType

__all__ = ["PolicyDocuments"]

Document = str | Mapping[str, Any]
"""A policy as JSON text, or as the value of that JSON."""

_FULL_ACCESS = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


@dataclass(frozen=True)
class PolicyDocuments:
    """Policies to decide by, in place of those of a principal; no credentials are needed.

    Attributes:
        identity: Name to document of each identity policy.
        boundary: Name and document of the permissions boundary.
        scps: Name to document of each service control policy; all hang on one level. Where none of them has an Allow,
            AWS's FullAWSAccess is assumed beside them, which every level has unless somebody took it away.
    """

    identity: Mapping[str, Document]
    boundary: tuple[str, Document] | None = None
    scps: Mapping[str, Document] | None = None

    def __post_init__(self) -> None:
        """Refuses what is no mapping of names to documents.

        Raises:
            ConfigurationError: One of the members is something else.
        """
        for name, value in (("identity", self.identity), ("scps", self.scps if self.scps is not None else {})):
            if not isinstance(value, Mapping):
                raise ConfigurationError(
                    f"PolicyDocuments: {name} is {type(value).__name__}; expected a mapping of names to documents",
                    code="BG504",
                )

    def known(self) -> KnownPolicies:
        """The documents, parsed.

        Raises:
            InvalidPolicyError: AWS would refuse one of them.
        """
        scps = _parsed((self.scps or {}).items(), PolicyKind.SCP)
        assumed = bool(scps) and not any(s.effect is Effect.ALLOW for policy in scps for s in policy)
        if assumed:
            scps = (*scps, parse_policy(_FULL_ACCESS, name="FullAWSAccess", kind=PolicyKind.SCP))
        return KnownPolicies(
            identity=_parsed(self.identity.items(), PolicyKind.INPUT),
            boundary=None if self.boundary is None else _parsed([self.boundary], PolicyKind.BOUNDARY)[0],
            scps=(scps,) if scps else (),
            assumes_full_access=assumed,
            positions=True,
        )

    def principal(self, partition: str) -> Principal:
        """Whom the policies are for, as far as they say it: a role of the one account that their ARNs name.

        Raises:
            ConfigurationError: They name several accounts, so that it cannot be told which is the app's.
        """
        accounts = sorted({account for text in self._texts() for account in _accounts(text)})
        if len(accounts) > 1:
            raise ConfigurationError(
                f"the policies name several accounts ({', '.join(accounts)}): say which is the app's with "
                f"principal_arn, such as arn:{partition}:iam::{accounts[0]}:role/app",
                code="BG504",
            )
        account = accounts[0] if accounts else _EXAMPLE_ACCOUNT
        arn = f"arn:{partition}:iam::{account}:role/app"
        return Principal(arn, PrincipalType.POLICY_FILES, account, partition, policy_source_arn=arn)

    def _texts(self) -> Iterable[str]:
        boundary = () if self.boundary is None else (self.boundary[1],)
        for document in (*self.identity.values(), *boundary, *(self.scps or {}).values()):
            yield _text(document)


_EXAMPLE_ACCOUNT = "123456789012"
"""Stands in the ARNs of the app's own resources where no policy names an account; AWS's own example account."""


def _accounts(text: str) -> Sequence[str]:
    return re.findall(r"arn:[^:\"]*:[^:\"]*:[^:\"]*:(\d{12}):", text)


def _parsed(documents: Iterable[tuple[str, Document]], kind: PolicyKind) -> tuple[Policy, ...]:
    return tuple(parse_policy(_text(document), name=name, kind=kind) for name, document in documents)


def _text(document: Document) -> str:
    return document if isinstance(document, str) else json.dumps(document, indent=2, ensure_ascii=False)
