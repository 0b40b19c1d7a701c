"""Notes the Bedrock calls of the process that it runs in. It stands alone: the standard library of any Python that
botocore supports, since the program may have another Python and other packages than ``bedrock-guard``.

Each process appends lines of JSON to a file of its own in the folder that _BEDROCK_GUARD_RECORD names:

    {"python": "3.13.0"}                                        the process is seen
    {"botocore": "1.44.5"}                                      and has loaded botocore
    {"id": 0, "operation": "bedrock-runtime:Converse",          a call that is unlike all before
     "region": "us-east-1", "parameters": {…}}
    {"call": 0, "outcome": "", "who": "5f1c…"}                  it was made and ended so: an error's code, or nothing
    {"call": 0, "outcome": "AccessDeniedException", "denied": "User: … is not authorized to perform: …"}
    {"who": "5f1c…", "arn": "arn:aws:sts::…"}                   what STS says of credentials
    {"lost": 2}                                                 notes that could not be taken

Of the parameters just those members are written that the plan in the folder names. Of credentials nothing is: ``who``
is a salted digest of the id of an access key, by which two calls are known to be the same caller's.

Nothing here may hurt the program: no lock is held, no file stays open, and a note that fails is counted and forgotten.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Callable
from typing import Any

__all__ = ["begin"]

_MARK = "bedrock_guard_recorder"
_LONGEST_TEXT = 2048
"""Characters; an ARN has no more."""
_LONGEST_LINE = 65_536
_MOST_NOTES = 20_000
"""Different calls of one process; those after them are counted as lost."""
_DENIED = ("accessdenied", "unauthorized", "notauthorized", "forbidden")
_STAND_IN = "(not recorded)"


def begin(botocore: Any, folder: str) -> None:
    """Has every session of botocore from now on tell of its calls; those of aiobotocore are such sessions too.

    Args:
        botocore: The module.
        folder: Where the plan is and the lines go.
    """
    recorder = _Recorder(folder)
    recorder.write({"botocore": str(getattr(botocore, "__version__", ""))})
    botocore.register_initializer(recorder.attach)


class _Process:
    """What one process has noted. A forked child has another one."""

    def __init__(self, folder: str, pid: int) -> None:
        self.path = f"{folder}/{pid}-{os.urandom(4).hex()}.jsonl"
        self.numbers = itertools.count()
        self.known: dict[str, int] = {}


class _Recorder:
    """Turns botocore's events into lines.

    Args:
        folder: Where the plan is and the lines go.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._processes: dict[int, _Process] = {}
        self._lost: list[int] = []
        self._plan: Any = None
        self._digests: dict[str, str] = {}

    # -- botocore's hooks ----------------------------------------------------------------------------------------

    def attach(self, session: Any) -> None:
        """Registers with a session's events; whatever is wrong with that is no matter of the program's."""
        self._safely(self._attach)(session)

    def _attach(self, session: Any) -> None:
        events = session.get_component("event_emitter")
        for service in self._plan_of("services"):
            events.register_last(f"before-parameter-build.{service}", self._safely(self._begins))
            events.register_last(f"before-call.{service}", self._safely(self._sent))
            events.register_last(f"request-created.{service}", self._safely(self._signed))
            events.register_first(f"after-call.{service}", self._safely(self._answered))
            events.register_first(f"after-call-error.{service}", self._safely(self._failed))
        events.register_last("request-created.sts", self._safely(self._signed))
        events.register_first("after-call.sts", self._safely(self._told_who))

    def _safely(self, then: Callable[..., None]) -> Callable[..., None]:
        def handler(*values: Any, **named: Any) -> None:
            try:
                then(*values, **named)
            except Exception:  # noqa: BLE001 - the program's call goes on
                self._lost.append(1)

        return handler

    def _begins(self, params: Any = None, model: Any = None, context: Any = None, **_: Any) -> None:
        name = f"{model.service_model.service_name}:{model.name}"
        call: dict[str, Any] = {"operation": name, "region": context.get("client_region") or "", "parameters": {}}
        context[_MARK] = {"call": call, "who": ""}
        try:
            call["parameters"] = _kept(params, self._plan_of("operations").get(name) or {}) or {}
        except Exception:  # noqa: BLE001 - the call is noted without them
            call["cut"] = True

    def _sent(self, context: Any = None, **_: Any) -> None:
        if _MARK in context:
            context[_MARK]["number"] = self._number(context[_MARK]["call"])

    def _signed(self, request: Any = None, **_: Any) -> None:
        kind, key = _signature(request.headers.get("Authorization"))
        request.context.setdefault(_MARK, {})["who"] = self._digest(key) if kind == "key" else kind

    def _answered(self, parsed: Any = None, context: Any = None, **_: Any) -> None:
        error = parsed.get("Error") if isinstance(parsed, dict) else None
        if error:
            self._ended(context, str(error.get("Code") or "Unknown"), str(error.get("Message") or ""))
        else:
            self._ended(context, "", "")

    def _failed(self, exception: Any = None, context: Any = None, **_: Any) -> None:
        self._ended(context, type(exception).__name__, "")

    def _ended(self, context: Any, outcome: str, message: str) -> None:
        noted = context.pop(_MARK, None)
        if not noted or "call" not in noted:
            return
        number = noted.get("number")
        # Under a Stubber nothing is sent.
        line = {"call": self._number(noted["call"]) if number is None else number, "outcome": outcome[:_LONGEST_TEXT]}
        if noted["who"]:
            line["who"] = noted["who"]
        if any(word in outcome.lower().replace("_", "") for word in _DENIED):
            line["denied"] = message[:_LONGEST_TEXT]
        self.write(line)

    def _told_who(self, parsed: Any = None, model: Any = None, context: Any = None, **_: Any) -> None:
        if model.name == "GetCallerIdentity" and parsed.get("Account"):
            who, arn = (context.get(_MARK) or {}).get("who"), parsed.get("Arn")
        elif "AssumedRoleUser" in parsed and "Credentials" in parsed:
            who = self._digest(parsed["Credentials"]["AccessKeyId"])
            arn = parsed["AssumedRoleUser"]["Arn"]
        else:
            return
        if who and isinstance(arn, str):
            self.write({"who": who, "arn": arn[:_LONGEST_TEXT]})

    # -- what is written -----------------------------------------------------------------------------------------

    def _number(self, call: dict[str, Any]) -> int:
        """The number of this call in the process's file; the first of its kind is written down."""
        process = self._process()
        known = process.known
        text = json.dumps(call, sort_keys=True)
        if len(text) > _LONGEST_LINE:
            text = json.dumps(dict(call, parameters={}, cut=True), sort_keys=True)
        if text not in known:
            if len(known) >= _MOST_NOTES:
                raise OverflowError("too many different calls")
            number = next(process.numbers)
            # Of two threads with the same call one wins; the other's number is never used.
            if known.setdefault(text, number) == number:
                self.write(dict(json.loads(text), id=number))
        return known[text]

    def write(self, line: dict[str, Any]) -> None:
        """Appends a line to the process's file, and one on what was lost before it.

        It is written at once and whole, and the file does not stay open: the program may close whatever files it finds,
        fork or be killed.
        """
        lost = len(self._lost)
        lines = [line, {"lost": lost}] if lost else [line]
        text = "".join(json.dumps(one) + "\n" for one in lines)
        try:
            file = os.open(self._process().path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, text.encode("ascii"))
            finally:
                os.close(file)
        except OSError:
            self._lost.append(1)
            return
        del self._lost[:lost]

    def _process(self) -> _Process:
        pid = os.getpid()
        found = self._processes.get(pid)
        return self._processes.setdefault(pid, _Process(self._folder, pid)) if found is None else found

    def _plan_of(self, part: str) -> Any:
        if self._plan is None:
            with open(f"{self._folder}/plan.json", encoding="utf-8") as file:  # noqa: PTH123 - a text
                self._plan = json.load(file)
        return self._plan[part]

    def _digest(self, key: str) -> str:
        if key not in self._digests:
            self._digests[key] = hashlib.sha256(f"{self._plan_of('salt')}{key}".encode()).hexdigest()[:16]
        return self._digests[key]


def _signature(header: Any) -> tuple[str, str]:
    """``("key", id of the access key)``, or ``("bearer", "")`` for an API key, or two empty texts."""
    if isinstance(header, bytes):
        header = header.decode("ascii", "replace")
    if not isinstance(header, str):
        return "", ""
    if header.startswith("Bearer "):
        return "bearer", ""
    begin = header.find("Credential=")
    return ("key", header[begin + 11 :].partition("/")[0]) if begin >= 0 else ("", "")


# -- what of the parameters is kept: a plan is a tree of the members that are looked at --------------------------------
#
#     {"modelId": {"": "text"}, "messages": {"[]": {"content": {…}}}}
#
#     ""     what of a value is kept: "text" itself, "there" that it is there, "all" of it (tags), the members of "s3",
#            "json": the value is a text of JSON, of which the members below are kept
#     "[]"   of each entry of a list


def _kept(value: Any, plan: dict[str, Any]) -> Any:
    """What of ``value`` is kept by ``plan``; None for nothing."""
    how = plan.get("", "")
    if how == "json":
        return _of_json(value, plan)
    if how == "all":
        return _plain(value)
    if how == "s3" and isinstance(value, dict):
        return {name: text for name, text in value.items() if name in _S3_NAMES and _is_text(text)} or None
    inside = _inside(value, plan)
    if inside is not None:
        return inside
    if how == "text" and _is_text(value):
        return value
    return _masked(value) if how == "there" else None


def _inside(value: Any, plan: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        members = {name: _kept(value[name], plan[name]) for name in plan if name not in ("", "[]") and name in value}
        return {name: one for name, one in members.items() if one is not None} or None
    entries: list[Any] = []
    if isinstance(value, (list, tuple)) and "[]" in plan:
        for entry in value:
            one = _kept(entry, plan["[]"])
            # Where an entry stands says nothing of what it needs.
            if one is not None and one not in entries:
                entries.append(one)
    return entries or None


_S3_NAMES = ("bucket", "bucketName", "s3BucketName", "key", "s3ObjectKey", "prefix", "keyPrefix")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT


def _masked(value: Any) -> Any:
    """A value of the same form that says nothing but that it is there; None for what counts as not given."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return 1
    if isinstance(value, dict):
        return next(({name: one} for name, one in _each(value, _masked) if one is not None), None)
    if isinstance(value, (list, tuple)):
        return [one for one in map(_masked, value[:5]) if one is not None] or None
    return _STAND_IN if value else None


def _plain(value: Any) -> Any:
    """Tags, as they are."""
    if isinstance(value, dict):
        return {str(name): one for name, one in _each(value, _plain) if one is not None} or None
    if isinstance(value, (list, tuple)):
        return [one for one in map(_plain, value) if one is not None] or None
    return value if isinstance(value, str) and len(value) <= _LONGEST_TEXT else None


def _each(value: dict[Any, Any], make: Callable[[Any], Any]) -> Any:
    return ((name, make(one)) for name, one in value.items())


def _of_json(value: Any, plan: dict[str, Any]) -> Any:
    if not isinstance(value, (str, bytes, bytearray)) or not value:
        return None
    # A body holds images too: it is parsed only where it has the names of what is looked for.
    if not any(all(_has(value, name) for name in names) for names in _paths(plan)):
        return None
    try:
        kept = _inside(json.loads(value), plan)
    except (ValueError, RecursionError):
        return None
    return json.dumps(kept, sort_keys=True) if kept is not None else None


def _has(value: Any, name: str) -> bool:
    return name in value if isinstance(value, str) else name.encode() in value


def _paths(plan: dict[str, Any]) -> list[list[str]]:
    """The names on each way down the plan."""
    below = [(name, part) for name, part in plan.items() if name]
    if not below:
        return [[]]
    return [([] if name == "[]" else [name]) + rest for name, part in below for rest in _paths(part)]
