"""The roles of Bedrock's jobs: batch inference, customization, import and evaluation."""

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
    Trust,
    Unnamed,
    reads_bucket,
    trusts_bedrock,
    uses_key,
)
from bedrock_guard.bedrock.service_role_network import network_needs

__all__ = ["JOB_KINDS"]

_BATCH = f"{GUIDE}batch-iam-sr{READ}"
_CUSTOM = f"{GUIDE}model-customization-iam-role{READ}"
_SUBNETS = (Read("vpcConfig.subnetIds[]", "subnets"), Read("vpcConfig.securityGroupIds[]", "security_groups"))
_EVALUATION = f"{GUIDE}automatic-service-roles and judge-service-roles{READ}"

BATCH_INFERENCE = RoleKind(
    "batch-inference",
    "A batch inference job",
    trusts_bedrock("model-invocation-job/*", "batch-iam-sr"),
    (Handover("bedrock:CreateModelInvocationJob", "roleArn"),),
    (
        *reads_bucket("batch-iam-sr", Unnamed.REQUIRED),
        RoleNeed(("s3:PutObject", "s3:GetObject"), Target.OUTPUT_OBJECTS, _BATCH, Unnamed.REQUIRED),
        RoleNeed(("s3:ListBucket",), Target.OUTPUT_BUCKET, _BATCH),
        uses_key("batch-iam-sr", "kms:Decrypt", "kms:GenerateDataKey"),
        RoleNeed(("bedrock:InvokeModel",), Target.ROUTED_MODEL, _BATCH),
        *network_needs(f"{GUIDE}batch-vpc{READ}", "BedrockModelInvocationJobArn", "model-invocation-job/*"),
    ),
    (
        *_SUBNETS,
        Read("modelId", "models"),
        Read("inputDataConfig.s3InputDataConfig.s3Uri", "buckets"),
        Read("outputDataConfig.s3OutputDataConfig.s3Uri", "outputs"),
        Read("outputDataConfig.s3OutputDataConfig.s3EncryptionKeyId", "keys"),
    ),
    (("keys", KEY_POLICY),),
)

MODEL_CUSTOMIZATION = RoleKind(
    "model-customization",
    "A fine-tuning, distillation or pre-training job",
    trusts_bedrock("model-customization-job/*", "model-customization-iam-role"),
    (Handover("bedrock:CreateModelCustomizationJob", "roleArn"),),
    (
        *reads_bucket("model-customization-iam-role", Unnamed.REQUIRED),
        RoleNeed(("s3:PutObject", "s3:GetObject"), Target.OUTPUT_OBJECTS, _CUSTOM, Unnamed.REQUIRED),
        RoleNeed(("s3:ListBucket",), Target.OUTPUT_BUCKET, _CUSTOM),
        uses_key("model-customization-iam-role", "kms:Decrypt", "kms:GenerateDataKey"),
        RoleNeed(
            ("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"),
            Target.RESOURCE_KEY,
            "assumed: the page on the encryption of custom models was not read",
            advisory=True,
        ),
        RoleNeed(("bedrock:InvokeModel",), Target.ROUTED_MODEL, f"{_CUSTOM}: distillation"),
        RoleNeed(
            ("lambda:InvokeFunction",),
            Target.LAMBDA,
            "assumed: the grader of reinforcement fine-tuning is invoked with the role of the job",
            advisory=True,
        ),
        *network_needs(
            f"{GUIDE}vpc-model-customization{READ}", "BedrockModelCustomizationJobArn", "model-customization-job/*"
        ),
    ),
    (
        *_SUBNETS,
        Read("trainingDataConfig.s3Uri", "buckets"),
        Read("trainingDataConfig.invocationLogsConfig.invocationLogSource.s3Uri", "buckets"),
        Read("validationDataConfig.validators[].s3Uri", "buckets"),
        Read("outputDataConfig.s3Uri", "outputs"),
        Read("customModelKmsKeyId", "resource_keys"),
        Read("customizationConfig.distillationConfig.teacherModelConfig.teacherModelIdentifier", "models"),
        Read("customizationConfig.rftConfig.graderConfig.lambdaGrader.lambdaArn", "lambdas"),
    ),
    (("keys", KEY_POLICY), ("resource_keys", KEY_POLICY)),
)

MODEL_IMPORT = RoleKind(
    "model-import",
    "The import of a model from S3",
    trusts_bedrock("model-import-job/*", "model-import-iam-role"),
    (Handover("bedrock:CreateModelImportJob", "roleArn"),),
    (
        *reads_bucket("model-import-iam-role", Unnamed.REQUIRED),
        uses_key("model-import-iam-role", "kms:Decrypt"),
        *network_needs(f"{GUIDE}vpc-custom-model-import{READ}", "BedrockModelImportJobArn", "model-import-job/*"),
    ),
    (
        *_SUBNETS,
        Read("modelDataSource.s3DataSource.s3Uri", "buckets"),
        Read("importedModelKmsKeyId", "resource_keys"),
    ),
    (("keys", KEY_POLICY), ("resource_keys", KEY_POLICY)),
)

CUSTOM_MODEL = RoleKind(
    "custom-model",
    "A custom model made from the artifacts of a SageMaker training job",
    Trust(
        "bedrock.amazonaws.com",
        "arn:{partition}:bedrock:{region}:{account}:*",
        "Bedrock User Guide, model-import-iam-role (read 2026-11): one page for both; the resource that its "
        "aws:SourceArn names is not documented",
    ),
    (Handover("bedrock:CreateCustomModel", "roleArn"),),
    (*reads_bucket("model-import-iam-role", Unnamed.REQUIRED),),
    (Read("modelSourceConfig.s3DataSource.s3Uri", "buckets"), Read("modelKmsKeyArn", "resource_keys")),
    (("resource_keys", KEY_POLICY),),
)

EVALUATION = RoleKind(
    "evaluation",
    "A model or knowledge base evaluation job",
    trusts_bedrock("evaluation-job/*", "automatic-service-roles and judge-service-roles"),
    (Handover("bedrock:CreateEvaluationJob", "roleArn"),),
    (
        *reads_bucket("automatic-service-roles", Unnamed.ADVISORY),
        RoleNeed(("s3:PutObject", "s3:GetObject"), Target.OUTPUT_OBJECTS, _EVALUATION, Unnamed.REQUIRED),
        RoleNeed(("s3:AbortMultipartUpload",), Target.OUTPUT_OBJECTS, _EVALUATION + NO_CALL, advisory=True),
        RoleNeed(("s3:ListBucket",), Target.OUTPUT_BUCKET, _EVALUATION),
        RoleNeed(
            ("s3:GetBucketLocation", "s3:ListBucketMultipartUploads"),
            Target.OUTPUT_BUCKET,
            _EVALUATION + NO_CALL,
            advisory=True,
        ),
        RoleNeed(("bedrock:InvokeModel",), Target.MODEL, _EVALUATION, Unnamed.ADVISORY),
        RoleNeed(
            ("bedrock:InvokeModelWithResponseStream",),
            Target.MODEL,
            _EVALUATION + " (lists seen in part)",
            advisory=True,
        ),
        RoleNeed(("bedrock:GetInferenceProfile",), Target.PROFILE, _EVALUATION + NO_CALL, advisory=True),
        RoleNeed(("bedrock:GetProvisionedModelThroughput",), Target.PROVISIONED, _EVALUATION + NO_CALL, advisory=True),
        RoleNeed(("bedrock:Retrieve",), Target.KNOWLEDGE_BASE, f"{GUIDE}rag-eval-service-roles{READ}"),
        RoleNeed(
            ("bedrock:RetrieveAndGenerate",),
            Target.NOTHING,
            f"{GUIDE}rag-eval-service-roles{READ}; only for jobs that generate",
            advisory=True,
            named="knowledge_bases",
        ),
        RoleNeed(
            ("kms:Decrypt", "kms:GenerateDataKey"),
            Target.RESOURCE_KEY,
            "assumed: as of other features that encrypt with a customer's key",
            advisory=True,
        ),
    ),
    (
        Read("inferenceConfig.models[].bedrockModel.modelIdentifier", "models"),
        Read("evaluationConfig.automated.evaluatorModelConfig.bedrockEvaluatorModels[].modelIdentifier", "models"),
        Read(
            "evaluationConfig.automated.customMetricConfig.evaluatorModelConfig.bedrockEvaluatorModels[]"
            ".modelIdentifier",
            "models",
        ),
        Read("evaluationConfig.automated.datasetMetricConfigs[].dataset.datasetLocation.s3Uri", "buckets"),
        Read("evaluationConfig.human.datasetMetricConfigs[].dataset.datasetLocation.s3Uri", "buckets"),
        Read("outputDataConfig.s3Uri", "outputs"),
        Read("inferenceConfig.ragConfigs[].knowledgeBaseConfig.retrieveConfig.knowledgeBaseId", "knowledge_bases"),
        Read(
            "inferenceConfig.ragConfigs[].knowledgeBaseConfig.retrieveAndGenerateConfig.knowledgeBaseConfiguration"
            ".knowledgeBaseId",
            "knowledge_bases",
        ),
        Read(
            "inferenceConfig.ragConfigs[].knowledgeBaseConfig.retrieveAndGenerateConfig.knowledgeBaseConfiguration"
            ".modelArn",
            "models",
        ),
        Read("customerEncryptionKeyId", "resource_keys"),
    ),
    (("resource_keys", KEY_POLICY),),
)

JOB_KINDS = (BATCH_INFERENCE, MODEL_CUSTOMIZATION, MODEL_IMPORT, CUSTOM_MODEL, EVALUATION)
"""In the order in which they are listed."""
