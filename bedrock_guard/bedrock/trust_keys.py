"""Condition keys of trust policies: which a request to assume a role is documented not to carry. Pure.

A service assumes a role as itself, without the credentials of an IAM principal, and a web identity calls with a token
and without a signature. Of a key that is in neither list nothing is said: AWS documents for some that every request
has them and not what they hold for a service (``aws:PrincipalArn``, ``aws:PrincipalAccount``, ``aws:userid``), for
others nothing at all (``sts:ExternalId``, which an association of Pod Identity may have).

Source: IAM User Guide, reference_policies_condition-keys (read 2026-11-24): the availability of each key; STS API
Reference, AssumeRoleWithWebIdentity, as botocore 1.44.5 models it: it takes no ExternalId; EKS API Reference,
PodIdentityAssociation (read 2026-11-24): a role is assumed with six session tags, or none where they are disabled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bedrock_guard.iam.conditions import condition_test
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.policy import Condition

__all__ = ["absent_keys", "is_absent", "is_idle", "never_holds"]

# With the credentials of an IAM principal only, or of a member of an organization, or from a browser.
_OF_PRINCIPALS = (
    r"calledvia(first|last)?|federatedprovider|multifactorauth(age|present)|principalorg(id|paths)|principaltag/.*"
    r"|referer|tokenissuetime|username"
)
_BY_SERVICE = re.compile(rf"aws:({_OF_PRINCIPALS})")

# aws:SourceAccount and its like are there only where an AWS service calls; tags may come with the token.
_BY_WEB_IDENTITY = re.compile(
    r"aws:(calledvia(first|last)?|multifactorauth(age|present)|principalorg(id|paths)|principalservicename(slist)?"
    r"|referer|source(account|arn|orgid|orgpaths)|username)|sts:externalid"
)

_PODS = "pods.eks.amazonaws.com"
_TAG = "aws:requesttag/"

_POD_TAGS = (
    "eks-cluster-arn",
    "eks-cluster-name",
    "kubernetes-namespace",
    "kubernetes-pod-name",
    "kubernetes-pod-uid",
    "kubernetes-service-account",
)
"""Source: EKS User Guide, pod-id-abac (the names are assumed, not read again)."""

_IDLE = re.compile(
    r"aws:(currenttime|epochtime|requestedregion|securetransport|principalisawsservice|principalservicename(slist)?"
    r"|useragent|viaawsservice)"
)


def is_absent(key: str, principal: str) -> bool:
    """Whether the request by which a principal assumes a role is documented to lack a key.

    Args:
        key: A condition key, in any case.
        principal: A service such as ``bedrock.amazonaws.com``, or the ARN of an identity provider.
    """
    key = key.lower()
    if principal.startswith("arn:"):
        return _BY_WEB_IDENTITY.fullmatch(key) is not None
    if principal == _PODS and key.startswith(_TAG):
        return key.removeprefix(_TAG) not in _POD_TAGS
    return _BY_SERVICE.fullmatch(key) is not None


def absent_keys(keys: Iterable[str], principal: str) -> dict[str, tuple[str, ...]]:
    """Those of the keys that the request is documented to lack, for a :class:`Context`."""
    return {key: () for key in keys if is_absent(key, principal)}


def never_holds(condition: Condition, principal: str) -> str:
    """Why the condition of an Allow can never hold for a principal, since its key is not sent; empty where it may."""
    if not is_absent(condition.key, principal):
        return ""
    without = Context({condition.key: ()}, unknown=("*",))
    if condition_test(condition, deny=False, variables=True).holds(without) is not False:
        return ""
    if principal.startswith("arn:"):
        return f"a request with a web identity carries no {condition.key}, so the statement never matches"
    if condition.key.lower().startswith(_TAG):
        tag = condition.key.partition("/")[2]
        return f"Pod Identity has no session tag {tag!r}; it has {', '.join(_POD_TAGS)}"
    return f"{principal} assumes the role for itself and sends no such key, so the statement never matches"


def is_idle(condition: Condition, principal: str) -> bool:
    """Whether a condition says nothing about for whom a principal assumes the role.

    So it is where the key is the same for every request, or holds for want of the key. Of what AWS does not document
    it cannot be told, and is not said.
    """
    if is_absent(condition.key, principal):
        return not never_holds(condition, principal)
    return _IDLE.fullmatch(condition.key.lower()) is not None
