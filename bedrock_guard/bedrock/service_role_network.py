"""What the role of a job needs to work inside a VPC: Bedrock makes, tags and removes network interfaces with it."""

from __future__ import annotations

from bedrock_guard.bedrock.service_role_kinds import RoleNeed, Target

__all__ = ["network_needs"]

_DESCRIBE = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)
_MANAGED = "BedrockManaged"


def network_needs(page: str, tag: str, job: str) -> tuple[RoleNeed, ...]:
    """The permissions on EC2 of a job in a VPC; nothing for one without.

    The job has no id yet: its tag is taken to be ``JOB/*``, which is what AWS's policies ask for.

    Args:
        page: The page of AWS with the policy.
        tag: Key of the tag that interfaces get besides ``BedrockManaged``, with the job's ARN.
        job: How the job's ARN ends, such as ``model-import-job/*``.
    """
    arn = f"arn:{{partition}}:bedrock:{{region}}:{{account}}:{job}"
    asked = ((f"aws:RequestTag/{_MANAGED}", ("true",)), (f"aws:RequestTag/{tag}", (arn,)))
    tags = (*asked, ("aws:TagKeys", (_MANAGED, tag)))
    tagged = tuple(
        (f"{service}:ResourceTag/{key}", value)
        for service in ("aws", "ec2")
        for key, value in ((_MANAGED, ("true",)), (tag, (arn,)))
    )
    return (
        RoleNeed(_DESCRIBE, Target.NOTHING, page, named="subnets"),
        *(
            RoleNeed(("ec2:CreateNetworkInterface",), target, page, context=tags)
            for target in (Target.INTERFACE, Target.SUBNET, Target.SECURITY_GROUP)
        ),
        RoleNeed(
            ("ec2:CreateTags",),
            Target.INTERFACE,
            page,
            context=(*tags, ("ec2:CreateAction", ("CreateNetworkInterface",))),
        ),
        RoleNeed(
            (
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ),
            Target.INTERFACE,
            page,
            context=(*tagged, ("ec2:Subnet", ("{subnet}",))),
        ),
    )
