"""IAM's own sentence about a denied request: read from a text, and written again.

``User: <caller> is not authorized to perform: <action>[ on resource: <resource>]<clause>[: <policy ARN>][. Go to …]``

Source: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
troubleshoot_access-denied-authorization-id.html (read 2026-11); only one kind of policy is named even if several deny.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from bedrock_guard.advice.denials.callers import is_unsigned
from bedrock_guard.advice.denials.normal import Normal
from bedrock_guard.advice.denials.resource_text import after_arn, read_resource
from bedrock_guard.iam.decision import Layer

__all__ = ["CLAUSES", "ONE_OF_THREE", "Statement", "layer_called", "read_statements"]

CLAUSES = MappingProxyType(
    {
        Layer.IDENTITY: ("no identity-based policy", "an identity-based policy"),
        Layer.RESOURCE: ("no resource-based policy", "a resource-based policy"),
        Layer.BOUNDARY: ("no permissions boundary", "a permissions boundary"),
        Layer.SCP: ("no service control policy", "a service control policy"),
        # AWS documents no missing Allow of an RCP; assumed to read as the others do.
        Layer.RCP: ("no resource control policy", "a resource control policy"),
        Layer.SESSION: ("no session policy", "a sessions policy"),
        Layer.VPC_ENDPOINT: ("no VPC endpoint policy", "a VPC endpoint policy"),
        Layer.TRUST: ("no role trust policy", "the role trust policy"),
    }
)
"""How a missing Allow and a Deny of each layer are called."""

ONE_OF_THREE = (
    " on this resource because the resource does not exist in this Region, no resource-based policies allow access, or "
    "a resource-based policy explicitly denies access"
)
"""What KMS says in place of a resource and a clause, of a key that it does not name: one of three, and not which.

Source: none that could be read: the sentence is assumed to be as users quote it of kms:Decrypt and kms:GenerateDataKey.
"""

_ANCHOR = "not authorized to perform"
_CALLER_LIMIT = 2100
_SENTENCE_LIMIT = 4096
_NAMES = (
    ("identity", Layer.IDENTITY),
    ("resource based", Layer.RESOURCE),
    ("resource control", Layer.RCP),
    ("resource policy", Layer.RESOURCE),
    ("service control", Layer.SCP),
    ("session", Layer.SESSION),
    ("vpc endpoint", Layer.VPC_ENDPOINT),
    ("role trust", Layer.TRUST),
    ("trust", Layer.TRUST),
    ("permission", Layer.BOUNDARY),
)
_POLICY = r"permissions? boundar(?:y|ies)|[a-z][a-z -]{1,60}?polic(?:y|ies)"
_CLAUSE = re.compile(
    rf"\s?because no (?P<missing>{_POLICY}|policy) allows?(?: (?:the )?\S{{1,200}} action)?"
    rf"|\s?with an explicit deny(?: in (?:an? |the )?(?P<denying>{_POLICY})"
    rf"(?: transitively through an? (?P<through>{_POLICY}))?)?"
)
_ACTION = r"[A-Za-z][A-Za-z0-9-]{0,63}:(?:[A-Za-z][A-Za-z0-9]{0,127}\*?|\*)"
_ACTIONS = re.compile(rf"[:\s\"'\[(]{{0,6}}({_ACTION}(?:,\s?{_ACTION}){{0,49}})[\"'\])]{{0,2}}")
_ON_RESOURCE = re.compile(r"\s?on (?:the )?resources?(?:\(s\))?:?\s?")
_THREE = re.compile(
    r"\s?on this resource\b(?: because the resource does not exist in this region"
    r"(?:, no resource-based polic(?:y|ies) allows? access(?:,? or an? resource-based policy explicitly denies access)?"
    r")?)?"
)
_POLICY_ARN = re.compile(r"\s?:\s?[\"']?(arn:[^\s\"'<>\\;)}\]]{1,2048})")
_DETAILS = re.compile(r"[.\s]{0,3}\[?go to \S{1,400}|[.\s]{0,3}go to ")
# No id holds a hyphen; the mask of one does (AUTHORIZATION-1), and is nothing to ask AWS about.
_AUTHORIZATION = re.compile(
    r"authorization id: ?([0-9a-z]{1,256})(?![0-9a-z-])|authorization-details/([0-9a-z]{1,256})(?![0-9a-z-])"
)
_CONSOLE_REGION = re.compile(r"region=([a-z]{2,4}(?:-[a-z]{1,12}){1,3}-\d)\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of IAM.

    Attributes:
        start: Where it begins in the plain text.
        end: Where it ends there.
        caller: As printed.
        actions: Nearly always one.
        resource: As printed, without quotes and without the full stop behind it.
        layer: Unknown where the sentence names none and more than one could deny the action.
        through: The second layer, of "transitively through".
        explicit: None where the sentence does not say; of a resource's policy, where it may be missing as well.
        policy_arn: The policy named.
        authorization_id: Of the suffix.
        region: Of the suffix's link: where the request was denied.
    """

    start: int
    end: int
    caller: str | None
    actions: tuple[str, ...]
    resource: str | None
    layer: Layer
    through: Layer | None
    explicit: bool | None
    policy_arn: str | None
    authorization_id: str | None
    region: str | None


def read_statements(normal: Normal) -> list[Statement]:
    """Every sentence in the text, in its order."""
    found: list[Statement] = []
    anchor = normal.lower.find(_ANCHOR)
    floor = 0
    while anchor >= 0:
        following = normal.lower.find(_ANCHOR, anchor + len(_ANCHOR))
        limit = len(normal.text) if following < 0 else _sentence_start(normal.lower, anchor + len(_ANCHOR), following)
        statement = _read(normal, anchor, floor, min(limit, anchor + _SENTENCE_LIMIT))
        if statement is not None:
            found.append(statement)
            floor = statement.end
        anchor = following
    return found


def layer_called(name: str) -> Layer:
    """The layer that AWS calls ``name``, such as "service control policy"; unknown for a name that is new."""
    plain = name.lower().replace("-", " ")
    return next((layer for start, layer in _NAMES if plain.startswith(start)), Layer.UNKNOWN)


def _sentence_start(lower: str, after: int, anchor: int) -> int:
    start = lower.rfind("user:", max(after, anchor - _CALLER_LIMIT), anchor)
    return start if start >= 0 else anchor


def _read(normal: Normal, anchor: int, floor: int, limit: int) -> Statement | None:
    text, lower = normal.text, normal.lower
    actions = _ACTIONS.match(text, anchor + len(_ANCHOR), limit)
    if actions is None:
        return None
    start, caller = _caller(text, lower, anchor, floor)
    end = actions.end()
    resource = None
    clause = _CLAUSE.match(lower, end, limit)
    on = _ON_RESOURCE.match(lower, end, limit) if clause is None else None
    if on is not None:
        found = _CLAUSE.search(lower, max(on.end() - 1, 0), limit)
        resource, end, reaches = read_resource(text, on.end(), limit, found.start() if found else None)
        clause = found if reaches else None
        if resource is not None and resource.startswith("associated with "):
            resource = None  # KMS, of the key behind a ciphertext, which it does not name
    names = tuple(re.split(r",\s?", actions[1]))
    layer, through, explicit, policy_arn = Layer.UNKNOWN, None, None, None
    three = _THREE.match(lower, end, limit) if clause is None and on is None else None
    if three is not None:
        layer, end = Layer.RESOURCE, three.end()
    elif clause is None and all(map(is_unsigned, names)):
        layer = Layer.TRUST
    if clause is not None:
        end = clause.end()
        named = clause["missing"] or clause["denying"]
        layer = layer_called(named) if named and named != "policy" else Layer.UNKNOWN
        through = layer_called(clause["through"]) if clause["through"] else None
        explicit = clause["missing"] is None
        policy_arn, end = _policy(text, end, limit)
    authorization_id, region, end = _details(lower, end, limit)
    return Statement(
        start=start,
        end=end,
        caller=caller,
        actions=names,
        resource=resource,
        layer=layer,
        through=through,
        explicit=explicit,
        policy_arn=policy_arn,
        authorization_id=authorization_id,
        region=region,
    )


def _caller(text: str, lower: str, anchor: int, floor: int) -> tuple[int, str | None]:
    """Where the sentence starts, and who stands before "is not authorized"."""
    window = max(floor, anchor - _CALLER_LIMIT)
    verb = lower.rfind(" is ", window, anchor)
    end = verb if verb >= 0 and anchor - verb <= 5 else anchor
    named = lower.rfind("user:", window, end)
    if named >= 0:
        between = _bare(text[named + len("user:") : end])
    else:
        named = max(text.rfind(c, window, end) for c in " \n\"'([") + 1 or window
        between = _bare(text[named:end])
        if not between.startswith("arn:"):
            return anchor, None
    if "\n" in between:
        between = between.replace("\n", "") if between.startswith("arn:") else ""
    return named, between or None


def _bare(between: str) -> str:
    bare = between.strip(" \n\"'")
    return bare[2:-2] if bare.startswith("**") and bare.endswith("**") and len(bare) > 4 else bare


def _policy(text: str, end: int, limit: int) -> tuple[str | None, int]:
    match = _POLICY_ARN.match(text, end, limit)
    if match is None:
        return None, end
    arn, stop = after_arn(text, match.start(1), match.end(1), limit)
    return arn.rstrip(".,:*"), stop


def _details(lower: str, end: int, limit: int) -> tuple[str | None, str | None, int]:
    if _DETAILS.match(lower, end, limit) is None:
        return None, None, end
    region = _CONSOLE_REGION.search(lower, end, min(limit, end + 600))
    # The link holds the id too; the one at the end of the sentence is preferred, since links get cut.
    ids = list(_AUTHORIZATION.finditer(lower, end, min(limit, end + 1200)))
    if not ids:
        return None, None, end
    last = next((m for m in ids if m[1]), ids[0])
    return last[1] or last[2], region[1] if region else None, last.end()
