"""What the installed botocore knows of a request's parameters, where the catalogue is older."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from botocore.model import OperationNotFoundError, ServiceModel

from bedrock_guard.bedrock.operations import Operation

__all__ = ["knows_parameter"]


def knows_parameter(operation: Operation, path: str) -> bool:
    """Whether boto3 takes such a parameter; no client is made, and no call.

    Args:
        operation: The operation.
        path: Names of members with dots between, ``[]`` after a list and ``{}`` after a map.
    """
    model = _model(operation.service)
    if model is None:
        return False
    try:
        shape: Any = model.operation_model(operation.name).input_shape
    except OperationNotFoundError:
        return False
    for name in path.replace("[]", ".[]").replace("{}", ".{}").split("."):
        if shape is None:
            return False
        if name == "[]":
            shape = getattr(shape, "member", None)
        elif name == "{}":
            shape = getattr(shape, "value", None)
        else:
            shape = getattr(shape, "members", {}).get(name)
    return shape is not None


@lru_cache(maxsize=8)
def _model(service: str) -> ServiceModel | None:
    try:
        return ServiceModel(Loader().load_service_model(service, "service-2"), service)
    except DataNotFoundError:
        return None
