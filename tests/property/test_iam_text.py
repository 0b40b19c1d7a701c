"""Reading and writing: nothing is lost, nothing but InvalidPolicyError is raised, patterns match as they should."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_guard.errors import Fault, InvalidPolicyError
from bedrock_guard.iam.json_tree import Kind, Node, Text, read_json
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.iam.wildcard import matches
from bedrock_guard.iam.write import policy_to_dict, write_policy
from tests.iam import strategies
from tests.iam.build import Document

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)
_SPACES = st.sampled_from([None, 0, 1, 4])
_PATTERN = st.text(alphabet="ab*?", max_size=8)
_SURROGATE = re.compile("[\ud800-\udfff]")


class TestPolicies:
    """A policy document is read whole."""

    @given(strategies.documents(), _SPACES)
    def test_written_and_read_again_it_says_the_same(self, document: Document, indent: int | None) -> None:
        """Parsing what was written gives equal statements, and writing those gives the same text."""
        made = parse_policy(json.dumps(document, indent=indent), name="p", kind=PolicyKind.INPUT)
        written = write_policy(made)
        again = parse_policy(written, name="p", kind=PolicyKind.INPUT)
        assert policy_to_dict(again) == policy_to_dict(made)
        assert write_policy(again) == written
        assert len(made.statements) == len(document["Statement"])

    @given(strategies.documents(), _SPACES)
    def test_positions_cut_the_statements_out_of_the_text(self, document: Document, indent: int | None) -> None:
        """The text from start to end is the statement, as JSON."""
        text = json.dumps(document, indent=indent)
        lines = text.splitlines(keepends=True)
        for statement, given_ in zip(
            parse_policy(text, name="p", kind=PolicyKind.INPUT), document["Statement"], strict=True
        ):
            first = sum(map(len, lines[: statement.start.line - 1])) + statement.start.column - 1
            last = sum(map(len, lines[: statement.end.line - 1])) + statement.end.column
            assert json.loads(text[first:last]) == given_

    @given(strategies.documents())
    def test_the_encoding_of_iam_changes_nothing(self, document: Document) -> None:
        """URL-encoded or not, it is the same policy."""
        text = json.dumps(document, indent=2)
        plain = parse_policy(text, name="p", kind=PolicyKind.INPUT)
        assert parse_policy(quote(text, safe=""), name="p", kind=PolicyKind.INPUT) == plain

    @given(st.text() | _JSON.map(json.dumps), st.sampled_from(PolicyKind))
    def test_any_text_is_a_policy_or_an_invalid_one(self, text: str, kind: PolicyKind) -> None:
        """No other error, and every fault has a place within the text."""
        for fault in _faults(text, kind):
            assert fault.line >= 1
            assert 1 <= fault.column <= len(fault.source_line) + 1

    @given(strategies.documents(), st.data())
    def test_a_text_cut_short_or_changed_is_never_another_error(self, document: Document, data: st.DataObject) -> None:
        """Whatever is cut out of a document or put into it."""
        text = json.dumps(document)
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, len(text)))
        inserted = data.draw(st.sampled_from(["", ",", "}", '"', "null", "[", "{", "\\", "\ud800", "\n", "1e5"]))
        changed = text[:at] + inserted + text[until:]
        assert all(fault.message for fault in _faults(changed, PolicyKind.INPUT))


def _faults(text: str, kind: PolicyKind) -> tuple[Fault, ...]:
    """The faults of a text; none if it is a policy."""
    try:
        parse_policy(text, name="p", kind=kind)
    except InvalidPolicyError as error:
        return error.faults
    return ()


class TestJson:
    """The reader of JSON with positions reads what Python's reads."""

    @given(_JSON, _SPACES, st.booleans())
    def test_reads_what_json_loads_reads(self, value: object, indent: int | None, ascii_only: bool) -> None:
        """The same value, from any layout; strings with half a surrogate pair are faults."""
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
        source = Text(text)
        root = read_json(source)
        assert root is not None
        if not _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
            assert source.faults == []
            assert _plain(root) == json.loads(text)

    @given(st.text(alphabet='{}[]:,"\\ \n01eE+-.truefalsn', max_size=30))
    def test_refuses_what_json_loads_refuses(self, text: str) -> None:
        """A text that is no JSON has a fault, a text that is JSON has none; repeated names are another matter."""
        source = Text(text)
        root = read_json(source)
        try:
            json.loads(text, parse_constant=_refuse)
        except ValueError:
            assert source.faults
        else:
            assert source.faults == []
            assert root is not None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _plain(node: Node) -> object:
    if node.kind is Kind.OBJECT:
        return {key.text: _plain(value) for key, value in node.members}
    if node.kind is Kind.ARRAY:
        return [_plain(item) for item in node.items]
    return node.text if node.kind is Kind.STRING else json.loads(node.text)


class TestWildcards:
    """Matching in linear time matches what backtracking matches."""

    @settings(max_examples=1_000)
    @given(_PATTERN, st.text(alphabet="ab", max_size=8))
    def test_as_a_regular_expression_would(self, pattern: str, text: str) -> None:
        """A star is ``.*``, a question mark is ``.``."""
        regex = "".join({"*": ".*", "?": "."}.get(character, character) for character in pattern)
        assert matches(pattern, text) is (re.fullmatch(regex, text) is not None)

    @given(st.text(max_size=20))
    def test_a_text_without_wildcards_matches_itself_alone(self, text: str) -> None:
        """And a star matches everything."""
        assert matches("*", text)
        if not {"*", "?"} & set(text):
            assert matches(text, text)
            assert not matches(text, text + "x")
