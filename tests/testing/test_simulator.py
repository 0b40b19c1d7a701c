"""IAM's simulator over boto3: roles with paths, Identity Center roles, boundaries, SCPs, conditions; who may ask."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from bedrock_guard.testing import Sandbox
from tests.testing.documents import ASK, allow, deny
from tests.testing.wire import call

_MODEL = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
_OTHER = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"
_INVOKE = "bedrock:InvokeModel"
_REGION = {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": ["us-east-1"], "ContextKeyType": "string"}


def _simulate(aws: Sandbox, arn: str, *actions: str, **kwargs: Any) -> list[Any]:
    client = aws.session().client("iam")
    answer = client.simulate_principal_policy(PolicySourceArn=arn, ActionNames=list(actions), **kwargs)
    return list(answer["EvaluationResults"])


def _decision(aws: Sandbox, arn: str, action: str = _INVOKE, **kwargs: Any) -> Any:
    kwargs.setdefault("ResourceArns", [_MODEL])
    return _simulate(aws, arn, action, **kwargs)[0]


_NO_ACTIONS = (
    "1 validation error detected: Value at 'actionNames' failed to satisfy constraint: Member must not be null"
)
_TWO_VIOLATIONS = (
    "2 validation errors detected: Value at 'maxItems' failed to satisfy constraint: Member must have value greater "
    "than or equal to 1; Value at 'marker' failed to satisfy constraint: Member must have length less than or equal "
    "to 320"
)


class TestPrincipals:
    """Which policies are simulated for whom."""

    def test_role_with_a_path(self, aws: Sandbox) -> None:
        """A role is found by its name, with its path, without it, and with a wrong one."""
        arn = aws.role("app", path="/svc/", policies=[allow(_INVOKE)])
        for asked in (arn, arn.replace("/svc", ""), arn.replace("/svc", "/wrong")):
            result = _decision(aws, asked)
            assert result["EvalDecision"] == "allowed"
            assert result["MatchedStatements"][0]["SourcePolicyId"] == "role_app_policy-1"

    def test_identity_center_role(self, aws: Sandbox) -> None:
        """A role of Identity Center lies under its reserved path."""
        name = "AWSReservedSSO_Developers_0123456789abcdef"
        path = "/aws-reserved/sso.amazonaws.com/eu-central-1/"
        arn = aws.role(name, path=path, policies={"AwsSSOInlinePolicy": allow(_INVOKE)})
        assert arn == f"arn:aws:iam::123456789012:role{path}{name}"
        session = aws.session(name, session_name="ana@example.com")
        caller = session.client("sts").get_caller_identity()["Arn"]
        assert caller == f"arn:aws:sts::123456789012:assumed-role/{name}/ana@example.com"
        matched = _decision(aws, arn)["MatchedStatements"][0]["SourcePolicyId"]
        assert matched == f"role_{name}_AwsSSOInlinePolicy"

    def test_user_in_a_group(self, aws: Sandbox) -> None:
        """A user brings its groups' policies along."""
        aws.group("engineers", policies={"models": allow(_INVOKE)})
        arn = aws.user("ana", groups=["engineers"], path="/people/")
        result = _decision(aws, arn)
        assert result["EvalDecision"] == "allowed"
        assert result["MatchedStatements"][0]["SourcePolicyId"] == "group_engineers_models"

    def test_managed_policy_of_user_and_group_counts_once(self, aws: Sandbox) -> None:
        """A managed policy that a user has itself and through its group matches once."""
        managed = aws.policy("models", allow(_INVOKE))
        aws.group("engineers", managed=[managed])
        arn = aws.user("ana", groups=["engineers"], managed=[managed])
        assert [m["SourcePolicyId"] for m in _decision(aws, arn)["MatchedStatements"]] == ["models"]

    def test_aws_managed_policy(self, aws: Sandbox) -> None:
        """AWS managed policies are there to be attached."""
        arn = aws.role("app", managed=["arn:aws:iam::aws:policy/AmazonBedrockFullAccess"])
        result = _decision(aws, arn)
        assert result["EvalDecision"] == "allowed"
        assert result["MatchedStatements"][0]["SourcePolicyId"] == "AmazonBedrockFullAccess"
        with pytest.raises(LookupError, match="NoSuchPolicy"):
            aws.role("app", managed=["arn:aws:iam::aws:policy/NoSuchPolicy"])

    @pytest.mark.parametrize(
        ("arn", "code", "message"),
        [
            (
                "arn:aws:iam::123456789012:role/nobody",
                "NoSuchEntity",
                "Unable to retrieve specified IAM entity.",
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/app/x",
                "InvalidInput",
                "Invalid ARN provided in the request: arn:aws:sts::123456789012:assumed-role/app/x",
            ),
            (
                "arn:aws-cn:iam::123456789012:role/app",
                "InvalidInput",
                "Invalid ARN provided in the request: arn:aws-cn:iam::123456789012:role/app",
            ),
        ],
    )
    def test_refused(self, aws: Sandbox, arn: str, code: str, message: str) -> None:
        """What cannot be a source is refused in IAM's words."""
        with pytest.raises(ClientError) as caught:
            _decision(aws, arn)
        assert caught.value.response["Error"]["Code"] == code
        assert caught.value.response["Error"]["Message"] == message


class TestLayers:
    """Boundary, organization and conditions, each told apart."""

    def test_boundary(self, aws: Sandbox) -> None:
        """A boundary that does not allow is told apart from a policy that does not."""
        arn = aws.role("app", policies=[allow("*")], boundary=allow("s3:*"))
        result = _decision(aws, arn)
        assert result["EvalDecision"] == "implicitDeny"
        assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
        assert result["ResourceSpecificResults"][0]["PermissionsBoundaryDecisionDetail"] == {
            "AllowedByPermissionsBoundary": False
        }

    def test_service_control_policy(self, aws: Sandbox) -> None:
        """An SCP's denial hides statements, boundary and missing keys."""
        condition = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
        arn = aws.role("app", policies=[allow("*"), allow("s3:*", condition=condition)], boundary=allow("*"))
        aws.scp(deny(_INVOKE))
        result = _decision(aws, arn)
        assert result["EvalDecision"] == "explicitDeny"
        assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
        assert result["MatchedStatements"] == result["MissingContextValues"] == []
        assert "PermissionsBoundaryDecisionDetail" not in result
        only = result["ResourceSpecificResults"][0]
        assert "OrganizationsDecisionDetail" not in only
        assert _decision(aws, arn, "bedrock:Retrieve", ResourceArns=[])["OrganizationsDecisionDetail"] == {
            "AllowedByOrganizations": True
        }

    def test_without_an_organization_nothing_is_said_of_it(self, aws: Sandbox) -> None:
        """OrganizationsDecisionDetail is absent where there is no organization."""
        assert "OrganizationsDecisionDetail" not in _decision(aws, aws.role("app"))

    def test_service_control_policy_with_a_condition(self, aws: Sandbox) -> None:
        """SCPs are simulated with their conditions, and their keys are never shown as missing."""
        arn = aws.role("app", policies=[allow("*")])
        aws.scp(deny("*", condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}))
        denied = _decision(aws, arn)
        assert (denied["EvalDecision"], denied["MissingContextValues"]) == ("explicitDeny", [])
        assert _decision(aws, arn, ContextEntries=[_REGION])["EvalDecision"] == "allowed"

    def test_key_that_nobody_gave(self, aws: Sandbox) -> None:
        """A key that is missing makes an Allow fail and is listed; a Deny that needs it is silently passed over."""
        condition = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
        arn = aws.role("app", policies=[allow(_INVOKE, condition=condition)])
        missing = _decision(aws, arn)
        assert missing["EvalDecision"] == "implicitDeny"
        assert missing["MissingContextValues"] == ["aws:RequestedRegion"]
        assert _decision(aws, arn, ContextEntries=[_REGION])["EvalDecision"] == "allowed"
        arn = aws.role("app", policies=[allow(_INVOKE), deny(_INVOKE, condition=condition)])
        silent = _decision(aws, arn)
        assert (silent["EvalDecision"], silent["MissingContextValues"]) == ("allowed", [])

    def test_explicit_deny_of_the_boundary_is_attributed_to_it(self, aws: Sandbox) -> None:
        """A Deny in a boundary is a matched statement, by the policy's bare name."""
        arn = aws.role("app", policies=[allow("*")], boundary=deny(_INVOKE))
        statement = _decision(aws, arn)["MatchedStatements"][0]
        assert statement["SourcePolicyId"] == "app-boundary"
        assert statement["SourcePolicyType"] == "Permissions Boundary Policy"


class TestResources:
    """How results over resources are put together."""

    def test_whole_and_parts(self, aws: Sandbox) -> None:
        """The whole is as strict as its strictest part, and still lists what allowed the other."""
        arn = aws.role("app", policies=[allow(_INVOKE, resource=_MODEL)])
        result = _decision(aws, arn, ResourceArns=[_MODEL, _OTHER])
        assert result["EvalDecision"] == "implicitDeny"
        assert result["MatchedStatements"]
        assert result["EvalResourceName"] == "arn:aws:bedrock:${Region}:${Account}:${ResourceType}/${ResourceId}"
        parts = {part["EvalResourceName"]: part for part in result["ResourceSpecificResults"]}
        assert parts[_MODEL]["EvalResourceDecision"] == "allowed"
        assert parts[_OTHER]["EvalResourceDecision"] == "implicitDeny"

    def test_what_is_empty_in_a_part_is_left_out(self, aws: Sandbox) -> None:
        """On the wire a part has no element for what it has nothing of; the whole has an empty one."""
        arn = aws.role("app")
        params = {"PolicySourceArn": arn, "ActionNames": [_INVOKE], "ResourceArns": [_MODEL]}
        answer = call(aws.session(), aws.endpoint_url, "iam", "SimulatePrincipalPolicy", params)
        result = answer.result["EvaluationResults"][0]
        assert result["MatchedStatements"] == result["MissingContextValues"] == ""
        assert set(result["ResourceSpecificResults"][0]) == {"EvalResourceName", "EvalResourceDecision"}

    @pytest.mark.parametrize("resources", [[], ["*"]])
    def test_no_parts_without_resources(self, aws: Sandbox, resources: list[str]) -> None:
        """Without resources, or with ``*``, there are no parts, and a policy for one model does not allow it."""
        arn = aws.role("app", policies=[allow(_INVOKE, resource=_MODEL)])
        result = _decision(aws, arn, ResourceArns=resources)
        assert "ResourceSpecificResults" not in result
        assert (result["EvalResourceName"], result["EvalDecision"]) == ("*", "implicitDeny")

    @pytest.mark.parametrize(
        ("action", "resource"),
        [
            (_INVOKE, "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"),
            ("bedrock:Retrieve", _MODEL),
            ("bedrock:ListFoundationModels", _MODEL),
            ("iam:GetRole", "arn:aws:iam::123456789012:user/ana"),
            ("s3:GetObject", "arn:aws:s3:::bucket"),
            ("s3:ListBucket", "arn:aws:s3:::bucket/key"),
        ],
    )
    def test_resource_of_another_kind(self, aws: Sandbox, action: str, resource: str) -> None:
        """A resource that the action cannot be on is denied, whatever the policies say."""
        result = _decision(aws, aws.role("app", policies=[allow("*")]), action, ResourceArns=[resource])
        assert (result["EvalDecision"], result["MatchedStatements"]) == ("implicitDeny", [])

    @pytest.mark.parametrize(
        ("action", "resource"),
        [
            (_INVOKE, "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"),
            (_INVOKE, "arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0"),
            ("bedrock:InvokeAgent", "arn:aws:bedrock:us-east-1:123456789012:agent-alias/A/B"),
            ("iam:GetRole", "arn:aws:iam::123456789012:role/svc/app"),
            ("s3:GetObject", "arn:aws:s3:::bucket/folder/key"),
            ("s3:ListBucket", "arn:aws:s3:::bucket"),
            ("kms:Decrypt", "arn:aws:kms:us-east-1:123456789012:key/abc"),
        ],
    )
    def test_resource_of_its_kind(self, aws: Sandbox, action: str, resource: str) -> None:
        """A resource that the action can be on is decided by the policies."""
        arn = aws.role("app", policies=[allow("*")])
        assert _decision(aws, arn, action, ResourceArns=[resource])["EvalDecision"] == "allowed"

    def test_unknown_and_known_actions_do_not_mix(self, aws: Sandbox) -> None:
        """With ARNs, actions that the simulator does not know need a call of their own."""
        arn = aws.role("app", policies=[allow("*")])
        with pytest.raises(ClientError) as caught:
            _simulate(aws, arn, _INVOKE, "bedrock:Converse", "s3:GetObject", ResourceArns=[_MODEL])
        assert caught.value.response["Error"]["Message"] == (
            "Invalid Input Actions: [bedrock:InvokeModel,s3:GetObject] and [bedrock:Converse] "
            "require different authorization information."
        )
        both = _simulate(aws, arn, _INVOKE, "bedrock:Converse")
        assert [result["EvalDecision"] for result in both] == ["allowed", "allowed"]

    def test_unknown_actions_alone(self, aws: Sandbox) -> None:
        """They are matched literally on any ARN; over several there is no name for the resources."""
        arn = aws.role("app", policies=[allow("*")])
        result = _decision(aws, arn, "bedrock:Converse", ResourceArns=[_MODEL, _OTHER])
        assert result["EvalDecision"] == "allowed"
        assert "EvalResourceName" not in result

    def test_list_actions_of_iam_show_an_arn_of_the_account(self, aws: Sandbox) -> None:
        """Without resources a few actions show an ARN, though they are decided on ``*``."""
        result = _decision(aws, aws.role("app", policies=[allow("*")]), "iam:ListRoles", ResourceArns=[])
        assert result["EvalResourceName"] == "arn:aws:iam::123456789012:role/"

    def test_pages(self, aws: Sandbox) -> None:
        """The paginator of boto3 gets every action once, in order, whatever the size of the page."""
        arn = aws.role("app")
        actions = [f"bedrock:Action{number}" for number in range(7)]
        paginator = aws.session().client("iam").get_paginator("simulate_principal_policy")
        pages = list(paginator.paginate(PolicySourceArn=arn, ActionNames=actions, PaginationConfig={"PageSize": 3}))
        assert len(pages) == 3
        assert [r["EvalActionName"] for page in pages for r in page["EvaluationResults"]] == actions

    def test_a_hundred_actions_fit_a_page(self, aws: Sandbox) -> None:
        """The default page has 100 actions."""
        arn = aws.role("app")
        actions = [f"bedrock:Action{number}" for number in range(101)]
        answer = aws.session().client("iam").simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions)
        assert (len(answer["EvaluationResults"]), answer["IsTruncated"]) == (100, True)


class TestWhoMayAsk:
    """The simulation itself has to be allowed."""

    def test_only_about_itself(self, aws: Sandbox) -> None:
        """A role that may ask about itself may not ask about another; the denial names the ARN it asked about."""
        arn = aws.role("app", path="/svc/")
        other = aws.role("other")
        aws.role("app", path="/svc/", policies=[allow(*ASK, resource=arn)])
        client = aws.session("app").client("iam")
        assert client.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[_INVOKE])
        with pytest.raises(ClientError) as caught:
            client.simulate_principal_policy(PolicySourceArn=other, ActionNames=[_INVOKE])
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert caught.value.response["Error"] == {
            "Type": "Sender",
            "Code": "AccessDenied",
            "Message": "User: arn:aws:sts::123456789012:assumed-role/app/sandbox is not authorized to perform: "
            f"iam:SimulatePrincipalPolicy on resource: {other} because no identity-based policy allows the "
            "iam:SimulatePrincipalPolicy action",
        }

    def test_custom_policy(self, aws: Sandbox) -> None:
        """Documents can be simulated by who may call SimulateCustomPolicy; they need not belong to anybody."""
        aws.role("app", policies=[allow("iam:SimulateCustomPolicy")])
        client = aws.session("app").client("iam")
        document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"bedrock:*","Resource":"*"}}'
        answer = client.simulate_custom_policy(PolicyInputList=[document], ActionNames=[_INVOKE])
        assert answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


class TestContextKeys:
    """GetContextKeysForPrincipalPolicy and GetContextKeysForCustomPolicy."""

    def test_of_policies_and_boundary_but_not_of_organizations(self, aws: Sandbox) -> None:
        """Identity policies, those of groups, and the boundary; never SCPs."""
        aws.group("engineers", policies=[allow("s3:*", condition={"StringEquals": {"aws:PrincipalTag/team": "x"}})])
        arn = aws.user(
            "ana",
            groups=["engineers"],
            policies=[allow(_INVOKE, condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})],
            boundary=allow("*", condition={"Bool": {"aws:SecureTransport": "true"}}),
        )
        aws.scp(deny("*", condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
        keys = aws.session().client("iam").get_context_keys_for_principal_policy(PolicySourceArn=arn)
        assert sorted(keys["ContextKeyNames"]) == [
            "aws:PrincipalTag/team",
            "aws:RequestedRegion",
            "aws:SecureTransport",
        ]

    def test_spellings_variables_and_literals(self, aws: Sandbox) -> None:
        """Each spelling of a key, the keys of variables, and escaped literals; a version without variables has none."""
        statement = (
            '{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/%s","Condition":{"StringLike":{"%s":"x"}}}'
        )
        new = '{"Version":"2012-10-17","Statement":[%s]}' % (statement % ("${aws:username}${*}", "AWS:username"))
        old = '{"Version":"2008-10-17","Statement":[%s]}' % (statement % ("${aws:userid}", "aws:SourceIp"))
        client = aws.session().client("iam")
        keys = client.get_context_keys_for_custom_policy(PolicyInputList=[new, old])["ContextKeyNames"]
        assert sorted(keys) == ["*", "AWS:username", "aws:SourceIp", "aws:username"]

    def test_permission_and_errors(self, aws: Sandbox) -> None:
        """It has its own permission, and the errors of the simulation."""
        arn = aws.role("app")
        with pytest.raises(ClientError, match="iam:GetContextKeysForPrincipalPolicy on resource"):
            aws.session("app").client("iam").get_context_keys_for_principal_policy(PolicySourceArn=arn)
        client = aws.session().client("iam")
        with pytest.raises(client.exceptions.NoSuchEntityException):
            client.get_context_keys_for_principal_policy(PolicySourceArn=f"{arn}-missing")
        with pytest.raises(client.exceptions.InvalidInputException):
            client.get_context_keys_for_custom_policy(PolicyInputList=["{"])


class TestInput:
    """What IAM refuses before it simulates."""

    @pytest.mark.parametrize(
        ("params", "code", "message"),
        [
            (
                {},
                "ValidationError",
                _NO_ACTIONS,
            ),
            (
                {"ActionNames": [_INVOKE], "MaxItems": 0, "Marker": "x" * 321},
                "ValidationError",
                _TWO_VIOLATIONS,
            ),
            (
                {"ActionNames": [_INVOKE], "ResourceArns": [_MODEL, "*"]},
                "InvalidInput",
                "ResourceNames are not in a valid ARN format: *.",
            ),
            (
                {"ActionNames": [_INVOKE], "PolicyExclusionList": [{"PolicyArn": "arn:aws:iam::aws:role/x*y*"}]},
                "InvalidInput",
                "Invalid policy ARN exclusion: arn:aws:iam::aws:role/x*y*",
            ),
            (
                {"ActionNames": [_INVOKE], "CallerArn": "arn:aws:sts::123456789012:assumed-role/a/b"},
                "InvalidInput",
                "Invalid caller - Caller must be an IAM user, role or group in this context.",
            ),
        ],
    )
    def test_refused(self, aws: Sandbox, params: dict[str, Any], code: str, message: str) -> None:
        """Every violation is reported, in IAM's words."""
        asked = {"PolicySourceArn": aws.role("app"), **params}
        answer = call(aws.session(), aws.endpoint_url, "iam", "SimulatePrincipalPolicy", asked)
        assert (answer.status, answer.code, answer.message) == (400, code, message)

    def test_exclusions_reach_the_sandbox_whatever_botocore_knows(self, aws: Sandbox) -> None:
        """PolicyExclusionList is read from the wire, not from the installed model."""
        aws.scp(deny(_INVOKE))
        params = {
            "PolicySourceArn": aws.role("app", policies=[allow(_INVOKE)]),
            "ActionNames": [_INVOKE],
            "PolicyExclusionList": [{"PolicyType": "scp"}],
        }
        answer = call(aws.session(), aws.endpoint_url, "iam", "SimulatePrincipalPolicy", params)
        assert answer.result["EvaluationResults"][0]["EvalDecision"] == "allowed"

    def test_text_that_xml_cannot_hold(self, aws: Sandbox) -> None:
        """A control character in what is echoed does not make the answer unreadable."""
        params = {"PolicySourceArn": aws.role("app"), "ActionNames": ["bedrock:\x01&<x>"]}
        answer = call(aws.session(), aws.endpoint_url, "iam", "SimulatePrincipalPolicy", params)
        assert answer.result["EvaluationResults"][0]["EvalActionName"] == "bedrock:?&<x>"
