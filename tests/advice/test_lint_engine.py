"""A lint never contradicts the engine: what it says is never allowed, no request is allowed by."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bedrock_guard.advice.lint import lint_policies
from bedrock_guard.bedrock.catalogue import Action, action_names, find_action
from bedrock_guard.errors import InvalidPolicyError
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision
from bedrock_guard.iam.evaluate import Policies, Request, evaluate
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.report import Note
from tests.iam import strategies
from tests.iam.decisions import CASES, managed_names, read_cases

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "")
"""The last for the model that a global profile routes to."""
HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"
_IDS = {
    "foundation-model": (HAIKU, "amazon.nova-lite-v1:0"),
    "inference-profile": (f"us.{HAIKU}", f"global.{HAIKU}"),
    "application-inference-profile": ("abcdefgh1234",),
}
_NAMED = {name.lower(): name for name in action_names()}

ACTIONS = [
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "bedrock:Converse",
    "bedrock:Converse*",
    "bedrock:Retrieve",
    "bedrock:ApplyGuardrail",
    "bedrock:InvokeAgent",
    "bedrock:InvokeFlow",
    "bedrock:ListInferenceProfiles",
    "bedrock:CreateAgent",
    "bedrock:RenderPrompt",
    "bedrock-runtime:InvokeModel",
    "bedrock:Invoke*",
    "bedrock:*",
    "s3:GetObject",
]
_ACCOUNTS = [ACCOUNT, "", "*", "999999999999"]
_PARTS = [
    f"foundation-model/{HAIKU}",
    f"foundation-model/us.{HAIKU}",
    "foundation-model/*",
    "foundation-models/x",
    f"inference-profile/us.{HAIKU}",
    f"inference-profile/{HAIKU}",
    "inference-profile/abcdefgh1234",
    "inference-profile/*",
    "application-inference-profile/*",
    "agent/AGENT12345",
    "agent/AGENT12345/ALIAS12345",
    "agent-alias/ALIAS12345",
    "agent-alias/*",
    "agent*",
    "flow/*",
    "flow/FLOW123456",
    "flow/*/alias/*",
    "guardrail/gr1",
    "guardrail/gr1:1",
    "guardrail/*",
    "knowledge-base/*",
    "prompt/P:1",
    "prompt/*",
    "custom-model/*",
    "*",
]
_REGION_FIELDS = ["us-east-1", "us-*", "*", "eu-west-1", ""]
resources = st.one_of(
    st.just("*"),
    st.builds(
        "arn:aws:bedrock:{}:{}:{}".format,
        st.sampled_from(_REGION_FIELDS),
        st.sampled_from(_ACCOUNTS),
        st.sampled_from(_PARTS),
    ),
    st.builds("arn:aws:bedrock:{}:{}".format, st.sampled_from(_REGION_FIELDS[:-1]), st.sampled_from(_PARTS)),
    st.sampled_from(["arn:aws:bedrock:*", "arn:aws:s3:::bucket/*", f"arn:aws:bedrock:us-east-1::{_PARTS[0]} "]),
)
_KEYS = [
    "aws:RequestedRegion",
    "aws:ResourceTag/team",
    "aws:RequestTag/team",
    "aws:Region",
    "bedrock:ModelId",
    "bedrock:InferenceProfileArn",
    "bedrock:GuardrailIdentifier",
    "bedrock:ServiceTier",
]
_OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringEqualsIfExists",
    "ForAllValues:StringEquals",
    "Null",
]
_VALUES = ["us-east-1", "true", "ml", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{HAIKU}", "*"]
conditions = st.dictionaries(
    st.sampled_from(_OPERATORS),
    st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(_VALUES), min_size=1, max_size=1),
    max_size=2,
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of which every part may be wrong in the ways that the lints know."""
    made: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        "Action": draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True)),
        "Resource": draw(st.lists(resources, min_size=1, max_size=3, unique=True)),
    }
    found = draw(conditions)
    return {**made, "Condition": found} if found else made


def _policy(statement: dict[str, Any]) -> Policy:
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return parse_policy(json.dumps(document), name="policy", kind=PolicyKind.INPUT)


def _lint(*policies: Policy) -> tuple[Note, ...]:
    return lint_policies(policies, partition="aws", region="us-east-1", account=ACCOUNT)


def _requests(action: Action, statement: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Requests of an action as AWS documents them: on its kinds of resources, with the keys of each.

    Each key takes a value that the statement's conditions ask for, so that what can be met is met.
    """
    kinds: list[tuple[str, tuple[str, ...], str]] = []
    if not action.takes_resources:
        kinds.append(("*", action.condition_keys, "us-east-1"))
    for kind in action.resource_kinds:
        for region in REGIONS if kind.name == "foundation-model" else REGIONS[:-1]:
            for name in _IDS.get(kind.name, ("ID12345678",)):
                template = kind.arn.split(", ")[0]
                for variable, value in (("Partition", "aws"), ("Region", region), ("Account", ACCOUNT)):
                    template = template.replace("${" + variable + "}", value)
                keys = (*action.condition_keys, *kind.condition_keys)
                kinds.append((re.sub(r"\$\{[^}]*\}", name, template), keys, region or "unspecified"))
    wanted = {key: value for asked in statement.get("Condition", {}).values() for key, value in asked.items()}
    for arn, keys, region in kinds:
        forms = tuple(key.partition("${")[0] for key in keys)
        carried = {key: value for key, value in wanted.items() if key in forms or key[: key.find("/") + 1] in forms}
        yield arn, {**carried, "aws:RequestedRegion": wanted.get("aws:RequestedRegion", region)}
        yield arn, {"aws:RequestedRegion": region}


def _allowed(policy: Policy, action: Action, statement: dict[str, Any]) -> bool:
    return any(
        evaluate(Request(ROLE, action.name, arn, Context(context)), Policies(identity=[policy])).decision
        is Decision.ALLOWED
        for arn, context in _requests(action, statement)
    )


def _is_named(name: str, statement: dict[str, Any]) -> bool:
    return any(re.fullmatch(one.replace("*", ".*"), name, re.IGNORECASE) for one in statement["Action"])


class TestWhatIsNeverAllowedIsNot:
    """The engine is asked about every request that the note speaks of."""

    @given(statements())
    def test_a_statement_that_allows_nothing(self, statement: dict[str, Any]) -> None:
        """By a name, a pattern or a condition that does not exist or is not carried."""
        policy = _policy(statement)
        whole = [note for note in _lint(policy) if re.search(r"the statement allows nothing(?! by it)", note.text)]
        if whole:
            named = [find_action(name) for name in _NAMED.values() if _is_named(name, statement)]
            bedrock = [action for action in named if action.namespace == "bedrock"]
            assert not [action.name for action in bedrock if _allowed(policy, action, statement)], whole

    @given(statements())
    def test_an_action_that_a_statement_never_allows(self, statement: dict[str, Any]) -> None:
        """By its resources, or by a key that its requests lack."""
        policy = _policy(statement)
        for note in _lint(policy):
            if "never allows" in note.text or "does not allow it" in note.text:
                said = re.split(r"never carries|authorised on", note.text)[0]
                names = re.findall(r"bedrock:\w+(?!\*)\b", said)
                assert names
                assert not [name for name in names if _allowed(policy, find_action(name), statement)], note.text

    @given(resources.filter(lambda resource: resource != "*"))
    def test_an_entry_that_names_nothing(self, resource: str) -> None:
        """No resource of any kind of Bedrock matches it."""
        statement = {"Effect": "Allow", "Action": "bedrock:*", "Resource": resource}
        policy = _policy(statement)
        if any(note.code == "BG516" for note in _lint(policy)):
            actions = [find_action(name) for name in _NAMED.values() if name.startswith("bedrock:")]
            assert not [action.name for action in actions if _allowed(policy, action, statement)]

    @given(statements())
    def test_an_entry_that_allows_nothing(self, statement: dict[str, Any]) -> None:
        """The statement with that entry alone allows nothing."""
        for note in _lint(_policy(statement)):
            if note.code == "BG515" and "the entry allows nothing" in note.text:
                for resource in statement["Resource"]:
                    if repr(resource) in note.text:
                        alone = {**statement, "Resource": resource}
                        named = [find_action(name) for name in _NAMED.values() if _is_named(name, statement)]
                        assert not [one.name for one in named if _allowed(_policy(alone), one, alone)], note.text


@given(st.lists(strategies.documents(), max_size=3), st.sampled_from(list(PolicyKind)))
def test_any_policy_that_can_be_read_can_be_linted(documents: list[dict[str, Any]], kind: PolicyKind) -> None:
    """Whatever it says, and each note has a code, a sentence and a place."""
    if kind in (PolicyKind.TRUST, PolicyKind.RCP, PolicyKind.RESOURCE, PolicyKind.VPC_ENDPOINT, PolicyKind.SCP):
        kind = PolicyKind.INPUT
    notes = _lint(*(parse_policy(json.dumps(document), name="policy", kind=kind) for document in documents))
    assert all(note.text and note.statement is not None and note.statement.line for note in notes)


@given(
    st.text(st.characters(max_codepoint=0xFF, min_codepoint=0x20), min_size=1, max_size=40),
    st.text(st.characters(max_codepoint=0xFF, min_codepoint=0x20), max_size=40),
)
def test_names_keys_and_arns_of_any_characters_can_be_linted(name: str, rest: str) -> None:
    """Text that the parser accepts as an action, a key and an ARN."""
    statement = {
        "Effect": "Allow",
        "Action": [f"bedrock:{name.replace(':', '')}x", "bedrock:InvokeModel"],
        "Resource": [f"arn:aws:bedrock:x{rest}", f"arn:aws:bedrock:us-east-1:1:{name}"],
        "Condition": {"StringEquals": {f"bedrock:{name}": rest, f"aws:{rest}": name}},
    }
    try:
        policy = _policy(statement)
    except InvalidPolicyError:
        assume(False)
    for note in _lint(policy):
        assert len(note.text) < 3_000
        assert note.text.isprintable()


# What AWS writes itself: a lint that speaks of it is wrong, or says something that is true of AWS's policy too.
OF_AWS: dict[str, dict[str, str]] = {
    "AmazonBedrockStudioPermissionsBoundary": {
        "BG513": "CreatePrompt is limited by aws:ResourceTag like the others, and a new prompt has no tags"
    },
    "AmazonSageMakerFullAccess": {"BG510": "elastic-inference is a service that AWS has shut down"},
    "SecurityAudit": {
        "BG510": "deepracer and iotevents are services that AWS has shut down",
        "BG511": "codestar is a service that AWS has shut down",
    },
    "ViewOnlyAccess": {"BG511": "codestar is a service that AWS has shut down"},
    "SageMakerStudioBedrockAgentServiceRolePolicy": {"BG515": "InvokeModel does not take custom-model"},
    "SageMakerStudioBedrockEvaluationJobServiceRolePolicy": {"BG515": "InvokeModel does not take custom-model"},
    "SageMakerStudioBedrockKnowledgeBaseServiceRolePolicy": {"BG515": "InvokeModel does not take custom-model"},
    "SageMakerStudioBedrockFlowServiceRolePolicy": {
        "BG515": "InvokeModel does not take custom-model",
        "BG518": "a flow does not stream from its models",
    },
}


@pytest.mark.parametrize("name", managed_names())
def test_of_aws_s_own_policies_nothing_is_said_but_this(name: str) -> None:
    """Each note on a policy that AWS wrote has its reason here."""
    document = json.loads((CASES / "aws-managed" / f"{name}.json").read_text("utf-8"))["document"]
    notes = _lint(parse_policy(json.dumps(document), name=name, kind=PolicyKind.INPUT))
    assert {note.code for note in notes} == set(OF_AWS.get(name, ()))


def test_no_name_and_no_arn_of_the_recorded_policies_is_called_wrong() -> None:
    """Those of tests/cases/policy_decisions.jsonl are made of real actions, keys and ARNs, put together anyhow."""
    wrong: list[str] = []
    for case in read_cases():
        scps = [policy for level in case.policies.scps for policy in level]
        boundary = [] if case.policies.boundary is None else [case.policies.boundary]
        notes = _lint(*case.policies.identity, *boundary, *scps, *(case.policies.session or ()))
        wrong += [note.text for note in notes if note.code in ("BG510", "BG511", "BG512", "BG516", "BG517")]
    assert wrong == []


def _of_size(size: int) -> list[Policy]:
    """Policies of a size that make each family of lints work hardest."""
    unknown = {"Action": [f"bedrock:Convers{i}" for i in range(size)], "Resource": "*"}
    patterns = {"Action": [f"bedrock:*a{i}?*" for i in range(size)], "Resource": "*"}
    broken = {"Action": "bedrock:*", "Resource": [f"arn:aws:bedrock:us-east-1:1:models{i}/x" for i in range(size)]}
    profile = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.anthropic."
    profiles = {"Action": "bedrock:InvokeModel", "Resource": [f"{profile}c{i}" for i in range(size)]}
    tags = {f"aws:ResourceTag/{i}": "x" for i in range(size)}
    limited = {"Action": "bedrock:*", "Resource": "*", "Condition": {"StringEquals": tags}}
    statements = (unknown, patterns, broken, profiles, limited)
    return [_policy({"Effect": "Allow", **statement}) for statement in statements]


def _seconds(size: int) -> float:
    policies = _of_size(size)
    begun = time.process_time()
    _lint(*policies)
    return time.process_time() - begun


def test_time_grows_with_the_size_of_the_policy_and_no_faster() -> None:
    """Four times as much is not sixteen times as long."""
    _seconds(20)
    small = min(_seconds(250 + i) for i in range(3))
    large = min(_seconds(1000 + i) for i in range(3))
    assert large < 9 * small + 0.1
