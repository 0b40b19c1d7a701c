"""An embedded AWS: IAM, STS, Organizations and Bedrock on a local port, deciding as AWS decides."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.loaders import create_loader
from botocore.regions import EndpointResolver

from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.testing.authorization_records import AuthorizationRecords
from bedrock_guard.testing.calls import CallLog
from bedrock_guard.testing.credentials import Credentials, Identity, IdentityKind
from bedrock_guard.testing.documents import PolicyDocument, default_trust, document_text, inline_documents
from bedrock_guard.testing.endpoints import Endpoints
from bedrock_guard.testing.faults import Faults
from bedrock_guard.testing.model_states import ModelStates
from bedrock_guard.testing.moto_writing import (
    add_policy,
    attach_scp,
    boundary_arn,
    join_organization,
    put_group,
    put_role,
    put_user,
)
from bedrock_guard.testing.sandbox_keys import ApiKeys
from bedrock_guard.testing.service import SandboxService
from bedrock_guard.testing.sessions import environment_of, sandbox_session
from bedrock_guard.testing.sts import session_policies

if TYPE_CHECKING:
    import boto3

__all__ = ["ACCOUNT", "ADMINISTRATOR", "Sandbox", "sandbox"]

ACCOUNT = "123456789012"
"""The account of the sandbox."""

ADMINISTRATOR = "administrator"
"""The user that :meth:`Sandbox.session` without a role acts as."""

_SESSION_SECONDS = 3600


class Sandbox:
    """An embedded AWS account; use :func:`sandbox`, or :meth:`start` and :meth:`stop`.

    Everything is in memory. Several can run in one process, one after the other or at the same time, and beside moto.

    What it does not do: knowledge bases, agents and guardrails need not exist to be called; resource policies, RCPs,
    VPC endpoints and quotas do not exist, and calls do not heed :attr:`models`, though :attr:`faults` can play their
    errors. What is not there answers with HTTP 501. Inside ``moto.mock_aws`` no request would reach it.

    Attributes:
        account: Its id.
        region: The Region of its sessions, which settles the partition.
        partition: ``aws``, ``aws-us-gov``, ``aws-cn`` ….
    """

    def __init__(self, *, region: str = "us-east-1", port: int = 0) -> None:
        """Args:
        region: The Region of its sessions.
        port: Of the loopback interface; 0 for any free one.
        """
        self.account = ACCOUNT
        self.region = region
        self.partition = _partition(region)
        self._service = SandboxService(ACCOUNT, self.partition)
        self._endpoints = Endpoints(self._answer, region, port)
        self._make_administrator()

    def _answer(self, received: Any) -> Any:
        return self._service.answer(received)

    # -- running ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts to listen.

        Raises:
            OSError: The port is taken.
        """
        self._endpoints.start()

    def stop(self) -> None:
        """Stops to listen; what it holds stays until :meth:`reset`, and HTTPS addresses are others next time."""
        self._endpoints.stop()

    def reset(self) -> None:
        """Back to an empty account: credentials issued before are no longer known."""
        self._service = SandboxService(ACCOUNT, self.partition)
        self._make_administrator()

    @property
    def endpoint_url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:50123``."""
        return f"http://127.0.0.1:{self._endpoints.port}"

    def https_endpoint_url(self, region: str | None = None) -> str:
        """The address that takes Bedrock API keys, which say nothing of the Region they are sent to.

        Its certificate is in the file that ``AWS_CA_BUNDLE`` of :meth:`environment` names.

        Args:
            region: That the address stands for; the sandbox's own by default.

        Raises:
            RuntimeError: It is not running.
        """
        return self._endpoints.secure_url(region or self.region)

    @property
    def calls(self) -> CallLog:
        """The calls that came in on the wire."""
        return self._service.calls

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self._service.faults

    @property
    def authorizations(self) -> AuthorizationRecords:
        """What iam-toolbox tells of denied calls, once ``aws.authorizations.told = True``."""
        return self._service.authorizations

    @property
    def api_keys(self) -> ApiKeys:
        """Makes Bedrock API keys for :meth:`environment`."""
        return ApiKeys(self._service)

    @property
    def models(self) -> ModelStates:
        """What Bedrock says of models apart from IAM: ``aws.models.set("amazon.nova-lite-v1:0", legacy=True)``."""
        return self._service.bedrock.states

    def refusing_connections(self) -> contextlib.AbstractContextManager[None]:
        """While this lasts nothing listens."""
        return self._endpoints.refusing()

    # -- the account --------------------------------------------------------------------------------------------

    def role(
        self,
        name: str,
        *,
        policies: Sequence[PolicyDocument] | Mapping[str, PolicyDocument] = (),
        path: str = "/",
        boundary: PolicyDocument | None = None,
        managed: Sequence[str] = (),
        trust: PolicyDocument | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Makes a role, or makes it anew: it holds just what is given.

        Args:
            name: Its name.
            policies: Inline policies, by name or named ``policy-1`` and so on.
            path: Such as ``/svc/``.
            boundary: Its permissions boundary: a document, or the ARN of a managed policy.
            managed: ARNs of managed policies; of AWS's own, or from :meth:`policy`.
            trust: Who may assume it; the account itself by default.
            tags: Its tags.

        Returns:
            Its ARN.

        Raises:
            InvalidPolicyError: AWS would refuse a document.
            LookupError: A managed policy does not exist.
        """
        return put_role(
            self._service.state,
            name,
            path=path,
            trust=document_text(trust or default_trust(self.partition, ACCOUNT), "trust policy", PolicyKind.TRUST),
            inline=inline_documents(policies),
            managed=managed,
            boundary=boundary_arn(self._service.state, boundary, name),
            tags=tags or {},
        )

    def user(
        self,
        name: str,
        *,
        policies: Sequence[PolicyDocument] | Mapping[str, PolicyDocument] = (),
        groups: Sequence[str] = (),
        path: str = "/",
        boundary: PolicyDocument | None = None,
        managed: Sequence[str] = (),
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Makes a user, or makes it anew; groups that do not exist are made. Arguments and errors are those of a role.

        Returns:
            Its ARN.
        """
        for group in groups:
            if self._service.state.entity("group", group) is None:
                self.group(group)
        return put_user(
            self._service.state,
            name,
            path=path,
            inline=inline_documents(policies),
            managed=managed,
            groups=groups,
            boundary=boundary_arn(self._service.state, boundary, name),
            tags=tags or {},
        )

    def group(
        self,
        name: str,
        *,
        policies: Sequence[PolicyDocument] | Mapping[str, PolicyDocument] = (),
        path: str = "/",
        managed: Sequence[str] = (),
    ) -> str:
        """Makes a group, or makes it anew; its members stay.

        Returns:
            Its ARN.
        """
        return put_group(self._service.state, name, path=path, inline=inline_documents(policies), managed=managed)

    def policy(self, name: str, document: PolicyDocument, *, path: str = "/") -> str:
        """Makes a managed policy, or replaces its document.

        Returns:
            Its ARN.
        """
        text = document_text(document, name, PolicyKind.MANAGED)
        return add_policy(self._service.state, name, text, path)

    def organization(self) -> None:
        """Makes the account a member of an organization that allows everything, if it is not one yet."""
        join_organization(self._service.state, create=True)

    def scp(
        self,
        document: PolicyDocument,
        *,
        name: str = "",
        target: str = "account",
        instead_of_full_access: bool = False,
    ) -> str:
        """Makes a service control policy and attaches it; the organization is made when needed.

        Args:
            document: The policy.
            name: Its name; numbered by default.
            target: ``"account"``, ``"root"`` or the id of an organizational unit.
            instead_of_full_access: Whether FullAWSAccess is detached there, which makes the policy a list of what is
                allowed.

        Returns:
            Its ARN, as denials name it.
        """
        text = document_text(document, name or "service control policy", PolicyKind.SCP)
        name = name or f"scp-{sum(map(len, self._service.state.levels())) + 1}"
        return attach_scp(self._service.state, name, text, target, alone=instead_of_full_access)

    def inference_profile(self, name: str, models: Sequence[str], *, region: str | None = None) -> str:
        """Makes an application inference profile.

        Args:
            name: Its name.
            models: ARNs of the models it routes to.
            region: Where; the sandbox's own Region by default.

        Returns:
            Its ARN.
        """
        return self._service.bedrock.profiles.add(self._service.place(region or self.region), name, models).arn

    @property
    def model_reply(self) -> str:
        """What every model answers."""
        return self._service.reply

    @model_reply.setter
    def model_reply(self, text: str) -> None:
        self._service.reply = text

    # -- sessions ---------------------------------------------------------------------------------------------

    def session(
        self,
        role: str | None = None,
        *,
        policy: PolicyDocument | None = None,
        policy_arns: Sequence[str] = (),
        session_name: str = "sandbox",
        tags: Mapping[str, str] | None = None,
        region: str | None = None,
        seconds: int = _SESSION_SECONDS,
    ) -> boto3.Session:
        """A session as a role, or as the account's administrator; every client made from it talks to the sandbox.

        Args:
            role: The name of a role; None for the administrator, to whom everything else is ignored but the Region.
            policy: A session policy, as AssumeRole takes it.
            policy_arns: Managed policies as session policies.
            session_name: The last part of the caller's ARN.
            tags: Session tags.
            region: The sandbox's own by default.
            seconds: How long the credentials last.

        Raises:
            LookupError: There is no such role.
            InvalidPolicyError: AWS would refuse the session policy.
        """
        if role is None:
            return self._session(self._credentials_of_user(ADMINISTRATOR), region)
        document = "" if policy is None else document_text(policy, "session policy", PolicyKind.SESSION)
        policies = session_policies(document, policy_arns, self._service.state)
        self._require("role", role)
        identity = Identity(IdentityKind.ROLE_SESSION, role, session_name, policies, tags or {})
        return self._session(self._service.credentials.issue(identity, seconds), region)

    def user_session(self, name: str, *, region: str | None = None) -> boto3.Session:
        """A session with a long-term key of a user.

        Raises:
            LookupError: There is no such user.
        """
        return self._session(self._credentials_of_user(name), region)

    def federated_session(
        self, user: str, name: str, *, policy: PolicyDocument | None = None, region: str | None = None
    ) -> boto3.Session:
        """A session as GetFederationToken makes it: the user's permissions that the session policy allows too.

        Raises:
            LookupError: There is no such user.
        """
        self._require("user", user)
        document = "" if policy is None else document_text(policy, "session policy", PolicyKind.SESSION)
        policies = session_policies(document, (), self._service.state) or ()
        identity = Identity(IdentityKind.FEDERATED_USER, user, name, policies)
        return self._session(self._service.credentials.issue(identity, _SESSION_SECONDS), region)

    def root_session(self, *, region: str | None = None) -> boto3.Session:
        """A session as the account's root user."""
        return self._session(self._service.credentials.issue(Identity(IdentityKind.ROOT), None), region)

    def expire(self, name: str | None = None) -> int:
        """Ends the temporary credentials of a role or user, or all; how many there were."""
        return self._service.credentials.expire(name)

    def revoke(self, name: str | None = None) -> int:
        """Makes the credentials of a role or user unknown, or all; how many there were."""
        return self._service.credentials.revoke(name)

    def environment(
        self, role: str | None = None, *, session_name: str = "sandbox", api_key: str | None = None
    ) -> dict[str, str]:
        """The environment variables that lead any AWS SDK to the sandbox, as a role or as the administrator.

        Args:
            role: The name of a role.
            session_name: The last part of the caller's ARN.
            api_key: A Bedrock API key beside the credentials; with one the sandbox is reached over HTTPS.

        Raises:
            LookupError: There is no such role.
            RuntimeError: There is an API key, and the sandbox is not running.
        """
        session = self.session(role, session_name=session_name)
        if api_key is None:
            return environment_of(session, self.endpoint_url)
        return {
            **environment_of(session, self.https_endpoint_url()),
            "AWS_BEARER_TOKEN_BEDROCK": api_key,
            "AWS_CA_BUNDLE": self._endpoints.certificate_file(),
        }

    def __repr__(self) -> str:
        where = self.endpoint_url if self._endpoints.running else "not running"
        return f"<Sandbox {self.partition} account {self.account}, {where}>"

    # -- inside -----------------------------------------------------------------------------------------------
    def _make_administrator(self) -> None:
        self.user(ADMINISTRATOR, managed=[f"arn:{self.partition}:iam::aws:policy/AdministratorAccess"])

    def _session(self, credentials: Credentials, region: str | None) -> boto3.Session:
        return sandbox_session(self.endpoint_url, region or self.region, credentials)

    def _credentials_of_user(self, name: str) -> Credentials:
        self._require("user", name)
        return self._service.credentials.issue(Identity(IdentityKind.USER, name), None)

    def _require(self, type_: str, name: str) -> None:
        if self._service.state.entity(type_, name) is None:
            raise LookupError(
                f"the sandbox has no {type_} {name!r}: make it with .{type_}({name!r}, policies=[…]) first"
            )


@contextlib.contextmanager
def sandbox(*, region: str = "us-east-1", port: int = 0) -> Iterator[Sandbox]:
    """An embedded AWS that runs until the end of the ``with`` block.

        with sandbox() as aws:
            aws.role("app", policies=[policy])
            runtime = aws.session("app").client("bedrock-runtime")

    Args:
        region: The Region of its sessions; it settles the partition.
        port: Of the loopback interface; 0 for any free one.
    """
    started = Sandbox(region=region, port=port)
    started.start()
    try:
        yield started
    finally:
        started.stop()


def _partition(region: str) -> str:
    # Without a session, which reads the configuration of whoever runs it.
    return str(EndpointResolver(create_loader().load_data("endpoints")).get_partition_for_region(region))
