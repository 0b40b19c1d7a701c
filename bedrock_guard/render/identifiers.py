"""Where a text names an account, a person's session, an organization or a request: patterns, each of linear time. Pure.

AWS's own ids are found by their form (``o-…``, ``AROA…``, twelve digits), the others by what stands in front of them
(``assumed-role/ROLE/``, ``Request ID:``), also inside of JSON in a text and of URLs that are percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from types import MappingProxyType
from urllib.parse import unquote

__all__ = ["MASK", "Kind", "canonical", "field_kind", "is_word", "masked_by_form", "masked_by_place", "role_names"]

Mask = Callable[["Kind", str], str]
"""From a kind and an original to what stands in its place."""
Known = Callable[[str], "str | None"]
"""The mask of an original that was met before, if it was."""


class Kind(str, Enum):
    """What an identifier identifies; the word that its masks begin with."""

    ACCOUNT = "ACCOUNT"
    SESSION = "SESSION"
    PRINCIPAL_ID = "PRINCIPAL-ID"
    ACCESS_KEY = "ACCESS-KEY"
    EMAIL = "EMAIL"
    ORG = "ORG"
    ROOT = "ROOT"
    OU = "OU"
    REQUEST = "REQUEST"
    AUTHORIZATION = "AUTHORIZATION"
    ENCODED_MESSAGE = "ENCODED-MESSAGE"
    IP = "IP"
    UUID = "UUID"
    SECRET = "SECRET"  # noqa: S105 - the word of a mask


MASK = re.compile(rf"({'|'.join(kind.value for kind in Kind)})-[0-9]+")

# A slash as texts carry it: in JSON in JSON, and percent-encoded.
_SLASH = r"(?:\\{0,8}/|%2[Ff]|\\u002[Ff])"
_COLON = r"(?::|%3[Aa])"
# From a name to its value: `name: value`, `"name": ["value"`, `\"name\": \"value`, `name=value`, `<Name>value`.
_IS = r"""["'\\]{0,8}\s{0,40}[:=>]\s{0,40}["'\\\[]{0,8}"""
_NO_VALUE = r"(?!(?i:null|none|nil|undefined|unknown|true|false|n/a)\b)"
# An escape of JSON (\n) or a terminal's rendition (ESC [ 0 m) ends in a letter that belongs to no word.
_EDGE = r"(?:(?<![0-9A-Za-z])|(?<=\\[bfnrt])|(?<=%[23][0-9A-Fa-f])|(?<=[0-9;\[]m))"
_NOT_IN_ESCAPE = r"(?!(?<=\\)[bfnrt])"
# Source: model of sts:AssumeRole, RoleSessionName (botocore 1.44.5): [\w+=,.@-]*. A mark that ends a clause stays.
_NAME = r"(?:[\w+=,.@-]|%(?:40|2[BCDEbcde]|3[Dd]))*(?:[\w+=@-]|%(?:40|2[Bb]|3[Dd]))"
# What may stand before the @; not the quote, the slash and the equals sign, which stand around addresses in texts.
_MAILBOX = r"[\w.+&$#!~^*-]"
_ESCAPED = r"%2[BDEbde]"
_EMAIL = (
    rf"(?:(?<=\\[bfnrt])|(?<=%[0-9A-Fa-f]{{2}})(?<!{_ESCAPED})|(?<![\w.+&$#!~^*%-]){_NOT_IN_ESCAPE})"
    rf"(?P<id>(?:{_MAILBOX}|{_ESCAPED})+(?:@|%40)(?:[0-9A-Za-z-]+\.)+[A-Za-z]{{2,}}"
    # Whatever is glued to it belongs to it: an address would else begin in the middle of another.
    rf"(?:(?:{_MAILBOX}|@|%40|{_ESCAPED})*[\w])?)"
)
_HEX_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

# Source: IAM User Guide, reference_identifiers, "Understanding unique ID prefixes" (read 2026-11).
_UNIQUE = r"(?:ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|APKA|AROA|ASCA)"
_KEYS = r"(?:AKIA|ASIA)"


# The group `id` of each is an identifier of that kind. In the order of application: what is named as a whole (a
# session) before what may be a part of it (a mail address).
# Source of the ids of organizations: model of Organizations (botocore 1.44.5), OrganizationId, RootId,
# OrganizationalUnitId; of authorization ids: the message that carries one; of trace ids: X-Ray Developer Guide,
# "Tracing header" (read 2026-11).
_RULES: tuple[tuple[Kind, str], ...] = (
    (Kind.SECRET, r"(?<![0-9A-Za-z])(?P<id>(?:ABSK|bedrock-api-key-)[0-9A-Za-z+/=_-]{8,})"),
    (Kind.SECRET, r"(?i:bearer)\s{1,9}(?P<id>[0-9A-Za-z+/=_.~-]{16,})"),
    (
        Kind.SECRET,
        (
            r"(?i:secret[\s_-]?(?:access[\s_-]?)?key|(?:security|session)[\s_-]?token|x-amz-signature|signature=)"
            rf"(?:{_IS})?{_NO_VALUE}(?P<id>[0-9A-Za-z+/=_%-]{{16,}})"
        ),
    ),
    (Kind.SESSION, rf"assumed-role{_SLASH}[\w+=,.@:-]+{_SLASH}(?P<id>{_NAME})"),
    (Kind.SESSION, rf"federated-user{_SLASH}(?P<id>{_NAME})"),
    (Kind.SESSION, rf"(?<![0-9A-Z]){_UNIQUE}[0-9A-Z]{{4,}}{_COLON}(?P<id>{_NAME})"),
    (Kind.SESSION, rf"(?i:session[\s_]?name|source[\s_]?identity){_IS}{_NO_VALUE}(?P<id>{_NAME})"),
    (Kind.SESSION, rf"(?i:principal[\s_]?id|user[\s_]?id){_IS}[0-9]{{12}}{_COLON}(?P<id>{_NAME})"),
    (Kind.PRINCIPAL_ID, rf"(?<![0-9A-Z])(?P<id>{_UNIQUE}(?:[0-9A-Z]{{12,}}|[0-9A-Z]{{4,}}(?={_COLON}[\w+=@-])))"),
    (Kind.ACCESS_KEY, rf"(?<![0-9A-Z])(?P<id>{_KEYS}[0-9A-Z]{{12,}})"),
    (
        Kind.ENCODED_MESSAGE,
        rf"(?i:encoded[\s_]?(?:authorization\s)?(?:failure\s)?message){_IS}(?P<id>[0-9A-Za-z_-]{{20,}})",
    ),
    (Kind.AUTHORIZATION, rf"authorization-details{_SLASH}(?P<id>[0-9A-Za-z_-]+)"),
    (Kind.AUTHORIZATION, rf"(?i:authorization[\s_-]?id){_IS}{_NO_VALUE}(?P<id>[0-9A-Za-z_-]+)"),
    (Kind.REQUEST, rf"{_EDGE}(?P<id>1-[0-9a-f]{{8}}-[0-9a-f]{{24}})(?![0-9A-Za-z])"),
    (
        Kind.REQUEST,
        (
            rf"(?i:request[\s_-]?id|x-amz-id-2|x-amz-cf-id|host[_-]?id){_IS}"
            r"(?P<id>(?=[A-Za-z+/=_-]{0,128}[0-9])[0-9A-Za-z+/=_-]+)"
        ),
    ),
    (Kind.REQUEST, r"(?i:request[\s_-]?id)\s{1,40}(?P<id>(?=[A-Za-z_-]{0,128}[0-9])[0-9A-Za-z_-]{8,})"),
    (
        Kind.IP,
        rf"(?i:source[\s_]?ip(?:[\s_]?address)?){_IS}(?P<id>(?=[0-9A-Fa-f]*[.:])[0-9A-Fa-f.:]{{3,45}})(?![\w.:])",
    ),
    (Kind.ROOT, rf"o-[0-9a-z]{{10,32}}{_SLASH}(?P<id>r-[0-9a-z]{{4,32}})(?![0-9A-Za-z])"),
    (Kind.ROOT, r"(?<![\w./%-])(?P<id>r-(?=[a-z]*[0-9])[0-9a-z]{4,32})(?![\w-])"),
    (Kind.EMAIL, _EMAIL),
    (Kind.ORG, rf"{_EDGE}(?P<id>o-[0-9a-z]{{10,32}})(?![0-9A-Za-z])"),
    (Kind.OU, rf"{_EDGE}(?P<id>ou-[0-9a-z]{{4,32}}-[0-9a-z]{{8,32}})(?![0-9A-Za-z])"),
    (Kind.ACCOUNT, rf"(?i:account(?:[\s_-]?id)?)(?:{_IS}|\s{{1,40}})(?P<id>[0-9]{{12}})(?![0-9])"),
    (Kind.ACCOUNT, r"(?<=:)(?P<id>[0-9]{12})(?=:)"),
)


def masked_by_place(text: str, mask: Mask) -> str:
    """``text`` with a mask for all that its form or its place shows to be an identifier beyond doubt."""
    for kind, pattern in _compiled():
        text = pattern.sub(_with(kind, mask), text)
    return text


@cache
def _compiled() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    # Not at import: it takes ten milliseconds, and most guards mask nothing.
    return tuple((kind, re.compile(pattern)) for kind, pattern in _RULES)


def _with(kind: Kind, mask: Mask) -> Callable[[re.Match[str]], str]:
    def substitute(match: re.Match[str]) -> str:
        start, end = match.start("id") - match.start(), match.end("id") - match.start()
        whole = match[0]
        return f"{whole[:start]}{mask(kind, match['id'])}{whole[end:]}"

    return substitute


_TOKEN = re.compile(rf"(?:(?<=\\[nrt])|(?<![\w+=,.@%-]){_NOT_IN_ESCAPE})[\w+=,.@%-]+")
_PART = re.compile(r"[^=,]+")
_BARE = re.compile(
    rf"(?P<uuid>(?<![0-9a-fA-F-]){_HEX_UUID}(?![0-9a-fA-F-]))"
    # A digest or a number without end, in which twelve digits in a row mean nothing.
    r"|(?P<digest>(?<![0-9A-Za-z])[0-9a-f]{20,}(?![0-9A-Za-z]))"
    r"|(?P<account>(?<![0-9])[0-9]{12}(?![0-9]))"
    r"|(?P<dashed>(?<![0-9A-Za-z])(?<![0-9]-)[0-9]{4}-[0-9]{4}-[0-9]{4}(?![0-9])(?!-[0-9]))"
)
# 202611241002: a minute of this century, as names of jobs and files carry it.
_MINUTE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9]")


def masked_by_form(text: str, mask: Mask, known: Known) -> str:
    """``text`` with a mask for what is known from elsewhere, and for what looks like an account id or a request id.

    A UUID in an ARN or a path is left: it names a key or a job there. So is a compact time of twelve digits, unless it
    is known as an account.
    """
    return _BARE.sub(lambda match: _bare(match, mask, known), _TOKEN.sub(lambda match: _token(match, known), text))


def _token(match: re.Match[str], known: Known) -> str:
    token = match[0]
    masked = _name(token, known)
    if masked == token and ("=" in token or "," in token):
        return _PART.sub(lambda part: _name(part[0], known), token)
    return masked


def _name(text: str, known: Known) -> str:
    name = text.rstrip(".,")
    mask = None if is_word(name) else known(name)
    return text if mask is None else mask + text[len(name) :]


def _bare(match: re.Match[str], mask: Mask, known: Known) -> str:
    kind, found = match.lastgroup, match[0]
    if kind == "digest":
        return found
    if kind == "uuid":
        before = match.string[max(0, match.start() - 1) : match.start()]
        return known(found) or (found if before in ("/", ":") else mask(Kind.UUID, found))
    if kind == "account" and _MINUTE.fullmatch(found):
        return known(found) or found
    return mask(Kind.ACCOUNT, found)


# A name of this form, met without a sign that it is one, is as likely a word or a Region.
_WORD = re.compile(r"[A-Za-z-]*(?:-[0-9])?")
_SHORTEST = 8


def is_word(name: str) -> bool:
    """Whether a name could as well be a word, so that a text is not searched for it where nothing says what it is."""
    return len(name) < _SHORTEST or _WORD.fullmatch(name) is not None


_ROLES = re.compile(rf"(?:assumed-role|:role|\brole){_SLASH}(?P<path>[\w+=,.@/-]+)")


def role_names(text: str) -> Iterator[str]:
    """The names of the roles in a text: they stay readable, also where a session is called like its role."""
    for match in _ROLES.finditer(text):
        path = match["path"].split("/")
        yield path[0] if match[0].startswith("assumed-role") else path[-1]


def canonical(original: str, kind: Kind) -> str:
    """The one spelling of an identifier that can be written in several: percent-encoded, or an account with dashes."""
    plain = unquote(original) if "%" in original else original
    return plain.replace("-", "") if kind is Kind.ACCOUNT else plain


# By the name of a field in lower case without what parts its words.
_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "authorizationid": Kind.AUTHORIZATION,
        "awssourceidentity": Kind.SESSION,
        "awssourceip": Kind.IP,
        "rolesessionname": Kind.SESSION,
        "sessionname": Kind.SESSION,
        "sourceidentity": Kind.SESSION,
        "sourceipaddress": Kind.IP,
        "stsrolesessionname": Kind.SESSION,
        "stssourceidentity": Kind.SESSION,
        "xamzid2": Kind.REQUEST,
    }
)
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
# One identifier and nothing else: no policy variable, no wildcard, no sentence.
_WHOLE = re.compile(r"[\w+=,.@/:%-]{1,512}")


def field_kind(name: str, value: str) -> Kind | None:
    """What the value of a field is, where the field's name says so and the value is one identifier."""
    plain = _NO_LETTERS.sub("", name[:128].lower())
    kind = Kind.REQUEST if plain.endswith("requestid") else _FIELDS.get(plain)
    if kind is None and "account" in plain and re.fullmatch(r"[0-9]{12}", value):
        return Kind.ACCOUNT
    if kind is Kind.IP and not re.fullmatch(r"[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*", value):
        return None
    return kind if kind is not None and _WHOLE.fullmatch(value) else None
