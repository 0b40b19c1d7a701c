"""The table of probes: what may be called at all, and that each call is one that proves its own action."""

from __future__ import annotations

import json
import re

import botocore.session
import pytest
from botocore.loaders import create_loader
from botocore.validate import ParamValidator

from bedrock_guard.bedrock.catalogue import find_action, find_operation
from bedrock_guard.bedrock.probes import Probe, ProbeCall, probe_call, probes
from tests.bedrock.probe_samples import ACCOUNT, CALLS, NOVA

NOVA_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
SONNET_PROFILE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
GUARDRAIL = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/gr1234567890"
INVOKE = "bedrock:InvokeModel"

MADE_TO_BE_REFUSED = {
    "bedrock-runtime:InvokeModel",
    "bedrock-runtime:InvokeModelWithResponseStream",
    "bedrock-runtime:CountTokens",
}


def test_every_line_of_the_table_has_a_call_on_every_kind_that_it_names() -> None:
    assert len(CALLS) == sum(max(1, len(probe.kinds)) for probe in probes().values())


@pytest.mark.parametrize("probe", probes().values(), ids=lambda probe: probe.name)
def test_a_probe_only_reads_or_is_made_to_be_refused(probe: Probe) -> None:
    """A Get or a List that IAM lists as reading, or one of the three requests whose body no model can read."""
    assert find_action(probe.action).access_level in ("Read", "List")
    assert find_action(probe.action).listed
    if probe.refused:
        assert probe.name in MADE_TO_BE_REFUSED
    else:
        assert re.match("(Get|List)[A-Z]", probe.operation)
        assert not re.search("Token|Secret|Credential|ApiKey|Password|Agreement|Offer", probe.operation)
        assert not probe.service.endswith("-agent-runtime")
        assert probe.service != "bedrock-agentcore"
    assert probe.source


@pytest.mark.parametrize("probe", probes().values(), ids=lambda probe: probe.name)
def test_a_probe_is_authorised_as_its_own_action_and_no_other(probe: Probe) -> None:
    """A call that takes two permissions would prove neither by its denial, and both by its answer."""
    operation = find_operation(probe.name)
    # The body of a probe is no JSON, and what is no JSON brings nothing.
    given = {name for name, _ in probe.parameters} - {"body"}
    needed = [
        use
        for use in operation.actions
        if not use.parameters or any(re.split(r"[.\[]", path)[0] in given - {"input"} for path in use.parameters)
    ]
    assert [(use.action, use.advisory) for use in needed] == [(probe.action, False)]


@pytest.mark.parametrize(("call", "resource"), CALLS)
def test_botocore_and_the_service_take_the_parameters(call: ProbeCall, resource: str) -> None:
    """No parameter is missing, unknown, or of a form that the service's model rules out."""
    model = botocore.session.Session().get_service_model(call.probe.service)
    shape = model.operation_model(call.probe.operation).input_shape
    assert shape is not None
    report = ParamValidator().validate(dict(call.parameters), shape)
    assert not report.has_errors(), report.generate_report()
    raw = create_loader().load_service_model(call.probe.service, "service-2")
    members = raw["shapes"][shape.name]["members"]
    for name, value in call.parameters.items():
        pattern = raw["shapes"][members[name]["shape"]].get("pattern")
        if pattern and isinstance(value, str) and ":prompt-router/" not in value:  # its model knows default ones alone
            assert re.fullmatch(pattern, value), (name, value, pattern)


def test_no_model_can_read_a_request_that_is_made_to_be_refused() -> None:
    for name in MADE_TO_BE_REFUSED:
        call = probe_call(f"bedrock:{name.partition(':')[2]}", NOVA_ARN)
        assert call is not None
        body = call.parameters.get("body") or call.parameters["input"]["invokeModel"]["body"]
        with pytest.raises(json.JSONDecodeError):
            json.loads(body)


@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{SONNET_PROFILE}",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-8b-instruct-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazonian.model-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/*",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abcdef123456",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:provisioned-model/abcdef123456",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:imported-model/abcdef123456",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model-deployment/abcdef123456",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:default-prompt-router/amazon.nova:1",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:prompt-router/abcdef123456",
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/amazon.x",
    ],
)
@pytest.mark.parametrize("action", [INVOKE, "bedrock:InvokeModelWithResponseStream", "bedrock:CountTokens"])
def test_only_a_model_that_is_known_to_be_amazons_own_is_called(action: str, resource: str) -> None:
    """The first call of another maker's model may accept an agreement and start a subscription."""
    assert probe_call(action, resource) is None


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("bedrock:GetGuardrail", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:guardrail/*"),
        ("bedrock:GetGuardrail", "*"),
        ("bedrock:GetGuardrail", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:agent/AGENT12345"),
        ("bedrock:ListAgents", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:agent/AGENT12345"),
        ("bedrock:GetPrompt", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:prompt/PROMPT1234:1"),
        ("bedrock:Retrieve", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/KB12345678"),
        ("bedrock:ApplyGuardrail", GUARDRAIL),
        ("bedrock:CreateGuardrail", "*"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/kb"),
        ("aws-marketplace:Subscribe", "*"),
    ],
)
def test_what_the_table_does_not_name_is_not_called(action: str, resource: str) -> None:
    assert probe_call(action, resource) is None
