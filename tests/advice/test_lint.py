"""Each lint speaks of the policy that is broken and of none that is not, at the statement and with the fix."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from bedrock_guard.advice.lint import lint_policies
from bedrock_guard.codes import CODES
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.report import Note

ACCOUNT = "123456789012"
HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"
SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
MODEL = f"arn:aws:bedrock:us-east-1::foundation-model/{HAIKU}"
GUARDRAIL = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/gr1"
BOTH = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
OTHER = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}

Document = dict[str, Any]


def arn(resource: str, *, region: str = "us-east-1", account: str = ACCOUNT) -> str:
    return f"arn:aws:bedrock:{region}:{account}:{resource}"


def allow(action: Any, resource: Any = "*", condition: Any = None, **elements: Any) -> Document:
    return _statement("Allow", action, resource, condition, elements)


def deny(action: Any, resource: Any = "*", condition: Any = None, **elements: Any) -> Document:
    return _statement("Deny", action, resource, condition, elements)


def _statement(effect: str, action: Any, resource: Any, condition: Any, elements: dict[str, Any]) -> Document:
    made = {"Effect": effect, "Action": action, "Resource": resource, "Condition": condition, **elements}
    return {name: value for name, value in made.items() if value is not None}


def policy(*statements: Document, kind: PolicyKind = PolicyKind.INPUT, name: str = "app.json") -> Policy:
    """A policy whose statements begin in column 2 of line 3, 4, … behind one that has nothing to do with Bedrock."""
    lines = ",\n".join(f" {json.dumps(statement)}" for statement in (OTHER, *statements))
    return parse_policy(f'{{"Version": "2012-10-17", "Statement": [\n{lines}\n]}}', name=name, kind=kind)


def lint(*policies: Policy, region: str = "us-east-1") -> tuple[Note, ...]:
    return lint_policies(policies, partition="aws", region=region, account=ACCOUNT)


@dataclass(frozen=True)
class Case:
    """A statement that is right, the same one broken, and what the note says."""

    code: str
    right: Document
    broken: Document
    says: tuple[str, ...]
    beside: tuple[Document, ...] = ()
    kind: PolicyKind = PolicyKind.INPUT
    id: str = field(default="", compare=False)


def case(
    code: str, right: Document, broken: Document, *says: str, beside: Any = (), kind: Any = PolicyKind.INPUT
) -> Any:
    return pytest.param(Case(code, right, broken, says, tuple(beside), kind), id=f"{code}-{says[0][:40]}")


def equals(key: str, *values: str, operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {key: list(values)}}


KB = arn("knowledge-base/KB12345678")
US_HAIKU = [
    arn(f"inference-profile/us.{HAIKU}"),
    *(f"arn:aws:bedrock:{region}::foundation-model/{HAIKU}" for region in ("us-east-1", "us-east-2", "us-west-2")),
]
GLOBAL_HAIKU = [arn(f"inference-profile/global.{HAIKU}"), MODEL, f"arn:aws:bedrock:::foundation-model/{HAIKU}"]
ALL_MODELS = "arn:aws:bedrock:*::foundation-model/*"
NAMES = [
    case("BG510", allow(BOTH), allow([*BOTH, "bedrock:Converse"]), "'bedrock:Converse'", "bedrock:InvokeModel"),
    case("BG510", allow(BOTH), allow([*BOTH, "bedrock:ConverseStream"]), "bedrock:InvokeModelWithResponseStream"),
    case("BG510", allow(BOTH), allow("bedrock-runtime:InvokeModel"), "the prefix is bedrock:", "allows nothing"),
    case("BG510", allow("bedrock:Retrieve"), allow("bedrock-agent-runtime:Retrieve"), "bedrock:Retrieve"),
    case("BG510", allow(BOTH), allow([*BOTH, "bedrock:StartAsyncInvoke"]), "StartAsyncInvoke", "bedrock:InvokeModel"),
    case(
        "BG510",
        allow("bedrock-mantle:ListTagsForResource"),
        allow("bedrock-mantle:ListTagsForResources"),
        "bedrock-mantle:ListTagsForResource",
    ),
    case("BG510", allow("bedrock:Retrieve"), allow("bedrock:Retrieve "), "white space", "'bedrock:Retrieve'"),
    case(
        "BG510",
        allow("s3:GetObject"),
        allow("s3:GetObjects"),
        "'s3:GetObjects' is not in the Service Authorization Reference of 20",
        "did you mean s3:GetObject",
        "unless there is such an action by now, the statement allows nothing",
    ),
    case(
        "BG510",
        allow(["iam:GetRequestAuthorizationDetails", "iam:GetRequestAuthorizationPolicy"]),
        allow(["iam:GetRequestAuthorizationDetails", "iam:GetRequestAuthorizationPolicies"]),
        "'iam:GetRequestAuthorizationPolicies' is not in the Service",
        "nothing by it",
    ),
    case(
        "BG511",
        allow("iam:GetRequestAuth*"),
        allow("iam:GetRequestPermission*"),
        "no action of the Service Authorization Reference of 20",
        "unless there is such an action by now",
    ),
    case("BG510", allow("bedrock:Retrieve"), allow("bedrok:Retrieve"), "no IAM service prefix", "bedrock"),
    case("BG510", deny(BOTH), deny([*BOTH, "bedrock:Converse"]), "denies nothing by it"),
    case("BG511", allow("bedrock:Retrieve*"), allow("bedrock:Converse*"), "no action matches 'bedrock:Converse*'"),
    case("BG511", allow("bedrock:*"), allow("bedrock-runtime:*"), "name of a boto3 client; the prefix is bedrock"),
]
KEYS = [
    case(
        "BG512",
        allow(BOTH, MODEL, equals("aws:RequestedRegion", "us-east-1")),
        allow(BOTH, MODEL, equals("bedrock:region", "us-east-1")),
        "aws:RequestedRegion",
        "allows nothing",
    ),
    case("BG512", allow(BOTH), allow(BOTH, "*", equals("bedrock:ModelId", HAIKU)), "Resource", "allows nothing"),
    case("BG512", allow(BOTH), allow(BOTH, "*", equals("bedrock:FoundationModelId", HAIKU)), "belongs into Resource"),
    case(
        "BG512",
        allow(BOTH, ALL_MODELS, equals("bedrock:InferenceProfileArn", US_HAIKU[0])),
        allow(BOTH, ALL_MODELS, equals("aws:InferenceProfileArn", US_HAIKU[0])),
        "bedrock:InferenceProfileArn",
    ),
    case(
        "BG512",
        allow("bedrock:CallWithBearerToken", "*", equals("bedrock:bearerTokenType", "SHORT_TERM")),
        allow("bedrock:CallWithBearerToken", "*", equals("bedrock:TokenType", "SHORT_TERM")),
        "bedrock:BearerTokenType",
    ),
    case(
        "BG512",
        allow(BOTH, "*", equals("AWS:sourceVPCE", "vpce-1")),
        allow(BOTH, "*", equals("aws:SourceVpcEndpoint", "vpce-1")),
        "aws:SourceVpce",
    ),
    case(
        "BG512",
        deny(BOTH, "*", equals("aws:SourceVpce", "vpce-1", operator="StringNotEquals")),
        deny(BOTH, "*", equals("aws:SourceVpceId", "vpce-1", operator="StringNotEquals")),
        "always takes effect",
    ),
    case("BG512", deny(BOTH), deny(BOTH, "*", equals("bedrock:ModelId", HAIKU)), "the Deny blocks nothing"),
    case(
        "BG512",
        allow(BOTH),
        allow(BOTH, "*", equals("bedrock:ModelId", HAIKU, operator="StringEqualsIfExists")),
        "limits nothing",
    ),
    case(
        "BG513",
        allow(BOTH, MODEL, equals("bedrock:InferenceProfileArn", US_HAIKU[0])),
        allow("bedrock:Retrieve", KB, equals("bedrock:InferenceProfileArn", US_HAIKU[0])),
        "no request",
        "allows nothing",
    ),
    case(
        "BG513",
        allow(BOTH, arn("application-inference-profile/*"), equals("aws:ResourceTag/team", "ml")),
        allow(BOTH, MODEL, equals("aws:ResourceTag/team", "ml")),
        "'aws:ResourceTag/team'",
        "allows nothing",
    ),
    case(
        "BG513",
        allow(["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]),
        allow([*BOTH, "bedrock:GetInferenceProfile"], "*", equals("bedrock:ServiceTier", "default")),
        "bedrock:GetInferenceProfile never carries",
    ),
    case(
        "BG513",
        deny(BOTH, "*", equals("bedrock:GuardrailIdentifier", f"{GUARDRAIL}:1", operator="StringNotEquals")),
        deny("bedrock:*", "*", equals("bedrock:GuardrailIdentifier", f"{GUARDRAIL}:1", operator="StringNotEquals")),
        "always takes effect on it",
        "bedrock:InvokeModel",
    ),
    case(
        "BG513",
        allow("iam:PassRole", "*", equals("iam:PassedToService", "bedrock.amazonaws.com")),
        allow("bedrock:CreateAgent", "*", equals("iam:PassedToService", "bedrock.amazonaws.com")),
        "'iam:PassedToService'",
    ),
]
ARNS = [
    case(
        "BG514",
        allow("bedrock:ListInferenceProfiles"),
        allow("bedrock:ListInferenceProfiles", arn("inference-profile/*")),
        "bedrock:ListInferenceProfiles takes no resource",
    ),
    case("BG514", deny("bedrock:CreateAgent"), deny("bedrock:CreateAgent", arn("agent/*")), "never denies it"),
    case(
        "BG515",
        allow("bedrock:InvokeAgent", arn("agent-alias/AGENT12345/ALIAS12345")),
        allow("bedrock:InvokeAgent", arn("agent/AGENT12345")),
        "agent-alias/*/*",
        "(agent)",
    ),
    case(
        "BG515",
        allow("bedrock:InvokeFlow", arn("flow/FLOW123456/alias/*")),
        allow("bedrock:InvokeFlow", arn("flow/FLOW123456")),
        "flow/*/alias/*",
    ),
    case(
        "BG515",
        allow([*BOTH, "bedrock:Retrieve"], [MODEL, KB]),
        allow([*BOTH, "bedrock:Retrieve"], [MODEL]),
        "never allows bedrock:Retrieve",
    ),
    case("BG515", allow(BOTH, MODEL), allow(BOTH, [MODEL, arn("custom-model/*")]), "(custom-model)", "the entry"),
    case("BG515", allow(BOTH, MODEL), allow(BOTH, [MODEL, "arn:aws:s3:::bucket/*"]), "'arn:aws:s3:::bucket/*'"),
    case(
        "BG516",
        allow(BOTH, MODEL),
        allow(BOTH, [MODEL, f"arn:aws:bedrock:us-east-1:foundation-model/{HAIKU}"]),
        f"arn:aws:bedrock:us-east-1:foundation-model/{HAIKU}",
        f"write '{MODEL}'",
    ),
    case(
        "BG516",
        allow(BOTH, MODEL),
        allow(BOTH, arn(f"foundation-model/{HAIKU}")),
        "account of a model's ARN is empty",
        f"write '{MODEL}'",
    ),
    case(
        "BG516",
        allow(BOTH, US_HAIKU),
        allow(BOTH, [f"arn:aws:bedrock:us-east-1::inference-profile/us.{HAIKU}", *US_HAIKU[1:]]),
        "the account is missing",
        "<account>",
    ),
    case(
        "BG516",
        allow(BOTH, US_HAIKU),
        allow(BOTH, [f"arn:aws:bedrock::{ACCOUNT}:inference-profile/us.{HAIKU}", *US_HAIKU[1:]]),
        "the Region is missing",
    ),
    case("BG516", allow(BOTH, MODEL), allow(BOTH, MODEL.replace("aws:", "aws-us-gov:", 1)), "write arn:aws:…"),
    case(
        "BG516",
        allow("bedrock:ApplyGuardrail", GUARDRAIL),
        allow("bedrock:ApplyGuardrail", f"{GUARDRAIL}:1"),
        "version is no part of it",
        f"write '{GUARDRAIL}'",
    ),
    case(
        "BG516",
        allow("bedrock:InvokeAgent", arn("agent-alias/AGENT12345/ALIAS12345")),
        allow("bedrock:InvokeAgent", arn("agent/AGENT12345/ALIAS12345")),
        "write 'arn:aws:bedrock:us-east-1:123456789012:agent-alias/AGENT12345/ALIAS12345'",
    ),
    case(
        "BG516",
        allow("bedrock:InvokeAgent", arn("agent-alias/AGENT12345/ALIAS12345")),
        allow("bedrock:InvokeAgent", arn("agent-alias/ALIAS12345")),
        "the agent's id is missing",
    ),
    case(
        "BG516",
        allow(BOTH, US_HAIKU),
        allow(BOTH, [f"arn:aws:bedrock:us-east-1::foundation-model/us.{HAIKU}", *US_HAIKU[1:]]),
        "us. begins the id of an inference profile",
        f"inference-profile/us.{HAIKU}",
    ),
    case(
        "BG516",
        allow(BOTH, US_HAIKU),
        allow(BOTH, [arn(f"inference-profile/{HAIKU}"), *US_HAIKU[1:]]),
        "begins with a geography",
        f"inference-profile/us.{HAIKU}",
    ),
    case(
        "BG516",
        allow(BOTH, arn("application-inference-profile/abcdefgh1234")),
        allow(BOTH, arn("inference-profile/abcdefgh1234")),
        "application-inference-profile/abcdefgh1234",
    ),
    case("BG516", allow(BOTH, MODEL), allow(BOTH, MODEL.replace("-model", "-models")), "no resources called"),
    case("BG516", allow(BOTH, MODEL), allow(BOTH, f"{MODEL} "), "white space", f"write '{MODEL}'"),
    case("BG516", deny(BOTH, MODEL), deny(BOTH, arn(f"foundation-model/{HAIKU}")), "names nothing"),
]


def guardrail(*values: str, operator: str) -> dict[str, Any]:
    return equals("bedrock:GuardrailIdentifier", *values, operator=operator)


GUARDRAILS = [
    case(
        "BG517",
        deny(BOTH, "*", guardrail(f"{GUARDRAIL}:1", operator="StringNotEquals")),
        deny(BOTH, "*", guardrail(GUARDRAIL, operator="StringNotEquals")),
        "the draft alone",
        "StringNotLike",
    ),
    case(
        "BG517",
        allow(BOTH, "*", guardrail(GUARDRAIL, f"{GUARDRAIL}:*", operator="StringLike")),
        allow(BOTH, "*", guardrail(GUARDRAIL, operator="StringLike")),
        "allows the draft alone",
        "StringLike",
    ),
    case(
        "BG517",
        allow(BOTH, "*", guardrail(f"{GUARDRAIL}:2", operator="StringEquals")),
        allow(BOTH, "*", guardrail(f"{GUARDRAIL}:DRAFT", operator="StringEquals")),
        "never",
    ),
    case(
        "BG517",
        allow(BOTH, "*", guardrail(f"{GUARDRAIL}:2", operator="StringEquals")),
        allow(BOTH, "*", guardrail("gr1", operator="StringEquals")),
        "'gr1'",
    ),
]


def region(*values: str, operator: str = "StringEquals") -> dict[str, Any]:
    return equals("aws:RequestedRegion", *values, operator=operator)


US = ("us-east-1", "us-east-2", "us-west-1", "us-west-2")
PROFILES = "arn:aws:bedrock:*:*:inference-profile/global.*"
LOCK = region(*US, operator="StringNotEquals")
UNLOCKED = region(*US, "unspecified", operator="StringNotEquals")
SILENT = (
    "amazon.titan-embed-text-v2:0",
    "amazon.titan-embed-*",
    "amazon.titan-image-generator-v2:0",
    "amazon.nova-canvas-v1:0",
    "amazon.nova-reel-v1:1",
    "amazon.rerank-v1:0",
    "cohere.embed-english-v3",
    "cohere.rerank-v3-5:0",
    "stability.sd3-5-large-v1:0",
    "twelvelabs.marengo-embed-2-7-v1:0",
)
"""Models without streaming."""
US_EMBED = [
    f"arn:aws:bedrock:{region}::foundation-model/cohere.embed-v4:0"
    for region in ("us-east-1", "us-east-2", "us-west-2")
]
ROUTES = [
    case("BG518", allow(BOTH, MODEL), allow(BOTH[0], MODEL), "ConverseStream"),
    case(
        "BG518",
        allow(BOTH[0], [f"arn:aws:bedrock:*::foundation-model/{model}" for model in SILENT]),
        allow(BOTH[0], [*(f"arn:aws:bedrock:*::foundation-model/{model}" for model in SILENT), MODEL]),
        f"on '{MODEL}': ConverseStream",
    ),
    case(
        "BG518",
        allow(BOTH[0], [arn("inference-profile/us.cohere.embed-v4:0"), *US_EMBED]),
        allow(
            BOTH[0], [f"arn:aws:bedrock:{one}::foundation-model/cohere.command-r-v1:0" for one in ("*", "eu-west-1")]
        ),
        "cohere.command-r-v1:0",
    ),
    case("BG518", allow(BOTH, MODEL), allow(BOTH[1], MODEL), "Converse and InvokeModel will be denied"),
    case("BG518", deny(BOTH, MODEL), deny(BOTH[0], MODEL), "alone does not block", "deny both"),
    case("BG518", deny(BOTH), deny(BOTH[1]), "alone does not block", "bedrock:InvokeModel,"),
    case("BG519", deny("*", "*", UNLOCKED), deny("*", "*", LOCK), '"unspecified"', kind=PolicyKind.SCP),
    case(
        "BG519",
        deny("*", "*", {**LOCK, "ArnNotLike": {"bedrock:InferenceProfileArn": PROFILES}}),
        deny(None, "*", LOCK, NotAction=["iam:*", "sts:*"]),
        "Region lock",
        kind=PolicyKind.SCP,
    ),
    case(
        "BG520",
        deny("*", "*", UNLOCKED),
        deny("*", "*", region("us-east-1", "us-east-2", "us-west-2", "unspecified", operator="StringNotEquals")),
        "us-west-1",
        kind=PolicyKind.SCP,
    ),
    case(
        "BG519",
        allow(BOTH, "*", region(*US, "unspecified")),
        allow(BOTH, "*", region(*US)),
        "condition on the Region does not allow",
    ),
    case(
        "BG520",
        allow(BOTH, [US_HAIKU[0], ALL_MODELS], region(*US)),
        allow(BOTH, [US_HAIKU[0], ALL_MODELS], region("us-east-1")),
        "us-east-2 and us-west-2",
    ),
    case("BG521", allow(BOTH, US_HAIKU), allow(BOTH, US_HAIKU[:1]), "without the model behind it", US_HAIKU[3]),
    case("BG521", allow(BOTH, US_HAIKU), allow(BOTH, US_HAIKU[:3]), "also routes to us-west-2", US_HAIKU[3]),
    case("BG521", allow(BOTH, GLOBAL_HAIKU), allow(BOTH, GLOBAL_HAIKU[:2]), "without one", GLOBAL_HAIKU[2]),
    case(
        "BG521",
        allow(BOTH, [arn("inference-profile/us.*"), ALL_MODELS]),
        allow(BOTH, [arn("inference-profile/us.*"), ALL_MODELS.replace("*", "us-east-1", 1)]),
        "us-west-2",
    ),
    case(
        "BG521",
        allow(BOTH, [arn("inference-profile/*"), ALL_MODELS, "arn:aws:bedrock:::foundation-model/*"]),
        allow(BOTH, arn("inference-profile/*")),
        "without the model behind it",
    ),
    case(
        "BG521",
        allow(BOTH, [arn("inference-profile/us.acme.new-v1:0"), "arn:aws:bedrock:*::foundation-model/acme.*"]),
        allow(BOTH, arn("inference-profile/us.acme.new-v1:0")),
        "us.acme.new-v1:0",
    ),
]
PASS = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
FILES = allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::files/*")
KMS = ["kms:Decrypt", "kms:GenerateDataKey"]
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"


def via(service: str) -> dict[str, Any]:
    return equals("kms:ViaService", service)


GRANTS = [
    case("BG522", allow("bedrock:*"), allow(None, "*", NotAction="iam:*"), "NotAction"),
    case("BG522", allow(BOTH, MODEL), allow(BOTH, None, NotResource=MODEL), "NotResource"),
    case(
        "BG523",
        allow("iam:PassRole", "*", PASS),
        allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/agent"),
        "iam:PassedToService",
        beside=[allow("bedrock:CreateAgent")],
    ),
    case(
        "BG524",
        allow(KMS, KEY, via("s3.us-east-1.amazonaws.com")),
        allow(KMS, KEY, via("bedrock.us-east-1.amazonaws.com")),
        '"s3.us-east-1.amazonaws.com"',
        beside=[FILES],
    ),
]
CASES = [*NAMES, *KEYS, *ARNS, *GUARDRAILS, *ROUTES, *GRANTS]


@pytest.mark.parametrize("case", CASES)
def test_the_broken_statement_has_one_note_at_its_place_and_the_right_one_none(case: Case) -> None:
    """Exactly one note, of that code, at that line and column, with the fix; and silence when it is mended."""
    assert lint(policy(case.right, *case.beside, kind=case.kind)) == ()
    (note,) = lint(policy(case.broken, *case.beside, kind=case.kind))
    assert note.code == case.code, note.text
    assert note.statement is not None
    assert (note.statement.policy, note.statement.line, note.statement.column) == ("app.json", 3, 2)
    for words in case.says:
        assert words in note.text


def test_every_lint_has_a_code_and_a_case() -> None:
    codes = {parameter.values[0].code for parameter in CASES}
    assert codes == {code for code in CODES if "BG510" <= code <= "BG529"}


class TestPoliciesAreReadTogether:
    """What one policy leaves out another may hold."""

    def test_a_model_that_another_policy_grants_is_not_missed(self) -> None:
        profile, models = policy(allow(BOTH, US_HAIKU[:1]), name="a"), policy(allow(BOTH, US_HAIKU[1:]), name="b")
        assert lint(profile, models) == ()
        assert [note.code for note in lint(profile)] == ["BG521"]

    def test_the_other_action_may_stand_in_another_policy(self) -> None:
        whole, stream = policy(allow(BOTH[0], MODEL), name="a"), policy(allow(BOTH[1], ALL_MODELS), name="b")
        assert [note.code for note in lint(whole)] == ["BG518"]
        assert {note.statement.policy for note in lint(whole, stream) if note.statement} == {"b"}

    def test_what_is_aws_s_counts_and_is_not_linted(self) -> None:
        """Nobody else can mend it."""
        aws = policy(allow([*BOTH, "bedrock:Converse"]), kind=PolicyKind.AWS_MANAGED, name="aws")
        assert lint(aws, policy(allow(BOTH[0], MODEL))) == ()

    def test_notes_stand_in_the_order_of_the_policies_and_their_lines(self) -> None:
        first = policy(allow(BOTH, MODEL), allow("bedrock:Converse"), allow("bedrock:Nothing"), name="z")
        second = policy(allow("bedrock:Converse"), name="a")
        places = [(note.statement.policy, note.statement.line) for note in lint(first, second) if note.statement]
        assert places == [("z", 4), ("z", 5), ("a", 3)]


class TestNoFalseAlarm:
    """Right policies that look like wrong ones."""

    @pytest.mark.parametrize(
        "statement",
        [
            allow("bedrock:*"),
            allow("*"),
            allow("*:Invoke*"),
            allow(BOTH, "arn:aws:bedrock:*"),
            allow(BOTH, "arn:aws:bedrock:*:*:*"),
            allow(BOTH, "arn:aws:bedrock:*:foundation-model/*"),
            allow(BOTH, f"arn:aws:bedrock:us-*:foundation-model/{HAIKU}"),
            allow(BOTH, "arn:aws:bedrock:*:*:foundation-model/*"),
            allow(BOTH, [MODEL, "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/*"]),
            allow("bedrock:InvokeFlow", arn("flow/*")),
            allow("bedrock:InvokeAgent", arn("agent-alias/*")),
            allow("bedrock:InvokeAgent", arn("agent-alias/${aws:PrincipalTag/agent}")),
            allow(["bedrock:InvokeModel*", "bedrock:GetAsyncInvoke"], "arn:aws:bedrock:us-east-1::async-invoke/*"),
            allow("bedrock:List*", arn("agent/*")),
            allow(BOTH, MODEL, {"StringEquals": {"aws:PrincipalTag/team": "ml"}}),
            allow(BOTH, "*", {"ArnLike": {"lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:app"}}),
            allow("bedrock:RenderPrompt", arn("prompt/PROMPT1234:3")),
            allow(BOTH, arn("marketplace/model-endpoint/all-access")),
            allow(["iam:*", "s3:*"]),
            allow(["s3:GetObject", "bedrock:Retrieve"], "*", equals("s3:ExistingObjectTag/a", "b")),
            deny(BOTH, "*", equals("aws:RequestedRegion", "unspecified")),
            deny(None, "*", LOCK, NotAction=["bedrock:*", "sts:*"]),
            deny("s3:*", "*", LOCK),
        ],
        ids=json.dumps,
    )
    def test_nothing_is_said(self, statement: Document) -> None:
        assert [note.text for note in lint(policy(statement))] == []

    def test_a_lock_of_another_region_is_not_about_this_app(self) -> None:
        """Where the source Region itself is denied the check says so, and routes do not matter."""
        lock = policy(deny("*", "*", region("eu-west-1", operator="StringNotEquals")), kind=PolicyKind.SCP)
        assert lint(lock) == ()

    def test_a_role_is_passed_on_in_a_policy_that_is_not_about_bedrock(self) -> None:
        assert lint(policy(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/x"))) == ()

    def test_a_trust_policy_has_lints_of_its_own(self) -> None:
        trust = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        assert lint(parse_policy(document, name="trust", kind=PolicyKind.TRUST)) == ()


def test_of_bedrocks_names_nothing_is_newer_than_what_is_known() -> None:
    """The models of botocore are read besides the reference, so that an invented name of Bedrock's is called that."""
    (note,) = lint(policy(allow("bedrock:InvokeModels")))
    assert note.text.startswith("'bedrock:InvokeModels' is not an IAM action")
    assert note.text.endswith("; the statement allows nothing")
