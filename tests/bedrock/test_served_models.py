"""The parameters that name models which a service calls, against botocore's models."""

from __future__ import annotations

import re

import botocore
import pytest

from bedrock_guard.bedrock import tables
from bedrock_guard.bedrock.parameter_rules import RULES, Makes
from bedrock_guard.bedrock.parameters.served import IN_BATCHES, SERVED
from tests.bedrock.input_shapes import every_input

WRITTEN = tables.inputs()["versions"]["botocore"]

NOT_CALLED = re.compile(
    r"Name$|KmsKey|Type$|modelPackageArn|modelSourceIdentifier"
    r"|(Delete|Get|Update|Tag)\w*(Model|Throughput|Deployment)\w*/"
    r"|CreateModelCopyJob/|CreateCustomModelDeployment/|CreateModelCustomizationJob/"
    r"|CreateProvisionedModelThroughput/|FoundationModelAgreement|CreateAdvancedPromptOptimizationJob/"
    r"|List\w+/|OptimizePrompt/targetModelId"
    r"|mantleFoundationModelConfiguration|responsesEvaluatorModelConfig|openAi|gemini|liteLlm"
    r"|modifyMemoryStrategies|addMemoryStrategies|GatewayRule/|GatewayTarget/|InvokeGuardrailChecks"
)
"""Models that are managed, trained, copied or asked about, those of other vendors and of bedrock-mantle, and changes of
a memory's strategies."""


@pytest.mark.skipif(botocore.__version__ != WRITTEN, reason=f"the tables are of botocore {WRITTEN}")
def test_every_parameter_of_the_table_exists() -> None:
    missing = [(key, path) for key, paths in SERVED.items() for path in paths if path not in every_input().get(key, {})]
    assert not missing
    assert SERVED.keys() >= IN_BATCHES


@pytest.mark.skipif(botocore.__version__ != WRITTEN, reason=f"the tables are of botocore {WRITTEN}")
def test_every_parameter_that_names_a_model_is_in_a_table_or_known_not_to_be_called() -> None:
    """A new feature that calls models is not passed over in silence."""
    known = {(key, path) for key, paths in SERVED.items() for path in paths}
    known |= {
        (o, p) for rule in RULES if rule.makes is Makes.INVOKED_MODEL for o in rule.operations for p in rule.paths
    }
    missing = [
        f"{key}/{path}"
        for key, inputs in every_input().items()
        for path, shape in inputs.items()
        if shape.type_name == "string"
        and re.search(r"model(Id|Arn|Identifier)?$", path.rpartition(".")[2], re.IGNORECASE)
        and (key, path) not in known
        and not NOT_CALLED.search(f"{key}/{path}")
    ]
    assert not missing
