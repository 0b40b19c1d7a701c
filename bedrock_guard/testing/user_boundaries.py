"""Permissions boundaries of users, which moto does not have."""

from __future__ import annotations

from typing import Any

from bedrock_guard.testing.moto_state import MotoState
from bedrock_guard.testing.moto_writing import set_user_boundary
from bedrock_guard.testing.requests import AwsRequest
from bedrock_guard.testing.wire_errors import AwsError

__all__ = ["BOUNDARY_OPERATIONS", "answer_boundary"]

BOUNDARY_OPERATIONS = ("DeleteUserPermissionsBoundary", "PutUserPermissionsBoundary")


def answer_boundary(request: AwsRequest, state: MotoState) -> dict[str, Any]:
    """Sets or removes a user's boundary.

    Raises:
        AwsError: There is no such user or policy.
    """
    name = request.text("UserName")
    with state.in_place():
        if state.entity("user", name) is None:
            raise AwsError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
        arn = request.text("PermissionsBoundary") if request.operation.startswith("Put") else ""
        if arn and state.managed_policy(arn) is None:
            raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)
        set_user_boundary(state, name, arn)
    return {}
