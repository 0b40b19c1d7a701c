"""A second evaluator, slow and plain, to hold the engine against.

It works on the JSON documents themselves and shares no code with the engine: wildcards are regular expressions,
conditions are compared value by value, layers are asked one after the other as AWS's documentation lists them.
It knows nothing of unknown keys; a property gives it every value instead.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from fractions import Fraction
from typing import Any

Document = dict[str, Any]
Values = Mapping[str, str | Sequence[str]]

ALLOWED, IMPLICIT, EXPLICIT = "allowed", "implicitDeny", "explicitDeny"


def decide(
    action: str,
    resource: str,
    context: Values,
    *,
    identity: Sequence[Document],
    boundary: Document | None = None,
    scps: Sequence[Sequence[Document]] = (),
    session: Document | None = None,
) -> str:
    """The decision for a principal and a resource of one account, without a resource policy."""
    limits = [[boundary]] if boundary else []
    limits += [[session]] if session else []
    groups = [identity, *limits, *scps]
    answers = [layer(group, action, resource, context) for group in groups]
    if EXPLICIT in answers:
        return EXPLICIT
    return ALLOWED if all(answer == ALLOWED for answer in answers) else IMPLICIT


def layer(documents: Sequence[Document], action: str, resource: str, context: Values) -> str:
    """The decision of one set of policies."""
    effects = {
        statement["Effect"]
        for document in documents
        for statement in _list(document["Statement"])
        if _applies(statement, action, resource, context, document.get("Version") == "2012-10-17")
    }
    if "Deny" in effects:
        return EXPLICIT
    return ALLOWED if "Allow" in effects else IMPLICIT


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _applies(statement: Document, action: str, resource: str, context: Values, variables: bool) -> bool:
    deny = statement["Effect"] == "Deny"
    if "Action" in statement:
        if not any(_glob(pattern.lower(), action.lower()) for pattern in _list(statement["Action"])):
            return False
    elif any(_glob(pattern.lower(), action.lower()) for pattern in _list(statement["NotAction"])):
        return False
    if "Resource" in statement:
        if not any(_resource(pattern, resource, context, variables) for pattern in _list(statement["Resource"])):
            return False
    else:
        patterns = _list(statement["NotResource"])
        if any(_resource(pattern, resource, context, variables) for pattern in patterns):
            return False
        if not deny and any(_regex(pattern, context, variables) is None for pattern in patterns):
            return False
    return all(
        _condition(operator, key, _list(values), context, variables, deny)
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def _glob(pattern: str, text: str) -> bool:
    regex = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


_VARIABLE = re.compile(r"\$\{([^{}$',]*)(?:, *'([^']*)')?\}")


def _regex(pattern: str, context: Values, variables: bool, *, wildcards: bool = True) -> str | None:
    """The pattern as a regular expression with its variables replaced; None if one has no value."""
    regex = ""
    while pattern:
        found = _VARIABLE.match(pattern) if variables else None
        if found:
            key = found[1].strip()
            value: Any = key if key in ("*", "?", "$") else _value(key, context)
            value = found[2] if value is None else value
            if not isinstance(value, str):
                return None
            regex += re.escape(value)
            pattern = pattern[found.end() :]
            continue
        if variables and pattern.startswith("${$}"):
            regex += re.escape("$")
            pattern = pattern[4:]
            continue
        character, pattern = pattern[0], pattern[1:]
        regex += {"*": ".*", "?": "."}.get(character, re.escape(character)) if wildcards else re.escape(character)
    return regex


def _resource(pattern: str, resource: str, context: Values, variables: bool) -> bool:
    regex = _regex(pattern, context, variables)
    return regex is not None and re.fullmatch(regex, resource, re.DOTALL) is not None


def _value(key: str, context: Values) -> str | Sequence[str] | None:
    for name, value in context.items():
        if name.lower() == key.lower():
            return value if isinstance(value, str) or value else None
    return None


def _condition(operator: str, key: str, wanted: Sequence[Any], context: Values, variables: bool, deny: bool) -> bool:
    wanted = [value if isinstance(value, str) else str(value).lower() for value in wanted]
    value = _value(key, context)
    if operator == "Null":
        return any((value is None) == (text.lower() == "true") for text in wanted)
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = "Not" in name
    if value is None:
        if quantifier == "ForAnyValue":
            return False
        return quantifier == "ForAllValues" or if_exists or negated
    values = [value] if isinstance(value, str) else list(value)
    plain = name.replace("Not", "")
    met = [_meets(plain, text, wanted, context, variables, negated, deny) for text in values if text or not quantifier]
    if quantifier == "ForAnyValue" or (not quantifier and deny):
        return any(met)
    return all(met)


def _meets(
    name: str, text: str, wanted: Sequence[str], context: Values, variables: bool, negated: bool, deny: bool
) -> bool:
    same = any(_same(name, text, one, context, variables) for one in wanted)
    if not negated:
        return same
    without_value = (
        variables
        and name.startswith(("String", "Arn"))
        and any(_regex(one, context, variables, wildcards=False) is None for one in wanted)
    )
    unreadable = not _readable(name, text)
    if not deny and (without_value or unreadable):
        return False
    return not same


def _readable(name: str, text: str) -> bool:
    if name == "IpAddress":
        return _address(text) is not None
    if name.startswith("Numeric"):
        return _number(text) is not None
    if name.startswith("Date"):
        return _moment(text) is not None
    return not name.startswith("Arn") or len(text.split(":", 5)) == 6


def _same(name: str, text: str, wanted: str, context: Values, variables: bool) -> bool:
    if name.startswith(("String", "Arn")):
        return _same_text(name, text, wanted, context, variables)
    if name == "Bool":
        return text.lower() == wanted.lower() and text.lower() in ("true", "false")
    if name == "BinaryEquals":
        return base64.b64decode(text) == base64.b64decode(wanted)
    if name == "IpAddress":
        address = _address(text)
        network = ipaddress.ip_network(wanted, strict=False)
        return address is not None and address.version == network.version and address in network
    read = _number if name.startswith("Numeric") else _moment
    number, limit = read(text), read(wanted)
    if number is None or limit is None:
        return False
    return {
        "Equals": number == limit,
        "LessThan": number < limit,
        "LessThanEquals": number <= limit,
        "GreaterThan": number > limit,
        "GreaterThanEquals": number >= limit,
    }[name.removeprefix("Numeric").removeprefix("Date")]


def _same_text(name: str, text: str, wanted: str, context: Values, variables: bool) -> bool:
    arn = name.startswith("Arn")
    if arn and (len(text.split(":", 5)) != 6 or len(wanted.split(":", 5)) != 6):
        return False
    if arn:
        pairs = zip(text.split(":", 5), wanted.split(":", 5), strict=True)
        return all(_same_text("StringLike", part, pattern, context, variables) for part, pattern in pairs)
    regex = _regex(wanted, context, variables, wildcards=name == "StringLike")
    flags = re.IGNORECASE if name == "StringEqualsIgnoreCase" else 0
    return regex is not None and re.fullmatch(regex, text, flags | re.DOTALL) is not None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def _moment(text: str) -> Fraction | None:
    if re.fullmatch(r"\d{5,}", text):
        return Fraction(text)
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return Fraction(moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp())
