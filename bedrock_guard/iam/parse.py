"""Policy documents read from text: a policy, or one error that lists everything that AWS would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from bedrock_guard.errors import Fault, InvalidPolicyError
from bedrock_guard.iam.grammar import KINDS_OF_IAM, check_document
from bedrock_guard.iam.json_tree import Kind, Node, Text, read_json
from bedrock_guard.iam.limits import SIZE_LIMITS
from bedrock_guard.iam.policy import (
    Condition,
    Effect,
    Policy,
    PolicyKind,
    Position,
    PrincipalEntry,
    Statement,
    Version,
)

__all__ = ["parse_policy"]

_NOT_IN_IAM = re.compile(r"[^\t\n\r\x20-\xff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WHITE_SPACE = re.compile(r"\s+")


def parse_policy(text: str, *, name: str, kind: PolicyKind = PolicyKind.INLINE) -> Policy:
    """The policy that ``text`` writes.

    Args:
        text: A JSON document, URL-encoded as IAM's API returns it or plain.
        name: What messages call the policy: its name, its ARN or its file.
        kind: Where the policy stands, which settles the elements it may have.

    Raises:
        InvalidPolicyError: AWS would refuse it; every fault is listed with line, column and what was expected.
            Positions are those in the decoded text.
    """
    source = Text(_decoded(text))
    _check_text(source, kind)
    root = None if source.faults else read_json(source)
    if root is not None:
        check_document(root, source, kind)
    if source.faults or root is None:
        raise InvalidPolicyError(faults=_all_faults(source), policy=name)
    return _policy(root, source, name, kind)


def _decoded(text: str) -> str:
    """``text`` without the URL encoding of IAM's API, where it has one; a JSON document never begins with ``%``."""
    if not text.lstrip().startswith("%"):
        return text
    return unquote(text.strip(), errors="replace")


def _check_text(source: Text, kind: PolicyKind) -> None:
    """Size and characters. Source: botocore's model of iam, type policyDocumentType, read 2026-11-24."""
    text = source.text
    limit = SIZE_LIMITS[kind]
    size = len(text) if limit.white_space else len(_WHITE_SPACE.sub("", text))
    if size > limit.characters:
        source.fault(0, f"{size:,} characters", f"at most {limit.characters:,} characters for {limit.of}")
    if text.startswith("\ufeff"):
        source.fault(0, "a byte order mark at the start of the text", "plain UTF-8")
        return
    wrong = (_NOT_IN_IAM if kind in KINDS_OF_IAM else _SURROGATE).search(text)
    if wrong is not None:
        expected = "characters up to U+00FF" if kind in KINDS_OF_IAM else "text that can be encoded"
        source.fault(wrong.start(), f"the character U+{ord(wrong.group()):04X}", expected)


def _all_faults(source: Text) -> list[Fault]:
    faults = sorted(source.faults, key=lambda fault: (fault.line, fault.column))
    if source.skipped:
        last = faults[-1]
        faults.append(Fault(f"{source.skipped:,} further faults are not shown", last.line, last.column))
    return faults


def _policy(root: Node, source: Text, name: str, kind: PolicyKind) -> Policy:
    elements = {key.text: value for key, value in root.members}
    version = elements.get("Version")
    id_ = elements.get("Id")
    return Policy(
        name=name,
        kind=kind,
        version=Version.V2008 if version is None else Version(version.text),
        id=None if id_ is None else id_.text,
        statements=tuple(_statements(elements["Statement"], source)),
        text=source.text,
    )


def _statements(node: Node, source: Text) -> Iterator[Statement]:
    nodes = node.items if node.kind is Kind.ARRAY else [node]
    # IAM counts from where its reader stood before the statement: see Statement.
    before = source.position(node.start + 1)
    for index, statement in enumerate(nodes):
        after = source.position(statement.end)
        yield _statement(statement, source, index, before, after)
        before = after


def _statement(node: Node, source: Text, index: int, aws_start: Position, aws_end: Position) -> Statement:
    elements = {key.text: value for key, value in node.members}
    sid = elements.get("Sid")
    return Statement(
        effect=Effect(elements["Effect"].text),
        sid=None if sid is None else sid.text,
        actions=_texts(elements.get("Action")),
        not_actions=_texts(elements.get("NotAction")),
        resources=_texts(elements.get("Resource")),
        not_resources=_texts(elements.get("NotResource")),
        principals=_principals(elements.get("Principal")),
        not_principals=_principals(elements.get("NotPrincipal")),
        conditions=tuple(_conditions(elements.get("Condition"))),
        start=source.position(node.start),
        end=source.position(node.end - 1),
        aws_start=aws_start,
        aws_end=aws_end,
        index=index,
    )


def _texts(node: Node | None) -> tuple[str, ...] | None:
    if node is None:
        return None
    if node.kind is Kind.ARRAY:
        return tuple(item.text for item in node.items)
    return (node.text,)


def _principals(node: Node | None) -> tuple[PrincipalEntry, ...] | None:
    if node is None:
        return None
    if node.kind is Kind.STRING:
        return (PrincipalEntry("*", node.text),)
    return tuple(PrincipalEntry(type_.text, value) for type_, values in node.members for value in _texts(values) or ())


def _conditions(node: Node | None) -> Iterator[Condition]:
    for operator, keys in node.members if node is not None else ():
        for key, values in keys.members:
            yield Condition(operator.text, key.text, _texts(values) or ())
