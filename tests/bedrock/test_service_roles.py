"""What a service role takes: the caller's pass, the trust, and the role's own permissions on what was named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bedrock_guard.bedrock.service_role_details import ServiceRole
from bedrock_guard.bedrock.service_roles import (
    KINDS,
    RoleDetails,
    RoleKind,
    details_of_request,
    find_role_kind,
    parse_service_role,
    service_role_notes,
    service_role_requirements,
)
from bedrock_guard.bedrock.trust import is_trust
from bedrock_guard.codes import CODES
from bedrock_guard.errors import ConfigurationError
from bedrock_guard.report import Requirement
from tests.bedrock.trusts import ACCOUNT, REGION, ROLE, SERVICES, SOURCES, asked

PAGE = Path(__file__).parents[2] / "docs" / "service-roles.md"
NOVA = "amazon.nova-lite-v1:0"
TITAN = "amazon.titan-embed-text-v2:0"
HERE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}"


def needed(kind: str, **details: Any) -> tuple[Requirement, ...]:
    destinations = {f"us.{NOVA}": ["us-east-1", "us-west-2"]}
    return service_role_requirements(
        kind,
        ROLE,
        partition="aws",
        region=REGION,
        account=ACCOUNT,
        details=RoleDetails(**details),
        destinations=destinations,
    )


def own(kind: str, *, advisory: bool = False, **details: Any) -> set[tuple[str, str]]:
    """Action and resource of what the role itself needs."""
    return {
        (one.action, one.resource)
        for one in needed(kind, **details)
        if one.principal == ROLE and one.advisory is advisory
    }


# -- the requirements -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SERVICES)
def test_the_trust_is_asked_for_the_service_with_the_account_and_the_source(kind: str) -> None:
    for requirement in asked(kind):
        assert (requirement.resource, requirement.principal) == (ROLE, SERVICES[kind])
        source = SOURCES.get(kind)
        expected = {"aws:SourceAccount": (ACCOUNT,), "aws:SourceArn": (source,)} if source else {}
        assert dict(requirement.context) == expected


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_role_that_is_handed_over_is_passed_and_one_an_app_runs_under_is_not(kind: RoleKind) -> None:
    requirements = needed(kind.name)
    passed = [one for one in requirements if one.action == "iam:PassRole"]
    if kind.of_the_app:
        assert all(is_trust(one) for one in requirements)
        return
    (requirement,) = passed
    assert (requirement.resource, requirement.principal) == (ROLE, "")
    assert requirement.context == (("iam:PassedToService", (SERVICES[kind.name],)),)
    assert requirements.index(requirement) == 0


def test_an_agent_with_a_profile_needs_both_calls_on_every_destination() -> None:
    model = f"us.{NOVA}"
    resources = {
        f"{HERE}:inference-profile/{model}",
        f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
        f"arn:aws:bedrock:us-west-2::foundation-model/{NOVA}",
    }
    assert own("agent", models=(model,)) == {
        (f"bedrock:{action}", resource)
        for action in ("InvokeModel", "InvokeModelWithResponseStream")
        for resource in resources
    }
    for one in needed("agent", models=(model,)):
        if "foundation-model" in one.resource and not one.advisory:
            assert dict(one.context)["bedrock:InferenceProfileArn"] == (f"{HERE}:inference-profile/{model}",)
    assert own("agent", advisory=True, models=(model,)) == {
        ("bedrock:GetInferenceProfile", f"{HERE}:inference-profile/{model}"),
        ("bedrock:GetFoundationModel", f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"),
    }


def test_an_agent_with_a_plain_model_needs_one_call_on_it() -> None:
    model = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
    assert own("agent", models=(NOVA,)) == {("bedrock:InvokeModel", model)}
    assert own("agent", advisory=True, models=(NOVA,)) == set()


def test_an_unresolved_profile_is_asked_wherever_it_routes() -> None:
    found = own("agent", models=(f"eu.{NOVA}",))
    assert ("bedrock:InvokeModel", f"arn:aws:bedrock:*::foundation-model/{NOVA}") in found


def test_without_details_what_a_feature_cannot_do_without_is_asked_on_any() -> None:
    assert own("agent") == {("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/*")}
    assert own("batch-inference") == {
        ("s3:GetObject", "arn:aws:s3:::*/*"),
        ("s3:ListBucket", "arn:aws:s3:::*"),
        ("s3:PutObject", "arn:aws:s3:::*/*"),
    }
    assert own("knowledge-base") == set()
    assert ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/*") in own(
        "knowledge-base", advisory=True
    )


STORES = {
    f"arn:aws:aoss:{REGION}:{ACCOUNT}:collection/abc": {("aoss:APIAccessAll", "")},
    f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:vectors": {
        ("rds:DescribeDBClusters", ""),
        ("rds-data:ExecuteStatement", ""),
        ("rds-data:BatchExecuteStatement", ""),
    },
    f"arn:aws:neptune-graph:{REGION}:{ACCOUNT}:graph/g-1": {
        ("neptune-graph:GetGraph", ""),
        ("neptune-graph:ReadDataViaQuery", ""),
        ("neptune-graph:WriteDataViaQuery", ""),
        ("neptune-graph:DeleteDataViaQuery", ""),
    },
    f"arn:aws:kendra:{REGION}:{ACCOUNT}:index/i-1": {("kendra:Retrieve", ""), ("kendra:DescribeIndex", "")},
    f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/b/index/i": {
        (f"s3vectors:{action}", "") for action in ("PutVectors", "GetVectors", "DeleteVectors", "QueryVectors")
    }
    | {("s3vectors:GetIndex", "")},
    f"arn:aws:es:{REGION}:{ACCOUNT}:domain/docs": {
        ("es:DescribeDomain", ""),
        ("es:ESHttpGet", "/*"),
        ("es:ESHttpPost", "/*"),
        ("es:ESHttpPut", "/*"),
        ("es:ESHttpDelete", "/*"),
    },
}


@pytest.mark.parametrize(("store", "expected"), STORES.items(), ids=[store.split(":")[2] for store in STORES])
def test_a_knowledge_base_needs_what_its_store_needs_and_nothing_of_others(
    store: str, expected: set[tuple[str, str]]
) -> None:
    assert own("knowledge-base", stores=(store,)) == {(action, store + under) for action, under in expected}


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if not kind.of_the_app])
def test_what_a_role_does_in_s3_it_does_in_buckets_of_its_own_account(kind: str) -> None:
    """The policies of the guides have the condition, so that the check sends the key; nothing but S3 has it."""
    for one in needed(kind, buckets=("docs/in/",), outputs=("docs/out/",)):
        if one.principal != ROLE or is_trust(one):
            continue
        of_s3 = one.resource.startswith("arn:aws:s3:::")
        assert (dict(one.context).get("aws:ResourceAccount") == (ACCOUNT,)) is of_s3, one


def test_some_roles_read_and_write_files() -> None:
    """So that the rule above is about something."""
    found = [
        one
        for one in needed("batch-inference", buckets=("docs/in/",), outputs=("docs/out/",))
        if one.action.startswith("s3:")
    ]
    assert {one.action for one in found} == {"s3:GetObject", "s3:ListBucket", "s3:PutObject"}


def test_keys_of_buckets_are_used_by_way_of_s3() -> None:
    (decrypt,) = [one for one in needed("knowledge-base", keys=("k-1",)) if one.action == "kms:Decrypt"]
    assert decrypt.resource == f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k-1"
    assert decrypt.context == (("kms:ViaService", ("s3.us-east-1.amazonaws.com",)),)


@pytest.mark.parametrize(
    ("bucket", "objects"),
    [
        ("docs", "docs/*"),
        ("docs/2026", "docs/2026/*"),
        ("docs/2026/", "docs/2026/*"),
        ("s3://docs/in/one.jsonl", "docs/in/one.jsonl"),
        ("arn:aws:s3:::docs", "docs/*"),
        ("docs/2026/*", "docs/2026/*"),
    ],
)
def test_buckets_are_named_in_any_form(bucket: str, objects: str) -> None:
    found = own("model-import", buckets=(bucket,))
    assert found == {("s3:GetObject", f"arn:aws:s3:::{objects}"), ("s3:ListBucket", "arn:aws:s3:::docs")}


def test_a_guardrails_version_is_no_part_of_it() -> None:
    for guardrail in ("gr1", "gr1:2", f"{HERE}:guardrail/gr1", f"{HERE}:guardrail/gr1:2"):
        assert ("bedrock:ApplyGuardrail", f"{HERE}:guardrail/gr1") in own("agent", guardrails=(guardrail,))


def test_an_image_is_of_its_repository() -> None:
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/agent:1.0"
    found = own("agentcore-runtime", repositories=(image,))
    assert ("ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/agent") in found
    assert ("ecr:GetAuthorizationToken", "*") in found


def test_what_is_decided_beside_iam_is_said() -> None:
    details = RoleDetails(stores=(f"arn:aws:aoss:{REGION}:{ACCOUNT}:collection/abc",))
    (note,) = service_role_notes("knowledge-base", ROLE, details=details)
    assert (note.code, "data access policy" in note.text) == ("BG539", True)
    (note,) = service_role_notes("agent", ROLE, details=RoleDetails(lambdas=("tool",)))
    assert "resource policy" in note.text
    (note,) = service_role_notes("invocation-logging", ROLE, details=RoleDetails(outputs=("logs",)))
    assert "bucket's policy" in note.text
    assert service_role_notes("knowledge-base", ROLE) == ()
    assert note.code in CODES


# -- from text ------------------------------------------------------------------------------------------------------


def test_a_text_names_kind_role_and_details() -> None:
    text = (
        f"knowledge-base={ROLE},model={TITAN},bucket=docs/2026,bucket=more,output=out,key=arn:aws:kms:::key/1,"
        f"store=arn:aws:aoss:{REGION}:{ACCOUNT}:collection/abc,source={HERE}:knowledge-base/KB1"
    )
    assert parse_service_role(text) == ServiceRole(
        "knowledge-base",
        ROLE,
        RoleDetails(
            models=(TITAN,),
            buckets=("docs/2026", "more"),
            outputs=("out",),
            keys=("arn:aws:kms:::key/1",),
            stores=(f"arn:aws:aoss:{REGION}:{ACCOUNT}:collection/abc",),
            source=f"{HERE}:knowledge-base/KB1",
        ),
    )


def test_a_roles_name_may_hold_commas_and_equal_signs() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/a,b+c@d"
    assert parse_service_role(f"flow={arn},lambda=f").arn == arn
    assert parse_service_role("lambda=arn:aws:iam::123456789012:role/a=b").arn.endswith("role/a=b")


@pytest.mark.parametrize(
    ("text", "message", "suggestion"),
    [
        ("knowlege-base=" + ROLE, "no such kind", "knowledge-base"),
        ("agents=" + ROLE, "no such kind", "agent"),
        ("agent", "expected KIND=ROLE_ARN", None),
        ("agent=the-role", "is not the ARN of a role", None),
        (f"agent=arn:aws:iam::{ACCOUNT}:user/ann", "is not the ARN of a role", None),
        (f"agent=arn:aws:iam::{ACCOUNT}:role/*", "has a wildcard", None),
        (f"agent=arn:aws:iam::{ACCOUNT}:instance-profile/app", "instance profile", None),
        (
            f"agent=arn:aws:sts::{ACCOUNT}:assumed-role/app/session",
            "is a session of the role",
            f"arn:aws:iam::{ACCOUNT}:role/app",
        ),
        (f"agent={ROLE},modle=x", "no detail is called 'modle'", "model"),
        (f"agent={ROLE},model=", "model has no value", None),
        (f"agent={ROLE},secret=name", "is no ARN", None),
        (f"agent={ROLE},source={HERE}:agent/A,source={HERE}:agent/B", "given twice", None),
    ],
)
def test_a_text_that_cannot_be_used_says_why(text: str, message: str, suggestion: str | None) -> None:
    with pytest.raises(ConfigurationError, match="service role") as caught:
        parse_service_role(text)
    assert message in str(caught.value)
    assert caught.value.code == "BG504"
    assert suggestion is None or suggestion in caught.value.suggestions


def test_a_role_of_another_partition_and_a_model_that_is_none_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="another partition"):
        service_role_requirements("agent", ROLE, partition="aws-us-gov", region="us-gov-west-1", account=ACCOUNT)
    with pytest.raises(ConfigurationError, match="service role agent: model"):
        needed("agent", models=("claude",))


def test_kinds_are_found_whatever_their_case() -> None:
    assert find_role_kind(" Agent ").name == "agent"


# -- from requests --------------------------------------------------------------------------------------------------

REQUESTS: list[tuple[str, dict[str, Any], RoleDetails]] = [
    (
        "knowledge-base",
        {
            "roleArn": ROLE,
            "knowledgeBaseConfiguration": {
                "type": "VECTOR",
                "vectorKnowledgeBaseConfiguration": {
                    "embeddingModelArn": f"arn:aws:bedrock:{REGION}::foundation-model/{TITAN}"
                },
            },
            "storageConfiguration": {
                "type": "RDS",
                "rdsConfiguration": {
                    "resourceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:v",
                    "credentialsSecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:s",
                },
            },
        },
        RoleDetails(
            models=(f"arn:aws:bedrock:{REGION}::foundation-model/{TITAN}",),
            stores=(f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:v",),
            secrets=(f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:s",),
        ),
    ),
    (
        "batch-inference",
        {
            "modelId": NOVA,
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://in/a.jsonl"}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://out/b/", "s3EncryptionKeyId": "k"}},
        },
        RoleDetails(models=(NOVA,), buckets=("s3://in/a.jsonl",), outputs=("s3://out/b/",), keys=("k",)),
    ),
    (
        "model-customization",
        {
            "baseModelIdentifier": NOVA,
            "trainingDataConfig": {"s3Uri": "s3://train/t.jsonl"},
            "validationDataConfig": {"validators": [{"s3Uri": "s3://v/1.jsonl"}, {"s3Uri": "s3://v/2.jsonl"}]},
            "outputDataConfig": {"s3Uri": "s3://out/"},
            "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]},
            "customizationConfig": {
                "distillationConfig": {"teacherModelConfig": {"teacherModelIdentifier": f"us.{NOVA}"}}
            },
        },
        RoleDetails(
            models=(f"us.{NOVA}",),
            buckets=("s3://train/t.jsonl", "s3://v/1.jsonl", "s3://v/2.jsonl"),
            outputs=("s3://out/",),
            subnets=("subnet-1", "subnet-2"),
            security_groups=("sg-1",),
        ),
    ),
    (
        "flow",
        {
            "definition": {
                "nodes": [
                    {"configuration": {"lambdaFunction": {"lambdaArn": "arn:aws:lambda:::function:f"}}},
                    {"configuration": {"agent": {"agentAliasArn": f"{HERE}:agent-alias/A/B"}}},
                    {"configuration": {"input": {}}},
                    {"configuration": {"knowledgeBase": {"knowledgeBaseId": "KB1", "modelId": NOVA}}},
                ]
            }
        },
        RoleDetails(
            models=(NOVA,),
            knowledge_bases=("KB1",),
            lambdas=("arn:aws:lambda:::function:f",),
            agents=(f"{HERE}:agent-alias/A/B",),
        ),
    ),
    (
        "agentcore-browser",
        {"recording": {"s3Location": {"bucket": "films", "prefix": "/b"}}},
        RoleDetails(outputs=("films/b",)),
    ),
    (
        "invocation-logging",
        {"loggingConfig": {"cloudWatchConfig": {"logGroupName": "calls"}, "s3Config": {"bucketName": "logs"}}},
        RoleDetails(log_groups=("calls",), outputs=("logs",)),
    ),
    ("agent", {"agentName": "a"}, RoleDetails()),
]


@pytest.mark.parametrize(("kind", "parameters", "expected"), REQUESTS, ids=[kind for kind, _, _ in REQUESTS])
def test_a_request_names_what_the_role_needs(kind: str, parameters: dict[str, Any], expected: RoleDetails) -> None:
    assert details_of_request(kind, parameters) == expected


def test_a_request_of_the_wrong_shape_names_nothing() -> None:
    for wrong in ({"modelId": 5}, {"inputDataConfig": "x"}, {"inputDataConfig": None}):
        assert details_of_request("batch-inference", wrong) == RoleDetails()


def test_details_of_several_requests_add_up() -> None:
    more = details_of_request(
        "knowledge-base",
        {"dataSourceConfiguration": {"s3Configuration": {"bucketArn": "arn:aws:s3:::docs"}}},
    )
    assert RoleDetails(models=(TITAN,), buckets=("a",)).merged(more) == RoleDetails(
        models=(TITAN,), buckets=("a", "arn:aws:s3:::docs")
    )


IN_A_VPC = {
    "batch-inference": ("BedrockModelInvocationJobArn", "model-invocation-job"),
    "model-customization": ("BedrockModelCustomizationJobArn", "model-customization-job"),
    "model-import": ("BedrockModelImportJobArn", "model-import-job"),
}


@pytest.mark.parametrize("kind", IN_A_VPC)
def test_the_role_of_a_job_in_a_vpc_makes_tags_and_removes_interfaces(kind: str) -> None:
    """With the tags, the subnet and on the resources of AWS's policies, so that those allow all of it."""
    tag, job = IN_A_VPC[kind]
    ec2 = f"arn:aws:ec2:{REGION}:{ACCOUNT}:"
    asked = [
        one
        for one in needed(kind, subnets=("subnet-1", f"{ec2}subnet/subnet-2"), security_groups=("sg-1",))
        if one.action.startswith("ec2:")
    ]
    assert not any(one.advisory for one in asked)
    assert {one.principal for one in asked} == {ROLE}
    assert {(one.action, one.resource) for one in asked} == {
        ("ec2:DescribeNetworkInterfaces", "*"),
        ("ec2:DescribeVpcs", "*"),
        ("ec2:DescribeDhcpOptions", "*"),
        ("ec2:DescribeSubnets", "*"),
        ("ec2:DescribeSecurityGroups", "*"),
        ("ec2:CreateNetworkInterface", f"{ec2}network-interface/*"),
        ("ec2:CreateNetworkInterface", f"{ec2}subnet/subnet-1"),
        ("ec2:CreateNetworkInterface", f"{ec2}subnet/subnet-2"),
        ("ec2:CreateNetworkInterface", f"{ec2}security-group/sg-1"),
        ("ec2:CreateTags", f"{ec2}network-interface/*"),
        ("ec2:CreateNetworkInterfacePermission", f"{ec2}network-interface/*"),
        ("ec2:DeleteNetworkInterface", f"{ec2}network-interface/*"),
        ("ec2:DeleteNetworkInterfacePermission", f"{ec2}network-interface/*"),
    }
    arn = f"{HERE}:{job}/*"
    for one in asked:
        context = dict(one.context)
        if one.action in ("ec2:CreateNetworkInterface", "ec2:CreateTags"):
            assert context["aws:RequestTag/BedrockManaged"] == ("true",)
            assert context[f"aws:RequestTag/{tag}"] == (arn,)
            assert context["aws:TagKeys"] == ("BedrockManaged", tag)
        elif one.resource != "*":
            assert context["ec2:ResourceTag/BedrockManaged"] == ("true",)
            assert context[f"ec2:ResourceTag/{tag}"] == (arn,)
    removed = [one for one in asked if one.action == "ec2:DeleteNetworkInterface"]
    assert [dict(one.context)["ec2:Subnet"] for one in removed] == [
        (f"{ec2}subnet/subnet-1",),
        (f"{ec2}subnet/subnet-2",),
    ]


def test_the_role_of_a_job_without_a_vpc_needs_nothing_of_ec2() -> None:
    for kind in KINDS:
        assert not [one for one in needed(kind) if one.action.startswith("ec2:")]
