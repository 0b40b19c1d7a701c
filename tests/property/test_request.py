"""Whatever the parameters of a call are, reading them ends in needs or in one kind of error."""

from __future__ import annotations

from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrock_guard.bedrock.catalogue import action_matches_kind, find_action, operations
from bedrock_guard.bedrock.request import RequestNeeds, read_request
from bedrock_guard.errors import ConfigurationError
from tests.bedrock.input_shapes import every_input, input_of

KEYS = sorted(operations().keys() & every_input().keys())
HERE = "us-east-1:123456789012"

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "*",
            "abcdef123456",
            "amazon.nova-lite-v1:0",
            "us.amazon.nova-lite-v1:0",
            "s3://bucket/prefix/",
            "s3://bucket",
            "alias/key",
            "11111111-2222-3333-4444-555555555555",
            "DRAFT",
            "1",
            "aws.browser.v1",
            "arn:",
            "arn:aws:bedrock",
            "arn:aws:iam::123456789012:role/r",
            f"arn:aws:kms:{HERE}:key/k",
            f"arn:aws:kms:{HERE}:alias/k",
            f"arn:aws:secretsmanager:{HERE}:secret:s-abcdef",
            f"arn:aws:sagemaker:{HERE}:endpoint/e",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
            *(
                f"arn:aws:bedrock:{HERE}:{resource}"
                for resource in (
                    "agent/A",
                    "agent-alias/A/B",
                    "application-inference-profile/abcdef123456",
                    "blueprint/b",
                    "custom-model/m/abcdef123456",
                    "flow/F",
                    "flow/F/alias/A",
                    "guardrail/g",
                    "guardrail/g:1",
                    "inference-profile/us.amazon.nova-lite-v1:0",
                    "knowledge-base/K",
                    "prompt/P:1",
                )
            ),
            *(f"arn:aws:bedrock-agentcore:{HERE}:{kind}/x" for kind in ("runtime", "memory", "gateway", "harness")),
            "arn:aws-cn:bedrock:cn-north-1:123456789012:agent/A",
        ]
    ),
)


@st.composite
def well_typed(draw: st.DrawFn, shape: Shape, depth: int = 0) -> Any:
    """A value that boto3 takes for ``shape``; lists and structures thin out with their depth."""
    if isinstance(shape, StructureShape):
        chance = st.booleans() if depth < 3 else st.sampled_from([True, False, False])
        return {
            name: draw(well_typed(member, depth + 1))
            for name, member in shape.members.items()
            if depth < 9 and (depth == 0 or draw(chance))
        }
    if isinstance(shape, ListShape):
        return [draw(well_typed(shape.member, depth + 1)) for _ in range(draw(st.integers(0, 2)))]
    if isinstance(shape, MapShape):
        return {draw(TEXTS): draw(well_typed(shape.value, depth + 1)) for _ in range(draw(st.integers(0, 2)))}
    if shape.type_name in ("integer", "long"):
        return draw(st.integers(0, 9))
    return {"boolean": True, "blob": b"{}", "float": 0.5, "double": 0.5}.get(shape.type_name, draw(TEXTS))


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """An operation, and some of its parameters."""
    key = draw(st.sampled_from(KEYS))
    shape = input_of(key)
    whole: dict[str, Any] = draw(well_typed(shape)) if shape is not None else {}
    left_out = draw(st.sets(st.sampled_from(sorted(whole)))) if whole else set()
    return key, {name: value for name, value in whole.items() if name not in left_out}


def _read(key: str, parameters: dict[str, Any], account: str) -> tuple[RequestNeeds | None, ConfigurationError | None]:
    try:
        found = read_request(operations()[key], parameters, partition="aws", region="us-east-1", account=account)
    except ConfigurationError as error:
        return None, error
    return found, None


class TestReadRequest:
    """Whatever the parameters of a call are, …"""

    @given(calls(), st.sampled_from(["123456789012", "*"]))
    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    def test_it_ends_in_needs_that_can_be_asked_or_in_one_kind_of_error(
        self, call: tuple[str, dict[str, Any]], account: str
    ) -> None:
        """… each need names an action that exists, on a resource that it can be authorised on."""
        key, parameters = call
        found, refused = _read(key, parameters, account)

        if refused is not None:
            assert refused.code == "BG504"
            assert str(refused).isprintable()
            return
        assert found is not None
        assert found.needs or found.models
        for need in found.needs:
            action = find_action(need.action)
            assert action.name == need.action
            assert need.resource == "*" or action_matches_kind(action, need.resource), need
            assert need.source
            assert list(need.context) == sorted(need.context)
        for use in found.models:
            assert find_action(use.action).name == use.action

    def test_every_operation_can_be_read_without_parameters(self) -> None:
        """What every call of it needs, with no parameter given."""
        for key, operation in operations().items():
            found = read_request(operation, {}, partition="aws", region="us-east-1", account="123456789012")
            assert found.needs, key
            assert found.needs[0].action == operation.actions[0].action
            assert not found.models
