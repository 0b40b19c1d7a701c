"""What is written is read back, and every key and value is found where it stands, in whatever style it was written."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bedrock_guard.configuration import Settings, dumps, loads
from bedrock_guard.configuration.positions import KeyPath, Positions
from bedrock_guard.configuration.toml import parsed

# Left out: surrogates, which no UTF-8 text holds.
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_KEY = st.one_of(st.sampled_from(["a", "b", "a.b", "0", "", '"', "x y", "tool", "é", "\n"]), _TEXT)
_ZONE = st.one_of(st.none(), st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))))
_LEAF = st.one_of(
    _TEXT,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.dates(),
    st.times(),
    st.datetimes(timezones=_ZONE),
)
_TREE = st.dictionaries(
    _KEY,
    st.recursive(
        _LEAF,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEY, inner, max_size=4)),
        max_leaves=12,
    ),
    max_size=5,
)


class TestWriting:
    """``dumps`` writes TOML that says what it was given."""

    @given(_TREE.filter(bool))
    def test_any_parameters_are_read_back_by_the_parser(self, parameters: dict[str, Any]) -> None:
        text = dumps(Settings(requests=(("x", parameters),)), table=("tool", "a.b"))
        read = parsed(text)["tool"]["a.b"]["requests"]
        assert read == [{"operation": "x", "parameters": parameters}]
        assert _types(read[0]["parameters"]) == _types(parameters), "1 is not true, and no 1.0"

    @given(st.data())
    def test_settings_are_read_back_as_they_were_and_written_the_same_again(self, data: st.DataObject) -> None:
        settings = data.draw(_SETTINGS)
        text = dumps(settings)
        assert loads(text) == settings
        assert dumps(loads(text)) == text

    @given(st.data())
    def test_the_order_of_a_context_makes_no_difference(self, data: st.DataObject) -> None:
        context = data.draw(_CONTEXT)
        assert dumps(Settings(context=context)) == dumps(Settings(context=dict(reversed(context.items()))))


class TestPositions:
    """Each key and each value is found at the offset at which an independent writer put it."""

    @given(_TREE, st.randoms(use_true_random=False))
    @example({"a": {"b": {"c": 1}}, "d": [{"e": [{"f": 2}]}]}, random.Random(1))  # noqa: S311 - a style, and no secret
    def test_all_are_found(self, data: dict[str, Any], style: random.Random) -> None:
        written = _Writer(style)
        written.table(data, (), ())
        text = written.text
        assert parsed(text) == data, "the writer of this test writes TOML"
        positions = Positions(text)
        assert {path: positions.of_key(path) for path in written.keys} == written.keys, text
        assert {path: positions.of_value(path) for path in written.values} == written.values, text

    @example('"""\\x""" = 1')
    @given(st.text(alphabet="[]{}\"'=.,#\\ \nab1", max_size=60))
    def test_no_text_makes_it_raise_or_point_outside(self, text: str) -> None:
        """It is given what the parser took; were the two ever to differ, a fault is still to be told somewhere."""
        positions = Positions(text)
        assert 0 <= positions.of_key(("a", 0, "b")) <= len(text)
        assert 0 <= positions.of_value(("a", "b")) <= len(text)


# -- settings that a guard takes ---------------------------------------------------------------------------------------

_ARN = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"
_NAMED_ACTIONS = st.sampled_from(["bedrock:ListGuardrails", ("bedrock:Retrieve", _ARN), "bedrock:InvokeModel"])
_CONTEXT = st.dictionaries(
    st.sampled_from(["aws:SourceVpce", "aws:TagKeys", "aws:PrincipalTag/a b.c", "aws:userid"]),
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3).map(tuple),
)
_JSON = st.recursive(
    st.one_of(_TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEY, inner, max_size=3)),
    max_leaves=8,
)
_REQUEST = st.dictionaries(_KEY, _JSON, max_size=3).map(
    lambda fields: ("converse", {"modelId": "amazon.nova-lite-v1:0", "additionalModelRequestFields": fields})
)


def _or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


_SETTINGS = st.builds(
    Settings,
    models=_or_none(st.lists(st.sampled_from(["amazon.nova-lite-v1:0", "us.amazon.nova-pro-v1:0"])).map(tuple)),
    actions=_or_none(st.lists(_NAMED_ACTIONS, max_size=3).map(tuple)),
    requests=_or_none(st.lists(_REQUEST, max_size=2).map(tuple)),
    region=_or_none(st.just("us-east-1")),
    context=_or_none(_CONTEXT),
    evaluators=_or_none(st.just(("offline", "simulator"))),
    budget_seconds=_or_none(st.floats(min_value=0, exclude_min=True, allow_infinity=False)),
    on_unverified=_or_none(st.sampled_from(["warn", "raise", "ignore"])),
    redact=_or_none(st.booleans()),
)


def _types(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _types(one) for key, one in value.items()}
    return [_types(one) for one in value] if isinstance(value, list) else type(value)


# -- the writer of the positions' test ---------------------------------------------------------------------------------


class _Writer:
    """Writes TOML in styles drawn at random, and notes where it puts what."""

    def __init__(self, style: random.Random) -> None:
        self.style = style
        self.text = ""
        self.keys: dict[KeyPath, int] = {}
        self.values: dict[KeyPath, int] = {}

    def table(self, data: Mapping[str, Any], path: KeyPath, header: tuple[str, ...]) -> None:
        """The pairs of a table, then the tables in it that get headers of their own."""
        later: list[str] = []
        for key, value in data.items():
            if self.style.random() < 0.5 and (isinstance(value, dict) or _is_tables(value)):
                later.append(key)
            else:
                self.pair(key, value, path)
                self.line_end()
        for key in later:
            value = data[key]
            names = (*header, key)
            if isinstance(value, dict):
                self.header(names, (*path, key), "[", "]")
                self.table(value, (*path, key), names)
            for index, one in enumerate(value if isinstance(value, list) else ()):
                self.header(names, (*path, key, index), "[[", "]]")
                self.table(one, (*path, key, index), names)

    def header(self, names: tuple[str, ...], path: KeyPath, opening: str, closing: str) -> None:
        self.blank()
        self.text += opening
        parts = iter(path)
        so_far: KeyPath = ()
        for number, name in enumerate(names):
            self.text += self.space() + ("." + self.space() if number else "")
            so_far = (*so_far, next(parts))
            self.note_table(so_far)
            index = next((part for part in path[len(so_far) : len(so_far) + 1] if isinstance(part, int)), None)
            if index is not None:
                so_far = (*so_far, next(parts))
                self.values.setdefault(so_far, len(self.text))
            self.text += self.key(name)
        self.text += self.space() + closing
        self.line_end()

    def note_table(self, path: KeyPath) -> None:
        self.keys.setdefault(path, len(self.text))
        self.values.setdefault(path, len(self.text))

    def pair(self, key: str, value: Any, path: KeyPath) -> None:
        here = (*path, key)
        self.text += self.space()
        self.note_table(here)
        self.text += self.key(key)
        if isinstance(value, dict) and len(value) == 1 and self.style.random() < 0.5:
            self.text += self.space() + "."
            [(inner, below)] = value.items()
            self.pair(inner, below, here)
            return
        self.text += self.space() + "=" + self.space()
        self.value(value, here)

    def value(self, value: Any, path: KeyPath) -> None:
        self.values[path] = len(self.text)
        if isinstance(value, dict):
            self.text += "{" + self.space()
            for number, (key, one) in enumerate(value.items()):
                self.text += "," + self.space() if number else ""
                self.pair(key, one, path)
            self.text += self.space() + "}"
        elif isinstance(value, list):
            self.text += "["
            for index, one in enumerate(value):
                self.blank()
                self.value(one, (*path, index))
                self.blank()
                self.text += "," if index < len(value) - 1 or self.style.random() < 0.5 else ""
            self.blank()
            self.text += "]"
        else:
            self.text += self.leaf(value)

    def leaf(self, value: Any) -> str:
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (date, time, datetime)):
            return value.isoformat(*([" "] if isinstance(value, datetime) and self.style.random() < 0.5 else []))
        return repr(value)

    def key(self, name: str) -> str:
        if re.fullmatch(r"[A-Za-z0-9_-]+", name) and self.style.random() < 0.7:
            return name
        if name.isprintable() and "'" not in name and self.style.random() < 0.5:
            return f"'{name}'"
        return _basic(name)

    def string(self, value: str) -> str:
        kind = self.style.randrange(4)
        plain = value.isprintable()
        if kind == 0 and plain and "'" not in value:
            return f"'{value}'"
        if kind == 1 and plain and "''" not in value and not value.endswith("'"):
            return f"'''\n{value}'''"
        if kind == 2:
            # Quotes may stand alone in a text of several lines, and up to two of them before its end.
            inner = _basic(value)[1:-1].replace("\\n", "\n").replace('\\"', '"' if '""' not in value else '\\"')
            return (
                f'"""\n{inner}"""' if not re.search(r'\\\n|"""', inner) and not inner.endswith("\\") else _basic(value)
            )
        return _basic(value)

    def space(self) -> str:
        return self.style.choice(["", "", " ", "\t", "  "])

    def blank(self) -> None:
        self.text += self.style.choice(["", "", " ", "\n", "\n  ", " # a = ']' \"\n", "\n\n\t"])

    def line_end(self) -> None:
        self.text += self.space() + self.style.choice(["\n", "\n", "\n\n", "# [b] = '\n", "\n # x\n"])


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _basic(text: str) -> str:
    """A string of TOML in double quotes; JSON's escapes are TOML's, but for those of a character in two halves."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(f"\\u{ord(one):04X}" if ord(one) in (*range(0x20), 0x7F) else one for one in quoted)
