"""The role of a knowledge base, with each vector store and each kind of data source."""

from __future__ import annotations

from bedrock_guard.bedrock.service_role_kinds import (
    GUIDE,
    KEY_POLICY,
    NO_CALL,
    READ,
    Handover,
    Read,
    RoleKind,
    RoleNeed,
    Target,
    Unnamed,
    reads_bucket,
    trusts_bedrock,
    uses_key,
)

__all__ = ["KNOWLEDGE_BASE"]

_KB = f"{GUIDE}kb-permissions{READ}"

KNOWLEDGE_BASE = RoleKind(
    "knowledge-base",
    "A knowledge base and its data sources",
    trusts_bedrock("knowledge-base/*", "kb-permissions"),
    (
        Handover("bedrock-agent:CreateKnowledgeBase", "roleArn"),
        Handover("bedrock-agent:UpdateKnowledgeBase", "roleArn"),
    ),
    (
        # A structured or a Kendra knowledge base has no embedding model: what nobody named is advice.
        RoleNeed(("bedrock:InvokeModel",), Target.MODEL, _KB, Unnamed.ADVISORY),
        RoleNeed(
            ("bedrock:ListFoundationModels", "bedrock:ListCustomModels"),
            Target.NOTHING,
            _KB + NO_CALL,
            Unnamed.ADVISORY,
            advisory=True,
        ),
        *reads_bucket("kb-permissions", Unnamed.SKIPPED),
        RoleNeed(
            ("s3:PutObject", "s3:DeleteObject", "s3:GetObject"),
            Target.OUTPUT_OBJECTS,
            "Bedrock User Guide, kb-permissions, multimodal storage (read 2026-11, in part)",
            advisory=True,
        ),
        uses_key("kb-permissions", "kms:Decrypt"),
        RoleNeed(("kms:GenerateDataKey", "kms:Decrypt"), Target.RESOURCE_KEY, _KB),
        RoleNeed(("aoss:APIAccessAll",), Target.COLLECTION, _KB),
        RoleNeed(
            ("es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpDelete"),
            Target.DOMAIN_INDEX,
            _KB,
        ),
        RoleNeed(("es:DescribeDomain",), Target.DOMAIN, _KB),
        RoleNeed(
            ("rds:DescribeDBClusters", "rds-data:ExecuteStatement", "rds-data:BatchExecuteStatement"),
            Target.CLUSTER,
            _KB,
        ),
        RoleNeed(
            (
                "neptune-graph:GetGraph",
                "neptune-graph:ReadDataViaQuery",
                "neptune-graph:WriteDataViaQuery",
                "neptune-graph:DeleteDataViaQuery",
            ),
            Target.GRAPH,
            _KB,
        ),
        RoleNeed(
            (
                "s3vectors:PutVectors",
                "s3vectors:GetVectors",
                "s3vectors:DeleteVectors",
                "s3vectors:QueryVectors",
                "s3vectors:GetIndex",
            ),
            Target.VECTOR_INDEX,
            _KB,
        ),
        RoleNeed(("kendra:Retrieve", "kendra:DescribeIndex"), Target.KENDRA_INDEX, _KB),
        RoleNeed(
            ("redshift-serverless:GetCredentials", "redshift-data:ExecuteStatement"),
            Target.WORKGROUP,
            "assumed: the structured stores of kb-permissions were not read",
            advisory=True,
        ),
        RoleNeed(("secretsmanager:GetSecretValue",), Target.SECRET, _KB),
        RoleNeed(
            ("lambda:InvokeFunction",),
            Target.LAMBDA,
            "assumed: a custom transformation is invoked with the role of the knowledge base",
            advisory=True,
        ),
    ),
    (
        Read("knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration.embeddingModelArn", "models"),
        Read("knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration.embeddingModelArn", "models"),
        Read(
            "knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration.supplementalDataStorageConfiguration"
            ".storageLocations[].s3Location.uri",
            "outputs",
        ),
        Read(
            "knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration.supplementalDataStorageConfiguration"
            ".storageLocations[].s3Location.uri",
            "outputs",
        ),
        Read(
            "knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration.serverSideEncryptionConfiguration.kmsKeyArn",
            "resource_keys",
        ),
        Read("knowledgeBaseConfiguration.kendraKnowledgeBaseConfiguration.kendraIndexArn", "stores"),
        Read(
            "knowledgeBaseConfiguration.sqlKnowledgeBaseConfiguration.redshiftConfiguration.queryEngineConfiguration"
            ".serverlessConfiguration.workgroupArn",
            "stores",
        ),
        Read(
            "knowledgeBaseConfiguration.sqlKnowledgeBaseConfiguration.redshiftConfiguration.queryEngineConfiguration"
            ".serverlessConfiguration.authConfiguration.usernamePasswordSecretArn",
            "secrets",
        ),
        Read(
            "knowledgeBaseConfiguration.sqlKnowledgeBaseConfiguration.redshiftConfiguration.queryEngineConfiguration"
            ".provisionedConfiguration.authConfiguration.usernamePasswordSecretArn",
            "secrets",
        ),
        Read("storageConfiguration.opensearchServerlessConfiguration.collectionArn", "stores"),
        Read("storageConfiguration.opensearchManagedClusterConfiguration.domainArn", "stores"),
        Read("storageConfiguration.rdsConfiguration.resourceArn", "stores"),
        Read("storageConfiguration.neptuneAnalyticsConfiguration.graphArn", "stores"),
        Read("storageConfiguration.s3VectorsConfiguration.indexArn", "stores"),
        Read("storageConfiguration.rdsConfiguration.credentialsSecretArn", "secrets"),
        Read("storageConfiguration.pineconeConfiguration.credentialsSecretArn", "secrets"),
        Read("storageConfiguration.redisEnterpriseCloudConfiguration.credentialsSecretArn", "secrets"),
        Read("storageConfiguration.mongoDbAtlasConfiguration.credentialsSecretArn", "secrets"),
        Read("dataSourceConfiguration.s3Configuration.bucketArn", "buckets"),
        Read("dataSourceConfiguration.confluenceConfiguration.sourceConfiguration.credentialsSecretArn", "secrets"),
        Read("dataSourceConfiguration.salesforceConfiguration.sourceConfiguration.credentialsSecretArn", "secrets"),
        Read("dataSourceConfiguration.sharePointConfiguration.sourceConfiguration.credentialsSecretArn", "secrets"),
        Read("serverSideEncryptionConfiguration.kmsKeyArn", "resource_keys"),
        Read(
            "vectorIngestionConfiguration.customTransformationConfiguration.intermediateStorage.s3Location.uri",
            "outputs",
        ),
        Read(
            "vectorIngestionConfiguration.customTransformationConfiguration.transformations[].transformationFunction"
            ".transformationLambdaConfiguration.lambdaArn",
            "lambdas",
        ),
        Read(
            "vectorIngestionConfiguration.parsingConfiguration.bedrockFoundationModelConfiguration.modelArn", "models"
        ),
        Read(
            "vectorIngestionConfiguration.contextEnrichmentConfiguration.bedrockFoundationModelConfiguration.modelArn",
            "models",
        ),
    ),
    (
        (
            "stores:aoss",
            (
                "OpenSearch Serverless asks a data access policy as well, which IAM does not show: it has to name the "
                "role for the collection and its index."
            ),
        ),
        (
            "stores:es",
            "The domain's access policy and its fine-grained access control decide as well; IAM shows neither.",
        ),
        ("stores:kendra", "Kendra may hold an access control list of its own, which IAM does not show."),
        ("keys", KEY_POLICY),
        ("resource_keys", KEY_POLICY),
    ),
    ("bedrock-agent:CreateDataSource", "bedrock-agent:UpdateDataSource"),
)
