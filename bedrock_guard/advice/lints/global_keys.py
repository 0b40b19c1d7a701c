"""The condition keys that any AWS request may carry."""

from __future__ import annotations

import difflib
import re

__all__ = ["CROSS_SERVICE", "global_key", "nearest_global_key"]

_NAMES = """
    PrincipalArn PrincipalAccount PrincipalOrgPaths PrincipalOrgID PrincipalIsAWSService PrincipalServiceName
    PrincipalServiceNamesList PrincipalType userid username
    AssumedRoot FederatedProvider TokenIssueTime SignInSessionArn MultiFactorAuthAge MultiFactorAuthPresent
    ChatbotSourceArn Ec2InstanceSourceVpc Ec2InstanceSourcePrivateIPv4 SourceIdentity
    SourceIp SourceVpc SourceVpcArn SourceVpce VpceAccount VpceOrgID VpceOrgPaths VpcSourceIp
    ResourceAccount ResourceOrgID ResourceOrgPaths
    CalledVia CalledViaFirst CalledViaLast CalledViaAWSMCP ViaAWSService ViaAWSMCPService CurrentTime EpochTime
    referer RequestedRegion TagKeys SecureTransport SourceAccount SourceArn SourceOrgID SourceOrgPaths UserAgent
    IsMcpServiceAction
    PrincipalId PrincipalOrgMasterAccountId Type
"""
"""What stands behind ``aws:``. Source: IAM User Guide, “AWS global condition context keys”, its table in its order
(reference_policies_condition-keys.html, read 2026-11-24); the last line is what IAM's simulator fills in besides
(access_policies_testing-policies.html)."""

_TAGGED = ("aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/")
"""Keys with a tag's name behind the slash. Source: the same table."""

_BY_LOWER = {key.lower(): key for key in (*(f"aws:{name}" for name in _NAMES.split()), *_TAGGED)}

CROSS_SERVICE = re.compile(
    r"ec2:(roledelivery|sourceinstancearn)|glue:(roleassumedby|credentialissuingservice)|codebuild:(buildarn|projectarn)"
    r"|lambda:sourcefunctionarn|ssm:sourceinstancearn|ecs:sourcetaskarn|identitystore:userid|sts:.+|saml:.+"
)
"""Keys in lower case that are named after one service and travel with the credentials to all.

Source: the same table; the tasks of ECS and what STS and SAML put into a session from the pages of those services.
"""


def global_key(key: str) -> bool:
    """Whether a key in lower case that begins with ``aws:`` is a global condition key."""
    return key in _BY_LOWER or any(key.startswith(tagged.lower()) for tagged in _TAGGED)


def nearest_global_key(key: str) -> str | None:
    """The global key that reads most like a key in lower case."""
    head, slash, tag = key.partition("/")
    close = difflib.get_close_matches(head[:64] + slash, _BY_LOWER, 1, 0.75)
    return _BY_LOWER[close[0]] + (tag if close[0].endswith("/") else "") if close else None
