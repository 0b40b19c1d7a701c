"""Where the resource of IAM's sentence ends: dots, colons, commas and spaces may be in it, a full stop behind it."""

from __future__ import annotations

import re

from bedrock_guard.bedrock.kinds import kinds_of

__all__ = ["after_arn", "is_whole", "read_resource"]

_END = re.compile(
    r"\"|'(?=[\s,;.)}\]>]|\Z)|</|\s?\(Service:|\.?\s\[?Go to https?:|\s\((?:Request ?ID|SDK Attempt|Error Code)|\s->|\n"
)
_NAMED = re.compile(r"(?:role|user|group|policy|instance profile|server certificate|mfa device) [\w+=,.@/-]{1,512}")
_ARN = re.compile(r"arn:[\w-]{1,32}:([\w-]{1,63}):")
_SENTENCE_END = re.compile(
    r"[.;!]\s|,?\s(?:while|when|during|at|after)\s|\s[(\[{|]|,\s(?:retry|retrying|request|code|status)"
)
_JOINED = re.compile(r"\n(\S{1,512})(?=\s|\Z)")

_WITH_SPACES = frozenset({"s3", "s3express", "s3-outposts", "s3-object-lambda"})
"""Services whose ARNs may hold spaces, as object keys do; assumed for all others that none does."""

_TYPE_ALONE = re.compile(r"[\w-]+[/:]", re.ASCII)
_WITH_IDS = frozenset({"bedrock", "bedrock-agentcore", "bedrock-mantle"})
"""Services none of whose ARNs ends in an empty id."""

_QUOTED_LIMIT = 2500
_BEHIND_LIMIT = 8


def read_resource(text: str, start: int, limit: int, clause: int | None) -> tuple[str | None, int, bool]:
    """The resource that begins at ``start``, where it ends, and whether the clause that starts at ``clause`` follows.

    None for an empty resource and for one that was cut ("arn:aws:bedrock:us-ea…"): half a name is not a name.
    """
    if clause is not None and clause <= start:
        return None, start, True
    quoted = _quoted(text, start, limit)
    if quoted is not None:
        end = quoted[1]
        return quoted[0], end, clause is not None and clause - end <= 2
    stop = _END.search(text, start, limit)
    end = stop.start() if stop else limit
    if clause is not None and clause <= end:
        return _cleaned(text[start:clause]), clause, True
    if clause is not None and stop is not None and stop[0] == "\n":
        joined = _unwrapped(text[start:clause])
        if joined is not None:
            return _cleaned(joined), clause, True
    return _without_clause(text, start, end, limit)


def after_arn(text: str, start: int, end: int, limit: int) -> tuple[str, int]:
    """The ARN at ``text[start:end]``, joined with the next line where a line was broken behind a hyphen."""
    arn = text[start:end]
    while arn.endswith("-"):
        rest = _JOINED.match(text, end, limit)
        if rest is None:
            break
        arn, end = arn + rest[1], rest.end()
    return arn, end


def is_whole(resource: str) -> bool:
    """Whether a resource reaches to its id: an ARN such as ``…:foundation-mo`` was cut, ``…:guardrail/`` has none.

    True for what is no ARN, and for one of a kind that is not known.
    """
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or not parts[5]:
        return True
    service, name = parts[2], parts[5]
    if name.endswith(("/", ":")):
        return service not in _WITH_IDS and (service in _WITH_SPACES or _TYPE_ALONE.fullmatch(name) is None)
    forms = (form.split(":", 5)[5] for kind in kinds_of(service) for form in kind.arn.split(", "))
    return not any("${" in form and form.partition("${")[0].startswith(name) for form in forms)


def _quoted(text: str, start: int, limit: int) -> tuple[str, int] | None:
    if text[start : start + 1] not in ('"', "'"):
        return None
    close = text.find(text[start], start + 1, min(limit, start + _QUOTED_LIMIT))
    inside = text[start + 1 : close]
    if close < 0 or "\n" in inside or not inside.strip() or inside[0] in ",}] ":
        return None
    return inside, close + 1


def _unwrapped(piece: str) -> str | None:
    """The resource of a sentence that was broken into lines; None where the lines are more than that."""
    lines = piece.split("\n")
    if not piece.startswith("arn:"):
        return " ".join(lines) if len(lines) == 2 and len(piece) < 100 else None
    if len(lines) > 40 or any(" " in line.strip() or '"' in line for line in lines):
        return None
    return "".join(line.strip() for line in lines)


def _without_clause(text: str, start: int, end: int, limit: int) -> tuple[str | None, int, bool]:
    piece = text[start:end]
    arn = _ARN.match(piece)
    named = _NAMED.match(piece)
    if piece.startswith("*"):
        size = 1
    elif arn is not None and arn[1] not in _WITH_SPACES:
        size = len(piece.split(None, 1)[0])
        if size == len(piece):
            whole, end = after_arn(text, start, end, limit)
            return _cleaned(whole), end, False
    elif named is not None:
        size = named.end()
    else:
        sentence = _SENTENCE_END.search(piece)
        size = sentence.start() if sentence else len(piece)
    return _cleaned(piece[:size]), start + size, False


def _cleaned(piece: str) -> str | None:
    name = piece.strip()
    if name.startswith("**") and name.endswith("**") and len(name) > 4:
        name = name[2:-2]
    if name.endswith(("…", "...", "[truncated]", "<truncated>")):
        return None
    if name[:1] in ('"', "'") and name[-1:] == name[:1] and len(name) > 2:
        name = name[1:-1]
    shorter = name.rstrip("\"'")
    for _ in range(_BEHIND_LIMIT):
        if shorter[-1:] not in (".", ",", ";") and not _unopened(shorter):
            break
        shorter = shorter[:-1]
    return shorter or None


def _unopened(name: str) -> bool:
    pairs = {")": "(", "]": "[", "}": "{"}
    last = name[-1:]
    return last in pairs and name.count(last) > name.count(pairs[last])
