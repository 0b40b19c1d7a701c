"""The actions that no capability brings, by name, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["BELONGS_TO_NONE"]

_NO_API = "no operation in botocore 1.44.5 is authorised as it"
_OLD_EVALUATION = f"of the evaluation jobs before CreateEvaluationJob; {_NO_API}"

BELONGS_TO_NONE: Mapping[str, str] = {
    "bedrock:CreateModelEvaluationJob": _OLD_EVALUATION,
    "bedrock:DetectGeneratedContent": _NO_API,
    "bedrock:GetModelEvaluationJob": _OLD_EVALUATION,
    "bedrock:InvokeBuilder": f"the console's conversational builder; {_NO_API}",
    "bedrock:ListModelEvaluationJobs": _OLD_EVALUATION,
    "bedrock:PutFoundationModelEntitlement": (
        f"of the console's former page of model access, which commercial Regions no longer have; {_NO_API}"
    ),
    "bedrock-agentcore:PutSystemLogEvents": "what the instances of a capacity provider send, not an app",
}
