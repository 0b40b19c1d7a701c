"""What the sandbox authorises every operation on and what the guard says that it needs: two tables, written apart, held
against each other on requests made from botocore's models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from bedrock_guard import Guard, PolicyDocuments
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.testing import sandbox
from tests.botocore_version import of_the_catalogue
from tests.testing.made_requests import ACCOUNT, REGION, MadeRequest, requests_of

pytestmark = of_the_catalogue

_CALLER = f"arn:aws:iam::{ACCOUNT}:role/nobody"
_SERVICES = (
    "bedrock",
    "bedrock-agent",
    "bedrock-agent-runtime",
    "bedrock-data-automation",
    "bedrock-data-automation-runtime",
    "bedrock-runtime",
)
_HERE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:"

Authorized = tuple[str, str]
"""An action and a resource."""


@dataclass(frozen=True)
class Difference:
    """Where the two may differ.

    Attributes:
        kind: ``sandbox``: the sandbox alone asks; ``guard``: the guard alone; ``advisory``: the guard says that AWS
            does not settle it; ``pattern``: the guard asks about all of a kind though the request holds a name of one.
        operations: Pattern of ``service:Operation``.
        resource: Pattern of the resource.
        why: Why that is right, or cannot be settled.
    """

    kind: str
    operations: str
    resource: str
    why: str

    def covers(self, kind: str, operation: str, resource: str) -> bool:
        """Whether it is about this one."""
        return (
            kind == self.kind
            and re.fullmatch(self.operations, operation) is not None
            and re.fullmatch(self.resource, resource) is not None
        )


_NO_MODEL = "bedrock:(CreateEvaluationJob|CreateProvisionedModelThroughput)|bedrock-runtime:CountTokens"
_UNSETTLED = "the reference does not say what a call is authorised on that names nothing of the action's kinds"
_PROFILE = (
    "the action takes foundation models and no profiles, and its operation takes ids of profiles: that the model "
    "behind is asked about is assumed by both"
)

_DIFFERENCES = (
    Difference("sandbox", _NO_MODEL, r"\*", f"{_UNSETTLED}: a model of another kind"),
    Difference("guard", _NO_MODEL, rf"arn:aws:bedrock:{REGION}::foundation-model/\*", f"{_UNSETTLED}: another model"),
    Difference(
        "guard",
        ".*",
        r"arn:aws:bedrock:\*::foundation-model/.*",
        "what is behind an application profile of another is not known: the guard says that more is needed",
    ),
    Difference(
        "advisory",
        "bedrock:(Create(EvaluationJob|ModelCustomizationJob|ModelInvocationJob)|UpdateProvisionedModelThroughput)",
        rf"arn:aws:bedrock:{REGION}::foundation-model/.*",
        _PROFILE,
    ),
    Difference(
        "guard",
        "bedrock:CreateProvisionedModelThroughput",
        _HERE + r"custom-model/\*",
        "the name of a custom model, which is no part of its ARN: the sandbox has no such models",
    ),
    Difference(
        "advisory",
        "bedrock-agent:.*VpcConfigurations?",
        _HERE + "knowledge-base/.*",
        "actions that the reference does not list yet: their kinds are assumed by both",
    ),
    Difference(
        "pattern",
        "bedrock:.*",
        _HERE + "(custom-model(-deployment)?|imported-model|provisioned-model|model-[a-z]+-job)/.*",
        "the parameter takes a name as well, which is no part of the ARN; nor is the id of a custom model all of it",
    ),
    Difference(
        "pattern",
        "bedrock:DeleteInferenceProfile",
        _HERE + r"application-inference-profile/.*\..*",
        "a profile that AWS defines cannot be deleted, and the action does not take it",
    ),
    Difference(
        "pattern",
        "bedrock:GetInferenceProfile",
        _HERE + r"inference-profile/amazon\..*",
        "the id of a foundation model, which no profile has, though the pattern of the parameter admits it",
    ),
    Difference(
        "pattern",
        "bedrock-runtime:(Converse|InvokeModel).*",
        f"arn:aws:bedrock::{ACCOUNT}:system-tool/.*",
        "the ARN of one tool alone is documented; that of others is made after it by the sandbox",
    ),
)

_NOT_COMPARED = {
    "bedrock:DeletePromptRouter": "botocore's pattern admits default routers alone, and its action takes the others",
    "bedrock-runtime:InvokeModelWithBidirectionalStream": "boto3 has no such method",
}


@dataclass(frozen=True)
class _Compared:
    """What came of the requests of one service.

    Attributes:
        operations: How many requests of each operation were compared.
        found: Every difference: its kind, the operation, the action and the resource, and the request.
    """

    operations: Counter[str]
    found: tuple[tuple[str, str, Authorized, str], ...]


@cache
def _compared(service: str) -> _Compared:
    operations: Counter[str] = Counter()
    found: list[tuple[str, str, Authorized, str]] = []
    model = botocore.session.Session().get_service_model(service)
    guard = Guard(
        actions=["bedrock:ListFoundationModels"],
        region=REGION,
        principal_arn=_CALLER,
        policies=PolicyDocuments(identity={}),
    )
    with sandbox() as aws:
        aws.role("nobody")
        session = aws.session("nobody", region=REGION)
        client: Any = session.client(service, config=Config(parameter_validation=False))  # type: ignore[call-overload]
        for name in model.operation_names:
            operation = f"{service}:{name}"
            operations[operation] = 0
            if not hasattr(client, xform_name(name)):
                continue
            method = getattr(client, xform_name(name))
            for made in requests_of(model.operation_model(name)):
                try:
                    needed = guard.requirements_for(operation, **made.params)
                except ConfigurationError:
                    continue  # the pattern of a parameter admits more than the operation takes
                with suppress(ClientError):  # nobody may do anything
                    method(**made.params)
                call = aws.calls[-1]
                asked = set(zip(call.actions, call.resources, strict=True))
                if call.operation != name or not asked:
                    continue
                operations[operation] += 1
                sure = {(one.action, one.resource) for one in needed if not one.advisory}
                advised = {(one.action, one.resource) for one in needed} - sure
                found += ((kind, operation, one, made.what) for kind, one in _differing(asked, sure, advised))
    return _Compared(operations, tuple(found))


def _differing(
    asked: set[Authorized], sure: set[Authorized], advised: set[Authorized]
) -> Iterator[tuple[str, Authorized]]:
    """Everything that is not the same in both; the ids of things that are yet to be made are in any pattern."""
    for one in asked:
        if one in sure:
            continue
        if any(_covers(pattern, one) for pattern in sure):
            if not one[1].startswith("arn:aws:s3:") and not _NEW.search(one[1]):
                yield "pattern", one
        else:
            yield ("advisory" if any(_covers(pattern, one) for pattern in advised) else "sandbox"), one
    for pattern in sure:
        if not any(_covers(pattern, one) for one in asked):
            yield "guard", pattern


_NEW = re.compile(r"/(abcd1234efgh|new12345|\*)$")
"""Ids that the sandbox makes up."""


def _covers(pattern: Authorized, one: Authorized) -> bool:
    if pattern[0] != one[0]:
        return False
    return pattern[1] == one[1] or (one[1] != "*" and "*" in pattern[1] and fnmatchcase(one[1], pattern[1]))


@pytest.mark.parametrize("service", _SERVICES)
def test_both_ask_for_the_same(service: str) -> None:
    """Every action on every resource, of every operation, but for what is listed with a reason."""
    compared = _compared(service)
    unexplained = {
        (kind, operation, *one): what
        for kind, operation, one, what in compared.found
        if not any(difference.covers(kind, operation, one[1]) for difference in _DIFFERENCES)
    }
    assert not unexplained
    left_out = {operation for operation, count in compared.operations.items() if not count}
    assert left_out == {operation for operation in _NOT_COMPARED if operation.startswith(f"{service}:")}


def test_the_comparison_is_wide_and_its_list_is_needed() -> None:
    """Operations are called with all kinds of ids that their parameters admit; what no line is about is taken out."""
    counts = sum((_compared(service).operations for service in _SERVICES), Counter[str]())
    assert sum(counts.values()) > 1500
    assert counts["bedrock-runtime:Converse"] > 10
    assert counts["bedrock:GetResourcePolicy"] >= 4
    found = [one for service in _SERVICES for one in _compared(service).found]
    needless = [
        difference
        for difference in _DIFFERENCES
        if not any(difference.covers(kind, operation, one[1]) for kind, operation, one, _ in found)
    ]
    assert not needless


class TestTheComparison:
    """It notices what it is there for."""

    _AGENT = ("bedrock:GetAgent", f"{_HERE}agent/ABCDEFGHIJ")

    def test_the_same(self) -> None:
        """Nothing differs."""
        assert not list(_differing({self._AGENT}, {self._AGENT}, set()))

    def test_what_the_guard_lacks(self) -> None:
        """A wrong “allowed” of the guard."""
        assert list(_differing({self._AGENT}, set(), set())) == [("sandbox", self._AGENT)]

    def test_what_the_guard_only_advises(self) -> None:
        """Told apart from what it lacks."""
        assert list(_differing({self._AGENT}, set(), {self._AGENT})) == [("advisory", self._AGENT)]

    def test_what_the_sandbox_does_not_ask(self) -> None:
        """A wrong “denied” of the guard, or a call that the sandbox lets pass."""
        assert list(_differing(set(), {self._AGENT}, set())) == [("guard", self._AGENT)]

    def test_all_of_a_kind_for_one_that_is_named(self) -> None:
        """A pattern in place of what the request names is a difference as well."""
        every = ("bedrock:GetAgent", f"{_HERE}agent/*")
        assert list(_differing({self._AGENT}, {every}, set())) == [("pattern", self._AGENT)]

    def test_all_resources_are_no_kind(self) -> None:
        """``*`` is not covered by a pattern of ARNs: only a grant on everything allows it."""
        every = ("bedrock:GetAgent", f"{_HERE}agent/*")
        everything = ("bedrock:GetAgent", "*")
        assert sorted(_differing({everything}, {every}, set())) == [("guard", every), ("sandbox", everything)]


def test_requests_are_made_of_what_the_patterns_admit() -> None:
    """The least request, one with everything, and every kind of model that Converse may be called with."""
    model = botocore.session.Session().get_service_model("bedrock-runtime").operation_model("Converse")
    made: list[MadeRequest] = list(requests_of(model))
    assert set(made[0].params) == {"modelId"}
    assert {"messages", "toolConfig", "guardrailConfig"} <= set(made[1].params)
    types = {re.split("[:/]", str(one.params["modelId"]).split(":", 5)[-1])[0] for one in made}
    assert {"foundation-model", "inference-profile", "application-inference-profile", "prompt", "endpoint"} <= types
