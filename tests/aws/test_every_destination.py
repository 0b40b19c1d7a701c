"""No destination of a profile is forgotten: what would fail at random is found at startup, and does fail.

Each case is decided twice: by the check, and by a call of the model that the sandbox authorises by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from bedrock_guard import Guard, Report
from bedrock_guard.advice.guard_policy import guard_policy
from bedrock_guard.aws.model_questions import forget_answers
from bedrock_guard.bedrock.profiles import destinations
from bedrock_guard.principal import principal_from_arn
from bedrock_guard.testing import sandbox
from tests.aws.statements import allow, deny, document

if TYPE_CHECKING:
    from bedrock_guard.testing import Sandbox

SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
ACCOUNT = "123456789012"


def model_arn(region: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{SONNET}"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with sandbox() as aws:
        yield aws


@pytest.fixture
def aws(running: Sandbox) -> Iterator[Sandbox]:
    running.reset()
    forget_answers()
    yield running
    forget_answers()


@dataclass(frozen=True)
class Case:
    """A profile, where it is called, and every Region that it is authorised in."""

    profile: str
    region: str

    @property
    def arn(self) -> str:
        return f"arn:aws:bedrock:{self.region}:{ACCOUNT}:inference-profile/{self.profile}"

    @property
    def requested(self) -> tuple[str, ...]:
        return destinations(self.profile, self.region) or ()

    @property
    def models(self) -> list[str]:
        return [model_arn("" if region == "unspecified" else region) for region in self.requested]

    @property
    def away(self) -> str:
        """The destination that a request goes to now and then: another than the Region that is called."""
        return [region for region in self.requested if region != self.region][-1]

    @property
    def model_away(self) -> str:
        return model_arn("" if self.away == "unspecified" else self.away)


CASES = [
    Case(f"us.{SONNET}", "us-east-1"),
    Case(f"eu.{SONNET}", "eu-west-1"),
    Case(f"global.{SONNET}", "us-east-1"),
    Case(f"global.{SONNET}", "ap-northeast-1"),
]
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
profiles = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.profile.partition('.')[0]}-{case.region}")


@pytest.fixture(params=["asked", "by table"])
def may_ask(request: pytest.FixtureRequest) -> bool:
    """Whether the role may call GetInferenceProfile: what is found must not depend on it."""
    return bool(request.param == "asked")


def app(aws: Sandbox, may_ask: bool, *statements: Mapping[str, Any]) -> None:
    asking = [allow("bedrock:GetInferenceProfile")] if may_ask else []
    own = guard_policy(principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/app"))
    aws.role("app", policies=[document(*statements, *asking), own])


def check(aws: Sandbox, case: Case) -> Report:
    session = aws.session("app", region=case.region)
    report = Guard(
        models=[case.profile], operations=["converse", "converse_stream"], session=session, region=case.region
    ).check()
    assert not {"Converse", "ConverseStream"} & {call.operation for call in aws.calls}, "the check calls no model"
    return report


def call(aws: Sandbox, case: Case) -> None:
    client = aws.session("app", region=case.region).client("bedrock-runtime")
    message: Any = {"role": "user", "content": [{"text": "hello"}]}
    client.converse(modelId=case.profile, messages=[message])
    assert list(client.converse_stream(modelId=case.profile, messages=[message])["stream"])


def assert_found_and_real(aws: Sandbox, case: Case, *arns: str, code: str) -> None:
    """The check denies exactly these ARNs, and the call made for real fails on one of them."""
    report = check(aws, case)
    assert {finding.requirement.resource for finding in report.denied} == set(arns)
    assert {finding.code for finding in report.denied} == {code}
    assert report.exit_code == 1
    with pytest.raises(ClientError) as raised:
        call(aws, case)
    assert raised.value.response["Error"]["Code"] == "AccessDeniedException"
    assert any(f"on resource: {arn} " in f"{raised.value} " for arn in arns)


def assert_right_and_real(aws: Sandbox, case: Case) -> None:
    """The check finds nothing, and the call made for real passes."""
    report = check(aws, case)
    assert (report.denied, report.unverified, report.exit_code) == ((), (), 0)
    call(aws, case)


def locked_to(regions: Sequence[str]) -> dict[str, Any]:
    return document(deny("bedrock:*", Condition={"StringNotEquals": {"aws:RequestedRegion": list(regions)}}))


@profiles
def test_a_policy_with_every_destination_is_right(aws: Sandbox, case: Case, may_ask: bool) -> None:
    app(aws, may_ask, allow(INVOKE, [case.arn, *case.models]))
    assert_right_and_real(aws, case)


@profiles
def test_a_policy_that_forgets_one_destination_is_found(aws: Sandbox, case: Case, may_ask: bool) -> None:
    app(aws, may_ask, allow(INVOKE, [case.arn, *(arn for arn in case.models if arn != case.model_away)]))
    assert_found_and_real(aws, case, case.model_away, code="BG101")


@profiles
def test_a_policy_that_forgets_the_profile_is_found(aws: Sandbox, case: Case, may_ask: bool) -> None:
    app(aws, may_ask, allow(INVOKE, case.models))
    assert_found_and_real(aws, case, case.arn, code="BG101")


@profiles
def test_an_scp_that_denies_one_destination_is_found(aws: Sandbox, case: Case, may_ask: bool) -> None:
    app(aws, may_ask, allow(INVOKE))
    aws.scp(document(deny("bedrock:InvokeModel*", Condition={"StringEquals": {"aws:RequestedRegion": case.away}})))
    assert_found_and_real(aws, case, case.model_away, code="BG203")


@profiles
def test_a_region_lock_with_every_destination_is_right(aws: Sandbox, case: Case, may_ask: bool) -> None:
    """For a global profile that is the Region that is called and “unspecified”."""
    app(aws, may_ask, allow(INVOKE))
    aws.scp(locked_to(case.requested))
    assert_right_and_real(aws, case)


@profiles
def test_a_region_lock_to_the_region_that_is_called_is_found(aws: Sandbox, case: Case, may_ask: bool) -> None:
    """Without the other destinations: without “unspecified”, for a global profile."""
    app(aws, may_ask, allow(INVOKE))
    aws.scp(locked_to([case.region]))
    others = [arn for arn, region in zip(case.models, case.requested, strict=True) if region != case.region]
    assert_found_and_real(aws, case, *others, code="BG203")


@profiles
def test_unspecified_in_a_region_lock_helps_global_profiles_alone(aws: Sandbox, case: Case, may_ask: bool) -> None:
    app(aws, may_ask, allow(INVOKE))
    aws.scp(locked_to([case.region, "unspecified"]))
    others = [
        arn
        for arn, region in zip(case.models, case.requested, strict=True)
        if region not in (case.region, "unspecified")
    ]
    if others:
        assert_found_and_real(aws, case, *others, code="BG203")
    else:
        assert_right_and_real(aws, case)


@pytest.mark.parametrize("case", [case for case in CASES if case.away == "unspecified"], ids=lambda case: case.region)
def test_global_in_a_region_lock_is_not_unspecified(aws: Sandbox, case: Case, may_ask: bool) -> None:
    """A page of AWS's calls the value so, once; no policy of AWS's does."""
    app(aws, may_ask, allow(INVOKE))
    aws.scp(locked_to([case.region, "global"]))
    assert_found_and_real(aws, case, case.model_away, code="BG203")


@profiles
def test_a_policy_scoped_to_the_right_profile_is_right(aws: Sandbox, case: Case, may_ask: bool) -> None:
    through = {"StringEquals": {"bedrock:InferenceProfileArn": case.arn}}
    app(aws, may_ask, allow(INVOKE, case.arn), allow(INVOKE, case.models, Condition=through))
    assert_right_and_real(aws, case)


@profiles
def test_a_policy_scoped_to_another_profile_is_found(aws: Sandbox, case: Case, may_ask: bool) -> None:
    """The profile of another Region, as it is left over when a policy is copied."""
    other = case.arn.replace(f":{case.region}:", ":sa-east-1:")
    through = {"StringEquals": {"bedrock:InferenceProfileArn": other}}
    app(aws, may_ask, allow(INVOKE, case.arn), allow(INVOKE, case.models, Condition=through))
    assert_found_and_real(aws, case, *case.models, code="BG101")


@profiles
def test_a_condition_on_the_profile_does_not_allow_the_profile_itself(aws: Sandbox, case: Case, may_ask: bool) -> None:
    """The key is set for the models behind it alone, so that one statement for both denies the first step."""
    through = {"StringEquals": {"bedrock:InferenceProfileArn": case.arn}}
    app(aws, may_ask, allow(INVOKE, [case.arn, *case.models], Condition=through))
    assert_found_and_real(aws, case, case.arn, code="BG101")
