"""Knowledge bases: asking, filling and managing them. Each vector store is in :mod:`.vector_stores`."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import (
    REFERENCE,
    guide,
    operations,
    pass_role,
    permission_only,
    uses,
)

__all__ = ["ENTRIES"]

_GENERAL = guide("knowledge-base-prereq-permissions-general")

ENTRIES = (
    Capability(
        "knowledge-bases.query",
        "Search a knowledge base.",
        operations("bedrock-agent-runtime", "Retrieve"),
    ),
    Capability(
        "knowledge-bases.query-agentic",
        "Search knowledge bases in several steps that a model plans.",
        operations("bedrock-agent-runtime", "AgenticRetrieveStream"),
    ),
    Capability(
        "knowledge-bases.query-structured",
        "Search a knowledge base over a SQL store, and have its SQL generated.",
        operations("bedrock-agent-runtime", "Retrieve", "GenerateQuery"),
        notes=("The SQL store itself is read with the service role of the knowledge base.",),
    ),
    Capability(
        "knowledge-bases.generate",
        "Search a knowledge base and let a model answer from what was found.",
        operations("bedrock-agent-runtime", "RetrieveAndGenerate"),
        uses(_GENERAL, "bedrock:Retrieve", note="on the knowledge base"),
    ),
    Capability(
        "knowledge-bases.generate-stream",
        "Search a knowledge base and read a model's answer as it is made.",
        operations("bedrock-agent-runtime", "RetrieveAndGenerateStream"),
        uses(_GENERAL, "bedrock:Retrieve", note="on the knowledge base"),
    ),
    Capability(
        "knowledge-bases.read-documents",
        "Read documents that a knowledge base holds, and who may see them.",
        operations("bedrock-agent-runtime", "GetDocumentContent", "GetIngestedDocumentAcl", "CheckIngestedDocumentAcl"),
    ),
    Capability(
        "knowledge-bases.ingest",
        "Start the ingestion of a knowledge base's data sources and follow it.",
        operations("bedrock-agent", "StartIngestionJob", "GetIngestionJob", "ListIngestionJobs"),
        notes=("Data sources and vector store are reached with the service role of the knowledge base.",),
    ),
    Capability(
        "knowledge-bases.stop-ingestion",
        "Stop the ingestion of a data source.",
        operations("bedrock-agent", "StopIngestionJob"),
    ),
    Capability(
        "knowledge-bases.ingest-documents",
        "Put documents straight into a knowledge base, list, read and delete them.",
        operations(
            "bedrock-agent",
            "IngestKnowledgeBaseDocuments",
            "GetKnowledgeBaseDocuments",
            "ListKnowledgeBaseDocuments",
            "DeleteKnowledgeBaseDocuments",
        ),
        uses(guide("kb-direct-ingestion-prereq"), "bedrock:StartIngestionJob"),
    ),
    Capability(
        "knowledge-bases.read",
        "List and read knowledge bases and their data sources.",
        operations("bedrock-agent", "GetKnowledgeBase", "ListKnowledgeBases", "GetDataSource", "ListDataSources"),
    ),
    Capability(
        "knowledge-bases.manage",
        "Create, change and delete knowledge bases and their data sources, with a service role.",
        operations(
            "bedrock-agent",
            "CreateKnowledgeBase",
            "UpdateKnowledgeBase",
            "DeleteKnowledgeBase",
            "CreateDataSource",
            "UpdateDataSource",
            "DeleteDataSource",
        ),
        pass_role("on the service role of the knowledge base"),
        includes=("knowledge-bases.read",),
        service_roles=("knowledge-base",),
        role_details=(("knowledge-base", "model=amazon.titan-embed-text-v2:0,bucket=amzn-s3-demo-bucket"),),
        notes=("Buckets, keys, embedding model and an existing store are the service role's part, not the caller's.",),
    ),
    Capability(
        "knowledge-bases.authorise-data-source",
        "Connect a data source of a managed knowledge base by OAuth.",
        actions=permission_only("bedrock", "GetDataSourceAuthorizationUrl", "CreateDataSourceToken"),
    ),
    Capability(
        "knowledge-bases.connect-vpc",
        "Connect knowledge bases to a VPC.",
        operations(
            "bedrock-agent",
            "CreateVpcConfiguration",
            "DeleteVpcConfiguration",
            "GetVpcConfiguration",
            "ListVpcConfigurations",
        ),
    ),
    Capability(
        "knowledge-bases.instruct",
        "Create, read, change, version and delete the retrieval instructions of knowledge bases.",
        operations(
            "bedrock-agent",
            "CreateRetrievalInstruction",
            "CreateRetrievalInstructionVersion",
            "DeleteRetrievalInstruction",
            "GetRetrievalInstruction",
            "ListRetrievalInstructions",
            "ListRetrievalInstructionVersions",
            "UpdateRetrievalInstruction",
        ),
    ),
    Capability(
        "knowledge-bases.log",
        "Have the ingestion logs of a knowledge base delivered by CloudWatch Logs.",
        actions=uses(
            REFERENCE + "its description of the action; CloudWatch Logs API Reference, ConfigurationTemplate: whoever "
            "calls PutDeliverySource needs it",
            "bedrock:AllowVendedLogDeliveryForResource",
        ),
        notes=("The delivery itself takes CloudWatch Logs' own actions, which depend on where the logs go.",),
    ),
    Capability(
        "knowledge-bases.share",
        "Read, set and delete the policies of knowledge bases, which let other accounts search them.",
        operations("bedrock-agent", "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"),
        kinds=tuple((f"bedrock:{verb}ResourcePolicy", ("knowledge-base",)) for verb in ("Get", "Put", "Delete")),
    ),
)
