"""Answers of IAM's policy simulator, as its users paste them: nothing was denied, but a denial was foretold.

Shapes: an EvaluationResult of SimulatePrincipalPolicy or SimulateCustomPolicy (model of iam, botocore 1.44.5), lines
``<action>: implicitDeny`` as scripts print them, ``Action not allowed with tested creds`` of the OpenShift installer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials.catalogue import permission_code
from bedrock_guard.advice.denials.normal import Normal
from bedrock_guard.iam.decision import Layer

__all__ = ["simulated_in_mapping", "simulated_in_text"]

_LINES = re.compile(
    r"\b(?P<action>[a-z0-9-]{2,40}:[A-Za-z*]{1,100})[\"']?\s?[:=,]\s?[\"']?(?P<decision>implicitDeny|explicitDeny)\b"
    r"|Action not allowed with tested creds[\s*]{1,400}action=\\?\"?(?P<tested>[a-z0-9-]{2,40}:[A-Za-z*]{1,100})"
)


def simulated_in_mapping(mapping: Mapping[str, Any]) -> Denial | None:
    """The denial that an EvaluationResult foretells; None for anything else and for an allowed one."""
    lowered = {str(key).lower(): value for key, value in mapping.items()}
    action, decision = lowered.get("evalactionname"), lowered.get("evaldecision")
    if not isinstance(action, str) or decision not in ("implicitDeny", "explicitDeny"):
        return None
    missing = lowered.get("missingcontextvalues")
    resource = lowered.get("evalresourcename")
    return _denial(
        action,
        resource if isinstance(resource, str) and resource else None,
        _layer(lowered),
        explicit=decision == "explicitDeny",
        missing=tuple(key for key in missing if isinstance(key, str)) if isinstance(missing, list) else (),
        raw=str(dict(mapping)),
    )


def simulated_in_text(normal: Normal) -> Iterator[tuple[int, int, Denial]]:
    """Where the text foretells a denial, and which."""
    for match in _LINES.finditer(normal.text):
        explicit = match["decision"] == "explicitDeny" if match["decision"] else None
        action = match["action"] or match["tested"]
        denial = _denial(action, None, Layer.UNKNOWN, explicit=explicit, missing=(), raw=match[0])
        yield match.start(), match.end(), denial


def _layer(result: Mapping[str, Any]) -> Layer:
    """The layer that the answer itself rules out; an implicit deny by itself names none."""
    for detail, key, layer in (
        ("organizationsdecisiondetail", "allowedbyorganizations", Layer.SCP),
        ("permissionsboundarydecisiondetail", "allowedbypermissionsboundary", Layer.BOUNDARY),
    ):
        inside = result.get(detail)
        inside = {str(k).lower(): v for k, v in inside.items()} if isinstance(inside, Mapping) else result
        if inside.get(key) in (False, "false", "False"):
            return layer
    return Layer.UNKNOWN


def _denial(
    action: str, resource: str | None, layer: Layer, *, explicit: bool | None, missing: tuple[str, ...], raw: str
) -> Denial:
    return Denial(
        kind=DenialKind.PERMISSION,
        cause="unsaid" if explicit is None else "explicit" if explicit else "implicit",
        code="BG402" if missing else permission_code(layer, explicit=explicit),
        action=action,
        resource=resource,
        layer=layer,
        explicit=explicit,
        simulated=True,
        missing_context=missing,
        raw=raw,
    )
