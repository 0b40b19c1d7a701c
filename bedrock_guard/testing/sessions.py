"""boto3 sessions whose every client talks to the sandbox, whatever the environment says."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader

from bedrock_guard.testing.credentials import Credentials

__all__ = ["environment_of", "sandbox_session"]


class _SandboxSession(botocore.session.Session):
    """A botocore session that leads to one endpoint and reads no configuration file.

    Frameworks that are handed a boto3 session and make their own clients from it end up here.
    """

    sandbox_url: str = ""

    @property
    def full_config(self) -> dict[str, Any]:
        """No profile and no service section of the machine's configuration."""
        return {"profiles": {}}

    def get_scoped_config(self) -> dict[str, Any]:
        """The same: a profile that ``AWS_PROFILE`` names need not exist."""
        return {}

    def create_client(self, *args: Any, **kwargs: Any) -> Any:
        """A client of the sandbox, unless another endpoint is named."""
        # Positional: service_name, region_name, api_version, use_ssl, verify, endpoint_url.
        if len(args) < 6 and kwargs.get("endpoint_url") is None:
            kwargs["endpoint_url"] = self.sandbox_url
        return super().create_client(*args, **kwargs)


def sandbox_session(endpoint_url: str, region: str, credentials: Credentials) -> boto3.Session:
    """A session with those credentials."""
    session = _SandboxSession()
    session.register_component("data_loader", _loader())
    session.sandbox_url = endpoint_url
    # Signed with the given keys even where a Bedrock API key lies in the environment, and past any proxy.
    session.set_default_client_config(Config(signature_version="v4", proxies={}))
    session.set_credentials(credentials.access_key_id, credentials.secret_access_key, credentials.session_token or None)
    return boto3.Session(botocore_session=session, region_name=region)


def environment_of(session: boto3.Session, endpoint_url: str) -> dict[str, str]:
    """The environment variables that lead any AWS SDK to an endpoint with a session's credentials and Region."""
    region = str(session.region_name)
    variables = {
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_REGION": region,
    }
    found = session.get_credentials()
    if found is not None:
        variables["AWS_ACCESS_KEY_ID"] = found.access_key
        variables["AWS_SECRET_ACCESS_KEY"] = found.secret_key
        if found.token:
            variables["AWS_SESSION_TOKEN"] = found.token
    return variables


@cache
def _loader() -> Loader:
    """Service models are read once for all sessions, which is most of what making a client takes."""
    return create_loader()
