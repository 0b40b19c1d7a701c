"""API keys for tests, made without calls."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from bedrock_guard.testing.bearer import LONGEST_SECONDS, presigned_key

if TYPE_CHECKING:
    import boto3

    from bedrock_guard.testing.service import SandboxService

__all__ = ["ApiKeys"]


class ApiKeys:
    """Makes Bedrock API keys: ``aws.environment("app", api_key=aws.api_keys.long_term("key-user"))``."""

    def __init__(self, service: SandboxService) -> None:
        self._service = service

    def long_term(self, user: str, *, days: float | None = None) -> str:
        """A key of a user, as iam:CreateServiceSpecificCredential makes it.

        Args:
            user: The user's name.
            days: How long it lasts, for ever by default; 0 for one that is over.

        Raises:
            LookupError: There is no such user.
            AwsError: The user has two keys already.
        """
        if self._service.state.entity("user", user) is None:
            raise LookupError(f"the sandbox has no user {user!r}: make it with .user({user!r}, policies=[…]) first")
        return self._service.api_keys.create(user, self._service.state.account, days).token

    def short_term(
        self,
        session: boto3.Session,
        *,
        region: str | None = None,
        seconds: int = LONGEST_SECONDS,
        made: datetime | None = None,
    ) -> str:
        """A key signed with the credentials of a session, whose principal it calls as.

        Args:
            session: From :meth:`Sandbox.session` or its like.
            region: Where it is valid; the session's own by default.
            seconds: How long it lasts, unless the session ends sooner.
            made: When that begins; now by default, earlier for a key that is over.

        Raises:
            ValueError: The session has no credentials, or no Region to sign for.
        """
        found = session.get_credentials()
        where = region or session.region_name
        if found is None or not where:
            raise ValueError("a key is signed with a session's credentials, for a Region")
        return presigned_key(found.get_frozen_credentials(), where, made or datetime.now(timezone.utc), seconds)
