"""What the resource, the caller and the simulator's answer tell beyond the layer.

Sources: the Bedrock User Guide on cross-Region inference (inference-profiles-prereq.html,
global-cross-region-inference.html) and model-access.html; SimulatePrincipalPolicy in the model of iam, botocore 1.44.5;
all read 2026-11.
"""

from __future__ import annotations

import re

from bedrock_guard.advice.denial import Denial
from bedrock_guard.advice.denials.callers import CallerKind, caller_kind, has_policies
from bedrock_guard.advice.denials.verdict import Ask, Verdict
from bedrock_guard.advice.denials.verdicts_by_layer import layer_verdict
from bedrock_guard.bedrock.model_facts import sold_through_marketplace
from bedrock_guard.bedrock.model_ids import GEOGRAPHIES
from bedrock_guard.iam.decision import Layer

__all__ = ["caller_verdict", "foretold_verdict", "place_verdict", "subscription_verdict"]

_MODEL_ARN = re.compile(
    r"arn:[\w-]{1,32}:bedrock:([\w-]{0,40}):([^:]{0,40}):(foundation-model|inference-profile)/(.{1,300})"
)
_SERVICE_ROLES = ("AmazonBedrockExecutionRole", "AmazonBedrockServiceRole")
_PASSED_TO = ("BedrockAgents-", "BedrockAgentCore-", "BedrockKnowledgeBase-")
_ROLE = re.compile(r"arn:[\w-]{1,32}:(?:sts|iam)::[^:]{0,20}:(?:assumed-role|role)/(.{1,600})")

_UNRESOLVED = Verdict(
    "profile-unresolved",
    "An inference profile cannot be resolved to its models without this right. The principal named in the message "
    "needs it: the assumed role, not the host's.",
    Ask.ROLE_OWNER,
)
_NO_GRANT = "No grant ends a Deny"


_BY_KIND = {
    CallerKind.ROOT: Verdict(
        "root",
        "The root user has no identity policies: organization policies and policies of resources limit it.",
        Ask.ORGANIZATION,
    ),
    CallerKind.FEDERATED: Verdict(
        "federated-user",
        "A federated user has no policies of its own: those of the IAM user who called GetFederationToken count, and "
        "the session policy that was passed there. Both have to allow the request.",
        Ask.FEDERATION_OWNER,
    ),
    CallerKind.SERVICE: Verdict(
        "service-principal",
        "The caller is a service of AWS, which has no identity policies: the policy of the resource, or the trust "
        "policy of the role, has to let it in.",
        Ask.RESOURCE_OWNER,
    ),
    CallerKind.ANONYMOUS: Verdict(
        "anonymous",
        "The request carried no credentials, so nobody's identity policies count: sign it. Unsigned, only the policy "
        "of the resource could let it in.",
        Ask.CALLER,
    ),
    CallerKind.SERVICE_LINKED: Verdict(
        "service-linked-role",
        "That role is linked to a service of AWS, which writes its policies: nobody in the account can add to them. "
        "See that the feature is set up as its guide says, and ask AWS Support if it is.",
        Ask.AWS,
    ),
    CallerKind.HOST: Verdict(
        "host-identity",
        "The caller is the identity that AWS gives to the host itself, which has no policies: let the app use a role "
        "of its own, such as that of an instance profile.",
        Ask.CALLER,
    ),
}


def place_verdict(denial: Denial) -> Verdict | None:
    """What the denied model's ARN says: a profile routed there, all over the world, or under another prefix."""
    if denial.action == "bedrock:GetInferenceProfile":
        return _UNRESOLVED
    arn = _MODEL_ARN.fullmatch(denial.resource or "")
    if arn is None or (denial.layer in (Layer.IDENTITY, Layer.UNKNOWN) and not has_policies(denial)):
        return None
    region, _, kind, model = arn.groups()
    if kind == "inference-profile":
        return _profile(denial, model)
    if not region:
        return _global(denial)
    return _destination(denial, region)


def caller_verdict(denial: Denial) -> Verdict | None:
    """Whose policies count, where that is mostly taken for somebody else's."""
    if caller_kind(denial.caller) is CallerKind.SERVICE_LINKED:
        return _BY_KIND[CallerKind.SERVICE_LINKED]
    role = _ROLE.match(denial.caller or "")
    path = role[1].split("/") if role else []
    name, session = (path[0], path[-1]) if path else ("", "")
    if name.startswith("AWSReservedSSO_"):
        text = f"{name} belongs to IAM Identity Center: change the permission set, the role itself cannot be edited."
        if denial.layer not in (Layer.IDENTITY, Layer.UNKNOWN):
            text = (
                f"{name} belongs to IAM Identity Center: neither its permission set nor the role is what denies here."
            )
        return Verdict("permission-set", text, Ask.ACCOUNT_ADMIN)
    if denial.nested or name.startswith(_SERVICE_ROLES) or session.startswith(_PASSED_TO):
        who = denial.caller or "a service role"
        text = f"{who} was denied, the role that a Bedrock service works with: not the app's own principal."
        return Verdict("service-role", text, Ask.ROLE_OWNER)
    return _BY_KIND.get(caller_kind(denial.caller))


def subscription_verdict(denial: Denial) -> Verdict | None:
    """What waits behind a model of another vendor that an SCP kept from being invoked."""
    arn = _MODEL_ARN.fullmatch(denial.resource or "")
    if arn is None or denial.layer is not Layer.SCP or not (denial.action or "").startswith("bedrock:InvokeModel"):
        return None
    model = arn[4].partition(".")[2] if arn[3] == "inference-profile" else arn[4]
    if not sold_through_marketplace(model):
        return None
    text = (
        "The first call of such a model also subscribes the account in AWS Marketplace; while the call is denied that "
        "does not happen either. Expect the marketplace's denial next, unless the account is subscribed."
    )
    return Verdict("subscription-behind", text, Ask.ACCOUNT_ADMIN)


def foretold_verdict(denial: Denial) -> Verdict:
    """What an answer of the policy simulator comes to: no call was made."""
    what = denial.action or "the action"
    if "*" in what.partition(":")[2]:
        text = f"The simulator takes {what} as the literal name of an action, not as a pattern: ask for each action."
        return Verdict("simulated-wildcard", text, Ask.CALLER)
    if denial.missing_context:
        keys = ", ".join(denial.missing_context)
        text = (
            f"Inconclusive: {what} hangs on {keys}, which the simulation was not given. Supply it, with its type, and "
            "ask again."
        )
        return Verdict("simulated-without-context", text, Ask.CALLER)
    if denial.layer is Layer.SCP:
        text = (
            f"The simulator puts the denial of {what} down to the organization, whatever the identity policies allow. "
            "It has been wrong about that: ask again with PolicyExclusionList scp to tell the layers apart, and take "
            "it for a warning until then."
        )
        return Verdict("simulated-organization", text, Ask.ORGANIZATION)
    if denial.layer is Layer.BOUNDARY:
        text = (
            f"The simulator puts the denial of {what} down to the permissions boundary. If that has conditions, such "
            "as on aws:RequestedRegion, their keys have to be supplied."
        )
        return Verdict("simulated-boundary", text, Ask.BOUNDARY_OWNER)
    text = (
        f"A simulation foretells that {what} is denied; no call was. It is inconclusive where policies have "
        "conditions, on aws:RequestedRegion for example, and the simulation was not given those keys, or not the "
        "resource itself."
    )
    return Verdict("simulated", text, Ask.CALLER)


def _profile(denial: Denial, model: str) -> Verdict:
    geography = model.partition(".")[0]
    if denial.explicit:
        text = (
            f"What was denied is the inference profile itself; that one is listed does not mean it may be called. "
            f"{_NO_GRANT}: it has to spare this profile, or the app calls one that it does not hit."
        )
        compare = "what the Deny hits"
    else:
        text = (
            "The inference profile itself has to be granted, as an ARN of the calling Region and account, besides the "
            "models behind it. Each profile is granted on its own; that one is listed does not mean it may be called."
        )
        compare = "the prefix that is granted"
    if geography in GEOGRAPHIES:
        text += f" The request used a profile of the geography {geography!r}: compare it with {compare}."
    return Verdict("profile-prefix", text, layer_verdict(denial).ask)


def _global(denial: Denial) -> Verdict:
    text = (
        "An ARN without a Region is the model behind a global. profile, and aws:RequestedRegion is not a Region there "
        "(“unspecified”)."
    )
    ask = layer_verdict(denial).ask
    if denial.layer in (Layer.SCP, Layer.RCP):
        text += " Call a profile of one geography, or ask for that value to be exempted in the policy that denies."
    elif denial.explicit:
        text += " The Deny has to spare that value."
    else:
        text += " Allow this ARN, and demand no Region in its condition."
    return Verdict("global-profile", text, ask)


def _destination(denial: Denial, region: str) -> Verdict | None:
    if denial.region == region:
        return None  # where the call was made: it is not about a profile
    text = f"The denied model is the one in {region}."
    if denial.region is not None:
        text = f"The call was made in {denial.region}; the inference profile routed it to {region}."
    else:
        text += f" If the app did not call {region} itself, an inference profile routed the call there."
    if denial.layer in (Layer.SCP, Layer.RCP):
        text += " Choose a profile within the allowed Regions, or have the destination exempted for inference."
    elif denial.explicit:
        text += f" {_NO_GRANT}: it has to spare that Region, or the app calls a profile that is not routed there."
    else:
        text += " With a profile the model has to be granted in every destination Region."
    return Verdict("destination-region", text, layer_verdict(denial).ask)
