"""The statement of a trust policy lets in whom it is for, and says what has to be filled in before it can."""

from __future__ import annotations

import json

import pytest

from bedrock_guard.advice.trust_remedies import trust_remedies, trust_statements
from bedrock_guard.bedrock.service_roles import RoleDetails
from bedrock_guard.bedrock.trust import decide_trust
from bedrock_guard.iam.decision import Decision
from tests.bedrock.trusts import EVERY_KIND, HOST, PROVIDER, asked, spoilt, trust

NOBODY = spoilt("agent", Principal={"AWS": "arn:aws:iam::123456789012:root"})


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_statement_lets_in_whom_it_is_for(kind: str) -> None:
    requirements = asked(kind)
    policy = trust(*map(dict, trust_statements(requirements)))
    assert {decide_trust(policy, one).decision for one in requirements} == {Decision.ALLOWED}


def remedy_text(details: RoleDetails) -> tuple[str, str]:
    """Text and statements of the remedy for a pod's role that trusts nobody."""
    denied = [decide_trust(trust(NOBODY), one) for one in asked("eks-irsa", details)]
    (remedy,) = trust_remedies(denied)
    return remedy.text, json.dumps(remedy.statements)


def test_an_identity_provider_that_was_not_named_is_to_be_filled_in() -> None:
    """IAM takes no wildcard in a principal and in the name of a key; one in the subject would let in every pod."""
    text, statements = remedy_text(RoleDetails())
    assert "*" not in statements
    blank = HOST.rpartition("/")[0] + "/OIDC_PROVIDER_ID"
    assert f'"{blank}:sub": "system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT"' in statements
    assert f'"Federated": "arn:aws:iam::123456789012:oidc-provider/{blank}"' in statements
    assert f'"{blank}:aud": "sts.amazonaws.com"' in statements
    assert "with OIDC_PROVIDER_ID, NAMESPACE and SERVICE_ACCOUNT filled in" in text
    assert "where the service role has oidc=, namespace=, service-account=" in text


def test_only_what_was_not_named_is_to_be_filled_in() -> None:
    text, statements = remedy_text(RoleDetails(provider=PROVIDER, service_account="app"))
    assert "with NAMESPACE filled in; the check does it where the service role has namespace=" in text
    assert f'"{HOST}:sub": "system:serviceaccount:NAMESPACE:app"' in statements
    text, statements = remedy_text(RoleDetails(provider=PROVIDER, namespace="prod", service_account="app"))
    assert text.endswith("of the role the-role:")
