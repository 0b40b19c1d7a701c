"""Every code block of the README and of docs/ does what its page says, against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest

from tests.docs.pages import PAGES, name_of, read_blocks
from tests.docs.running import run_page, runnable

# What an app of the docs may do where its page does not say otherwise.
ALL_ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["bedrock:*", "iam:*", "sts:*"], "Resource": "*"}],
}


def _reads_the_end_of_a_models_life() -> bool:
    lifecycle = botocore.session.get_session().get_service_model("bedrock").shape_for("FoundationModelLifecycle")
    return "endOfLifeTime" in getattr(lifecycle, "members", {})


def _knows_iam_toolbox() -> bool:
    return "iam-toolbox" in botocore.session.get_session().get_available_services()


# What these pages show takes a newer botocore than the oldest that the package works with.
NEEDS = {
    "docs/codes/BG309.md": _reads_the_end_of_a_models_life,
    "docs/codes/BG310.md": _reads_the_end_of_a_models_life,
    "docs/codes/BG434.md": _knows_iam_toolbox,
}


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reader's working directory."""
    path = tmp_path / "page"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


@pytest.fixture
def setup_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the pages' set-ups see: the sandbox, and ways to change who the page's reader is and what they have.

    At first the reader is the role app.
    """
    from bedrock_guard.testing import sandbox

    with sandbox() as aws:

        def act_as(role: str) -> None:
            """Puts the sandbox and the role's credentials where boto3 looks for them."""
            session: boto3.Session = aws.session(role)
            sts = session.client("sts")
            credentials = session.get_credentials()
            assert credentials is not None
            frozen = credentials.get_frozen_credentials()
            assert frozen.access_key is not None
            assert frozen.secret_key is not None
            monkeypatch.setenv("AWS_ENDPOINT_URL", sts.meta.endpoint_url)
            monkeypatch.setenv("AWS_DEFAULT_REGION", sts.meta.region_name)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", frozen.access_key)
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", frozen.secret_key)
            monkeypatch.setenv("AWS_SESSION_TOKEN", frozen.token or "")
            monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)

        aws.role("app", policies=[ALL_ALLOWED])
        act_as("app")
        yield {"aws": aws, "act_as": act_as, "monkeypatch": monkeypatch}


@pytest.mark.parametrize("page", [page for page in PAGES if runnable(read_blocks(page))], ids=name_of)
def test_blocks_of_a_page_run_in_order(page: Path, directory: Path, setup_names: dict[str, Any]) -> None:
    """What a reader pastes works, and what the page shows is what they see."""
    if not NEEDS.get(name_of(page), lambda: True)():
        pytest.skip("the installed botocore is too old for what the page shows")
    run_page(page, directory, setup_names, spawn=page.parent.name != "codes")
