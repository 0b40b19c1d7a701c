"""The actions that no capability brings, by name, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["BELONGS_TO_NONE"]

_NO_API = "no operation in botocore 1.44.5 and no page of the guide says what it is for"
_OLD_EVALUATION = "of the evaluation jobs before CreateEvaluationJob; " + _NO_API.replace("no page", "no current page")

BELONGS_TO_NONE: Mapping[str, str] = {
    "bedrock:CreateModelEvaluationJob": _OLD_EVALUATION,
    "bedrock:DetectGeneratedContent": _NO_API,
    "bedrock:GetModelEvaluationJob": _OLD_EVALUATION,
    "bedrock:InvokeBuilder": "the console's conversational builder; no operation in botocore 1.44.5",
    "bedrock:ListModelEvaluationJobs": _OLD_EVALUATION,
    "bedrock:PutFoundationModelEntitlement": (
        "the console's former page of model access, which commercial Regions no longer have; no operation in botocore "
        "1.44.5"
    ),
    "bedrock-agentcore:PutSystemLogEvents": "what the instances of a capacity provider send, not an app",
}
